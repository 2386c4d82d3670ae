/* context: what the environment says, and the token out of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/fs.h"
#include "base/limits.h"
#include "github/context.h"
#include "tempdir.h"

#define SHA   "0123456789abcdef0123456789abcdef01234567"
#define OTHER "fedcba9876543210fedcba9876543210fedcba98"

static const char *const all[] = { "GITHUB_ACTIONS",	"GITHUB_API_URL",  "GITHUB_SERVER_URL",
				   "GITHUB_REPOSITORY", "GITHUB_RUN_ID",   "GITHUB_RUN_ATTEMPT",
				   "GITHUB_SHA",	"GITHUB_REF",	   "GITHUB_EVENT_NAME",
				   "GITHUB_EVENT_PATH", "GITHUB_BASE_REF", "GITHUB_TOKEN",
				   "GH_TOKEN" };

static int begin(void **state)
{
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		unsetenv(all[i]);
	return tempdir_enter(state);
}

static void event(const char *name, const char *payload)
{
	setenv("GITHUB_ACTIONS", "true", 1);
	setenv("GITHUB_EVENT_NAME", name, 1);
	setenv("GITHUB_EVENT_PATH", "event.json", 1);
	assert_int_equal(gb_fs_write("event.json", payload, strlen(payload), NULL), 0);
}

static void test_elsewhere(void **state)
{
	struct gb_context c;

	(void)state;
	assert_int_equal(gb_context_read(&c, NULL), 0);
	assert_false(c.actions);
	assert_string_equal(c.api, "https://api.github.com");
	assert_null(c.repository);
	assert_null(c.token);
	assert_int_equal(c.pull, 0);
	gb_context_release(&c);
}

static void test_a_pull_request(void **state)
{
	_buf_ struct gb_buf url = GB_BUF_INIT(GB_KIB);
	struct gb_context c;

	(void)state;
	event("pull_request", "{\"number\":7,\"pull_request\":{\"head\":{\"sha\":\"" SHA "\"}}}");
	setenv("GITHUB_SHA", OTHER, 1); /* the test merge */
	setenv("GITHUB_API_URL", "https://git.corp.example/api/v3/", 1);
	setenv("GITHUB_SERVER_URL", "https://git.corp.example", 1);
	setenv("GITHUB_REPOSITORY", "octo/shop.go", 1);
	setenv("GITHUB_RUN_ID", "12", 1);
	setenv("GITHUB_RUN_ATTEMPT", "2", 1);
	assert_int_equal(gb_context_read(&c, NULL), 0);
	assert_string_equal(c.api, "https://git.corp.example/api/v3");
	assert_string_equal(c.sha, SHA);
	assert_int_equal(c.pull, 7);
	gb_context_run_url(&c, &url);
	assert_string_equal(url.data,
			    "https://git.corp.example/octo/shop.go/actions/runs/12/attempts/2");
	gb_context_release(&c);
	/* Of a pull request whose head is not told, the test merge is not taken for it. */
	event("pull_request", "{\"number\":7}");
	assert_int_equal(gb_context_read(&c, NULL), 0);
	assert_string_equal(c.sha, "");
	gb_context_release(&c);
}

static void test_a_run_that_has_ended(void **state)
{
	struct gb_context c;

	(void)state;
	event("workflow_run", "{\"number\":7,\"workflow_run\":{\"id\":99,\"run_attempt\":3,"
			      "\"head_sha\":\"" SHA "\"}}");
	setenv("GITHUB_SHA", OTHER, 1);
	setenv("GITHUB_RUN_ID", "12", 1);
	assert_int_equal(gb_context_read(&c, NULL), 0);
	assert_string_equal(c.sha, SHA);
	assert_int_equal(c.run, 99);
	assert_int_equal(c.attempt, 3);
	assert_int_equal(c.pull, 0);
	gb_context_release(&c);
	event("workflow_run", "{}");
	assert_int_equal(gb_context_read(&c, NULL), 0);
	assert_string_equal(c.sha, "");
	gb_context_release(&c);
}

static void test_tokens(void **state)
{
	struct gb_context c;
	char *place;

	(void)state;
	setenv("GITHUB_TOKEN", " ghs_abc\n", 1);
	setenv("GH_TOKEN", "ghp_def", 1);
	place = getenv("GITHUB_TOKEN");
	assert_int_equal(gb_context_read(&c, NULL), 0);
	assert_string_equal(c.token, "ghs_abc");
	assert_null(getenv("GITHUB_TOKEN"));
	assert_null(getenv("GH_TOKEN"));
	assert_string_equal(place, "");
	gb_context_release(&c);
	setenv("GITHUB_TOKEN", "", 1);
	setenv("GH_TOKEN", "ghp_def", 1);
	assert_int_equal(gb_context_read(&c, NULL), 0);
	assert_string_equal(c.token, "ghp_def");
	gb_context_release(&c);
}

static void test_repositories(void **state)
{
	static const struct {
		const char *name;
		int rc;
	} rows[] = {
		{ "octo/shop", 0 },	   { "a-b_c.d/e", 0 },	     { "octo", GB_EUSAGE },
		{ "/shop", GB_EUSAGE },	   { "octo/", GB_EUSAGE },   { "octo/a/b", GB_EUSAGE },
		{ "../..", GB_EUSAGE },	   { "octo/..", GB_EUSAGE }, { "octo/sh?op", GB_EUSAGE },
		{ "octo/a b", GB_EUSAGE },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct gb_context c;
		int rc;

		setenv("GITHUB_REPOSITORY", rows[i].name, 1);
		rc = gb_context_read(&c, NULL);
		if (rc != rows[i].rc)
			fail_msg("%s: %d", rows[i].name, rc);
		if (rc == 0)
			gb_context_release(&c);
	}
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, begin, tempdir_leave)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_elsewhere), TEST(test_a_pull_request), TEST(test_a_run_that_has_ended),
		TEST(test_tokens),    TEST(test_repositories),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
