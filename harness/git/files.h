/*
 * files - the files of a folder as a commit has them, without a checkout.
 */
#ifndef GB_GIT_FILES_H
#define GB_GIT_FILES_H

#include "git/repo.h"

#include <stddef.h>

/*
 * Calls on_file for every regular file below `folder` ("" is the top) whose name ends in `suffix`,
 * in git's order; `path` counts from the folder.  A folder that is not there has no files.  Stops
 * at the first negative answer and returns it.  GB_ELIMIT: a file of more than `max` bytes.
 * GB_ESYS: an object that is not here (partial or shallow clone), with a hint.
 */
int gb_repo_files(const struct gb_repo *repo, const char *commit, const char *folder,
		  const char *suffix, size_t max,
		  int (*on_file)(void *arg, const char *path, const char *text, size_t len,
				 struct gb_err *err),
		  void *arg, struct gb_err *err);

#endif
