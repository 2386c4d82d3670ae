/* rest: a script of answers instead of a network, and a clock that only counts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "github/http.h"
#include "github/rest.h"

struct line {
	int status; /* negative: what send() returns */
	const char *header, *value, *body;
	bool unsent;
};

struct script {
	const struct line *lines;
	size_t n, at;
	char asked[32][128]; /* "GET URL" */
	int64_t now, waited, took;
};

static struct gb_rest *rest;
static struct script script;

static int64_t now(void *arg)
{
	return ((struct script *)arg)->now;
}

static int64_t wall(void *arg)
{
	(void)arg;
	return 1795330800;
}

static int wait_ms(void *arg, int64_t ms, struct gb_err *err)
{
	struct script *s = arg;

	(void)err;
	s->now += ms;
	s->waited += ms;
	return 0;
}

static const struct gb_rest_clock counting = { now, wall, wait_ms, &script };

static int send_line(void *arg, const struct gb_http_request *q, struct gb_http_response *ret,
		     struct gb_err *err)
{
	struct script *s = arg;
	const struct line *l = &s->lines[s->at < s->n ? s->at : s->n - 1];

	assert_true(s->at < sizeof(s->asked) / sizeof(s->asked[0]));
	(void)snprintf(s->asked[s->at++], sizeof(s->asked[0]), "%s %s", q->method, q->url);
	s->now += s->took;
	gb_http_response_release(ret);
	if (l->status < 0) {
		ret->unsent = l->unsent;
		return gb_fail(err, l->status, "no answer");
	}
	ret->status = l->status;
	if (l->header) {
		ret->headers = gb_calloc(1, sizeof(*ret->headers));
		ret->headers[0] =
			(struct gb_http_header){ gb_strdup(l->header), gb_strdup(l->value) };
		ret->n_headers = ret->cap_headers = 1;
	}
	gb_buf_adds(&ret->body, l->body ? l->body : "");
	return 0;
}

static void begin(const struct line *lines, size_t n)
{
	const struct gb_rest_options o = { .base = "https://api.github.com",
					   .clock = &counting,
					   .send = send_line,
					   .send_arg = &script };

	gb_rest_close(rest);
	script = (struct script){ .lines = lines, .n = n };
	assert_int_equal(gb_rest_open(&o, &rest, NULL), 0);
}

#define BEGIN(...)                                              \
	do {                                                    \
		static const struct line lines[] = __VA_ARGS__; \
		begin(lines, sizeof(lines) / sizeof(lines[0])); \
	} while (0)

static int call(const char *method, bool *ret_unknown, struct gb_err *err)
{
	struct gb_rest_reply reply = { 0 };
	int rc = gb_rest_call(rest, method, "/x", NULL, &reply, err);

	if (ret_unknown)
		*ret_unknown = reply.unknown;
	gb_rest_reply_release(&reply);
	return rc;
}

static void test_faults_are_tried_four_times(void **state)
{
	struct gb_err err = GB_ERR_INIT;

	(void)state;
	BEGIN({ { 502, NULL, NULL, "<html>", false } });
	assert_int_equal(call("GET", NULL, &err), GB_ETIME);
	assert_int_equal(script.at, 4);
	assert_int_equal(script.waited, 14000);
	assert_string_equal(err.line, "GET /x: 502");

	BEGIN({ { GB_ESYS, NULL, NULL, NULL, false }, { 200, NULL, NULL, "{}", false } });
	assert_int_equal(call("PATCH", NULL, NULL), 0);
	assert_int_equal(script.at, 2);
	/* Half a document is no answer. */
	BEGIN({ { 200, NULL, NULL, "{\"a\":", false }, { 200, NULL, NULL, "[]", false } });
	assert_int_equal(call("GET", NULL, NULL), 0);
	assert_int_equal(script.waited, 1000);
}

static void test_final_answers(void **state)
{
	static const struct {
		int status, rc;
	} rows[] = { { 400, GB_EUSAGE },    { 401, GB_EUSAGE },	   { 403, GB_EUSAGE },
		     { 404, GB_ENOTFOUND }, { 410, GB_ENOTFOUND }, { 422, GB_EUSAGE },
		     { 451, GB_EUSAGE },    { 304, GB_EUSAGE } };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct line one = { rows[i].status, NULL, NULL, "{}", false };

		begin(&one, 1);
		assert_int_equal(call("GET", NULL, NULL), rows[i].rc);
		assert_int_equal(script.at, 1);
		assert_int_equal(script.waited, 0);
	}
}

static void test_what_a_403_needs_is_told(void **state)
{
	struct gb_err err = GB_ERR_INIT;

	(void)state;
	BEGIN({ { 403, "X-Accepted-GitHub-Permissions", "issues=write; pull_requests=write",
		  "{\"message\":\"Resource not accessible by integration\","
		  "\"errors\":[{\"message\":\"more\"}]}",
		  false } });
	assert_int_equal(call("POST", NULL, &err), GB_EUSAGE);
	assert_string_equal(err.line,
			    "POST /x: 403: Resource not accessible by integration (more)");
	assert_non_null(strstr(err.hint, "issues=write; pull_requests=write"));
}

static void test_a_post_that_may_have_been_done_is_not_repeated(void **state)
{
	static const struct {
		struct line line;
		bool unknown;
		size_t tries;
	} rows[] = {
		{ { 500, NULL, NULL, "", false }, true, 1 },
		{ { 408, NULL, NULL, "", false }, true, 1 },
		{ { GB_ESYS, NULL, NULL, NULL, false }, true, 1 },
		{ { GB_ETIME, NULL, NULL, NULL, false }, true, 1 },
		{ { 201, NULL, NULL, "{\"id\":", false }, true, 1 },
		/* Nobody was there: tried again like anything else. */
		{ { GB_ESYS, NULL, NULL, NULL, true }, false, 4 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		bool unknown;

		begin(&rows[i].line, 1);
		assert_int_equal(call("POST", &unknown, NULL), GB_ETIME);
		assert_int_equal(unknown, rows[i].unknown);
		assert_int_equal(script.at, rows[i].tries);
	}
	/* A limit says that nothing was done. */
	BEGIN({ { 429, "Retry-After", "2", "{}", false }, { 201, NULL, NULL, "{}", false } });
	assert_int_equal(call("POST", NULL, NULL), 0);
	assert_int_equal(script.waited, 2000);
}

static void test_waiting_has_an_end(void **state)
{
	struct gb_err err = GB_ERR_INIT;

	(void)state;
	BEGIN({ { 429, "Retry-After", "61", "{}", false } });
	assert_int_equal(call("GET", NULL, &err), GB_ETIME);
	assert_int_equal(script.waited, 0);
	assert_string_equal(err.line, "GET /x: 429");

	/* Over many requests, too: from then on every failure is final. */
	BEGIN({ { 429, "Retry-After", "25", "{}", false } });
	for (int i = 0; i < 5; i++)
		assert_int_equal(call("GET", NULL, NULL), GB_ETIME);
	assert_int_equal(script.waited, 50000);
	assert_int_equal(gb_rest_waited(rest), 50000);
	assert_int_equal(script.at, 2 + 5);
}

static void test_slow_requests_have_an_end(void **state)
{
	struct gb_err err = GB_ERR_INIT;
	size_t asked;

	(void)state;
	BEGIN({ { 200, NULL, NULL, "{}", false } });
	script.took = 100000;
	assert_int_equal(call("GET", NULL, NULL), 0);
	assert_int_equal(call("GET", NULL, NULL), 0);
	asked = script.at;
	assert_int_equal(call("GET", NULL, &err), GB_ETIME);
	assert_int_equal(script.at, asked);
}

static void test_writes_are_a_second_apart(void **state)
{
	(void)state;
	BEGIN({ { 200, NULL, NULL, "{}", false } });
	assert_int_equal(call("PATCH", NULL, NULL), 0);
	assert_int_equal(script.waited, 0);
	assert_int_equal(call("GET", NULL, NULL), 0);
	assert_int_equal(script.waited, 0);
	script.now += 300;
	assert_int_equal(call("DELETE", NULL, NULL), 0);
	assert_int_equal(script.waited, 700);
	script.now += 5000;
	assert_int_equal(call("POST", NULL, NULL), 0);
	assert_int_equal(script.waited, 700);
}

static int count(void *arg, const struct gb_json *j, const cJSON *entry, struct gb_err *err)
{
	int64_t n;

	(void)err;
	assert_true(gb_json_int(j, entry, &n));
	*(int64_t *)arg += n;
	return n == 99 ? 1 : 0;
}

static void test_lists(void **state)
{
	struct gb_err err = GB_ERR_INIT;
	int64_t sum = 0;

	(void)state;
	BEGIN({ { 200, "Link",
		  "<https://a/b>; rel=\"prev\", <https://api.github.com/p?page=2>; rel=\"next\"",
		  "[1,2]", false },
		{ 200, "link", "<https://api.github.com/p?page=1>; rel=\"first\"", "[3]",
		  false } });
	assert_int_equal(gb_rest_list(rest, "/x?per_page=2", NULL, count, &sum, NULL), 0);
	assert_int_equal(sum, 6);
	assert_string_equal(script.asked[0], "GET https://api.github.com/x?per_page=2");
	assert_string_equal(script.asked[1], "GET https://api.github.com/p?page=2");
	assert_int_equal(script.at, 2);

	sum = 0;
	BEGIN({ { 200, "Link", "<https://api.github.com/p>; rel=\"next\"", "{\"v\":[99, 1]}",
		  false } });
	assert_int_equal(gb_rest_list(rest, "/x", "v", count, &sum, NULL), 0);
	assert_int_equal(sum, 99);

	BEGIN({ { 200, NULL, NULL, "{}", false } });
	assert_int_equal(gb_rest_list(rest, "/x", NULL, count, &sum, &err), GB_EPARSE);
	assert_int_equal(gb_rest_list(rest, "/x", "v", count, &sum, &err), GB_EPARSE);
	BEGIN({ { 204, NULL, NULL, "", false } });
	assert_int_equal(gb_rest_list(rest, "/x", NULL, count, &sum, &err), GB_EPARSE);
}

static void test_links(void **state)
{
	static const struct {
		const char *header, *want;
	} rows[] = {
		{ "<https://a/?p=2>; rel=\"next\"", "https://a/?p=2" },
		{ "<https://a/1>; rel=\"prev\", <https://a/3>; rel=\"next\"", "https://a/3" },
		{ "<https://a/1>; title=\"x\"; rel=\"next\"", "https://a/1" },
		{ "<https://a/1>; rel=\"prev\"", NULL },
		{ "<https://a/1", NULL },
		{ "rel=\"next\"", NULL },
		{ "", NULL },
		{ "<>; rel=\"next\"", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		_buf_ struct gb_buf out = GB_BUF_INIT(GB_KIB);
		bool found = gb_rest_link(rows[i].header, "next", &out);

		assert_int_equal(found, rows[i].want != NULL);
		if (found)
			assert_string_equal(out.data, rows[i].want);
	}
}

static int stop(void **state)
{
	(void)state;
	gb_rest_close(rest);
	rest = NULL;
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_faults_are_tried_four_times),
		cmocka_unit_test(test_final_answers),
		cmocka_unit_test(test_what_a_403_needs_is_told),
		cmocka_unit_test(test_a_post_that_may_have_been_done_is_not_repeated),
		cmocka_unit_test(test_waiting_has_an_end),
		cmocka_unit_test(test_slow_requests_have_an_end),
		cmocka_unit_test(test_writes_are_a_second_apart),
		cmocka_unit_test(test_lists),
		cmocka_unit_test(test_links),
	};

	return cmocka_run_group_tests(tests, NULL, stop);
}
