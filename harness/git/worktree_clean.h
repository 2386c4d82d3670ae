/* worktree_clean - takes out of a scratch work tree what its commit does not have. */
#ifndef GB_GIT_WORKTREE_CLEAN_H
#define GB_GIT_WORKTREE_CLEAN_H

#include <git2.h>

struct gb_err;

/*
 * Removes all below `top` but .git that is not in `names` (an index in memory), or is of another
 * kind there: a folder or a symlink where a file belongs, what lies in a submodule.  Ignore rules
 * have no say.  Folders that stay are made accessible.  Follows no symlink.
 */
int worktree_clean(const char *top, git_index *names, struct gb_err *err);

#endif
