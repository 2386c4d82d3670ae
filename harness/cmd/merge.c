/* merge - the reports of all shards as one. */
#include "command.h"

#include "base/mem.h"
#include "cmd/files.h"
#include "cmd/unmeasured.h"
#include "plan/shard.h"
#include "report/merge.h"

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

static int merge(char **names, size_t n, struct gb_loaded **parts, struct gb_err *err)
{
	_loaded_ struct gb_loaded *l = NULL;
	int rc = 0;

	for (size_t i = 0; i < n && rc >= 0; i++)
		rc = gb_report_load_file(names[i], &parts[i], err);
	if (rc == GB_ENOTFOUND) {
		err->code = rc = GB_EUSAGE;
		gb_hint(err, "a shard whose report is missing is left out: merge names it");
	}
	if (rc >= 0)
		rc = gb_report_merge(parts, n, &l, err);
	if (rc >= 0)
		rc = files_show(&files, &l->report, false, quiet, verbose, err);
	if (rc >= 0)
		rc = files_write(&files, &l->report, err);
	return rc < 0 ? rc : l->report.exit_status;
}

static int merge_words(int argc, char **argv, struct gb_err *err)
{
	_free_ struct gb_loaded **parts = NULL;
	int first, dashdash;
	int rc = gb_args_parse("merge", opts, argc, argv, &first, &dashdash, err);
	size_t n = rc < 0 ? 0 : (size_t)(argc - first);

	if (rc < 0)
		return rc;
	if (n == 0 || n > GB_MAX_SHARDS || dashdash < argc) {
		gb_fail(err, GB_EUSAGE, n ? "merge takes up to %d files" : "merge: which files?",
			GB_MAX_SHARDS);
		return gb_hint(err, "gobudget merge shard-*.json, as check --shard I/N --json "
				    "wrote them");
	}
	parts = gb_calloc(n, sizeof(*parts));
	if (!parts)
		return gb_fail_nomem(err);
	rc = merge(argv + first, n, parts, err);
	for (size_t i = 0; i < n; i++)
		gb_loaded_free(parts[i]);
	return rc;
}

static int merge_run(int argc, char **argv, struct gb_err *err)
{
	int rc = merge_words(argc, argv, err);

	if (rc < 0)
		unmeasured(&files, "gobudget merge", NULL, rc, err);
	return rc;
}

const struct gb_command cmd_merge = {
	.name = "merge",
	.args = "RESULT.json...",
	.summary = "put the reports of all shards together",
	.about = "Makes of what check --shard I/N --json wrote, one file for each shard, the\n"
		 "report that a single check would have made, and judges it as one.\n"
		 "\n"
		 "Exit status: the worst of all shards. A shard that is missing or measured\n"
		 "nothing is named and never a pass: 3, where nothing is over. Shards of\n"
		 "different commits, plans or environments are refused: 2.",
	.opts = opts,
	.run = merge_run,
};
