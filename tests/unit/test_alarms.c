/* alarms: what trends writes is read again; what is written for GitHub, for any names. */
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
#include "report/alarms.h"
#include "report/trends.h"

#define NASTY "TestA/it's <b>@octo/all</b> `x` [l](http://x)"

static struct gb_night nights[20];
static char subjects[20][16];
static struct gb_point points[20];
static struct gb_change changes[] = {
	{ .from = 10, .told = 12, .before = 9000, .after = 12000 },
	{ .kind = GB_DRIFT, .from = 3, .told = 19, .before = 0, .after = 7 },
	/* Go's doing, and no news. */
	{ .kind = GB_UPGRADE, .from = 19, .told = 19, .before = 7, .after = 9 },
};
static struct gb_series series[] = {
	{ .package = (char *)"m/a",
	  .test = (char *)NASTY,
	  .metric = GB_ALLOC_SPACE,
	  .points = points,
	  .n = 20,
	  .trend = { .v = changes, .n = 3 } },
	{ .package = (char *)"m/a",
	  .test = (char *)"TestB",
	  .metric = GB_ALLOC_OBJECTS,
	  .points = points,
	  .n = 20,
	  .trend = { .v = changes, .n = 1 } },
	{ .package = (char *)"m/a",
	  .test = (char *)"TestC",
	  .metric = GB_GOROUTINES,
	  .points = points,
	  .n = 2 },
};
static const struct gb_trends trends = {
	.nights = nights, .n_nights = 20, .series = series, .n = 3, .env = (char *)"go1.26"
};

static int setup(void **state)
{
	(void)state;
	for (size_t i = 0; i < 20; i++) {
		memset(nights[i].id, "0123456789abcdef"[i % 16], 40);
		(void)snprintf(subjects[i], sizeof(subjects[i]), "Night %zu", i);
		nights[i].subject = subjects[i];
		nights[i].author = (char *)"Ann";
		nights[i].when = 1760000000 + (int64_t)i * 86400;
		points[i] = (struct gb_point){ .night = i,
					       .value = i < 10 ? 9000 : 12000,
					       .has_budget = i == 19,
					       .budget = 11000,
					       .ceiling = 11000 };
	}
	return 0;
}

static void load(struct gb_alarms *a, const struct gb_bisections *found)
{
	_buf_ struct gb_buf text = GB_BUF_INIT(GB_MAX_REPORT);
	const struct gb_trends_look look = { .newest = 14, .whole = true, .found = found };
	struct gb_err err = GB_ERR_INIT;

	gb_trends_json(&trends, &look, &text);
	if (gb_alarms_load("t", text.data, text.len, a, &err) < 0)
		fail_msg("%s", err.line);
}

static void test_read_again(void **state)
{
	struct gb_alarms a = { 0 };

	(void)state;
	/* The budget that the last night has is what the values are over. */
	load(&a, NULL);
	assert_int_equal(a.n, 3);
	assert_int_equal(a.over, 2);
	assert_int_equal(a.broken, 2);
	assert_true(a.whole);
	assert_int_equal(a.news, 14);
	assert_string_equal(a.newest, nights[19].id);
	assert_string_equal(a.v[0].test, NASTY);
	assert_int_equal(a.v[0].kind, GB_ALARM_OVER);
	assert_true(a.v[0].change.drift);
	assert_int_equal(a.v[0].now, 12000);
	assert_int_equal(a.v[0].n, 20);
	assert_string_equal(a.v[1].change.subject, "Night 10");
	assert_string_equal(a.v[1].change.from, nights[9].id);
	assert_false(a.v[1].stale);
	assert_true(a.v[2].stale);
	assert_int_equal(a.v[2].kind, GB_ALARM_NONE);
	gb_alarms_release(&a);
}

static void test_said(void **state)
{
	_buf_ struct gb_buf out = GB_BUF_INIT(GB_MAX_REPORT);
	struct gb_alarms a = { 0 };

	(void)state;
	load(&a, NULL);
	gb_alarm_say(&a.v[1], &out);
	assert_string_equal(out.data,
			    "alloc_objects of TestB in m/a: 12,000, over its budget of 11,000; "
			    "+33.3% since 2025-10-19");
	gb_buf_clear(&out);
	gb_alarm_title(&a.v[1], &out);
	assert_string_equal(out.data, "alloc_objects of TestB (m/a)");
	gb_alarms_release(&a);
}

static void test_over_what_nights_allow(void **state)
{
	const struct gb_alarm_look look = { .max = 60000 };
	_buf_ struct gb_buf out = GB_BUF_INIT(GB_MAX_REPORT);
	struct gb_alarms a = { 0 };

	(void)state;
	points[19].budget = 13000;
	points[19].has_window = true;
	points[19].window = 10800;
	load(&a, NULL);
	assert_int_equal(a.over, 2);
	assert_true(gb_alarm_is_by_window(&a.v[1]));
	assert_false(gb_alarm_is_by_window(&a.v[2]));
	gb_alarm_say(&a.v[1], &out);
	assert_string_equal(out.data,
			    "alloc_objects of TestB in m/a: 12,000, over what the nights before "
			    "allow, 10,800; +33.3% since 2025-10-19");
	gb_buf_clear(&out);
	gb_alarm_markdown(&a, &a.v[1], &look, &out);
	assert_non_null(strstr(out.data, ": over what the nights before allow\n"));
	assert_non_null(strstr(out.data, "budget **13,000**, window **10,800**"));
	assert_non_null(strstr(out.data, "within its window"));
	assert_null(strstr(out.data, "record --raise"));
	gb_alarms_release(&a);
	(void)setup(state);
}

static void test_markdown(void **state)
{
	struct gb_alarm_look look = { .repository = "https://github.com/o/r", .max = 60000 };
	_buf_ struct gb_buf out = GB_BUF_INIT(GB_MAX_REPORT);
	struct gb_bisections found = { 0 };
	struct gb_bisected *b;
	struct gb_alarms a = { 0 };

	(void)state;
	assert_int_equal(gb_bisections_add(&found, &changes[0], &b, NULL), 0);
	memset(b->commit, 'c', 40);
	b->author = gb_strdup("Eve");
	b->subject = gb_strdup("Make room");
	b->evidence = gb_asprintf("store.go:7%*s", 3000, "|");
	load(&a, &found);
	gb_alarm_markdown(&a, &a.v[1], &look, &out);
	assert_non_null(strstr(out.data, "**The commit:** <a href=\"https://github.com/o/r/commit/"
					 "cccccccccccccccccccccccccccccccccccccccc\">"));
	assert_non_null(strstr(out.data, "Make room, by Eve"));
	assert_non_null(strstr(out.data, "the lines that did it"));
	assert_null(strstr(out.data, "which commit was it"));
	assert_non_null(strstr(out.data, "gobudget record --raise TestB --reason"));
	gb_buf_clear(&out);
	/* Names that mean something to a shell or to Markdown are in no command, and are no markup. */
	gb_alarm_markdown(&a, &a.v[0], &look, &out);
	assert_null(strstr(out.data, "gobudget "));
	assert_null(strstr(out.data, "<b>"));
	assert_null(strstr(out.data, "@octo"));
	assert_non_null(strstr(out.data, "from 0"));
	gb_buf_clear(&out);
	/* However little room there is, what stands is whole. */
	look.max = 2000;
	gb_alarm_markdown(&a, &a.v[1], &look, &out);
	assert_true(out.len <= 2000);
	assert_null(strstr(out.data, "the lines that did it"));
	assert_non_null(strstr(out.data, "It is closed by the first night"));
	gb_alarms_release(&a);
	gb_bisections_release(&found);
}

static void test_shared(void **state)
{
	const struct gb_alarm_look look = { .max = 600 };
	_buf_ struct gb_buf out = GB_BUF_INIT(GB_MAX_REPORT);
	struct gb_alarms a = { 0 };
	size_t which[40];

	(void)state;
	load(&a, NULL);
	for (size_t i = 0; i < 40; i++)
		which[i] = 1;
	gb_alarms_markdown_rest(&a, which, 40, &look, &out);
	assert_true(out.len <= 600);
	assert_non_null(strstr(out.data, "40 more that are broken"));
	assert_non_null(strstr(out.data, "For want of room "));
	gb_buf_clear(&out);
	gb_alarms_markdown(&a, &(struct gb_alarm_look){ .max = 60000 }, &out);
	assert_non_null(strstr(out.data, "2 of 3 series over budget, 0 more grown for good"));
	gb_alarms_release(&a);
}

/* Memory may end anywhere: an error, no leak, no crash. */
static void test_no_memory(void **state)
{
	_buf_ struct gb_buf text = GB_BUF_INIT(GB_MAX_REPORT);
	const struct gb_trends_look look = { .newest = 14, .whole = true };
	struct gb_alarms a = { 0 };
	size_t n = 1;
	int rc;

	(void)state;
	gb_trends_json(&trends, &look, &text);
	do {
		gb_mem_fail_at(n++);
		rc = gb_alarms_load("t", text.data, text.len, &a, NULL);
		gb_mem_fail_at(0);
		assert_true(rc == 0 || rc == GB_ENOMEM);
	} while (rc < 0);
	assert_true(n > 10);
	gb_alarms_release(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_read_again), cmocka_unit_test(test_said),
		cmocka_unit_test(test_markdown),   cmocka_unit_test(test_shared),
		cmocka_unit_test(test_no_memory),  cmocka_unit_test(test_over_what_nights_allow),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
