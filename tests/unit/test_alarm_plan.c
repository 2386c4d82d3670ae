/* alarm_plan: who has an issue, who shares one, however often and by how many it is asked. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/limits.h"
#include "cmd/alarm_plan.h"
#include "report/alarms.h"

#define MANY 30

static char keys[MANY][GB_KEY_MAX + 1];
static struct gb_issue_entry entries[MANY];
static struct gb_issue_entries open_ones = { .v = entries };
static struct gb_issue_entry closed_entries[4];
static struct gb_issue_entries closed_ones = { .v = closed_entries };
static struct gb_strlist shared;
static enum alarm_place place[MANY];
static char prefix[GB_KEY_MAX + 1];

static int setup(void **state)
{
	(void)state;
	assert_int_equal(alarm_prefix("default", prefix, NULL), 0);
	for (size_t i = 0; i < MANY; i++) {
		char test[32];

		(void)snprintf(test, sizeof(test), "Test%zu", i);
		assert_int_equal(alarm_key(prefix,
					   &(struct gb_alarm){ .package = "m/a",
							       .test = test,
							       .metric = GB_ALLOC_SPACE },
					   keys[i], NULL),
				 0);
	}
	open_ones.n = closed_ones.n = 0;
	gb_strlist_release(&shared);
	return 0;
}

static void open_one(const char *key, const char *created)
{
	struct gb_issue_entry *x = &entries[open_ones.n++];

	*x = (struct gb_issue_entry){ 0 };
	(void)snprintf(x->item.marker.key, sizeof(x->item.marker.key), "%s", key);
	(void)snprintf(x->created, sizeof(x->created), "%s", created);
}

static size_t plan(size_t n, size_t most, enum alarm_place counted)
{
	const struct alarm_planning p = { .keys = (const char(*)[GB_KEY_MAX + 1]) keys,
					  .n = n,
					  .open = &open_ones,
					  .closed = &closed_ones,
					  .shared = &shared,
					  .night = "2026-11-21T20:00:00Z",
					  .most = most };
	size_t found = 0;

	alarm_plan(&p, place);
	for (size_t i = 0; i < n; i++)
		found += place[i] == counted;
	return found;
}

static void test_keys(void **state)
{
	char other[GB_KEY_MAX + 1], checked[GB_KEY_MAX + 1];
	struct gb_alarm a = { .package = "m/a", .test = "Test0", .metric = GB_ALLOC_SPACE };

	(void)state;
	assert_int_equal(strlen(keys[0]), 39);
	assert_int_equal(gb_marker_key(keys[0], checked, NULL), 0);
	assert_string_not_equal(keys[0], keys[1]);
	a.metric = GB_ALLOC_OBJECTS;
	assert_int_equal(alarm_key(prefix, &a, other, NULL), 0);
	assert_string_not_equal(keys[0], other);
	/* Fields do not run into each other. */
	a = (struct gb_alarm){ .package = "m/aT", .test = "est0", .metric = GB_ALLOC_SPACE };
	assert_int_equal(alarm_key(prefix, &a, other, NULL), 0);
	assert_string_not_equal(keys[0], other);
	assert_int_equal(alarm_prefix("linux", other, NULL), 0);
	assert_string_not_equal(prefix, other);
	alarm_shared_key(prefix, other);
	assert_int_equal(gb_marker_key(other, checked, NULL), 0);
}

static void test_a_night(void **state)
{
	(void)state;
	assert_int_equal(plan(5, 10, ALARM_OPENS), 5);
	assert_int_equal(plan(25, 10, ALARM_OPENS), 10);
	assert_int_equal(place[9], ALARM_OPENS);
	assert_int_equal(place[10], ALARM_SHARES);
}

static void test_another_job_of_the_night(void **state)
{
	(void)state;
	/* It has made three of the ten, and the issue that the others will share. */
	for (size_t i = 0; i < 3; i++)
		open_one(keys[i], "2026-11-22T03:17:00Z");
	open_one("alarm-00000000-shared", "2026-11-22T03:17:00Z");
	assert_int_equal(plan(25, 10, ALARM_OPENS), 7);
	assert_int_equal(place[2], ALARM_KEEPS);
	assert_int_equal(place[9], ALARM_OPENS);
	assert_int_equal(place[10], ALARM_SHARES);
	/* All ten: nothing more, however often it is run. */
	for (size_t i = 3; i < 10; i++)
		open_one(keys[i], "2026-11-22T03:17:00Z");
	assert_int_equal(plan(25, 10, ALARM_OPENS), 0);
}

static void test_the_next_night(void **state)
{
	_buf_ struct gb_buf body = GB_BUF_INIT(GB_MIB), text = GB_BUF_INIT(GB_MIB);
	size_t which[MANY];
	struct gb_sticky_item item = { 0 };

	(void)state;
	for (size_t i = 0; i < 10; i++)
		open_one(keys[i], "2026-11-21T03:17:00Z");
	for (size_t i = 0; i < 15; i++)
		which[i] = 10 + i;
	gb_buf_adds(&text, "### 15 more\n");
	alarm_add_shared(&text, (const char(*)[GB_KEY_MAX + 1]) keys, which, 15);
	gb_marker_write(&item.marker, text.data, &body);
	item.body = body.data;
	assert_int_equal(alarm_read_shared(&item, &shared, NULL), 0);
	assert_int_equal(shared.n, 15);
	/* What shares goes on sharing, what is new has its own. */
	assert_int_equal(plan(30, 10, ALARM_OPENS), 5);
	assert_int_equal(place[24], ALARM_SHARES);
	assert_int_equal(place[25], ALARM_OPENS);
	/* What somebody wrote into it is not believed. */
	gb_strlist_release(&shared);
	body.data[body.len - 8] ^= 1;
	assert_int_equal(alarm_read_shared(&item, &shared, NULL), 0);
	assert_int_equal(shared.n, 0);
}

static void close_one(const char *key, const char *closed, bool declined)
{
	struct gb_issue_entry *x = &closed_entries[closed_ones.n++];

	*x = (struct gb_issue_entry){ .declined = declined };
	(void)snprintf(x->item.marker.key, sizeof(x->item.marker.key), "%s", key);
	(void)snprintf(x->closed, sizeof(x->closed), "%s", closed);
}

static void test_what_somebody_closed(void **state)
{
	(void)state;
	close_one(keys[0], "2026-11-20T08:00:00Z", true);
	/* Too many were made once, and the one that stayed was closed later, since it was good. */
	close_one(keys[1], "2026-11-01T03:17:00Z", true);
	close_one(keys[1], "2026-11-09T03:17:00Z", false);
	assert_int_equal(plan(3, 10, ALARM_OPENS), 2);
	assert_int_equal(place[0], ALARM_QUIET);
	assert_int_equal(place[1], ALARM_OPENS);
	/* Opened again by hand: then it is wanted. */
	open_one(keys[0], "2026-11-10T03:17:00Z");
	assert_int_equal(plan(3, 10, ALARM_KEEPS), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_keys, setup),
		cmocka_unit_test_setup(test_a_night, setup),
		cmocka_unit_test_setup(test_another_job_of_the_night, setup),
		cmocka_unit_test_setup(test_the_next_night, setup),
		cmocka_unit_test_setup(test_what_somebody_closed, setup),
	};
	int rc = cmocka_run_group_tests(tests, NULL, NULL);

	gb_strlist_release(&shared);
	return rc;
}
