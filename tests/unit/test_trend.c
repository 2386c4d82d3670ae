/*
 * trend: known changes are found, and nights of nothing but noise stay quiet.
 *
 * The noise is real: tests/unit/noise.txt has what was measured again and again of one commit.  A
 * night's value is drawn from those of a series; all draws are seeded.
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
#include "budget/trend.h"

#define NIGHTS	365
#define LEAST	0.02
#define SERIES	96
#define SAMPLES 64
#define ROUNDS	10

struct series {
	char unit; /* 'B' bytes of a test, 'n' ns/op of a benchmark */
	double v[SAMPLES];
	size_t n;
};

static struct series noise[SERIES];
static size_t n_noise;
static uint64_t seed = 88172645463325252u;

static double chance(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (double)(seed >> 11) / 9007199254740992.0;
}

static int load_noise(void **state)
{
	_buf_ struct gb_buf text = GB_BUF_INIT(GB_MAX_POLICY_FILE);
	struct gb_err err = GB_ERR_INIT;

	(void)state;
	if (gb_fs_read(GB_SOURCE_DIR "/tests/unit/noise.txt", &text, &err) < 0)
		fail_msg("%s", err.line);
	for (char *line = text.data, *next; line && *line; line = next) {
		struct series *s = &noise[n_noise];

		next = strchr(line, '\n');
		if (next)
			*next++ = 0;
		if (*line == '#' || !*line)
			continue;
		assert_true(n_noise < SERIES);
		s->unit = *line;
		for (char *p = strchr(line, ':') + 1, *end;; p = end) {
			double v = strtod(p, &end);

			if (end == p)
				break;
			assert_true(s->n < SAMPLES);
			s->v[s->n++] = v;
		}
		assert_true(s->n >= 20);
		n_noise++;
	}
	assert_true(n_noise >= 20);
	return 0;
}

static double range(const struct series *s)
{
	double low = s->v[0], high = s->v[0];

	for (size_t i = 0; i < s->n; i++) {
		low = fmin(low, s->v[i]);
		high = fmax(high, s->v[i]);
	}
	return (high - low) / low;
}

enum kind { EXACT, BYTES, TIME };

static enum kind kind_of(const struct series *s)
{
	return s->unit == 'n' ? TIME : range(s) <= 0.01 ? EXACT : BYTES;
}

static int by_value(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* A night measures a benchmark ten times in a row and keeps the median; a test's bytes are one value. */
static double measure(const struct series *s, size_t *at)
{
	double v[ROUNDS];

	if (s->unit != 'n')
		return s->v[(*at)++ % s->n];
	for (size_t i = 0; i < ROUNDS; i++)
		v[i] = s->v[(*at)++ % s->n];
	qsort(v, ROUNDS, sizeof(*v), by_value);
	return (v[ROUNDS / 2 - 1] + v[ROUNDS / 2]) / 2;
}

/*
 * The nights of a series that stays as it is, flaking with that chance.  A machine that is slow
 * stays so for a while: about `in_a_row` nights stand as they were measured, 0: each for itself.
 */
static void draw(const struct series *s, double *v, size_t n, double flakes, size_t in_a_row)
{
	size_t at = 0, left = 0;

	for (size_t i = 0; i < n; i++) {
		if (left-- == 0) {
			at = (size_t)(chance() * (double)s->n);
			left = in_a_row ? (size_t)(chance() * 2 * (double)in_a_row) : 0;
		}
		v[i] = measure(s, &at);
		if (chance() < flakes)
			v[i] *= 1.5;
	}
}

static void find(const double *v, size_t n, struct gb_trend *ret)
{
	struct gb_err err = GB_ERR_INIT;

	if (gb_trend_find(v, n, LEAST, ret, &err) < 0)
		fail_msg("%s", err.line);
}

/* At most one false alarm in 1,000 nights, whatever the noise; of what is exact none at all. */
static void test_quiet_nights(void **state)
{
	static const struct {
		double flakes;
		size_t in_a_row;
	} shapes[] = { { 0, 0 }, { 0.02, 0 }, { 0.1, 0 }, { 0, 2 }, { 0, 8 } };
	static const char *const names[] = { "exact", "bytes", "time" };

	(void)state;
	for (size_t f = 0; f < sizeof(shapes) / sizeof(shapes[0]); f++) {
		size_t nights[3] = { 0 }, alarms[3] = { 0 };

		for (size_t i = 0; i < n_noise; i++)
			for (int round = 0; round < 2; round++) {
				enum kind k = kind_of(&noise[i]);
				struct gb_trend t;
				double v[NIGHTS];

				draw(&noise[i], v, NIGHTS, shapes[f].flakes, shapes[f].in_a_row);
				find(v, NIGHTS, &t);
				nights[k] += NIGHTS;
				alarms[k] += t.n;
				gb_trend_release(&t);
			}
		for (size_t k = 0; k < 3; k++) {
			print_message("%s, flakes %.2f, %zu in a row: %zu alarms in %zu nights\n",
				      names[k], shapes[f].flakes, shapes[f].in_a_row, alarms[k],
				      nights[k]);
			assert_true(alarms[k] * 1000 <= nights[k]);
			assert_true(alarms[k] == 0 || k != EXACT || shapes[f].flakes > 0);
		}
	}
}

static bool told(const struct gb_trend *t, bool drift, size_t from, size_t to)
{
	for (size_t i = 0; i < t->n; i++)
		if (t->v[i].kind == (drift ? GB_DRIFT : GB_STEP) && t->v[i].told >= from &&
		    t->v[i].told <= to)
			return true;
	return false;
}

/* A step of 5% in bytes: within three nights where they vary by 1% at most, else two weeks. */
static void test_steps(void **state)
{
	size_t exact = 0, others = 0;

	(void)state;
	for (size_t i = 0; i < n_noise; i++)
		for (int round = 0; noise[i].unit == 'B' && round < 10; round++) {
			double v[93], varies = range(&noise[i]);
			struct gb_trend t;

			if (varies > 0.025)
				continue;
			draw(&noise[i], v, 93, 0, 0);
			for (size_t k = 60; k < 93; k++)
				v[k] *= round % 2 ? 0.95 : 1.05;
			find(v, 93, &t);
			if (!told(&t, false, 60, varies <= 0.01 ? 62 : 73))
				fail_msg("series %zu, which varies by %.4f, round %d", i, varies,
					 round);
			gb_trend_release(&t);
			++*(varies <= 0.01 ? &exact : &others);
		}
	print_message("%zu steps of what is exact, %zu of others\n", exact, others);
	assert_true(exact >= 50 && others >= 30);
}

/* So it is where the history is young, or the last step was only days ago. */
static void test_steps_after_few_nights(void **state)
{
	size_t steps = 0;

	(void)state;
	for (size_t i = 0; i < n_noise; i++)
		for (size_t before = 8; kind_of(&noise[i]) == EXACT && before < 40; before++) {
			double v[40 + 8 + 3];
			size_t second = before + 8;
			struct gb_trend t;

			draw(&noise[i], v, second + 3, 0, 0);
			for (size_t k = before; k < second + 3; k++)
				v[k] *= k < second ? 1.05 : 1.05 * 0.95;
			find(v, second + 3, &t);
			if (!told(&t, false, before, before + 2) ||
			    !told(&t, false, second, second + 2) || t.n != 2)
				fail_msg("series %zu after %zu nights: %zu told", i, before, t.n);
			assert_int_equal(t.v[0].from, before);
			assert_int_equal(t.v[1].from, second);
			steps += t.n;
			gb_trend_release(&t);
		}
	print_message("%zu steps\n", steps);
	assert_true(steps >= 600);
}

static void check_one(const double *v, size_t n, bool drift, size_t from, size_t most_told)
{
	struct gb_trend t;

	find(v, n, &t);
	assert_int_equal(t.n, 1);
	assert_int_equal(t.v[0].kind, drift ? GB_DRIFT : GB_STEP);
	assert_int_equal(t.v[0].from, from);
	assert_true(t.v[0].told <= most_told);
	gb_trend_release(&t);
}

static void test_known_changes(void **state)
{
	double v[120];

	(void)state;
	for (size_t i = 0; i < 120; i++)
		v[i] = i < 50 ? 9216 : 9728;
	check_one(v, 120, false, 50, 52);
	/* From nothing: a goroutine is left. */
	for (size_t i = 0; i < 120; i++)
		v[i] = i >= 50;
	check_one(v, 120, false, 50, 52);
	/* Half a percent each night is no step. */
	for (size_t i = 0; i < 40; i++)
		v[i] = 10000 + 50 * (double)i;
	check_one(v, 40, true, 0, 29);
	for (size_t i = 0; i < 40; i++)
		v[i] = 10000 - 50 * (double)i;
	check_one(v, 40, true, 0, 29);
}

/* Two steps, up and down again; and what was told on a night stays told. */
static void test_a_later_night_adds(void **state)
{
	double v[90];
	size_t last = 0;

	(void)state;
	for (size_t i = 0; i < 90; i++)
		v[i] = i < 30 ? 100 : i < 60 ? 150 : 90;
	for (size_t n = 0; n <= 90; n++) {
		struct gb_trend t, whole;

		find(v, n, &t);
		find(v, 90, &whole);
		assert_true(t.n >= last && t.n <= whole.n);
		for (size_t i = 0; i < t.n; i++) {
			assert_int_equal(t.v[i].from, whole.v[i].from);
			assert_int_equal(t.v[i].told, whole.v[i].told);
		}
		last = t.n;
		gb_trend_release(&t);
		gb_trend_release(&whole);
	}
	assert_int_equal(last, 2);
}

/* Too short, flat, a lone flake, a change that is not worth telling. */
static void test_nothing_to_tell(void **state)
{
	struct gb_trend t;
	double v[100];

	(void)state;
	for (size_t i = 0; i < 100; i++)
		v[i] = 1000;
	for (size_t n = 0; n <= 100; n += 10) {
		find(v, n, &t);
		assert_int_equal(t.n, 0);
	}
	v[40] = v[41] = 5000;
	find(v, 100, &t);
	assert_int_equal(t.n, 0);
	for (size_t i = 0; i < 100; i++)
		v[i] = i < 50 ? 1000 : 1019;
	find(v, 100, &t);
	assert_int_equal(t.n, 0);
	/* Six nights are not known to be the same. */
	for (size_t i = 0; i < 9; i++)
		v[i] = i < 6 ? 1 : 5;
	find(v, 9, &t);
	assert_int_equal(t.n, 0);
	/* Of those that vary by half of the change, ten are not enough. */
	for (size_t i = 0; i < 13; i++)
		v[i] = i >= 10 ? 200 : i % 2 ? 100 : 150;
	find(v, 13, &t);
	assert_int_equal(t.n, 0);
}

static void test_limits(void **state)
{
	_free_ double *v = gb_calloc(GB_TREND_MAX + 1, sizeof(*v));
	struct gb_err err = GB_ERR_INIT;
	struct gb_trend t = { 0 };

	(void)state;
	assert_int_equal(gb_trend_find(v, GB_TREND_MAX + 1, LEAST, &t, &err), GB_ELIMIT);
	find(v, GB_TREND_MAX, &t);
	assert_int_equal(t.n, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_quiet_nights),
		cmocka_unit_test(test_steps),
		cmocka_unit_test(test_steps_after_few_nights),
		cmocka_unit_test(test_known_changes),
		cmocka_unit_test(test_a_later_night_adds),
		cmocka_unit_test(test_nothing_to_tell),
		cmocka_unit_test(test_limits),
	};

	return cmocka_run_group_tests(tests, load_noise, NULL);
}
