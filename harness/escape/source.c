/* source - functions, loops and what is around a place.  See source.h. */
#include "escape/source.h"

#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "escape/tokens.h"

#include <stdlib.h>
#include <string.h>

enum frame_kind { FRAME_OTHER, FRAME_FUNC, FRAME_HEADER, FRAME_LOOP };

/* A bracket that is open, or a `for` whose brace has not come yet. */
struct frame {
	enum frame_kind kind;
	uint32_t close; /* the token that ends it */
	int func, loop; /* around what is in it; -1: none */
	int depth;	/* loops within that function */
};

struct walk {
	struct gb_source *s;
	struct frame *v;
	size_t n, cap;
};

static const struct frame outside = { FRAME_OTHER, UINT32_MAX, -1, -1, 0 };

static const struct frame *top(const struct walk *w)
{
	return w->n ? &w->v[w->n - 1] : &outside;
}

static int push(struct walk *w, const struct frame *f, struct gb_err *err)
{
	int rc = gb_grow((void **)&w->v, &w->cap, w->n + 1, sizeof(*w->v), SIZE_MAX, err);

	if (!rc)
		w->v[w->n++] = *f;
	return rc;
}

static int push_bracket(struct walk *w, uint32_t open, struct gb_err *err)
{
	struct frame f = *top(w);

	f.kind = FRAME_OTHER;
	f.close = w->s->tokens[open].match;
	return push(w, &f, err);
}

static bool is_mark(const struct gb_source *s, uint32_t t, char mark)
{
	return s->tokens[t].kind == GB_TOKEN_MARK && s->text[s->tokens[t].off] == mark;
}

static bool is_kind(const struct gb_source *s, uint32_t t, enum gb_token_kind kind)
{
	return s->tokens[t].kind == kind;
}

/* The token behind a bracket's partner; the last token has none behind it. */
static uint32_t behind(const struct gb_source *s, uint32_t open)
{
	uint32_t close = s->tokens[open].match, last = (uint32_t)s->n_tokens - 1;

	if (close < open)
		close = open;
	return close < last ? close + 1 : last;
}

/* The token behind the type that begins here; the same one where none does. */
static uint32_t skip_type(const struct gb_source *s, uint32_t t)
{
	for (;;) {
		if (is_mark(s, t, '*') || is_mark(s, t, '<') || is_mark(s, t, '-') ||
		    gb_token_is(s, t, "chan")) {
			t++;
		} else if (is_mark(s, t, '[')) {
			t = behind(s, t);
		} else if (gb_token_is(s, t, "map") && is_mark(s, t + 1, '[')) {
			t = behind(s, t + 1);
		} else if (gb_token_is(s, t, "func") && is_mark(s, t + 1, '(')) {
			t = behind(s, t + 1);
			if (s->tokens[t].first)
				return t;
		} else if (is_mark(s, t, '(')) {
			return behind(s, t);
		} else if ((gb_token_is(s, t, "interface") || gb_token_is(s, t, "struct")) &&
			   is_mark(s, t + 1, '{')) {
			return behind(s, t + 1);
		} else if (is_kind(s, t, GB_TOKEN_NAME)) {
			t++;
			while (is_mark(s, t, '.') && is_kind(s, t + 1, GB_TOKEN_NAME))
				t += 2;
			return is_mark(s, t, '[') ? behind(s, t) : t;
		} else {
			return t;
		}
	}
}

static bool text_of(const struct gb_source *s, uint32_t t, const char **ret, int *ret_len)
{
	*ret = s->text + s->tokens[t].off;
	*ret_len = (int)s->tokens[t].len;
	return is_kind(s, t, GB_TOKEN_NAME) && s->tokens[t].len <= GB_MAX_NAME;
}

/* "(*T).M", "T[...].M", "F", as stacks have them. */
static char *declared_name(const struct gb_source *s, uint32_t receiver, uint32_t name)
{
	const char *text, *type;
	int len, type_len;
	bool star;

	if (!text_of(s, name, &text, &len))
		return gb_strdup("");
	const char *many = is_mark(s, name + 1, '[') ? "[...]" : "";
	if (!receiver)
		return gb_asprintf("%.*s%s", len, text, many);
	uint32_t t = receiver + 1;
	if (is_kind(s, t, GB_TOKEN_NAME) && !is_mark(s, t + 1, ')') && !is_mark(s, t + 1, '['))
		t++;
	star = is_mark(s, t, '*');
	t += star;
	if (!text_of(s, t, &type, &type_len))
		return gb_strdup("");
	many = is_mark(s, t + 1, '[') ? "[...]" : "";
	return gb_asprintf(star ? "(*%.*s%s).%.*s" : "%.*s%s.%.*s", type_len, type, many, len,
			   text);
}

static char *literal_name(struct gb_source *s, int outer)
{
	struct gb_source_func *o;

	/* At package level they are counted through all files of the package. */
	if (outer < 0)
		return gb_strdup("");
	o = &s->funcs[outer];
	o->literals++;
	if (!o->name[0] || strlen(o->name) > GB_MAX_NAME)
		return gb_strdup("");
	return gb_asprintf(o->literal ? "%s.%d" : "%s.func%d", o->name, o->literals);
}

/* Adds the function whose parameters begin at `params`; *ret: where to go on. */
static int add_func(struct walk *w, uint32_t at, uint32_t receiver, uint32_t name, uint32_t params,
		    uint32_t *ret, struct gb_err *err)
{
	struct gb_source *s = w->s;
	struct frame f = *top(w);
	uint32_t results = behind(s, params), after = results;
	int rc;

	if (!s->tokens[results].first)
		after = is_mark(s, results, '(') ? behind(s, results) : skip_type(s, results);
	*ret = after;
	if (!is_mark(s, after, '{'))
		return 0;
	rc = gb_grow((void **)&s->funcs, &s->cap_funcs, s->n_funcs + 1, sizeof(*s->funcs),
		     INT32_MAX, err);
	if (rc)
		return rc;
	struct gb_source_func fn = {
		.literal = !name,
		.by_go = at && gb_token_is(s, at - 1, "go"),
		.by_defer = at && gb_token_is(s, at - 1, "defer"),
		.outer = f.func,
		.loops = f.depth,
		.params = params,
		.results = results,
		.body = after,
		.end = s->tokens[after].match,
		.receiver = receiver,
		.at = at,
		.name = name ? declared_name(s, receiver, name) : literal_name(s, f.func),
	};
	if (!fn.name)
		return gb_fail_nomem(err);
	fn.index = fn.literal ? (int)s->n_literals++ : -1;
	f = (struct frame){ FRAME_FUNC, fn.end, (int)s->n_funcs, f.loop, 0 };
	s->funcs[s->n_funcs++] = fn;
	*ret = after + 1;
	return push(w, &f, err);
}

/* `func`: a declaration, a literal, or a type. */
static int on_func(struct walk *w, uint32_t t, uint32_t *ret, struct gb_err *err)
{
	const struct gb_source *s = w->s;
	uint32_t name = t + 1, receiver = 0;

	*ret = t + 1;
	if (is_mark(s, name, '(') && s->tokens[t].first && !w->n) {
		receiver = name;
		name = behind(s, name);
	}
	if (is_kind(s, name, GB_TOKEN_NAME) && !w->n) {
		uint32_t params = name + 1;
		if (is_mark(s, params, '['))
			params = behind(s, params);
		if (is_mark(s, params, '(') && s->tokens[t].first)
			return add_func(w, t, receiver, name, params, ret, err);
	}
	if (!is_mark(s, t + 1, '('))
		return 0;
	/* []func(){...} is a type and its elements. */
	if (t && is_mark(s, t - 1, ']')) {
		*ret = skip_type(s, t);
		return 0;
	}
	return add_func(w, t, 0, 0, t + 1, ret, err);
}

static int on_for(struct walk *w, uint32_t t, struct gb_err *err)
{
	struct gb_source *s = w->s;
	struct frame f = *top(w);
	struct gb_source_loop loop = { .at = t, .outer = f.loop, .func = f.func, .depth = f.depth };
	uint32_t second = is_kind(s, t + 1, GB_TOKEN_NAME) ? t + 2 : t;

	if (is_mark(s, second, ',') && is_kind(s, second + 1, GB_TOKEN_NAME))
		second += 2;
	if (second > t && gb_token_is(s, second, ":=")) {
		loop.vars[0] = t + 1;
		loop.vars[1] = second > t + 2 ? second - 1 : 0;
	}
	loop.body = loop.end = t;
	int rc = gb_grow((void **)&s->loops, &s->cap_loops, s->n_loops + 1, sizeof(*s->loops),
			 INT32_MAX, err);
	if (rc)
		return rc;
	f.kind = FRAME_HEADER;
	f.loop = (int)s->n_loops;
	s->loops[s->n_loops++] = loop;
	return push(w, &f, err);
}

/* The brace behind a `for` and what belongs to it. */
static void begin_loop(struct walk *w, uint32_t open)
{
	struct frame *f = &w->v[w->n - 1];
	struct gb_source_loop *loop = &w->s->loops[f->loop];

	loop->body = open;
	loop->end = w->s->tokens[open].match;
	f->kind = FRAME_LOOP;
	f->close = loop->end;
	f->depth++;
}

/* A composite literal in a loop's header: its brace is not the loop's. */
static bool header_literal(const struct gb_source *s, uint32_t t, uint32_t *ret_open)
{
	bool operand = t && (is_kind(s, t - 1, GB_TOKEN_LITERAL) || is_mark(s, t - 1, ')') ||
			     is_mark(s, t - 1, ']') ||
			     (is_kind(s, t - 1, GB_TOKEN_NAME) && !gb_token_is(s, t - 1, "range")));

	if (operand ||
	    !(is_mark(s, t, '[') || gb_token_is(s, t, "map") || gb_token_is(s, t, "struct")))
		return false;
	*ret_open = skip_type(s, t);
	return *ret_open > t && is_mark(s, *ret_open, '{');
}

static int walk(struct walk *w, struct gb_err *err)
{
	const struct gb_source *s = w->s;
	uint32_t open;
	int rc = 0;

	for (uint32_t t = 0; !is_kind(s, t, GB_TOKEN_END) && !rc;) {
		while (w->n && top(w)->close <= t)
			w->n--;
		bool header = top(w)->kind == FRAME_HEADER;

		if (gb_token_is(s, t, "func")) {
			rc = on_func(w, t, &t, err);
		} else if (gb_token_is(s, t, "for") && top(w)->func >= 0) {
			rc = on_for(w, t++, err);
		} else if (header && header_literal(s, t, &open)) {
			rc = push_bracket(w, open, err);
			t = open + 1;
		} else if (header && is_mark(s, t, '{')) {
			begin_loop(w, t++);
		} else {
			if (is_mark(s, t, '(') || is_mark(s, t, '[') || is_mark(s, t, '{'))
				rc = push_bracket(w, t, err);
			t++;
		}
	}
	return rc;
}

int gb_source_read(const char *text, size_t len, struct gb_source **ret, struct gb_err *err)
{
	_source_ struct gb_source *s = gb_calloc(1, sizeof(*s));
	struct walk w = { .s = s };
	int rc;

	if (!s)
		return gb_fail_nomem(err);
	if (len > GB_MAX_GO_SOURCE)
		return gb_fail(err, GB_ELIMIT, "a Go source exceeds %zu bytes", GB_MAX_GO_SOURCE);
	s->text = gb_strndup(text, len);
	s->len = len;
	if (!s->text)
		return gb_fail_nomem(err);
	rc = gb_source_tokens(s, err);
	if (!rc)
		rc = walk(&w, err);
	free(w.v);
	if (rc)
		return rc;
	*ret = GB_TAKE(s);
	return 0;
}

void gb_source_free(struct gb_source *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < s->n_funcs; i++)
		free(s->funcs[i].name);
	free(s->funcs);
	free(s->loops);
	free(s->tokens);
	free(s->lines);
	free(s->text);
	free(s);
}

void gb_cleanup_source(struct gb_source **ps)
{
	gb_source_free(*ps);
}

int64_t gb_source_offset(const struct gb_source *s, int line, int col)
{
	if (line < 1 || (size_t)line > s->n_lines || col < 1)
		return -1;
	int64_t off = (int64_t)s->lines[line - 1] + col - 1;
	return off < (int64_t)s->len ? off : -1;
}

void gb_source_place(const struct gb_source *s, uint32_t off, int *ret_line, int *ret_col)
{
	size_t low = 0, high = s->n_lines;

	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if (s->lines[middle] <= off)
			low = middle;
		else
			high = middle;
	}
	*ret_line = (int)low + 1;
	*ret_col = (int)(off - s->lines[low]) + 1;
}

uint32_t gb_source_token(const struct gb_source *s, int64_t off)
{
	size_t low = 0, high = s->n_tokens - 1;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if ((int64_t)s->tokens[middle].off < off)
			low = middle + 1;
		else
			high = middle;
	}
	return (uint32_t)low;
}

bool gb_token_is(const struct gb_source *s, uint32_t token, const char *text)
{
	const struct gb_token *t = &s->tokens[token];
	size_t len = strlen(text);

	return t->kind != GB_TOKEN_LITERAL && t->len == len &&
	       memcmp(s->text + t->off, text, len) == 0;
}

bool gb_token_is_use(const struct gb_source *s, uint32_t token)
{
	if (!is_kind(s, token, GB_TOKEN_NAME))
		return false;
	if (token && is_mark(s, token - 1, '.'))
		return false;
	bool key = gb_token_is(s, token + 1, ":");
	return !key || !token || !(is_mark(s, token - 1, '{') || is_mark(s, token - 1, ','));
}

int gb_source_func_around(const struct gb_source *s, uint32_t token)
{
	size_t low = 0, high = s->n_funcs;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (s->funcs[middle].at < token)
			low = middle + 1;
		else
			high = middle;
	}
	int f = (int)low - 1;
	while (f >= 0 && s->funcs[f].end < token)
		f = s->funcs[f].outer;
	return f;
}

int gb_source_loop_around(const struct gb_source *s, uint32_t token)
{
	size_t low = 0, high = s->n_loops;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (s->loops[middle].at < token)
			low = middle + 1;
		else
			high = middle;
	}
	int l = (int)low - 1;
	while (l >= 0 && !(s->loops[l].body < token && token <= s->loops[l].end))
		l = s->loops[l].outer;
	return l;
}
