/*
 * measure - one commit measured, and what came of it in a file.  Not for people: bisect and
 * check --each-commit run it in a scratch work tree (cmd/at_commit.h).
 *
 * It measures and judges as check does, but looks for no lines and measures no base.  What people
 * would read goes to standard output: it is shown when the commit could not be measured.
 */
#include "command.h"

#include "base/buf.h"
#include "base/fs.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/proc.h"
#include "base/text.h"
#include "budget/measured.h"
#include "cmd/escapes.h"
#include "cmd/have.h"
#include "cmd/job.h"
#include "cmd/which_base.h"
#include "report/report.h"

#include <stdio.h>
#include <string.h>

static struct gb_job_options o = GB_JOB_OPTIONS_INIT;
static const char *into, *have, *base_rev, *test;
static bool alone, escapes;
static int64_t runs = 1;

static const struct gb_opt opts[] = {
	{ "into", 0, GB_OPT_STRING, "FILE", "what was measured", &into, 0, 0, false },
	{ "have", 0, GB_OPT_STRING, "FILE", "a note: where it has everything, nothing is run",
	  &have, 0, 0, false },
	{ "base", 0, GB_OPT_STRING, "REV", "judge against this commit's rules", &base_rev, 0, 0,
	  false },
	{ "test", 0, GB_OPT_STRING, "NAME", "tell all of this test", &test, 0, 0, false },
	{ "alone", 0, GB_OPT_FLAG, NULL, "run it alone, too", &alone, 0, 0, false },
	{ "escapes", 0, GB_OPT_FLAG, NULL, "ask the compiler, too", &escapes, 0, 0, false },
	{ "runs", 0, GB_OPT_INT, "N", "so often, the later half under exact settings", &runs, 1,
	  1000, false },
	{ "repeats", 0, GB_OPT_INT, "N", "more runs of what is over budget", &o.repeats, 0, 100,
	  false },
	{ "bench", 0, GB_OPT_STRING, "REGEXP", "run these benchmarks too", &o.bench, 0, 0, false },
	{ "timeout", 0, GB_OPT_DURATION, "TIME", "deadline of each package", &o.timeout_ms, 0, 0,
	  false },
	{ "memory", 0, GB_OPT_SIZE, "SIZE", "of a test binary", &o.memory, 0, 0, false },
	{ "jobs", 'p', GB_OPT_INT, "N", "packages side by side", &o.jobs, 1, 1024, false },
	{ "accounting", 0, GB_OPT_STRING, "KIND", "auto or testing", &o.accounting, 0, 0, false },
	{ NULL, 0, GB_OPT_FLAG, NULL, NULL, NULL, 0, 0, false },
};

static bool every(void *arg, const struct gb_package *p)
{
	(void)arg, (void)p;
	return true;
}

static bool wants_rerun(void *arg, const struct gb_package *p)
{
	return gb_judge_wants_rerun(arg, p);
}

static int run_again(struct gb_job *j, struct gb_err *err)
{
	int rc = 0;

	for (int64_t i = 1; i < runs && rc >= 0; i++) {
		size_t n;

		rc = job_again(j, i * 2 > runs - 1 ? GB_EXACT : GB_IN_ORDER, "again", every, NULL,
			       &n, err);
	}
	return rc;
}

/* As check does: what is over may be over by chance. */
static int judge(struct gb_job *j, struct gb_verdicts *v, struct gb_err *err)
{
	int rc = gb_judge(j->run, &j->budgets, j->policy, v, err), most = j->policy->repeats;

	for (int i = 1; rc >= 0 && i <= most; i++) {
		size_t n = 0;

		rc = job_again(j, i * 2 > most ? GB_EXACT : GB_IN_ORDER, "over budget", wants_rerun,
			       v, &n, err);
		if (rc < 0 || n == 0)
			break;
		gb_verdicts_release(v);
		rc = gb_judge(j->run, &j->budgets, j->policy, v, err);
	}
	return rc;
}

static int run_alone(struct gb_job *j, struct gb_err *err)
{
	int rc = 0;

	for (size_t i = 0; i < j->run->n_packages && rc >= 0; i++) {
		const struct gb_package *p = &j->run->packages[i];

		if (!gb_package_test(p, test))
			continue;
		rc = gb_measure_again(j->measuring, p->path, GB_ALONE, test, j->run, err);
		if (rc == GB_ENOTFOUND)
			rc = 0;
	}
	return rc;
}

/* What does not compile is a trouble of the run already. */
static int ask_compiler(struct gb_job *j, struct gb_err *err)
{
	struct gb_escapes *found = NULL;
	struct gb_err own = GB_ERR_INIT;
	int rc;

	if (!escapes && !gb_judge_wants_compiled(&j->budgets, j->policy, &j->run->env))
		return 0;
	rc = escapes_here(j, false, NULL, &found, &own);
	if (rc >= 0)
		rc = escapes_count(found, j->run, &own);
	gb_escapes_free(found);
	if (rc == GB_EMEASURE)
		return 0;
	if (rc < 0)
		*err = own;
	return rc;
}

static int put(const struct gb_measured_commit *m, struct gb_err *err)
{
	_buf_ struct gb_buf text = GB_BUF_INIT(GB_MAX_NOTE);

	gb_measured_write(m, &text);
	if (text.failed)
		return gb_buf_error(&text, "what was measured", err);
	return gb_fs_write(into, text.data, text.len, err);
}

/* Whoever asked is to know that the commit does not build; to us it is an error all the same. */
static void tell_broken(const struct gb_job *j, const struct gb_err *err)
{
	struct gb_measured_commit m = { .end = GB_MEASURED_BUILD, .exit_status = 3 };

	if (!j->measuring || !gb_measure_broke_off(j->measuring))
		return;
	m.env = gb_strdup("");
	m.why = gb_strdup(err->line);
	if (m.env && m.why)
		(void)put(&m, NULL);
	gb_measured_release(&m);
}

static int measure(struct gb_job *j, struct gb_err *err)
{
	int rc = job_start(j, err);

	if (rc >= 0)
		rc = job_measure(j, err);
	if (rc == GB_EMEASURE && err)
		tell_broken(j, err);
	if (rc >= 0)
		rc = run_again(j, err);
	if (rc >= 0 && alone && test)
		rc = run_alone(j, err);
	else if (rc >= 0)
		rc = job_alone(j, err);
	return rc < 0 ? rc : ask_compiler(j, err);
}

static int say(const struct gb_job *j, const struct gb_verdicts *v, const struct gb_which_base *b,
	       struct gb_err *err)
{
	_buf_ struct gb_buf out = GB_BUF_INIT(GB_MAX_REPORT);
	struct gb_report r = { .run = j->run,
			       .verdicts = v,
			       .policy = j->policy,
			       .module = j->go.n_modules > 0 ? j->go.modules[0].path : "",
			       .command = "gobudget check",
			       .exit_status = gb_judge_exit(v, j->run) };
	int rc = b->note ? gb_strlist_add(&r.notes, b->note, err) : 0;

	gb_report_text(&r, &(struct gb_text_options){ .width = 100, .quiet = true }, &out);
	gb_strlist_release(&r.notes);
	if (rc >= 0 && out.failed)
		rc = gb_buf_error(&out, "report", err);
	return rc < 0 ? rc : gb_command_print(&out, err);
}

/* `note` is what was known; it moves. */
static int tell(struct gb_job *j, const struct gb_verdicts *v, const struct gb_which_base *b,
		bool known, struct gb_note *note, struct gb_err *err)
{
	struct gb_measured_commit m = { 0 };
	int rc = gb_measured_of_run(j->run, v, &j->budgets, test, &m, err), status;

	if (rc < 0)
		return rc;
	m.known = known;
	if (known) {
		gb_note_release(&m.note);
		m.note = *note;
		*note = (struct gb_note){ 0 };
	}
	status = (int)m.exit_status;
	rc = put(&m, err);
	if (rc >= 0 && !known)
		rc = say(j, v, b, err);
	gb_measured_release(&m);
	return rc < 0 ? rc : status;
}

static int measure_here(struct gb_job *j, struct gb_which_base *b, struct gb_err *err)
{
	struct gb_verdicts v = { 0 };
	struct gb_note note = { 0 };
	bool known = false;
	int rc = base_rev ? which_base_find(b, base_rev, err) : 0;

	o.later = true;
	if (rc >= 0)
		rc = job_open(j, &o, err);
	if (rc >= 0 && base_rev)
		rc = which_base_rules(b, j, err);
	if (rc >= 0 && have)
		rc = have_all(j, have, &known, &note, err);
	if (rc >= 0 && !known)
		rc = measure(j, err);
	if (rc >= 0)
		rc = known ? gb_judge(j->run, &j->budgets, j->policy, &v, err) : judge(j, &v, err);
	if (rc >= 0 && base_rev)
		rc = which_base_judge(b, j, NULL, &v, err);
	if (rc >= 0)
		rc = tell(j, &v, b, known, &note, err);
	gb_note_release(&note);
	gb_verdicts_release(&v);
	return rc;
}

static int measure_run(int argc, char **argv, struct gb_err *err)
{
	struct gb_which_base b = { 0 };
	struct gb_job j = { 0 };
	int first, dashdash;
	int rc = gb_signals_catch(err);

	if (rc >= 0)
		rc = gb_signals_with_parent(err);
	if (rc >= 0)
		rc = gb_args_parse("measure", opts, argc, argv, &first, &dashdash, err);
	if (rc >= 0)
		rc = job_words(&o, argc, argv, first, dashdash, err);
	if (rc >= 0 && !into)
		rc = gb_fail(err, GB_EUSAGE, "measure wants --into FILE");
	o.quiet = true;
	if (rc >= 0)
		rc = measure_here(&j, &b, err);
	which_base_release(&b);
	job_close(&j);
	gb_strlist_release(&o.patterns);
	gb_strlist_release(&o.go_flags);
	return rc;
}

const struct gb_command cmd_measure = {
	.name = "measure",
	.args = "--into FILE [packages] [-- go test flags]",
	.summary = "measure one commit for bisect and check --each-commit (internal)",
	.opts = opts,
	.run = measure_run,
	.hidden = true,
};
