/*
 * replay - a measurement kept, and taken back into a run.
 *
 * What is kept of a package is the environment it was in, as lines "key value", a blank line, and
 * what the agent wrote in its first run and in those that had to follow (go/record.h), each behind
 * a line with its mode and length in bytes:
 *
 *	gobudget measurement 1
 *	at 1790000000			Unix time, seconds
 *	wall_ms 12
 *	go 1.26				struct gb_environment
 *	...
 *
 *	record order 1234
 *	gobudget	1	runtime	example.com/shop/store	go1.26.8	2
 *	...
 *	record exact 1234
 *	...
 *
 * Without a record it is a package without test files.  Only what passed, complete and without
 * any trouble may be kept: whoever keeps asks gb_replay_may_keep().
 */
#ifndef GB_GO_REPLAY_H
#define GB_GO_REPLAY_H

#include "go/run.h"
#include "go/toolchain.h"

struct gb_buf;

/* Appends the text.  `records`: of gb_measure_records(); NULL: no test files. */
void gb_replay_write(const struct gb_run *run, const struct gb_package *p, int64_t at,
		     const struct gb_buf *records, struct gb_buf *out);

/*
 * Adds the package to the run, whose number of runs becomes at least its own; an empty run takes the environment, in any other
 * it must be the same.  `dir` is the package's folder.  GB_EPARSE: not such a text, another
 * environment, or a record that is not complete; the run is as before then.
 */
int gb_replay(struct gb_run *run, const struct gb_toolchain *go, const char *path, const char *dir,
	      const char *text, size_t len, struct gb_err *err);

/* Passed, every test ended well, nothing is to be said of it. */
bool gb_replay_may_keep(const struct gb_package *p);

#endif
