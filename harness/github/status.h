/*
 * status - a commit status: one word and one sentence beside a commit.
 */
#ifndef GB_GITHUB_STATUS_H
#define GB_GITHUB_STATUS_H

#include "github/rest.h"

struct gb_status {
	const char *repository, *sha, *context;
	const char *state;	 /* "success", "failure", "error" */
	const char *description; /* cut at 140 characters */
	const char *url;	 /* or NULL */
};

/* One that says the same already is left as it is. */
int gb_status_put(struct gb_rest *r, const struct gb_status *s, struct gb_err *err);

#endif
