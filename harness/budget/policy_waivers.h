/*
 * policy_waivers - the "waivers" of a policy file; part of gb_policy_parse().
 *
 * GB_EUSAGE with file, line and key for a waiver that is not complete, that is there twice,
 * whose day does not exist, or whose day is over (UTC) at `now`.
 */
#ifndef GB_BUDGET_POLICY_WAIVERS_H
#define GB_BUDGET_POLICY_WAIVERS_H

#include "base/json.h"
#include "budget/policy.h"

int gb_policy_read_waivers(const struct gb_json *j, const cJSON *list, time_t now,
			   struct gb_policy *p, struct gb_err *err);

#endif
