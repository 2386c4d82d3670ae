/* trends_windows: what the nights before each night allowed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"
#include "budget/trends_windows.h"
#include "budget_fixture.h"

#define NIGHTS 9
#define DAY    ((int64_t)86400)

static struct gb_night nights[NIGHTS];
static struct gb_point points[NIGHTS];
static struct gb_series series = { .package = (char *)"m/a",
				   .test = (char *)"TestA",
				   .metric = GB_ALLOC_SPACE,
				   .points = points };
static struct gb_trends trends = { .nights = nights, .series = &series, .n = 1 };

static void make(void)
{
	for (size_t i = 0; i < NIGHTS; i++) {
		nights[i] = (struct gb_night){ .env = (char *)"go1.26",
					       .date = 1760000000 + (int64_t)i * DAY };
		points[i] = (struct gb_point){ .night = i, .value = 100 * (int64_t)(i + 1) };
	}
	series.n = trends.n_nights = NIGHTS;
}

/* The windows, as "- - 12 13". */
static void expect(const char *policy, const char *want, int line)
{
	struct gb_policy *p = budget_policy(policy);
	char got[256] = "";
	size_t at = 0;

	assert_int_equal(gb_trends_windows(&trends, p, NULL), 0);
	for (size_t i = 0; i < series.n; i++)
		at += (size_t)(points[i].has_window
				       ? snprintf(got + at, sizeof(got) - at, "%s%lld",
						  i ? " " : "", (long long)points[i].window)
				       : snprintf(got + at, sizeof(got) - at, "%s-", i ? " " : ""));
	if (strcmp(got, want) != 0)
		fail_msg("line %d: \"%s\", not \"%s\"", line, got, want);
	gb_policy_free(p);
}

#define EXPECT(policy, want) expect(policy, want, __LINE__)
#define RULE(more)                                                                               \
	"{\"windows\": [{\"tests\": \"**\", \"metric\": \"alloc_space\", \"over\": \"10%\"" more \
	"}]}"

static void test_as_nights_come(void **state)
{
	(void)state;
	make();
	EXPECT(RULE(""), "- - - 220 275 330 385 440 550");
	make();
	EXPECT(RULE(", \"days\": 2, \"at_least\": 2"), "- - 165 275 385 495 605 715 825");
	make();
	EXPECT(RULE(", \"days\": 1, \"at_least\": 2"), "- - - - - - - - -");
	make();
	EXPECT("{\"windows\": [{\"tests\": \"TestB\", \"metric\": \"alloc_space\", \"over\": "
	       "\"1%\"}]}",
	       "- - - - - - - - -");
	make();
	EXPECT("{}", "- - - - - - - - -");
}

static void test_another_go_is_no_night_of_it(void **state)
{
	(void)state;
	make();
	for (size_t i = 0; i < 5; i++)
		nights[i].env = (char *)"go1.25";
	EXPECT(RULE(", \"at_least\": 1"), "- 110 165 220 275 - 660 715 770");
}

static void test_dates_that_lie(void **state)
{
	(void)state;
	make();
	nights[3].date = INT64_MAX; /* is in nobody's window */
	nights[5].date = INT64_MIN;
	EXPECT(RULE(", \"days\": 3, \"at_least\": 1"), "- 110 165 - 275 - 550 660 825");
}

static void test_missing_nights(void **state)
{
	(void)state;
	make();
	points[4] = points[8];
	series.n = 5;
	/* The eighth has only those of the week before it. */
	EXPECT(RULE(""), "- - - 220 330");
}

static void test_what_a_series_is_held_to(void **state)
{
	static const struct {
		int64_t value, budget, window; /* 0: none */
		bool over, by_window;
		int64_t limit;
	} rows[] = {
		{ 10, 0, 0, false, false, 0 },	 { 10, 10, 0, false, false, 10 },
		{ 11, 10, 0, true, false, 10 },	 { 10, 0, 10, false, true, 10 },
		{ 11, 0, 10, true, true, 10 },	 { 11, 12, 10, true, true, 10 },
		{ 13, 12, 10, true, false, 12 }, { 9, 12, 10, false, false, 12 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct gb_point p = { .value = rows[i].value,
				      .has_budget = rows[i].budget > 0,
				      .budget = rows[i].budget,
				      .ceiling = rows[i].budget,
				      .has_window = rows[i].window > 0,
				      .window = rows[i].window };
		const struct gb_series s = { .points = &p, .n = 1 };
		int64_t limit;
		bool window;

		if (gb_series_is_over(&s) != rows[i].over ||
		    gb_series_limit(&s, &limit, &window) != (rows[i].limit > 0) ||
		    window != rows[i].by_window || limit != rows[i].limit)
			fail_msg("row %zu", i);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_as_nights_come),
		cmocka_unit_test(test_another_go_is_no_night_of_it),
		cmocka_unit_test(test_dates_that_lie),
		cmocka_unit_test(test_missing_nights),
		cmocka_unit_test(test_what_a_series_is_held_to),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
