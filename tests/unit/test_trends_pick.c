/* budget/trends_pick.c: which environments of notes are one history. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"
#include "budget/trends_eras.h"
#include "budget/trends_pick.h"

#define REST	" linux/amd64 gomaxprocs=2"
#define TESTS	REST " -gcflags=-l cgo runtime accounting"
#define BUILT	REST " optimised cgo runtime accounting"
#define SAMPLES "{\"m\":{\"BenchmarkB\":{\"ns/op\":[100,200,900]}}}"

static void parse(const char *text, struct gb_note *note)
{
	struct gb_err err = GB_ERR_INIT;

	if (gb_note_parse("note", text, strlen(text), note, &err) < 0)
		fail_msg("%s", err.line);
}

static int64_t value(const struct gb_picked *night, enum gb_metric m)
{
	for (size_t i = 0; i < night->n; i++)
		if (night->v[i].metric == m)
			return night->v[i].value;
	return -1;
}

static void test_words(void **state)
{
	(void)state;
	assert_true(gb_env_is_related("go1.25" TESTS, "go1.26" TESTS));
	assert_false(gb_env_is_related("go1.25" TESTS, "go1.26" BUILT));
	assert_false(gb_env_is_related("go1.25", "go1.26"));
	assert_true(gb_env_is_optimised_of("go1.26" BUILT, "go1.26" TESTS));
	assert_true(gb_env_is_optimised_of("go1.26" BUILT,
					   "go1.26" REST " -gcflags=-l -m cgo runtime accounting"));
	assert_false(gb_env_is_optimised_of("go1.25" BUILT, "go1.26" TESTS));
	assert_false(gb_env_is_optimised_of("go1.26" TESTS, "go1.26" TESTS));
	assert_false(gb_env_is_optimised_of("go1.26" BUILT " more", "go1.26" TESTS));
}

static void test_night_with_benchmarks(void **state)
{
	struct gb_picker p = { .likely = "linux/amd64" };
	struct gb_note note = { 0 };
	struct gb_picked night = { 0 };
	struct gb_err err = GB_ERR_INIT;

	(void)state;
	parse("{\"version\":1,\"measured\":{"
	      "\"go1.25" TESTS "\":{\"m\":{\"TestA\":{\"alloc_space\":1}}},"
	      "\"go1.26" TESTS "\":{\"m\":{\"TestA\":{\"alloc_space\":2},"
	      "\"BenchmarkB\":{\"B/op\":99}}},"
	      "\"go1.26" BUILT "\":{\"m\":{\"BenchmarkB\":{\"B/op\":7}}}},"
	      "\"benchmarks\":{\"go1.26" BUILT "\":{"
	      "\"old CPU\":" SAMPLES ",\"this CPU\":{\"m\":{\"BenchmarkB\":{\"ns/op\":[5]}}}}}}",
	      &note);
	assert_int_equal(gb_pick(&p, &note, &night, &err), 0);
	assert_string_equal(night.env, "go1.26" TESTS);
	assert_int_equal(p.met.n, 3);
	assert_int_equal(night.n, 3);
	assert_int_equal(value(&night, GB_ALLOC_SPACE), 2);
	assert_int_equal(value(&night, GB_BYTES_PER_OP), 7);
	assert_int_equal(value(&night, GB_NS_PER_OP), 200);
	assert_string_equal(p.cpu, "old CPU");
	free(night.v);
	gb_note_release(&note);

	/* An older Go is the same history; another CPU's times are not, nor another build's bytes. */
	parse("{\"version\":1,\"measured\":{"
	      "\"go1.25" TESTS "\":{\"m\":{\"TestA\":{\"alloc_space\":3},"
	      "\"BenchmarkB\":{\"B/op\":98}}}},"
	      "\"benchmarks\":{\"go1.25" BUILT "\":{\"another\":" SAMPLES "}}}",
	      &note);
	assert_int_equal(gb_pick(&p, &note, &night, &err), 0);
	assert_string_equal(night.env, "go1.25" TESTS);
	assert_int_equal(night.n, 1);
	assert_int_equal(value(&night, GB_ALLOC_SPACE), 3);
	free(night.v);
	gb_note_release(&note);

	parse("{\"version\":1,\"measured\":{\"go1.26 darwin/arm64 gomaxprocs=8 -gcflags=-l cgo "
	      "runtime accounting\":{\"m\":{\"TestA\":{\"alloc_space\":3}}}}}",
	      &note);
	assert_int_equal(gb_pick(&p, &note, &night, &err), 0);
	assert_null(night.env);
	assert_null(night.v);
	gb_note_release(&note);
	gb_picker_release(&p);
}

static void test_one_environment(void **state)
{
	struct gb_picker p = { .having = "go1.25" };
	struct gb_note note = { 0 };
	struct gb_picked night = { 0 };
	struct gb_err err = GB_ERR_INIT;

	(void)state;
	parse("{\"version\":1,\"measured\":{"
	      "\"go1.25" TESTS "\":{\"m\":{\"BenchmarkB\":{\"B/op\":1}}},"
	      "\"go1.26" TESTS "\":{\"m\":{\"BenchmarkB\":{\"B/op\":2}}}}}",
	      &note);
	assert_int_equal(gb_pick(&p, &note, &night, &err), 0);
	assert_string_equal(night.env, "go1.25" TESTS);
	assert_int_equal(night.n, 1);
	assert_int_equal(value(&night, GB_BYTES_PER_OP), 1);
	free(night.v);
	gb_note_release(&note);
	parse("{\"version\":1,\"measured\":{"
	      "\"go1.24" TESTS "\":{\"m\":{\"TestA\":{\"alloc_space\":1}}}}}",
	      &note);
	assert_int_equal(gb_pick(&p, &note, &night, &err), 0);
	assert_null(night.env);
	gb_note_release(&note);
	gb_picker_release(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_night_with_benchmarks),
		cmocka_unit_test(test_one_environment),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
