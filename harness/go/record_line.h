/*
 * record_line - one line of a record, cut into its fields and taken one by one.  Part of record.c.
 *
 * The first error stays in `rc` and `err`; what is taken after it is empty and 0.  Names are
 * copies and the caller's.
 */
#ifndef GB_GO_RECORD_LINE_H
#define GB_GO_RECORD_LINE_H

#include "base/limits.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct gb_err;

#define GB_RECORD_FIELDS (12 + 6 * GB_MAX_FRAMES)

struct gb_line {
	const char *name; /* of the file */
	size_t number;
	char *field[GB_RECORD_FIELDS + 1]; /* they point into the text that was cut */
	size_t n;
	size_t next; /* the field to take next */
	struct gb_err *err;
	int rc;
};

struct gb_word {
	const char *name;
	int value;
};

void gb_line_fail(struct gb_line *l, const char *what);
/* Cuts at tabs, in place, and undoes the escapes. */
void gb_line_split(struct gb_line *l, char *text);

const char *gb_line_take(struct gb_line *l);
char *gb_line_copy(struct gb_line *l);
/* A number, digits only (and a sign); false: "-", not measured, or an error. */
bool gb_line_number(struct gb_line *l, int64_t min, int64_t *ret);
int64_t gb_line_count(struct gb_line *l); /* 0 or more */
int gb_line_word(struct gb_line *l, const struct gb_word *table, size_t n);

#endif
