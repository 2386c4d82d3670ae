/* repo_git - libgit2's own handle, for the other files of git/.  Not for anybody else. */
#ifndef GB_GIT_REPO_GIT_H
#define GB_GIT_REPO_GIT_H

#include "git/repo.h"

#include <git2.h>

git_repository *gb_repo_git(const struct gb_repo *repo);
/* What libgit2 last complained of. */
const char *gb_git_words(void);
/* "WHAT THING: libgit2's words", of commits their first 12 digits; with a hint where an
 * object is missing.  GB_ESYS. */
int gb_git_lacks(const struct gb_repo *repo, const char *thing, const char *what,
		 struct gb_err *err);

#endif
