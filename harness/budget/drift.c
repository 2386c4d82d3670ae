#include "budget/drift.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/text.h"
#include "budget/judge_metric.h"

#include <stdlib.h>
#include <string.h>

struct drifting {
	const struct gb_run *run;
	const struct gb_budgets *budgets;
	const struct gb_policy *rules;
	const struct gb_anchor *anchor;
	const char *env;
	struct gb_verdicts *out;
};

void gb_anchor_release(struct gb_anchor *a)
{
	gb_budgets_release(&a->budgets);
	gb_note_release(&a->note);
	*a = (struct gb_anchor){ 0 };
}

int gb_anchor_knows(const struct gb_anchor *a, const struct gb_environment *env, struct gb_err *err)
{
	_free_ char *text = gb_environment_text(env);

	if (!text)
		return gb_fail_nomem(err);
	for (size_t i = 0; i < a->note.n; i++)
		if (strcmp(a->note.v[i].env, text) == 0)
			return 1;
	for (size_t i = 0; i < a->budgets.n; i++) {
		const struct gb_budget_block *b = gb_budget_block_for(a->budgets.files[i], env);

		for (size_t k = 0; b && k < b->n_rows; k++)
			if (b->rows[k].has_measured)
				return 1;
	}
	return 0;
}

static const struct gb_budget_row *row_of(const struct drifting *s, const struct gb_budgets *of,
					  const char *package, const char *test)
{
	const struct gb_budget_file *f = gb_budgets_package(of, package);
	const struct gb_budget_block *b = f ? gb_budget_block_for(f, &s->run->env) : NULL;

	return b ? gb_budget_row_for(b, test) : NULL;
}

static bool noted(const struct drifting *s, const char *package, const char *test, enum gb_metric m,
		  int64_t *ret)
{
	const struct gb_note_value key = { (char *)(uintptr_t)s->env, (char *)(uintptr_t)package,
					   (char *)(uintptr_t)test, m, 0 };
	const struct gb_note_value *v = gb_note_find(&s->anchor->note, &key);

	if (v)
		*ret = v->value;
	return v != NULL;
}

static int64_t plus(int64_t a, int64_t b)
{
	return a > INT64_MAX - b ? INT64_MAX : a + b;
}

static int64_t spread_of(const struct gb_budget_row *row, enum gb_metric m)
{
	return row && (row->has_spread >> m & 1) && row->spread[m] < INT64_MAX / 2
		       ? 2 * row->spread[m]
		       : 0;
}

/* The most that is no drift yet. */
static int64_t allowed(const struct drifting *s, enum gb_metric m, int64_t then,
		       const struct gb_budget_row *was, const struct gb_budget_row *is)
{
	const struct gb_drift *d = &s->rules->drift;
	double share = (double)then * d->share * (1 + 1e-12);
	int64_t room = share >= (double)INT64_MAX ? INT64_MAX : (int64_t)share;
	const int64_t least[] = { gb_metrics[m].unit == GB_BYTES ? d->and_ : 0, spread_of(was, m),
				  spread_of(is, m) };

	for (size_t i = 0; i < sizeof(least) / sizeof(least[0]); i++)
		room = least[i] > room ? least[i] : room;
	return plus(then, room);
}

static int judge_one(const struct drifting *s, const struct gb_package *p, const struct gb_test *t,
		     enum gb_metric m, struct gb_err *err)
{
	const struct gb_budget_row *was = row_of(s, &s->anchor->budgets, p->path, t->name);
	const struct gb_budget_row *is = row_of(s, s->budgets, p->path, t->name);
	enum gb_action action = s->rules->on_drift;
	struct gb_measured got;
	int64_t then, now;

	if (!gb_metrics[m].judged || gb_metrics[m].unsteady || !gb_test_measured(t, m, &got))
		return 0;
	if (!noted(s, p->path, t->name, m, &then)) {
		if (!was || !(was->has_measured >> m & 1))
			return 0;
		then = was->measured[m];
	}
	now = gb_metrics[m].goroutine ? got.max : got.min;
	if ((s->rules->warn_only >> m & 1) || (s->run->env.race && !gb_metrics[m].goroutine))
		action = action > GB_ACT_WARN ? GB_ACT_WARN : action;

	struct gb_judgement j = { .package = p,
				  .test = t,
				  .package_path = p->path,
				  .test_name = t->name,
				  .metric = (int)m,
				  .verdict = GB_V_DRIFT,
				  .action = action,
				  .by = GB_BY_BUDGET,
				  .ceiling = allowed(s, m, then, was, is),
				  .measured = now,
				  .at_anchor = then,
				  .anchor = s->anchor->name };

	return now > j.ceiling ? gb_verdicts_push(s->out, &j, err) : 0;
}

int gb_judge_drift(const struct gb_run *run, const struct gb_budgets *budgets,
		   const struct gb_policy *rules, const struct gb_anchor *anchor,
		   struct gb_verdicts *v, struct gb_err *err)
{
	_free_ char *env = gb_environment_text(&run->env);
	const struct drifting s = { run, budgets, rules, anchor, env, v };
	int rc = env ? 0 : gb_fail_nomem(err);

	for (size_t i = 0; i < run->n_packages && rc >= 0; i++) {
		const struct gb_package *p = &run->packages[i];

		for (size_t k = 0; k < p->n_tests && rc >= 0; k++)
			for (int m = 0; m < GB_METRICS && rc >= 0; m++)
				if (p->tests[k].outcome == GB_PASS)
					rc = judge_one(&s, p, &p->tests[k], (enum gb_metric)m, err);
	}
	if (rc < 0)
		return rc;
	gb_verdicts_sort(v);
	return 0;
}

static bool loosens(const struct gb_policy *here, const struct gb_policy *base)
{
	const struct gb_drift *now = &here->drift, *then = &base->drift;

	return !now->since || strcmp(now->since, then->since) != 0 || now->share > then->share ||
	       now->and_ > then->and_ || here->on_drift < base->on_drift;
}

const struct gb_policy *gb_drift_rules(const struct gb_policy *here, const struct gb_policy *base,
				       bool *ret_loosened)
{
	const char *why = here->drift.reason;

	*ret_loosened =
		base && base->drift.since && base->on_drift != GB_ACT_IGNORE && loosens(here, base);
	if (!*ret_loosened || base->raise == GB_RAISE_ALLOW)
		return here;
	if (base->raise == GB_RAISE_REASON && why && !gb_streq(why, base->drift.reason))
		return here;
	return base;
}
