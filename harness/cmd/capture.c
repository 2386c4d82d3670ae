/* capture - the profiles of a running service, judged against its budget. */
#include "budget/capture.h"

#include "base/buf.h"
#include "base/fs.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/proc.h"
#include "base/term.h"
#include "cmd/capture_fetch.h"
#include "command.h"
#include "report/capture.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TOP	    20
#define INTERVAL_MS 10000
#define COUNT	    3 /* where growth is budgeted */
#define MOST_MS	    (INT64_C(24) * 60 * 60 * 1000)

static struct gb_fetch_options o;
static const char *budget_file, *json, *markdown;
static int64_t count, interval = INTERVAL_MS, top = TOP;
static bool quiet;

static const struct gb_opt opts[] = {
	{ "budget", 0, GB_OPT_STRING, "FILE",
	  "what the service is held to (" GB_SERVICE_FILE ", if it is there)", &budget_file, 0, 0,
	  false },
	{ "count", 'n', GB_OPT_INT, "N", "captures to take: 1, or 3 where growth is budgeted",
	  &count, 1, GB_MAX_CAPTURES, false },
	{ "interval", 'i', GB_OPT_DURATION, "TIME", "from one capture to the next (10s)", &interval,
	  0, 0, false },
	{ "timeout", 0, GB_OPT_DURATION, "TIME", "for each profile (30s)", &o.timeout_ms, 0, 0,
	  false },
	{ "header-file", 0, GB_OPT_STRING, "FILE",
	  "send the headers in this file, one to a line (Authorization: ...)", &o.header_file, 0, 0,
	  false },
	{ "ca", 0, GB_OPT_STRING, "FILE", "trust these certificates (PEM), not the system's",
	  &o.ca_file, 0, 0, false },
	{ "unix-socket", 0, GB_OPT_STRING, "PATH", "connect to this socket; the URL names the rest",
	  &o.unix_socket, 0, 0, false },
	{ "no-stacks", 0, GB_OPT_FLAG, NULL,
	  "leave out goroutine?debug=2, which halts the service while Go writes it", &o.no_stacks,
	  0, 0, false },
	{ "top", 0, GB_OPT_INT, "N", "rows of goroutines to show (20; 0: all)", &top, 0, INT32_MAX,
	  false },
	{ "save", 0, GB_OPT_STRING, "DIR", "keep the profiles as they came in this folder", &o.save,
	  0, 0, false },
	{ "json", 0, GB_OPT_STRING, "FILE", "write the result as JSON (- for standard output)",
	  &json, 0, 0, false },
	{ "markdown", 0, GB_OPT_STRING, "FILE",
	  "write the result as Markdown, for a job summary (- for standard output)", &markdown, 0,
	  0, false },
	{ "quiet", 'q', GB_OPT_FLAG, NULL, "no tables, only what is over and how it ended", &quiet,
	  0, 0, false },
	{ NULL, 0, GB_OPT_FLAG, NULL, NULL, NULL, 0, 0, false },
};

static int load_budget(struct gb_service **ret, struct gb_err *err)
{
	int rc = gb_service_load(budget_file ? budget_file : GB_SERVICE_FILE, ret, err);

	if (rc == GB_ENOTFOUND && !budget_file)
		return gb_service_default(ret, err);
	if (rc == GB_ENOTFOUND && err)
		return err->code = GB_EUSAGE;
	return rc;
}

static int check_count(const struct gb_service *b, struct gb_err *err)
{
	bool grows = b->growth_goroutines != GB_SERVICE_NONE || b->growth_heap != GB_SERVICE_NONE;

	if (!count)
		count = grows ? COUNT : 1;
	if (grows && count < 2) {
		gb_fail(err, GB_EUSAGE, "%s: growth cannot be judged by one capture", b->path);
		gb_hint(err, "--count 3, or more");
		return GB_EUSAGE;
	}
	if (count > 1 && (interval < 1 || interval > MOST_MS))
		return gb_fail(err, GB_EUSAGE, "--interval is between 1ms and a day");
	if (o.no_stacks && (b->blocked != GB_SERVICE_NONE || b->n_sites))
		return gb_fail(err, GB_EUSAGE, "%s: \"%s\" cannot be judged with --no-stacks",
			       b->path, b->n_sites ? "sites" : "blocked");
	return 0;
}

/* Until then, or until the user has enough. */
static int wait_until(int64_t when, struct gb_err *err)
{
	struct pollfd signal = { .fd = gb_signal_fd(), .events = POLLIN };

	for (;;) {
		int64_t left = when - gb_now_ms();

		if (gb_interrupted())
			return gb_fail(err, GB_EINTR, "interrupted");
		if (left <= 0)
			return 0;
		if (poll(&signal, 1, left > 1000 ? 1000 : (int)left) < 0 && errno != EINTR)
			return gb_fail_sys(err, errno, "wait");
	}
}

static int take(struct gb_capturing *c, struct gb_strlist *notes, char **ret_base,
		struct gb_err *err)
{
	_fetch_ struct gb_fetch *f = NULL;
	struct gb_term term;
	int64_t start;
	int rc = gb_fetch_open(&o, &f, err);

	if (rc < 0)
		return rc;
	gb_term_init(&term, stderr);
	start = gb_now_ms();
	for (int64_t i = 0; i < count && rc >= 0; i++) {
		char line[96];

		(void)snprintf(line, sizeof(line), "capture %d of %d", (int)i + 1, (int)count);
		if (!quiet)
			gb_term_live(&term, line);
		rc = wait_until(start + i * interval, err);
		if (rc >= 0)
			rc = gb_fetch_shot(f, c, notes, err);
	}
	gb_term_live(&term, NULL);
	if (rc >= 0 && !(*ret_base = gb_strdup(gb_fetch_base(f))))
		rc = gb_fail_nomem(err);
	return rc;
}

static bool is_stdout(const char *path)
{
	return path && strcmp(path, "-") == 0;
}

static int write_file(const char *path, const struct gb_buf *text, struct gb_err *err)
{
	if (text->failed)
		return gb_buf_error(text, path, err);
	if (is_stdout(path))
		return gb_command_print(text, err);
	return gb_fs_write(path, text->data, text->len, err);
}

/* Where a file takes standard output, what people read goes to standard error. */
static int show(const struct gb_capturing *c, const struct gb_capture_look *look,
		struct gb_err *err)
{
	_buf_ struct gb_buf out = GB_BUF_INIT(GB_MAX_REPORT);
	bool aside = is_stdout(json) || is_stdout(markdown);
	struct gb_capture_look l = *look;
	struct gb_term term;

	gb_term_init(&term, aside ? stderr : stdout);
	l.colour = term.colour;
	if (quiet)
		gb_capture_quiet(c, &l, &out);
	else
		gb_capture_text(c, &l, &out);
	if (out.failed)
		return gb_buf_error(&out, "report", err);
	if (!aside)
		return gb_command_print(&out, err);
	(void)fwrite(out.data, 1, out.len, stderr);
	return 0;
}

static int tell(const struct gb_capturing *c, const struct gb_capture_look *look,
		struct gb_err *err)
{
	_buf_ struct gb_buf j = GB_BUF_INIT(GB_MAX_REPORT);
	_buf_ struct gb_buf md = GB_BUF_INIT(GB_MAX_MARKDOWN);
	int rc = show(c, look, err);

	if (rc >= 0 && json) {
		gb_capture_json(c, look, &j);
		rc = write_file(json, &j, err);
	}
	if (rc >= 0 && markdown) {
		gb_capture_markdown(c, look, &md);
		rc = write_file(markdown, &md, err);
	}
	return rc;
}

static int capture(struct gb_err *err)
{
	_service_ struct gb_service *budget = NULL;
	_strlist_ struct gb_strlist notes = GB_STRLIST_INIT;
	_capture_ struct gb_capturing *c = NULL;
	_free_ char *base = NULL;
	int rc;

	if ((rc = load_budget(&budget, err)) < 0 || (rc = check_count(budget, err)) < 0 ||
	    (rc = gb_capture_new(budget, (size_t)count, &c, err)) < 0 ||
	    (rc = take(c, &notes, &base, err)) < 0)
		return rc;
	if (!budget->path &&
	    (rc = gb_strlist_add(&notes,
				 "there is no " GB_SERVICE_FILE ": only proven leaks are judged",
				 err)) < 0)
		return rc;
	if ((rc = gb_capture_judge(c, err)) < 0)
		return rc;
	rc = tell(c, &(struct gb_capture_look){ .url = base, .notes = &notes, .rows = (size_t)top },
		  err);
	return rc < 0 ? rc : c->n_over > 0;
}

static int run(int argc, char **argv, struct gb_err *err)
{
	int first, dashdash;
	int rc = gb_args_parse("capture", opts, argc, argv, &first, &dashdash, err);

	if (rc < 0)
		return rc;
	if (dashdash - first != 1 || dashdash < argc) {
		gb_fail(err, GB_EUSAGE, "capture takes one URL");
		gb_hint(err, "gobudget capture http://localhost:6060");
		return GB_EUSAGE;
	}
	if (is_stdout(json) && is_stdout(markdown))
		return gb_fail(err, GB_EUSAGE,
			       "--json and --markdown cannot both go to standard output");
	o.url = argv[first];
	return capture(err);
}

const struct gb_command cmd_capture = {
	.name = "capture",
	.args = "URL",
	.summary = "judge a running service by its /debug/pprof",
	.about = "Fetches the service's profiles (goroutine, goroutineleak, heap, allocs, mutex,\n"
		 "block), shows its goroutines by where they were created, where they wait and\n"
		 "for how long, and what grows from capture to capture. budgets/_service.json\n"
		 "says what it is held to; without one, only proven leaks are judged.\n"
		 "Each capture costs the service one or two garbage collections.\n"
		 "Secrets come from GOBUDGET_CAPTURE_TOKEN, from GOBUDGET_CAPTURE_USER and\n"
		 "GOBUDGET_CAPTURE_PASSWORD, or from --header-file.",
	.opts = opts,
	.run = run,
};
