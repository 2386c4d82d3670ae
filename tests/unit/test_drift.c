/* drift: what grew since the anchor, by how much it may, and whose policy says so. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"
#include "base/mem.h"
#include "budget/drift.h"
#include "budget_fixture.h"

#define MEASURED(n) "\"TestA\": {\"alloc_space\": 1, \"measured\": {\"alloc_space\": " #n "}}"
#define SPREAD(n, s)                                                                \
	"\"TestA\": {\"alloc_space\": 1, \"measured\": {\"alloc_space\": " #n "}, " \
	"\"spread\": {\"alloc_space\": " #s "}}"

/* The first verdict of drift, or NULL; judged against an anchor with that row and note. */
static bool drifts(const char *row, const char *noted, const char *policy, int64_t now,
		   struct gb_judgement *ret)
{
	struct gb_anchor anchor = { .name = "v1" };
	struct gb_budgets budgets = GB_BUDGETS_INIT;
	struct gb_policy *rules = budget_policy(policy);
	struct gb_run *run = budget_run();
	struct gb_verdicts v = { 0 };
	bool found = false;

	budget_sample(budget_test(run, "m/a", "TestA"), GB_ALLOC_SPACE, now);
	if (row)
		budget_file(&anchor.budgets, "m/a", row);
	if (noted) {
		_free_ char *env = gb_environment_text(&run->env);
		_free_ char *text = gb_asprintf("{\"version\":1,\"measured\":{\"%s\":{\"m/a\":{"
						"\"TestA\":{%s}}}}}",
						env, noted);

		assert_int_equal(gb_note_parse("n", text, strlen(text), &anchor.note, NULL), 0);
	}
	assert_int_equal(gb_anchor_knows(&anchor, &run->env, NULL), row || noted);
	assert_int_equal(gb_judge_drift(run, &budgets, rules, &anchor, &v, NULL), 0);
	for (size_t i = 0; i < v.n; i++)
		if (v.v[i].verdict == GB_V_DRIFT) {
			*ret = v.v[i];
			found = true;
		}
	assert_int_equal(v.count[GB_V_DRIFT], found);
	gb_verdicts_release(&v);
	gb_anchor_release(&anchor);
	gb_policy_free(rules);
	gb_run_free(run);
	return found;
}

static void test_growth_since_the_anchor(void **state)
{
	static const struct {
		const char *row, *noted, *policy;
		int64_t now, then, most; /* then 0: no drift */
		enum gb_action action;
	} rows[] = {
#define SINCE "{\"drift\": {\"since\": \"v1\""
		{ MEASURED(1000), NULL, SINCE "}}", 1050, 0, 0, GB_ACT_WARN },
		{ MEASURED(1000), NULL, SINCE "}}", 1051, 1000, 1050, GB_ACT_WARN },
		{ MEASURED(1000), NULL, SINCE "}, \"on\": {\"drift\": \"fail\"}}", 1051, 1000, 1050,
		  GB_ACT_FAIL },
		{ MEASURED(1000), NULL,
		  SINCE "}, \"on\": {\"drift\": \"fail\"}, \"warn_only\": [\"alloc_space\"]}", 1051,
		  1000, 1050, GB_ACT_WARN },
		{ MEASURED(1000), NULL, SINCE ", \"over\": \"20%\"}}", 1200, 0, 0, GB_ACT_WARN },
		{ MEASURED(1000), NULL, SINCE ", \"and\": \"1 KiB\"}}", 2024, 0, 0, GB_ACT_WARN },
		{ MEASURED(1000), NULL, SINCE ", \"and\": \"1 KiB\"}}", 2025, 1000, 2024,
		  GB_ACT_WARN },
		/* What swings is no growth. */
		{ SPREAD(1000, 100), NULL, SINCE "}}", 1200, 0, 0, GB_ACT_WARN },
		{ SPREAD(1000, 100), NULL, SINCE "}}", 1201, 1000, 1200, GB_ACT_WARN },
		/* The note was measured there; the row may be older. */
		{ MEASURED(1000), "\"alloc_space\":2000", SINCE "}}", 2100, 0, 0, GB_ACT_WARN },
		{ MEASURED(9000), "\"alloc_space\":2000", SINCE "}}", 2101, 2000, 2100,
		  GB_ACT_WARN },
		{ MEASURED(1000), "\"goroutines\":0", SINCE "}}", 1051, 1000, 1050, GB_ACT_WARN },
		{ NULL, "\"alloc_space\":0", SINCE "}}", 1, 0, 0, GB_ACT_WARN },
		{ NULL, "\"alloc_space\":9223372036854775807", SINCE "}}", INT64_MAX, 0, 0,
		  GB_ACT_WARN },
		/* Less is no drift; what nobody measured there is none. */
		{ MEASURED(1000), NULL, SINCE "}}", 1, 0, 0, GB_ACT_WARN },
		{ NULL, NULL, SINCE "}}", 1, 0, 0, GB_ACT_WARN },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct gb_judgement j = { 0 };
		bool found = drifts(rows[i].row, rows[i].noted, rows[i].policy, rows[i].now, &j);
		/* From nothing, the first byte is growth. */
		bool want = rows[i].then > 0 || (i == 12);

		if (found != want)
			fail_msg("row %zu: drift %d", i, found);
		if (found && i != 12 &&
		    (j.at_anchor != rows[i].then || j.ceiling != rows[i].most ||
		     j.measured != rows[i].now || j.action != rows[i].action))
			fail_msg("row %zu: %lld of %lld, at most %lld, action %d", i,
				 (long long)j.measured, (long long)j.at_anchor,
				 (long long)j.ceiling, (int)j.action);
	}
}

static void test_whose_policy_counts(void **state)
{
#define BASE(more) "{\"drift\": {\"since\": \"v1\"}, \"on\": {\"drift\": \"fail\"}" more "}"
	static const struct {
		const char *here, *base;
		bool here_counts, loosened;
	} rows[] = {
		{ BASE(""), BASE(""), true, false },
		{ BASE(""), NULL, true, false },
		{ BASE(""), "{}", true, false },
		/* Stricter is nobody's worry. */
		{ "{\"drift\": {\"since\": \"v1\", \"over\": \"1%\"}, \"on\": {\"drift\": "
		  "\"fail\"}}",
		  BASE(", \"raise\": \"waiver\""), true, false },
		{ "{\"drift\": {\"since\": \"v2\"}, \"on\": {\"drift\": \"fail\"}}", BASE(""), true,
		  true },
		{ "{\"drift\": {\"since\": \"v2\"}, \"on\": {\"drift\": \"fail\"}}",
		  BASE(", \"raise\": \"reason\""), false, true },
		{ "{\"drift\": {\"since\": \"v2\", \"reason\": \"2.0\"}, \"on\": {\"drift\": "
		  "\"fail\"}}",
		  BASE(", \"raise\": \"reason\""), true, true },
		{ "{\"drift\": {\"since\": \"v2\", \"reason\": \"2.0\"}, \"on\": {\"drift\": "
		  "\"fail\"}}",
		  BASE(", \"raise\": \"waiver\""), false, true },
		{ "{}", BASE(", \"raise\": \"reason\""), false, true },
		{ "{\"drift\": {\"since\": \"v1\", \"over\": \"6%\"}, \"on\": {\"drift\": "
		  "\"fail\"}}",
		  BASE(", \"raise\": \"reason\""), false, true },
		{ "{\"drift\": {\"since\": \"v1\", \"and\": 1}, \"on\": {\"drift\": \"fail\"}}",
		  BASE(", \"raise\": \"reason\""), false, true },
		{ "{\"drift\": {\"since\": \"v1\"}}", BASE(", \"raise\": \"reason\""), false,
		  true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct gb_policy *here = budget_policy(rows[i].here);
		struct gb_policy *base = rows[i].base ? budget_policy(rows[i].base) : NULL;
		bool loosened;
		const struct gb_policy *rules = gb_drift_rules(here, base, &loosened);

		if ((rules == here) != rows[i].here_counts || loosened != rows[i].loosened)
			fail_msg("row %zu: here %d, loosened %d", i, rules == here, loosened);
		gb_policy_free(here);
		gb_policy_free(base);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_growth_since_the_anchor),
		cmocka_unit_test(test_whose_policy_counts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
