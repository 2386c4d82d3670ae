/*
 * alarm_plan - which broken metric has an issue of its own, and which share one.
 *
 *  - one that has an issue keeps it
 *  - of those that are new the worst get one, as many as may be opened in a night; what was made since
 *    the night began counts, so that two jobs at once, or the same night again, open no more
 *  - what somebody closed as not planned stays closed for ALARM_QUIET_DAYS
 *  - the rest shares one issue, and stays in it until it is good: else each night after a bad one
 *    would open as many again
 *
 * Who is in the shared issue stands in its text, in a comment that nobody sees.  Pure.
 */
#ifndef GB_CMD_ALARM_PLAN_H
#define GB_CMD_ALARM_PLAN_H

#include "base/strlist.h"
#include "github/issue.h"

struct gb_alarm;
struct gb_buf;

#define ALARM_MOST	 10 /* issues that a night may open, where nothing else is said */
#define ALARM_QUIET_DAYS 30
#define ALARM_SHARED	 ((size_t)2000) /* are remembered as sharing the one */

/* What all keys of one publish begin with; `key` is --key's. */
int alarm_prefix(const char *key, char ret[GB_KEY_MAX + 1], struct gb_err *err);
/* The key of a metric of a test. */
int alarm_key(const char *prefix, const struct gb_alarm *a, char ret[GB_KEY_MAX + 1],
	      struct gb_err *err);
/* Those of the shared issue, and of the one that says that nothing was measured. */
void alarm_shared_key(const char *prefix, char ret[GB_KEY_MAX + 1]);
void alarm_unmeasured_key(const char *prefix, char ret[GB_KEY_MAX + 1]);

enum alarm_place { ALARM_KEEPS, ALARM_OPENS, ALARM_SHARES, ALARM_QUIET };

struct alarm_planning {
	const char (*keys)[GB_KEY_MAX + 1]; /* of what is broken, worst first: n of them */
	size_t n;
	const struct gb_issue_entries *open;
	const struct gb_issue_entries *closed; /* in the days in which that counts */
	const struct gb_strlist *shared;       /* what shares one already: ends of keys */
	const char *night; /* what was created from then on is tonight's: "2026-..." */
	size_t most;
};

/* Was the last one of this key closed as not planned? */
bool alarm_is_quiet(const struct gb_issue_entries *closed, const char *key);
void alarm_plan(const struct alarm_planning *p, enum alarm_place *ret);

/* The comment, and what one says; of a text that somebody edited, nothing. */
void alarm_add_shared(struct gb_buf *out, const char (*keys)[GB_KEY_MAX + 1], const size_t *which,
		      size_t n);
int alarm_read_shared(const struct gb_sticky_item *item, struct gb_strlist *ret,
		      struct gb_err *err);

#endif
