/* nightly_tests - the tests' first round, from go test or from the cache.  See nightly.h. */
#include "cmd/nightly.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/proc.h"
#include "base/text.h"
#include "go/replay.h"
#include "go/testflags.h"

#include <string.h>
#include <time.h>

#define LIST "tests/packages"

/* "PATH<tab>DIR" of each package; where one is not fine, all run again. */
static int keep_list(struct nightly *n, struct gb_err *err)
{
	_buf_ struct gb_buf list = GB_BUF_INIT(GB_MAX_CACHE_ENTRY);
	const struct gb_run *run = n->job.run;

	for (size_t i = 0; i < run->n_packages; i++) {
		const struct gb_package *p = &run->packages[i];

		if (!gb_replay_may_keep(p) || (p->dir && strpbrk(p->dir, "\t\n")))
			return 0;
		/* What has no test files has not told its folder. */
		gb_buf_addf(&list, "%s\t%s\n", p->path, p->dir ? p->dir : "");
	}
	return list.failed ? 0 : nightly_state_put(n, LIST, &list, 0, err);
}

static int keep_first(struct nightly *n, const struct gb_package *p, struct gb_err *err)
{
	_buf_ struct gb_buf records = GB_BUF_INIT(GB_MAX_CACHE_ENTRY),
			    kept = GB_BUF_INIT(GB_MAX_CACHE_ENTRY);
	_free_ char *name = gb_asprintf("tests/1/%s", p->path), *log = NULL;
	int rc;

	if (!name)
		return gb_fail_nomem(err);
	if (!gb_replay_may_keep(p))
		return 0;
	rc = p->measured ? gb_measure_records(n->job.measuring, p->path, &records, &log, err) : 0;
	if (rc < 0)
		return rc == GB_ENOMEM ? rc : 0;
	gb_replay_write(n->job.run, p, time(NULL), NULL, p->measured ? &records : NULL, &kept);
	return kept.failed ? 0 : nightly_state_put(n, name, &kept, p->wall_ms, err);
}

static int replay_one(struct nightly *n, struct gb_run *run, const char *path, const char *dir,
		      struct gb_err *err)
{
	_buf_ struct gb_buf kept = GB_BUF_INIT(GB_MAX_CACHE_ENTRY);
	_free_ char *name = gb_asprintf("tests/1/%s", path);
	int64_t ms;
	int rc = name ? nightly_state_get(n, name, &kept, &ms, err) : gb_fail_nomem(err);

	return rc < 0 ? rc : gb_replay(run, &n->job.go, path, dir, kept.data, kept.len, err);
}

/* All packages or none.  *ret NULL: none. */
static int replay(struct nightly *n, struct gb_run **ret, struct gb_err *err)
{
	_buf_ struct gb_buf list = GB_BUF_INIT(GB_MAX_CACHE_ENTRY);
	_run_ struct gb_run *run = gb_run_new(err);
	int64_t ms;
	int rc = run ? nightly_state_get(n, LIST, &list, &ms, err) : GB_ENOMEM;

	if (rc < 0)
		return rc == GB_ENOMEM ? rc : 0;
	for (char *p = list.data, *next; *p && rc >= 0; p = next) {
		char *tab = strchr(p, '\t'), *nl = strchr(p, '\n');

		if (!tab || !nl || tab > nl)
			return 0;
		*tab = *nl = '\0';
		next = nl + 1;
		rc = replay_one(n, run, p, tab + 1, err);
		n->state.taken += rc >= 0;
	}
	if (rc >= 0 && run->n_packages)
		*ret = GB_TAKE(run);
	return rc == GB_ENOMEM ? rc : 0;
}

/* What a rebuilt binary runs has to be said again: it was built to run nothing. */
static int flags_again(struct nightly *n, struct nightly_side *s, struct gb_err *err)
{
	static const char *const names[] = { "run", "vet", NULL };
	_testflags_ struct gb_testflags f = { 0 };
	int rc = gb_testflags_parse(n->job.go.goflags, &n->o->job.go_flags, &f, err);

	if (rc >= 0)
		rc = gb_strlist_add(&s->flags, "-run=^$", err);
	if (rc >= 0)
		rc = gb_strlist_add(&s->flags, "-vet=off", err);
	if (rc >= 0)
		rc = gb_testflags_without(&n->o->job.go_flags, names, &s->flags, err);
	for (size_t i = 0; i < s->run->n_packages && rc >= 0; i++)
		if (s->run->packages[i].measured)
			rc = gb_strlist_add(&s->patterns, s->run->packages[i].path, err);
	if (rc >= 0)
		rc = f.run ? gb_strlist_addf(&s->with, err, "-test.run=%s", f.run)
			   : gb_strlist_add(&s->with, "-test.run", err);
	return rc;
}

static int resume(struct nightly *n, struct nightly_side *s, struct gb_run *run, struct gb_err *err)
{
	int rc;

	gb_run_free(n->job.run);
	n->job.run = s->run = run;
	run->filtered = n->job.filtered;
	run->runs = 1;
	for (size_t i = 0; i < run->n_packages; i++)
		run->packages[i].measured_at = 0;
	rc = flags_again(n, s, err);
	s->how = n->job.how;
	s->how.rounds = true;
	s->how.on_line = NULL;
	s->how.patterns = &s->patterns;
	s->how.go_flags = &s->flags;
	s->how.with = &s->with;
	return rc < 0 ? rc : job_settle(&n->job, err);
}

/* Budgets of B/op and allocs/op are of the build that `check --bench` measures: not optimised. */
static bool has_budgets_of_benchmarks(const struct gb_budgets *all)
{
	for (size_t i = 0; i < all->n; i++)
		for (size_t k = 0; k < all->files[i]->n_blocks; k++) {
			const struct gb_budget_block *b = &all->files[i]->blocks[k];

			for (size_t r = 0; r < b->n_rows; r++)
				if (gb_starts(b->rows[r].test, "Benchmark"))
					return true;
		}
	return false;
}

static int measure(struct nightly *n, struct nightly_side *s, struct gb_err *err)
{
	int rc;

	n->job.how.rounds = true;
	if (n->o->count && has_budgets_of_benchmarks(&n->job.budgets))
		n->job.how.bench = n->o->bench;

	n->job.how.with = &s->with;
	rc = job_start(&n->job, err);
	if (rc >= 0)
		rc = job_measure(&n->job, err);
	s->how = n->job.how;
	s->run = n->job.run;
	s->measuring = n->job.measuring;
	for (size_t i = 0; i < s->run->n_packages && rc >= 0; i++)
		rc = keep_first(n, &s->run->packages[i], err);
	return rc < 0 ? rc : keep_list(n, err);
}

int nightly_tests(struct nightly *n, struct gb_err *err)
{
	struct nightly_side *s = &n->sides[NIGHTLY_TESTS];
	struct gb_run *kept = NULL;
	int rc = replay(n, &kept, err);

	s->what = NIGHTLY_TESTS;
	s->rounds = n->o->repeat;
	/* Benchmarks that have budgets ran in the first round, and once is enough. */
	if (rc >= 0)
		rc = gb_strlist_add(&s->with, "-test.bench", err);
	if (rc < 0) {
		gb_run_free(kept);
		return rc;
	}
	rc = kept ? resume(n, s, kept, err) : measure(n, s, err);
	if (!s->run)
		return rc;
	s->v = gb_calloc(s->run->n_packages + 1, sizeof(*s->v));
	if (!s->v)
		return gb_fail_nomem(err);
	for (size_t i = 0; i < s->run->n_packages; i++) {
		const struct gb_package *p = &s->run->packages[i];

		s->v[i].done = 1;
		s->v[i].ms = p->wall_ms;
		s->v[i].out = !p->measured || gb_package_failed(p) || p->n_tests < 2;
	}
	return rc;
}

static bool is_wanted(const struct gb_test *t, const struct gb_strlist *budgeted)
{
	return (t->kind == GB_TEST && t->outcome == GB_PASS && !strchr(t->name, '/')) ||
	       gb_strlist_has(budgeted, t->name);
}

static int alone(struct nightly *n, struct gb_package *p, const char *test, struct gb_err *err)
{
	struct nightly_side *s = &n->sides[NIGHTLY_TESTS];
	_free_ char *name = gb_asprintf("alone/%s/%s", p->path, test);
	_buf_ struct gb_buf text = GB_BUF_INIT(GB_MAX_CACHE_ENTRY);
	size_t troubles = p->n_troubles;
	int64_t ms = 0;
	int rc = name ? nightly_state_get(n, name, &text, &ms, err) : gb_fail_nomem(err);

	if (rc >= 0)
		rc = nightly_merge_kept(s->run, p, GB_ALONE, &text, err);
	if (rc >= 0 || rc == GB_ENOMEM)
		return rc;
	gb_buf_clear(&text);
	ms = gb_now_ms();
	rc = nightly_build(n, s, err);
	if (rc >= 0)
		rc = gb_measure_again(s->measuring, p->path, GB_ALONE, test, s->run, err);
	if (rc < 0)
		return rc == GB_ENOTFOUND || rc == GB_EMEASURE ? 0 : rc;
	if (p->n_troubles > troubles || gb_measure_last_record(s->measuring, &text, err) < 0)
		return 0;
	return nightly_state_put(n, name, &text, gb_now_ms() - ms, err);
}

/* One package's; the names are copied, since a run alone may add subtests. */
static int alone_package(struct nightly *n, size_t at, struct gb_err *err)
{
	struct gb_package *p = &n->job.run->packages[at];
	_strlist_ struct gb_strlist budgeted = GB_STRLIST_INIT, tests = GB_STRLIST_INIT;
	int rc =
		gb_judge_alone(&n->job.budgets, n->job.policy, p, &n->job.run->env, &budgeted, err);

	for (size_t k = 0; k < p->n_tests && rc >= 0; k++)
		if (is_wanted(&p->tests[k], &budgeted))
			rc = gb_strlist_add(&tests, p->tests[k].name, err);
	if (rc < 0 || !tests.n)
		return rc;
	gb_progress_start(&n->job.progress, !n->o->job.quiet, "alone", tests.n);
	for (size_t k = 0; k < tests.n && rc >= 0; k++) {
		gb_progress_running(&n->job.progress, tests.v[k]);
		gb_progress_tick(&n->job.progress);
		rc = alone(n, p, tests.v[k], err);
		gb_progress_done(&n->job.progress, tests.v[k]);
	}
	gb_progress_end(&n->job.progress);
	return rc;
}

int nightly_alone(struct nightly *n, struct gb_err *err)
{
	struct gb_run *run = n->job.run;
	int rc = 0;

	run->runs = 1;
	for (size_t i = 0; i < run->n_packages && rc >= 0; i++)
		if (run->packages[i].measured && !gb_package_failed(&run->packages[i]))
			rc = alone_package(n, i, err);
	return rc < 0 ? rc : job_settle(&n->job, err);
}
