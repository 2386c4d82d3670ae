/*
 * slower: of two CPU profiles, the module's functions in which the time went.
 *
 * Two benchmarks: Get calls Cache.Get, which calls strings.ToLower; GetAll is none of its
 * business.  The collector has stacks of its own.
 */
#include "base/err.h"
#include "base/mem.h"
#include "budget/bench.h"
#include "budget/policy.h"
#include "pprof/slower.h"
#include "pprof_fixture.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define MODULE "example.com/shop"

enum { RUN, GET, GET_ALL, CACHE, TO_LOWER, COLLECTOR, MAP, PREEMPT, FUNCTIONS };

static const struct {
	const char *name, *file;
	int start;
} functions[FUNCTIONS] = {
	{ "testing.(*B).runN", "testing/benchmark.go", 180 },
	{ MODULE "_test.BenchmarkGet.func1", "/src/shop/shop_test.go", 10 },
	{ MODULE "_test.BenchmarkGetAll", "/src/shop/shop_test.go", 30 },
	{ MODULE "/cache.(*Cache).Get", "/src/shop/cache/cache.go", 40 },
	{ "strings.ToLower", "strings/strings.go", 700 },
	{ "runtime.gcBgMarkWorker", "runtime/mgc.go", 1000 },
	{ "example.com/shopping.Map", "/mod/shopping/map.go", 1 },
	{ "runtime.asyncPreempt", "runtime/preempt_amd64.s", 1 },
};

/* Samples of each stack; `down`: how many lines Cache.Get has moved. */
struct counts {
	int itself, lower, other_line, all, collector, map, preempted;
	int down;
};

/* Locations are functions at a line, from 1. */
static void at(struct pf *f, int id, int function, int line)
{
	pf_location(f, id, 0, (uint64_t)(0x1000 * id), (int[]){ function + 1, line, 0 });
}

static void begin(struct pf *f, const char *first, const char *second)
{
	pf_empty(f);
	pf_type(f, first, "count");
	pf_type(f, second, "nanoseconds");
}

static struct gb_profile *profile(const struct counts *n)
{
	struct pf f;

	begin(&f, "samples", "cpu");
	for (int i = 0; i < FUNCTIONS; i++)
		pf_function(&f, i + 1, functions[i].name, functions[i].file,
			    functions[i].start + (i == CACHE ? n->down : 0));
	at(&f, 1, RUN, 190);
	at(&f, 2, GET, 12);
	at(&f, 3, GET_ALL, 33);
	at(&f, 4, CACHE, 41 + n->down);
	at(&f, 5, CACHE, 45 + n->down);
	at(&f, 6, TO_LOWER, 720);
	at(&f, 7, COLLECTOR, 1100);
	at(&f, 8, MAP, 3);
	at(&f, 9, PREEMPT, 9);
#define SAMPLE(count, ...) \
	if (count)         \
	pf_sample(&f, (int[]){ __VA_ARGS__, 0 }, count, (int64_t)(count)*10000000)
	SAMPLE(n->itself, 4, 2, 1);
	SAMPLE(n->lower, 6, 5, 2, 1);
	SAMPLE(n->other_line, 6, 4, 2, 1);
	SAMPLE(n->all, 6, 5, 3, 1);
	SAMPLE(n->collector, 7);
	SAMPLE(n->map, 8, 4, 2, 1);
	SAMPLE(n->preempted, 9, 4, 2, 1);
#undef SAMPLE
	return pf_load(&f);
}

struct found {
	struct gb_slower *v;
	size_t n;
};

static void release(struct found *f)
{
	gb_slower_free(f->v, f->n);
}
#define _found_ __attribute__((cleanup(release)))

static void find(const struct counts *before, const struct counts *after,
		 const struct gb_slower_query *q, struct found *ret)
{
	_profile_ struct gb_profile *old = profile(before), *now = profile(after);
	struct gb_err err = GB_ERR_INIT;

	if (gb_slower_find(old, now, q, &ret->v, &ret->n, &err) < 0)
		fail_msg("%s", err.line);
}

static void near(double got, double want)
{
	if (fabs(got - want) > 1e-9 * fabs(want))
		fail_msg("%.12g, not %.12g", got, want);
}

/* Twice as long, of which ToLower at the second line has all; the function has moved down. */
static void test_line_and_callee(void **state)
{
	static const struct counts before = { .itself = 60, .lower = 30, .other_line = 10 },
				   after = {
					   .itself = 30, .lower = 65, .other_line = 5, .down = 7
				   };
	static const struct gb_slower_query q = { .before = 1000, .after = 2000, .module = MODULE };
	_found_ struct found f = { 0 };

	(void)state;
	find(&before, &after, &q, &f);
	assert_int_equal(f.n, 1);
	assert_string_equal(f.v[0].at.function, MODULE "/cache.(*Cache).Get");
	assert_string_equal(f.v[0].at.file, "/src/shop/cache/cache.go");
	assert_int_equal(f.v[0].at.line, 52);
	near(f.v[0].flat_before, 1000);
	near(f.v[0].flat, 2000);
	near(f.v[0].cum, 2000);
	assert_string_equal(f.v[0].into.function, "strings.ToLower");
	assert_int_equal(f.v[0].into.line, 720);
	near(f.v[0].into_before, 400);
	near(f.v[0].into_after, 1400);
}

/* A module's path is no prefix of another's name; libraries are charged to who calls them. */
static void test_whose(void **state)
{
	static const struct counts before = { .itself = 100 },
				   after = { .itself = 100, .map = 100 };
	struct gb_slower_query q = { .before = 1000, .after = 2000, .module = MODULE };

	(void)state;
	for (int own = 0; own < 2; own++) {
		_found_ struct found f = { 0 };

		q.module = own ? NULL : MODULE;
		find(&before, &after, &q, &f);
		assert_int_equal(f.n, 1);
		assert_string_equal(f.v[0].at.function, own ? "example.com/shopping.Map"
							    : MODULE "/cache.(*Cache).Get");
		if (own)
			assert_null(f.v[0].into.function);
		else
			assert_string_equal(f.v[0].into.function, "example.com/shopping.Map");
	}
}

static void test_below_one_benchmark(void **state)
{
	static const struct counts before = { .itself = 100, .all = 100 },
				   after = { .itself = 100, .all = 900, .lower = 100 };
	struct gb_slower_query q = { .before = 1000, .after = 2000, .module = MODULE };
	_found_ struct found f = { 0 }, all = { 0 };

	(void)state;
	q.below = "BenchmarkGet";
	find(&before, &after, &q, &f);
	assert_int_equal(f.n, 1);
	near(f.v[0].into_after, 1000);
	q.below = "BenchmarkGetAll";
	find(&before, &after, &q, &all);
	assert_int_equal(all.n, 1);
	near(all.v[0].flat_before, 1000);
	near(all.v[0].flat, 2000);
}

/* On a busy machine a third of the samples stand in it, wherever the time goes. */
static void test_preemption_is_nobodys_callee(void **state)
{
	static const struct counts before = { .itself = 100 },
				   after = { .itself = 100, .preempted = 100 };
	static const struct gb_slower_query q = { .before = 1000, .after = 2000, .module = MODULE };
	_found_ struct found f = { 0 };

	(void)state;
	find(&before, &after, &q, &f);
	assert_int_equal(f.n, 1);
	near(f.v[0].flat, 2000);
	assert_null(f.v[0].into.function);
}

/* What has no frame of the module: the collector. */
static void test_nobodys(void **state)
{
	static const struct counts before = { .itself = 1000 },
				   after = { .itself = 1000, .collector = 500 };
	static const struct gb_slower_query q = { .before = 1000, .after = 1500, .module = MODULE };
	_found_ struct found f = { 0 };

	(void)state;
	find(&before, &after, &q, &f);
	assert_int_equal(f.n, 1);
	assert_string_equal(f.v[0].at.function, "runtime.gcBgMarkWorker");
	assert_string_equal(f.v[0].at.file, "");
	near(f.v[0].flat, 500);
}

/* Chance moves samples between functions: what it explains is not told. */
static void test_unsure(void **state)
{
	static const struct {
		struct counts before, after;
		double took;
		size_t n;
	} rows[] = {
		/* 10 and 16 samples are the same as far as anybody knows. */
		{ { .itself = 10 }, { .itself = 16 }, 1600, 0 },
		{ { .itself = 1000 }, { .itself = 1600 }, 1600, 1 },
		/* Less than a tenth of what the whole has more. */
		{ { .all = 100000, .itself = 100000 },
		  { .all = 198000, .itself = 102000 },
		  1500,
		  1 },
		{ { .itself = 100 }, { .itself = 100 }, 900, 0 },
		{ { .itself = 100 }, { 0 }, 2000, 0 },
		{ { 0 }, { .itself = 100 }, 2000, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct gb_slower_query q = { .before = 1000,
						   .after = rows[i].took,
						   .module = MODULE };
		_found_ struct found f = { 0 };

		find(&rows[i].before, &rows[i].after, &q, &f);
		if (f.n != rows[i].n)
			fail_msg("row %zu: %zu, not %zu", i, f.n, rows[i].n);
	}
}

static void test_no_cpu_profile(void **state)
{
	static const struct counts some = { .itself = 1 };
	static const struct gb_slower_query q = { .before = 1, .after = 2 };
	_profile_ struct gb_profile *cpu = profile(&some), *heap = pf_usual();
	struct gb_err err = GB_ERR_INIT;
	struct found f = { 0 };

	(void)state;
	assert_int_equal(gb_slower_find(heap, cpu, &q, &f.v, &f.n, &err), GB_EUSAGE);
	assert_non_null(strstr(err.line, "is no CPU profile"));
	assert_int_equal(gb_slower_find(cpu, heap, &q, &f.v, &f.n, NULL), GB_EUSAGE);
	assert_null(f.v);
}

static void test_out_of_memory(void **state)
{
	static const struct counts before = { .itself = 60, .lower = 30 },
				   after = { .itself = 60, .lower = 200 };
	static const struct gb_slower_query q = { .before = 1000, .after = 3000, .module = MODULE };
	_profile_ struct gb_profile *old = profile(&before), *now = profile(&after);

	(void)state;
	for (size_t n = 1;; n++) {
		struct gb_err err = GB_ERR_INIT;
		struct found f = { 0 };
		int rc;

		gb_mem_fail_at(n);
		rc = gb_slower_find(old, now, &q, &f.v, &f.n, &err);
		gb_mem_fail_at(0);
		if (rc >= 0) {
			assert_int_equal(f.n, 1);
			release(&f);
			return;
		}
		assert_int_equal(rc, GB_ENOMEM);
		assert_null(f.v);
	}
}

/* The way in for benchmarks: times are the medians', the name may have "/sub" and "-8". */
static void test_explain(void **state)
{
	static const struct counts before = { .itself = 100, .all = 100 },
				   after = { .itself = 100, .all = 900, .lower = 100 };
	static const char *const names[] = { "BenchmarkGet", "BenchmarkGet/of=10-8",
					     "BenchmarkGet-8" };
	_profile_ struct gb_profile *old = profile(&before), *now = profile(&after);
	static const struct gb_cpu cpu = { 0.1, 0.15 };

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		_benches_ struct gb_benches b = { 0 };
		struct gb_err err = GB_ERR_INIT;

		assert_int_equal(gb_benches_add(&b, MODULE, names[i], GB_NS_PER_OP, GB_BEFORE,
						100000, &err),
				 0);
		assert_int_equal(gb_benches_add(&b, MODULE, names[i], GB_NS_PER_OP, GB_AFTER,
						200000, &err),
				 0);
		assert_int_equal(gb_benches_judge(&b, &cpu, &err), 0);
		/* Again takes the place of what was there. */
		for (int k = 0; k < 2; k++)
			assert_int_equal(gb_bench_explain(&b.v[0], MODULE, false, old, now, &err),
					 0);
		assert_int_equal(b.v[0].n_slower, 1);
		near(b.v[0].slower[0].flat, 200000);
		near(b.v[0].slower[0].into_after, 100000);
		assert_int_equal(gb_bench_explain(&b.v[0], MODULE, true, old, now, &err), 0);
		near(b.v[0].slower[0].flat, 200000);
		near(b.v[0].slower[0].into_after, 200000. * 1000 / 1100);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_line_and_callee),
		cmocka_unit_test(test_whose),
		cmocka_unit_test(test_below_one_benchmark),
		cmocka_unit_test(test_preemption_is_nobodys_callee),
		cmocka_unit_test(test_nobodys),
		cmocka_unit_test(test_unsure),
		cmocka_unit_test(test_no_cpu_profile),
		cmocka_unit_test(test_out_of_memory),
		cmocka_unit_test(test_explain),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
