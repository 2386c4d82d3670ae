/* trends_limits: what a policy adds to the budgets of a history. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "budget/trends_limits.h"
#include "budget_fixture.h"

#define WAIVED                                                                        \
	"{\"waivers\": [{\"package\": \"m/a\", \"test\": \"TestA\", \"metric\": "     \
	"\"alloc_space\", \"ceiling\": 5000, \"until\": \"2999-12-31\", \"reason\": " \
	"\"r\"}]}"
#define CEILING "{\"ceilings\": [{\"tests\": \"**\", \"alloc_space\": 2000}]}"
#define GC	"{\"ceilings\": [{\"tests\": \"(package)\", \"gc_count\": 3}]}"

static void test_what_is_over(void **state)
{
	static const struct {
		const char *policy, *test;
		enum gb_metric metric;
		int64_t budget, value; /* -1: none */
		const char *today;
		bool over;
	} rows[] = {
		/* The built-in headroom: 10%. */
		{ NULL, "TestA", GB_ALLOC_SPACE, 1000, 1100, "2026-11-22", false },
		{ NULL, "TestA", GB_ALLOC_SPACE, 1000, 1101, "2026-11-22", true },
		{ NULL, "TestA", GB_GOROUTINES, 1, 2, "2026-11-22", true },
		{ NULL, "TestA", GB_ALLOC_SPACE, -1, 1101, "2026-11-22", false },
		/* What hangs on the machine has much. */
		{ NULL, GB_PACKAGE_ROW, GB_GC_PAUSE_WORST, 50000, 10050000, "2026-11-22", false },
		{ NULL, GB_PACKAGE_ROW, GB_GC_PAUSE_WORST, 50000, 10050001, "2026-11-22", true },
		/* A ceiling is for what has no budget, and has no headroom. */
		{ CEILING, "TestA", GB_ALLOC_SPACE, -1, 2000, "2026-11-22", false },
		{ CEILING, "TestA", GB_ALLOC_SPACE, -1, 2001, "2026-11-22", true },
		{ CEILING, "TestA", GB_ALLOC_SPACE, 4000, 4000, "2026-11-22", false },
		{ GC, GB_PACKAGE_ROW, GB_GC_COUNT, -1, 4, "2026-11-22", true },
		/* Until its last day. */
		{ WAIVED, "TestA", GB_ALLOC_SPACE, 1000, 5000, "2999-12-31", false },
		{ WAIVED, "TestA", GB_ALLOC_SPACE, 1000, 5001, "2999-12-31", true },
		{ WAIVED, "TestA", GB_ALLOC_SPACE, 1000, 5000, "3000-01-01", true },
		{ WAIVED, "TestB", GB_ALLOC_SPACE, 1000, 5000, "2999-12-31", true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct gb_policy *policy = budget_policy(rows[i].policy);
		struct gb_point p = { .value = rows[i].value,
				      .has_budget = rows[i].budget >= 0,
				      .budget = rows[i].budget,
				      .ceiling = rows[i].budget };
		struct gb_series s = { .package = (char[]){ "m/a" },
				       .test = (char *)(uintptr_t)rows[i].test,
				       .metric = rows[i].metric,
				       .points = &p,
				       .n = 1 };
		struct gb_trends t = { .series = &s, .n = 1 };

		gb_trends_limits(&t, policy, rows[i].today);
		if (gb_series_is_over(&s) != rows[i].over)
			fail_msg("row %zu", i);
		gb_policy_free(policy);
	}
}

static void test_noise_comes_last_unless_it_is_over(void **state)
{
	struct gb_policy *policy = budget_policy(GC);
	struct gb_change moved[] = { { .before = 1, .after = 9 }, { .before = 10, .after = 11 } };
	struct gb_point points[] = { { .value = 2 }, { .value = 11 }, { .value = 9 } };
	char package[] = "m/a", row[] = GB_PACKAGE_ROW, test[] = "TestA";
	struct gb_series series[] = {
		{ package, row, GB_GC_COUNT, &points[0], 1, 1, { &moved[0], 1, 1 } },
		{ package, test, GB_ALLOC_SPACE, &points[1], 1, 1, { &moved[1], 1, 1 } },
	};
	struct gb_trends t = { .series = series, .n = 2 };

	(void)state;
	gb_trends_limits(&t, policy, "2026-11-22");
	assert_int_equal(t.series[0].metric, GB_ALLOC_SPACE);
	t.series[1].points = &points[2];
	gb_trends_limits(&t, policy, "2026-11-22");
	assert_int_equal(t.series[0].metric, GB_GC_COUNT);
	gb_policy_free(policy);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_is_over),
		cmocka_unit_test(test_noise_comes_last_unless_it_is_over),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
