/* check_run: batches of 50, and going on where it was. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <stdio.h>

#include "base/err.h"
#include "fake_rest.h"
#include "github/check_run.h"

#define MADE "{\"id\":5,\"html_url\":\"https://x/5\"}"
#define NONE "{\"check_runs\":[]}"
#define THERE(n, status)                                                              \
	"{\"check_runs\":[{\"id\":5,\"name\":\"gobudget\",\"external_id\":\"run 1\"," \
	"\"html_url\":\"https://x/5\",\"status\":\"" status "\",\"output\":"          \
	"{\"annotations_count\":" #n "}},{\"id\":6,\"external_id\":\"run 0\"}]}"

static struct gb_annotation notes[400];

static struct gb_check_run check(size_t n)
{
	for (size_t i = 0; i < n; i++)
		notes[i] = (struct gb_annotation){ GB_LEVEL_ERROR, (char *)(uintptr_t) "a.go", 7,
						   (char *)(uintptr_t) "t",
						   (char *)(uintptr_t) "NOTE" };
	return (struct gb_check_run){ .repository = "octo/shop",
				      .name = "gobudget",
				      .sha = "abc",
				      .external_id = "run 1",
				      .conclusion = "failure",
				      .title = "FAIL",
				      .summary = "sum",
				      .annotations = notes,
				      .n_annotations = n };
}

static size_t notes_in(size_t i)
{
	size_t n = 0;

	for (const char *at = fake_rest_asked(i); (at = strstr(at, "NOTE")); at++)
		n++;
	return n;
}

static void put(struct gb_rest *r, size_t n, int want)
{
	struct gb_check_run c = check(n);
	char *url = NULL;

	assert_int_equal(gb_check_run_put(r, &c, &url, NULL), want);
	if (want == 0)
		assert_string_equal(url, "https://x/5");
	free(url);
}

static void test_in_one(void **state)
{
	struct gb_rest *r = FAKE({ 200, NONE }, { 201, MADE });

	(void)state;
	put(r, 1, 0);
	assert_string_equal(fake_rest_asked(0),
			    "GET https://api/repos/octo/shop/commits/abc/check-runs"
			    "?filter=all&per_page=100&check_name=gobudget ");
	assert_string_equal(
		fake_rest_asked(1),
		"POST https://api/repos/octo/shop/check-runs {\"name\":\"gobudget\","
		"\"head_sha\":\"abc\",\"external_id\":\"run 1\",\"status\":\"completed\","
		"\"conclusion\":\"failure\",\"output\":{\"title\":\"FAIL\",\"summary\":\"sum\","
		"\"annotations\":[{\"path\":\"a.go\",\"start_line\":7,\"end_line\":7,"
		"\"annotation_level\":\"failure\",\"title\":\"t\",\"message\":\"NOTE\"}]}}");
	fake_rest_end();
}

static void test_batches(void **state)
{
	struct gb_rest *r = FAKE({ 200, NONE }, { 201, MADE }, { 200, MADE }, { 200, MADE });

	(void)state;
	put(r, 120, 0);
	assert_int_equal(notes_in(1), 50);
	assert_int_equal(notes_in(2), 50);
	assert_int_equal(notes_in(3), 20);
	assert_non_null(strstr(fake_rest_asked(1), "in_progress"));
	assert_non_null(strstr(fake_rest_asked(3), "completed"));
	fake_rest_end();
	r = FAKE({ 200, NONE }, { 201, MADE }, { 200, MADE }, { 200, MADE }, { 200, MADE },
		 { 200, MADE });
	put(r, 400, 0);
	assert_int_equal(notes_in(5), 50);
	fake_rest_end();
}

static void test_going_on(void **state)
{
	struct gb_rest *r = FAKE({ 200, THERE(50, "in_progress") }, { 200, MADE });

	(void)state;
	put(r, 60, 0);
	assert_int_equal(notes_in(1), 10);
	fake_rest_end();
	r = FAKE({ 200, THERE(60, "completed") });
	put(r, 60, 0);
	fake_rest_end();
}

static void test_an_update_of_which_nobody_knows(void **state)
{
	struct gb_rest *r =
		FAKE({ 200, NONE }, { 201, MADE }, { 0, NULL }, { 200, THERE(60, "completed") });

	(void)state;
	put(r, 60, 0);
	fake_rest_end();
	/* It was not done. */
	r = FAKE({ 200, NONE }, { 0, NULL }, { 200, NONE }, { 201, MADE });
	put(r, 1, 0);
	fake_rest_end();
	r = FAKE({ 200, NONE }, { 201, "{}" });
	put(r, 1, GB_EPARSE);
	fake_rest_end();
}

static void test_without_a_place_there_is_no_annotation(void **state)
{
	struct gb_rest *r = FAKE({ 200, NONE }, { 201, MADE });
	struct gb_check_run c = check(3);
	char *url = NULL;

	(void)state;
	notes[1].file = NULL;
	assert_int_equal(gb_check_run_put(r, &c, &url, NULL), 0);
	assert_int_equal(notes_in(1), 2);
	free(url);
	fake_rest_end();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_in_one),
		cmocka_unit_test(test_batches),
		cmocka_unit_test(test_going_on),
		cmocka_unit_test(test_an_update_of_which_nobody_knows),
		cmocka_unit_test(test_without_a_place_there_is_no_annotation),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
