#include "budget/trend.h"

#include "base/err.h"
#include "base/mem.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define BEFORE_LEAST ((size_t)7)
#define BEFORE_MOST  ((size_t)60) /* what was earlier says nothing of now */
#define AFTER_LEAST  ((size_t)3)
#define AFTER_MOST   ((size_t)21)
#define BY_CHANCE    1e-4 /* of a row of values on the other side */
#define STILL	     4	  /* so many times their range */
/* Seven nights that are still and three that are elsewhere are told. */
#define BY_CHANCE_STILL 2e-3
#define BY_NOISE	4.5  /* standard deviations between two medians */
#define BY_SLOPE	0.75 /* of the pairs of a level that climbs or falls */
#define BY_ORDER	5.0  /* standard deviations of Kendall's S */
#define MAD_SCALE	1.4826
#define MEDIAN_COST	1.2533 /* a median varies that much more than a mean */

/* What all of it works on: sorted copies and the nights' slopes. */
struct work {
	double before[BEFORE_MOST + 1], after[AFTER_MOST + 1], away[BEFORE_MOST];
	double slopes[GB_TREND_WINDOW * (GB_TREND_WINDOW - 1) / 2];
	size_t nb, na;
};

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double middle(const double *v, size_t n)
{
	return n % 2 ? v[n / 2] : v[n / 2 - 1] / 2 + v[n / 2] / 2;
}

static double middle_of(double *v, size_t n)
{
	qsort(v, n, sizeof(*v), by_value);
	return middle(v, n);
}

/* The first of v that is not less. */
static size_t place(const double *v, size_t n, double x)
{
	size_t low = 0;

	while (n > low) {
		size_t at = low + (n - low) / 2;

		if (v[at] < x)
			low = at + 1;
		else
			n = at;
	}
	return low;
}

static void put(double *v, size_t *n, double x)
{
	size_t at = place(v, *n, x);

	memmove(v + at + 1, v + at, (*n - at) * sizeof(*v));
	v[at] = x;
	++*n;
}

static void take(double *v, size_t *n, double x)
{
	size_t at = place(v, *n, x);

	memmove(v + at, v + at + 1, (*n - at - 1) * sizeof(*v));
	--*n;
}

/* How far sorted values lie from their middle, as a standard deviation. */
static double noise(struct work *w, const double *v, size_t n, double at)
{
	for (size_t i = 0; i < n; i++)
		w->away[i] = fabs(v[i] - at);
	return MAD_SCALE * middle_of(w->away, n);
}

static double away(const double *v, size_t n, double at)
{
	double sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += fabs(v[i] - at);
	return sum;
}

/* How often so many of `after` would lie beyond `half` if they were like those of before. */
static double by_chance(const struct work *w, double half, double size)
{
	size_t others = 0, beyond = 0;
	double p, way, sum = 0;

	for (size_t i = 0; i < w->nb; i++)
		others += (w->before[i] - half) * size > 0;
	for (size_t i = 0; i < w->na; i++)
		beyond += (w->after[i] - half) * size > 0;
	p = ((double)others + 1) / ((double)w->nb + 2);
	way = pow(p, (double)w->na);
	for (size_t k = w->na; k > beyond; k--) {
		sum += way;
		way *= (double)k / (double)(w->na - k + 1) * (1 - p) / p;
	}
	return sum + way;
}

/* Do most pairs of these nights climb, or fall, with `way`?  Then it is a slope, which find_drift() tells
 * when it has gone on for long enough, and no level that ends here. */
static bool slopes(const double *v, size_t n, double way)
{
	size_t pairs = n * (n - 1) / 2;
	int s = 0;

	for (size_t i = 0; i < n; i++)
		for (size_t j = i + 1; j < n; j++)
			s += (v[j] > v[i]) - (v[j] < v[i]);
	return (way > 0 ? s : -s) > (int)(BY_SLOPE * (double)pairs);
}

/* Do the sorted nights lie so close together that a change of this size is none of their own? */
static bool is_still(const double *v, size_t n, double size)
{
	return (v[n - 1] - v[0]) * STILL <= fabs(size);
}

/* How surely the sorted nights before and after are two levels, 0: not at all. */
static double step(struct work *w, double least, struct gb_change *c)
{
	double size, half, noise_before, noise_after, spread, apart, chance = BY_CHANCE;

	c->before = middle(w->before, w->nb);
	c->after = middle(w->after, w->na);
	size = c->after - c->before;
	half = c->before + size / 2;
	/* What costs least rules out most. */
	if (fabs(size) < least * fabs(c->before) || size == 0)
		return 0;
	if (is_still(w->before, w->nb, size) && is_still(w->after, w->na, size))
		chance = BY_CHANCE_STILL;
	if (by_chance(w, half, size) > chance)
		return 0;
	noise_before = noise(w, w->before, w->nb, c->before);
	noise_after = noise(w, w->after, w->na, c->after);
	spread = MEDIAN_COST * fmax(noise_before, noise_after) *
		 sqrt(1 / (double)w->na + 1 / (double)w->nb);
	if (fabs(size) < BY_NOISE * spread)
		return 0;
	/* Among splits that are sure, the one with nights nearest to their own level; of those the
	 * longest row. */
	apart = away(w->before, w->nb, c->before) + away(w->after, w->na, c->after);
	return 1 / (1 + apart / fabs(size) / (double)(w->nb + w->na)) + (double)w->na * 1e-9;
}

/* The best split of v[from..end), if any is sure. */
static bool find_step(struct work *w, const double *v, size_t from, size_t end, double least,
		      struct gb_change *ret)
{
	double best = 0;

	if (end - from < AFTER_LEAST + BEFORE_LEAST)
		return false;
	w->na = w->nb = 0;
	for (size_t at = end - AFTER_LEAST; at < end; at++)
		put(w->after, &w->na, v[at]);
	for (size_t k = 1; k <= BEFORE_MOST && from + k <= end - AFTER_LEAST; k++)
		put(w->before, &w->nb, v[end - AFTER_LEAST - k]);
	for (;;) {
		size_t at = end - w->na;
		struct gb_change c = { .from = at, .told = end - 1 };
		double sure = step(w, least, &c);

		if (sure > best && !slopes(v + at - w->nb, w->nb, c.after - c.before)) {
			best = sure;
			*ret = c;
		}
		if (w->na == AFTER_MOST || end - from < w->na + 1 + BEFORE_LEAST)
			return best > 0;
		/* The newest night of before is the oldest of after. */
		take(w->before, &w->nb, v[at - 1]);
		put(w->after, &w->na, v[at - 1]);
		if (at - from > BEFORE_MOST)
			put(w->before, &w->nb, v[at - 1 - BEFORE_MOST]);
	}
}

/* Kendall's S of the last nights in its own standard deviations, and the median slope. */
static bool find_drift(struct work *w, const double *v, size_t from, size_t end, double least,
		       struct gb_change *ret)
{
	const size_t n = GB_TREND_WINDOW;
	const double *x = v + end - n;
	double slope, nights = (double)n, at;
	size_t k = 0;
	int s = 0;

	if (end - from < n)
		return false;
	for (size_t i = 0; i < n; i++)
		for (size_t j = i + 1; j < n; j++)
			s += (x[j] > x[i]) - (x[j] < x[i]);
	if (fabs((double)s) - 1 < BY_ORDER * sqrt(nights * (nights - 1) * (2 * nights + 5) / 18))
		return false;
	for (size_t i = 0; i < n; i++)
		for (size_t j = i + 1; j < n; j++)
			w->slopes[k++] = (x[j] - x[i]) / (double)(j - i);
	slope = middle_of(w->slopes, k);
	memcpy(w->away, x, n * sizeof(*x));
	at = middle_of(w->away, n);
	*ret = (struct gb_change){
		.kind = GB_DRIFT,
		.from = end - n,
		.told = end - 1,
		.before = at - slope * (nights - 1) / 2,
		.after = at + slope * (nights - 1) / 2,
	};
	return fabs(ret->after - ret->before) >= least * fabs(ret->before) && slope != 0;
}

int gb_trend_find(const double *v, size_t n, double least, struct gb_trend *ret, struct gb_err *err)
{
	struct gb_trend found = { 0 };
	_free_ struct work *w = gb_calloc(1, sizeof(*w));
	size_t from = 0, flat = 0; /* v[flat..end) are all the same */
	int rc = w ? 0 : gb_fail_nomem(err);

	if (rc >= 0 && n > GB_TREND_MAX)
		rc = gb_fail(err, GB_ELIMIT, "more than %zu nights", GB_TREND_MAX);
	for (size_t end = 1; rc >= 0 && end <= n; end++) {
		struct gb_change c;

		if (v[end - 1] != v[flat])
			flat = end - 1;
		/* Where nothing changes, as exact metrics mostly do, there is nothing to find. */
		if (flat <= from || end - flat >= BEFORE_MOST + AFTER_MOST)
			continue;
		if (!find_step(w, v, from, end, least, &c) &&
		    !find_drift(w, v, from, end, least, &c))
			continue;
		rc = gb_grow((void **)&found.v, &found.cap, found.n + 1, sizeof(*found.v),
			     GB_TREND_MAX, err);
		if (rc >= 0)
			found.v[found.n++] = c;
		/* What comes is compared with what is now. */
		from = c.kind == GB_DRIFT ? end : c.from;
	}
	if (rc < 0)
		gb_trend_release(&found);
	else
		*ret = found;
	return rc < 0 ? rc : 0;
}

void gb_trend_release(struct gb_trend *t)
{
	free(t->v);
	*t = (struct gb_trend){ 0 };
}
