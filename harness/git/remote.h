/*
 * remote - what this clone knows of a remote, without asking it.
 */
#ifndef GB_GIT_REMOTE_H
#define GB_GIT_REMOTE_H

#include "git/repo.h"

/* The branch that refs/remotes/REMOTE/HEAD names ("main"), else the one that HEAD is on; NULL in
 * *ret: neither.  Caller frees. */
int gb_remote_default(const struct gb_repo *repo, const char *remote, char **ret,
		      struct gb_err *err);

/* "git@github.com:me/shop.git"; NULL in *ret: no such remote.  Caller frees. */
int gb_remote_url(const struct gb_repo *repo, const char *remote, char **ret, struct gb_err *err);

#endif
