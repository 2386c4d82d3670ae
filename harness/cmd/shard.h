/*
 * shard - check --shard: one part of the packages, found alike in every job.
 *
 *	shard_words()	reads "2/4", before anything else is done
 *	shard_plan()	lists the packages of the job and deals them (plan/shard.h)
 *	shard_take()	puts its own part in the place of the job's patterns
 *
 * What `plan` prints is the same plan.
 */
#ifndef GB_CMD_SHARD_H
#define GB_CMD_SHARD_H

#include "cmd/job.h"
#include "plan/shard.h"
#include "report/report.h"

struct gb_sharding {
	const char *option;    /* "2/4"; NULL: no shards */
	const char *durations; /* report of an earlier run, or NULL */
	size_t index, of;
	struct gb_shard_plan plan;
	struct gb_strlist packages;  /* this shard's */
	struct gb_report_shard told; /* for the report, from shard_words() on */
};

int shard_words(struct gb_sharding *s, struct gb_err *err);

/*
 * Between job_open() with `later` and job_start(); `none`: no package at all is to be measured.
 * GB_EUSAGE: packages behind `--`, or files were named.  GB_EMEASURE: one cannot be found.
 */
int shard_plan(struct gb_sharding *s, const struct gb_job *j, bool none, struct gb_err *err);
/* After that.  s->packages may be empty: then there is nothing to measure here. */
int shard_take(struct gb_sharding *s, struct gb_job *j, struct gb_err *err);
void shard_release(struct gb_sharding *s);

#endif
