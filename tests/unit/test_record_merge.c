/* record: what was read becomes samples, groups and sites of a run. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"
#include "base/mem.h"
#include "go/record.h"

#define HEAD  "gobudget\t1\truntime\texample.com/shop/store\tgo1.26.8\t2\n"
#define BEGIN "begin\t1\t0\ttest\tTestA\tstore.TestA\t/home/me/shop/store/a_test.go\t7\n"
#define LEFT(id, count, line, state) \
	"group\t" #id "\tleft\t" #count "\t" state "\tstore.New\t/m/c.go\t" #line "\t1\tf\tg\t1\n"

static void parsed(const char *text, struct gb_record *ret)
{
	struct gb_err err = GB_ERR_INIT;

	if (gb_record_parse("rec", text, strlen(text), ret, &err) < 0)
		fail_msg("%s", err.line);
}

/* A run of one package, and a record merged into it. */
static struct gb_package *package(struct gb_run *run)
{
	struct gb_package *p;

	assert_int_equal(gb_run_add_package(run, "example.com/shop/store", &p, NULL), 0);
	if (!p->module_dir)
		p->module_dir = gb_strdup("/home/me/shop");
	return p;
}

static void merge(struct gb_package *p, const char *text, int run, enum gb_mode mode)
{
	struct gb_record r;

	parsed(text, &r);
	assert_int_equal(gb_record_merge(&r, p, run, mode, NULL), 0);
	gb_record_release(&r);
}

static struct gb_test *find(const struct gb_package *p, const char *name)
{
	struct gb_test *t = gb_package_test(p, name);

	if (!t)
		fail_msg("no test %s", name);
	return t;
}

static void test_merge_makes_paths_relative(void **state)
{
	_run_ struct gb_run *run = gb_run_new(NULL);
	struct gb_package *p = package(run);
	const struct gb_group *g;

	(void)state;
	merge(p,
	      HEAD BEGIN "end\t1\tpass\t5\t1\t1\t1\t1\t1\n"
			 "group\t1\tleft\t1\tselect\tstore.New\t/home/me/shop/store/c.go\t1\t2"
			 "\tsync.Wait\t/usr/lib/go/src/sync/a.go\t2"
			 "\tx.Y\t/home/me/shopping/y.go\t3"
			 "\t1\tstore.TestA\t/home/me/shop/store/a_test.go\t8\n"
			 "site\t1\t16\t1\t1\tstore.Fill\t/home/me/shop/store/f.go\t10\ndone\n",
	      0, GB_IN_ORDER);
	assert_string_equal(find(p, "TestA")->site.file, "store/a_test.go");
	g = &find(p, "TestA")->groups[0];
	assert_string_equal(g->created.file, "store/c.go");
	assert_string_equal(g->frames[0].file, "/usr/lib/go/src/sync/a.go");
	assert_string_equal(g->frames[1].file, "/home/me/shopping/y.go");
	assert_string_equal(g->creator[0].file, "store/a_test.go");
	assert_string_equal(find(p, "TestA")->sites[0].frames[0].file, "store/f.go");
	assert_true(p->measured);
}

static void test_merge_makes_samples_of_a_repeated_name(void **state)
{
	_run_ struct gb_run *run = gb_run_new(NULL);
	struct gb_package *p = package(run);
	struct gb_test *t;

	(void)state;
	merge(p,
	      HEAD BEGIN "begin\t2\t0\ttest\tTestA\t\t\t0\n"
			 "begin\t3\t0\ttest\tTestB\t\t\t0\n"
			 "end\t1\tskip\t5\t0\t0\t0\t100\t1\nend\t2\tpass\t5\t0\t0\t0\t90\t1\n",
	      0, GB_IN_ORDER);
	assert_false(p->measured); /* killed before `done` */
	merge(p, HEAD BEGIN "end\t1\tfail\t5\t0\t0\t0\t80\t1\ndone\n", 1, GB_EXACT);
	t = find(p, "TestA");
	assert_int_equal(p->n_tests, 2);
	assert_int_equal(t->n_samples, 3);
	assert_int_equal(t->samples[1].v[GB_ALLOC_SPACE], 90);
	assert_int_equal(t->samples[1].run, 0);
	assert_int_equal(t->samples[2].run, 1);
	assert_int_equal(t->samples[2].mode, GB_EXACT);
	assert_int_equal(t->outcome, GB_FAIL); /* the worst of them */
	assert_string_equal(t->site.func, "store.TestA");
	/* What began and did not end has no numbers. */
	assert_int_equal(find(p, "TestB")->n_samples, 0);
	assert_int_equal(find(p, "TestB")->outcome, GB_UNFINISHED);
}

static void test_merge_names_a_hung_test(void **state)
{
	_run_ struct gb_run *run = gb_run_new(NULL);
	struct gb_package *p = package(run);
	struct gb_test *t;

	(void)state;
	merge(p,
	      HEAD BEGIN "final\t1\t2\t3\t4\t500\t6\n"
			 "group\t1\thung\t1\tchan receive\tf\tg\t1\t0\nhang\t1\n",
	      0, GB_IN_ORDER);
	t = find(p, "TestA");
	assert_int_equal(t->outcome, GB_HANG);
	assert_int_equal(t->samples[0].v[GB_GOROUTINES], 2);
	assert_int_equal(t->groups[0].kind, GB_HUNG);
	assert_false(p->measured);
}

/* How much a benchmark allocates in all depends on how often it was asked to run. */
static void test_merge_keeps_only_what_is_a_benchmarks(void **state)
{
	_run_ struct gb_run *run = gb_run_new(NULL);
	struct gb_package *p = package(run);
	const struct gb_sample *s;

	(void)state;
	merge(p,
	      HEAD "begin\t1\t0\tbenchmark\tBenchmarkX\t\t\t0\n"
		   "end\t1\tpass\t5\t1\t200\t300\t40000\t500\n"
		   "final\t1\t1\t200\t300\t40000\t500\nbench\t1\t100\t4000\t40000\t500\ndone\n",
	      0, GB_IN_ORDER);
	assert_int_equal(find(p, "BenchmarkX")->n_samples, 1);
	s = &find(p, "BenchmarkX")->samples[0];
	assert_int_equal(s->has, 1U << GB_GOROUTINES | 1U << GB_BYTES_PER_OP |
					 1U << GB_ALLOCS_PER_OP | 1U << GB_NS_PER_OP);
	assert_int_equal(s->v[GB_BYTES_PER_OP], 400);
	assert_int_equal(s->v[GB_NS_PER_OP], 40000);
}

/* A parent's groups come once per subtest: the same site and stack is one. */
static void test_merge_adds_up_equal_groups(void **state)
{
	_run_ struct gb_run *run = gb_run_new(NULL);
	struct gb_package *p = package(run);
	struct gb_test *t;

	(void)state;
	merge(p,
	      HEAD BEGIN
	      "begin\t2\t1\ttest\tTestA/b\t\t\t0\nbegin\t3\t1\ttest\tTestA/c\t\t\t0\n"
	      "end\t2\tpass\t1\t2\t2\t2\t1\t1\nend\t3\tpass\t1\t4\t4\t4\t1\t1\n"
	      "end\t1\tpass\t1\t6\t6\t6\t1\t1\n" LEFT(2, 2, 41, "select") LEFT(1, 2, 41, "select")
		      LEFT(3, 3, 41, "select") LEFT(1, 3, 41, "select") LEFT(3, 1, 42, "select")
			      LEFT(1, 1, 42, "select") LEFT(1, 9, 41, "sleep") "done\n",
	      0, GB_IN_ORDER);
	t = find(p, "TestA");
	assert_int_equal(t->n_groups, 3);
	assert_int_equal(t->groups[0].count, 9);
	assert_int_equal(t->groups[1].count, 5);
	assert_int_equal(t->groups[2].count, 1);
	assert_int_equal(find(p, "TestA/b")->n_groups, 1);
	assert_int_equal(find(p, "TestA/c")->n_groups, 2);
	/* Another run saw its own. */
	merge(p, HEAD BEGIN "end\t1\tpass\t1\t1\t1\t1\t1\t1\n" LEFT(1, 1, 41, "select") "done\n", 1,
	      GB_IN_ORDER);
	assert_int_equal(t->n_groups, 4);
	assert_int_equal(t->groups[3].run, 1);
}

/* The library's frames above the place, and what is below it, do not part a group; a place does. */
static void test_merge_groups_by_fingerprint_and_place(void **state)
{
	_run_ struct gb_run *run = gb_run_new(NULL);
	struct gb_package *p = package(run);
	const struct gb_test *t;

	(void)state;
	merge(p,
	      HEAD BEGIN "end\t1\tpass\t1\t6\t6\t6\t1\t1\n"
			 "group\t1\tleft\t1\tselect\tstore.New\tc.go\t41\t2"
			 "\ttime.Sleep\t/go/time.go\t9\texample.com/shop.F.func1\tc.go\t44\t0\t1\n"
			 "group\t1\tleft\t2\tselect\tstore.New.func2\tc.go\t41\t1"
			 "\texample.com/shop.F.func1\tc.go\t44\t0\t2\n"
			 "group\t1\tleft\t3\tselect\tstore.New\tc.go\t41\t1"
			 "\texample.com/shop.F.func1\tc.go\t45\t0\t3\n"
			 "group\t1\tleft\t4\tselect\tstore.New\tc.go\t41\t1"
			 "\texample.com/shop.F.func1\tc.go\t45\n"
			 "done\n",
	      0, GB_IN_ORDER);
	t = find(p, "TestA");
	assert_int_equal(t->n_groups, 3);
	assert_int_equal(t->groups[0].count, 7);
	assert_int_equal(t->groups[0].still, -1); /* of some it is not known */
	assert_int_equal(t->groups[1].count, 2);
	assert_int_equal(t->groups[2].count, 1);
	assert_string_equal(t->groups[0].fingerprint, "store.New | select | example.com/shop.F");
	for (size_t i = 0; i < 3; i++) {
		assert_string_equal(t->groups[i].fingerprint_id, t->groups[0].fingerprint_id);
		assert_int_equal(t->groups[i].process, 1);
	}
	assert_int_equal(p->processes, 1);
}

/* Goroutines of a test whose process died later had no time to settle: shown, not judged. */
static void test_merge_knows_what_did_not_settle(void **state)
{
	_run_ struct gb_run *run = gb_run_new(NULL);
	struct gb_package *p = package(run);
	struct gb_measured m;

	(void)state;
	merge(p,
	      HEAD BEGIN "begin\t2\t0\ttest\tTestB\t\t\t0\nbegin\t3\t0\ttest\tTestC\t\t\t0\n"
			 "end\t1\tpass\t1\t2\t2\t2\t7\t1\nend\t2\tpass\t1\t0\t0\t0\t7\t1\n",
	      0, GB_IN_ORDER);
	assert_int_equal(find(p, "TestA")->samples[0].v[GB_GOROUTINES], 2);
	assert_false(gb_test_measured(find(p, "TestA"), GB_GOROUTINES, &m));
	assert_true(gb_test_measured(find(p, "TestA"), GB_ALLOC_SPACE, &m));
	assert_true(gb_test_measured(find(p, "TestB"), GB_GOROUTINES, &m));
}

static void test_merge_never_overflows(void **state)
{
	_run_ struct gb_run *run = gb_run_new(NULL);
	struct gb_package *p = package(run);

	(void)state;
	merge(p,
	      HEAD BEGIN
	      "end\t1\tpass\t1\t0\t0\t0\t1\t1\n" LEFT(1, 9223372036854775807, 1, "select")
		      LEFT(1, 9223372036854775807, 1, "select"),
	      0, GB_IN_ORDER);
	assert_true(find(p, "TestA")->groups[0].count == INT64_MAX);
}

static void test_merge_keeps_the_sites_of_the_last_run_that_told(void **state)
{
	_run_ struct gb_run *run = gb_run_new(NULL);
	struct gb_package *p = package(run);
	const struct gb_test *t;

	(void)state;
	merge(p,
	      HEAD BEGIN "end\t1\tpass\t1\t0\t0\t0\t1\t1\nsite\t1\t16\t1\t0\nsite\t1\t32\t1\t0\n",
	      0, GB_EXACT);
	merge(p, HEAD BEGIN "end\t1\tpass\t1\t0\t0\t0\t1\t1\n", 1, GB_IN_ORDER);
	t = find(p, "TestA");
	assert_int_equal(t->n_sites, 2);
	merge(p,
	      HEAD BEGIN "end\t1\tpass\t1\t0\t0\t0\t1\t1\nsite\t1\t48\t1\t0\n"
			 "spawn\t1\t5\t1\tstore.New\t/home/me/shop/c.go\t3\n",
	      2, GB_EXACT);
	assert_int_equal(t->n_sites, 2);
	assert_int_equal(t->sites[0].bytes, 48);
	assert_true(t->sites[1].spawn);
	assert_string_equal(t->sites[1].frames[0].file, "c.go");
}

static void test_merge_of_what_belongs_to_no_test(void **state)
{
	static const char text[] =
		HEAD "group\t0\tleft\t1\tIO wait\tstore.init\t/home/me/shop/i.go\t1\t0\n"
		     "package\t1\t1\t1\t4096\t3\ndone\n";
	_run_ struct gb_run *run = gb_run_new(NULL);
	struct gb_package *p = package(run);
	struct gb_test *t;

	(void)state;
	/* A process that runs one test alone says nothing about its package. */
	merge(p, text, 0, GB_ALONE);
	assert_null(gb_package_test(p, GB_PACKAGE_ROW));
	merge(p, text, 0, GB_IN_ORDER);
	t = find(p, GB_PACKAGE_ROW);
	assert_int_equal(t->kind, GB_PACKAGE);
	assert_int_equal(t->outcome, GB_PASS);
	assert_int_equal(t->samples[0].v[GB_ALLOC_SPACE], 4096);
	assert_string_equal(t->groups[0].created.file, "i.go");
}

static void test_merge_knows_when_the_collector_says_something(void **state)
{
#define GC   "gc\t7\t188783\t39729\t74304\n"
#define END  "package\t0\t0\t0\t0\t0\ndone\n"
#define ALL  (1U << GB_GC_COUNT | 1U << GB_GC_PAUSE_TOTAL | 1U << GB_GC_PAUSE_WORST | LIVE)
#define LIVE (1U << GB_HEAP_LIVE)
	static const struct {
		const char *text;
		enum gb_mode mode;
		uint32_t has;
	} rows[] = {
		{ HEAD GC END, GB_IN_ORDER, ALL },
		/* Its collector was off. */
		{ HEAD GC END, GB_EXACT, LIVE },
		{ HEAD "gc\t7\t188783\t39729\t-\n" END, GB_IN_ORDER, ALL & ~LIVE },
		/* Killed before it could tell. */
		{ HEAD END, GB_IN_ORDER, 0 },
		/* Benchmarks collect as often as they are repeated. */
		{ HEAD "begin\t1\t0\tbenchmark\tBenchmarkA\tf\tf\t1\n" GC END, GB_IN_ORDER, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		_run_ struct gb_run *run = gb_run_new(NULL);
		struct gb_package *p = package(run);
		const struct gb_sample *s;

		merge(p, rows[i].text, 0, rows[i].mode);
		s = find(p, GB_PACKAGE_ROW)->samples;
		assert_int_equal(s->has & ALL, rows[i].has);
		if (rows[i].has & LIVE)
			assert_int_equal(s->v[GB_HEAP_LIVE], 74304);
		if (!(rows[i].has >> GB_GC_COUNT & 1))
			continue;
		assert_int_equal(s->v[GB_GC_COUNT], 7);
		assert_int_equal(s->v[GB_GC_PAUSE_TOTAL], 188783);
		assert_int_equal(s->v[GB_GC_PAUSE_WORST], 39729);
	}
}

static void test_merge_keeps_alone_apart(void **state)
{
	_run_ struct gb_run *run = gb_run_new(NULL);
	struct gb_package *p = package(run);
	struct gb_measured m;

	(void)state;
	merge(p, HEAD BEGIN "end\t1\tpass\t1\t0\t0\t0\t700\t1\ndone\n", 0, GB_IN_ORDER);
	merge(p, HEAD BEGIN "end\t1\tpass\t1\t0\t0\t0\t9000\t1\nheap\t1\t64\t4096\ndone\n", 0,
	      GB_ALONE);
	assert_true(gb_test_measured(find(p, "TestA"), GB_ALLOC_SPACE, &m));
	assert_int_equal(m.max, 700);
	assert_true(gb_test_measured(find(p, "TestA"), GB_INUSE_SPACE, &m));
	assert_int_equal(m.min, 64);
	assert_true(gb_test_measured(find(p, "TestA"), GB_HEAP_PEAK, &m));
	assert_int_equal(m.min, 4096);
}

/* Reads and merges a record with a bit of everything. */
static int all(struct gb_err *err)
{
	static const char text[] = HEAD BEGIN
		"begin\t2\t1\tbenchmark\tTestA/b\tf\tg\t1\nend\t2\tpass\t1\t2\t2\t2\t1\t1\n"
		"end\t1\tpass\t1\t6\t6\t6\t1\t1\nfinal\t1\t6\t6\t6\t1\t1\nbench\t2\t1\t1\t1\t1\n"
		"heap\t1\t1\t1\n" LEFT(2, 2, 41, "select") LEFT(1, 2, 41, "select")
			LEFT(1, 2, 41,
			     "select") "group\t1\tleft\t1\tsleep\tf\tg\t1\t1\tf\tg\t1\t1\tf\tg\t1\n"
				       "group\t0\tproven\t1\tsleep\tf\tg\t1\t0\nsite\t1\t16\t1\t1\t"
				       "f\tg\t1\n"
				       "spawn\t1\t16\t1\tf\tg\t1\npackage\t1\t1\t1\t1\t1\nhang\t1\n"
				       "done\n";
	struct gb_run *run = gb_run_new(err);
	struct gb_package *p;
	struct gb_record r;
	int rc;

	if (!run)
		return GB_ENOMEM;
	rc = gb_run_add_package(run, "m", &p, err);
	if (rc >= 0)
		rc = gb_record_parse("rec", text, strlen(text), &r, err);
	if (rc >= 0) {
		rc = gb_record_merge(&r, p, 0, GB_IN_ORDER, err);
		gb_record_release(&r);
	}
	gb_run_free(run);
	return rc;
}

static void test_out_of_memory_anywhere(void **state)
{
	size_t n;

	(void)state;
	gb_mem_fail_at(0);
	assert_int_equal(all(NULL), 0);
	n = gb_mem_count();
	assert_true(n > 50);
	for (size_t i = 1; i <= n; i++) {
		struct gb_err err = GB_ERR_INIT;
		int rc;

		gb_mem_fail_at(i);
		rc = all(&err);
		gb_mem_fail_at(0);
		if (rc != GB_ENOMEM)
			fail_msg("allocation %zu of %zu: code %d, %s", i, n, rc, err.line);
		assert_string_equal(err.line, "out of memory");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_merge_makes_paths_relative),
		cmocka_unit_test(test_merge_makes_samples_of_a_repeated_name),
		cmocka_unit_test(test_merge_names_a_hung_test),
		cmocka_unit_test(test_merge_keeps_only_what_is_a_benchmarks),
		cmocka_unit_test(test_merge_adds_up_equal_groups),
		cmocka_unit_test(test_merge_groups_by_fingerprint_and_place),
		cmocka_unit_test(test_merge_knows_what_did_not_settle),
		cmocka_unit_test(test_merge_never_overflows),
		cmocka_unit_test(test_merge_keeps_the_sites_of_the_last_run_that_told),
		cmocka_unit_test(test_merge_of_what_belongs_to_no_test),
		cmocka_unit_test(test_merge_knows_when_the_collector_says_something),
		cmocka_unit_test(test_merge_keeps_alone_apart),
		cmocka_unit_test(test_out_of_memory_anywhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
