/* update: what record writes, and above all what it leaves alone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/strlist.h"
#include "budget/update.h"
#include "budget_fixture.h"

#define FILE_OF(env, tests) \
	"{\"package\": \"m/a\", \"environments\": [{\"env\": " env ", \"tests\": {" tests "}}]}"

static const struct gb_update_options plain = { 0 };

/* Updates, and gives the text that would be written. */
static struct gb_update update(struct gb_run *run, const char *old,
			       const struct gb_update_options *o)
{
	struct gb_budget_file *f = old ? budget_parse(old) : NULL;
	struct gb_err err = GB_ERR_INIT;
	struct gb_update u;

	if (gb_update_package(f, gb_run_package(run, "m/a"), &run->env, o, &u, &err) < 0)
		fail_msg("%s", err.line);
	gb_budget_file_free(f);
	return u;
}

static const struct gb_budget_row *row_of(const struct gb_update *u, const struct gb_run *run,
					  const char *test)
{
	const struct gb_budget_block *b = gb_budget_block_for(u->file, &run->env);

	assert_non_null(b);
	return gb_budget_row_for(b, test);
}

static void test_a_first_recording(void **state)
{
	static const char want[] =
		"{\n"
		"  \"package\": \"m/a\",\n"
		"  \"environments\": [\n"
		"    {\n"
		"      \"env\": {\"go\": \"1.26\", \"platform\": \"linux/amd64\", "
		"\"gomaxprocs\": 2, \"gcflags\": \"-l\",\n"
		"              \"tags\": \"\", \"cgo\": true, \"race\": false, "
		"\"accounting\": \"runtime\"},\n"
		"      \"tests\": {\n"
		"        \"(package)\": {\"goroutines\": 0, \"measured\": {\"goroutines\": 0}},\n"
		"        \"BenchmarkX\": {\"B/op\": 64, \"measured\": {\"B/op\": 64}},\n"
		"        \"TestA\": {\"goroutines\": 3, \"alloc_space\": 9152, "
		"\"measured\": {\"goroutines\": 3, \"alloc_space\": 9152}, "
		"\"spread\": {\"goroutines\": 2, \"alloc_space\": 64}}\n"
		"      }\n"
		"    }\n"
		"  ]\n"
		"}\n";
	_buf_ struct gb_buf out = GB_BUF_INIT(GB_MAX_BUDGET_FILE);
	_run_ struct gb_run *run = budget_run();
	struct gb_test *t = budget_test(run, "m/a", "TestA");

	(void)state;
	budget_sample(t, GB_GOROUTINES, 1);
	budget_sample(t, GB_GOROUTINES, 3);
	budget_sample(t, GB_ALLOC_SPACE, 9216);
	budget_sample(t, GB_ALLOC_SPACE, 9152);
	budget_sample(t, GB_GOROUTINES_PEAK, 5);
	budget_sample(t, GB_GOROUTINES_CREATED, 5);
	budget_alone(t, GB_INUSE_SPACE, 100);
	budget_test(run, "m/a", "TestSkip")->outcome = GB_SKIP;
	t = budget_test(run, "m/a", "TestFail");
	t->outcome = GB_FAIL;
	budget_sample(t, GB_ALLOC_SPACE, 1);
	t = budget_test(run, "m/a", "BenchmarkX");
	budget_sample(t, GB_BYTES_PER_OP, 64);
	budget_sample(t, GB_NS_PER_OP, 12345);
	budget_sample(budget_test(run, "m/a", "TestPeakOnly"), GB_GOROUTINES_PEAK, 1);
	budget_sample(budget_test(run, "m/a", GB_PACKAGE_ROW), GB_GOROUTINES, -5);
	budget_sample(budget_test(run, "m/a", GB_PACKAGE_ROW), GB_ALLOC_SPACE, 40000);
	struct gb_update u = update(run, NULL, &plain);
	assert_string_equal(u.file->path, "budgets/a.json");
	assert_int_equal(gb_budget_write(u.file, &out, NULL), 0);
	assert_string_equal(out.data, want);
	assert_int_equal(u.n, 4);
	assert_string_equal(u.changes[0].test, "TestA");
	assert_false(u.changes[0].had);
	assert_true(u.changes[0].has);
	assert_int_equal(u.changes[0].new_budget, 3);
	assert_false(u.moved);
	gb_update_release(&u);
}

static void test_more_metrics_where_asked_for(void **state)
{
	const struct gb_update_options more = { .alone = true,
						.metrics = 1u << GB_GOROUTINES_PEAK };
	_run_ struct gb_run *run = budget_run();
	struct gb_test *t = budget_test(run, "m/a", "TestA");

	(void)state;
	budget_sample(t, GB_GOROUTINES_PEAK, 5);
	budget_sample(t, GB_GOROUTINES_CREATED, 6);
	budget_alone(t, GB_INUSE_SPACE, 100);
	budget_alone(t, GB_HEAP_PEAK, 200);
	struct gb_update u = update(run, NULL, &more);
	const struct gb_budget_row *row = row_of(&u, run, "TestA");
	assert_int_equal(row->has_budget,
			 1u << GB_GOROUTINES_PEAK | 1u << GB_INUSE_SPACE | 1u << GB_HEAP_PEAK);
	assert_int_equal(row->budget[GB_HEAP_PEAK], 200);
	gb_update_release(&u);
}

/* One row, one option, one measurement: which budget and reason stand there afterwards. */
static void test_rows(void **state)
{
	enum { TIGHTEN = 1, RAISE = 2, RAISE_OTHER = 4, RAISE_GLOB = 8 };
	static const struct {
		const char *row;
		int options;
		int64_t value, budget;
		bool changed, reason;
	} rows[] = {
		/* Nothing asked: nothing touched, above or below. */
		{ "\"alloc_space\": 1000", 0, 500, 1000, false, false },
		{ "\"alloc_space\": 1000", 0, 5000, 1000, false, false },
		{ "\"alloc_space\": \"1 KiB\"", 0, 500, 1024, false, false },
		/* A metric without a budget is new. */
		{ "\"goroutines\": 0", 0, 500, 500, true, false },
		{ "\"alloc_space\": 1000", TIGHTEN, 500, 500, true, false },
		{ "\"alloc_space\": \"1 KiB\"", TIGHTEN, 500, 500, true, false },
		{ "\"alloc_space\": 1000", TIGHTEN, 1000, 1000, false, false },
		{ "\"alloc_space\": 1000", TIGHTEN, 1001, 1000, false, false },
		{ "\"alloc_space\": 1000", RAISE, 1500, 1500, true, true },
		{ "\"alloc_space\": 1000", RAISE, 500, 1000, false, false },
		{ "\"alloc_space\": 1000", RAISE | TIGHTEN, 500, 500, true, false },
		{ "\"alloc_space\": 1000", RAISE_OTHER, 1500, 1000, false, false },
		{ "\"alloc_space\": 1000", RAISE_GLOB, 1500, 1500, true, true },
		{ "\"alloc_space\": 1000, \"reason\": \"old\"", RAISE, 1500, 1500, true, true },
	};
	char text[1024];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		_strlist_ struct gb_strlist raise = GB_STRLIST_INIT;
		_run_ struct gb_run *run = budget_run();
		int how = rows[i].options;
		struct gb_update_options o = {
			.tighten = how & TIGHTEN,
			.raise = &raise,
			.reason = "a bigger cache",
		};

		if (how & (RAISE | RAISE_OTHER | RAISE_GLOB))
			gb_strlist_add(&raise,
				       how & RAISE	  ? "Test[a]"
				       : how & RAISE_GLOB ? "Te*"
							  : "TestB",
				       NULL);
		snprintf(text, sizeof(text), FILE_OF(BUDGET_ENV, "\"Test[a]\": {%s}"), rows[i].row);
		budget_sample(budget_test(run, "m/a", "Test[a]"), GB_ALLOC_SPACE, rows[i].value);
		struct gb_update u = update(run, text, &o);
		const struct gb_budget_row *row = row_of(&u, run, "Test[a]");
		if (row->budget[GB_ALLOC_SPACE] != rows[i].budget || (u.n > 0) != rows[i].changed)
			fail_msg("row %zu: %lld, %zu changes", i,
				 (long long)row->budget[GB_ALLOC_SPACE], u.n);
		if (rows[i].changed) {
			assert_int_equal(row->measured[GB_ALLOC_SPACE], rows[i].value);
			assert_null(row->as_written[GB_ALLOC_SPACE]);
			assert_int_equal(u.changes[0].new_budget, rows[i].budget);
		}
		if (rows[i].reason)
			assert_string_equal(row->reason, "a bigger cache");
		else
			assert_null(row->reason);
		gb_update_release(&u);
	}
}

static void test_an_untouched_file_is_written_as_it_was(void **state)
{
	static const char text[] =
		FILE_OF(BUDGET_ENV, "\"TestA\": {\"alloc_space\": \"1.5 KiB\", \"reason\": \"r\"}, "
				    "\"TestGone\": {\"goroutines\": 3}");
	_buf_ struct gb_buf before = GB_BUF_INIT(GB_MAX_BUDGET_FILE);
	_buf_ struct gb_buf after = GB_BUF_INIT(GB_MAX_BUDGET_FILE);
	_run_ struct gb_run *run = budget_run();
	struct gb_budget_file *f = budget_parse(text);

	(void)state;
	budget_sample(budget_test(run, "m/a", "TestA"), GB_ALLOC_SPACE, 7);
	struct gb_update u = update(run, text, &plain);
	assert_int_equal(u.n, 0);
	assert_int_equal(gb_budget_write(f, &before, NULL), 0);
	assert_int_equal(gb_budget_write(u.file, &after, NULL), 0);
	assert_string_equal(before.data, after.data);
	gb_update_release(&u);
	gb_budget_file_free(f);
}

static void test_other_environments_stay(void **state)
{
	static const char text[] =
		FILE_OF(BUDGET_ENV_GO("1.25"), "\"TestA\": {\"alloc_space\": 5}");
	_run_ struct gb_run *run = budget_run();

	(void)state;
	budget_sample(budget_test(run, "m/a", "TestA"), GB_ALLOC_SPACE, 7);
	struct gb_update u = update(run, text, &plain);
	assert_int_equal(u.file->n_blocks, 2);
	assert_int_equal(u.file->blocks[0].rows[0].budget[GB_ALLOC_SPACE], 5);
	assert_int_equal(row_of(&u, run, "TestA")->budget[GB_ALLOC_SPACE], 7);
	gb_update_release(&u);
}

static void test_a_raise_needs_a_reason(void **state)
{
	_strlist_ struct gb_strlist raise = GB_STRLIST_INIT;
	static const char *const reasons[] = { NULL, "" };
	_run_ struct gb_run *run = budget_run();

	(void)state;
	budget_test(run, "m/a", "TestA");
	gb_strlist_add(&raise, "TestA", NULL);
	for (size_t i = 0; i < 2; i++) {
		struct gb_update_options o = { .raise = &raise, .reason = reasons[i] };
		struct gb_err err = GB_ERR_INIT;
		struct gb_update u;

		assert_int_equal(gb_update_package(NULL, &run->packages[0], &run->env, &o, &u,
						   &err),
				 GB_EUSAGE);
		assert_non_null(strstr(err.line, "reason"));
		assert_non_null(strstr(err.hint, "--reason"));
	}
}

static void test_prune(void **state)
{
	static const char text[] =
		FILE_OF(BUDGET_ENV,
			"\"TestA\": {\"goroutines\": 0}, \"TestA/old\": {\"goroutines\": 0}, "
			"\"TestOld\": {\"goroutines\": 0}, \"TestSkip/sub\": {\"goroutines\": 0}, "
			"\"TestSkip\": {\"goroutines\": 0}, \"(package)\": {\"goroutines\": 0}, "
			"\"BenchmarkOld\": {\"B/op\": 0}");
	static const char *const kept[] = { "(package)", "BenchmarkOld", "TestA", "TestSkip",
					    "TestSkip/sub" };
	const struct gb_update_options o = { .prune = true };
	_run_ struct gb_run *run = budget_run();

	(void)state;
	budget_sample(budget_test(run, "m/a", "TestA"), GB_GOROUTINES, 0);
	budget_test(run, "m/a", "TestSkip")->outcome = GB_SKIP;
	struct gb_update u = update(run, text, &o);
	assert_int_equal(u.file->blocks[0].n_rows, 5);
	for (size_t i = 0; i < 5; i++)
		assert_string_equal(u.file->blocks[0].rows[i].test, kept[i]);
	assert_int_equal(u.n, 2);
	assert_int_equal(u.changes[0].metric, -1);
	assert_true(u.changes[0].had);
	assert_false(u.changes[0].has);
	gb_update_release(&u);
	/* Benchmarks ran: those that did not are gone. */
	budget_sample(budget_test(run, "m/a", "BenchmarkNew"), GB_BYTES_PER_OP, 1);
	u = update(run, text, &o);
	assert_null(row_of(&u, run, "BenchmarkOld"));
	gb_update_release(&u);
}

static void test_rebase_moves_to_a_new_go_version(void **state)
{
	static const char text[] = FILE_OF(
		BUDGET_ENV_GO("1.25"),
		"\"TestExact\": {\"alloc_space\": 100, \"measured\": {\"alloc_space\": 100}, "
		"\"spread\": {\"alloc_space\": 8}, \"reason\": \"r\"}, "
		"\"TestRoomy\": {\"alloc_space\": \"1 KiB\", \"measured\": {\"alloc_space\": "
		"100}}, "
		"\"TestLow\": {\"alloc_space\": \"1 KiB\", \"measured\": {\"alloc_space\": 100}}, "
		"\"TestNotRun\": {\"alloc_space\": 100, \"measured\": {\"alloc_space\": 100}}");
	const struct gb_update_options o = { .rebase = true };
	_run_ struct gb_run *run = budget_run();
	const struct gb_budget_row *row;

	(void)state;
	budget_sample(budget_test(run, "m/a", "TestExact"), GB_ALLOC_SPACE, 120);
	budget_sample(budget_test(run, "m/a", "TestRoomy"), GB_ALLOC_SPACE, 120);
	budget_sample(budget_test(run, "m/a", "TestLow"), GB_ALLOC_SPACE, 2000);
	budget_sample(budget_test(run, "m/a", "TestNew"), GB_ALLOC_SPACE, 5);
	struct gb_update u = update(run, text, &o);
	assert_true(u.moved);
	assert_int_equal(u.file->n_blocks, 1);
	assert_string_equal(u.file->blocks[0].env.go, "1.26");
	row = row_of(&u, run, "TestExact");
	assert_int_equal(row->budget[GB_ALLOC_SPACE], 120);
	assert_int_equal(row->measured[GB_ALLOC_SPACE], 120);
	assert_int_equal(row->has_spread, 0);
	assert_string_equal(row->reason, "r");
	row = row_of(&u, run, "TestRoomy");
	assert_int_equal(row->budget[GB_ALLOC_SPACE], 1024);
	assert_string_equal(row->as_written[GB_ALLOC_SPACE], "1 KiB");
	assert_int_equal(row->measured[GB_ALLOC_SPACE], 120);
	assert_int_equal(row_of(&u, run, "TestLow")->budget[GB_ALLOC_SPACE], 2000);
	row = row_of(&u, run, "TestNotRun");
	assert_int_equal(row->budget[GB_ALLOC_SPACE], 100);
	assert_int_equal(row->has_measured, 0);
	assert_int_equal(row_of(&u, run, "TestNew")->budget[GB_ALLOC_SPACE], 5);
	assert_int_equal(u.n, 3);
	assert_int_equal(u.changes[0].old_budget, 100);
	assert_int_equal(u.changes[0].new_budget, 120);
	gb_update_release(&u);
}

static void test_rebase_copies_the_closest_environment(void **state)
{
	static const char text[] =
		"{\"package\": \"m/a\", \"environments\": ["
		"{\"env\": {\"go\": \"1.26\", \"platform\": \"linux/amd64\", \"gomaxprocs\": 8, "
		"\"gcflags\": \"-l\", \"tags\": \"\", \"cgo\": true, \"race\": false, "
		"\"accounting\": \"runtime\"}, "
		"\"tests\": {\"TestA\": {\"goroutines_peak\": 4}}},"
		"{\"env\": {\"go\": \"1.26\", \"platform\": \"linux/amd64\", \"gomaxprocs\": 2, "
		"\"gcflags\": \"\", \"tags\": \"\", \"cgo\": true, \"race\": false, "
		"\"accounting\": \"runtime\"}, "
		"\"tests\": {\"TestB\": {\"goroutines\": 4}}}]}";
	const struct gb_update_options o = { .rebase = true };
	_run_ struct gb_run *run = budget_run();

	(void)state;
	budget_sample(budget_test(run, "m/a", "TestA"), GB_GOROUTINES_PEAK, 9);
	struct gb_update u = update(run, text, &o);
	assert_true(u.moved);
	assert_int_equal(u.file->n_blocks, 3);
	assert_int_equal(u.file->blocks[0].env.gomaxprocs, 8);
	assert_null(row_of(&u, run, "TestB"));
	assert_int_equal(row_of(&u, run, "TestA")->budget[GB_GOROUTINES_PEAK], 9);
	gb_update_release(&u);
	/* A block of this environment is there already: nothing to rebase. */
	u = update(run, FILE_OF(BUDGET_ENV, "\"TestA\": {\"goroutines_peak\": 4}"), &o);
	assert_false(u.moved);
	assert_int_equal(u.n, 0);
	gb_update_release(&u);
	/* No file yet: as without the option. */
	u = update(run, NULL, &o);
	assert_false(u.moved);
	gb_update_release(&u);
}

static void test_a_package_outside_its_module(void **state)
{
	_run_ struct gb_run *run = budget_run();
	struct gb_err err = GB_ERR_INIT;
	struct gb_update u;

	(void)state;
	struct gb_package *p = budget_package(run, "command-line-arguments");
	assert_int_equal(gb_update_package(NULL, p, &run->env, &plain, &u, &err), GB_EUSAGE);
	assert_non_null(strstr(err.line, "is not of module m"));
}

static struct gb_update_options oom_options;

static int update_and_release(struct gb_run *run, const struct gb_budget_file *f)
{
	struct gb_update u;
	int rc = gb_update_package(f, &run->packages[0], &run->env, &oom_options, &u, NULL);

	if (rc == 0)
		gb_update_release(&u);
	return rc;
}

static void fail_each(struct gb_run *run, const struct gb_budget_file *f)
{
	size_t n;

	gb_mem_fail_at(0);
	assert_int_equal(update_and_release(run, f), 0);
	n = gb_mem_count();
	for (size_t i = 1; i <= n; i++) {
		gb_mem_fail_at(i);
		assert_int_equal(update_and_release(run, f), GB_ENOMEM);
	}
	gb_mem_fail_at(0);
}

static void test_out_of_memory_anywhere(void **state)
{
	_strlist_ struct gb_strlist raise = GB_STRLIST_INIT;
	_run_ struct gb_run *run = budget_run();

	(void)state;
	static const char text[] =
		FILE_OF(BUDGET_ENV, "\"TestA\": {\"alloc_space\": \"1 B\", \"reason\": \"r\"}, "
				    "\"TestOld/a\": {\"goroutines\": 1}");
	struct gb_budget_file *f = budget_parse(text);
	budget_sample(budget_test(run, "m/a", "TestA"), GB_ALLOC_SPACE, 7);
	budget_sample(budget_test(run, "m/a", "TestB"), GB_ALLOC_SPACE, 7);
	gb_strlist_add(&raise, "**", NULL);
	oom_options = (struct gb_update_options){ .raise = &raise, .reason = "r", .prune = true };
	fail_each(run, f);
	fail_each(run, NULL);
	oom_options.rebase = true;
	run->env.gomaxprocs = 4;
	fail_each(run, f);
	gb_budget_file_free(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_first_recording),
		cmocka_unit_test(test_more_metrics_where_asked_for),
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_an_untouched_file_is_written_as_it_was),
		cmocka_unit_test(test_other_environments_stay),
		cmocka_unit_test(test_a_raise_needs_a_reason),
		cmocka_unit_test(test_prune),
		cmocka_unit_test(test_rebase_moves_to_a_new_go_version),
		cmocka_unit_test(test_rebase_copies_the_closest_environment),
		cmocka_unit_test(test_a_package_outside_its_module),
		cmocka_unit_test(test_out_of_memory_anywhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
