/* have - is everything that would be measured here in a note already? */
#ifndef GB_CMD_HAVE_H
#define GB_CMD_HAVE_H

#include "budget/note.h"
#include "cmd/job.h"

/*
 * After job_open() with `later`.  Yes where the note in `file` has this environment and a test of
 * every package with tests that is asked for; what it has of them is in *ret_note then, and in the
 * run, to be judged.  The run gets the environment.  What the go command cannot list is not known.
 */
int have_all(struct gb_job *j, const char *file, bool *ret, struct gb_note *ret_note,
	     struct gb_err *err);

#endif
