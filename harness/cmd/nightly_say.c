/* nightly_say - the night for people.  See nightly.h. */
#include "cmd/nightly.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/fs.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/proc.h"
#include "base/units.h"
#include "budget/bench.h"
#include "budget/living.h"
#include "cmd/files.h"
#include "command.h"
#include "report/bench.h"
#include "report/report.h"

#include <stdio.h>
#include <string.h>

static bool asks_for_some(const struct nightly *n)
{
	return strcmp(n->o->bench, ".") != 0;
}

/* None was measured, and it is not for want of time or because one failed. */
static bool found_no_benchmark(const struct nightly *n)
{
	const struct gb_run *head = n->sides[NIGHTLY_HEAD].run;

	if (!n->o->count || n->over_time)
		return false;
	/* Rows may be of the night before alone. */
	for (size_t i = 0; i < n->benches.n; i++)
		if (n->benches.v[i].side[GB_AFTER].n)
			return false;
	for (size_t i = 0; head && i < head->n_packages; i++)
		if (head->packages[i].n_troubles)
			return false;
	return true;
}

static int add_note(struct nightly *n, struct gb_strlist *notes, struct gb_err *err)
{
	char grew[32], total[32];
	int rc = 0;

	if (n->state.taken)
		rc = gb_strlist_addf(notes, err,
				     "%zu rounds of packages were there from a night that was not "
				     "finished",
				     n->state.taken);
	if (rc >= 0 && n->job.run->go_why_fallback)
		rc = gb_strlist_addf(notes, err,
				     "accounting by testing alone (%s): these numbers are not "
				     "comparable with the runtime's",
				     n->job.run->go_why_fallback);
	if (rc >= 0 && n->job.left_out)
		rc = gb_strlist_add(notes, n->job.left_out, err);
	if (rc >= 0)
		rc = gb_living_notes(n->job.run, n->job.policy, notes, err);
	for (size_t i = 0; i < n->notes.n && rc >= 0; i++)
		rc = gb_strlist_add(notes, n->notes.v[i], err);
	for (size_t i = 0; i < n->drift.notes.n && rc >= 0; i++)
		rc = gb_strlist_add(notes, n->drift.notes.v[i], err);
	for (size_t i = 0; i < n->windows.notes.n && rc >= 0; i++)
		rc = gb_strlist_add(notes, n->windows.notes.v[i], err);
	for (size_t i = 0; i < n->gather.notes.n && rc >= 0; i++)
		rc = gb_strlist_add(notes, n->gather.notes.v[i], err);
	if (rc >= 0 && found_no_benchmark(n))
		rc = gb_strlist_addf(notes, err, "no benchmark%s%s gave a number",
				     asks_for_some(n) ? " that matches " : "",
				     asks_for_some(n) ? n->o->bench : "");
	for (size_t i = 0; i < n->unreached.n && rc >= 0; i++)
		rc = gb_strlist_addf(notes, err, "not in time: %s", n->unreached.v[i]);
	if (rc < 0 || !n->is_kept)
		return rc;
	rc = gb_strlist_addf(notes, err,
			     "kept in the note of %.12s: the repository grew by %s (all notes: %s)",
			     n->commit, gb_format_size(grew, sizeof(grew), n->kept.grew),
			     gb_format_size(total, sizeof(total), n->kept.total));
	if (rc >= 0 && n->kept.pruned)
		rc = gb_strlist_addf(notes, err, "%zu older note%s dropped, as the policy says",
				     n->kept.pruned, n->kept.pruned == 1 ? "" : "s");
	return rc;
}

/* A package that was never reached. */
static bool is_unmeasured(const struct nightly *n)
{
	for (int i = 0; i < NIGHTLY_BASE; i++) {
		const struct nightly_side *s = &n->sides[i];

		for (size_t k = 0; s->run && k < s->run->n_packages; k++)
			if (!s->v[k].done && !s->v[k].out)
				return true;
	}
	/* The time was over before it was known which packages have any. */
	return n->over_time && !n->sides[NIGHTLY_HEAD].run && n->o->count;
}

/* A benchmark that fails here fails its package, with what it printed; at the base it is a note. */
static int add_troubles(struct nightly *n, enum nightly_what what, struct gb_strlist *notes,
			struct gb_err *err)
{
	const struct gb_run *run = n->sides[what].run;
	int rc = 0;

	for (size_t k = 0; run && k < run->n_packages; k++)
		for (size_t t = 0; t < run->packages[k].n_troubles && rc >= 0; t++) {
			const struct gb_trouble *x = &run->packages[k].troubles[t];
			struct gb_package *p = gb_run_package(n->job.run, run->packages[k].path);

			if (what == NIGHTLY_HEAD && p)
				rc = gb_package_add_trouble(p, x->kind, false, NULL, x->output, err,
							    "benchmarks, %s", x->text);
			else
				rc = gb_strlist_addf(notes, err, "benchmarks of %s at the base, %s",
						     run->packages[k].path, x->text);
		}
	return rc;
}

/* A module may have benchmarks and no tests: then they are what was measured. */
static int exit_status(const struct nightly *n)
{
	int status = gb_judge_exit(&n->verdicts, n->job.run);

	if (n->benches.words[GB_BENCH_OVER])
		return 1;
	if (status == 3 && !n->verdicts.tests && n->benches.n) {
		status = 0;
		for (size_t i = 0; i < n->job.run->n_packages; i++)
			if (gb_package_failed(&n->job.run->packages[i]))
				status = 3;
	}
	/* What was asked for by name and is not there is no pass. */
	if (status == 0 && asks_for_some(n) && found_no_benchmark(n))
		status = 3;
	if (status == 0 && (is_unmeasured(n) || n->job.run->interrupted || n->drift.unjudged ||
			    n->windows.unjudged))
		status = 3;
	return status;
}

static int write_lines(const struct nightly *n, struct gb_err *err)
{
	_buf_ struct gb_buf out = GB_BUF_INIT(GB_MAX_REPORT);

	if (!n->o->lines)
		return 0;
	gb_bench_lines(&n->benches, GB_AFTER, &out);
	if (out.failed)
		return gb_buf_error(&out, n->o->lines, err);
	return gb_fs_write(n->o->lines, out.data, out.len, err);
}

int nightly_say(struct nightly *n, const struct gb_files *files, int *ret_status,
		struct gb_err *err)
{
	const struct gb_run *head = n->sides[NIGHTLY_HEAD].run;
	_free_ char *env = head ? gb_environment_text(&head->env) : NULL;
	_free_ char *here = gb_strndup(n->commit, 12);
	const struct gb_report_bench bench = { .all = &n->benches,
					       .environment = env,
					       .machine = n->cpu,
					       .before = n->before,
					       .after = n->commit[0] ? here : "here",
					       .cpu = &n->job.policy->cpu };
	struct gb_report r = { .run = n->job.run,
			       .verdicts = &n->verdicts,
			       .evidence = &n->gather.all,
			       .policy = n->job.policy,
			       .module = n->job.go.n_modules ? n->job.go.modules[0].path : "",
			       .command = "gobudget nightly",
			       .bench = n->benches.n ? &bench : NULL,
			       .commit = n->commit[0] ? n->commit : NULL };
	int rc = add_troubles(n, NIGHTLY_HEAD, &r.notes, err);

	if (rc >= 0)
		rc = add_troubles(n, NIGHTLY_BASE, &r.notes, err);

	if (rc >= 0)
		rc = add_note(n, &r.notes, err);
	r.exit_status = exit_status(n);
	n->job.run->wall_ms = gb_now_ms() - n->job.started_ms;
	if (rc >= 0)
		rc = files_show(files, &r, false, n->o->job.quiet, n->o->verbose, err);
	/* Notes are left out then, but not the reason of a failure. */
	if (rc >= 0 && n->o->job.quiet && asks_for_some(n) && found_no_benchmark(n))
		fprintf(stderr, "gobudget: no benchmark that matches %s gave a number\n",
			n->o->bench);
	if (rc >= 0)
		rc = files_write(files, &r, err);
	if (rc >= 0)
		rc = write_lines(n, err);
	*ret_status = r.exit_status;
	gb_strlist_release(&r.notes);
	return rc;
}
