/* strlist: argv's shape, and environments with names that stand there twice. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/strlist.h"

static void test_empty_is_an_argv(void **state)
{
	_strlist_ struct gb_strlist l = GB_STRLIST_INIT;

	(void)state;
	assert_non_null(gb_strlist_argv(&l));
	assert_null(gb_strlist_argv(&l)[0]);
	assert_false(gb_strlist_has(&l, "x"));
	gb_strlist_sort(&l);
}

static void test_adding_keeps_the_null(void **state)
{
	static const char *const more[] = { "c", "b", "a" };
	_strlist_ struct gb_strlist l = GB_STRLIST_INIT;

	(void)state;
	assert_int_equal(gb_strlist_add(&l, "z", NULL), 0);
	assert_int_equal(gb_strlist_addf(&l, NULL, "%s=%d", "y", 2), 0);
	assert_int_equal(gb_strlist_add_all(&l, more, 3, NULL), 0);
	for (int i = 0; i < 100; i++)
		assert_int_equal(gb_strlist_addf(&l, NULL, "%d", i), 0);
	assert_int_equal(l.n, 105);
	assert_null(l.v[l.n]);
	assert_string_equal(l.v[1], "y=2");
	assert_ptr_equal(gb_strlist_argv(&l), l.v);
	assert_true(gb_strlist_has(&l, "b"));
	assert_false(gb_strlist_has(&l, "B"));
	gb_strlist_sort(&l);
	assert_string_equal(l.v[0], "0");
	assert_string_equal(l.v[104], "z");
}

static void test_add_all_adds_all_or_nothing(void **state)
{
	static const char *const more[] = { "a", "b", "c" };
	_strlist_ struct gb_strlist l = GB_STRLIST_INIT;
	struct gb_err err = GB_ERR_INIT;

	(void)state;
	assert_int_equal(gb_strlist_add(&l, "kept", NULL), 0);
	gb_mem_fail_at(3);
	assert_int_equal(gb_strlist_add_all(&l, more, 3, &err), GB_ENOMEM);
	gb_mem_fail_at(0);
	assert_int_equal(l.n, 1);
	assert_null(l.v[1]);
	assert_string_equal(err.line, "out of memory");
}

static void test_env_is_a_copy_of_ours(void **state)
{
	_strlist_ struct gb_strlist env = GB_STRLIST_INIT;

	(void)state;
	setenv("GB_TEST_ENV", "one", 1);
	assert_int_equal(gb_env_copy(&env, NULL), 0);
	assert_string_equal(gb_env_get(&env, "GB_TEST_ENV"), "one");
	assert_int_equal(gb_env_set(&env, "GB_TEST_ENV", "two", NULL), 0);
	assert_string_equal(gb_env_get(&env, "GB_TEST_ENV"), "two");
	assert_string_equal(getenv("GB_TEST_ENV"), "one");
	unsetenv("GB_TEST_ENV");
}

static void test_env_set(void **state)
{
	static const char *const start[] = { "AB=1", "A=2", "B=3", "A=4", "A" };
	_strlist_ struct gb_strlist env = GB_STRLIST_INIT;

	(void)state;
	assert_int_equal(gb_strlist_add_all(&env, start, 5, NULL), 0);
	assert_string_equal(gb_env_get(&env, "A"), "2");
	assert_int_equal(gb_env_set(&env, "A", "x=y", NULL), 0);
	assert_string_equal(gb_env_get(&env, "A"), "x=y");
	assert_int_equal(env.n, 4);
	assert_string_equal(gb_env_get(&env, "AB"), "1");
	assert_int_equal(gb_env_set(&env, "B", NULL, NULL), 0);
	assert_null(gb_env_get(&env, "B"));
	assert_int_equal(gb_env_set(&env, "B", NULL, NULL), 0);
	assert_int_equal(gb_env_set(&env, "C", "", NULL), 0);
	assert_string_equal(gb_env_get(&env, "C"), "");
	assert_int_equal(env.n, 4);
	assert_null(env.v[4]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_empty_is_an_argv),
		cmocka_unit_test(test_adding_keeps_the_null),
		cmocka_unit_test(test_add_all_adds_all_or_nothing),
		cmocka_unit_test(test_env_is_a_copy_of_ours),
		cmocka_unit_test(test_env_set),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
