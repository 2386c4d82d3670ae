/* match - see match.h. */
#include "pprof/match.h"

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"

/* Each character of an expression makes at most two states. */
#define STATES	(2 * GB_MATCH_LONGEST + 2)
#define NESTING 100

enum op { SET, SPLIT, JUMP, DONE };

struct state {
	enum op op;
	uint16_t x, y; /* where SPLIT and JUMP lead */
	unsigned char set[32];
};

struct list {
	uint16_t n, v[STATES];
};

struct gb_match {
	uint16_t n;
	struct state states[STATES];
	struct list now, next;
	uint32_t marks[STATES], mark;
};

struct parser {
	struct gb_match *m;
	const char *p;
	int depth;
};

static struct state *emit(struct gb_match *m, enum op op)
{
	struct state *s;

	if (m->n >= STATES)
		return NULL;
	s = &m->states[m->n++];
	memset(s, 0, sizeof(*s));
	s->op = op;
	return s;
}

/* Makes room for one state at `at`: what stands behind it moves, and what it refers to. */
static bool insert(struct gb_match *m, uint16_t at, enum op op)
{
	if (!emit(m, op))
		return false;
	memmove(&m->states[at + 1], &m->states[at], (size_t)(m->n - 1 - at) * sizeof(*m->states));
	memset(&m->states[at], 0, sizeof(*m->states));
	m->states[at].op = op;
	for (uint16_t i = (uint16_t)(at + 1); i < m->n; i++) {
		m->states[i].x = (uint16_t)(m->states[i].x + (m->states[i].x >= at));
		m->states[i].y = (uint16_t)(m->states[i].y + (m->states[i].y >= at));
	}
	return true;
}

static void set_add(struct state *s, unsigned char first, unsigned char last)
{
	for (unsigned c = first; c <= last; c++)
		s->set[c / 8] |= (unsigned char)(1U << (c % 8));
}

static void set_invert(struct state *s)
{
	for (size_t i = 0; i < sizeof(s->set); i++)
		s->set[i] = (unsigned char)~s->set[i];
}

/* What follows a backslash. */
static bool escape(struct state *s, char c)
{
	static const char punctuation[] = "\\.+*?()|[]{}^$/-:<>=!#%&,;@_~\"' ";

	switch (c) {
	case 'w':
		set_add(s, 'a', 'z');
		set_add(s, 'A', 'Z');
		set_add(s, '_', '_');
		/* fall through */
	case 'd':
		set_add(s, '0', '9');
		return true;
	case 's':
		set_add(s, '\t', '\r');
		set_add(s, ' ', ' ');
		return true;
	default:
		if (!c || !strchr(punctuation, c))
			return false;
		set_add(s, (unsigned char)c, (unsigned char)c);
		return true;
	}
}

/* Behind "[". */
static bool class(struct parser *x, struct state *s)
{
	bool inverted = *x->p == '^', first = true;

	x->p += inverted;
	for (; *x->p && (*x->p != ']' || first); first = false) {
		unsigned char from = (unsigned char)*x->p++, to;

		if (from == '[' && *x->p == ':')
			return false;
		if (from == '\\') {
			if (!*x->p || !escape(s, *x->p++))
				return false;
			continue;
		}
		to = from;
		if (x->p[0] == '-' && x->p[1] && x->p[1] != ']') {
			to = (unsigned char)x->p[1];
			x->p += 2;
		}
		if (to < from || to == '\\')
			return false;
		set_add(s, from, to);
	}
	if (*x->p != ']')
		return false;
	x->p++;
	if (inverted)
		set_invert(s);
	return true;
}

static bool alternatives(struct parser *x);

static bool group(struct parser *x)
{
	bool ok;

	if (x->p[0] == '?' && x->p[1] == ':')
		x->p += 2;
	else if (x->p[0] == '?')
		return false;
	if (++x->depth > NESTING)
		return false;
	ok = alternatives(x) && *x->p == ')';
	x->depth--;
	x->p += ok;
	return ok;
}

static bool atom(struct parser *x)
{
	char c = *x->p++;
	struct state *s;

	if (c == '(')
		return group(x);
	if (strchr("^$*+?{})", c) || !(s = emit(x->m, SET)))
		return false;
	if (c == '[')
		return class(x, s);
	if (c == '\\')
		return *x->p && escape(s, *x->p++);
	if (c == '.')
		set_add(s, 0, 255);
	else
		set_add(s, (unsigned char)c, (unsigned char)c);
	return true;
}

/* The atom that begins at `at` becomes optional, or comes again. */
static bool repeat(struct gb_match *m, uint16_t at, char how)
{
	struct state *jump;

	if (how == '+') {
		struct state *s = emit(m, SPLIT);

		if (!s)
			return false;
		s->x = at;
		s->y = m->n;
		return true;
	}
	if (!insert(m, at, SPLIT))
		return false;
	m->states[at].x = (uint16_t)(at + 1);
	if (how == '*') {
		jump = emit(m, JUMP);
		if (!jump)
			return false;
		jump->x = at;
	}
	m->states[at].y = m->n;
	return true;
}

static bool sequence(struct parser *x)
{
	while (*x->p && *x->p != '|' && *x->p != ')') {
		uint16_t at = x->m->n;
		int times = 0;

		if (!atom(x))
			return false;
		for (; *x->p && strchr("*+?", *x->p); x->p++) {
			/* "a**" is no expression; a "?" behind says which match is preferred */
			if (++times > 2 || (times == 2 && *x->p != '?'))
				return false;
			if (times == 1 && !repeat(x->m, at, *x->p))
				return false;
		}
	}
	return true;
}

/* a|b|c: SPLIT a, (b|c); what ends jumps to the common end. */
static bool alternatives(struct parser *x)
{
	uint16_t at = x->m->n;
	uint16_t jump;

	if (!sequence(x))
		return false;
	if (*x->p != '|')
		return true;
	x->p++;
	if (!insert(x->m, at, SPLIT) || !emit(x->m, JUMP))
		return false;
	jump = (uint16_t)(x->m->n - 1);
	x->m->states[at].x = (uint16_t)(at + 1);
	x->m->states[at].y = x->m->n;
	if (!alternatives(x))
		return false;
	x->m->states[jump].x = x->m->n;
	return true;
}

int gb_match_compile(const char *pattern, struct gb_match **ret, struct gb_err *err)
{
	_match_ struct gb_match *m = NULL;
	struct parser x = { NULL, pattern, 0 };

	*ret = NULL;
	if (strlen(pattern) > GB_MATCH_LONGEST)
		return 0;
	m = gb_calloc(1, sizeof(*m));
	if (!m)
		return gb_fail_nomem(err);
	x.m = m;
	if (alternatives(&x) && !*x.p && emit(m, DONE))
		*ret = GB_TAKE(m);
	return 0;
}

/* A state, and all that can be reached from it without a character; iteratively, since an
 * expression may be a long chain of them. */
static void reach(struct gb_match *m, struct list *l, uint16_t from)
{
	uint16_t stack[2 * STATES + 1], n = 0; /* each state adds two, once */

	stack[n++] = from;
	while (n > 0) {
		uint16_t at = stack[--n];
		const struct state *s = &m->states[at];

		if (m->marks[at] == m->mark)
			continue;
		m->marks[at] = m->mark;
		if (s->op == SPLIT)
			stack[n++] = s->y;
		if (s->op == SPLIT || s->op == JUMP)
			stack[n++] = s->x;
		if (s->op == SET || s->op == DONE)
			l->v[l->n++] = at;
	}
}

static void begin(struct gb_match *m, struct list *l)
{
	l->n = 0;
	if (++m->mark == 0) {
		memset(m->marks, 0, sizeof(m->marks));
		m->mark = 1;
	}
}

bool gb_match_whole(struct gb_match *m, const char *text)
{
	struct list *now = &m->now, *next = &m->next;

	begin(m, now);
	reach(m, now, 0);
	for (; *text && now->n; text++) {
		unsigned char c = (unsigned char)*text;
		struct list *other = now;

		begin(m, next);
		for (uint16_t i = 0; i < now->n; i++) {
			const struct state *s = &m->states[now->v[i]];

			if (s->op == SET && (s->set[c / 8] >> (c % 8) & 1))
				reach(m, next, (uint16_t)(now->v[i] + 1));
		}
		now = next;
		next = other;
	}
	for (uint16_t i = 0; i < now->n; i++)
		if (m->states[now->v[i]].op == DONE)
			return true;
	return false;
}

void gb_match_free(struct gb_match *m)
{
	free(m);
}

void gb_cleanup_match(struct gb_match **pm)
{
	gb_match_free(*pm);
	*pm = NULL;
}
