/* utf8: every code point there and back, what is invalid, widths. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/utf8.h"

static size_t encode(uint32_t cp, char *out)
{
	if (cp < 0x80) {
		out[0] = (char)cp;
		return 1;
	}
	if (cp < 0x800) {
		out[0] = (char)(0xC0 | cp >> 6);
		out[1] = (char)(0x80 | (cp & 0x3F));
		return 2;
	}
	if (cp < 0x10000) {
		out[0] = (char)(0xE0 | cp >> 12);
		out[1] = (char)(0x80 | (cp >> 6 & 0x3F));
		out[2] = (char)(0x80 | (cp & 0x3F));
		return 3;
	}
	out[0] = (char)(0xF0 | cp >> 18);
	out[1] = (char)(0x80 | (cp >> 12 & 0x3F));
	out[2] = (char)(0x80 | (cp >> 6 & 0x3F));
	out[3] = (char)(0x80 | (cp & 0x3F));
	return 4;
}

static void test_every_code_point(void **state)
{
	(void)state;
	for (uint32_t cp = 0; cp < 0x110000; cp++) {
		char bytes[4];
		size_t n = encode(cp, bytes);
		uint32_t back = 0;
		bool surrogate = cp >= 0xD800 && cp <= 0xDFFF;

		if (gb_utf8_decode(bytes, n, &back) != (surrogate ? 0 : n) ||
		    (!surrogate && back != cp))
			fail_msg("U+%04X", cp);
		if (n > 1 && gb_utf8_decode(bytes, n - 1, &back) != 0)
			fail_msg("U+%04X, cut short", cp);
		if (gb_utf8_width(cp) > 2)
			fail_msg("width of U+%04X", cp);
	}
}

static void test_invalid(void **state)
{
	static const char *const rows[] = {
		"\x80",
		"\xBF",
		"\xC0\x80",
		"\xC1\xBF",
		"\xE0\x80\x80",
		"\xE0\x9F\xBF",
		"\xF0\x80\x80\x80",
		"\xF0\x8F\xBF\xBF",
		"\xF4\x90\x80\x80",
		"\xF5\x80\x80\x80",
		"\xFF",
		"\xFE",
		"\xC3(",
		"\xE2\x82(",
		"\xF0\x9F\x98(",
	};
	uint32_t cp = 7;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(gb_utf8_decode(rows[i], strlen(rows[i]), &cp), 0);
	assert_int_equal(gb_utf8_decode("", 0, &cp), 0);
	assert_int_equal(cp, 7);
}

static void test_widths(void **state)
{
	static const struct {
		uint32_t cp;
		size_t width;
	} rows[] = {
		{ 'a', 1 },    { 0, 0 },      { 0x1B, 0 },   { 0x7F, 0 },    { 0x85, 0 },
		{ 0xE9, 1 },   { 0x301, 0 },  { 0x200B, 0 }, { 0x200D, 0 },  { 0x20AC, 1 },
		{ 0x1100, 2 }, { 0x1161, 0 }, { 0x3042, 2 }, { 0x4E2D, 2 },  { 0xAC00, 2 },
		{ 0xFF21, 2 }, { 0xFF71, 1 }, { 0xFE0F, 0 }, { 0x1F600, 2 }, { 0x20000, 2 },
		{ 0x2026, 1 }, { 0xFFFD, 1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (gb_utf8_width(rows[i].cp) != rows[i].width)
			fail_msg("U+%04X", rows[i].cp);
}

static void test_unsafe(void **state)
{
	static const uint32_t unsafe[] = { 0,	   7,	   0x1B,   0x7F,   0x85,   0xAD,
					   0x061C, 0x200B, 0x200D, 0x200E, 0x202E, 0x2066,
					   0x2028, 0x3164, 0xFE0F, 0xFEFF, 0xE000, 0xE0041 };
	static const uint32_t safe[] = { ' ', '~', 0xA0, 0xE9, 0x301, 0x4E2D, 0xFFFD, 0x1F600 };

	(void)state;
	for (size_t i = 0; i < sizeof(unsafe) / sizeof(unsafe[0]); i++)
		if (!gb_utf8_unsafe(unsafe[i]))
			fail_msg("U+%04X", unsafe[i]);
	for (size_t i = 0; i < sizeof(safe) / sizeof(safe[0]); i++)
		if (gb_utf8_unsafe(safe[i]))
			fail_msg("U+%04X", safe[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_code_point),
		cmocka_unit_test(test_invalid),
		cmocka_unit_test(test_widths),
		cmocka_unit_test(test_unsafe),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
