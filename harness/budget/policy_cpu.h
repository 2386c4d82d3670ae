/*
 * policy_cpu - the "cpu" of a policy file; part of gb_policy_parse().
 *
 *	"cpu": {"warn": "10%", "fail": "15%"}
 *
 * By how much the median of a benchmark's ns/op may rise where the difference is real (bench.h).
 * "never" is no such limit.  Of a file that names one of the two, the other stays as built in, but
 * that a `warn` that is not named is never above `fail`.
 */
#ifndef GB_BUDGET_POLICY_CPU_H
#define GB_BUDGET_POLICY_CPU_H

#include "base/json.h"
#include "budget/policy.h"

int gb_policy_read_cpu(const struct gb_json *j, const cJSON *cpu, struct gb_policy *p,
		       struct gb_err *err);

#endif
