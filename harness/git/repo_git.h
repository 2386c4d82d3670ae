/* repo_git - libgit2's own handle, for the other files of git/.  Not for anybody else. */
#ifndef GB_GIT_REPO_GIT_H
#define GB_GIT_REPO_GIT_H

#include "git/repo.h"

#include <git2.h>

git_repository *gb_repo_git(const struct gb_repo *repo);
/* What libgit2 last complained of. */
const char *gb_git_words(void);

#endif
