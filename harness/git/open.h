/*
 * open - finds the repository of a folder, as git would.
 *
 * For "." git's own variables count, as in a hook: GIT_DIR, GIT_WORK_TREE, GIT_INDEX_FILE.  With
 * GIT_DIR alone the work tree is the one that the repository names, or that holds its .git and us;
 * else it is the current folder.
 *
 * Whether a repository of another user may be opened is git's word: it alone reads GIT_CONFIG_GLOBAL
 * and `git -c`, and knows of sudo.  It is asked (as a child) only where libgit2 refuses.
 */
#ifndef GB_GIT_OPEN_H
#define GB_GIT_OPEN_H

#include <git2.h>

struct gb_err;

/* GB_ENOTFOUND: in none.  GB_ESYS with a hint: it may not be opened, or libgit2 cannot. */
int gb_git_open(const char *dir, git_repository **ret, struct gb_err *err);

#endif
