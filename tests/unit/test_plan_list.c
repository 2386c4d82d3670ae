/* list: how the go command is called, what it may answer, and what is found on disk. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/fs.h"
#include "base/limits.h"
#include "base/mem.h"
#include "fake_go.h"
#include "go/testflags.h"
#include "plan/list.h"
#include "tempdir.h"

static char *real(const char *path)
{
	char *found = NULL;

	assert_int_equal(gb_fs_realpath(path, &found, NULL), 0);
	return found;
}

/* A go command that runs `script`; GOROOT is root/, the module cache work/mods, the top work/. */
static int list(const char *script, const char *flags, struct gb_plan_packages *ret,
		struct gb_err *err)
{
	_strlist_ struct gb_strlist words = GB_STRLIST_INIT, patterns = GB_STRLIST_INIT;
	_testflags_ struct gb_testflags f = { 0 };
	_free_ char *whole = gb_asprintf("#!/bin/sh\n%s\n", script);
	struct gb_toolchain go = { 0 };
	int rc;

	fake_write("go.sh", whole, 1);
	assert_int_equal(gb_quoted_split(flags, &words, NULL), 0);
	assert_int_equal(gb_testflags_parse(NULL, &words, &f, NULL), 0);
	assert_int_equal(gb_strlist_add(&patterns, "./...", NULL), 0);
	_free_ char *top = real("work"), *root = real("root"), *mods = real("work/mods");
	_free_ char *command = real("go.sh");
	const struct gb_plan_list_options o = {
		.go = &go, .flags = &f, .patterns = &patterns, .top = top
	};
	go.command = command;
	go.real_root = root;
	go.modcache = mods;
	rc = gb_plan_list(&o, ret, err);
	return rc;
}

static int enter(void **state)
{
	static const char *const dirs[] = { "root/src/fmt", "work/mods/x", "work/p", "out",
					    "data" };
	int rc = tempdir_enter(state);

	for (size_t i = 0; i < sizeof(dirs) / sizeof(dirs[0]) && !rc; i++)
		rc = gb_fs_mkdirs(dirs[i], NULL);
	if (rc)
		return rc;
	fake_write("data/far.go", "package p\n", 0);
	return symlink("../../data/far.go", "work/p/far.go");
}

static void test_call(void **state)
{
	struct gb_plan_packages p = { 0 };
	_buf_ struct gb_buf argv = GB_BUF_INIT(GB_MIB);

	(void)state;
	assert_int_equal(list("printf '%s ' \"$@\" >argv",
			      "-race -run=X -tags=a,b -count 2 -mod=vendor", &p, NULL),
			 0);
	assert_int_equal(p.n, 0);
	assert_int_equal(gb_fs_read("argv", &argv, NULL), 0);
	assert_int_equal(strncmp(argv.data, "list -e -deps -test -json=", 26), 0);
	assert_non_null(strstr(argv.data, " -race -tags=a,b -mod=vendor -- ./... "));
	gb_plan_packages_release(&p);
}

static void test_places(void **state)
{
	static const char script[] =
		"here=$PWD\n"
		"row() { printf '{\"ImportPath\": \"%s\", \"Dir\": \"%s\", \"GoFiles\": "
		"[\"far.go\"]%s}\\n' \"$1\" \"$here/$2\" \"$3\"; }\n"
		"row fmt root/src/fmt ', \"Standard\": true, \"DepOnly\": true'\n"
		"row x work/mods/x ', \"DepOnly\": true'\n"
		"row out out ', \"DepOnly\": true'\n"
		"row p work/../work/p ''";
	struct gb_plan_packages p = { 0 };
	struct gb_err err = GB_ERR_INIT;
	_free_ char *dir = real("work/p"), *far = real("data/far.go");

	(void)state;
	if (list(script, "", &p, &err))
		fail_msg("%s", err.line);
	assert_int_equal(p.n, 4);
	/* What no change reaches has no folder, also where the cache lies in the work tree. */
	assert_null(gb_plan_package(&p, "fmt")->dir);
	assert_null(gb_plan_package(&p, "x")->dir);
	assert_false(gb_plan_package(&p, "x")->elsewhere);
	assert_true(gb_plan_package(&p, "out")->elsewhere);
	assert_string_equal(gb_plan_package(&p, "p")->dir, dir);
	assert_int_equal(gb_plan_package(&p, "p")->leads.n, 1);
	assert_string_equal(gb_plan_package(&p, "p")->leads.v[0], far);
	gb_plan_packages_release(&p);
}

static void test_trouble(void **state)
{
	static const struct {
		const char *script;
		int code;
		const char *line;
	} rows[] = {
		{ "printf 'go: downloading x\\ngo: no such flag\\nmore\\n' >&2; exit 2",
		  GB_EMEASURE, "go list: go: no such flag" },
		{ "exit 1", GB_EMEASURE, "go list: it does not say why" },
		{ "echo hello", GB_EPARSE, "go list: not an object" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct gb_plan_packages p = { 0 };
		struct gb_err err = GB_ERR_INIT;

		assert_int_equal(list(rows[i].script, "", &p, &err), rows[i].code);
		assert_string_equal(err.line, rows[i].line);
		assert_null(p.v);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_call),
		cmocka_unit_test(test_places),
		cmocka_unit_test(test_trouble),
	};

	return cmocka_run_group_tests(tests, enter, tempdir_leave);
}
