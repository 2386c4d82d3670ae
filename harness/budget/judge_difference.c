#include "budget/judge_difference.h"

#include "budget/judge_metric.h"

struct comparing {
	const struct gb_run *run;
	const struct gb_policy *policy;
	const struct gb_package *package, *base;
	const struct gb_budget_file *file;
	struct gb_verdicts *out;
};

/* Metrics of this test that somebody budgets somewhere. */
static uint32_t budgeted(const struct gb_budget_file *f, const char *test)
{
	uint32_t has = 0;

	for (size_t i = 0; f && i < f->n_blocks; i++) {
		const struct gb_budget_row *row = gb_budget_row_for(&f->blocks[i], test);

		has |= row ? row->has_budget : 0;
	}
	return has;
}

/* How far the runs of one mode lay apart. */
static int64_t spread(const struct gb_test *t, enum gb_metric m)
{
	struct gb_measured got;

	return gb_test_measured(t, m, &got) ? got.max - got.min : 0;
}

static enum gb_action action_of(const struct comparing *c, enum gb_metric m)
{
	bool soft =
		(c->policy->warn_only >> m & 1) || (c->run->env.race && !gb_metrics[m].goroutine);

	return soft ? GB_ACT_WARN : GB_ACT_FAIL;
}

static int compare(const struct comparing *c, const struct gb_test *now, const struct gb_test *then,
		   enum gb_metric m, struct gb_err *err)
{
	enum gb_mode mode = gb_metrics[m].alone ? GB_ALONE : GB_EXACT;
	struct gb_judgement j = {
		.package = c->package,
		.test = now,
		.package_path = c->package->path,
		.test_name = now->name,
		.metric = (int)m,
		.verdict = GB_V_OVER,
		.action = action_of(c, m),
		.by = GB_BY_BASE,
		.has_budget = true,
		.file = c->file,
	};
	int64_t apart;

	if (!gb_test_value(now, m, mode, &j.measured) || !gb_test_value(then, m, mode, &j.budget))
		return 0;
	j.ceiling = gb_policy_ceiling(c->policy, m, j.budget);
	apart = gb_metrics[m].goroutine ? 0 : spread(then, m);
	if (j.ceiling < j.budget + apart)
		j.ceiling = j.budget + apart;
	return j.measured > j.ceiling ? gb_verdicts_push(c->out, &j, err) : 0;
}

static int compare_package(const struct comparing *c, struct gb_err *err)
{
	int rc = 0;

	for (size_t i = 0; i < c->package->n_tests; i++) {
		const struct gb_test *now = &c->package->tests[i];
		const struct gb_test *then = gb_package_test(c->base, now->name);
		uint32_t has = then ? budgeted(c->file, now->name) : 0;

		if (!has || now->outcome != GB_PASS || then->outcome != GB_PASS ||
		    (now->kind == GB_PACKAGE && gb_package_failed(c->package)))
			continue;
		for (int m = 0; m < GB_METRICS && rc >= 0; m++)
			if ((has >> m & 1) && gb_metrics[m].judged && !gb_metrics[m].compiled &&
			    !gb_metrics[m].unsteady)
				rc = compare(c, now, then, (enum gb_metric)m, err);
	}
	return rc;
}

int gb_judge_difference(const struct gb_run *run, const struct gb_run *base,
			const struct gb_policy *policy, struct gb_verdicts *v, struct gb_err *err)
{
	size_t n = v->n;
	int rc = 0;

	for (size_t i = 0; i < n && rc >= 0; i++) {
		struct gb_judgement *j = &v->v[i];
		struct comparing c = { .run = run,
				       .policy = policy,
				       .package = j->package,
				       .file = j->file,
				       .out = v };

		if (j->verdict != GB_V_INCOMPARABLE || !j->package)
			continue;
		c.base = gb_run_package(base, j->package_path);
		if (!c.base || !c.base->n_tests)
			continue;
		j->by = GB_BY_BASE;
		if (j->action == GB_ACT_FAIL) {
			j->action = GB_ACT_WARN;
			v->failing--;
			v->warning++;
		}
		rc = compare_package(&c, err); /* j may have moved */
	}
	gb_verdicts_sort(v);
	return rc;
}

bool gb_judge_incomparable(const struct gb_verdicts *v, const struct gb_package *p)
{
	for (size_t i = 0; i < v->n; i++)
		if (v->v[i].verdict == GB_V_INCOMPARABLE && v->v[i].package == p)
			return true;
	return false;
}

bool gb_judge_differs(const struct gb_verdicts *v, const struct gb_package *p)
{
	for (size_t i = 0; i < v->n; i++)
		if (v->v[i].verdict == GB_V_OVER && v->v[i].by == GB_BY_BASE &&
		    v->v[i].package == p)
			return true;
	return false;
}
