/* gobudget help: the whole program, or one command. */
#include "base/buf.h"
#include "base/limits.h"
#include "command.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static void help_all(struct gb_buf *out)
{
	size_t widest = 0;

	for (size_t i = 0; gb_commands[i]; i++) {
		size_t width = strlen(gb_commands[i]->name);

		if (!gb_commands[i]->hidden && width > widest)
			widest = width;
	}
	gb_buf_adds(out,
		    "usage: gobudget COMMAND [arguments]\n\n"
		    "Goroutine and heap budgets for Go tests: measures every test exactly, and\n"
		    "compares it with what the repository allows.\n\n"
		    "commands:\n");
	for (size_t i = 0; gb_commands[i]; i++) {
		if (!gb_commands[i]->hidden)
			gb_buf_addf(out, "  %-*s  %s\n", (int)widest, gb_commands[i]->name,
				    gb_commands[i]->summary);
	}
	gb_buf_adds(out, "\nexit status:\n"
			 "  0  within budget\n"
			 "  1  over budget\n"
			 "  2  wrong usage, or a broken budget file\n"
			 "  3  could not measure: build failed, tests failed, nothing ran\n\n"
			 "\"gobudget help COMMAND\" says more about one of them.\n");
}

static void help_one(const struct gb_command *c, struct gb_buf *out)
{
	gb_buf_addf(out, "usage: gobudget %s%s%s\n\n%s\n", c->name, *c->args ? " " : "", c->args,
		    c->summary);
	if (c->about) {
		gb_buf_addf(out, "\n%s", c->about);
		if (out->len && out->data[out->len - 1] != '\n')
			gb_buf_addc(out, '\n');
	}
	if (c->opts && c->opts->name) {
		gb_buf_adds(out, "\noptions:\n");
		gb_args_help(c->opts, out);
	}
}

void gb_command_help(const struct gb_command *c, struct gb_buf *out)
{
	if (c)
		help_one(c, out);
	else
		help_all(out);
}

int gb_command_print(const struct gb_buf *text, struct gb_err *err)
{
	if (text->failed)
		return gb_buf_error(text, "output", err);
	errno = 0;
	if (fwrite(text->data, 1, text->len, stdout) == text->len && fflush(stdout) == 0)
		return 0;
	int sys = errno;

	clearerr(stdout); /* said here or not at all: main() need not say it again */
	return sys == EPIPE ? 0 : gb_fail_sys(err, sys, "write standard output");
}

static int help_run(int argc, char **argv, struct gb_err *err)
{
	_buf_ struct gb_buf out = GB_BUF_INIT(GB_MIB);
	const struct gb_command *c = NULL;
	int first, dashdash, rc;

	if ((rc = gb_args_parse("help", cmd_help.opts, argc, argv, &first, &dashdash, err)) < 0)
		return rc;
	if (argc - first > 1) {
		gb_fail(err, GB_EUSAGE, "help takes one command, got %d", argc - first);
		return gb_hint(err, "gobudget help %.100s", argv[first]);
	}
	if (argc - first == 1) {
		c = gb_command_find(argv[first]);
		if (!c)
			return gb_command_unknown(argv[first], err);
	}
	gb_command_help(c, &out);
	return gb_command_print(&out, err);
}

static const struct gb_opt no_opts[] = { { .name = NULL } };

const struct gb_command cmd_help = {
	.name = "help",
	.args = "[COMMAND]",
	.summary = "show the commands, or one of them with its options",
	.opts = no_opts,
	.run = help_run,
};
