/*
 * What follows from verdicts: more runs, runs of single tests, the exit status.
 */
#include "budget/judge.h"

#include "base/strlist.h"

/* Growth that only warns is worth one more run: most often it was noise, and noise is no news. */
static bool may_be_noise(const struct gb_judgement *j)
{
	struct gb_measured m;

	return j->action == GB_ACT_WARN && !gb_metrics[j->metric].goroutine &&
	       gb_test_measured(j->test, (enum gb_metric)j->metric, &m) && m.n < 2;
}

bool gb_judge_wants_rerun(const struct gb_verdicts *v, const struct gb_package *p)
{
	for (size_t i = 0; i < v->n; i++) {
		const struct gb_judgement *j = &v->v[i];

		if (j->package != p || j->by == GB_BY_KIND ||
		    (j->metric >= 0 && gb_metrics[j->metric].compiled) ||
		    (j->verdict != GB_V_OVER && j->verdict != GB_V_GREW))
			continue;
		if (j->action == GB_ACT_FAIL ||
		    (!v->race && j->verdict == GB_V_GREW && may_be_noise(j)))
			return true;
	}
	return false;
}

static bool wants_alone(const struct gb_policy *policy, const struct gb_package *p,
			const struct gb_budget_block *block, const struct gb_test *t)
{
	const struct gb_budget_row *row = block ? gb_budget_row_for(block, t->name) : NULL;
	int64_t ceiling;
	size_t rule;

	for (int m = 0; m < GB_METRICS; m++) {
		if (!gb_metrics[m].alone)
			continue;
		if ((row && (row->has_budget >> m & 1)) ||
		    gb_policy_default_ceiling(policy, p->path, t->name, (enum gb_metric)m, &ceiling,
					      &rule))
			return true;
	}
	return false;
}

int gb_judge_alone(const struct gb_budgets *b, const struct gb_policy *policy,
		   const struct gb_package *p, const struct gb_environment *env,
		   struct gb_strlist *ret_tests, struct gb_err *err)
{
	const struct gb_budget_file *file = gb_budgets_package(b, p->path);
	const struct gb_budget_block *block = file ? gb_budget_block_for(file, env) : NULL;
	int rc;

	for (size_t i = 0; i < p->n_tests; i++) {
		const struct gb_test *t = &p->tests[i];

		if (t->outcome != GB_PASS || t->kind == GB_PACKAGE || t->kind == GB_BENCHMARK ||
		    !wants_alone(policy, p, block, t))
			continue;
		if ((rc = gb_strlist_add(ret_tests, t->name, err)) < 0)
			return rc;
	}
	return 0;
}

static bool names_compiled(uint32_t metrics)
{
	for (int m = 0; m < GB_METRICS; m++)
		if (gb_metrics[m].compiled && (metrics >> m & 1))
			return true;
	return false;
}

bool gb_judge_wants_compiled(const struct gb_budgets *b, const struct gb_policy *policy,
			     const struct gb_environment *env)
{
	for (size_t i = 0; i < policy->n_ceilings; i++)
		if (names_compiled(policy->ceilings[i].has))
			return true;
	for (size_t i = 0; i < policy->n_windows; i++)
		if (gb_metrics[policy->windows[i].metric].compiled)
			return true;
	for (size_t i = 0; i < b->n; i++) {
		const struct gb_budget_block *block = gb_budget_block_for(b->files[i], env);
		const struct gb_budget_row *row =
			block ? gb_budget_row_for(block, GB_PACKAGE_ROW) : NULL;

		if (row && names_compiled(row->has_budget))
			return true;
	}
	return false;
}

int gb_judge_exit(const struct gb_verdicts *v, const struct gb_run *run)
{
	bool unmeasured = !v->tests && !run->compiled_only && !run->left_out && !run->elsewhere.n;

	for (size_t i = 0; i < v->n; i++) {
		if (v->v[i].action != GB_ACT_FAIL)
			continue;
		if (v->v[i].verdict != GB_V_GONE && v->v[i].verdict != GB_V_INCOMPARABLE)
			return 1;
		unmeasured = true;
	}
	for (size_t i = 0; i < run->n_packages; i++)
		unmeasured |= gb_package_failed(&run->packages[i]);
	return unmeasured ? 3 : 0;
}

const char *gb_verdict_name(enum gb_verdict v)
{
	static const char *const names[] = {
		[GB_V_WITHIN] = "within",
		[GB_V_OVER] = "over",
		[GB_V_GREW] = "grew",
		[GB_V_SLACK] = "slack",
		[GB_V_NEW] = "new",
		[GB_V_GONE] = "gone",
		[GB_V_WAIVED] = "waived",
		[GB_V_INCOMPARABLE] = "incomparable",
		[GB_V_LEFT] = "left",
		[GB_V_RAISED] = "raised",
		[GB_V_INHERITED] = "inherited",
		[GB_V_DRIFT] = "drift",
		[GB_V_NEAR] = "near",
	};

	return names[v];
}

const char *gb_action_name(enum gb_action a)
{
	static const char *const names[] = {
		[GB_ACT_IGNORE] = "ignore",
		[GB_ACT_WARN] = "warn",
		[GB_ACT_FAIL] = "fail",
	};

	return names[a];
}

const char *gb_judged_by_name(enum gb_judged_by by)
{
	static const char *const names[] = {
		[GB_BY_BUDGET] = "budget", [GB_BY_CEILING] = "ceiling", [GB_BY_WAIVER] = "waiver",
		[GB_BY_KIND] = "kind",	   [GB_BY_LIVING] = "living",	[GB_BY_BASE] = "base",
		[GB_BY_WINDOW] = "window",
	};

	return names[by];
}

const char *gb_raise_name(enum gb_raise r)
{
	static const char *const names[] = {
		[GB_RAISE_ALLOW] = "allow",
		[GB_RAISE_REASON] = "reason",
		[GB_RAISE_WAIVER] = "waiver",
	};

	return names[r];
}
