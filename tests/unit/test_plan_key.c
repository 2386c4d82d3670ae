/* key: of everything that a test binary is made of, and of nothing else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "base/err.h"
#include "base/fs.h"
#include "base/limits.h"
#include "base/mem.h"
#include "plan/key.h"
#include "tempdir.h"

static const char common[] = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

#define MODULE "\"Module\": {\"Path\": \"m\", \"GoVersion\": \"1.21\"}"

/* a; b, whose tests import a; lib of another module; c, which has C. */
static const char list[] =
	"{\"ImportPath\": \"m/a\", \"Dir\": \"a\", \"GoFiles\": [\"a.go\"], \"IgnoredGoFiles\": "
	"[\"never.go\"], " MODULE "}"
	"{\"ImportPath\": \"m/b\", \"Dir\": \"b\", \"GoFiles\": [\"b.go\"], \"Imports\": "
	"[\"lib\"], " MODULE "}"
	"{\"ImportPath\": \"m/b [m/b.test]\", \"ForTest\": \"m/b\", \"Dir\": \"b\", \"GoFiles\": "
	"[\"b.go\", \"b_test.go\"], \"Imports\": [\"lib\", \"m/a\"], " MODULE "}"
	"{\"ImportPath\": \"m/b.test\", \"Name\": \"main\", \"GoFiles\": [\"/x/y\"], \"Imports\": "
	"[\"m/b [m/b.test]\"], \"DefaultGODEBUG\": \"x=1\"}"
	"{\"ImportPath\": \"lib\", \"DepOnly\": true, \"GoFiles\": [\"lib.go\"], \"Module\": "
	"{\"Path\": \"lib\", \"Version\": \"v1.0.0\"}}"
	"{\"ImportPath\": \"m/c\", \"Dir\": \"c\", \"CgoFiles\": [\"c.go\"], " MODULE "}"
	"{\"ImportPath\": \"m/broken\", \"Dir\": \"a\", \"Incomplete\": true, " MODULE "}";

static void write_file(const char *name, const char *text)
{
	assert_int_equal(gb_fs_write(name, text, strlen(text), NULL), 0);
}

static void files(void)
{
	static const char *const names[] = { "a/a.go",	    "a/never.go", "b/b.go",
					     "b/b_test.go", "c/c.go",	  "a/other.go" };

	assert_int_equal(gb_fs_mkdirs("a", NULL) || gb_fs_mkdirs("b", NULL) ||
				 gb_fs_mkdirs("c", NULL),
			 0);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		write_file(names[i], names[i]);
}

static int key(const char *text, const char *of, char *ret)
{
	struct gb_plan_packages p = { 0 };
	_plan_keys_ struct gb_plan_keys *k = NULL;
	int rc;

	assert_int_equal(gb_plan_packages_parse(&p, text, strlen(text), NULL), 0);
	assert_int_equal(gb_plan_packages_link(&p, NULL), 0);
	assert_int_equal(gb_plan_keys_new(&p, common, &k, NULL), 0);
	rc = gb_plan_key(k, gb_plan_package(&p, of), ret, NULL);
	gb_plan_packages_release(&p);
	return rc;
}

static char *with(const char *from, const char *to)
{
	const char *at = strstr(list, from);

	assert_non_null(at);
	return gb_asprintf("%.*s%s%s", (int)(at - list), list, to, at + strlen(from));
}

static void test_files(void **state)
{
	static const struct {
		const char *file;
		bool a, b;
	} rows[] = {
		{ "a/a.go", true, true },	{ "a/never.go", true, true },
		{ "b/b.go", false, true },	{ "b/b_test.go", false, true },
		{ "a/other.go", false, false }, { "a/default.pgo", true, true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char a[2][GB_HASH_HEX + 1], b[2][GB_HASH_HEX + 1];

		files();
		for (int k = 0; k < 2; k++) {
			assert_int_equal(key(list, "m/a", a[k]), 0);
			assert_int_equal(key(list, "m/b", b[k]), 0);
			write_file(rows[i].file, "edited");
		}
		if ((strcmp(a[0], a[1]) != 0) != rows[i].a ||
		    (strcmp(b[0], b[1]) != 0) != rows[i].b)
			fail_msg("%s", rows[i].file);
	}
}

static void test_list(void **state)
{
	static const struct {
		const char *from, *to;
		bool a, b;
	} rows[] = {
		{ "v1.0.0", "v1.0.1", false, true },
		{ "\"v1.0.0\"",
		  "\"v1.0.0\", \"Replace\": {\"Path\": \"fork\", \"Version\": \"v1\"}", false,
		  true },
		{ "x=1", "x=2", false, true },
		{ "\"1.21\"", "\"1.22\"", true, true },
		{ "\"Imports\": [\"lib\", \"m/a\"]", "\"Imports\": [\"lib\"]", false, true },
		{ "[\"a.go\"]", "[\"a.go\", \"other.go\"]", true, true },
		{ "\"m/broken\"", "\"m/unrelated\"", false, false },
	};
	char a[GB_HASH_HEX + 1], b[GB_HASH_HEX + 1], x[GB_HASH_HEX + 1];

	(void)state;
	files();
	assert_int_equal(key(list, "m/a", a), 0);
	assert_int_equal(key(list, "m/b", b), 0);
	assert_string_not_equal(a, b);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		_free_ char *text = with(rows[i].from, rows[i].to);
		bool differs;

		assert_int_equal(key(text, "m/a", x), 0);
		differs = strcmp(a, x) != 0;
		assert_int_equal(key(text, "m/b", x), 0);
		if (differs != rows[i].a || (strcmp(b, x) != 0) != rows[i].b)
			fail_msg("%s", rows[i].to);
	}
}

static void test_none(void **state)
{
	char x[GB_HASH_HEX + 1];

	(void)state;
	files();
	assert_int_equal(key(list, "m/c", x), GB_ENOTFOUND);
	assert_int_equal(key(list, "m/broken", x), GB_ENOTFOUND);
	assert_int_equal(gb_fs_remove_tree("a/a.go", NULL), 0);
	assert_int_equal(key(list, "m/a", x), GB_ENOTFOUND);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_files),
		cmocka_unit_test(test_list),
		cmocka_unit_test(test_none),
	};

	return cmocka_run_group_tests(tests, tempdir_enter, tempdir_leave);
}
