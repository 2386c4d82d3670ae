/*
 * The report as JSON: the whole model, version 1.
 *
 * budgets/schema/report.json describes it.  Paths are those of the run: below
 * the module relative to it, nothing of this machine's folders besides.  ns/op
 * is in nanoseconds with up to three digits behind the point; all else are integers.
 */
#include "base/buf.h"
#include "budget/policy_window.h"
#include "report/json_parts.h"
#include "report/report.h"
#include "report/say.h"
#include "version.h"

#include "base/fs.h"

#define REPORT_VERSION 1

void gb_json_metric(struct gb_jsonw *w, const char *key, int m, int64_t value)
{
	if (m >= 0 && gb_metrics[m].unit == GB_PICOSECONDS)
		gb_jsonw_milli(w, key, value);
	else
		gb_jsonw_int(w, key, value);
}

void gb_json_site(struct gb_jsonw *w, const char *key, const struct gb_site *s)
{
	gb_jsonw_open(w, key, '{', true);
	gb_jsonw_string(w, "func", s->func);
	gb_jsonw_string(w, "file", s->file);
	gb_jsonw_int(w, "line", s->line);
	gb_jsonw_close(w, '}');
}

void gb_json_frames(struct gb_jsonw *w, const char *key, const struct gb_site *v, size_t n)
{
	gb_jsonw_open(w, key, '[', false);
	for (size_t i = 0; i < n; i++)
		gb_json_site(w, NULL, &v[i]);
	gb_jsonw_close(w, ']');
}

/* By rule of the policy's list. */
static void living_seen(struct gb_jsonw *w, const struct gb_package *p)
{
	if (!p->living || !p->n_living)
		return;
	gb_jsonw_open(w, "living", '[', false);
	for (size_t i = 0; i < p->n_living; i++) {
		gb_jsonw_open(w, NULL, '{', true);
		gb_jsonw_int(w, "most", p->living[i].most);
		gb_jsonw_int(w, "process", p->living[i].process);
		gb_jsonw_close(w, '}');
	}
	gb_jsonw_close(w, ']');
}

static void package(struct gb_jsonw *w, const struct gb_report *r, const struct gb_package *p)
{
	gb_jsonw_open(w, NULL, '{', false);
	gb_jsonw_string(w, "path", p->path);
	gb_jsonw_string(w, "module", p->module);
	gb_jsonw_string(w, "dir",
			p->dir && p->module_dir ? gb_path_relative(p->dir, p->module_dir) : NULL);
	gb_jsonw_bool(w, "passed", p->passed);
	gb_jsonw_bool(w, "measured", p->measured);
	gb_jsonw_int(w, "wall_ms", p->wall_ms);
	if (p->measured_at) {
		gb_jsonw_bool(w, "cached", true);
		gb_jsonw_int(w, "measured_at", p->measured_at);
	}
	gb_jsonw_open(w, "troubles", '[', false);
	for (size_t i = 0; i < p->n_troubles; i++) {
		const struct gb_trouble *t = &p->troubles[i];

		gb_jsonw_open(w, NULL, '{', false);
		gb_jsonw_string(w, "kind", gb_trouble_name(t->kind));
		gb_jsonw_string(w, "test", t->test);
		gb_jsonw_string(w, "text", t->text);
		gb_jsonw_string(w, "output", t->output);
		gb_jsonw_bool(w, "warning", t->warning);
		gb_jsonw_close(w, '}');
	}
	gb_jsonw_close(w, ']');
	gb_jsonw_open(w, "tests", '[', false);
	for (size_t i = 0; i < p->n_tests; i++)
		gb_json_test(w, r, p, &p->tests[i]);
	gb_jsonw_close(w, ']');
	living_seen(w, p);
	gb_jsonw_close(w, '}');
}

static void window(struct gb_jsonw *w, const struct gb_judgement *j)
{
	const struct gb_judged_window *x = &j->window;
	bool near = j->verdict == GB_V_NEAR;

	gb_jsonw_open(w, near ? "near" : "window", '{', true);
	if (near) {
		gb_jsonw_milli(w, "percent", x->percent);
		gb_jsonw_int(w, "nights", (int64_t)x->nights);
		gb_jsonw_string(w, "since", x->since[0] ? x->since : NULL);
	} else {
		gb_jsonw_string(w, "of", gb_window_of_name(x->of));
		gb_jsonw_int(w, "days", x->days);
		gb_jsonw_int(w, "nights", (int64_t)x->nights);
		gb_jsonw_int(w, "at_least", x->at_least);
		gb_jsonw_milli(w, "percent", x->percent);
		gb_jsonw_int(w, "and", x->and_);
		if (j->verdict != GB_V_NEW)
			gb_json_metric(w, "value", j->metric, x->value);
	}
	gb_jsonw_int(w, "line", (int64_t)x->line);
	gb_jsonw_close(w, '}');
}

static void verdict_numbers(struct gb_jsonw *w, const struct gb_judgement *j)
{
	bool bounded = j->by != GB_BY_KIND && j->verdict != GB_V_LEFT && j->verdict != GB_V_NEW &&
		       j->verdict != GB_V_RAISED;

	if (j->has_budget)
		gb_json_metric(w, "budget", j->metric, j->budget);
	if (bounded)
		gb_json_metric(w, "ceiling", j->metric, j->ceiling);
	if (j->verdict != GB_V_GONE)
		gb_json_metric(w, "measured", j->metric, j->measured);
	if (j->has_recorded) {
		gb_json_metric(w, "recorded", j->metric, j->recorded);
		gb_json_metric(w, "spread", j->metric, j->spread);
	}
	if (j->verdict == GB_V_INHERITED)
		gb_json_metric(w, "at_base", j->metric, j->at_base);
	if (j->verdict == GB_V_DRIFT) {
		gb_json_metric(w, "at_anchor", j->metric, j->at_anchor);
		gb_jsonw_string(w, "anchor", j->anchor);
	}
	if (j->verdict == GB_V_NEAR || j->by == GB_BY_WINDOW)
		window(w, j);
	if (j->verdict == GB_V_RAISED) {
		gb_jsonw_string(w, "needs", gb_raise_name(j->raise));
		gb_jsonw_string(w, "reason", j->reason);
		if (j->was)
			gb_jsonw_string(w, "was", j->was);
	}
	if (j->by == GB_BY_CEILING && j->line)
		gb_jsonw_int(w, "policy_line", (int64_t)j->line);
	if (j->runs) {
		gb_jsonw_int(w, "over_runs", (int64_t)j->over_runs);
		gb_jsonw_int(w, "runs", (int64_t)j->runs);
	}
}

static void verdict(struct gb_jsonw *w, const struct gb_judgement *j)
{
	gb_jsonw_open(w, NULL, '{', false);
	gb_jsonw_string(w, "package", j->package_path);
	gb_jsonw_string(w, "test", j->test_name);
	gb_jsonw_string(w, "metric", j->metric >= 0 ? gb_metrics[j->metric].name : NULL);
	gb_jsonw_string(w, "verdict", gb_verdict_name(j->verdict));
	gb_jsonw_string(w, "action", gb_action_name(j->action));
	gb_jsonw_string(w, "by", gb_judged_by_name(j->by));
	if (j->by == GB_BY_KIND)
		gb_jsonw_string(w, "leak", gb_leak_name(j->leak));
	if (j->metric >= 0)
		verdict_numbers(w, j);
	if (j->test)
		gb_json_site(w, "site", &j->test->site);
	if (j->file && j->file->path) {
		gb_jsonw_open(w, "budget_at", '{', true);
		gb_jsonw_string(w, "file", j->file->path);
		gb_jsonw_int(w, "line", (int64_t)j->line);
		gb_jsonw_close(w, '}');
	}
	if (j->living) {
		gb_jsonw_open(w, "living", '{', true);
		gb_jsonw_int(w, "rule", j->living_rule);
		gb_jsonw_string(w, "created_by", j->living->created_by);
		gb_jsonw_int(w, "count", j->living->count);
		gb_jsonw_string(w, "reason", j->living->reason);
		gb_jsonw_int(w, "line", (int64_t)j->living->line);
		gb_jsonw_close(w, '}');
	}
	if (j->waiver) {
		gb_jsonw_open(w, "waiver", '{', true);
		gb_jsonw_int(w, "ceiling", j->waiver->ceiling);
		gb_jsonw_string(w, "until", j->waiver->until);
		gb_jsonw_string(w, "reason", j->waiver->reason);
		gb_jsonw_close(w, '}');
	}
	gb_jsonw_close(w, '}');
}

static void environment(struct gb_jsonw *w, const struct gb_run *run)
{
	const struct gb_environment *e = &run->env;

	gb_jsonw_open(w, "environment", '{', false);
	gb_jsonw_string(w, "go", e->go);
	gb_jsonw_string(w, "go_version", run->go_version);
	gb_jsonw_string(w, "platform", e->platform);
	gb_jsonw_int(w, "gomaxprocs", e->gomaxprocs);
	gb_jsonw_string(w, "gcflags", e->gcflags ? e->gcflags : "");
	gb_jsonw_string(w, "tags", e->tags ? e->tags : "");
	gb_jsonw_bool(w, "cgo", e->cgo);
	gb_jsonw_bool(w, "race", e->race);
	gb_jsonw_string(w, "accounting", gb_accounting_name(e->accounting));
	gb_jsonw_string(w, "why_fallback", run->go_why_fallback);
	gb_jsonw_close(w, '}');
}

static void totals(struct gb_jsonw *w, const struct gb_report *r)
{
	size_t troubles = 0;

	for (size_t i = 0; i < r->run->n_packages; i++) {
		for (size_t k = 0; k < r->run->packages[i].n_troubles; k++)
			troubles += !r->run->packages[i].troubles[k].warning;
	}
	gb_jsonw_open(w, "totals", '{', false);
	gb_jsonw_int(w, "packages", (int64_t)r->run->n_packages);
	gb_jsonw_int(w, "tests", (int64_t)r->verdicts->tests);
	gb_jsonw_int(w, "troubles", (int64_t)troubles);
	gb_jsonw_int(w, "failing", (int64_t)r->verdicts->failing);
	gb_jsonw_int(w, "warning", (int64_t)r->verdicts->warning);
	for (int v = 0; v < GB_VERDICTS; v++)
		gb_jsonw_int(w, gb_verdict_name((enum gb_verdict)v),
			     (int64_t)r->verdicts->count[v]);
	gb_jsonw_close(w, '}');
}

/* What the policy means to live, by rule. */
static void policy_living(struct gb_jsonw *w, const struct gb_policy *p)
{
	if (!p || !p->n_living)
		return;
	gb_jsonw_open(w, "living", '[', false);
	for (size_t i = 0; i < p->n_living; i++) {
		gb_jsonw_open(w, NULL, '{', true);
		gb_jsonw_string(w, "created_by", p->living[i].created_by);
		gb_jsonw_int(w, "count", p->living[i].count);
		gb_jsonw_int(w, "line", (int64_t)p->living[i].line);
		gb_jsonw_close(w, '}');
	}
	gb_jsonw_close(w, ']');
}

static void shard(struct gb_jsonw *w, const struct gb_report_shard *s)
{
	if (!s)
		return;
	gb_jsonw_open(w, "shard", '{', false);
	gb_jsonw_int(w, "index", (int64_t)s->index);
	gb_jsonw_int(w, "of", (int64_t)s->of);
	gb_jsonw_string(w, "plan", s->plan);
	gb_jsonw_int(w, "all", (int64_t)s->all);
	gb_jsonw_open(w, "packages", '[', false);
	for (size_t i = 0; i < s->packages->n; i++)
		gb_jsonw_string(w, NULL, s->packages->v[i]);
	gb_jsonw_close(w, ']');
	gb_jsonw_close(w, '}');
}

void gb_report_json(const struct gb_report *r, struct gb_buf *out)
{
	struct gb_jsonw w = { .out = out };

	gb_jsonw_open(&w, NULL, '{', false);
	gb_jsonw_int(&w, "version", REPORT_VERSION);
	gb_jsonw_string(&w, "gobudget", *GB_BUILD ? GB_VERSION " (" GB_BUILD ")" : GB_VERSION);
	gb_jsonw_string(&w, "module", r->module);
	gb_jsonw_string(&w, "root", r->root);
	gb_jsonw_string(&w, "command", r->command);
	gb_jsonw_string(&w, "commit", r->commit);
	gb_jsonw_string(&w, "base_commit", r->base_commit);
	shard(&w, r->shard);
	gb_jsonw_int(&w, "exit_status", r->exit_status);
	environment(&w, r->run);
	gb_jsonw_int(&w, "runs", r->run->runs);
	gb_jsonw_bool(&w, "filtered", r->run->filtered);
	gb_jsonw_bool(&w, "whole", r->run->whole);
	gb_jsonw_bool(&w, "compiled_only", r->run->compiled_only);
	gb_jsonw_bool(&w, "interrupted", r->run->interrupted);
	gb_jsonw_bool(&w, "no_budgets", r->verdicts->no_budgets);
	if (r->run->left_out)
		gb_jsonw_int(&w, "left_out", (int64_t)r->run->left_out);
	gb_jsonw_string(&w, "base", r->evidence ? r->evidence->base : NULL);
	gb_jsonw_string(&w, "policy", r->policy && !r->policy->built_in ? r->policy->path : NULL);
	policy_living(&w, r->policy);
	gb_jsonw_int(&w, "wall_ms", r->run->wall_ms);
	totals(&w, r);
	gb_jsonw_open(&w, "notes", '[', false);
	for (size_t i = 0; i < r->notes.n; i++)
		gb_jsonw_string(&w, NULL, r->notes.v[i]);
	gb_jsonw_close(&w, ']');
	gb_json_escapes(&w, r);
	gb_jsonw_open(&w, "verdicts", '[', false);
	for (size_t i = 0; i < r->verdicts->n; i++)
		verdict(&w, &r->verdicts->v[i]);
	gb_jsonw_close(&w, ']');
	gb_json_commits(&w, r);
	gb_json_bench(&w, r);
	gb_jsonw_open(&w, "packages", '[', false);
	for (size_t i = 0; i < r->run->n_packages; i++)
		package(&w, r, &r->run->packages[i]);
	gb_jsonw_close(&w, ']');
	gb_jsonw_close(&w, '}');
}
