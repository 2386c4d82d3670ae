/*
 * nightly - tests and benchmarks, round by round, so that the machine's drift hits all alike.
 *
 *	nightly.c	  options, the order of things, exit status
 *	nightly_flags.c	  go test's flags for tests, and those for benchmarks
 *	nightly_tests.c	  the tests' first round, and tests alone
 *	nightly_bench.c	  which packages have benchmarks, here and at the base
 *	nightly_side.c	  one side: built once, then a package in a round
 *	nightly_rounds.c  which side and package is next, for how long, what is left
 *	nightly_state.c	  what was measured before somebody pulled the plug
 *	nightly_compare.c the benchmarks beside those of the base, or of the night before
 *	nightly_profiles.c in which functions the time of slower ones goes
 *	nightly_judge.c	  the tests against budgets, windows and the anchor
 *	nightly_note.c	  the night into the commit's note
 *	nightly_say.c	  what people read
 *
 * Three sides take turns: the tests here, the benchmarks here and, where a base is to be measured,
 * the benchmarks there.  Tests are built as `check` builds them.  Benchmarks are built as users
 * build them, optimised: without inlining their times would be those of another program.  So the
 * two are two environments, and stand apart in a note.
 *
 * While a benchmark runs, nothing else of ours does.
 */
#ifndef GB_CMD_NIGHTLY_H
#define GB_CMD_NIGHTLY_H

#include "base/cache.h"
#include "budget/bench.h"
#include "budget/note.h"
#include "cmd/base.h"
#include "cmd/drift.h"
#include "cmd/gather.h"
#include "cmd/job.h"
#include "cmd/notes.h"
#include "cmd/windows.h"

struct nightly_options {
	struct gb_job_options job;
	int64_t repeat, count;		/* rounds of tests, of benchmarks */
	int64_t time_ms;		/* for all of it; 0: as long as it takes */
	const char *bench;		/* which benchmarks */
	const char *base_rev;		/* NULL: the newest night that is known */
	const char *profiles, *against; /* folders of CPU profiles, or NULL */
	const char *lines;		/* a file for benchstat, or NULL */
	const char *push;		/* the remote that gets the note, or NULL */
	bool no_alone, no_note, afresh, verbose;
};

enum nightly_what { NIGHTLY_TESTS, NIGHTLY_HEAD, NIGHTLY_BASE, NIGHTLY_SIDES };

/* What one package took part in. */
struct nightly_progress {
	int64_t done; /* rounds */
	int64_t ms;   /* that they took together */
	bool out;     /* it has nothing to run any more */
};

struct nightly_side {
	enum nightly_what what;
	struct gb_measure_options how;
	struct gb_strlist patterns, flags, with;
	struct gb_measuring *measuring; /* NULL until something has to run */
	struct gb_run *run;		/* of tests, the job's */
	struct nightly_progress *v;	/* by package of the run, once those are known */
	int64_t rounds;			/* that are wanted */
};

/* What is kept of rounds, until the night is whole. */
struct nightly_state {
	struct gb_cache cache;
	char key[GB_HASH_HEX + 1]; /* "": nothing is kept */
	int64_t night;		   /* how many were whole already */
	size_t taken;		   /* rounds of packages that were there */
};

struct nightly {
	struct nightly_options *o;
	struct gb_job job;
	struct gb_base base;
	struct nightly_state state;
	struct nightly_side sides[NIGHTLY_SIDES];
	char commit[41]; /* what is measured; "": not what a commit has */
	char *cpu;
	struct gb_benches benches;   /* before: the base, or the night before */
	char *before;		     /* what that is called; NULL: there is none */
	struct gb_verdicts verdicts; /* of the tests */
	struct gb_gather gather;
	struct windows_check windows;
	struct gb_drift_check drift;
	struct gb_which_base none; /* a night is no change: it has no base to be judged by */
	struct gb_strlist notes;   /* sentences for the report */
	struct gb_strlist unreached;
	bool over_time;
	struct notes_kept kept;
	bool is_kept;
};

/* nightly_flags.c.  GB_EUSAGE for flags that nightly sets itself. */
int nightly_flags_tests(struct nightly *n, struct gb_err *err);
int nightly_flags_bench(struct nightly *n, struct nightly_side *s, struct gb_err *err);

/* nightly_tests.c.  The tests' first round, which also says which packages there are; and every
 * top-level test once alone. */
int nightly_tests(struct nightly *n, struct gb_err *err);
int nightly_alone(struct nightly *n, struct gb_err *err);

/* nightly_bench.c.  The packages that have benchmarks, here and at the base. */
int nightly_benchmarks(struct nightly *n, struct gb_err *err);

/* nightly_side.c */
int nightly_build(struct nightly *n, struct nightly_side *s, struct gb_err *err);
/* A record that was kept, as run number `run->runs`.  GB_EPARSE. */
int nightly_merge_kept(struct gb_run *run, struct gb_package *p, enum gb_mode mode,
		       const struct gb_buf *text, struct gb_err *err);
/* A package's next round; GB_ETIME, GB_EINTR. */
int nightly_once(struct nightly *n, struct nightly_side *s, size_t package, struct gb_err *err);
void nightly_side_release(struct nightly_side *s);

/* Before it is run the first time: the base's files are written out. */
int nightly_base_files(struct nightly *n, struct nightly_side *s, struct gb_err *err);
/* After it was built, with what that said. */
int nightly_built(struct nightly *n, struct nightly_side *s, const struct gb_run *built,
		  struct gb_err *err);

/* nightly_rounds.c.  All rounds; what the time was too short for is in n->unreached. */
int nightly_rounds(struct nightly *n, struct gb_err *err);

/* nightly_state.c */
int nightly_state_open(struct nightly *n, struct gb_err *err);
/* Appends what was kept under that name, and says how long it took; GB_ENOTFOUND, GB_ENOMEM. */
int nightly_state_get(struct nightly *n, const char *name, struct gb_buf *ret, int64_t *ret_ms,
		      struct gb_err *err);
int nightly_state_put(struct nightly *n, const char *name, const struct gb_buf *data, int64_t ms,
		      struct gb_err *err);
/* The night is whole: the next one begins afresh. */
int nightly_state_end(struct nightly *n, struct gb_err *err);

/* nightly_compare.c.  The night before, if no base is measured: read before anything is written. */
int nightly_before(struct nightly *n, struct gb_err *err);
int nightly_compare(struct nightly *n, struct gb_err *err);

/* nightly_profiles.c.  One of each package, for --profiles; and of what is slower, which functions. */
int nightly_profiles(struct nightly *n, struct gb_err *err);
int nightly_explain(struct nightly *n, struct gb_err *err);

/* nightly_judge.c.  The rules that look at earlier nights are read before this one is kept. */
int nightly_rules(struct nightly *n, struct gb_err *err);
/* Where escapes have budgets, the compiler is asked as well. */
int nightly_compiled(struct nightly *n, struct gb_err *err);
int nightly_judge(struct nightly *n, struct gb_err *err);
void nightly_judged_release(struct nightly *n);

/* nightly_note.c */
int nightly_note(struct nightly *n, struct gb_note *ret, struct gb_err *err);
int nightly_keep(struct nightly *n, const struct gb_note *note, struct gb_err *err);

/* nightly_say.c */
struct gb_files;
int nightly_say(struct nightly *n, const struct gb_files *files, int *ret_status,
		struct gb_err *err);

#endif
