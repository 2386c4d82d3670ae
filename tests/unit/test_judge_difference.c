/* judge_difference: no budgets of this environment, so the base is what counts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"
#include "budget/judge_difference.h"
#include "budget_fixture.h"

#define FILE_OF(env, tests) \
	"{\"package\": \"m/a\", \"environments\": [{\"env\": " env ", \"tests\": {" tests "}}]}"
#define ELSEWHERE(tests) FILE_OF(BUDGET_ENV_GO("1.5"), tests)

struct scene {
	struct gb_run *run, *base;
	struct gb_budgets budgets;
	struct gb_policy *policy;
	struct gb_verdicts v;
};

static void begin(struct scene *s, const char *file, const char *policy)
{
	memset(s, 0, sizeof(*s));
	s->run = budget_run();
	s->base = budget_run();
	s->policy = budget_policy(policy);
	assert_int_equal(
		gb_budgets_add("m", "budgets/a.json", file, strlen(file), &s->budgets, NULL), 0);
}

static void sample(struct gb_run *run, const char *test, enum gb_metric m, int64_t value)
{
	struct gb_test *t = budget_test(run, "m/a", test);

	budget_sample(t, m, value);
	t->samples[t->n_samples - 1].mode = GB_EXACT;
}

static int judge(struct scene *s)
{
	assert_int_equal(gb_judge(s->run, &s->budgets, s->policy, &s->v, NULL), 0);
	assert_int_equal(gb_judge_difference(s->run, s->base, s->policy, &s->v, NULL), 0);
	return gb_judge_exit(&s->v, s->run);
}

static void end(struct scene *s)
{
	gb_verdicts_release(&s->v);
	gb_budgets_release(&s->budgets);
	gb_policy_free(s->policy);
	gb_run_free(s->run);
	gb_run_free(s->base);
}

static void only_what_got_worse_fails(void **state)
{
	static const struct {
		enum gb_metric m;
		int64_t now, then;
		int exit;
	} rows[] = {
		{ GB_ALLOC_SPACE, 1000, 1000, 0 },
		{ GB_ALLOC_SPACE, 1100, 1000, 0 },
		{ GB_ALLOC_SPACE, 1101, 1000, 1 },
		{ GB_ALLOC_SPACE, 10, 1000, 0 },
		/* Its budget elsewhere is 50: that says nothing here. */
		{ GB_ALLOC_SPACE, 900, 900, 0 },
		{ GB_GOROUTINES, 3, 3, 0 },
		{ GB_GOROUTINES, 3, 2, 1 },
		{ GB_GOROUTINES, 0, 2, 0 },
		/* Budgeted nowhere. */
		{ GB_ALLOC_OBJECTS, 100, 1, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct scene s;
		int status;

		begin(&s, ELSEWHERE("\"TestA\": {\"alloc_space\": 50, \"goroutines\": 0}"), NULL);
		sample(s.run, "TestA", rows[i].m, rows[i].now);
		sample(s.base, "TestA", rows[i].m, rows[i].then);
		status = judge(&s);
		if (status != rows[i].exit)
			fail_msg("row %zu: exit %d", i, status);
		assert_int_equal(s.v.count[GB_V_INCOMPARABLE], 1);
		assert_int_equal(s.v.count[GB_V_OVER], rows[i].exit);
		assert_int_equal(s.v.failing, rows[i].exit);
		assert_int_equal(gb_judge_differs(&s.v, &s.run->packages[0]), rows[i].exit);
		assert_true(gb_judge_incomparable(&s.v, &s.run->packages[0]));
		if (rows[i].exit) {
			assert_int_equal(s.v.v[0].by, GB_BY_BASE);
			assert_int_equal(s.v.v[0].budget, rows[i].then);
			assert_int_equal(s.v.v[0].measured, rows[i].now);
		}
		end(&s);
	}
}

static void a_base_that_was_not_measured_changes_nothing(void **state)
{
	struct scene s;

	(void)state;
	begin(&s, ELSEWHERE("\"TestA\": {\"alloc_space\": 50}"), NULL);
	sample(s.run, "TestA", GB_ALLOC_SPACE, 9000);
	assert_int_equal(judge(&s), 3);
	assert_int_equal(s.v.v[0].by, GB_BY_BUDGET);
	end(&s);
}

static void the_base_is_no_steadier_than_it_is(void **state)
{
	struct scene s;

	(void)state;
	begin(&s, ELSEWHERE("\"TestA\": {\"alloc_space\": 50}"), NULL);
	sample(s.run, "TestA", GB_ALLOC_SPACE, 1400);
	sample(s.base, "TestA", GB_ALLOC_SPACE, 1000);
	sample(s.base, "TestA", GB_ALLOC_SPACE, 1500);
	assert_int_equal(judge(&s), 0);
	end(&s);
}

static void tests_that_one_side_has_not_are_left_alone(void **state)
{
	struct scene s;

	(void)state;
	begin(&s, ELSEWHERE("\"TestA\": {\"alloc_space\": 50}, \"TestB\": {\"alloc_space\": 50}"),
	      NULL);
	sample(s.run, "TestA", GB_ALLOC_SPACE, 9000);
	sample(s.base, "TestB", GB_ALLOC_SPACE, 10);
	sample(s.run, "TestC", GB_ALLOC_SPACE, 9000);
	sample(s.base, "TestC", GB_ALLOC_SPACE, 10);
	assert_int_equal(judge(&s), 0);
	end(&s);
}

static void what_the_policy_lets_pass_only_warns(void **state)
{
	struct scene s;

	(void)state;
	begin(&s, ELSEWHERE("\"TestA\": {\"alloc_space\": 50}"),
	      "{\"warn_only\": [\"alloc_space\"]}");
	sample(s.run, "TestA", GB_ALLOC_SPACE, 9000);
	sample(s.base, "TestA", GB_ALLOC_SPACE, 1000);
	assert_int_equal(judge(&s), 0);
	assert_int_equal(s.v.count[GB_V_OVER], 1);
	end(&s);
}

static void where_there_are_budgets_they_count(void **state)
{
	struct scene s;

	(void)state;
	begin(&s, FILE_OF(BUDGET_ENV, "\"TestA\": {\"alloc_space\": 9000}"), NULL);
	sample(s.run, "TestA", GB_ALLOC_SPACE, 9000);
	sample(s.base, "TestA", GB_ALLOC_SPACE, 1000);
	assert_int_equal(judge(&s), 0);
	assert_int_equal(s.v.count[GB_V_OVER], 0);
	end(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_what_got_worse_fails),
		cmocka_unit_test(a_base_that_was_not_measured_changes_nothing),
		cmocka_unit_test(the_base_is_no_steadier_than_it_is),
		cmocka_unit_test(tests_that_one_side_has_not_are_left_alone),
		cmocka_unit_test(what_the_policy_lets_pass_only_warns),
		cmocka_unit_test(where_there_are_budgets_they_count),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
