/*
 * sparse - what HEAD has and a sparse checkout leaves out of the work tree.
 */
#ifndef GB_GIT_SPARSE_H
#define GB_GIT_SPARSE_H

#include "git/repo.h"

/*
 * Calls on_path for every file that is tracked, marked as left out (skip-worktree) and not there, in git's
 * order; `path` counts from the top.  Of a sparse index, which libgit2 (1.5) cannot read, HEAD's files that are
 * not there count.  Stops at the first negative answer and returns it.
 */
int gb_repo_left_out(const struct gb_repo *repo,
		     int (*on_path)(void *arg, const char *path, struct gb_err *err), void *arg,
		     struct gb_err *err);

#endif
