#include "fake_rest.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "github/http.h"

#define MAX_ASKED 32

static struct {
	struct gb_rest *rest;
	struct fake_answer answers[MAX_ASKED];
	char *asked[MAX_ASKED];
	size_t n, at;
	int64_t now;
} f;

static int64_t now(void *arg)
{
	(void)arg;
	return f.now;
}

static int pass(void *arg, int64_t ms, struct gb_err *err)
{
	(void)arg;
	(void)err;
	f.now += ms;
	return 0;
}

static int answer(void *arg, const struct gb_http_request *q, struct gb_http_response *ret,
		  struct gb_err *err)
{
	const struct fake_answer *a = &f.answers[f.at];

	(void)arg;
	if (f.at == f.n)
		fail_msg("one too many: %s %s", q->method, q->url);
	f.asked[f.at++] = gb_asprintf("%s %s %s", q->method, q->url, q->body ? q->body : "");
	gb_http_response_release(ret);
	if (a->status == 0)
		return gb_fail(err, GB_ESYS, "no answer");
	ret->status = a->status;
	gb_buf_adds(&ret->body, a->body ? a->body : "");
	return 0;
}

struct gb_rest *fake_rest(const struct fake_answer *answers, size_t n)
{
	static const struct gb_rest_clock clock_of_ours = { now, now, pass, NULL };
	const struct gb_rest_options o = { .base = "https://api",
					   .clock = &clock_of_ours,
					   .send = answer };

	assert_true(n <= MAX_ASKED);
	for (size_t i = 0; i < n; i++)
		f.answers[i] = answers[i];
	f.n = n;
	f.at = 0;
	f.now = 0;
	assert_int_equal(gb_rest_open(&o, &f.rest, NULL), 0);
	return f.rest;
}

void fake_rest_end(void)
{
	size_t left = f.n - f.at;

	gb_rest_close(f.rest);
	for (size_t i = 0; i < f.at; i++)
		free(f.asked[i]);
	f.rest = NULL;
	f.n = f.at = 0;
	assert_int_equal(left, 0);
}

const char *fake_rest_asked(size_t i)
{
	assert_true(i < f.at);
	return f.asked[i];
}

size_t fake_rest_count(void)
{
	return f.at;
}

int64_t fake_rest_waited(void)
{
	return f.now;
}
