/*
 * renames - packages of the base whose tests have their budgets under another package here.
 *
 * Only where both have rows that the other lacks does git compare files: a package has moved
 * where most of the Go files that came to its folder came from.
 */
#ifndef GB_CMD_RENAMES_H
#define GB_CMD_RENAMES_H

#include "budget/judge_base.h"
#include "cmd/job.h"

struct gb_renames {
	struct gb_move *v; /* owned, and its strings */
	size_t n, cap;
};

/* `commit` is the base, `then` its budgets. */
int renames_find(struct gb_renames *r, const struct gb_job *j, const char *commit,
		 const struct gb_budgets *then, struct gb_err *err);
void renames_release(struct gb_renames *r);

#endif
