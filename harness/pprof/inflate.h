/*
 * inflate - the bytes of a profile, gzipped or not, with a ceiling.
 *
 * Any number of gzip members, one after the other.  The size in a trailer is a
 * hint only: memory follows what comes out.  Checksums are checked.
 */
#ifndef GB_PPROF_INFLATE_H
#define GB_PPROF_INFLATE_H

#include <stdbool.h>
#include <stddef.h>

struct gb_err;

bool gb_is_gzip(const void *data, size_t size);

/*
 * The caller frees *ret.  There is always one byte of room behind the last.
 * GB_EPARSE "<name>: ..." for a damaged or cut file, GB_ELIMIT past `max` bytes, GB_ENOMEM.
 */
int gb_inflate(const char *name, const void *data, size_t size, size_t max, unsigned char **ret,
	       size_t *ret_size, struct gb_err *err);

#endif
