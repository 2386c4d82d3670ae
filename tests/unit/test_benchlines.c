/* benchlines: values out of what go test -bench prints, whatever stands around them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "go/benchlines.h"

static int tell(void *arg, const struct gb_benchline *v, struct gb_err *err)
{
	(void)err;
	gb_buf_addf(arg, "%s|%s|%s|%.17g\n", v->package, v->name, gb_metrics[v->metric].name,
		    v->value);
	return 0;
}

static void test_values(void **state)
{
	static const struct {
		const char *text, *values;
		size_t broken;
	} rows[] = {
		{ "", "", 0 },
		{ "PASS\nok  \tm\t1.2s\n", "", 0 },
		{ "BenchmarkA-8 \t 100\t 12.345 ns/op\n", "|BenchmarkA-8|ns/op|12345\n", 0 },
		{ "pkg: example.com/m\nBenchmarkA 1 0.2345 ns/op 16 B/op 1 allocs/op",
		  "example.com/m|BenchmarkA|ns/op|234.5\n"
		  "example.com/m|BenchmarkA|B/op|16\nexample.com/m|BenchmarkA|allocs/op|1\n",
		  0 },
		{ "pkg: a\r\nBenchmarkA 1 1 ns/op\r\npkg: b\nBenchmarkA 1 2 ns/op\n",
		  "a|BenchmarkA|ns/op|1000\nb|BenchmarkA|ns/op|2000\n", 0 },
		/* Other units, with any words. */
		{ "BenchmarkA 1 5 ns/op 33.5 MB/s 7 my-unit", "|BenchmarkA|ns/op|5000\n", 0 },
		{ "BenchmarkA 1 1.5e3 ns/op", "|BenchmarkA|ns/op|1500000\n", 0 },
		/* -v prints the name first. */
		{ "BenchmarkA\nBenchmarkA-2 1 5 ns/op", "|BenchmarkA-2|ns/op|5000\n", 0 },
		/* Printed into by a test, or by somebody else. */
		{ "BenchmarkA-2 \tlog line\nBenchmarkB 1 5 ns/op", "|BenchmarkB|ns/op|5000\n", 1 },
		{ "BenchmarkA 1 5\nBenchmarkA 1 x ns/op\nBenchmarkA 1 -5 ns/op\n"
		  "BenchmarkA 1 inf ns/op\nBenchmarkA 1 0x5 ns/op\nBenchmarkA 1 1e999 ns/op",
		  "", 6 },
		/* The largest that is a number, and is none in picoseconds. */
		{ "BenchmarkA 1 1e308 ns/op", "", 0 },
		{ "Benchmarking the disk 1 5 ns/op\nbenchmarkA 1 5 ns/op\n BenchmarkA 1 5 ns/op",
		  "", 0 },
		{ "Benchmark 1 5 ns/op", "|Benchmark|ns/op|5000\n", 0 },
		{ "Benchmark\xC3\x84rger 1 5 ns/op", "|Benchmark\xC3\x84rger|ns/op|5000\n", 0 },
		{ "pkg:\nBenchmarkA 1 5 ns/op", "|BenchmarkA|ns/op|5000\n", 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		_buf_ struct gb_buf out = GB_BUF_INIT(GB_MIB);
		struct gb_benchlines seen;
		struct gb_err err = GB_ERR_INIT;

		if (gb_benchlines_walk("b.txt", rows[i].text, strlen(rows[i].text), tell, &out,
				       &seen, &err) < 0)
			fail_msg("%s: %s", rows[i].text, err.line);
		if (strcmp(out.data, rows[i].values) != 0 || seen.broken != rows[i].broken)
			fail_msg("%s\ngives %s\n%zu broken", rows[i].text, out.data, seen.broken);
	}
}

static int stop(void *arg, const struct gb_benchline *v, struct gb_err *err)
{
	(void)v;
	*(int *)arg += 1;
	return gb_fail(err, GB_EINTR, "enough");
}

static void test_stops(void **state)
{
	static const char text[] = "BenchmarkA 1 5 ns/op 5 B/op\nBenchmarkA 1 5 ns/op\n";
	_buf_ struct gb_buf wide = GB_BUF_INIT(GB_MIB);
	struct gb_err err = GB_ERR_INIT;
	struct gb_benchlines seen;
	int calls = 0;

	(void)state;
	assert_int_equal(gb_benchlines_walk("b", text, sizeof(text) - 1, stop, &calls, &seen, &err),
			 GB_EINTR);
	assert_int_equal(calls, 1);
	gb_buf_adds(&wide, "ok\n");
	gb_buf_fill(&wide, 'x', GB_MAX_LINE + 1);
	assert_int_equal(gb_benchlines_walk("b", wide.data, wide.len, stop, &calls, &seen, &err),
			 GB_ELIMIT);
	assert_string_equal(err.line, "b:2: the line exceeds 65536 bytes");
	for (size_t n = 1;; n++) {
		_buf_ struct gb_buf out = GB_BUF_INIT(GB_MIB);
		int rc;

		gb_mem_fail_at(n);
		rc = gb_benchlines_walk("b", "pkg: a\nok\n", 10, tell, &out, &seen, &err);
		gb_mem_fail_at(0);
		if (rc == 0)
			break;
		assert_int_equal(rc, GB_ENOMEM);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_stops),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
