#include "bench_fixture.h"

#include "base/err.h"
#include "base/mem.h"
#include "pprof/slower.h"
#include "report_fixture.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#define PACKAGE "example.com/shop/cache"

struct side {
	double middle, spread; /* samples lie evenly from middle to middle * (1 + spread) */
	size_t n;
};

static void add_side(struct gb_benches *b, const char *package, const char *name, enum gb_metric m,
		     enum gb_bench_side which, const struct side *s)
{
	struct gb_err err = GB_ERR_INIT;

	for (size_t i = 0; i < s->n; i++) {
		double v = s->middle * (1 + s->spread * (double)i / (double)s->n);

		if (gb_benches_add(b, package, name, m, which, round(v * 10) / 10, &err) < 0)
			fail_msg("%s", err.line);
	}
}

static struct gb_place place(const char *function, const char *file, int line)
{
	struct gb_place p = { gb_strdup(function), gb_strdup(file), line };

	assert_non_null(p.function);
	assert_non_null(p.file);
	return p;
}

static void explain(struct gb_bench *row)
{
	struct gb_slower *v = gb_calloc(3, sizeof(*v));

	assert_non_null(v);
	v[0] = (struct gb_slower){ place(PACKAGE ".normal", "/src/shop/cache/cache.go", 16),
				   2000,
				   30700,
				   2000,
				   30700,
				   place("strings.ToLower", "/go/src/strings/strings.go", 746),
				   0,
				   21000 };
	v[1] = (struct gb_slower){ .at = place(fixture_hostile, "/src/a\n<b>.go", 7),
				   .flat = 2000000,
				   .cum = 5000000 };
	v[2] = (struct gb_slower){ .at = place("runtime.gcBgMarkWorker", "", 0), .flat = 1500 };
	row->slower = v;
	row->n_slower = 3;
}

void bench_fixture_make(struct gb_benches *b, const struct gb_cpu *cpu)
{
	static const struct {
		const char *name;
		enum gb_metric metric;
		struct side before, after;
	} rows[] = {
		{ "BenchmarkGet", GB_NS_PER_OP, { 10680, 0.05, 10 }, { 45540, 0.09, 10 } },
		{ "BenchmarkGet", GB_BYTES_PER_OP, { 0, 0, 10 }, { 8, 0, 10 } },
		{ "BenchmarkGet", GB_ALLOCS_PER_OP, { 0, 0, 10 }, { 1, 0, 10 } },
		{ "BenchmarkPut", GB_NS_PER_OP, { 1e6, 0.4, 8 }, { 1.155e6, 0.4, 8 } },
		{ "BenchmarkPut", GB_BYTES_PER_OP, { 123456, 0.01, 10 }, { 123456, 0.01, 10 } },
		{ "BenchmarkWarns", GB_NS_PER_OP, { 234.5, 0.01, 12 }, { 261, 0.01, 12 } },
		{ "BenchmarkSlower", GB_NS_PER_OP, { 5e8, 0.01, 10 }, { 5.2e8, 0.01, 10 } },
		{ "BenchmarkFaster/of=10", GB_NS_PER_OP, { 7e12, 0.02, 10 }, { 1e12, 0.02, 9 } },
		{ "BenchmarkSame", GB_NS_PER_OP, { 84290, 0.02, 10 }, { 84290, 0.02, 10 } },
		{ "BenchmarkFew", GB_NS_PER_OP, { 100000, 0.02, 3 }, { 300000, 0.02, 3 } },
		{ "BenchmarkNew", GB_NS_PER_OP, { 0, 0, 0 }, { 300000, 0.02, 10 } },
		{ "BenchmarkGone", GB_NS_PER_OP, { 300000, 0.02, 1 }, { 0, 0, 0 } },
	};
	static const struct side usual = { 5e6, 0.01, 10 }, doubled = { 1e7, 0.01, 10 };
	struct gb_err err = GB_ERR_INIT;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		add_side(b, PACKAGE, rows[i].name, rows[i].metric, GB_BEFORE, &rows[i].before);
		add_side(b, PACKAGE, rows[i].name, rows[i].metric, GB_AFTER, &rows[i].after);
	}
	add_side(b, fixture_hostile, fixture_hostile, GB_NS_PER_OP, GB_BEFORE, &usual);
	add_side(b, fixture_hostile, fixture_hostile, GB_NS_PER_OP, GB_AFTER, &doubled);
	if (gb_benches_judge(b, cpu, &err) < 0)
		fail_msg("%s", err.line);
	explain(&b->v[0]);
}
