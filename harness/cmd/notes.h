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

/* As many bytes and commits as the policy allows; what is older goes. */
struct notes_bounds {
	size_t keep; /* of so many commits */
	int64_t max; /* bytes of all notes, as they are written; 0: any number */
};
struct notes_kept {
	size_t pruned;
	int64_t grew;  /* bytes that the repository took for it */
	int64_t total; /* bytes of all notes, as they are written */
};
/* GB_ELIMIT: what may not be pruned is too much already, and nothing was written. */
int notes_keep_bounded(const char *commit, const struct gb_note *note,
		       const struct notes_bounds *bounds, struct notes_kept *ret,
		       struct gb_err *err);

/* Merges with what the remote has, and pushes. */
int notes_push(const char *remote, struct gb_err *err);

/* Others are faster so many times before we give up. */
#define NOTES_TRIES 100
/* Apart from each other, so that those who met do not meet again. */
void notes_wait(int tries);
struct gb_notes;
struct gb_repo;
/* Reads our notes, lets `change` at them and writes them (1), until nobody came between. */
int notes_update(const struct gb_repo *repo, const char *message,
		 int (*change)(const struct gb_repo *repo, struct gb_notes *notes, void *arg,
			       struct gb_err *err),
		 void *arg, int64_t *ret_grew, struct gb_err *err);

/* check --note: the commit before anything runs, since tests may leave files behind; and what was
 * measured of it.  What cannot be kept changes no verdict, and is said in `said`. */
struct gb_strlist;
int notes_begin(char ret[41], struct gb_strlist *said, struct gb_err *err);
int notes_end(const char *commit, const struct gb_run *run, struct gb_strlist *said,
	      struct gb_err *err);

#endif
