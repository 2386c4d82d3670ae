/* mem: sizes of nothing and of too much, growth, and failing the Nth. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"
#include "base/mem.h"

static void test_nothing_is_not_null(void **state)
{
	void *p = gb_malloc(0);

	(void)state;
	assert_non_null(p);
	p = gb_realloc(p, 0);
	assert_non_null(p);
	free(p);
	p = gb_calloc(0, 8);
	assert_non_null(p);
	free(p);
	p = gb_calloc(8, 0);
	assert_non_null(p);
	free(p);
}

static void test_overflow_is_out_of_memory(void **state)
{
	(void)state;
	/* Through a volatile: the compiler refuses to compile what it can see is too much. */
	volatile size_t much = SIZE_MAX / 2;

	assert_null(gb_calloc(much, 4));
	assert_null(gb_strndup("", SIZE_MAX));
}

static void test_strings(void **state)
{
	char *s = gb_strdup("abc");

	(void)state;
	assert_string_equal(s, "abc");
	free(s);
	assert_null(gb_strdup(NULL));
	s = gb_strndup("ab\0cd", 5);
	assert_memory_equal(s, "ab\0cd", 6);
	free(s);
	s = gb_strndup(NULL, 0);
	assert_string_equal(s, "");
	free(s);
	s = gb_asprintf("%s-%05d", "x", 42);
	assert_string_equal(s, "x-00042");
	free(s);
}

static void test_grow_doubles_up_to_max(void **state)
{
	_free_ int *v = NULL;
	struct gb_err err = GB_ERR_INIT;
	size_t cap = 0;

	(void)state;
	assert_int_equal(gb_grow((void **)&v, &cap, 1, sizeof(*v), 100, &err), 0);
	assert_int_equal(cap, 8);
	v[7] = 7;
	assert_int_equal(gb_grow((void **)&v, &cap, 8, sizeof(*v), 100, &err), 0);
	assert_int_equal(cap, 8);
	assert_int_equal(gb_grow((void **)&v, &cap, 65, sizeof(*v), 100, &err), 0);
	assert_int_equal(cap, 100);
	assert_int_equal(v[7], 7);
	assert_int_equal(gb_grow((void **)&v, &cap, 101, sizeof(*v), 100, &err), GB_ELIMIT);
	assert_string_equal(err.line, "more than 100 elements");
	assert_int_equal(cap, 100);
}

static void test_grow_cannot_overflow(void **state)
{
	_free_ char *v = NULL;
	size_t cap = 0;

	(void)state;
	assert_int_equal(gb_grow((void **)&v, &cap, SIZE_MAX / 2 + 2, 16, SIZE_MAX, NULL),
			 GB_ENOMEM);
	assert_null(v);
	assert_int_equal(cap, 0);
}

static void test_the_nth_allocation_fails(void **state)
{
	char *p, *q;
	size_t cap = 0;
	void *array = NULL;

	(void)state;
	gb_mem_fail_at(2);
	p = gb_malloc(1);
	q = gb_malloc(1);
	assert_non_null(p);
	assert_null(q);
	q = gb_malloc(1);
	assert_non_null(q);
	assert_int_equal(gb_mem_count(), 3);
	free(p);
	free(q);
	gb_mem_fail_at(1);
	assert_null(gb_calloc(1, 1));
	gb_mem_fail_at(1);
	assert_null(gb_strdup("x"));
	gb_mem_fail_at(1);
	assert_null(gb_asprintf("x"));
	gb_mem_fail_at(1);
	assert_int_equal(gb_grow(&array, &cap, 1, 1, 9, NULL), GB_ENOMEM);
	gb_mem_fail_at(0);
	assert_int_equal(gb_mem_count(), 0);
}

static void test_take_leaves_nothing_behind(void **state)
{
	char *kept;

	(void)state;
	{
		_free_ char *s = gb_strdup("kept");

		kept = GB_TAKE(s);
		assert_null(s);
	}
	assert_string_equal(kept, "kept");
	free(kept);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nothing_is_not_null),
		cmocka_unit_test(test_overflow_is_out_of_memory),
		cmocka_unit_test(test_strings),
		cmocka_unit_test(test_grow_doubles_up_to_max),
		cmocka_unit_test(test_grow_cannot_overflow),
		cmocka_unit_test(test_the_nth_allocation_fails),
		cmocka_unit_test(test_take_leaves_nothing_behind),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
