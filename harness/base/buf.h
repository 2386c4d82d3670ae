/*
 * buf - a growable byte string with a ceiling.
 *
 * Append freely, check once: the first append that does not fit (ceiling or
 * memory) sets `failed` and every later one does nothing.  `data` is always
 * NUL-terminated once anything was appended (the NUL is not counted in `len`);
 * before that it is "", so it can always be printed with %s.
 *
 *	_buf_ struct gb_buf out = GB_BUF_INIT(GB_MAX_REPORT);
 *	gb_buf_addf(&out, "%zu tests\n", n);
 *	if (out.failed)
 *		return gb_buf_error(&out, "report", err);
 */
#ifndef GB_BASE_BUF_H
#define GB_BASE_BUF_H

#include "base/banned.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

struct gb_err;

struct gb_buf {
	char *data;
	size_t len;
	size_t cap;
	size_t max;  /* ceiling of len, bytes */
	bool failed; /* something did not fit: contents are a prefix */
	bool nomem;  /* ... because memory ran out, not because of max */
};

extern char gb_buf_empty[]; /* what an empty buffer's data points to */

#define GB_BUF_INIT(ceiling)                                \
	{                                                   \
		gb_buf_empty, 0, 0, (ceiling), false, false \
	}

void gb_buf_add(struct gb_buf *b, const void *data, size_t len);
void gb_buf_adds(struct gb_buf *b, const char *s);
void gb_buf_addc(struct gb_buf *b, char c);
void gb_buf_fill(struct gb_buf *b, char c, size_t n);
void gb_buf_addf(struct gb_buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void gb_buf_vaddf(struct gb_buf *b, const char *fmt, va_list ap)
	__attribute__((format(printf, 2, 0)));

/* JSON string literal with its quotes; invalid UTF-8 becomes U+FFFD. */
void gb_buf_add_json(struct gb_buf *b, const char *s);

/* Reads fd to its end (or the ceiling).  0, GB_ESYS, GB_ELIMIT. */
int gb_buf_read_fd(struct gb_buf *b, int fd, struct gb_err *err);

void gb_buf_clear(struct gb_buf *b);   /* empty again, memory and ceiling kept, failed reset */
void gb_buf_release(struct gb_buf *b); /* frees; usable again as after GB_BUF_INIT */
char *gb_buf_detach(struct gb_buf *b); /* the string, now the caller's to free(); NULL if failed */

/* GB_ELIMIT "<what> exceeds N bytes" or GB_ENOMEM. */
int gb_buf_error(const struct gb_buf *b, const char *what, struct gb_err *err);

#define _buf_ __attribute__((cleanup(gb_buf_release)))

#endif
