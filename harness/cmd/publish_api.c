/* What is told through GitHub's REST API: comment, check run, status, issue. */
#include "cmd/publish.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/fs.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/proc.h"
#include "base/text.h"
#include "github/check_run.h"
#include "github/comment.h"
#include "github/issue.h"
#include "github/pulls.h"
#include "github/status.h"
#include "report/say.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

int publish_settle(struct gb_publish *p, const char *channel, int rc, const struct gb_err *why,
		   struct gb_err *err)
{
	if (rc >= 0)
		return 0;
	if (rc == GB_EINTR || rc == GB_ENOMEM) {
		*err = *why;
		return rc;
	}
	return publish_trouble(p, channel, why, err);
}

static int open_rest(struct gb_publish *p, struct gb_err *err)
{
	const struct gb_rest_options o = { .base = p->where.api,
					   .token = p->where.token,
					   .timeout_ms = p->timeout_ms,
					   .clock = p->waits ? &p->clock : NULL };

	if (!p->where.repository) {
		gb_fail(err, GB_EUSAGE, "no repository is known");
		return gb_hint(err, "GITHUB_REPOSITORY=owner/name");
	}
	if (!p->where.token) {
		gb_fail(err, GB_EUSAGE, "there is no token");
		return gb_hint(err, "env: GITHUB_TOKEN: ${{ github.token }}");
	}
	return gb_rest_open(&o, &p->rest, err);
}

bool publish_ready(struct gb_publish *p, const char *channel, int *ret_rc, struct gb_err *err)
{
	struct gb_err why = GB_ERR_INIT;
	int rc;

	*ret_rc = 0;
	if (p->rest || p->rest_failed)
		return p->rest != NULL;
	rc = open_rest(p, &why);
	p->rest_failed = rc < 0;
	*ret_rc = publish_settle(p, channel, rc, &why, err);
	return rc >= 0;
}

/* Which pull request it is; of a workflow_run GitHub has to be asked. */
static int find_pull(struct gb_publish *p, struct gb_err *why)
{
	if (p->pull) {
		p->where.pull = p->pull;
		return 0;
	}
	if (!gb_streq(p->where.event.name, "workflow_run") ||
	    !gb_streq(p->where.event.run.event, "pull_request"))
		return 0;
	return gb_pulls_find(p->rest, p->where.repository, &p->where.event, &p->where.pull, why);
}

static bool may_have_pull(const struct gb_publish *p)
{
	return p->pull || p->where.pull ||
	       (gb_streq(p->where.event.name, "workflow_run") &&
		gb_streq(p->where.event.run.event, "pull_request"));
}

const char *publish_author(struct gb_publish *p, char **own, int *ret_rc, struct gb_err *err)
{
	*ret_rc = 0;
	if (p->author)
		return p->author;
	*ret_rc = gb_comment_author(p->rest, p->where.token, own, err);
	return *own;
}

static const char *const done_words[] = {
	[GB_STICKY_SILENT] = "all is well, and there is none to bring up to date",
	[GB_STICKY_SAME] = "says so already",
	[GB_STICKY_NEWER] = "left alone, a newer run has written",
	[GB_STICKY_WORSE] =
		"left alone, another job of this run found trouble: give each job its own --key",
	[GB_STICKY_CREATED] = "made",
	[GB_STICKY_UPDATED] = "brought up to date",
};

static int tell_done(struct gb_publish *p, const char *channel, const struct gb_sticky_result *r,
		     struct gb_err *err)
{
	_buf_ struct gb_buf line = GB_BUF_INIT(16 * GB_KIB);

	if (r->done == GB_STICKY_NEWER && !r->id)
		gb_buf_adds(&line, "none made, the branch has moved on since");
	else
		gb_buf_adds(&line, done_words[r->done]);
	if (r->url)
		gb_buf_addf(&line, ": %s", r->url);
	p->delivered = p->delivered || r->id;
	return publish_say(p, channel, line.data, err);
}

static int put_comment(struct gb_publish *p, struct gb_err *why, struct gb_err *err)
{
	_free_ char *own = NULL;
	struct gb_sticky s = { 0 };
	struct gb_sticky_result r = { 0 };
	struct gb_comment c = { .rest = p->rest, .repository = p->where.repository };
	int rc = find_pull(p, why);

	if (rc >= 0 && !p->where.pull)
		return publish_say(p, "comment", "no open pull request has this commit as its head",
				   err);
	if (rc >= 0)
		c.author = publish_author(p, &own, &rc, why);
	if (rc < 0)
		return rc;
	c.pull = p->where.pull;
	s = (struct gb_sticky){ .marker = p->marker,
				.body = p->text,
				.create = !p->well || gb_streq(p->comment, "always") };
	rc = gb_comment_put(&c, &s, &r, why);
	free(c.actual_author);
	if (rc >= 0) {
		p->comment_url = GB_TAKE(r.url);
		r.url = p->comment_url;
		rc = tell_done(p, "comment", &r, err);
	}
	return rc;
}

static int comment(struct gb_publish *p, struct gb_err *err)
{
	struct gb_err why = GB_ERR_INIT;
	int rc;

	if (gb_streq(p->comment, "never"))
		return 0;
	if (!may_have_pull(p))
		return gb_streq(p->comment, "always")
			       ? publish_say(p, "comment", "this run is about no pull request", err)
			       : 0;
	if (!publish_ready(p, "comment", &rc, err))
		return rc;
	rc = put_comment(p, &why, err);
	if (rc == GB_EUSAGE && p->where.event.fork && !*why.hint)
		gb_hint(&why, "a change from a fork gets a token that may not write");
	return publish_settle(p, "comment", rc, &why, err);
}

/* "FAIL · 2 over ..." */
static void outcome(const struct gb_publish *p, struct gb_buf *out)
{
	gb_buf_addf(out, "%s · ", gb_say_outcome(&p->report));
	gb_say_totals(out, &p->report);
}

static bool has_commit(struct gb_publish *p, const char *channel, int *ret_rc, struct gb_err *err)
{
	*ret_rc = 0;
	if (*p->where.sha)
		return true;
	*ret_rc = publish_say(p, channel, "the commit of this run is not known", err);
	return false;
}

static int check_run(struct gb_publish *p, struct gb_err *err)
{
	_buf_ struct gb_buf title = GB_BUF_INIT(16 * GB_KIB), url = GB_BUF_INIT(GB_KIB);
	_buf_ struct gb_buf summary = GB_BUF_INIT(GB_MAX_REPORT);
	_free_ char *page = NULL, *id = NULL;
	struct gb_err why = GB_ERR_INIT;
	struct gb_check_run c;
	int rc;

	if (!p->check_run || !publish_ready(p, "check run", &rc, err) ||
	    !has_commit(p, "check run", &rc, err))
		return p->check_run ? rc : 0;
	outcome(p, &title);
	gb_context_run_url(&p->where, &url);
	gb_report_markdown(&p->report, GB_CHECK_TEXT, &summary);
	id = gb_asprintf("gobudget %s %" PRId64 ".%" PRId64 " %016" PRIx64, p->key, p->where.run,
			 p->where.attempt, p->marker.digest);
	if (!id || title.failed || url.failed || summary.failed)
		return gb_fail_nomem(err);
	c = (struct gb_check_run){ .repository = p->where.repository,
				   .name = p->name,
				   .sha = p->where.sha,
				   .external_id = id,
				   .conclusion = p->report.exit_status ? "failure" : "success",
				   .details_url = url.len ? url.data : NULL,
				   .title = title.data,
				   .summary = summary.data,
				   .annotations = p->annotations.v,
				   .n_annotations = p->annotations.n };
	rc = gb_check_run_put(p->rest, &c, &page, &why);
	if (rc < 0)
		return publish_settle(p, "check run", rc, &why, err);
	p->delivered = true;
	return publish_say(p, "check run", page ? page : "made", err);
}

static int status(struct gb_publish *p, struct gb_err *err)
{
	static const char *const states[] = { "success", "failure", "error", "error" };
	_buf_ struct gb_buf line = GB_BUF_INIT(16 * GB_KIB), url = GB_BUF_INIT(GB_KIB);
	struct gb_err why = GB_ERR_INIT;
	struct gb_status s;
	int rc;

	if (!p->status || !publish_ready(p, "status", &rc, err) ||
	    !has_commit(p, "status", &rc, err))
		return p->status ? rc : 0;
	outcome(p, &line);
	gb_context_run_url(&p->where, &url);
	if (line.failed || url.failed)
		return gb_fail_nomem(err);
	s = (struct gb_status){ .repository = p->where.repository,
				.sha = p->where.sha,
				.context = p->name,
				.state = states[p->report.exit_status & 3],
				.description = line.data,
				.url = url.len ? url.data : NULL };
	rc = gb_status_put(p->rest, &s, &why);
	if (rc < 0)
		return publish_settle(p, "status", rc, &why, err);
	p->delivered = true;
	return publish_say(p, "status", s.state, err);
}

static int put_issue(struct gb_publish *p, struct gb_err *why, struct gb_err *err)
{
	_free_ char *own = NULL, *title = NULL;
	struct gb_sticky_result r = { 0 };
	struct gb_sticky s = { .marker = p->marker, .body = p->text };
	struct gb_issue i = { .rest = p->rest, .repository = p->where.repository };
	int rc;

	i.solved = p->report.exit_status == 0;
	i.label = p->label ? p->label : "gobudget";
	i.author = publish_author(p, &own, &rc, why);
	title = gb_asprintf("%s: over budget, or not measured", p->name);
	if (rc >= 0 && !title)
		rc = gb_fail_nomem(why);
	if (rc < 0)
		return rc;
	i.title = title;
	s.create = !i.solved;
	rc = gb_issue_put(&i, &s, &r, why);
	free(i.actual_author);
	if (rc >= 0)
		rc = tell_done(p, "issue", &r, err);
	free(r.url);
	return rc;
}

static int issue(struct gb_publish *p, struct gb_err *err)
{
	struct gb_err why = GB_ERR_INIT;
	int rc;

	if (!p->issue)
		return 0;
	if (!publish_ready(p, "issue", &rc, err))
		return rc;
	rc = put_issue(p, &why, err);
	return publish_settle(p, "issue", rc, &why, err);
}

/* For tests: each wait is a line in a file, and takes no time. */
static int64_t test_now(void *arg)
{
	_buf_ struct gb_buf text = GB_BUF_INIT(GB_MIB);
	int64_t waited = 0;

	(void)gb_fs_read(arg, &text, NULL);
	for (char *at = text.data; *at; at += *at == '\n')
		waited += strtoll(at, &at, 10);
	return gb_now_ms() + waited;
}

static int test_wait(void *arg, int64_t ms, struct gb_err *err)
{
	char line[32];
	int n = snprintf(line, sizeof(line), "%" PRId64 "\n", ms);

	if (gb_interrupted())
		return gb_fail(err, GB_EINTR, "interrupted");
	return gb_runner_append(arg, line, (size_t)n, err);
}

void publish_clock(struct gb_publish *p)
{
	p->clock = gb_rest_real_clock;
	if (p->waits) {
		p->clock.now_ms = test_now;
		p->clock.wait = test_wait;
		p->clock.arg = (char *)(uintptr_t)p->waits;
	}
}

int publish_api(struct gb_publish *p, struct gb_err *err)
{
	int rc;

	publish_clock(p);
	if ((rc = comment(p, err)) < 0 || (rc = check_run(p, err)) < 0 || (rc = status(p, err)) < 0)
		return rc;
	return issue(p, err);
}
