/* collector: judged only where somebody asked, no news of noise, and told where it was not judged. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "budget/collector.h"
#include "budget/drift.h"
#include "budget/update.h"
#include "budget_fixture.h"
#include "report/report.h"
#include "report/say.h"

#define WORST	   "\"gc_pause_worst\": \"50us\", \"measured\": {\"gc_pause_worst\": 50000}"
#define ON_PACKAGE "{\"ceilings\": [{\"tests\": \"(package)\", \"gc_count\": 3}]}"

static void test_only_what_was_asked_for(void **state)
{
	static const struct {
		const char *row, *policy;
		enum gb_metric m;
		int64_t values[3]; /* ends with -1 */
		int verdict;	   /* -1: none */
	} rows[] = {
		{ NULL, NULL, GB_GC_COUNT, { 1000000, -1 }, -1 },
		{ NULL, NULL, GB_GC_PAUSE_WORST, { 1000000000, -1 }, -1 },
		{ NULL, NULL, GB_HEAP_LIVE, { INT64_MAX, -1 }, -1 },
		{ "\"goroutines\": 0", NULL, GB_HEAP_LIVE, { INT64_MAX, -1 }, -1 },
		/* Below the ceiling nothing is news, neither more nor less. */
		{ WORST, NULL, GB_GC_PAUSE_WORST, { 50000, -1 }, GB_V_WITHIN },
		{ WORST, NULL, GB_GC_PAUSE_WORST, { 10050000, -1 }, GB_V_WITHIN },
		{ WORST, NULL, GB_GC_PAUSE_WORST, { 1, -1 }, GB_V_WITHIN },
		{ WORST, NULL, GB_GC_PAUSE_WORST, { 10050001, -1 }, GB_V_OVER },
		/* The best of the runs counts. */
		{ WORST, NULL, GB_GC_PAUSE_WORST, { 90000000, 40000, -1 }, GB_V_WITHIN },
		{ "\"heap_live\": \"8 MiB\"", NULL, GB_HEAP_LIVE, { 10 << 20, -1 }, GB_V_WITHIN },
		{ "\"heap_live\": \"8 MiB\"",
		  NULL,
		  GB_HEAP_LIVE,
		  { (10 << 20) + 1, -1 },
		  GB_V_OVER },
		/* A ceiling has no headroom. */
		{ NULL, ON_PACKAGE, GB_GC_COUNT, { 3, -1 }, GB_V_WITHIN },
		{ NULL, ON_PACKAGE, GB_GC_COUNT, { 4, -1 }, GB_V_OVER },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct gb_budgets budgets = GB_BUDGETS_INIT;
		struct gb_policy *policy = budget_policy(rows[i].policy);
		_run_ struct gb_run *run = budget_run();
		struct gb_test *t = budget_test(run, "m/a", GB_PACKAGE_ROW);
		struct gb_verdicts v = { 0 };
		int verdict = -1;

		for (size_t k = 0; rows[i].values[k] >= 0; k++)
			budget_sample(t, rows[i].m, rows[i].values[k]);
		if (rows[i].row) {
			_free_ char *row = gb_asprintf("\"(package)\": {%s}", rows[i].row);

			budget_file(&budgets, "m/a", row);
		}
		assert_int_equal(gb_judge(run, &budgets, policy, &v, NULL), 0);
		for (size_t k = 0; k < v.n; k++)
			if (v.v[k].metric == (int)rows[i].m)
				verdict = (int)v.v[k].verdict;
		assert_int_equal(verdict, rows[i].verdict);
		assert_int_equal(v.failing, rows[i].verdict == GB_V_OVER);
		gb_verdicts_release(&v);
		gb_policy_free(policy);
		gb_budgets_release(&budgets);
	}
}

static void test_record_budgets_it_only_where_asked(void **state)
{
	struct gb_update_options o = { 0 };
	_run_ struct gb_run *run = budget_run();
	struct gb_test *row = budget_test(run, "m/a", GB_PACKAGE_ROW);
	struct gb_update u;

	(void)state;
	budget_sample(row, GB_GOROUTINES, 0);
	budget_sample(row, GB_GC_COUNT, 3);
	budget_sample(row, GB_HEAP_LIVE, 74304);
	assert_int_equal(
		gb_update_package(NULL, budget_package(run, "m/a"), &run->env, &o, &u, NULL), 0);
	assert_int_equal(u.file->blocks[0].rows[0].has_budget, 1u << GB_GOROUTINES);
	gb_update_release(&u);
	o.metrics = 1u << GB_GC_COUNT;
	assert_int_equal(
		gb_update_package(NULL, budget_package(run, "m/a"), &run->env, &o, &u, NULL), 0);
	assert_int_equal(u.file->blocks[0].rows[0].has_budget,
			 1u << GB_GOROUTINES | 1u << GB_GC_COUNT);
	gb_update_release(&u);
}

static void test_it_never_drifts(void **state)
{
	struct gb_anchor anchor = { .name = "v1" };
	struct gb_budgets budgets = GB_BUDGETS_INIT;
	struct gb_policy *policy = budget_policy("{\"drift\": {\"since\": \"v1\"}}");
	_run_ struct gb_run *run = budget_run();
	struct gb_verdicts v = { 0 };

	(void)state;
	budget_sample(budget_test(run, "m/a", GB_PACKAGE_ROW), GB_GC_COUNT, 1000);
	budget_file(&anchor.budgets, "m/a",
		    "\"(package)\": {\"gc_count\": 1, \"measured\": {\"gc_count\": 1}}");
	assert_int_equal(gb_judge_drift(run, &budgets, policy, &anchor, &v, NULL), 0);
	assert_int_equal(v.n, 0);
	gb_verdicts_release(&v);
	gb_anchor_release(&anchor);
	gb_policy_free(policy);
}

static void test_what_benchmarks_hide_is_told(void **state)
{
	static const struct {
		const char *policy;
		bool benchmarks, measured;
		size_t told;
	} rows[] = {
		{ ON_PACKAGE, true, false, 1 },
		{ ON_PACKAGE, true, true, 0 },
		{ ON_PACKAGE, false, false, 0 },
		{ NULL, true, false, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		for (size_t packages = 1; packages < 3; packages++) {
			_strlist_ struct gb_strlist notes = { 0 };
			struct gb_budgets budgets = GB_BUDGETS_INIT;
			struct gb_policy *policy = budget_policy(rows[i].policy);
			_run_ struct gb_run *run = budget_run();

			for (size_t k = 0; k < packages; k++) {
				const char *path = k ? "m/b" : "m/a";

				if (rows[i].benchmarks)
					(void)budget_test(run, path, "BenchmarkA");
				if (rows[i].measured)
					budget_sample(budget_test(run, path, GB_PACKAGE_ROW),
						      GB_GC_COUNT, 1);
				else
					(void)budget_test(run, path, GB_PACKAGE_ROW);
			}
			assert_int_equal(gb_collector_notes(run, &budgets, policy, &notes, NULL),
					 0);
			assert_int_equal(notes.n, rows[i].told);
			if (notes.n)
				assert_non_null(
					strstr(notes.v[0], packages > 1 ? "2 packages, such as m/a"
									: "in m/a was not"));
			gb_policy_free(policy);
		}
}

static void test_a_rule_for_tests_cannot_name_it(void **state)
{
	static const char *const rows[] = {
		"{\"ceilings\": [{\"tests\": \"**\", \"gc_count\": 3}]}",
		"{\"ceilings\": [{\"tests\": \"**\", \"goroutines\": 2, \"escapes\": 3}]}",
		"{\"windows\": [{\"tests\": \"**\", \"metric\": \"heap_live\", \"over\": "
		"\"20%\"}]}",
		"{\"near\": [{\"tests\": \"Test*\", \"metric\": \"gc_pause_worst\", \"share\": "
		"\"80%\"}]}",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct gb_err err = GB_ERR_INIT;
		struct gb_policy *p;

		assert_int_equal(gb_policy_parse(GB_POLICY_FILE, rows[i], strlen(rows[i]),
						 BUDGET_NOW, &p, &err),
				 GB_EUSAGE);
		assert_non_null(strstr(err.line, "of its own"));
	}
}

static void test_it_is_said_in_one_line(void **state)
{
	static const struct {
		int64_t count, total, worst, live; /* -1: not measured */
		const char *text;
	} rows[] = {
		{ -1, -1, -1, -1, NULL },
		{ 0, 0, 0, 74304, "no garbage collections; 72.6 KiB live at the end" },
		{ 1, 45200, 45200, -1,
		  "1 garbage collection, which stopped the world for 45.2 us" },
		{ 7, 188783, 39729, 74304,
		  "7 garbage collections, the world stopped for 188.8 us in all and 39.7 us at "
		  "worst; 72.6 KiB live at the end" },
		{ -1, -1, -1, 74304, "72.6 KiB live at the end" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		_buf_ struct gb_buf out = GB_BUF_INIT(GB_MAX_LINE);
		_run_ struct gb_run *run = budget_run();
		struct gb_test *row = budget_test(run, "m/a", GB_PACKAGE_ROW);
		const int64_t values[] = { rows[i].count, rows[i].total, rows[i].worst,
					   rows[i].live };

		for (int k = 0; k < 4; k++)
			if (values[k] >= 0)
				budget_sample(row, (enum gb_metric)(GB_GC_COUNT + k), values[k]);
		assert_int_equal(gb_say_collector(&out, budget_package(run, "m/a")),
				 rows[i].text != NULL);
		assert_string_equal(out.len ? out.data : "", rows[i].text ? rows[i].text : "");
	}
}

static void test_a_night_tells_where_it_stopped_for_longest(void **state)
{
	static const char want[] = "the garbage collector, in the best of the runs\n"
				   "  m/p11\n"
				   "    2 garbage collections, the world stopped for 11.0 ms in "
				   "all and 11.0 ms at worst\n"
				   "  m/p10\n";
	_buf_ struct gb_buf out = GB_BUF_INIT(GB_MAX_REPORT);
	_run_ struct gb_run *run = budget_run();
	struct gb_verdicts v = { 0 };
	struct gb_report r = { .run = run, .verdicts = &v, .module = "m" };
	const struct gb_text_options o = { .width = 100 };

	(void)state;
	for (int i = 0; i < 12; i++) {
		char path[16];

		(void)snprintf(path, sizeof(path), "m/p%d", i);
		struct gb_test *row = budget_test(run, path, GB_PACKAGE_ROW);

		budget_sample(row, GB_GC_COUNT, i ? 2 : 0);
		budget_sample(row, GB_GC_PAUSE_TOTAL, i * 1000000);
		budget_sample(row, GB_GC_PAUSE_WORST, i * 1000000);
	}
	r.command = "gobudget check ./...";
	gb_report_text(&r, &o, &out);
	assert_null(strstr(out.data, "garbage"));
	gb_buf_clear(&out);
	r.command = "gobudget nightly";
	gb_report_text(&r, &o, &out);
	assert_non_null(strstr(out.data, want));
	/* Where it did nothing is no news. */
	assert_null(strstr(out.data, "m/p0\n"));
	assert_non_null(strstr(out.data, "and 1 more, which it stopped for less"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_only_what_was_asked_for),
		cmocka_unit_test(test_record_budgets_it_only_where_asked),
		cmocka_unit_test(test_it_never_drifts),
		cmocka_unit_test(test_what_benchmarks_hide_is_told),
		cmocka_unit_test(test_a_rule_for_tests_cannot_name_it),
		cmocka_unit_test(test_it_is_said_in_one_line),
		cmocka_unit_test(test_a_night_tells_where_it_stopped_for_longest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
