/*
 * capture - what `gobudget capture` shows: text, JSON, Markdown.
 *
 * Names come from the service and are made safe for each format.
 */
#ifndef GB_REPORT_CAPTURE_H
#define GB_REPORT_CAPTURE_H

#include "base/strlist.h"
#include "budget/capture.h"

struct gb_buf;

struct gb_capture_look {
	const char *url;
	const struct gb_strlist *notes; /* sentences: what was not there */
	size_t rows;			/* of each table at most; 0: all */
	bool colour;
};

void gb_capture_text(const struct gb_capturing *c, const struct gb_capture_look *look,
		     struct gb_buf *out);
/* Without the tables: what is over, and how it ended. */
void gb_capture_quiet(const struct gb_capturing *c, const struct gb_capture_look *look,
		      struct gb_buf *out);
/* budgets/schema/capture.json; all rows. */
void gb_capture_json(const struct gb_capturing *c, const struct gb_capture_look *look,
		     struct gb_buf *out);
/* At most GB_MAX_MARKDOWN. */
void gb_capture_markdown(const struct gb_capturing *c, const struct gb_capture_look *look,
			 struct gb_buf *out);

/* report/capture_say.c: the same words everywhere; names are not made safe. */

/* "goroutines: 160 is over the budget of 100 (+60), in the capture of 10:02:23". */
void gb_capture_say_verdict(const struct gb_capturing *c, const struct gb_capture_verdict *v,
			    struct gb_buf *out);
/* "1.2 MiB", "1,234", "1.25s" of this kind's values. */
void gb_capture_say_value(const struct gb_capturing *c, enum gb_capture_kind kind, int64_t value,
			  bool is_delta, struct gb_buf *out);
/* "PASS", "FAIL", or "SHOWN" where nothing was there to be judged by. */
const char *gb_capture_say_outcome(const struct gb_capturing *c);
/* "chan receive, 5m": state, longest wait, and what is known of its end. */
void gb_capture_say_state(const struct gb_capture_group *g, struct gb_buf *out);
/* "store.(*Cache).watch at store/cache.go:41"; "main" for the main goroutine. */
void gb_capture_say_created(const struct gb_capture_group *g, struct gb_buf *out);
void gb_capture_say_place(const struct gb_site *s, struct gb_buf *out);

#endif
