/* service: the budget of a running service, read strictly. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"
#include "base/fs.h"
#include "budget/service.h"
#include "tempdir.h"

static size_t rule_of(const struct gb_service *s, const char *func)
{
	size_t rule = 0;

	assert_int_equal(gb_service_rule(s, func, &rule, NULL), 0);
	return rule;
}

static void test_all_of_it(void **state)
{
	static const char text[] =
		"{\"$schema\": \"x\", \"goroutines\": 500,\n"
		"\"blocked\": {\"longer\": \"5m\", \"goroutines\": 1}, \"proven\": 2,\n"
		"\"live_heap\": \"64 MiB\", \"growth\": {\"goroutines\": 10, \"live_heap\": "
		"1024},\n"
		"\"sites\": [{\"created_by\": \"example.com/s.(*C).watch\", \"goroutines\": 4},\n"
		"{\"created_by\": \"database/sql.**\", \"waits\": true, \"reason\": \"pool\"}]}";
	struct gb_service *s = NULL;

	(void)state;
	assert_int_equal(gb_service_parse("s.json", text, strlen(text), &s, NULL), 0);
	assert_string_equal(s->path, "s.json");
	assert_int_equal(s->goroutines, 500);
	assert_int_equal(s->longer_min, 5);
	assert_int_equal(s->blocked, 1);
	assert_int_equal(s->proven, 2);
	assert_int_equal(s->live_heap, 64 << 20);
	assert_int_equal(s->growth_goroutines, 10);
	assert_int_equal(s->growth_heap, 1024);
	assert_int_equal(s->n_sites, 2);
	assert_int_equal(s->sites[0].goroutines, 4);
	assert_false(s->sites[0].waits);
	assert_int_equal(s->sites[1].goroutines, GB_SERVICE_NONE);
	assert_true(s->sites[1].waits);
	assert_string_equal(s->sites[1].reason, "pool");
	assert_int_equal(s->sites[1].line, 5);
	assert_int_equal(rule_of(s, "example.com/s.(*C).watch"), 1);
	assert_int_equal(rule_of(s, "example.com/s.(*C).watch.func1"), 1);
	assert_int_equal(rule_of(s, "database/sql.OpenDB"), 2);
	assert_int_equal(rule_of(s, "example.com/s.Other"), 0);
	assert_int_equal(rule_of(s, ""), 0);
	gb_service_free(s);
}

static void test_nothing_is_judged_but_proven(void **state)
{
	struct gb_service *s = NULL;

	(void)state;
	assert_int_equal(gb_service_parse("s.json", "{}", 2, &s, NULL), 0);
	assert_int_equal(s->goroutines, GB_SERVICE_NONE);
	assert_int_equal(s->live_heap, GB_SERVICE_NONE);
	assert_int_equal(s->blocked, GB_SERVICE_NONE);
	assert_int_equal(s->growth_goroutines, GB_SERVICE_NONE);
	assert_int_equal(s->growth_heap, GB_SERVICE_NONE);
	assert_int_equal(s->proven, 0);
	gb_service_free(s);
}

static void test_mistakes(void **state)
{
	static const struct {
		const char *text, *line;
	} rows[] = {
		{ "[]", "s.json:1: expected an object" },
		{ "{\n\"gorutines\": 1}", "s.json:2: gorutines: unknown key" },
		{ "{\"goroutines\": -1}", "s.json:1: goroutines: " },
		{ "{\"goroutines\": 1.5}", "s.json:1: goroutines: " },
		{ "{\"goroutines\": 1, \"goroutines\": 2}", "s.json:1:" },
		{ "{\"live_heap\": \"1 XB\"}", "s.json:1: live_heap: " },
		{ "{\"blocked\": {\"goroutines\": 0}}", "s.json:1: blocked" },
		{ "{\"blocked\": {\"longer\": \"5m\"}}", "s.json:1: blocked" },
		{ "{\"blocked\": {\"longer\": 5, \"goroutines\": 0}}",
		  "s.json:1: blocked.longer: expected a duration such as \"5m\"" },
		{ "{\"blocked\": {\"longer\": \"90s\", \"goroutines\": 0}}",
		  "s.json:1: blocked.longer: expected whole minutes, a minute to a year" },
		{ "{\"blocked\": {\"longer\": \"0s\", \"goroutines\": 0}}",
		  "s.json:1: blocked.longer: expected whole minutes" },
		{ "{\"growth\": {\"heap\": 0}}", "s.json:1: growth.heap: unknown key" },
		{ "{\"sites\": {}}", "s.json:1: sites: " },
		{ "{\"sites\": [{\"goroutines\": 1}]}", "s.json:1: sites[0]" },
		{ "{\"sites\": [\n{\"created_by\": \"a\"}]}",
		  "s.json:2: sites[0]: says nothing of its goroutines" },
		{ "{\"sites\": [{\"created_by\": \"a\", \"goroutines\": 1},\n"
		  "{\"created_by\": \"a\", \"waits\": true}]}",
		  "s.json:2: sites[1]: \"a\" stands in line 1 already" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct gb_err err = GB_ERR_INIT;
		struct gb_service *s = NULL;
		int rc = gb_service_parse("s.json", rows[i].text, strlen(rows[i].text), &s, &err);

		if (rc != GB_EUSAGE || strncmp(err.line, rows[i].line, strlen(rows[i].line)) != 0)
			fail_msg("%s: %d \"%s\"", rows[i].text, rc, err.line);
	}
}

static void test_files(void **state)
{
	struct gb_service *s = NULL;

	(void)state;
	assert_int_equal(gb_service_load("none.json", &s, NULL), GB_ENOTFOUND);
	assert_int_equal(gb_fs_write("s.json", "{}", 2, NULL), 0);
	assert_int_equal(gb_service_load("s.json", &s, NULL), 0);
	gb_service_free(s);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, tempdir_enter, tempdir_leave)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_all_of_it),
		TEST(test_nothing_is_judged_but_proven),
		TEST(test_mistakes),
		TEST(test_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
