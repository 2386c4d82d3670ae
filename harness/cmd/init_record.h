/*
 * init_record - the first budgets: measured into a scratch folder, shown, then put in place.
 *
 * gobudget record does it, as a child; the files it would write come to scratch, each at its
 * whole path.
 */
#ifndef GB_CMD_INIT_RECORD_H
#define GB_CMD_INIT_RECORD_H

#include "cmd/init.h"

#include <stddef.h>

struct gb_err;

struct gb_init_record {
	const struct gb_init_found *found;
	char *scratch;
	struct gb_strlist files; /* where they belong, sorted */
	int status;		 /* of gobudget record: 3 where a package was left out */
};

/* Indented, at most `most` lines (0: all), and how many more there are. */
void gb_init_show(const char *text, size_t most);

/* Measures, and shows what there is to write.  1, or 0: nothing.  GB_EINTR. */
int gb_init_measure(struct gb_init_record *r, struct gb_err *err);
/* Puts them in place, and counts them.  GB_EEXIST: one is there by now. */
int gb_init_write(const struct gb_init_record *r, size_t *count, struct gb_err *err);
void gb_init_record_release(struct gb_init_record *r);

#endif
