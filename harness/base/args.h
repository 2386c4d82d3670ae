/*
 * args - one table of options: getopt_long, --help, man page and completion read it.
 *
 * A command's options are an array of struct gb_opt ended by a row whose name
 * is NULL.  gb_args_parse() writes through `value` according to `kind`; operands (non-options) are
 * permuted to the end and handed back as argv + *ret_first.  What follows "--"
 * is kept apart: *ret_dashdash is the index of the "--" in argv, or argc where there
 * is none.  argv[0] is the command's name and skipped.  So, after the call:
 *
 *	for (i = first; i < dashdash; i++)	operands
 *	for (i = dashdash + 1; i < argc; i++)	what follows "--"
 *
 * Unknown options and missing values are GB_EUSAGE with one line and the hint
 * "gobudget help CMD".  A long name may be shortened while it stays unique.
 */
#ifndef GB_BASE_ARGS_H
#define GB_BASE_ARGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct gb_buf;
struct gb_err;

enum gb_opt_kind {
	GB_OPT_FLAG,	 /* bool * := true */
	GB_OPT_STRING,	 /* const char ** := argument (points into argv) */
	GB_OPT_STRINGS,	 /* struct gb_strlist *: may be given more than once */
	GB_OPT_INT,	 /* int64_t *, min..max */
	GB_OPT_DURATION, /* int64_t *, milliseconds */
	GB_OPT_SIZE,	 /* int64_t *, bytes */
};

struct gb_opt {
	const char *name; /* long name without dashes */
	char letter;	  /* short name, or 0 */
	enum gb_opt_kind kind;
	const char *arg;  /* name of the argument in help, NULL for a flag */
	const char *help; /* one sentence, lower case, no full stop */
	void *value;
	int64_t min, max; /* of GB_OPT_INT; both 0: any */
	bool hidden;	  /* for tests: parsed, not shown */
};

int gb_args_parse(const char *command, const struct gb_opt *opts, int argc, char **argv,
		  int *ret_first, int *ret_dashdash, struct gb_err *err);
void gb_args_help(const struct gb_opt *opts, struct gb_buf *out); /* the OPTIONS part, aligned */

#endif
