/* measured: what one gobudget tells another of a commit. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "budget/measured.h"

static struct gb_test *add(struct gb_package *p, const char *name, enum gb_outcome outcome,
			   int64_t bytes, int64_t goroutines)
{
	struct gb_sample s = { .has = 1u << GB_ALLOC_SPACE | 1u << GB_GOROUTINES };
	struct gb_test *t = gb_package_test(p, name);

	if (!t)
		assert_int_equal(gb_package_add_test(p, name, GB_TEST, &t, NULL), 0);
	t->outcome = outcome;
	s.v[GB_ALLOC_SPACE] = bytes;
	s.v[GB_GOROUTINES] = goroutines;
	s.outcome = (int)outcome;
	assert_int_equal(gb_test_add_sample(t, &s, NULL), 0);
	return t;
}

static struct gb_run *new_run(void)
{
	struct gb_run *run = gb_run_new(NULL);
	struct gb_package *p;

	assert_non_null(run);
	assert_int_equal(gb_run_add_package(run, "example.com/m/store", &p, NULL), 0);
	p->passed = p->measured = true;
	add(p, "TestCache", GB_PASS, 9007199254740993, 1);
	add(p, "TestCache", GB_PASS, 9007199254741057, 3);
	add(p, "TestFails", GB_FAIL, 64, 0);
	return run;
}

static void test_the_whole_way(void **state)
{
	_run_ struct gb_run *run = new_run();
	_buf_ struct gb_buf text = GB_BUF_INIT(GB_MAX_NOTE), again = GB_BUF_INIT(GB_MAX_NOTE);
	struct gb_budgets none = GB_BUDGETS_INIT;
	struct gb_verdicts v = { .tests = 2, .failing = 1, .count = { [GB_V_OVER] = 1 } };
	struct gb_measured_commit m, n;

	(void)state;
	assert_int_equal(gb_measured_of_run(run, &v, &none, "TestCache", &m, NULL), 0);
	gb_measured_write(&m, &text);
	assert_false(text.failed);
	assert_int_equal(gb_measured_parse("m", text.data, text.len, &n, NULL), 0);
	assert_int_equal(n.end, GB_MEASURED_FINE);
	assert_int_equal(n.ran, 2);
	assert_int_equal(n.failing, 1);
	assert_int_equal(n.count[GB_V_OVER], 1);
	assert_int_equal(n.n_tests, 1);
	assert_int_equal(n.tests[0].outcome, GB_PASS);
	assert_true(gb_measured_value(&n.tests[0], GB_ALLOC_SPACE) == 9007199254740993);
	assert_true(n.tests[0].most[GB_ALLOC_SPACE] == 9007199254741057);
	assert_int_equal(gb_measured_value(&n.tests[0], GB_GOROUTINES), 3);
	gb_measured_write(&n, &again);
	assert_string_equal(text.data, again.data);
	gb_measured_release(&m);
	gb_measured_release(&n);
}

static void test_says_what_went_wrong(void **state)
{
	static const struct {
		enum gb_trouble_kind first, second;
		bool warning;
		enum gb_measured_end end;
		const char *why;
	} cases[] = {
		{ GB_TROUBLE_FAIL, GB_TROUBLE_BUILD, false, GB_MEASURED_BUILD, "second" },
		{ GB_TROUBLE_BUILD, GB_TROUBLE_FAIL, false, GB_MEASURED_BUILD, "first" },
		{ GB_TROUBLE_PANIC, GB_TROUBLE_TIMEOUT, false, GB_MEASURED_FAIL, "first" },
		{ GB_TROUBLE_NO_TESTS, GB_TROUBLE_NO_TESTS, false, GB_MEASURED_FINE, "" },
		{ GB_TROUBLE_FAIL, GB_TROUBLE_FAIL, true, GB_MEASURED_FINE, "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		_run_ struct gb_run *run = new_run();
		struct gb_budgets none = GB_BUDGETS_INIT;
		struct gb_verdicts v = { .tests = 2 };
		struct gb_measured_commit m;
		struct gb_package *p = &run->packages[0];

		assert_int_equal(gb_package_add_trouble(p, cases[i].first, cases[i].warning, NULL,
							NULL, NULL, "first"),
				 0);
		assert_int_equal(gb_package_add_trouble(p, cases[i].second, cases[i].warning, NULL,
							NULL, NULL, "second"),
				 0);
		assert_int_equal(gb_measured_of_run(run, &v, &none, NULL, &m, NULL), 0);
		assert_int_equal(m.end, cases[i].end);
		if (*cases[i].why)
			assert_non_null(strstr(m.why, cases[i].why));
		else
			assert_string_equal(m.why, "");
		assert_int_equal(m.n_tests, 0);
		gb_measured_release(&m);
	}
}

static void test_refuses_what_it_is_not(void **state)
{
	static const char *const texts[] = {
		"",
		"{}",
		"{\"version\":1,\"measured\":{}}",
		"{\"version\":1,\"measured\":{},\"environment\":\"e\",\"why\":\"\",\"end\":"
		"\"fine\"}",
		"{\"version\":1,\"measured\":{},\"environment\":7,\"known\":false,\"end\":\"fine\","
		"\"why\":\"\",\"exit_status\":0,\"ran\":0,\"failing\":0,\"warning\":0,"
		"\"verdicts\":{},\"tests\":[]}",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct gb_err err = GB_ERR_INIT;
		struct gb_measured_commit m;

		assert_int_equal(gb_measured_parse("m", texts[i], strlen(texts[i]), &m, &err),
				 GB_EUSAGE);
		assert_true(err.line[0]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_whole_way),
		cmocka_unit_test(test_says_what_went_wrong),
		cmocka_unit_test(test_refuses_what_it_is_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
