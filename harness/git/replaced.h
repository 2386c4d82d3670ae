/*
 * replaced - does git show another history here than the one that was made?
 *
 * `git replace` and .git/info/grafts put other objects and other parents in the place of commits'
 * own, in this clone alone.  libgit2 (1.5) knows of neither, and neither do gobudget's own walks: a
 * commit is what its name says.  So that nobody compares that with git log's word unawares, it is told.
 *
 * GIT_NO_REPLACE_OBJECTS, core.useReplaceRefs, GIT_REPLACE_REF_BASE and GIT_GRAFT_FILE count as they
 * do for git.
 */
#ifndef GB_GIT_REPLACED_H
#define GB_GIT_REPLACED_H

#include "git/repo.h"

#include <stddef.h>

struct gb_replaced {
	size_t objects; /* that git replaces */
	size_t grafts;	/* commits with other parents */
};

/* All zero: git shows what was made, or what it would show cannot be read. */
void gb_repo_replaced(const struct gb_repo *repo, struct gb_replaced *ret);
/* "2 replaced objects (git replace) and 1 graft (.git/info/grafts)"; NULL: neither, or no memory.
 * Caller frees. */
char *gb_replaced_words(const struct gb_replaced *r);

#endif
