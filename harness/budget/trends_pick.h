/*
 * trends_pick - which of a note's measurements are a night's.
 *
 * Nights are picked newest first.  The first that has an environment which is wanted decides for
 * all, with its newest Go; an older night may have it under an older Go alone (trends_eras.h).
 *
 * Benchmarks are built optimised at night (cmd/nightly), in an environment that is the tests' but
 * for the flags: a night's benchmarks are taken from there once one night has such, since numbers of
 * different builds are never compared.  Times are the medians of one CPU's samples, the newest's.
 */
#ifndef GB_BUDGET_TRENDS_PICK_H
#define GB_BUDGET_TRENDS_PICK_H

#include "base/strlist.h"
#include "budget/note.h"

struct gb_picker {
	const char *having; /* one with this in its text, or */
	const char *likely; /* the newest with this, with its older Gos; both may be NULL */
	char *env;	    /* what was decided; NULL: nothing yet */
	char *cpu;
	enum { GB_PICK_UNKNOWN, GB_PICK_FROM_TESTS, GB_PICK_FROM_OPTIMISED } benchmarks;
	struct gb_strlist met; /* environments, newest first */
};

struct gb_picked {
	const char *env; /* of the tests; NULL: nothing of this note is wanted */
	/* By package, test and metric, each once; names, environments too, are the note's. */
	struct gb_note_value *v;
	size_t n;
};

/* *ret->v is the caller's to free. */
int gb_pick(struct gb_picker *p, const struct gb_note *note, struct gb_picked *ret,
	    struct gb_err *err);
/* Is `env` what `tests` is but for being built without flags? */
bool gb_env_is_optimised_of(const char *env, const char *tests);
void gb_picker_release(struct gb_picker *p);

#endif
