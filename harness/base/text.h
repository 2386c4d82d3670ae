/*
 * text - small questions about strings, and making hostile ones safe to show.
 *
 * gb_text_safe(): control characters, ANSI escapes, bidi overrides, zero-width
 * characters and invalid UTF-8 become U+FFFD; a newline or tab becomes a
 * space; of marks over one character GB_TEXT_MARKS stay, since any number of them takes no
 * column.  Used for every name that a terminal or a log will show.
 */
#ifndef GB_BASE_TEXT_H
#define GB_BASE_TEXT_H

#include "base/banned.h"

#include <stdbool.h>
#include <stddef.h>

struct gb_buf;

#define GB_TEXT_MARKS ((size_t)8)

bool gb_starts(const char *s, const char *prefix);
bool gb_ends(const char *s, const char *suffix);
bool gb_streq(const char *a, const char *b); /* NULL equals only NULL */

/* `*` any run without '/', `**` any run, `?` one character, [a-z] classes; whole string. */
bool gb_glob(const char *pattern, const char *s);

/* Columns that valid UTF-8 takes on a terminal (wide and combining characters counted). */
size_t gb_text_width(const char *s);
void gb_text_safe(struct gb_buf *out, const char *s);
/* At most `columns` wide; a longer text loses its middle to "…" so that both ends stay. */
void gb_text_fit(struct gb_buf *out, const char *s, size_t columns);

#endif
