/*
 * files - the report in the forms that are asked for: --json, --junit, --markdown, --html.
 *
 * "-" is standard output; what people read then goes to standard error.
 */
#ifndef GB_CMD_FILES_H
#define GB_CMD_FILES_H

#include <stdbool.h>

struct gb_err;
struct gb_report;

struct gb_files {
	const char *json, *junit, *markdown, *html; /* NULL: not asked for */
};

/* Does one of them go to standard output? */
bool files_take_stdout(const struct gb_files *f);
int files_write(const struct gb_files *f, const struct gb_report *r, struct gb_err *err);

#endif
