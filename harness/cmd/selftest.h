/*
 * selftest - does the gate really fire?
 *
 * Writes a small module into a scratch folder, with a goroutine that never ends
 * and a megabyte too much planted in it, checks it with this very program and the
 * user's toolchain, and looks at the verdicts: both must fail, and the third
 * test must not.  A gate that cannot fail is found here.
 */
#ifndef GB_CMD_SELFTEST_H
#define GB_CMD_SELFTEST_H

#include "base/asset.h"

#include <stdbool.h>
#include <stdint.h>

struct gb_err;

/* The module: harness/cmd/selftest, put into the program by the build. */
extern const struct gb_asset gb_selftest_assets[];
extern const size_t gb_selftest_assets_n;

struct gb_selftest {
	bool fires;
	char *what;	  /* one line: what was found, or what was not */
	char *accounting; /* "runtime" or "testing"; NULL: nothing was measured */
	char *why;	  /* why the accounting is "testing", or NULL */
	int64_t wall_ms;
};

/* go_version: "go1.26.8", what the module here is built with; NULL: whatever is on PATH.  Errors are
 * those of the scratch folder, and Ctrl-C; a check that came to nothing is in `what`. */
int gb_selftest(const char *go_version, struct gb_selftest *ret, struct gb_err *err);
void gb_selftest_release(struct gb_selftest *s);

#endif
