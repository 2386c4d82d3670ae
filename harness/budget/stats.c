#include "budget/stats.h"

#include "base/err.h"
#include "base/mem.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#define EXACT_MEDIAN ((size_t)30) /* beyond: the normal approximation, as benchstat */
#define EXACT	     ((size_t)50)
#define EXACT_TIES   ((size_t)25)

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double normal(double z)
{
	return 0.5 * erfc(-z / sqrt(2));
}

/* The z below which a share of p lies, by halving. */
static double normal_quantile(double p)
{
	double low = -40, high = 40;

	for (int i = 0; i < 200; i++) {
		double mid = (low + high) / 2;

		if (normal(mid) < p)
			low = mid;
		else
			high = mid;
	}
	return (low + high) / 2;
}

/* C(n, k) / 2^n */
static double coin(size_t n, long k)
{
	if (k < 0 || (size_t)k > n)
		return 0;
	return exp(lgamma((double)n + 1) - lgamma((double)k + 1) -
		   lgamma((double)n - (double)k + 1) - (double)n * log(2));
}

/*
 * Between the l-th and the r-th value (from 1) the median of the whole lies with the wanted
 * confidence: how many values lie below it is a matter of n coins.  Grows from the middle, to the
 * likelier side, the left one first.
 */
static void interval_exact(size_t n, long *ret_l, long *ret_r)
{
	long l = (long)((n + 2) / 2) - 1, r = l + 1;
	double sum = coin(n, l), left = coin(n, l - 1), right = coin(n, r);

	while (sum < GB_STATS_CONFIDENCE && (left > 0 || right > 0)) {
		/* Equal but for the last bits. */
		if (left >= right * (1 - 1e-9)) {
			sum += left;
			left = coin(n, --l - 1);
		} else {
			sum += right;
			right = coin(n, ++r);
		}
	}
	*ret_l = l;
	*ret_r = r;
}

static void interval_normal(size_t n, long *ret_l, long *ret_r)
{
	double mean = (double)n / 2, deviation = sqrt((double)n) / 2;
	double z = normal_quantile((1 - GB_STATS_CONFIDENCE) / 2);
	double from = mean + z * deviation, to = mean - z * deviation;
	long l = (long)floor(floor(from - 0.5) + 0.5) + 1;
	long r = (long)floor(ceil(to - 0.5) + 0.5) + 1;
	double share = normal(((double)r - 1.5 - mean) / deviation) -
		       normal(((double)l - 0.5 - mean) / deviation);

	/* One less on the right may do. */
	if (share >= GB_STATS_CONFIDENCE)
		r--;
	*ret_l = l;
	*ret_r = r;
}

void gb_stats_median(double *v, size_t n, struct gb_median *ret)
{
	long l, r;

	qsort(v, n, sizeof(*v), by_value);
	if (n <= EXACT_MEDIAN)
		interval_exact(n, &l, &r);
	else
		interval_normal(n, &l, &r);
	ret->at = n % 2 ? v[n / 2] : v[n / 2 - 1] + 0.5 * (v[n / 2] - v[n / 2 - 1]);
	ret->low = l < 1 ? -INFINITY : v[l - 1];
	ret->high = (size_t)r > n ? INFINITY : v[r - 1];
}

static int sign(double x)
{
	return (x > 0) - (x < 0);
}

double gb_median_spread(const struct gb_median *m)
{
	if (isinf(m->low) || isinf(m->high))
		return INFINITY;
	if (sign(m->at) != sign(m->low) || sign(m->at) != sign(m->high))
		return NAN;
	return m->at == 0 ? 0 : fmax(m->high / m->at - 1, 1 - m->low / m->at);
}

/* Both sets in one order: values that are equal are one group, of one rank. */
struct groups {
	size_t *size; /* of each */
	size_t n;
	bool ties;
	double ranks;	  /* the first set's, summed */
	double ties_cube; /* sum of size^3 - size */
};

static void group(const double *a, size_t na, const double *b, size_t nb, struct groups *g)
{
	size_t i = 0, k = 0;

	while (i < na || k < nb) {
		double v = i == na ? b[k] : k == nb || a[i] < b[k] ? a[i] : b[k];
		size_t before = i + k, first = i, size;

		while (i < na && a[i] == v)
			i++;
		while (k < nb && b[k] == v)
			k++;
		size = i + k - before;
		g->size[g->n++] = size;
		g->ties = g->ties || size > 1;
		g->ranks += (double)(i - first) * ((double)before + ((double)size + 1) / 2);
		g->ties_cube += pow((double)size, 3) - (double)size;
	}
}

/* C(n, k), exact as long as a double is. */
static double choose(size_t n, size_t k)
{
	double c = 1;

	for (size_t i = 0; i < k; i++)
		c = c * (double)(n - i) / (double)(i + 1);
	return c;
}

/*
 * Of all ways to choose na of the values, the share whose ranks sum up to `most` or less.
 * way[k][s] is how many ways choose k values with the sum s, group after group; ranks of groups
 * can be halves, so sums count halves then.
 */
static int share_exact(const struct groups *g, size_t na, size_t nb, double most, double *ret,
		       struct gb_err *err)
{
	size_t unit = g->ties ? 2 : 1, sums = (size_t)((double)unit * most + 0.5) + 1, before = 0;
	_free_ double *way = gb_calloc((na + 1) * sums, sizeof(*way));
	double total = 0;

	if (!way)
		return gb_fail_nomem(err);
	way[0] = 1;
	for (size_t i = 0; i < g->n; i++) {
		size_t t = g->size[i], rank = (2 * before + t + 1) * unit / 2;

		for (size_t k = before + t < na ? before + t : na; k > 0; k--) {
			for (size_t j = 1; j <= t && j <= k; j++) {
				double ways = choose(t, j);

				for (size_t s = j * rank; s < sums; s++)
					way[k * sums + s] +=
						ways * way[(k - j) * sums + s - j * rank];
			}
		}
		before += t;
	}
	for (size_t s = 0; s < sums; s++)
		total += way[na * sums + s];
	*ret = total / choose(na + nb, na);
	return 0;
}

static double p_normal(const struct groups *g, double u, size_t na, size_t nb)
{
	double n = (double)(na + nb), pairs = (double)na * (double)nb, away = u - pairs / 2;
	double deviation = sqrt(pairs * (n + 1 - g->ties_cube / (n * (n - 1))) / 12), z;

	if (!(deviation > 0))
		return 1;
	z = (away - sign(away) * 0.5) / deviation;
	return 2 * fmin(normal(z), 1 - normal(z));
}

int gb_stats_u_test(double *a, size_t na, double *b, size_t nb, double *ret_p, struct gb_err *err)
{
	struct groups g = { 0 };
	_free_ size_t *size = NULL;
	double least, u, other, p = 1;
	size_t most = na > nb ? na : nb;

	if (na == 0 || nb == 0)
		return gb_fail(err, GB_EUSAGE, "nothing to compare: a set is empty");
	if (most > GB_STATS_MAX)
		return gb_fail(err, GB_ELIMIT, "more than %zu values", GB_STATS_MAX);
	size = g.size = gb_calloc(na + nb, sizeof(*size));
	if (!size)
		return gb_fail_nomem(err);
	qsort(a, na, sizeof(*a), by_value);
	qsort(b, nb, sizeof(*b), by_value);
	group(a, na, b, nb, &g);
	least = (double)na * ((double)na + 1) / 2;
	u = g.ranks - least;
	other = (double)na * (double)nb - u;
	if (g.n == 1) {
		p = 1;
	} else if (most > (g.ties ? EXACT_TIES : EXACT)) {
		p = p_normal(&g, u, na, nb);
	} else if (u != other) {
		/* The smaller side, twice: exact where the distribution is symmetric, that is,
		 * without ties or with sets of one size.  Else it hangs on which set is the first,
		 * as benchmath's does, which can be above 1 then. */
		int rc = share_exact(&g, na, nb, fmin(u, other) + least, &p, err);

		if (rc < 0)
			return rc;
		p = fmin(1, 2 * p);
	}
	*ret_p = p;
	return 0;
}

double gb_stats_least_p(size_t na, size_t nb)
{
	return fmin(1, 2 / choose(na + nb, na));
}

struct ranked {
	double p;
	size_t at;
};

static int by_p(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;

	return (x->p > y->p) - (x->p < y->p);
}

static int rank(const double *p, size_t n, struct ranked **ret, struct gb_err *err)
{
	struct ranked *v = gb_calloc(n + 1, sizeof(*v));

	if (!v)
		return gb_fail_nomem(err);
	for (size_t i = 0; i < n; i++)
		v[i] = (struct ranked){ p[i], i };
	qsort(v, n, sizeof(*v), by_p);
	*ret = v;
	return 0;
}

int gb_stats_holm(const double *p, size_t n, double *ret, struct gb_err *err)
{
	_free_ struct ranked *v = NULL;
	double most = 0;
	int rc = rank(p, n, &v, err);

	for (size_t i = 0; i < n && rc == 0; i++) {
		/* Never less than that of a smaller p. */
		most = fmax(most, fmin(1, v[i].p * (double)(n - i)));
		ret[v[i].at] = most;
	}
	return rc;
}

int gb_stats_fdr(const double *p, size_t n, double *ret, struct gb_err *err)
{
	_free_ struct ranked *v = NULL;
	double least = 1;
	int rc = rank(p, n, &v, err);

	for (size_t i = n; i > 0 && rc == 0; i--) {
		/* Never more than that of a larger p. */
		least = fmin(least, v[i - 1].p * (double)n / (double)i);
		ret[v[i - 1].at] = least;
	}
	return rc;
}

size_t gb_stats_holm_needs(size_t n)
{
	size_t each = 1;

	while (gb_stats_least_p(each, each) * (double)n >= GB_STATS_ALPHA)
		each++;
	return each;
}
