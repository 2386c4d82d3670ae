/*
 * testlog - what the tests of a package looked at while they ran, and whether it is as it was.
 *
 * Package testing writes it where -test.testlogfile says: "# test log", then lines "getenv NAME",
 * "open PATH", "stat PATH", "chdir DIR", names relative to the package's folder or to what the
 * last chdir said (cmd/go/internal/test, computeTestInputsID()).  What is read before the tests
 * begin (init, TestMain before m.Run), by system calls, or by child processes is not in it.
 *
 * Here names become absolute, sorted, each once.  More than go test we look at files outside of
 * the module, and at contents instead of times: a fresh clone has other times.  Left out is what
 * is nobody's input: GOROOT, the module and build caches, the system's own (/proc, /dev, /sys),
 * and the folder for temporary files, unless the module lies in it.
 */
#ifndef GB_PLAN_TESTLOG_H
#define GB_PLAN_TESTLOG_H

#include "base/hash.h"
#include "base/strlist.h"

#include <time.h>

struct gb_buf;

#define GB_MAX_TESTLOG_INPUTS ((size_t)20000)

/* Folders, absolute; NULL where there is none. */
struct gb_testlog_places {
	const char *inside; /* all below it counts, by contents: the repository, or the module */
	const char *outside[4]; /* what is below these does not: GOROOT, caches, temporary files */
};

struct gb_testlog {
	struct gb_strlist env;	 /* names */
	struct gb_strlist opens; /* absolute */
	struct gb_strlist stats;
};

/*
 * `dir` is the package's folder.  GB_EPARSE: not whole, or not such a log; GB_ELIMIT: more than
 * GB_MAX_TESTLOG_INPUTS; GB_ENOMEM.
 */
int gb_testlog_parse(const char *text, size_t len, const char *dir,
		     const struct gb_testlog_places *places, struct gb_testlog *ret,
		     struct gb_err *err);
void gb_testlog_release(struct gb_testlog *log);
#define _testlog_ __attribute__((cleanup(gb_testlog_release)))

/* As a log again, which gb_testlog_parse() reads back as it is. */
void gb_testlog_write(const struct gb_testlog *log, struct gb_buf *out);

/*
 * Adds the values that all of it has now.  `env` is what the tests' environment would be.
 * *ret_young (may be NULL): something inside changed at or after `since`, so that nobody knows
 * which state of it the tests saw.
 */
void gb_testlog_hash(const struct gb_testlog *log, const struct gb_testlog_places *places,
		     const struct gb_strlist *env, const struct timespec *since, struct gb_hash *h,
		     bool *ret_young);

#endif
