/*
 * patch - a change of one file as the text that `git apply` takes.
 *
 * Names in such a patch count from the top of the work tree, wherever git is
 * called; gb_git_top() says where that is.
 */
#ifndef GB_GIT_PATCH_H
#define GB_GIT_PATCH_H

#include <stddef.h>

struct gb_buf;
struct gb_err;

/*
 * Appends the patch that makes `now` of `old` (NULL: the file is new), or takes
 * it away (now NULL); nothing if they are equal.  `path` counts from the top.  GB_ESYS with libgit2's words, GB_ENOMEM.
 */
int gb_patch_add(struct gb_buf *out, const char *path, const char *old, const char *now,
		 struct gb_err *err);

/* The work tree that holds `dir`, without a final slash; NULL outside of one.  Caller frees. */
int gb_git_top(const char *dir, char **ret, struct gb_err *err);

#endif
