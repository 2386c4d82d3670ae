/*
 * relate - the compiler's values and the source's closures and functions.  See state.h.
 *
 * One file after the other, so that only one source is in memory.
 */
#include "escape/state.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/fs.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

#define MAX_BACK 256 /* tokens between a place and the begin of its statement */

int64_t gb_relate_token(const struct gb_relating *r, int line, int col)
{
	int64_t off = r->source ? gb_source_offset(r->source, line, col) : -1;

	if (off < 0)
		return -1;
	uint32_t token = gb_source_token(r->source, off);
	return r->source->tokens[token].kind == GB_TOKEN_END ? -1 : (int64_t)token;
}

/* Closures are in the order of literals. */
static int closure_of(const struct gb_relating *r, int func)
{
	return (int)r->closures + r->source->funcs[func].index;
}

int gb_relate_closure_around(const struct gb_relating *r, uint32_t token)
{
	int f = gb_source_func_around(r->source, token);

	return f >= 0 && r->source->funcs[f].literal ? closure_of(r, f) : -1;
}

bool gb_relate_in_statement(const struct gb_relating *r, uint32_t token, const char *keyword)
{
	const struct gb_source *s = r->source;

	/* Back to where the statement begins, over brackets that end before it. */
	for (int i = 0; i < MAX_BACK && token && !s->tokens[token].first; i++) {
		uint32_t before = token - 1;

		if (gb_token_is(s, before, "{") || gb_token_is(s, before, ";"))
			break;
		token = s->tokens[before].match < before ? s->tokens[before].match : before;
	}
	return gb_token_is(s, token, keyword);
}

static int add_closure(struct gb_relating *r, const struct gb_source_func *f, struct gb_err *err)
{
	struct gb_escapes *e = r->e;
	const struct gb_source *s = r->source;
	struct gb_closure c = {
		.package = r->file->package,
		.file = r->file->name,
		.by_go = f->by_go,
		.by_defer = f->by_defer,
		.loops = f->loops,
		.escape = -1,
	};
	const char *outer = f->outer >= 0 ? s->funcs[f->outer].name : "";
	int rc = gb_grow((void **)&e->closures, &e->cap_closures, e->n_closures + 1,
			 sizeof(*e->closures), GB_MAX_ESCAPES, err);

	if (rc)
		return rc;
	gb_source_place(s, s->tokens[f->at].off, &c.line, &c.col);
	gb_source_place(s, s->tokens[f->end].off, &c.end_line, &c.end_col);
	c.name = gb_word(e->state, f->name, strlen(f->name));
	c.outer = gb_word(e->state, outer, strlen(outer));
	if (!c.name || !c.outer)
		return gb_fail_nomem(err);
	e->closures[e->n_closures++] = c;
	r->n_closures++;
	return 0;
}

/* What is the function around a value?  Since Go 1.25 the compiler says it. */
static int name_functions(struct gb_relating *r, struct gb_err *err)
{
	const struct gb_source *s = r->source;

	for (size_t i = r->first; i < r->first + r->n; i++) {
		struct gb_escape *x = &r->e->v[i];
		int64_t token = gb_relate_token(r, x->line, x->col);
		int f = token >= 0 ? gb_source_func_around(s, (uint32_t)token) : -1;

		if (token >= 0 && !x->func[0]) {
			const char *name = f >= 0 ? s->funcs[f].name : "init";

			x->func = gb_word(r->e->state, name, strlen(name));
		}
		if (!x->func)
			return gb_fail_nomem(err);
		if (f < 0 || !s->funcs[f].literal)
			continue;
		struct gb_closure *c = &r->e->closures[closure_of(r, f)];
		/* Those at package level are counted through all files: learned from what is in
		 * them. */
		if (!c->name[0] && gb_starts(x->func, "init.func"))
			c->name = x->func;
	}
	return 0;
}

static const struct gb_closure *closure_at(const struct gb_relating *r, int line, int col, int *ret)
{
	size_t low = r->closures, high = r->closures + r->n_closures;
	const struct gb_closure *c = r->e->closures;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (c[middle].line < line || (c[middle].line == line && c[middle].col < col))
			low = middle + 1;
		else
			high = middle;
	}
	*ret = (int)low;
	return low < r->closures + r->n_closures && c[low].line == line && c[low].col == col
		       ? &c[low]
		       : NULL;
}

static bool is_around(const struct gb_closure *c, const struct gb_escape *x)
{
	return (x->line > c->line || (x->line == c->line && x->col > c->col)) &&
	       (x->line < c->end_line || (x->line == c->end_line && x->col < c->end_col));
}

/* The closure that a value is, or that captured it. */
static void tie_closures(struct gb_relating *r)
{
	int at;

	for (size_t i = r->first; i < r->first + r->n; i++) {
		struct gb_escape *x = &r->e->v[i];

		if (x->kind == GB_ESCAPE_CLOSURE && closure_at(r, x->line, x->col, &at)) {
			x->closure = at;
			r->e->closures[at].escape = (int)i;
			r->e->closures[at].heap = true;
		}
		for (size_t k = 0; k < x->n_steps && x->kind == GB_ESCAPE_VARIABLE; k++) {
			const struct gb_escape_step *step = &x->steps[k];
			int64_t token = step->file == x->file
						? gb_relate_token(r, step->line, step->col)
						: -1;

			if (token < 0 || strcmp(step->why, "captured by a closure") != 0)
				continue;
			at = gb_relate_closure_around(r, (uint32_t)token);
			/* `go f(x)` is a closure of the compiler's own making. */
			if (at < 0 || is_around(&r->e->closures[at], x))
				continue;
			x->closure = at;
			break;
		}
	}
}

static int relate_file(struct gb_relating *r, struct gb_err *err)
{
	int rc = 0;

	if (r->source) {
		for (size_t i = 0; i < r->source->n_funcs && !rc; i++)
			if (r->source->funcs[i].literal)
				rc = add_closure(r, &r->source->funcs[i], err);
		if (!rc)
			rc = name_functions(r, err);
		if (!rc)
			tie_closures(r);
		if (!rc)
			rc = gb_relate_captures(r, err);
		if (!rc)
			rc = gb_relate_facts(r, err);
	}
	return rc ? rc : gb_relate_keepers(r, err);
}

/* A source that is not there, or too large, leaves its part unknown. */
static int read_source(const struct gb_escape_file *f, struct gb_source **ret, struct gb_err *err)
{
	_buf_ struct gb_buf text = GB_BUF_INIT(GB_MAX_GO_SOURCE);
	int rc = f->path ? gb_fs_read(f->path, &text, NULL) : GB_ENOTFOUND;

	*ret = NULL;
	if (!rc)
		rc = gb_source_read(text.data, text.len, ret, NULL);
	return rc == GB_ENOMEM ? gb_fail_nomem(err) : 0;
}

static bool is_of(const struct gb_escape_file *f, const char *package, const char *file)
{
	return f->package == package && f->name == file;
}

int gb_escapes_relate(struct gb_escapes *e, struct gb_err *err)
{
	struct gb_escape_state *s = e->state;
	struct gb_relating r = { .e = e };
	int rc = 0;

	/* All are sorted by package and file. */
	for (size_t i = 0; i < s->n_files && !rc; i++) {
		_source_ struct gb_source *source = NULL;

		r.file = &s->files[i];
		r.first += r.n;
		r.captured += r.n_captured;
		r.params += r.n_params;
		r.closures = e->n_closures;
		r.n = r.n_captured = r.n_params = r.n_closures = 0;
		while (r.first + r.n < e->n &&
		       is_of(r.file, e->v[r.first + r.n].package, e->v[r.first + r.n].file))
			r.n++;
		while (r.captured + r.n_captured < s->n_captured &&
		       is_of(r.file, s->captured[r.captured + r.n_captured].spot.package,
			     s->captured[r.captured + r.n_captured].spot.file))
			r.n_captured++;
		while (r.params + r.n_params < e->n_params &&
		       is_of(r.file, e->params[r.params + r.n_params].package,
			     e->params[r.params + r.n_params].file))
			r.n_params++;
		/* Files that are only mentioned belong to another package. */
		if (!r.n && !r.n_captured && !r.n_params)
			continue;
		if ((rc = read_source(r.file, &source, err)))
			return rc;
		r.source = source;
		rc = relate_file(&r, err);
	}
	return rc;
}
