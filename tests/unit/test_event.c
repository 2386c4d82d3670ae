/* event: what GitHub's environment and payload say, and what strangers put into them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"
#include "base/fs.h"
#include "base/mem.h"
#include "github/event.h"
#include "tempdir.h"

#define SHA "0123456789abcdef0123456789abcdef01234567"

static void set(const char *name, const char *value)
{
	if (value)
		setenv(name, value, 1);
	else
		unsetenv(name);
}

static void payload(const char *text)
{
	assert_int_equal(gb_fs_write("event.json", text, strlen(text), NULL), 0);
	set("GITHUB_EVENT_PATH", "event.json");
}

static void test_payloads(void **state)
{
	static const struct {
		const char *name, *ref, *text, *base, *head;
		int64_t number;
		bool test_merge;
	} rows[] = {
		{ "pull_request", "refs/pull/7/merge",
		  "{\"number\": 7, \"pull_request\": {\"head\": {\"sha\": \"" SHA "\"}}}", "", SHA,
		  7, true },
		{ "merge_group", "refs/heads/gh-readonly-queue/main/pr-7",
		  "{\"merge_group\": {\"base_sha\": \"" SHA "\", \"head_sha\": \"" SHA "\"}}", SHA,
		  SHA, 0, false },
		{ "push", "refs/heads/main", "{\"after\": \"" SHA "\"}", "", SHA, 0, false },
		{ "push", "refs/heads/main", "{\"before\": \"" SHA "\"}", SHA, "", 0, false },
		/* A new branch has nothing before it. */
		{ "push", "refs/heads/new",
		  "{\"before\": \"0000000000000000000000000000000000000000\"}", "", "", 0, false },
		/* Of another event it means nothing. */
		{ "workflow_dispatch", "refs/heads/main", "{\"before\": \"" SHA "\"}", "", "", 0,
		  false },
		/* What is no object's name is left out. */
		{ "merge_group", "x", "{\"merge_group\": {\"base_sha\": \"../../etc/passwd\"}}", "",
		  "", 0, false },
		{ "pull_request", "refs/pull/7/head",
		  "{\"number\": -7, \"pull_request\": {\"head\": null}}", "", "", 0, false },
		{ "pull_request", "refs/pull/7/merge", "{\"number\": 7.5, \"pull_request\": []}",
		  "", "", 0, true },
		{ "push", "refs/heads/main", "[]", "", "", 0, false },
	};

	(void)state;
	set("GITHUB_ACTIONS", "true");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct gb_event e;

		set("GITHUB_EVENT_NAME", rows[i].name);
		set("GITHUB_REF", rows[i].ref);
		payload(rows[i].text);
		assert_int_equal(gb_event_read(&e, NULL), 0);
		if (strcmp(e.base_sha, rows[i].base) != 0 ||
		    strcmp(e.head_sha, rows[i].head) != 0 || e.number != rows[i].number ||
		    e.test_merge != rows[i].test_merge)
			fail_msg("row %zu: base %s, head %s", i, e.base_sha, e.head_sha);
		gb_event_release(&e);
	}
}

static void test_pull_requests_of_forks(void **state)
{
	static const struct {
		const char *head_repo, *repository;
		bool fork;
	} rows[] = {
		{ "{\"id\": 1}", "{\"id\": 1}", false },
		{ "{\"id\": 2}", "{\"id\": 1}", true },
		{ "null", "{\"id\": 1}", true }, /* deleted */
		{ "{}", "{}", true },
		{ "{\"id\": \"1\"}", "{\"id\": \"1\"}", true },
	};

	(void)state;
	set("GITHUB_ACTIONS", "true");
	set("GITHUB_EVENT_NAME", "pull_request");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		_free_ char *text = gb_asprintf("{\"number\": 7, \"repository\": %s, "
						"\"pull_request\": {\"head\": {\"repo\": %s}}}",
						rows[i].repository, rows[i].head_repo);
		struct gb_event e;

		payload(text);
		assert_int_equal(gb_event_read(&e, NULL), 0);
		assert_int_equal(e.fork, rows[i].fork);
		gb_event_release(&e);
	}
}

static void test_a_run_that_has_ended(void **state)
{
	struct gb_event e;

	(void)state;
	set("GITHUB_ACTIONS", "true");
	set("GITHUB_EVENT_NAME", "workflow_run");
	payload("{\"number\": 3, \"workflow_run\": {\"id\": 9007199254740993, \"run_attempt\": 2,"
		"\"event\": \"pull_request\", \"head_sha\": \"" SHA "\", \"head_branch\": \"a/b\","
		"\"head_repository\": {\"id\": 77, \"owner\": {\"login\": \"mona\"}}}}");
	assert_int_equal(gb_event_read(&e, NULL), 0);
	assert_true(e.run.id == 9007199254740993);
	assert_int_equal(e.run.attempt, 2);
	assert_int_equal(e.run.repository, 77);
	assert_string_equal(e.run.event, "pull_request");
	assert_string_equal(e.run.owner, "mona");
	assert_string_equal(e.run.branch, "a/b");
	assert_string_equal(e.head_sha, SHA);
	gb_event_release(&e);
	payload("{\"workflow_run\": {\"id\": -1, \"head_repository\": null, \"event\": 3}}");
	assert_int_equal(gb_event_read(&e, NULL), 0);
	assert_int_equal(e.run.id, 0);
	assert_int_equal(e.run.repository, 0);
	assert_null(e.run.event);
	assert_null(e.run.owner);
	gb_event_release(&e);
}

static void test_outside_of_actions_nothing_is_believed(void **state)
{
	struct gb_event e;

	(void)state;
	set("GITHUB_ACTIONS", NULL);
	set("GITHUB_EVENT_NAME", "merge_group");
	set("GITHUB_REF", "refs/pull/7/merge");
	payload("{\"merge_group\": {\"base_sha\": \"" SHA "\"}}");
	assert_int_equal(gb_event_read(&e, NULL), 0);
	assert_null(e.name);
	assert_false(e.test_merge);
	assert_string_equal(e.base_sha, "");
	gb_event_release(&e);
}

static void test_payloads_that_cannot_be_read(void **state)
{
	struct gb_event e;
	struct gb_err err = GB_ERR_INIT;

	(void)state;
	set("GITHUB_ACTIONS", "true");
	set("GITHUB_EVENT_NAME", "push");
	set("GITHUB_EVENT_PATH", "nowhere.json");
	assert_int_equal(gb_event_read(&e, NULL), 0);
	assert_string_equal(e.name, "push");
	gb_event_release(&e);
	payload("{");
	assert_int_equal(gb_event_read(&e, &err), GB_EUSAGE);
	assert_non_null(strstr(err.line, "event.json:1"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_payloads),
		cmocka_unit_test(test_pull_requests_of_forks),
		cmocka_unit_test(test_a_run_that_has_ended),
		cmocka_unit_test(test_outside_of_actions_nothing_is_believed),
		cmocka_unit_test(test_payloads_that_cannot_be_read),
	};

	return cmocka_run_group_tests(tests, tempdir_enter, tempdir_leave);
}
