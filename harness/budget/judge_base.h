/*
 * judge_base - a change beside its base: what it raises, what it only inherits.
 *
 * After gb_judge(), with what is known of the base: its budget files and policy,
 * and, where it was measured here, its run.
 *
 * `raised`: a budget of this environment that is higher than the base's.  Each is a
 * verdict of its own, whatever was measured: `budget` is the base's, `measured` this change's.
 * The base's policy says what a raise needs (`raise`: "allow", "reason" or "waiver" of its
 * own); without that it fails.  A test whose package has moved has its row under the old
 * name there.
 *
 * `inherited`: over, and over at the base, too, by at least as much: a warning,
 * not this change's doing.  The base's number is what was measured of it here, compared exact
 * with exact; else what its budget file recorded, where that is above its own budget's ceiling.
 */
#ifndef GB_BUDGET_JUDGE_BASE_H
#define GB_BUDGET_JUDGE_BASE_H

#include "budget/judge.h"

/* A package that has another path here than at the base. */
struct gb_move {
	char *from, *to;
};

struct gb_base_rules {
	const struct gb_budgets *budgets;
	const struct gb_policy *policy;
	const struct gb_run *run;    /* NULL: not measured */
	char today[11];		     /* "YYYY-MM-DD": the base's waivers may have ended */
	const struct gb_move *moves; /* outlive the verdicts, which borrow their names */
	size_t n_moves;
};

int gb_judge_base(const struct gb_run *run, const struct gb_budgets *budgets,
		  const struct gb_base_rules *base, struct gb_verdicts *v, struct gb_err *err);

#endif
