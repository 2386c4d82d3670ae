/*
 * walk - the commits that changed some paths, as `git log -- PATH...` lists them.
 *
 * The rules are those of git's default simplification (git-log(1), "History Simplification"), step
 * by step as its revision.c does them, so that both list the same commits in the same order: by
 * the committer's date, newest first.  A merge that has the paths as one of its parents had them
 * leads to the first such parent only, and is not listed; one that differs from all of them is.
 * With `until`, what that commit reaches is left out, and its side of a merge decides nothing.
 *
 * Without paths every commit is listed, or those of a list alone, and no tree is read.
 *
 * Trees are compared along the paths only, and no file is read.  Two things differ from git:
 * replace refs and grafts are not looked at, and where a shallow clone ends, the last commit is not listed
 * as the one that made everything: nobody knows.
 */
#ifndef GB_GIT_WALK_H
#define GB_GIT_WALK_H

#include "git/repo.h"

#include <stddef.h>
#include <stdint.h>

struct gb_buf;

struct gb_walk_commit {
	char id[41];
	char (*parents)[41]; /* all that are here; none: it is a root */
	size_t n_parents;
	int64_t date; /* the committer's time, by which commits are sorted */
	int64_t when; /* the author's time, seconds, and the zone in minutes */
	int zone;
	const char *author, *subject; /* as they stand in the commit: not safe to show */
	void *handle;		      /* holds the strings */
};

/* The commits that a walk looked at, as raw names: sorted after gb_walk_seen_sort(). */
struct gb_walk_seen {
	char tip[41]; /* where it began */
	unsigned char (*v)[20];
	size_t n, cap;
};

void gb_walk_seen_sort(struct gb_walk_seen *s);
void gb_walk_seen_release(struct gb_walk_seen *s);

struct gb_walk_options {
	const char *from, *until; /* commits, 40 digits; until may be NULL */
	const char *const *paths; /* files or folders from the top */
	size_t n_paths;		  /* 0: any commit ... */
	const char *const *only;  /* ... or these of them, sorted; ends when all were met */
	size_t n_only;
	size_t max; /* so many commits, 0: all */
	/*
	 * A whole walk from another commit over the same paths, without `until`, or NULL.  Where this
	 * one comes to that commit having met nothing that the other looked at, and with nothing
	 * else to go to, it ends (gb_walk_end.met): what the other listed is what follows.
	 */
	const struct gb_walk_seen *known;
	struct gb_walk_seen *seen; /* gets all that is looked at; or NULL */
};

struct gb_walk_end {
	char cut[41]; /* "": history is whole; else a commit whose parents are not in this clone */
	size_t seen;  /* commits that were looked at */
	bool met;     /* the rest is known */
};

/*
 * Calls on_commit for each; what it is given ends with the call.  Stops at its first negative
 * answer and returns it.  GB_ESYS: an object is not here (and not because the clone is shallow).
 * GB_ELIMIT past GB_MAX_COMMITS.
 */
int gb_walk(const struct gb_repo *repo, const struct gb_walk_options *o,
	    int (*on_commit)(void *arg, const struct gb_walk_commit *c, struct gb_err *err),
	    void *arg, struct gb_walk_end *ret, struct gb_err *err);

/* The files below `folder` that differ between two commits, in git's order; parent NULL: all. */
int gb_walk_files(const struct gb_repo *repo, const char *commit, const char *parent,
		  const char *folder,
		  int (*on_file)(void *arg, const char *path, struct gb_err *err), void *arg,
		  struct gb_err *err);

/* The name of the file at `path` of a commit: "" where there is none. */
int gb_walk_blob(const struct gb_repo *repo, const char *commit, const char *path, char ret[41],
		 struct gb_err *err);
/* Its text, appended.  GB_ELIMIT past ret->max. */
int gb_walk_read(const struct gb_repo *repo, const char *blob, struct gb_buf *ret,
		 struct gb_err *err);

#endif
