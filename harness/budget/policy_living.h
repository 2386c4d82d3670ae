/*
 * policy_living - the "living" of a policy file; part of gb_policy_parse().
 *
 * GB_EUSAGE with file, line and key for a rule that is not complete, that allows
 * none, or whose creator is there twice.
 */
#ifndef GB_BUDGET_POLICY_LIVING_H
#define GB_BUDGET_POLICY_LIVING_H

#include "base/json.h"
#include "budget/policy.h"

int gb_policy_read_living(const struct gb_json *j, const cJSON *list, struct gb_policy *p,
			  struct gb_err *err);

#endif
