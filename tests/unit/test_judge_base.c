/* judge_base: what a change raises, and what it only inherits. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"
#include "base/mem.h"
#include "budget/judge_base.h"
#include "budget_fixture.h"

/* A change and its base, judged. */
struct scene {
	struct gb_run *run, *base_run;
	struct gb_budgets budgets, base_budgets;
	struct gb_policy *policy, *base_policy;
	struct gb_verdicts v;
	bool moved; /* m/a was m/old */
};

static void begin(struct scene *s, const char *row, const char *base_row, const char *base_policy)
{
	memset(s, 0, sizeof(*s));
	s->run = budget_run();
	s->policy = budget_policy(NULL);
	s->base_policy = budget_policy(base_policy);
	if (row)
		budget_file(&s->budgets, "m/a", row);
	if (base_row)
		budget_file(&s->base_budgets, "m/a", base_row);
}

static int judge(struct scene *s)
{
	static char from[] = "m/old", to[] = "m/a";
	const struct gb_move move = { from, to };
	const struct gb_base_rules rules = { &s->base_budgets, s->base_policy, s->base_run,
					     "2026-11-22",     &move,	       s->moved };

	assert_int_equal(gb_judge(s->run, &s->budgets, s->policy, &s->v, NULL), 0);
	assert_int_equal(gb_judge_base(s->run, &s->budgets, &rules, &s->v, NULL), 0);
	return gb_judge_exit(&s->v, s->run);
}

static void end(struct scene *s)
{
	gb_verdicts_release(&s->v);
	gb_budgets_release(&s->budgets);
	gb_budgets_release(&s->base_budgets);
	gb_policy_free(s->policy);
	gb_policy_free(s->base_policy);
	gb_run_free(s->run);
	gb_run_free(s->base_run);
}

static const struct gb_judgement *of(const struct scene *s, enum gb_verdict verdict)
{
	for (size_t i = 0; i < s->v.n; i++)
		if (s->v.v[i].verdict == verdict)
			return &s->v.v[i];
	return NULL;
}

#define ROW(n)	       "\"TestA\": {\"alloc_space\": " #n "}"
#define REASON(n, why) "\"TestA\": {\"alloc_space\": " #n ", \"reason\": \"" why "\"}"
#define WAIVER(n, day)                                                                           \
	"{\"raise\": \"waiver\", \"waivers\": [{\"package\": \"m/a\", \"test\": \"TestA\", "     \
	"\"metric\": \"alloc_space\", \"ceiling\": " #n ", \"until\": \"" day "\", \"reason\": " \
	"\"r\"}]}"

static void test_raises(void **state)
{
	static const struct {
		const char *now, *then, *policy;
		bool raised;
		enum gb_action action;
		int exit;
	} rows[] = {
		{ ROW(2000), ROW(1000), NULL, true, GB_ACT_WARN, 0 },
		{ ROW(1000), ROW(1000), NULL, false, GB_ACT_WARN, 0 },
		{ ROW(1000), ROW(2000), NULL, false, GB_ACT_WARN, 0 },
		/* A budget that is new raises nothing. */
		{ ROW(2000), NULL, NULL, false, GB_ACT_WARN, 0 },
		{ ROW(2000), ROW(1000), "{\"raise\": \"reason\"}", true, GB_ACT_FAIL, 1 },
		{ REASON(2000, "pages"), ROW(1000), "{\"raise\": \"reason\"}", true, GB_ACT_WARN,
		  0 },
		/* The reason of the last raise is none for this one. */
		{ REASON(2000, "pages"), REASON(1000, "pages"), "{\"raise\": \"reason\"}", true,
		  GB_ACT_FAIL, 1 },
		{ REASON(2000, "pages"), ROW(1000), "{\"raise\": \"waiver\"}", true, GB_ACT_FAIL,
		  1 },
		{ ROW(2000), ROW(1000), WAIVER(2000, "2026-11-22"), true, GB_ACT_WARN, 0 },
		{ ROW(2001), ROW(1000), WAIVER(2000, "2026-11-22"), true, GB_ACT_FAIL, 1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct scene s;
		const struct gb_judgement *j;
		int status;

		begin(&s, rows[i].now, rows[i].then, rows[i].policy);
		budget_sample(budget_test(s.run, "m/a", "TestA"), GB_ALLOC_SPACE, 500);
		status = judge(&s);
		j = of(&s, GB_V_RAISED);
		if ((j != NULL) != rows[i].raised || status != rows[i].exit ||
		    (j && j->action != rows[i].action))
			fail_msg("row %zu: raised %d, exit %d", i, j != NULL, status);
		if (j) {
			assert_int_equal(j->budget, 1000);
			assert_true(j->measured >= 2000);
		}
		end(&s);
	}
}

static void test_raised_where_the_package_has_moved(void **state)
{
	static const struct {
		const char *then, *still, *policy;
		bool moved, raised;
		int exit;
	} rows[] = {
		{ ROW(1000), NULL, NULL, true, true, 0 },
		{ ROW(1000), NULL, NULL, false, false, 0 },
		{ ROW(2000), NULL, NULL, true, false, 0 },
		{ ROW(1000), NULL, "{\"raise\": \"reason\"}", true, true, 1 },
		/* The test is still there as well: this one is new. */
		{ ROW(1000), ROW(1000), NULL, true, false, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct scene s;
		const struct gb_judgement *j;
		int status;

		begin(&s, ROW(2000), NULL, rows[i].policy);
		s.moved = rows[i].moved;
		budget_file(&s.base_budgets, "m/old", rows[i].then);
		if (rows[i].still)
			budget_file(&s.budgets, "m/old", rows[i].still);
		gb_budgets_sort(&s.budgets);
		budget_sample(budget_test(s.run, "m/a", "TestA"), GB_ALLOC_SPACE, 500);
		status = judge(&s);
		j = of(&s, GB_V_RAISED);
		if ((j != NULL) != rows[i].raised || status != rows[i].exit)
			fail_msg("row %zu: raised %d, exit %d", i, j != NULL, status);
		if (j) {
			assert_int_equal(j->budget, 1000);
			assert_string_equal(j->was, "m/old");
			assert_string_equal(j->package_path, "m/a");
		}
		end(&s);
	}
}

static void test_a_waiver_of_the_base_may_have_ended(void **state)
{
	struct gb_policy *p;
	static const char text[] = WAIVER(5000, "2026-11-21");
	struct scene s;

	(void)state;
	begin(&s, ROW(2000), ROW(1000), NULL);
	gb_policy_free(s.base_policy);
	/* Read as of then, where it had not. */
	assert_int_equal(gb_policy_parse("p", text, strlen(text), 0, &p, NULL), 0);
	s.base_policy = p;
	budget_sample(budget_test(s.run, "m/a", "TestA"), GB_ALLOC_SPACE, 500);
	assert_int_equal(judge(&s), 1);
	end(&s);
}

/* Samples of exact runs, as the base is measured. */
static void exact(struct gb_run *run, enum gb_metric m, int64_t value)
{
	struct gb_test *t = budget_test(run, "m/a", "TestA");

	budget_sample(t, m, value);
	t->samples[t->n_samples - 1].mode = GB_EXACT;
}

static void test_inherited(void **state)
{
	static const struct {
		enum gb_metric m;
		int64_t now, then; /* -1: the base was not measured */
		const char *base_row;
		bool inherited;
	} rows[] = {
		{ GB_ALLOC_SPACE, 2000, 2000, NULL, true },
		{ GB_ALLOC_SPACE, 2000, 2500, NULL, true },
		/* It got worse. */
		{ GB_ALLOC_SPACE, 2001, 2000, NULL, false },
		/* The base was within its budget. */
		{ GB_ALLOC_SPACE, 2000, 1000, NULL, false },
		{ GB_ALLOC_SPACE, 2000, -1, NULL, false },
		{ GB_GOROUTINES, 3, 3, NULL, true },
		{ GB_GOROUTINES, 3, 2, NULL, false },
		/* Not measured, but recorded above its own budget. */
		{ GB_ALLOC_SPACE, 2000, -1,
		  "\"TestA\": {\"alloc_space\": 1000, \"measured\": {\"alloc_space\": 2000}}",
		  true },
		{ GB_ALLOC_SPACE, 2000, -1,
		  "\"TestA\": {\"alloc_space\": 1000, \"measured\": {\"alloc_space\": 1000}}",
		  false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct scene s;
		const struct gb_judgement *j;
		int status;

		begin(&s, "\"TestA\": {\"alloc_space\": 1000, \"goroutines\": 0}", rows[i].base_row,
		      NULL);
		exact(s.run, rows[i].m, rows[i].now);
		if (rows[i].then >= 0) {
			s.base_run = budget_run();
			exact(s.base_run, rows[i].m, rows[i].then);
		}
		status = judge(&s);
		j = of(&s, GB_V_INHERITED);
		if ((j != NULL) != rows[i].inherited || status != !rows[i].inherited)
			fail_msg("row %zu: inherited %d, exit %d", i, j != NULL, status);
		if (j) {
			assert_int_equal(j->action, GB_ACT_WARN);
			assert_int_equal(s.v.count[GB_V_OVER], 0);
			assert_int_equal(s.v.failing, 0);
		}
		end(&s);
	}
}

static void test_proven_goroutines_are_inherited_by_number(void **state)
{
	(void)state;
	for (int64_t now = 1; now <= 2; now++) {
		struct scene s;

		begin(&s, NULL, NULL, NULL);
		exact(s.run, GB_GOROUTINES, now);
		budget_group(budget_test(s.run, "m/a", "TestA"), 0, GB_PROVEN, now);
		s.base_run = budget_run();
		exact(s.base_run, GB_GOROUTINES, 1);
		budget_group(budget_test(s.base_run, "m/a", "TestA"), 0, GB_PROVEN, 1);
		assert_int_equal(judge(&s), now > 1);
		assert_int_equal(of(&s, GB_V_INHERITED) != NULL, now == 1);
		end(&s);
	}
}

static void living(struct gb_run *run, int64_t most)
{
	struct gb_package *p = budget_package(run, "m/a");

	budget_sample(budget_test(run, "m/a", GB_PACKAGE_ROW), GB_GOROUTINES, 0);
	budget_sample(budget_test(run, "m/a", "TestA"), GB_GOROUTINES, 0);
	p->living = calloc(1, sizeof(*p->living));
	assert_non_null(p->living);
	p->n_living = 1;
	p->living[0].most = most;
	p->living[0].processes = 1;
}

static void test_goroutines_meant_to_live_are_inherited_by_number(void **state)
{
	(void)state;
	for (int64_t then = 2; then <= 3; then++) {
		struct scene s;

		begin(&s, NULL, NULL, NULL);
		gb_policy_free(s.policy);
		s.policy = budget_policy("{\"living\": [{\"created_by\": \"m.Pool\", \"count\": 1, "
					 "\"reason\": \"a pool\"}]}");
		living(s.run, 3);
		s.base_run = budget_run();
		living(s.base_run, then);
		assert_int_equal(judge(&s), then < 3);
		assert_int_equal(of(&s, GB_V_INHERITED) != NULL, then == 3);
		end(&s);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_raises),
		cmocka_unit_test(test_raised_where_the_package_has_moved),
		cmocka_unit_test(test_a_waiver_of_the_base_may_have_ended),
		cmocka_unit_test(test_inherited),
		cmocka_unit_test(test_proven_goroutines_are_inherited_by_number),
		cmocka_unit_test(test_goroutines_meant_to_live_are_inherited_by_number),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
