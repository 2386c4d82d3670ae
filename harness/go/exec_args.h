/*
 * exec_args - a test binary's arguments, rewritten for another run of it.
 *
 * go test writes its own flags as -test.NAME=VALUE; the last of a name counts;
 * "--" ends them.  Everything that is not ours to change stays as it is.
 */
#ifndef GB_GO_EXEC_ARGS_H
#define GB_GO_EXEC_ARGS_H

#include "base/strlist.h"

#include <stdbool.h>
#include <stdint.h>

struct gb_buf;
struct gb_err;

/* Drops what names files to be written: profiles, coverage, traces, the test log. */
int gb_args_quiet(const struct gb_strlist *args, struct gb_strlist *ret, struct gb_err *err);

/* Only that test (by its full name): -test.run, or -test.bench for a benchmark. */
int gb_args_only(const struct gb_strlist *args, const char *test, struct gb_strlist *ret,
		 struct gb_err *err);

/* With flags in the place of what args say: "-test.NAME=VALUE", or "-test.NAME" to take one away. */
int gb_args_with(const struct gb_strlist *args, const struct gb_strlist *with,
		 struct gb_strlist *ret, struct gb_err *err);

/* Without the top-level tests named, beside what is skipped already; elapsed_ms is taken off
 * -test.timeout.  *ret_late: no time is left. */
int gb_args_without(const struct gb_strlist *args, const struct gb_strlist *tests,
		    int64_t elapsed_ms, struct gb_strlist *ret, bool *ret_late, struct gb_err *err);

/* The value of the last -test.NAME=VALUE, or NULL. */
const char *gb_args_get(const struct gb_strlist *args, const char *name);

/* As Go's regexp.QuoteMeta. */
void gb_quote_meta(struct gb_buf *out, const char *text);

/* Go's duration ("10m0s", "1.5h", "300ms") in milliseconds; -1 if it is none. */
int64_t gb_go_duration_ms(const char *text);

#endif
