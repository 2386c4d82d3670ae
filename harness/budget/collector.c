#include "budget/collector.h"

static bool ran_benchmarks(const struct gb_package *p)
{
	for (size_t i = 0; i < p->n_tests; i++)
		if (p->tests[i].kind == GB_BENCHMARK)
			return true;
	return false;
}

static bool is_limited(const struct gb_run *run, const struct gb_budgets *budgets,
		       const struct gb_policy *policy, const struct gb_package *p, enum gb_metric m)
{
	const struct gb_budget_file *f = gb_budgets_package(budgets, p->path);
	const struct gb_budget_block *b = f ? gb_budget_block_for(f, &run->env) : NULL;
	const struct gb_budget_row *row = b ? gb_budget_row_for(b, GB_PACKAGE_ROW) : NULL;
	int64_t ceiling;
	size_t rule;

	return (row && (row->has_budget >> m & 1)) ||
	       gb_policy_default_ceiling(policy, p->path, GB_PACKAGE_ROW, m, &ceiling, &rule) ||
	       gb_policy_window(policy, p->path, GB_PACKAGE_ROW, m);
}

/* Something that is limited was not measured. */
static bool is_unjudged(const struct gb_run *run, const struct gb_budgets *budgets,
			const struct gb_policy *policy, const struct gb_package *p)
{
	const struct gb_test *row = gb_package_test(p, GB_PACKAGE_ROW);
	struct gb_measured got;

	for (int m = 0; row && m < GB_METRICS; m++)
		if ((gb_metrics[m].collector || m == GB_HEAP_LIVE) &&
		    !gb_test_measured(row, (enum gb_metric)m, &got) &&
		    is_limited(run, budgets, policy, p, (enum gb_metric)m))
			return true;
	return false;
}

int gb_collector_notes(const struct gb_run *run, const struct gb_budgets *budgets,
		       const struct gb_policy *policy, struct gb_strlist *ret_notes,
		       struct gb_err *err)
{
	const char *first = NULL;
	size_t n = 0;

	for (size_t i = 0; i < run->n_packages; i++) {
		const struct gb_package *p = &run->packages[i];

		if (gb_package_failed(p) || !ran_benchmarks(p) ||
		    !is_unjudged(run, budgets, policy, p))
			continue;
		if (!n++)
			first = p->path;
	}
	if (!n)
		return 0;
	if (n == 1)
		return gb_strlist_addf(ret_notes, err,
				       "what the garbage collector did in %s was not judged: "
				       "benchmarks ran in the same process",
				       first);
	return gb_strlist_addf(ret_notes, err,
			       "what the garbage collector did in %zu packages, such as %s, was "
			       "not judged: benchmarks ran in the same process",
			       n, first);
}
