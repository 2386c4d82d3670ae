/* run: what was measured is kept, found again, and summed up. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "go/run.h"

static struct gb_package *add_package(struct gb_run *run, const char *path)
{
	struct gb_package *p;

	assert_int_equal(gb_run_add_package(run, path, &p, NULL), 0);
	return p;
}

static struct gb_test *add_test(struct gb_package *p, const char *name)
{
	struct gb_test *t;

	assert_int_equal(gb_package_add_test(p, name, GB_TEST, &t, NULL), 0);
	return t;
}

static void add_sample(struct gb_test *t, enum gb_metric m, int64_t value, int run,
		       enum gb_mode mode)
{
	struct gb_sample s = { .has = 1u << m, .run = run, .mode = mode };

	s.v[m] = value;
	assert_int_equal(gb_test_add_sample(t, &s, NULL), 0);
}

static void test_a_name_added_twice_is_one(void **state)
{
	_run_ struct gb_run *run = gb_run_new(NULL);
	struct gb_package *p = add_package(run, "m/a");

	(void)state;
	assert_ptr_equal(add_package(run, "m/a"), p);
	assert_int_equal(run->n_packages, 1);
	struct gb_test *t = add_test(p, "TestA");
	assert_ptr_equal(add_test(p, "TestA"), t);
	assert_int_equal(p->n_tests, 1);
	assert_null(gb_run_package(run, "m"));
	assert_null(gb_package_test(p, "TestB"));
}

static void test_tests_are_found_among_thousands(void **state)
{
	_run_ struct gb_run *run = gb_run_new(NULL);
	struct gb_package *p = add_package(run, "m");
	char name[32];

	(void)state;
	assert_null(gb_package_test(p, "Test0"));
	for (int i = 0; i < 5000; i++) {
		snprintf(name, sizeof(name), "Test%d", i);
		add_test(p, name);
	}
	for (int i = 0; i < 5000; i++) {
		snprintf(name, sizeof(name), "Test%d", i);
		assert_ptr_equal(gb_package_test(p, name), &p->tests[i]);
	}
	assert_null(gb_package_test(p, "Test5000"));
}

static void test_sorting_moves_packages_and_the_package_row(void **state)
{
	_run_ struct gb_run *run = gb_run_new(NULL);
	struct gb_package *p = add_package(run, "m/b");

	(void)state;
	add_test(p, "TestZ");
	add_test(p, GB_PACKAGE_ROW);
	add_test(p, "TestA"); /* a rerun found one more */
	add_package(run, "m/a");
	gb_run_sort(run);
	assert_string_equal(run->packages[0].path, "m/a");
	p = gb_run_package(run, "m/b");
	assert_string_equal(p->tests[0].name, "TestZ");
	assert_string_equal(p->tests[1].name, "TestA");
	assert_string_equal(p->tests[2].name, GB_PACKAGE_ROW);
	for (size_t i = 0; i < p->n_tests; i++)
		assert_ptr_equal(gb_package_test(p, p->tests[i].name), &p->tests[i]);
	gb_run_sort(run);
	assert_string_equal(p->tests[2].name, GB_PACKAGE_ROW);
}

static void test_an_empty_run_is_sorted_and_freed(void **state)
{
	struct gb_run *run = gb_run_new(NULL);

	(void)state;
	gb_run_sort(run);
	gb_run_free(run);
	gb_run_free(NULL);
}

static void test_measured_keeps_modes_apart(void **state)
{
	_run_ struct gb_run *run = gb_run_new(NULL);
	struct gb_test *t = add_test(add_package(run, "m"), "TestA");
	struct gb_measured m;

	(void)state;
	assert_false(gb_test_measured(t, GB_ALLOC_SPACE, &m));
	add_sample(t, GB_ALLOC_SPACE, 700, 1, GB_EXACT);
	add_sample(t, GB_ALLOC_SPACE, 900, 0, GB_IN_ORDER);
	add_sample(t, GB_ALLOC_SPACE, 800, 2, GB_EXACT);
	add_sample(t, GB_ALLOC_SPACE, 5000, 3, GB_ALONE);
	add_sample(t, GB_INUSE_SPACE, 64, 3, GB_ALONE);
	add_sample(t, GB_INUSE_SPACE, 32, 0, GB_IN_ORDER);
	assert_true(gb_test_measured(t, GB_ALLOC_SPACE, &m));
	assert_int_equal(m.min, 700);
	assert_int_equal(m.max, 900);
	assert_int_equal(m.first, 900);
	assert_int_equal(m.n, 3);
	assert_true(gb_test_measured(t, GB_INUSE_SPACE, &m));
	assert_int_equal(m.min, 64);
	assert_int_equal(m.n, 1);
	assert_false(gb_test_measured(t, GB_HEAP_PEAK, &m));
	assert_int_equal(gb_test_over(t, GB_ALLOC_SPACE, 700), 2);
	assert_int_equal(gb_test_over(t, GB_ALLOC_SPACE, 900), 0);
}

static void test_samples_have_a_ceiling(void **state)
{
	_run_ struct gb_run *run = gb_run_new(NULL);
	struct gb_test *t = add_test(add_package(run, "m"), "TestA");
	struct gb_sample s = { 0 };
	struct gb_err err = GB_ERR_INIT;

	(void)state;
	for (size_t i = 0; i < GB_MAX_SAMPLES; i++)
		assert_int_equal(gb_test_add_sample(t, &s, NULL), 0);
	assert_int_equal(gb_test_add_sample(t, &s, &err), GB_ELIMIT);
	assert_int_equal(t->n_samples, GB_MAX_SAMPLES);
}

static void take(struct gb_test *t, int run, enum gb_leak kind, int64_t count)
{
	struct gb_group g = { .kind = kind, .count = count, .run = run };

	g.state = gb_strdup("chan receive");
	g.created.func = gb_strdup("m.New");
	g.created.file = gb_strdup("m.go");
	g.frames = gb_calloc(1, sizeof(*g.frames));
	g.n_frames = 1;
	g.frames[0].func = gb_strdup("m.New.func1");
	assert_int_equal(gb_test_take_group(t, &g, NULL), 0);
	assert_null(g.frames);
}

static void test_groups_are_worst_first_within_a_run(void **state)
{
	static const struct {
		int run;
		enum gb_leak kind;
		int64_t count;
	} want[] = {
		{ 0, GB_PROVEN, 1 }, { 0, GB_HUNG, 2 }, { 0, GB_LEFT, 9 },
		{ 0, GB_LEFT, 3 },   { 1, GB_LEFT, 5 },
	};
	_run_ struct gb_run *run = gb_run_new(NULL);
	struct gb_test *t = add_test(add_package(run, "m"), "TestA");

	(void)state;
	take(t, 0, GB_LEFT, 3);
	take(t, 0, GB_LEFT, 9);
	take(t, 1, GB_LEFT, 5);
	take(t, 0, GB_PROVEN, 1);
	take(t, 0, GB_HUNG, 2);
	assert_int_equal(t->n_groups, 5);
	for (size_t i = 0; i < 5; i++) {
		assert_int_equal(t->groups[i].run, want[i].run);
		assert_int_equal(t->groups[i].kind, want[i].kind);
		assert_int_equal(t->groups[i].count, want[i].count);
	}
}

static void test_troubles_are_copied(void **state)
{
	_run_ struct gb_run *run = gb_run_new(NULL);
	struct gb_package *p = add_package(run, "m");
	char test[] = "TestA", output[] = "boom\n";

	(void)state;
	assert_int_equal(gb_package_add_trouble(p, GB_TROUBLE_NO_TESTS, false, NULL, NULL, NULL,
						"no test files"),
			 0);
	assert_int_equal(gb_package_add_trouble(p, GB_TROUBLE_FAIL, true, NULL, NULL, NULL, "x"),
			 0);
	assert_false(gb_package_failed(p));
	assert_int_equal(gb_package_add_trouble(p, GB_TROUBLE_EXIT, false, test, output, NULL,
						"exit status %d", 2),
			 0);
	assert_true(gb_package_failed(p));
	test[0] = output[0] = '!';
	assert_null(p->troubles[0].test);
	assert_string_equal(p->troubles[2].test, "TestA");
	assert_string_equal(p->troubles[2].text, "exit status 2");
	assert_string_equal(p->troubles[2].output, "boom\n");
}

static void test_every_value_has_a_name(void **state)
{
	(void)state;
	assert_string_equal(gb_kind_name(GB_PACKAGE), "package");
	assert_string_equal(gb_kind_name(GB_TEST), "test");
	assert_string_equal(gb_outcome_name(GB_PASS), "pass");
	assert_string_equal(gb_outcome_name(GB_HANG), "hang");
	assert_string_equal(gb_leak_name(GB_LEFT), "left");
	assert_string_equal(gb_leak_name(GB_PROVEN), "proven");
	for (int k = 0; k <= GB_TROUBLE_NO_TESTS; k++)
		assert_non_null(gb_trouble_name((enum gb_trouble_kind)k));
	assert_string_equal(gb_accounting_name(GB_ACCOUNTING_RUNTIME), "runtime");
	assert_string_equal(gb_accounting_name(GB_ACCOUNTING_TESTING), "testing");
}

static const struct gb_environment usual = {
	.go = "1.26",
	.platform = "linux/amd64",
	.gomaxprocs = 2,
	.gcflags = (char[]){ "-l" },
	.cgo = true,
};

static void test_environments_in_words(void **state)
{
	struct gb_environment other = usual;

	(void)state;
	_free_ char *text = gb_environment_text(&usual);
	assert_string_equal(text, "go1.26 linux/amd64 gomaxprocs=2 -gcflags=-l cgo runtime "
				  "accounting");
	other.gcflags = NULL;
	other.tags = (char[]){ "a,b" };
	other.cgo = false;
	other.race = true;
	other.accounting = GB_ACCOUNTING_TESTING;
	_free_ char *second = gb_environment_text(&other);
	assert_string_equal(second, "go1.26 linux/amd64 gomaxprocs=2 optimised -tags=a,b no-cgo "
				    "race testing accounting");
}

static void test_environments_differ_in_each_field(void **state)
{
	struct gb_environment e[9];

	(void)state;
	for (size_t i = 0; i < 9; i++)
		e[i] = usual;
	e[0].tags = (char[]){ "" }; /* none either way */
	assert_true(gb_environment_equal(&usual, &e[0]));
	snprintf(e[1].go, sizeof(e[1].go), "1.27");
	snprintf(e[2].platform, sizeof(e[2].platform), "linux/arm64");
	e[3].gomaxprocs = 4;
	e[4].gcflags = (char[]){ "" };
	e[5].tags = (char[]){ "x" };
	e[6].cgo = false;
	e[7].race = true;
	e[8].accounting = GB_ACCOUNTING_TESTING;
	for (size_t i = 1; i < 9; i++)
		assert_false(gb_environment_equal(&usual, &e[i]));
}

/* Makes a run of everything; a failed allocation anywhere is an error and leaks nothing. */
static int make_everything(void)
{
	struct gb_sample s = { 0 };
	struct gb_package *p;
	struct gb_test *t;
	int rc;
	_run_ struct gb_run *run = gb_run_new(NULL);

	if (!run)
		return GB_ENOMEM;
	if ((rc = gb_run_add_package(run, "m", &p, NULL)) < 0 ||
	    (rc = gb_package_add_test(p, "TestA", GB_TEST, &t, NULL)) < 0 ||
	    (rc = gb_test_add_sample(t, &s, NULL)) < 0)
		return rc;
	return gb_package_add_trouble(p, GB_TROUBLE_FAIL, false, "TestA", "out", NULL, "failed");
}

static void test_out_of_memory_anywhere(void **state)
{
	size_t n;

	(void)state;
	gb_mem_fail_at(0);
	assert_int_equal(make_everything(), 0);
	n = gb_mem_count();
	assert_true(n > 5);
	for (size_t i = 1; i <= n; i++) {
		gb_mem_fail_at(i);
		assert_int_equal(make_everything(), GB_ENOMEM);
	}
	gb_mem_fail_at(0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_name_added_twice_is_one),
		cmocka_unit_test(test_tests_are_found_among_thousands),
		cmocka_unit_test(test_sorting_moves_packages_and_the_package_row),
		cmocka_unit_test(test_an_empty_run_is_sorted_and_freed),
		cmocka_unit_test(test_measured_keeps_modes_apart),
		cmocka_unit_test(test_samples_have_a_ceiling),
		cmocka_unit_test(test_groups_are_worst_first_within_a_run),
		cmocka_unit_test(test_troubles_are_copied),
		cmocka_unit_test(test_every_value_has_a_name),
		cmocka_unit_test(test_environments_in_words),
		cmocka_unit_test(test_environments_differ_in_each_field),
		cmocka_unit_test(test_out_of_memory_anywhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
