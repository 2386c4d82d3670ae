/*
 * trends - what git notes keep of measurements, as one series for each test and metric.
 *
 * A night is a commit that has a note; nights are in the order of history, oldest first, and a
 * series has a point for each night on which its test was measured, with the budget that the
 * night's commit has.  Where each changed for good, trend.h says.
 *
 * What was measured under an older Go version, all else the same, stands in the same series: an
 * era, told apart by its nights' `env`.  A change is looked for within an era (trends_eras.h).
 *
 * Notes are anybody's to write: what cannot be read says nothing.  Numbers are bytes, counts or
 * picoseconds, as go/metric.h says, and below 2^53 where changes are looked for.
 */
#ifndef GB_BUDGET_TRENDS_H
#define GB_BUDGET_TRENDS_H

#include "budget/trend.h"
#include "go/metric.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct gb_err;
struct gb_repo;

struct gb_night {
	char id[41];
	char *author, *subject; /* as they stand in the commit */
	char *env;		/* it was measured in */
	int64_t when;		/* the author's time, seconds; zone in minutes */
	int zone;
	int64_t date; /* the committer's */
};

struct gb_point {
	size_t night;
	int64_t value;
	bool has_budget;
	int64_t budget;
	int64_t ceiling; /* with room for noise; trends_limits.h adds the policy's headroom */
	bool has_window; /* set by trends_windows.h */
	int64_t window;	 /* what the nights before it allow */
};

struct gb_series {
	char *package, *test;
	enum gb_metric metric;
	struct gb_point *points; /* n of them, at least one, by night */
	size_t n, cap;
	struct gb_trend trend; /* its nights are indices into points */
};

struct gb_trends {
	struct gb_night *nights; /* oldest first */
	size_t n_nights, cap_nights;
	struct gb_series *series; /* worst movers first, see gb_series_moved();
				   * what is unsteady and within its limits behind all others */
	size_t n, cap;
	char *env;	   /* the newest night's; NULL: nothing was measured */
	size_t other_envs; /* in which something was measured, too */
	char cut[41];	   /* where a shallow clone ends, "": all was seen */
};

struct gb_trends_options {
	const char *from, *until; /* 40 digits; until may be NULL */
	const char *below;	  /* the module's folder from the top, "" for the top itself */
	const char *test;	  /* this one, and its subtests; NULL: all */
	const char *package;	  /* a pattern as gb_glob() reads it; NULL: all */
	int metric;		  /* -1: all */
	size_t nights;		  /* the newest so many, 1..GB_MAX_NIGHTS */
	double least;		  /* smallest change worth telling, a share */
	const char *having;	  /* one environment, with this in its text; NULL: ... */
	const char *likely;	  /* the newest that has this, or the newest; may be NULL */
};

/* GB_ELIMIT past GB_MAX_SERIES and GB_MAX_POINTS.  No notes at all: no nights. */
int gb_trends_read(const struct gb_repo *repo, const struct gb_trends_options *o,
		   struct gb_trends *ret, struct gb_err *err);
void gb_trends_release(struct gb_trends *t);

/*
 * By which share a series is above the level it began with (-0.25: below), 0 without a change;
 * from a level of 0 it is the number itself.  Go's own doing is taken out.
 */
double gb_series_moved(const struct gb_series *s);
/* By package, test and metric: for qsort() of series. */
int gb_series_order(const void *a, const void *b);
/* Its level now: the median of the newest nights. */
double gb_series_now(const struct gb_series *s);
/* The last change that was not Go's doing; NULL: none was. */
const struct gb_change *gb_series_last_change(const struct gb_series *s);
/* The order that gb_trends.series says. */
void gb_trends_sort(struct gb_trends *t);
/* Is its last point above what its budget allows, or above what the nights before allow? */
bool gb_series_is_over(const struct gb_series *s);
/* What its last point is held to: of its budget and its window the one it exceeds, else the budget,
 * else the window; false: nothing. */
bool gb_series_limit(const struct gb_series *s, int64_t *ret, bool *ret_window);
const struct gb_point *gb_series_last(const struct gb_series *s);

#endif
