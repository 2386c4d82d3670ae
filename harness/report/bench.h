/*
 * bench - benchmarks before and after, rendered; budget/bench.h says what is told of them.
 *
 *	text		tables of a package and a unit each, with the columns of benchstat; below a
 *			row the functions behind what is slower
 *	Markdown	the same for GitHub
 *	JSON		an array for the object of a report
 *	lines		what `go test -bench` prints, for benchstat and everything else that reads it
 *
 * Medians, intervals, differences, p and n have benchstat's digits, prefixes and units.  Where
 * nothing was measured before, the tables have one side, and all rows.  Names are made safe for
 * where they go.
 */
#ifndef GB_REPORT_BENCH_H
#define GB_REPORT_BENCH_H

#include "budget/bench.h"

struct gb_buf;
struct gb_cpu;
struct gb_jsonw;
struct gb_slower;

struct gb_bench_look {
	const char *before, *after; /* headings, such as "v1.2.0" */
	const struct gb_cpu *cpu;   /* what they were judged by */
	bool colour, utf8;
	bool all; /* rows of no difference, too; else of B/op and allocs/op only what differs */
};

void gb_bench_text(const struct gb_benches *b, const struct gb_bench_look *look,
		   struct gb_buf *out);
/* Worst first.  Rows that would go beyond out->max are counted and left out. */
void gb_bench_markdown(const struct gb_benches *b, const struct gb_bench_look *look,
		       struct gb_buf *out);
/* As member `key` of the object that is open. */
void gb_bench_json(const struct gb_benches *b, const char *key, struct gb_jsonw *w);
/* The n-th sample of each metric is the n-th line's; ns/op to the picosecond. */
void gb_bench_lines(const struct gb_benches *b, enum gb_bench_side side, struct gb_buf *out);

/* report/bench_say.c: the same words everywhere; names are not made safe. */

/* "118.2n", "1.150Ki"; both sides of a row have the scale of the smaller one. */
void gb_bench_say_median(const struct gb_bench *row, enum gb_bench_side side, bool utf8,
			 struct gb_buf *out);
/* "3%", "∞" ("inf"), "?" where the signs differ */
void gb_bench_say_spread(const struct gb_median *m, bool utf8, struct gb_buf *out);
/* "+18.20%", "~", "0.00%", "?" from 0, "new", "gone" */
void gb_bench_say_change(const struct gb_bench *row, struct gb_buf *out);
/* The word of its verdict; bytes and allocations are "more" or "less". */
const char *gb_bench_say_word(const struct gb_bench *row);
/* "p=0.000 n=10", "p=0.000 n=10+9" */
void gb_bench_say_p(const struct gb_bench *row, struct gb_buf *out);
/* "sec/op", "B/op", "allocs/op" */
const char *gb_bench_unit(enum gb_metric m);
/* "over +15%", "warns from +10%", "beyond +15%, but p=0.210 among all 42: warns"; "" of others */
void gb_bench_say_verdict(const struct gb_benches *b, const struct gb_bench *row,
			  const struct gb_cpu *cpu, struct gb_buf *out);
/* "+31.0 ns/op in cache.(*Cache).Get at cache.go:41, +29.5 ns/op of it in hash/maphash.String at
 * maphash.go:120" */
void gb_bench_say_slower(const struct gb_slower *s, struct gb_buf *out);
/* "12 benchmarks compared: 1 over, 2 warn, 3 faster, 6 the same; all together +1.2%" */
void gb_bench_say_totals(const struct gb_benches *b, struct gb_buf *out);
/* Where the samples are too few for what is asked of them: what it takes. */
void gb_bench_say_needs(const struct gb_benches *b, const struct gb_cpu *cpu, struct gb_buf *out);
/* Where nearly all are slower: what that may mean. */
void gb_bench_say_machine(const struct gb_benches *b, struct gb_buf *out);

#endif
