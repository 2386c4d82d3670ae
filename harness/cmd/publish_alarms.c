/* What trends say is broken: read, told in the log and in the job's summary; issues are another file. */
#include "cmd/publish.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/fs.h"
#include "base/limits.h"
#include "github/redact.h"
#include "report/markdown.h"

#include <stdlib.h>

#define LINES ((size_t)20) /* in the log */

static int load(struct gb_publish *p, struct gb_err *err)
{
	_buf_ struct gb_buf text = GB_BUF_INIT(GB_MAX_RESULT);
	int rc = gb_fs_read(p->path, &text, err);

	if (rc < 0)
		return rc;
	p->redacted = gb_redact(text.data, text.len, p->where.token);
	return gb_alarms_load(p->path, text.data, text.len, &p->told, err);
}

static int say(struct gb_publish *p, struct gb_err *err)
{
	const struct gb_alarms *a = &p->told;
	_buf_ struct gb_buf line = GB_BUF_INIT(GB_MIB);
	int rc = 0;

	for (size_t i = 0; i < a->broken && i < LINES && rc >= 0; i++) {
		gb_buf_clear(&line);
		gb_alarm_say(&a->v[i], &line);
		rc = publish_say(p, a->v[i].kind == GB_ALARM_OVER ? "over" : "grew", line.data,
				 err);
	}
	if (rc < 0)
		return rc;
	gb_buf_clear(&line);
	gb_buf_addf(&line, "%zu over budget, %zu more grown for good, of %zu series", a->over,
		    a->broken - a->over, a->n);
	if (a->broken > LINES)
		gb_buf_addf(&line, "; %zu of them are told here", LINES);
	return publish_say(p, "alarms", line.data, err);
}

static int summary(struct gb_publish *p, const struct gb_err *unread, struct gb_err *err)
{
	const struct gb_alarm_look look = { .max = PUBLISH_SUMMARY - GB_KIB };
	_buf_ struct gb_buf text = GB_BUF_INIT(GB_MAX_REPORT);

	if (unread) {
		gb_buf_adds(&text, "### gobudget: nothing was measured\n\n");
		gb_md_prose(&text, unread->line);
		gb_buf_addc(&text, '\n');
	} else {
		gb_alarms_markdown(&p->told, &look, &text);
	}
	return text.failed ? gb_buf_error(&text, "the summary", err)
			   : publish_summary(p, text.data, err);
}

int publish_alarms(struct gb_publish *p, int *ret_unread, struct gb_err *why, struct gb_err *err)
{
	int rc = load(p, why);

	*ret_unread = 0;
	if (rc == GB_ENOMEM || rc == GB_EINTR) {
		*err = *why;
		return rc;
	}
	*ret_unread = rc;
	p->no_verdicts.failing = p->told.over;
	p->report =
		(struct gb_report){ .verdicts = &p->no_verdicts,
				    .exit_status = rc < 0 ? gb_exit_status(rc) : p->told.over > 0 };
	publish_clock(p);
	if (rc >= 0 && (rc = say(p, err)) < 0)
		return rc;
	if ((rc = publish_alarm_issues(p, *ret_unread < 0 ? why : NULL, err)) < 0 ||
	    (rc = summary(p, *ret_unread < 0 ? why : NULL, err)) < 0)
		return rc;
	return publish_outputs(p, err);
}
