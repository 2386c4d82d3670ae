/* glob: the rules, every short pattern against a plain recursive matcher, and no blow-up. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"

static void test_rules(void **state)
{
	static const struct {
		const char *pattern, *text;
		bool match;
	} rows[] = {
		{ "", "", true },
		{ "", "a", false },
		{ "TestA", "TestA", true },
		{ "TestA", "TestAB", false },
		{ "TestA", "Test", false },
		{ "Test*", "TestServe", true },
		{ "Test*", "TestServe/http", false },
		{ "Test**", "TestServe/http", true },
		{ "*/http", "TestServe/http", true },
		{ "**/http", "a/b/http", true },
		{ "**/http", "http", false },
		{ "*", "", true },
		{ "*", "a/b", false },
		{ "**", "a/b", true },
		{ "***", "a/b", true },
		{ "a*b*c", "aXbbYc", true },
		{ "a*b*c", "aXb/bYc", false },
		{ "**a*b", "a/ab", true },
		{ "?", "\xC3\xA9", true },
		{ "?", "/", false },
		{ "?", "", false },
		{ "?", "\xFF", true },
		{ "Test[A-C]x", "TestBx", true },
		{ "Test[A-C]x", "TestDx", false },
		{ "Test[!A-C]x", "TestDx", true },
		{ "Test[^A-C]x", "TestBx", false },
		{ "[!a]", "/", false },
		{ "[/]", "/", false },
		{ "[]a]", "]", true },
		{ "[a-]", "-", true },
		{ "[\xC3\xA0-\xC3\xBF]", "\xC3\xA9", true },
		{ "[\\]]", "]", true },
		{ "[a-\\z]", "q", true },
		{ "[abc", "[abc", true },
		{ "[abc", "a", false },
		{ "\\*", "*", true },
		{ "\\*", "a", false },
		{ "a\\", "a\\", true },
		{ "TestX/\\[a]", "TestX/[a]", true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (gb_glob(rows[i].pattern, rows[i].text) != rows[i].match)
			fail_msg("\"%s\" \"%s\"", rows[i].pattern, rows[i].text);
}

static bool plain(const char *p, const char *s)
{
	if (!*p)
		return !*s;
	if (p[0] == '*' && p[1] == '*')
		return plain(p + 2, s) || (*s && plain(p, s + 1));
	if (*p == '*')
		return plain(p + 1, s) || (*s && *s != '/' && plain(p, s + 1));
	if (!*s || (*p == '?' ? *s == '/' : *p != *s))
		return false;
	return plain(p + 1, s + 1);
}

/* The number `n` written in the letters given, up to six of them. */
static void word(unsigned n, const char *letters, char *out)
{
	unsigned base = (unsigned)strlen(letters) + 1;

	for (; n; n /= base)
		if (n % base)
			*out++ = letters[n % base - 1];
	*out = '\0';
}

static void test_every_short_pattern(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 5 * 5 * 5 * 5 * 5 * 5; i++) {
		char p[8];

		word(i, "a/*?", p);
		for (unsigned k = 0; k < 4 * 4 * 4 * 4 * 4; k++) {
			char s[8];

			word(k, "ab/", s);
			if (gb_glob(p, s) != plain(p, s))
				fail_msg("\"%s\" \"%s\"", p, s);
		}
	}
}

static void test_many_stars_end_soon(void **state)
{
	char s[5001];

	(void)state;
	memset(s, 'a', 5000);
	s[5000] = '\0';
	assert_false(gb_glob("*a*a*a*a*a*a*a*a*a*a*a*ab", s));
	assert_false(gb_glob("**a**a**a**a**a**a*a*a**ab", s));
	assert_true(gb_glob("**a**a**a**a**a**a*a*a**aa", s));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rules),
		cmocka_unit_test(test_every_short_pattern),
		cmocka_unit_test(test_many_stars_end_soon),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
