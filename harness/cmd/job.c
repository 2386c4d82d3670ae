#include "cmd/job.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/fs.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/proc.h"
#include "base/text.h"
#include "budget/living.h"
#include "cmd/sparse.h"
#include "cmd/trust.h"
#include "go/testflags.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

int job_words(struct gb_job_options *o, int argc, char **argv, int first, int dashdash,
	      struct gb_err *err)
{
	int end = dashdash < argc ? dashdash : argc;

	for (int i = first; i < end; i++) {
		int rc = gb_strlist_add(&o->patterns, argv[i], err);

		if (rc < 0)
			return rc;
	}
	for (int i = dashdash + 1; i < argc; i++) {
		int rc = gb_strlist_add(&o->go_flags, argv[i], err);

		if (rc < 0)
			return rc;
	}
	if (o->accounting && strcmp(o->accounting, "auto") != 0 &&
	    strcmp(o->accounting, "testing") != 0) {
		gb_fail(err, GB_EUSAGE, "no accounting \"%.60s\"", o->accounting);
		return gb_hint(err, "--accounting auto, or testing to force the fallback");
	}
	return 0;
}

/* The folder whose budgets/_policy.json rules: go.work's, else the first module's. */
static int find_policy_dir(const struct gb_toolchain *go, char **ret, struct gb_err *err)
{
	if (go->gowork && go->gowork[0] && strcmp(go->gowork, "off") != 0) {
		_free_ char *dir = gb_strdup(go->gowork);
		char *slash = dir ? strrchr(dir, '/') : NULL;
		_free_ char *file = NULL;

		if (slash)
			*slash = '\0';
		file = slash ? gb_path_join(dir, GB_BUDGET_DIR "/_policy.json") : NULL;
		if (!file)
			return gb_fail_nomem(err);
		if (gb_fs_exists(file)) {
			*ret = GB_TAKE(dir);
			return 0;
		}
	}
	*ret = gb_strdup(go->n_modules > 0 ? go->modules[0].dir : ".");
	return *ret ? 0 : gb_fail_nomem(err);
}

static int by_package(const void *a, const void *b)
{
	const struct gb_budget_file *const *x = a, *const *y = b;

	return strcmp((*x)->package, (*y)->package);
}

static int load_budgets(struct gb_job *j, struct gb_err *err)
{
	struct gb_budgets *all = &j->budgets;

	for (size_t i = 0; i < j->go.n_modules; i++) {
		const struct gb_module *m = &j->go.modules[i];
		struct gb_budgets one = { 0 };
		int rc = gb_budgets_load(m->path, m->dir, &one, err);

		if (rc < 0)
			return rc;
		rc = one.n == 0 ? 0
				: gb_grow((void **)&all->files, &all->cap, all->n + one.n,
					  sizeof(*all->files), GB_MAX_PACKAGES, err);
		if (rc < 0) {
			gb_budgets_release(&one);
			return rc;
		}
		for (size_t k = 0; k < one.n; k++)
			all->files[all->n++] = one.files[k];
		all->any |= one.any;
		one.n = 0; /* the files have moved */
		gb_budgets_release(&one);
	}
	if (all->n > 1)
		qsort(all->files, all->n, sizeof(*all->files), by_package);
	return 0;
}

/* go test's lines that say nothing is wrong: --quiet leaves them out. */
static bool all_is_well(const char *line, size_t len)
{
	return (len > 5 && (memcmp(line, "ok  \t", 5) == 0 || memcmp(line, "?   \t", 5) == 0)) ||
	       (len > 2 && line[0] == '\t' && line[1] != '\t' && memchr(line, ':', len) &&
		len > 20 && memcmp(line + len - 15, "% of statements", 15) == 0);
}

static void on_line(void *arg, int stream, const char *line, size_t len, bool whole)
{
	struct gb_job *j = arg;
	FILE *to = stream == 1 && !j->o->aside ? stdout : stderr;

	if (j->o->quiet && !j->json && stream == 1 && all_is_well(line, len))
		return;
	gb_progress_pause(&j->progress);
	fwrite(line, 1, len, to);
	if (whole)
		fputc('\n', to);
	fflush(to);
}

static void on_started(void *arg, const char *package)
{
	struct gb_job *j = arg;

	gb_progress_running(&j->progress, package);
}

static void on_done(void *arg, const char *package)
{
	struct gb_job *j = arg;

	j->done++;
	gb_progress_done(&j->progress, package);
}

static void on_tick(void *arg)
{
	struct gb_job *j = arg;

	gb_progress_tick(&j->progress);
}

static void set_options(struct gb_job *j)
{
	const struct gb_job_options *o = j->o;

	j->how = (struct gb_measure_options){
		.patterns = &o->patterns,
		.go_flags = &o->go_flags,
		.toolchain = &j->go,
		.gcflags = j->policy->gcflags,
		.settle_ms = j->policy->settle_ms,
		.timeout_ms = o->timeout_ms,
		.memory = o->memory,
		.jobs = (int)o->jobs,
		.bench = o->bench,
		.fallback = o->accounting && strcmp(o->accounting, "testing") == 0,
		.keep = o->keep,
		.stress = o->stress,
		.random = o->random,
		.on_line = on_line,
		.on_package_started = on_started,
		.on_package_done = on_done,
		.on_tick = on_tick,
		.arg = j,
	};
}

/* Only `./...` from the top of the one module asks for all of it: budgets of a package that does
 * not come up then are budgets of a package that is no more. */
static bool asks_for_all(const struct gb_job *j, const struct gb_testflags *flags)
{
	_free_ char *here = NULL, *top = NULL;

	return !flags->chdir && !flags->filtered && j->go.n_modules == 1 &&
	       j->o->patterns.n + flags->packages.n == 1 &&
	       gb_streq(j->o->patterns.n ? j->o->patterns.v[0] : flags->packages.v[0], "./...") &&
	       gb_fs_cwd(&here, NULL) == 0 &&
	       gb_fs_realpath(j->go.modules[0].dir, &top, NULL) == 0 && gb_streq(here, top);
}

static int read_flags(struct gb_job *j, struct gb_err *err)
{
	_testflags_ struct gb_testflags flags = { 0 };
	int rc = gb_testflags_parse(j->go.goflags, &j->o->go_flags, &flags, err);

	if (rc < 0)
		return rc;
	j->json = flags.json;
	j->filtered = flags.filtered;
	j->whole = asks_for_all(j, &flags);
	return 0;
}

int job_open(struct gb_job *j, struct gb_job_options *o, struct gb_err *err)
{
	int rc;

	memset(j, 0, sizeof(*j));
	j->o = o;
	j->started_ms = gb_now_ms();
	if ((rc = trust_event(o->trusted, err)) < 0 ||
	    (rc = gb_toolchain_find(NULL, &j->go, err)) < 0 || (rc = read_flags(j, err)) < 0 ||
	    (rc = sparse_look(j, &j->left_out, err)) < 0 ||
	    (rc = find_policy_dir(&j->go, &j->policy_dir, err)) < 0 ||
	    (rc = gb_policy_load(j->policy_dir, time(NULL), &j->policy, err)) < 0 ||
	    (rc = load_budgets(j, err)) < 0)
		return rc;
	if (j->left_out)
		j->whole = false;
	if (o->repeats >= 0)
		j->policy->repeats = (int)o->repeats;
	j->run = gb_run_new(err);
	if (!j->run)
		return GB_ENOMEM;
	set_options(j);
	return o->compile_only || o->later ? 0 : job_start(j, err);
}

int job_start(struct gb_job *j, struct gb_err *err)
{
	return gb_measure_start(&j->how, &j->measuring, err);
}

/* What an interrupted measurement brought counts as well. */
static int after(struct gb_job *j, int rc, struct gb_err *err)
{
	int applied = gb_living_apply(j->run, j->policy, rc < 0 ? NULL : err);

	return rc < 0 ? rc : applied;
}

int job_measure(struct gb_job *j, struct gb_err *err)
{
	int rc;

	gb_progress_start(&j->progress, !j->o->quiet, "measuring", 0);
	rc = gb_measure(j->measuring, j->run, err);
	gb_progress_end(&j->progress);
	return rc < 0 ? after(j, rc, err) : job_settle(j, err);
}

int job_settle(struct gb_job *j, struct gb_err *err)
{
	gb_run_sort(j->run);
	j->run->whole = j->whole;
	j->run->wall_ms = gb_now_ms() - j->started_ms;
	return gb_living_apply(j->run, j->policy, err);
}

int job_again(struct gb_job *j, enum gb_mode mode, const char *phase,
	      bool (*wanted)(void *arg, const struct gb_package *p), void *arg, size_t *ret_n,
	      struct gb_err *err)
{
	size_t n = 0, total = 0;
	int rc = 0;

	for (size_t i = 0; i < j->run->n_packages; i++)
		total += wanted(arg, &j->run->packages[i]);
	gb_progress_start(&j->progress, !j->o->quiet && total > 0, phase, total);
	for (size_t i = 0; i < j->run->n_packages && rc >= 0; i++) {
		struct gb_package *p = &j->run->packages[i];

		if (!wanted(arg, p))
			continue;
		gb_progress_running(&j->progress, p->path);
		gb_progress_tick(&j->progress);
		rc = gb_measure_again(j->measuring, p->path, mode, NULL, j->run, err);
		gb_progress_done(&j->progress, p->path);
		if (rc == GB_ENOTFOUND)
			rc = 0;
		else
			n++;
	}
	gb_progress_end(&j->progress);
	if (n > 0)
		j->run->runs++;
	*ret_n = n;
	j->run->wall_ms = gb_now_ms() - j->started_ms;
	return after(j, rc, err);
}

int job_alone(struct gb_job *j, struct gb_err *err)
{
	int rc = 0;

	for (size_t i = 0; i < j->run->n_packages && rc >= 0; i++) {
		struct gb_package *p = &j->run->packages[i];
		_strlist_ struct gb_strlist tests = GB_STRLIST_INIT;

		rc = gb_judge_alone(&j->budgets, j->policy, p, &j->run->env, &tests, err);
		if (rc < 0 || tests.n == 0)
			continue;
		gb_progress_start(&j->progress, !j->o->quiet, "alone", tests.n);
		for (size_t k = 0; k < tests.n && rc >= 0; k++) {
			gb_progress_running(&j->progress, tests.v[k]);
			gb_progress_tick(&j->progress);
			rc = gb_measure_again(j->measuring, p->path, GB_ALONE, tests.v[k], j->run,
					      err);
			if (rc == GB_ENOTFOUND)
				rc = 0;
			gb_progress_done(&j->progress, tests.v[k]);
		}
		gb_progress_end(&j->progress);
	}
	j->run->wall_ms = gb_now_ms() - j->started_ms;
	return after(j, rc, err);
}

void job_close(struct gb_job *j)
{
	gb_measuring_free(j->measuring);
	gb_run_free(j->run);
	gb_budgets_release(&j->budgets);
	gb_policy_free(j->policy);
	free(j->policy_dir);
	free(j->left_out);
	gb_toolchain_release(&j->go);
	memset(j, 0, sizeof(*j));
}
