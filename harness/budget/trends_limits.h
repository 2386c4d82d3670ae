/*
 * trends_limits - what a policy makes of the budgets of a history: the headroom over each, its
 * ceilings where there is no budget, and its waivers.
 *
 * It is one policy for all nights, the newest commit's: what is broken now is what counts.
 */
#ifndef GB_BUDGET_TRENDS_LIMITS_H
#define GB_BUDGET_TRENDS_LIMITS_H

#include "budget/policy.h"
#include "budget/trends.h"

/* Sets what is held against points, and sorts the series anew.  `today` ("YYYY-MM-DD") ends waivers. */
void gb_trends_limits(struct gb_trends *t, const struct gb_policy *policy, const char *today);

#endif
