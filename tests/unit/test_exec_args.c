/* exec_args: a test binary's arguments for another run. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/err.h"
#include "go/exec_args.h"
#include "go/testflags.h"

static void split(const char *text, struct gb_strlist *ret)
{
	assert_int_equal(gb_quoted_split(text, ret, NULL), 0);
}

static char *join(const struct gb_strlist *l)
{
	struct gb_buf out = GB_BUF_INIT(4096);

	for (size_t i = 0; i < l->n; i++)
		gb_buf_addf(&out, "%s%s", i ? " " : "", l->v[i]);
	gb_buf_adds(&out, "");
	return gb_buf_detach(&out);
}

static void test_quiet(void **state)
{
	struct gb_strlist args = GB_STRLIST_INIT, out = GB_STRLIST_INIT;

	(void)state;
	split("-test.paniconexit0 -test.gocoverdir=/x -test.v=true -test.coverprofile=c "
	      "-test.trace=t "
	      "--test.cpuprofile=p -test.outputdir=/o -update -test.testlogfile=l word -test.run=A "
	      "-- "
	      "-test.coverprofile=mine",
	      &args);
	assert_int_equal(gb_args_quiet(&args, &out, NULL), 0);
	char *text = join(&out);
	assert_string_equal(text, "-test.paniconexit0 -test.v=true -update word -test.run=A -- "
				  "-test.coverprofile=mine");
	free(text);
	gb_strlist_release(&args);
	gb_strlist_release(&out);
}

static void test_with(void **state)
{
	static const struct {
		const char *args, *with, *expected;
	} rows[] = {
		{ "-test.run=^$ -test.v=true", "-test.bench=.",
		  "-test.bench=. -test.run=^$ -test.v=true" },
		{ "-test.run=^$ -test.bench=X --test.bench=Y -test.benchtime=1s",
		  "-test.bench=. -test.run", "-test.bench=. -test.benchtime=1s" },
		{ "-mine -- -test.run=A", "-test.run", "-mine -- -test.run=A" },
		{ "-test.runs=A -run=B", "-test.run", "-test.runs=A -run=B" },
		{ "", "-test.count=1", "-test.count=1" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct gb_strlist args = GB_STRLIST_INIT, with = GB_STRLIST_INIT,
				  out = GB_STRLIST_INIT;

		split(rows[i].args, &args);
		split(rows[i].with, &with);
		assert_int_equal(gb_args_with(&args, &with, &out, NULL), 0);
		char *text = join(&out);
		assert_string_equal(text, rows[i].expected);
		free(text);
		gb_strlist_release(&args);
		gb_strlist_release(&with);
		gb_strlist_release(&out);
	}
}

static void test_only(void **state)
{
	static const struct {
		const char *args, *test, *expected;
	} rows[] = {
		{ "-test.timeout=1m", "TestA", "-test.run=^TestA$ -test.timeout=1m" },
		{ "-test.run=X -test.skip=Y -test.count=5 -test.cpu=1,2 -test.v", "TestA/b/c#01",
		  "-test.run=^TestA$/^b$/^c#01$ -test.v" },
		{ "", "TestA/x.y(z)", "-test.run=^TestA$/^x\\.y\\(z\\)$" },
		{ "-test.bench=. -mine", "BenchmarkB/n=1",
		  "-test.run=^$ -test.bench=^BenchmarkB$/^n=1$ -mine" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct gb_strlist args = GB_STRLIST_INIT, out = GB_STRLIST_INIT;
		split(rows[i].args, &args);
		assert_int_equal(gb_args_only(&args, rows[i].test, &out, NULL), 0);
		char *text = join(&out);
		assert_string_equal(text, rows[i].expected);
		free(text);
		gb_strlist_release(&args);
		gb_strlist_release(&out);
	}
}

static void test_without(void **state)
{
	static const struct {
		const char *args;
		int64_t elapsed;
		const char *expected;
		bool late;
	} rows[] = {
		{ "-test.v", 100, "-test.skip=^(TestA|Test\\$B)$ -test.v", false },
		{ "-test.skip=X -test.timeout=10m0s -x", 1500,
		  "-test.skip=X|^(TestA|Test\\$B)$ -test.timeout=598500ms -x", false },
		{ "-test.skip= -test.timeout=1s", 1000,
		  "-test.skip=^(TestA|Test\\$B)$ -test.timeout=1ms", true },
		{ "-test.timeout=0", 99999, "-test.skip=^(TestA|Test\\$B)$ -test.timeout=0",
		  false },
	};
	struct gb_strlist done = GB_STRLIST_INIT;

	(void)state;
	split("TestA Test$B", &done);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct gb_strlist args = GB_STRLIST_INIT, out = GB_STRLIST_INIT;
		bool late;
		split(rows[i].args, &args);
		assert_int_equal(gb_args_without(&args, &done, rows[i].elapsed, &out, &late, NULL),
				 0);
		char *text = join(&out);
		assert_string_equal(text, rows[i].expected);
		assert_int_equal(late, rows[i].late);
		free(text);
		gb_strlist_release(&args);
		gb_strlist_release(&out);
	}
	gb_strlist_release(&done);
}

static void test_get(void **state)
{
	struct gb_strlist args = GB_STRLIST_INIT;

	(void)state;
	split("-test.run=A --test.run=B=C -test.v word -run=D -- -test.run=E", &args);
	assert_string_equal(gb_args_get(&args, "run"), "B=C");
	assert_string_equal(gb_args_get(&args, "v"), "");
	assert_null(gb_args_get(&args, "skip"));
	assert_null(gb_args_get(&args, "ru"));
	gb_strlist_release(&args);
}

static void test_durations(void **state)
{
	static const struct {
		const char *text;
		int64_t ms;
	} rows[] = {
		{ "10m0s", 600000 }, { "1h2m3.5s", 3723500 },
		{ "300ms", 300 },    { "0", 0 },
		{ "0s", 0 },	     { "1500us", 1 },
		{ "2000000ns", 2 },  { "1.5h", 5400000 },
		{ "", -1 },	     { "5", -1 },
		{ "s", -1 },	     { "1x", -1 },
		{ "-1s", -1 },	     { "1s ", -1 },
		{ "1..5s", -1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(gb_go_duration_ms(rows[i].text), rows[i].ms);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_quiet), cmocka_unit_test(test_only),
		cmocka_unit_test(test_with),  cmocka_unit_test(test_without),
		cmocka_unit_test(test_get),   cmocka_unit_test(test_durations),
	};

	return cmocka_run_group_tests_name("exec_args", tests, NULL, NULL);
}
