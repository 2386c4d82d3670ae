#include "cmd/files.h"

#include "base/buf.h"
#include "base/fs.h"
#include "base/limits.h"
#include "base/term.h"
#include "base/text.h"
#include "command.h"
#include "github/runner.h"
#include "report/report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is_stdout(const char *path)
{
	return path && strcmp(path, "-") == 0;
}

bool files_take_stdout(const struct gb_files *f)
{
	return is_stdout(f->json) || is_stdout(f->junit) || is_stdout(f->markdown) ||
	       is_stdout(f->html) || is_stdout(f->sarif);
}

int files_show(const struct gb_files *f, const struct gb_report *r, bool aside, bool quiet,
	       bool verbose, struct gb_err *err)
{
	_buf_ struct gb_buf out = GB_BUF_INIT(GB_MAX_REPORT), tame = GB_BUF_INIT(GB_MAX_REPORT);
	const char *runner = getenv("GITHUB_ACTIONS");
	struct gb_term term;

	gb_term_init(&term, aside || files_take_stdout(f) ? stderr : stdout);
	if (f->columns) {
		term.width = (size_t)f->columns;
		term.colour = true;
	}
	gb_report_text(r,
		       &(struct gb_text_options){ .width = term.width,
						  .colour = term.colour,
						  .quiet = quiet,
						  .verbose = verbose },
		       &out);
	if (out.failed)
		return gb_buf_error(&out, "report", err);
	/* Whatever a test is called, its name is no command to the runner that shows the log. */
	if (gb_streq(runner, "true")) {
		gb_log_text(out.data, &tame);
		if (tame.failed)
			return gb_buf_error(&tame, "report", err);
	}
	fflush(stdout);
	fwrite(tame.len ? tame.data : out.data, 1, tame.len ? tame.len : out.len, term.file);
	fflush(term.file);
	return 0;
}

static void markdown(const struct gb_report *r, struct gb_buf *out)
{
	gb_report_markdown(r, 0, out);
}

static int write_one(const char *path, void (*render)(const struct gb_report *, struct gb_buf *),
		     const struct gb_report *r, struct gb_err *err)
{
	_buf_ struct gb_buf out = GB_BUF_INIT(GB_MAX_REPORT);

	if (!path)
		return 0;
	render(r, &out);
	if (out.failed)
		return gb_buf_error(&out, path, err);
	if (is_stdout(path))
		return gb_command_print(&out, err);
	return gb_fs_write(path, out.data, out.len, err);
}

int files_write(const struct gb_files *f, const struct gb_report *r, struct gb_err *err)
{
	int rc = write_one(f->json, gb_report_json, r, err);

	if (rc >= 0)
		rc = write_one(f->junit, gb_report_junit, r, err);
	if (rc >= 0)
		rc = write_one(f->markdown, markdown, r, err);
	if (rc >= 0)
		rc = write_one(f->html, gb_report_html, r, err);
	if (rc >= 0)
		rc = write_one(f->sarif, gb_report_sarif, r, err);
	return rc;
}
