/*
 * shallow - merge bases in clones whose history ends early.
 *
 * libgit2's own walks fail on the first commit whose parents are not here.  These take such a commit
 * for a root.  For the other files of git/ only.
 */
#ifndef GB_GIT_SHALLOW_H
#define GB_GIT_SHALLOW_H

#include "git/repo_git.h"

#include <stddef.h>

/*
 * The merge base of both, and how many commits `of` has that it has not.  In a shallow clone it is
 * the newest common commit that is here.  GB_ENOTFOUND: none.  GB_ESYS, GB_ENOMEM.
 */
int gb_git_merge_base(const struct gb_repo *repo, const git_oid *of, const git_oid *with,
		      git_oid *ret, size_t *ret_ahead, struct gb_err *err);

#endif
