/*
 * What the compiler said to each shard, put together package by package.  A shard knows
 * more packages than its own: those that these import, as far as the build cache had them.
 * The word of the shard that asked for a package counts, else that of the first that has it.
 */
#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "report/merging.h"

#include <stdlib.h>
#include <string.h>

struct source {
	const struct gb_escape_package *p;
	struct gb_loaded *part;
	size_t number; /* of the part */
};

struct sources {
	struct source *v;
	size_t n;
};

static int by_package(const void *pa, const void *pb)
{
	const struct source *a = pa, *b = pb;
	int c = strcmp(a->p->path, b->p->path);

	if (c)
		return c;
	if (a->p->asked != b->p->asked)
		return a->p->asked ? -1 : 1;
	return (a->number > b->number) - (a->number < b->number);
}

static int find_sources(const struct gb_merging *m, struct sources *ret, struct gb_err *err)
{
	size_t all = 0, n = 0;

	for (size_t i = 0; i < m->n; i++)
		all += m->parts[i]->head ? m->parts[i]->head->n_packages : 0;
	ret->v = gb_calloc(all + 1, sizeof(*ret->v));
	if (!ret->v)
		return gb_fail_nomem(err);
	for (size_t i = 0; i < m->n; i++) {
		const struct gb_escapes *e = m->parts[i]->head;

		for (size_t k = 0; e && k < e->n_packages; k++)
			ret->v[ret->n++] = (struct source){ &e->packages[k], m->parts[i], i };
	}
	if (ret->n)
		qsort(ret->v, ret->n, sizeof(*ret->v), by_package);
	for (size_t i = 0; i < ret->n; i++)
		if (!n || strcmp(ret->v[n - 1].p->path, ret->v[i].p->path) != 0)
			ret->v[n++] = ret->v[i];
	ret->n = n;
	return 0;
}

static int take_values(struct gb_loaded *out, const struct source *s, struct gb_err *err)
{
	const struct gb_escapes *from = s->part->head;
	const struct gb_escape_diff *d = &s->part->diff;
	struct gb_escapes *e = out->head;
	int rc = gb_grow((void **)&e->packages, &e->cap_packages, e->n_packages + 1,
			 sizeof(*e->packages), SIZE_MAX, err);

	if (rc < 0)
		return rc;
	e->packages[e->n_packages] = *s->p;
	e->packages[e->n_packages++].first = e->n;
	/* The array has room for all: pointers into it stay. */
	for (size_t i = 0; i < s->p->n; i++)
		e->v[e->n + i] = from->v[s->p->first + i];
	for (size_t i = 0; i < d->n_fresh; i++) {
		size_t at = (size_t)(d->fresh[i] - from->v);

		if (at >= s->p->first && at < s->p->first + s->p->n)
			out->diff.fresh[out->diff.n_fresh++] = &e->v[e->n + at - s->p->first];
	}
	e->n += s->p->n;
	return 0;
}

static int take_rest(struct gb_escapes *e, const struct source *s, struct gb_err *err)
{
	struct gb_escapes *from = s->part->head;
	int rc = 0;

	for (size_t i = 0; i < from->n_closures && rc >= 0; i++) {
		struct gb_closure *c = &from->closures[i];

		if (strcmp(c->package, s->p->path) != 0)
			continue;
		rc = gb_grow((void **)&e->closures, &e->cap_closures, e->n_closures + 1,
			     sizeof(*e->closures), SIZE_MAX, err);
		if (rc < 0)
			return rc;
		e->closures[e->n_closures++] = *c;
		c->captures = NULL;
		c->n_captures = c->cap_captures = 0;
	}
	for (size_t i = 0; i < from->n_params && rc >= 0; i++) {
		if (strcmp(from->params[i].package, s->p->path) != 0)
			continue;
		rc = gb_grow((void **)&e->params, &e->cap_params, e->n_params + 1,
			     sizeof(*e->params), SIZE_MAX, err);
		if (rc >= 0)
			e->params[e->n_params++] = from->params[i];
	}
	return rc;
}

static int make_room(const struct gb_merging *m, struct gb_err *err)
{
	struct gb_loaded *out = m->out;
	size_t values = 0, fresh = 0, gone = 0;

	for (size_t i = 0; i < m->n; i++) {
		values += m->parts[i]->head ? m->parts[i]->head->n : 0;
		fresh += m->parts[i]->diff.n_fresh;
		gone += m->parts[i]->diff.n_gone;
	}
	out->head->v = gb_calloc(values + 1, sizeof(*out->head->v));
	out->base->v = gb_calloc(gone + 1, sizeof(*out->base->v));
	out->diff.fresh = gb_calloc(fresh + 1, sizeof(*out->diff.fresh));
	out->diff.gone = gb_calloc(gone + 1, sizeof(*out->diff.gone));
	if (!out->head->v || !out->base->v || !out->diff.fresh || !out->diff.gone)
		return gb_fail_nomem(err);
	out->head->cap = values + 1;
	out->base->cap = out->diff.cap_gone = gone + 1;
	out->diff.cap_fresh = fresh + 1;
	return 0;
}

struct ranked {
	const struct gb_escape *x;
	size_t number;
};

static int by_rank(const void *pa, const void *pb)
{
	const struct ranked *a = pa, *b = pb;
	int c = strcmp(a->x->package, b->x->package);

	return c ? c : (a->number > b->number) - (a->number < b->number);
}

static int take_gone(const struct gb_merging *m, struct gb_err *err)
{
	struct gb_loaded *out = m->out;
	_free_ struct ranked *all = gb_calloc(out->base->cap, sizeof(*all));
	size_t n = 0;

	if (!all)
		return gb_fail_nomem(err);
	for (size_t i = 0; i < m->n; i++)
		for (size_t k = 0; k < m->parts[i]->diff.n_gone; k++, n++)
			all[n] = (struct ranked){ m->parts[i]->diff.gone[k], n };
	if (n)
		qsort(all, n, sizeof(*all), by_rank);
	for (size_t i = 0; i < n; i++) {
		out->base->v[i] = *all[i].x;
		out->diff.gone[i] = &out->base->v[i];
	}
	out->base->n = out->diff.n_gone = n;
	return 0;
}

static int by_place(const void *pa, const void *pb)
{
	const struct gb_warning *a = pa, *b = pb;
	int c = strcmp(a->package, b->package);

	if (!c)
		c = strcmp(a->file, b->file);
	if (!c)
		c = (a->line > b->line) - (a->line < b->line);
	return c ? c : (a->col > b->col) - (a->col < b->col);
}

static int take_warnings(const struct gb_merging *m, struct gb_err *err)
{
	struct gb_warnings *out = &m->out->warnings;
	int order = 0;

	for (size_t i = 0; i < m->n; i++) {
		struct gb_warnings *from = &m->parts[i]->warnings;

		for (size_t k = 0; k < from->n; k++) {
			int rc = gb_grow((void **)&out->v, &out->cap, out->n + 1, sizeof(*out->v),
					 SIZE_MAX, err);

			if (rc < 0)
				return rc;
			out->v[out->n] = from->v[k];
			out->v[out->n++].col = order++; /* as they came, where a line has two */
			from->v[k].reason = from->v[k].fix = NULL;
		}
	}
	if (out->n)
		qsort(out->v, out->n, sizeof(*out->v), by_place);
	return 0;
}

static int put_together(const struct gb_merging *m, const struct sources *s, struct gb_err *err)
{
	struct gb_loaded *out = m->out;
	int rc = make_room(m, err);

	for (size_t i = 0; i < s->n && rc >= 0; i++) {
		rc = take_values(out, &s->v[i], err);
		if (rc >= 0)
			rc = take_rest(out->head, &s->v[i], err);
	}
	if (rc >= 0)
		rc = take_gone(m, err);
	return rc < 0 ? rc : take_warnings(m, err);
}

int gb_merge_escapes(const struct gb_merging *m, struct gb_err *err)
{
	struct gb_loaded *out = m->out;
	struct sources s = { 0 };
	bool any = false;
	int rc;

	for (size_t i = 0; i < m->n; i++) {
		const struct gb_report_escapes *e = m->parts[i]->report.escapes;

		if (!e)
			continue;
		any = true;
		if (e->diff)
			out->escapes.diff = &out->diff;
		if (e->base)
			out->escapes.base = e->base;
	}
	if (!any)
		return 0;
	if ((rc = gb_escapes_new(&out->head, err)) < 0 ||
	    (rc = gb_escapes_new(&out->base, err)) < 0 || (rc = find_sources(m, &s, err)) < 0)
		return rc;
	rc = put_together(m, &s, err);
	free(s.v);
	out->escapes.head = out->head;
	out->escapes.base_set = out->base;
	out->escapes.warnings = &out->warnings;
	out->report.escapes = &out->escapes;
	return rc;
}
