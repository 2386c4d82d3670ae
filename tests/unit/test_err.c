/* err: codes, lines that are too long, hints, exit status. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"
#include "base/utf8.h"

static void test_fail_sets_code_and_line(void **state)
{
	struct gb_err err = { GB_ESYS, 7, "old", "old hint" };

	(void)state;
	assert_int_equal(gb_fail(&err, GB_EPARSE, "record %d: %s", 3, "no name"), GB_EPARSE);
	assert_int_equal(err.code, GB_EPARSE);
	assert_int_equal(err.sys, 0);
	assert_string_equal(err.line, "record 3: no name");
	assert_string_equal(err.hint, "");
}

static void test_null_err_gives_only_the_code(void **state)
{
	(void)state;
	assert_int_equal(gb_fail(NULL, GB_ELIMIT, "x"), GB_ELIMIT);
	assert_int_equal(gb_fail_sys(NULL, ENOENT, "x"), GB_ENOTFOUND);
	assert_int_equal(gb_fail_nomem(NULL), GB_ENOMEM);
	assert_int_equal(gb_hint(NULL, "x"), GB_EUSAGE);
}

static void test_errno_maps_to_a_code(void **state)
{
	static const struct {
		int sys, code, kept;
	} rows[] = {
		{ ENOENT, GB_ENOTFOUND, 0 },
		{ ENOMEM, GB_ENOMEM, 0 },
		{ EACCES, GB_ESYS, EACCES },
		{ EIO, GB_ESYS, EIO },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct gb_err err = GB_ERR_INIT;
		char line[256];

		assert_int_equal(gb_fail_sys(&err, rows[i].sys, "open %s", "a/b"), rows[i].code);
		assert_int_equal(err.sys, rows[i].kept);
		snprintf(line, sizeof(line), "open a/b: %s", strerror(rows[i].sys));
		assert_string_equal(err.line, line);
	}
}

static void test_long_line_ends_in_dots(void **state)
{
	struct gb_err err = GB_ERR_INIT;
	char text[4000];

	(void)state;
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	gb_fail(&err, GB_EPARSE, "%s", text);
	assert_int_equal(strlen(err.line), sizeof(err.line) - 1);
	assert_string_equal(err.line + sizeof(err.line) - 5, "x...");
	gb_hint(&err, "%s", text);
	assert_int_equal(strlen(err.hint), sizeof(err.hint) - 1);
	assert_string_equal(err.hint + sizeof(err.hint) - 5, "x...");
}

/* Whatever the shift, the cut never leaves half a character. */
static void test_long_line_is_cut_between_characters(void **state)
{
	(void)state;
	for (int shift = 0; shift < 4; shift++) {
		struct gb_err err = GB_ERR_INIT;
		char text[4000];
		size_t n = (size_t)shift;
		uint32_t cp;

		memset(text, 'x', n);
		for (; n + 4 < sizeof(text); n += 3)
			memcpy(text + n, GB_UTF8_ELLIPSIS, 3);
		text[n] = '\0';
		gb_fail(&err, GB_EPARSE, "%s", text);
		for (size_t i = 0, len = strlen(err.line); i < len;) {
			size_t step = gb_utf8_decode(err.line + i, len - i, &cp);

			assert_int_not_equal(step, 0);
			i += step;
		}
	}
}

static void test_own_line_may_be_an_argument(void **state)
{
	struct gb_err err = GB_ERR_INIT;

	(void)state;
	gb_fail(&err, GB_EPARSE, "inner");
	gb_fail(&err, GB_EUSAGE, "outer: %s", err.line);
	assert_string_equal(err.line, "outer: inner");
}

static void test_hint_keeps_the_line(void **state)
{
	struct gb_err err = GB_ERR_INIT;

	(void)state;
	gb_fail(&err, GB_EUSAGE, "no budgets");
	assert_int_equal(gb_hint(&err, "run gobudget %s", "record"), GB_EUSAGE);
	assert_string_equal(err.line, "no budgets");
	assert_string_equal(err.hint, "run gobudget record");
}

static void test_exit_status(void **state)
{
	static const int rows[][2] = {
		{ GB_OK, 0 },	     { GB_EUSAGE, 2 },	 { GB_ENOMEM, 3 }, { GB_ESYS, 3 },
		{ GB_ENOTFOUND, 3 }, { GB_EMEASURE, 3 }, { GB_EINTR, 3 },  { GB_ETIME, 3 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(gb_exit_status(rows[i][0]), rows[i][1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fail_sets_code_and_line),
		cmocka_unit_test(test_null_err_gives_only_the_code),
		cmocka_unit_test(test_errno_maps_to_a_code),
		cmocka_unit_test(test_long_line_ends_in_dots),
		cmocka_unit_test(test_long_line_is_cut_between_characters),
		cmocka_unit_test(test_own_line_may_be_an_argument),
		cmocka_unit_test(test_hint_keeps_the_line),
		cmocka_unit_test(test_exit_status),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
