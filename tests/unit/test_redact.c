/* redact: what is a secret goes, what only looks a little like one stays. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "github/redact.h"

#define TWENTY "abcdefghijABCDEFGHIJ"

static const struct {
	const char *text, *want;
} rows[] = {
	{ "ghp_" TWENTY, "ghp_********************" },
	{ "(ghs_" TWENTY ".a-b)", "(ghs_************************)" },
	{ "a=github_pat_" TWENTY "_1!", "a=github_pat_**********************!" },
	{ "AKIAABCDEFGHIJKLMNOP", "AKIA****************" },
	{ "xoxb-1234-5678-abcdefgh", "xoxb-******************" },
	{ "Authorization: Bearer abcdefghijklmnop,", "Authorization: Bearer ****************," },
	{ "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abcdefghijkl",
	  "eyJ**************************************************" },
	{ "the token my-own-token-1 is ours", "the token ************** is ours" },
	{ "-----BEGIN RSA PRIVATE KEY-----\\nMIIab+/=\\n-----END RSA PRIVATE KEY-----",
	  "-----BEGIN RSA PRIVATE KEY-----\\n*****+/=\\n-----END RSA PRIVATE KEY-----" },
	/* Cut off: what there is of it. */
	{ "\"BEGIN PRIVATE KEY-----\\nMIIab\", \"next\": 1",
	  "\"BEGIN PRIVATE KEY-----\\n*****\", \"next\": 1" },
	/* Behind and before escapes of JSON. */
	{ "\\nghp_" TWENTY "\\n", "\\nghp_********************\\n" },
	{ "\\u001bghp_" TWENTY, "\\u001bghp_********************" },
	{ "PRIVATE KEY-----\\u000aMII\\\\x-----END", "PRIVATE KEY-----\\u000a***\\\\*-----END" },
	/* Not secrets. */
	{ "TestAKIAx ghp_short ghs_", NULL },
	{ "xghp_" TWENTY, NULL },
	{ "AKIAabcdefghijklmnop", NULL },
	{ "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9IsInR5cCI6IkpXVCJ9", NULL },
	{ "Bearer of news", NULL },
	{ "", NULL },
};

static void test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		_free_ char *text = gb_strdup(rows[i].text);
		size_t n = gb_redact(text, strlen(text), "my-own-token-1");

		assert_string_equal(text, rows[i].want ? rows[i].want : rows[i].text);
		assert_int_equal(n > 0, rows[i].want != NULL);
	}
}

static void test_our_own_if_it_is_one(void **state)
{
	char text[] = "short is short";

	(void)state;
	assert_int_equal(gb_redact(text, strlen(text), "short"), 0);
	assert_int_equal(gb_redact(text, strlen(text), NULL), 0);
	assert_string_equal(text, "short is short");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_our_own_if_it_is_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
