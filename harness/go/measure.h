/*
 * measure - one `go test` under the overlay, and what its test binaries recorded.
 *
 *	gb_measure_start()  finds the toolchain, makes the scratch folder, writes the overlay
 *	gb_measure()	    runs go test once, as users run it, and fills the run
 *	gb_measure_again()  runs one package's saved binary once more, without building
 *	gb_measuring_free() removes the scratch folder
 *
 * go test stays in charge: patterns, flags, directories, -p and -json mean what
 * they always mean, and what it prints is handed to `on_line` byte for byte.
 * Each test binary is started by our own `gobudget exec` (see go/exec.h), which
 * keeps the binary, so that reruns cost no build.  Nothing is written outside
 * the scratch folder and the user's own Go build cache.  The process's own
 * environment loses what is no test's business (go/secrets.h).
 *
 * A test that fails, a package that does not build, a test binary that dies:
 * these are troubles in the run, not errors.  Errors are: no go command, a
 * cross GOOS, wrong flags (GB_EUSAGE), go test could not start or named no
 * package at all (GB_EMEASURE with its own words), Ctrl-C (GB_EINTR, with what
 * was measured until then in the run and run->interrupted set; GB_ETIME at the
 * deadline likewise).
 */
#ifndef GB_GO_MEASURE_H
#define GB_GO_MEASURE_H

#include "base/strlist.h"
#include "go/run.h"
#include "go/toolchain.h"

struct gb_buf;
struct gb_err;

struct gb_measure_options {
	const char *dir;		      /* where go test runs; NULL: here */
	const struct gb_strlist *patterns;    /* packages; empty: go test's own default */
	const struct gb_strlist *go_flags;    /* what the user wrote after `--`; NULL: none */
	const struct gb_toolchain *toolchain; /* found already, or NULL; outlives the measuring */
	const char *gcflags;		      /* "-l"; "" or NULL: the optimised build */
	int64_t settle_ms;		      /* the window at the end of each test binary */
	int64_t timeout_ms;		      /* -timeout of each package; 0: as the flags say */
	int64_t deadline_ms; /* of all, by gb_now_ms(): GB_ETIME where it passes; 0: none */
	int64_t memory;	     /* bytes a test binary and its children may hold; 0: any */
	int jobs;	     /* -p; 0: as the flags say */
	const char *bench;   /* -bench; NULL: as the flags say */
	const struct gb_strlist *explain; /* names of tests: exact runs and those alone tell their
					   * allocation sites, `sites` of each; NULL: of none */
	const struct gb_strlist *with;	  /* flags of reruns in the place of the first run's own, as
					* gb_args_with() takes them; NULL: none */
	bool exact;			  /* the first run is under the exact settings already */
	int sites;	  /* alone, what is still reachable after the test is told as well */
	bool fallback;	  /* force the testing-only accounting */
	bool stress;	  /* one of very many runs: creators are known, bytes mean little */
	bool random;	  /* ... and the scheduler chooses at random */
	bool rounds;	  /* people know reruns as rounds, the first run as round 1 */
	bool keep;	  /* leave the scratch folder, for looking inside */
	const char *self; /* the program that has `exec`; NULL: this one */

	/* stream is 1 or 2.  `whole` is false for a piece of a line longer than GB_MAX_LINE:
	 * no newline follows it. */
	void (*on_line)(void *arg, int stream, const char *line, size_t len, bool whole);
	void (*on_package_started)(void *arg, const char *package); /* its test binary runs */
	void (*on_package_done)(void *arg, const char *package);    /* go test gave its result */
	void (*on_tick)(void *arg);				    /* about ten times a second */
	void *arg;
};

struct gb_measuring;

int gb_measure_start(const struct gb_measure_options *o, struct gb_measuring **ret,
		     struct gb_err *err);

/* Fills an empty run; run->runs becomes 1.  The options must still be there. */
int gb_measure(struct gb_measuring *m, struct gb_run *run, struct gb_err *err);

/*
 * Runs a package's binary again: same arguments, directory, environment and
 * supervision, nothing shown, files that the arguments name not written.  Adds
 * samples as run number `run->runs` and leaves counting up to the caller
 * (one round of reruns is one run, whichever packages it takes).  only_test:
 * NULL for the whole package in order, else one test's full name, with
 * GB_ALONE.  A rerun that fails adds a trouble of the package with warning set.
 * GB_ENOTFOUND: no binary of that package was kept.
 */
int gb_measure_again(struct gb_measuring *m, const char *package, enum gb_mode mode,
		     const char *only_test, struct gb_run *run, struct gb_err *err);

/*
 * What the runs of a package recorded so far, in order, as gb_replay() reads it (`ret`), and
 * where the list of what its tests read in the first lies (plan/testlog.h); until the measuring
 * is freed.  Caller frees the path.  GB_ENOTFOUND: no binary ran, or it was wrapped in the user's
 * own -exec.
 */
int gb_measure_records(const struct gb_measuring *m, const char *package, struct gb_buf *ret,
		       char **ret_log, struct gb_err *err);

/* The same of the last rerun that came to something.  GB_ENOTFOUND: there is none. */
int gb_measure_last_record(const struct gb_measuring *m, struct gb_buf *ret, struct gb_err *err);

/* After GB_EMEASURE: nothing ran, since a Go file does not parse (Go before 1.24). */
bool gb_measure_broke_off(const struct gb_measuring *m);
/* The exit status of go test itself (0, 1, 2), -1 before it ran. */
int gb_measure_go_status(const struct gb_measuring *m);
const struct gb_toolchain *gb_measure_toolchain(const struct gb_measuring *m);

void gb_measuring_free(struct gb_measuring *m);
void gb_cleanup_measuring(struct gb_measuring **pm);
#define _measuring_ __attribute__((cleanup(gb_cleanup_measuring)))

#endif
