/* status: said once, cut to what GitHub takes, and sent again where nobody knows. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "fake_rest.h"
#include "github/status.h"

#define OF(context, state)                                      \
	"{\"context\":\"" context "\",\"state\":\"" state "\"," \
	"\"description\":\"2 over\"}"

static const struct gb_status status = { "octo/shop", "abc",	"gobudget",
					 "failure",   "2 over", "https://x" };

static void test_made(void **state)
{
	struct gb_rest *r = FAKE({ 200, "[]" }, { 201, "{}" });

	(void)state;
	assert_int_equal(gb_status_put(r, &status, NULL), 0);
	assert_string_equal(fake_rest_asked(1), "POST https://api/repos/octo/shop/statuses/abc "
						"{\"state\":\"failure\",\"context\":\"gobudget\","
						"\"description\":\"2 over\",\"target_url\":"
						"\"https://x\"}");
	fake_rest_end();
}

static void test_the_newest_of_ours_counts(void **state)
{
	struct gb_rest *r =
		FAKE({ 200, "[" OF("other", "success") "," OF("gobudget", "failure") "," OF(
				    "gobudget", "success") "]" });

	(void)state;
	assert_int_equal(gb_status_put(r, &status, NULL), 0);
	fake_rest_end();
	r = FAKE({ 200, "[" OF("gobudget", "success") "," OF("gobudget", "failure") "]" },
		 { 201, "{}" });
	assert_int_equal(gb_status_put(r, &status, NULL), 0);
	fake_rest_end();
}

static void test_sent_again(void **state)
{
	struct gb_rest *r = FAKE({ 200, "[]" }, { 502, NULL }, { 0, NULL }, { 201, "{}" });

	(void)state;
	assert_int_equal(gb_status_put(r, &status, NULL), 0);
	fake_rest_end();
	r = FAKE({ 200, "[]" }, { 403, "{}" });
	assert_int_equal(gb_status_put(r, &status, NULL), GB_EUSAGE);
	fake_rest_end();
}

static void test_long_sentences_are_cut(void **state)
{
	_buf_ struct gb_buf longer = GB_BUF_INIT(GB_MIB);
	struct gb_rest *r = FAKE({ 200, "[]" }, { 201, "{}" });
	struct gb_status s = status;

	(void)state;
	gb_buf_fill(&longer, 'x', 500);
	s.description = longer.data;
	s.url = NULL;
	assert_int_equal(gb_status_put(r, &s, NULL), 0);
	assert_true(strlen(fake_rest_asked(1)) < 260);
	fake_rest_end();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_made),
		cmocka_unit_test(test_the_newest_of_ours_counts),
		cmocka_unit_test(test_sent_again),
		cmocka_unit_test(test_long_sentences_are_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
