/*
 * jsonw - JSON text, member by member, 64-bit integers exact.
 *
 * Writes into a gb_buf, so it needs no error of its own: check the buffer once
 * at the end.  Commas, indentation and escapes are its business.  An object
 * opened `tight` stays on one line with all that is in it.
 */
#ifndef GB_REPORT_JSONW_H
#define GB_REPORT_JSONW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct gb_buf;

struct gb_jsonw {
	struct gb_buf *out;
	size_t depth;
	size_t tight; /* depth from which all is on one line, 0: none */
	bool more;    /* something stands before this in its object or array */
};

/* `key` is NULL in an array and for the root.  Values that are NULL become null. */
void gb_jsonw_open(struct gb_jsonw *w, const char *key, char bracket, bool tight); /* { or [ */
void gb_jsonw_close(struct gb_jsonw *w, char bracket);				   /* } or ] */
void gb_jsonw_string(struct gb_jsonw *w, const char *key, const char *value);
void gb_jsonw_int(struct gb_jsonw *w, const char *key, int64_t value);
void gb_jsonw_bool(struct gb_jsonw *w, const char *key, bool value);
void gb_jsonw_null(struct gb_jsonw *w, const char *key);
/* The fewest digits that read back as the same double; null for what is none in JSON. */
void gb_jsonw_double(struct gb_jsonw *w, const char *key, double value);
/* Thousandths, exact: 12345 is 12.345. */
void gb_jsonw_milli(struct gb_jsonw *w, const char *key, int64_t thousandths);

#endif
