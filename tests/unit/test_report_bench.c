/*
 * report/bench*.c: golden renderings in every form, the ceiling of Markdown, memory that runs out.
 *
 * GB_UPDATE_GOLDEN=1 rewrites tests/unit/golden/bench*.  That the digits are benchstat's,
 * tests/e2e/benchstat.sh says.
 */
#include "base/buf.h"
#include "base/err.h"
#include "base/fs.h"
#include "base/limits.h"
#include "base/mem.h"
#include "bench_fixture.h"
#include "report/bench.h"
#include "report/jsonw.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct gb_cpu cpu = { 0.10, 0.15 };

static const struct gb_bench_look plain = { .cpu = &cpu }, all = {
	.cpu = &cpu, .before = "v1.2.0", .after = "main", .utf8 = true, .colour = true, .all = true
};

static void text(const struct gb_benches *b, struct gb_buf *out)
{
	gb_bench_text(b, &plain, out);
}

static void text_all(const struct gb_benches *b, struct gb_buf *out)
{
	gb_bench_text(b, &all, out);
}

static void markdown(const struct gb_benches *b, struct gb_buf *out)
{
	gb_bench_markdown(b, &plain, out);
}

static void json(const struct gb_benches *b, struct gb_buf *out)
{
	struct gb_jsonw w = { .out = out };

	gb_jsonw_open(&w, NULL, '{', false);
	gb_bench_json(b, "benchmarks", &w);
	gb_jsonw_close(&w, '}');
}

static void lines(const struct gb_benches *b, struct gb_buf *out)
{
	gb_bench_lines(b, GB_BEFORE, out);
	gb_bench_lines(b, GB_AFTER, out);
}

static const struct {
	const char *golden;
	void (*render)(const struct gb_benches *, struct gb_buf *);
} forms[] = {
	{ "bench.txt", text },	{ "bench-all.txt", text_all }, { "bench.md", markdown },
	{ "bench.json", json }, { "bench-lines.txt", lines },
};

#define FORMS (sizeof(forms) / sizeof(forms[0]))

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
	for (size_t i = 0; i < FORMS; i++) {
		_buf_ struct gb_buf out = GB_BUF_INIT(GB_MIB);
		_benches_ struct gb_benches b = { 0 };

		bench_fixture_make(&b, &cpu);
		forms[i].render(&b, &out);
		compare_golden(forms[i].golden, &out);
		for (const char *s = out.data; *s; s++)
			if ((unsigned char)*s < 0x20 && !strchr("\n\t", *s) &&
			    !(*s == 0x1b && forms[i].render == text_all))
				fail_msg("%s: control character %02x", forms[i].golden, *s);
	}
}

/* The first night: nothing to compare with, so all there is. */
static void one_side(void **state)
{
	static const double v[] = { 100000, 101000, 102000, 99000, 100500, 100700 };
	_buf_ struct gb_buf out = GB_BUF_INIT(GB_MIB);
	_benches_ struct gb_benches b = { 0 };

	(void)state;
	for (size_t i = 0; i < 6; i++)
		assert_int_equal(gb_benches_add(&b, "", "BenchmarkGet", GB_NS_PER_OP, GB_AFTER,
						v[i], NULL),
				 0);
	assert_int_equal(gb_benches_judge(&b, &cpu, NULL), 0);
	gb_bench_text(&b, &(struct gb_bench_look){ .cpu = &cpu, .utf8 = true }, &out);
	assert_string_equal(out.data, "  sec/op               after\n"
				      "  BenchmarkGet   100.6n \xC2\xB1 2%   (n=6)\n"
				      "\n");
}

/* As golang.org/x/perf/benchunit scales them. */
static void scales(void **state)
{
	static const struct {
		enum gb_metric metric;
		double value;
		const char *said;
	} rows[] = {
		{ GB_NS_PER_OP, 0, "0.000" },
		{ GB_NS_PER_OP, 0.01, "0.00001000n" },
		{ GB_NS_PER_OP, 234.5, "0.2345n" },
		{ GB_NS_PER_OP, 999.94, "0.9999n" },
		{ GB_NS_PER_OP, 999.96, "1.000n" },
		{ GB_NS_PER_OP, 9999.6, "10.00n" },
		{ GB_NS_PER_OP, 118234, "118.2n" },
		{ GB_NS_PER_OP, 999951, "1.000\xC2\xB5" },
		{ GB_NS_PER_OP, 1.5e9, "1.500m" },
		{ GB_NS_PER_OP, 1.5e12, "1.500" },
		{ GB_NS_PER_OP, 123.4e12, "123.4" },
		{ GB_NS_PER_OP, 3600e12, "3.600k" },
		{ GB_BYTES_PER_OP, 0, "0.000" },
		{ GB_BYTES_PER_OP, 8, "8.000" },
		{ GB_BYTES_PER_OP, 1023, "1023.0" },
		{ GB_BYTES_PER_OP, 1024, "1.000Ki" },
		{ GB_BYTES_PER_OP, 1048575, "1.000Mi" },
		{ GB_BYTES_PER_OP, 5e12, "4.547Ti" },
		{ GB_ALLOCS_PER_OP, 12345, "12.35k" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		_buf_ struct gb_buf out = GB_BUF_INIT(GB_KIB);
		_benches_ struct gb_benches b = { 0 };

		assert_int_equal(gb_benches_add(&b, "p", "X", rows[i].metric, GB_AFTER,
						rows[i].value, NULL),
				 0);
		assert_int_equal(gb_benches_judge(&b, &cpu, NULL), 0);
		gb_bench_say_median(&b.v[0], GB_AFTER, true, &out);
		if (strcmp(out.data, rows[i].said) != 0)
			fail_msg("%g is \"%s\", not \"%s\"", rows[i].value, out.data, rows[i].said);
	}
}

/* Whole rows, and how many there was no room for. */
static void ceiling(void **state)
{
	_benches_ struct gb_benches b = { 0 };

	(void)state;
	for (size_t i = 0; i < 300; i++) {
		char name[32];

		snprintf(name, sizeof(name), "Benchmark%zu", i);
		for (int side = 0; side < 2; side++)
			for (int k = 0; k < 5; k++)
				assert_int_equal(gb_benches_add(&b, "example.com/shop", name,
								GB_NS_PER_OP,
								(enum gb_bench_side)side,
								1000 * (1 + side) + k, NULL),
						 0);
	}
	assert_int_equal(gb_benches_judge(&b, &cpu, NULL), 0);
	for (size_t max = 2 * GB_KIB; max < 64 * GB_KIB; max *= 2) {
		_buf_ struct gb_buf out = GB_BUF_INIT(max);
		size_t rows = 0, more = 0;

		gb_bench_markdown(&b, &plain, &out);
		assert_false(out.failed);
		for (const char *s = out.data; (s = strstr(s, "Benchmark")); s++)
			rows++;
		assert_int_equal(sscanf(strstr(out.data, " |\n\n") + 4, "%zu more", &more), 1);
		assert_int_equal(rows + more, 300);
		assert_true(rows > 0);
	}
}

static void every_allocation(void **state)
{
	_benches_ struct gb_benches b = { 0 };

	(void)state;
	bench_fixture_make(&b, &cpu);
	for (size_t i = 0; i < FORMS; i++) {
		_buf_ struct gb_buf whole = GB_BUF_INIT(GB_MIB);

		forms[i].render(&b, &whole);
		for (size_t at = 1;; at++) {
			_buf_ struct gb_buf out = GB_BUF_INIT(GB_MIB);

			gb_mem_fail_at(at);
			forms[i].render(&b, &out);
			gb_mem_fail_at(0);
			if (!out.failed) {
				assert_string_equal(out.data, whole.data);
				break;
			}
			assert_true(out.nomem);
		}
	}
}

static void sentences(void **state)
{
	static const struct gb_cpu never = { 0.1, INFINITY };
	_buf_ struct gb_buf out = GB_BUF_INIT(GB_KIB);
	_benches_ struct gb_benches b = { 0 };

	(void)state;
	gb_bench_say_totals(&b, &out);
	gb_bench_say_needs(&b, &cpu, &out);
	gb_bench_say_machine(&b, &out);
	assert_string_equal(out.data, "0 benchmarks compared");
	for (size_t i = 0; i < 8; i++) {
		char name[32];

		snprintf(name, sizeof(name), "Benchmark%zu", i);
		for (int side = 0; side < 2; side++)
			for (int k = 0; k < 5; k++)
				assert_int_equal(gb_benches_add(&b, "p", name, GB_NS_PER_OP,
								(enum gb_bench_side)side,
								1000 + k + 100 * side, NULL),
						 0);
	}
	assert_int_equal(gb_benches_judge(&b, &cpu, NULL), 0);
	gb_buf_clear(&out);
	gb_bench_say_totals(&b, &out);
	assert_string_equal(out.data, "8 benchmarks compared: 8 slower; all together +9.98%");
	gb_buf_clear(&out);
	gb_bench_say_machine(&b, &out);
	assert_string_equal(out.data, "8 of 8 benchmarks are slower: something that all of them "
				      "share, or the machine");
	gb_buf_clear(&out);
	gb_bench_say_needs(&b, &never, &out);
	assert_string_equal(out.data, "");
	gb_bench_say_needs(&b, &cpu, &out);
	assert_string_equal(out.data,
			    "8 of 8 benchmarks have too few samples to tell slower from chance "
			    "among all: it takes 6 of each side to fail");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(golden),	    cmocka_unit_test(one_side),
		cmocka_unit_test(scales),	    cmocka_unit_test(ceiling),
		cmocka_unit_test(every_allocation), cmocka_unit_test(sentences),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
