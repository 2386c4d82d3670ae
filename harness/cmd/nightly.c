/* nightly - all tests and all benchmarks, again and again.  See nightly.h. */
#include "cmd/nightly.h"

#include "base/cpus.h"
#include "base/mem.h"
#include "base/proc.h"
#include "cmd/files.h"
#include "cmd/unmeasured.h"
#include "command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct gb_files files;
static struct nightly_options o = {
	.job = GB_JOB_OPTIONS_INIT, .repeat = 5, .count = 10, .bench = "."
};

static const struct gb_opt opts[] = {
	FILES_OPTS(files),
	{ "repeat", 0, GB_OPT_INT, "N", "rounds of tests (5)", &o.repeat, 1, 100, false },
	{ "count", 0, GB_OPT_INT, "N", "rounds of benchmarks (10); 0: none", &o.count, 0, 100,
	  false },
	{ "bench", 0, GB_OPT_STRING, "REGEXP", "only these benchmarks", &o.bench, 0, 0, false },
	{ "base", 0, GB_OPT_STRING, "REV",
	  "measure this commit's benchmarks too, in turn with those here", &o.base_rev, 0, 0,
	  false },
	{ "time", 0, GB_OPT_DURATION, "TIME",
	  "for all of it: rounds that would not end in time are left out, and told", &o.time_ms, 0,
	  0, false },
	{ "no-alone", 0, GB_OPT_FLAG, NULL, "do not run tests alone: no inuse_space, heap_peak",
	  &o.no_alone, 0, 0, false },
	{ "afresh", 0, GB_OPT_FLAG, NULL, "forget the rounds of a night that was not finished",
	  &o.afresh, 0, 0, false },
	{ "no-note", 0, GB_OPT_FLAG, NULL, "do not keep the night in HEAD's git note", &o.no_note,
	  0, 0, false },
	{ "profiles", 0, GB_OPT_STRING, "DIR",
	  "keep a CPU profile of each package's benchmarks, from a round of its own", &o.profiles,
	  0, 0, false },
	{ "against", 0, GB_OPT_STRING, "DIR",
	  "with --profiles: those of an earlier night, to say in which functions time went",
	  &o.against, 0, 0, false },
	{ "bench-lines", 0, GB_OPT_STRING, "FILE",
	  "write the benchmarks' rounds as go test prints them, for benchstat", &o.lines, 0, 0,
	  false },
	{ "push", 0, GB_OPT_STRING, "REMOTE", "merge the notes with this remote's, and push them",
	  &o.push, 0, 0, false },
	{ "timeout", 0, GB_OPT_DURATION, "TIME",
	  "deadline of a package in one round (go test's -timeout)", &o.job.timeout_ms, 0, 0,
	  false },
	{ "memory", 0, GB_OPT_SIZE, "SIZE", "stop a test binary that holds more than this",
	  &o.job.memory, 0, 0, false },
	{ "jobs", 'p', GB_OPT_INT, "N",
	  "packages side by side in the tests' first round (go test's -p)", &o.job.jobs, 1, 1024,
	  false },
	{ "trusted", 0, GB_OPT_FLAG, NULL,
	  "measure under pull_request_target and workflow_run, too", &o.job.trusted, 0, 0, false },
	{ "quiet", 'q', GB_OPT_FLAG, NULL, "tell only what fails, and the last line", &o.job.quiet,
	  0, 0, false },
	{ "verbose", 'v', GB_OPT_FLAG, NULL, "tell what is within budget too, and stacks whole",
	  &o.verbose, 0, 0, false },
	{ "accounting", 0, GB_OPT_STRING, "KIND",
	  "auto, or testing: count around each test, one at a time", &o.job.accounting, 0, 0,
	  false },
	{ NULL, 0, GB_OPT_FLAG, NULL, NULL, NULL, 0, 0, false },
};

/* A night can be measured where nothing can be kept of it. */
static int find_commit(struct nightly *n, struct gb_err *err)
{
	int rc = notes_begin(n->commit, &n->notes, err);

	if (rc >= 0 && o.base_rev)
		rc = base_open(&n->base, o.base_rev, NULL, err);
	if (rc >= 0 && !(n->cpu = gb_cpus_name()))
		rc = gb_fail_nomem(err);
	return rc;
}

/* The time is over, or was: what there is is judged. */
static int in_time(struct nightly *n, int rc)
{
	if (rc != GB_ETIME)
		return rc;
	n->over_time = true;
	return 0;
}

/* What comes before the rounds; 1: the time was over in it, and what that left out is told. */
static int before_rounds(struct nightly *n, struct gb_err *err)
{
	int rc = in_time(n, nightly_tests(n, err));

	if (rc >= 0 && n->over_time)
		rc = gb_strlist_add(&n->unreached, "tests that go test had not come to", err);
	else if (rc >= 0 && !o.no_alone && (rc = in_time(n, nightly_alone(n, err))) >= 0 &&
		 n->over_time)
		rc = gb_strlist_add(&n->unreached, "tests alone, some of them", err);
	if (rc >= 0 && n->over_time)
		rc = gb_strlist_add(&n->unreached, "benchmarks, and further rounds of tests", err);
	return rc < 0 ? rc : n->over_time;
}

static int measure(struct nightly *n, struct gb_err *err)
{
	int rc = before_rounds(n, err);

	if (rc)
		return rc < 0 ? rc : 0;
	rc = nightly_benchmarks(n, err);
	if (rc >= 0)
		rc = nightly_before(n, err);
	return rc < 0 ? rc : nightly_rounds(n, err);
}

static int night(struct nightly *n, struct gb_err *err)
{
	struct gb_note note = { 0 };
	int status = 0, rc;

	o.job.later = true;
	if ((rc = find_commit(n, err)) < 0 || (rc = job_open(&n->job, &o.job, err)) < 0 ||
	    (rc = nightly_flags_tests(n, err)) < 0 || (rc = nightly_rules(n, err)) < 0 ||
	    (rc = nightly_state_open(n, err)) < 0)
		return rc;
	if (o.time_ms)
		n->job.how.deadline_ms = n->job.started_ms + o.time_ms;
	if ((rc = measure(n, err)) < 0 || (rc = nightly_compiled(n, err)) < 0)
		return rc;
	rc = nightly_note(n, &note, err);
	if (rc >= 0)
		rc = nightly_keep(n, &note, err);
	if (rc >= 0)
		rc = nightly_compare(n, err);
	if (rc >= 0)
		rc = nightly_profiles(n, err);
	if (rc >= 0)
		rc = nightly_explain(n, err);
	if (rc >= 0)
		rc = nightly_judge(n, err);
	if (rc >= 0)
		rc = nightly_say(n, &files, &status, err);
	gb_note_release(&note);
	if (rc >= 0 && !n->over_time)
		rc = nightly_state_end(n, err);
	return rc < 0 ? rc : status;
}

static int nightly_run(int argc, char **argv, struct gb_err *err)
{
	struct nightly n = { .o = &o };
	int first, dashdash;
	int rc = gb_args_parse("nightly", opts, argc, argv, &first, &dashdash, err);

	if (rc >= 0)
		rc = job_words(&o.job, argc, argv, first, dashdash, err);
	if (rc >= 0 && o.against && !o.profiles) {
		rc = gb_fail(err, GB_EUSAGE, "--against compares with what --profiles keeps");
		gb_hint(err, "--profiles DIR, too");
	}
	o.job.aside = files_take_stdout(&files);
	if (rc >= 0)
		rc = night(&n, err);
	if (rc == GB_EINTR && n.state.key[0])
		gb_hint(err, "the same command goes on where it stopped");
	if (rc < 0)
		unmeasured(&files, "gobudget nightly", NULL, rc, err);
	for (int i = 0; i < NIGHTLY_SIDES; i++)
		nightly_side_release(&n.sides[i]);
	nightly_judged_release(&n);
	base_close(&n.base);
	job_close(&n.job);
	gb_cache_release(&n.state.cache);
	gb_strlist_release(&n.notes);
	gb_strlist_release(&n.unreached);
	gb_benches_release(&n.benches);
	free(n.cpu);
	free(n.before);
	gb_strlist_release(&o.job.patterns);
	gb_strlist_release(&o.job.go_flags);
	return rc;
}

const struct gb_command cmd_nightly = {
	.name = "nightly",
	.args = "[packages] [-- go test flags]",
	.summary = "measure tests and benchmarks again and again, and keep the night",
	.about = "Takes rounds over all packages: the tests, judged as `check` judges them, and\n"
		 "the benchmarks, built optimised. A round takes each package once, so that a\n"
		 "machine that drifts does it to all alike; nothing else runs beside a benchmark.\n"
		 "Benchmarks are compared with the newest night before this commit in the same\n"
		 "environment and on the same CPU, or with --base measured here in turn.\n"
		 "\n"
		 "The night is kept in HEAD's git note, if the work tree is what HEAD has; older\n"
		 "ones go as the policy's `notes` says. A night that was stopped goes on where it\n"
		 "was when it is started again.\n"
		 "\n"
		 "Exit status: as check's; 1 also where a benchmark is really slower than the\n"
		 "policy's `cpu` allows, 3 also where a package was not reached or a benchmark\n"
		 "failed.",
	.opts = opts,
	.run = nightly_run,
};
