#include "budget/judge.h"

#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/text.h"
#include "budget/judge_metric.h"
#include "budget/windows.h"

#include <stdlib.h>
#include <string.h>

struct judging {
	const struct gb_run *run;
	const struct gb_budgets *budgets;
	const struct gb_policy *policy;
	struct gb_verdicts *out;
	bool benchmarks; /* at least one ran */
	const char *env; /* where there are windows */
};

int gb_verdicts_push(struct gb_verdicts *out, const struct gb_judgement *j, struct gb_err *err)
{
	int rc = gb_grow((void **)&out->v, &out->cap, out->n + 1, sizeof(*out->v), SIZE_MAX, err);

	if (rc < 0)
		return rc;
	out->v[out->n++] = *j;
	out->count[j->verdict]++;
	out->failing += j->action == GB_ACT_FAIL;
	out->warning += j->action == GB_ACT_WARN;
	return 0;
}

static bool has_no_tests(const struct gb_package *p)
{
	for (size_t i = 0; i < p->n_troubles; i++)
		if (p->troubles[i].kind == GB_TROUBLE_NO_TESTS)
			return true;
	return false;
}

static bool module_has_budgets(const struct gb_budgets *b, const char *module)
{
	for (size_t i = 0; i < b->n; i++)
		if (!module || !b->files[i]->module || !strcmp(b->files[i]->module, module))
			return true;
	return false;
}

static int judge_kinds(const struct judging *s, const struct gb_judge_case *c, int64_t *ret_count,
		       struct gb_err *err)
{
	static const enum gb_leak kinds[] = { GB_HUNG, GB_PROVEN };
	struct gb_judgement j;
	int rc;

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (kinds[i] == GB_PROVEN && c->test->outcome != GB_PASS)
			continue;
		if (!gb_judge_kind(c, kinds[i], &j))
			continue;
		*ret_count += j.measured;
		if ((rc = gb_verdicts_push(s->out, &j, err)) < 0)
			return rc;
	}
	return 0;
}

/* One number, and whether it stays near what it may be. */
static int judge_number(const struct judging *s, const struct gb_judgement *j, struct gb_err *err)
{
	struct gb_judgement near;
	int rc = gb_verdicts_push(s->out, j, err);

	if (rc < 0 || !s->budgets->windows ||
	    !gb_windows_near(s->budgets->windows, s->env, j, &near))
		return rc;
	if ((s->policy->warn_only >> j->metric & 1) ||
	    (s->run->env.race && !gb_metrics[j->metric].goroutine))
		near.action = GB_ACT_WARN;
	return gb_verdicts_push(s->out, &near, err);
}

static int judge_test(const struct judging *s, const struct gb_judge_case *c, bool new_if_no_row,
		      struct gb_err *err)
{
	bool is_new =
		!c->row && new_if_no_row && c->test->kind != GB_PACKAGE && c->test->n_samples > 0;
	struct gb_judgement j;
	int64_t stuck = 0;
	int rc;

	if (c->test->outcome == GB_SKIP)
		return 0;
	s->out->tests += c->test->kind != GB_PACKAGE && c->test->n_samples > 0;
	if (!(c->troubled && c->test->kind == GB_PACKAGE) &&
	    (rc = judge_kinds(s, c, &stuck, err)) < 0)
		return rc;
	if (c->test->outcome != GB_PASS)
		return 0;
	for (int m = 0; m < GB_METRICS; m++) {
		if (!gb_judge_metric(c, (enum gb_metric)m, &j))
			continue;
		/* Said already, and worse; or said below, of the whole test. */
		if ((j.verdict == GB_V_LEFT && j.measured <= stuck) ||
		    (j.verdict == GB_V_NEW && is_new))
			continue;
		if ((rc = judge_number(s, &j, err)) < 0)
			return rc;
	}
	if (!is_new)
		return 0;
	j = (struct gb_judgement){
		.package = c->package,
		.test = c->test,
		.package_path = c->package->path,
		.test_name = c->test->name,
		.metric = -1,
		.verdict = GB_V_NEW,
		.action = s->policy->on_new,
		.file = c->file,
	};
	return gb_verdicts_push(s->out, &j, err);
}

/* A skipped test takes its subtests with it: they are not gone. */
static bool below_skipped(const struct gb_package *p, const char *test, bool *ret_nomem)
{
	_free_ char *name = gb_strdup(test);
	char *slash;

	if (!name) {
		*ret_nomem = true;
		return false;
	}
	while ((slash = strrchr(name, '/'))) {
		*slash = '\0';
		const struct gb_test *t = gb_package_test(p, name);

		if (t && t->outcome == GB_SKIP)
			return true;
	}
	return false;
}

static int judge_gone(const struct judging *s, const struct gb_package *p,
		      const struct gb_budget_file *file, const struct gb_budget_block *block,
		      struct gb_err *err)
{
	bool nomem = false;
	int rc;

	if (s->run->filtered || s->run->interrupted || gb_package_failed(p) ||
	    !(p->measured || has_no_tests(p)))
		return 0;
	for (size_t i = 0; i < block->n_rows; i++) {
		const struct gb_budget_row *row = &block->rows[i];

		if (!row->has_budget || gb_package_test(p, row->test) ||
		    !strcmp(row->test, GB_PACKAGE_ROW) ||
		    (!s->benchmarks && gb_starts(row->test, "Benchmark")) ||
		    below_skipped(p, row->test, &nomem))
			continue;
		if (nomem)
			return gb_fail_nomem(err);
		struct gb_judgement j = {
			.package = p,
			.package_path = p->path,
			.test_name = row->test,
			.metric = -1,
			.verdict = GB_V_GONE,
			.action = s->policy->on_gone,
			.file = file,
			.line = row->line,
		};
		if ((rc = gb_verdicts_push(s->out, &j, err)) < 0)
			return rc;
	}
	return 0;
}

static int judge_living(const struct judging *s, const struct gb_package *p, struct gb_err *err)
{
	struct gb_judgement j;
	int rc;

	for (size_t i = 0; i < s->policy->n_living; i++)
		if (gb_judge_living(s->policy, p, i, &j) &&
		    (rc = gb_verdicts_push(s->out, &j, err)) < 0)
			return rc;
	return 0;
}

/* What the compiler says does not depend on processors or accounting. */
static const struct gb_budget_block *block_for(const struct judging *s,
					       const struct gb_budget_file *file)
{
	const struct gb_budget_block *b = file ? gb_budget_block_for(file, &s->run->env) : NULL;

	if (file && s->run->compiled_only)
		b = gb_budget_block_compiled(file, &s->run->env);
	return b;
}

/* There are budgets, and none for this environment. */
static bool is_elsewhere(const struct judging *s, const struct gb_budget_file *file,
			 const struct gb_budget_block *block)
{
	bool any = false;

	if (!file || block)
		return false;
	for (size_t i = 0; i < file->n_blocks; i++)
		any |= !s->run->compiled_only || gb_budget_has_compiled(&file->blocks[i]);
	return any;
}

static int judge_package(const struct judging *s, const struct gb_package *p, struct gb_err *err)
{
	const struct gb_budget_file *file = gb_budgets_package(s->budgets, p->path);
	const struct gb_budget_block *block = block_for(s, file);
	bool elsewhere = is_elsewhere(s, file, block);
	bool new_if_no_row = !elsewhere && module_has_budgets(s->budgets, p->module);
	bool troubled = gb_package_failed(p);
	int rc;

	if (elsewhere && p->n_tests) {
		struct gb_judgement j = {
			.package = p,
			.package_path = p->path,
			.metric = -1,
			.verdict = GB_V_INCOMPARABLE,
			.action = s->policy->on_incomparable,
			.file = file,
		};
		if ((rc = gb_verdicts_push(s->out, &j, err)) < 0)
			return rc;
	}
	for (size_t i = 0; i < p->n_tests; i++) {
		const struct gb_test *t = &p->tests[i];
		struct gb_judge_case c = {
			.policy = s->policy,
			.package = p,
			.test = t,
			.row = block ? gb_budget_row_for(block, t->name) : NULL,
			.file = file,
			.windows = s->budgets->windows,
			.env = s->env,
			.race = s->run->env.race,
			.troubled = troubled,
		};

		if ((rc = judge_test(s, &c, new_if_no_row, err)) < 0)
			return rc;
	}
	if ((rc = judge_living(s, p, err)) < 0)
		return rc;
	return block ? judge_gone(s, p, file, block, err) : 0;
}

/* Packages with budgets that are no more, where everything was asked for. */
static int judge_missing(const struct judging *s, struct gb_err *err)
{
	int rc;

	if (!s->run->whole || s->run->filtered || s->run->interrupted)
		return 0;
	for (size_t i = 0; i < s->budgets->n; i++) {
		const struct gb_budget_file *f = s->budgets->files[i];
		const struct gb_budget_block *b = gb_budget_block_for(f, &s->run->env);

		if (!b || !b->n_rows || gb_run_package(s->run, f->package) ||
		    gb_strlist_has(&s->run->elsewhere, f->package))
			continue;
		struct gb_judgement j = {
			.package_path = f->package,
			.metric = -1,
			.verdict = GB_V_GONE,
			.action = s->policy->on_gone,
			.file = f,
			.line = 1,
		};
		if ((rc = gb_verdicts_push(s->out, &j, err)) < 0)
			return rc;
	}
	return 0;
}

/* Worst first. */
static int rank(enum gb_verdict v)
{
	static const int ranks[] = {
		[GB_V_RAISED] = 1,	 [GB_V_INHERITED] = 3, [GB_V_OVER] = 0,	  [GB_V_GONE] = 1,
		[GB_V_INCOMPARABLE] = 2, [GB_V_GREW] = 3,      [GB_V_LEFT] = 4,	  [GB_V_NEW] = 5,
		[GB_V_SLACK] = 6,	 [GB_V_WAIVED] = 7,    [GB_V_WITHIN] = 8, [GB_V_DRIFT] = 1,
		[GB_V_NEAR] = 4,
	};

	return ranks[v];
}

/* How far above what it was compared with, as a share of that. */
static double excess(const struct gb_judgement *j)
{
	double against = (double)j->ceiling;

	if (j->verdict == GB_V_GREW)
		against = j->has_recorded ? (double)j->recorded + (double)j->spread
					  : (double)j->budget;
	else if (j->verdict == GB_V_DRIFT)
		against = (double)j->at_anchor;
	else if (j->verdict != GB_V_OVER && j->verdict != GB_V_LEFT && j->verdict != GB_V_RAISED &&
		 j->verdict != GB_V_INHERITED)
		return 0;
	return ((double)j->measured - against) / (against < 1 ? 1 : against);
}

static int compare(const void *pa, const void *pb)
{
	const struct gb_judgement *a = pa, *b = pb;
	int c;

	if (a->action != b->action)
		return a->action > b->action ? -1 : 1;
	if ((c = rank(a->verdict) - rank(b->verdict)))
		return c;
	if (a->verdict != b->verdict)
		return a->verdict < b->verdict ? -1 : 1;
	double x = excess(a), y = excess(b);
	if (x > y || x < y)
		return x > y ? -1 : 1;
	if ((c = strcmp(a->package_path, b->package_path)))
		return c;
	if ((c = strcmp(a->test_name ? a->test_name : "", b->test_name ? b->test_name : "")))
		return c;
	if (a->metric != b->metric)
		return a->metric < b->metric ? -1 : 1;
	return (a->by > b->by) - (a->by < b->by);
}

static bool ran_benchmarks(const struct gb_run *run)
{
	for (size_t i = 0; i < run->n_packages; i++)
		for (size_t k = 0; k < run->packages[i].n_tests; k++)
			if (run->packages[i].tests[k].kind == GB_BENCHMARK)
				return true;
	return false;
}

int gb_judge(const struct gb_run *run, const struct gb_budgets *budgets,
	     const struct gb_policy *policy, struct gb_verdicts *ret, struct gb_err *err)
{
	struct gb_verdicts out = { .no_budgets = !budgets->n, .race = run->env.race };
	_free_ char *env = budgets->windows ? gb_environment_text(&run->env) : NULL;
	const struct judging s = { run, budgets, policy, &out, ran_benchmarks(run), env };
	int rc = budgets->windows && !env ? gb_fail_nomem(err) : 0;

	for (size_t i = 0; i < run->n_packages && !rc; i++)
		rc = judge_package(&s, &run->packages[i], err);
	if (!rc)
		rc = judge_missing(&s, err);
	if (rc < 0) {
		gb_verdicts_release(&out);
		return rc;
	}
	gb_verdicts_sort(&out);
	*ret = out;
	return 0;
}

void gb_verdicts_sort(struct gb_verdicts *v)
{
	if (v->n)
		qsort(v->v, v->n, sizeof(*v->v), compare);
}

void gb_verdicts_release(struct gb_verdicts *v)
{
	free(v->v);
	memset(v, 0, sizeof(*v));
}
