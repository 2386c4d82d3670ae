/*
 * collector - what was asked of the garbage collector's health and could not be judged.
 *
 * A process in which benchmarks ran collects as often as those were repeated: its row "(package)" has no
 * metrics of the collector (go/metric.h), and a budget or ceiling for them judges nothing.  That must
 * not look like a pass.
 */
#ifndef GB_BUDGET_COLLECTOR_H
#define GB_BUDGET_COLLECTOR_H

#include "base/strlist.h"
#include "budget/budget.h"
#include "budget/policy.h"

/* Adds a line if there are packages of which that is so. */
int gb_collector_notes(const struct gb_run *run, const struct gb_budgets *budgets,
		       const struct gb_policy *policy, struct gb_strlist *ret_notes,
		       struct gb_err *err);

#endif
