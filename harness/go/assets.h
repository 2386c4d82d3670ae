/*
 * assets - the agent's files, embedded by the build.
 *
 * Every *.go and *.edits file under harness/go/agent, sorted by name; the name is the
 * path from there ("testing.go", "runtime.edits").  Data is static and has a
 * NUL behind it that `len` does not count.  The table ends with a row of zeros.
 */
#ifndef GB_GO_ASSETS_H
#define GB_GO_ASSETS_H

#include <stddef.h>

struct gb_asset {
	const char *name;
	const unsigned char *data;
	size_t len; /* bytes */
};

extern const struct gb_asset gb_assets[];
extern const size_t gb_assets_n;

#endif
