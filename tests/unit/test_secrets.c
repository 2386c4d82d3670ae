/* secrets: what can publish in a job's name is gone, from where a test could read it too. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/fs.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/proc.h"
#include "base/strlist.h"
#include "go/secrets.h"

static const char *self;

static void test_names(void **state)
{
	static const struct {
		const char *entry;
		bool secret;
	} rows[] = {
		{ "GITHUB_TOKEN", true },
		{ "GITHUB_TOKEN=x", true },
		{ "GITHUB_TOKEN=", true },
		{ "GH_TOKEN=x", true },
		{ "ACTIONS_RUNTIME_TOKEN=x", true },
		{ "ACTIONS_ID_TOKEN_REQUEST_URL=x", true },
		{ "ACTIONS_ID_TOKEN_REQUEST_TOKEN=x", true },
		{ "GITHUB_OUTPUT=x", true },
		{ "GITHUB_ENV=x", true },
		{ "GITHUB_PATH=x", true },
		{ "GITHUB_STATE=x", true },
		{ "GITHUB_STEP_SUMMARY=x", true },
		{ "GITHUB_TOKEN_FILE=x", false },
		{ "GITHUB_PATHS=x", false },
		{ "GITHUB_REF=x", false },
		{ "GITHUB_EVENT_PATH=GITHUB_TOKEN=", false },
		{ "ACTIONS_RUNTIME_", false },
		{ "PATH=/bin", false },
		{ "=", false },
		{ "", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (gb_secret(rows[i].entry) != rows[i].secret)
			fail_msg("%s", rows[i].entry);
	}
}

static void test_strip(void **state)
{
	_strlist_ struct gb_strlist env = GB_STRLIST_INIT;

	(void)state;
	assert_int_equal(gb_secrets_strip(&env, NULL), 0);
	for (const char *const *v = (const char *const[]){ "GITHUB_TOKEN=a", "A=1", "GH_TOKEN=b",
							   "GITHUB_ENV=c", "B=2", NULL };
	     *v; v++)
		assert_int_equal(gb_strlist_add(&env, *v, NULL), 0);
	assert_int_equal(gb_secrets_strip(&env, NULL), 0);
	assert_int_equal(env.n, 2);
	assert_string_equal(gb_env_get(&env, "A"), "1");
	assert_string_equal(gb_env_get(&env, "B"), "2");
}

/* Runs in a process of its own: what it was started with is what others see. */
static int child(void)
{
	_buf_ struct gb_buf seen = GB_BUF_INIT(GB_MIB);

	gb_secrets_drop();
	if (getenv("GITHUB_TOKEN") || getenv("GITHUB_OUTPUT") ||
	    !getenv("ACTIONS_ID_TOKEN_REQUEST_") || !getenv("KEPT"))
		return 2;
	if (!gb_fs_exists("/proc/self/environ"))
		return 0;
	if (gb_fs_read("/proc/self/environ", &seen, NULL) < 0)
		return 3;
	for (size_t i = 0; i < seen.len; i++) {
		if (seen.data[i] == '\0')
			seen.data[i] = '\n';
	}
	return strstr(seen.data, "sesame") ? 4 : !strstr(seen.data, "KEPT=yes") ? 5 : 0;
}

static void test_own_environment(void **state)
{
	const char *const argv[] = { self, "child", NULL };
	const char *const env[] = { "A=1",
				    "GITHUB_TOKEN=sesame",
				    "GITHUB_TOKEN=sesame twice",
				    "GITHUB_OUTPUT=sesame",
				    "ACTIONS_ID_TOKEN_REQUEST_=kept, as it names nothing",
				    "ACTIONS_ID_TOKEN_REQUEST_URL=sesame",
				    "KEPT=yes",
				    NULL };
	const struct gb_proc p = { .argv = argv, .env = env, .timeout_ms = 60000 };
	struct gb_proc_result r;

	(void)state;
	assert_int_equal(gb_proc_run(&p, &r, NULL), 0);
	assert_int_equal(r.status, 0);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_strip),
		cmocka_unit_test(test_own_environment),
	};

	if (argc > 1 && strcmp(argv[1], "child") == 0)
		return child();
	self = argv[0];
	return cmocka_run_group_tests(tests, NULL, NULL);
}
