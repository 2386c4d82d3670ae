/*
 * trends - what was measured night by night, rendered.
 *
 *	text		series that changed for good, worst first: the change, its commits, how to go on
 *	JSON		budgets/schema/trends.json
 *	OpenMetrics	the last night of each series, as openmetrics.io has it, "# EOF" included
 *	HTML		a page with a chart for each: one file, no network
 *
 * Everything from commits and notes is made safe for where it goes.
 */
#ifndef GB_REPORT_TRENDS_H
#define GB_REPORT_TRENDS_H

#include "budget/alarm.h"
#include "report/bisected.h"

struct gb_buf;

struct gb_trends_look {
	bool colour, utf8;
	bool all;	     /* series without a change, too */
	const char *commits; /* "https://github.com/me/shop/commit/", or NULL: no links */
	size_t newest;	     /* changes told in so many nights are news (alarm.h) */
	bool whole;	     /* nothing was left out: what is not there, was not measured */
	const struct gb_bisections *found; /* NULL: nobody looked for commits */
};

void gb_trends_text(const struct gb_trends *t, const struct gb_trends_look *look,
		    struct gb_buf *out);
void gb_trends_json(const struct gb_trends *t, const struct gb_trends_look *look,
		    struct gb_buf *out);
void gb_trends_openmetrics(const struct gb_trends *t, struct gb_buf *out);
void gb_trends_html(const struct gb_trends *t, const struct gb_trends_look *look,
		    struct gb_buf *out);

/* The newest points as a line of little bars, `most` of them. */
void gb_trends_draw(const int64_t *v, size_t n, size_t most, bool utf8, struct gb_buf *out);
/* "step", "drift", "upgrade": as JSON has it. */
const char *gb_trends_kind(const struct gb_change *c);
/* "go1.26", of the night's environment; 32 bytes. */
char *gb_trends_go(char *out, size_t size, const struct gb_night *night);
/* "; under go1.25 until 2026-01-31", for each older Go; safe everywhere. */
void gb_trends_eras(const struct gb_trends *t, struct gb_buf *out);
/* "+33.3%", "-12.0%"; from a level of 0 "from 0". */
char *gb_trends_percent(char *out, size_t size, const struct gb_change *c);
/* "2026-03-04", UTC as the commit's zone has it; "no date" for what is none. */
char *gb_trends_day(char *out, size_t size, const struct gb_night *night);
/* The night before the change, from which it is looked for; a change never is the first night. */
const struct gb_night *gb_trends_before(const struct gb_trends *t, const struct gb_series *s,
					const struct gb_change *c);
const struct gb_night *gb_trends_after(const struct gb_trends *t, const struct gb_series *s,
				       const struct gb_change *c);
/* Did one commit make it, and can it be found?  Not of a drift, an upgrade of Go, a
 * time, or what is another at each run. */
bool gb_trends_can_bisect(const struct gb_series *s, const struct gb_change *c);
/* "-race", "-tags=integration": what go test was given on that night and bisect has to give, too. */
#define GB_TRENDS_FLAGS 2
#define GB_TRENDS_FLAG	256
size_t gb_trends_flags(const struct gb_night *night, char ret[GB_TRENDS_FLAGS][GB_TRENDS_FLAG]);
/* "gobudget bisect TestCache example.com/shop/store GOOD..BAD --metric alloc_space", its words quoted
 * for a shell; nothing where it cannot be bisected. */
void gb_trends_bisect(const struct gb_trends *t, const struct gb_series *s,
		      const struct gb_change *c, struct gb_buf *out);

#endif
