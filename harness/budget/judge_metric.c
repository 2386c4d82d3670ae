#include "budget/judge_metric.h"

#include "budget/windows.h"

static int64_t add_saturating(int64_t a, int64_t b)
{
	return a > INT64_MAX - b ? INT64_MAX : a + b;
}

static struct gb_judgement blank(const struct gb_judge_case *c, enum gb_metric m)
{
	return (struct gb_judgement){
		.package = c->package,
		.test = c->test,
		.package_path = c->package->path,
		.test_name = c->test->name,
		.metric = (int)m,
	};
}

/* What the row says of this metric, and where both gates stand. */
static void by_budget(const struct gb_judge_case *c, enum gb_metric m, struct gb_judgement *j,
		      int64_t *ret_grew_at)
{
	const struct gb_budget_row *row = c->row;
	bool any_run = gb_metrics[m].goroutine;

	j->by = GB_BY_BUDGET;
	j->has_budget = true;
	j->budget = row->budget[m];
	j->file = c->file;
	j->line = row->line;
	j->ceiling = gb_policy_ceiling(c->policy, m, j->budget);
	*ret_grew_at = j->budget;
	if (!(row->has_measured >> m & 1))
		return;
	j->has_recorded = true;
	j->recorded = row->measured[m];
	j->spread = row->has_spread >> m & 1 ? row->spread[m] : 0;
	*ret_grew_at = add_saturating(j->recorded, j->spread);
	/* The budget is the smallest of the recorded runs, and other days have wider ranges.  Of
	 * goroutines the largest is the budget. */
	int64_t unsteady = add_saturating(j->budget, add_saturating(j->spread, j->spread));
	if (!any_run && j->ceiling < unsteady)
		j->ceiling = unsteady;
}

static bool is_slack(const struct gb_policy *p, const struct gb_judgement *j)
{
	double room = (double)j->budget - (double)j->measured;

	/* What the recording's own runs lay apart is no slack. */
	room -= (double)j->spread;
	if (room <= (double)j->measured * p->slack_under)
		return false;
	return gb_metrics[j->metric].unit != GB_BYTES || room > (double)p->slack_and;
}

static void choose(const struct gb_policy *p, struct gb_judgement *j, int64_t grew_at)
{
	const struct gb_waiver *w = j->waiver;
	bool over = j->measured > j->ceiling;
	bool unsteady = gb_metrics[j->metric].unsteady;
	bool grew = !over && j->has_budget && !unsteady && j->measured > grew_at;

	if (w && (over || grew) && j->measured <= w->ceiling) {
		j->verdict = GB_V_WAIVED;
		j->by = GB_BY_WAIVER;
		j->ceiling = w->ceiling;
	} else if (over) {
		j->verdict = GB_V_OVER;
		if (w && w->ceiling >= j->ceiling) {
			j->by = GB_BY_WAIVER;
			j->ceiling = w->ceiling;
		}
	} else if (grew) {
		j->verdict = GB_V_GREW;
	} else if (j->has_budget && !unsteady && is_slack(p, j)) {
		j->verdict = GB_V_SLACK;
	} else {
		j->verdict = GB_V_WITHIN;
	}
}

static enum gb_action action_of(const struct gb_judge_case *c, const struct gb_judgement *j)
{
	const struct gb_policy *p = c->policy;
	enum gb_action action;

	switch (j->verdict) {
	case GB_V_OVER:
		action = j->by == GB_BY_WINDOW ? gb_windows_action(c->windows) : GB_ACT_FAIL;
		break;
	case GB_V_GREW:
		action = p->on_grew;
		break;
	case GB_V_SLACK:
		action = p->on_slack;
		break;
	default:
		return GB_ACT_IGNORE;
	}
	const struct gb_metric_info *m = &gb_metrics[j->metric];
	bool soft = (p->warn_only >> j->metric & 1) || (c->race && !m->goroutine && !m->compiled);
	return soft && action == GB_ACT_FAIL ? GB_ACT_WARN : action;
}

/* No budget, no ceiling, no waiver: all that can be said is that something stayed behind. */
static bool judge_left(const struct gb_judge_case *c, struct gb_judgement *j)
{
	if (j->metric != GB_GOROUTINES || j->measured <= 0)
		return false;
	j->verdict = GB_V_LEFT;
	/* What a package starts for itself usually means to stay. */
	j->action = c->test->kind == GB_PACKAGE ? GB_ACT_IGNORE : c->policy->on_left;
	j->over_runs = gb_test_over(c->test, GB_GOROUTINES, 0);
	return true;
}

static void by_window(const struct gb_window_found *f, struct gb_judgement *j)
{
	j->by = GB_BY_WINDOW;
	j->ceiling = f->ceiling;
	j->window = (struct gb_judged_window){ .of = f->rule->of,
					       .days = f->rule->days,
					       .at_least = f->rule->at_least,
					       .nights = f->nights,
					       .percent = gb_window_percent(f->rule->over),
					       .and_ = f->rule->and_,
					       .value = f->value,
					       .line = f->rule->line };
}

/* There is a window, but no ceiling yet, and nothing else to judge by. */
static void judge_young(const struct gb_judge_case *c, const struct gb_window_found *f,
			struct gb_judgement *j)
{
	by_window(f, j);
	j->ceiling = 0;
	j->verdict = GB_V_NEW;
	j->action = c->policy->on_new;
}

/* After everything else: within that, it may be over its window. */
static void tighten(const struct gb_window_found *f, struct gb_judgement *j)
{
	if (j->verdict == GB_V_OVER || j->measured <= f->ceiling ||
	    (j->waiver && j->measured <= j->waiver->ceiling))
		return;
	by_window(f, j);
	j->verdict = GB_V_OVER;
}

bool gb_judge_metric(const struct gb_judge_case *c, enum gb_metric m, struct gb_judgement *ret)
{
	struct gb_window_found f = { .rule = NULL };
	struct gb_judgement j = blank(c, m);
	struct gb_measured measured;
	int64_t grew_at = 0;
	size_t rule;

	if (!gb_metrics[m].judged || !gb_test_measured(c->test, m, &measured))
		return false;
	/* Process total minus tests says nothing where tests did not end as they should; what was
	 * compiled stays what it is. */
	if (c->troubled && c->test->kind == GB_PACKAGE && !gb_metrics[m].compiled)
		return false;
	j.measured = gb_metrics[m].goroutine ? measured.max : measured.min;
	j.runs = gb_metrics[m].goroutine ? measured.n : 0;
	j.waiver = gb_policy_waiver(c->policy, c->package->path, c->test->name, m);
	bool window = c->windows &&
		      gb_windows_find(c->windows, c->env, c->package->path, c->test->name, m, &f);
	if (c->row && (c->row->has_budget >> m & 1)) {
		by_budget(c, m, &j, &grew_at);
	} else if (gb_policy_default_ceiling(c->policy, c->package->path, c->test->name, m,
					     &j.ceiling, &rule)) {
		j.by = GB_BY_CEILING;
		j.budget = j.ceiling;
		j.line = c->policy->ceilings[rule].line;
	} else if (j.waiver) {
		j.by = GB_BY_WAIVER;
		j.ceiling = j.waiver->ceiling;
	} else if (window && f.known) {
		by_window(&f, &j);
	} else if (judge_left(c, &j)) {
		*ret = j;
		return true;
	} else if (window) {
		judge_young(c, &f, &j);
		*ret = j;
		return true;
	} else {
		return false;
	}
	choose(c->policy, &j, grew_at);
	if (window && f.known)
		tighten(&f, &j);
	j.action = action_of(c, &j);
	if (gb_metrics[m].goroutine)
		j.over_runs = gb_test_over(c->test, m, j.ceiling);
	*ret = j;
	return true;
}

/* The most of them that one run saw, and how many runs saw any. */
static int64_t count_kind(const struct gb_test *t, enum gb_leak kind, size_t *ret_runs)
{
	int64_t most = 0, sum = 0;
	int run = -1;

	*ret_runs = 0;
	if (t->folded.runs) {
		*ret_runs = t->folded.leak_runs[kind];
		return t->folded.leak_most[kind];
	}
	/* Groups are in order of their runs. */
	for (size_t i = 0; i < t->n_groups; i++) {
		const struct gb_group *g = &t->groups[i];

		if (g->kind != kind)
			continue;
		if (g->run != run) {
			run = g->run;
			sum = 0;
			++*ret_runs;
		}
		sum = add_saturating(sum, g->count);
		if (sum > most)
			most = sum;
	}
	return most;
}

bool gb_judge_living(const struct gb_policy *policy, const struct gb_package *p, size_t rule,
		     struct gb_judgement *ret)
{
	const struct gb_living *l = &policy->living[rule];
	const struct gb_test *row = gb_package_test(p, GB_PACKAGE_ROW);

	if (!row || rule >= p->n_living || !p->living[rule].processes)
		return false;
	*ret = (struct gb_judgement){
		.package = p,
		.test = row,
		.package_path = p->path,
		.test_name = row->name,
		.metric = GB_GOROUTINES,
		.by = GB_BY_LIVING,
		.living = l,
		.living_rule = (int)rule + 1,
		.budget = l->count,
		.ceiling = l->count,
		.measured = p->living[rule].most,
	};
	if (ret->measured > ret->ceiling) {
		ret->verdict = GB_V_OVER;
		ret->action = GB_ACT_FAIL;
	} else if (ret->measured < ret->ceiling) {
		ret->verdict = GB_V_SLACK;
		ret->action = policy->on_slack;
	}
	return true;
}

bool gb_judge_kind(const struct gb_judge_case *c, enum gb_leak kind, struct gb_judgement *ret)
{
	struct gb_judgement j = blank(c, GB_GOROUTINES);
	struct gb_measured measured;

	j.action = kind == GB_HUNG ? c->policy->on_hung : c->policy->on_proven;
	j.measured = count_kind(c->test, kind, &j.over_runs);
	/* A hung test is hung even where its goroutines could not be listed. */
	if (!j.measured && kind == GB_HUNG && c->test->outcome == GB_HANG)
		j.measured = 1;
	if (!j.measured || j.action == GB_ACT_IGNORE)
		return false;
	j.verdict = GB_V_OVER;
	j.by = GB_BY_KIND;
	j.leak = kind;
	j.runs = gb_test_measured(c->test, GB_GOROUTINES, &measured) ? measured.n : j.over_runs;
	j.waiver = gb_policy_waiver(c->policy, c->package->path, c->test->name, GB_GOROUTINES);
	if (j.waiver && j.measured <= j.waiver->ceiling) {
		j.verdict = GB_V_WAIVED;
		j.action = GB_ACT_IGNORE;
		j.by = GB_BY_WAIVER;
		j.ceiling = j.waiver->ceiling;
	}
	*ret = j;
	return true;
}
