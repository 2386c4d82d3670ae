/* source: lines for quoting, and nothing at all where there are none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/fs.h"
#include "base/mem.h"
#include "report/source.h"
#include "tempdir.h"

static void test_lines(void **state)
{
	static const char text[] = "package a\n\n\t\tx := 1  \r\nlast";
	static const struct {
		const char *dir, *file;
		int line;
		size_t max;
		const char *want;
	} rows[] = {
		{ ".", "a.go", 1, 80, "package a" }, { ".", "a.go", 2, 80, NULL },
		{ ".", "a.go", 3, 80, "x := 1" },    { ".", "a.go", 3, 4, "x :=" },
		{ ".", "a.go", 4, 80, "last" },	     { ".", "a.go", 5, 80, NULL },
		{ ".", "a.go", 0, 80, NULL },	     { ".", "a.go", -1, 80, NULL },
		{ NULL, "a.go", 1, 80, NULL },	     { ".", "none.go", 1, 80, NULL },
		{ ".", "none.go", 2, 80, NULL },     { ".", "", 1, 80, NULL },
		{ ".", NULL, 1, 80, NULL },
	};
	_source_ struct gb_source s = { 0 };

	(void)state;
	assert_int_equal(gb_fs_write("a.go", text, strlen(text), NULL), 0);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		_free_ char *got =
			gb_source_line(&s, rows[i].dir, rows[i].file, rows[i].line, rows[i].max);

		if ((got == NULL) != (rows[i].want == NULL) ||
		    (got && strcmp(got, rows[i].want) != 0))
			fail_msg("row %zu: %s", i, got ? got : "NULL");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_lines) };

	return cmocka_run_group_tests(tests, tempdir_enter, tempdir_leave);
}
