/* pulls: exactly one open pull request with that head of that repository. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"
#include "fake_rest.h"
#include "github/pulls.h"

#define SHA "0123456789abcdef0123456789abcdef01234567"
#define ONE(number, sha, repo) \
	"{\"number\":" #number ",\"head\":{\"sha\":\"" sha "\",\"repo\":" repo "}}"

static const struct {
	const char *list;
	int64_t want;
} rows[] = {
	{ "[" ONE(8, SHA, "{\"id\":55}") "]", 8 },
	{ "[" ONE(8, SHA, "{\"id\":55}") "," ONE(9, "other", "{\"id\":55}") "]", 8 },
	{ "[" ONE(8, SHA, "{\"id\":55}") "," ONE(9, SHA, "{\"id\":55}") "]", 0 },
	{ "[" ONE(8, SHA, "{\"id\":56}") "]", 0 },
	{ "[" ONE(8, SHA, "null") "]", 0 },
	{ "[" ONE(8, "", "{\"id\":55}") ", 3, null]", 0 },
	{ "[]", 0 },
};

static struct gb_event event(void)
{
	return (struct gb_event){ .head_sha = SHA,
				  .run = { .owner = (char *)(uintptr_t) "mona",
					   .branch = (char *)(uintptr_t) "a/b&c",
					   .repository = 55 } };
}

static void test_rows(void **state)
{
	struct gb_event e = event();

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct gb_rest *r = FAKE({ 200, rows[i].list });
		int64_t got = -1;

		assert_int_equal(gb_pulls_find(r, "octo/shop", &e, &got, NULL), 0);
		assert_int_equal(got, rows[i].want);
		assert_string_equal(fake_rest_asked(0),
				    "GET https://api/repos/octo/shop/pulls?state=open&per_page=100"
				    "&head=mona:a%2Fb%26c ");
		fake_rest_end();
	}
}

static void test_a_fork_that_is_gone(void **state)
{
	struct gb_event e = event();
	struct gb_rest *r = fake_rest(NULL, 0);
	int64_t got = -1;

	(void)state;
	e.run.repository = 0;
	assert_int_equal(gb_pulls_find(r, "octo/shop", &e, &got, NULL), 0);
	assert_int_equal(got, 0);
	e = event();
	e.run.branch = NULL;
	assert_int_equal(gb_pulls_find(r, "octo/shop", &e, &got, NULL), 0);
	fake_rest_end();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_a_fork_that_is_gone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
