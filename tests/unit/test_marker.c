/* marker: what is written is read again, and nothing else is taken for it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "github/marker.h"

#define SHA "0123456789abcdef0123456789abcdef01234567"

static struct gb_marker some(void)
{
	return (struct gb_marker){ .key = "unit-tests",
				   .run = 9007199254740993,
				   .attempt = 2,
				   .status = 3,
				   .head = SHA,
				   .digest = 0xfedcba9876543210u };
}

static void test_what_is_written_is_read(void **state)
{
	_buf_ struct gb_buf body = GB_BUF_INIT(GB_MIB);
	struct gb_marker m = some(), got;

	(void)state;
	gb_marker_write(&m, "### over\n\nrow\n", &body);
	assert_true(gb_marker_read(body.data, &got));
	assert_string_equal(got.key, "unit-tests");
	assert_int_equal(got.run, 9007199254740993);
	assert_int_equal(got.attempt, 2);
	assert_int_equal(got.status, 3);
	assert_string_equal(got.head, SHA);
	assert_true(got.digest == m.digest && got.text == m.text);
	assert_true(gb_marker_is_whole(body.data, &got));
}

static void test_a_body_that_was_edited_is_known(void **state)
{
	static const struct {
		const char *text;
		bool whole;
	} rows[] = {
		{ "one\ntwo\n", true },	     { "one\r\ntwo\r\n", true }, { "one\ntwo", true },
		{ "one\ntwo\n\n \n", true }, { "one\ntwo!", false },	 { "", false },
		{ "onetwo", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		_buf_ struct gb_buf body = GB_BUF_INIT(GB_MIB), edited = GB_BUF_INIT(GB_MIB);
		struct gb_marker m = some();

		gb_marker_write(&m, "one\ntwo\n", &body);
		gb_buf_add(&edited, body.data, strcspn(body.data, "\n"));
		gb_buf_addf(&edited, "\n%s", rows[i].text);
		assert_int_equal(gb_marker_is_whole(edited.data, &m), rows[i].whole);
	}
}

static void test_what_is_no_marker(void **state)
{
	static const char *const rows[] = {
		"",
		"hello",
		" <!-- gobudget key=a run=1.1 exit=0 head= digest=0000000000000000 "
		"text=0000000000000000 "
		"-->",
		"\n<!-- gobudget key=a run=1.1 exit=0 head= digest=0000000000000000 "
		"text=0000000000000000 "
		"-->",
		"<!-- gobudget key=a run=1.1 exit=0 head= digest=0000000000000000 "
		"text=0000000000000000",
		"<!-- gobudget key=a run=-1.1 exit=0 head= digest=0000000000000000 "
		"text=0000000000000000 "
		"-->",
		"<!-- gobudget key=a run=1 exit=0 head= digest=0000000000000000 "
		"text=0000000000000000 -->",
		"<!-- gobudget key= run=1.1 exit=0 head= digest=0000000000000000 "
		"text=0000000000000000 "
		"-->",
		"<!-- gobudget key=a run=1.1 exit=0 head= digest=000000000000000g "
		"text=0000000000000000 "
		"-->",
		"<!-- gobudget key=a run=1.1 exit=0 head= digest=0 text=0 -->",
		"<!-- gobudget run=1.1 -->",
		"<!-- gobudget key=a -->",
	};
	_buf_ struct gb_buf longer = GB_BUF_INIT(GB_MIB);
	struct gb_marker m;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (gb_marker_read(rows[i], &m))
			fail_msg("taken for a marker: %s", rows[i]);
	}
	gb_buf_adds(&longer, "<!-- gobudget key=");
	gb_buf_fill(&longer, 'a', 10000);
	gb_buf_adds(&longer,
		    " run=1.1 exit=0 head= digest=0000000000000000 text=0000000000000000 -->");
	assert_false(gb_marker_read(longer.data, &m));
	/* A head that is not known is no reason to forget it. */
	assert_true(
		gb_marker_read("<!-- gobudget key=a run=0.0 exit=0 head= digest=0000000000000000 "
			       "text=0000000000000000 -->",
			       &m));
}

static void test_keys(void **state)
{
	static const struct {
		const char *key;
		int rc;
	} rows[] = {
		{ "default", 0 },
		{ "linux-1.26_race", 0 },
		{ "", GB_EUSAGE },
		{ "a--b", GB_EUSAGE },
		{ "a b", GB_EUSAGE },
		{ "-->", GB_EUSAGE },
		{ "\xc3\xa4", GB_EUSAGE },
		{ "a/b", GB_EUSAGE },
		{ "1234567890123456789012345678901234567890123456789012345678901234", 0 },
		{ "12345678901234567890123456789012345678901234567890123456789012345", GB_EUSAGE },
	};
	char key[GB_KEY_MAX + 1];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(gb_marker_key(rows[i].key, key, NULL), rows[i].rc);
}

static void test_order(void **state)
{
	struct gb_marker a = some(), b = some();

	(void)state;
	assert_int_equal(gb_marker_order(&a, &b), 0);
	b.attempt = 3;
	assert_int_equal(gb_marker_order(&a, &b), -1);
	a.run++;
	assert_int_equal(gb_marker_order(&a, &b), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_is_written_is_read),
		cmocka_unit_test(test_a_body_that_was_edited_is_known),
		cmocka_unit_test(test_what_is_no_marker),
		cmocka_unit_test(test_keys),
		cmocka_unit_test(test_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
