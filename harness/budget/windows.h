/*
 * windows - ceilings that move with what earlier nights measured, and budgets that come near.
 *
 * A window is the nights of the policy's `days` before the commit that a change stands on, in the
 * same environment: a change cannot move its own, and the same commit is judged alike on any day.
 * Its value is the median of them (or the least, or the most), its ceiling more than that by `over` of it and by `and`, whichever is larger.  With fewer nights
 * than `at_least` there is none.
 *
 * Where a change loosens the rule for a test, the base's counts as long as the base's policy does not
 * let it (`raise`: "allow"; "reason", and the rule has a new one).
 *
 * Near is a test that has measured at least `share` of its budget (or of the policy's ceiling) on each
 * of the last `nights`, this one among them.  A budget that is just what was recorded has no room to
 * come near to: that such a test grew is told anyway.
 */
#ifndef GB_BUDGET_WINDOWS_H
#define GB_BUDGET_WINDOWS_H

#include "budget/judge.h"
#include "budget/past.h"

struct gb_windows {
	const struct gb_policy *here, *base; /* base NULL: there is none, or it cannot be read */
	struct gb_past past;
	int64_t *room; /* for the values of one window */
};

/* Takes what `past` has. */
int gb_windows_begin(struct gb_windows *w, const struct gb_policy *here,
		     const struct gb_policy *base, struct gb_past *past, struct gb_err *err);
void gb_windows_release(struct gb_windows *w);

struct gb_window_found {
	const struct gb_window *rule;
	size_t nights;	 /* that measured it, within the rule's days */
	bool known;	 /* enough of them: */
	int64_t value;	 /* their median ... */
	int64_t ceiling; /* ... and what is more than this is over */
	bool loosened;	 /* by the change, whoever's rule this is */
};

/* What the rules have for it; false: nothing.  `env` is gb_environment_text(). */
bool gb_windows_find(const struct gb_windows *w, const char *env, const char *package,
		     const char *test, enum gb_metric m, struct gb_window_found *ret);

/* What the policy's `of` makes of v[0..n), at least one, in any order; they are sorted. */
int64_t gb_window_value(enum gb_window_of of, int64_t *v, size_t n);
int64_t gb_window_ceiling(const struct gb_window *rule, int64_t value);
/* As gb_judged_window has it: 12500 of 0.125. */
int64_t gb_window_percent(double share);

/* What exceeding a window does: the change's policy, unless it loosens the base's unasked. */
enum gb_action gb_windows_action(const struct gb_windows *w);

/* True and *ret whole if j, as judged, is near. */
bool gb_windows_near(const struct gb_windows *w, const char *env, const struct gb_judgement *j,
		     struct gb_judgement *ret);

/* Of the tests of a run, and their metrics. */
struct gb_windows_count {
	size_t young;	 /* have a window, and too few nights yet */
	size_t nights;	 /* ... the one that has most of them so many ... */
	int at_least;	 /* ... of so many, ... */
	int days;	 /* ... within so many days */
	size_t loosened; /* the change loosens their rule ... */
	size_t refused;	 /* ... and the base's counts */
};
int gb_windows_count(const struct gb_windows *w, const struct gb_run *run,
		     struct gb_windows_count *ret, struct gb_err *err);

/* Do the rules of either policy want to know of it?  For gb_past_options. */
bool gb_windows_want(const struct gb_policy *here, const struct gb_policy *base,
		     const char *package, const char *test, enum gb_metric m);
/* How far back they look; 0 days and 0 nights: there are none. */
void gb_windows_reach(const struct gb_policy *p, int *ret_days, size_t *ret_nights);

#endif
