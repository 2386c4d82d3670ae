/*
 * policy_rules - the "rules" of a policy file; part of gb_policy_parse().
 *
 *	"rules": {"loop-variable": false, "large-capture": "4 KiB"}
 *
 * false turns a rule of escape/rules.h off, true leaves it on; large-capture may say how many
 * bytes are large.
 */
#ifndef GB_BUDGET_POLICY_RULES_H
#define GB_BUDGET_POLICY_RULES_H

#include "base/json.h"
#include "budget/policy.h"

int gb_policy_read_rules(const struct gb_json *j, const cJSON *rules, struct gb_policy *p,
			 struct gb_err *err);

#endif
