/* explain - where one test's bytes and goroutines come from. */
#include "command.h"

#include "base/buf.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/term.h"
#include "base/text.h"
#include "cmd/files.h"
#include "cmd/gather.h"
#include "cmd/job.h"
#include "cmd/locate.h"
#include "go/exec_args.h"
#include "report/report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct gb_job_options o = GB_JOB_OPTIONS_INIT;
static struct gb_gather g;
static struct gb_files files;
static const char *wanted_name;
static bool alone, verbose;

static const struct gb_opt opts[] = {
	{ "base", 0, GB_OPT_STRING, "REV", "tell the difference to this commit, measured alike",
	  &g.base_rev, 0, 0, false },
	{ "alone", 0, GB_OPT_FLAG, NULL,
	  "run only this test: quicker, and caches that others fill are its own", &alone, 0, 0,
	  false },
	{ "json", 0, GB_OPT_STRING, "FILE", "write the report as JSON (- for standard output)",
	  &files.json, 0, 0, false },
	{ "html", 0, GB_OPT_STRING, "FILE", "write it as a page: one file, no network", &files.html,
	  0, 0, false },
	{ "no-cache", 0, GB_OPT_FLAG, NULL, "measure the base, whatever is known of it",
	  &g.no_cache, 0, 0, false },
	{ "timeout", 0, GB_OPT_DURATION, "TIME", "deadline of each package (go test's -timeout)",
	  &o.timeout_ms, 0, 0, false },
	{ "memory", 0, GB_OPT_SIZE, "SIZE", "stop a test binary that holds more than this",
	  &o.memory, 0, 0, false },
	{ "quiet", 'q', GB_OPT_FLAG, NULL, "no progress", &o.quiet, 0, 0, false },
	{ "verbose", 'v', GB_OPT_FLAG, NULL, "up to fifty places, stacks whole", &verbose, 0, 0,
	  false },
	{ "keep-scratch", 0, GB_OPT_FLAG, NULL, "leave the scratch folder", &o.keep, 0, 0, true },
	{ NULL, 0, GB_OPT_FLAG, NULL, NULL, NULL, 0, 0, false },
};

static bool is_wanted(void *arg, const struct gb_package *p, const struct gb_test *t)
{
	(void)arg, (void)p;
	return strcmp(t->name, wanted_name) == 0;
}

/* Where no package was named, those that declare the test. */
static int find_packages(struct gb_err *err)
{
	int rc;

	if (o.patterns.n > 0 || strcmp(wanted_name, GB_PACKAGE_ROW) == 0)
		return 0;
	rc = locate_test(wanted_name, &o.patterns, err);
	if (rc < 0 || o.patterns.n > 0)
		return rc;
	gb_fail(err, GB_EUSAGE, "no _test.go file below here declares %.200s", wanted_name);
	gb_hint(err, "the whole name, as go test prints it; or name the package: "
		     "gobudget explain TEST ./store");
	return GB_EUSAGE;
}

/* -run for the test: each element of its name quoted. */
static int run_only(struct gb_err *err)
{
	_buf_ struct gb_buf text = GB_BUF_INIT(GB_MAX_NAME);
	const char *name = wanted_name;

	for (bool first = true; *name; first = false) {
		size_t n = strcspn(name, "/");
		_free_ char *part = gb_strndup(name, n);

		if (!part)
			return gb_fail_nomem(err);
		gb_buf_adds(&text, first ? "^" : "/^");
		gb_quote_meta(&text, part);
		gb_buf_addc(&text, '$');
		name += n + (name[n] == '/');
	}
	if (text.failed)
		return gb_buf_error(&text, "-run", err);
	return gb_strlist_addf(&o.go_flags, err, "-run=%s", text.data);
}

static size_t count_found(const struct gb_run *run, bool *ret_passed)
{
	size_t n = 0;

	*ret_passed = true;
	for (size_t i = 0; i < run->n_packages; i++) {
		const struct gb_test *t = gb_package_test(&run->packages[i], wanted_name);

		if (!t)
			continue;
		n++;
		*ret_passed = *ret_passed && t->outcome == GB_PASS;
	}
	return n;
}

static int show(const struct gb_report *r, struct gb_err *err)
{
	_buf_ struct gb_buf out = GB_BUF_INIT(GB_MAX_REPORT);
	struct gb_text_options how;
	struct gb_term term;

	gb_term_init(&term, files_take_stdout(&files) ? stderr : stdout);
	how = (struct gb_text_options){ .width = term.width,
					.colour = term.colour,
					.verbose = verbose };
	for (size_t i = 0; i < r->run->n_packages; i++) {
		const struct gb_package *p = &r->run->packages[i];
		const struct gb_test *t = gb_package_test(p, wanted_name);

		if (t)
			gb_report_explain(r, p, t, &how, &out);
	}
	gb_report_explain_end(r, &how, &out);
	if (out.failed)
		return gb_buf_error(&out, "report", err);
	fwrite(out.data, 1, out.len, term.file);
	fflush(term.file);
	return 0;
}

static int tell(struct gb_job *j, const struct gb_verdicts *v, struct gb_err *err)
{
	bool passed;
	size_t found = count_found(j->run, &passed);
	struct gb_report r = {
		.run = j->run,
		.verdicts = v,
		.policy = j->policy,
		.module = j->go.n_modules > 0 ? j->go.modules[0].path : "",
		.command = "gobudget explain",
		.exit_status = found && passed ? 0 : 3,
		.evidence = &g.all,
		.notes = g.notes,
	};
	int rc = show(&r, err);

	if (rc >= 0)
		rc = files_write(&files, &r, err);
	if (rc < 0 || found)
		return rc < 0 ? rc : r.exit_status;
	return gb_fail(err, GB_EMEASURE, "no test %.200s ran", wanted_name);
}

static int explain(struct gb_job *j, struct gb_err *err)
{
	struct gb_verdicts v = { 0 };
	size_t n;
	int rc;

	g.wanted = g.wants_alone = is_wanted;
	if ((rc = gather_open(&g, err)) < 0 || (rc = find_packages(err)) < 0 ||
	    (alone && (rc = run_only(err)) < 0) || (rc = job_open(j, &o, err)) < 0)
		return rc;
	/* What go test prints is not what was asked for; what went wrong is shown at the end. */
	j->how.on_line = NULL;
	g.all.alone = alone;
	if ((rc = job_measure(j, err)) < 0 || (rc = gather_again(&g, j, &n, err)) < 0 ||
	    (rc = gb_judge(j->run, &j->budgets, j->policy, &v, err)) < 0)
		return rc;
	rc = gather(&g, j, err);
	if (rc >= 0)
		rc = tell(j, &v, err);
	gb_verdicts_release(&v);
	return rc;
}

static int explain_run(int argc, char **argv, struct gb_err *err)
{
	struct gb_job j = { 0 };
	int first, dashdash;
	int rc = gb_args_parse("explain", opts, argc, argv, &first, &dashdash, err);

	if (rc >= 0 && first >= (dashdash < argc ? dashdash : argc)) {
		gb_fail(err, GB_EUSAGE, "explain: which test?");
		gb_hint(err, "gobudget explain TestCache/evict [./store]");
		rc = GB_EUSAGE;
	}
	if (rc >= 0) {
		wanted_name = argv[first];
		rc = job_words(&o, argc, argv, first + 1, dashdash, err);
	}
	if (rc >= 0) {
		rc = explain(&j, err);
		gather_close(&g);
		job_close(&j);
	}
	gb_strlist_release(&o.patterns);
	gb_strlist_release(&o.go_flags);
	return rc;
}

const struct gb_command cmd_explain = {
	.name = "explain",
	.args = "TEST [packages] [-- go test flags]",
	.summary = "show where a test's bytes and goroutines come from",
	.about = "Runs the test's package once under exact settings, and the test alone, and\n"
		 "tells every place that its bytes and goroutines come from, worst first: the\n"
		 "line, the stack from the test down, which anonymous function it is, what that\n"
		 "captured, and why the compiler put the value on the heap. What is still\n"
		 "reachable after the test is told by place, too.\n"
		 "\n"
		 "With --base the same is measured at that commit, in a scratch folder, and the\n"
		 "difference is what is told. Without a package, those below here that declare\n"
		 "the test are measured.\n"
		 "\n"
		 "Exit status: 0 explained, 2 wrong usage, 3 could not measure (build failed, the\n"
		 "test failed or did not run).",
	.opts = opts,
	.run = explain_run,
};
