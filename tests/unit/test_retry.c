/* retry: GitHub's rules, row by row. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "github/http.h"
#include "github/retry.h"

/* 2026-11-22 07:00:00 UTC, as the server has it; ours is an hour behind. */
#define ITS_NOW	  "Sun, 22 Nov 2026 07:00:00 GMT"
#define ITS_NOW_S 1795330800
#define OUR_NOW_S (ITS_NOW_S - 3600)

#define MAX_HEADERS 4

static const struct {
	int status; /* 0: no answer */
	const char *headers[2 * MAX_HEADERS];
	const char *body;
	int tries;
	enum gb_retry want;
	int64_t wait_ms;
} rows[] = {
	{ 200, { NULL }, "", 0, GB_RETRY_NO, 0 },
	{ 400, { NULL }, "", 0, GB_RETRY_NO, 0 },
	{ 401, { NULL }, "", 0, GB_RETRY_NO, 0 },
	{ 403, { NULL }, "Resource not accessible by integration", 0, GB_RETRY_NO, 0 },
	{ 403, { "x-ratelimit-remaining", "12" }, "no", 0, GB_RETRY_NO, 0 },
	{ 404, { NULL }, "", 0, GB_RETRY_NO, 0 },
	{ 410, { NULL }, "", 0, GB_RETRY_NO, 0 },
	{ 422, { "retry-after", "1" }, "", 0, GB_RETRY_NO, 0 },
	{ 451, { NULL }, "", 0, GB_RETRY_NO, 0 },
	/* Limits: GitHub's own clock counts. */
	{ 403,
	  { "x-ratelimit-remaining", "0", "x-ratelimit-reset", "1795330805", "date", ITS_NOW },
	  "",
	  0,
	  GB_RETRY_LIMITED,
	  5000 },
	{ 429,
	  { "x-ratelimit-remaining", "0", "x-ratelimit-reset", "1795330805", "date", ITS_NOW,
	    "retry-after", "9" },
	  "",
	  0,
	  GB_RETRY_LIMITED,
	  5000 },
	{ 429,
	  { "x-ratelimit-remaining", "0", "x-ratelimit-reset", "1795327207" },
	  "",
	  0,
	  GB_RETRY_LIMITED,
	  7000 },
	{ 403,
	  { "x-ratelimit-remaining", "0", "x-ratelimit-reset", "1", "date", ITS_NOW },
	  "",
	  0,
	  GB_RETRY_LIMITED,
	  1000 },
	{ 429, { "retry-after", "3" }, "", 0, GB_RETRY_LIMITED, 3000 },
	{ 429, { "retry-after", "0" }, "", 0, GB_RETRY_LIMITED, 1000 },
	{ 429, { "retry-after", "-3" }, "", 0, GB_RETRY_LIMITED, 60000 },
	{ 429, { "retry-after", "soon" }, "", 0, GB_RETRY_LIMITED, 60000 },
	{ 429, { "retry-after", "99999999999999999999" }, "", 0, GB_RETRY_LIMITED, 60000 },
	{ 429,
	  { "retry-after", "Sun, 22 Nov 2026 07:00:04 GMT", "date", ITS_NOW },
	  "",
	  0,
	  GB_RETRY_LIMITED,
	  4000 },
	{ 429, { NULL }, "", 0, GB_RETRY_LIMITED, 60000 },
	{ 429, { "x-ratelimit-remaining", "0" }, "", 0, GB_RETRY_LIMITED, 60000 },
	{ 429, { "retry-after", "1" }, "", 8, GB_RETRY_NO, 1000 },
	{ 403, { "retry-after", "2" }, "", 0, GB_RETRY_LIMITED, 2000 },
	{ 403, { NULL }, "You have exceeded a secondary rate limit", 0, GB_RETRY_LIMITED, 60000 },
	/* Faults: 1, 4, 9 s. */
	{ 0, { NULL }, "", 0, GB_RETRY_FAULT, 1000 },
	{ 0, { NULL }, "", 1, GB_RETRY_FAULT, 4000 },
	{ 0, { NULL }, "", 2, GB_RETRY_FAULT, 9000 },
	{ 0, { NULL }, "", 3, GB_RETRY_NO, 16000 },
	{ 408, { NULL }, "", 0, GB_RETRY_FAULT, 1000 },
	{ 500, { NULL }, "", 1, GB_RETRY_FAULT, 4000 },
	{ 503, { "retry-after", "7" }, "", 0, GB_RETRY_FAULT, 7000 },
	{ 503, { "retry-after", "2" }, "", 1, GB_RETRY_FAULT, 4000 },
	{ 599, { NULL }, "", 3, GB_RETRY_NO, 16000 },
};

static void test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct gb_http_header headers[MAX_HEADERS];
		struct gb_http_response r = GB_HTTP_RESPONSE_INIT;
		enum gb_retry got;
		int64_t wait;

		r.status = rows[i].status;
		r.headers = headers;
		for (size_t h = 0; h < MAX_HEADERS && rows[i].headers[2 * h]; h++)
			headers[r.n_headers++] =
				(struct gb_http_header){ (char *)rows[i].headers[2 * h],
							 (char *)rows[i].headers[2 * h + 1] };
		gb_buf_adds(&r.body, rows[i].body);
		got = gb_retry_decide(r.status ? &r : NULL, rows[i].tries, OUR_NOW_S, &wait);
		gb_buf_release(&r.body);
		if (got != rows[i].want || (got != GB_RETRY_NO && wait != rows[i].wait_ms))
			fail_msg("row %zu, status %d: %d after %lld ms", i, rows[i].status,
				 (int)got, (long long)wait);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
