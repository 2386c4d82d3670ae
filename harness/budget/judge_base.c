#include "budget/judge_base.h"

#include "base/text.h"
#include "budget/judge_metric.h"

#include <string.h>

struct comparing {
	const struct gb_run *run;
	const struct gb_budgets *budgets;
	const struct gb_base_rules *base;
	struct gb_verdicts *out;
};

static const struct gb_budget_row *row_in(const struct comparing *s,
					  const struct gb_budgets *budgets, const char *package,
					  const char *test)
{
	const struct gb_budget_file *f = gb_budgets_package(budgets, package);
	const struct gb_budget_block *b = f ? gb_budget_block_for(f, &s->run->env) : NULL;

	return b ? gb_budget_row_for(b, test) : NULL;
}

/* The base's row for the same test in the same environment; ret_was: the package it was in, where
 * it has moved. */
static const struct gb_budget_row *row_at_base(const struct comparing *s, const char *package,
					       const char *test, const char **ret_was)
{
	const struct gb_budget_row *then = row_in(s, s->base->budgets, package, test);

	*ret_was = NULL;
	for (size_t i = 0; !then && i < s->base->n_moves; i++) {
		const struct gb_move *m = &s->base->moves[i];

		if (strcmp(m->to, package) != 0 || row_in(s, s->budgets, m->from, test))
			continue;
		then = row_in(s, s->base->budgets, m->from, test);
		*ret_was = then ? m->from : NULL;
	}
	return then;
}

/* Its own words, not those that stood there before. */
static bool has_reason(const struct gb_budget_row *now, const struct gb_budget_row *then)
{
	return now->reason && *now->reason && !gb_streq(now->reason, then->reason);
}

static bool is_allowed(const struct comparing *s, const char *package, const char *was,
		       const struct gb_budget_row *now, const struct gb_budget_row *then,
		       enum gb_metric m)
{
	const struct gb_policy *p = s->base->policy;
	const struct gb_waiver *w;

	switch (p->raise) {
	case GB_RAISE_ALLOW:
		return true;
	case GB_RAISE_REASON:
		return has_reason(now, then);
	case GB_RAISE_WAIVER:
		break;
	}
	w = gb_policy_waiver(p, package, now->test, m);
	if (!w && was)
		w = gb_policy_waiver(p, was, now->test, m);
	return w && strcmp(w->until, s->base->today) >= 0 && now->budget[m] <= w->ceiling;
}

static int raised(const struct comparing *s, const struct gb_budget_file *f,
		  const struct gb_budget_row *now, const struct gb_budget_row *then,
		  const char *was, enum gb_metric m, struct gb_err *err)
{
	const struct gb_package *p = gb_run_package(s->run, f->package);
	struct gb_judgement j = {
		.package = p,
		.test = p ? gb_package_test(p, now->test) : NULL,
		.package_path = f->package,
		.test_name = now->test,
		.metric = (int)m,
		.verdict = GB_V_RAISED,
		.action = is_allowed(s, f->package, was, now, then, m) ? GB_ACT_WARN : GB_ACT_FAIL,
		.by = GB_BY_BUDGET,
		.has_budget = true,
		.budget = then->budget[m],
		.ceiling = then->budget[m],
		.measured = now->budget[m],
		.raise = s->base->policy->raise,
		.reason = now->reason,
		.was = was,
		.file = f,
		.line = now->line,
	};

	return gb_verdicts_push(s->out, &j, err);
}

static int compare_row(const struct comparing *s, const struct gb_budget_file *f,
		       const struct gb_budget_row *now, struct gb_err *err)
{
	const char *was;
	const struct gb_budget_row *then = row_at_base(s, f->package, now->test, &was);
	int rc = 0;

	for (int m = 0; then && m < GB_METRICS && rc >= 0; m++) {
		uint32_t both = now->has_budget & then->has_budget;

		if ((both >> m & 1) && now->budget[m] > then->budget[m])
			rc = raised(s, f, now, then, was, (enum gb_metric)m, err);
	}
	return rc;
}

static int compare_budgets(const struct comparing *s, struct gb_err *err)
{
	const struct gb_budgets *budgets = s->budgets;
	int rc = 0;

	for (size_t i = 0; i < budgets->n; i++) {
		const struct gb_budget_file *f = budgets->files[i];
		const struct gb_budget_block *b = gb_budget_block_for(f, &s->run->env);

		/* The shard that measures it says so. */
		if (gb_strlist_has(&s->run->elsewhere, f->package))
			continue;
		for (size_t k = 0; b && k < b->n_rows && rc >= 0; k++)
			rc = compare_row(s, f, &b->rows[k], err);
	}
	return rc;
}

/* What the exact runs (or those alone) of a test measured. */
static bool alike(const struct gb_test *t, enum gb_metric m, int64_t *ret)
{
	return gb_test_value(t, m, gb_metrics[m].alone ? GB_ALONE : GB_EXACT, ret);
}

static int64_t goroutines_of(const struct gb_test *t, enum gb_leak kind)
{
	int64_t most = 0, sum = 0;
	int run = -1;

	for (size_t i = 0; t && i < t->n_groups; i++) {
		if (t->groups[i].kind != kind)
			continue;
		sum = t->groups[i].run == run ? sum + t->groups[i].count : t->groups[i].count;
		run = t->groups[i].run;
		most = sum > most ? sum : most;
	}
	return most;
}

/* True, and what the base had, where this was over there, too, and not by less. */
static bool measured_at_base(const struct comparing *s, const struct gb_judgement *j,
			     int64_t *ret_then)
{
	const struct gb_package *p =
		s->base->run ? gb_run_package(s->base->run, j->package_path) : NULL;
	const struct gb_test *then = p ? gb_package_test(p, j->test_name) : NULL;
	enum gb_metric m = (enum gb_metric)j->metric;
	int64_t now;

	if (!then)
		return false;
	if (j->by == GB_BY_LIVING) {
		size_t rule = (size_t)j->living_rule - 1;

		*ret_then = rule < p->n_living ? p->living[rule].most : 0;
		return *ret_then >= j->measured;
	}
	if (j->by == GB_BY_KIND) {
		*ret_then = goroutines_of(then, j->leak);
		return *ret_then >= j->measured;
	}
	if (!alike(then, m, ret_then) || *ret_then <= j->ceiling)
		return false;
	return alike(j->test, m, &now) ? now <= *ret_then + j->spread
				       : j->measured <= *ret_then + j->spread;
}

static bool recorded_at_base(const struct comparing *s, const struct gb_judgement *j,
			     int64_t *ret_then)
{
	const char *was;
	const struct gb_budget_row *then = row_at_base(s, j->package_path, j->test_name, &was);
	enum gb_metric m = (enum gb_metric)j->metric;

	if (j->by != GB_BY_BUDGET || !then || !(then->has_measured >> m & 1) ||
	    !(then->has_budget >> m & 1))
		return false;
	*ret_then = then->measured[m];
	return *ret_then > gb_policy_ceiling(s->base->policy, m, then->budget[m]) &&
	       j->measured <= *ret_then + j->spread;
}

static void find_inherited(const struct comparing *s)
{
	for (size_t i = 0; i < s->out->n; i++) {
		struct gb_judgement *j = &s->out->v[i];
		int64_t then;

		if (j->verdict != GB_V_OVER || j->metric < 0 || !j->test)
			continue;
		if (!measured_at_base(s, j, &then) && !recorded_at_base(s, j, &then))
			continue;
		s->out->count[j->verdict]--;
		s->out->failing -= j->action == GB_ACT_FAIL;
		s->out->warning += j->action == GB_ACT_FAIL;
		j->verdict = GB_V_INHERITED;
		j->at_base = then;
		if (j->action == GB_ACT_FAIL)
			j->action = GB_ACT_WARN;
		s->out->count[j->verdict]++;
	}
}

int gb_judge_base(const struct gb_run *run, const struct gb_budgets *budgets,
		  const struct gb_base_rules *base, struct gb_verdicts *v, struct gb_err *err)
{
	const struct comparing s = { run, budgets, base, v };
	int rc = compare_budgets(&s, err);

	if (rc < 0)
		return rc;
	find_inherited(&s);
	gb_verdicts_sort(v);
	return 0;
}
