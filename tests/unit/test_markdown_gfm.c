/*
 * What GitHub's own Markdown makes of report/markdown*.c (cmark-gfm as the oracle): the tables are
 * tables, and no name becomes a link, an image, a heading or a tag.
 */
#include "base/buf.h"
#include "base/err.h"
#include "base/fs.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/proc.h"
#include "evidence_fixture.h"
#include "tempdir.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static bool convert(const char *path, struct gb_buf *out)
{
	const char *const argv[] = { "cmark-gfm", "--unsafe", "-e", "table",
				     "-e",	  "autolink", "-e", "strikethrough",
				     "-e",	  "tasklist", "-e", "footnotes",
				     path,	  NULL };
	const struct gb_proc p = { .argv = argv,
				   .in = GB_STDIO_NULL,
				   .out = GB_STDIO_BUF,
				   .out_buf = out,
				   .timeout_ms = 60000 };
	struct gb_proc_result result;
	struct gb_err err = GB_ERR_INIT;
	int rc = gb_proc_run(&p, &result, &err);

	if (rc == GB_ENOTFOUND)
		return false;
	if (rc < 0 || result.status != 0)
		fail_msg("cmark-gfm: %s, status %d", err.line, result.status);
	return true;
}

static size_t count(const char *text, const char *what)
{
	size_t n = 0;

	for (const char *s = text; (s = strstr(s, what)) != NULL; s += strlen(what))
		n++;
	return n;
}

/* Only the elements that the report is made of. */
static void check_elements(const char *html)
{
	static const char *const known[] = {
		"details",
		"summary",
		"code",
		"b",
		"pre",
		"span",
		"sub",
		"br",
		"br /",
		"p",
		"table",
		"thead",
		"tbody",
		"tr",
		"th",
		"td",
		"th align=\"right\"",
		"td align=\"right\"",
		"ol",
		"ul",
		"li",
		"h3",
		"blockquote",
	};

	for (const char *s = html; (s = strchr(s, '<')) != NULL; s++) {
		const char *name = s + 1 + (s[1] == '/'), *end = strchr(name, '>');
		size_t i = 0, n = sizeof(known) / sizeof(known[0]);

		assert_non_null(end);
		while (i < n && !(strlen(known[i]) == (size_t)(end - name) &&
				  strncmp(known[i], name, strlen(known[i])) == 0))
			i++;
		if (i == n)
			fail_msg("<%.*s>", (int)(end - name), name);
	}
}

static const char attack[] =
	"</code></details>|\n\n| a | b |\n|---|---|\n# x\n- [ ] @org/team #1 [l](javascript:x)"
	"<img src=x onerror=alert(1)> `` ``` ~~~ ~~s~~ \\ \xe2\x80\xae \xff --> <!-- ]]> &amp; [^1]"
	" https://evil.example www.evil.example a@b.example\n\n[^1]: x\n---\n===\n    "
	"code\n<script>";

static void tables(void **state)
{
	const char *const names[] = { NULL, attack, fixture_hostile };

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		_buf_ struct gb_buf out = GB_BUF_INIT(GB_MIB), html = GB_BUF_INIT(GB_MIB);
		struct evidence_fixture e;
		struct fixture f;
		bool there;

		fixture_make(&f, names[i]);
		evidence_make(&e, &f, true, names[i]);
		if (names[i]) {
			f.waiver.reason = (char *)(uintptr_t)names[i];
			f.report.command = names[i];
			assert_int_equal(gb_strlist_add(&f.report.notes, names[i], NULL), 0);
		}
		gb_report_markdown(&f.report, 0, &out);
		assert_int_equal(gb_fs_write("report.md", out.data, out.len, NULL), 0);
		there = convert("report.md", &html);
		evidence_release(&e);
		fixture_release(&f);
		if (!there)
			skip();
		assert_int_equal(count(html.data, "<table>"), 2);
		assert_int_equal(count(html.data, "<tr>"), 9);
		assert_int_equal(count(html.data, "<h3>"), 1);
		assert_int_equal(count(html.data, "<details>"), 7);
		check_elements(html.data);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(tables) };

	return cmocka_run_group_tests(tests, tempdir_enter, tempdir_leave);
}
