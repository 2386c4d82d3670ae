#include "report/merge.h"

#include "base/err.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/text.h"
#include "budget/judge_metric.h"
#include "budget/living.h"
#include "report/merging.h"

#include <stdlib.h>
#include <string.h>

void *gb_merge_array(struct gb_loaded *out, size_t n, size_t size, struct gb_err *err)
{
	void *v = NULL;

	if (gb_grow((void **)&out->kept, &out->cap_kept, out->n_kept + 1, sizeof(*out->kept),
		    SIZE_MAX, err) < 0)
		return NULL;
	v = gb_calloc(n ? n : 1, size);
	if (!v)
		gb_fail_nomem(err);
	else
		out->kept[out->n_kept++] = v;
	return v;
}

static const char *file_of(const struct gb_loaded *part)
{
	return part->json->name;
}

/* It stopped before it measured: what it says of its settings are mere defaults. */
static bool is_nothing(const struct gb_loaded *part)
{
	return !part->shard.plan[0] || (!part->run->n_packages && part->shard_packages.n);
}

/* Before packages are taken out of them. */
static int find_nothing(struct gb_merging *m, struct gb_err *err)
{
	m->nothing = gb_merge_array(m->out, m->n, sizeof(*m->nothing), err);
	if (!m->nothing)
		return GB_ENOMEM;
	for (size_t i = 0; i < m->n; i++)
		m->nothing[i] = is_nothing(m->parts[i]);
	return 0;
}

static int by_shard(const void *a, const void *b)
{
	size_t x = (*(struct gb_loaded *const *)a)->shard.index;
	size_t y = (*(struct gb_loaded *const *)b)->shard.index;

	return (x > y) - (x < y);
}

static int check_shards(struct gb_loaded **parts, size_t n, struct gb_err *err)
{
	for (size_t i = 0; i < n; i++) {
		if (!parts[i]->report.shard) {
			gb_fail(err, GB_EUSAGE, "%s: is no shard's report", file_of(parts[i]));
			return gb_hint(err, "check --shard 1/4 --json FILE writes the first of "
					    "four; `gobudget report` shows a whole one");
		}
		if (parts[i]->shard.of != parts[0]->shard.of)
			return gb_fail(err, GB_EUSAGE, "%s is one of %zu shards, %s one of %zu",
				       file_of(parts[0]), parts[0]->shard.of, file_of(parts[i]),
				       parts[i]->shard.of);
	}
	qsort(parts, n, sizeof(struct gb_loaded *), by_shard);
	for (size_t i = 1; i < n; i++)
		if (parts[i]->shard.index == parts[i - 1]->shard.index)
			return gb_fail(err, GB_EUSAGE, "%s and %s are both shard %zu of %zu",
				       file_of(parts[i - 1]), file_of(parts[i]),
				       parts[i]->shard.index, parts[i]->shard.of);
	return 0;
}

static int differ(const struct gb_merging *m, const struct gb_loaded *part, const char *what,
		  const char *was, const char *is, struct gb_err *err)
{
	gb_fail(err, GB_EUSAGE, "%s is of another %s than %s: %.100s, not %.100s", file_of(part),
		what, file_of(m->first), is ? is : "none", was ? was : "none");
	return gb_hint(err, "all shards are measured at one commit, in one environment, with the "
			    "same packages and options");
}

static int check_environment(const struct gb_merging *m, const struct gb_loaded *part,
			     struct gb_err *err)
{
	const struct gb_run *a = m->first->run, *b = part->run;
	_free_ char *was = NULL, *is = NULL;

	if (!gb_streq(a->go_version, b->go_version))
		return differ(m, part, "Go version", a->go_version, b->go_version, err);
	if (gb_environment_equal(&a->env, &b->env))
		return 0;
	was = gb_environment_text(&a->env);
	is = gb_environment_text(&b->env);
	return was && is ? differ(m, part, "environment", was, is, err) : gb_fail_nomem(err);
}

static const char *yes_or_no(bool b)
{
	return b ? "yes" : "no";
}

static int check_part(const struct gb_merging *m, const struct gb_loaded *part, struct gb_err *err)
{
	const struct gb_report *a = &m->first->report, *b = &part->report;
	const char *base = m->out->evidence.base;

	if (!gb_streq(m->first->shard.plan, part->shard.plan))
		return differ(m, part, "plan", m->first->shard.plan, part->shard.plan, err);
	if (!gb_streq(a->commit, b->commit))
		return differ(m, part, "commit", a->commit, b->commit, err);
	if (!gb_streq(a->base_commit, b->base_commit))
		return differ(m, part, "base", a->base_commit, b->base_commit, err);
	if (!gb_streq(a->module, b->module))
		return differ(m, part, "module", a->module, b->module, err);
	if (!gb_streq(m->first->policy.path, part->policy.path))
		return differ(m, part, "policy", m->first->policy.path, part->policy.path, err);
	if (base && part->evidence.base && !gb_streq(base, part->evidence.base))
		return differ(m, part, "base", base, part->evidence.base, err);
	if (!part->run->n_packages || !m->first->run->n_packages)
		return 0;
	if (a->run->filtered != b->run->filtered || a->run->compiled_only != b->run->compiled_only)
		return differ(m, part, "set of tests: all of them",
			      yes_or_no(!a->run->filtered && !a->run->compiled_only),
			      yes_or_no(!b->run->filtered && !b->run->compiled_only), err);
	return check_environment(m, part, err);
}

static int find_first(struct gb_merging *m, struct gb_err *err)
{
	for (size_t i = m->n; i-- > 0;)
		if (!m->nothing[i])
			m->first = m->parts[i];
	for (size_t i = m->n; i-- > 0;)
		if (!m->nothing[i] && m->parts[i]->run->n_packages)
			m->first = m->parts[i];
	for (size_t i = 0; i < m->n; i++) {
		struct gb_evidences *e = &m->out->evidence;
		int rc;

		if (m->nothing[i])
			continue;
		if ((rc = check_part(m, m->parts[i], err)) < 0)
			return rc;
		if (!e->base && m->parts[i]->evidence.base &&
		    !(e->base = gb_strdup(m->parts[i]->evidence.base)))
			return gb_fail_nomem(err);
	}
	return 0;
}

static int by_path(const void *a, const void *b)
{
	return strcmp(((const struct gb_package *)a)->path, ((const struct gb_package *)b)->path);
}

static int take_packages(const struct gb_merging *m, struct gb_err *err)
{
	struct gb_run *run = m->out->run;
	size_t n = 0;

	for (size_t i = 0; i < m->n; i++)
		n += m->parts[i]->run->n_packages;
	run->packages = gb_calloc(n + 1, sizeof(*run->packages));
	if (!run->packages)
		return gb_fail_nomem(err);
	run->cap_packages = n + 1;
	for (size_t i = 0; i < m->n; i++) {
		struct gb_run *from = m->parts[i]->run;

		if (!from->n_packages)
			continue;
		memcpy(run->packages + run->n_packages, from->packages,
		       from->n_packages * sizeof(*run->packages));
		run->n_packages += from->n_packages;
		from->n_packages = 0;
	}
	if (n)
		qsort(run->packages, n, sizeof(*run->packages), by_path);
	for (size_t i = 1; i < n; i++)
		if (by_path(&run->packages[i - 1], &run->packages[i]) == 0)
			return gb_fail(err, GB_EUSAGE, "package \"%.200s\" is in two shards",
				       run->packages[i].path);
	return 0;
}

static int take_settings(const struct gb_merging *m, struct gb_err *err)
{
	const struct gb_run *first = m->first->run;
	struct gb_run *run = m->out->run;
	bool all = m->n == m->first->shard.of;

	run->env = first->env;
	run->env.gcflags = gb_strdup(first->env.gcflags);
	run->env.tags = gb_strdup(first->env.tags);
	run->go_version = gb_strdup(first->go_version);
	run->go_why_fallback = gb_strdup(first->go_why_fallback);
	if (!run->env.gcflags || !run->env.tags || (first->go_version && !run->go_version) ||
	    (first->go_why_fallback && !run->go_why_fallback))
		return gb_fail_nomem(err);
	run->filtered = first->filtered;
	run->compiled_only = first->compiled_only;
	for (size_t i = 0; i < m->n; i++) {
		const struct gb_run *r = m->parts[i]->run;

		run->runs = r->runs > run->runs ? r->runs : run->runs;
		run->wall_ms = r->wall_ms > run->wall_ms ? r->wall_ms : run->wall_ms;
		run->left_out = r->left_out > run->left_out ? r->left_out : run->left_out;
		run->interrupted |= r->interrupted;
		run->whole |= r->whole && all;
	}
	return 0;
}

static struct gb_package *package_of(const struct gb_run *run, const char *path)
{
	struct gb_package key = { .path = (char *)(uintptr_t)path };

	return run->n_packages ? bsearch(&key, run->packages, run->n_packages, sizeof(key), by_path)
			       : NULL;
}

/* A raise of what no shard measures is told by each of them. */
static bool is_told(const struct gb_verdicts *v, const struct gb_judgement *j)
{
	const struct gb_judgement *last = v->n ? &v->v[v->n - 1] : NULL;

	return last && j->verdict == GB_V_RAISED && last->verdict == GB_V_RAISED && !j->package &&
	       j->metric == last->metric && gb_streq(j->package_path, last->package_path) &&
	       gb_streq(j->test_name, last->test_name);
}

static int take_verdicts(const struct gb_merging *m, struct gb_err *err)
{
	struct gb_verdicts all = { 0 }, *out = &m->out->verdicts;
	int rc = 0;

	out->no_budgets = m->first->verdicts.no_budgets;
	out->race = m->out->run->env.race;
	for (size_t i = 0; i < m->n && rc >= 0; i++) {
		const struct gb_verdicts *v = &m->parts[i]->verdicts;

		out->tests += v->tests;
		for (size_t k = 0; k < v->n && rc >= 0; k++) {
			struct gb_judgement j = v->v[k];

			j.package = package_of(m->out->run, j.package_path);
			rc = gb_verdicts_push(&all, &j, err);
		}
	}
	gb_verdicts_sort(&all);
	for (size_t i = 0; i < all.n && rc >= 0; i++)
		if (!is_told(out, &all.v[i]))
			rc = gb_verdicts_push(out, &all.v[i], err);
	gb_verdicts_release(&all);
	return rc;
}

static int by_test(const void *pa, const void *pb)
{
	const struct gb_evidence *a = pa, *b = pb;

	if (a->package != b->package)
		return a->package < b->package ? -1 : 1;
	return (a->test > b->test) - (a->test < b->test);
}

static int take_evidence(const struct gb_merging *m, struct gb_err *err)
{
	struct gb_evidences *out = &m->out->evidence;
	int rc = 0;

	for (size_t i = 0; i < m->n && rc >= 0; i++) {
		struct gb_evidences *from = &m->parts[i]->evidence;

		rc = gb_grow((void **)&out->v, &out->cap, out->n + from->n + 1, sizeof(*out->v),
			     SIZE_MAX, err);
		for (size_t k = 0; k < from->n && rc >= 0; k++) {
			struct gb_evidence *e = &out->v[out->n++];

			*e = from->v[k];
			e->package = package_of(m->out->run, e->package->path);
		}
		if (rc >= 0)
			from->n = 0;
	}
	if (out->n)
		qsort(out->v, out->n, sizeof(*out->v), by_test);
	return rc;
}

static int add_note(struct gb_merging *m, const char *text, struct gb_err *err)
{
	struct gb_strlist *notes = &m->out->report.notes;

	return gb_strlist_has(notes, text) ? 0 : gb_strlist_add(notes, text, err);
}

/* 1, 2, 3, 0: what was measured as over is told as such whatever else went wrong. */
static void worsen(struct gb_merging *m, int status)
{
	static const int rank[] = { 0, 3, 2, 1 };
	int *now = &m->out->report.exit_status;

	if (rank[status] > rank[*now])
		*now = status;
}

static int missing(struct gb_merging *m, size_t index, struct gb_err *err)
{
	worsen(m, 3);
	return gb_strlist_addf(&m->out->report.notes, err,
			       "shard %zu of %zu is missing: nothing is known of its packages",
			       index, m->first->shard.of);
}

/* Packages of which it should know, and does not. */
static int unknown(struct gb_merging *m, const struct gb_loaded *part, struct gb_err *err)
{
	const char *one = NULL;
	size_t n = 0;

	for (size_t i = 0; i < part->shard_packages.n; i++) {
		if (package_of(m->out->run, part->shard_packages.v[i]))
			continue;
		one = one ? one : part->shard_packages.v[i];
		n++;
	}
	if (!n || part->run->interrupted)
		return 0;
	worsen(m, 3);
	return gb_strlist_addf(
		&m->out->report.notes, err,
		"shard %zu of %zu does not tell of %zu of its packages, the first: %s",
		part->shard.index, part->shard.of, n, one);
}

static int part_notes(struct gb_merging *m, size_t i, struct gb_err *err)
{
	const struct gb_loaded *part = m->parts[i];
	const struct gb_strlist *notes = &part->report.notes;
	int rc = 0;

	worsen(m, part->report.exit_status);
	if (!m->nothing[i]) {
		for (size_t k = 0; k < notes->n && rc >= 0; k++)
			rc = add_note(m, notes->v[k], err);
		return rc < 0 ? rc : unknown(m, part, err);
	}
	worsen(m, 3);
	rc = gb_strlist_addf(&m->out->report.notes, err, "shard %zu of %zu measured nothing%s%s",
			     part->shard.index, part->shard.of, notes->n ? ": " : "",
			     notes->n ? notes->v[0] : "");
	for (size_t k = 1; k < notes->n && rc >= 0; k++)
		rc = add_note(m, notes->v[k], err);
	return rc;
}

static int take_notes(struct gb_merging *m, struct gb_err *err)
{
	size_t next = 1;
	int rc = 0;

	for (size_t i = 0; i < m->n && rc >= 0; i++) {
		for (; next < m->parts[i]->shard.index && rc >= 0; next++)
			rc = missing(m, next, err);
		next++;
		if (rc >= 0)
			rc = part_notes(m, i, err);
	}
	for (; next <= m->first->shard.of && rc >= 0; next++)
		rc = missing(m, next, err);
	return rc < 0 ? rc
		      : gb_living_notes(m->out->run, &m->out->policy, &m->out->report.notes, err);
}

static int merge(struct gb_merging *m, struct gb_err *err)
{
	struct gb_loaded *out = m->out;
	struct gb_report *r = &out->report;
	int rc;

	m->first = m->parts[0];
	if ((rc = find_nothing(m, err)) < 0 || (rc = find_first(m, err)) < 0)
		return rc;
	out->run = gb_run_new(err);
	if (!out->run)
		return GB_ENOMEM;
	out->policy = m->first->policy;
	r->run = out->run;
	r->verdicts = &out->verdicts;
	r->policy = &out->policy;
	r->evidence = &out->evidence;
	r->module = m->first->report.module;
	r->command = m->first->report.command;
	r->root = m->first->report.root;
	r->commit = m->first->report.commit;
	r->base_commit = m->first->report.base_commit;
	if ((rc = take_settings(m, err)) < 0 || (rc = take_packages(m, err)) < 0 ||
	    (rc = take_verdicts(m, err)) < 0 || (rc = take_evidence(m, err)) < 0 ||
	    (rc = gb_merge_commits(m, err)) < 0 || (rc = gb_merge_escapes(m, err)) < 0 ||
	    (rc = take_notes(m, err)) < 0)
		return rc;
	worsen(m, gb_judge_exit(&out->verdicts, out->run));
	return 0;
}

int gb_report_merge(struct gb_loaded **parts, size_t n, struct gb_loaded **ret, struct gb_err *err)
{
	_loaded_ struct gb_loaded *out = NULL;
	struct gb_merging m = { .parts = parts, .n = n };
	int rc = n ? check_shards(parts, n, err) : gb_fail(err, GB_EUSAGE, "no report to merge");

	if (rc < 0)
		return rc;
	out = m.out = gb_calloc(1, sizeof(*out));
	if (!out)
		return gb_fail_nomem(err);
	if ((rc = merge(&m, err)) < 0)
		return rc;
	*ret = GB_TAKE(out);
	return 0;
}
