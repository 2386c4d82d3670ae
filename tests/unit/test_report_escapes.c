/* report_escapes: what the compiler said, in the text and as JSON. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/mem.h"
#include "escape_fixture.h"
#include "report_fixture.h"

struct scene {
	struct fixture f;
	struct gb_escapes *head, *base;
	struct gb_escape_diff diff;
	struct gb_warnings warnings;
	struct gb_report_escapes told;
};

static struct gb_escapes *feed(const char *text)
{
	struct gb_escapes *e = NULL;

	assert_int_equal(gb_escapes_new(&e, NULL), 0);
	assert_int_equal(gb_escapes_add_package(e, "example.com/shop/store", "/shop/store",
						"example.com/shop", "/shop", "1.21", NULL),
			 0);
	escape_feed(e, text);
	assert_int_equal(gb_escapes_finish(e, NULL), 0);
	return e;
}

static void begin(struct scene *s, const char *base, const char *head)
{
	memset(s, 0, sizeof(*s));
	fixture_make_clean(&s->f);
	s->head = feed(head);
	s->base = base ? feed(base) : NULL;
	s->told = (struct gb_report_escapes){
		.head = s->head,
		.base_set = s->base,
		.warnings = &s->warnings,
	};
	if (base) {
		assert_int_equal(gb_escape_diff(s->base, s->head, &s->diff, NULL), 0);
		s->told.base = "main (3c2fe681b2c4)";
		s->told.diff = &s->diff;
	}
	s->f.report.escapes = &s->told;
}

static void end(struct scene *s)
{
	gb_warnings_release(&s->warnings);
	gb_escape_diff_release(&s->diff);
	gb_escapes_free(s->head);
	gb_escapes_free(s->base);
	fixture_release(&s->f);
}

static void over(struct scene *s)
{
	struct gb_judgement *j = fixture_judge(&s->f, "example.com/shop/store", GB_PACKAGE_ROW,
					       GB_ESCAPES, GB_V_OVER, GB_ACT_FAIL);

	j->measured = 2;
	j->budget = j->ceiling = 1;
	j->has_budget = true;
	s->f.report.exit_status = 1;
}

static void text_of(const struct scene *s, bool verbose, struct gb_buf *out)
{
	gb_report_text(&s->f.report, &(struct gb_text_options){ .width = 100, .verbose = verbose },
		       out);
	assert_false(out->failed);
}

static void has(const struct gb_buf *text, const char *what)
{
	if (!strstr(text->data, what))
		fail_msg("no \"%s\" in\n%s", what, text->data);
}

static void lacks(const struct gb_buf *text, const char *what)
{
	if (strstr(text->data, what))
		fail_msg("\"%s\" in\n%s", what, text->data);
}

#define ONE "# example.com/shop/store\n./x.go:3:2: moved to heap: one\n"
#define TWO ONE "./x.go:4:2: moved to heap: two\n"
#define MANY                                                               \
	TWO "./x.go:5:2: moved to heap: a\n./x.go:6:2: moved to heap: b\n" \
	    "./x.go:7:2: moved to heap: c\n./x.go:8:2: moved to heap: d\n" \
	    "./x.go:9:2: moved to heap: e\n"

static void test_an_over_names_its_lines(void **state)
{
	_buf_ struct gb_buf text = GB_BUF_INIT(GB_MIB), more = GB_BUF_INIT(GB_MIB);
	struct scene s;

	(void)state;
	begin(&s, NULL, MANY);
	over(&s);
	text_of(&s, false, &text);
	has(&text, "over  escapes  1 → 2  +1  +100.0%");
	has(&text, "store/x.go:3: one allocated on the heap");
	has(&text, "… and 2 more (-v shows all, --base REV only what is new)");
	lacks(&text, "store/x.go:9");
	text_of(&s, true, &more);
	has(&more, "store/x.go:9: e allocated on the heap");
	end(&s);
}

static void test_against_a_base_only_what_is_new(void **state)
{
	_buf_ struct gb_buf text = GB_BUF_INIT(GB_MIB), json = GB_BUF_INIT(GB_MIB);
	const char *one;
	struct scene s;

	(void)state;
	begin(&s, ONE "./x.go:9:9: moved to heap: old\n", TWO);
	over(&s);
	text_of(&s, false, &text);
	has(&text, "+ store/x.go:4: two allocated on the heap");
	lacks(&text, "one allocated");
	lacks(&text, "on the heap, and not at"); /* told with the verdict */
	has(&text, "no longer on the heap, but at main (3c2fe681b2c4): 1\n"
		   "  - store/x.go:9: old allocated on the heap");
	gb_report_json(&s.f.report, &json);
	has(&json, "\"base\": \"main (3c2fe681b2c4)\"");
	has(&json, "\"expr\": \"two\"");
	has(&json, "\"expr\": \"old\"");
	/* "one" is no news: it stands among all values only. */
	one = strstr(json.data, "\"expr\": \"one\"");
	assert_non_null(one);
	assert_true(one > strstr(json.data, "\"values\": ["));
	end(&s);
}

static void test_without_a_verdict_changes_have_a_list(void **state)
{
	_buf_ struct gb_buf text = GB_BUF_INIT(GB_MIB);
	struct scene s;

	(void)state;
	begin(&s, ONE, TWO);
	text_of(&s, false, &text);
	has(&text, "on the heap, and not at main (3c2fe681b2c4): 1\n  + store/x.go:4: two");
	lacks(&text, "no longer on the heap");
	end(&s);
}

static void add_warning(struct scene *s, const char *reason)
{
	struct gb_warnings *w = &s->warnings;

	assert_int_equal(gb_grow((void **)&w->v, &w->cap, w->n + 1, sizeof(*w->v), 100, NULL), 0);
	w->v[w->n++] = (struct gb_warning){ .rule = GB_RULE_LARGE_CAPTURE,
					    .package = "example.com/shop/store",
					    .file = "store/x.go",
					    .func = "F",
					    .line = 7,
					    .reason = gb_strdup(reason),
					    .fix = gb_strdup("take less") };
}

static void test_warnings_of_rules(void **state)
{
	_buf_ struct gb_buf text = GB_BUF_INIT(GB_MIB), json = GB_BUF_INIT(GB_MIB);
	_json_ struct gb_json *parsed = NULL;
	struct scene s;

	(void)state;
	begin(&s, NULL, ONE);
	add_warning(&s, "it keeps \x1b[31mmuch");
	text_of(&s, false, &text);
	has(&text,
	    "from the compiler\n  store/x.go:7, F: it keeps \xef\xbf\xbd[31mmuch (large-capture)\n"
	    "    fix: take less\n");
	has(&text, " · 1 from the compiler");
	gb_report_json(&s.f.report, &json);
	has(&json, "\"rule\": \"large-capture\"");
	assert_int_equal(gb_json_parse("report", json.data, json.len, &parsed, NULL), 0);
	end(&s);
}

#define WAYS                                                                    \
	"# example.com/shop/store\n"                                            \
	"./x.go:3:2: one escapes to heap in f:\n"                               \
	"./x.go:3:2:   flow: ~r0 = &one:\n"                                     \
	"./x.go:3:2:     from &one (address-of) at ./x.go:5:9\n"                \
	"./x.go:3:2:     from return &one (return) at ./x.go:5:2\n"             \
	"./x.go:8:8: parameter names leaks to {heap} for keep with derefs=1:\n" \
	"./x.go:8:8: leaking param content: names\n"                            \
	"./x.go:3:2: moved to heap: one\n"

static void test_verbose_tells_all_that_is_on_the_heap(void **state)
{
	_buf_ struct gb_buf text = GB_BUF_INIT(GB_MIB), few = GB_BUF_INIT(GB_MIB);
	struct scene s;

	(void)state;
	begin(&s, NULL, WAYS);
	over(&s);
	text_of(&s, true, &text);
	has(&text, "example.com/shop/store: 1 on the heap");
	has(&text, "  store/x.go:3, f: one returned\n      &one (address-of)");
	has(&text, "&one (address-of) at store/x.go:5");
	has(&text, "store/x.go:8, keep: what is behind names leaks to the heap");
	text_of(&s, false, &few);
	lacks(&few, "1 on the heap");
	end(&s);
}

static void test_nothing_where_the_compiler_was_not_asked(void **state)
{
	_buf_ struct gb_buf text = GB_BUF_INIT(GB_MIB), json = GB_BUF_INIT(GB_MIB);
	struct scene s;

	(void)state;
	begin(&s, NULL, ONE);
	s.f.report.escapes = NULL;
	text_of(&s, true, &text);
	lacks(&text, "compiler");
	gb_report_json(&s.f.report, &json);
	lacks(&json, "\"escapes\"");
	end(&s);
}

static void test_a_compile_alone_is_told_as_one(void **state)
{
	_buf_ struct gb_buf text = GB_BUF_INIT(GB_MIB);
	struct scene s;

	(void)state;
	begin(&s, NULL, ONE);
	s.f.run->compiled_only = true;
	text_of(&s, false, &text);
	has(&text, "no test was run");
	has(&text, "1 package compiled");
	lacks(&text, "GOMAXPROCS");
	lacks(&text, "accounting");
	end(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_an_over_names_its_lines),
		cmocka_unit_test(test_against_a_base_only_what_is_new),
		cmocka_unit_test(test_without_a_verdict_changes_have_a_list),
		cmocka_unit_test(test_warnings_of_rules),
		cmocka_unit_test(test_verbose_tells_all_that_is_on_the_heap),
		cmocka_unit_test(test_nothing_where_the_compiler_was_not_asked),
		cmocka_unit_test(test_a_compile_alone_is_told_as_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
