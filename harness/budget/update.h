/*
 * update - what `record` does to budget files, as a pure edit.
 *
 * Takes the file that is there (or NULL) and the measured package; returns the
 * file as it should be and how many rows changed.  Never touches a row it was
 * not asked to: with no option only tests and metrics without a budget are
 * added.  The budget written is the measured value (minimum; for goroutine metrics the maximum
 * over the runs, since any run is judged); headroom is the policy's and is not written in.
 * Only tests that passed are looked at.
 *
 * Which metrics get a budget: goroutines, alloc_space, alloc_objects, and of benchmarks B/op and
 * allocs/op.  goroutines_peak and goroutines_created depend on the scheduler in many tests: they
 * are written where a row has them already (tighten, raise, rebase) or `metrics` asks for them.
 * Of "(package)" only goroutines are: what a process allocates before its first test depends on
 * the machine's environment variables and arguments, too.
 *
 * rebase: where no block fits the environment, the closest one serves.  If only the Go version
 * differs it moves, else it is copied.  Budgets that were exactly what had been measured become
 * what is measured now; others are kept, and rise to that where they are below it.  What was not
 * measured here keeps its budget and loses its `measured`.
 *
 * A raise without a reason is GB_EUSAGE.
 */
#ifndef GB_BUDGET_UPDATE_H
#define GB_BUDGET_UPDATE_H

#include "budget/budget.h"

struct gb_strlist;

struct gb_update_options {
	bool tighten; /* lower budgets that are above what was measured */
	const struct gb_strlist
		*raise;	    /* test names (gb_glob) whose budgets may rise; NULL: none */
	const char *reason; /* kept in every raised row; required with raise */
	bool prune;	    /* drop rows of tests that no longer exist */
	bool rebase;	    /* copy rows of the closest other environment block, re-measured */
	bool alone;	    /* also write inuse_space and heap_peak where measured */
	uint32_t metrics;   /* bit m: also write this metric */
};

struct gb_change {
	char *test;
	int metric; /* -1: the whole row */
	bool had, has;
	int64_t old_budget, new_budget;
};

struct gb_update {
	struct gb_budget_file *file; /* the new contents */
	struct gb_change *changes;   /* by row; none: the file stays as it is, unless `moved` */
	size_t n, cap;
	bool moved; /* rebase: a block was moved or copied */
};

int gb_update_package(const struct gb_budget_file *old, const struct gb_package *p,
		      const struct gb_environment *env, const struct gb_update_options *o,
		      struct gb_update *ret, struct gb_err *err);
void gb_update_release(struct gb_update *u);

/* Is this test named by one of these names or patterns?  NULL: no. */
bool gb_update_names(const struct gb_strlist *patterns, const char *test);

#endif
