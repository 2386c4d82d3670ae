/* publish - the verdict where people look: comment, summary, annotations, check run, issue. */
#include "command.h"

#include "base/buf.h"
#include "base/mem.h"
#include "base/text.h"
#include "cmd/alarm_plan.h"
#include "cmd/publish.h"

#include <stdlib.h>
#include <string.h>

static struct gb_publish p = { .most = ALARM_MOST };
static const char *key;

static const struct gb_opt opts[] = {
	{ "comment", 0, GB_OPT_STRING, "WHEN",
	  "auto: where there is something to tell, or one to bring up to date; always; never",
	  &p.comment, 0, 0, false },
	{ "check-run", 0, GB_OPT_FLAG, NULL, "make a check run with annotations", &p.check_run, 0,
	  0, false },
	{ "status", 0, GB_OPT_FLAG, NULL, "set a commit status", &p.status, 0, 0, false },
	{ "issue", 0, GB_OPT_FLAG, NULL,
	  "keep an issue open while something is over, for nightly runs", &p.issue, 0, 0, false },
	{ "alarms", 0, GB_OPT_FLAG, NULL,
	  "of what trends --json wrote: keep an issue for each broken metric", &p.alarms, 0, 0,
	  false },
	{ "most", 0, GB_OPT_INT, "N",
	  "of --alarms: issues opened in one night, the others share one (10)", &p.most, 1, 1000,
	  false },
	{ "no-summary", 0, GB_OPT_FLAG, NULL, "write no job summary", &p.no_summary, 0, 0, false },
	{ "no-annotations", 0, GB_OPT_FLAG, NULL, "print no annotations", &p.no_annotations, 0, 0,
	  false },
	{ "no-outputs", 0, GB_OPT_FLAG, NULL, "set no outputs of the step", &p.no_outputs, 0, 0,
	  false },
	{ "key", 0, GB_OPT_STRING, "KEY",
	  "which comment this is, where a pull request gets several (default)", &key, 0, 0, false },
	{ "pull", 0, GB_OPT_INT, "N", "the pull request, where the event does not say", &p.pull, 1,
	  INT64_MAX, false },
	{ "author", 0, GB_OPT_STRING, "LOGIN",
	  "whose comments are ours (github-actions[bot], or who the token is)", &p.author, 0, 0,
	  false },
	{ "label", 0, GB_OPT_STRING, "LABEL", "of the issue (gobudget)", &p.label, 0, 0, false },
	{ "dir", 0, GB_OPT_STRING, "DIR", "where the module lies in the repository", &p.dir, 0, 0,
	  false },
	{ "timeout", 0, GB_OPT_DURATION, "TIME", "deadline of one request (30s)", &p.timeout_ms, 0,
	  0, false },
	{ "waits", 0, GB_OPT_STRING, "FILE", "do not wait, write down how long", &p.waits, 0, 0,
	  true },
	{ NULL, 0, GB_OPT_FLAG, NULL, NULL, NULL, 0, 0, false },
};

static int check_words(int n, int dashdash, int argc, struct gb_err *err)
{
	size_t len = p.dir ? strlen(p.dir) : 0;
	int rc;

	if (n != 1 || dashdash != argc) {
		gb_fail(err, GB_EUSAGE, "publish takes one result");
		return gb_hint(err, "gobudget check --json RESULT.json writes one");
	}
	if (p.comment && strcmp(p.comment, "auto") != 0 && strcmp(p.comment, "always") != 0 &&
	    strcmp(p.comment, "never") != 0)
		return gb_fail(err, GB_EUSAGE, "--comment %.100s: auto, always or never",
			       p.comment);
	while (len > 0 && p.dir[len - 1] == '/')
		len--;
	if (p.dir && (*p.dir == '/' || gb_starts(p.dir, "..") || strlen(p.dir) != len))
		return gb_fail(err, GB_EUSAGE,
			       "--dir %.200s: a folder below the root of the repository, without a "
			       "slash at its end",
			       p.dir);
	if (p.alarms &&
	    (p.issue || p.check_run || p.status || p.pull || gb_streq(p.comment, "always"))) {
		gb_fail(err, GB_EUSAGE, "--alarms keeps issues, and nothing else");
		return gb_hint(err, "what check --json wrote has a comment, check run and status");
	}
	rc = gb_marker_key(key ? key : "default", p.key, err);
	if (rc < 0)
		return rc;
	p.name = key ? gb_asprintf("gobudget (%s)", key) : gb_strdup("gobudget");
	return p.name ? 0 : gb_fail_nomem(err);
}

static int publish(int *ret_unread, struct gb_err *why, struct gb_err *err)
{
	int rc = gb_context_read(&p.where, err);

	if (rc >= 0 && p.alarms)
		return publish_alarms(&p, ret_unread, why, err);
	if (rc >= 0)
		rc = publish_load(&p, ret_unread, why, err);
	if (rc >= 0)
		rc = publish_text(&p, err);
	if (rc >= 0)
		rc = publish_api(&p, err);
	return rc < 0 ? rc : publish_runner(&p, err);
}

static int publish_run(int argc, char **argv, struct gb_err *err)
{
	struct gb_err why = GB_ERR_INIT;
	int first, dashdash, unread = 0;
	int rc = gb_args_parse("publish", opts, argc, argv, &first, &dashdash, err);

	if (rc >= 0)
		rc = check_words(dashdash - first, dashdash, argc, err);
	if (rc >= 0) {
		p.path = argv[first];
		rc = publish(&unread, &why, err);
	}
	if (rc >= 0 && unread < 0) {
		*err = why;
		rc = unread;
	} else if (rc >= 0) {
		rc = p.report.exit_status;
	}
	publish_release_result(&p);
	gb_alarms_release(&p.told);
	gb_rest_close(p.rest);
	gb_context_release(&p.where);
	gb_strlist_release(&p.troubles);
	free(p.comment_url);
	free(p.name);
	return rc;
}

const struct gb_command cmd_publish = {
	.name = "publish",
	.args = "[options] RESULT.json",
	.summary = "tell a pull request, a job or an issue what check found",
	.about = "RESULT.json is what \"gobudget check --json\" wrote. In GitHub Actions the\n"
		 "verdict goes into one comment of the pull request, which is kept up to date,\n"
		 "into the job's summary, and as annotations to the lines that did it. What\n"
		 "cannot be delivered is told and changes nothing: the exit status is the\n"
		 "report's own.\n"
		 "\n"
		 "With --alarms it is what \"gobudget trends --json\" wrote: each metric that is\n"
		 "broken has one issue, which is brought up to date, and closed when it is good\n"
		 "again. Exit status 1 while one is over its budget.\n"
		 "\n"
		 "GITHUB_TOKEN is the token, with \"pull-requests: write\" for the comment,\n"
		 "\"checks: write\", \"statuses: write\" and \"issues: write\" for what else is\n"
		 "asked for.",
	.opts = opts,
	.run = publish_run,
};
