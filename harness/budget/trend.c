#include "budget/trend.h"

#include "base/err.h"
#include "base/mem.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define BEFORE_LEAST ((size_t)7)
#define BEFORE_MOST  ((size_t)60) /* what was earlier says nothing of now */
#define AFTER_LEAST  ((size_t)3)
#define AFTER_MOST   ((size_t)21)
#define BY_CHANCE    1e-4 /* of a row of values on the other side */
#define BY_NOISE     6.0  /* standard deviations between two medians */
#define BY_ORDER     5.0  /* standard deviations of Kendall's S */
#define MAD_SCALE    1.4826
#define MEDIAN_COST  1.2533 /* a median varies that much more than a mean */

/* What all of it works on: sorted copies and the nights' slopes. */
struct work {
	double sorted[BEFORE_MOST], away[BEFORE_MOST];
	double slopes[GB_TREND_WINDOW * (GB_TREND_WINDOW - 1) / 2];
};

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double middle(double *v, size_t n)
{
	qsort(v, n, sizeof(*v), by_value);
	return n % 2 ? v[n / 2] : v[n / 2 - 1] / 2 + v[n / 2] / 2;
}

/* The median, and how far values lie from it. */
static double level(struct work *w, const double *v, size_t n, double *ret_noise)
{
	double at;

	memcpy(w->sorted, v, n * sizeof(*v));
	at = middle(w->sorted, n);
	for (size_t i = 0; i < n; i++)
		w->away[i] = fabs(v[i] - at);
	*ret_noise = MAD_SCALE * middle(w->away, n);
	return at;
}

/* How often so many of `after` would lie beyond `half` if they were like those of before. */
static double by_chance(const double *before, size_t nb, const double *after, size_t na,
			double half, double size)
{
	size_t others = 0, beyond = 0;
	double p, way, sum = 0;

	for (size_t i = 0; i < nb; i++)
		others += (before[i] - half) * size > 0;
	for (size_t i = 0; i < na; i++)
		beyond += (after[i] - half) * size > 0;
	p = ((double)others + 1) / ((double)nb + 2);
	way = pow(p, (double)na);
	for (size_t k = na; k > beyond; k--) {
		sum += way;
		way *= (double)k / (double)(na - k + 1) * (1 - p) / p;
	}
	return sum + way;
}

/* How surely before[0..nb) and after[0..na) are two levels, 0: not at all. */
static double step(struct work *w, const double *before, size_t nb, const double *after, size_t na,
		   double least, struct gb_change *c)
{
	double noise, noise_after, half, size, spread;

	c->before = level(w, before, nb, &noise);
	c->after = level(w, after, na, &noise_after);
	size = c->after - c->before;
	half = c->before + size / 2;
	if (fabs(size) < least * fabs(c->before) || size == 0)
		return 0;
	if (by_chance(before, nb, after, na, half, size) > BY_CHANCE)
		return 0;
	spread = MEDIAN_COST * fmax(noise, noise_after) * sqrt(1 / (double)na + 1 / (double)nb);
	if (fabs(size) < BY_NOISE * spread)
		return 0;
	/* Among splits that are sure, the one that leaves least noise; of those the longest row. */
	return 1 / (1 + (noise + noise_after) / fabs(size)) + (double)na * 1e-6;
}

/* The best split of v[from..end), if any is sure. */
static bool find_step(struct work *w, const double *v, size_t from, size_t end, double least,
		      struct gb_change *ret)
{
	double best = 0;

	for (size_t na = AFTER_LEAST; na <= AFTER_MOST && end - from >= na + BEFORE_LEAST; na++) {
		size_t at = end - na, nb = at - from;
		struct gb_change c = { .from = at, .told = end - 1 };
		double sure;

		if (nb > BEFORE_MOST)
			nb = BEFORE_MOST;
		sure = step(w, v + at - nb, nb, v + at, na, least, &c);
		if (sure > best) {
			best = sure;
			*ret = c;
		}
	}
	return best > 0;
}

/* Kendall's S of the last nights in its own standard deviations, and the median slope. */
static bool find_drift(struct work *w, const double *v, size_t from, size_t end, double least,
		       struct gb_change *ret)
{
	const size_t n = GB_TREND_WINDOW;
	const double *x = v + end - n;
	double s = 0, slope, nights = (double)n, noise, at;
	size_t k = 0;

	if (end - from < n)
		return false;
	for (size_t i = 0; i < n; i++)
		for (size_t j = i + 1; j < n; j++)
			s += (x[j] > x[i]) - (x[j] < x[i]);
	if (fabs(s) - 1 < BY_ORDER * sqrt(nights * (nights - 1) * (2 * nights + 5) / 18))
		return false;
	for (size_t i = 0; i < n; i++)
		for (size_t j = i + 1; j < n; j++)
			w->slopes[k++] = (x[j] - x[i]) / (double)(j - i);
	slope = middle(w->slopes, k);
	at = level(w, x, n, &noise);
	*ret = (struct gb_change){
		.drift = true,
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
	size_t from = 0;
	int rc = w ? 0 : gb_fail_nomem(err);

	if (rc >= 0 && n > GB_TREND_MAX)
		rc = gb_fail(err, GB_ELIMIT, "more than %zu nights", GB_TREND_MAX);
	for (size_t end = 1; rc >= 0 && end <= n; end++) {
		struct gb_change c;

		if (!find_step(w, v, from, end, least, &c) &&
		    !find_drift(w, v, from, end, least, &c))
			continue;
		rc = gb_grow((void **)&found.v, &found.cap, found.n + 1, sizeof(*found.v),
			     GB_TREND_MAX, err);
		if (rc >= 0)
			found.v[found.n++] = c;
		/* What comes is compared with what is now. */
		from = c.drift ? end : c.from;
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
