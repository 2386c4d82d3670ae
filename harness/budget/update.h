/*
 * update - what `record` does to budget files, as a pure edit.
 *
 * Takes the file that is there (or NULL) and the measured package; returns the
 * file as it should be and how many rows changed.  Never touches a row it was
 * not asked to: with no option only tests and metrics without a budget are
 * added.  The budget written is the measured value (minimum; for goroutine metrics the maximum
 * over the runs, since any run is judged); headroom is the policy's and is not written in.
 */
#ifndef GB_BUDGET_UPDATE_H
#define GB_BUDGET_UPDATE_H

#include "budget/budget.h"

struct gb_strlist;

struct gb_update_options {
	bool tighten;			/* lower budgets that are above what was measured */
	const struct gb_strlist *raise; /* test names (gb_glob) whose budgets may rise; NULL: none */
	const char *reason;		/* kept in every raised row; required with raise */
	bool prune;			/* drop rows of tests that no longer exist */
	bool rebase;			/* copy rows of the closest other environment block, re-measured */
	bool alone;			/* also write inuse_space and heap_peak where measured */
};

struct gb_change {
	char *test;
	int metric;
	bool had, has;
	int64_t old_budget, new_budget;
};

struct gb_update {
	struct gb_budget_file *file; /* the new contents */
	struct gb_change *changes;
	size_t n, cap;
};

int gb_update_package(const struct gb_budget_file *old, const struct gb_package *p,
		      const struct gb_environment *env, const struct gb_update_options *o,
		      struct gb_update *ret, struct gb_err *err);
void gb_update_release(struct gb_update *u);

#endif
