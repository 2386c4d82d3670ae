/* near: how far words are from each other. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/near.h"

static void test_distance(void **state)
{
	static const struct {
		const char *a, *b;
		size_t want;
	} rows[] = {
		{ "", "", 0 },
		{ "check", "check", 0 },
		{ "", "check", 5 },
		{ "chekc", "check", 1 },
		{ "TestBook", "TestBooks", 1 },
		{ "testbooks", "TestBooks", 2 },
		{ "kitten", "sitting", 3 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(gb_distance(rows[i].a, rows[i].b), rows[i].want);
		assert_int_equal(gb_distance(rows[i].b, rows[i].a), rows[i].want);
	}
}

static void test_long_words_are_never_near(void **state)
{
	char word[100];

	(void)state;
	memset(word, 'a', sizeof(word));
	word[sizeof(word) - 1] = 0;
	assert_int_equal(gb_distance(word, word), 64);
	word[64] = 0;
	assert_int_equal(gb_distance(word, word), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_distance),
		cmocka_unit_test(test_long_words_are_never_near),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
