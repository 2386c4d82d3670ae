/* testlog: names become absolute, what is nobody's input is left out, values make the hash. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/fs.h"
#include "base/limits.h"
#include "base/mem.h"
#include "plan/testlog.h"
#include "tempdir.h"

#define MAGIC "# test log\n"

static const struct gb_testlog_places far = { "/w", { "/go", "/mod", NULL, "/tmp" } };

static void test_names(void **state)
{
	static const struct {
		const char *log, *list;
	} rows[] = {
		{ "", "" },
		{ "getenv B\ngetenv A\ngetenv B\n", "getenv A\ngetenv B\n" },
		{ "getenv PWD\ngetenv GOBUDGET_AGENT\n", "" },
		{ "open a\nopen ./a\nopen /w/p/a\nopen x/../a\n", "open /w/p/a\n" },
		{ "open ../q\nstat ..\n", "open /w/q\nstat /w\n" },
		{ "open ../../../..\n", "open /\n" },
		{ "chdir /w/q\nopen a\nchdir /v/\nstat b\n", "open /w/q/a\nstat /v/b\n" },
		{ "open /go/src/fmt\nstat /mod/x\nopen /tmp/y\nopen /proc/self/fd\nstat "
		  "/dev/null\n",
		  "" },
		{ "open /gopher\nstat /etc/hosts\n", "open /gopher\nstat /etc/hosts\n" },
		{ "\nopen a\n\n", "open /w/p/a\n" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		_testlog_ struct gb_testlog log = { 0 };
		_buf_ struct gb_buf out = GB_BUF_INIT(GB_KIB);
		_free_ char *text = gb_asprintf("%s%s", MAGIC, rows[i].log);
		_free_ char *want = gb_asprintf("%s%s", MAGIC, rows[i].list);

		assert_int_equal(gb_testlog_parse(text, strlen(text), "/w/p", &far, &log, NULL), 0);
		gb_testlog_write(&log, &out);
		assert_string_equal(out.data, want);
	}
}

static void test_refused(void **state)
{
	static const struct {
		const char *log, *line;
	} rows[] = {
		{ "", "not a test log" },
		{ "getenv A\n", "not a test log" },
		{ MAGIC "open a", "test log: the last line does not end" },
		{ MAGIC "read a\n", "test log: cannot read \"read a\"" },
		{ MAGIC "chdir a\n", "test log: chdir to \"a\"" },
	};
	static const char nul[] = MAGIC "open a\0b\n";
	struct gb_err err = GB_ERR_INIT;
	struct gb_testlog log = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(gb_testlog_parse(rows[i].log, strlen(rows[i].log), "/w", &far,
						  &log, &err),
				 GB_EPARSE);
		assert_string_equal(err.line, rows[i].line);
	}
	assert_int_equal(gb_testlog_parse(nul, sizeof(nul) - 1, "/w", &far, &log, &err), GB_EPARSE);
	_buf_ struct gb_buf many = GB_BUF_INIT(GB_MIB);
	gb_buf_adds(&many, MAGIC);
	for (size_t i = 0; i <= GB_MAX_TESTLOG_INPUTS; i++)
		gb_buf_addf(&many, "open %zu\n", i);
	assert_int_equal(gb_testlog_parse(many.data, many.len, "/w", &far, &log, &err), GB_ELIMIT);
}

/* Of everything that the text names, as it is now. */
static char *hash(const char *here, const char *text, const struct gb_strlist *env,
		  const struct timespec *since, bool *ret_young)
{
	const struct gb_testlog_places places = { here, { NULL, NULL, NULL, "/tmp" } };
	_testlog_ struct gb_testlog log = { 0 };
	_hash_ struct gb_hash h = GB_HASH_INIT;
	char *hex = gb_calloc(1, GB_HASH_HEX + 1);
	bool young;

	assert_int_equal(gb_testlog_parse(text, strlen(text), here, &places, &log, NULL), 0);
	gb_testlog_hash(&log, &places, env, since, &h, ret_young ? ret_young : &young);
	assert_int_equal(gb_hash_end(&h, hex, NULL), 0);
	return hex;
}

static void write_file(const char *name, const char *text)
{
	assert_int_equal(gb_fs_write(name, text, strlen(text), NULL), 0);
}

static void edit(void)
{
	write_file("file", "abd");
}

static void grow(void)
{
	write_file("folder/new", "");
}

static void appear(void)
{
	write_file("missing", "");
}

static void relink(void)
{
	assert_int_equal(unlink("link") || symlink("folder/in", "link"), 0);
}

static void nothing(void)
{
	struct timespec old[2] = { { 1000, 0 }, { 1000, 0 } };

	assert_int_equal(utimensat(AT_FDCWD, "file", old, 0), 0);
	write_file("folder/in", "other, which nobody opened");
	write_file("bystander", "x");
}

static void test_values(void **state)
{
	static const struct {
		const char *log;
		void (*change)(void);
		bool differs;
	} rows[] = {
		{ "open file\n", nothing, false },     { "open file\n", edit, true },
		{ "stat file\n", edit, true },	       { "open folder\n", grow, true },
		{ "stat folder\n", grow, false },      { "open missing\n", appear, true },
		{ "stat missing\n", appear, true },    { "open link\n", edit, true },
		{ "stat link\n", relink, true },       { "open folder/in\n", relink, false },
		{ "open folder/in\n", nothing, true },
	};
	struct gb_strlist env = GB_STRLIST_INIT;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		_free_ char *text = gb_asprintf("%s%s", MAGIC, rows[i].log);
		_free_ char *before = NULL, *after = NULL;

		(void)unlink("missing");
		(void)unlink("link");
		gb_fs_remove_tree("folder", NULL);
		assert_int_equal(mkdir("folder", 0700), 0);
		write_file("folder/in", "in");
		write_file("file", "abc");
		assert_int_equal(symlink("file", "link"), 0);
		before = hash(*state, text, &env, NULL, NULL);
		rows[i].change();
		after = hash(*state, text, &env, NULL, NULL);
		if ((strcmp(before, after) != 0) != rows[i].differs)
			fail_msg("row %zu: %s", i, rows[i].log);
	}
}

static void test_variables(void **state)
{
	struct gb_strlist env = GB_STRLIST_INIT;
	_free_ char *unset = NULL, *empty = NULL, *set = NULL, *other = NULL;

	unset = hash(*state, MAGIC "getenv A\n", &env, NULL, NULL);
	assert_int_equal(gb_env_set(&env, "A", "", NULL), 0);
	empty = hash(*state, MAGIC "getenv A\n", &env, NULL, NULL);
	assert_int_equal(gb_env_set(&env, "A", "x", NULL), 0);
	set = hash(*state, MAGIC "getenv A\n", &env, NULL, NULL);
	assert_int_equal(gb_env_set(&env, "B", "y", NULL), 0);
	other = hash(*state, MAGIC "getenv A\n", &env, NULL, NULL);
	assert_string_not_equal(unset, empty);
	assert_string_not_equal(empty, set);
	assert_string_equal(set, other);
	gb_strlist_release(&env);
}

static void test_young(void **state)
{
	static const struct timespec past = { 1000, 0 }, future = { 99999999999, 0 };
	struct gb_strlist env = GB_STRLIST_INIT;
	_free_ char *a = NULL, *b = NULL, *c = NULL;
	bool young;

	write_file("file", "abc");
	a = hash(*state, MAGIC "open file\n", &env, &past, &young);
	assert_true(young);
	b = hash(*state, MAGIC "open file\n", &env, &future, &young);
	assert_false(young);
	c = hash(*state, MAGIC "open none\nstat /\n", &env, &past, &young);
	assert_false(young);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),  cmocka_unit_test(test_refused),
		cmocka_unit_test(test_values), cmocka_unit_test(test_variables),
		cmocka_unit_test(test_young),
	};

	return cmocka_run_group_tests(tests, tempdir_enter, tempdir_leave);
}
