/* units: what people write, what is refused, and what they read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"
#include "base/units.h"

#define BAD (-1)

struct row {
	const char *text;
	int64_t value; /* BAD: refused */
};

static void check(const struct row *rows, size_t n,
		  int (*parse)(const char *, int64_t *, struct gb_err *), const char *what)
{
	for (size_t i = 0; i < n; i++) {
		struct gb_err err = GB_ERR_INIT;
		int64_t value = 42;
		int rc = parse(rows[i].text, &value, &err);

		if (rows[i].value != BAD) {
			if (rc != 0)
				fail_msg("%s: %s", rows[i].text, err.line);
			assert_int_equal(value, rows[i].value);
			continue;
		}
		if (rc != GB_EUSAGE)
			fail_msg("\"%s\" was accepted", rows[i].text);
		assert_int_equal(value, 42);
		assert_non_null(strstr(err.line, what));
		assert_non_null(strstr(err.line, "expected"));
	}
}

static void test_sizes(void **state)
{
	static const struct row rows[] = {
		{ "0", 0 },
		{ "512", 512 },
		{ "4096 B", 4096 },
		{ "4096B", 4096 },
		{ "4KiB", 4096 },
		{ "4 kib", 4096 },
		{ "1.5 MiB", 1572864 },
		{ "1.1 MiB", 1153433 },
		{ "2GB", 2000000000 },
		{ "1 KB", 1000 },
		{ "3.5MB", 3500000 },
		{ "0.5", 0 },
		{ "1.999999999 GiB", 2147483646 },
		{ "9223372036854775807", INT64_MAX },
		{ "8589934591.999999999 GiB", INT64_MAX - 1 },
		{ "8589934592 GiB", BAD },
		{ "9223372036854775808", BAD },
		{ "99999999999999999999", BAD },
		{ "1.0000000001 GiB", BAD },
		{ "", BAD },
		{ " 1", BAD },
		{ "1 ", BAD },
		{ "-1", BAD },
		{ "+1", BAD },
		{ "1.2.3", BAD },
		{ "1.", BAD },
		{ ".5", BAD },
		{ "1,024", BAD },
		{ "5 parsecs", BAD },
		{ "5K", BAD },
		{ "5 TiB", BAD },
		{ "KiB", BAD },
		{ "0x10", BAD },
		{ "inf", BAD },
	};

	(void)state;
	check(rows, sizeof(rows) / sizeof(rows[0]), gb_parse_size, "is not a size");
}

static void test_nanoseconds(void **state)
{
	static const struct row rows[] = {
		{ "0", 0 },
		{ "800ns", 800 },
		{ "250us", 250000 },
		{ "250 \xC2\xB5s", 250000 },
		{ "250\xCE\xBCs", 250000 },
		{ "1.5ms", 1500000 },
		{ "2s", 2000000000 },
		{ "0.9ns", 0 },
		{ "0.000000001s", 1 },
		{ "9223372036s", 9223372036000000000 },
		{ "9223372037s", BAD },
		{ "5", BAD },
		{ "", BAD },
		{ "ms", BAD },
		{ "1m", BAD },
		{ "1ms2us", BAD },
		{ "-1ms", BAD },
		{ "1 \xC2s", BAD },
		{ "4 KiB", BAD },
	};

	(void)state;
	check(rows, sizeof(rows) / sizeof(rows[0]), gb_parse_nanoseconds, "is not a time");
}

static void test_format_nanoseconds(void **state)
{
	static const struct {
		int64_t ns;
		const char *text;
	} rows[] = {
		{ 0, "0 ns" },
		{ 9999, "9,999 ns" },
		{ -64, "-64 ns" },
		{ 10000, "10.0 us" },
		{ 999949, "999.9 us" },
		{ 999950, "1.0 ms" },
		{ 1250000, "1.3 ms" },
		{ 999960000, "1.0 s" },
		{ 1234567890123, "1,234.6 s" },
		{ INT64_MIN, "-9,223,372,036.9 s" },
	};
	char out[32];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_string_equal(gb_format_nanoseconds(out, sizeof(out), rows[i].ns),
				    rows[i].text);
}

static void test_durations(void **state)
{
	static const struct row rows[] = {
		{ "0", 0 },
		{ "500ms", 500 },
		{ "1s", 1000 },
		{ "1.5m", 90000 },
		{ "2h", 7200000 },
		{ "1m30s", 90000 },
		{ "1h2m3s4ms", 3723004 },
		{ "0.5ms", 0 },
		{ "2562047788h", 9223372036800000 },
		{ "5", BAD },
		{ "", BAD },
		{ "ms", BAD },
		{ "1d", BAD },
		{ "1us", BAD },
		{ "1 s", BAD },
		{ "-1s", BAD },
		{ "1s,2s", BAD },
		{ "9223372036854775807ms1ms", BAD },
		{ "9223372036854775807h", BAD },
	};

	(void)state;
	check(rows, sizeof(rows) / sizeof(rows[0]), gb_parse_duration, "is not a duration");
}

static void test_percentages(void **state)
{
	static const struct {
		const char *text;
		double value; /* negative: refused */
	} rows[] = {
		{ "5%", 0.05 },	   { "12.5%", 0.125 },	  { "0%", 0 },	 { "100 %", 1 },
		{ "0.1%", 0.001 }, { "1000000%", 10000 }, { "5", -1 },	 { "%", -1 },
		{ "-5%", -1 },	   { "5%%", -1 },	  { "5.%", -1 }, { "1000001%", -1 },
		{ "ten%", -1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct gb_err err = GB_ERR_INIT;
		double value = -1;
		int rc = gb_parse_percent(rows[i].text, &value, &err);

		assert_int_equal(rc, rows[i].value < 0 ? GB_EUSAGE : 0);
		assert_true(value == rows[i].value);
	}
}

static void test_integers(void **state)
{
	static const struct {
		const char *text;
		int64_t min, max, value;
		bool ok;
	} rows[] = {
		{ "0", 0, 10, 0, true },
		{ "10", 0, 10, 10, true },
		{ "007", 0, 10, 7, true },
		{ "-3", -5, 5, -3, true },
		{ "9223372036854775807", INT64_MIN, INT64_MAX, INT64_MAX, true },
		{ "-9223372036854775808", INT64_MIN, INT64_MAX, INT64_MIN, true },
		{ "9223372036854775808", INT64_MIN, INT64_MAX, 0, false },
		{ "-9223372036854775809", INT64_MIN, INT64_MAX, 0, false },
		{ "11", 0, 10, 0, false },
		{ "-1", 0, 10, 0, false },
		{ "", 0, 10, 0, false },
		{ "-", -5, 10, 0, false },
		{ "+1", 0, 10, 0, false },
		{ "1x", 0, 10, 0, false },
		{ "1.0", 0, 10, 0, false },
		{ " 1", 0, 10, 0, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct gb_err err = GB_ERR_INIT;
		int64_t value = 99;
		int rc = gb_parse_int(rows[i].text, rows[i].min, rows[i].max, &value, &err);

		assert_int_equal(rc, rows[i].ok ? 0 : GB_EUSAGE);
		assert_int_equal(value, rows[i].ok ? rows[i].value : 99);
	}
}

static void test_an_error_quotes_the_text(void **state)
{
	struct gb_err err = GB_ERR_INIT;
	int64_t value;

	(void)state;
	gb_parse_int("many", 1, 64, &value, &err);
	assert_string_equal(err.line, "\"many\" is not a whole number from 1 to 64");
	gb_parse_duration("soon", &value, &err);
	assert_string_equal(err.line, "\"soon\" is not a duration: expected something like 500ms, "
				      "1.5s, 2m or 1h");
}

static void test_format_size(void **state)
{
	static const struct {
		int64_t bytes;
		const char *text;
	} rows[] = {
		{ 0, "0 B" },
		{ 496, "496 B" },
		{ 9216, "9,216 B" },
		{ 10239, "10,239 B" },
		{ 10240, "10.0 KiB" },
		{ 1153433, "1.1 MiB" },
		{ 1048524, "1023.9 KiB" },
		{ 1048525, "1.0 MiB" },
		{ 1073741824, "1.0 GiB" },
		{ INT64_MAX, "8.0 EiB" },
		{ -496, "-496 B" },
		{ -20480, "-20.0 KiB" },
		{ INT64_MIN, "-8.0 EiB" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char out[32];

		assert_string_equal(gb_format_size(out, sizeof(out), rows[i].bytes), rows[i].text);
	}
}

static void test_format_count_and_delta(void **state)
{
	char out[32];

	(void)state;
	assert_string_equal(gb_format_count(out, sizeof(out), 0), "0");
	assert_string_equal(gb_format_count(out, sizeof(out), 999), "999");
	assert_string_equal(gb_format_count(out, sizeof(out), 1234567), "1,234,567");
	assert_string_equal(gb_format_count(out, sizeof(out), INT64_MIN),
			    "-9,223,372,036,854,775,808");
	assert_string_equal(gb_format_delta(out, sizeof(out), 64, true), "+64 B");
	assert_string_equal(gb_format_delta(out, sizeof(out), -12, false), "-12");
	assert_string_equal(gb_format_delta(out, sizeof(out), 1200, false), "+1,200");
	assert_string_equal(gb_format_delta(out, sizeof(out), -20480, true), "-20.0 KiB");
	assert_string_equal(gb_format_delta(out, sizeof(out), 0, true), "0 B");
	assert_string_equal(gb_format_delta(out, sizeof(out), 0, false), "0");
}

static void test_format_percent(void **state)
{
	static const struct {
		int64_t old, now;
		const char *text;
	} rows[] = {
		{ 80, 90, "+12.5%" },
		{ 100, 75, "-25.0%" },
		{ 0, 5, "new" },
		{ 0, 0, "0.0%" },
		{ 7, 7, "0.0%" },
		{ 10, 0, "-100.0%" },
		{ 100000, 100064, "+0.1%" },
		{ 1000000, 1000064, "+0.01%" },
		{ 10000000, 10000064, "+0.001%" },
		{ 1000000000, 999999999, "-0.0000%" },
		{ 100, 1099, "+999.0%" },
		{ 100, 1100, "+1,000%" },
		{ 11000, 16000000, "+145,355%" },
		/* past what is worth telling apart */
		{ 1, INT64_MAX, "+1,000,000,000,000,000,000%" },
		{ -10, -20, "-100.0%" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char out[32];

		gb_format_percent(out, sizeof(out), rows[i].old, rows[i].now);
		assert_string_equal(out, rows[i].text);
	}
}

static void test_format_duration(void **state)
{
	static const struct {
		int64_t ms;
		const char *text;
	} rows[] = {
		{ 0, "0ms" },	      { 840, "840ms" },	    { 999, "999ms" },
		{ 1000, "1.0s" },     { 1249, "1.2s" },	    { 59949, "59.9s" },
		{ 59950, "1m00s" },   { 123000, "2m03s" },  { 3599499, "59m59s" },
		{ 3599500, "1h00m" }, { 7500000, "2h05m" }, { -1200, "-1.2s" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char out[32];

		assert_string_equal(gb_format_duration(out, sizeof(out), rows[i].ms), rows[i].text);
	}
}

static void test_formats_stay_in_their_space(void **state)
{
	char out[8] = "......";

	(void)state;
	gb_format_count(out, 5, 1234567);
	assert_string_equal(out, "1,23");
	assert_int_equal(out[5], '.');
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sizes),
		cmocka_unit_test(test_nanoseconds),
		cmocka_unit_test(test_format_nanoseconds),
		cmocka_unit_test(test_durations),
		cmocka_unit_test(test_percentages),
		cmocka_unit_test(test_integers),
		cmocka_unit_test(test_an_error_quotes_the_text),
		cmocka_unit_test(test_format_size),
		cmocka_unit_test(test_format_count_and_delta),
		cmocka_unit_test(test_format_percent),
		cmocka_unit_test(test_format_duration),
		cmocka_unit_test(test_formats_stay_in_their_space),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
