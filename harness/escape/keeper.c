/*
 * keeper - what keeps a value: the end of its way, told apart.  See state.h.
 *
 * A way that ends in a closure or in a literal goes on where that value's own way
 * begins; the file's values are the only ones it can be.
 */
#include "escape/state.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/text.h"

#include <string.h>

#define MAX_HOPS   8
#define MAX_BEFORE 64

struct keeping {
	const struct gb_relating *r;
	struct gb_escape *x; /* whose keeper is looked for */
	bool nomem;
};

/* Words of one's own for a part of an expression. */
static const char *part(struct keeping *k, const char *at, size_t len)
{
	const char *word = gb_word(k->r->e->state, at, len);

	k->nomem = k->nomem || !word;
	return word ? word : "";
}

static void keep(struct keeping *k, enum gb_keeper keeper, const char *at, size_t len)
{
	k->x->keeper = keeper;
	k->x->kept_by = part(k, at, len);
}

/* Begin of the last bracket group on the outermost level: what stands before it is called. */
static size_t callee_len(const char *expr)
{
	size_t begin = 0, depth = 0;

	for (size_t i = 0; expr[i]; i++) {
		char c = expr[i];

		if (c == '"' || c == '\'') {
			for (i++; expr[i] && expr[i] != c; i++)
				i += expr[i] == '\\' && expr[i + 1];
			if (!expr[i])
				break;
		} else if (strchr("([{", c)) {
			if (depth++ == 0 && c == '(')
				begin = i;
		} else if (strchr(")]}", c) && depth) {
			depth--;
		}
	}
	return begin;
}

static void kept_by_call(struct keeping *k, const struct gb_escape_step *step)
{
	const char *expr = step->expr;
	size_t len = callee_len(expr);

	if (gb_starts(expr, "append(")) {
		size_t comma = strcspn(expr + 7, ",");

		keep(k, GB_KEPT_APPEND, expr + 7, comma);
	} else if (gb_starts(expr, "panic(")) {
		keep(k, GB_KEPT_PANIC, "", 0);
	} else {
		keep(k, GB_KEPT_CALL, expr, len);
	}
}

/* The left side of "m[i] = x" or "x := y", which may hold comparisons and strings of its own. */
static size_t left_len(const char *expr)
{
	const char *equals = strstr(expr, " = "), *colon = strstr(expr, " := ");

	if (colon && (!equals || colon < equals))
		equals = colon;
	return equals ? (size_t)(equals - expr) : strlen(expr);
}

static void kept_by_assignment(struct keeping *k, const struct gb_escape_step *step)
{
	const char *left = step->expr;
	size_t len = left_len(left);
	enum gb_keeper keeper = GB_KEPT_GLOBAL;

	if (!len)
		keeper = GB_KEPT_UNKNOWN;
	else if (left[0] == '*')
		keeper = GB_KEPT_POINTER;
	else if (left[len - 1] == ']')
		keeper = GB_KEPT_ELEMENT;
	else if (memchr(left, '.', len))
		keeper = GB_KEPT_FIELD;
	keep(k, keeper, left, len);
}

/* Is `name` a result of the function around x? */
static bool is_result(const struct keeping *k, const char *name)
{
	const struct gb_source *s = k->r->source;
	int64_t token = gb_relate_token(k->r, k->x->line, k->x->col);
	int f = token >= 0 ? gb_source_func_around(s, (uint32_t)token) : -1;

	if (f < 0)
		return false;
	for (uint32_t t = s->funcs[f].results; t < s->funcs[f].body; t++)
		if (gb_token_is(s, t, name))
			return true;
	return false;
}

/* The value of this file at a place, with an expression of this text; NULL: none. */
static const struct gb_escape *value_at(const struct keeping *k, int line, int col,
					const char *expr, size_t len)
{
	size_t low = k->r->first, high = low + k->r->n, end = high;
	const struct gb_escape *v = k->r->e->v;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (v[middle].line < line || (v[middle].line == line && v[middle].col < col))
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < end && v[low].line == line && v[low].col == col; low++)
		if (strlen(v[low].expr) == len && !memcmp(v[low].expr, expr, len))
			return &v[low];
	return NULL;
}

/* The nearest one before x in the same function: what is in a literal comes behind its begin. */
static const struct gb_escape *value_before(const struct keeping *k, const struct gb_escape *x,
					    const char *expr, size_t len)
{
	const struct gb_escape *v = k->r->e->v, *first = v + k->r->first;

	for (int i = 0; i < MAX_BEFORE && x > first; i++) {
		x--;
		if (x->func == k->x->func && strlen(x->expr) == len && !memcmp(x->expr, expr, len))
			return x;
	}
	return NULL;
}

/* The last step of the first way. */
static const struct gb_escape_step *last_step(const struct gb_escape *x)
{
	const struct gb_escape_step *last = NULL;

	for (size_t i = 0; i < x->n_steps && x->steps[i].way == 0; i++)
		last = &x->steps[i];
	return last;
}

/* How the statement at a place calls: `go`, or `defer` in a loop. */
static bool kept_by_statement(struct keeping *k, int line, int col)
{
	const struct gb_relating *r = k->r;
	int64_t token = gb_relate_token(r, line, col);
	uint32_t t = token > 0 ? (uint32_t)token : 0;

	if (token < 0)
		return false;
	if (gb_relate_in_statement(r, t, "go"))
		keep(k, GB_KEPT_GO, "", 0);
	else if (gb_relate_in_statement(r, t, "defer"))
		keep(k, GB_KEPT_DEFER, "", 0);
	else
		return false;
	return true;
}

/* What the last flow leads to; `{storage for E}` is a value that has a way of its own. */
static const struct gb_escape *container(const struct keeping *k, const struct gb_escape *from,
					 const struct gb_escape_step *last)
{
	static const char storage[] = "{storage for ";
	size_t len = strlen(last->to);

	if (!strcmp(last->to, "{storage for func literal}")) {
		const struct gb_closure *c = from->closure >= 0 && from->kind != GB_ESCAPE_CLOSURE
						     ? &k->r->e->closures[from->closure]
						     : NULL;
		return c && c->escape >= 0 ? &k->r->e->v[c->escape] : NULL;
	}
	if (!gb_starts(last->to, storage) || len < sizeof(storage))
		return NULL;
	const char *expr = last->to + sizeof(storage) - 1;
	const struct gb_escape *x = value_at(k, last->line, last->col, expr, len - sizeof(storage));
	return x ? x : value_before(k, from, expr, len - sizeof(storage));
}

/* What the last step alone says; false: it says nothing of where the way ends. */
static bool kept_by_step(struct keeping *k, const struct gb_escape_step *last)
{
	const char *why = last->why;

	if (!strcmp(why, "return"))
		keep(k, GB_KEPT_RETURN, "", 0);
	else if (!strcmp(why, "send"))
		keep(k, GB_KEPT_SEND, last->expr, strcspn(last->expr, " "));
	else if (!strcmp(why, "call parameter"))
		kept_by_call(k, last);
	else if (gb_starts(why, "too large") || !strcmp(why, "non-constant size"))
		keep(k, GB_KEPT_SIZE, why, strlen(why));
	else if (!strcmp(last->to, "{heap}") && gb_starts(why, "assign"))
		kept_by_assignment(k, last);
	else if (!strcmp(why, "interface-converted"))
		keep(k, GB_KEPT_INTERFACE, "", 0);
	else
		return false;
	return true;
}

static void find_keeper(struct keeping *k)
{
	const struct gb_escape *at = k->x;

	for (int hop = 0; hop < MAX_HOPS; hop++) {
		const struct gb_escape_step *last = last_step(at);
		const struct gb_escape *next;

		if (!last)
			return;
		/* A named result or a variable outside the loop. */
		if (last->to[0] != '{' && last->to[0] != '~' && last->to[0] != '.') {
			bool result = is_result(k, last->to);

			keep(k, result ? GB_KEPT_RETURN : GB_KEPT_LOOP, result ? "" : last->to,
			     result ? 0 : strlen(last->to));
			return;
		}
		if (kept_by_step(k, last) || !last->file)
			return;
		next = container(k, at, last);
		if (!next || next == at) {
			kept_by_statement(k, last->line, last->col);
			return;
		}
		at = next;
	}
}

int gb_relate_keepers(const struct gb_relating *r, struct gb_err *err)
{
	struct keeping k = { .r = r };

	for (size_t i = r->first; i < r->first + r->n && !k.nomem; i++) {
		k.x = &r->e->v[i];
		find_keeper(&k);
	}
	return k.nomem ? gb_fail_nomem(err) : 0;
}
