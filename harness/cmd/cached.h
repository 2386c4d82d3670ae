/*
 * cached - check's first run, without what is known already.
 *
 * A measurement is kept in two steps, as go test keeps results: a key of all that the test binary
 * is made of, found without building it (plan/key.h), leads to what the tests read the last time
 * (plan/testlog.h); with the values that has now, the key of the record (go/replay.h).
 *
 * Only what is fine comes from the cache: whatever would be over, grew, left something behind or
 * wants evidence is measured, and so is all where a flag has a meaning of its own (-count,
 * -bench, -v, -cover, ...; go/testflags.h), without packages named, with --stress and with --note,
 * whose numbers are to be of that commit and day.  What tests need beyond their first run (alone)
 * keeps a package out.  Nothing here is ever an error but Ctrl-C and no memory: what cannot be
 * known is measured.
 */
#ifndef GB_CMD_CACHED_H
#define GB_CMD_CACHED_H

#include "base/cache.h"
#include "cmd/job.h"
#include "plan/key.h"
#include "plan/testlog.h"

#include <time.h>

/* One package that was asked for. */
struct gb_cached_package {
	const struct gb_plan_package *row;
	char key[GB_HASH_HEX + 1]; /* ""; it has none */
	bool hit;
};

struct gb_cached {
	bool off; /* set by the caller: neither read nor written */
	struct gb_cache cache;
	struct gb_plan_packages packages;
	struct gb_plan_keys *keys;
	struct gb_cached_package *v;
	size_t n, hits;
	struct gb_run *run; /* of the hits, until they are j->run's */
	struct gb_strlist misses;
	struct gb_strlist env; /* of the tests */
	struct gb_testlog_places places;
	char *inside, *outside[4];
	struct timespec since;
};

/* In the place of job_start() and job_measure(). */
int cached_measure(struct gb_cached *c, struct gb_job *j, struct gb_err *err);

/* When all is judged: keeps what is new and fine. */
int cached_keep(struct gb_cached *c, struct gb_job *j, const struct gb_verdicts *v,
		struct gb_err *err);

void cached_release(struct gb_cached *c);

/* With what the tests read: the key of the record.  ret_young as in testlog.h. */
int cached_second_key(const struct gb_cached *c, const char *first, const struct gb_testlog *log,
		      char ret_key[GB_HASH_HEX + 1], bool *ret_young, struct gb_err *err);
/* Nothing of it is over, grew or stayed behind. */
bool cached_is_fine(const struct gb_verdicts *v, const struct gb_package *p);
/* Of all packages: gobudget, toolchain, settings, flags.  In cached_key.c. */
int cached_common(const struct gb_job *j, char ret_key[GB_HASH_HEX + 1], struct gb_err *err);
/* What the tests of this job get as environment: the user's own. */
int cached_environment(struct gb_strlist *ret, struct gb_err *err);
/* Folders whose files are nobody's input: `outside` owns them, ret->inside stays. */
int cached_places(const struct gb_job *j, char *outside[4], struct gb_testlog_places *ret,
		  struct gb_err *err);
/* What was changed after this was changed after now. */
struct timespec cached_moment(void);
/* Whether the flags are such that a measurement is good for another time as well. */
int cached_may_flags(const struct gb_job *j, bool *ret_may, struct gb_err *err);
/* Whether anything of this job can be cached. */
int cached_may(const struct gb_job *j, bool *ret_may, struct gb_err *err);

#endif
