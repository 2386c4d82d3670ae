/*
 * comment - the one comment of ours in a pull request (sticky.h over the REST API).
 */
#ifndef GB_GITHUB_COMMENT_H
#define GB_GITHUB_COMMENT_H

#include "github/rest.h"
#include "github/sticky.h"

#define GB_DEFAULT_AUTHOR "github-actions[bot]"

struct gb_comment {
	struct gb_rest *rest;
	const char *repository; /* "owner/name" */
	int64_t pull;
	const char *author;  /* whose comments are ours */
	char *actual_author; /* set where the token turns out to be another's; the caller frees */
};

/*
 * None is made for a commit that is no longer the head of its pull request: the run of the one that
 * is will tell (result: GB_STICKY_NEWER without an id).
 */
int gb_comment_put(struct gb_comment *c, const struct gb_sticky *s, struct gb_sticky_result *ret,
		   struct gb_err *err);

/*
 * The login that a token writes as: an installation's (GITHUB_TOKEN) is GB_DEFAULT_AUTHOR and may
 * not ask; others ask, and what cannot be learned is the default.  The caller frees.
 */
int gb_comment_author(struct gb_rest *r, const char *token, char **ret, struct gb_err *err);

#endif
