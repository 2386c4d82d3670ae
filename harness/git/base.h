/*
 * base - the commit that a change is judged against, and why that one.
 *
 * The first of these that is there:
 *
 *	the one asked for			--base REV: REV itself
 *	a test merge's first parent		pull_request: HEAD is GitHub's own merge
 *	a merge group's, a push's own base	as the event names it
 *	the pull request's base branch		merge base of HEAD and origin/BRANCH
 *	the branch's upstream			merge base of HEAD and it
 *	origin/HEAD				merge base of HEAD and it
 *
 * A merge base that is HEAD itself is no base but says so: nothing was committed
 * since.  Then uncommitted changes are the change, and HEAD is what they are judged
 * against.  Of several merge bases (criss-cross merges) git's first one is taken.
 */
#ifndef GB_GIT_BASE_H
#define GB_GIT_BASE_H

#include "git/repo.h"

/* What is known from elsewhere; NULL, "" and false: nothing. */
struct gb_base_clues {
	const char *rev;       /* asked for */
	const char *event;     /* "pull_request", for the words */
	const char *event_sha; /* what the event calls the base */
	const char *base_ref;  /* a pull request's base branch */
	bool test_merge;
};

struct gb_base_commit {
	char id[41]; /* "": there is none */
	char *name;  /* "origin/main" */
	char *why; /* "merge base with origin/main, the upstream of feature"; or why there is none */
	bool hidden; /* there is something to compare with, and no commit in common here */
	bool has_tree; /* its files are here, or can be fetched: not so in a clone that is too shallow */
};

/* GB_ENOTFOUND only for a rev that was asked for.  None at all is no error: id is "". */
int gb_base_find(const struct gb_repo *repo, const struct gb_base_clues *clues,
		 struct gb_base_commit *ret, struct gb_err *err);
void gb_base_commit_release(struct gb_base_commit *b);

#endif
