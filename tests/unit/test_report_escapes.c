/*
 * report/markdown_escapes.c, html_escapes.c, say_escapes.c, culprit.c: what the compiler said, in
 * comment and page as in the terminal.
 */
#include "base/buf.h"
#include "base/limits.h"
#include "base/mem.h"
#include "escape_fixture.h"
#include "report/culprit.h"
#include "report/say.h"
#include "report_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define SHAPES "example.com/shapes"

struct told {
	struct fixture f;
	struct gb_escapes *head, *base;
	struct gb_escape_diff diff;
	struct gb_warnings warnings;
	struct gb_report_escapes escapes;
	struct gb_judgement *over;
};

/* A module of one package that is over its escapes; with_base: a base that had none. */
static void make(struct told *t, bool with_base)
{
	const struct gb_rule_options rules = { .large = GB_RULES_LARGE };
	struct gb_package *p;
	struct gb_test *row;

	memset(t, 0, sizeof(*t));
	fixture_make_clean(&t->f);
	assert_int_equal(gb_run_add_package(t->f.run, SHAPES, &p, NULL), 0);
	p->module = gb_strdup(SHAPES);
	assert_int_equal(gb_package_add_test(p, GB_PACKAGE_ROW, GB_PACKAGE, &row, NULL), 0);
	t->over = fixture_judge(&t->f, SHAPES, GB_PACKAGE_ROW, GB_ESCAPES, GB_V_OVER, GB_ACT_FAIL);
	t->over->has_budget = true;
	t->over->budget = t->over->ceiling = 3;
	t->over->measured = 90;
	t->head = escape_fixture("go1.25", "1.21");
	assert_int_equal(gb_rules_check(t->head, &rules, &t->warnings, NULL), 0);
	t->escapes = (struct gb_report_escapes){ .head = t->head, .warnings = &t->warnings };
	if (with_base) {
		assert_int_equal(gb_escapes_new(&t->base, NULL), 0);
		assert_int_equal(gb_escapes_finish(t->base, NULL), 0);
		assert_int_equal(gb_escape_diff(t->base, t->head, &t->diff, NULL), 0);
		t->escapes.base = "main";
		t->escapes.base_set = t->base;
		t->escapes.diff = &t->diff;
	}
	t->f.report.escapes = &t->escapes;
	t->f.report.exit_status = 1;
}

static void release(struct told *t)
{
	gb_escape_diff_release(&t->diff);
	gb_warnings_release(&t->warnings);
	gb_escapes_free(t->head);
	gb_escapes_free(t->base);
	fixture_release(&t->f);
}

static void check_says(const char *text, const char *what)
{
	if (!strstr(text, what))
		fail_msg("no \"%s\" in:\n%s", what, text);
}

static void markdown(void **state)
{
	(void)state;
	for (int with_base = 0; with_base < 2; with_base++) {
		_buf_ struct gb_buf out = GB_BUF_INIT(GB_MIB);
		struct told t;

		make(&t, with_base);
		gb_report_markdown(&t.f.report, 0, &out);
		assert_false(out.failed);
		check_says(out.data, "<details><summary><code>&#40;package&#41;</code> in ");
		check_says(out.data, "captured by a closure");
		check_says(out.data, " more values\n");
		check_says(out.data, " warnings from the compiler</summary>");
		check_says(out.data, "<br>fix: ");
		assert_int_equal(strstr(out.data, "on the heap, and not at <code>main</code>") !=
					 NULL,
				 with_base);
		release(&t);
	}
}

static void page(void **state)
{
	(void)state;
	for (int with_base = 0; with_base < 2; with_base++) {
		_buf_ struct gb_buf out = GB_BUF_INIT(4 * GB_MIB);
		struct told t;

		make(&t, with_base);
		gb_report_html(&t.f.report, &out);
		assert_false(out.failed);
		check_says(out.data, "<li><a href=\"#compiler\">From the compiler</a></li>");
		check_says(out.data,
			   with_base ? "<h4>New on the heap</h4>" : "<h4>On the heap</h4>");
		check_says(out.data, "<span class=\"tag warn\">warning</span> ");
		check_says(out.data, "<p class=\"dim\">fix: ");
		assert_int_equal(strstr(out.data, "On the heap, and not at main <span") != NULL,
				 with_base);
		release(&t);
	}
}

/* Only a verdict on escapes that is not within has values, and only those that count. */
static void values(void **state)
{
	const struct gb_escape *v[3];
	size_t more, n;
	struct told t;

	(void)state;
	make(&t, false);
	n = gb_report_escapes(&t.f.report, t.over, v, 3, &more);
	assert_int_equal(n, 3);
	assert_int_equal(n + more, gb_escapes_package(t.head, SHAPES)->heap);
	for (size_t i = 0; i < n; i++)
		assert_true(gb_escape_counts(t.head, v[i]));
	t.over->verdict = GB_V_WITHIN;
	assert_int_equal(gb_report_escapes(&t.f.report, t.over, v, 3, &more), 0);
	t.over->verdict = GB_V_OVER;
	t.over->metric = GB_ALLOC_SPACE;
	assert_int_equal(gb_report_escapes(&t.f.report, t.over, v, 3, &more), 0);
	assert_int_equal(more, 0);
	release(&t);
}

static void out_of_memory(void **state)
{
	struct told t;

	(void)state;
	make(&t, true);
	for (size_t n = 1, asked = n; asked >= n; n++) {
		_buf_ struct gb_buf out = GB_BUF_INIT(GB_MIB);

		gb_mem_fail_at(n);
		gb_report_markdown(&t.f.report, 0, &out);
		asked = gb_mem_count();
		gb_mem_fail_at(0);
		if (asked >= n && !out.failed)
			fail_msg("allocation %zu: cut silently", n);
	}
	release(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(markdown),
		cmocka_unit_test(page),
		cmocka_unit_test(values),
		cmocka_unit_test(out_of_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
