/* history - budgets commit by commit: who changed them, from what to what, and why. */
#include "budget/history.h"

#include "base/buf.h"
#include "base/cache.h"
#include "base/fs.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/term.h"
#include "base/text.h"
#include "cmd/history_unknown.h"
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

/* A test's name may hold two dots, but begins as Go has tests begin. */
static bool is_range(const char *s)
{
	static const char *const tests[] = { "Test", "Benchmark", "Example", "Fuzz", "(" };

	for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++)
		if (gb_starts(s, tests[i]))
			return false;
	return strstr(s, "..") != NULL;
}

static int read_words(int argc, char **argv, int first, int dashdash, struct asked *a,
		      struct gb_err *err)
{
	int n = dashdash - first;

	if (n > 2 || dashdash < argc) {
		gb_fail(err, GB_EUSAGE, "%s is one word too many",
			dashdash < argc ? argv[dashdash] : argv[first + 2]);
		return gb_hint(err, "gobudget history [TEST] [REV..REV]");
	}
	if (n == 2) {
		a->test = argv[first];
		a->range = argv[first + 1];
	} else if (n == 1 && is_range(argv[first])) {
		a->range = argv[first];
	} else if (n == 1) {
		a->test = argv[first];
	}
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

/* "A..B", "A..", "..B", or "B": all that B reaches. */
static int read_range(const struct gb_repo *repo, struct asked *a, struct gb_err *err)
{
	const char *dots = a->range ? strstr(a->range, "..") : NULL;
	const char *to = dots ? dots + 2 : a->range;
	_free_ char *from = dots ? gb_strndup(a->range, (size_t)(dots - a->range)) : NULL;
	int rc;

	if (dots && !from)
		return gb_fail_nomem(err);
	if (dots && dots[2] == '.') {
		gb_fail(err, GB_EUSAGE, "%.200s: three dots name no range here", a->range);
		return gb_hint(err, "two do: main..HEAD is what HEAD has and main has not");
	}
	rc = gb_repo_commit(repo, to && *to ? to : "HEAD", a->from, err);
	if (rc == GB_ENOTFOUND && !a->range) {
		gb_fail(err, GB_EUSAGE, "nothing is committed yet");
		return gb_hint(err, "history is that of commits");
	}
	if (rc >= 0 && dots)
		rc = gb_repo_commit(repo, *from ? from : "HEAD", a->until, err);
	return rc == GB_ENOTFOUND && err ? (err->code = GB_EUSAGE) : rc;
}

/* The nearest folder from here up that has a go.mod, from the top of the work tree. */
static int find_module(const struct gb_repo *repo, char **ret, struct gb_err *err)
{
	_free_ char *cwd = NULL, *top = NULL;
	int rc;

	if (!*gb_repo_top(repo)) {
		*ret = gb_strdup("");
		return *ret ? 0 : gb_fail_nomem(err);
	}
	if ((rc = gb_fs_cwd(&cwd, err)) < 0 ||
	    (rc = gb_fs_realpath(gb_repo_top(repo), &top, err)) < 0)
		return rc;
	_free_ char *here = NULL;
	if ((rc = gb_fs_realpath(cwd, &here, err)) < 0)
		return rc;
	while (gb_path_under(here, top) && strcmp(here, top) != 0) {
		_free_ char *mod = gb_path_join(here, "go.mod");
		char *slash = strrchr(here, '/');

		if (!mod)
			return gb_fail_nomem(err);
		if (gb_fs_exists(mod))
			break;
		*slash = 0;
	}
	*ret = gb_strdup(gb_path_under(here, top) && strcmp(here, top) != 0
				 ? gb_path_relative(here, top)
				 : "");
	return *ret ? 0 : gb_fail_nomem(err);
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

/* " linux/amd64", as environments have it, where that is known; NULL else. */
static const char *platform(void)
{
#if defined(__linux__) && defined(__x86_64__)
	return " linux/amd64";
#elif defined(__linux__) && defined(__aarch64__)
	return " linux/arm64";
#elif defined(__APPLE__) && defined(__aarch64__)
	return " darwin/arm64";
#elif defined(__APPLE__) && defined(__x86_64__)
	return " darwin/amd64";
#else
	return NULL;
#endif
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
					      .likely = platform(),
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
		rc = read_range(repo, a, err);
	if (rc >= 0)
		rc = find_module(repo, &below, err);
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
