/*
 * anchor - a commit by a name that does not move.
 */
#ifndef GB_GIT_ANCHOR_H
#define GB_GIT_ANCHOR_H

#include "git/repo.h"

/*
 * `since` is a tag, a commit's 40 digits, or "YYYY-MM-DD": the last commit that was made (by the
 * committer's clock) before that day, UTC, on the line of first parents from HEAD.  GB_ENOTFOUND:
 * it is not in this clone, with a hint where that is shallow or has no tags.
 */
int gb_repo_anchor(const struct gb_repo *repo, const char *since, char ret[41], struct gb_err *err);

#endif
