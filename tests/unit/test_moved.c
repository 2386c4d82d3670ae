/* moved: which tests measured something else than before, and from where on. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "cmd/moved.h"

static char package[] = "p";

static void add(struct moved *m, const char *commit, const char *env, const char *test,
		enum gb_metric metric, int64_t value)
{
	char id[41] = "", other[16] = "", name[32] = "";
	struct gb_note note = { 0 };

	memset(id, commit[0], 40);
	memcpy(other, env, strlen(env));
	memcpy(name, test, strlen(test));
	const struct gb_note_value v = { other, package, name, metric, value };
	assert_int_equal(gb_note_add(&note, &v, NULL), 0);
	assert_int_equal(moved_add(m, id, env, &note, NULL), 0);
	gb_note_release(&note);
}

static void test_what_moves(void **state)
{
	static const struct {
		enum gb_metric metric;
		const char *test;
		int64_t old, now;
		bool moves;
	} cases[] = {
		{ GB_ALLOC_SPACE, "TestA", 10000, 10100, false },
		{ GB_ALLOC_SPACE, "TestA", 10000, 10101, true },
		{ GB_ALLOC_SPACE, "TestA", 10200, 10000, true },
		{ GB_ALLOC_OBJECTS, "TestA", 2, 3, true },
		{ GB_ALLOC_SPACE, "TestA", 0, 16, true },
		{ GB_GOROUTINES, "TestA", 1000, 1001, true },
		{ GB_GOROUTINES, "(package)", 0, 1, true },
		{ GB_GOROUTINES_PEAK, "TestA", 1, 100, false },
		{ GB_GOROUTINES_CREATED, "TestA", 1, 100, false },
		{ GB_HEAP_PEAK, "TestA", 1, 100, false },
		{ GB_ALLOC_SPACE, "(package)", 1, 100, false },
		{ GB_ESCAPES, "(package)", 1, 2, true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct moved m = { 0 };

		add(&m, "a", "e", cases[i].test, cases[i].metric, cases[i].old);
		add(&m, "b", "e", cases[i].test, cases[i].metric, cases[i].now);
		assert_int_equal(m.n, cases[i].moves);
		if (m.n) {
			assert_int_equal(m.rows[0].before, cases[i].old);
			assert_int_equal(m.rows[0].now.value, cases[i].now);
			assert_int_equal(m.rows[0].commit[0], 'b');
			assert_int_equal(m.rows[0].missed, 0);
		}
		moved_release(&m);
	}
}

static void test_what_was_not_measured_may_have_done_it(void **state)
{
	struct moved m = { 0 };

	(void)state;
	add(&m, "a", "e", "TestA", GB_ALLOC_SPACE, 100);
	moved_miss(&m);
	moved_miss(&m);
	add(&m, "b", "e", "TestA", GB_ALLOC_SPACE, 200);
	add(&m, "c", "e", "TestA", GB_ALLOC_SPACE, 300);
	assert_int_equal(m.n, 2);
	assert_int_equal(m.rows[0].missed, 2);
	assert_int_equal(m.rows[1].missed, 0);
	moved_release(&m);
}

/* Another environment is no neighbour to compare with. */
static void test_environments_are_kept_apart(void **state)
{
	struct moved m = { 0 };

	(void)state;
	add(&m, "a", "e", "TestA", GB_ALLOC_SPACE, 100);
	add(&m, "b", "f", "TestA", GB_ALLOC_SPACE, 200);
	add(&m, "c", "f", "TestB", GB_ALLOC_SPACE, 300);
	assert_int_equal(m.n, 0);
	moved_release(&m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_moves),
		cmocka_unit_test(test_what_was_not_measured_may_have_done_it),
		cmocka_unit_test(test_environments_are_kept_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
