/*
 * range - the commits that one commit has and another has not, and who is whose parent.
 *
 * `git rev-list from..to`: as there, dates decide how far is looked, and a commit whose date lies
 * by years may be listed though `from` has it.  In a shallow clone history ends where the clone
 * does.
 */
#ifndef GB_GIT_RANGE_H
#define GB_GIT_RANGE_H

#include "git/repo.h"

#include <stddef.h>
#include <stdint.h>

struct gb_range_commit {
	char id[41];
	char first[41];	 /* its first parent, in the range or not; "": it has none here */
	size_t *parents; /* those in the range, as places in it; each before this one */
	size_t n_parents;
	bool main; /* reached from the last one by first parents alone */
};

struct gb_range {
	struct gb_range_commit *v; /* parents before children, `to` last; none: `from` has it all */
	size_t n;
	char cut[41]; /* "": whole; else a commit whose parents are not in this clone */
};

/* Both have 40 digits.  GB_ESYS: an object is not here.  GB_ELIMIT past GB_MAX_COMMITS. */
int gb_range_read(const struct gb_repo *repo, const char *from, const char *to,
		  struct gb_range *ret, struct gb_err *err);
void gb_range_release(struct gb_range *r);

/* Is it the same commit, or one that `commit` was made on?  1, 0 or an error. */
int gb_range_reaches(const struct gb_repo *repo, const char *commit, const char *ancestor,
		     struct gb_err *err);

struct gb_commit_words {
	char *author, *subject; /* as they stand in the commit: not safe to show */
	int64_t when;		/* the author's time, seconds; the zone in minutes */
	int zone;
};

int gb_commit_words(const struct gb_repo *repo, const char *commit, struct gb_commit_words *ret,
		    struct gb_err *err);
void gb_commit_words_release(struct gb_commit_words *w);

#endif
