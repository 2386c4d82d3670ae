/*
 * report/junit.c, xml.c: well-formed whatever the names, counts that agree with
 * the cases, and the elements that Jenkins' junit-10.xsd knows.
 */
#include "base/buf.h"
#include "base/limits.h"
#include "report/xml.h"
#include "report_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define DEPTH 16

/* Elements, which may stand in which, and their attributes. */
static const struct {
	const char *element, *parent, *attributes;
} shape[] = {
	{ "testsuites", "", " name time tests failures errors " },
	{ "testsuite", "testsuites", " name time tests failures errors skipped " },
	{ "properties", "testsuite", "" },
	{ "property", "properties", " name value " },
	{ "testcase", "testsuite", " name classname " },
	{ "skipped", "testcase", "" },
	{ "error", "testcase", " type message " },
	{ "failure", "testcase", " type message " },
	{ "system-out", "testcase", "" },
};

/* Its attributes, each between spaces. */
static const char *check_place(const char *element, const char *parent)
{
	for (size_t i = 0; i < sizeof(shape) / sizeof(shape[0]); i++) {
		if (!strcmp(shape[i].element, element)) {
			assert_string_equal(shape[i].parent, parent);
			return shape[i].attributes;
		}
	}
	fail_msg("element %s", element);
	return "";
}

/* Text between tags or in quotes: no "<", every "&" begins an entity we write. */
static void check_text(const char *from, const char *end)
{
	static const char *const entities[] = {
		"&amp;", "&lt;", "&gt;", "&quot;", "&#10;", "&#9;"
	};

	for (; from < end; from++) {
		bool known = *from != '&';

		for (size_t i = 0; i < 6 && !known; i++)
			known = !strncmp(from, entities[i], strlen(entities[i]));
		if (!known || *from == '<' ||
		    ((unsigned char)*from < 0x20 && *from != '\n' && *from != '\t'))
			fail_msg("in text: %.40s", from);
	}
}

/* A small strict reader: returns how many elements of that name there are. */
static size_t check_xml(const char *xml, const char *count)
{
	char stack[DEPTH][16] = { "" };
	size_t depth = 0, found = 0;
	const char *s = strstr(xml, "?>\n") + 3;

	while (*s && strcmp(s, "\n") != 0) {
		const char *end = strchr(s, '<'), *allowed;
		size_t n;

		assert_non_null(end);
		check_text(s, end);
		s = end + 1;
		if (*s == '/') {
			n = strlen(stack[depth]);
			assert_memory_equal(s + 1, stack[depth], n);
			assert_int_equal(s[1 + n], '>');
			depth--;
			s += n + 2;
			if (depth == 0)
				break;
			continue;
		}
		n = strcspn(s, " />");
		assert_true(n < 16 && depth + 1 < DEPTH);
		memcpy(stack[depth + 1], s, n);
		stack[depth + 1][n] = '\0';
		allowed = check_place(stack[depth + 1], depth ? stack[depth] : "");
		found += !strcmp(stack[++depth], count);
		for (s += n; *s == ' ';) {
			char name[16] = "";

			n = strcspn(s, "=");
			assert_true(n + 2 < sizeof(name));
			memcpy(name, s, n);
			name[n] = ' ';
			if (!strstr(allowed, name))
				fail_msg("%s: attribute%s", stack[depth], name);
			s += n;
			assert_memory_equal(s, "=\"", 2);
			end = strchr(s + 2, '"');
			assert_non_null(end);
			check_text(s + 2, end);
			s = end + 1;
		}
		if (*s == '/') {
			depth--;
			s++;
		}
		assert_int_equal(*s++, '>');
	}
	assert_int_equal(depth, 0);
	assert_string_equal(s, "\n");
	return found;
}

static void model(void **state)
{
	_buf_ struct gb_buf out = GB_BUF_INIT(GB_MIB);
	struct fixture f;

	(void)state;
	fixture_make(&f, NULL);
	f.verdicts.v[f.verdicts.n - 1].action = GB_ACT_FAIL;
	fixture_judge(&f, "example.com/shop/removed", "TestX", -1, GB_V_GONE, GB_ACT_FAIL);
	gb_report_junit(&f.report, &out);
	assert_false(out.failed);
	assert_int_equal(check_xml(out.data, "testsuite"), 5);
	assert_int_equal(check_xml(out.data, "testcase"), 10);
	assert_int_equal(check_xml(out.data, "failure"), 5);
	assert_int_equal(check_xml(out.data, "error"), 1);
	assert_int_equal(check_xml(out.data, "skipped"), 1);
	assert_non_null(strstr(out.data,
			       "<testsuites name=\"gobudget\" tests=\"10\" failures=\"5\" "
			       "errors=\"1\" time=\"14.200\">"));
	assert_non_null(strstr(out.data, "<testcase classname=\"example.com/shop/store\" "
					 "name=\"TestWatch/all\">"));
	assert_non_null(strstr(out.data,
			       "<failure type=\"over\" message=\"goroutines: 12 is over the "
			       "budget of 0 (+12), in 1 of 5 runs\">"));
	assert_non_null(strstr(out.data, "<error type=\"panic\" message=\"panic: boom\">"));
	assert_non_null(strstr(out.data, "name=\"TestRemoved\""));
	assert_non_null(strstr(out.data, "name=\"(budgets)\""));
	fixture_release(&f);
}

static void trouble_without_a_test(void **state)
{
	_buf_ struct gb_buf out = GB_BUF_INIT(GB_MIB);
	struct fixture f;

	(void)state;
	fixture_make_clean(&f);
	assert_int_equal(gb_package_add_trouble(&f.run->packages[0], GB_TROUBLE_BUILD, false, NULL,
						"x.go:3: undefined: y", NULL, "exit status 1"),
			 0);
	f.run->packages[0].tests[0].outcome = GB_UNFINISHED;
	gb_report_junit(&f.report, &out);
	assert_int_equal(check_xml(out.data, "error"), 2);
	assert_non_null(strstr(out.data, "name=\"(build)\""));
	assert_non_null(strstr(out.data, "x.go:3: undefined: y"));
	assert_non_null(strstr(out.data, "<error type=\"unfinished\""));
	fixture_release(&f);
}

static void hostile_names(void **state)
{
	char *long_name = fixture_long_name();
	const char *names[] = { fixture_hostile, long_name };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		_buf_ struct gb_buf out = GB_BUF_INIT(GB_MIB);
		struct fixture f;

		fixture_make(&f, names[i]);
		free(f.run->packages[1].troubles[0].output);
		f.run->packages[1].troubles[0].output = strdup(names[i]);
		gb_report_junit(&f.report, &out);
		check_xml(out.data, "testcase");
		if (i == 1)
			assert_non_null(strstr(out.data, long_name));
		fixture_release(&f);
	}
	free(long_name);
}

static void escapes(void **state)
{
	static const struct {
		const char *text, *xml;
	} cases[] = {
		{ "plain \xc3\xa4 \xe2\x82\xac \xf0\x9f\x90\x8c",
		  "plain \xc3\xa4 \xe2\x82\xac \xf0\x9f\x90\x8c" },
		{ "a<b>&\"c'", "a&lt;b&gt;&amp;&quot;c'" },
		{ "1\n2\t3", "1\n2\t3" },
		{ "\x01|\x1b|\r", "\xef\xbf\xbd|\xef\xbf\xbd|\xef\xbf\xbd" },
		{ "\xff|\xc3(|\xc0\x80", "\xef\xbf\xbd|\xef\xbf\xbd(|\xef\xbf\xbd\xef\xbf\xbd" },
		{ "\xed\xa0\x80|", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd|" },
		{ "\xef\xbf\xbe|", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd|" },
		{ "\xf4\x90\x80\x80|", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd|" },
		{ "\xf5\xe2\x82", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd" },
		{ "", "" },
		{ NULL, "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		_buf_ struct gb_buf out = GB_BUF_INIT(GB_KIB);

		gb_xml_text(&out, cases[i].text);
		assert_string_equal(out.data, cases[i].xml);
	}
}

static void attributes(void **state)
{
	_buf_ struct gb_buf out = GB_BUF_INIT(GB_KIB);

	(void)state;
	gb_xml_attribute(&out, "name", "1\n2\t\"3\"");
	assert_string_equal(out.data, " name=\"1&#10;2&#9;&quot;3&quot;\"");
}

static void small_buffer(void **state)
{
	struct fixture f;

	(void)state;
	fixture_make(&f, NULL);
	for (size_t max = 0; max < 3000; max += 97) {
		_buf_ struct gb_buf out = GB_BUF_INIT(max);

		gb_report_junit(&f.report, &out);
		assert_true(out.failed);
	}
	fixture_release(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(model),	 cmocka_unit_test(trouble_without_a_test),
		cmocka_unit_test(hostile_names), cmocka_unit_test(escapes),
		cmocka_unit_test(attributes),	 cmocka_unit_test(small_buffer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
