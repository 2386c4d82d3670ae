/* pprof/match: what an expression means, what is none of ours, and that none is expensive. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/limits.h"
#include "pprof/match.h"

static void test_meaning(void **state)
{
	static const struct {
		const char *pattern, *text;
		bool want;
	} rows[] = {
		{ "", "", true },
		{ "", "a", false },
		{ "abc", "abc", true },
		{ "abc", "abcd", false },
		{ "abc", "ab", false },
		{ "a.c", "axc", true },
		{ ".*", "", true },
		{ ".*", "anything", true },
		{ "a*", "aaaa", true },
		{ "a*", "", true },
		{ "a*", "ab", false },
		{ "a+", "", false },
		{ "a+", "aaa", true },
		{ "a?b", "b", true },
		{ "a?b", "ab", true },
		{ "a?b", "aab", false },
		{ "a*?b", "aab", true },
		{ "ab*c*d", "abbd", true },
		{ "ab*c*d", "acccd", true },
		{ "a|b", "a", true },
		{ "a|b", "b", true },
		{ "a|b", "ab", false },
		{ "a|b|c", "c", true },
		{ "a|", "", true },
		{ "|a", "a", true },
		{ "a?|b*", "bbb", true },
		{ "(a|b)*c", "ababc", true },
		{ "(a|b)*c", "abab", false },
		{ "x(a|bc)+y", "xabcbcay", true },
		{ "x(a|bc)+y", "xy", false },
		{ "(?:ab)?c", "abc", true },
		{ "((a*)b)*c", "aabbc", true },
		{ "(a*)*b", "aab", true },
		{ "(a|b*)+c", "bbac", true },
		{ "()", "", true },
		{ "()*a", "a", true },
		{ "runtime\\.(malg|systemstack)", "runtime.malg", true },
		{ "runtime\\.(malg|systemstack)", "runtimexmalg", false },
		{ "[a-c]+", "abcab", true },
		{ "[a-c]+", "abd", false },
		{ "[^a-c]+", "xyz", true },
		{ "[^a-c]+", "xbz", false },
		{ "[]a]+", "]a]", true },
		{ "[a-]+", "a-a", true },
		{ "[\\w.]+", "a_9.Z", true },
		{ "\\d+\\s\\w", "12 x", true },
		{ "\\(\\*T\\)", "(*T)", true },
		{ ".*::do_malloc|calloc", "tc::do_malloc", true },
		{ ".*::do_malloc|calloc", "calloc", true },
		{ ".*::do_malloc|calloc", "xcalloc", false },
		{ "a.b",
		  "a\xC3"
		  "b",
		  true }, /* bytes, not characters */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		_match_ struct gb_match *m = NULL;

		assert_int_equal(gb_match_compile(rows[i].pattern, &m, NULL), 0);
		if (!m)
			fail_msg("%s is not understood", rows[i].pattern);
		/* A second time: nothing is left of the first. */
		for (int k = 0; k < 2; k++)
			if (gb_match_whole(m, rows[i].text) != rows[i].want)
				fail_msg("%s, %s: not %d", rows[i].pattern, rows[i].text,
					 rows[i].want);
	}
}

static void test_not_understood(void **state)
{
	static const char *const rows[] = {
		"(",	 "a)", "*a",  "a**", "a+*",   "a{2}",	  "^a",		 "a$",	"[a",
		"[b-a]", "\\", "\\1", "\\b", "(?i)a", "(?P<x>a)", "[[:alpha:]]", "a|*",
	};
	_buf_ struct gb_buf deep = GB_BUF_INIT(GB_KIB), longest = GB_BUF_INIT(GB_MIB);
	struct gb_match *m = NULL;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(gb_match_compile(rows[i], &m, NULL), 0);
		if (m)
			fail_msg("%s is understood", rows[i]);
	}
	gb_buf_fill(&deep, '(', 200);
	gb_buf_fill(&deep, ')', 200);
	assert_int_equal(gb_match_compile(deep.data, &m, NULL), 0);
	assert_null(m);
	gb_buf_fill(&longest, 'a', GB_MATCH_LONGEST + 1);
	assert_int_equal(gb_match_compile(longest.data, &m, NULL), 0);
	assert_null(m);
}

/* What takes the C library gigabytes, or for ever. */
static void test_none_is_expensive(void **state)
{
	_buf_ struct gb_buf pattern = GB_BUF_INIT(GB_MIB), text = GB_BUF_INIT(GB_MIB);
	_match_ struct gb_match *many = NULL, *nested = NULL;

	(void)state;
	gb_buf_adds(&pattern, "(a|b)*a");
	for (int i = 0; i < 190; i++)
		gb_buf_adds(&pattern, "(a|b)");
	for (uint32_t i = 1, k = 0; k < 4000; k++, i = i * 1103515245 + 12345)
		gb_buf_addc(&text, i >> 16 & 1 ? 'a' : 'b');
	assert_int_equal(gb_match_compile(pattern.data, &many, NULL), 0);
	assert_non_null(many);
	gb_match_whole(many, text.data);
	assert_int_equal(gb_match_compile("((((a*)*)*)*)*b", &nested, NULL), 0);
	gb_buf_clear(&text);
	gb_buf_fill(&text, 'a', 4000);
	assert_false(gb_match_whole(nested, text.data));
}

/* Every character that makes states, as often as an expression may have it. */
static void test_longest(void **state)
{
	static const char *const parts[] = { "a|", "a*", "a?", "(a)", "a+", "|", "()", "[a]" };

	(void)state;
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		_buf_ struct gb_buf pattern = GB_BUF_INIT(GB_MATCH_LONGEST);
		_match_ struct gb_match *m = NULL;

		while (pattern.len + strlen(parts[i]) <= GB_MATCH_LONGEST)
			gb_buf_adds(&pattern, parts[i]);
		assert_int_equal(gb_match_compile(pattern.data, &m, NULL), 0);
		assert_non_null(m);
		gb_match_whole(m, "aaaaaaaaaaaaaaaa");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_meaning),
		cmocka_unit_test(test_not_understood),
		cmocka_unit_test(test_none_is_expensive),
		cmocka_unit_test(test_longest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
