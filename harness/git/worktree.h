/*
 * worktree - a scratch work tree of one commit that the user's repository knows nothing of.
 *
 *	folder/tree/		the commit's files, as checkout would write them
 *	folder/tree/.git	a file that names folder/git
 *	folder/git/		HEAD (detached), commondir, gitdir, index: private
 *
 * To git and libgit2 folder/tree is a linked work tree of the user's repository: it has its
 * commits, references and configuration.  But the user's .git has no entry for it, so nothing
 * dangles there after a kill -9, and `git worktree list` does not show it.  Nothing is written
 * outside `folder`, which is the caller's to make and to remove (gb_fs_scratch()).
 *
 * Submodules stay empty, and filters that are programs (LFS) do not run.  Works from bare
 * repositories, linked work trees and submodules.
 *
 * Children that run in it must not inherit GIT_DIR and the like, which a hook's environment has.
 */
#ifndef GB_GIT_WORKTREE_H
#define GB_GIT_WORKTREE_H

#include "git/repo.h"

struct gb_worktree;

/*
 * `folder` exists and holds neither tree nor git.  `commit` has 40 digits.  The repository may be
 * closed before.  GB_ESYS, with a hint where the clone lacks the commit's files.
 */
int gb_worktree_open(const struct gb_repo *repo, const char *commit, const char *folder,
		     struct gb_worktree **ret, struct gb_err *err);

/*
 * Goes to another commit in the same folder (the Go build cache knows packages by it): only files
 * that differ are written.  Whatever else lies there, untracked or ignored, edited, taken away or
 * made unwritable by tests, is as in a fresh checkout afterwards; also when the commit is the same.
 * After a failure the tree is worth nothing until another call succeeds.
 */
int gb_worktree_move(struct gb_worktree *wt, const char *commit, struct gb_err *err);

const char *gb_worktree_top(const struct gb_worktree *wt);    /* folder/tree, absolute */
const char *gb_worktree_commit(const struct gb_worktree *wt); /* where it is */

void gb_worktree_free(struct gb_worktree *wt); /* the files stay */
void gb_cleanup_worktree(struct gb_worktree **pwt);
#define _worktree_ __attribute__((cleanup(gb_cleanup_worktree)))

#endif
