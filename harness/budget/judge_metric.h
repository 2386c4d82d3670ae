/*
 * judge_metric - one metric of one test: which verdict, against what.
 *
 * The rules of judge.h for a single number, without lists; part of gb_judge().
 */
#ifndef GB_BUDGET_JUDGE_METRIC_H
#define GB_BUDGET_JUDGE_METRIC_H

#include "budget/judge.h"

struct gb_windows;

/* Adds one, and counts it; sorts them, worst first. */
int gb_verdicts_push(struct gb_verdicts *out, const struct gb_judgement *j, struct gb_err *err);
void gb_verdicts_sort(struct gb_verdicts *v);

/* What one test is judged by. */
struct gb_judge_case {
	const struct gb_policy *policy;
	const struct gb_package *package;
	const struct gb_test *test;
	const struct gb_budget_row *row; /* NULL: no budget */
	const struct gb_budget_file *file;
	const struct gb_windows *windows; /* or NULL */
	const char *env;		  /* gb_environment_text() */
	bool race;			  /* bytes and objects only warn */
	bool troubled;			  /* not all of the package's tests ended as they should */
};

/* True and *ret whole if this metric was measured and there is something to judge it by. */
bool gb_judge_metric(const struct gb_judge_case *c, enum gb_metric m, struct gb_judgement *ret);

/* True and *ret whole if this package's test binary had goroutines of this rule, from 0. */
bool gb_judge_living(const struct gb_policy *policy, const struct gb_package *p, size_t rule,
		     struct gb_judgement *ret);

/* True and *ret whole if goroutines of this kind were seen, and the policy cares. */
bool gb_judge_kind(const struct gb_judge_case *c, enum gb_leak kind, struct gb_judgement *ret);

#endif
