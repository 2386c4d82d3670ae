/*
 * record - the two halves of `gobudget record`: measuring, and writing down.
 *
 * record.c measures; record_write.c edits one budget file after the other and
 * says what changed.  Nothing is written before everything has been measured.
 */
#ifndef GB_CMD_RECORD_H
#define GB_CMD_RECORD_H

#include "budget/judge.h"
#include "budget/update.h"

#include <stdbool.h>

struct gb_buf;
struct gb_err;

struct gb_recording {
	const struct gb_run *run;
	const struct gb_budgets *budgets;
	const struct gb_update_options *update;
	bool patch;   /* print a unified diff, write nothing */
	bool dry_run; /* print the table, write nothing */
	/* With dry_run: the files are written below this folder, each at its whole path; or NULL. */
	const char *into;
	/* Where the whole of a module was asked for, its folder: then pruning also drops what
	 * packages without any test have; else NULL. */
	const char *module_dir;
};

/* Makes `text` (NULL: nothing, not even a file) the contents of `path`, or adds that to the
 * patch in `out`, or neither. */
int gb_record_put(const struct gb_recording *r, const char *path, const char *module_dir,
		  const char *text, struct gb_buf *out, struct gb_err *err);

/*
 * Writes the budget file of every package that passed, each one atomically, and
 * prints a table of what changed.  Packages that failed are named on standard
 * error and left as they are.  Returns the exit status: 0, 3 if a package was left out or
 * nothing was measured, or an error.
 */
int gb_record_write(const struct gb_recording *r, struct gb_err *err);

#endif
