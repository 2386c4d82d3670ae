/*
 * bench: what is said of two sets of samples; how often it is said of nothing, and of something.
 *
 * The noise of the simulations is real where it can be: tests/unit/noise.txt has what was measured again
 * and again of one commit, on a machine that was busy.  All draws are seeded.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/fs.h"
#include "base/limits.h"
#include "base/mem.h"
#include "budget/bench.h"
#include "budget/policy.h"

static const struct gb_cpu cpu = { 0.10, 0.15 };

static void add(struct gb_benches *b, const char *name, enum gb_metric m, enum gb_bench_side side,
		const double *v, size_t n)
{
	struct gb_err err = GB_ERR_INIT;

	for (size_t i = 0; i < n; i++)
		if (gb_benches_add(b, "example.com/shop", name, m, side, v[i], &err) < 0)
			fail_msg("%s", err.line);
}

/* 100,000 ps, each a little more than the one before. */
static void ramp(double *v, size_t n, double factor, double step)
{
	for (size_t i = 0; i < n; i++)
		v[i] = round(100000 * factor * (1 + step * (double)i));
}

static void judge(struct gb_benches *b, const struct gb_cpu *by)
{
	struct gb_err err = GB_ERR_INIT;

	if (gb_benches_judge(b, by, &err) < 0)
		fail_msg("%s", err.line);
}

static void test_words(void **state)
{
	static const struct {
		const char *name;
		enum gb_metric metric;
		size_t before, after; /* samples */
		double factor, step;  /* of what it was; how much samples differ */
		enum gb_bench_word word;
	} rows[] = {
		{ "over", GB_NS_PER_OP, 10, 10, 1.16, 0.001, GB_BENCH_OVER },
		{ "warn", GB_NS_PER_OP, 10, 10, 1.14, 0.001, GB_BENCH_WARN },
		{ "more than the share, to the digit", GB_NS_PER_OP, 10, 10, 1.1001, 0,
		  GB_BENCH_WARN },
		{ "the share itself", GB_NS_PER_OP, 10, 10, 1.1, 0, GB_BENCH_SLOWER },
		{ "slower", GB_NS_PER_OP, 10, 10, 1.05, 0.001, GB_BENCH_SLOWER },
		{ "faster", GB_NS_PER_OP, 10, 10, 0.5, 0.001, GB_BENCH_FASTER },
		{ "same", GB_NS_PER_OP, 10, 10, 1, 0.001, GB_BENCH_SAME },
		{ "far apart, and further spread", GB_NS_PER_OP, 10, 10, 1.2, 0.2, GB_BENCH_SAME },
		{ "few", GB_NS_PER_OP, 3, 3, 2, 0.001, GB_BENCH_FEW },
		{ "few of one side do", GB_NS_PER_OP, 2, 10, 2, 0.001, GB_BENCH_OVER },
		{ "one of one side does not", GB_NS_PER_OP, 1, 10, 2, 0.001, GB_BENCH_FEW },
		{ "new", GB_NS_PER_OP, 0, 10, 1, 0.001, GB_BENCH_NEW },
		{ "gone", GB_NS_PER_OP, 10, 0, 1, 0.001, GB_BENCH_GONE },
		{ "from zero", GB_BYTES_PER_OP, 10, 10, 1, 0, GB_BENCH_SLOWER },
		{ "bytes have budgets", GB_BYTES_PER_OP, 10, 10, 2, 0, GB_BENCH_SLOWER },
		{ "fewer allocations", GB_ALLOCS_PER_OP, 10, 10, 0.5, 0, GB_BENCH_FASTER },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		_benches_ struct gb_benches b = { 0 };
		double v[10];

		ramp(v, 10, !strcmp(rows[i].name, "from zero") ? 0 : 1, rows[i].step);
		add(&b, "X", rows[i].metric, GB_BEFORE, v, rows[i].before);
		ramp(v, 10, rows[i].factor, rows[i].step);
		add(&b, "X", rows[i].metric, GB_AFTER, v, rows[i].after);
		judge(&b, &cpu);
		if (b.v[0].word != rows[i].word)
			fail_msg("%s: is %s, p %g, change %g", rows[i].name,
				 gb_bench_word_name(b.v[0].word), b.v[0].p, b.v[0].change);
		assert_int_equal(b.words[rows[i].word], rows[i].metric == GB_NS_PER_OP);
		assert_false(b.v[0].unsure);
	}
}

static void test_policies(void **state)
{
	static const struct {
		struct gb_cpu cpu;
		enum gb_bench_word word; /* of one that is 30% slower */
	} rows[] = {
		{ { 0.1, INFINITY }, GB_BENCH_WARN },  { { INFINITY, INFINITY }, GB_BENCH_SLOWER },
		{ { INFINITY, 0.15 }, GB_BENCH_OVER }, { { 0.5, 0.6 }, GB_BENCH_SLOWER },
		{ { 0, 0 }, GB_BENCH_OVER },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		_benches_ struct gb_benches b = { 0 };
		double v[10];

		ramp(v, 10, 1, 0.001);
		add(&b, "X", GB_NS_PER_OP, GB_BEFORE, v, 10);
		ramp(v, 10, 1.3, 0.001);
		add(&b, "X", GB_NS_PER_OP, GB_AFTER, v, 10);
		judge(&b, &rows[i].cpu);
		assert_int_equal(b.v[0].word, rows[i].word);
	}
}

/* Alone it is over; among many it cannot be, and says how many samples it takes. */
static void test_among_many(void **state)
{
	for (size_t others = 0; others < 20; others += 19) {
		_benches_ struct gb_benches b = { 0 };
		const struct gb_bench *slow;
		double v[5];

		(void)state;
		ramp(v, 5, 1, 0.001);
		add(&b, "Slow", GB_NS_PER_OP, GB_BEFORE, v, 5);
		ramp(v, 5, 1.3, 0.001);
		add(&b, "Slow", GB_NS_PER_OP, GB_AFTER, v, 5);
		ramp(v, 5, 1, 0.001);
		for (size_t i = 0; i < others; i++) {
			char name[32];

			snprintf(name, sizeof(name), "Other%zu", i);
			add(&b, name, GB_NS_PER_OP, GB_BEFORE, v, 5);
			add(&b, name, GB_NS_PER_OP, GB_AFTER, v, 5);
		}
		judge(&b, &cpu);
		slow = gb_benches_find(&b, "example.com/shop", "Slow", GB_NS_PER_OP);
		assert_int_equal(slow->word, others ? GB_BENCH_WARN : GB_BENCH_OVER);
		assert_int_equal(slow->unsure, others != 0);
		assert_int_equal(b.compared, others + 1);
		assert_int_equal(b.few, others ? others + 1 : 0);
		assert_int_equal(b.needs, others ? 6 : 4);
		assert_true(fabs(slow->p_all - slow->p * (double)(others + 1)) < 1e-12);
	}
}

static void test_rows(void **state)
{
	static const double odd[] = { 234.5, 1, 7 };
	_benches_ struct gb_benches b = { 0 };
	struct gb_err err = GB_ERR_INIT;
	const struct gb_bench *row;

	(void)state;
	assert_null(gb_benches_find(&b, "p", "X", GB_NS_PER_OP));
	judge(&b, &cpu);
	assert_int_equal(b.compared, 0);
	add(&b, "Z", GB_NS_PER_OP, GB_BEFORE, odd, 3);
	add(&b, "A", GB_NS_PER_OP, GB_BEFORE, odd, 1);
	add(&b, "Z", GB_ALLOCS_PER_OP, GB_AFTER, odd, 1);
	add(&b, "Z", GB_NS_PER_OP, GB_BEFORE, odd, 1);
	/* As they came, and each found by its name. */
	assert_int_equal(b.n, 3);
	assert_string_equal(b.v[0].name, "Z");
	assert_string_equal(b.v[1].name, "A");
	row = gb_benches_find(&b, "example.com/shop", "Z", GB_NS_PER_OP);
	assert_ptr_equal(row, &b.v[0]);
	assert_int_equal(row->side[GB_BEFORE].n, 4);
	assert_true(row->side[GB_BEFORE].v[0] == 234.5);
	assert_int_equal(gb_benches_find(&b, "example.com/shop", "Z", GB_ALLOCS_PER_OP)->metric,
			 GB_ALLOCS_PER_OP);
	assert_null(gb_benches_find(&b, "example.com", "Z", GB_NS_PER_OP));
	assert_int_equal(gb_benches_add(&b, "p", "X", GB_GOROUTINES, GB_AFTER, 1, &err), GB_EUSAGE);
	assert_int_equal(gb_benches_add(&b, "p", "X", GB_NS_PER_OP, GB_AFTER, -1, &err), GB_EUSAGE);
	assert_int_equal(gb_benches_add(&b, "p", "X", GB_NS_PER_OP, GB_AFTER, NAN, &err),
			 GB_EUSAGE);
	assert_int_equal(b.n, 3);
	for (size_t i = row->side[GB_BEFORE].n; i < GB_MAX_SAMPLES; i++)
		add(&b, "Z", GB_NS_PER_OP, GB_BEFORE, odd, 1);
	assert_int_equal(gb_benches_add(&b, "example.com/shop", "Z", GB_NS_PER_OP, GB_BEFORE, 1,
					&err),
			 GB_ELIMIT);
	/* Later samples are judged, too. */
	judge(&b, &cpu);
	assert_int_equal(b.words[GB_BENCH_GONE], 2);
	add(&b, "A", GB_NS_PER_OP, GB_AFTER, odd, 1);
	judge(&b, &cpu);
	assert_int_equal(b.words[GB_BENCH_GONE], 1);
	assert_int_equal(b.words[GB_BENCH_FEW], 1);
}

static void test_out_of_memory(void **state)
{
	double v[10];

	(void)state;
	ramp(v, 10, 1, 0.001);
	for (size_t at = 1;; at++) {
		_benches_ struct gb_benches b = { 0 };
		struct gb_err err = GB_ERR_INIT;
		int rc = 0;

		gb_mem_fail_at(at);
		for (size_t i = 0; i < 20 && rc >= 0; i++)
			rc = gb_benches_add(&b, "p", i % 3 ? "X" : "Y", GB_NS_PER_OP,
					    i < 10 ? GB_BEFORE : GB_AFTER, v[i % 10], &err);
		if (rc >= 0)
			rc = gb_benches_judge(&b, &cpu, &err);
		gb_mem_fail_at(0);
		if (rc >= 0)
			return;
		assert_int_equal(rc, GB_ENOMEM);
	}
}

static uint64_t seed = 88172645463325252u;

static double chance(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (double)(seed >> 11) / 9007199254740992.0;
}

static double normal(void)
{
	double sum = 0;

	for (int i = 0; i < 12; i++)
		sum += chance();
	return sum - 6;
}

#define SERIES	96
#define SAMPLES 64

static struct {
	double v[SAMPLES];
	size_t n;
} noise[SERIES];
static size_t n_noise;

static int load_noise(void **state)
{
	_buf_ struct gb_buf text = GB_BUF_INIT(GB_MAX_POLICY_FILE);
	struct gb_err err = GB_ERR_INIT;

	(void)state;
	if (gb_fs_read(GB_SOURCE_DIR "/tests/unit/noise.txt", &text, &err) < 0)
		fail_msg("%s", err.line);
	for (char *line = text.data, *next; line && *line; line = next) {
		next = strchr(line, '\n');
		if (next)
			*next++ = 0;
		if (*line != 'n')
			continue;
		assert_true(n_noise < SERIES);
		for (char *p = strchr(line, ':') + 1, *end;; p = end) {
			double v = strtod(p, &end);

			if (end == p)
				break;
			noise[n_noise].v[noise[n_noise].n++] = v * 1000;
		}
		n_noise++;
	}
	assert_true(n_noise >= 20);
	return 0;
}

enum kind { REAL, QUIET, BUSY }; /* drawn from noise.txt; 3%; 3% with every fifth up to 3 times */

static double draw(enum kind kind, size_t i)
{
	double v = 100000 * exp(0.03 * normal());

	if (kind == REAL)
		return noise[i % n_noise].v[(size_t)(chance() * (double)noise[i % n_noise].n)];
	return kind == BUSY && chance() < 0.2 ? v * (1 + 2 * chance()) : v;
}

struct nights {
	size_t over, warn, slow; /* with one that is over, warns, or the slow one found */
	size_t singles;		 /* that would be over if p alone counted */
};

/* `n` nights of so many benchmarks in which nothing changed but the first, by `factor`. */
static struct nights simulate(enum kind kind, size_t n, size_t benchmarks, double factor)
{
	struct nights seen = { 0 };

	for (size_t night = 0; night < n; night++) {
		_benches_ struct gb_benches b = { 0 };
		bool single = false;

		for (size_t i = 0; i < benchmarks; i++) {
			double v[10];
			char name[32];

			snprintf(name, sizeof(name), "B%zu", i);
			for (int side = 0; side < 2; side++) {
				for (size_t k = 0; k < 10; k++)
					v[k] = draw(kind, i) * (side && !i ? factor : 1);
				add(&b, name, GB_NS_PER_OP, (enum gb_bench_side)side, v, 10);
			}
		}
		judge(&b, &cpu);
		for (size_t i = factor > 1; i < b.n; i++)
			single |= b.v[i].p < GB_STATS_ALPHA && b.v[i].change > cpu.fail;
		seen.over += b.words[GB_BENCH_OVER] > (b.v[0].word == GB_BENCH_OVER && factor > 1);
		seen.warn += b.words[GB_BENCH_WARN] > (b.v[0].word == GB_BENCH_WARN && factor > 1);
		seen.slow += b.v[0].word == GB_BENCH_OVER;
		seen.singles += single;
	}
	return seen;
}

/*
 * Nights of 100 benchmarks, ten samples each.  With GB_NIGHTS=1500: of real noise 32 nights were over and 2
 * warned (by p alone, 1,343 had been over); of quiet noise none; of busy noise 13 and none (445).
 */
static void test_nothing_changed(void **state)
{
	static const struct {
		const char *name;
		enum kind kind;
	} kinds[] = { { "real", REAL }, { "quiet", QUIET }, { "busy", BUSY } };
	const char *asked = getenv("GB_NIGHTS");
	size_t n = asked ? strtoul(asked, NULL, 10) : 40;

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct nights seen = simulate(kinds[i].kind, n, 100, 1);

		print_message("%s noise: of %zu nights %zu are over (by p alone %zu), %zu warn\n",
			      kinds[i].name, n, seen.over, seen.singles, seen.warn);
		/* What is promised: at most 5% of each. */
		assert_true(seen.over * 20 <= n);
		assert_true(seen.warn * 20 <= n);
		assert_true(seen.over <= seen.singles);
	}
}

static void test_one_changed(void **state)
{
	static const struct {
		const char *name;
		enum kind kind;
		double factor;
		size_t least; /* percent of nights in which it has to be over */
	} rows[] = {
		{ "quiet, 20% slower", QUIET, 1.2, 90 },
		{ "quiet, 30% slower", QUIET, 1.3, 99 },
		{ "busy, 50% slower", BUSY, 1.5, 20 },
	};
	const char *asked = getenv("GB_NIGHTS");
	size_t n = asked ? strtoul(asked, NULL, 10) : 20;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct nights seen = simulate(rows[i].kind, n, 100, rows[i].factor);

		print_message("%s: over in %zu of %zu nights, another in %zu\n", rows[i].name,
			      seen.slow, n, seen.over);
		assert_true(seen.slow * 100 >= rows[i].least * n);
		assert_true(seen.over * 20 <= n);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words),	      cmocka_unit_test(test_policies),
		cmocka_unit_test(test_among_many),    cmocka_unit_test(test_rows),
		cmocka_unit_test(test_out_of_memory), cmocka_unit_test(test_nothing_changed),
		cmocka_unit_test(test_one_changed),
	};

	return cmocka_run_group_tests(tests, load_noise, NULL);
}
