/*
 * push - what a push brings to a remote: commits, and what each is to be compared with.
 *
 * git hands a pre-push hook one line for each reference:
 *
 *	<local ref> <local id> <remote ref> <remote id>
 *
 * Ids of zeros stand for nothing: no local one deletes the reference, no remote one makes it.  The
 * local ref is as the user wrote it and may hold blanks.
 *
 * The base of a commit is what the remote has of it already, as far as this clone knows: of these the
 * one that leaves the fewest commits, the first of equals:
 *
 *	the merge base with what the reference was on the remote, if that is here
 *	the merge base with the remote's default branch
 *	the merge base with the local branch's upstream
 *	of a new reference: the nearest of its first parents that a reference of the remote holds
 *
 * So a branch that was rebased before it was pushed by force, or that has merged the default branch,
 * is not blamed for what came from there.
 */
#ifndef GB_GIT_PUSH_H
#define GB_GIT_PUSH_H

#include "git/repo.h"

#include <stddef.h>

struct gb_push_ref {
	char *local, *remote; /* "refs/heads/main" */
	char local_id[41], remote_id[41];
};

struct gb_push {
	struct gb_push_ref *v;
	size_t n, cap;
};

/* GB_EPARSE with the line's number; GB_ELIMIT past GB_MAX_PUSH_REFS. */
int gb_push_parse(const char *text, size_t len, struct gb_push *ret, struct gb_err *err);
void gb_push_release(struct gb_push *p);

struct gb_push_commit {
	char commit[41];
	char base[41];	 /* "": the remote has nothing of it */
	char *name;	 /* "main", "main and 2 others": where it goes */
	char *base_name; /* "what origin has of main"; NULL: no base */
};

struct gb_push_plan {
	struct gb_push_commit *v;
	size_t n, cap;
	size_t left_out; /* references past GB_MAX_PUSH_COMMITS commits */
};

/*
 * The commits that are new to the remote, each once.  What is deleted, taken back to an older commit, a
 * tag of something the remote has or of no commit, and notes bring none.  `remote` is a name or
 * an address.  GB_ESYS.
 */
int gb_push_plan(const struct gb_repo *repo, const char *remote, const struct gb_push *push,
		 struct gb_push_plan *ret, struct gb_err *err);
void gb_push_plan_release(struct gb_push_plan *p);

#endif
