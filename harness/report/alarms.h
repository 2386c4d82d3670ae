/*
 * alarms - what `trends --json` says is broken, for an issue each.
 *
 *	load		the JSON, read as what a stranger wrote: every index and number is checked
 *	say		title, and one line for a log
 *	markdown	an issue of one metric; one of many that share it; the summary of a job
 *
 * A metric is broken while it is over its budget, or has grown for good a few nights ago
 * (budget/alarm.h says so, when the JSON is written).  All markdown goes through markdown.h: no
 * name of a test or a commit can be more than a name.
 */
#ifndef GB_REPORT_ALARMS_H
#define GB_REPORT_ALARMS_H

#include "budget/alarm.h"

struct gb_buf;
struct gb_json;

#define GB_ALARM_POINTS ((size_t)30) /* of the newest nights are kept, to be drawn */

struct gb_alarm_change {
	bool drift;
	bool can_bisect;
	const char *from, *to; /* 40 digits */
	int64_t before, after;
	int64_t when;	     /* of `to`, seconds */
	const char *subject; /* of `to` */
	/* Who did it: */
	const char *commit, *author, *by_subject, *evidence; /* NULL: not known */
	size_t left;					     /* of so many commits it is one */
};

/* One metric of one test, broken or not; texts belong to the JSON. */
struct gb_alarm {
	const char *package, *test;
	enum gb_metric metric;
	enum gb_alarm_kind kind;
	int64_t now, budget;
	bool has_budget;
	bool has_window;
	int64_t window; /* what the nights before allow */
	bool stale;	/* not measured in the newest nights */
	int64_t points[GB_ALARM_POINTS];
	size_t n; /* points, oldest first */
	bool has_change;
	struct gb_alarm_change change; /* the last one, where it is upwards */
};

struct gb_alarms {
	struct gb_json *json;
	const char *env;    /* NULL: nothing was measured */
	const char *newest; /* the newest night's commit; NULL */
	bool whole;	    /* what is not among v is measured no more */
	size_t nights, news;
	struct gb_alarm *v; /* worst movers first; those over their budget before all others */
	size_t n, broken, over;
};

/* GB_EUSAGE with the place in the text, GB_ELIMIT, GB_ENOMEM.  *ret is the caller's to release. */
int gb_alarms_load(const char *name, const char *text, size_t len, struct gb_alarms *ret,
		   struct gb_err *err);
void gb_alarms_release(struct gb_alarms *a);

/* Is it over, and not for its budget? */
bool gb_alarm_is_by_window(const struct gb_alarm *a);
/* "alloc_space of TestCache in m/store: 12.0 KiB, over its budget of 10,000 B; +33.3% since 2025-10-29". */
void gb_alarm_say(const struct gb_alarm *a, struct gb_buf *out);
/* "alloc_space of TestCache (example.com/shop/store)", safe and short enough for a title. */
void gb_alarm_title(const struct gb_alarm *a, struct gb_buf *out);

struct gb_alarm_look {
	const char *repository; /* "https://github.com/me/shop"; NULL: no links */
	size_t max;		/* bytes */
};

/* The issue of one metric, broken or good again. */
void gb_alarm_markdown(const struct gb_alarms *all, const struct gb_alarm *a,
		       const struct gb_alarm_look *look, struct gb_buf *out);
/* The one that v[which[0..n)] share; n of 0: nothing is left of it. */
void gb_alarms_markdown_rest(const struct gb_alarms *all, const size_t *which, size_t n,
			     const struct gb_alarm_look *look, struct gb_buf *out);
/* All of them, for the summary of a job. */
void gb_alarms_markdown(const struct gb_alarms *all, const struct gb_alarm_look *look,
			struct gb_buf *out);

#endif
