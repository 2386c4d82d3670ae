/*
 * compile - packages compiled, not run, for what the compiler says of them.
 *
 * One `go list -export`: it compiles the packages (and their tests, where asked), links
 * nothing, writes nothing but the build cache, and repeats what the compiler said where a
 * package came from that cache.  Measured beside the alternatives: `go build` links and may
 * leave a program behind, `go test -run=^$` links every test binary, `go vet` does not repeat.
 *
 * The flags are those of measuring, so that the code is the code whose bytes are budgeted:
 * the policy's -gcflags for every package of the main modules, the user's -tags, -race, -mod and
 * so on.  -cover is left out: what it adds is not the product's.  A flag more (`-m=2`) makes
 * other cache entries than measuring's, of the module's own packages alone.
 */
#ifndef GB_GO_COMPILE_H
#define GB_GO_COMPILE_H

#include "base/strlist.h"
#include "go/run.h"
#include "go/toolchain.h"

struct gb_err;
struct gb_measuring;

/* A package that was asked for; the strings are valid during the call.  NULL: not known. */
struct gb_compiled {
	const char *path, *dir, *module, *module_dir;
	const char *go; /* language version of its module: "1.21" */
};

struct gb_compile_options {
	const char *dir;		      /* where the go command runs; NULL: here */
	const struct gb_strlist *patterns;    /* packages; NULL or empty: the one here */
	const struct gb_strlist *go_flags;    /* what the user wrote after `--`; NULL: none */
	const struct gb_toolchain *toolchain; /* found already, or NULL */
	const char *gcflags;		      /* "-l"; "" or NULL: the optimised build */
	const char *more;		      /* compiler flags besides: "-m=2"; or NULL */
	bool tests;			      /* test files as well */
	int jobs;			      /* -p; 0: as the flags say */
	const struct gb_measuring *like;      /* its go command and overlay: the standard library
					       * is compiled already; or NULL */

	/* A line of standard error; 0: not understood, which makes it part of the error if
	 * something does not compile; negative: stop. */
	int (*on_line)(void *arg, const char *line, size_t len);
	int (*on_package)(void *arg, const struct gb_compiled *p); /* may be NULL; negative: stop */
	void (*on_tick)(void *arg);				   /* may be NULL */
	void *arg;
};

/*
 * Fills the environment of an empty run and adds the packages, without tests; NULL: nobody
 * wants to know.  GB_EMEASURE with the go command's first words: something did not compile.
 */
int gb_compile(const struct gb_compile_options *o, struct gb_run *run, struct gb_err *err);

/* The first half of it alone: only fills the environment, and compiles nothing. */
int gb_compile_environment(const struct gb_compile_options *o, struct gb_run *run,
			   struct gb_err *err);

#endif
