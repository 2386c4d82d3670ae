/*
 * policy_window - the "windows" and "near" of a policy file; part of gb_policy_parse().
 *
 *	"windows": [
 *	  {"tests": "**", "packages": "**", "metric": "alloc_space", "of": "median", "days": 7,
 *	   "at_least": 3, "over": "20%", "and": "1 KiB", "reason": "it follows the load"}
 *	]
 *	"near": [{"tests": "**", "metric": "alloc_space", "share": "80%", "nights": 3}]
 *
 * A window names its tests, a metric and `over`; `of` is the median as built in (or "min", "max"),
 * `days` 7, `at_least` 3, `and` 0.  `near` names tests, a metric, a share of up to 100% and, as
 * built in 3, so many nights.
 */
#ifndef GB_BUDGET_POLICY_WINDOW_H
#define GB_BUDGET_POLICY_WINDOW_H

#include "base/json.h"
#include "budget/policy.h"

int gb_policy_read_windows(const struct gb_json *j, const cJSON *list, struct gb_policy *p,
			   struct gb_err *err);
int gb_policy_read_near(const struct gb_json *j, const cJSON *list, struct gb_policy *p,
			struct gb_err *err);
void gb_policy_free_windows(struct gb_policy *p);

const char *gb_window_of_name(enum gb_window_of of); /* "median", "min", "max" */

#endif
