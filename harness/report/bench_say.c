/* bench_say - benchmarks in words and numbers, the same in every rendering.  See bench.h. */
#include "report/bench.h"

#include "base/buf.h"
#include "base/units.h"
#include "budget/policy.h"
#include "pprof/slower.h"

#include <math.h>
#include <string.h>

#define FEW_MACHINE ((size_t)8) /* of fewer, nearly all may well be slower */

struct scale {
	const char *prefix, *plain; /* UTF-8, ASCII */
	double factor;
	double hundred, ten, one; /* from where a value needs 1, 2, 3 digits after the point */
};

/* As golang.org/x/perf/benchunit: what would round up to the next power belongs there. */
static const struct scale decimal[] = {
	{ "T", "T", 1e12, 99.995e12, 9.9995e12, .99995e12 },
	{ "G", "G", 1e9, 99.995e9, 9.9995e9, .99995e9 },
	{ "M", "M", 1e6, 99.995e6, 9.9995e6, .99995e6 },
	{ "k", "k", 1e3, 99.995e3, 9.9995e3, .99995e3 },
	{ "", "", 1, 99.995, 9.9995, .99995 },
	{ "m", "m", 1e-3, 99.995e-3, 9.9995e-3, .99995e-3 },
	{ "\xC2\xB5", "u", 1e-6, 99.995e-6, 9.9995e-6, .99995e-6 },
	{ "n", "n", 1e-9, 99.995e-9, 9.9995e-9, .99995e-9 },
};

#define BINARY(name, exp)                                                                 \
	{                                                                                 \
		name, name, 0x1p##exp, 0x1.8ffae147ae148p6 * 0x1p##exp,                   \
			0x1.3ffbe76c8b439p3 * 0x1p##exp, 0x1.fff972474538fp-1 * 0x1p##exp \
	}

static const struct scale binary[] = {
	BINARY("Ti", 40), BINARY("Gi", 30), BINARY("Mi", 20), BINARY("Ki", 10), BINARY("", 0),
};

/* Three digits at least of `like`, which is what both sides of a row are scaled by. */
static void say_scaled(double v, double like, bool is_binary, bool utf8, struct gb_buf *out)
{
	const struct scale *s = is_binary ? binary : decimal;
	size_t n = is_binary ? sizeof(binary) / sizeof(*s) : sizeof(decimal) / sizeof(*s), i = 0;
	int digits = 3;
	double least = 9.9995e-1;

	if (like == 0) {
		gb_buf_addf(out, "%.3f", v);
		return;
	}
	while (i + 1 < n && like < s[i].one)
		i++;
	if (like >= s[i].one) {
		digits = like >= s[i].hundred ? 1 : like >= s[i].ten ? 2 : 3;
	} else {
		/* Below the smallest prefix: up to 10 digits. */
		while (digits < 10 && like / s[i].factor < least) {
			least /= 10;
			digits++;
		}
	}
	gb_buf_addf(out, "%.*f%s", digits, v / s[i].factor, utf8 ? s[i].prefix : s[i].plain);
}

void gb_bench_say_median(const struct gb_bench *row, enum gb_bench_side side, bool utf8,
			 struct gb_buf *out)
{
	double like = 0;

	for (int i = 0; i < 2; i++) {
		double v = fabs(row->side[i].median.at);

		if (row->side[i].n && v > 0 && (like == 0 || v < like))
			like = v;
	}
	say_scaled(row->side[side].median.at, like, row->metric == GB_BYTES_PER_OP, utf8, out);
}

void gb_bench_say_spread(const struct gb_median *m, bool utf8, struct gb_buf *out)
{
	double share = gb_median_spread(m);

	if (isinf(share))
		gb_buf_adds(out, utf8 ? "\xE2\x88\x9E" : "inf");
	else if (isnan(share))
		gb_buf_adds(out, "?");
	else
		gb_buf_addf(out, "%.0f%%", 100 * share);
}

void gb_bench_say_change(const struct gb_bench *row, struct gb_buf *out)
{
	double old = row->side[GB_BEFORE].median.at, now = row->side[GB_AFTER].median.at;

	if (row->word == GB_BENCH_NEW || row->word == GB_BENCH_GONE)
		gb_buf_adds(out, gb_bench_word_name(row->word));
	else if (row->p > GB_STATS_ALPHA)
		gb_buf_adds(out, "~");
	else if (old == now)
		gb_buf_adds(out, "0.00%");
	else if (old == 0)
		gb_buf_adds(out, "?");
	else
		gb_buf_addf(out, "%+.2f%%", (now / old - 1) * 100);
}

const char *gb_bench_say_word(const struct gb_bench *row)
{
	if (row->metric != GB_NS_PER_OP && row->word == GB_BENCH_SLOWER)
		return "more";
	if (row->metric != GB_NS_PER_OP && row->word == GB_BENCH_FASTER)
		return "less";
	return row->word == GB_BENCH_FEW ? "too few samples" : gb_bench_word_name(row->word);
}

void gb_bench_say_p(const struct gb_bench *row, struct gb_buf *out)
{
	size_t old = row->side[GB_BEFORE].n, now = row->side[GB_AFTER].n;

	if (row->word != GB_BENCH_NEW && row->word != GB_BENCH_GONE)
		gb_buf_addf(out, "p=%.3f ", row->p);
	if (old == now || !old || !now)
		gb_buf_addf(out, "n=%zu", now ? now : old);
	else
		gb_buf_addf(out, "n=%zu+%zu", old, now);
}

const char *gb_bench_unit(enum gb_metric m)
{
	return m == GB_NS_PER_OP ? "sec/op" : gb_metrics[m].name;
}

static void say_share(double share, struct gb_buf *out)
{
	gb_buf_addf(out, "+%g%%", share * 100);
}

void gb_bench_say_verdict(const struct gb_benches *b, const struct gb_bench *row,
			  const struct gb_cpu *cpu, struct gb_buf *out)
{
	if (row->word == GB_BENCH_OVER) {
		gb_buf_adds(out, "over ");
		say_share(cpu->fail, out);
	} else if (row->word == GB_BENCH_WARN && row->unsure) {
		gb_buf_adds(out, "beyond ");
		say_share(row->change > cpu->fail ? cpu->fail : cpu->warn, out);
		gb_buf_addf(out, ", but p=%.3f among all %zu: warns", row->p_all, b->compared);
	} else if (row->word == GB_BENCH_WARN) {
		gb_buf_adds(out, "warns from ");
		say_share(cpu->warn, out);
	} else if (row->word == GB_BENCH_FEW) {
		gb_buf_adds(out, "too few samples");
	}
}

/* Picoseconds as people say them: "+31.0 ns/op". */
static void say_time(double ps, struct gb_buf *out)
{
	static const char *const units[] = { "ps", "ns", "us", "ms", "s" };
	size_t unit = 0;

	while (unit < 4 && fabs(ps) >= 999.5) {
		ps /= 1000;
		unit++;
	}
	gb_buf_addf(out, "%+.*f %s/op", fabs(ps) < 99.95 ? 1 : 0, ps, units[unit]);
}

static void say_place(const struct gb_place *p, struct gb_buf *out)
{
	const char *base = strrchr(p->file, '/');

	gb_buf_adds(out, p->function);
	if (p->line)
		gb_buf_addf(out, " at %s:%lld", base ? base + 1 : p->file, (long long)p->line);
}

void gb_bench_say_slower(const struct gb_slower *s, struct gb_buf *out)
{
	say_time(s->flat - s->flat_before, out);
	gb_buf_adds(out, " in ");
	say_place(&s->at, out);
	if (s->into.function) {
		gb_buf_adds(out, ", ");
		say_time(s->into_after - s->into_before, out);
		gb_buf_adds(out, " of it in ");
		say_place(&s->into, out);
	}
}

/* The geometric mean of what became of each: one number for all of them. */
static bool all_together(const struct gb_benches *b, double *ret)
{
	double sum = 0;

	for (size_t i = 0; i < b->n; i++) {
		const struct gb_bench *row = &b->v[i];

		if (row->metric != GB_NS_PER_OP || !row->side[0].n || !row->side[1].n)
			continue;
		if (row->side[0].median.at <= 0 || row->side[1].median.at <= 0)
			return false;
		sum += log(row->side[1].median.at / row->side[0].median.at);
	}
	if (b->compared)
		*ret = exp(sum / (double)b->compared) - 1;
	return b->compared > 1;
}

void gb_bench_say_totals(const struct gb_benches *b, struct gb_buf *out)
{
	static const char *const words[GB_BENCH_WORDS] = {
		[GB_BENCH_OVER] = "over",     [GB_BENCH_WARN] = "warn",
		[GB_BENCH_SLOWER] = "slower", [GB_BENCH_FASTER] = "faster",
		[GB_BENCH_SAME] = "the same", [GB_BENCH_FEW] = "with too few samples",
		[GB_BENCH_NEW] = "new",	      [GB_BENCH_GONE] = "gone",
	};
	const char *sep = ": ";
	char text[32];
	double share;

	gb_buf_addf(out, "%s benchmark%s compared",
		    gb_format_count(text, sizeof(text), (int64_t)b->compared),
		    b->compared == 1 ? "" : "s");
	for (int i = 0; i < GB_BENCH_WORDS; i++) {
		if (!b->words[i])
			continue;
		gb_buf_addf(out, "%s%s %s", sep,
			    gb_format_count(text, sizeof(text), (int64_t)b->words[i]), words[i]);
		sep = ", ";
	}
	if (all_together(b, &share))
		gb_buf_addf(out, "; all together %+.2f%%", share * 100);
}

void gb_bench_say_needs(const struct gb_benches *b, const struct gb_cpu *cpu, struct gb_buf *out)
{
	if (!b->few || isinf(cpu->fail))
		return;
	gb_buf_addf(out,
		    "%zu of %zu benchmark%s %s too few samples to tell slower from chance among "
		    "all: it takes %zu of each side to fail",
		    b->few, b->compared, b->compared == 1 ? "" : "s", b->few == 1 ? "has" : "have",
		    b->needs);
}

void gb_bench_say_machine(const struct gb_benches *b, struct gb_buf *out)
{
	size_t slower = 0;

	for (size_t i = 0; i < b->n; i++)
		slower += b->v[i].metric == GB_NS_PER_OP && b->v[i].p < GB_STATS_ALPHA &&
			  b->v[i].change > 0;
	if (b->compared < FEW_MACHINE || slower * 4 < b->compared * 3)
		return;
	gb_buf_addf(out,
		    "%zu of %zu benchmarks are slower: something that all of them share, or the "
		    "machine",
		    slower, b->compared);
}
