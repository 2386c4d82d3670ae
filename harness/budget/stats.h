/*
 * stats - what repeated measurements of a benchmark say, and whether two sets of them differ.
 *
 * Nothing is assumed about how times are distributed: the middle is the median, its interval
 * comes from the order of the values, and two sets are compared by the Mann-Whitney U test (Mann and
 * Whitney, 1947; with ties: Klotz, 1966).  Exact up to the sizes of benchstat (golang.org/x/perf,
 * benchmath), and beyond them by the same normal approximation, so that both print the same, but that
 * a p of benchmath's can be above 1 (ties in sets of unlike sizes).
 */
#ifndef GB_BUDGET_STATS_H
#define GB_BUDGET_STATS_H

#include <stddef.h>

struct gb_err;

#define GB_STATS_ALPHA	    0.05
#define GB_STATS_CONFIDENCE 0.95
#define GB_STATS_MAX	    ((size_t)100000) /* values in a set */

struct gb_median {
	double at;
	double low, high; /* with at least GB_STATS_CONFIDENCE between them; infinite where
			   * there are too few values (less than 6) */
};

/* Sorts `v` in place; n is 1 or more. */
void gb_stats_median(double *v, size_t n, struct gb_median *ret);

/* How far the farther end of the interval is from the median, as a share of it; infinite where the
 * interval is, NAN where a share has no meaning (the signs differ). */
double gb_median_spread(const struct gb_median *m);

/*
 * The chance that two sets of one kind differ as much as these, or more; two-sided.  1 where all
 * values are equal.  Sorts both.  GB_EUSAGE: a set is empty; GB_ELIMIT; GB_ENOMEM.
 */
int gb_stats_u_test(double *a, size_t na, double *b, size_t nb, double *ret_p, struct gb_err *err);

/* The smallest p that sets of these sizes can show. */
double gb_stats_least_p(size_t na, size_t nb);

/*
 * Of many tests at once a p below 0.05 comes by chance in every twentieth.  These make of each p
 * what it has to be among all n of them; ret[i] belongs to p[i].  GB_ENOMEM.
 *
 * gb_stats_holm (Holm, 1979): the chance that any at all of those that stay below alpha is false
 * is at most alpha, however the tests hang together.
 * gb_stats_fdr (Benjamini and Hochberg, 1995): of those that stay below alpha, no larger share than
 * alpha is false, on average.
 */
int gb_stats_holm(const double *p, size_t n, double *ret, struct gb_err *err);
int gb_stats_fdr(const double *p, size_t n, double *ret, struct gb_err *err);

/* How many values each of two sets needs, so that the best of n tests can stay below alpha. */
size_t gb_stats_holm_needs(size_t n);

#endif
