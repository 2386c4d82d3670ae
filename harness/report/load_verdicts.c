/* load_verdicts - what was judged; see load.h. */
#include "report/loading.h"

#include "base/limits.h"
#include "budget/judge_metric.h"
#include "budget/policy_window.h"

#include <string.h>

static const char *verdict_name(int i)
{
	return gb_verdict_name((enum gb_verdict)i);
}

static const char *action_name(int i)
{
	return gb_action_name((enum gb_action)i);
}

static const char *by_name(int i)
{
	return gb_judged_by_name((enum gb_judged_by)i);
}

static const char *leak_name(int i)
{
	return gb_leak_name((enum gb_leak)i);
}

static const char *raise_name(int i)
{
	return gb_raise_name((enum gb_raise)i);
}

static const char *metric_name(int i)
{
	return gb_metrics[i].name;
}

static const char *of_name(int i)
{
	return gb_window_of_name((enum gb_window_of)i);
}

static int64_t amount(struct gb_loading *l, const cJSON *item, const char *key, int m, bool *ret)
{
	*ret = gb_load_get(l, item, key) != NULL;
	return *ret ? gb_load_metric(l, item, key, m) : 0;
}

/* It is shown as it stands, so it has to be a day. */
static void load_since(struct gb_loading *l, const cJSON *near, char ret[11])
{
	static const char like[] = "0000-00-00";
	const char *day = gb_load_text(l, near, "since");

	if (!day)
		return;
	for (size_t i = 0; i < sizeof(like); i++) {
		if (like[i] == '0' ? day[i] < '0' || day[i] > '9' : day[i] != like[i]) {
			gb_load_fail(l, near, "since is no day");
			return;
		}
	}
	memcpy(ret, day, sizeof(like));
}

static void load_window(struct gb_loading *l, const cJSON *item, struct gb_judgement *j)
{
	struct gb_judged_window *w = &j->window;
	bool near = j->verdict == GB_V_NEAR;
	const cJSON *from;

	if (!near && j->by != GB_BY_WINDOW)
		return;
	from = gb_load_need_object(l, item, near ? "near" : "window");
	if (!gb_load_ok(l))
		return;
	w->percent = gb_load_milli(l, from, "percent");
	w->nights = (size_t)gb_load_int(l, from, "nights", GB_LOAD_COUNT);
	w->line = (size_t)gb_load_int(l, from, "line", GB_LOAD_COUNT);
	if (near) {
		load_since(l, from, w->since);
		return;
	}
	w->of = (enum gb_window_of)gb_load_name(l, from, "of", of_name, GB_WINDOW_OFS);
	w->days = (int)gb_load_int(l, from, "days", INT32_MAX);
	w->at_least = (int)gb_load_int(l, from, "at_least", INT32_MAX);
	w->and_ = gb_load_int(l, from, "and", INT64_MAX);
	if (j->verdict != GB_V_NEW)
		w->value = gb_load_metric(l, from, "value", j->metric);
}

static void load_numbers(struct gb_loading *l, const cJSON *item, struct gb_judgement *j)
{
	bool any;

	j->budget = amount(l, item, "budget", j->metric, &j->has_budget);
	j->ceiling = amount(l, item, "ceiling", j->metric, &any);
	j->measured = amount(l, item, "measured", j->metric, &any);
	j->recorded = amount(l, item, "recorded", j->metric, &j->has_recorded);
	j->spread = amount(l, item, "spread", j->metric, &any);
	j->at_base = amount(l, item, "at_base", j->metric, &any);
	j->over_runs = (size_t)gb_load_int_or(l, item, "over_runs", GB_LOAD_COUNT, 0);
	j->runs = (size_t)gb_load_int_or(l, item, "runs", GB_LOAD_COUNT, 0);
	/* What the judge set besides. */
	if (j->by == GB_BY_CEILING || j->by == GB_BY_LIVING)
		j->budget = j->ceiling;
	load_window(l, item, j);
	if (j->verdict == GB_V_DRIFT) {
		j->at_anchor = gb_load_metric(l, item, "at_anchor", j->metric);
		j->anchor = gb_load_string(l, item, "anchor");
	}
	if (j->verdict == GB_V_RAISED) {
		j->ceiling = j->budget;
		j->raise = (enum gb_raise)gb_load_name(l, item, "needs", raise_name,
						       GB_RAISE_WAIVER + 1);
		j->reason = gb_load_text(l, item, "reason");
		j->was = gb_load_text(l, item, "was");
	}
}

static void load_file(struct gb_loading *l, const cJSON *item, struct gb_judgement *j)
{
	struct gb_budget_file *f;

	if (!item || !gb_load_ok(l))
		return;
	f = &l->all_files[l->files++];
	f->path = (char *)(uintptr_t)gb_load_string(l, item, "file");
	j->file = f;
	j->line = (size_t)gb_load_int(l, item, "line", GB_LOAD_COUNT);
}

static void load_waiver(struct gb_loading *l, const cJSON *item, struct gb_judgement *j)
{
	const char *until = item ? gb_load_string(l, item, "until") : NULL;
	struct gb_waiver *w;

	if (!until)
		return;
	w = &l->all_waivers[l->waivers++];
	if (strlen(until) >= sizeof(w->until))
		gb_load_fail(l, item, "until is no day");
	else
		memcpy(w->until, until, strlen(until) + 1);
	w->ceiling = gb_load_int(l, item, "ceiling", INT64_MAX);
	w->reason = (char *)(uintptr_t)gb_load_text(l, item, "reason");
	j->waiver = w;
}

static void load_living(struct gb_loading *l, const cJSON *item, const cJSON *living,
			struct gb_judgement *j)
{
	struct gb_living *r;

	if (j->by != GB_BY_LIVING || !gb_load_ok(l))
		return;
	if (!living) {
		gb_load_fail(l, item, "has no \"living\"");
		return;
	}
	r = &l->all_living[l->living++];
	j->living = r;
	j->living_rule = (int)gb_load_int(l, living, "rule", INT32_MAX);
	r->created_by = (char *)(uintptr_t)gb_load_string(l, living, "created_by");
	r->count = gb_load_int(l, living, "count", INT64_MAX);
	r->reason = (char *)(uintptr_t)gb_load_text(l, living, "reason");
	r->line = (size_t)gb_load_int(l, living, "line", GB_LOAD_COUNT);
	/* Renderers look it up in the package. */
	if (gb_load_ok(l) &&
	    (!j->package || j->living_rule < 1 || (size_t)j->living_rule > j->package->n_living))
		gb_load_fail(l, living, "names no rule of the package's");
}

static void load_names(struct gb_loading *l, const cJSON *item, struct gb_judgement *j)
{
	bool whole = gb_load_get(l, item, "test") == NULL;

	j->package_path = gb_load_string(l, item, "package");
	j->test_name = gb_load_text(l, item, "test");
	j->metric = -1;
	if (gb_load_get(l, item, "metric"))
		j->metric = gb_load_name(l, item, "metric", metric_name, GB_METRICS);
	j->verdict = (enum gb_verdict)gb_load_name(l, item, "verdict", verdict_name, GB_VERDICTS);
	j->action = (enum gb_action)gb_load_name(l, item, "action", action_name, GB_ACT_FAIL + 1);
	j->by = (enum gb_judged_by)gb_load_name(l, item, "by", by_name, GB_JUDGED_BY);
	if (!gb_load_ok(l))
		return;
	j->package = gb_load_package_of(l, j->package_path);
	if (gb_load_object(l, item, "site") && j->package && j->test_name)
		j->test = gb_package_test(j->package, j->test_name);
	if (j->metric >= 0 && whole)
		gb_load_fail(l, item, "is about a metric of no test");
	if (j->metric < 0 && j->verdict != GB_V_NEW && j->verdict != GB_V_GONE &&
	    j->verdict != GB_V_INCOMPARABLE)
		gb_load_fail(l, item, "is about no metric");
}

static void load_verdict(struct gb_loading *l, const cJSON *item)
{
	struct gb_judgement j = { 0 };

	if (!cJSON_IsObject(item))
		gb_load_fail(l, item, "is no object");
	load_names(l, item, &j);
	if (j.by == GB_BY_KIND)
		j.leak = (enum gb_leak)gb_load_name(l, item, "leak", leak_name, GB_LEAKS);
	if (gb_load_ok(l) && j.metric >= 0)
		load_numbers(l, item, &j);
	j.line = (size_t)gb_load_int_or(l, item, "policy_line", GB_LOAD_COUNT, 0);
	load_file(l, gb_load_object(l, item, "budget_at"), &j);
	load_waiver(l, gb_load_object(l, item, "waiver"), &j);
	load_living(l, item, gb_load_object(l, item, "living"), &j);
	if (gb_load_ok(l))
		l->rc = gb_verdicts_push(&l->out->verdicts, &j, l->err);
}

void gb_load_verdicts(struct gb_loading *l)
{
	const cJSON *root = l->json->root, *list = gb_load_need_list(l, root, "verdicts"), *item;
	const cJSON *totals = gb_load_need_object(l, root, "totals");
	struct gb_verdicts *v = &l->out->verdicts;
	size_t n = gb_load_count(l, list, GB_MAX_VERDICTS, "verdicts");

	v->tests = (size_t)gb_load_int(l, totals, "tests", GB_LOAD_COUNT);
	v->no_budgets = gb_load_bool(l, root, "no_budgets");
	v->race = l->out->run->env.race;
	if (!n)
		return;
	l->all_files = gb_load_array(l, n, sizeof(*l->all_files));
	l->all_waivers = gb_load_array(l, n, sizeof(*l->all_waivers));
	l->all_living = gb_load_array(l, n, sizeof(*l->all_living));
	for (item = list->child; item && gb_load_ok(l); item = item->next)
		load_verdict(l, item);
}
