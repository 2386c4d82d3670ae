/*
 * gobudget - goroutine and heap budgets for Go tests.
 *
 * Finds the command, runs it, prints its error once.  All else is in cmd/.
 */
#if defined(_WIN32)
#error "gobudget runs on Linux and macOS: process groups and -exec work otherwise on Windows; use WSL"
#endif

#include "base/buf.h"
#include "base/limits.h"
#include "base/proc.h"
#include "base/text.h"
#include "command.h"
#include "version.h"

#include <stdio.h>
#include <string.h>

static void print_error(const struct gb_err *err)
{
	_buf_ struct gb_buf line = GB_BUF_INIT(16 * GB_KIB), hint = GB_BUF_INIT(16 * GB_KIB);

	gb_text_safe(&line, err->line);
	gb_text_safe(&hint, err->hint);
	fflush(stdout);
	fprintf(stderr, "gobudget: %s\n", line.data);
	if (hint.len)
		fprintf(stderr, "hint: %s\n", hint.data);
}

static int fail(const struct gb_err *err, int code)
{
	print_error(err);
	return gb_exit_status(code);
}

/* Help that was asked for: on standard output, exit 0. */
static int show_help(const struct gb_command *c)
{
	_buf_ struct gb_buf out = GB_BUF_INIT(GB_MIB);
	struct gb_err err = GB_ERR_INIT;
	int rc;

	gb_command_help(c, &out);
	rc = gb_command_print(&out, &err);
	return rc < 0 ? fail(&err, rc) : 0;
}

static bool wants_help(int argc, char **argv)
{
	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
		if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)
			return true;
	}
	return false;
}

static int run(const struct gb_command *c, int argc, char **argv)
{
	struct gb_err err = GB_ERR_INIT;
	int rc = c->hidden ? 0 : gb_signals_catch(&err);

	if (rc == 0)
		rc = c->run(argc, argv, &err);
	/* A verdict stands even when nobody could read it, so this only warns. */
	if (fflush(stdout) != 0 || ferror(stdout))
		fputs("gobudget: standard output could not be written\n", stderr);
	return rc < 0 ? fail(&err, rc) : rc;
}

int main(int argc, char **argv)
{
	struct gb_err err = GB_ERR_INIT;
	const struct gb_command *c;

	if (argc < 2) {
		_buf_ struct gb_buf out = GB_BUF_INIT(GB_MIB);

		gb_command_help(NULL, &out);
		fputs(out.data, stderr);
		return gb_exit_status(GB_EUSAGE);
	}
	if (strcmp(argv[1], "--version") == 0) {
		puts(*GB_BUILD ? "gobudget " GB_VERSION " (" GB_BUILD ")" : "gobudget " GB_VERSION);
		return fflush(stdout) == 0 ? 0 : gb_exit_status(GB_ESYS);
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)
		return show_help(NULL);
	c = gb_command_find(argv[1]);
	if (!c && argv[1][0] == '-') {
		gb_fail(&err, GB_EUSAGE, "no option \"%.100s\" before the command", argv[1]);
		gb_hint(&err, "options come after the command: gobudget COMMAND %.100s", argv[1]);
		return fail(&err, GB_EUSAGE);
	}
	if (!c)
		return fail(&err, gb_command_unknown(argv[1], &err));
	if (!c->hidden && wants_help(argc - 1, argv + 1))
		return show_help(c);
	return run(c, argc - 1, argv + 1);
}
