/* note: what two measurements make of one another. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "budget/note.h"

#define NOTE(inside) "{\"version\":1,\"measured\":{\"e\":{\"p\":{" inside "}}}}"

static void merged(const char *a, const char *b, const char *want)
{
	_buf_ struct gb_buf ab = GB_BUF_INIT(GB_MIB), ba = GB_BUF_INIT(GB_MIB),
			    again = GB_BUF_INIT(GB_MIB);

	assert_int_equal(gb_note_merge(a, b, &ab, NULL), 0);
	assert_int_equal(gb_note_merge(b, a, &ba, NULL), 0);
	assert_string_equal(ab.data, ba.data);
	assert_int_equal(gb_note_merge(ab.data, a, &again, NULL), 0);
	assert_string_equal(ab.data, again.data);
	if (!strstr(ab.data, want))
		fail_msg("no %s in %s", want, ab.data);
}

static void test_merges_in_any_order(void **state)
{
	(void)state;
	merged(NOTE("\"T\":{\"alloc_space\":9007199254740993}"),
	       NOTE("\"T\":{\"alloc_space\":9007199254740992}"),
	       "\"alloc_space\":9007199254740992}");
	merged(NOTE("\"T\":{\"goroutines\":1}"), NOTE("\"T\":{\"goroutines\":3}"),
	       "\"goroutines\":3}");
	merged(NOTE("\"T\":{\"goroutines\":1}"), NOTE("\"S\":{\"goroutines\":3}"),
	       "\"S\":{\"goroutines\":3},\n\"T\":{\"goroutines\":1}");
	merged(NOTE("\"T\":{\"goroutines\":1}"), "{\"version\":1,\"measured\":{}}",
	       "\"T\":{\"goroutines\":1}");
}

static void test_refuses(void **state)
{
	static const char *const bad[] = {
		"",
		"[]",
		"{}",
		"{\"version\":2,\"measured\":{}}",
		"{\"version\":1,\"measured\":[]}",
		NOTE("\"T\":{\"goroutines\":1.5}"),
		NOTE("\"T\":{\"goroutines\":-1}"),
		NOTE("\"T\":{\"goroutines\":\"1\"}"),
		NOTE("\"T\":1"),
		NOTE("\"T\":{\"goroutines\":9223372036854775808}"),
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct gb_note n = { 0 };
		struct gb_err err = GB_ERR_INIT;

		if (gb_note_parse("x", bad[i], strlen(bad[i]), &n, &err) != GB_EUSAGE)
			fail_msg("taken: %s", bad[i]);
		assert_true(err.line[0]);
	}
}

static void test_a_metric_of_tomorrow_is_left_alone(void **state)
{
	struct gb_note n = { 0 };
	static const char text[] = NOTE("\"T\":{\"of_tomorrow\":true,\"goroutines\":1}");

	(void)state;
	assert_int_equal(gb_note_parse("x", text, strlen(text), &n, NULL), 0);
	assert_int_equal(n.n, 1);
	gb_note_release(&n);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_merges_in_any_order),
		cmocka_unit_test(test_refuses),
		cmocka_unit_test(test_a_metric_of_tomorrow_is_left_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
