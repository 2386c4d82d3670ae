/* text: comparing, hostile names made safe, fitting into columns. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/text.h"
#include "base/utf8.h"

#define R GB_UTF8_REPLACEMENT
#define E GB_UTF8_ELLIPSIS

static void test_comparing(void **state)
{
	(void)state;
	assert_true(gb_starts("TestA/b", "TestA"));
	assert_true(gb_starts("x", ""));
	assert_false(gb_starts("Te", "Test"));
	assert_true(gb_ends("a_test.go", "_test.go"));
	assert_true(gb_ends("x", ""));
	assert_false(gb_ends("go", "a.go"));
	assert_true(gb_streq(NULL, NULL));
	assert_false(gb_streq(NULL, ""));
	assert_false(gb_streq("", NULL));
	assert_true(gb_streq("a", "a"));
	assert_false(gb_streq("a", "b"));
}

/* Eight of them. */
#define MARKS "\xCC\x81\xCC\x81\xCC\x81\xCC\x81\xCC\x81\xCC\x81\xCC\x81\xCC\x81"

static void test_safe(void **state)
{
	static const struct {
		const char *in, *out;
	} rows[] = {
		{ "TestA/caf\xC3\xA9", "TestA/caf\xC3\xA9" },
		{ "a\nb\tc", "a b c" },
		{ "a\rb", "a" R "b" },
		{ "\x1b[31mred\x1b[0m", R "[31mred" R "[0m" },
		{ "\xE2\x80\xAEgo.exe", R "go.exe" }, /* right-to-left override */
		{ "a\xE2\x80\x8B"
		  "b",
		  "a" R "b" }, /* zero-width space */
		{ "bad\xFF\xC3", "bad" R R },
		{ "\xC2\x9B"
		  "31m",
		  R "31m" }, /* CSI as one character */
		{ "", "" },
		{ "a" MARKS MARKS "b" MARKS, "a" MARKS "b" MARKS }, /* any number takes no column */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		_buf_ struct gb_buf out = GB_BUF_INIT(200);

		gb_text_safe(&out, rows[i].in);
		assert_string_equal(out.data, rows[i].out);
	}
}

static void test_width(void **state)
{
	(void)state;
	assert_int_equal(gb_text_width(""), 0);
	assert_int_equal(gb_text_width("abc"), 3);
	assert_int_equal(gb_text_width("caf\xC3\xA9"), 4);
	assert_int_equal(gb_text_width("cafe\xCC\x81"), 4);
	assert_int_equal(gb_text_width("\xE4\xB8\xAD\xE6\x96\x87"), 4);
	assert_int_equal(gb_text_width("\xFF"), 1);
}

static void test_fit(void **state)
{
	static const struct {
		const char *in;
		size_t columns;
		const char *out;
	} rows[] = {
		{ "TestLongName", 12, "TestLongName" },
		{ "TestLongName", 11, "TestL" E "gName" },
		{ "TestLongName", 10, "Test" E "gName" },
		{ "TestLongName", 3, "T" E "e" },
		{ "TestLongName", 2, E "e" },
		{ "TestLongName", 1, E },
		{ "TestLongName", 0, "" },
		{ "", 0, "" },
		/* a wide character that does not fit leaves its column free */
		{ "\xE4\xB8\xAD\xE6\x96\x87\xE5\xAD\x97", 6,
		  "\xE4\xB8\xAD\xE6\x96\x87\xE5\xAD\x97" },
		{ "\xE4\xB8\xAD\xE6\x96\x87\xE5\xAD\x97", 5, "\xE4\xB8\xAD" E "\xE5\xAD\x97" },
		{ "\xE4\xB8\xAD\xE6\x96\x87\xE5\xAD\x97", 4, E "\xE5\xAD\x97" },
		{ "\xE4\xB8\xAD\xE6\x96\x87\xE5\xAD\x97", 2, E },
		/* a combining mark goes with its base */
		{ "abcde\xCC\x81xy", 5, "ab" E "xy" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		_buf_ struct gb_buf out = GB_BUF_INIT(200);

		gb_text_fit(&out, rows[i].in, rows[i].columns);
		assert_string_equal(out.data, rows[i].out);
		assert_true(gb_text_width(out.data) <= rows[i].columns);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_comparing),
		cmocka_unit_test(test_safe),
		cmocka_unit_test(test_width),
		cmocka_unit_test(test_fit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
