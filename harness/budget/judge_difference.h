/*
 * judge_difference - packages without budgets for this environment, beside the base measured here.
 *
 * After gb_judge().  A number that was budgeted on another machine says nothing here; what this change
 * adds to it does.  For each package that is `incomparable` and whose tests the base's run has:
 * that verdict only warns from then on (GB_BY_BASE), and every test that passes on both sides is judged
 * on those metrics that any block of its file budgets: over (GB_BY_BASE) is what exceeds the base's
 * number, as a budget, by more than the policy's headroom and, of bytes and objects, by more than
 * its runs lay apart.  Exact runs are compared with exact runs, and those alone with those alone.
 *
 * Growth within the headroom is not told: nobody knows yet how steady the test is here.
 */
#ifndef GB_BUDGET_JUDGE_DIFFERENCE_H
#define GB_BUDGET_JUDGE_DIFFERENCE_H

#include "budget/judge.h"

int gb_judge_difference(const struct gb_run *run, const struct gb_run *base,
			const struct gb_policy *policy, struct gb_verdicts *v, struct gb_err *err);

/* Has this package budgets, but none for this environment? */
bool gb_judge_incomparable(const struct gb_verdicts *v, const struct gb_package *p);
/* Is something of it over, beside the base? */
bool gb_judge_differs(const struct gb_verdicts *v, const struct gb_package *p);

#endif
