/* notes - what `check --note` keeps of a commit. */
#ifndef GB_CMD_NOTES_H
#define GB_CMD_NOTES_H

#include "budget/note.h"

/* The commit at hand, if the work tree has nothing beside it.  Else *ret_why_not says what, and
 * ret is ""; the caller's to free. */
int notes_commit(char ret[41], char **ret_why_not, struct gb_err *err);

/* Merges what a run measured into that commit's note. */
int notes_keep(const char *commit, const struct gb_run *run, struct gb_err *err);
int notes_keep_note(const char *commit, const struct gb_note *note, struct gb_err *err);

/* check --note: the commit before anything runs, since tests may leave files behind; and what was
 * measured of it.  What cannot be kept changes no verdict, and is said in `said`. */
struct gb_strlist;
int notes_begin(char ret[41], struct gb_strlist *said, struct gb_err *err);
int notes_end(const char *commit, const struct gb_run *run, struct gb_strlist *said,
	      struct gb_err *err);

#endif
