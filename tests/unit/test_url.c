/* url: what is the same origin, in all the ways of writing it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"
#include "github/url.h"

static const struct {
	const char *a, *b;
	bool same;
} rows[] = {
	{ "https://api.github.com/x", "https://API.GitHub.com:443/y?z", true },
	{ "https://api.github.com", "https://api.github.com:8443", false },
	{ "https://api.github.com", "https://api.github.com.", false },
	{ "https://api.github.com", "https://api.github.com.evil.example", false },
	{ "https://api.github.com", "https://api.github.com%2eevil.example", false },
	{ "https://api.github.com", "https://evil.example/api.github.com", false },
	{ "https://api.github.com", "https://evil.example#@api.github.com", false },
	{ "https://api.github.com", "https://evil.example\\@api.github.com", false },
	{ "https://api.github.com", "/x", true },
	{ "https://api.github.com/a/b", "../x", true },
	{ "https://api.github.com", "?page=2", true },
	{ "https://api.github.com", "//evil.example/x", false },
	{ "http://127.0.0.1:80", "http://127.0.0.1/x", true },
	{ "http://127.0.0.1", "https://127.0.0.1", false },
	{ "http://127.0.0.1", "http://2130706433/",
	  true }, /* the same address, written otherwise */
};

static void test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct gb_origin a = { 0 }, b = { 0 };
		CURLU *u = NULL, *v = NULL;
		bool same = false;

		assert_int_equal(gb_url_parse(rows[i].a, NULL, &u, NULL), 0);
		assert_int_equal(gb_origin_of(u, &a, NULL), 0);
		if (gb_url_parse(rows[i].b, rows[i].a, &v, NULL) == 0) {
			assert_int_equal(gb_origin_of(v, &b, NULL), 0);
			same = gb_origin_same(&a, &b);
			curl_url_cleanup(v);
			gb_origin_release(&b);
		}
		if (same != rows[i].same)
			fail_msg("%s and %s", rows[i].a, rows[i].b);
		curl_url_cleanup(u);
		gb_origin_release(&a);
	}
}

static void test_what_is_taken(void **state)
{
	static const struct {
		const char *url;
		bool good;
	} urls[] = {
		{ "https://api.github.com", true },
		{ "http://127.8.9.1:1", true },
		{ "http://localhost:3", true },
		{ "http://[::1]:3", true },
		{ "http://[::2]:3", false },
		{ "http://10.0.0.1", false },
		{ "http://localhost.evil.example", false },
		{ "ftp://localhost", false },
		{ "https://u@api.github.com", false },
		{ "https://:p@api.github.com", false },
		{ "", false },
		{ "https://", false },
		{ "api.github.com", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(urls) / sizeof(urls[0]); i++) {
		CURLU *u = NULL;
		int rc = gb_url_parse(urls[i].url, NULL, &u, NULL);

		if ((rc == 0) != urls[i].good)
			fail_msg("%s: %d", urls[i].url, rc);
		if (rc == 0)
			curl_url_cleanup(u);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_what_is_taken),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
