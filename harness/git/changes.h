/*
 * changes - what differs between a commit and the work tree.
 *
 * Uncommitted and untracked files count.  The index is read and never written; a file whose
 * time stamp lies is compared by content.  Nothing is taken for renamed: a file that moved is
 * gone from one place and new in another.
 */
#ifndef GB_GIT_CHANGES_H
#define GB_GIT_CHANGES_H

#include "git/repo.h"

enum gb_change_kind {
	GB_CHANGE_EDITED, /* its type and mode, too */
	GB_CHANGE_ADDED,
	GB_CHANGE_GONE,
	GB_CHANGE_FOLDER,  /* a submodule or a repository in the repository: what, is not known */
	GB_CHANGE_IGNORED, /* .gitignore names it: nobody knows what the commit's author had */
};

/*
 * Calls on_change for each; `path` counts from the top and has no final slash.  A folder that is
 * ignored whole comes as one IGNORED path.  Stops at the first negative answer and returns
 * it.  GB_ESYS: the commit's files are not here (shallow or partial clone), with a hint.
 */
int gb_repo_changes(const struct gb_repo *repo, const char *commit,
		    int (*on_change)(void *arg, const char *path, enum gb_change_kind kind,
				     struct gb_err *err),
		    void *arg, struct gb_err *err);

#endif
