/*
 * gotest - what go test's own output says about each package.
 *
 * Fed line by line, plain or -json alike.  Learns which packages ended and how,
 * keeps the end of what failing packages printed, the panic that ended a test
 * binary, and what the compiler and vet said.
 *
 * A test prints what it likes, lines of this very form included.  So this is
 * evidence, not proof: where the wrapper saw a test binary end, its word counts
 * (measure_collect.c).
 */
#ifndef GB_GO_GOTEST_H
#define GB_GO_GOTEST_H

#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>
#include <uthash.h>

struct gb_err;

enum gb_gotest_result {
	GB_GOTEST_RUNNING, /* printed something, no result yet */
	GB_GOTEST_OK,
	GB_GOTEST_FAIL,
	GB_GOTEST_NO_FILES,	/* [no test files] */
	GB_GOTEST_BUILD_FAILED, /* or [setup failed] */
};

struct gb_gotest_package {
	char *path;
	enum gb_gotest_result result;
	bool no_tests;	      /* [no tests to run] */
	struct gb_buf output; /* the end of it, at most GB_MAX_CHILD_OUTPUT; of packages not ok */
	struct gb_buf panic;  /* from the last "panic: " or "fatal error: " on, its beginning */
	UT_hash_handle hh;    /* in order of results */
};

/* What the compiler (or vet) said under one "# path" header. */
struct gb_gotest_build {
	char *path;
	bool vet;
	bool variant;	    /* "# PATH [PATH.test]": only the compiler says that */
	struct gb_buf text; /* without the header */
	UT_hash_handle hh;
};

struct gb_gotest {
	bool json;
	struct gb_gotest_package *packages; /* uthash, in order of first result */
	struct gb_gotest_build *builds;	    /* uthash */
	struct gb_gotest_build *building;   /* the header that lines belong to */
	struct gb_gotest_package pending;   /* plain: printed, whose is not known yet */
	struct gb_buf errors;		    /* the beginning of stderr outside any header */
	bool continued[3];		    /* by stream: the line before was a piece */
	/* May be NULL: a package's result came. */
	void (*on_done)(void *arg, const char *package);
	void *arg;
};

void gb_gotest_init(struct gb_gotest *g, bool json);
/* One line without its newline; whole is false for a piece that is continued. */
int gb_gotest_line(struct gb_gotest *g, int stream, const char *line, size_t len, bool whole,
		   struct gb_err *err);
void gb_gotest_release(struct gb_gotest *g);
#define _gotest_ __attribute__((cleanup(gb_gotest_release)))

const struct gb_gotest_package *gb_gotest_package(const struct gb_gotest *g, const char *path);
/* What the compiler said of this package or its tests, else of anything; NULL: nothing. */
const struct gb_gotest_build *gb_gotest_build(const struct gb_gotest *g, const char *path);

/*
 * What the package printed about one failing test: its own lines under
 * "--- FAIL: NAME", and with -v what came between its "=== " lines.  Appended to out.
 */
void gb_gotest_test_output(const char *output, const char *test, struct gb_buf *out);

#endif
