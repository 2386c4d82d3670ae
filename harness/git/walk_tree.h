/*
 * walk_tree - raw commits and trees, read once each, for walk.c.
 *
 * libgit2's own objects parse every entry of a tree and keep it; a walk looks for one entry in each
 * of ten thousand.
 */
#ifndef GB_GIT_WALK_TREE_H
#define GB_GIT_WALK_TREE_H

#include "git/repo_git.h"

#include <stdint.h>

struct gb_err;

/* What stands at one step of a path; mode 0: nothing. */
struct gb_step {
	git_oid id;
	uint32_t mode;
};

/* Paths cut at their slashes.  Steps of all paths stand in one array, the top tree's is number 0. */
struct gb_trail {
	char **parts;
	size_t n_parts;
	size_t *ends; /* of each path: the number after its last part */
	size_t n_paths;
};

int gb_trail_init(struct gb_trail *t, const char *const *paths, size_t n, struct gb_err *err);
void gb_trail_release(struct gb_trail *t);

/*
 * Fills steps[1..n_parts] of the commit whose top tree is steps[0].  `near` are the steps of a
 * commit close to it, or NULL: where a tree is the same, the steps below are copied.
 */
int gb_trail_follow(const struct gb_trail *t, git_odb *odb, struct gb_step *steps,
		    const struct gb_step *near, struct gb_err *err);
/* Has each path's end the same in both?  b NULL: are all of a's empty? */
bool gb_trail_same(const struct gb_trail *t, const struct gb_step *a, const struct gb_step *b);

/* A raw commit's top tree, parents and committer's date. */
struct gb_raw_commit {
	git_oid tree;
	int64_t date;
	git_oid *parents; /* owned */
	size_t n_parents;
};

/* GB_ENOTFOUND: the commit is not here.  GB_EPARSE. */
int gb_raw_commit_read(git_odb *odb, const git_oid *id, struct gb_raw_commit *ret,
		       struct gb_err *err);

#endif
