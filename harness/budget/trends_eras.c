#include "budget/trends_eras.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/text.h"
#include "budget/stats.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define LEVEL  ((size_t)7) /* nights on either side say what an upgrade did */
#define CHANCE 0.01

bool gb_env_is_related(const char *a, const char *b)
{
	const char *rest_a = strchr(a, ' '), *rest_b = strchr(b, ' ');

	return gb_starts(a, "go") && gb_starts(b, "go") && rest_a && rest_b &&
	       strcmp(rest_a, rest_b) == 0;
}

static int add(struct gb_trend *t, const struct gb_change *c, struct gb_err *err)
{
	int rc = gb_grow((void **)&t->v, &t->cap, t->n + 1, sizeof(*t->v), GB_TREND_MAX, err);

	if (rc >= 0)
		t->v[t->n++] = *c;
	return rc < 0 ? rc : 0;
}

/* The middle of v[0..n), which stay as they are. */
static double level(const double *v, size_t n)
{
	double copy[LEVEL];
	struct gb_median m;

	memcpy(copy, v, n * sizeof(*v));
	gb_stats_median(copy, n, &m);
	return m.at;
}

/* What the upgrade did: v[at] is the first of a new era, which ends before `end`. */
static struct gb_change upgrade(const double *v, size_t begin, size_t at, size_t end)
{
	size_t before = at - begin < LEVEL ? at - begin : LEVEL;

	return (struct gb_change){
		.kind = GB_UPGRADE,
		.from = at,
		.told = at,
		.before = level(v + at - before, before),
		.after = level(v + at, end - at < LEVEL ? end - at : LEVEL),
	};
}

static int find_in_era(struct gb_trend *t, const double *v, size_t begin, size_t end, double least,
		       struct gb_err *err)
{
	struct gb_trend era = { 0 };
	int rc = gb_trend_find(v + begin, end - begin, least, &era, err);

	for (size_t i = 0; i < era.n && rc >= 0; i++) {
		era.v[i].from += begin;
		era.v[i].told += begin;
		rc = add(t, &era.v[i], err);
	}
	gb_trend_release(&era);
	return rc;
}

/* Where the era of point `begin` ends. */
static size_t end_of_era(const struct gb_trends *t, const struct gb_series *s, size_t begin)
{
	const char *env = t->nights[s->points[begin].night].env;
	size_t end = begin + 1;

	while (end < s->n && strcmp(t->nights[s->points[end].night].env, env) == 0)
		end++;
	return end;
}

/* Did it move the level at all?  Noise does not count, where there are nights enough to know it. */
static int is_moved(const double *v, size_t begin, size_t end, const struct gb_change *c,
		    double least, bool *ret, struct gb_err *err)
{
	size_t before = c->from - begin < LEVEL ? c->from - begin : LEVEL;
	size_t after = end - c->from < LEVEL ? end - c->from : LEVEL;
	double a[LEVEL], b[LEVEL], p = 0;
	int rc = 0;

	memcpy(a, v + c->from - before, before * sizeof(*v));
	memcpy(b, v + c->from, after * sizeof(*v));
	if (gb_stats_least_p(before, after) < CHANCE)
		rc = gb_stats_u_test(a, before, b, after, &p, err);
	*ret = fabs(c->after - c->before) > least * c->before && p < CHANCE;
	return rc;
}

static int find(const struct gb_trends *t, struct gb_series *s, const double *v, double least,
		struct gb_err *err)
{
	size_t begin = 0, last = 0, at = end_of_era(t, s, 0);
	int rc = 0;

	/* One that left the level as it was divides nothing: more nights know more. */
	while (at < s->n && rc >= 0) {
		size_t end = end_of_era(t, s, at);
		struct gb_change c = upgrade(v, last, at, end);
		bool moved = false;

		rc = is_moved(v, last, end, &c, least, &moved, err);
		if (rc >= 0 && moved) {
			rc = find_in_era(&s->trend, v, begin, at, least, err);
			if (rc >= 0)
				rc = add(&s->trend, &c, err);
			begin = at;
		}
		last = at;
		at = end;
	}
	return rc < 0 ? rc : find_in_era(&s->trend, v, begin, s->n, least, err);
}

int gb_trends_find_changes(struct gb_trends *t, double least, struct gb_err *err)
{
	_free_ double *v = gb_calloc(t->n_nights + 1, sizeof(*v));
	int rc = 0;

	if (!v)
		return gb_fail_nomem(err);
	for (size_t s = 0; s < t->n && rc >= 0; s++) {
		for (size_t i = 0; i < t->series[s].n; i++)
			v[i] = (double)t->series[s].points[i].value;
		rc = find(t, &t->series[s], v, least, err);
	}
	return rc;
}
