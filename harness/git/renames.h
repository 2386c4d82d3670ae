/*
 * renames - which files have another name in the work tree than at a commit, as git tells it: by
 * what is in them, half of it at least.
 *
 * Uncommitted and untracked files count.  The index is read and never written.
 */
#ifndef GB_GIT_RENAMES_H
#define GB_GIT_RENAMES_H

#include "git/repo.h"

struct gb_strlist;

/*
 * Calls on_rename for each; paths count from the top.  Only what is below one of `folders` is looked
 * at, "" being the top.  Stops at the first negative answer and returns it.  GB_ESYS: the
 * commit's files are not here (shallow or partial clone), with a hint.
 */
int gb_repo_renames(const struct gb_repo *repo, const char *commit,
		    const struct gb_strlist *folders,
		    int (*on_rename)(void *arg, const char *from, const char *to,
				     struct gb_err *err),
		    void *arg, struct gb_err *err);

#endif
