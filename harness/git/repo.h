/*
 * repo - the user's repository, read and never written to.
 *
 * Nothing here touches the work tree, the index, references or configuration:
 * a commit's files are written into a folder of ours, without a worktree entry.
 * Sparse and partial clones and linked worktrees can be opened.
 */
#ifndef GB_GIT_REPO_H
#define GB_GIT_REPO_H

#include <stdbool.h>

struct gb_err;
struct gb_repo;

/*
 * The repository whose work tree holds `dir`.  GB_ENOTFOUND: there is none.  GB_ESYS where it
 * may not be opened (it belongs to another user, uses SHA-256), with a hint.
 */
int gb_repo_open(const char *dir, struct gb_repo **ret, struct gb_err *err);
/* The same, and bare ones too: gb_repo_top() is "" then. */
int gb_repo_open_any(const char *dir, struct gb_repo **ret, struct gb_err *err);
void gb_repo_free(struct gb_repo *repo);
void gb_cleanup_repo(struct gb_repo **prepo);
#define _repo_ __attribute__((cleanup(gb_cleanup_repo)))

/* The top of the work tree, without a final slash; as git knows it, symlinks resolved. */
const char *gb_repo_top(const struct gb_repo *repo);
/* Where its references and objects are: one folder for all its work trees. */
const char *gb_repo_dir(const struct gb_repo *repo);
bool gb_repo_is_shallow(const struct gb_repo *repo);

/*
 * What `rev` names, as git rev-parse reads it, as the 40 digits of a commit.  GB_ENOTFOUND with a
 * hint where the clone is shallow.
 */
int gb_repo_commit(const struct gb_repo *repo, const char *rev, char ret[41], struct gb_err *err);

/*
 * Writes all files of a commit below `into`, an empty folder, as checkout would: line ends and
 * attributes too.  Submodules stay empty.  GB_ESYS.
 */
int gb_repo_export(const struct gb_repo *repo, const char *commit, const char *into,
		   struct gb_err *err);

#endif
