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
 *	below /tmp/gobudget-1-abcdef	of the base alone: the folder that its commit lay in
 *	dir, module, module_dir ...	and what of the package was there
 *
 *	record order 1234
 *	gobudget	1	runtime	example.com/shop/store	go1.26.8	2
 *	...
 *	record exact 1234
 *	...
 *
 * A record is in order, exact or alone.  Without one it is a package without test files.  Only what passed, complete and without
 * any trouble may be kept: whoever keeps asks gb_replay_may_keep().
 */
#ifndef GB_GO_REPLAY_H
#define GB_GO_REPLAY_H

#include "go/run.h"
#include "go/toolchain.h"

struct gb_buf;

/* Appends the text.  `records`: of gb_measure_records(); NULL: no test files.  `below`: all of it
 * lay in this folder, which will be gone; NULL: it will be where it is. */
void gb_replay_write(const struct gb_run *run, const struct gb_package *p, int64_t at,
		     const char *below, const struct gb_buf *records, struct gb_buf *out);

/*
 * Adds the package to the run, whose number of runs becomes at least its own; an empty run takes the environment, in any other
 * it must be the same.  `dir` is the package's folder.  GB_EPARSE: not such a text, another
 * environment, or a record that is not complete; the run is as before then.
 */
int gb_replay(struct gb_run *run, const struct gb_toolchain *go, const char *path, const char *dir,
	      const char *text, size_t len, struct gb_err *err);

/* The same of a text that has a `below`: as if that folder had been `to`. */
int gb_replay_below(struct gb_run *run, const char *path, const char *to, const char *text,
		    size_t len, struct gb_err *err);

/* Its records as samples of run number run->runs of a package that is there, as gb_measure_again()
 * would add them; errors leave the package as it was but GB_ENOMEM. */
int gb_replay_again(struct gb_run *run, const char *path, const char *to, const char *text,
		    size_t len, struct gb_err *err);

/* Passed, every test ended well, nothing is to be said of it. */
bool gb_replay_may_keep(const struct gb_package *p);

#endif
