/* path: joining and comparing names, finding programs on PATH. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "base/err.h"
#include "base/fs.h"
#include "base/mem.h"
#include "tempdir.h"

static void test_join(void **state)
{
	static const char *const rows[][3] = {
		{ "a", "b", "a/b" }, { "a/", "b", "a/b" },   { "a//", "/b", "a/b" },
		{ "/", "b", "/b" },  { "//", "b", "/b" },    { "", "b", "b" },
		{ "", "/b", "/b" },  { "a", "/b/", "a/b/" }, { "/a", "", "/a/" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		_free_ char *s = gb_path_join(rows[i][0], rows[i][1]);

		assert_string_equal(s, rows[i][2]);
	}
}

static void test_base(void **state)
{
	(void)state;
	assert_string_equal(gb_path_base("a/b.json"), "b.json");
	assert_string_equal(gb_path_base("b.json"), "b.json");
	assert_string_equal(gb_path_base("a/"), "");
}

static void test_under_and_relative(void **state)
{
	static const struct {
		const char *path, *dir, *rest; /* NULL: not under */
	} rows[] = {
		{ "/a/b", "/a", "b" },	{ "/a/b", "/a/", "b" }, { "/a", "/a", "." },
		{ "/a/", "/a", "." },	{ "/ab", "/a", NULL },	{ "/a", "/a/b", NULL },
		{ "/a/b", "/", "a/b" }, { "/", "/", "." },	{ "a", "/", NULL },
		{ "a//b", "a", "b" },	{ "", "/", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *rest = rows[i].rest;

		assert_int_equal(gb_path_under(rows[i].path, rows[i].dir), rest != NULL);
		assert_string_equal(gb_path_relative(rows[i].path, rows[i].dir),
				    rest ? rest : rows[i].path);
	}
}

static void make_program(const char *path, mode_t mode)
{
	assert_int_equal(gb_fs_write(path, "#!/bin/sh\n", 10, NULL), 0);
	assert_int_equal(chmod(path, mode), 0);
}

static void check_which(const char *path_variable, const char *name, const char *wanted)
{
	_free_ char *found = NULL;
	struct gb_err err = GB_ERR_INIT;
	int rc;

	setenv("PATH", path_variable, 1);
	rc = gb_fs_which(name, &found, &err);
	if (wanted) {
		assert_int_equal(rc, 0);
		assert_string_equal(found, wanted);
	} else {
		assert_int_equal(rc, GB_ENOTFOUND);
		assert_null(found);
		assert_non_null(strstr(err.line, name));
	}
}

static void test_which(void **state)
{
	const char *here = *state;
	_free_ char *saved = gb_strdup(getenv("PATH"));
	_free_ char *both = gb_asprintf("%s/none:%s/one:%s/two", here, here, here);
	_free_ char *tool = gb_asprintf("%s/two/gb-tool", here);
	_free_ char *shell = NULL;
	_free_ char *local = gb_asprintf("%s/gb-local", here);

	assert_int_equal(gb_fs_mkdirs("one/gb-tool", NULL), 0); /* a folder is no program */
	assert_int_equal(gb_fs_mkdirs("two", NULL), 0);
	make_program("two/gb-tool", 0755);
	make_program("one/gb-text", 0644);
	make_program("gb-local", 0755);
	check_which(both, "gb-tool", tool);
	check_which(both, "gb-text", NULL);
	check_which(both, "gb-none", NULL);
	check_which(both, "", NULL);
	check_which("one:two", "gb-tool", tool); /* relative folders count from here */
	check_which("/nowhere:", "gb-local", local);
	check_which("", "gb-local", local);
	unsetenv("PATH");
	assert_int_equal(gb_fs_which("sh", &shell, NULL), 0);
	assert_string_equal(gb_path_base(shell), "sh");
	check_which("", "two/gb-tool", "two/gb-tool");
	check_which("", "./gb-none", NULL);
	setenv("PATH", saved, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_join),
		cmocka_unit_test(test_base),
		cmocka_unit_test(test_under_and_relative),
		cmocka_unit_test(test_which),
	};

	return cmocka_run_group_tests(tests, tempdir_enter, tempdir_leave);
}
