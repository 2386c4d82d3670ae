/*
 * history - what budgets were, commit by commit.
 *
 * Reads the budget files as commits have them (git/walk.h finds which commits) and keeps the
 * budgets that a commit changed: of a merge, those that differ from all that it merges.  Of a file
 * that cannot be read as a budget file, nothing is known; the commit says so and history goes on.
 * Budgets are told apart by package, environment, test and metric; files that were renamed begin
 * anew, as in `git log -- FILE`.
 *
 * What git notes keep of measurements (budget/note.h) can be added: beside a change what its own
 * commit measured, and of a single test all that was measured of it, with the budget there was.
 * Notes are anybody's to write: what cannot be read says nothing.
 *
 * Numbers are bytes or counts, as go/metric.h says.
 */
#ifndef GB_BUDGET_HISTORY_H
#define GB_BUDGET_HISTORY_H

#include "budget/budget.h"

struct gb_repo;
struct gb_cache;

struct gb_history_change {
	char *package, *test;
	char *env;    /* as gb_environment_text() has it */
	char *reason; /* the row's, or NULL */
	enum gb_metric metric;
	bool has_old, has_now; /* not: it had, has no budget */
	int64_t old, now;
	bool has_recorded; /* the file's "measured" beside the new budget */
	int64_t recorded;
	bool has_measured; /* the commit's note, in this environment */
	int64_t measured;
};

/* What a commit's note has of the test that is asked for. */
struct gb_history_measured {
	char *package, *test, *env;
	enum gb_metric metric;
	int64_t value;
	bool has_budget; /* as that commit has it */
	int64_t budget;
};

struct gb_history_commit {
	char id[41];
	char *author, *subject; /* as they stand in the commit */
	int64_t date;		/* the committer's time, seconds */
	int64_t when;		/* the author's; zone in minutes */
	int zone;
	char *trouble; /* why a budget file of it, or of a parent, says nothing; or NULL */
	struct gb_history_change *v;
	size_t n, cap;
	size_t noted; /* tests that its note has measured, in the environment that has most */
	struct gb_history_measured *measured;
	size_t n_measured, cap_measured;
};

struct gb_history {
	struct gb_history_commit *commits; /* newest first */
	size_t n, cap;
	char cut[41];	   /* where a shallow clone ends, "": all was seen */
	char *env;	   /* what is shown was measured in this one; NULL: nothing, or in any */
	size_t other_envs; /* in which the test was measured, too */
};

struct gb_history_options {
	const char *from, *until; /* 40 digits; until may be NULL */
	const char *below;	  /* the module's folder from the top, "" for the top itself */
	const char *test;	  /* NULL: all */
	int metric;		  /* -1: all */
	size_t max;		  /* commits, 0: all */
	struct gb_cache *cache;	  /* keeps what a walk found, see history_index.h; or NULL */
};

int gb_history_read(const struct gb_repo *repo, const struct gb_history_options *o,
		    struct gb_history *ret, struct gb_err *err);

struct gb_history_envs {
	const char *having; /* only environments with this in their text; NULL: see below */
	const char *likely; /* else, of several, the newest that has this, or the newest */
	bool all;	    /* or every one */
};

/* Adds what notes have, and the commits that have nothing else; `o` as for gb_history_read(). */
int gb_history_add_notes(const struct gb_repo *repo, const struct gb_history_options *o,
			 const struct gb_history_envs *envs, struct gb_history *h,
			 struct gb_err *err);

void gb_history_release(struct gb_history *h);

#endif
