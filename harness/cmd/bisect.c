/*
 * bisect - the commit after which a test is worse, in as few measurements as git bisect takes.
 *
 * Both ends are measured first.  A commit is bad when its value is nearer to the bad end's than to
 * the good one's, or above --limit.  What notes have of the bad commit's environment is believed.
 */
#include "cmd/bisect.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/proc.h"
#include "base/text.h"
#include "cmd/trust.h"
#include "command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct bisect b = { .metric = -1, .limit = -1, .runs = 2 };
static const char *metric_name, *json;
static bool trusted;

static const struct gb_opt opts[] = {
	{ "metric", 0, GB_OPT_STRING, "NAME",
	  "which number (the first that is worse of goroutines, alloc_space, alloc_objects)",
	  &metric_name, 0, 0, false },
	{ "limit", 0, GB_OPT_SIZE, "SIZE", "bad is what is above this (half-way between both ends)",
	  &b.limit, 0, 0, false },
	{ "runs", 0, GB_OPT_INT, "N",
	  "runs of each commit, the later half under exact settings (2)", &b.runs, 1, 1000, false },
	{ "json", 0, GB_OPT_STRING, "FILE", "write the result as JSON (- for standard output)",
	  &json, 0, 0, false },
	{ "note", 0, GB_OPT_FLAG, NULL, "keep what is measured in the commits' git notes", &b.note,
	  0, 0, false },
	{ "timeout", 0, GB_OPT_DURATION, "TIME", "deadline of each package (go test's -timeout)",
	  &b.timeout_ms, 0, 0, false },
	{ "memory", 0, GB_OPT_SIZE, "SIZE", "stop a test binary that holds more than this",
	  &b.memory, 0, 0, false },
	{ "trusted", 0, GB_OPT_FLAG, NULL,
	  "measure under pull_request_target and workflow_run, too", &trusted, 0, 0, false },
	{ "quiet", 'q', GB_OPT_FLAG, NULL, "tell only the result", &b.quiet, 0, 0, false },
	{ NULL, 0, GB_OPT_FLAG, NULL, NULL, NULL, 0, 0, false },
};

static int usage(struct gb_err *err, const char *what)
{
	gb_fail(err, GB_EUSAGE, "bisect: %s", what);
	return gb_hint(err, "gobudget bisect TestCache/evict [./store] v1.0..HEAD");
}

static int read_words(int argc, char **argv, int first, int dashdash, struct gb_err *err)
{
	int end = dashdash < argc ? dashdash : argc, rc = 0;
	const char *dots;

	if (end - first < 2 || !(dots = strstr(argv[end - 1], "..")) || gb_starts(dots, "..."))
		return usage(err, end == first ? "which test, and between which commits?"
					       : "between which commits? GOOD..BAD comes last");
	b.test = argv[first];
	b.range = argv[end - 1];
	if (dots == b.range)
		return usage(err, "which commit is good? GOOD..BAD");
	for (int i = first + 1; i < end - 1 && rc >= 0; i++)
		rc = gb_strlist_add(&b.packages, argv[i], err);
	for (int i = dashdash + 1; i < argc && rc >= 0; i++)
		rc = gb_strlist_add(&b.go_flags, argv[i], err);
	b.good_name = gb_strndup(b.range, (size_t)(dots - b.range));
	b.bad_name = gb_strdup(dots[2] ? dots + 2 : "HEAD");
	return rc < 0 ? rc : b.good_name && b.bad_name ? 0 : gb_fail_nomem(err);
}

static int read_metric(struct gb_err *err)
{
	if (!metric_name)
		return 0;
	b.metric = gb_metric_find(metric_name);
	if (b.metric >= 0 && gb_metrics[b.metric].judged)
		return 0;
	gb_fail(err, GB_EUSAGE, "no metric \"%.100s\" is judged", metric_name);
	return gb_hint(err, "`man gobudget` lists them: alloc_space, goroutines ...");
}

/* Where to go on: the narrowest range that is known. */
static int interrupted(struct gb_err *err)
{
	const char *good = b.good_name, *bad = b.bad_name;

	for (size_t i = 0; i < b.n && b.choice.word; i++) {
		if (b.answers[i]->word == GB_BISECT_GOOD)
			good = b.answers[i]->id;
		if (b.answers[i]->word == GB_BISECT_BAD)
			bad = b.answers[i]->id;
	}
	gb_fail(err, GB_EINTR, "interrupted; nothing is left behind");
	if (b.metric >= 0 && b.limit >= 0)
		return gb_hint(err,
			       "go on with: gobudget bisect %.100s%s%.100s --metric %s "
			       "--limit %lld %.40s..%.40s",
			       b.test, b.packages.n ? " " : "", b.packages.n ? b.packages.v[0] : "",
			       gb_metrics[b.metric].name, (long long)b.limit, good, bad);
	return GB_EINTR;
}

static int bisect(struct gb_err *err)
{
	struct bisect_result r = { 0 };
	int rc = at_open(&b.at, err);

	if (rc >= 0)
		rc = gb_notes_load(b.at.repo, NULL, &b.notes, err);
	if (rc >= 0)
		rc = bisect_find(&b, &r, err);
	if (rc >= 0)
		rc = bisect_say_result(&b, &r, err);
	if (rc >= 0 && json)
		rc = bisect_json(&b, &r, json, err);
	if (rc >= 0)
		rc = r.culprit ? 0 : 3;
	bisect_result_release(&r);
	return rc;
}

static int bisect_run(int argc, char **argv, struct gb_err *err)
{
	int first, dashdash;
	int rc = gb_args_parse("bisect", opts, argc, argv, &first, &dashdash, err);

	if (rc >= 0)
		rc = read_words(argc, argv, first, dashdash, err);
	if (rc >= 0)
		rc = read_metric(err);
	if (rc >= 0)
		rc = trust_event(trusted, err);
	b.began_ms = gb_now_ms();
	b.at.quiet = b.quiet;
	b.at.timeout_ms = GB_AT_DEADLINE_MS;
	gb_term_init(&b.term, gb_streq(json, "-") ? stderr : stdout);
	if (rc >= 0)
		rc = bisect(err);
	if (rc == GB_EINTR)
		rc = interrupted(err);
	bisect_release(&b);
	return rc;
}

const struct gb_command cmd_bisect = {
	.name = "bisect",
	.args = "TEST [PACKAGE] GOOD..BAD [-- go test flags]",
	.summary = "find the commit after which a test allocates or leaves more",
	.about =
		"Measures the test's package, whole, at both commits and then at those between\n"
		"that tell most, as git bisect does, in a scratch work tree: yours, the index,\n"
		"HEAD and the stash stay as they are. A commit is bad when its value is nearer to\n"
		"BAD's than to GOOD's, or above --limit. Commits that do not build or lack the\n"
		"test are skipped; what git notes know of this environment costs nothing.\n"
		"\n"
		"Tells the commit with its author, the numbers before and after, the test's\n"
		"budget and who gave it, and the lines that did it (explain --base).\n"
		"\n"
		"Exit status: 0 found, 2 wrong usage, 3 nothing to find, only skipped commits\n"
		"left, or an end of the range could not be measured.",
	.opts = opts,
	.run = bisect_run,
};
