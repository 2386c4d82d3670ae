/* plan/shard: every package once, the same split whatever the order, and none too full. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"
#include "base/mem.h"
#include "plan/shard.h"

static void words(void **state)
{
	static const struct {
		const char *text;
		size_t index, of; /* 0: refused */
	} cases[] = {
		{ "1/1", 1, 1 },     { "2/4", 2, 4 },	{ "1000/1000", 1000, 1000 },
		{ "0/4", 0, 0 },     { "5/4", 0, 0 },	{ "1/0", 0, 0 },
		{ "1/1001", 0, 0 },  { "", 0, 0 },	{ "/", 0, 0 },
		{ "1", 0, 0 },	     { "1/", 0, 0 },	{ "/2", 0, 0 },
		{ "1/2/3", 0, 0 },   { "-1/2", 0, 0 },	{ "1/2x", 0, 0 },
		{ "1 /2", 0, 0 },    { "one/2", 0, 0 }, { "1/99999999999999999999", 0, 0 },
		{ "0x1/0x2", 0, 0 }, { "+1/+2", 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct gb_err err = GB_ERR_INIT;
		size_t index = 7, of = 7;
		int rc = gb_shard_parse(cases[i].text, &index, &of, &err);

		if (rc != (cases[i].of ? 0 : GB_EUSAGE))
			fail_msg("%s: %d", cases[i].text, rc);
		assert_int_equal(index, cases[i].of ? cases[i].index : 7);
		assert_int_equal(of, cases[i].of ? cases[i].of : 7);
		assert_true(cases[i].of || err.hint[0]);
	}
}

static void add(struct gb_shard_plan *p, const char *path, bool tests, int64_t bytes, int64_t ms)
{
	assert_int_equal(gb_shard_add(p, path, tests, bytes, ms, NULL), 0);
}

static void split(struct gb_shard_plan *p, size_t of)
{
	struct gb_err err = GB_ERR_INIT;

	if (gb_shard_split(p, of, &err) < 0)
		fail_msg("%s", err.line);
}

/* The longest go first: {7} {4 3} {4 2 1}, linking aside. */
static void longest_first(void **state)
{
	static const struct {
		const char *path;
		int64_t ms;
		size_t shard;
	} rows[] = {
		{ "a", 4000, 2 }, { "b", 7000, 1 }, { "c", 1000, 3 },
		{ "d", 3000, 2 }, { "e", 4000, 3 }, { "f", 2000, 3 },
	};
	struct gb_shard_plan p = { 0 };

	(void)state;
	for (size_t i = 0; i < 6; i++)
		add(&p, rows[i].path, true, 100, rows[i].ms);
	split(&p, 3);
	for (size_t i = 0; i < 6; i++) {
		assert_string_equal(p.v[i].path, rows[i].path);
		assert_int_equal(p.v[i].shard, rows[i].shard);
		assert_int_equal(p.v[i].weight, rows[i].ms + 500);
	}
	assert_int_equal(gb_shard_load(&p, 3).packages, 3);
	assert_int_equal(gb_shard_load(&p, 3).weight, 8500);
	gb_shard_release(&p);
}

static unsigned next(unsigned *seed)
{
	*seed = *seed * 1103515245u + 12345u;
	return *seed >> 16 & 0x7fff;
}

static void fill(struct gb_shard_plan *p, size_t n, size_t from, unsigned seed)
{
	for (size_t k = 0; k < n; k++) {
		size_t i = (k + from) % n;
		unsigned s = seed + (unsigned)i * 7919;
		char path[64];

		snprintf(path, sizeof(path), "example.com/p%zu", i);
		add(p, path, next(&s) % 4 != 0, next(&s), next(&s) % 3 ? (int64_t)next(&s) : -1);
	}
}

static void every_package_once_and_evenly(void **state)
{
	(void)state;
	for (unsigned seed = 1; seed <= 200; seed++) {
		unsigned s = seed;
		size_t n = next(&s) % 60, of = 1 + next(&s) % 12, sum = 0;
		struct gb_shard_plan a = { 0 }, b = { 0 };
		int64_t all = 0, most = 0, heaviest = 0;

		fill(&a, n, 0, seed);
		fill(&b, n, n / 3, seed); /* the same in another order */
		split(&a, of);
		split(&b, of);
		assert_string_equal(a.id, b.id);
		for (size_t i = 0; i < n; i++) {
			assert_string_equal(a.v[i].path, b.v[i].path);
			assert_int_equal(a.v[i].shard, b.v[i].shard);
			assert_in_range(a.v[i].shard, 1, of);
			all += a.v[i].weight;
			heaviest = a.v[i].weight > heaviest ? a.v[i].weight : heaviest;
		}
		for (size_t k = 1; k <= of; k++) {
			struct gb_shard_load l = gb_shard_load(&a, k);

			sum += l.packages;
			most = l.weight > most ? l.weight : most;
		}
		assert_int_equal(sum, n);
		/* Graham: never more than the even share and one package. */
		assert_true(most <= all / (int64_t)of + heaviest);
		gb_shard_release(&a);
		gb_shard_release(&b);
	}
}

static void the_id_is_that_of_the_split(void **state)
{
	struct gb_shard_plan a = { 0 }, b = { 0 }, c = { 0 }, d = { 0 };

	(void)state;
	add(&a, "a", true, 10, 5);
	add(&a, "b", true, 10, 9);
	add(&b, "a", true, 11, 5); /* another size, the same split */
	add(&b, "b", true, 10, 9);
	add(&c, "a", true, 10, 5);
	add(&d, "a", true, 10, 9);
	add(&d, "b", true, 10, 5);
	split(&a, 2);
	split(&b, 2);
	split(&c, 2);
	split(&d, 2);
	assert_string_equal(a.id, b.id);
	assert_string_not_equal(a.id, c.id);
	assert_string_not_equal(a.id, d.id);
	gb_shard_release(&a);
	gb_shard_release(&b);
	gb_shard_release(&c);
	gb_shard_release(&d);
}

static void more_shards_than_packages(void **state)
{
	struct gb_shard_plan p = { 0 }, none = { 0 };

	(void)state;
	add(&p, "a", true, 10, -1);
	add(&p, "b", false, 0, -1);
	split(&p, 5);
	split(&none, 3);
	assert_int_equal(gb_shard_load(&p, 1).packages, 1);
	assert_int_equal(gb_shard_load(&p, 2).packages, 1);
	assert_int_equal(gb_shard_load(&p, 2).tests, 0);
	for (size_t k = 3; k <= 5; k++)
		assert_int_equal(gb_shard_load(&p, k).packages, 0);
	assert_int_equal(strlen(none.id), GB_HASH_HEX);
	gb_shard_release(&p);
	gb_shard_release(&none);
}

/* What is new is guessed from what is known of the others. */
static void unknown_times(void **state)
{
	struct gb_shard_plan p = { 0 };

	(void)state;
	add(&p, "known", true, 1000, 3000);
	add(&p, "new", true, 2000, -1);
	add(&p, "none", false, 5000, -1);
	split(&p, 2);
	assert_int_equal(p.v[1].weight, 500 + 6000);
	assert_int_equal(p.v[2].weight, 1);
	gb_shard_release(&p);
	add(&p, "a", true, 1024, -1);
	add(&p, "huge", true, INT64_MAX, INT64_MAX);
	split(&p, 2);
	assert_true(p.v[0].weight >= 500 && p.v[1].weight > 0);
	gb_shard_release(&p);
}

static void twice(void **state)
{
	struct gb_shard_plan p = { 0 };

	(void)state;
	add(&p, "a", true, 1, 1);
	add(&p, "a", true, 2, 2);
	assert_int_equal(gb_shard_split(&p, 2, NULL), GB_EUSAGE);
	gb_shard_release(&p);
}

static void memory_runs_out(void **state)
{
	(void)state;
	for (size_t n = 1;; n++) {
		struct gb_shard_plan p = { 0 };
		int rc;

		gb_mem_fail_at(n);
		rc = gb_shard_add(&p, "a", true, 1, 1, NULL);
		if (rc == 0)
			rc = gb_shard_add(&p, "b", true, 1, 1, NULL);
		if (rc == 0)
			rc = gb_shard_split(&p, 2, NULL);
		gb_mem_fail_at(0);
		gb_shard_release(&p);
		if (rc == 0)
			break;
		assert_int_equal(rc, GB_ENOMEM);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words),
		cmocka_unit_test(longest_first),
		cmocka_unit_test(every_package_once_and_evenly),
		cmocka_unit_test(the_id_is_that_of_the_split),
		cmocka_unit_test(more_shards_than_packages),
		cmocka_unit_test(unknown_times),
		cmocka_unit_test(twice),
		cmocka_unit_test(memory_runs_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
