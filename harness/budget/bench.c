/* bench - see bench.h. */
#include "budget/bench.h"

#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "budget/policy.h"
#include "pprof/slower.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

double gb_bench_value(enum gb_metric m, double value)
{
	/* In the steps that benchstat takes from "12.345 ns/op", so that both round alike. */
	return m == GB_NS_PER_OP ? value / 1000 * 1e-9 : value;
}

const char *gb_bench_word_name(enum gb_bench_word word)
{
	static const char *const names[GB_BENCH_WORDS] = {
		[GB_BENCH_OVER] = "over",     [GB_BENCH_WARN] = "warn",
		[GB_BENCH_SLOWER] = "slower", [GB_BENCH_FASTER] = "faster",
		[GB_BENCH_SAME] = "same",     [GB_BENCH_FEW] = "few",
		[GB_BENCH_NEW] = "new",	      [GB_BENCH_GONE] = "gone",
	};

	return names[word];
}

static int compare(const struct gb_bench *b, const char *package, const char *name,
		   enum gb_metric m)
{
	int rc = strcmp(b->package, package);

	if (rc == 0)
		rc = strcmp(b->name, name);
	return rc ? rc : (b->metric > m) - (b->metric < m);
}

/* The place among by_name where it stands, or would. */
static size_t place(const struct gb_benches *b, const char *package, const char *name,
		    enum gb_metric m, bool *ret_there)
{
	size_t low = 0, high = b->n;

	*ret_there = false;
	while (low < high) {
		size_t mid = low + (high - low) / 2;
		int rc = compare(&b->v[b->by_name[mid]], package, name, m);

		if (rc == 0)
			*ret_there = true;
		if (rc < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

struct gb_bench *gb_benches_find(const struct gb_benches *b, const char *package, const char *name,
				 enum gb_metric m)
{
	bool there;
	size_t at = place(b, package, name, m, &there);

	return there ? &b->v[b->by_name[at]] : NULL;
}

static int add_row(struct gb_benches *b, size_t at, const char *package, const char *name,
		   enum gb_metric m, struct gb_err *err)
{
	struct gb_bench row = { .package = gb_strdup(package), .name = gb_strdup(name) };
	int rc = row.package && row.name ? 0 : gb_fail_nomem(err);

	row.metric = m;
	if (rc == 0)
		rc = gb_grow((void **)&b->v, &b->cap, b->n + 1, sizeof(*b->v), GB_MAX_TESTS, err);
	if (rc == 0)
		rc = gb_grow((void **)&b->by_name, &b->cap_by_name, b->n + 1, sizeof(*b->by_name),
			     GB_MAX_TESTS, err);
	if (rc < 0) {
		free(row.package);
		free(row.name);
		return rc;
	}
	memmove(b->by_name + at + 1, b->by_name + at, (b->n - at) * sizeof(*b->by_name));
	b->by_name[at] = b->n;
	b->v[b->n++] = row;
	return 0;
}

int gb_benches_add(struct gb_benches *b, const char *package, const char *name, enum gb_metric m,
		   enum gb_bench_side side, double value, struct gb_err *err)
{
	struct gb_bench_samples *s;
	bool there;
	size_t at;
	int rc;

	if (m != GB_NS_PER_OP && m != GB_BYTES_PER_OP && m != GB_ALLOCS_PER_OP)
		return gb_fail(err, GB_EUSAGE, "%s is not measured per operation",
			       gb_metrics[m].name);
	if (!(value >= 0) || isinf(value))
		return gb_fail(err, GB_EUSAGE, "%.200s: %g %s is no measurement", name, value,
			       gb_metrics[m].name);
	at = place(b, package, name, m, &there);
	if (!there && (rc = add_row(b, at, package, name, m, err)) < 0)
		return rc;
	s = &b->v[b->by_name[at]].side[side];
	if ((rc = gb_grow((void **)&s->v, &s->cap, s->n + 1, sizeof(*s->v), GB_MAX_SAMPLES, err)) <
	    0)
		return rc;
	s->v[s->n++] = value;
	return 0;
}

/* The median of one side; its sorted values for the test, the caller's to free. */
static int measure(struct gb_bench_samples *s, enum gb_metric m, double **ret, struct gb_err *err)
{
	double *v = gb_malloc((s->n + 1) * sizeof(*v));

	if (!v)
		return gb_fail_nomem(err);
	for (size_t i = 0; i < s->n; i++)
		v[i] = gb_bench_value(m, s->v[i]);
	s->median = (struct gb_median){ 0 };
	if (s->n)
		gb_stats_median(v, s->n, &s->median);
	*ret = v;
	return 0;
}

static bool has_both(const struct gb_bench *row)
{
	return row->side[GB_BEFORE].n && row->side[GB_AFTER].n;
}

static int measure_row(struct gb_bench *row, double **ret_before, double **ret_after,
		       struct gb_err *err)
{
	struct gb_bench_samples *old = &row->side[GB_BEFORE], *now = &row->side[GB_AFTER];
	int rc;

	row->change = 0;
	row->p = row->p_all = row->q = 1;
	row->unsure = false;
	if ((rc = measure(old, row->metric, ret_before, err)) < 0 ||
	    (rc = measure(now, row->metric, ret_after, err)) < 0)
		return rc;
	row->word = !old->n ? GB_BENCH_NEW : !now->n ? GB_BENCH_GONE : GB_BENCH_SAME;
	if (row->word == GB_BENCH_SAME && now->median.at != old->median.at)
		row->change = old->median.at > 0 ? now->median.at / old->median.at - 1 : INFINITY;
	return 0;
}

int gb_bench_measure(struct gb_bench *row, struct gb_err *err)
{
	_free_ double *before = NULL, *after = NULL;

	return measure_row(row, &before, &after, err);
}

static int test(struct gb_bench *row, struct gb_err *err)
{
	_free_ double *before = NULL, *after = NULL;
	int rc = measure_row(row, &before, &after, err);

	if (rc < 0 || !has_both(row))
		return rc;
	return gb_stats_u_test(before, row->side[GB_BEFORE].n, after, row->side[GB_AFTER].n,
			       &row->p, err);
}

/* Whether it cannot fail, however much slower it is. */
static bool is_few(const struct gb_benches *b, const struct gb_bench *row)
{
	return gb_stats_least_p(row->side[GB_BEFORE].n, row->side[GB_AFTER].n) *
		       (double)b->compared >=
	       GB_STATS_ALPHA;
}

void gb_benches_count(struct gb_benches *b)
{
	memset(b->words, 0, sizeof(b->words));
	b->compared = b->few = 0;
	for (size_t i = 0; i < b->n; i++)
		if (b->v[i].metric == GB_NS_PER_OP) {
			b->words[b->v[i].word]++;
			b->compared += has_both(&b->v[i]);
		}
	b->needs = gb_stats_holm_needs(b->compared);
	for (size_t i = 0; i < b->n; i++)
		b->few +=
			b->v[i].metric == GB_NS_PER_OP && has_both(&b->v[i]) && is_few(b, &b->v[i]);
}

/* What p of each has to be among all. */
static int among_all(struct gb_benches *b, struct gb_err *err)
{
	_free_ double *p = gb_calloc(3 * b->n + 1, sizeof(*p));
	double *holm, *fdr;
	size_t n = 0;
	int rc;

	if (!p)
		return gb_fail_nomem(err);
	holm = p + b->n;
	fdr = holm + b->n;
	for (size_t i = 0; i < b->n; i++)
		if (b->v[i].metric == GB_NS_PER_OP && has_both(&b->v[i]))
			p[n++] = b->v[i].p;
	if ((rc = gb_stats_holm(p, n, holm, err)) < 0 || (rc = gb_stats_fdr(p, n, fdr, err)) < 0)
		return rc;
	n = 0;
	for (size_t i = 0; i < b->n; i++)
		if (b->v[i].metric == GB_NS_PER_OP && has_both(&b->v[i])) {
			b->v[i].p_all = holm[n];
			b->v[i].q = fdr[n++];
		}
	return 0;
}

static void judge(const struct gb_benches *b, struct gb_bench *row, const struct gb_cpu *cpu)
{
	if (!has_both(row))
		return;
	if (row->p >= GB_STATS_ALPHA) {
		row->word = gb_stats_least_p(row->side[GB_BEFORE].n, row->side[GB_AFTER].n) <
					    GB_STATS_ALPHA
				    ? GB_BENCH_SAME
				    : GB_BENCH_FEW;
		return;
	}
	/* Equal medians of unlike sets: there is nothing to tell. */
	row->word = row->change > 0   ? GB_BENCH_SLOWER
		    : row->change < 0 ? GB_BENCH_FASTER
				      : GB_BENCH_SAME;
	if (row->metric != GB_NS_PER_OP || !(row->change > fmin(cpu->warn, cpu->fail)))
		return;
	if (row->change > cpu->fail && row->p_all < GB_STATS_ALPHA) {
		row->word = GB_BENCH_OVER;
	} else if (row->change > cpu->warn && (row->q < GB_STATS_ALPHA || is_few(b, row))) {
		row->word = GB_BENCH_WARN;
		row->unsure = row->change > cpu->fail || row->q >= GB_STATS_ALPHA;
	}
}

int gb_benches_judge(struct gb_benches *b, const struct gb_cpu *cpu, struct gb_err *err)
{
	int rc;

	for (size_t i = 0; i < b->n; i++)
		if ((rc = test(&b->v[i], err)) < 0)
			return rc;
	if ((rc = among_all(b, err)) < 0)
		return rc;
	gb_benches_count(b);
	for (size_t i = 0; i < b->n; i++)
		judge(b, &b->v[i], cpu);
	gb_benches_count(b);
	return 0;
}

void gb_benches_release(struct gb_benches *b)
{
	for (size_t i = 0; i < b->n; i++) {
		struct gb_bench *row = &b->v[i];

		free(row->package);
		free(row->name);
		free(row->side[GB_BEFORE].v);
		free(row->side[GB_AFTER].v);
		gb_slower_free(row->slower, row->n_slower);
	}
	free(b->v);
	free(b->by_name);
	*b = (struct gb_benches){ 0 };
}
