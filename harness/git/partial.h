/*
 * partial - what a partial clone has left at its remote, fetched where it is needed.
 *
 * git itself fetches it, as a child: libgit2 (1.5) knows of no promisors, and its transports know
 * neither the user's credential helpers nor his SSH configuration.  It is what any git command that
 * reads such a file does by itself; only objects are added, no reference, no configuration.
 */
#ifndef GB_GIT_PARTIAL_H
#define GB_GIT_PARTIAL_H

#include "git/repo.h"

#include <stddef.h>

bool gb_repo_is_partial(const struct gb_repo *repo);

struct gb_partial {
	const char *commit; /* 40 digits */
	const char *until;  /* with `history`: what this one reaches is not needed; or NULL */
	const char *path;   /* a folder from the top; NULL: all */
	bool history;	    /* of all commits that it reaches, not of it alone */
	bool trees;	    /* names only, no contents */
};

/*
 * Sees to it that all of that is here.  0 at once in a clone that is not partial.  GB_ESYS with
 * git's words and a hint: the remote does not give it.
 */
int gb_partial_bring(const struct gb_repo *repo, const struct gb_partial *p, struct gb_err *err);

#endif
