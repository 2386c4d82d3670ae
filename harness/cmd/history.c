/* history - budgets commit by commit: who changed them, from what to what, and why. */
#include "budget/history.h"

#include "base/buf.h"
#include "base/cache.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/term.h"
#include "base/text.h"
#include "cmd/history_unknown.h"
#include "cmd/range.h"
#include "cmd/replaced.h"
#include "command.h"
#include "git/repo.h"
#include "report/history.h"

#include <stdlib.h>
#include <string.h>

static const char *metric_name;
static bool json, csv, all_envs;
static const char *env_text;
static int64_t max;

static const struct gb_opt opts[] = {
	{ "metric", 0, GB_OPT_STRING, "NAME", "only this metric's budgets", &metric_name, 0, 0,
	  false },
	{ "env", 0, GB_OPT_STRING, "TEXT",
	  "measurements of environments with TEXT in their name (\"go1.26\")", &env_text, 0, 0,
	  false },
	{ "all-envs", 0, GB_OPT_FLAG, NULL, "measurements of all environments", &all_envs, 0, 0,
	  false },
	{ "max-count", 'n', GB_OPT_INT, "N", "the newest N commits", &max, 1, 1000000, false },
	{ "json", 0, GB_OPT_FLAG, NULL, "print JSON, numbers exact", &json, 0, 0, false },
	{ "csv", 0, GB_OPT_FLAG, NULL, "print a line of CSV for each changed budget", &csv, 0, 0,
	  false },
	{ NULL, 0, GB_OPT_FLAG, NULL, NULL, NULL, 0, 0, false },
};

struct asked {
	const char *test, *range;
	char from[41], until[41];
	int metric;
};

static int read_words(int argc, char **argv, int first, int dashdash, struct asked *a,
		      struct gb_err *err)
{
	int rc = range_words("history", argc, argv, first, dashdash, &a->test, &a->range, err);

	if (rc < 0)
		return rc;
	if (json && csv)
		return gb_fail(err, GB_EUSAGE, "--json and --csv are two of one thing");
	if (env_text && all_envs)
		return gb_fail(err, GB_EUSAGE, "--env and --all-envs are two of one thing");
	if ((env_text || all_envs) && !a->test) {
		gb_fail(err, GB_EUSAGE, "--%s is about the measurements of one test",
			env_text ? "env" : "all-envs");
		return gb_hint(err, "gobudget history TEST --all-envs");
	}
	a->metric = metric_name ? gb_metric_find(metric_name) : -1;
	if (metric_name && a->metric < 0) {
		gb_fail(err, GB_EUSAGE, "no metric \"%.100s\"", metric_name);
		return gb_hint(err, "`man gobudget` lists them: alloc_space, goroutines ...");
	}
	return 0;
}

static int show(const struct gb_history *h, const struct asked *a, struct gb_err *err)
{
	_buf_ struct gb_buf out = GB_BUF_INIT(GB_MAX_REPORT);
	struct gb_term term;

	gb_term_init(&term, stdout);
	if (json)
		gb_history_json(h, &out);
	else if (csv)
		gb_history_csv(h, &out);
	else
		gb_history_text(h,
				&(struct gb_history_look){ .colour = term.colour,
							   .utf8 = term.utf8,
							   .sparklines = a->test != NULL },
				&out);
	if (!json && !csv && h->n == 0)
		gb_buf_addf(&out, "no commit%s changed %s%s, and no note has a measurement\n",
			    a->range ? " in this range" : "",
			    a->test ? "the budget of " : "a budget", a->test ? a->test : "");
	if (out.failed)
		return gb_buf_error(&out, "history", err);
	return gb_command_print(&out, err);
}

static int read_history(const struct gb_repo *repo, const struct asked *a, const char *below,
			struct gb_history *ret, struct gb_err *err)
{
	_cache_ struct gb_cache cache = { 0 };
	const struct gb_history_options o = { .from = a->from,
					      .until = a->until[0] ? a->until : NULL,
					      .below = below,
					      .test = a->test,
					      .metric = a->metric,
					      .max = (size_t)max,
					      .cache = &cache };
	const struct gb_history_envs envs = { .having = env_text,
					      .likely = range_platform(),
					      .all = all_envs };
	int rc = gb_cache_open(&cache, err);

	if (rc >= 0)
		rc = gb_history_read(repo, &o, ret, err);
	if (rc >= 0)
		rc = gb_history_add_notes(repo, &o, &envs, ret, err);
	return rc < 0 || ret->n || !a->test ? rc : history_unknown(repo, &o, err);
}

static int history(struct asked *a, struct gb_err *err)
{
	_repo_ struct gb_repo *repo = NULL;
	_free_ char *below = NULL;
	struct gb_history h = { 0 };
	int rc = gb_repo_open_any(".", &repo, err);

	if (rc >= 0)
		replaced_say(repo);
	if (rc >= 0)
		rc = range_read(repo, a->range, a->from, a->until, err);
	if (rc >= 0)
		rc = range_module(repo, &below, err);
	if (rc >= 0)
		rc = read_history(repo, a, below, &h, err);
	if (rc >= 0)
		rc = show(&h, a, err);
	gb_history_release(&h);
	return rc;
}

static int run(int argc, char **argv, struct gb_err *err)
{
	struct asked a = { .metric = -1 };
	int first, dashdash;
	int rc = gb_args_parse("history", opts, argc, argv, &first, &dashdash, err);

	if (rc >= 0)
		rc = read_words(argc, argv, first, dashdash, &a, err);
	return rc < 0 ? rc : history(&a, err);
}

const struct gb_command cmd_history = {
	.name = "history",
	.args = "[TEST] [REV..REV]",
	.summary = "show who changed budgets, when, from what to what, and why",
	.about = "Lists the commits that changed the budget of a test (without one: any budget of\n"
		 "this module), newest first, with the reason that stands in the budget file, and\n"
		 "those of which git notes keep measurements (check --note): all of TEST's, else\n"
		 "those of changed budgets. Of several environments the newest of this platform\n"
		 "is shown.\n"
		 "It follows merges as `git log -- FILE` does, and works in a bare repository.",
	.opts = opts,
	.run = run,
};
