/* status - is the work tree what HEAD has? */
#ifndef GB_GIT_STATUS_H
#define GB_GIT_STATUS_H

#include "git/repo.h"

/* A file that is changed, staged, or neither tracked nor ignored, the caller's to free; NULL in
 * *ret: there is none. */
int gb_repo_dirty(const struct gb_repo *repo, char **ret, struct gb_err *err);

#endif
