/* run_fold: what a thousand runs have in common is kept once, with how often. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"
#include "base/mem.h"
#include "budget_fixture.h"
#include "go/fingerprint.h"

static void sample(struct gb_test *t, int run, int64_t goroutines, enum gb_outcome outcome)
{
	struct gb_sample s = { .has = 1u << GB_GOROUTINES | 1u << GB_ALLOC_SPACE,
			       .run = run,
			       .outcome = (int)outcome };

	s.v[GB_GOROUTINES] = goroutines;
	s.v[GB_ALLOC_SPACE] = 1000 + run;
	assert_int_equal(gb_test_add_sample(t, &s, NULL), 0);
	if (outcome > t->outcome)
		t->outcome = outcome;
}

static void group(struct gb_test *t, int run, enum gb_leak kind, int line, int64_t count)
{
	struct gb_group g = { .kind = kind, .count = count, .still = count, .run = run };

	g.created.func = gb_strdup("m.Open");
	g.created.line = line;
	g.state = gb_strdup("chan receive");
	assert_int_equal(gb_fingerprint("m", &g, NULL), 0);
	assert_int_equal(gb_test_take_group(t, &g, NULL), 0);
}

static void test_equal_runs_are_one(void **state)
{
	_run_ struct gb_run *run = budget_run();
	struct gb_test *t = budget_test(run, "m", "TestA");
	struct gb_measured m;

	(void)state;
	for (int i = 0; i < 2000; i++) {
		bool leaks = i % 100 == 7;

		sample(t, i, leaks ? 3 : 0, GB_PASS);
		if (leaks) {
			group(t, i, GB_LEFT, 41, i == 107 ? 3 : 2);
			group(t, i, GB_PROVEN, 42, 1);
		}
		gb_run_fold(run, i);
	}
	assert_int_equal(t->n_samples, 2);
	assert_int_equal(t->n_groups, 2);
	assert_true(gb_test_measured(t, GB_GOROUTINES, &m));
	assert_int_equal(m.n, 2000);
	assert_int_equal(m.max, 3);
	assert_int_equal(gb_test_over(t, GB_GOROUTINES, 0), 20);
	assert_false(gb_test_measured(t, GB_ALLOC_SPACE, &m));
	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(t->groups[i].seen, 20);
		assert_int_equal(t->groups[i].seen_of, 2000);
		assert_int_equal(t->groups[i].run, 7);
		assert_int_equal(t->groups[i].seen_last, 1907);
	}
	assert_int_equal(t->groups[0].kind, GB_PROVEN);
	assert_int_equal(t->groups[1].count, 3);
	assert_int_equal(t->groups[1].still, 3);
	assert_int_equal(t->folded.runs, 2000);
	assert_int_equal(t->folded.leak_runs[GB_LEFT], 20);
	assert_int_equal(t->folded.leak_most[GB_LEFT], 3);
	assert_int_equal(t->folded.leak_runs[GB_PROVEN], 20);
}

/* Two go statements are two, though their fingerprint is one; so are two processes of a run. */
static void test_places_stay_apart(void **state)
{
	_run_ struct gb_run *run = budget_run();
	struct gb_test *t = budget_test(run, "m", "TestA");

	(void)state;
	for (int i = 0; i < 3; i++) {
		sample(t, i, 4, GB_PASS);
		group(t, i, GB_LEFT, 41, 1);
		group(t, i, GB_LEFT, 41, 1);
		group(t, i, GB_LEFT, 52, 2);
		gb_run_fold(run, i);
	}
	assert_int_equal(t->n_groups, 2);
	assert_int_equal(t->groups[0].seen, 3);
	assert_int_equal(t->groups[1].seen, 3);
	assert_int_equal(t->groups[0].count + t->groups[1].count, 3);
}

/* A run in which the test failed says nothing of its goroutines, but is not forgotten. */
static void test_failing_runs(void **state)
{
	_run_ struct gb_run *run = budget_run();
	struct gb_test *t = budget_test(run, "m", "TestA");
	struct gb_measured m;

	(void)state;
	sample(t, 0, 0, GB_PASS);
	gb_run_fold(run, 0);
	sample(t, 1, 9, GB_FAIL);
	gb_run_fold(run, 1);
	assert_int_equal(t->outcome, GB_PASS);
	assert_int_equal(t->folded.last_bad, 1);
	assert_int_equal(t->folded.outcome[GB_FAIL], 1);
	assert_int_equal(t->folded.outcome[GB_PASS], 1);
	assert_true(gb_test_measured(t, GB_GOROUTINES, &m));
	assert_int_equal(m.n, 1);
	assert_int_equal(m.max, 0);
	sample(t, 2, 1, GB_HANG);
	group(t, 2, GB_HUNG, 41, 1);
	gb_run_fold(run, 2);
	assert_int_equal(t->outcome, GB_HANG);
	sample(t, 3, 0, GB_PASS);
	gb_run_fold(run, 3);
	assert_int_equal(t->outcome, GB_HANG);
	assert_int_equal(t->folded.leak_runs[GB_HUNG], 1);
	assert_int_equal(t->folded.runs, 4);
}

/* What is meant to live is told apart, and counts for no kind. */
static void test_living_groups(void **state)
{
	_run_ struct gb_run *run = budget_run();
	struct gb_test *t = budget_test(run, "m", "TestA");

	(void)state;
	for (int i = 0; i < 2; i++) {
		sample(t, i, 0, GB_PASS);
		group(t, i, GB_LEFT, 41, 4);
		t->groups[t->n_groups - 1].living = 1;
		gb_run_fold(run, i);
	}
	assert_int_equal(t->n_groups, 1);
	assert_int_equal(t->groups[0].seen, 2);
	assert_int_equal(t->groups[0].living, 1);
	assert_int_equal(t->folded.leak_runs[GB_LEFT], 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_equal_runs_are_one),
		cmocka_unit_test(test_places_stay_apart),
		cmocka_unit_test(test_failing_runs),
		cmocka_unit_test(test_living_groups),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
