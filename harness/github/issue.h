/*
 * issue - one open issue of ours while a branch is over, closed when it is not (sticky.h).
 *
 * Known by label, marker and author.  Issues cannot be deleted: one too many is closed.
 *
 * Who keeps many looks at them with one gb_issue_list(), and asks gb_sticky_next() of each key
 * whether there is anything to do before it calls gb_issue_put() for it.
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

/* One of many: what a list tells of it. */
struct gb_issue_entry {
	struct gb_sticky_item item;
	char created[24]; /* "2026-11-22T03:17:00Z"; "": not known */
	char closed[24];
	bool declined; /* closed as not planned */
};

struct gb_issue_entries {
	struct gb_issue_entry *v;
	size_t n, cap;
};

/* All of ours whose key begins with `prefix`, in one list: open ones; or, where `since` is such a time,
 * those closed of which anything changed since. */
int gb_issue_list(const struct gb_issue *i, const char *prefix, const char *since,
		  struct gb_issue_entries *ret, struct gb_err *err);
void gb_issue_entries_release(struct gb_issue_entries *e);

int gb_issue_put(struct gb_issue *i, const struct gb_sticky *s, struct gb_sticky_result *ret,
		 struct gb_err *err);

#endif
