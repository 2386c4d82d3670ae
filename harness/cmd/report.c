/* report - a saved report, told again or in another form. */
#include "command.h"

#include "cmd/files.h"
#include "report/load.h"

static struct gb_files files;
static bool quiet, verbose;

static const struct gb_opt opts[] = {
	FILES_OPTS(files),
	{ "quiet", 'q', GB_OPT_FLAG, NULL, "tell only what fails, and the last line", &quiet, 0, 0,
	  false },
	{ "verbose", 'v', GB_OPT_FLAG, NULL, "tell what is within budget too, and stacks whole",
	  &verbose, 0, 0, false },
	{ NULL, 0, GB_OPT_FLAG, NULL, NULL, NULL, 0, 0, false },
};

static int report_run(int argc, char **argv, struct gb_err *err)
{
	_loaded_ struct gb_loaded *l = NULL;
	int first, dashdash;
	int rc = gb_args_parse("report", opts, argc, argv, &first, &dashdash, err);

	if (rc >= 0 && (first + 1 != argc || dashdash < argc)) {
		gb_fail(err, GB_EUSAGE, first == argc ? "report: which file?" : "report: one file");
		gb_hint(err, "gobudget report RESULT.json, as check --json wrote it");
		return GB_EUSAGE;
	}
	if (rc >= 0)
		rc = gb_report_load_file(argv[first], &l, err);
	if (rc >= 0)
		rc = files_show(&files, &l->report, false, quiet, verbose, err);
	if (rc >= 0)
		rc = files_write(&files, &l->report, err);
	if (rc == GB_ENOTFOUND)
		err->code = rc = GB_EUSAGE;
	return rc < 0 ? rc : l->report.exit_status;
}

const struct gb_command cmd_report = {
	.name = "report",
	.args = "RESULT.json",
	.summary = "tell a saved report again, or write it in another form",
	.about = "Reads what check --json wrote and measures nothing: the forms are those that\n"
		 "check would have written then.\n"
		 "\n"
		 "Exit status: the report's own, 0, 1 or 3; 2 where it cannot be read.",
	.opts = opts,
	.run = report_run,
};
