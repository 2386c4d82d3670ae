/*
 * nightly_profiles - in which functions the time of slower benchmarks goes.  See nightly.h.
 *
 * Profiles are taken apart from the rounds, whose times they would disturb.  With a base, each
 * benchmark that is told of is run for itself, on both sides, one right after the other.  Without,
 * --profiles keeps one profile of each package, which --against compares with that of another
 * night; the folder has PACKAGE/cpu.pprof by import path.
 */
#include "cmd/nightly.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/fs.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/proc.h"
#include "go/exec_args.h"
#include "pprof/profile.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define FILE_NAME "cpu.pprof"
#define MOST	  10   /* benchmarks that are looked into */
#define TIME	  "3s" /* of one: at 100 samples a second enough to tell a tenth */

static bool is_late(const struct nightly *n)
{
	int64_t deadline = n->job.how.deadline_ms;

	return n->over_time || (deadline && gb_now_ms() >= deadline);
}

/* "^BenchmarkGet$/^size=1$". */
static int add_pattern(const char *name, struct gb_strlist *with, struct gb_err *err)
{
	_buf_ struct gb_buf pattern = GB_BUF_INIT(GB_MAX_NAME * 2);

	for (const char *p = name; p; p = strchr(p, '/'), p += p != NULL) {
		_free_ char *part = gb_strndup(p, strcspn(p, "/"));

		if (!part)
			return gb_fail_nomem(err);
		gb_buf_adds(&pattern, p == name ? "^" : "/^");
		gb_quote_meta(&pattern, part);
		gb_buf_addc(&pattern, '$');
	}
	if (pattern.failed)
		return gb_buf_error(&pattern, "benchmark's name", err);
	return gb_strlist_addf(with, err, "-test.bench=%s", pattern.data);
}

/* One more run of a package into `file`; what it measures is forgotten.  `name` NULL: all of it. */
static int profile(struct nightly *n, struct nightly_side *s, const char *package, const char *name,
		   const char *file, struct gb_err *err)
{
	const struct gb_strlist *rounds = s->how.with;
	_strlist_ struct gb_strlist with = GB_STRLIST_INIT;
	_run_ struct gb_run *run = NULL;
	struct gb_package *p;
	int rc = nightly_build(n, s, err);

	if (rc >= 0)
		rc = gb_strlist_addf(&with, err, "-test.cpuprofile=%s", file);
	if (rc >= 0)
		rc = gb_strlist_add(&with, "-test.count=1", err);
	if (rc >= 0 && name && (rc = gb_strlist_add(&with, "-test.benchtime=" TIME, err)) >= 0)
		rc = add_pattern(name, &with, err);
	else if (rc >= 0)
		rc = gb_strlist_addf(&with, err, "-test.bench=%s", n->o->bench);
	if (rc < 0)
		return rc;
	if (!(run = gb_run_new(err)))
		return GB_ENOMEM;
	if ((rc = gb_run_add_package(run, package, &p, err)) < 0)
		return rc;
	s->how.with = &with;
	gb_progress_running(&n->job.progress, name ? name : package);
	gb_progress_tick(&n->job.progress);
	rc = gb_measure_again(s->measuring, package, GB_IN_ORDER, NULL, run, err);
	gb_progress_done(&n->job.progress, name ? name : package);
	s->how.with = rounds;
	return rc;
}

/* What came to nothing is no reason to end a night that was measured. */
static int forgive(struct nightly *n, int rc)
{
	if (rc == GB_ETIME)
		n->over_time = true;
	return rc == GB_EINTR || rc == GB_ENOMEM ? rc : 0;
}

static int file_of(const char *dir, const char *package, bool make, char **ret, struct gb_err *err)
{
	_free_ char *folder = gb_path_join(dir, package);
	int rc = folder ? 0 : gb_fail_nomem(err);

	if (rc >= 0 && !gb_path_under(folder, dir))
		rc = gb_fail(err, GB_EPARSE, "%s is no name of a folder", package);
	if (rc >= 0 && make)
		rc = gb_fs_mkdirs(folder, err);
	if (rc < 0)
		return rc;
	*ret = gb_path_join(folder, FILE_NAME);
	return *ret ? 0 : gb_fail_nomem(err);
}

static bool has_benchmarks(const struct nightly_side *s, size_t package)
{
	const struct gb_package *p = &s->run->packages[package];

	for (size_t i = 0; i < p->n_tests; i++)
		if (p->tests[i].kind == GB_BENCHMARK)
			return true;
	return false;
}

int nightly_profiles(struct nightly *n, struct gb_err *err)
{
	struct nightly_side *s = &n->sides[NIGHTLY_HEAD];
	_free_ char *dir = NULL;
	int rc = 0;

	if (!n->o->profiles || !s->run || is_late(n))
		return 0;
	if ((rc = gb_fs_mkdirs(n->o->profiles, err)) < 0 ||
	    (rc = gb_fs_realpath(n->o->profiles, &dir, err)) < 0)
		return rc;
	gb_progress_start(&n->job.progress, !n->o->job.quiet, "profiles", s->run->n_packages);
	for (size_t i = 0; i < s->run->n_packages && rc >= 0 && !is_late(n); i++) {
		_free_ char *file = NULL;

		if (!has_benchmarks(s, i))
			continue;
		rc = file_of(dir, s->run->packages[i].path, true, &file, err);
		if (rc >= 0)
			rc = forgive(n, profile(n, s, s->run->packages[i].path, NULL, file, err));
	}
	gb_progress_end(&n->job.progress);
	return rc;
}

static int explain(struct nightly *n, struct gb_bench *row, bool alone, const char *before,
		   const char *after, struct gb_err *err)
{
	_profile_ struct gb_profile *was = NULL, *is = NULL;
	const struct gb_package *p = gb_run_package(n->sides[NIGHTLY_HEAD].run, row->package);
	int rc = gb_profile_load(before, &was, err);

	if (rc >= 0)
		rc = gb_profile_load(after, &is, err);
	if (rc >= 0)
		rc = gb_bench_explain(row, p ? p->module : NULL, alone, was, is, err);
	return rc;
}

/* Both sides, in one scratch folder. */
static int explain_by_base(struct nightly *n, struct gb_bench *row, struct gb_err *err)
{
	_free_ char *scratch = NULL, *before = NULL, *after = NULL;
	int rc = gb_fs_scratch(&scratch, err);

	if (rc < 0)
		return rc;
	before = gb_path_join(scratch, "before");
	after = gb_path_join(scratch, "after");
	rc = before && after ? 0 : gb_fail_nomem(err);
	if (rc >= 0)
		rc = profile(n, &n->sides[NIGHTLY_BASE], row->package, row->name, before, err);
	if (rc >= 0)
		rc = profile(n, &n->sides[NIGHTLY_HEAD], row->package, row->name, after, err);
	if (rc >= 0)
		rc = explain(n, row, true, before, after, err);
	gb_fs_remove_tree(scratch, NULL);
	return rc;
}

static int explain_by_folder(struct nightly *n, struct gb_bench *row, struct gb_err *err)
{
	_free_ char *before = NULL, *after = NULL;
	int rc = file_of(n->o->against, row->package, false, &before, err);

	if (rc >= 0)
		rc = file_of(n->o->profiles, row->package, false, &after, err);
	return rc < 0 ? rc : explain(n, row, false, before, after, err);
}

static bool is_told(const struct gb_bench *row)
{
	return row->metric == GB_NS_PER_OP &&
	       (row->word == GB_BENCH_OVER || row->word == GB_BENCH_WARN);
}

static int worst_first(const void *a, const void *b)
{
	const struct gb_bench *x = *(struct gb_bench *const *)a, *y = *(struct gb_bench *const *)b;

	if (x->word != y->word)
		return x->word < y->word ? -1 : 1;
	return (x->change < y->change) - (x->change > y->change);
}

int nightly_explain(struct nightly *n, struct gb_err *err)
{
	_free_ struct gb_bench **rows = gb_calloc(n->benches.n + 1, sizeof(struct gb_bench *));
	bool base = n->base.commit[0];
	size_t told = 0;
	int rc = 0;

	if (!rows)
		return gb_fail_nomem(err);
	for (size_t i = 0; i < n->benches.n; i++)
		if (is_told(&n->benches.v[i]))
			rows[told++] = &n->benches.v[i];
	if (!told)
		return 0;
	if (!base && !n->o->against)
		return gb_strlist_add(&n->notes,
				      "--base REV measures both here and says in which functions "
				      "the time went",
				      err);
	qsort(rows, told, sizeof(struct gb_bench *), worst_first);
	told = told < MOST ? told : MOST;
	gb_progress_start(&n->job.progress, !n->o->job.quiet && base, "which functions", 2 * told);
	for (size_t i = 0; i < told && rc >= 0 && !is_late(n); i++)
		rc = forgive(n, base ? explain_by_base(n, rows[i], err)
				     : explain_by_folder(n, rows[i], err));
	gb_progress_end(&n->job.progress);
	return rc;
}
