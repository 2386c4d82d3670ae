/*
 * files - the report in the forms that are asked for: --json, --junit, --markdown, --html,
 * --sarif.
 *
 * "-" is standard output; what people read then goes to standard error.
 */
#ifndef GB_CMD_FILES_H
#define GB_CMD_FILES_H

#include <stdbool.h>
#include <stdint.h>

/* A row of a command's table; and all of them. */
#define FILES_OPT(name, help, to)                                        \
	{                                                                \
		name, 0, GB_OPT_STRING, "FILE", help, &(to), 0, 0, false \
	}
#define FILES_OPTS(f)                                                                            \
	FILES_OPT("json", "write the report as JSON (- for standard output)", (f).json),         \
		FILES_OPT("junit", "write the report as JUnit XML", (f).junit),                  \
		FILES_OPT("markdown",                                                            \
			  "write the report as Markdown, for a comment or a job summary",        \
			  (f).markdown),                                                         \
		FILES_OPT("html", "write the report as a page: one file, no network", (f).html), \
		FILES_OPT("sarif", "write the report as SARIF, for code scanning", (f).sarif)

struct gb_err;
struct gb_report;

struct gb_files {
	const char *json, *junit, *markdown, *html, *sarif; /* NULL: not asked for */
	/* For people at a terminal so wide, in colour, though it goes to a pipe: who reads that shows
	 * it there.  0: what the terminal itself says. */
	int64_t columns;
};

/* Does one of them go to standard output? */
bool files_take_stdout(const struct gb_files *f);
/* For people, on standard output; `aside` or where a file goes there, on standard error. */
int files_show(const struct gb_files *f, const struct gb_report *r, bool aside, bool quiet,
	       bool verbose, struct gb_err *err);
int files_write(const struct gb_files *f, const struct gb_report *r, struct gb_err *err);

#endif
