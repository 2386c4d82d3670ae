/*
 * doctor_rules - can the budgets here fail a run at all?
 *
 * A budget is dead where its metric only warns, or where it lets through ten times what was measured
 * (what it says itself, where nothing was) and more than a bit: 1 MiB, or 100 of what is counted.
 * Waivers count as the ceilings that they are.  Metrics that the policy only warns about are left
 * out as long as there are others.
 *
 * Pure: reads its arguments.
 */
#ifndef GB_CMD_DOCTOR_RULES_H
#define GB_CMD_DOCTOR_RULES_H

#include "budget/budget.h"
#include "budget/policy.h"

struct gb_doctor_rules {
	size_t budgets;	  /* that are meant to fail a run */
	size_t warn_only; /* that are not */
	size_t dead;	  /* of `budgets`, those that never will */
	size_t waived;	  /* of `budgets` */
	size_t ceilings,
		dead_ceilings; /* numbers of the policy's ceilings, for tests without a budget */
	char example[400];     /* of a dead one, for people; "" */
};

void doctor_rules(const struct gb_budgets *budgets, const struct gb_policy *policy,
		  struct gb_doctor_rules *ret);

#endif
