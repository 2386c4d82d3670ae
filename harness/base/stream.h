/*
 * stream - one output pipe of a child for proc.c: into a buffer, or line by line.
 */
#ifndef GB_BASE_STREAM_H
#define GB_BASE_STREAM_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/proc.h"

struct gb_stream {
	int fd;		     /* our end; -1: closed, or there was none */
	int number;	     /* 1 or 2 */
	enum gb_stdio mode;  /* NULL with a pipe: read and dropped */
	struct gb_buf *tail; /* GB_STDIO_BUF */
	struct gb_buf line;  /* GB_STDIO_LINES: the unfinished line */
	bool cut;
};

/*
 * Reads what is there, without waiting, at most a few blocks so that the other stream
 * gets its turn; hands lines to p->on_line.  Closes at the end of file.  0, GB_ENOMEM,
 * GB_ESYS, or what on_line returned.
 */
int gb_stream_read(struct gb_stream *s, const struct gb_proc *p, struct gb_err *err);

/* Hands over an unfinished last line and closes. */
int gb_stream_finish(struct gb_stream *s, const struct gb_proc *p);

void gb_stream_release(struct gb_stream *s);

#endif
