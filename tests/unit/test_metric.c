/* metric: names, properties, and how values are shown. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "go/metric.h"

static void test_every_metric_is_found_by_its_name(void **state)
{
	(void)state;
	for (int m = 0; m < GB_METRICS; m++) {
		assert_non_null(gb_metrics[m].name);
		assert_int_equal(gb_metric_find(gb_metrics[m].name), m);
	}
	assert_int_equal(gb_metric_find("alloc"), -1);
	assert_int_equal(gb_metric_find(""), -1);
}

static void test_properties(void **state)
{
	static const struct {
		const char *name;
		enum gb_unit unit;
		bool alone, goroutine, judged, benchmark;
	} rows[] = {
		{ "goroutines", GB_COUNT, false, true, true, false },
		{ "goroutines_peak", GB_COUNT, false, true, true, false },
		{ "goroutines_created", GB_COUNT, false, true, true, false },
		{ "alloc_space", GB_BYTES, false, false, true, false },
		{ "alloc_objects", GB_COUNT, false, false, true, false },
		{ "inuse_space", GB_BYTES, true, false, true, false },
		{ "heap_peak", GB_BYTES, true, false, true, false },
		{ "B/op", GB_BYTES, false, false, true, true },
		{ "allocs/op", GB_COUNT, false, false, true, true },
		{ "ns/op", GB_PICOSECONDS, false, false, false, true },
		{ "escapes", GB_COUNT, false, false, true, false },
		{ "gc_count", GB_COUNT, false, false, true, false },
		{ "gc_pause_total", GB_NANOSECONDS, false, false, true, false },
		{ "gc_pause_worst", GB_NANOSECONDS, false, false, true, false },
		{ "heap_live", GB_BYTES, false, false, true, false },
	};

	(void)state;
	assert_int_equal(sizeof(rows) / sizeof(rows[0]), GB_METRICS);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct gb_metric_info *m = &gb_metrics[gb_metric_find(rows[i].name)];

		assert_int_equal(m->unit, rows[i].unit);
		assert_int_equal(m->alone, rows[i].alone);
		assert_int_equal(m->goroutine, rows[i].goroutine);
		assert_int_equal(m->judged, rows[i].judged);
		assert_int_equal(m->benchmark, rows[i].benchmark);
		bool escapes = strcmp(m->name, "escapes") == 0;
		bool collector = strncmp(m->name, "gc_", 3) == 0;
		bool live = strcmp(m->name, "heap_live") == 0;

		assert_int_equal(m->compiled, escapes);
		assert_int_equal(m->package, escapes || collector || live);
		assert_int_equal(m->collector, collector);
		assert_int_equal(m->unsteady, collector || live);
	}
}

static void test_values_are_shown_in_their_unit(void **state)
{
	static const struct {
		enum gb_metric m;
		int64_t value;
		const char *text;
	} rows[] = {
		{ GB_GOROUTINES, 3, "3" },
		{ GB_ALLOC_OBJECTS, 1234567, "1,234,567" },
		{ GB_ALLOC_SPACE, 9216, "9,216 B" },
		{ GB_ALLOC_SPACE, 0, "0 B" },
		{ GB_HEAP_PEAK, 3 << 20, "3.0 MiB" },
		{ GB_NS_PER_OP, 0, "0.0 ns" },
		{ GB_NS_PER_OP, 12412, "12.4 ns" },
		{ GB_NS_PER_OP, 99949, "99.9 ns" },
		{ GB_NS_PER_OP, 100000, "100 ns" },
		{ GB_NS_PER_OP, 1234567890, "1,234,567 ns" },
		{ GB_NS_PER_OP, INT64_MAX, "9,223,372,036,854,775 ns" },
		{ GB_GC_COUNT, 1234, "1,234" },
		{ GB_GC_PAUSE_WORST, 9216, "9,216 ns" },
		{ GB_GC_PAUSE_TOTAL, 1250000, "1.3 ms" },
		{ GB_HEAP_LIVE, 9216, "9,216 B" },
	};
	char out[32];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_ptr_equal(gb_metric_format(out, sizeof(out), rows[i].m, rows[i].value), out);
		assert_string_equal(out, rows[i].text);
	}
}

static void test_differences_have_their_unit(void **state)
{
	static const struct {
		enum gb_metric m;
		int64_t delta;
		const char *text;
	} rows[] = {
		{ GB_GOROUTINES, 3, "+3" },
		{ GB_ALLOC_SPACE, -64, "-64 B" },
		{ GB_GC_COUNT, 0, "0" },
		{ GB_GC_PAUSE_WORST, 1250000, "+1.3 ms" },
		{ GB_GC_PAUSE_WORST, -80, "-80 ns" },
		{ GB_NS_PER_OP, 12412, "+12.4 ns" },
		{ GB_HEAP_LIVE, 3 << 20, "+3.0 MiB" },
	};
	char out[32];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_ptr_equal(gb_metric_delta(out, sizeof(out), rows[i].m, rows[i].delta), out);
		assert_string_equal(out, rows[i].text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_metric_is_found_by_its_name),
		cmocka_unit_test(test_properties),
		cmocka_unit_test(test_values_are_shown_in_their_unit),
		cmocka_unit_test(test_differences_have_their_unit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
