/* pprof/tally, node, symbols: flat and cum, differences, order, and what is one node. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "pprof/symbols.h"
#include "pprof/tally.h"
#include "pprof_fixture.h"

/* "flat cum name" a line, in order. */
static void expect(struct gb_tally *t, const struct gb_cut *cut, const char *want)
{
	_buf_ struct gb_buf got = GB_BUF_INIT(GB_MIB);
	_free_ struct gb_row *rows = NULL;
	size_t n, dropped, nodes;

	assert_int_equal(gb_tally_rows(t, cut, &rows, &n, &dropped, &nodes, NULL), 0);
	for (size_t i = 0; i < n; i++) {
		gb_buf_addf(&got, "%lld %lld ", (long long)rows[i].flat, (long long)rows[i].cum);
		gb_node_name(rows[i].node, &got);
		gb_buf_addc(&got, '\n');
	}
	assert_string_equal(got.data, want);
}

static void sum_up(const struct gb_profile *p, const struct gb_profile *base,
		   enum gb_granularity by, const char *want)
{
	struct gb_tally_options o = { .by = by, .type = 1 };
	struct gb_cut cut = { .all = true };
	_tally_ struct gb_tally t = GB_TALLY_INIT;

	assert_int_equal(gb_tally_make(&o, p, base, &t, NULL), 0);
	expect(&t, &cut, want);
}

static void test_granularity(void **state)
{
	_profile_ struct gb_profile *p = pf_usual();

	(void)state;
	sum_up(p, NULL, GB_BY_FUNCTION,
	       "100 100 main.leaf\n30 130 main.walk\n7 7 [libc.so]\n0 137 main.main\n");
	sum_up(p, NULL, GB_BY_LINE,
	       "100 100 main.leaf /src/b.go:40\n"
	       "30 30 main.walk /src/b.go:22\n"
	       "7 7 [libc.so]\n"
	       "0 137 main.main /src/a.go:5\n"
	       "0 130 main.walk /src/b.go:20\n");
	sum_up(p, NULL, GB_BY_FILE, "130 130 /src/b.go\n7 7 [libc.so]\n0 137 /src/a.go\n");
	/* One row for an inlined stack, under its outermost name. */
	sum_up(p, NULL, GB_BY_ADDRESS,
	       "100 100 0000000000402020 main.walk /src/b.go:20\n"
	       "30 30 0000000000402010 main.walk /src/b.go:22\n"
	       "7 7 00000000007f0010 [libc.so]\n"
	       "0 137 0000000000401000 main.main /src/a.go:5\n"
	       "0 30 0000000000402000 main.walk /src/b.go:20\n");
}

static void test_focus(void **state)
{
	static const struct {
		const char *focus, *ignore, *want;
	} rows[] = {
		{ "leaf", NULL, "100 100 main.leaf\n0 100 main.main\n0 100 main.walk\n" },
		{ NULL, "walk", "7 7 [libc.so]\n0 7 main.main\n" },
		{ "libc", "", "7 7 [libc.so]\n0 7 main.main\n" },
		{ "b\\.go", "leaf", "30 30 main.walk\n0 30 main.main\n" },
		{ "nothing", NULL, "" },
		{ "main", "/bin/prog", "" },
	};
	_profile_ struct gb_profile *p = pf_usual();

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct gb_tally_options o = { .type = 1,
					      .focus = rows[i].focus,
					      .ignore = rows[i].ignore };
		struct gb_cut cut = { .all = true };
		_tally_ struct gb_tally t = GB_TALLY_INIT;

		assert_int_equal(gb_tally_make(&o, p, NULL, &t, NULL), 0);
		expect(&t, &cut, rows[i].want);
		assert_int_equal(t.total, 137); /* percentages stay those of everything */
	}
}

static void test_bad_expression(void **state)
{
	_profile_ struct gb_profile *p = pf_usual();
	struct gb_tally_options o = { .focus = "(" };
	struct gb_tally t = GB_TALLY_INIT;
	struct gb_err err = GB_ERR_INIT;

	(void)state;
	assert_int_equal(gb_tally_make(&o, p, NULL, &t, &err), GB_EUSAGE);
	assert_non_null(strstr(err.line, "focus: \"(\""));
	assert_null(t.nodes);
}

static struct gb_profile *one(const char *function, const char *file, int64_t bytes)
{
	struct pf f;

	pf_begin(&f);
	pf_function(&f, 1, function, file, 1);
	pf_location(&f, 1, 0, 0, (int[]){ 1, 7, 0 });
	pf_sample(&f, (int[]){ 1, 0 }, 1, bytes);
	return pf_load(&f);
}

static void test_difference(void **state)
{
	_profile_ struct gb_profile *usual = pf_usual(), *old = one("main.leaf", "/src/b.go", 150);
	_profile_ struct gb_profile *empty = NULL;
	struct gb_tally_options o = { .type = 1 };
	struct gb_cut cut = { .all = true };
	struct pf f;

	(void)state;
	{
		_tally_ struct gb_tally t = GB_TALLY_INIT;

		assert_int_equal(gb_tally_make(&o, usual, old, &t, NULL), 0);
		expect(&t, &cut,
		       "-50 -50 main.leaf\n30 130 main.walk\n7 7 [libc.so]\n0 137 main.main\n");
		assert_int_equal(t.total, 150); /* the base's */
		assert_int_equal(t.value, 137);
		assert_int_equal(t.base, 150);
	}
	sum_up(usual, usual, GB_BY_LINE, "");
	/* Against nothing, percentages are of what is new. */
	pf_begin(&f);
	empty = pf_load(&f);
	{
		_tally_ struct gb_tally t = GB_TALLY_INIT;

		assert_int_equal(gb_tally_make(&o, usual, empty, &t, NULL), 0);
		assert_int_equal(t.total, 137);
	}
}

static void test_profiles_of_two_kinds(void **state)
{
	_profile_ struct gb_profile *usual = pf_usual(), *cpu = NULL;
	struct gb_tally_options o = { .type = 1 };
	struct gb_tally t = GB_TALLY_INIT;
	struct gb_err err = GB_ERR_INIT;
	struct pf f;

	(void)state;
	pf_empty(&f);
	pf_type(&f, "cpu", "nanoseconds");
	cpu = pf_load(&f);
	assert_int_equal(gb_tally_make(&o, usual, cpu, &t, &err), GB_EUSAGE);
	assert_non_null(strstr(err.line, "has no alloc_space in bytes"));
	assert_non_null(strstr(err.hint, "it has cpu in nanoseconds"));
}

static void test_order_and_cut(void **state)
{
	_profile_ struct gb_profile *p = NULL;
	struct gb_tally_options o = { .type = 1 };
	struct gb_cut by_cum = { .by_cum = true, .most = 2 }, common = { 0 };
	_tally_ struct gb_tally t = GB_TALLY_INIT;
	_free_ struct gb_row *rows = NULL;
	size_t n, dropped, nodes;
	struct pf f;

	(void)state;
	pf_begin(&f);
	pf_function(&f, 1, "b", "x.go", 1);
	pf_function(&f, 2, "a", "x.go", 1);
	pf_function(&f, 3, "c", "x.go", 1);
	pf_function(&f, 4, "rare", "x.go", 1);
	for (int i = 1; i <= 4; i++)
		pf_location(&f, i, 0, 0, (int[]){ i, i, 0 });
	pf_sample(&f, (int[]){ 1, 0 }, 1, 500);
	pf_sample(&f, (int[]){ 2, 0 }, 1, 500);
	pf_sample(&f, (int[]){ 3, 1, 0 }, 1, 600);
	pf_sample(&f, (int[]){ 4, 0 }, 1, 1);
	pf_sample(&f, (int[]){ 4, 3, 0 }, 1, 0); /* counts for nothing */
	p = pf_load(&f);
	assert_int_equal(gb_tally_make(&o, p, NULL, &t, NULL), 0);
	/* Equal ones by name; below 0.5% of 1601 is left out. */
	expect(&t, &common, "600 600 c\n500 500 a\n500 1100 b\n");
	expect(&t, &by_cum, "500 1100 b\n600 600 c\n");
	assert_int_equal(gb_tally_rows(&t, &by_cum, &rows, &n, &dropped, &nodes, NULL), 0);
	assert_int_equal(n, 2);
	assert_int_equal(dropped, 1);
	assert_int_equal(nodes, 4);
	assert_int_equal(t.samples, 4);
}

/* The same names in two profiles are one node, whatever the ids. */
static void test_nodes_are_names(void **state)
{
	_profile_ struct gb_profile *a = one("f", "./src//x.go", 10), *b = one("f", "src/x.go", 3);
	_profile_ struct gb_profile *c = one("f", "/proc/self/cwd/src/x.go", 2);

	(void)state;
	sum_up(a, b, GB_BY_LINE, "7 7 f src/x.go:7\n");
	sum_up(a, c, GB_BY_LINE, "8 8 f src/x.go:7\n");
}

static void test_names_compare_as_whole_strings(void **state)
{
	static const struct gb_node nodes[] = {
		{ .function = "a", .file = "", .binary = "" },
		{ .function = "a", .file = "f", .binary = "", .line = 10 },
		{ .function = "a", .file = "f", .binary = "", .line = 9 },
		{ .function = "a", .file = "f", .binary = "" },
		{ .function = "a.b", .file = "f", .binary = "", .line = 1 },
		{ .function = "", .file = "f", .binary = "" },
		{ .function = "", .file = "", .binary = "/lib/x" },
		{ .function = "", .file = "", .binary = "" },
		{ .function = "a f", .file = "", .binary = "", .line = 0 },
		{ .function = "\xFF", .file = "", .binary = "" },
		{ .function = "a", .file = "f", .binary = "", .line = 9, .address = 16 },
	};
	size_t n = sizeof(nodes) / sizeof(nodes[0]);

	(void)state;
	for (size_t i = 0; i < n; i++) {
		for (size_t k = 0; k < n; k++) {
			_buf_ struct gb_buf a = GB_BUF_INIT(GB_KIB), b = GB_BUF_INIT(GB_KIB);
			int want, got = gb_node_compare(&nodes[i], &nodes[k]);

			gb_node_name(&nodes[i], &a);
			gb_node_name(&nodes[k], &b);
			want = strcmp(a.data, b.data);
			if ((want > 0) != (got > 0) || (want < 0) != (got < 0))
				fail_msg("\"%s\" and \"%s\": %d", a.data, b.data, got);
		}
	}
}

static void test_paths_are_cleaned(void **state)
{
	static const struct {
		const char *path, *want;
	} rows[] = {
		{ "a.go", "a.go" },
		{ "", "" },
		{ "./a.go", "a.go" },
		{ "a//b/./c.go", "a/b/c.go" },
		{ "/a/../b.go", "/b.go" },
		{ "a/b/../../c.go", "c.go" },
		{ "../a.go", "../a.go" },
		{ "../../a.go", "../../a.go" },
		{ "a/../../b.go", "../b.go" },
		{ "/../a.go", "/a.go" },
		{ "/..", "/" },
		{ "a/..", "." },
		{ "./", "." },
		{ "a/", "a" },
		{ "..", ".." },
		{ "../..", "../.." },
		{ "a/b/..", "a" },
		{ "//", "/" },
		{ "/proc/self/cwd/a/b.go", "a/b.go" },
		{ "/proc/self/cwd/./a.go", "a.go" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct gb_symbols t = { 0 };
		uint32_t path, want;

		assert_int_equal(gb_symbol_path(&t, rows[i].path, &path, NULL), 0);
		assert_int_equal(gb_symbol(&t, rows[i].want, &want, NULL), 0);
		if (path != want)
			fail_msg("%s: %s, not %s", rows[i].path, gb_symbols_get(&t, path),
				 rows[i].want);
		gb_symbols_release(&t);
	}
}

static void test_many_symbols(void **state)
{
	struct gb_symbols t = { 0 };
	char(*names)[16] = calloc(5000, sizeof(*names));

	(void)state;
	for (int round = 0; round < 2; round++) {
		for (uint32_t i = 0; i < 5000; i++) {
			uint32_t symbol;

			snprintf(names[i], sizeof(names[i]), "%u", i * 7919);
			assert_int_equal(gb_symbol(&t, names[i], &symbol, NULL), 0);
			assert_int_equal(symbol, i);
		}
	}
	gb_symbols_release(&t);
	free(names);
}

/* Go's sums wrap around; ours must not trap. */
static void test_sums_wrap(void **state)
{
	_profile_ struct gb_profile *p = NULL;
	struct pf f;

	(void)state;
	pf_begin(&f);
	pf_function(&f, 1, "f", "x.go", 1);
	pf_location(&f, 1, 0, 0, (int[]){ 1, 7, 0 });
	pf_sample(&f, (int[]){ 1, 0 }, 1, INT64_MAX);
	pf_sample(&f, (int[]){ 1, 0 }, 1, 2);
	p = pf_load(&f);
	sum_up(p, NULL, GB_BY_FUNCTION, "-9223372036854775807 -9223372036854775807 f\n");
}

static void test_every_allocation_may_fail(void **state)
{
	_profile_ struct gb_profile *p = pf_usual(), *old = one("./x", "./y//z", 1);

	(void)state;
	for (size_t n = 1;; n++) {
		struct gb_tally_options o = { .by = GB_BY_LINE, .type = 1, .focus = "main|x" };
		struct gb_cut cut = { .all = true };
		_tally_ struct gb_tally t = GB_TALLY_INIT;
		_free_ struct gb_row *rows = NULL;
		size_t asked, a, b, c;
		int rc;

		gb_mem_fail_at(n);
		rc = gb_tally_make(&o, p, old, &t, NULL);
		if (rc == 0)
			rc = gb_tally_rows(&t, &cut, &rows, &a, &b, &c, NULL);
		asked = gb_mem_count();
		gb_mem_fail_at(0);
		assert_int_equal(rc, asked < n ? 0 : GB_ENOMEM);
		if (asked < n)
			return;
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_granularity),
		cmocka_unit_test(test_focus),
		cmocka_unit_test(test_bad_expression),
		cmocka_unit_test(test_difference),
		cmocka_unit_test(test_profiles_of_two_kinds),
		cmocka_unit_test(test_order_and_cut),
		cmocka_unit_test(test_nodes_are_names),
		cmocka_unit_test(test_names_compare_as_whole_strings),
		cmocka_unit_test(test_paths_are_cleaned),
		cmocka_unit_test(test_many_symbols),
		cmocka_unit_test(test_sums_wrap),
		cmocka_unit_test(test_every_allocation_may_fail),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
