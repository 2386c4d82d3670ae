/*
 * job - what check and record have in common: find Go, read the rules, measure.
 *
 *	job_open()	toolchain, policy, budgets of every main module
 *	job_measure()	the first run, with progress and go test's own output
 *	job_again()	one more round over some packages
 *	job_close()	releases everything and removes the scratch folder
 *
 * The caller fills `o` first (options point into it).  In a workspace the
 * policy is the one beside go.work, else that of the first main module; every
 * module has its own budgets.
 */
#ifndef GB_CMD_JOB_H
#define GB_CMD_JOB_H

#include "budget/judge.h"
#include "go/measure.h"
#include "report/progress.h"

struct gb_job_options {
	struct gb_strlist patterns; /* packages */
	struct gb_strlist go_flags; /* what stood after -- */
	int64_t timeout_ms, memory, jobs;
	const char *bench;
	const char *accounting; /* NULL or "auto"; "testing" forces the fallback */
	bool quiet, keep;
	bool aside; /* standard output is a report's: go test's goes to standard error */
	bool stress, random;
	bool trusted;	   /* whatever the event: cmd/trust.h */
	bool compile_only; /* nothing will be run */
	bool later;	   /* job_start() does the last step of job_open() */
	int64_t repeats;   /* -1: the policy's */
};

#define GB_JOB_OPTIONS_INIT   \
	{                     \
		.repeats = -1 \
	}

struct gb_job {
	struct gb_job_options *o;
	struct gb_toolchain go;
	char *policy_dir; /* the folder whose budgets/_policy.json rules */
	struct gb_policy *policy;
	struct gb_budgets budgets; /* of all main modules */
	struct gb_run *run;
	struct gb_measuring *measuring;
	struct gb_measure_options how;
	struct gb_progress progress;
	bool whole;	/* every package of the one module was asked for, and is here */
	char *left_out; /* what a sparse checkout leaves out, for the report; or NULL */
	bool json;	/* go test prints JSON: the report goes to standard error */
	bool filtered;	/* not every test of them */
	int64_t started_ms;
	size_t done; /* packages that go test has reported */
};

/* The words of a command after gb_args_parse(). */
int job_words(struct gb_job_options *o, int argc, char **argv, int first, int dashdash,
	      struct gb_err *err);

int job_open(struct gb_job *j, struct gb_job_options *o, struct gb_err *err);
int job_start(struct gb_job *j, struct gb_err *err);
/* GB_EINTR leaves what was measured until then in j->run. */
int job_measure(struct gb_job *j, struct gb_err *err);

/* After packages came to j->run by another way: sorted, and as job_measure() leaves it. */
int job_settle(struct gb_job *j, struct gb_err *err);

/*
 * Runs the packages for which `wanted` says so once more in order, as run number
 * j->run->runs, and counts it.  *ret_n: how many were run.
 */
int job_again(struct gb_job *j, enum gb_mode mode, const char *phase,
	      bool (*wanted)(void *arg, const struct gb_package *p), void *arg, size_t *ret_n,
	      struct gb_err *err);

/* Measures what is budgeted alone, one process per test. */
int job_alone(struct gb_job *j, struct gb_err *err);
void job_close(struct gb_job *j);

#endif
