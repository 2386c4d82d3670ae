/*
 * stress - the tests very many times, the scheduler choosing at random.
 *
 * For bugs that show once in a thousand runs.  The binaries are built once and rerun as they
 * are; only goroutines are kept of each run, by fingerprint, with how often they were seen
 * (gb_run_fold()).  Bytes are not judged: what the scheduler does changes who pays for caches.
 * Neither are peak and created, which depend on it.  What is new, gone or slack is check's to say.
 */
#ifndef GB_CMD_STRESS_H
#define GB_CMD_STRESS_H

#include "cmd/job.h"

/* Before job_open() has measured anything: what the policy says of other things is put aside. */
void stress_policy(struct gb_policy *p);

/*
 * After the first run: folds it, and runs every package that was measured again, until there are
 * `runs` in all.  Tests that fail in some runs become troubles, with how often.  GB_EINTR leaves
 * what was seen until then in j->run.
 */
int stress_run(struct gb_job *j, int64_t runs, struct gb_err *err);

#endif
