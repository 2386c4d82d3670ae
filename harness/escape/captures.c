/*
 * captures - which closure captured what.  See state.h.
 *
 * The compiler names the variable and where it is declared, not the closure.  So
 * every use of such a name in a closure is looked at: it means the nearest declaration
 * before it, and each closure between the two has captured it.
 */
#include "escape/state.h"

#include "base/err.h"
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

#define MAX_CAPTURES ((size_t)4096) /* of one closure */

struct declared {
	const struct gb_captured *c;
	uint32_t token;
	uint32_t last_use; /* by the function itself, not by a closure in it */
};

static int compare_declared(const void *pa, const void *pb)
{
	const struct declared *a = pa, *b = pb;
	int c = a->c->name == b->c->name ? 0 : strcmp(a->c->name, b->c->name);

	return c ? c : (a->token > b->token) - (a->token < b->token);
}

static int compare_text(const struct gb_source *s, uint32_t token, const char *name)
{
	const struct gb_token *t = &s->tokens[token];
	int c = strncmp(s->text + t->off, name, t->len);

	return c ? c : name[t->len] ? -1 : 0;
}

/* The nearest declaration of this name before it, or there; NULL: none. */
static struct declared *declaration(const struct gb_source *s, struct declared *v, size_t n,
				    uint32_t token)
{
	size_t low = 0, high = n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int c = compare_text(s, token, v[middle].c->name);

		if (c > 0 || (c == 0 && v[middle].token <= token))
			low = middle + 1;
		else
			high = middle;
	}
	return low && compare_text(s, token, v[low - 1].c->name) == 0 ? &v[low - 1] : NULL;
}

static bool contains(const struct gb_source_func *f, uint32_t token)
{
	return f->at < token && token <= f->end;
}

static bool only_len(const struct gb_source *s, uint32_t t)
{
	return t > 1 && gb_token_is(s, t - 1, "(") &&
	       (gb_token_is(s, t - 2, "len") || gb_token_is(s, t - 2, "cap")) &&
	       gb_token_is(s, t + 1, ")");
}

static int note_use(const struct gb_relating *r, struct gb_capture *c, uint32_t t,
		    struct gb_err *err)
{
	const struct gb_source *s = r->source;
	const struct gb_token *method = &s->tokens[t];

	c->only_len = c->only_len && only_len(s, t);
	if (c->method[0] || !gb_token_is(s, t + 1, ".") || s->tokens[t + 2].kind != GB_TOKEN_NAME ||
	    !gb_token_is(s, t + 3, "("))
		return 0;
	method = &s->tokens[t + 2];
	c->method = gb_word(r->e->state, s->text + method->off, method->len);
	return c->method ? 0 : gb_fail_nomem(err);
}

static int capture(const struct gb_relating *r, struct gb_closure *closure,
		   const struct declared *d, uint32_t use, struct gb_err *err)
{
	struct gb_capture *c;

	for (size_t i = closure->n_captures; i-- > 0;) {
		c = &closure->captures[i];
		if (c->line == d->c->spot.line && c->col == d->c->spot.col && c->name == d->c->name)
			return note_use(r, c, use, err);
	}
	int rc = gb_grow((void **)&closure->captures, &closure->cap_captures,
			 closure->n_captures + 1, sizeof(*closure->captures), MAX_CAPTURES, err);
	if (rc)
		return rc;
	c = &closure->captures[closure->n_captures++];
	*c = (struct gb_capture){
		.name = d->c->name,
		.by_ref = d->c->by_ref,
		.assigned = d->c->assigned,
		.address_taken = d->c->address_taken,
		.width = d->c->width,
		.line = d->c->spot.line,
		.col = d->c->spot.col,
		.only_len = true,
		.type = "",
		.method = "",
	};
	gb_source_place(r->source, r->source->tokens[use].off, &c->used_line, &c->used_col);
	return note_use(r, c, use, err);
}

static int use(const struct gb_relating *r, struct declared *d, uint32_t t, struct gb_err *err)
{
	const struct gb_source *s = r->source;
	int inner = gb_source_func_around(s, t), f = inner, rc;

	while (f >= 0 && s->funcs[f].literal && !contains(&s->funcs[f], d->token))
		f = s->funcs[f].outer;
	/* The nearest declaration stands in a function of its own: it is another variable. */
	if (f < 0 || !contains(&s->funcs[f], d->token))
		return 0;
	if (inner == f)
		d->last_use = t;
	for (; inner != f; inner = s->funcs[inner].outer) {
		size_t at = r->closures + (size_t)s->funcs[inner].index;

		if ((rc = capture(r, &r->e->closures[at], d, t, err)))
			return rc;
	}
	return 0;
}

static void find_used_after(const struct gb_relating *r, struct declared *v, size_t n)
{
	for (size_t i = 0; i < r->source->n_funcs; i++) {
		const struct gb_source_func *f = &r->source->funcs[i];
		struct gb_closure *c;

		if (!f->literal)
			continue;
		c = &r->e->closures[r->closures + (size_t)f->index];
		for (size_t k = 0; k < c->n_captures; k++) {
			struct gb_capture *x = &c->captures[k];
			int64_t token = gb_relate_token(r, x->line, x->col);

			if (token >= 0)
				x->used_after =
					declaration(r->source, v, n, (uint32_t)token)->last_use >
					f->end;
		}
	}
}

int gb_relate_captures(const struct gb_relating *r, struct gb_err *err)
{
	const struct gb_source *s = r->source;
	_free_ struct declared *v = gb_calloc(r->n_captured + 1, sizeof(*v));
	size_t n = 0;
	int rc = 0;

	if (!v)
		return gb_fail_nomem(err);
	for (size_t i = r->captured; i < r->captured + r->n_captured; i++) {
		const struct gb_captured *c = &r->e->state->captured[i];
		int64_t token = gb_relate_token(r, c->spot.line, c->spot.col);

		if (token < 0 || compare_text(s, (uint32_t)token, c->name) != 0)
			continue; /* the compiler's own, or another source than was compiled */
		if (n && v[n - 1].c->name == c->name && v[n - 1].token == (uint32_t)token)
			continue;
		v[n++] = (struct declared){ c, (uint32_t)token, 0 };
	}
	if (!n)
		return 0;
	qsort(v, n, sizeof(*v), compare_declared);
	for (uint32_t t = 0; s->tokens[t].kind != GB_TOKEN_END && !rc; t++) {
		struct declared *d;

		if (!gb_token_is_use(s, t) || !(d = declaration(s, v, n, t)) || d->token == t)
			continue;
		rc = use(r, d, t, err);
	}
	if (!rc)
		find_used_after(r, v, n);
	return rc;
}
