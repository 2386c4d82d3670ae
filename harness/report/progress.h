/*
 * progress - what people see while packages build and run.
 *
 * On a TTY one live line on stderr ("building 12 packages … 14s", "7/12 running store, api … 21s"); in a log
 * nothing of ours, since go test's own lines are the line per package.  All
 * functions are safe to call with a quiet progress.
 */
#ifndef GB_REPORT_PROGRESS_H
#define GB_REPORT_PROGRESS_H

#include "base/term.h"

#include <stdint.h>

struct gb_progress {
	struct gb_term term;
	bool on;
	const char *phase; /* "measuring", "rerun 2 of 4", "alone: TestCache" */
	int64_t started_ms;
	int64_t drawn_ms;
	int64_t left_ms;     /* about so long still; 0: nobody knows */
	size_t done, total;  /* packages; total 0: not known yet */
	char running[4][64]; /* short names of some that run now */
	size_t n_running;
	char finished[16][64]; /* the last ones: a quick package is done before it is seen to run */
	size_t n_finished;     /* of all */
};

void gb_progress_start(struct gb_progress *p, bool on, const char *phase, size_t total);
void gb_progress_running(struct gb_progress *p, const char *package); /* its test binary started */
void gb_progress_done(struct gb_progress *p, const char *package);    /* its result is in */
void gb_progress_tick(struct gb_progress *p);  /* redraw, at most 8 times a second */
void gb_progress_pause(struct gb_progress *p); /* take the line away: something is printed */
void gb_progress_end(struct gb_progress *p);

#endif
