/*
 * metric - what is counted, in which unit, and how it may be compared.
 *
 * The names are those of budget files, reports and the command line.
 *
 *  goroutines          left behind by the test: alive after its cleanups and after settling
 *  goroutines_peak     most alive at one time while it ran (the test's own is not counted)
 *  goroutines_created  started by it, by whatever it started, and so on
 *  alloc_space         bytes of heap allocated, rounded up to size classes as the allocator does
 *  alloc_objects       number of heap objects allocated
 *  inuse_space         bytes still reachable after the test, garbage collected   (alone)
 *  heap_peak           highest heap in use while it ran, above what was there before (alone)
 *  B/op allocs/op      of a benchmark, per operation, whole numbers as `go test -benchmem` rounds
 *  ns/op               of a benchmark; held in PICOSECONDS; no budget: compared (budget/bench.h)
 *  escapes             values that a package's own code has the compiler put on the heap, its
 *                      test files left out                                  (compiled, package)
 *  gc_count            garbage collections of the package's test binary     (package, unsteady)
 *  gc_pause_total      for how long they stopped the world, in ns           (package, unsteady)
 *  gc_pause_worst      ... and the longest of them                          (package, unsteady)
 *  heap_live           bytes still reachable at its end, by a forced collection, once tests are
 *                      over and goroutines have settled                     (package, unsteady)
 *
 * Tiny objects (pointer-free, under 16 bytes) share 16-byte blocks.  The real
 * allocator shares them between all goroutines of a P and forgets the block at
 * each collection, so who pays for it is chance.  We charge as if every
 * goroutine had a block of its own: the object that opens a block pays 16
 * bytes, those that fit into it pay none, and each counts as one object
 * (as runtime.MemStats.Mallocs counts it).  For a test run alone that is what
 * a profile at rate 1 shows; in a parallel run it stays the same.
 *
 * "Package" metrics are of the row (package) alone.  Those of the collector are what
 * runtime.MemStats has, from the start of the process, without the collections that gobudget asks
 * for; they are not known of a run whose collector was off (exact), of a test that ran alone, nor
 * of a process in which a benchmark ran, which collects as often as it was repeated.  "Unsteady"
 * ones depend on the machine and the moment: they are judged where a budget or a ceiling names
 * them and by nothing else, and small differences are no news.
 *
 * "Alone" metrics come from a process that runs only that test; they are
 * never compared with numbers measured in order.
 */
#ifndef GB_GO_METRIC_H
#define GB_GO_METRIC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum gb_metric {
	GB_GOROUTINES,
	GB_GOROUTINES_PEAK,
	GB_GOROUTINES_CREATED,
	GB_ALLOC_SPACE,
	GB_ALLOC_OBJECTS,
	GB_INUSE_SPACE,
	GB_HEAP_PEAK,
	GB_BYTES_PER_OP,
	GB_ALLOCS_PER_OP,
	GB_NS_PER_OP,
	GB_ESCAPES,
	GB_GC_COUNT,
	GB_GC_PAUSE_TOTAL,
	GB_GC_PAUSE_WORST,
	GB_HEAP_LIVE,
	GB_METRICS /* at most 32: sets of them are bits of a uint32_t */
};

enum gb_unit { GB_COUNT, GB_BYTES, GB_PICOSECONDS, GB_NANOSECONDS };

struct gb_metric_info {
	const char *name;
	enum gb_unit unit;
	bool alone;	/* measured by running the test alone */
	bool goroutine; /* judged by any run, not by the minimum */
	bool judged;	/* false: shown only */
	bool benchmark; /* of benchmarks */
	bool compiled;	/* said by the compiler, not measured by running: equal at every run */
	bool package;	/* of the row (package) */
	bool collector; /* measured only with the collector as users have it */
	bool unsteady;	/* hangs on the machine and the moment */
};

extern const struct gb_metric_info gb_metrics[GB_METRICS];

/* By name; -1 if there is none. */
int gb_metric_find(const char *name);

/* "9,216 B", "3", "12.4 ns", "1.3 ms": for people.  At least 32 bytes.  Returns out. */
char *gb_metric_format(char *out, size_t size, enum gb_metric m, int64_t value);
/* "+64 B", "-12", "+1.3 ms" */
char *gb_metric_delta(char *out, size_t size, enum gb_metric m, int64_t delta);

#endif
