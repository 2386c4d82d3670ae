/*
 * bench - benchmarks measured again and again, before and after: which of them are really slower.
 *
 *	gb_benches_add()	one sample of one metric of one benchmark, of either side
 *	gb_benches_judge()	once all are there
 *
 * A row is one metric of one benchmark.  Its middle is the median, and two sides are different only
 * where the Mann-Whitney test says so with p < 0.05 (stats.h): what benchstat prints, to the digit.
 *
 * ns/op is judged by the policy's `cpu`: a row that is really slower warns beyond one share, and is
 * over beyond another.  Of hundreds of benchmarks a p below 0.05 comes by chance in every twentieth, so
 * p has to hold among all of them:
 *
 *  - to fail, Holm's (p_all): a night is red for nothing with a chance of 5% at most, and far less,
 *    since chance has to move medians that far, too;
 *  - to warn, Benjamini's and Hochberg's (q): of what warns, a twentieth is chance, on average.
 *
 * What is beyond `fail` and holds for a warning only warns, and is `unsure`; so does what holds by
 * itself where the samples are too few for any p to hold among all.  B/op and allocs/op have budgets
 * of their own: here they are only told.
 *
 * None of it knows whether the machine was the same: whoever compares two nights looks to that, and
 * measures both sides in turn where it can.
 */
#ifndef GB_BUDGET_BENCH_H
#define GB_BUDGET_BENCH_H

#include "budget/stats.h"
#include "go/metric.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct gb_cpu;
struct gb_err;
struct gb_profile;
struct gb_slower;

enum gb_bench_side { GB_BEFORE, GB_AFTER };

enum gb_bench_word {
	GB_BENCH_OVER,	 /* really slower, by more than the policy's `fail` */
	GB_BENCH_WARN,	 /* ... than its `warn` */
	GB_BENCH_SLOWER, /* really more, by less than that, or of what is only told */
	GB_BENCH_FASTER, /* really less */
	GB_BENCH_SAME,	 /* no difference that could not be chance */
	GB_BENCH_FEW,	 /* so few samples that no difference could be told */
	GB_BENCH_NEW,	 /* not there before */
	GB_BENCH_GONE,	 /* not there any more */
	GB_BENCH_WORDS
};

struct gb_bench_samples {
	/* As go/metric.h counts: picoseconds, bytes, allocations; in the order they came.  Not
	 * always whole, since Go prints 0.2345 ns. */
	double *v;
	size_t n, cap;
	/* What benchstat counts: seconds, bytes, allocations.  Of no samples: all 0. */
	struct gb_median median;
};

struct gb_bench {
	char *package, *name;
	enum gb_metric metric; /* GB_NS_PER_OP, GB_BYTES_PER_OP or GB_ALLOCS_PER_OP */
	struct gb_bench_samples side[2];
	/* of both sides, after judging */
	double change; /* of the medians: 0.182 is 18.2% more; INFINITY from 0, 0 where none */
	double p;      /* 1 where there is nothing to compare */
	double p_all;  /* of ns/op: among all of them, Holm's */
	double q;      /* ... Benjamini's and Hochberg's */
	enum gb_bench_word word;
	bool unsure;		  /* warns though it is beyond `fail`, or q is 0.05 or more */
	struct gb_slower *slower; /* of ns/op, which functions, worst first; gb_bench_explain() */
	size_t n_slower;
};

struct gb_benches {
	struct gb_bench *v; /* as their first samples came */
	size_t n, cap;
	size_t *by_name; /* positions, sorted by package, name and metric */
	size_t cap_by_name;
	/* after judging, of ns/op */
	size_t words[GB_BENCH_WORDS];
	size_t compared; /* have both sides */
	size_t needs; /* samples a side has to have, so that one slower benchmark alone can fail */
	size_t few;   /* of those compared, how many have not */
};

/* At most GB_MAX_SAMPLES of each side, GB_MAX_TESTS rows: GB_ELIMIT.  GB_EUSAGE: another metric, or
 * a value that is negative or no number. */
int gb_benches_add(struct gb_benches *b, const char *package, const char *name, enum gb_metric m,
		   enum gb_bench_side side, double value, struct gb_err *err);
/* May be called again after more were added. */
int gb_benches_judge(struct gb_benches *b, const struct gb_cpu *cpu, struct gb_err *err);
/* The parts of judging that do not test: medians and their change of one row, which is then NEW,
 * GONE or SAME; and what is counted of all. */
int gb_bench_measure(struct gb_bench *row, struct gb_err *err);
void gb_benches_count(struct gb_benches *b);
void gb_benches_release(struct gb_benches *b);
#define _benches_ __attribute__((cleanup(gb_benches_release)))

/*
 * Fills in row->slower from a CPU profile of each side (pprof/slower.h).  `alone`: the profiles are of
 * this benchmark and no other; else only stacks below its function count, and sub-benchmarks
 * are not told apart.  `module` is the path that the module's own functions begin with.
 * Profiles in which too little was seen leave it empty.  GB_EUSAGE: no CPU profile.
 */
int gb_bench_explain(struct gb_bench *row, const char *module, bool alone,
		     const struct gb_profile *before, const struct gb_profile *after,
		     struct gb_err *err);

/* NULL where there is none. */
struct gb_bench *gb_benches_find(const struct gb_benches *b, const char *package, const char *name,
				 enum gb_metric m);
/* One value as benchstat counts it: picoseconds are seconds. */
double gb_bench_value(enum gb_metric m, double value);
/* "over", "warn", "slower", "faster", "same", "few", "new", "gone" */
const char *gb_bench_word_name(enum gb_bench_word word);

#endif
