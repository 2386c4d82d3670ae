#include "plan/affected.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/fs.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/text.h"
#include "plan/marks.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define NOBODY SIZE_MAX

int gb_plan_changes_add(struct gb_plan_changes *c, const char *path, enum gb_change_kind kind,
			struct gb_err *err)
{
	_free_ char *copy = gb_strdup(path);
	int rc = gb_grow((void **)&c->v, &c->cap, c->n + 1, sizeof(*c->v), GB_MAX_CHANGES, err);

	if (rc)
		return rc;
	if (!copy)
		return gb_fail_nomem(err);
	c->v[c->n++] = (struct gb_plan_change){ GB_TAKE(copy), kind };
	return 0;
}

void gb_plan_changes_release(struct gb_plan_changes *c)
{
	for (size_t i = 0; i < c->n; i++)
		free(c->v[i].path);
	free(c->v);
	*c = (struct gb_plan_changes){ 0 };
}

bool gb_plan_changes_matter(const struct gb_plan_changes *c, const char *budgets)
{
	for (size_t i = 0; i < c->n; i++)
		if (c->v[i].kind != GB_CHANGE_IGNORED && !gb_plan_is_budget(c->v[i].path, budgets))
			return true;
	return false;
}

/* Who imports each row: from[first[i]] to from[first[i + 1]]. */
struct importers {
	size_t *first, *from;
};

static int turn_round(const struct gb_plan_packages *p, struct importers *r, struct gb_err *err)
{
	size_t n = 0;

	for (size_t i = 0; i < p->n; i++)
		n += p->v[i].n_to;
	r->first = gb_calloc(p->n + 2, sizeof(*r->first));
	r->from = gb_calloc(n + 1, sizeof(*r->from));
	if (!r->first || !r->from)
		return gb_fail_nomem(err);
	for (size_t i = 0; i < p->n; i++)
		for (size_t k = 0; k < p->v[i].n_to; k++)
			r->first[p->v[i].to[k] + 2]++;
	for (size_t i = 2; i < p->n + 2; i++)
		r->first[i] += r->first[i - 1];
	for (size_t i = 0; i < p->n; i++)
		for (size_t k = 0; k < p->v[i].n_to; k++)
			r->from[r->first[p->v[i].to[k] + 1]++] = i;
	return 0;
}

/*
 * Which row makes each row move: itself, or the nearest one that it imports by any way; NOBODY.
 * `source` says which do so by themselves.
 */
static int spread(const struct gb_plan_packages *p, const struct importers *r,
		  bool (*source)(const void *arg, size_t row), const void *arg, size_t *cause,
		  struct gb_err *err)
{
	_free_ size_t *queue = gb_calloc(p->n + 1, sizeof(*queue));
	size_t n = 0;

	if (!queue)
		return gb_fail_nomem(err);
	for (size_t i = 0; i < p->n; i++) {
		cause[i] = source(arg, i) ? i : NOBODY;
		if (cause[i] != NOBODY)
			queue[n++] = i;
	}
	for (size_t at = 0; at < n; at++) {
		for (size_t k = r->first[queue[at]]; k < r->first[queue[at] + 1]; k++) {
			size_t to = r->from[k];

			if (cause[to] != NOBODY)
				continue;
			cause[to] = cause[queue[at]];
			queue[n++] = to;
		}
	}
	return 0;
}

static bool is_marked(const void *arg, size_t row)
{
	const struct gb_plan_marks *m = arg;

	return m->rows[row].why != GB_PLAN_SAME;
}

static bool roams(const void *arg, size_t row)
{
	const struct gb_plan_marks *m = arg;

	return m->p->v[row].roams;
}

struct moving {
	struct gb_plan_marks m;
	struct importers importers;
	size_t *cause, *roamer;
	const char *any; /* a change that those that roam may see */
};

/* The program that runs a row's tests; the row itself where it has none. */
static int test_of(const struct gb_plan_packages *p, size_t row, size_t *ret, struct gb_err *err)
{
	_free_ char *path = gb_asprintf("%s.test", p->v[row].path);
	const struct gb_plan_package *test;

	if (!path)
		return gb_fail_nomem(err);
	test = gb_plan_package(p, path);
	*ret = test && test->test_main ? (size_t)(test - p->v) : row;
	return 0;
}

static bool same_package(const struct gb_plan_package *a, const struct gb_plan_package *b)
{
	return a->dir && b->dir && strcmp(a->dir, b->dir) == 0;
}

static struct gb_plan_target decide(const struct moving *x, size_t row, size_t test)
{
	const struct gb_plan_packages *p = x->m.p;
	const struct gb_plan_mark *own = &x->m.own[row];
	struct gb_plan_target t = { .package = &p->v[row] };
	size_t cause = x->cause[row] != NOBODY ? x->cause[row] : x->cause[test];
	size_t roamer = x->roamer[row] != NOBODY ? x->roamer[row] : x->roamer[test];

	if (x->m.all.why) {
		t.why = x->m.all.why;
		t.file = x->m.all.file;
	} else if (own->why) {
		t.why = own->why;
		t.file = own->file;
	} else if (cause != NOBODY) {
		bool itself = same_package(&p->v[cause], t.package);

		t.why = x->m.rows[cause].why;
		t.file = x->m.rows[cause].file;
		t.via = itself ? NULL : p->v[cause].path;
		if (t.why == GB_PLAN_FILE && !itself)
			t.why = GB_PLAN_DEPENDS;
	} else if (x->any && roamer != NOBODY) {
		t.why = GB_PLAN_ROAMS;
		t.file = x->any;
		t.via = same_package(&p->v[roamer], t.package) ? NULL : p->v[roamer].path;
	}
	return t;
}

static const char *first_that_matters(const struct gb_plan_changes *c, const char *budgets)
{
	for (size_t i = 0; i < c->n; i++)
		if (c->v[i].kind != GB_CHANGE_IGNORED && !gb_plan_is_budget(c->v[i].path, budgets))
			return c->v[i].path;
	return NULL;
}

static int move(struct moving *x, struct gb_plan *plan, struct gb_err *err)
{
	const struct gb_plan_packages *p = x->m.p;
	int rc;

	x->any = first_that_matters(x->m.c, x->m.o->budgets);
	x->cause = gb_calloc(p->n + 1, sizeof(*x->cause));
	x->roamer = gb_calloc(p->n + 1, sizeof(*x->roamer));
	plan->v = gb_calloc(p->n + 1, sizeof(*plan->v));
	if (!x->cause || !x->roamer || !plan->v)
		return gb_fail_nomem(err);
	if ((rc = gb_plan_marks_make(&x->m, err)) || (rc = turn_round(p, &x->importers, err)) ||
	    (rc = spread(p, &x->importers, is_marked, &x->m, x->cause, err)) ||
	    (rc = spread(p, &x->importers, roams, &x->m, x->roamer, err)))
		return rc;
	for (size_t i = 0; i < p->n; i++) {
		size_t test = i;

		if (!p->v[i].asked)
			continue;
		if ((rc = test_of(p, i, &test, err)))
			return rc;
		plan->v[plan->n] = decide(x, i, test);
		plan->n_affected += plan->v[plan->n++].why != GB_PLAN_SAME;
	}
	return 0;
}

int gb_plan_affected(const struct gb_plan_packages *p, const struct gb_plan_changes *c,
		     const struct gb_plan_options *o, struct gb_plan *ret, struct gb_err *err)
{
	struct moving x = { .m = { .p = p, .c = c, .o = o } };
	struct gb_plan plan = { 0 };
	int rc = move(&x, &plan, err);

	gb_plan_marks_release(&x.m);
	free(x.importers.first);
	free(x.importers.from);
	free(x.cause);
	free(x.roamer);
	if (rc) {
		gb_plan_release(&plan);
		return rc;
	}
	*ret = plan;
	return 0;
}

void gb_plan_release(struct gb_plan *plan)
{
	free(plan->v);
	*plan = (struct gb_plan){ 0 };
}

void gb_plan_say(const struct gb_plan_target *t, const char *top, struct gb_buf *out)
{
	const char *file = t->file ? gb_path_relative(t->file, top) : NULL;

	switch (t->why) {
	case GB_PLAN_SAME:
		gb_buf_adds(out, "the change cannot move it");
		break;
	case GB_PLAN_FILE:
		gb_buf_addf(out, "%s changed", file);
		break;
	case GB_PLAN_BUDGET:
		gb_buf_addf(out, "its budget file %s changed", file);
		break;
	case GB_PLAN_DEPENDS:
		gb_buf_addf(out, "depends on %s: %s changed", t->via, file);
		break;
	case GB_PLAN_NATIVE:
		gb_buf_addf(out, "%s is not only Go, and may include %s, which changed",
			    t->via ? t->via : "it", file);
		break;
	case GB_PLAN_MODULE:
		gb_buf_addf(out, "depends on %s, whose module is another in %s", t->via, file);
		break;
	case GB_PLAN_READS:
		gb_buf_addf(out, "its tests read %s, which changed", file);
		break;
	case GB_PLAN_ROAMS:
		gb_buf_addf(out, "%s looks at files elsewhere, and %s changed",
			    t->via ? t->via : "it", file);
		break;
	case GB_PLAN_UNKNOWN:
		gb_buf_addf(out, "%s cannot be compared with the base", t->via ? t->via : "it");
		if (file)
			gb_buf_addf(out, ": git ignores %s", file);
		break;
	case GB_PLAN_ALL:
		gb_buf_addf(out, "%s changed", file);
		break;
	}
}
