/*
 * moved - which tests measured something else than before, and from which commit on.
 *
 * Commits are added in order, each compared with the last one that was measured in the same
 * environment.  Goroutines count as moved at once, bytes, objects and escapes when by more than 1%:
 * what hangs on chance stays below that.  Peaks and the number of goroutines created hang on the
 * scheduler, and what belongs to no test on how it was started: both are left out.
 */
#ifndef GB_CMD_MOVED_H
#define GB_CMD_MOVED_H

#include "budget/note.h"

struct gb_buf;
struct gb_repo;
struct gb_term;

struct moved_row {
	struct gb_note_value now; /* owned */
	int64_t before;
	char commit[41];
	size_t missed; /* so many before it could not be measured: it may be any of them */
};

struct moved {
	struct gb_note last;
	struct moved_row *rows;
	size_t n, cap;
	size_t missed;
};

/* `env` NULL: all of the note. */
int moved_add(struct moved *m, const char *commit, const char *env, const struct gb_note *note,
	      struct gb_err *err);
void moved_miss(struct moved *m); /* a commit of which nothing is known */
void moved_say(const struct moved *m, const struct gb_repo *repo, const struct gb_term *term,
	       struct gb_buf *out);
void moved_release(struct moved *m);

#endif
