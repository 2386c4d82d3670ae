/*
 * report/markdown*.c, culprit.c: a golden rendering, hostile names, the ceiling.
 *
 * GB_UPDATE_GOLDEN=1 rewrites tests/unit/golden/report.md.
 */
#include "base/buf.h"
#include "base/err.h"
#include "base/fs.h"
#include "base/limits.h"
#include "base/mem.h"
#include "evidence_fixture.h"
#include "report/culprit.h"
#include "report/markdown.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void compare_golden(const char *name, const struct gb_buf *got)
{
	_buf_ struct gb_buf path = GB_BUF_INIT(GB_MAX_PATH), expected = GB_BUF_INIT(GB_MIB);
	struct gb_err err = GB_ERR_INIT;

	assert_false(got->failed);
	gb_buf_addf(&path, GB_SOURCE_DIR "/tests/unit/golden/%s", name);
	if (getenv("GB_UPDATE_GOLDEN"))
		assert_int_equal(gb_fs_write(path.data, got->data, got->len, &err), 0);
	assert_int_equal(gb_fs_read(path.data, &expected, &err), 0);
	assert_string_equal(got->data, expected.data);
}

static void golden(void **state)
{
	(void)state;
	for (int with_base = 0; with_base < 2; with_base++) {
		_buf_ struct gb_buf out = GB_BUF_INIT(GB_MIB);
		struct evidence_fixture e;
		struct fixture f;

		fixture_make(&f, NULL);
		evidence_make(&e, &f, with_base, NULL);
		gb_report_markdown(&f.report, 0, &out);
		compare_golden(with_base ? "report-base.md" : "report.md", &out);
		evidence_release(&e);
		fixture_release(&f);
	}
}

static void clean(void **state)
{
	_buf_ struct gb_buf out = GB_BUF_INIT(GB_MIB);
	struct fixture f;

	(void)state;
	fixture_make_clean(&f);
	gb_report_markdown(&f.report, 0, &out);
	assert_string_equal(out.data,
			    "### gobudget: ok\n\n1 test in 1 package within budget · 14.2s\n\n"
			    "<sub>go1.26 linux/amd64 gomaxprocs&#61;2 -gcflags&#61;-l cgo "
			    "runtime accounting · <code>gobudget check &#46;/&#46;&#46;&#46;</code>"
			    "</sub>\n");
	fixture_release(&f);
}

static void escapes(void **state)
{
	static const struct {
		const char *text, *code, *prose;
	} cases[] = {
		{ "TestA/b-c d", "<code>TestA/b-c d</code>", "TestA/b-c d" },
		{ "", "", "" },
		{ "a`|b*_~", "<code>a&#96;&#124;b&#42;&#95;&#126;</code>",
		  "a&#96;&#124;b&#42;&#95;&#126;" },
		{ "@team #12 <b>&", "<code><span>&#64;</span>team &#35;12 &#60;b&#62;&#38;</code>",
		  "<span>&#64;</span>team <span>&#35;</span>12 &#60;b&#62;&#38;" },
		{ "a\n| b |\n\n# c", "<code>a &#124; b &#124;  &#35; c</code>",
		  "a &#124; b &#124;  <span>&#35;</span> c" },
		{ "http://www.x.y", "<code>http&#58;//www&#46;x&#46;y</code>",
		  "http<span>&#58;</span>//www<span>&#46;</span>x&#46;y" },
		{ "3.9 MiB (+1.2)", "<code>3&#46;9 MiB &#40;&#43;1&#46;2&#41;</code>",
		  "3.9 MiB (+1.2)" },
		{ "[x](y) :smile:", "<code>&#91;x&#93;&#40;y&#41; &#58;smile&#58;</code>",
		  "&#91;x&#93;(y) <span>&#58;</span>smile&#58;" },
		{ "a.go:100: GH-7 $x", "<code>a&#46;go&#58;100&#58; GH-7 &#36;x</code>",
		  "a&#46;go<span>&#58;</span>100&#58; GH<span>&#45;</span>7 <span>&#36;</span>x" },
		{ "    - x", "<code>    - x</code>", "&#45; x" },
		{ "--- -1", "<code>--- -1</code>", "&#45;-- -1" },
		{ "+ x", "<code>&#43; x</code>", "&#43; x" },
		{ "12) x) 3", "<code>12&#41; x&#41; 3</code>", "12&#41; x) 3" },
		{ "-1 ", "<code>-1 </code>", "-1 " },
		{ "caf\xc3\xa9 \xe2\x80\xae\x1b\xff",
		  "<code>caf\xc3\xa9 \xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd</code>",
		  "caf\xc3\xa9 \xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		_buf_ struct gb_buf code = GB_BUF_INIT(GB_KIB), prose = GB_BUF_INIT(GB_KIB);

		gb_md_code(&code, cases[i].text);
		assert_string_equal(code.data, cases[i].code);
		gb_md_prose(&prose, cases[i].text);
		assert_string_equal(prose.data, cases[i].prose);
	}
}

static void last_lines(void **state)
{
	static const struct {
		const char *text;
		size_t lines, max;
		const char *shown;
	} cases[] = {
		{ "a\nb\n", 3, 1000, "<pre>\na\nb\n</pre>\n" },
		{ "a\nb\nc\n\n", 2, 1000, "<pre>\n&#8230;\nb\nc\n</pre>\n" },
		{ "\tx\n\ny", 9, 1000, "<pre>\n    x\n \ny\n</pre>\n" },
		{ "aaaa\nbbbb\ncccc", 9, 17, "<pre>\naaaa\nbbbb\n&#8230;\n</pre>\n" },
		{ "</pre><script>", 9, 1000, "<pre>\n&#60;/pre&#62;&#60;script&#62;\n</pre>\n" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		_buf_ struct gb_buf out = GB_BUF_INIT(GB_KIB);

		gb_md_pre(&out, cases[i].text, cases[i].lines, cases[i].max);
		assert_string_equal(out.data, cases[i].shown);
	}
}

static size_t count(const char *text, const char *what)
{
	size_t n = 0;

	for (const char *s = text; (s = strstr(s, what)) != NULL; s += strlen(what))
		n++;
	return n;
}

/* Each tag that is opened is closed, and there are no others. */
static void check_tags(const char *text)
{
	static const char *const pairs[][2] = {
		{ "<details>", "</details>" }, { "<summary>", "</summary>" },
		{ "<code>", "</code>" },       { "<b>", "</b>" },
		{ "<pre>", "</pre>" },	       { "<span>", "</span>" },
		{ "<sub>", "</sub>" },
	};
	size_t known = 2 * count(text, "<br>") / 2;

	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		size_t opened = count(text, pairs[i][0]), closed = count(text, pairs[i][1]);

		if (opened != closed)
			fail_msg("%zu %s, %zu %s", opened, pairs[i][0], closed, pairs[i][1]);
		known += opened + closed;
	}
	assert_int_equal(count(text, "<"), known);
}

/* A row of the table has as many cells as its head, whatever the names hold. */
static void check_rows(const char *text)
{
	for (const char *s = text; *s; s += strcspn(s, "\n"), s += *s == '\n') {
		size_t bars = 0, len = strcspn(s, "\n");

		if (*s != '|')
			continue;
		for (size_t i = 0; i < len; i++)
			bars += s[i] == '|';
		if (bars != 8)
			fail_msg("%zu bars: %.*s", bars, (int)len, s);
	}
}

static const char attack[] =
	"</code></details>|\n\n| a | b |\n|---|---|\n# x\n- [ ] @org/team #1 [l](javascript:x)"
	"<img src=x onerror=alert(1)> `` ``` ~~~ $x$ \\ \xe2\x80\xae \xff --> <!-- ]]> &amp; :x: "
	"https://evil.example www.evil.example org/repo#1 GH-1";

static void hostile_names(void **state)
{
	const char *const names[] = { attack, fixture_hostile };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		_buf_ struct gb_buf out = GB_BUF_INIT(GB_MIB);
		struct evidence_fixture e;
		struct fixture f;

		fixture_make(&f, names[i]);
		evidence_make(&e, &f, true, names[i]);
		free(f.run->packages[0].tests[0].groups[0].state);
		f.run->packages[0].tests[0].groups[0].state = gb_strdup(names[i]);
		free(f.run->packages[1].troubles[0].output);
		f.run->packages[1].troubles[0].output = gb_strdup(names[i]);
		free(f.run->packages[1].troubles[0].text);
		f.run->packages[1].troubles[0].text = gb_strdup(names[i]);
		f.waiver.reason = (char *)(uintptr_t)names[i];
		f.report.command = names[i];
		assert_int_equal(gb_strlist_add(&f.report.notes, names[i], NULL), 0);
		gb_report_markdown(&f.report, 0, &out);
		assert_false(out.failed);
		check_tags(out.data);
		check_rows(out.data);
		assert_null(strchr(out.data, '@'));
		assert_null(strchr(out.data, '`'));
		assert_null(strstr(out.data, "://"));
		assert_null(strstr(out.data, "www."));
		assert_null(strstr(out.data, "\xe2\x80\xae"));
		assert_null(strstr(out.data, "\xff"));
		evidence_release(&e);
		fixture_release(&f);
	}
}

/* However much there is: whole parts, the worst of them, within the ceiling, and it is said. */
static void ceiling(void **state)
{
	static const size_t sizes[] = { 8 * 1024, 12345, 30000, 0 };
	char names[700][16];

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		_buf_ struct gb_buf out = GB_BUF_INIT(GB_MIB);
		struct evidence_fixture e;
		struct fixture f;

		fixture_make(&f, NULL);
		evidence_make(&e, &f, true, NULL);
		for (size_t n = 0; n < 700; n++) {
			snprintf(names[n], sizeof(names[n]), "TestMany%zu", n);
			fixture_judge(&f, "example.com/shop/store", names[n], GB_ALLOC_SPACE,
				      GB_V_OVER, n % 2 ? GB_ACT_FAIL : GB_ACT_WARN);
		}
		gb_report_markdown(&f.report, sizes[i], &out);
		assert_false(out.failed);
		assert_true(out.len <= (sizes[i] ? sizes[i] : 65000));
		assert_non_null(strstr(out.data, "<code>TestPut</code>"));
		assert_non_null(strstr(out.data, "For want of room "));
		check_tags(out.data);
		check_rows(out.data);
		evidence_release(&e);
		fixture_release(&f);
	}
}

static void long_names(void **state)
{
	_buf_ struct gb_buf out = GB_BUF_INIT(GB_MIB);
	_free_ char *name = fixture_long_name();
	struct fixture f;

	(void)state;
	fixture_make(&f, name);
	gb_report_markdown(&f.report, 0, &out);
	assert_null(strstr(out.data, "For want of room "));
	assert_non_null(strstr(out.data, "tail</code>"));
	assert_true(out.len < 10000);
	fixture_release(&f);
}

/* One line for each verdict, the user's own where the library did it. */
static void culprits(void **state)
{
	static const char *const expected[] = { NULL, "store/cache.go", "store/cache.go", NULL };
	struct evidence_fixture e;
	struct fixture f;

	(void)state;
	fixture_make(&f, NULL);
	for (size_t i = 0; i < 2; i++)
		assert_null(gb_report_culprit(&f.report, &f.verdicts.v[i]));
	evidence_make(&e, &f, false, NULL);
	for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++) {
		const struct gb_site *at = gb_report_culprit(&f.report, &f.verdicts.v[i]);

		if (!expected[i])
			assert_null(at);
		else
			assert_string_equal(at->file, expected[i]);
	}
	evidence_release(&e);
	fixture_release(&f);
}

/* Over at the base, too: then what weighs most is shown all the same, and called so. */
static void as_before(void **state)
{
	static const char said[] = "no place weighs more than at the base, these weigh most:\n\n"
				   "1. 512.0 KiB in 12 objects at ";
	_buf_ struct gb_buf out = GB_BUF_INIT(GB_MIB);
	struct evidence_fixture e;
	struct fixture f;

	(void)state;
	fixture_make(&f, NULL);
	evidence_make(&e, &f, true, NULL);
	for (size_t i = 0; i < e.all.v[0].n_sites; i++) {
		e.all.v[0].sites[i].base_bytes = e.all.v[0].sites[i].bytes;
		e.all.v[0].sites[i].base_objects = e.all.v[0].sites[i].objects;
	}
	gb_report_markdown(&f.report, 0, &out);
	assert_non_null(strstr(out.data, said));
	assert_string_equal(gb_report_culprit(&f.report, &f.verdicts.v[1])->file, "store/cache.go");
	evidence_release(&e);
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
		_buf_ struct gb_buf out = GB_BUF_INIT(GB_MIB);

		gb_mem_fail_at(n);
		gb_report_markdown(&f.report, 0, &out);
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
		cmocka_unit_test(golden),	 cmocka_unit_test(clean),
		cmocka_unit_test(escapes),	 cmocka_unit_test(last_lines),
		cmocka_unit_test(hostile_names), cmocka_unit_test(ceiling),
		cmocka_unit_test(long_names),	 cmocka_unit_test(culprits),
		cmocka_unit_test(as_before),	 cmocka_unit_test(out_of_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
