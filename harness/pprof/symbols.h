/*
 * symbols - strings as small numbers: equal strings, equal numbers.
 *
 * Strings are kept by reference, but for paths that had to be cleaned.
 */
#ifndef GB_PPROF_SYMBOLS_H
#define GB_PPROF_SYMBOLS_H

#include "base/strlist.h"

#include <stddef.h>
#include <stdint.h>

struct gb_symbols {
	const char **v;
	uint32_t *hashes;
	size_t n, cap, cap_hashes;
	uint32_t *slots; /* index plus one, 0 is free */
	size_t n_slots;
	struct gb_strlist own;
};

int gb_symbol(struct gb_symbols *t, const char *s, uint32_t *ret, struct gb_err *err);

/* The same of a path as Go's filepath.Clean() leaves it, and without what Bazel puts before it. */
int gb_symbol_path(struct gb_symbols *t, const char *path, uint32_t *ret, struct gb_err *err);

static inline const char *gb_symbols_get(const struct gb_symbols *t, uint32_t symbol)
{
	return t->v[symbol];
}

void gb_symbols_release(struct gb_symbols *t);

#endif
