/*
 * bench_fixture - benchmarks made by hand, one of every word.
 *
 * Packages example.com/shop/cache and one with a hostile name: over (with functions that are slower),
 * unsure, warn, slower, faster, same, few, new, gone; B/op and allocs/op of some.
 */
#ifndef GB_TESTS_BENCH_FIXTURE_H
#define GB_TESTS_BENCH_FIXTURE_H

#include "budget/bench.h"
#include "budget/policy.h"

/* `b` is empty; judged by `cpu`. */
void bench_fixture_make(struct gb_benches *b, const struct gb_cpu *cpu);

#endif
