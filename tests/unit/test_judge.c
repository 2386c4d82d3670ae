/* judge: every verdict, both gates, the policy's actions, the exit status. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/fs.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/strlist.h"
#include "budget_fixture.h"

/* What one case consists of. */
struct scene {
	struct gb_run *run;
	struct gb_budgets budgets;
	struct gb_policy *policy;
	struct gb_verdicts verdicts;
};

static void scene_begin(struct scene *s, const char *policy)
{
	memset(s, 0, sizeof(*s));
	s->run = budget_run();
	s->policy = budget_policy(policy);
}

static int scene_judge(struct scene *s)
{
	gb_verdicts_release(&s->verdicts);
	assert_int_equal(gb_judge(s->run, &s->budgets, s->policy, &s->verdicts, NULL), 0);
	return gb_judge_exit(&s->verdicts, s->run);
}

static void scene_end(struct scene *s)
{
	gb_verdicts_release(&s->verdicts);
	gb_budgets_release(&s->budgets);
	gb_policy_free(s->policy);
	gb_run_free(s->run);
}

/* The verdict on a test (NULL: on the package), -1 for any metric; it must be there. */
static const struct gb_judgement *find(const struct scene *s, const char *test, int metric)
{
	const struct gb_judgement *found = NULL;

	for (size_t i = 0; i < s->verdicts.n && !found; i++) {
		const struct gb_judgement *j = &s->verdicts.v[i];

		if ((test ? j->test_name && !strcmp(j->test_name, test) : !j->test_name) &&
		    j->metric == metric)
			found = j;
	}
	assert_non_null(found);
	return found;
}

/* One test, one metric, one budget row, one policy: the whole table of both gates. */
static void test_gates(void **state)
{
	static const struct {
		const char *row, *policy;
		enum gb_metric m;
		int64_t values[3]; /* ends with -1 */
		enum gb_verdict verdict;
		enum gb_action action;
		int64_t ceiling;
		int exit;
	} rows[] = {
#define M1000 "\"alloc_space\": 1000, \"measured\": {\"alloc_space\": 1000}"
		/* Within, over, grew: budget 1000, headroom 10%. */
		{ M1000, NULL, GB_ALLOC_SPACE, { 1000, -1 }, GB_V_WITHIN, GB_ACT_IGNORE, 1100, 0 },
		{ M1000, NULL, GB_ALLOC_SPACE, { 900, -1 }, GB_V_WITHIN, GB_ACT_IGNORE, 1100, 0 },
		{ M1000, NULL, GB_ALLOC_SPACE, { 1001, -1 }, GB_V_GREW, GB_ACT_WARN, 1100, 0 },
		{ M1000, NULL, GB_ALLOC_SPACE, { 1100, -1 }, GB_V_GREW, GB_ACT_WARN, 1100, 0 },
		{ M1000, NULL, GB_ALLOC_SPACE, { 1101, -1 }, GB_V_OVER, GB_ACT_FAIL, 1100, 1 },
		/* The minimum decides. */
		{ M1000,
		  NULL,
		  GB_ALLOC_SPACE,
		  { 5000, 1000, -1 },
		  GB_V_WITHIN,
		  GB_ACT_IGNORE,
		  1100,
		  0 },
		{ M1000,
		  NULL,
		  GB_ALLOC_SPACE,
		  { 5000, 1064, -1 },
		  GB_V_GREW,
		  GB_ACT_WARN,
		  1100,
		  0 },
		/* grew fails, or is ignored, where policy says so. */
		{ M1000,
		  "{\"on\": {\"grew\": \"fail\"}}",
		  GB_ALLOC_SPACE,
		  { 1064, -1 },
		  GB_V_GREW,
		  GB_ACT_FAIL,
		  1100,
		  1 },
		{ M1000,
		  "{\"on\": {\"grew\": \"ignore\"}}",
		  GB_ALLOC_SPACE,
		  { 1064, -1 },
		  GB_V_GREW,
		  GB_ACT_IGNORE,
		  1100,
		  0 },
		/* No headroom: every byte is over. */
		{ M1000,
		  "{\"gates\": {\"alloc_space\": {\"over\": 0}}}",
		  GB_ALLOC_SPACE,
		  { 1064, -1 },
		  GB_V_OVER,
		  GB_ACT_FAIL,
		  1000,
		  1 },
		/* Relative AND absolute. */
		{ M1000,
		  "{\"gates\": {\"alloc_space\": {\"over\": \"5%\", \"and\": \"4 KiB\"}}}",
		  GB_ALLOC_SPACE,
		  { 5096, -1 },
		  GB_V_GREW,
		  GB_ACT_WARN,
		  5096,
		  0 },
		{ M1000,
		  "{\"gates\": {\"alloc_space\": {\"over\": \"5%\", \"and\": \"4 KiB\"}}}",
		  GB_ALLOC_SPACE,
		  { 5097, -1 },
		  GB_V_OVER,
		  GB_ACT_FAIL,
		  5096,
		  1 },
		/* What recording itself saw is neither; over begins at twice its spread. */
		{ M1000 ", \"spread\": {\"alloc_space\": 500}",
		  NULL,
		  GB_ALLOC_SPACE,
		  { 1500, -1 },
		  GB_V_WITHIN,
		  GB_ACT_IGNORE,
		  2000,
		  0 },
		{ M1000 ", \"spread\": {\"alloc_space\": 500}",
		  NULL,
		  GB_ALLOC_SPACE,
		  { 1501, -1 },
		  GB_V_GREW,
		  GB_ACT_WARN,
		  2000,
		  0 },
		{ M1000 ", \"spread\": {\"alloc_space\": 500}",
		  NULL,
		  GB_ALLOC_SPACE,
		  { 2001, -1 },
		  GB_V_OVER,
		  GB_ACT_FAIL,
		  2000,
		  1 },
		{ M1000 ", \"spread\": {\"alloc_space\": 50}",
		  NULL,
		  GB_ALLOC_SPACE,
		  { 1050, -1 },
		  GB_V_WITHIN,
		  GB_ACT_IGNORE,
		  1100,
		  0 },
		{ M1000 ", \"spread\": {\"alloc_space\": 50}",
		  NULL,
		  GB_ALLOC_SPACE,
		  { 1051, -1 },
		  GB_V_GREW,
		  GB_ACT_WARN,
		  1100,
		  0 },
		{ M1000 ", \"spread\": {\"alloc_space\": 9223372036854775807}",
		  NULL,
		  GB_ALLOC_SPACE,
		  { INT64_MAX, -1 },
		  GB_V_WITHIN,
		  GB_ACT_IGNORE,
		  INT64_MAX,
		  0 },
		/* A budget lowered by hand below what was measured counts. */
		{ "\"alloc_space\": 500, \"measured\": {\"alloc_space\": 1000}",
		  NULL,
		  GB_ALLOC_SPACE,
		  { 1000, -1 },
		  GB_V_OVER,
		  GB_ACT_FAIL,
		  550,
		  1 },
		/* One raised by hand: growth is still seen. */
		{ "\"alloc_space\": \"2 KiB\", \"measured\": {\"alloc_space\": 1000}",
		  NULL,
		  GB_ALLOC_SPACE,
		  { 1500, -1 },
		  GB_V_GREW,
		  GB_ACT_WARN,
		  2252,
		  0 },
		/* Written by hand, nothing recorded: growth begins at the budget. */
		{ "\"alloc_space\": 1000",
		  NULL,
		  GB_ALLOC_SPACE,
		  { 1000, -1 },
		  GB_V_WITHIN,
		  GB_ACT_IGNORE,
		  1100,
		  0 },
		{ "\"alloc_space\": 1000",
		  NULL,
		  GB_ALLOC_SPACE,
		  { 1050, -1 },
		  GB_V_GREW,
		  GB_ACT_WARN,
		  1100,
		  0 },
		/* Goroutines: any run, no headroom, the spread is no excuse. */
		{ "\"goroutines\": 2",
		  NULL,
		  GB_GOROUTINES,
		  { 2, 1, -1 },
		  GB_V_WITHIN,
		  GB_ACT_IGNORE,
		  2,
		  0 },
		{ "\"goroutines\": 2",
		  NULL,
		  GB_GOROUTINES,
		  { 2, 3, -1 },
		  GB_V_OVER,
		  GB_ACT_FAIL,
		  2,
		  1 },
		{ "\"goroutines\": 3, \"measured\": {\"goroutines\": 3}, "
		  "\"spread\": {\"goroutines\": 3}",
		  NULL,
		  GB_GOROUTINES,
		  { 4, -1 },
		  GB_V_OVER,
		  GB_ACT_FAIL,
		  3,
		  1 },
		{ "\"goroutines\": 3, \"measured\": {\"goroutines\": 1}",
		  NULL,
		  GB_GOROUTINES,
		  { 1, 2, -1 },
		  GB_V_GREW,
		  GB_ACT_WARN,
		  3,
		  0 },
		/* Metrics that only warn. */
		{ "\"goroutines_peak\": 2",
		  NULL,
		  GB_GOROUTINES_PEAK,
		  { 5, -1 },
		  GB_V_OVER,
		  GB_ACT_WARN,
		  2,
		  0 },
		{ M1000,
		  "{\"warn_only\": [\"alloc_space\"], \"on\": {\"grew\": \"fail\"}}",
		  GB_ALLOC_SPACE,
		  { 1064, -1 },
		  GB_V_GREW,
		  GB_ACT_WARN,
		  1100,
		  0 },
		{ "\"goroutines_peak\": 2",
		  "{\"warn_only\": []}",
		  GB_GOROUTINES_PEAK,
		  { 5, -1 },
		  GB_V_OVER,
		  GB_ACT_FAIL,
		  2,
		  1 },
		/* Slack: by more than half of what was measured and by more than 64 KiB. */
		{ "\"alloc_space\": 200000",
		  NULL,
		  GB_ALLOC_SPACE,
		  { 100000, -1 },
		  GB_V_SLACK,
		  GB_ACT_IGNORE,
		  220000,
		  0 },
		{ "\"alloc_space\": 150000",
		  NULL,
		  GB_ALLOC_SPACE,
		  { 100000, -1 },
		  GB_V_WITHIN,
		  GB_ACT_IGNORE,
		  165000,
		  0 },
		{ "\"alloc_space\": 60000",
		  NULL,
		  GB_ALLOC_SPACE,
		  { 0, -1 },
		  GB_V_WITHIN,
		  GB_ACT_IGNORE,
		  66000,
		  0 },
		{ "\"alloc_objects\": 3",
		  "{\"on\": {\"slack\": \"fail\"}}",
		  GB_ALLOC_OBJECTS,
		  { 1, -1 },
		  GB_V_SLACK,
		  GB_ACT_FAIL,
		  3,
		  1 },
		{ "\"goroutines\": 1, \"measured\": {\"goroutines\": 1}, "
		  "\"spread\": {\"goroutines\": 1}",
		  NULL,
		  GB_GOROUTINES,
		  { 0, -1 },
		  GB_V_WITHIN,
		  GB_ACT_IGNORE,
		  1,
		  0 },
		/* Benchmarks, per operation. */
		{ "\"B/op\": 64, \"measured\": {\"B/op\": 64}",
		  NULL,
		  GB_BYTES_PER_OP,
		  { 80, -1 },
		  GB_V_OVER,
		  GB_ACT_FAIL,
		  70,
		  1 },
		{ "\"allocs/op\": 1",
		  NULL,
		  GB_ALLOCS_PER_OP,
		  { 1, -1 },
		  GB_V_WITHIN,
		  GB_ACT_IGNORE,
		  1,
		  0 },
	};
	char tests[512];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct scene s;

		scene_begin(&s, rows[i].policy);
		snprintf(tests, sizeof(tests), "\"TestA\": {%s}", rows[i].row);
		budget_file(&s.budgets, "m/a", tests);
		for (size_t k = 0; rows[i].values[k] >= 0; k++)
			budget_sample(budget_test(s.run, "m/a", "TestA"), rows[i].m,
				      rows[i].values[k]);
		int status = scene_judge(&s);
		assert_int_equal(s.verdicts.n, 1);
		const struct gb_judgement *j = find(&s, "TestA", (int)rows[i].m);
		if (j->verdict != rows[i].verdict || j->action != rows[i].action ||
		    j->ceiling != rows[i].ceiling || status != rows[i].exit)
			fail_msg("row %zu: %s: %s, action %d, ceiling %lld, exit %d", i,
				 rows[i].row, gb_verdict_name(j->verdict), (int)j->action,
				 (long long)j->ceiling, status);
		assert_int_equal(s.verdicts.count[j->verdict], 1);
		assert_int_equal(s.verdicts.tests, 1);
		scene_end(&s);
	}
}

static void test_a_judgement_carries_its_evidence(void **state)
{
	struct scene s;

	(void)state;
	scene_begin(&s, NULL);
	budget_file(&s.budgets, "m/a",
		    "\"TestA\": {\"goroutines\": 1, \"measured\": {\"goroutines\": 1}, "
		    "\"spread\": {\"goroutines\": 1}}");
	for (int i = 0; i < 4; i++)
		budget_sample(budget_test(s.run, "m/a", "TestA"), GB_GOROUTINES, i == 2 ? 3 : 0);
	assert_int_equal(scene_judge(&s), 1);
	const struct gb_judgement *j = find(&s, "TestA", GB_GOROUTINES);
	assert_int_equal(j->by, GB_BY_BUDGET);
	assert_ptr_equal(j->package, gb_run_package(s.run, "m/a"));
	assert_string_equal(j->package_path, "m/a");
	assert_string_equal(j->test->name, "TestA");
	assert_true(j->has_budget);
	assert_int_equal(j->budget, 1);
	assert_int_equal(j->measured, 3);
	assert_true(j->has_recorded);
	assert_int_equal(j->recorded, 1);
	assert_int_equal(j->spread, 1);
	assert_int_equal(j->over_runs, 1);
	assert_int_equal(j->runs, 4);
	assert_ptr_equal(j->file, s.budgets.files[0]);
	assert_int_equal(j->line, 1);
	scene_end(&s);
}

static void test_ceilings_are_for_tests_without_a_budget(void **state)
{
	static const char policy[] = "{\"ceilings\": [{\"tests\": \"**\", \"goroutines\": 2, "
				     "\"alloc_space\": 1000}]}";
	struct scene s;

	(void)state;
	scene_begin(&s, policy);
	budget_file(&s.budgets, "m/a", "\"TestA\": {\"goroutines\": 5}");
	budget_sample(budget_test(s.run, "m/a", "TestA"), GB_GOROUTINES, 5);
	budget_sample(budget_test(s.run, "m/a", "TestA"), GB_ALLOC_SPACE, 1001);
	budget_sample(budget_test(s.run, "m/b", "TestB"), GB_GOROUTINES, 2);
	budget_sample(budget_test(s.run, "m/b", "TestB"), GB_ALLOC_OBJECTS, 7);
	budget_sample(budget_test(s.run, "m/b", GB_PACKAGE_ROW), GB_GOROUTINES, 9);
	assert_int_equal(scene_judge(&s), 1);
	assert_int_equal(find(&s, "TestA", GB_GOROUTINES)->verdict, GB_V_WITHIN);
	const struct gb_judgement *j = find(&s, "TestA", GB_ALLOC_SPACE);
	assert_int_equal(j->verdict, GB_V_OVER);
	assert_int_equal(j->by, GB_BY_CEILING);
	assert_false(j->has_budget);
	assert_int_equal(j->ceiling, 1000); /* a ceiling has no headroom */
	assert_int_equal(find(&s, "TestB", GB_GOROUTINES)->verdict, GB_V_WITHIN);
	assert_int_equal(find(&s, "TestB", -1)->verdict, GB_V_NEW);
	/* What belongs to no test is not meant by "**". */
	j = find(&s, GB_PACKAGE_ROW, GB_GOROUTINES);
	assert_int_equal(j->verdict, GB_V_LEFT);
	assert_int_equal(j->action, GB_ACT_IGNORE);
	assert_int_equal(s.verdicts.n, 5);
	scene_end(&s);
}

static void test_a_repository_without_budgets(void **state)
{
	struct scene s;

	(void)state;
	scene_begin(&s, NULL);
	budget_sample(budget_test(s.run, "m/a", "TestA"), GB_ALLOC_SPACE, 1 << 30);
	budget_sample(budget_test(s.run, "m/a", "TestA"), GB_GOROUTINES, 0);
	budget_sample(budget_test(s.run, "m/a", "TestB"), GB_GOROUTINES, 3);
	assert_int_equal(scene_judge(&s), 0);
	assert_true(s.verdicts.no_budgets);
	assert_int_equal(s.verdicts.n, 1);
	const struct gb_judgement *j = find(&s, "TestB", GB_GOROUTINES);
	assert_int_equal(j->verdict, GB_V_LEFT);
	assert_int_equal(j->action, GB_ACT_WARN);
	assert_int_equal(j->over_runs, 1);
	assert_int_equal(s.verdicts.tests, 2);
	assert_false(gb_judge_wants_rerun(&s.verdicts, j->package));
	scene_end(&s);
}

#define WAIVE(ceiling)                                                                      \
	"{\"waivers\": [{\"package\": \"m/a\", \"test\": \"TestA\", \"metric\": "           \
	"\"goroutines\", \"ceiling\": " ceiling ", \"until\": \"2026-12-31\", \"reason\": " \
	"\"r\"}], \"on\": {\"grew\": \"fail\"}}"

static void test_waivers(void **state)
{
	static const struct {
		const char *row, *policy;
		int64_t value;
		enum gb_verdict verdict;
		enum gb_action action;
		enum gb_judged_by by;
		int64_t ceiling;
	} rows[] = {
		/* Not needed: no error, as ever. */
		{ "\"goroutines\": 2", WAIVE("5"), 2, GB_V_WITHIN, GB_ACT_IGNORE, GB_BY_BUDGET, 2 },
		{ "\"goroutines\": 2", WAIVE("5"), 3, GB_V_WAIVED, GB_ACT_IGNORE, GB_BY_WAIVER, 5 },
		{ "\"goroutines\": 2", WAIVE("5"), 5, GB_V_WAIVED, GB_ACT_IGNORE, GB_BY_WAIVER, 5 },
		{ "\"goroutines\": 2", WAIVE("5"), 6, GB_V_OVER, GB_ACT_FAIL, GB_BY_WAIVER, 5 },
		/* Growth is covered, too. */
		{ "\"goroutines\": 4, \"measured\": {\"goroutines\": 1}", WAIVE("5"), 3,
		  GB_V_WAIVED, GB_ACT_IGNORE, GB_BY_WAIVER, 5 },
		/* A waiver that was overtaken makes nothing worse. */
		{ "\"goroutines\": 4", WAIVE("3"), 4, GB_V_WITHIN, GB_ACT_IGNORE, GB_BY_BUDGET, 4 },
		{ "\"goroutines\": 4", WAIVE("3"), 5, GB_V_OVER, GB_ACT_FAIL, GB_BY_BUDGET, 4 },
		/* Nothing but a waiver. */
		{ NULL, WAIVE("3"), 3, GB_V_WITHIN, GB_ACT_IGNORE, GB_BY_WAIVER, 3 },
		{ NULL, WAIVE("3"), 4, GB_V_OVER, GB_ACT_FAIL, GB_BY_WAIVER, 3 },
	};
	char tests[256];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct scene s;

		scene_begin(&s, rows[i].policy);
		if (rows[i].row) {
			snprintf(tests, sizeof(tests), "\"TestA\": {%s}", rows[i].row);
			budget_file(&s.budgets, "m/a", tests);
		}
		budget_sample(budget_test(s.run, "m/a", "TestA"), GB_GOROUTINES, rows[i].value);
		scene_judge(&s);
		const struct gb_judgement *j = find(&s, "TestA", GB_GOROUTINES);
		if (j->verdict != rows[i].verdict || j->action != rows[i].action ||
		    j->by != rows[i].by || j->ceiling != rows[i].ceiling)
			fail_msg("row %zu: %s, action %d, by %d, ceiling %lld", i,
				 gb_verdict_name(j->verdict), (int)j->action, (int)j->by,
				 (long long)j->ceiling);
		assert_string_equal(j->waiver->reason, "r");
		scene_end(&s);
	}
}

static void test_stuck_goroutines(void **state)
{
	static const struct {
		enum gb_leak kind;
		enum gb_outcome outcome;
		const char *policy;
		bool judged;
		enum gb_verdict verdict;
		enum gb_action action;
	} rows[] = {
		{ GB_PROVEN, GB_PASS, NULL, true, GB_V_OVER, GB_ACT_FAIL },
		{ GB_PROVEN, GB_FAIL, NULL, false, GB_V_OVER, GB_ACT_FAIL },
		{ GB_HUNG, GB_PASS, NULL, true, GB_V_OVER, GB_ACT_FAIL },
		{ GB_HUNG, GB_HANG, NULL, true, GB_V_OVER, GB_ACT_FAIL },
		{ GB_HUNG, GB_UNFINISHED, NULL, true, GB_V_OVER, GB_ACT_FAIL },
		{ GB_HUNG, GB_SKIP, NULL, false, GB_V_OVER, GB_ACT_FAIL },
		{ GB_HUNG, GB_HANG, "{\"on\": {\"hung\": \"warn\"}}", true, GB_V_OVER,
		  GB_ACT_WARN },
		{ GB_HUNG, GB_HANG, "{\"on\": {\"hung\": \"ignore\"}}", false, GB_V_OVER,
		  GB_ACT_IGNORE },
		{ GB_PROVEN, GB_PASS, "{\"on\": {\"proven\": \"warn\"}}", true, GB_V_OVER,
		  GB_ACT_WARN },
		{ GB_PROVEN, GB_PASS, WAIVE("7"), true, GB_V_WAIVED, GB_ACT_IGNORE },
		{ GB_PROVEN, GB_PASS, WAIVE("6"), true, GB_V_OVER, GB_ACT_FAIL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct scene s;

		scene_begin(&s, rows[i].policy);
		struct gb_test *t = budget_test(s.run, "m/a", "TestA");
		t->outcome = rows[i].outcome;
		budget_group(t, 0, rows[i].kind, 2);
		budget_group(t, 1, rows[i].kind, 3);
		budget_group(t, 1, rows[i].kind, 4);
		budget_group(t, 2, GB_LEFT, 40);
		scene_judge(&s);
		if (!rows[i].judged) {
			assert_int_equal(s.verdicts.n, 0);
			scene_end(&s);
			continue;
		}
		assert_int_equal(s.verdicts.n, 1);
		const struct gb_judgement *j = find(&s, "TestA", GB_GOROUTINES);
		assert_int_equal(j->verdict, rows[i].verdict);
		assert_int_equal(j->action, rows[i].action);
		assert_int_equal(j->leak, rows[i].kind);
		assert_int_equal(j->measured, 7); /* the most of one run */
		assert_int_equal(j->over_runs, 2);
		if (j->verdict == GB_V_OVER)
			assert_int_equal(j->by, GB_BY_KIND);
		/* Known already: running again would only hang again. */
		assert_false(gb_judge_wants_rerun(&s.verdicts, j->package));
		scene_end(&s);
	}
}

static void test_a_hung_test_without_a_dump(void **state)
{
	struct scene s;

	(void)state;
	scene_begin(&s, NULL);
	budget_test(s.run, "m/a", "TestA")->outcome = GB_HANG;
	assert_int_equal(scene_judge(&s), 1);
	assert_int_equal(find(&s, "TestA", GB_GOROUTINES)->measured, 1);
	scene_end(&s);
}

static void test_what_is_known_stuck_is_not_also_left(void **state)
{
	struct scene s;

	(void)state;
	scene_begin(&s, NULL);
	struct gb_test *t = budget_test(s.run, "m/a", "TestA");
	budget_sample(t, GB_GOROUTINES, 3);
	budget_group(t, 0, GB_PROVEN, 3);
	scene_judge(&s);
	assert_int_equal(s.verdicts.n, 1);
	budget_sample(t, GB_GOROUTINES, 4);
	scene_judge(&s);
	assert_int_equal(s.verdicts.n, 2);
	assert_int_equal(s.verdicts.count[GB_V_LEFT], 1);
	scene_end(&s);
}

/* What is merely left does what its own rule says; what a package starts for itself may stay. */
static void test_left_has_a_rule_of_its_own(void **state)
{
	static const struct {
		const char *policy;
		enum gb_action action;
		int status;
	} rows[] = {
		{ NULL, GB_ACT_WARN, 0 },
		{ "{\"on\": {\"left\": \"fail\"}}", GB_ACT_FAIL, 1 },
		{ "{\"on\": {\"left\": \"ignore\"}}", GB_ACT_IGNORE, 0 },
		{ "{\"on\": {\"proven\": \"ignore\", \"hung\": \"ignore\"}}", GB_ACT_WARN, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct scene s;

		scene_begin(&s, rows[i].policy);
		budget_sample(budget_test(s.run, "m/a", "TestA"), GB_GOROUTINES, 3);
		budget_sample(budget_test(s.run, "m/a", GB_PACKAGE_ROW), GB_GOROUTINES, 1);
		assert_int_equal(scene_judge(&s), rows[i].status);
		assert_int_equal(find(&s, "TestA", GB_GOROUTINES)->action, rows[i].action);
		assert_int_equal(find(&s, GB_PACKAGE_ROW, GB_GOROUTINES)->action, GB_ACT_IGNORE);
		scene_end(&s);
	}
}

/* Very many runs are one sample with a number, and judged as if each were there. */
static void test_folded_runs(void **state)
{
	struct scene s;
	const struct gb_judgement *j;

	(void)state;
	scene_begin(&s, NULL);
	struct gb_test *t = budget_test(s.run, "m/a", "TestA");
	for (int run = 0; run < 500; run++) {
		budget_sample(t, GB_GOROUTINES, run % 50 == 3);
		t->samples[t->n_samples - 1].run = run;
		if (run % 50 == 3)
			budget_group(t, run, GB_PROVEN, 1);
		gb_run_fold(s.run, run);
	}
	assert_int_equal(t->n_samples, 2);
	assert_int_equal(scene_judge(&s), 1);
	assert_int_equal(s.verdicts.n, 1);
	j = find(&s, "TestA", GB_GOROUTINES);
	assert_int_equal(j->leak, GB_PROVEN);
	assert_int_equal(j->over_runs, 10);
	assert_int_equal(j->runs, 500);
	scene_end(&s);
}

static void test_new_tests(void **state)
{
	static const struct {
		const char *budgets_of; /* package with a file for this environment, or NULL */
		const char *row;
		bool is_new;
	} rows[] = {
		{ NULL, "", false },
		{ "m/a", "", true },
		{ "m/a", "\"TestA\": {}", false },
		{ "m/b", "", true }, /* the module has budgets, this package no file */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct scene s;

		scene_begin(&s, "{\"on\": {\"new\": \"fail\"}}");
		if (rows[i].budgets_of)
			budget_file(&s.budgets, rows[i].budgets_of, rows[i].row);
		budget_sample(budget_test(s.run, "m/a", "TestA"), GB_ALLOC_SPACE, 1);
		budget_sample(budget_test(s.run, "m/a", GB_PACKAGE_ROW), GB_ALLOC_SPACE, 1);
		budget_test(s.run, "m/a", "TestSkipped")->outcome = GB_SKIP;
		budget_test(s.run, "m/a", "TestFails")->outcome = GB_FAIL;
		int status = scene_judge(&s);
		assert_int_equal(s.verdicts.count[GB_V_NEW], rows[i].is_new);
		assert_int_equal(status, rows[i].is_new ? 1 : 0);
		if (rows[i].is_new)
			assert_string_equal(s.verdicts.v[0].test_name, "TestA");
		scene_end(&s);
	}
}

static void test_modules_are_kept_apart(void **state)
{
	struct scene s;

	(void)state;
	scene_begin(&s, NULL);
	budget_file(&s.budgets, "m/b", "");
	struct gb_package *p = budget_package(s.run, "other/a");
	free(p->module);
	p->module = gb_strdup("other");
	budget_sample(budget_test(s.run, "other/a", "TestA"), GB_ALLOC_SPACE, 1);
	scene_judge(&s);
	assert_int_equal(s.verdicts.count[GB_V_NEW], 0);
	scene_end(&s);
}

/* Rows that did not run: which are gone? */
#define GONE_ROWS                                                                      \
	"\"TestA\": {\"goroutines\": 0}, \"TestGone\": {\"goroutines\": 0}, "          \
	"\"TestSkip\": {\"goroutines\": 0}, \"TestSkip/a/b\": {\"goroutines\": 0}, "   \
	"\"TestA/gone\": {\"goroutines\": 0}, \"TestNoBudget\": {\"reason\": \"r\"}, " \
	"\"(package)\": {\"goroutines\": 0}, \"BenchmarkX\": {\"B/op\": 0}"

static void gone_scene(struct scene *s, const char *policy)
{
	scene_begin(s, policy);
	budget_file(&s->budgets, "m/a", GONE_ROWS);
	budget_sample(budget_test(s->run, "m/a", "TestA"), GB_GOROUTINES, 0);
	budget_test(s->run, "m/a", "TestSkip")->outcome = GB_SKIP;
}

static void test_gone_tests(void **state)
{
	struct scene s;

	(void)state;
	gone_scene(&s, NULL);
	assert_int_equal(scene_judge(&s), 3);
	assert_int_equal(s.verdicts.count[GB_V_GONE], 2);
	const struct gb_judgement *j = find(&s, "TestGone", -1);
	assert_int_equal(j->verdict, GB_V_GONE);
	assert_int_equal(j->action, GB_ACT_FAIL);
	assert_null(j->test);
	assert_int_equal(find(&s, "TestA/gone", -1)->verdict, GB_V_GONE);
	/* Benchmarks are gone only where some ran. */
	budget_test(s.run, "m/b", "BenchmarkOther");
	scene_judge(&s);
	assert_int_equal(s.verdicts.count[GB_V_GONE], 3);
	scene_end(&s);
	gone_scene(&s, "{\"on\": {\"gone\": \"warn\"}}");
	assert_int_equal(scene_judge(&s), 0);
	assert_int_equal(s.verdicts.warning, 2);
	scene_end(&s);
}

static void filtered(struct scene *s)
{
	s->run->filtered = true;
}

static void interrupted(struct scene *s)
{
	s->run->interrupted = true;
}

static void failed(struct scene *s)
{
	gb_package_add_trouble(gb_run_package(s->run, "m/a"), GB_TROUBLE_PANIC, false, "TestA",
			       NULL, NULL, "panic");
}

static void unmeasured(struct scene *s)
{
	gb_run_package(s->run, "m/a")->measured = false;
}

static void test_when_nothing_is_gone(void **state)
{
	static void (*const cases[])(struct scene *) = { filtered, interrupted, failed,
							 unmeasured };

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct scene s;

		gone_scene(&s, NULL);
		cases[i](&s);
		scene_judge(&s);
		assert_int_equal(s.verdicts.count[GB_V_GONE], 0);
		scene_end(&s);
	}
}

static void test_a_package_that_lost_its_tests(void **state)
{
	struct scene s;

	(void)state;
	scene_begin(&s, NULL);
	budget_file(&s.budgets, "m/a", "\"TestA\": {\"goroutines\": 0}");
	struct gb_package *p = budget_package(s.run, "m/a");
	p->measured = false;
	gb_package_add_trouble(p, GB_TROUBLE_NO_TESTS, false, NULL, NULL, NULL, "no test files");
	assert_int_equal(scene_judge(&s), 3);
	assert_int_equal(s.verdicts.count[GB_V_GONE], 1);
	scene_end(&s);
}

static void test_a_package_that_is_no_more(void **state)
{
	struct scene s;

	(void)state;
	scene_begin(&s, NULL);
	budget_file(&s.budgets, "m/a", "\"TestA\": {\"goroutines\": 0}");
	budget_file(&s.budgets, "m/b", "\"TestB\": {\"goroutines\": 0}");
	budget_file(&s.budgets, "m/c", "");
	budget_sample(budget_test(s.run, "m/a", "TestA"), GB_GOROUTINES, 0);
	/* Not asked for: not gone. */
	assert_int_equal(scene_judge(&s), 0);
	assert_int_equal(s.verdicts.count[GB_V_GONE], 0);
	s.run->whole = true;
	assert_int_equal(scene_judge(&s), 3);
	assert_int_equal(s.verdicts.count[GB_V_GONE], 1);
	const struct gb_judgement *j = find(&s, NULL, -1);
	assert_string_equal(j->package_path, "m/b");
	assert_null(j->package);
	assert_string_equal(j->file->package, "m/b");
	s.run->filtered = true;
	scene_judge(&s);
	assert_int_equal(s.verdicts.count[GB_V_GONE], 0);
	scene_end(&s);
}

static void test_another_environment_is_incomparable(void **state)
{
	struct scene s;

	(void)state;
	scene_begin(&s, "{\"ceilings\": [{\"tests\": \"**\", \"goroutines\": 1}]}");
	budget_file(&s.budgets, "m/a", "\"TestA\": {\"alloc_space\": 1, \"goroutines\": 9}");
	snprintf(s.run->env.go, sizeof(s.run->env.go), "1.27");
	budget_sample(budget_test(s.run, "m/a", "TestA"), GB_ALLOC_SPACE, 1000);
	budget_sample(budget_test(s.run, "m/a", "TestA"), GB_GOROUTINES, 1);
	assert_int_equal(scene_judge(&s), 3);
	assert_int_equal(s.verdicts.n, 2);
	const struct gb_judgement *j = find(&s, NULL, -1);
	assert_int_equal(j->verdict, GB_V_INCOMPARABLE);
	assert_int_equal(j->action, GB_ACT_FAIL);
	assert_ptr_equal(j->file, s.budgets.files[0]);
	/* Not by the budget of 9, but by the policy's ceiling. */
	j = find(&s, "TestA", GB_GOROUTINES);
	assert_int_equal(j->by, GB_BY_CEILING);
	assert_int_equal(j->verdict, GB_V_WITHIN);
	s.policy->on_incomparable = GB_ACT_WARN;
	assert_int_equal(scene_judge(&s), 0);
	scene_end(&s);
}

static void test_a_file_without_blocks_is_no_budget_yet(void **state)
{
	struct scene s;

	(void)state;
	scene_begin(&s, NULL);
	budget_file(&s.budgets, "m/a", "");
	snprintf(s.budgets.files[0]->blocks[0].env.go, 32, "1.25");
	/* Another environment's block is one; none at all is not. */
	budget_sample(budget_test(s.run, "m/a", "TestA"), GB_ALLOC_SPACE, 1);
	scene_judge(&s);
	assert_int_equal(s.verdicts.count[GB_V_INCOMPARABLE], 1);
	assert_int_equal(s.verdicts.count[GB_V_NEW], 0);
	gb_budgets_release(&s.budgets);
	struct gb_budget_file **files = gb_malloc(sizeof(struct gb_budget_file *));
	files[0] = budget_parse("{\"package\": \"m/a\", \"environments\": []}");
	s.budgets = (struct gb_budgets){ .files = files, .n = 1, .cap = 1, .any = true };
	scene_judge(&s);
	assert_int_equal(s.verdicts.count[GB_V_INCOMPARABLE], 0);
	assert_int_equal(s.verdicts.count[GB_V_NEW], 1);
	scene_end(&s);
}

static void test_under_race_bytes_only_warn(void **state)
{
	struct scene s;

	(void)state;
	scene_begin(&s, "{\"on\": {\"grew\": \"fail\"}}");
	budget_file(&s.budgets, "m/a",
		    "\"TestA\": {\"alloc_space\": 1, \"alloc_objects\": 100, \"goroutines\": 0}");
	s.budgets.files[0]->blocks[0].env.race = s.run->env.race = true;
	struct gb_test *t = budget_test(s.run, "m/a", "TestA");
	budget_sample(t, GB_ALLOC_SPACE, 10);
	budget_sample(t, GB_ALLOC_OBJECTS, 101);
	budget_sample(t, GB_GOROUTINES, 0);
	assert_int_equal(scene_judge(&s), 0);
	assert_int_equal(find(&s, "TestA", GB_ALLOC_SPACE)->verdict, GB_V_OVER);
	assert_int_equal(find(&s, "TestA", GB_ALLOC_SPACE)->action, GB_ACT_WARN);
	assert_int_equal(find(&s, "TestA", GB_ALLOC_OBJECTS)->action, GB_ACT_WARN);
	assert_false(gb_judge_wants_rerun(&s.verdicts, gb_run_package(s.run, "m/a")));
	budget_sample(t, GB_GOROUTINES, 1);
	assert_int_equal(scene_judge(&s), 1);
	scene_end(&s);
}

static void test_failing_and_skipped_tests_are_not_judged(void **state)
{
	static const enum gb_outcome outcomes[] = { GB_FAIL, GB_UNFINISHED, GB_SKIP };

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct scene s;

		scene_begin(&s, NULL);
		budget_file(&s.budgets, "m/a", "\"TestA\": {\"goroutines\": 0}");
		struct gb_test *t = budget_test(s.run, "m/a", "TestA");
		t->outcome = outcomes[i];
		budget_sample(t, GB_GOROUTINES, 5);
		scene_judge(&s);
		assert_int_equal(s.verdicts.n, 0);
		scene_end(&s);
	}
}

static void test_the_package_row_of_a_broken_run_is_not_judged(void **state)
{
	struct scene s;

	(void)state;
	scene_begin(&s, NULL);
	budget_file(&s.budgets, "m/a", "\"(package)\": {\"alloc_space\": 1}");
	budget_sample(budget_test(s.run, "m/a", GB_PACKAGE_ROW), GB_ALLOC_SPACE, 1000);
	budget_sample(budget_test(s.run, "m/a", "TestA"), GB_ALLOC_SPACE, 1000);
	assert_int_equal(scene_judge(&s), 1);
	failed(&s);
	assert_int_equal(scene_judge(&s), 3);
	scene_end(&s);
}

static void test_alone_metrics_take_alone_samples(void **state)
{
	_strlist_ struct gb_strlist names = GB_STRLIST_INIT;
	struct scene s;

	(void)state;
	scene_begin(&s, "{\"ceilings\": [{\"tests\": \"TestC*\", \"heap_peak\": 10}]}");
	budget_file(&s.budgets, "m/a",
		    "\"TestA\": {\"inuse_space\": 100, \"alloc_space\": 5}, "
		    "\"TestFails\": {\"inuse_space\": 1}, \"TestGone\": {\"inuse_space\": 1}, "
		    "\"(package)\": {\"inuse_space\": 1}, \"BenchmarkA\": {\"inuse_space\": 1}");
	struct gb_test *t = budget_test(s.run, "m/a", "TestA");
	budget_sample(t, GB_ALLOC_SPACE, 5);
	budget_sample(budget_test(s.run, "m/a", "TestB"), GB_ALLOC_SPACE, 5);
	budget_test(s.run, "m/a", "TestC");
	budget_test(s.run, "m/a", "TestFails")->outcome = GB_FAIL;
	budget_test(s.run, "m/a", GB_PACKAGE_ROW);
	budget_test(s.run, "m/a", "BenchmarkA");
	assert_int_equal(gb_judge_alone(&s.budgets, s.policy, gb_run_package(s.run, "m/a"),
					&s.run->env, &names, NULL),
			 0);
	assert_int_equal(names.n, 2);
	assert_string_equal(names.v[0], "TestA");
	assert_string_equal(names.v[1], "TestC");
	t = budget_test(s.run, "m/a", "TestA");
	budget_alone(t, GB_INUSE_SPACE, 200);
	budget_alone(t, GB_ALLOC_SPACE, 5000);
	scene_judge(&s);
	assert_int_equal(find(&s, "TestA", GB_INUSE_SPACE)->verdict, GB_V_OVER);
	assert_int_equal(find(&s, "TestA", GB_ALLOC_SPACE)->verdict, GB_V_WITHIN);
	scene_end(&s);
}

static void test_reruns(void **state)
{
	static const struct {
		const char *row, *policy;
		enum gb_metric m;
		int64_t value;
		bool wants;
	} rows[] = {
		{ "\"alloc_space\": 100", NULL, GB_ALLOC_SPACE, 200, true },
		/* Once, in case it was noise. */
		{ "\"alloc_space\": 100", NULL, GB_ALLOC_SPACE, 105, true },
		{ "\"alloc_space\": 100", "{\"on\": {\"grew\": \"ignore\"}}", GB_ALLOC_SPACE, 105,
		  false },
		{ "\"goroutines\": 2, \"measured\": {\"goroutines\": 0}", NULL, GB_GOROUTINES, 1,
		  false },
		{ "\"alloc_space\": 100", "{\"on\": {\"grew\": \"fail\"}}", GB_ALLOC_SPACE, 105,
		  true },
		{ "\"alloc_space\": 100", NULL, GB_ALLOC_SPACE, 100, false },
		{ "\"goroutines\": 0", NULL, GB_GOROUTINES, 1, true },
		{ "\"goroutines_peak\": 0", NULL, GB_GOROUTINES_PEAK, 1, false },
	};
	char tests[128];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct scene s;

		scene_begin(&s, rows[i].policy);
		snprintf(tests, sizeof(tests), "\"TestA\": {%s}", rows[i].row);
		budget_file(&s.budgets, "m/a", tests);
		budget_sample(budget_test(s.run, "m/a", "TestA"), rows[i].m, rows[i].value);
		budget_package(s.run, "m/b");
		scene_judge(&s);
		assert_int_equal(gb_judge_wants_rerun(&s.verdicts, gb_run_package(s.run, "m/a")),
				 rows[i].wants);
		assert_false(gb_judge_wants_rerun(&s.verdicts, gb_run_package(s.run, "m/b")));
		scene_end(&s);
	}
}

static void test_growth_that_warns_is_looked_at_twice(void **state)
{
	struct scene s;

	(void)state;
	scene_begin(&s, NULL);
	budget_file(&s.budgets, "m/a", "\"TestA\": {\"alloc_space\": 100}");
	budget_sample(budget_test(s.run, "m/a", "TestA"), GB_ALLOC_SPACE, 105);
	scene_judge(&s);
	assert_true(gb_judge_wants_rerun(&s.verdicts, gb_run_package(s.run, "m/a")));
	budget_sample(budget_test(s.run, "m/a", "TestA"), GB_ALLOC_SPACE, 105);
	scene_judge(&s);
	assert_int_equal(find(&s, "TestA", GB_ALLOC_SPACE)->verdict, GB_V_GREW);
	assert_false(gb_judge_wants_rerun(&s.verdicts, gb_run_package(s.run, "m/a")));
	scene_end(&s);
}

static void test_worst_first(void **state)
{
	static const struct {
		const char *test;
		enum gb_verdict verdict;
	} want[] = {
		{ "TestMuchOver", GB_V_OVER }, { "TestOver", GB_V_OVER },
		{ "TestGone", GB_V_GONE },     { "TestPeak", GB_V_OVER },
		{ "TestGrewMore", GB_V_GREW }, { "TestGrew", GB_V_GREW },
		{ "TestLeft", GB_V_LEFT },     { "TestLeft", GB_V_NEW },
		{ "TestWaived", GB_V_WAIVED }, { "TestWithin", GB_V_WITHIN },
		{ "TestWithin", GB_V_WITHIN },
	};
	struct scene s;

	(void)state;
	scene_begin(&s, "{\"waivers\": [{\"package\": \"m/a\", \"test\": \"TestWaived\", "
			"\"metric\": \"alloc_space\", \"ceiling\": 10, \"until\": "
			"\"2026-12-31\", \"reason\": \"r\"}]}");
	budget_file(
		&s.budgets, "m/a",
		"\"TestWithin\": {\"alloc_space\": 100, \"alloc_objects\": 1}, "
		"\"TestOver\": {\"alloc_space\": 100}, \"TestMuchOver\": {\"alloc_space\": 100}, "
		"\"TestGone\": {\"alloc_space\": 1}, \"TestPeak\": {\"goroutines_peak\": 0}, "
		"\"TestGrew\": {\"alloc_space\": 100}, \"TestGrewMore\": {\"alloc_space\": 100, "
		"\"measured\": {\"alloc_space\": 90}}, \"TestWaived\": {\"alloc_space\": 1}");
	budget_sample(budget_test(s.run, "m/a", "TestWithin"), GB_ALLOC_SPACE, 100);
	budget_sample(budget_test(s.run, "m/a", "TestWithin"), GB_ALLOC_OBJECTS, 1);
	budget_sample(budget_test(s.run, "m/a", "TestOver"), GB_ALLOC_SPACE, 150);
	budget_sample(budget_test(s.run, "m/a", "TestMuchOver"), GB_ALLOC_SPACE, 300);
	budget_sample(budget_test(s.run, "m/a", "TestPeak"), GB_GOROUTINES_PEAK, 100);
	budget_sample(budget_test(s.run, "m/a", "TestGrew"), GB_ALLOC_SPACE, 105);
	budget_sample(budget_test(s.run, "m/a", "TestGrewMore"), GB_ALLOC_SPACE, 105);
	budget_sample(budget_test(s.run, "m/a", "TestWaived"), GB_ALLOC_SPACE, 10);
	budget_sample(budget_test(s.run, "m/a", "TestLeft"), GB_GOROUTINES, 1);
	assert_int_equal(scene_judge(&s), 1);
	assert_int_equal(s.verdicts.n, sizeof(want) / sizeof(want[0]));
	for (size_t i = 0; i < s.verdicts.n; i++) {
		assert_string_equal(s.verdicts.v[i].test_name, want[i].test);
		assert_int_equal(s.verdicts.v[i].verdict, want[i].verdict);
	}
	assert_int_equal(s.verdicts.failing, 3);
	assert_int_equal(s.verdicts.warning, 5);
	assert_int_equal(s.verdicts.tests, 8);
	scene_end(&s);
}

static void test_exit_status(void **state)
{
	struct scene s;

	(void)state;
	/* Nothing ran. */
	scene_begin(&s, NULL);
	assert_int_equal(scene_judge(&s), 3);
	/* Every test skipped. */
	budget_test(s.run, "m/a", "TestA")->outcome = GB_SKIP;
	assert_int_equal(scene_judge(&s), 3);
	/* The row of the package is no test. */
	budget_sample(budget_test(s.run, "m/a", GB_PACKAGE_ROW), GB_ALLOC_SPACE, 1);
	assert_int_equal(scene_judge(&s), 3);
	/* A package without tests beside one with tests is fine. */
	budget_sample(budget_test(s.run, "m/a", "TestB"), GB_GOROUTINES, 0);
	gb_package_add_trouble(budget_package(s.run, "m/b"), GB_TROUBLE_NO_TESTS, false, NULL, NULL,
			       NULL, "no test files");
	assert_int_equal(scene_judge(&s), 0);
	gb_package_add_trouble(budget_package(s.run, "m/b"), GB_TROUBLE_VET, true, NULL, NULL, NULL,
			       "a warning");
	assert_int_equal(scene_judge(&s), 0);
	gb_package_add_trouble(budget_package(s.run, "m/b"), GB_TROUBLE_BUILD, false, NULL, NULL,
			       NULL, "does not build");
	assert_int_equal(scene_judge(&s), 3);
	/* A regression that was measured is reported as such. */
	budget_file(&s.budgets, "m/a", "\"TestB\": {\"goroutines\": 0}");
	budget_sample(budget_test(s.run, "m/a", "TestB"), GB_GOROUTINES, 1);
	assert_int_equal(scene_judge(&s), 1);
	scene_end(&s);
}

/* The policy we offer to start from does what it says. */
static void test_the_ready_policy(void **state)
{
	static const struct {
		const char *test;
		int64_t left;
		bool over;
	} rows[] = {
		{ "TestCache", 2, false },
		{ "TestCache", 3, true },
		{ "TestCache/evict", 3, true },
		{ "TestHTTPGet", 5, false },
		{ "TestHTTPGet", 6, true },
		{ "TestHttpGet", 5, false },
		{ "TestServer", 5, false },
		{ "TestGet/with/Handler/x", 5, false },
		{ "TestGet/with/Handler/x", 6, true },
	};
	_buf_ struct gb_buf text = GB_BUF_INIT(GB_MAX_POLICY_FILE);
	struct scene s;

	(void)state;
	assert_int_equal(gb_fs_read(GB_SOURCE_DIR "/budgets/ready-policy.json", &text, NULL), 0);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		scene_begin(&s, text.data);
		budget_sample(budget_test(s.run, "m/a", rows[i].test), GB_GOROUTINES, rows[i].left);
		assert_int_equal(scene_judge(&s), rows[i].over);
		scene_end(&s);
	}
	/* 10% and 5 MiB: the larger of the two. */
	assert_int_equal(gb_policy_default(&s.policy, NULL), 0);
	gb_policy_free(s.policy);
	s.policy = budget_policy(text.data);
	assert_int_equal(gb_policy_ceiling(s.policy, GB_ALLOC_SPACE, 1000), 1000 + (5 << 20));
	assert_int_equal(gb_policy_ceiling(s.policy, GB_ALLOC_SPACE, 100 << 20), 110 << 20);
	gb_policy_free(s.policy);
}

static int judge_and_release(struct scene *s)
{
	struct gb_verdicts v;
	int rc = gb_judge(s->run, &s->budgets, s->policy, &v, NULL);

	if (rc == 0)
		gb_verdicts_release(&v);
	return rc;
}

static void test_out_of_memory_anywhere(void **state)
{
	_strlist_ struct gb_strlist names = GB_STRLIST_INIT;
	struct scene s;
	size_t n;

	(void)state;
	gone_scene(&s, "{\"ceilings\": [{\"tests\": \"**\", \"heap_peak\": 10}]}");
	s.run->whole = true;
	budget_file(&s.budgets, "m/b", "\"TestB\": {\"goroutines\": 0}");
	for (int i = 0; i < 40; i++)
		budget_sample(budget_test(s.run, "m/a", "TestA"), GB_ALLOC_SPACE, 1);
	gb_mem_fail_at(0);
	assert_int_equal(judge_and_release(&s), 0);
	n = gb_mem_count();
	for (size_t i = 1; i <= n; i++) {
		gb_mem_fail_at(i);
		assert_int_equal(judge_and_release(&s), GB_ENOMEM);
	}
	gb_mem_fail_at(1);
	assert_int_equal(gb_judge_alone(&s.budgets, s.policy, gb_run_package(s.run, "m/a"),
					&s.run->env, &names, NULL),
			 GB_ENOMEM);
	gb_mem_fail_at(0);
	scene_end(&s);
}

static void test_every_verdict_has_a_name(void **state)
{
	(void)state;
	for (int v = 0; v < GB_VERDICTS; v++)
		assert_non_null(gb_verdict_name((enum gb_verdict)v));
	assert_string_equal(gb_verdict_name(GB_V_OVER), "over");
	assert_string_equal(gb_verdict_name(GB_V_LEFT), "left");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_gates),
		cmocka_unit_test(test_a_judgement_carries_its_evidence),
		cmocka_unit_test(test_ceilings_are_for_tests_without_a_budget),
		cmocka_unit_test(test_a_repository_without_budgets),
		cmocka_unit_test(test_waivers),
		cmocka_unit_test(test_stuck_goroutines),
		cmocka_unit_test(test_a_hung_test_without_a_dump),
		cmocka_unit_test(test_what_is_known_stuck_is_not_also_left),
		cmocka_unit_test(test_left_has_a_rule_of_its_own),
		cmocka_unit_test(test_folded_runs),
		cmocka_unit_test(test_new_tests),
		cmocka_unit_test(test_modules_are_kept_apart),
		cmocka_unit_test(test_gone_tests),
		cmocka_unit_test(test_when_nothing_is_gone),
		cmocka_unit_test(test_a_package_that_lost_its_tests),
		cmocka_unit_test(test_a_package_that_is_no_more),
		cmocka_unit_test(test_another_environment_is_incomparable),
		cmocka_unit_test(test_a_file_without_blocks_is_no_budget_yet),
		cmocka_unit_test(test_under_race_bytes_only_warn),
		cmocka_unit_test(test_failing_and_skipped_tests_are_not_judged),
		cmocka_unit_test(test_the_package_row_of_a_broken_run_is_not_judged),
		cmocka_unit_test(test_alone_metrics_take_alone_samples),
		cmocka_unit_test(test_reruns),
		cmocka_unit_test(test_growth_that_warns_is_looked_at_twice),
		cmocka_unit_test(test_worst_first),
		cmocka_unit_test(test_exit_status),
		cmocka_unit_test(test_the_ready_policy),
		cmocka_unit_test(test_out_of_memory_anywhere),
		cmocka_unit_test(test_every_verdict_has_a_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
