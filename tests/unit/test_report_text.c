/*
 * report/text*.c, page.c, say*.c, order.c: golden renderings, and hostile names.
 *
 * The expected text stands in tests/unit/golden/; GB_UPDATE_GOLDEN=1 rewrites it.
 */
#include "base/buf.h"
#include "base/err.h"
#include "base/fs.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/text.h"
#include "report/culprit.h"
#include "report/order.h"
#include "report/say.h"
#include "report_fixture.h"

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

/* No line is wider than the terminal, and none ends in a space. */
static void check_lines(const char *text, size_t width)
{
	for (const char *s = text; *s;) {
		const char *end = strchr(s, '\n');
		_buf_ struct gb_buf line = GB_BUF_INIT(GB_MIB);

		assert_non_null(end);
		gb_buf_add(&line, s, (size_t)(end - s));
		if (gb_text_width(line.data) > width)
			fail_msg("%zu columns, not %zu: %s", gb_text_width(line.data), width,
				 line.data);
		if (line.len && line.data[line.len - 1] == ' ')
			fail_msg("ends in a space: \"%s\"", line.data);
		s = end + 1;
	}
}

static void golden(void **state)
{
	static const struct {
		const char *name;
		struct gb_text_options o;
	} cases[] = {
		{ "report-80.txt", { .width = 80 } },
		{ "report-200.txt", { .width = 200 } },
		{ "report-80-verbose.txt", { .width = 80, .verbose = true } },
		{ "report-80-quiet.txt", { .width = 80, .quiet = true } },
		{ "report-120-colour.txt", { .width = 120, .colour = true } },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		_buf_ struct gb_buf out = GB_BUF_INIT(GB_MIB);
		struct fixture f;

		fixture_make(&f, NULL);
		gb_report_text(&f.report, &cases[i].o, &out);
		compare_golden(cases[i].name, &out);
		if (!cases[i].o.colour)
			check_lines(out.data, cases[i].o.width);
		fixture_release(&f);
	}
}

static void text_verbose(const struct gb_report *r, struct gb_buf *out)
{
	struct gb_text_options o = { .width = 80, .verbose = true, .colour = true };

	gb_report_text(r, &o, out);
}

static void clean(void **state)
{
	struct gb_text_options o = { .width = 80 };
	_buf_ struct gb_buf out = GB_BUF_INIT(GB_MIB);
	struct fixture f;

	(void)state;
	fixture_make_clean(&f);
	gb_report_text(&f.report, &o, &out);
	compare_golden("report-clean.txt", &out);
	fixture_release(&f);
}

/* Only what gb_text_safe() lets through, line ends, and (with colour) our own codes. */
static void check_safe(const char *text)
{
	for (const unsigned char *s = (const unsigned char *)text; *s; s++) {
		if ((*s < 0x20 && *s != '\n') || *s == 0x7f)
			fail_msg("control character %02x in: %.80s", *s, (const char *)s);
	}
	assert_null(strstr(text, "\xe2\x80\xae"));
	assert_null(strstr(text, "\xe2\x80\x8b"));
	assert_null(strstr(text, "\xff"));
	assert_null(strstr(text, "\nok  "));
}

static void hostile_names(void **state)
{
	static const size_t widths[] = { 40, 41, 80, 120, 200, 1000 };
	char *names[] = { (char *)(uintptr_t)fixture_hostile, fixture_long_name() };

	(void)state;
	for (size_t n = 0; n < 2; n++) {
		for (size_t i = 0; i < 2 * sizeof(widths) / sizeof(widths[0]); i++) {
			struct gb_text_options o = { .width = widths[i / 2], .verbose = i % 2 };
			_buf_ struct gb_buf out = GB_BUF_INIT(GB_MIB);
			struct fixture f;

			fixture_make(&f, names[n]);
			free(f.run->packages[0].tests[0].groups[0].state);
			f.run->packages[0].tests[0].groups[0].state = strdup(names[n]);
			free(f.run->packages[0].tests[0].groups[0].frames[1].func);
			f.run->packages[0].tests[0].groups[0].frames[1].func = strdup(names[n]);
			free(f.run->packages[1].troubles[0].output);
			f.run->packages[1].troubles[0].output = strdup(names[n]);
			free(f.run->packages[1].troubles[0].text);
			f.run->packages[1].troubles[0].text = strdup(names[n]);
			f.report.module = names[n];
			assert_int_equal(gb_strlist_add(&f.report.notes, names[n], NULL), 0);
			gb_report_text(&f.report, &o, &out);
			assert_false(out.failed);
			check_safe(out.data);
			/* Rows of numbers are never cut: narrower terminals wrap them. */
			if (n == 0 && o.width >= 80)
				check_lines(out.data, o.width);
			fixture_release(&f);
		}
	}
	free(names[1]);
}

static void ten_thousand_characters(void **state)
{
	struct gb_text_options o = { .width = 80 };
	_buf_ struct gb_buf out = GB_BUF_INIT(GB_MIB);
	char *name = fixture_long_name();
	struct fixture f;

	(void)state;
	fixture_make(&f, name);
	gb_report_text(&f.report, &o, &out);
	check_lines(out.data, 80);
	assert_non_null(strstr(out.data, "tail  store/store_test.go:14\n"));
	fixture_release(&f);
	free(name);
}

static void many_are_folded(void **state)
{
	struct gb_text_options o = { .width = 80 };
	_buf_ struct gb_buf out = GB_BUF_INIT(GB_MIB);
	char names[25][16];
	struct fixture f;

	(void)state;
	fixture_make(&f, NULL);
	for (size_t i = 0; i < 25; i++) {
		struct gb_judgement *j;

		snprintf(names[i], sizeof(names[i]), "TestMany%zu", i);
		fixture_judge(&f, "example.com/shop/store", names[i], -1, GB_V_NEW, GB_ACT_WARN);
		j = fixture_judge(&f, "example.com/shop/store", names[i], GB_ALLOC_OBJECTS,
				  GB_V_GREW, GB_ACT_WARN);
		j->has_recorded = true;
		j->recorded = 1;
		j->measured = 2;
	}
	gb_report_text(&f.report, &o, &out);
	assert_non_null(strstr(out.data, "  … and 16 more (-v shows all)\n"));
	/* TestImport, TestWatch/all and 8 of these, then TestGet and old are folded too. */
	assert_non_null(strstr(out.data, "  … and 19 more tests (-v shows all)\n"));
	gb_buf_clear(&out);
	o.verbose = true;
	gb_report_text(&f.report, &o, &out);
	assert_null(strstr(out.data, "shows all"));
	fixture_release(&f);
}

static void short_functions(void **state)
{
	static const struct {
		const char *full, *shown;
	} cases[] = {
		{ "example.com/shop/store.(*Cache).watch", "store.(*Cache).watch" },
		{ "example.com/shop/store.New.func1.2", "store.New.func1.2" },
		{ "main.main", "main.main" },
		{ "runtime.gopark", "runtime.gopark" },
		{ "net/http.(*conn).serve", "http.(*conn).serve" },
		{ "example.com/mod/v2.F", "mod.F" },
		{ "example.com/mod/v2.(*T[example.com/x/y.Z]).F", "mod.(*T[example.com/x/y.Z]).F" },
		{ "example.com/v2x.F", "v2x.F" },
		{ "gopkg.in/yaml%2ev3.Unmarshal", "yaml.v3.Unmarshal" },
		{ "example.com/a.Map[example.com/b/c.K].Get", "a.Map[example.com/b/c.K].Get" },
		{ "v2.F", "v2.F" },
		{ "", "?" },
		{ NULL, "?" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		_buf_ struct gb_buf out = GB_BUF_INIT(GB_KIB);

		gb_say_func(&out, cases[i].full);
		assert_string_equal(out.data, cases[i].shown);
	}
}

static void users_frames(void **state)
{
	static const struct {
		const char *module, *func, *file;
		bool users;
	} cases[] = {
		{ "example.com/shop", "example.com/shop.F", "f.go", true },
		{ "example.com/shop", "golang.org/x/sync/errgroup.(*Group).Go.func1", "/m/e.go",
		  true },
		{ "example.com/shop", "runtime.gopark", "/go/src/runtime/proc.go", false },
		{ "example.com/shop", "net/http.(*conn).serve", "/go/src/net/http/server.go",
		  false },
		{ "example.com/shop", "time.Sleep", "time/sleep.go", false },
		{ "shop", "shop.F", "f.go", true },
		{ "shop", "shop/store.F", "store/f.go", true },
		{ "shop", "shopping.F", "/go/src/shopping/f.go", false },
		{ "example.com/shop", "main.main", "cmd/main.go", true },
		{ "example.com/shop", "odd.F", "store/odd.go", true },
		{ "example.com/shop", NULL, NULL, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct gb_site s = { (char *)(uintptr_t)cases[i].func,
				     (char *)(uintptr_t)cases[i].file, 1 };

		if (gb_say_is_users(cases[i].module, &s) != cases[i].users)
			fail_msg("%s in %s", cases[i].func, cases[i].module);
	}
}

/* One package trouble, told in the default, quiet or verbose way. */
static void tell_trouble(enum gb_trouble_kind kind, const char *test, const char *text,
			 const char *output, bool verbose, struct gb_buf *out)
{
	struct gb_text_options o = { .width = 80, .verbose = verbose };
	struct fixture f;

	fixture_make_clean(&f);
	assert_int_equal(gb_package_add_trouble(&f.run->packages[0], kind, false, test, output,
						NULL, "%s", text),
			 0);
	f.run->packages[0].tests[0].flags_only = true;
	gb_report_text(&f.report, &o, out);
	fixture_release(&f);
}

static void troubles(void **state)
{
	static const struct {
		enum gb_trouble_kind kind;
		const char *test, *text, *output;
		bool verbose;
		const char *shown;
	} cases[] = {
		{ GB_TROUBLE_BUILD, NULL, "x.go:3: undefined: y",
		  "x.go:3: undefined: y\nx.go:4: undefined: z\n", false,
		  "  did not build\n    │ x.go:3: undefined: y\n    │ x.go:4: undefined: z\n\n" },
		{ GB_TROUBLE_BUILD, NULL, "exit status 1", NULL, false,
		  "  did not build: exit status 1\n\n" },
		{ GB_TROUBLE_FAIL, "TestAll", "failed", "\tx_test.go:3: no\n\n", false,
		  "  fail  TestAll  all_test.go:3\n"
		  "    fails only under gobudget's -gcflags: it passes without them\n"
		  "    │     x_test.go:3: no\n\n" },
		{ GB_TROUBLE_FAIL, "TestGone", "", "", false, "  fail  TestGone\n\n" },
		{ GB_TROUBLE_TIMEOUT, "TestAll", "test timed out",
		  "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n13", false,
		  "    test timed out\n"
		  "    fails only under gobudget's -gcflags: it passes without them\n"
		  "    │ … (-v shows more)\n    │ 2\n" },
		{ GB_TROUBLE_PANIC, "TestGone", "panic: x",
		  "0\npanic: x\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n13", false,
		  "  panic  TestGone\n    │ panic: x\n    │ 2\n" },
		{ GB_TROUBLE_PANIC, "TestGone", "panic: x",
		  "0\npanic: x\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n13", false,
		  "    │ 12\n    │ … (-v shows more)\n\n" },
		{ GB_TROUBLE_PANIC, "TestGone", "panic: x",
		  "0\npanic: x\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n13", true,
		  "  panic  TestGone\n    │ 0\n    │ panic: x\n" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		_buf_ struct gb_buf out = GB_BUF_INIT(GB_MIB);

		tell_trouble(cases[i].kind, cases[i].test, cases[i].text, cases[i].output,
			     cases[i].verbose, &out);
		if (!strstr(out.data, cases[i].shown))
			fail_msg("case %zu: no\n%s\nin\n%s", i, cases[i].shown, out.data);
	}
}

static void known_places(void **state)
{
	static const struct {
		const char *func, *file, *shown;
	} cases[] = {
		{ "example.com/shop.F", "store/f.go", "store/f.go:7" },
		{ "net/http.(*conn).serve", "/usr/local/go/src/net/http/server.go",
		  "net/http/server.go:7" },
		{ "runtime.gopark", "/usr/local/go/src/runtime/proc.go", "runtime/proc.go:7" },
		{ "sync.Map[go.shape.int,net/http.X].F", "/go/src/sync/map.go", "sync/map.go:7" },
		{ "example.com/x.F", "/root/go/pkg/mod/example.com/x@v1.2.0/x.go",
		  "example.com/x@v1.2.0/x.go:7" },
		{ "example.com/x.F", "/home/me/src/x/x.go", "/home/me/src/x/x.go:7" },
		{ "x.F", "/home/me/src/xy/x.go", "/home/me/src/xy/x.go:7" },
		{ NULL, "/home/me/src/x.go", "/home/me/src/x.go:7" },
		{ NULL, "", "" },
		{ NULL, NULL, "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct gb_site s = { (char *)(uintptr_t)cases[i].func,
				     (char *)(uintptr_t)cases[i].file, 7 };
		_buf_ struct gb_buf out = GB_BUF_INIT(GB_KIB);

		gb_say_site(&out, &s);
		assert_string_equal(out.data, cases[i].shown);
	}
}

static void sentences(void **state)
{
	static const char *const expected[] = {
		"alloc_space: 3.0 MiB is over the budget of 1.0 MiB (+2.0 MiB, +200.0%), waived to "
		"4.0 MiB until 2026-12-31: rewrite under way, #123",
		"alloc_space: 1.0 MiB is over the budget of 9,216 B (+1015.0 KiB, +11,278%), with "
		"headroom 10,137 B",
		"goroutines: 12 is over the budget of 0 (+12), in 1 of 5 runs",
		"alloc_space: 9,280 B is more than was recorded, 9,216 B (+64 B, +0.7%)",
		"alloc_space: 4,160 B is more than was recorded, 4,096 B (+64 B, +1.6%)",
		"alloc_objects: 11 is within 11",
		"has no budget yet",
		"alloc_space: 1,024 B is far below the budget of 1.0 MiB (-1023.0 KiB, -99.9%)",
		"has a budget, but never ran",
		"has budgets, but none for this environment",
	};
	struct fixture f;

	(void)state;
	fixture_make(&f, NULL);
	assert_int_equal(f.verdicts.n, sizeof(expected) / sizeof(expected[0]));
	for (size_t i = 0; i < f.verdicts.n; i++) {
		_buf_ struct gb_buf out = GB_BUF_INIT(GB_KIB);

		gb_say_judgement(&out, &f.verdicts.v[i]);
		assert_string_equal(out.data, expected[i]);
	}
	fixture_release(&f);
}

/* Hung, proven and left have no budget to be compared with. */
static void kinds(void **state)
{
	static const struct {
		enum gb_verdict verdict;
		enum gb_judged_by by;
		enum gb_leak leak;
		const char *word, *sentence, *total;
	} cases[] = {
		{ GB_V_OVER, GB_BY_KIND, GB_HUNG, "hung", "goroutines: 2 hung", "1 hung · " },
		{ GB_V_OVER, GB_BY_KIND, GB_PROVEN, "proven", "goroutines: 2 can never run again",
		  "1 proven · " },
		{ GB_V_OVER, GB_BY_CEILING, GB_LEFT, "over",
		  "goroutines: 2 is over the ceiling of 1 (+1, +100.0%), policy's ceiling",
		  "1 over · " },
		{ GB_V_LEFT, GB_BY_KIND, GB_LEFT, "left", "goroutines: 2 left behind, no budget",
		  "1 left · " },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		_buf_ struct gb_buf out = GB_BUF_INIT(GB_KIB), total = GB_BUF_INIT(GB_KIB);
		struct gb_judgement *j;
		struct fixture f;

		fixture_make_clean(&f);
		j = fixture_judge(&f, "example.com/shop", "TestAll", GB_GOROUTINES,
				  cases[i].verdict, GB_ACT_FAIL);
		j->by = cases[i].by;
		j->leak = cases[i].leak;
		j->measured = 2;
		j->ceiling = 1;
		assert_string_equal(gb_say_word(j), cases[i].word);
		gb_say_judgement(&out, j);
		assert_string_equal(out.data, cases[i].sentence);
		gb_say_totals(&total, &f.report);
		assert_memory_equal(total.data, cases[i].total, strlen(cases[i].total));
		fixture_release(&f);
	}
}

static void outcomes(void **state)
{
	static const struct {
		int status;
		bool interrupted;
		const char *word;
	} cases[] = {
		{ 0, false, "ok" },
		{ 1, false, "FAIL" },
		{ 3, false, "could not measure" },
		{ 1, true, "FAIL" },
		{ 3, true, "interrupted" },
		{ 0, true, "interrupted" },
		{ 2, false, "could not measure" },
	};
	struct fixture f;

	(void)state;
	fixture_make_clean(&f);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		f.report.exit_status = cases[i].status;
		f.run->interrupted = cases[i].interrupted;
		assert_string_equal(gb_say_outcome(&f.report), cases[i].word);
	}
	fixture_release(&f);
}

static void nothing_ran(void **state)
{
	_buf_ struct gb_buf out = GB_BUF_INIT(GB_KIB);
	struct fixture f;

	(void)state;
	fixture_make_clean(&f);
	f.report.exit_status = 3;
	f.verdicts.tests = 0;
	f.run->packages[0].tests[0].outcome = GB_SKIP;
	gb_say_totals(&out, &f.report);
	assert_string_equal(out.data, "every test was skipped · 0 tests in 1 package · 14.2s");
	gb_buf_clear(&out);
	f.run->packages[0].tests[0].kind = GB_PACKAGE;
	gb_say_totals(&out, &f.report);
	assert_string_equal(out.data, "no test ran · 0 tests in 1 package · 14.2s");
	fixture_release(&f);
}

static void order_and_find(void **state)
{
	static const size_t grouped[] = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 };
	size_t *order, n, at, count;
	struct fixture f;

	(void)state;
	fixture_make(&f, NULL);
	assert_int_equal(gb_report_order(&f.verdicts, NULL, &order, &n), 0);
	assert_int_equal(n, f.verdicts.n);
	assert_memory_equal(order, grouped, sizeof(grouped));
	free(order);
	assert_int_equal(gb_report_by_name(&f.verdicts, &order, &n), 0);
	gb_report_find(&f.verdicts, order, n, "example.com/shop/store", "TestWatch/all", &at,
		       &count);
	assert_int_equal(count, 2);
	assert_int_equal(order[at], 2);
	gb_report_find(&f.verdicts, order, n, "example.com/shop/store", NULL, &at, &count);
	assert_int_equal(count, 4);
	gb_report_find(&f.verdicts, order, n, "example.com/shop/nowhere", NULL, &at, &count);
	assert_int_equal(count, 0);
	free(order);
	fixture_release(&f);
}

/* A ceiling that is hit is said by the buffer, and nothing is written behind it. */
static void small_buffer(void **state)
{
	struct gb_text_options o = { .width = 80, .verbose = true };
	struct fixture f;

	(void)state;
	fixture_make(&f, NULL);
	for (size_t max = 0; max < 2000; max += 7) {
		_buf_ struct gb_buf out = GB_BUF_INIT(max);

		gb_report_text(&f.report, &o, &out);
		assert_true(out.failed);
		assert_true(out.len <= max);
	}
	fixture_release(&f);
}

/* Out of memory anywhere: the buffer says so, and nothing is shown as if it were whole. */
static void out_of_memory(void **state)
{
	static void (*const renderers[])(const struct gb_report *,
					 struct gb_buf *) = { text_verbose, gb_report_json,
							      gb_report_junit };
	struct fixture f;

	(void)state;
	fixture_make(&f, NULL);
	for (size_t i = 0; i < sizeof(renderers) / sizeof(renderers[0]); i++) {
		_buf_ struct gb_buf whole = GB_BUF_INIT(GB_MIB);
		size_t n = 1, asked;

		renderers[i](&f.report, &whole);
		do {
			_buf_ struct gb_buf out = GB_BUF_INIT(GB_MIB);

			gb_mem_fail_at(n);
			renderers[i](&f.report, &out);
			asked = gb_mem_count();
			gb_mem_fail_at(0);
			if (asked >= n && !out.failed)
				fail_msg("renderer %zu, allocation %zu: cut silently", i, n);
			if (asked < n)
				assert_string_equal(out.data, whole.data);
		} while (asked >= n++);
	}
	fixture_release(&f);
}

static void test_places_of_bytes_are_those_of_objects(void **state)
{
	static const struct {
		int a, b;
		bool same;
	} rows[] = {
		{ GB_ALLOC_SPACE, GB_ALLOC_OBJECTS, true },
		{ GB_GOROUTINES_PEAK, GB_GOROUTINES_CREATED, true },
		{ GB_GOROUTINES, GB_GOROUTINES, true },
		{ GB_GOROUTINES, GB_GOROUTINES_CREATED, false },
		{ GB_ALLOC_SPACE, GB_GOROUTINES, false },
		{ GB_ALLOC_SPACE, GB_INUSE_SPACE, false },
		{ GB_ALLOC_SPACE, GB_ESCAPES, false },
		{ GB_ALLOC_SPACE, -1, false },
		{ -1, -1, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(gb_report_same_evidence(rows[i].a, rows[i].b), rows[i].same);
		assert_int_equal(gb_report_same_evidence(rows[i].b, rows[i].a), rows[i].same);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_places_of_bytes_are_those_of_objects),
		cmocka_unit_test(golden),
		cmocka_unit_test(clean),
		cmocka_unit_test(hostile_names),
		cmocka_unit_test(ten_thousand_characters),
		cmocka_unit_test(many_are_folded),
		cmocka_unit_test(short_functions),
		cmocka_unit_test(users_frames),
		cmocka_unit_test(troubles),
		cmocka_unit_test(known_places),
		cmocka_unit_test(sentences),
		cmocka_unit_test(kinds),
		cmocka_unit_test(outcomes),
		cmocka_unit_test(nothing_ran),
		cmocka_unit_test(order_and_find),
		cmocka_unit_test(small_buffer),
		cmocka_unit_test(out_of_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
