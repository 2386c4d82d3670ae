/*
 * report/html*.c: the page is whole, its elements nest, and no name is more than text.
 *
 * What it looks like and does is tests/e2e/html.sh's business, in a browser.
 */
#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "evidence_fixture.h"
#include "report/html.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static size_t count(const char *text, const char *what)
{
	size_t n = 0;

	for (const char *s = text; (s = strstr(s, what)) != NULL; s += strlen(what))
		n++;
	return n;
}

static bool is_void(const char *name, size_t len)
{
	static const char *const names[] = { "meta", "!doctype", "rect", "br" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strlen(names[i]) == len && strncmp(names[i], name, len) == 0)
			return true;
	return false;
}

/* Every element is closed in the order in which it was opened; scripts and styles are skipped. */
static void check_nesting(const char *html)
{
	struct {
		const char *name;
		size_t len;
	} open[64];
	size_t n = 0;

	for (const char *s = html; (s = strchr(s, '<')) != NULL;) {
		bool closing = s[1] == '/';
		const char *name = s + 1 + closing;
		size_t len = strcspn(name, " >\n");

		s = strchr(name, '>');
		assert_non_null(s);
		if (closing) {
			if (n == 0 || open[n - 1].len != len ||
			    strncmp(open[n - 1].name, name, len) != 0)
				fail_msg("</%.*s> closes %.*s", (int)len, name,
					 n ? (int)open[n - 1].len : 1, n ? open[n - 1].name : "-");
			n--;
			continue;
		}
		if (is_void(name, len))
			continue;
		assert_true(n < sizeof(open) / sizeof(open[0]));
		open[n].name = name;
		open[n++].len = len;
		if (strncmp(name, "script", 6) == 0)
			s = strstr(s, "</script>");
		else if (strncmp(name, "style", 5) == 0)
			s = strstr(s, "</style>");
	}
	assert_int_equal(n, 0);
}

static void page(void **state)
{
	static const char *const expected[] = {
		"<title>FAIL: example.com/shop, gobudget</title>",
		"<li><a href=\"#troubles\">Troubles</a></li>",
		"<li>one note</li>",
		"goroutine 7 [running]:",
		"<a href=\"#test-1\">TestPut</a> <span class=\"of\">store</span>",
		"<h3 id=\"test-1-name\" tabindex=\"-1\">TestPut</h3>",
		"<code>store/cache.go:41</code>",
		"b.buf = append(b.buf, *p...) // | `x`",
		"newly on the heap: i captured by a closure, stored in m[k]",
		"<li>from &#38;i (address-of)</li>",
		"\"strings\":[\"(smaller)\",\"example.com/shop/store.TestPut\"",
		"Goroutines left behind",
		"never ran",
		"9,007,199,254,740,993",
		"against main (3c2fe68)",
		"Written by gobudget",
	};
	_buf_ struct gb_buf out = GB_BUF_INIT(4 * GB_MIB);
	struct evidence_fixture e;
	struct fixture f;

	(void)state;
	fixture_make(&f, NULL);
	evidence_make(&e, &f, true, NULL);
	gb_report_html(&f.report, &out);
	assert_false(out.failed);
	for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++)
		if (!strstr(out.data, expected[i]))
			fail_msg("no %s", expected[i]);
	assert_null(strstr(out.data, "{{"));
	assert_int_equal(count(out.data, "<article "), 2);
	assert_int_equal(count(out.data, "<h1"), 1);
	check_nesting(out.data);
	evidence_release(&e);
	fixture_release(&f);
}

static void clean(void **state)
{
	_buf_ struct gb_buf out = GB_BUF_INIT(4 * GB_MIB);
	struct fixture f;

	(void)state;
	fixture_make_clean(&f);
	gb_report_html(&f.report, &out);
	assert_false(out.failed);
	assert_non_null(strstr(out.data, "<header class=\"top good\">"));
	assert_null(strstr(out.data, "<a href=\"#evidence\">"));
	assert_null(strstr(out.data, "<a href=\"#troubles\">"));
	check_nesting(out.data);
	fixture_release(&f);
}

/* What explain is asked for is no success of a gate. */
static void explained(void **state)
{
	_buf_ struct gb_buf out = GB_BUF_INIT(4 * GB_MIB);
	struct evidence_fixture e;
	struct fixture f;

	(void)state;
	fixture_make(&f, NULL);
	evidence_make(&e, &f, false, NULL);
	f.report.exit_status = 0;
	gb_report_html(&f.report, &out);
	assert_non_null(strstr(out.data, "<header class=\"top note\">"));
	assert_non_null(strstr(out.data, "<strong>explained</strong>"));
	assert_null(strstr(out.data, "<strong>ok</strong>"));
	check_nesting(out.data);
	evidence_release(&e);
	fixture_release(&f);
}

static const char attack[] =
	"</script></pre></style>--><script>alert(1)</script><img src=x onerror=alert(2)>\"' "
	"onmouseover=alert(3) <h2 id=\"troubles\"><!-- {{main}} &lt; ]]> \xe2\x80\xa8\xe2\x80\xae"
	"\x01\xff javascript:alert(4)";

static void hostile_names(void **state)
{
	const char *const names[] = { attack, fixture_hostile };
	size_t scripts = 0;

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		_buf_ struct gb_buf out = GB_BUF_INIT(4 * GB_MIB);
		struct evidence_fixture e;
		struct fixture f;

		fixture_make(&f, names[i]);
		evidence_make(&e, &f, true, names[i]);
		free(e.all.base);
		e.all.base = gb_strdup(names[i]);
		free(f.run->packages[0].tests[0].groups[0].state);
		f.run->packages[0].tests[0].groups[0].state = gb_strdup(names[i]);
		free(f.run->packages[1].troubles[0].output);
		f.run->packages[1].troubles[0].output = gb_strdup(names[i]);
		free(f.run->packages[1].troubles[0].text);
		f.run->packages[1].troubles[0].text = gb_strdup(names[i]);
		f.waiver.reason = (char *)(uintptr_t)names[i];
		f.report.command = f.report.module = names[i];
		assert_int_equal(gb_strlist_add(&f.report.notes, names[i], NULL), 0);
		gb_report_html(&f.report, &out);
		assert_false(out.failed);
		check_nesting(out.data);
		assert_null(strstr(out.data, "<img"));
		assert_null(strstr(out.data, "<!--"));
		assert_null(strstr(out.data, "\xe2\x80\xa8"));
		assert_null(strstr(out.data, "\xe2\x80\xae"));
		assert_null(strstr(out.data, "\xff"));
		assert_null(strchr(out.data, '\x1b'));
		/* The same elements, whatever the names. */
		if (i > 0)
			assert_int_equal(count(out.data, "<script"), scripts);
		scripts = count(out.data, "<script");
		assert_int_equal(scripts, 3);
		evidence_release(&e);
		fixture_release(&f);
	}
}

/* Many rows within budget are told, not shown. */
static void many_within(void **state)
{
	_buf_ struct gb_buf out = GB_BUF_INIT(16 * GB_MIB);
	struct fixture f;

	(void)state;
	fixture_make_clean(&f);
	for (size_t i = 0; i < GB_HTML_WITHIN + 1233; i++) {
		struct gb_judgement *j = fixture_judge(&f, "example.com/shop", "TestAll",
						       GB_ALLOC_SPACE, GB_V_WITHIN, GB_ACT_IGNORE);

		j->has_budget = true;
	}
	gb_report_html(&f.report, &out);
	assert_false(out.failed);
	assert_int_equal(count(out.data, "<tr role=\"row\" data-state="), GB_HTML_WITHIN);
	assert_non_null(strstr(out.data, "1,234 more are within budget"));
	check_nesting(out.data);
	fixture_release(&f);
}

static void out_of_memory(void **state)
{
	struct evidence_fixture e;
	struct fixture f;
	size_t n = 1, asked;

	(void)state;
	fixture_make(&f, NULL);
	evidence_make(&e, &f, true, NULL);
	do {
		_buf_ struct gb_buf out = GB_BUF_INIT(4 * GB_MIB);

		gb_mem_fail_at(n);
		gb_report_html(&f.report, &out);
		asked = gb_mem_count();
		gb_mem_fail_at(0);
		if (asked >= n && !out.failed)
			fail_msg("allocation %zu: cut silently", n);
	} while (asked >= n++);
	evidence_release(&e);
	fixture_release(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(page),	       cmocka_unit_test(clean),
		cmocka_unit_test(explained),   cmocka_unit_test(hostile_names),
		cmocka_unit_test(many_within), cmocka_unit_test(out_of_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
