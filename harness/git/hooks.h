/*
 * hooks - where git looks for the hooks of a repository.
 *
 * core.hooksPath if it is set, counted from the top of the work tree (from the repository of a bare
 * one), else hooks/ in the folder that all linked work trees share.
 */
#ifndef GB_GIT_HOOKS_H
#define GB_GIT_HOOKS_H

#include "git/repo.h"

struct gb_hooks {
	char *dir;	/* absolute; it need not be there */
	char *setting;	/* core.hooksPath as written, or NULL */
	bool elsewhere; /* it comes from the user's or the system's configuration: other
			 * repositories have the same hooks */
};

/* GB_ESYS. */
int gb_hooks_find(const struct gb_repo *repo, struct gb_hooks *ret, struct gb_err *err);
void gb_hooks_release(struct gb_hooks *h);

/* The folder that all linked work trees share (".git"), absolute and without a final slash. */
int gb_repo_common(const struct gb_repo *repo, char **ret, struct gb_err *err);

#endif
