/* alarm: what somebody should hear of, and for how long. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "budget/alarm.h"

#define NIGHTS 30

static struct gb_night nights[NIGHTS];
static struct gb_point points[NIGHTS];
static const struct gb_trends trends = { .nights = nights, .n_nights = NIGHTS };

/* A series of all nights but the last `missing`, with one change told on night `told`. */
static enum gb_alarm_kind alarm(int64_t value, int64_t budget, double after, size_t told,
				size_t missing)
{
	struct gb_change c = { .from = told - 2, .told = told, .before = 100, .after = after };
	struct gb_series s = { .points = points,
			       .n = NIGHTS - missing,
			       .trend = { .v = &c, .n = after > 0 } };

	for (size_t i = 0; i < NIGHTS; i++)
		points[i] = (struct gb_point){ .night = i,
					       .value = value,
					       .has_budget = budget > 0,
					       .budget = budget,
					       .ceiling = budget };
	return gb_series_alarm(&trends, &s, 14);
}

static void test_kinds(void **state)
{
	static const struct {
		int64_t value, budget;
		double after;
		size_t told, missing;
		enum gb_alarm_kind kind;
	} rows[] = {
		{ 100, 0, 0, 5, 0, GB_ALARM_NONE },	 /* nothing moved, nothing is promised */
		{ 100, 100, 0, 5, 0, GB_ALARM_NONE },	 /* as much as the budget is within it */
		{ 101, 100, 0, 5, 0, GB_ALARM_OVER },	 /* over, though it never moved */
		{ 101, 100, 150, 29, 0, GB_ALARM_OVER }, /* both: the budget is what is broken */
		{ 150, 0, 150, 29, 0, GB_ALARM_GREW },	 /* told this night */
		{ 150, 0, 150, 16, 0, GB_ALARM_GREW },	/* fourteen nights ago, this one included */
		{ 150, 0, 150, 15, 0, GB_ALARM_NONE },	/* and then it is how things are */
		{ 50, 0, 50, 29, 0, GB_ALARM_NONE },	/* downwards */
		{ 150, 0, 150, 20, 13, GB_ALARM_GREW }, /* measured in the newest nights */
		{ 150, 100, 150, 15, 14, GB_ALARM_NONE }, /* not measured in any of them */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (alarm(rows[i].value, rows[i].budget, rows[i].after, rows[i].told,
			  rows[i].missing) != rows[i].kind)
			fail_msg("row %zu", i);
}

static void test_a_rise_that_was_taken_back(void **state)
{
	struct gb_change two[] = { { .from = 18, .told = 20, .before = 100, .after = 150 },
				   { .from = 23, .told = 25, .before = 150, .after = 100 } };
	struct gb_series s = { .points = points, .n = NIGHTS, .trend = { .v = two, .n = 2 } };

	(void)state;
	(void)alarm(100, 0, 0, 5, 0);
	assert_null(gb_series_rise(&s));
	assert_int_equal(gb_series_alarm(&trends, &s, 14), GB_ALARM_NONE);
	s.trend.n = 1;
	assert_ptr_equal(gb_series_rise(&s), &two[0]);
	/* Too few nights to be told, and back all the same. */
	assert_int_equal(gb_series_alarm(&trends, &s, 14), GB_ALARM_NONE);
	(void)alarm(150, 0, 0, 5, 0);
	assert_string_equal(gb_alarm_name(gb_series_alarm(&trends, &s, 14)), "grew");
	assert_null(gb_alarm_name(GB_ALARM_NONE));
	s.metric = GB_GC_PAUSE_WORST; /* hangs on the machine and the moment */
	assert_int_equal(gb_series_alarm(&trends, &s, 14), GB_ALARM_NONE);
}

static void test_metrics(void **state)
{
	static const struct {
		enum gb_metric metric;
		double after;
		enum gb_alarm_kind kind;
	} rows[] = {
		{ GB_ALLOC_SPACE, 103, GB_ALARM_GREW },
		{ GB_NS_PER_OP, 114, GB_ALARM_NONE },
		{ GB_NS_PER_OP, 116, GB_ALARM_GREW },
		{ GB_GC_PAUSE_WORST, 900, GB_ALARM_NONE },
	};
	struct gb_change c = { .from = 27, .told = 29, .before = 100 };
	struct gb_series s = { .points = points, .n = NIGHTS, .trend = { .v = &c, .n = 1 } };

	(void)state;
	for (size_t i = 0; i < NIGHTS; i++)
		points[i] = (struct gb_point){ .night = i, .value = 900 };
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		s.metric = rows[i].metric;
		c.after = rows[i].after;
		assert_int_equal(gb_series_alarm(&trends, &s, 14), rows[i].kind);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kinds),
		cmocka_unit_test(test_metrics),
		cmocka_unit_test(test_a_rise_that_was_taken_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
