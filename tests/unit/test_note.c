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

#define BENCH(inside) \
	"{\"version\":1,\"measured\":{},\"benchmarks\":{\"e\":{\"c\":{\"p\":{" inside "}}}}}"

static void test_samples_merge_in_any_order(void **state)
{
	(void)state;
	merged(BENCH("\"B\":{\"ns/op\":[3,1,2]}"), BENCH("\"B\":{\"ns/op\":[2,2,9]}"),
	       "\"B\":{\"ns/op\":[1,2,2,3,9]}}}}}}");
	merged(BENCH("\"B\":{\"ns/op\":[9007199254740993]}"),
	       BENCH("\"A\":{\"B/op\":[0],\"ns/op\":[1],\"of_tomorrow\":[true]}"),
	       "\"A\":{\"B/op\":[0],\"ns/op\":[1]},\n\"B\":{\"ns/op\":[9007199254740993]}");
	merged(NOTE("\"T\":{\"goroutines\":1}"), BENCH("\"B\":{\"ns/op\":[1]}"),
	       "\"goroutines\":1}}}},\n\"benchmarks\":{\n\"e\":{\n\"c\":{\n\"p\":{");
	merged(BENCH(""), BENCH("\"B\":{\"ns/op\":[]}"), "{\"version\":1,\"measured\":{}}\n");
}

/* A hundred values from `from` on, and one of them twice. */
static char *many(int from)
{
	struct gb_buf b = GB_BUF_INIT(GB_MIB);

	gb_buf_adds(&b, "{\"version\":1,\"measured\":{},\"benchmarks\":{\"e\":{\"c\":{\"p\":{"
			"\"B\":{\"ns/op\":[");
	for (int i = 0; i < 99; i++)
		gb_buf_addf(&b, "%d,", from + i);
	gb_buf_addf(&b, "%d]}}}}}}", from);
	return gb_buf_detach(&b);
}

/* What stays of too many hangs on the values alone, and no list grows past the ceiling. */
static void test_of_too_many_samples_the_same_stay(void **state)
{
	char *a = many(1000), *b = many(1050), *c = many(1200);
	struct gb_buf ab = GB_BUF_INIT(GB_MIB), abc = GB_BUF_INIT(GB_MIB), bc = GB_BUF_INIT(GB_MIB),
		      a_bc = GB_BUF_INIT(GB_MIB);
	struct gb_note n = { 0 };

	(void)state;
	merged(a, b, "[");
	assert_int_equal(gb_note_merge(a, b, &ab, NULL), 0);
	assert_int_equal(gb_note_merge(ab.data, c, &abc, NULL), 0);
	assert_int_equal(gb_note_merge(b, c, &bc, NULL), 0);
	assert_int_equal(gb_note_merge(a, bc.data, &a_bc, NULL), 0);
	assert_string_equal(abc.data, a_bc.data);
	assert_int_equal(gb_note_parse("x", abc.data, abc.len, &n, NULL), 0);
	assert_int_equal(n.n_s, 1);
	assert_int_equal(n.s[0].n, GB_MAX_NOTE_SAMPLES);
	/* Neither the quick nor the slow ones were preferred. */
	assert_in_range(gb_note_median(&n.s[0]), 1090, 1230);
	gb_note_release(&n);
	gb_buf_release(&ab);
	gb_buf_release(&abc);
	gb_buf_release(&bc);
	gb_buf_release(&a_bc);
	free(a);
	free(b);
	free(c);
}

static void test_medians(void **state)
{
	int64_t v[] = { 1, 4, 8, 9 };
	struct gb_note_samples s = { .v = v, .n = 4 };

	(void)state;
	assert_int_equal(gb_note_median(&s), 6);
	s.n = 3;
	assert_int_equal(gb_note_median(&s), 4);
	s.n = 1;
	assert_int_equal(gb_note_median(&s), 1);
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
		BENCH("\"B\":{\"ns/op\":1}"),
		BENCH("\"B\":[]"),
		BENCH("\"B\":{\"ns/op\":[-1]}"),
		BENCH("\"B\":{\"ns/op\":[1.5]}"),
		"{\"version\":1,\"measured\":{},\"benchmarks\":[]}",
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
		cmocka_unit_test(test_samples_merge_in_any_order),
		cmocka_unit_test(test_of_too_many_samples_the_same_stay),
		cmocka_unit_test(test_medians),
		cmocka_unit_test(test_refuses),
		cmocka_unit_test(test_a_metric_of_tomorrow_is_left_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
