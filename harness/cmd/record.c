/* gobudget record: measure a few times, then write budgets.  See record.h. */
#include "cmd/record.h"

#include "base/err.h"
#include "base/proc.h"
#include "base/strlist.h"
#include "cmd/escapes.h"
#include "cmd/job.h"
#include "command.h"

#include <stdio.h>
#include <string.h>

static struct gb_job_options o = GB_JOB_OPTIONS_INIT;

static struct {
	bool tighten, prune, rebase, patch, dry_run;
	struct gb_strlist raise, alone, metrics;
	const char *reason, *into;
	int64_t runs;
} opt;

static const struct gb_opt record_opts[] = {
	{ .name = "tighten",
	  .kind = GB_OPT_FLAG,
	  .help = "lower budgets that are above what is measured",
	  .value = &opt.tighten },
	{ .name = "raise",
	  .kind = GB_OPT_STRINGS,
	  .arg = "TEST",
	  .help = "lift this test's budgets to what is measured; may be a pattern, and repeated",
	  .value = &opt.raise },
	{ .name = "reason",
	  .kind = GB_OPT_STRING,
	  .arg = "TEXT",
	  .help = "why: kept beside every budget that was raised",
	  .value = &opt.reason },
	{ .name = "prune",
	  .kind = GB_OPT_FLAG,
	  .help = "drop budgets of tests that no longer exist",
	  .value = &opt.prune },
	{ .name = "rebase",
	  .kind = GB_OPT_FLAG,
	  .help = "carry budgets over from the closest other environment, measured anew",
	  .value = &opt.rebase },
	{ .name = "alone",
	  .kind = GB_OPT_STRINGS,
	  .arg = "TEST",
	  .help = "run this test alone as well and budget inuse_space and heap_peak",
	  .value = &opt.alone },
	{ .name = "metric",
	  .kind = GB_OPT_STRINGS,
	  .arg = "NAME",
	  .help = "also budget this metric (goroutines_peak, goroutines_created, escapes)",
	  .value = &opt.metrics },
	{ .name = "bench",
	  .kind = GB_OPT_STRING,
	  .arg = "REGEXP",
	  .help = "run benchmarks, too, and budget B/op and allocs/op",
	  .value = &o.bench },
	{ .name = "runs",
	  .kind = GB_OPT_INT,
	  .arg = "N",
	  .help = "measure this often (default: the policy's record_runs)",
	  .value = &opt.runs,
	  .min = 1,
	  .max = 100 },
	{ .name = "timeout",
	  .kind = GB_OPT_DURATION,
	  .arg = "DURATION",
	  .help = "deadline of each package",
	  .value = &o.timeout_ms },
	{ .name = "jobs",
	  .letter = 'p',
	  .kind = GB_OPT_INT,
	  .arg = "N",
	  .help = "packages side by side, as go test -p",
	  .value = &o.jobs,
	  .min = 1,
	  .max = 1024 },
	{ .name = "patch",
	  .kind = GB_OPT_FLAG,
	  .help = "write nothing, print a diff that git apply takes",
	  .value = &opt.patch },
	{ .name = "dry-run",
	  .letter = 'n',
	  .kind = GB_OPT_FLAG,
	  .help = "write nothing, show what would be written",
	  .value = &opt.dry_run },
	{ .name = "into",
	  .kind = GB_OPT_STRING,
	  .arg = "DIR",
	  .help = "with --dry-run: write the files below this folder, each at its whole path",
	  .value = &opt.into,
	  .hidden = true },
	{ .name = "quiet",
	  .letter = 'q',
	  .kind = GB_OPT_FLAG,
	  .help = "no progress, and of go test's lines only what is wrong",
	  .value = &o.quiet },
	{ .name = "accounting",
	  .kind = GB_OPT_STRING,
	  .arg = "KIND",
	  .help = "auto, or testing: count around each test, one at a time",
	  .value = &o.accounting },
	{ .name = NULL },
};

/* go test's own lines go to standard error: standard output is the table or the diff. */
static void on_line(void *arg, int stream, const char *line, size_t len, bool whole)
{
	struct gb_job *j = arg;

	(void)stream;
	if (o.quiet)
		return;
	gb_progress_pause(&j->progress);
	fwrite(line, 1, len, stderr);
	if (whole)
		fputc('\n', stderr);
}

static int read_metrics(uint32_t *ret, struct gb_err *err)
{
	for (size_t i = 0; i < opt.metrics.n; i++) {
		int m = gb_metric_find(opt.metrics.v[i]);

		if (m < 0)
			return gb_fail(err, GB_EUSAGE, "there is no metric \"%.80s\"",
				       opt.metrics.v[i]);
		if (!gb_metrics[m].judged)
			return gb_fail(err, GB_EUSAGE, "%s is shown, never judged",
				       gb_metrics[m].name);
		*ret |= 1u << m;
	}
	return 0;
}

static int interrupted(struct gb_err *err)
{
	return gb_interrupted()
		       ? gb_fail(err, GB_EINTR, "interrupted: budgets are as they were before")
		       : 0;
}

/* Every name given must be a test that ran; a typing error would silently do nothing. */
static int check_names(const struct gb_strlist *names, const struct gb_run *run, const char *option,
		       struct gb_err *err)
{
	for (size_t n = 0; n < names->n; n++) {
		struct gb_strlist one = { &names->v[n], 1, 1 };
		bool found = false;

		for (size_t i = 0; i < run->n_packages; i++)
			for (size_t k = 0; k < run->packages[i].n_tests; k++)
				found |= gb_update_names(&one, run->packages[i].tests[k].name);
		if (!found)
			return gb_fail(err, GB_EUSAGE, "--%s %.200s: no test of that name ran",
				       option, names->v[n]);
	}
	return 0;
}

static bool worth_repeating(void *arg, const struct gb_package *p)
{
	(void)arg;
	return p->measured && p->n_tests && !gb_package_failed(p);
}

static int run_again(struct gb_job *j, int runs, struct gb_err *err)
{
	for (int i = 1; i < runs; i++) {
		char phase[64];
		size_t n;
		int rc;

		snprintf(phase, sizeof(phase), "run %d of %d", i + 1, runs);
		if ((rc = interrupted(err)) < 0 ||
		    (rc = job_again(j, GB_IN_ORDER, phase, worth_repeating, NULL, &n, err)) < 0)
			return rc;
	}
	return 0;
}

/* Names are copied: measuring adds samples and may move the tests. */
static int names_alone(const struct gb_job *j, const struct gb_package *p, struct gb_strlist *ret,
		       struct gb_err *err)
{
	int rc;

	if ((opt.tighten || opt.raise.n || opt.rebase) &&
	    (rc = gb_judge_alone(&j->budgets, j->policy, p, &j->run->env, ret, err)) < 0)
		return rc;
	for (size_t i = 0; i < p->n_tests; i++) {
		const struct gb_test *t = &p->tests[i];

		if (t->outcome != GB_PASS || t->kind == GB_PACKAGE || t->kind == GB_BENCHMARK ||
		    !gb_update_names(&opt.alone, t->name) || gb_strlist_has(ret, t->name))
			continue;
		if ((rc = gb_strlist_add(ret, t->name, err)) < 0)
			return rc;
	}
	return 0;
}

static int run_package_alone(struct gb_job *j, const struct gb_package *p, int runs,
			     struct gb_err *err)
{
	_strlist_ struct gb_strlist names = GB_STRLIST_INIT;
	size_t total;
	int rc;

	if ((rc = names_alone(j, p, &names, err)) < 0 || !names.n)
		return rc;
	total = names.n * (size_t)runs;
	gb_progress_start(&j->progress, !o.quiet, "alone", total);
	for (size_t i = 0; i < total && rc >= 0; i++) {
		const char *name = names.v[i % names.n];

		gb_progress_running(&j->progress, name);
		gb_progress_tick(&j->progress);
		if ((rc = interrupted(err)) >= 0)
			rc = gb_measure_again(j->measuring, p->path, GB_ALONE, name, j->run, err);
		gb_progress_done(&j->progress, name);
	}
	gb_progress_end(&j->progress);
	return rc;
}

static int run_alone(struct gb_job *j, int runs, struct gb_err *err)
{
	int rc = 0;

	for (size_t i = 0; i < j->run->n_packages && rc >= 0; i++)
		if (worth_repeating(NULL, &j->run->packages[i]))
			rc = run_package_alone(j, &j->run->packages[i], runs, err);
	return rc;
}

static bool any_failed(const struct gb_run *run)
{
	for (size_t i = 0; i < run->n_packages; i++)
		if (gb_package_failed(&run->packages[i]))
			return true;
	return false;
}

/* What the compiler says: where it is asked for, or budgeted already. */
static int ask_compiler(struct gb_job *j, uint32_t metrics, struct gb_err *err)
{
	_escapes_ struct gb_escapes *e = NULL;
	struct gb_err own = GB_ERR_INIT;
	int rc;

	if (!(metrics >> GB_ESCAPES & 1) &&
	    !gb_judge_wants_compiled(&j->budgets, j->policy, &j->run->env) && !opt.rebase)
		return 0;
	rc = escapes_here(j, false, NULL, &e, &own);
	/* A package that does not build is named with the others that are left out. */
	if (rc == GB_EMEASURE && any_failed(j->run))
		return 0;
	if (rc < 0) {
		*err = own;
		return rc;
	}
	return escapes_count(e, j->run, err);
}

static int measure(struct gb_job *j, uint32_t metrics, struct gb_err *err)
{
	int rc, runs;

	if ((rc = job_open(j, &o, err)) < 0)
		return rc;
	j->how.on_line = on_line;
	runs = opt.runs ? (int)opt.runs : j->policy->record_runs;
	if ((rc = job_measure(j, err)) < 0 ||
	    (rc = check_names(&opt.raise, j->run, "raise", err)) < 0 ||
	    (rc = check_names(&opt.alone, j->run, "alone", err)) < 0)
		return rc;
	if (opt.prune && j->run->filtered)
		return gb_fail(err, GB_EUSAGE,
			       "--prune needs every test to run: -run, -skip and the like leave "
			       "some out");
	if ((rc = run_again(j, runs, err)) < 0)
		return rc;
	rc = run_alone(j, runs, err);
	return rc < 0 ? rc : ask_compiler(j, metrics, err);
}

static int record(struct gb_job *j, struct gb_err *err)
{
	struct gb_update_options update = {
		.tighten = opt.tighten,
		.raise = &opt.raise,
		.reason = opt.reason,
		.prune = opt.prune,
		.rebase = opt.rebase,
		.alone = true, /* only what was run alone has such samples */
	};
	int rc;

	if (opt.raise.n && !(opt.reason && *opt.reason)) {
		gb_fail(err, GB_EUSAGE, "--raise needs a --reason");
		gb_hint(err, "--reason \"what changed, and why it is worth it\"");
		return GB_EUSAGE;
	}
	if ((rc = read_metrics(&update.metrics, err)) < 0 ||
	    (rc = measure(j, update.metrics, err)) < 0)
		return rc;
	const struct gb_recording r = {
		.run = j->run,
		.budgets = &j->budgets,
		.update = &update,
		.patch = opt.patch,
		.dry_run = opt.dry_run,
		.into = opt.into,
		.module_dir = j->run->whole ? j->go.modules[0].dir : NULL,
	};
	return gb_record_write(&r, err);
}

static int record_run(int argc, char **argv, struct gb_err *err)
{
	struct gb_job j = { 0 };
	int first, dashdash;
	int rc = gb_args_parse("record", record_opts, argc, argv, &first, &dashdash, err);

	if (rc >= 0)
		rc = job_words(&o, argc, argv, first, dashdash, err);
	if (rc >= 0) {
		rc = record(&j, err);
		job_close(&j);
	}
	gb_strlist_release(&o.patterns);
	gb_strlist_release(&o.go_flags);
	gb_strlist_release(&opt.raise);
	gb_strlist_release(&opt.alone);
	gb_strlist_release(&opt.metrics);
	return rc;
}

const struct gb_command cmd_record = {
	.name = "record",
	.args = "[packages] [-- go test flags]",
	.summary = "measure tests and write their budgets",
	.about = "Runs the tests several times and writes a budget for every test that has\n"
		 "none yet into budgets/, one file for each package.  Rows that are there stay\n"
		 "as they are unless --tighten, --raise, --prune or --rebase asks for more.\n"
		 "\n"
		 "A package whose tests fail is named and left out; the others are written.",
	.opts = record_opts,
	.run = record_run,
};
