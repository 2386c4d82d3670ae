/* base/html.c: names that would be more than text, pages with marks. */
#include "base/buf.h"
#include "base/html.h"
#include "base/limits.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void escapes(void **state)
{
	static const struct {
		const char *text, *html, *json;
	} cases[] = {
		{ "plain", "plain", "\"plain\"" },
		{ NULL, "", "\"\"" },
		{ "a<b>&\"'c", "a&#60;b&#62;&#38;&#34;&#39;c",
		  "\"a\\u003cb\\u003e\\u0026\\\"'c\"" },
		{ "</script>", "&#60;/script&#62;", "\"\\u003c/script\\u003e\"" },
		{ "\\", "\\", "\"\\\\\"" },
		{ "a\n\tb", "a\n\tb", "\"a\\u000a\\u0009b\"" },
		{ "\x01\x1b[31m\r\x7f", "\xEF\xBF\xBD\xEF\xBF\xBD[31m\xEF\xBF\xBD\xEF\xBF\xBD",
		  "\"\xEF\xBF\xBD\xEF\xBF\xBD[31m\xEF\xBF\xBD\xEF\xBF\xBD\"" },
		{ "\xE2\x80\xA8\xE2\x80\xAE\xE2\x80\x8B", /* U+2028, U+202E, U+200B */
		  "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD",
		  "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\"" },
		{ "\xff\xed\xa0\x80"
		  "caf\xc3\xa9", /* no UTF-8, a surrogate, and é */
		  "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"
		  "caf\xc3\xa9",
		  "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"
		  "caf\xc3\xa9\"" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		_buf_ struct gb_buf html = GB_BUF_INIT(GB_KIB), json = GB_BUF_INIT(GB_KIB);

		gb_html_text(&html, cases[i].text);
		assert_string_equal(html.data, cases[i].html);
		gb_html_json(&json, cases[i].text);
		assert_string_equal(json.data, cases[i].json);
	}
}

static void attribute(void **state)
{
	_buf_ struct gb_buf out = GB_BUF_INIT(GB_KIB);

	(void)state;
	gb_html_attribute(&out, "title", "\" onclick=\"x");
	assert_string_equal(out.data, " title=\"&#34; onclick=&#34;x\"");
}

/* What fills a mark is not looked at again. */
static void fill(void **state)
{
	static const struct {
		const char *page, *expected;
	} cases[] = {
		{ "", "" },
		{ "no mark", "no mark" },
		{ "<b>{{a}}</b>{{b}}", "<b>{{b}}</b>B" },
		{ "{{none}}|{{}}|{{a", "||{{a" },
		{ "{{a}}{{a}}", "{{b}}{{b}}" },
		{ "{ {a} }", "{ {a} }" },
	};
	const struct gb_html_part parts[] = { { "a", "{{b}}", 5 }, { "b", "B", 1 }, { 0 } };

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		_buf_ struct gb_buf out = GB_BUF_INIT(GB_KIB);

		gb_html_fill(&out, cases[i].page, strlen(cases[i].page), parts);
		assert_string_equal(out.data, cases[i].expected);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(escapes),
		cmocka_unit_test(attribute),
		cmocka_unit_test(fill),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
