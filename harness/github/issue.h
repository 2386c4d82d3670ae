/*
 * issue - one open issue of ours while a branch is over, closed when it is not (sticky.h).
 *
 * Known by label, marker and author.  Issues cannot be deleted: one too many is closed.
 */
#ifndef GB_GITHUB_ISSUE_H
#define GB_GITHUB_ISSUE_H

#include "github/rest.h"
#include "github/sticky.h"

struct gb_issue {
	struct gb_rest *rest;
	const char *repository, *author;
	const char *label, *title;
	bool solved; /* nothing is over: an open one says so, and is closed */
	char *actual_author;
};

int gb_issue_put(struct gb_issue *i, const struct gb_sticky *s, struct gb_sticky_result *ret,
		 struct gb_err *err);

#endif
