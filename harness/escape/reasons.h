/*
 * reasons - of a finished set only what tells an escape of another commit from one that is new:
 * package, function, expression and what keeps the value.  To be kept, and read back.
 *
 *	gobudget reasons 1
 *	4	example.com/shop/store	(*Cache).Put	i	enum gb_keeper, then words; sorted
 *
 * Fields are separated by tabs; what has a tab or a line end in it is not kept at all.
 */
#ifndef GB_ESCAPE_REASONS_H
#define GB_ESCAPE_REASONS_H

#include "escape/escape.h"

struct gb_buf;

/* Appends the text; out->failed where it cannot be said. */
void gb_reasons_write(const struct gb_escapes *e, struct gb_buf *out);

/* A set whose escapes have only that, and no place.  GB_EPARSE, GB_ELIMIT, GB_ENOMEM. */
int gb_reasons_read(const char *text, size_t len, struct gb_escapes **ret, struct gb_err *err);

#endif
