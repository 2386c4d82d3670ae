/*
 * cmd/table.c: every row is complete, and help, completion, README and man page
 * know it.  The commands themselves are run by tests/cli.
 */
#include "base/buf.h"
#include "base/fs.h"
#include "base/limits.h"
#include "command.h"

#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static void read_source(const char *name, struct gb_buf *ret)
{
	_buf_ struct gb_buf path = GB_BUF_INIT(GB_MAX_PATH);
	struct gb_err err = GB_ERR_INIT;

	gb_buf_addf(&path, GB_SOURCE_DIR "/%s", name);
	if (gb_fs_read(path.data, ret, &err) < 0)
		fail_msg("%s", err.line);
}

/* A summary or help line: lower case, no full stop, fits beside its name. */
static void check_sentence(const char *owner, const char *text)
{
	size_t len = text ? strlen(text) : 0;

	if (len == 0 || len > 100 || text[len - 1] == '.' || strchr(text, '\n'))
		fail_msg("%s: \"%s\"", owner, text ? text : "(none)");
	if (isupper((unsigned char)text[0]) && islower((unsigned char)text[1]))
		fail_msg("%s begins in upper case: \"%s\"", owner, text);
}

static void check_opts(const struct gb_command *c)
{
	for (const struct gb_opt *o = c->opts; o && o->name; o++) {
		char owner[128];

		snprintf(owner, sizeof(owner), "%s --%s", c->name, o->name);
		check_sentence(owner, o->help);
		if (!o->value || (o->kind == GB_OPT_FLAG) != (o->arg == NULL))
			fail_msg("%s: value or name of its argument", owner);
		if (!strcmp(o->name, "help") || o->letter == 'h')
			fail_msg("%s: help is every command's", owner);
		for (const struct gb_opt *p = c->opts; p != o; p++) {
			if (!strcmp(p->name, o->name) || (o->letter && p->letter == o->letter))
				fail_msg("%s: twice", owner);
		}
	}
}

static void rows_are_complete(void **state)
{
	(void)state;
	assert_non_null(gb_commands[0]);
	for (size_t i = 0; gb_commands[i]; i++) {
		const struct gb_command *c = gb_commands[i];

		assert_non_null(c->name);
		assert_non_null(c->args);
		assert_non_null(c->run);
		assert_ptr_equal(gb_command_find(c->name), c);
		check_sentence(c->name, c->summary);
		check_opts(c);
		for (const char *s = c->about; s && *s;) {
			size_t width = strcspn(s, "\n");

			if (width > 80)
				fail_msg("%s: wider than 80: %.80s", c->name, s);
			s += width + (s[width] == '\n');
		}
	}
	assert_null(gb_command_find("nonsense"));
	assert_null(gb_command_find(""));
}

static void help_names_them(void **state)
{
	_buf_ struct gb_buf all = GB_BUF_INIT(GB_MIB), one = GB_BUF_INIT(GB_MIB);

	(void)state;
	gb_command_help(NULL, &all);
	for (size_t i = 0; gb_commands[i]; i++) {
		const struct gb_command *c = gb_commands[i];
		char row[64];

		snprintf(row, sizeof(row), "\n  %s ", c->name);
		assert_int_equal(strstr(all.data, row) == NULL, c->hidden);
		gb_buf_clear(&one);
		gb_command_help(c, &one);
		snprintf(row, sizeof(row), "usage: gobudget %s", c->name);
		assert_memory_equal(one.data, row, strlen(row));
		for (const struct gb_opt *o = c->opts; o && o->name; o++) {
			snprintf(row, sizeof(row), "--%s", o->name);
			assert_int_equal(strstr(one.data, row) == NULL, o->hidden);
		}
	}
}

static void readme_and_man_page_name_them(void **state)
{
	static const char *const files[] = { "README.md", "harness/gobudget.1.scd" };

	(void)state;
	for (size_t f = 0; f < 2; f++) {
		_buf_ struct gb_buf text = GB_BUF_INIT(GB_MIB);
		/* The man page takes the commands from the program when it is built. */
		bool generated;

		read_source(files[f], &text);
		generated = strstr(text.data, "@COMMANDS@") != NULL;
		for (size_t i = 0; gb_commands[i]; i++) {
			char name[64];

			snprintf(name, sizeof(name), "gobudget %s", gb_commands[i]->name);
			if (!gb_commands[i]->hidden && !generated && !strstr(text.data, name))
				fail_msg("%s does not name \"%s\"", files[f], name);
		}
	}
}

/* What a command prints on standard output. */
static int printed(const struct gb_command *c, int argc, char **argv, struct gb_buf *out,
		   struct gb_err *err)
{
	char path[] = "/tmp/gb-commands-XXXXXX";
	int saved = dup(STDOUT_FILENO), fd = mkstemp(path), rc;

	assert_true(saved >= 0 && fd >= 0);
	fflush(stdout);
	assert_int_equal(dup2(fd, STDOUT_FILENO), STDOUT_FILENO);
	rc = c->run(argc, argv, err);
	fflush(stdout);
	assert_int_equal(dup2(saved, STDOUT_FILENO), STDOUT_FILENO);
	close(saved);
	close(fd);
	assert_int_equal(gb_fs_read(path, out, NULL), 0);
	unlink(path);
	return rc;
}

static void completion_offers_them(void **state)
{
	char *shells[] = { (char[]){ "bash" }, (char[]){ "zsh" }, (char[]){ "fish" } };
	char name[] = "completion";

	(void)state;
	for (size_t s = 0; s < 3; s++) {
		_buf_ struct gb_buf out = GB_BUF_INIT(4 * GB_MIB);
		char *argv[] = { name, shells[s], NULL };

		assert_int_equal(printed(&cmd_completion, 2, argv, &out, NULL), 0);
		for (size_t i = 0; gb_commands[i]; i++) {
			const struct gb_command *c = gb_commands[i];
			const char *at = strstr(out.data, c->name);

			if (c->hidden)
				continue;
			if (!at)
				fail_msg("%s: no %s", shells[s], c->name);
			for (const struct gb_opt *o = c->opts; o && o->name; o++) {
				if (!o->hidden && !strstr(out.data, o->name))
					fail_msg("%s: no %s --%s", shells[s], c->name, o->name);
			}
		}
	}
}

static void completion_refuses(void **state)
{
	char name[] = "completion", shell[] = "tcsh";
	char *none[] = { name, NULL }, *unknown[] = { name, shell, NULL };
	struct gb_err err = GB_ERR_INIT;

	(void)state;
	assert_int_equal(cmd_completion.run(1, none, &err), GB_EUSAGE);
	assert_int_equal(cmd_completion.run(2, unknown, &err), GB_EUSAGE);
	assert_non_null(strstr(err.line, "tcsh"));
	assert_non_null(strstr(err.hint, "fish"));
}

static void nearest_names(void **state)
{
	static const struct {
		const char *typed, *hint;
	} cases[] = {
		{ "hepl", "\"gobudget help\"" },
		{ "versoin", "\"gobudget version\"" },
		{ "completions", "\"gobudget completion\"" },
		{ "usage", "\"gobudget help\"" },
		{ "frobnicate", "lists the commands" },
		{ "", "lists the commands" },
		{ "exce", "lists the commands" },
		{ "averyveryverylongwordthatisnocommand", "lists the commands" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct gb_err err = GB_ERR_INIT;

		assert_int_equal(gb_command_unknown(cases[i].typed, &err), GB_EUSAGE);
		if (!strstr(err.hint, cases[i].hint))
			fail_msg("%s: %s", cases[i].typed, err.hint);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_are_complete),
		cmocka_unit_test(help_names_them),
		cmocka_unit_test(readme_and_man_page_name_them),
		cmocka_unit_test(completion_offers_them),
		cmocka_unit_test(completion_refuses),
		cmocka_unit_test(nearest_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
