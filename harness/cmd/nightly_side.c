/* nightly_side - one side of a night: built when it is needed, run a round at a time. */
#include "cmd/nightly.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/proc.h"
#include "base/text.h"
#include "budget/living.h"
#include "go/record.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const char *const names[] = {
	[NIGHTLY_TESTS] = "tests", [NIGHTLY_HEAD] = "head", [NIGHTLY_BASE] = "base"
};

static char *entry_name(const struct nightly_side *s, size_t package)
{
	return gb_asprintf("%s/%" PRId64 "/%s", names[s->what], s->v[package].done + 1,
			   s->run->packages[package].path);
}

/* The first half as users run it, the second under the exact settings: as `check` repeats. */
static enum gb_mode mode_of(const struct nightly_side *s, size_t package)
{
	if (s->what != NIGHTLY_TESTS)
		return GB_IN_ORDER;
	return s->v[package].done * 2 > s->rounds - 1 ? GB_EXACT : GB_IN_ORDER;
}

int nightly_merge_kept(struct gb_run *run, struct gb_package *p, enum gb_mode mode,
		       const struct gb_buf *text, struct gb_err *err)
{
	/* "record exact 1234", and what the agent wrote. */
	const char *nl = memchr(text->data, '\n', text->len);
	struct gb_record r = { 0 };
	int rc;

	if (!nl)
		return gb_fail(err, GB_EPARSE, "kept record: no first line");
	rc = gb_record_parse("kept record", nl + 1, text->len - (size_t)(nl + 1 - text->data), &r,
			     err);
	if (rc >= 0 && (!r.complete || strcmp(r.package, p->path) != 0))
		rc = gb_fail(err, GB_EPARSE, "kept record: not whole, or of another package");
	if (rc >= 0)
		rc = gb_record_merge(&r, p, run->runs, mode, err);
	gb_record_release(&r);
	return rc;
}

/* 1: it was there. */
static int take_kept(struct nightly *n, struct nightly_side *s, size_t package, struct gb_err *err)
{
	_free_ char *name = entry_name(s, package);
	_buf_ struct gb_buf text = GB_BUF_INIT(GB_MAX_CACHE_ENTRY);
	int64_t ms = 0;
	int rc = name ? nightly_state_get(n, name, &text, &ms, err) : gb_fail_nomem(err);

	if (rc == GB_ENOMEM)
		return rc;
	if (rc < 0 || (rc = nightly_merge_kept(s->run, &s->run->packages[package],
					       mode_of(s, package), &text, err)) < 0)
		return rc == GB_ENOMEM ? rc : 0;
	s->v[package].ms += ms;
	n->state.taken++;
	return 1;
}

/* As it is to be run, so that nothing runs: the binaries are what is wanted. */
int nightly_build(struct nightly *n, struct nightly_side *s, struct gb_err *err)
{
	struct gb_progress round = n->job.progress;
	_run_ struct gb_run *run = NULL;
	int rc = 0;

	if (s->measuring)
		return 0;
	if (s->what == NIGHTLY_BASE && (rc = nightly_base_files(n, s, err)) < 0)
		return rc;
	gb_progress_pause(&n->job.progress);
	round.term.live = false;
	gb_progress_start(&n->job.progress, !n->o->job.quiet,
			  s->what == NIGHTLY_TESTS  ? "building the tests"
			  : s->what == NIGHTLY_HEAD ? "building the benchmarks"
						    : "building the base's benchmarks",
			  0);
	rc = (run = gb_run_new(err)) ? gb_measure_start(&s->how, &s->measuring, err) : GB_ENOMEM;
	if (rc >= 0)
		rc = gb_measure(s->measuring, run, err);
	gb_progress_end(&n->job.progress);
	n->job.progress = round;
	if (s->what == NIGHTLY_TESTS)
		n->job.measuring = s->measuring;
	return rc < 0 ? rc : nightly_built(n, s, run, err);
}

static int keep(struct nightly *n, struct nightly_side *s, size_t package, int64_t ms,
		struct gb_err *err)
{
	_free_ char *name = entry_name(s, package);
	_buf_ struct gb_buf text = GB_BUF_INIT(GB_MAX_CACHE_ENTRY);
	int rc;

	if (!name)
		return gb_fail_nomem(err);
	/* Of a test binary that is wrapped in a user's own -exec there is none. */
	if ((rc = gb_measure_last_record(s->measuring, &text, err)) < 0)
		return rc == GB_ENOMEM ? rc : 0;
	return nightly_state_put(n, name, &text, ms, err);
}

static int run_once(struct nightly *n, struct nightly_side *s, size_t package, struct gb_err *err)
{
	struct gb_package *p = &s->run->packages[package];
	struct nightly_progress *v = &s->v[package];
	size_t troubles = p->n_troubles;
	int64_t began;
	int rc = nightly_build(n, s, err);

	if (rc < 0 || v->out)
		return rc;
	gb_progress_running(&n->job.progress, p->path);
	began = gb_now_ms();
	rc = gb_measure_again(s->measuring, p->path, mode_of(s, package), NULL, s->run, err);
	gb_progress_done(&n->job.progress, p->path);
	if (rc == GB_ENOTFOUND) {
		v->out = true;
		return 0;
	}
	if (rc == GB_EMEASURE)
		rc = gb_package_add_trouble(p, GB_TROUBLE_NO_RECORD, true, NULL, NULL, err, "%s",
					    err->line);
	if (rc < 0)
		return rc;
	v->ms += gb_now_ms() - began;
	if (p->n_troubles == troubles)
		return keep(n, s, package, gb_now_ms() - began, err);
	/* What fails once may do so ten times, and each of them as slowly. */
	v->out = s->what != NIGHTLY_TESTS;
	return 0;
}

static bool has_benchmarks(const struct gb_package *p)
{
	for (size_t i = 0; i < p->n_tests; i++)
		if (p->tests[i].kind == GB_BENCHMARK)
			return true;
	return false;
}

int nightly_once(struct nightly *n, struct nightly_side *s, size_t package, struct gb_err *err)
{
	struct nightly_progress *v = &s->v[package];
	int rc;

	s->run->runs = (int)v->done;
	rc = take_kept(n, s, package, err);
	if (rc == 0)
		rc = run_once(n, s, package, err);
	if (rc < 0)
		return rc;
	v->done++;
	if (s->what == NIGHTLY_TESTS)
		return gb_living_apply(s->run, n->job.policy, err);
	v->out = v->out || !has_benchmarks(&s->run->packages[package]);
	return 0;
}

void nightly_side_release(struct nightly_side *s)
{
	/* Of the tests, both are the job's own. */
	if (s->what != NIGHTLY_TESTS) {
		gb_run_free(s->run);
		gb_measuring_free(s->measuring);
	}
	gb_strlist_release(&s->patterns);
	gb_strlist_release(&s->flags);
	gb_strlist_release(&s->with);
	free(s->v);
	*s = (struct nightly_side){ 0 };
}
