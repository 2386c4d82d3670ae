/* living: what the policy means to live is nobody's leftover, and counted once per binary. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/strlist.h"
#include "base/text.h"
#include "budget/living.h"
#include "budget_fixture.h"

#define POOL "example.com/shop/pool.(*Pool).start"
#define POLICY                                                                                  \
	"{\"living\": [\n{\"created_by\": \"" POOL "\", \"count\": 4, \"reason\": \"a pool\"}," \
	"\n{\"created_by\": \"**/log.*\", \"count\": 1, \"reason\": \"writes\"}]}"

static void sample(struct gb_test *t, int process, int64_t goroutines)
{
	struct gb_sample s = { .has = 1u << GB_GOROUTINES, .run = process - 1, .process = process };

	s.v[GB_GOROUTINES] = goroutines;
	assert_int_equal(gb_test_add_sample(t, &s, NULL), 0);
}

static void group(struct gb_test *t, int process, enum gb_leak kind, const char *func,
		  int64_t count)
{
	struct gb_group g = {
		.kind = kind, .count = count, .run = process - 1, .process = process
	};

	g.created.func = gb_strdup(func);
	g.state = gb_strdup("chan receive");
	assert_int_equal(gb_test_take_group(t, &g, NULL), 0);
}

static void apply(struct gb_run *run, const struct gb_policy *policy)
{
	struct gb_err err = GB_ERR_INIT;

	if (gb_living_apply(run, policy, &err) < 0)
		fail_msg("%s", err.line);
}

static const struct gb_judgement *find(const struct gb_verdicts *v, enum gb_judged_by by)
{
	for (size_t i = 0; i < v->n; i++)
		if (v->v[i].by == by && v->v[i].verdict != GB_V_LEFT)
			return &v->v[i];
	return NULL;
}

static void test_which_rule(void **state)
{
	struct gb_policy *p = budget_policy(POLICY);

	(void)state;
	assert_int_equal(gb_living_rule(p, POOL), 1);
	assert_int_equal(gb_living_rule(p, POOL ".func1"), 1);
	assert_int_equal(gb_living_rule(p, "example.com/shop/pool.(*Pool).stop"), 0);
	assert_int_equal(gb_living_rule(p, "example.com/shop/log.Open.gowrap2"), 2);
	assert_int_equal(gb_living_rule(p, "example.com/shop/log/deep.Open"), 0);
	assert_int_equal(gb_living_rule(p, NULL), 0);
	gb_policy_free(p);
	p = budget_policy("{\"living\": [{\"created_by\": \"m.Map[...]\", \"count\": 1, "
			  "\"reason\": \"brackets are a name\"}]}");
	assert_int_equal(gb_living_rule(p, "m.Map[...].func1"), 1);
	gb_policy_free(p);
}

/* The test that came first is charged with nothing but its own. */
static void test_taken_out_of_the_charge(void **state)
{
	struct gb_policy *policy = budget_policy(POLICY);
	struct gb_run *run = budget_run();
	struct gb_test *first = budget_test(run, "m/a", "TestFirst");
	struct gb_test *sub = budget_test(run, "m/a", "TestFirst/sub");
	struct gb_package *p = budget_package(run, "m/a");

	(void)state;
	first = budget_test(run, "m/a", "TestFirst");
	sample(first, 1, 6);
	group(first, 1, GB_LEFT, POOL, 4);
	group(first, 1, GB_LEFT, "m/a.TestFirst", 2);
	sample(sub, 1, 4);
	group(sub, 1, GB_LEFT, POOL, 4);
	p->processes = 1;
	apply(run, policy);
	assert_int_equal(first->samples[0].v[GB_GOROUTINES], 2);
	assert_int_equal(first->samples[0].living, 4);
	assert_int_equal(first->groups[0].living, 1);
	assert_int_equal(first->groups[1].living, 0);
	assert_int_equal(sub->samples[0].v[GB_GOROUTINES], 0);
	/* A parent's are its subtests' as well: four and not eight. */
	assert_int_equal(p->n_living, 2);
	assert_int_equal(p->living[0].most, 4);
	assert_int_equal(p->living[1].most, 0);
	/* Once is enough. */
	apply(run, policy);
	assert_int_equal(first->samples[0].v[GB_GOROUTINES], 2);
	assert_int_equal(p->living[0].processes, 1);
	/* A rerun, in which another test came first. */
	p->processes = 2;
	sample(first, 2, 2);
	group(first, 2, GB_LEFT, POOL ".func1", 2);
	apply(run, policy);
	assert_int_equal(first->samples[1].v[GB_GOROUTINES], 0);
	assert_int_equal(p->living[0].most, 4);
	assert_int_equal(p->living[0].process, 1);
	assert_int_equal(p->living[0].processes, 2);
	gb_run_free(run);
	gb_policy_free(policy);
}

/* -count: one process, several samples of one test. */
static void test_several_samples_of_a_process(void **state)
{
	struct gb_policy *policy = budget_policy(POLICY);
	struct gb_run *run = budget_run();
	struct gb_test *t = budget_test(run, "m/a", "TestFirst");

	(void)state;
	sample(t, 1, 5);
	sample(t, 1, 1);
	group(t, 1, GB_LEFT, POOL, 4);
	budget_package(run, "m/a")->processes = 1;
	apply(run, policy);
	assert_int_equal(t->samples[0].v[GB_GOROUTINES], 1);
	assert_int_equal(t->samples[1].v[GB_GOROUTINES], 1);
	gb_run_free(run);
	gb_policy_free(policy);
}

/* What can never run again does not live. */
static void test_stuck_ones_do_not_live(void **state)
{
	struct gb_policy *policy = budget_policy(POLICY);
	struct gb_run *run = budget_run();
	struct gb_test *t = budget_test(run, "m/a", "TestFirst");

	(void)state;
	sample(t, 1, 4);
	group(t, 1, GB_PROVEN, POOL, 2);
	group(t, 1, GB_HUNG, POOL, 2);
	budget_package(run, "m/a")->processes = 1;
	apply(run, policy);
	assert_int_equal(t->samples[0].v[GB_GOROUTINES], 4);
	assert_int_equal(t->groups[0].living + t->groups[1].living, 0);
	gb_run_free(run);
	gb_policy_free(policy);
}

/* Four live as the policy says; one more is over, one fewer is slack; none is nothing. */
static void test_counted_once_per_binary(void **state)
{
	static const struct {
		int64_t count;
		enum gb_verdict verdict;
		int status;
	} rows[] = { { 4, GB_V_WITHIN, 0 }, { 5, GB_V_OVER, 1 }, { 3, GB_V_SLACK, 0 } };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct gb_policy *policy = budget_policy(POLICY);
		struct gb_run *run = budget_run();
		struct gb_budgets none = GB_BUDGETS_INIT;
		struct gb_verdicts v = { 0 };
		const struct gb_judgement *j;

		sample(budget_test(run, "m/a", GB_PACKAGE_ROW), 1, 0);
		sample(budget_test(run, "m/a", "TestFirst"), 1, rows[i].count);
		group(budget_test(run, "m/a", "TestFirst"), 1, GB_LEFT, POOL, rows[i].count);
		sample(budget_test(run, "m/b", "TestOther"), 1, 0);
		budget_package(run, "m/a")->processes = budget_package(run, "m/b")->processes = 1;
		apply(run, policy);
		assert_int_equal(gb_judge(run, &none, policy, &v, NULL), 0);
		j = find(&v, GB_BY_LIVING);
		assert_non_null(j);
		assert_int_equal(j->verdict, rows[i].verdict);
		assert_int_equal(j->measured, rows[i].count);
		assert_int_equal(j->ceiling, 4);
		assert_int_equal(j->living->line, 2);
		assert_string_equal(j->test_name, GB_PACKAGE_ROW);
		assert_int_equal(v.n, 1);
		assert_int_equal(gb_judge_exit(&v, run), rows[i].status);
		gb_verdicts_release(&v);
		gb_run_free(run);
		gb_policy_free(policy);
	}
}

static void test_notes(void **state)
{
	struct gb_policy *policy = budget_policy(POLICY);
	struct gb_run *run = budget_run();
	struct gb_strlist notes = GB_STRLIST_INIT;

	(void)state;
	sample(budget_test(run, "m/a", "TestFirst"), 1, 3);
	group(budget_test(run, "m/a", "TestFirst"), 1, GB_LEFT, POOL, 3);
	budget_package(run, "m/a")->processes = 1;
	apply(run, policy);
	/* Part of the module says nothing about the rest of it. */
	assert_int_equal(gb_living_notes(run, policy, &notes, NULL), 0);
	assert_int_equal(notes.n, 0);
	run->whole = true;
	assert_int_equal(gb_living_notes(run, policy, &notes, NULL), 0);
	assert_int_equal(notes.n, 2);
	assert_non_null(strstr(notes.v[0], "_policy.json:2"));
	assert_non_null(strstr(notes.v[0], "4"));
	assert_non_null(strstr(notes.v[0], "3"));
	assert_non_null(strstr(notes.v[1], "_policy.json:3"));
	gb_strlist_release(&notes);
	run->interrupted = true;
	assert_int_equal(gb_living_notes(run, policy, &notes, NULL), 0);
	assert_int_equal(notes.n, 0);
	gb_run_free(run);
	gb_policy_free(policy);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_which_rule),
		cmocka_unit_test(test_taken_out_of_the_charge),
		cmocka_unit_test(test_several_samples_of_a_process),
		cmocka_unit_test(test_stuck_ones_do_not_live),
		cmocka_unit_test(test_counted_once_per_binary),
		cmocka_unit_test(test_notes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
