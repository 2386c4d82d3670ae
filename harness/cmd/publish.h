/*
 * publish - what the channels of `gobudget publish` share.
 *
 * A channel that fails tells why in one line and lets the next one go on; nothing it does changes
 * the exit status, which is the report's own.
 */
#ifndef GB_CMD_PUBLISH_H
#define GB_CMD_PUBLISH_H

#include "base/strlist.h"
#include "github/context.h"
#include "github/marker.h"
#include "github/rest.h"
#include "report/alarms.h"
#include "report/annotate.h"
#include "report/load.h"

struct gb_publish {
	/* what was asked for */
	const char *path;    /* of the result */
	const char *comment; /* always, auto, never; NULL: auto */
	const char *author, *dir, *label, *waits;
	char key[GB_KEY_MAX + 1];
	int64_t pull, timeout_ms;
	bool check_run, status, issue, alarms;
	int64_t most; /* issues that alarms may open in a night */
	bool no_summary, no_annotations, no_outputs;

	struct gb_context where;
	struct gb_rest *rest; /* NULL: not opened, or cannot be */
	struct gb_rest_clock clock;
	bool rest_failed;
	char *name; /* of check run and status: "gobudget", or "gobudget (KEY)" */

	struct gb_alarms told; /* --alarms: instead of what follows */

	struct gb_loaded *loaded; /* NULL: the result could not be read */
	struct gb_run *no_run;	  /* then this stands for it */
	struct gb_verdicts no_verdicts;
	struct gb_policy *no_policy;
	struct gb_report report;
	size_t redacted;
	bool well; /* nothing fails, nothing warns */
	struct gb_marker marker;
	char *text;			   /* for comment and issue: marker and all */
	struct gb_annotations annotations; /* worst first */

	struct gb_strlist troubles; /* channels that failed, a line each */
	char *comment_url;
	bool delivered; /* somebody will see the verdict somewhere on GitHub */
};

/* Reads the result, or makes a report of why it cannot be read: *ret_unread is that error's
 * code then, and `why` its line. */
int publish_load(struct gb_publish *p, int *ret_unread, struct gb_err *why, struct gb_err *err);
/* What comment and issue say.  After the pull request is known. */
int publish_text(struct gb_publish *p, struct gb_err *err);
void publish_release_result(struct gb_publish *p);

/* Comment, check run, status, issue.  GB_EINTR, GB_ENOMEM; all else is told. */
int publish_api(struct gb_publish *p, struct gb_err *err);

/*
 * --alarms: the same for what trends wrote.  The result's own exit status is 1 while something is
 * over its budget, 0 otherwise.  *ret_unread and `why` are as of publish_load().
 */
int publish_alarms(struct gb_publish *p, int *ret_unread, struct gb_err *why, struct gb_err *err);
/* An issue for each broken metric; `unread` is why there is no result, or NULL. */
int publish_alarm_issues(struct gb_publish *p, const struct gb_err *unread, struct gb_err *err);

/* Summary, annotations, outputs. */
int publish_runner(struct gb_publish *p, struct gb_err *err);

/* ---- what channels share */

/* For the first one that needs the API; what is wrong is told once.  False: go without, *ret_rc. */
bool publish_ready(struct gb_publish *p, const char *channel, int *ret_rc, struct gb_err *err);
/* Told, unless it is nobody's business but ours to end now. */
int publish_settle(struct gb_publish *p, const char *channel, int rc, const struct gb_err *why,
		   struct gb_err *err);
/* Whose issues are ours; *own is the caller's to free. */
const char *publish_author(struct gb_publish *p, char **own, int *ret_rc, struct gb_err *err);
void publish_clock(struct gb_publish *p);
/* "commit X · the whole log of this run" */
void publish_footer(const struct gb_publish *p, struct gb_buf *out);
/* A text of at most PUBLISH_SUMMARY bytes, or the report where it is NULL, into the job's summary,
 * with the troubles there were. */
int publish_summary(struct gb_publish *p, const char *text, struct gb_err *err);
#define PUBLISH_SUMMARY ((size_t)65536)
int publish_outputs(struct gb_publish *p, struct gb_err *err);

/* One line in the log. */
int publish_say(const struct gb_publish *p, const char *channel, const char *text,
		struct gb_err *err);
/* A channel failed: told, and kept for the summary. */
int publish_trouble(struct gb_publish *p, const char *channel, const struct gb_err *why,
		    struct gb_err *err);

#endif
