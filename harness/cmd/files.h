/*
 * files - the report in the forms that are asked for: --json, --junit, --markdown, --html.
 *
 * "-" is standard output; what people read then goes to standard error.
 */
#ifndef GB_CMD_FILES_H
#define GB_CMD_FILES_H

#include <stdbool.h>

/* The rows of these options in a command's table. */
#define FILES_OPTS(f)                                                                              \
	{ "json",                                                                                  \
	  0,                                                                                       \
	  GB_OPT_STRING,                                                                           \
	  "FILE",                                                                                  \
	  "write the report as JSON (- for standard output)",                                      \
	  &(f).json,                                                                               \
	  0,                                                                                       \
	  0,                                                                                       \
	  false },                                                                                 \
		{ "junit", 0, GB_OPT_STRING, "FILE", "write the report as JUnit XML", &(f).junit,  \
		  0,	   0, false },                                                             \
		{ "markdown",                                                                      \
		  0,                                                                               \
		  GB_OPT_STRING,                                                                   \
		  "FILE",                                                                          \
		  "write the report as Markdown, for a comment or a job summary",                  \
		  &(f).markdown,                                                                   \
		  0,                                                                               \
		  0,                                                                               \
		  false },                                                                         \
	{                                                                                          \
		"html", 0, GB_OPT_STRING, "FILE",                                                  \
			"write the report as a page: one file, no network", &(f).html, 0, 0, false \
	}

struct gb_err;
struct gb_report;

struct gb_files {
	const char *json, *junit, *markdown, *html; /* NULL: not asked for */
};

/* Does one of them go to standard output? */
bool files_take_stdout(const struct gb_files *f);
/* For people, on standard output; `aside` or where a file goes there, on standard error. */
int files_show(const struct gb_files *f, const struct gb_report *r, bool aside, bool quiet,
	       bool verbose, struct gb_err *err);
int files_write(const struct gb_files *f, const struct gb_report *r, struct gb_err *err);

#endif
