#include "go/metric.h"

#include "base/units.h"

#include <stdio.h>
#include <string.h>

#define PS_PER_NS 1000

_Static_assert(GB_METRICS <= 32, "sets of metrics are bits of a uint32_t");

const struct gb_metric_info gb_metrics[GB_METRICS] = {
	[GB_GOROUTINES] = { .name = "goroutines", .goroutine = true, .judged = true },
	[GB_GOROUTINES_PEAK] = { .name = "goroutines_peak", .goroutine = true, .judged = true },
	[GB_GOROUTINES_CREATED] = { .name = "goroutines_created",
				    .goroutine = true,
				    .judged = true },
	[GB_ALLOC_SPACE] = { .name = "alloc_space", .unit = GB_BYTES, .judged = true },
	[GB_ALLOC_OBJECTS] = { .name = "alloc_objects", .judged = true },
	[GB_INUSE_SPACE] = { .name = "inuse_space",
			     .unit = GB_BYTES,
			     .alone = true,
			     .judged = true },
	[GB_HEAP_PEAK] = { .name = "heap_peak", .unit = GB_BYTES, .alone = true, .judged = true },
	[GB_BYTES_PER_OP] = { .name = "B/op", .unit = GB_BYTES, .judged = true, .benchmark = true },
	[GB_ALLOCS_PER_OP] = { .name = "allocs/op", .judged = true, .benchmark = true },
	[GB_NS_PER_OP] = { .name = "ns/op", .unit = GB_PICOSECONDS, .benchmark = true },
	[GB_ESCAPES] = { .name = "escapes", .judged = true, .compiled = true, .package = true },
	[GB_GC_COUNT] = { .name = "gc_count",
			  .judged = true,
			  .package = true,
			  .collector = true,
			  .unsteady = true },
	[GB_GC_PAUSE_TOTAL] = { .name = "gc_pause_total",
				.unit = GB_NANOSECONDS,
				.judged = true,
				.package = true,
				.collector = true,
				.unsteady = true },
	[GB_GC_PAUSE_WORST] = { .name = "gc_pause_worst",
				.unit = GB_NANOSECONDS,
				.judged = true,
				.package = true,
				.collector = true,
				.unsteady = true },
	[GB_HEAP_LIVE] = { .name = "heap_live",
			   .unit = GB_BYTES,
			   .judged = true,
			   .package = true,
			   .unsteady = true },
};

int gb_metric_find(const char *name)
{
	for (int m = 0; m < GB_METRICS; m++)
		if (!strcmp(gb_metrics[m].name, name))
			return m;
	return -1;
}

static char *format_time(char *out, size_t size, int64_t ps)
{
	char number[32];

	/* Tenths matter only where they are more than noise. */
	if (ps > -100 * PS_PER_NS && ps < 100 * PS_PER_NS) {
		snprintf(out, size, "%.1f ns", (double)ps / PS_PER_NS);
		return out;
	}
	snprintf(out, size, "%s ns", gb_format_count(number, sizeof(number), ps / PS_PER_NS));
	return out;
}

char *gb_metric_format(char *out, size_t size, enum gb_metric m, int64_t value)
{
	switch (gb_metrics[m].unit) {
	case GB_BYTES:
		return gb_format_size(out, size, value);
	case GB_PICOSECONDS:
		return format_time(out, size, value);
	case GB_NANOSECONDS:
		return gb_format_nanoseconds(out, size, value);
	case GB_COUNT:
		break;
	}
	return gb_format_count(out, size, value);
}

char *gb_metric_delta(char *out, size_t size, enum gb_metric m, int64_t delta)
{
	char text[48];

	if (gb_metrics[m].unit == GB_COUNT || gb_metrics[m].unit == GB_BYTES)
		return gb_format_delta(out, size, delta, gb_metrics[m].unit == GB_BYTES);
	gb_metric_format(text, sizeof(text), m, delta);
	snprintf(out, size, "%s%s", delta > 0 ? "+" : "", text);
	return out;
}
