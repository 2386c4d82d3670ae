/* check - measure every test, judge it against its budget, tell. */
#include "command.h"

#include "base/buf.h"
#include "base/mem.h"
#include "base/proc.h"
#include "budget/collector.h"
#include "budget/living.h"
#include "cmd/affected.h"
#include "cmd/cached.h"
#include "cmd/commits.h"
#include "cmd/difference.h"
#include "cmd/drift.h"
#include "cmd/each_commit.h"
#include "cmd/escapes.h"
#include "cmd/files.h"
#include "cmd/gather.h"
#include "cmd/job.h"
#include "cmd/notes.h"
#include "cmd/shard.h"
#include "cmd/stress.h"
#include "cmd/suspects.h"
#include "cmd/unmeasured.h"
#include "cmd/which_base.h"
#include "cmd/windows.h"
#include "go/compile.h"
#include "report/report.h"

#include <stdio.h>
#include <string.h>

static struct gb_job_options o = GB_JOB_OPTIONS_INIT;
static struct gb_files files;
static struct gb_gather g;
static struct gb_which_base which;
static struct gb_affected affected;
static struct gb_drift_check drift;
static struct windows_check windows;
static struct gb_report_commits commits;
static struct gb_cached cached;
static struct each_asked each;
static bool only_affected;
static struct gb_sharding shard;
static const char *base_rev;
static bool measure_base;
static struct gb_asked asked;
static bool verbose, calm, escapes, escapes_only;
static int64_t stress;
static bool keep_note;
static char note_commit[41];

static const struct gb_opt opts[] = {
	FILES_OPTS(files),
	{ "bench", 0, GB_OPT_STRING, "REGEXP", "run these benchmarks too: B/op and allocs/op",
	  &o.bench, 0, 0, false },
	{ "timeout", 0, GB_OPT_DURATION, "TIME", "deadline of each package (go test's -timeout)",
	  &o.timeout_ms, 0, 0, false },
	{ "memory", 0, GB_OPT_SIZE, "SIZE", "stop a test binary that holds more than this",
	  &o.memory, 0, 0, false },
	{ "jobs", 'p', GB_OPT_INT, "N", "packages to run side by side (go test's -p)", &o.jobs, 1,
	  1024, false },
	{ "repeats", 0, GB_OPT_INT, "N",
	  "more runs of a package with a test over budget (the policy's, else 4)", &o.repeats, 0,
	  100, false },
	{ "stress", 0, GB_OPT_INT, "N",
	  "run all N times, the scheduler choosing at random: only goroutines are judged", &stress,
	  1, 1000000, false },
	{ "calm", 0, GB_OPT_FLAG, NULL, "with --stress: leave the scheduler as it is", &calm, 0, 0,
	  false },
	{ "base", 0, GB_OPT_STRING, "REV",
	  "judge against this commit, and compare what is over or grew with the same tests there",
	  &base_rev, 0, 0, false },
	{ "measure-base", 0, GB_OPT_FLAG, NULL,
	  "compare likewise with the base that is found by itself", &measure_base, 0, 0, false },
	{ "affected", 0, GB_OPT_FLAG, NULL,
	  "measure only the packages that what changed since the base can move", &only_affected, 0,
	  0, false },
	{ "no-cache", 0, GB_OPT_FLAG, NULL,
	  "measure everything: take nothing from the cache, and keep nothing", &cached.off, 0, 0,
	  false },
	{ "shard", 0, GB_OPT_STRING, "I/N",
	  "measure only the I-th of N parts of the packages; `merge` puts them together",
	  &shard.option, 0, 0, false },
	{ "durations", 0, GB_OPT_STRING, "FILE",
	  "with --shard: deal by the times in this earlier report (--json), the same for all",
	  &shard.durations, 0, 0, false },
	{ "escapes", 0, GB_OPT_FLAG, NULL,
	  "ask the compiler, too, what it puts on the heap (where it is budgeted, always)",
	  &escapes, 0, 0, false },
	{ "escapes-only", 0, GB_OPT_FLAG, NULL,
	  "run no test: judge only what the compiler puts on the heap", &escapes_only, 0, 0,
	  false },
	{ "note", 0, GB_OPT_FLAG, NULL, "keep what was measured in HEAD's git note", &keep_note, 0,
	  0, false },
	EACH_COMMIT_OPTS(each),
	{ "trusted", 0, GB_OPT_FLAG, NULL,
	  "measure under pull_request_target and workflow_run, too", &o.trusted, 0, 0, false },
	{ "quiet", 'q', GB_OPT_FLAG, NULL, "tell only what fails, and the last line", &o.quiet, 0,
	  0, false },
	{ "columns", 0, GB_OPT_INT, "N", "write as for a terminal so wide, in colour",
	  &files.columns, 40, 1000, true },
	{ "verbose", 'v', GB_OPT_FLAG, NULL, "tell what is within budget too, and stacks whole",
	  &verbose, 0, 0, false },
	{ "accounting", 0, GB_OPT_STRING, "KIND",
	  "auto, or testing: count around each test, one at a time", &o.accounting, 0, 0, false },
	{ "keep-scratch", 0, GB_OPT_FLAG, NULL, "leave the scratch folder", &o.keep, 0, 0, true },
	{ NULL, 0, GB_OPT_FLAG, NULL, NULL, NULL, 0, 0, false },
};

static bool wants_rerun(void *arg, const struct gb_package *p)
{
	return gb_judge_wants_rerun(arg, p);
}

/*
 * Packages with something over budget run again, in order, up to `repeats`
 * times: bytes are judged by the minimum, goroutines by how often they were too
 * many.  The later half runs under the exact settings, which take the chance
 * out of collections and scheduling.
 */
static int judge_and_repeat(struct gb_job *j, struct gb_verdicts *v, struct gb_err *err)
{
	int rc = gb_judge(j->run, &j->budgets, j->policy, v, err);

	g.wanted = suspects_has;
	g.wants_alone = suspects_stays;
	g.arg = v;
	for (int i = 1; rc >= 0 && i <= j->policy->repeats && !j->run->interrupted && !stress;
	     i++) {
		enum gb_mode mode = i * 2 > j->policy->repeats ? GB_EXACT : GB_IN_ORDER;
		char phase[64];
		size_t n = 0;

		(void)snprintf(phase, sizeof(phase), "over budget: run %d of %d", i + 1,
			       j->policy->repeats + 1);
		rc = mode == GB_EXACT ? gather_names(&g, j, err) : 0;
		if (rc >= 0)
			rc = job_again(j, mode, phase, wants_rerun, v, &n, err);
		if (rc < 0 || n == 0)
			break;
		gb_verdicts_release(v);
		rc = gb_judge(j->run, &j->budgets, j->policy, v, err);
	}
	return rc;
}

/* Which line did it.  What ran again for that has more samples, and is judged by them. */
static int find_lines(struct gb_job *j, struct gb_verdicts *v, struct gb_err *err)
{
	size_t n = 0;
	int rc;

	rc = gather_again(&g, j, &n, err);
	if (rc >= 0 && n > 0) {
		rc = difference_judge(&g, j, v, err);
	}
	return rc < 0 ? rc : gather(&g, j, err);
}

static int note(struct gb_report *r, struct gb_err *err, const char *text)
{
	return gb_strlist_add(&r->notes, text, err);
}

static int add_notes(struct gb_report *r, const struct gb_job *j, struct gb_err *err)
{
	int rc = 0;

	if (j->run->go_why_fallback)
		rc = gb_strlist_addf(
			&r->notes, err,
			"%s: accounting by testing alone (%s): tests ran one at a time, "
			"and these numbers are not comparable with the runtime's",
			j->run->go_version ? j->run->go_version : "go", j->run->go_why_fallback);
	if (rc >= 0 && stress && j->run->env.accounting != GB_ACCOUNTING_RUNTIME)
		rc = note(r, err, "stress: the scheduler could not be made to choose at random");
	else if (rc >= 0 && stress)
		rc = gb_strlist_addf(&r->notes, err,
				     "stress: %d runs%s; only goroutines were judged", j->run->runs,
				     calm ? "" : ", the scheduler choosing at random");
	else if (rc >= 0 && j->run->compiled_only)
		rc = 0; /* nothing of tests was to be judged */
	else if (rc >= 0 && r->verdicts->no_budgets && !j->policy->n_ceilings &&
		 !j->policy->n_windows)
		rc = note(
			r, err,
			"there are no budgets yet: bytes are not judged until \"gobudget record\" "
			"has run; goroutines left behind only warn");
	else if (rc >= 0 && r->verdicts->no_budgets)
		rc = note(r, err,
			  "there are no budgets yet: what no ceiling or window of the policy names "
			  "is not judged until \"gobudget record\" has run");
	if (rc >= 0 && j->run->env.race)
		rc = note(r, err,
			  "with -race, sync.Pool drops at random: bytes and objects only warn");
	if (rc >= 0 && j->run->compiled_only &&
	    !gb_judge_wants_compiled(&j->budgets, j->policy, &j->run->env))
		rc = note(r, err,
			  "escapes have no budget yet: \"gobudget record --metric escapes\" gives "
			  "them one");
	if (rc >= 0 && j->run->filtered && j->budgets.any && !j->run->compiled_only)
		rc = note(r, err, "not every test was asked for: what did not run is not \"gone\"");
	/* Where nobody asked and none is to be expected, that is no news. */
	if (rc >= 0 && which.note &&
	    (which.commit.id[0] || base_rev || measure_base || only_affected || which.hidden))
		rc = note(r, err, which.note);
	for (size_t i = 0; i < drift.notes.n && rc >= 0; i++)
		rc = note(r, err, drift.notes.v[i]);
	for (size_t i = 0; i < windows.notes.n && rc >= 0; i++)
		rc = note(r, err, windows.notes.v[i]);
	if (rc >= 0 && j->left_out)
		rc = note(r, err, j->left_out);
	for (size_t i = 0; i < affected.notes.n && rc >= 0; i++)
		rc = note(r, err, affected.notes.v[i]);
	for (size_t i = 0; i < affected.why.n && rc >= 0 && verbose; i++)
		rc = note(r, err, affected.why.v[i]);
	for (size_t i = 0; i < g.notes.n && rc >= 0; i++)
		rc = note(r, err, g.notes.v[i]);
	if (rc >= 0 && j->run->interrupted)
		rc = note(r, err, "interrupted: this is what was measured until then");
	if (rc >= 0 && j->run->interrupted)
		rc = affected_unfinished(&affected, j->run, &r->notes, err);
	if (rc >= 0)
		rc = gb_living_notes(j->run, j->policy, &r->notes, err);
	if (rc >= 0)
		rc = gb_collector_notes(j->run, &j->budgets, j->policy, &r->notes, err);
	return rc;
}

static int tell(struct gb_job *j, const struct gb_verdicts *v, struct gb_err *err)
{
	struct gb_report r = {
		.run = j->run,
		.verdicts = v,
		.policy = j->policy,
		.module = j->go.n_modules > 0 ? j->go.modules[0].path : "",
		.command = "gobudget check",
		.exit_status = gb_judge_exit(v, j->run),
		.evidence = &g.all,
		.escapes = asked.told.head ? &asked.told : NULL,
		.shard = shard.option ? &shard.told : NULL,
		.root = which.root,
		.commit = which.head[0] ? which.head : NULL,
		.base_commit = which.commit.id[0] ? which.commit.id : NULL,
	};
	int rc = add_notes(&r, j, err);

	if (rc >= 0)
		rc = commits_read(&which, j, v, &commits, err);
	if (commits.n)
		r.commits = &commits;

	if ((j->run->interrupted || drift.unjudged || windows.unjudged) && r.exit_status == 0)
		r.exit_status = 3;
	if (rc >= 0)
		rc = files_show(&files, &r, j->json, o.quiet, verbose, err);
	if (rc >= 0)
		rc = files_write(&files, &r, err);
	gb_strlist_release(&r.notes);
	return rc < 0 ? rc : r.exit_status;
}

/*
 * --affected, --shard: take packages away before they are measured.  1: all of them, and that was
 * told.  `*ret` is then what check returns.
 */
static int plan(struct gb_job *j, int *ret, struct gb_err *err)
{
	const struct gb_compile_options here = { .go_flags = &o.go_flags,
						 .toolchain = &j->go,
						 .gcflags = j->policy->gcflags };
	struct gb_verdicts none = { 0 };
	bool nothing = false;
	int rc = only_affected ? affected_plan(&affected, j, &which.commit, which.note, err) : 0;

	if (rc >= 0 && affected.planned) {
		j->run->left_out = affected.asked - affected.taken;
		nothing = !affected.taken;
	}
	if (rc >= 0 && shard.option) {
		rc = shard_plan(&shard, j, nothing, err);
		if (rc >= 0)
			rc = shard_take(&shard, j, err);
		nothing = !shard.packages.n;
	}
	if (rc < 0 || !nothing)
		return rc;
	rc = gb_compile_environment(&here, j->run, err);
	j->run->wall_ms = gb_now_ms() - j->started_ms;
	*ret = rc < 0 ? rc : tell(j, &none, err);
	return 1;
}

static bool any_failed(const struct gb_run *run)
{
	for (size_t i = 0; i < run->n_packages; i++)
		if (gb_package_failed(&run->packages[i]))
			return true;
	return false;
}

/* What does not compile is a trouble of the run already. */
static int ask_compiler(struct gb_job *j, struct gb_err *err)
{
	struct gb_err own = GB_ERR_INIT;
	int rc;

	if (!escapes && !gb_judge_wants_compiled(&j->budgets, j->policy, &j->run->env))
		return 0;
	rc = escapes_here(j, false, NULL, &asked.head, &own);
	if (rc == GB_EMEASURE && any_failed(j->run))
		return gb_strlist_addf(&g.notes, err, "escapes were not counted: %s", own.line);
	if (rc < 0) {
		*err = own;
		return rc;
	}
	rc = escapes_count(asked.head, j->run, err);
	if (rc >= 0 && g.base_rev)
		rc = escapes_at_base(&g.base, j, false, &g.notes, &asked.base, err);
	return rc < 0 ? rc : escapes_tell(&asked, j, &g.base, err);
}

/* The base, if there is one; its files are written out where it is to be measured. */
static int find_base(struct gb_err *err)
{
	int rc = which_base_find(&which, base_rev, err);

	if (rc < 0 || !which.commit.has_tree || !(base_rev || measure_base))
		return rc;
	g.base_rev = which.commit.id;
	g.base_name = which.commit.name;
	g.no_cache = cached.off;
	return gather_open(&g, err);
}

/* Beside its base, the policy's anchor, and the nights before. */
static int judge_change(struct gb_job *j, struct gb_verdicts *v, struct gb_err *err)
{
	int rc = which_base_judge(&which, j, g.base.run, v, err);

	if (rc >= 0 && !stress)
		rc = drift_judge(&drift, j, &which, v, err);
	return rc < 0 ? rc : windows_tell(&windows, j, err);
}

/* --escapes-only: a compile instead of tests. */
static int check_compiled(struct gb_job *j, struct gb_err *err)
{
	struct gb_verdicts v = { 0 };
	int rc = find_base(err), told = 0;

	o.compile_only = true;
	if (rc >= 0)
		rc = job_open(j, &o, err);
	if (rc >= 0)
		rc = which_base_rules(&which, j, err);
	if (rc >= 0 && !stress)
		rc = windows_open(&windows, j, &which, err);
	if (rc >= 0 && (only_affected || shard.option) && (rc = plan(j, &told, err)) > 0)
		return told;
	if (rc < 0)
		return rc;
	j->run->runs = 1;
	j->run->compiled_only = j->run->filtered = true;
	if ((rc = escapes_here(j, false, j->run, &asked.head, err)) < 0)
		return rc;
	gb_run_sort(j->run);
	rc = escapes_count(asked.head, j->run, err);
	if (rc >= 0 && g.base_rev)
		rc = escapes_at_base(&g.base, j, false, &g.notes, &asked.base, err);
	if (rc >= 0)
		rc = escapes_tell(&asked, j, &g.base, err);
	if (rc >= 0)
		rc = gb_judge(j->run, &j->budgets, j->policy, &v, err);
	j->run->wall_ms = gb_now_ms() - j->started_ms;
	if (rc >= 0)
		rc = judge_change(j, &v, err);
	if (rc >= 0)
		rc = tell(j, &v, err);
	gb_verdicts_release(&v);
	return rc;
}

static int check(struct gb_job *j, struct gb_err *err)
{
	struct gb_verdicts v = { 0 };
	int rc = find_base(err), told = 0;

	o.later = true;
	if (rc >= 0 && keep_note)
		rc = notes_begin(note_commit, &g.notes, err);
	o.stress = stress > 0;
	o.random = o.stress && !calm;
	if (rc >= 0)
		rc = job_open(j, &o, err);
	if (rc >= 0)
		rc = which_base_rules(&which, j, err);
	if (rc >= 0 && !stress)
		rc = windows_open(&windows, j, &which, err);
	if (rc >= 0 && stress)
		stress_policy(j->policy);
	if (rc >= 0 && (only_affected || shard.option) && (rc = plan(j, &told, err)) > 0)
		return told;
	cached.off |= keep_note;
	if (rc >= 0)
		rc = cached_measure(&cached, j, err);
	if (rc >= 0)
		rc = stress ? stress_run(j, stress, err) : job_alone(j, err);
	if (rc == GB_EINTR && j->run && (j->run->n_packages > 0 || affected.names.n > 0))
		j->run->interrupted = true;
	else if (rc < 0)
		return rc;
	if (!j->run->interrupted && !stress && (rc = ask_compiler(j, err)) < 0)
		return rc;
	rc = judge_and_repeat(j, &v, err);
	if (rc >= 0 && !stress && !j->run->interrupted)
		rc = difference_find(&g, j, &v, err);
	if (rc >= 0 && !stress && !j->run->interrupted)
		rc = find_lines(j, &v, err);
	if (rc == GB_EINTR) {
		j->run->interrupted = true;
		rc = difference_judge(&g, j, &v, err);
	}
	if (rc >= 0)
		rc = judge_change(j, &v, err);
	if (rc >= 0)
		rc = notes_end(note_commit, j->run, &g.notes, err);
	if (rc >= 0)
		rc = cached_keep(&cached, j, &v, err);
	if (rc >= 0)
		rc = tell(j, &v, err);
	gb_verdicts_release(&v);
	return rc;
}

static int check_run(int argc, char **argv, struct gb_err *err)
{
	struct gb_job j = { 0 };
	int first, dashdash;
	int rc = gb_args_parse("check", opts, argc, argv, &first, &dashdash, err);

	if (rc >= 0)
		rc = job_words(&o, argc, argv, first, dashdash, err);
	if (rc >= 0)
		rc = shard_words(&shard, err);
	o.aside = files_take_stdout(&files);
	if (rc >= 0 && keep_note && (stress || escapes_only))
		rc = gb_fail(err, GB_EUSAGE,
			     "--note keeps what tests measure: --%s has nothing for it",
			     stress ? "stress" : "escapes-only");
	if (rc >= 0 && escapes_only && (stress || o.bench))
		rc = gb_fail(err, GB_EUSAGE, "--escapes-only runs nothing: --%s has no meaning",
			     stress ? "stress" : "bench");
	each.escapes = escapes;
	each.odd = base_rev || measure_base || only_affected || stress || escapes_only ||
		   files.json || files.junit || files.markdown || files.html;
	if (rc >= 0) {
		rc = each.range || each.again ? each_commit(&each, &o, err)
		     : escapes_only	      ? check_compiled(&j, err)
					      : check(&j, err);
		escapes_close(&asked);
		gather_close(&g);
		which_base_release(&which);
		drift_release(&drift);
		windows_close(&windows, &j);
		commits_release(&commits);
		affected_release(&affected);
		cached_release(&cached);
		job_close(&j);
	}
	if (rc < 0)
		unmeasured(&files, "gobudget check", shard.of ? &shard.told : NULL, rc, err);
	shard_release(&shard);
	gb_strlist_release(&o.patterns);
	gb_strlist_release(&o.go_flags);
	return rc;
}

const struct gb_command cmd_check = {
	.name = "check",
	.args = "[packages] [-- go test flags]",
	.summary = "measure every test and judge it against its budget",
	.about = "Runs one `go test` over the packages (go test's own patterns; without any, the\n"
		 "package here), with exact accounting of goroutines and heap per test, and\n"
		 "compares what it measured with the budget files in budgets/. What go test\n"
		 "prints and writes stays as it is: check takes the place of the test step.\n"
		 "\n"
		 "Exit status: 0 within budget, 1 over budget, 2 wrong usage or a broken budget\n"
		 "file, 3 could not measure (build failed, tests failed, nothing ran).",
	.opts = opts,
	.run = check_run,
};
