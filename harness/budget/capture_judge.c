/* A service's shots against its budget.  See capture.h. */
#include "budget/capture.h"

#include "base/err.h"
#include "base/mem.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static int64_t grown(const struct gb_capturing *c, const struct gb_capture_group *g)
{
	return c->n_shots ? g->count[c->n_shots - 1] - g->count[0] : 0;
}

static const struct gb_capturing *sorting; /* qsort() hands on no argument */

static int most_growth_first(const void *a, const void *b)
{
	const struct gb_capture_group *x = a, *y = b;
	size_t last = sorting->n_shots - 1;
	int64_t grew_x = grown(sorting, x), grew_y = grown(sorting, y);
	int order;

	if (grew_x != grew_y)
		return grew_x < grew_y ? 1 : -1;
	if (x->count[last] != y->count[last])
		return x->count[last] < y->count[last] ? 1 : -1;
	if ((order = strcmp(x->created.func, y->created.func)))
		return order;
	if (x->created.line != y->created.line)
		return x->created.line - y->created.line;
	if ((order = strcmp(x->where.func, y->where.func)))
		return order;
	if (x->where.line != y->where.line)
		return x->where.line - y->where.line;
	return strcmp(x->state, y->state);
}

static int add(struct gb_capturing *c, struct gb_capture_verdict v, struct gb_err *err)
{
	int rc = gb_grow((void **)&c->verdicts, &c->cap_verdicts, c->n_verdicts + 1,
			 sizeof(*c->verdicts), 1000000, err);

	if (rc < 0)
		return rc;
	v.over = v.measured > v.ceiling;
	c->verdicts[c->n_verdicts++] = v;
	c->n_over += v.over;
	return 0;
}

/* "heap" for what people budget as live_heap: which profile is missing. */
static int unknown(const char *budget, enum gb_capture_kind kind, struct gb_err *err)
{
	gb_fail(err, GB_EMEASURE, "%s cannot be judged: the service has not told", budget);
	gb_hint(err, "/debug/pprof/%s is where it would", gb_capture_sources[kind].query);
	return GB_EMEASURE;
}

static int judge_level(struct gb_capturing *c, const char *name, enum gb_capture_kind kind,
		       int64_t ceiling, bool is_bytes, struct gb_err *err)
{
	struct gb_capture_verdict v = { .name = name,
					.measured = GB_CAPTURE_UNKNOWN,
					.ceiling = ceiling,
					.is_bytes = is_bytes };

	if (ceiling == GB_SERVICE_NONE)
		return 0;
	for (size_t i = 0; i < c->n_shots; i++) {
		const struct gb_capture_shot *s = &c->shots[i];
		bool is_text = kind == GB_CAPTURE_STACKS;
		int64_t value = is_text ? s->blocked : s->value[kind];

		if (value > v.measured) {
			v.measured = value;
			v.shot = i;
		}
	}
	return v.measured < 0 ? unknown(name, kind, err) : add(c, v, err);
}

/* Without the leak profile nothing is proven, which is not known to be a breach. */
static int judge_proven(struct gb_capturing *c, struct gb_err *err)
{
	if (!c->first[GB_CAPTURE_LEAK])
		return 0;
	return judge_level(c, "proven", GB_CAPTURE_LEAK, c->budget->proven, false, err);
}

static int judge_growth(struct gb_capturing *c, const char *name, enum gb_capture_kind kind,
			int64_t ceiling, bool is_bytes, struct gb_err *err)
{
	struct gb_capture_verdict v = { .name = name,
					.ceiling = ceiling,
					.is_bytes = is_bytes,
					.per_minute = true,
					.shot = c->n_shots - 1 };
	double slope;

	if (ceiling == GB_SERVICE_NONE)
		return 0;
	if (!c->first[kind])
		return unknown(name, kind, err);
	if (!gb_capture_growth(c, kind, &slope)) {
		gb_fail(err, GB_EMEASURE, "%s cannot be judged by one capture", name);
		gb_hint(err, "take --count 3 or more");
		return GB_EMEASURE;
	}
	slope = ceil(slope);
	v.measured = slope >= 9e18 ? INT64_MAX : slope <= -9e18 ? INT64_MIN : (int64_t)slope;
	return add(c, v, err);
}

static int judge_sites(struct gb_capturing *c, struct gb_err *err)
{
	int rc = 0;

	for (size_t r = 0; r < c->budget->n_sites && rc >= 0; r++) {
		const struct gb_service_site *rule = &c->budget->sites[r];
		struct gb_capture_verdict v = { .name = "sites", .rule = rule, .measured = -1 };

		if (rule->goroutines == GB_SERVICE_NONE)
			continue;
		v.ceiling = rule->goroutines;
		for (size_t i = 0; i < c->n_shots; i++) {
			int64_t n = 0;

			if (c->shots[i].value[GB_CAPTURE_STACKS] < 0)
				continue;
			for (size_t g = 0; g < c->n_groups; g++)
				n += c->groups[g].rule == r + 1 ? c->groups[g].count[i] : 0;
			if (n > v.measured) {
				v.measured = n;
				v.shot = i;
			}
		}
		rc = v.measured < 0 ? unknown("sites", GB_CAPTURE_STACKS, err) : add(c, v, err);
	}
	return rc;
}

int gb_capture_judge(struct gb_capturing *c, struct gb_err *err)
{
	const struct gb_service *b = c->budget;
	int rc;

	if (!c->n_shots)
		return gb_fail(err, GB_EMEASURE, "nothing was captured");
	rc = gb_capture_slopes(c, err);
	for (int k = 0; k < GB_CAPTURE_KINDS && rc >= 0; k++)
		rc = gb_capture_weigh(c, (enum gb_capture_kind)k, err);
	if (rc < 0)
		return rc;
	sorting = c;
	if (c->n_groups)
		qsort(c->groups, c->n_groups, sizeof(*c->groups), most_growth_first);
	if ((rc = judge_level(c, "goroutines", GB_CAPTURE_GOROUTINE, b->goroutines, false, err)) <
		    0 ||
	    (rc = judge_level(c, "blocked", GB_CAPTURE_STACKS, b->blocked, false, err)) < 0 ||
	    (rc = judge_proven(c, err)) < 0 ||
	    (rc = judge_level(c, "live_heap", GB_CAPTURE_HEAP, b->live_heap, true, err)) < 0 ||
	    (rc = judge_growth(c, "growth.goroutines", GB_CAPTURE_GOROUTINE, b->growth_goroutines,
			       false, err)) < 0 ||
	    (rc = judge_growth(c, "growth.live_heap", GB_CAPTURE_HEAP, b->growth_heap, true, err)) <
		    0)
		return rc;
	return judge_sites(c, err);
}
