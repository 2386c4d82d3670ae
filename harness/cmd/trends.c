/* trends - what was measured night by night, and where it changed for good. */
#include "budget/alarm.h"
#include "budget/trends_limits.h"
#include "budget/trends_windows.h"

#include "base/buf.h"
#include "base/fs.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/term.h"
#include "base/units.h"
#include "cmd/commit_url.h"
#include "cmd/range.h"
#include "cmd/trends_bisect.h"
#include "cmd/trust.h"
#include "command.h"
#include "git/repo.h"
#include "report/trends.h"

#include <string.h>
#include <time.h>

static const char *metric_name, *env_text, *package, *least_text;
static const char *html, *openmetrics;
static bool json, all, bisect, trusted;
static int64_t bisect_ms = TRENDS_BISECT_MS;
static int64_t nights, newest = (int64_t)GB_ALARM_NIGHTS;

static const struct gb_opt opts[] = {
	{ "metric", 0, GB_OPT_STRING, "NAME", "only this metric", &metric_name, 0, 0, false },
	{ "package", 0, GB_OPT_STRING, "PATTERN", "only packages that match: \"**/store\"",
	  &package, 0, 0, false },
	{ "nights", 'n', GB_OPT_INT, "N", "the newest N commits that have a note (365)", &nights, 1,
	  (int64_t)GB_MAX_NIGHTS, false },
	{ "newest", 0, GB_OPT_INT, "N", "a change told in the newest N nights is news (14)",
	  &newest, 1, (int64_t)GB_MAX_NIGHTS, false },
	{ "least", 0, GB_OPT_STRING, "PERCENT", "smallest change worth telling (2%)", &least_text,
	  0, 0, false },
	{ "env", 0, GB_OPT_STRING, "TEXT",
	  "the newest environment with TEXT in its name (\"go1.26\")", &env_text, 0, 0, false },
	{ "bisect", 0, GB_OPT_FLAG, NULL,
	  "find the commits of steps upwards that are news, in a scratch work tree", &bisect, 0, 0,
	  false },
	{ "bisect-time", 0, GB_OPT_DURATION, "TIME", "stop looking after this (30m)", &bisect_ms, 0,
	  0, false },
	{ "trusted", 0, GB_OPT_FLAG, NULL, "bisect under pull_request_target and workflow_run, too",
	  &trusted, 0, 0, false },
	{ "all", 'a', GB_OPT_FLAG, NULL, "tell what did not change, too", &all, 0, 0, false },
	{ "json", 0, GB_OPT_FLAG, NULL, "print JSON, numbers exact", &json, 0, 0, false },
	{ "html", 0, GB_OPT_STRING, "FILE",
	  "write a page with a chart for each: one file, no network", &html, 0, 0, false },
	{ "openmetrics", 0, GB_OPT_STRING, "FILE",
	  "write the newest night for Prometheus, as OpenMetrics text", &openmetrics, 0, 0, false },
	{ NULL, 0, GB_OPT_FLAG, NULL, NULL, NULL, 0, 0, false },
};

static int read_options(struct gb_trends_options *o, struct gb_err *err)
{
	double least = 0.02;
	int rc = least_text ? gb_parse_percent(least_text, &least, err) : 0;

	if (rc < 0)
		return rc;
	o->metric = metric_name ? gb_metric_find(metric_name) : -1;
	if (metric_name && o->metric < 0) {
		gb_fail(err, GB_EUSAGE, "no metric \"%.100s\"", metric_name);
		return gb_hint(err, "`man gobudget` lists them: alloc_space, goroutines ...");
	}
	o->least = least;
	o->nights = nights ? (size_t)nights : 365;
	o->having = env_text;
	o->package = package;
	return 0;
}

static bool is_stdout(const char *path)
{
	return path && strcmp(path, "-") == 0;
}

static int put(const char *path, const struct gb_buf *out, struct gb_err *err)
{
	if (out->failed)
		return gb_buf_error(out, path, err);
	if (is_stdout(path))
		return gb_command_print(out, err);
	return gb_fs_write(path, out->data, out->len, err);
}

static int write_files(const struct gb_trends *t, const struct gb_trends_look *look,
		       struct gb_err *err)
{
	_buf_ struct gb_buf page = GB_BUF_INIT(GB_MAX_REPORT), metrics = GB_BUF_INIT(GB_MAX_REPORT);
	int rc = 0;

	if (html) {
		gb_trends_html(t, look, &page);
		rc = put(html, &page, err);
	}
	if (rc >= 0 && openmetrics) {
		gb_trends_openmetrics(t, &metrics);
		rc = put(openmetrics, &metrics, err);
	}
	return rc;
}

static int print(const struct gb_trends *t, struct gb_trends_look *look, const char *test,
		 struct gb_err *err)
{
	_buf_ struct gb_buf out = GB_BUF_INIT(GB_MAX_REPORT);
	struct gb_term term;

	gb_term_init(&term, stdout);
	look->colour = term.colour;
	look->utf8 = term.utf8;
	look->all = all || test;
	if (json)
		gb_trends_json(t, look, &out);
	else
		gb_trends_text(t, look, &out);
	return put("-", &out, err);
}

static void say_today(char out[11])
{
	time_t now = time(NULL);
	struct tm tm = { 0 };

	if (!gmtime_r(&now, &tm) || strftime(out, 11, "%Y-%m-%d", &tm) != 10)
		memcpy(out, "0000-00-00", 11);
}

/* What the policy of the newest commit makes of the nights; one that cannot be read is as good as none,
 * and `check` says so. */
static int add_limits(const struct gb_repo *repo, const char *commit, const char *module,
		      struct gb_trends *t, struct gb_err *err)
{
	_free_ char *below = gb_strdup(module);
	struct gb_policy *policy = NULL;
	struct gb_err own = GB_ERR_INIT;
	char today[11];
	int rc = below ? 0 : gb_fail_nomem(err);

	while (rc >= 0) {
		char *slash = strrchr(below, '/');

		rc = gb_policy_load_commit(repo, commit, below, 0, &policy, &own);
		if (rc == GB_ENOMEM)
			return gb_fail_nomem(err);
		if (rc < 0 && (rc = gb_policy_default(&policy, err)) < 0)
			return rc;
		if (!policy->built_in || !*below)
			break;
		/* Of a workspace it stands further up. */
		*(slash ? slash : below) = '\0';
		gb_policy_free(policy);
		policy = NULL;
	}
	if (rc >= 0)
		rc = gb_trends_windows(t, policy, err);
	say_today(today);
	if (rc >= 0)
		gb_trends_limits(t, policy, today);
	gb_policy_free(policy);
	return rc;
}

/* A name that nothing was measured of is a mistake; a repository without notes is not one yet. */
static int check_found(const struct gb_trends *t, const char *test, struct gb_err *err)
{
	if (t->n)
		return 0;
	if (t->n_nights) {
		gb_fail(err, GB_EUSAGE, "no note has a measurement of %.200s",
			test	  ? test
			: package ? package
				  : metric_name);
		return gb_hint(err, "`gobudget trends --all` shows all that was measured");
	}
	if (env_text && t->other_envs) {
		gb_fail(err, GB_EUSAGE, "nothing was measured in an environment with \"%.100s\"",
			env_text);
		return gb_hint(err, "`gobudget history TEST --all-envs` shows in which");
	}
	gb_fail(err, GB_EUSAGE, "no commit here has a note of what was measured");
	return gb_hint(err,
		       "`gobudget notes fetch` gets them from the remote, `gobudget check --note` "
		       "makes them");
}

static int trends(const char *test, const char *range, const struct gb_trends_options *asked,
		  struct gb_err *err)
{
	struct gb_trends_options o = *asked;
	_repo_ struct gb_repo *repo = NULL;
	_free_ char *below = NULL, *url = NULL;
	char from[41], until[41] = "";
	struct gb_trends t = { 0 };
	struct gb_trends_look look = { 0 };
	struct gb_bisections found = { 0 };
	int rc = gb_repo_open_any(".", &repo, err);

	if (rc >= 0)
		rc = range_read(repo, range, from, until, err);
	if (rc >= 0)
		rc = range_module(repo, &below, err);
	if (rc >= 0)
		rc = commit_url(repo, &url, err);
	if (rc < 0)
		return rc;
	o.from = from;
	o.until = until[0] ? until : NULL;
	o.below = below;
	o.test = test;
	o.likely = range_platform();
	look.commits = url;
	look.newest = (size_t)newest;
	look.whole = !test && !range && !package && !metric_name;
	rc = gb_trends_read(repo, &o, &t, err);
	if (rc >= 0)
		rc = add_limits(repo, from, below, &t, err);
	if (rc >= 0)
		rc = check_found(&t, test, err);
	if (rc >= 0)
		rc = trends_bisect(&(struct trends_bisecting){ .repo = repo,
							       .t = &t,
							       .newest = look.newest,
							       .run = bisect,
							       .time_ms = bisect_ms },
				   &found, err);
	look.found = &found;
	if (rc >= 0)
		rc = write_files(&t, &look, err);
	if (rc >= 0 && !is_stdout(html) && !is_stdout(openmetrics))
		rc = print(&t, &look, test, err);
	gb_bisections_release(&found);
	gb_trends_release(&t);
	return rc;
}

static int run(int argc, char **argv, struct gb_err *err)
{
	struct gb_trends_options o = { 0 };
	const char *test = NULL, *range = NULL;
	int first, dashdash;
	int rc = gb_args_parse("trends", opts, argc, argv, &first, &dashdash, err);

	if (rc >= 0)
		rc = range_words("trends", argc, argv, first, dashdash, &test, &range, err);
	if (rc >= 0 && (json + is_stdout(html) + is_stdout(openmetrics)) > 1)
		rc = gb_fail(err, GB_EUSAGE,
			     "standard output is for one of --json, --html and "
			     "--openmetrics");
	if (rc >= 0 && bisect)
		rc = trust_event(trusted, err);
	if (rc >= 0)
		rc = read_options(&o, err);
	return rc < 0 ? rc : trends(test, range, &o, err);
}

const struct gb_command cmd_trends = {
	.name = "trends",
	.args = "[TEST] [REV..REV]",
	.summary = "show where measurements changed for good, night by night",
	.about = "Reads what git notes keep of commits (check --note), makes a series of each\n"
		 "test and metric, and tells where one changed: a step, when three nights or more\n"
		 "are another level and neither noise nor flakes explain it, or a drift over 30\n"
		 "nights. What moved most stands first, with the commits between which it did.\n"
		 "Of several environments the newest of this platform is shown, and the nights\n"
		 "that were measured in it under older versions of Go; what an upgrade of Go\n"
		 "moved is told apart. It judges nothing: exit status 0, or 2.",
	.opts = opts,
	.run = run,
};
