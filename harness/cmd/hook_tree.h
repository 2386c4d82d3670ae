/*
 * hook_tree - where the hook measures: one folder for each repository, at the same path every time.
 *
 * Go's build cache knows a module's packages by their folder, so the second push compiles only what
 * changed.  The folder is in the cache (base/cache.h), locked while it is used and emptied after;
 * what a killed hook left, of any repository, goes when the next one runs.  Where there is no
 * cache, or another push of the same repository is under way, it is a scratch folder like any other.
 */
#ifndef GB_CMD_HOOK_TREE_H
#define GB_CMD_HOOK_TREE_H

#include "git/repo.h"

struct gb_hook_tree {
	char *folder; /* empty */
	int lock;     /* -1: a scratch folder */
};

int hook_tree_open(const struct gb_repo *repo, struct gb_hook_tree *ret, struct gb_err *err);
void hook_tree_close(struct gb_hook_tree *t);

#endif
