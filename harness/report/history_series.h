/* history_series - one budget, or what was measured, through time, as a line of blocks.  For history.c. */
#ifndef GB_REPORT_HISTORY_SERIES_H
#define GB_REPORT_HISTORY_SERIES_H

#include "report/history.h"

/*
 * A line for each budget that changed more than once and for each thing that was measured more
 * than once, at most GB_HISTORY_SERIES of either:
 * "TestCache  alloc_space  ▁▃█  9,216 B to 1.1 MiB in 2 changes".  Oldest at the left; a place
 * where there was no budget is a space.
 */
#define GB_HISTORY_SERIES ((size_t)20)
void gb_history_series(const struct gb_history *h, const struct gb_history_look *look,
		       struct gb_buf *out);

#endif
