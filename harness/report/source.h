/*
 * source - lines of the user's Go files, for quoting.
 *
 * Files are read whole and kept until released, up to a ceiling; a file that
 * cannot be read has no lines.  That is never an error: a report goes without
 * the quotation.
 */
#ifndef GB_REPORT_SOURCE_H
#define GB_REPORT_SOURCE_H

#include <stddef.h>

struct gb_source_file;

struct gb_source {
	struct gb_source_file *files; /* uthash, by path */
	size_t bytes;
};

/* Line `line` (from 1) of `file` below `dir` (unused where file is absolute), without blanks
 * around it, cut at `max` bytes; NULL: not there, empty, or out of memory.  Caller frees. */
char *gb_source_line(struct gb_source *s, const char *dir, const char *file, int line, size_t max);
void gb_source_release(struct gb_source *s);
#define _source_ __attribute__((cleanup(gb_source_release)))

#endif
