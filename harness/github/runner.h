/*
 * runner - what the runner of GitHub Actions reads from a log, and from the files it names.
 *
 * Workflow commands and output files are byte for byte what @actions/core writes
 * (docs.github.com, "Workflow commands for GitHub Actions").  A runner obeys "::name" at the
 * beginning of a line and "##[name]" anywhere in one: gb_log_line() is for all else that is
 * printed there.  Pure, but for the two that write files.
 */
#ifndef GB_GITHUB_RUNNER_H
#define GB_GITHUB_RUNNER_H

#include <stddef.h>
#include <stdint.h>

struct gb_buf;
struct gb_err;

enum gb_level { GB_LEVEL_ERROR, GB_LEVEL_WARNING, GB_LEVEL_NOTICE };

struct gb_annotation {
	enum gb_level level;
	char *file; /* from the root of the repository; NULL: nowhere */
	int64_t line;
	char *title, *message; /* message may have several lines */
};

#define GB_ANNOTATION_MAX ((size_t)4096) /* characters of a message */

void gb_annotation_write(const struct gb_annotation *a, struct gb_buf *out);
void gb_annotation_release(struct gb_annotation *a);

/* One line for a log: nothing in it is a command, control characters are gone. */
void gb_log_line(const char *text, struct gb_buf *out);

/* Lines that are safe for a terminal, for a log as well: none of them is a command. */
void gb_log_text(const char *text, struct gb_buf *out);

/* What no terminal and no page should show is replaced, lines stay lines; at most max characters. */
void gb_safe_lines(struct gb_buf *out, const char *text, size_t max);

/* "::stop-commands::WORD" and "::WORD::", between which text may stand as it is. */
void gb_commands_stop(const char *word, struct gb_buf *out);
void gb_commands_go_on(const char *word, struct gb_buf *out);

/* A UUID of the system's own randomness, so that no text can know it before.  GB_ESYS. */
#define GB_WORD_SIZE 37
int gb_random_word(char ret[GB_WORD_SIZE], struct gb_err *err);

/* name<<DELIMITER, the value, DELIMITER.  GB_EUSAGE: the delimiter occurs in it. */
int gb_output_write(const char *name, const char *value, const char *word, struct gb_buf *out,
		    struct gb_err *err);

/* Appends to a file of the runner (GITHUB_OUTPUT, GITHUB_STEP_SUMMARY).  GB_ESYS. */
int gb_runner_append(const char *path, const char *text, size_t len, struct gb_err *err);

/* How much a step summary may still take: past a mebibyte GitHub drops all of it. */
#define GB_SUMMARY_MAX ((size_t)1048576)
size_t gb_summary_room(const char *path);

#endif
