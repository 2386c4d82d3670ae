/*
 * history - budgets commit by commit, rendered.
 *
 *	text	newest first, a block for each commit; below, a sparkline for each budget
 *	JSON	budgets/schema/history.json
 *	CSV	RFC 4180, a header line, a line for each changed budget; numbers are bytes or counts
 *
 * Everything from commits and files is made safe for where it goes.  In CSV a text that a
 * spreadsheet would take for a formula gets an apostrophe in front, as OWASP advises.
 */
#ifndef GB_REPORT_HISTORY_H
#define GB_REPORT_HISTORY_H

#include "budget/history.h"

struct gb_buf;

struct gb_history_look {
	bool colour, utf8;
	bool sparklines;
};

void gb_history_text(const struct gb_history *h, const struct gb_history_look *look,
		     struct gb_buf *out);
void gb_history_json(const struct gb_history *h, struct gb_buf *out);
void gb_history_csv(const struct gb_history *h, struct gb_buf *out);

#endif
