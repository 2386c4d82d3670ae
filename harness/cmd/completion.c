/*
 * gobudget completion bash|zsh|fish: a script made from the table of commands.
 *
 * Names and letters come from our own tables; help texts are quoted for the shell
 * they go to.  Options whose argument is called FILE or DIR complete paths.
 */
#include "base/buf.h"
#include "base/limits.h"
#include "base/text.h"
#include "cmd/profile.h"
#include "command.h"

#include <stdio.h>
#include <string.h>

static const char *const shells[] = { "bash", "zsh", "fish", NULL };

/* Help is every command's, and no row of its table. */
static const struct gb_opt help_opt = {
	.name = "help", .letter = 'h', .kind = GB_OPT_FLAG, .help = "show this help"
};

static const struct gb_opt *opt_at(const struct gb_command *c, size_t i)
{
	size_t n = 0;

	for (const struct gb_opt *o = c->opts; o && o->name; o++) {
		if (o->hidden)
			continue;
		if (n++ == i)
			return o;
	}
	return n == i ? &help_opt : NULL;
}

static bool takes_path(const struct gb_opt *o)
{
	return o->arg && (strcmp(o->arg, "FILE") == 0 || strcmp(o->arg, "DIR") == 0);
}

/* The words a command's operands are taken from: " a b"; nothing when they are anything. */
static void add_operands(const struct gb_command *c, struct gb_buf *out)
{
	if (c == &cmd_completion) {
		for (size_t i = 0; shells[i]; i++)
			gb_buf_addf(out, " %s", shells[i]);
	} else if (c == &cmd_profile) {
		for (size_t i = 0; gb_views[i]; i++)
			gb_buf_addf(out, " %s", gb_views[i]->name);
	} else if (c == &cmd_help) {
		for (size_t i = 0; gb_commands[i]; i++) {
			if (!gb_commands[i]->hidden)
				gb_buf_addf(out, " %s", gb_commands[i]->name);
		}
	}
}

static void bash_command(const struct gb_command *c, struct gb_buf *out)
{
	_buf_ struct gb_buf paths = GB_BUF_INIT(GB_MIB), values = GB_BUF_INIT(GB_MIB);

	for (size_t i = 0; opt_at(c, i); i++) {
		const struct gb_opt *o = opt_at(c, i);
		struct gb_buf *list = takes_path(o) ? &paths : &values;

		if (!o->arg)
			continue;
		gb_buf_addf(list, "%s--%s", list->len ? "|" : "", o->name);
		if (o->letter)
			gb_buf_addf(list, "|-%c", o->letter);
	}
	gb_buf_addf(out, "\t%s)\n", c->name);
	if (paths.len || values.len)
		gb_buf_adds(out, "\t\tcase $prev in\n");
	if (paths.len)
		gb_buf_addf(out, "\t\t%s) return ;;\n", paths.data);
	if (values.len)
		gb_buf_addf(out, "\t\t%s) compopt +o default; return ;;\n", values.data);
	if (paths.len || values.len)
		gb_buf_adds(out, "\t\tesac\n");
	gb_buf_adds(out, "\t\twords=\"");
	for (size_t i = 0; opt_at(c, i); i++)
		gb_buf_addf(out, "%s--%s", i ? " " : "", opt_at(c, i)->name);
	add_operands(c, out);
	gb_buf_adds(out, "\"\n\t\t;;\n");
}

static void bash_script(struct gb_buf *out)
{
	gb_buf_adds(out, "# gobudget for bash; in ~/.bashrc: source <(gobudget completion bash)\n"
			 "_gobudget()\n{\n"
			 "\tlocal cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} "
			 "words=\"\" i\n"
			 "\tfor ((i = 1; i < COMP_CWORD; i++)); do\n"
			 "\t\tif [[ ${COMP_WORDS[i]} == -- ]]; then return; fi\n"
			 "\tdone\n"
			 "\tcase ${COMP_WORDS[1]} in\n");
	for (size_t i = 0; gb_commands[i]; i++) {
		if (!gb_commands[i]->hidden)
			bash_command(gb_commands[i], out);
	}
	gb_buf_adds(out, "\tesac\n\tif ((COMP_CWORD == 1)); then\n\t\twords=\"");
	add_operands(&cmd_help, out);
	gb_buf_adds(out, " --help --version\"\n\tfi\n"
			 "\tmapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$cur\")\n"
			 "}\n"
			 "complete -o default -F _gobudget gobudget\n");
}

/* Inside '...' of the shell; `special` are escaped with a backslash for what reads it then. */
static void add_quoted(struct gb_buf *out, const char *text, const char *special)
{
	for (; *text; text++) {
		if (*text == '\'') {
			gb_buf_adds(out, "'\\''");
			continue;
		}
		if (strchr(special, *text))
			gb_buf_addc(out, '\\');
		gb_buf_addc(out, *text);
	}
}

static void zsh_option(const struct gb_opt *o, struct gb_buf *out)
{
	const char *many = o->kind == GB_OPT_STRINGS ? "*" : "";

	gb_buf_adds(out, " \\\n\t\t\t");
	if (o->letter && *many)
		gb_buf_addf(out, "'*'{-%c,--%s%s}'[", o->letter, o->name, o->arg ? "=" : "");
	else if (o->letter)
		gb_buf_addf(out, "'(-%c --%s)'{-%c,--%s%s}'[", o->letter, o->name, o->letter,
			    o->name, o->arg ? "=" : "");
	else
		gb_buf_addf(out, "'%s--%s%s[", many, o->name, o->arg ? "=" : "");
	add_quoted(out, o->help, "[]:\\");
	gb_buf_addc(out, ']');
	if (o->arg) {
		gb_buf_addc(out, ':');
		add_quoted(out, o->arg, "[]:\\");
		gb_buf_addf(out, ":%s", takes_path(o) ? "_files" : "");
	}
	gb_buf_addc(out, '\'');
}

static void zsh_script(struct gb_buf *out)
{
	gb_buf_adds(out, "#compdef gobudget\n"
			 "# gobudget for zsh: gobudget completion zsh >\"${fpath[1]}/_gobudget\"\n"
			 "_gobudget()\n{\n\tlocal -a commands\n\tcommands=(\n");
	for (size_t i = 0; gb_commands[i]; i++) {
		if (gb_commands[i]->hidden)
			continue;
		gb_buf_addf(out, "\t\t'%s:", gb_commands[i]->name);
		add_quoted(out, gb_commands[i]->summary, ":\\");
		gb_buf_adds(out, "'\n");
	}
	gb_buf_adds(out, "\t)\n\tif ((CURRENT == 2)); then\n"
			 "\t\t_describe -t commands 'gobudget command' commands\n"
			 "\t\treturn\n\tfi\n"
			 "\tshift words\n\t((CURRENT--))\n\tcase $words[1] in\n");
	for (size_t i = 0; gb_commands[i]; i++) {
		const struct gb_command *c = gb_commands[i];
		_buf_ struct gb_buf operands = GB_BUF_INIT(GB_MIB);

		if (c->hidden)
			continue;
		gb_buf_addf(out, "\t%s)\n\t\t_arguments -S", c->name);
		for (size_t k = 0; opt_at(c, k); k++)
			zsh_option(opt_at(c, k), out);
		add_operands(c, &operands);
		if (operands.len)
			gb_buf_addf(out, " \\\n\t\t\t'1:word:(%s)'%s", operands.data + 1,
				    c == &cmd_profile ? " '*:file:_files'" : "");
		else if (*c->args)
			gb_buf_adds(out, " \\\n\t\t\t'*:packages:_files -/'");
		gb_buf_adds(out, "\n\t\t;;\n");
	}
	gb_buf_adds(out, "\tesac\n}\n"
			 "if [[ $funcstack[1] == _gobudget ]]; then\n\t_gobudget \"$@\"\n"
			 "else\n\tcompdef _gobudget gobudget\nfi\n");
}

static void fish_script(struct gb_buf *out)
{
	gb_buf_adds(out, "# gobudget for fish: gobudget completion fish "
			 ">~/.config/fish/completions/gobudget.fish\n"
			 "complete -c gobudget -f -n __fish_use_subcommand -l version "
			 "-d 'show the version'\n"
			 "complete -c gobudget -f -n __fish_use_subcommand -l help -s h "
			 "-d 'show the commands'\n");
	for (size_t i = 0; gb_commands[i]; i++) {
		const struct gb_command *c = gb_commands[i];
		_buf_ struct gb_buf operands = GB_BUF_INIT(GB_MIB);

		if (c->hidden)
			continue;
		gb_buf_addf(out, "complete -c gobudget -f -n __fish_use_subcommand -a %s -d '",
			    c->name);
		add_quoted(out, c->summary, "");
		gb_buf_adds(out, "'\n");
		for (size_t k = 0; opt_at(c, k); k++) {
			const struct gb_opt *o = opt_at(c, k);

			gb_buf_addf(
				out,
				"complete -c gobudget -n '__fish_seen_subcommand_from %s' -l %s",
				c->name, o->name);
			if (o->letter)
				gb_buf_addf(out, " -s %c", o->letter);
			if (o->arg)
				gb_buf_adds(out, takes_path(o) ? " -r -F" : " -x");
			gb_buf_adds(out, " -d '");
			add_quoted(out, o->help, "");
			gb_buf_adds(out, "'\n");
		}
		add_operands(c, &operands);
		if (operands.len)
			gb_buf_addf(out,
				    "complete -c gobudget -f -n '__fish_seen_subcommand_from %s' "
				    "-a '%s'\n",
				    c->name, operands.data + 1);
	}
}

static int completion_run(int argc, char **argv, struct gb_err *err)
{
	_buf_ struct gb_buf out = GB_BUF_INIT(4 * GB_MIB);
	int first, dashdash, rc;

	if ((rc = gb_args_parse("completion", cmd_completion.opts, argc, argv, &first, &dashdash,
				err)) < 0)
		return rc;
	if (argc - first != 1) {
		gb_fail(err, GB_EUSAGE, "completion takes the name of one shell");
		return gb_hint(err, "gobudget completion bash, zsh or fish");
	}
	if (gb_streq(argv[first], "bash"))
		bash_script(&out);
	else if (gb_streq(argv[first], "zsh"))
		zsh_script(&out);
	else if (gb_streq(argv[first], "fish"))
		fish_script(&out);
	else {
		gb_fail(err, GB_EUSAGE, "no completion for the shell \"%.100s\"", argv[first]);
		return gb_hint(err, "gobudget completion bash, zsh or fish");
	}
	return gb_command_print(&out, err);
}

static const struct gb_opt no_opts[] = { { .name = NULL } };

const struct gb_command cmd_completion = {
	.name = "completion",
	.args = "bash|zsh|fish",
	.summary = "print a completion script for a shell",
	.about = "In ~/.bashrc:\n"
		 "  source <(gobudget completion bash)\n"
		 "For zsh and fish, where they look for completions:\n"
		 "  gobudget completion zsh >\"${fpath[1]}/_gobudget\"\n"
		 "  gobudget completion fish >~/.config/fish/completions/gobudget.fish\n",
	.opts = no_opts,
	.run = completion_run,
};
