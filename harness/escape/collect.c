/*
 * collect - what the lines said into escapes and leaking parameters.  See state.h.
 *
 * A value is explained before it is said to be on the heap, and both come once
 * for every instance of a generic function and every variant of a package.
 */
#include "escape/state.h"

#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

#define MAX_WAYS 16 /* more ways of one value tell nothing new */

int gb_spot_compare(const struct gb_spot *a, const struct gb_spot *b)
{
	int c = a->package == b->package ? 0 : strcmp(a->package, b->package);

	if (!c)
		c = a->file == b->file ? 0 : strcmp(a->file, b->file);
	if (!c)
		c = (a->line > b->line) - (a->line < b->line);
	return c ? c : (a->col > b->col) - (a->col < b->col);
}

static int compare_ways(const void *pa, const void *pb)
{
	const struct gb_way *a = pa, *b = pb;
	int c = gb_spot_compare(&a->spot, &b->spot);

	if (!c)
		c = strcmp(a->expr, b->expr);
	return c ? c : (a->first > b->first) - (a->first < b->first);
}

static int compare_ends(const void *pa, const void *pb)
{
	const struct gb_end *a = pa, *b = pb;
	int c = gb_spot_compare(&a->spot, &b->spot);

	if (!c)
		c = strcmp(a->expr, b->expr);
	return c ? c : (int)b->variable - (int)a->variable;
}

static int compare_params(const void *pa, const void *pb)
{
	const struct gb_param *a = pa, *b = pb;
	int c = gb_spot_compare(&a->spot, &b->spot);

	if (!c)
		c = strcmp(a->to, b->to);
	if (!c)
		c = (a->derefs > b->derefs) - (a->derefs < b->derefs);
	return c ? c : (a->first > b->first) - (a->first < b->first);
}

/* The file of a spot where the compiler named it whole: as seen from its package. */
static void shorten(const struct gb_escapes *e, struct gb_spot *spot)
{
	const struct gb_escape_package *p;
	size_t len;

	if (spot->file[0] != '/' || !(p = gb_escapes_package(e, spot->package)) || !p->dir)
		return;
	len = strlen(p->dir);
	if (gb_starts(spot->file, p->dir) && spot->file[len] == '/' &&
	    !strchr(spot->file + len + 1, '/')) {
		const char *name =
			gb_word(e->state, spot->file + len + 1, strlen(spot->file + len + 1));
		/* Without memory it keeps its long name. */
		if (name)
			spot->file = name;
	}
}

static bool same_steps(const struct gb_escape_step *a, const struct gb_escape_step *b, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (a[i].to != b[i].to || strcmp(a[i].expr, b[i].expr) ||
		    strcmp(a[i].why, b[i].why) || a[i].file != b[i].file ||
		    a[i].line != b[i].line || a[i].col != b[i].col)
			return false;
	return true;
}

/* Is this way among own[from..)? */
static bool is_there(const struct gb_escape_state *s, size_t from, const struct gb_way *w)
{
	for (size_t i = from, n; i < s->n_own; i += n) {
		for (n = 1; i + n < s->n_own && s->own_steps[i + n].way == s->own_steps[i].way;)
			n++;
		if (n == w->n && same_steps(&s->own_steps[i], &s->steps[w->first], n))
			return true;
	}
	return false;
}

static int add_way(struct gb_escape_state *s, const struct gb_way *w, int number,
		   struct gb_err *err)
{
	int rc = gb_grow((void **)&s->own_steps, &s->cap_own, s->n_own + w->n,
			 sizeof(*s->own_steps), GB_MAX_ESCAPE_STEPS, err);

	if (rc)
		return rc;
	for (size_t i = 0; i < w->n; i++) {
		s->own_steps[s->n_own] = s->steps[w->first + i];
		s->own_steps[s->n_own++].way = number;
	}
	return 0;
}

/* Number, string, rune, truth: in read-only memory.  Other constants have names, and look like
 * variables. */
static bool is_constant(const char *expr)
{
	size_t len = strlen(expr);

	if (gb_starts(expr, "time.Duration(") && expr[len - 1] == ')') {
		expr += strlen("time.Duration(");
		len = strlen(expr) - 1;
	}
	if (expr[0] == '"')
		return len > 1 && expr[len - 1] == '"' && !strstr(expr + 1, "\" + ");
	if (expr[0] == '\'' || !strcmp(expr, "true") || !strcmp(expr, "false"))
		return true;
	if (expr[0] == '-' && len) {
		expr++;
		len--;
	}
	return expr[0] >= '0' && expr[0] <= '9' &&
	       strspn(expr, "0123456789abcdefxXpPnE_.+-i") >= len;
}

static enum gb_escape_kind kind_of(const struct gb_end *end)
{
	static const char *const made[] = { "make(", "new(", "&", "([]", "string(" };
	const char *x = end->expr;

	if (end->variable)
		return GB_ESCAPE_VARIABLE;
	if (!strcmp(x, "func literal"))
		return GB_ESCAPE_CLOSURE;
	for (size_t i = 0; i < sizeof(made) / sizeof(made[0]); i++)
		if (gb_starts(x, made[i]))
			return GB_ESCAPE_MADE;
	if (!strcmp(x, "append") || !strcmp(x, "... argument") || gb_ends(x, "}") ||
	    strstr(x, "\" + ") || strstr(x, " + \""))
		return GB_ESCAPE_MADE;
	return GB_ESCAPE_VALUE;
}

static int add_escape(struct gb_escapes *e, const struct gb_end *end, const struct gb_way *ways,
		      size_t n_ways, struct gb_err *err)
{
	struct gb_escape_state *s = e->state;
	size_t from = s->n_own;
	int rc = gb_grow((void **)&e->v, &e->cap, e->n + 1, sizeof(*e->v), GB_MAX_ESCAPES, err);

	if (rc)
		return rc;
	struct gb_escape x = {
		.package = end->spot.package,
		.file = end->spot.file,
		.line = end->spot.line,
		.col = end->spot.col,
		.expr = end->expr,
		.func = "",
		.kept_by = "",
		.kind = kind_of(end),
		.in_test = gb_ends(end->spot.file, "_test.go"),
		.closure = -1,
	};
	x.constant = x.kind == GB_ESCAPE_VALUE && is_constant(x.expr);
	for (size_t i = 0, number = 0; i < n_ways && number < MAX_WAYS; i++) {
		if (!x.func[0])
			x.func = ways[i].func;
		if (!ways[i].n || is_there(s, from, &ways[i]))
			continue;
		if ((rc = add_way(s, &ways[i], (int)number++, err)))
			return rc;
	}
	x.n_steps = s->n_own - from;
	e->v[e->n++] = x;
	return 0;
}

static int merge(struct gb_escapes *e, struct gb_err *err)
{
	struct gb_escape_state *s = e->state;
	size_t way = 0, last;
	int rc = 0;

	for (size_t i = 0; i < s->n_ends && !rc; i++) {
		const struct gb_end *end = &s->ends[i];
		int c = -1;

		if (i && !gb_spot_compare(&end->spot, &end[-1].spot) && end->expr == end[-1].expr)
			continue;
		for (; way < s->n_ways; way++) {
			c = gb_spot_compare(&s->ways[way].spot, &end->spot);
			c = c ? c : strcmp(s->ways[way].expr, end->expr);
			if (c >= 0)
				break;
		}
		for (last = way; last < s->n_ways &&
				 !gb_spot_compare(&s->ways[last].spot, &end->spot) &&
				 s->ways[last].expr == end->expr;)
			last++;
		rc = add_escape(e, end, way < last ? &s->ways[way] : NULL, last - way, err);
		way = last;
	}
	/* Own steps have stopped moving, and stand in the order of the values. */
	for (size_t i = 0, at = 0; i < e->n && !rc; i++) {
		e->v[i].steps = e->v[i].n_steps ? &s->own_steps[at] : NULL;
		at += e->v[i].n_steps;
	}
	return rc;
}

static int add_params(struct gb_escapes *e, struct gb_err *err)
{
	struct gb_escape_state *s = e->state;

	for (size_t i = 0; i < s->n_params; i++) {
		const struct gb_param *p = &s->params[i];
		int rc;

		if (i && !gb_spot_compare(&p->spot, &p[-1].spot) && p->to == p[-1].to &&
		    p->derefs == p[-1].derefs && p->n == p[-1].n &&
		    (!p->n || same_steps(&s->steps[p->first], &s->steps[p[-1].first], p->n)))
			continue;
		rc = gb_grow((void **)&e->params, &e->cap_params, e->n_params + 1,
			     sizeof(*e->params), GB_MAX_ESCAPES, err);
		if (rc)
			return rc;
		e->params[e->n_params++] = (struct gb_leak_param){
			.package = p->spot.package,
			.file = p->spot.file,
			.line = p->spot.line,
			.col = p->spot.col,
			.func = p->func,
			.name = p->name,
			.to = p->to,
			.derefs = p->derefs,
			.steps = p->n ? &s->steps[p->first] : NULL,
			.n_steps = p->n,
		};
	}
	return 0;
}

int gb_escapes_collect(struct gb_escapes *e, struct gb_err *err)
{
	struct gb_escape_state *s = e->state;
	int rc;

	for (size_t i = 0; i < s->n_ways; i++)
		shorten(e, &s->ways[i].spot);
	for (size_t i = 0; i < s->n_ends; i++)
		shorten(e, &s->ends[i].spot);
	for (size_t i = 0; i < s->n_params; i++)
		shorten(e, &s->params[i].spot);
	for (size_t i = 0; i < s->n_captured; i++)
		shorten(e, &s->captured[i].spot);
	if (s->n_ways)
		qsort(s->ways, s->n_ways, sizeof(*s->ways), compare_ways);
	if (s->n_ends)
		qsort(s->ends, s->n_ends, sizeof(*s->ends), compare_ends);
	if (s->n_params)
		qsort(s->params, s->n_params, sizeof(*s->params), compare_params);
	rc = merge(e, err);
	return rc ? rc : add_params(e, err);
}
