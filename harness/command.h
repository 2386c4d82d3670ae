/*
 * command - one const struct per command, one table of them.
 *
 * Adding one: a file in harness/cmd/ that defines its struct, a row in
 * harness/cmd/table.c and in the list at the end of this header, a golden CLI
 * test.  tests/unit/test_commands.c walks the table: help, README, man page and
 * completion know every row.
 *
 * run() gets the command's own words: argv[0] is its name, argv ends with NULL.
 * It parses them with gb_args_parse(name, opts, ...).  It returns an exit status
 * 0..3 (design.md), or a negative GB_E code with `err` set; main() prints that
 * error once and exits with gb_exit_status().  --help and -h before "--" never
 * reach run(), except for hidden commands: all their words are theirs.
 *
 * Option tables are static and write to static variables: a process runs one command.
 *
 * Before run(), signals are caught as proc.h says; not for hidden commands,
 * which may become another program.
 */
#ifndef GB_COMMAND_H
#define GB_COMMAND_H

#include "base/args.h"
#include "base/err.h"

#include <stdbool.h>

struct gb_buf;

struct gb_command {
	const char *name;
	const char *args;    /* "[packages] [-- go test flags]", "" for none */
	const char *summary; /* one line: lower case, no full stop */
	const char
		*about; /* paragraphs for help and man page, lines of at most 80 columns; or NULL */
	const struct gb_opt *opts; /* ends with a row without name; or NULL */
	int (*run)(int argc, char **argv, struct gb_err *err);
	bool hidden; /* internal: runs, but is not shown or completed */
};

/* In the order in which help shows them; ends with NULL. */
extern const struct gb_command *const gb_commands[];

/* By name, hidden ones too; NULL if there is none. */
const struct gb_command *gb_command_find(const char *name);

/* GB_EUSAGE "no command ...", with the nearest name as the hint. */
int gb_command_unknown(const char *name, struct gb_err *err);

/* What `help` (c NULL) and `help CMD` show. */
void gb_command_help(const struct gb_command *c, struct gb_buf *out);

/* Writes all of it to standard output, now.  A reader that went away (EPIPE) is fine. */
int gb_command_print(const struct gb_buf *text, struct gb_err *err);

extern const struct gb_command cmd_bench;
extern const struct gb_command cmd_bisect;
extern const struct gb_command cmd_capture;
extern const struct gb_command cmd_check;
extern const struct gb_command cmd_completion;
extern const struct gb_command cmd_doctor;
extern const struct gb_command cmd_exec;
extern const struct gb_command cmd_explain;
extern const struct gb_command cmd_help;
extern const struct gb_command cmd_history;
extern const struct gb_command cmd_hook;
extern const struct gb_command cmd_init;
extern const struct gb_command cmd_measure;
extern const struct gb_command cmd_merge;
extern const struct gb_command cmd_nightly;
extern const struct gb_command cmd_notes;
extern const struct gb_command cmd_plan;
extern const struct gb_command cmd_profile;
extern const struct gb_command cmd_publish;
extern const struct gb_command cmd_record;
extern const struct gb_command cmd_report;
extern const struct gb_command cmd_trends;
extern const struct gb_command cmd_version;

#endif
