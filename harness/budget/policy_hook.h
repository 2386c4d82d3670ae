/*
 * policy_hook - the "hook" of a policy file: how long a push may wait, and what then.
 *
 * Part of gb_policy_parse().
 */
#ifndef GB_BUDGET_POLICY_HOOK_H
#define GB_BUDGET_POLICY_HOOK_H

#include "base/json.h"
#include "budget/policy.h"

int gb_policy_read_hook(const struct gb_json *j, const cJSON *object, struct gb_policy *p,
			struct gb_err *err);

#endif
