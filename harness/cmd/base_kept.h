/*
 * base_kept - what was measured of a commit, for the next time that it is the base.
 *
 * The first key of a package is of the commit, the folder and path of the package, what was asked
 * for (exact, the tests whose lines are wanted) and what cached_common() says of all packages: then its files
 * need not be there to find it.  It leads to what its tests read outside of the commit, by the test log
 * (plan/testlog.h): environment variables and files; their values make the second key, that of
 * the record (go/replay.h).  Each further run has a key of its own made of the second one, and so has what
 * the compiler said of some folders.
 *
 * Kept is only what passed and is complete, and only where nothing but the commit decides what is
 * compiled: no C compiler, no module that lies outside of the repository, the same Go as
 * here.  Taken is all that was asked for or nothing.  Nothing is ever an error but no memory.
 */
#ifndef GB_CMD_BASE_KEPT_H
#define GB_CMD_BASE_KEPT_H

#include "base/cache.h"
#include "cmd/job.h"
#include "plan/testlog.h"

#include <time.h>

struct gb_base;
struct gb_escapes;

struct gb_base_package {
	char *path;  /* here */
	char *below; /* its folder, from the top of the work tree */
	char first[GB_HASH_HEX + 1];
	char second[GB_HASH_HEX + 1]; /* "": not known, nothing more of it is looked for or kept */
	int64_t rounds;		      /* further runs of all of it */
};

struct gb_base_kept {
	bool off;   /* set by the caller: neither read nor written */
	bool ready; /* there is a cache, and this job may use it */
	struct gb_cache cache;
	struct gb_base_package *v; /* those that are wanted */
	size_t n;
	char common[GB_HASH_HEX + 1];
	struct gb_strlist env; /* of the tests */
	struct gb_testlog_places places;
	char *outside[4];
	struct timespec since;
	int64_t at; /* the oldest that was taken: Unix time; 0: nothing was */
};

/* Which packages are wanted: fills v, in any case, and finds the keys where that can be. */
int base_kept_open(struct gb_base *b, const struct gb_job *j,
		   bool (*wanted)(void *arg, const struct gb_package *p), void *arg,
		   struct gb_err *err);

/* All of them into an empty run; *ret: that they were all there. */
int base_kept_take(struct gb_base *b, const struct gb_job *j, struct gb_run *run, bool *ret,
		   struct gb_err *err);
/* After base_measure() has measured. */
int base_kept_put(struct gb_base *b, const struct gb_job *j, struct gb_err *err);

/* One more run; `key` is for both, and "" where there is none. */
int base_kept_key(struct gb_base *b, const char *package, enum gb_mode mode, const char *test,
		  char key[GB_HASH_HEX + 1], struct gb_err *err);
int base_kept_take_again(struct gb_base *b, const char *package, const char *key, bool *ret,
			 struct gb_err *err);
int base_kept_put_again(struct gb_base *b, const char *package, const char *key,
			struct gb_err *err);

int base_kept_escapes_key(const struct gb_base *b, const struct gb_strlist *folders,
			  char key[GB_HASH_HEX + 1], struct gb_err *err);
/* What the compiler said of these folders of the work tree; *ret stays NULL where it is not known. */
int base_kept_escapes(struct gb_base *b, const struct gb_strlist *folders, struct gb_escapes **ret,
		      struct gb_err *err);
int base_kept_put_escapes(struct gb_base *b, const struct gb_strlist *folders,
			  const struct gb_escapes *e, struct gb_err *err);

void base_kept_close(struct gb_base_kept *k);

#endif
