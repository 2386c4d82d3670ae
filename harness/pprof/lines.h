/*
 * lines - the text of a source file that a profile names.
 *
 * Looked for, in this order: the path itself if it is absolute; below each of
 * the folders given, the path and then the path without its first element,
 * without its first two ..., so that sources built elsewhere or with -trimpath
 * are found in a checkout; below GOROOT/src where the caller gives that folder.
 *
 * A profile may come from anybody, so only regular files whose name is that of
 * source code are read, up to GB_MAX_GO_SOURCE bytes.
 */
#ifndef GB_PPROF_LINES_H
#define GB_PPROF_LINES_H

#include "base/buf.h"
#include "base/limits.h"

struct gb_lines {
	struct gb_buf text; /* lines end with a NUL each */
	char *path;	    /* where it was found */
	size_t *lines;	    /* offsets into text */
	size_t n, cap;
};

#define GB_LINES_INIT                                           \
	{                                                       \
		GB_BUF_INIT(GB_MAX_GO_SOURCE), NULL, NULL, 0, 0 \
	}

/* folders ends with NULL.  GB_ENOTFOUND "no source ..."; what else reading a file may fail with. */
int gb_lines_open(const char *path, const char *const *folders, struct gb_lines *ret,
		  struct gb_err *err);
const char *gb_lines_get(const struct gb_lines *s, size_t line); /* from 1; NULL past the end */
void gb_lines_release(struct gb_lines *s);
#define _lines_ __attribute__((cleanup(gb_lines_release)))

#endif
