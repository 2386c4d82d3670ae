/*
 * asset - a file that the build has put into the program (ci/cmake/generated.cmake).
 *
 * Data is static and has a NUL behind it that `len` does not count.  A table of
 * them is sorted by name and ends with a row of zeros.
 */
#ifndef GB_BASE_ASSET_H
#define GB_BASE_ASSET_H

#include <stddef.h>
#include <string.h>

struct gb_asset {
	const char *name;
	const unsigned char *data;
	size_t len; /* bytes */
};

/* By name; the row of zeros if there is none. */
static inline const struct gb_asset *gb_asset_find(const struct gb_asset *table, const char *name)
{
	while (table->name && strcmp(table->name, name) != 0)
		table++;
	return table;
}

#endif
