/* commit_url: pages of hosts, never a password, nothing of what is no host. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"
#include "base/mem.h"
#include "cmd/commit_url.h"

static void test_addresses(void **state)
{
	static const struct {
		const char *address, *url;
	} cases[] = {
		{ "git@github.com:me/shop.git", "https://github.com/me/shop/commit/" },
		{ "github.com:me/shop", "https://github.com/me/shop/commit/" },
		{ "https://github.com/me/shop.git", "https://github.com/me/shop/commit/" },
		{ "https://github.com/me/shop/", "https://github.com/me/shop/commit/" },
		{ "https://ann:secret@github.com/me/shop", "https://github.com/me/shop/commit/" },
		{ "ssh://git@git.example.com:2222/a/b/c.git",
		  "https://git.example.com/a/b/c/commit/" },
		{ "https://git.example.com:8443/a/b", NULL },
		{ "http://github.com/me/shop", NULL },
		{ "file:///srv/shop.git", NULL },
		{ "/srv/git/shop.git", NULL },
		{ "../shop", NULL },
		{ "host:me/shop", NULL },
		{ "git@github.com:shop", NULL },
		{ "git@github.com:me/sh\"op", NULL },
		{ "javascript:alert(1)//.com/", NULL },
		{ "https://github.com/me/shop?x=<b>", NULL },
		{ "", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct gb_err err = GB_ERR_INIT;
		_free_ char *url = NULL;

		assert_int_equal(commit_url_of(cases[i].address, &url, &err), 0);
		if (!url != !cases[i].url || (url && strcmp(url, cases[i].url) != 0))
			fail_msg("%s: %s", cases[i].address, url ? url : "none");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_addresses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
