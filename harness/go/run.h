/*
 * run - what was measured: one module's packages, their tests, every sample.
 *
 * The plain struct that measuring hands to judging and reporting.  A run owns
 * all it points to; gb_run_free() releases it.  Strings are NUL-terminated and
 * may hold anything a hostile test name can (escape them when rendering).
 *
 * Order: packages as go test finished them until gb_run_sort() (by import
 * path); tests in the order they started, a parent before its subtests; the
 * row "(package)" last.  A name measured more than once (-count, -cpu, reruns)
 * is one test with several samples.
 */
#ifndef GB_GO_RUN_H
#define GB_GO_RUN_H

#include "base/strlist.h"
#include "go/metric.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct gb_err;

#define GB_PACKAGE_ROW "(package)" /* what belongs to no test */

/* Where something was allocated, created, or stands.  File relative to the
 * module where it lies below it, else as Go printed it; line 0: unknown. */
struct gb_site {
	char *func; /* full name as Go prints it: "example.com/store.(*Cache).watch" */
	char *file;
	int line;
};

enum gb_leak { GB_LEFT, GB_HUNG, GB_PROVEN, GB_LEAKS };

#define GB_FINGERPRINT_ID 12

/*
 * Goroutines of one test with the same creation site, state and stack.  The
 * fingerprint (go/fingerprint.h) stays when lines move: it is what two runs, or
 * two commits, have in common.
 */
struct gb_group {
	enum gb_leak kind;
	int64_t count;
	int64_t still;		/* of count: stood there already early in settling; -1: not known */
	char *state;		/* "chan receive", "select", "IO wait", "sleep", "running" ... */
	struct gb_site created; /* the go statement; func is the function that contains it */
	struct gb_site *frames; /* innermost first; the last is the goroutine's own function */
	size_t n_frames;
	struct gb_site *creator; /* its creators' stacks, nearest first, where they are known */
	size_t n_creator;
	char *fingerprint; /* "creator | state | first frame outside the library" */
	char fingerprint_id[GB_FINGERPRINT_ID + 1]; /* its hash, in hex digits */
	int run;				    /* which run saw it: 0 is the first */
	int process;	/* which process of its package, counted over all runs */
	int living;	/* rule of the policy's living list that it falls under, from 1; 0: none */
	size_t seen;	/* folded: in how many runs; `run` is the first of them, count the most */
	size_t seen_of; /* ... of how many that measured the test */
	int seen_last;	/* ... and the last that saw it */
};

enum gb_mode {
	GB_IN_ORDER, /* the whole package, as its authors meant it to run */
	GB_EXACT,    /* in order, with GOMAXPROCS=1 GOGC=off and fixed seeds */
	GB_ALONE,    /* only this test in its process */
};

/* What one stack allocated for a test, or how many goroutines one go statement
 * started.  Known for tests that ran exact or alone; `reach` only alone. */
struct gb_alloc_site {
	bool spawn; /* objects are goroutines, bytes 0, the one frame is the go statement's */
	bool reach; /* what of it could still be reached after the test: a heap profile's word */
	enum gb_mode mode; /* of the run that told: exact or alone */
	char *how; /* "runtime.growslice": what was called there to get the memory, or NULL */
	int64_t bytes, objects;
	struct gb_site *frames; /* innermost first, the runtime's own left out */
	size_t n_frames;
};

struct gb_sample {
	int64_t v[GB_METRICS];
	uint32_t has; /* bit m: v[m] was measured */
	int run;      /* 0: the first run, 1..: reruns */
	enum gb_mode mode;
	int process;	/* which process of its package, as in gb_group */
	int64_t living; /* goroutines meant to live, already taken out of v (budget/living.h) */
	size_t again;	/* so many more runs measured the same (gb_run_fold()) */
	int outcome;	/* enum gb_outcome of this run */
	bool unsettled; /* its process died first: goroutines are shown, not judged */
};

enum gb_kind { GB_TEST, GB_EXAMPLE, GB_FUZZ, GB_BENCHMARK, GB_PACKAGE };

/* What go test says of it.  The worst of its samples. */
enum gb_outcome {
	GB_PASS,
	GB_SKIP,
	GB_UNFINISHED, /* began; its process ended before it did */
	GB_FAIL,
	GB_HANG, /* could no longer move */
	GB_OUTCOMES,
};

/* What very many runs said of one test: see gb_run_fold(). */
struct gb_folded {
	size_t runs;  /* 0: not folded */
	int last_bad; /* the last in which it failed or hung; 0: none since the first */
	size_t outcome[GB_OUTCOMES];
	size_t leaked;		    /* runs in which it hung or left goroutines of any kind */
	size_t leak_runs[GB_LEAKS]; /* in how many it left goroutines of this kind */
	int64_t leak_most[GB_LEAKS];
};

struct gb_test {
	char *name; /* Go's own: "TestSub/a", "ExampleNew", "FuzzParse/seed#0", "(package)" */
	enum gb_kind kind;
	enum gb_outcome outcome;
	bool flags_only;     /* fails only under our -gcflags: passes without them */
	struct gb_site site; /* where its function begins */
	struct gb_sample *samples;
	size_t n_samples, cap_samples;
	struct gb_group *groups; /* of every run; worst first within a run */
	size_t n_groups, cap_groups;
	struct gb_alloc_site *sites; /* the largest, of each mode's last run that told */
	size_t n_sites, cap_sites;
	struct gb_folded folded;
};

/* Why a package, or one test of it, could not be measured or did not pass. */
enum gb_trouble_kind {
	GB_TROUBLE_BUILD,      /* did not build */
	GB_TROUBLE_VET,	       /* go vet, as go test runs it, found something */
	GB_TROUBLE_FAIL,       /* a test failed */
	GB_TROUBLE_PANIC,      /* panic or fatal error, also "all goroutines are asleep" */
	GB_TROUBLE_EXIT,       /* the process called os.Exit (log.Fatal) in the middle */
	GB_TROUBLE_SIGNAL,     /* killed by a signal */
	GB_TROUBLE_TIMEOUT,    /* go test's own -timeout, or ours */
	GB_TROUBLE_MEMORY,     /* exceeded --memory */
	GB_TROUBLE_HANG,       /* a test that could no longer move was stopped */
	GB_TROUBLE_NO_RECORD,  /* ran, but the agent was not in it */
	GB_TROUBLE_CHILDREN,   /* child processes outlived the tests and were stopped */
	GB_TROUBLE_NO_PACKAGE, /* what was asked for is no package */
	GB_TROUBLE_NO_TESTS, /* has no test files, or -run matched none: not a failure by itself */
};

struct gb_trouble {
	enum gb_trouble_kind kind;
	char *test;   /* the guilty test's name, or NULL */
	char *text;   /* one line: "exit status 2", "panic: runtime error: ..." */
	char *output; /* the end of what it printed, or NULL */
	bool warning; /* named, but not a failure */
};

enum gb_accounting { GB_ACCOUNTING_RUNTIME, GB_ACCOUNTING_TESTING };

/* How many goroutines of one rule of the policy's living list the package's processes had. */
struct gb_living_seen {
	int64_t most;	  /* of one process ... */
	int process;	  /* ... of this one */
	size_t processes; /* how many had any */
};

struct gb_package {
	char *path;   /* import path */
	char *dir;    /* absolute */
	char *module; /* path of its module, and the module's directory */
	char *module_dir;
	struct gb_test *tests;
	size_t n_tests, cap_tests;
	void *index; /* of tests by name; use gb_package_test() */
	struct gb_trouble *troubles;
	size_t n_troubles, cap_troubles;
	bool passed;		       /* go test said ok (or had nothing to run) */
	bool measured;		       /* at least one complete record came */
	int processes;		       /* records merged so far */
	int living_done;	       /* ... and up to which one the living list was applied */
	struct gb_living_seen *living; /* by rule; NULL: no list, or not applied */
	size_t n_living;
	int64_t wall_ms;     /* of its first run */
	int64_t measured_at; /* taken from the cache: Unix time of when it was measured; 0: now */
};

/* What must be equal for numbers to be comparable; the key of a budget block. */
struct gb_environment {
	char go[32];	   /* "1.26": minor version only */
	char platform[64]; /* "linux/amd64" */
	int gomaxprocs;	   /* class: the next power of two */
	char *gcflags;	   /* "-l"; "" for the optimised build */
	char *tags;	   /* sorted, comma-separated; "" for none */
	bool cgo;
	bool race;
	enum gb_accounting accounting;
};

struct gb_run {
	struct gb_environment env;
	char *go_version;      /* whole: "go1.26.8" */
	char *go_why_fallback; /* why the testing-only accounting was used, or NULL */
	struct gb_package *packages;
	size_t n_packages, cap_packages;
	int runs;      /* how many times measured so far: 1 + reruns */
	bool filtered; /* -run, -skip or the like: what did not run is not `gone` */
	bool whole; /* every package of its modules was asked for: one that is not here is gone */
	bool compiled_only; /* no test ran: only what the compiler says is known */
	size_t left_out;    /* packages that were asked for, but that the change cannot move */
	struct gb_strlist elsewhere; /* packages of the plan that other shards measure, sorted */
	bool interrupted;	     /* Ctrl-C: only part of it was measured */
	int64_t wall_ms;
};

struct gb_run *gb_run_new(struct gb_err *err);
void gb_run_free(struct gb_run *run);
void gb_cleanup_run(struct gb_run **prun);
#define _run_ __attribute__((cleanup(gb_cleanup_run)))

/* Find; NULL if not there. */
struct gb_package *gb_run_package(const struct gb_run *run, const char *path);
struct gb_test *gb_package_test(const struct gb_package *p, const char *name);

/* Find or add.  The pointers stay valid until the next add. */
int gb_run_add_package(struct gb_run *run, const char *path, struct gb_package **ret,
		       struct gb_err *err);
/* Takes over what *p points to, and zeroes it; its path must be new to the run. */
int gb_run_take_package(struct gb_run *run, struct gb_package *p, struct gb_err *err);
void gb_run_drop_package(struct gb_run *run, size_t at);
int gb_package_add_test(struct gb_package *p, const char *name, enum gb_kind kind,
			struct gb_test **ret, struct gb_err *err);
int gb_test_add_sample(struct gb_test *t, const struct gb_sample *s, struct gb_err *err);
/* Takes over what *g points to, and zeroes it. */
int gb_test_take_group(struct gb_test *t, struct gb_group *g, struct gb_err *err);
/* Takes over *s, and zeroes it. */
int gb_test_take_site(struct gb_test *t, struct gb_alloc_site *s, struct gb_err *err);
void gb_test_clear_sites(struct gb_test *t, enum gb_mode mode);
void gb_group_release(struct gb_group *g);
void gb_alloc_site_release(struct gb_alloc_site *s);
/* Copies its strings (test and output may be NULL). */
int gb_package_add_trouble(struct gb_package *p, enum gb_trouble_kind kind, bool warning,
			   const char *test, const char *output, struct gb_err *err,
			   const char *fmt, ...) __attribute__((format(printf, 7, 8)));
void gb_run_sort(struct gb_run *run);
/* Has a trouble that is a failure: not a warning, and not merely no tests. */
bool gb_package_failed(const struct gb_package *p);

/*
 * What a test measured, over the samples of one mode: the smallest, the
 * largest, in how many samples of how many.  GB_IN_ORDER takes in GB_EXACT
 * samples as well; of unsettled samples, goroutines are left out.  False if there is none.
 */
struct gb_measured {
	int64_t min, max, first;
	size_t n;
};
bool gb_test_measured(const struct gb_test *t, enum gb_metric m, struct gb_measured *ret);
/* The value that is judged (the least, of goroutines the most) of the runs in exactly that mode; t may
 * be NULL. */
bool gb_test_value(const struct gb_test *t, enum gb_metric m, enum gb_mode mode, int64_t *ret);
/* In how many samples m was above `ceiling`. */
size_t gb_test_over(const struct gb_test *t, enum gb_metric m, int64_t ceiling);

/*
 * For very many runs (--stress), after each of them: keeps of goroutines what runs have in common
 * once, with how often.  Groups of the same kind, fingerprint, go statement and place become one
 * (gb_group.seen), equal samples as well (gb_sample.again); of metrics only `goroutines` is kept.
 * Runs in which a test failed are counted (gb_test.folded), and what it measured in them is
 * dropped; its outcome is that of most promise: HANG where one of them hung, else PASS where one
 * passed.
 */
void gb_run_fold(struct gb_run *run, int number);

/* Drops the troubles from number `from` on. */
void gb_package_drop_troubles(struct gb_package *p, size_t from);

const char *gb_kind_name(enum gb_kind k);
const char *gb_outcome_name(enum gb_outcome o);
const char *gb_leak_name(enum gb_leak l);
const char *gb_trouble_name(enum gb_trouble_kind k);
const char *gb_accounting_name(enum gb_accounting a);

/* "go1.26 linux/amd64 gomaxprocs=2 -gcflags=-l cgo runtime accounting": for people. */
char *gb_environment_text(const struct gb_environment *e);
bool gb_environment_equal(const struct gb_environment *a, const struct gb_environment *b);

/* Does this frame lie outside the standard library?  `module` is the package's. */
bool gb_site_is_users(const char *module, const struct gb_site *frame);

#endif
