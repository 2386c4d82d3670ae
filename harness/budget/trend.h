/*
 * trend - where a metric's history changed for good.
 *
 * Not the last value against the one before it: nights differ, and tests flake.  A step is told when
 * the last nights, three at least, are another level than those before them, and chance does not
 * explain it:
 *
 *  - by count: values of before, too, lie beyond the middle between both levels, at times; that as
 *    many as now would do so comes by chance less than once in ten thousand nights (a test that
 *    flakes every tenth night needs a longer row).  Where nights on either side lie closer together
 *    than a quarter of the change, as those of exact metrics do, less than once in five hundred is
 *    enough: then seven nights of before will do;
 *  - by size: the medians are further apart than noise moves medians (the noise is the median
 *    absolute deviation of either side, scaled to a standard deviation), and by `least` at all.
 *
 * A drift is told when over the last GB_TREND_WINDOW nights of one level the values climb or fall
 * more steadily than chance would (Mann, 1945; Kendall), and by `least` (Theil-Sen, as Sen, 1968)
 * at all.
 *
 * Read night by night, in order, so that what was told on a night stays told: a later night adds.
 */
#ifndef GB_BUDGET_TREND_H
#define GB_BUDGET_TREND_H

#include <stddef.h>

struct gb_err;

#define GB_TREND_WINDOW ((size_t)30)
#define GB_TREND_MAX	((size_t)100000) /* nights */

enum gb_change_kind {
	GB_STEP,
	GB_DRIFT,
	GB_UPGRADE, /* not by the code: another Go version measured from here on (trends.h) */
};

struct gb_change {
	enum gb_change_kind kind;
	size_t from;	      /* the first night that is different; of a drift: where it began */
	size_t told;	      /* the night on which it was clear */
	double before, after; /* medians; of a drift: both ends of the line */
};

struct gb_trend {
	struct gb_change *v; /* by `told` */
	size_t n, cap;
};

/*
 * v[0..n) are the values of nights that have one, oldest first.  `least` is the smallest change
 * worth telling, as a share (0.02).  GB_ELIMIT, GB_ENOMEM; *ret is the caller's to release.
 */
int gb_trend_find(const double *v, size_t n, double least, struct gb_trend *ret,
		  struct gb_err *err);
void gb_trend_release(struct gb_trend *t);

#endif
