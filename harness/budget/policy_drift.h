/*
 * policy_drift - the "drift" and "notes" of a policy file; part of gb_policy_parse().
 *
 *	"drift": {"since": "v1.2.0", "over": "5%", "and": "1 KiB", "reason": "a new major version"}
 *	"notes": {"keep": 500}
 *
 * `since` is a name that does not move: a tag, a date or a commit's 40 digits.
 */
#ifndef GB_BUDGET_POLICY_DRIFT_H
#define GB_BUDGET_POLICY_DRIFT_H

#include "base/json.h"
#include "budget/policy.h"

int gb_policy_read_drift(const struct gb_json *j, const cJSON *drift, struct gb_policy *p,
			 struct gb_err *err);
int gb_policy_read_notes(const struct gb_json *j, const cJSON *notes, struct gb_policy *p,
			 struct gb_err *err);

#endif
