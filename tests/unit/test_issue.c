/* issue: opened, brought up to date, closed; pull requests among the issues are none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"
#include "fake_rest.h"
#include "github/issue.h"

#define M(run)                                                           \
	"<!-- gobudget key=k run=" run                                   \
	".1 exit=0 head= digest=0000000000000001 text=cbf29ce484222325 " \
	"-->"
#define ISSUE(number, run, more)                                          \
	"{\"number\":" number ",\"body\":\"" M(run) "\\n\",\"html_url\":" \
						    "\"https://x/" number \
						    "\",\"user\":{\"login\":\"bot\"}" more "}"

static int put(struct gb_rest *r, bool solved, struct gb_sticky_result *ret)
{
	/* Not as it was written, so that what is there is not the same. */
	static const char body[] =
		"<!-- gobudget key=k run=6.1 exit=0 head= digest=0000000000000002 "
		"text=cbf29ce484222325 -->\n";
	struct gb_sticky s = { .body = body, .create = !solved };
	struct gb_issue i = { .rest = r,
			      .repository = "octo/shop",
			      .author = "bot",
			      .label = "a b",
			      .title = "over",
			      .solved = solved };
	int rc;

	assert_true(gb_marker_read(body, &s.marker));
	rc = gb_issue_put(&i, &s, ret, NULL);
	free(i.actual_author);
	return rc;
}

static void test_opened(void **state)
{
	struct gb_sticky_result result = { 0 };

	(void)state;
	assert_int_equal(put(FAKE({ 200, "[" ISSUE("3", "1", ",\"pull_request\":{}") "]" },
				  { 201, "{\"number\":9,\"html_url\":\"https://x/9\",\"user\":"
					 "{\"login\":\"bot\"}}" },
				  { 200, "[]" }),
			     false, &result),
			 0);
	assert_int_equal(result.done, GB_STICKY_CREATED);
	assert_int_equal(result.id, 9);
	assert_string_equal(
		fake_rest_asked(0),
		"GET https://api/repos/octo/shop/issues?state=open&per_page=100&labels=a%20b ");
	assert_non_null(strstr(fake_rest_asked(1),
			       "{\"title\":\"over\",\"labels\":[\"a b\"],\"body\":\"<!-- "));
	free(result.url);
	fake_rest_end();
}

static void test_closed(void **state)
{
	struct gb_sticky_result result = { 0 };

	(void)state;
	assert_int_equal(put(FAKE({ 200, "[" ISSUE("3", "1", "") "]" },
				  { 200, "{\"html_url\":\"https://x/3\"}" }, { 200, "[]" }),
			     true, &result),
			 0);
	assert_int_equal(result.done, GB_STICKY_UPDATED);
	assert_string_equal(result.url, "https://x/3");
	assert_non_null(strstr(fake_rest_asked(1), "PATCH https://api/repos/octo/shop/issues/3 "));
	assert_non_null(
		strstr(fake_rest_asked(1), "\"state\":\"closed\",\"state_reason\":\"completed\"}"));
	free(result.url);
	fake_rest_end();
	assert_int_equal(put(FAKE({ 200, "[]" }), true, &result), 0);
	assert_int_equal(result.done, GB_STICKY_SILENT);
	fake_rest_end();
}

static void test_a_newer_run_is_not_closed(void **state)
{
	struct gb_sticky_result result = { 0 };

	(void)state;
	/* Two of ours, the newer one of a newer run: that is what the first says then, and it stays
	 * open. */
	assert_int_equal(put(FAKE({ 200, "[" ISSUE("3", "1", "") "," ISSUE("4", "8", "") "]" },
				  { 200, "{}" }, { 200, "[" ISSUE("3", "8", "") "]" }),
			     true, &result),
			 0);
	/* The texts are the same but for the run, so the second goes at once. */
	assert_non_null(strstr(fake_rest_asked(1), "issues/4 {\"state\":\"closed\","
						   "\"state_reason\":\"not_planned\"}"));
	assert_int_equal(result.done, GB_STICKY_NEWER);
	free(result.url);
	fake_rest_end();
}

/* A pull request, two of ours, and somebody else's. */
static const char many[] = "[" ISSUE("1", "1", ",\"pull_request\":{}") "," ISSUE(
	"2", "1",
	",\"created_at\":\"2026-11-22T03:17:00Z\"") "," ISSUE("3", "2",
							      ",\"created_at\":\"longer "
							      "than any time that there "
							      "is\"") ","
								      "{\"number\":4,"
								      "\"body\":\"" M("1") "\\n\","
											   "\"user"
											   "\":{"
											   "\"login"
											   "\":"
											   "\"eve\""
											   "}}]";

static void test_many(void **state)
{
	struct gb_issue_entries e = { 0 };
	struct gb_issue i = { .repository = "octo/shop", .author = "bot", .label = "l" };

	(void)state;
	i.rest = FAKE({ 200, many });
	assert_int_equal(gb_issue_list(&i, "k", NULL, &e, NULL), 0);
	assert_int_equal(e.n, 2);
	assert_int_equal(e.v[0].item.id, 2);
	assert_string_equal(e.v[0].created, "2026-11-22T03:17:00Z");
	assert_string_equal(e.v[0].item.url, "https://x/2");
	assert_string_equal(e.v[1].created, "");
	assert_int_equal(e.v[1].item.marker.run, 2);
	gb_issue_entries_release(&e);
	fake_rest_end();
	i.rest = FAKE({ 200, "[" ISSUE("2", "1", "") "]" });
	assert_int_equal(gb_issue_list(&i, "key", "2026-10-23T03:17:00Z", &e, NULL), 0);
	assert_int_equal(e.n, 0);
	assert_string_equal(
		fake_rest_asked(0),
		"GET https://api/repos/octo/shop/issues?state=closed&per_page=100&labels=l"
		"&since=2026-10-23T03%3A17%3A00Z ");
	gb_issue_entries_release(&e);
	fake_rest_end();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_opened),
		cmocka_unit_test(test_closed),
		cmocka_unit_test(test_a_newer_run_is_not_closed),
		cmocka_unit_test(test_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
