/* policy_window: ceilings that move, and near budgets, as a policy file says them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"
#include "budget/policy_window.h"

static int parse(const char *text, struct gb_policy **ret, struct gb_err *err)
{
	return gb_policy_parse("_policy.json", text, strlen(text), 0, ret, err);
}

static struct gb_policy *policy(const char *text)
{
	struct gb_err err = GB_ERR_INIT;
	struct gb_policy *p = NULL;

	if (parse(text, &p, &err) < 0)
		fail_msg("%s: %s", text, err.line);
	return p;
}

static void test_what_is_left_out(void **state)
{
	struct gb_policy *p = policy("{\"windows\": [{\"tests\": \"**\", \"metric\": "
				     "\"alloc_space\", \"over\": \"20%\"}],\n"
				     "\"near\": [\n{\"tests\": \"**\", \"metric\": \"B/op\", "
				     "\"share\": \"80%\"}]}");

	(void)state;
	assert_int_equal(p->n_windows, 1);
	assert_int_equal(p->windows[0].of, GB_WINDOW_MEDIAN);
	assert_int_equal(p->windows[0].days, 7);
	assert_int_equal(p->windows[0].at_least, 3);
	assert_int_equal(p->windows[0].and_, 0);
	assert_true(p->windows[0].over == 0.2);
	assert_null(p->windows[0].packages);
	assert_null(p->windows[0].reason);
	assert_int_equal(p->windows[0].line, 1);
	assert_int_equal(p->n_near, 1);
	assert_int_equal(p->near[0].nights, 3);
	assert_true(p->near[0].share == 0.8);
	assert_int_equal(p->near[0].line, 3);
	assert_int_equal(p->on_window, GB_ACT_FAIL);
	assert_int_equal(p->on_near, GB_ACT_WARN);
	gb_policy_free(p);
	p = policy("{}");
	assert_int_equal(p->n_windows + p->n_near, 0);
	gb_policy_free(p);
}

static void test_all_of_it(void **state)
{
	struct gb_policy *p = policy(
		"{\"windows\": [{\"tests\": \"Test*\", \"packages\": \"m/**\", \"metric\": "
		"\"alloc_space\", \"of\": \"max\", \"days\": 366, \"at_least\": 366, \"over\": "
		"\"12.5%\", \"and\": \"1 KiB\", \"reason\": \"r\"}], \"on\": {\"window\": "
		"\"warn\", \"near\": \"fail\"}}");

	(void)state;
	assert_int_equal(p->windows[0].of, GB_WINDOW_MAX);
	assert_int_equal(p->windows[0].days, 366);
	assert_int_equal(p->windows[0].at_least, 366);
	assert_int_equal(p->windows[0].and_, 1024);
	assert_true(p->windows[0].over == 0.125);
	assert_string_equal(p->windows[0].packages, "m/**");
	assert_string_equal(p->windows[0].reason, "r");
	assert_int_equal(p->on_window, GB_ACT_WARN);
	assert_int_equal(p->on_near, GB_ACT_FAIL);
	gb_policy_free(p);
}

static void test_the_last_that_matches_wins(void **state)
{
	struct gb_policy *p =
		policy("{\"windows\": ["
		       "{\"tests\": \"**\", \"metric\": \"alloc_space\", \"over\": \"1%\"},"
		       "{\"tests\": \"TestA\", \"metric\": \"alloc_space\", \"over\": \"2%\"},"
		       "{\"tests\": \"TestA\", \"packages\": \"m/b\", \"metric\": \"alloc_space\", "
		       "\"over\": \"3%\"},"
		       "{\"tests\": \"**\", \"metric\": \"goroutines\", \"over\": \"4%\"},"
		       "{\"tests\": \"(package)\", \"metric\": \"escapes\", \"over\": \"5%\"}], "
		       "\"near\": ["
		       "{\"tests\": \"**\", \"metric\": \"alloc_space\", \"share\": \"10%\"},"
		       "{\"tests\": \"TestB\", \"metric\": \"alloc_space\", \"share\": \"20%\"}]}");

	(void)state;
	assert_true(gb_policy_window(p, "m/a", "TestB", GB_ALLOC_SPACE)->over == 0.01);
	assert_true(gb_policy_window(p, "m/a", "TestA", GB_ALLOC_SPACE)->over == 0.02);
	assert_true(gb_policy_window(p, "m/b", "TestA", GB_ALLOC_SPACE)->over == 0.03);
	assert_true(gb_policy_window(p, "m/b", "TestA", GB_GOROUTINES)->over == 0.04);
	assert_null(gb_policy_window(p, "m/b", "TestA", GB_ALLOC_OBJECTS));
	/* The row is no test. */
	assert_null(gb_policy_window(p, "m/b", GB_PACKAGE_ROW, GB_GOROUTINES));
	assert_true(gb_policy_window(p, "m/b", GB_PACKAGE_ROW, GB_ESCAPES)->over == 0.05);
	assert_true(gb_policy_near(p, "m/b", "TestA", GB_ALLOC_SPACE)->share == 0.1);
	assert_true(gb_policy_near(p, "m/b", "TestB", GB_ALLOC_SPACE)->share == 0.2);
	assert_null(gb_policy_near(p, "m/b", "TestB", GB_GOROUTINES));
	gb_policy_free(p);
}

static void test_refused(void **state)
{
#define WINDOW(more) "{\"windows\": [{\"tests\": \"**\", \"metric\": \"alloc_space\"" more "}]}"
#define NEAR(more)   "{\"near\": [\n{\"tests\": \"**\", \"metric\": \"goroutines\"" more "}]}"
	static const struct {
		const char *text, *line, *hint;
	} rows[] = {
		{ "{\"windows\": {}}", "_policy.json:1: windows: expected an array", "" },
		{ "{\"windows\": [1]}", "windows[0]: expected an object", "" },
		{ WINDOW(""), "windows[0]: \"over\" is missing", "" },
		{ WINDOW(", \"over\": 0.2"), "windows[0].over: expected a percentage", "" },
		{ WINDOW(", \"over\": \"20\""), "windows[0].over: \"20\" is not a percentage", "" },
		{ WINDOW(", \"over\": \"20%\", \"of\": 3"), "windows[0].of: expected \"median\"",
		  "" },
		{ WINDOW(", \"over\": \"20%\", \"days\": 0"), "windows[0].days: expected 1 to 366",
		  "" },
		{ WINDOW(", \"over\": \"20%\", \"days\": 1.5"), "windows[0].days", "" },
		{ WINDOW(", \"over\": \"20%\", \"at_least\": 367"),
		  "windows[0].at_least: expected 1 to 366", "" },
		{ WINDOW(", \"over\": \"20%\", \"and\": -1"), "windows[0].and", "" },
		{ WINDOW(", \"over\": \"20%\", \"nights\": 3"), "windows[0].nights: unknown key",
		  "known keys are tests, packages, metric" },
		{ "{\"windows\": [{\"tests\": \"\", \"metric\": \"alloc_space\", \"over\": "
		  "\"1%\"}]}",
		  "windows[0].tests: must not be empty", "" },
		{ "{\"windows\": [{\"tests\": \"**\", \"metric\": \"space\", \"over\": \"1%\"}]}",
		  "windows[0].metric: there is no metric \"space\"", "metrics are" },
		{ "{\"windows\": [{\"tests\": \"**\", \"metric\": \"ns/op\", \"over\": \"1%\"}]}",
		  "windows[0].metric: ns/op is shown", "" },
		{ "{\"windows\": [{\"tests\": \"**\", \"metric\": \"goroutines\", \"over\": "
		  "\"1%\", "
		  "\"and\": \"1 KiB\"}]}",
		  "windows[0].and: goroutines is a count", "" },
		{ "{\"near\": 1}", "near: expected an array", "" },
		{ NEAR(""), "_policy.json:2: near[0]: \"share\" is missing", "" },
		{ NEAR(", \"share\": \"101%\""), "near[0].share: exceeds 100%", "" },
		{ NEAR(", \"share\": \"0%\""), "near[0].share: must be more than nothing", "" },
		{ NEAR(", \"share\": \"80%\", \"nights\": 0"), "near[0].nights: expected 1 to 366",
		  "" },
		{ NEAR(", \"share\": \"80%\", \"days\": 7"), "near[0].days: unknown key", "" },
		{ "{\"on\": {\"window\": \"no\"}}", "on.window: expected \"fail\"", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct gb_err err = GB_ERR_INIT;
		struct gb_policy *p = NULL;

		assert_int_equal(parse(rows[i].text, &p, &err), GB_EUSAGE);
		assert_null(p);
		if (!strstr(err.line, rows[i].line) || !strstr(err.hint, rows[i].hint))
			fail_msg("%s: \"%s\", \"%s\"", rows[i].text, err.line, err.hint);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_is_left_out),
		cmocka_unit_test(test_all_of_it),
		cmocka_unit_test(test_the_last_that_matches_wins),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
