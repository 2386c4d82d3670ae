/* The result that is to be published, and how it reads in a comment. */
#include "cmd/publish.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/fs.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/text.h"
#include "github/redact.h"
#include "report/markdown.h"

#include <stdlib.h>
#include <string.h>

#define MARKER_ROOM ((size_t)512)
#define FOOTER_ROOM ((size_t)2048)

static int load(struct gb_publish *p, struct gb_err *err)
{
	_buf_ struct gb_buf text = GB_BUF_INIT(GB_MAX_RESULT);
	int rc = gb_fs_read(p->path, &text, err);

	if (rc < 0)
		return rc;
	p->redacted = gb_redact(text.data, text.len, p->where.token);
	return gb_report_load(p->path, text.data, text.len, &p->loaded, err);
}

/* An earlier comment must not go on saying that all is well. */
static int stand_in(struct gb_publish *p, const struct gb_err *why, int code, struct gb_err *err)
{
	int rc;

	if (!(p->no_run = gb_run_new(err)))
		return GB_ENOMEM;
	if ((rc = gb_policy_default(&p->no_policy, err)) < 0)
		return rc;
	p->report = (struct gb_report){ .run = p->no_run,
					.verdicts = &p->no_verdicts,
					.policy = p->no_policy,
					.module = "",
					.command = "gobudget publish",
					.exit_status = gb_exit_status(code) };
	rc = gb_strlist_addf(&p->report.notes, err, "there is no result of this run: %s",
			     why->line);
	return rc;
}

int publish_load(struct gb_publish *p, int *ret_unread, struct gb_err *why, struct gb_err *err)
{
	int rc = load(p, why);

	*ret_unread = 0;
	if (rc == GB_ENOMEM || rc == GB_EINTR) {
		*err = *why;
		return rc;
	}
	if (rc < 0) {
		*ret_unread = rc;
		rc = stand_in(p, why, rc, err);
	} else {
		p->report = p->loaded->report;
	}
	if (rc >= 0)
		rc = gb_report_annotate(&p->report, p->dir ? p->dir : "", &p->annotations, err);
	p->well = p->report.exit_status == 0 && p->report.verdicts->warning == 0;
	return rc;
}

void publish_release_result(struct gb_publish *p)
{
	/* What was loaded owns its notes. */
	if (!p->loaded)
		gb_strlist_release(&p->report.notes);
	gb_loaded_free(p->loaded);
	gb_run_free(p->no_run);
	gb_policy_free(p->no_policy);
	gb_annotations_release(&p->annotations);
	free(p->text);
}

void publish_footer(const struct gb_publish *p, struct gb_buf *out)
{
	_buf_ struct gb_buf url = GB_BUF_INIT(GB_KIB);

	gb_context_run_url(&p->where, &url);
	if (!*p->where.sha && !url.len)
		return;
	gb_buf_adds(out, "\n<sub>");
	if (*p->where.sha)
		gb_buf_addf(out, "commit <code>%.12s</code>", p->where.sha);
	if (url.len && !url.failed)
		gb_buf_addf(out, "%s<a href=\"%s\">the whole log and report of this run</a>",
			    *p->where.sha ? " · " : "", url.data);
	if (p->redacted)
		gb_buf_adds(out, " · what looked like a secret is blanked out");
	gb_buf_adds(out, "</sub>\n");
}

/* The same run told again at another speed is no news. */
static int digest(struct gb_publish *p, size_t room, struct gb_err *err)
{
	_buf_ struct gb_buf timeless = GB_BUF_INIT(GB_MAX_REPORT);
	struct gb_run *run = p->loaded ? p->loaded->run : p->no_run;
	int64_t took = run->wall_ms;

	run->wall_ms = 0;
	gb_report_markdown(&p->report, room, &timeless);
	run->wall_ms = took;
	if (timeless.failed)
		return gb_buf_error(&timeless, "a comment", err);
	p->marker.digest = gb_marker_digest(timeless.data);
	return 0;
}

int publish_text(struct gb_publish *p, struct gb_err *err)
{
	_buf_ struct gb_buf body = GB_BUF_INIT(GB_MAX_REPORT), text = GB_BUF_INIT(GB_MAX_REPORT);
	size_t room = GB_MAX_MARKDOWN - MARKER_ROOM - FOOTER_ROOM;
	int rc = digest(p, room, err);

	if (rc < 0)
		return rc;
	gb_report_markdown(&p->report, room, &body);
	publish_footer(p, &body);
	memcpy(p->marker.key, p->key, sizeof(p->key));
	memcpy(p->marker.head, p->where.sha, sizeof(p->where.sha));
	p->marker.status = p->report.exit_status;
	p->marker.run = p->where.run;
	p->marker.attempt = p->where.attempt;
	if (body.failed)
		return gb_buf_error(&body, "a comment", err);
	gb_marker_write(&p->marker, body.data, &text);
	p->text = gb_buf_detach(&text);
	return p->text ? 0 : gb_buf_error(&text, "a comment", err);
}
