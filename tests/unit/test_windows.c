/* windows: what nights allow, whose rule counts, and who is near. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"
#include "base/mem.h"
#include "budget/note.h"
#include "budget/windows.h"
#include "budget_fixture.h"

#define DAY  ((int64_t)86400)
#define NOW  ((int64_t)1795305600) /* 2026-11-22 00:00:00 UTC */
#define WHO  "{\"tests\": \"**\", \"metric\": \"alloc_space\", "
#define OVER "\"over\": \"20%\""
#define RULE "{\"windows\": [" WHO OVER "}]"

struct scene {
	struct gb_run *run;
	struct gb_budgets budgets;
	struct gb_policy *here, *base;
	struct gb_windows windows;
	struct gb_verdicts v;
};

static bool all(void *arg, const char *package, const char *test, enum gb_metric m)
{
	(void)arg;
	(void)package;
	(void)test;
	(void)m;
	return true;
}

/* A night so many days ago. */
static void night(struct gb_past *p, const struct gb_environment *env, int days, const char *tests)
{
	const struct gb_past_options o = { .wants = all };
	_free_ char *name = gb_environment_text(env);
	_free_ char *text =
		gb_asprintf("{\"version\":1,\"measured\":{\"%s\":{\"m/a\":{%s}}}}", name, tests);
	struct gb_note note = { 0 };

	assert_int_equal(gb_note_parse("n", text, strlen(text), &note, NULL), 0);
	assert_int_equal(gb_past_add(p, &note, NOW - days * DAY, &o, NULL), 0);
	gb_note_release(&note);
}

/* TestA of m/a measured `now`, and values[i] i + 1 days ago; 0: not on that night. */
static void begin(struct scene *s, const char *here, const char *base, int64_t now,
		  const int64_t *values, size_t n)
{
	struct gb_past past = { .when = NOW };

	*s = (struct scene){ .run = budget_run(), .here = budget_policy(here) };
	s->base = base ? budget_policy(base) : NULL;
	budget_sample(budget_test(s->run, "m/a", "TestA"), GB_ALLOC_SPACE, now);
	for (size_t i = 0; i < n; i++) {
		_free_ char *test =
			gb_asprintf("\"TestA\":{\"alloc_space\":%lld}", (long long)values[i]);

		night(&past, &s->run->env, (int)i + 1, values[i] ? test : "");
	}
	assert_int_equal(gb_windows_begin(&s->windows, s->here, s->base, &past, NULL), 0);
	s->budgets.windows = &s->windows;
}

static void end(struct scene *s)
{
	gb_verdicts_release(&s->v);
	gb_windows_release(&s->windows);
	gb_budgets_release(&s->budgets);
	gb_policy_free(s->here);
	gb_policy_free(s->base);
	gb_run_free(s->run);
}

static void judge(struct scene *s)
{
	gb_verdicts_release(&s->v);
	assert_int_equal(gb_judge(s->run, &s->budgets, s->here, &s->v, NULL), 0);
}

/* The verdict of that kind; NULL: there is none. */
static const struct gb_judgement *verdict(const struct scene *s, enum gb_verdict v)
{
	for (size_t i = 0; i < s->v.n; i++)
		if (s->v.v[i].verdict == v)
			return &s->v.v[i];
	return NULL;
}

static void test_values(void **state)
{
	static const struct {
		int64_t v[5];
		size_t n;
		int64_t median, least, most;
	} rows[] = {
		{ { 7 }, 1, 7, 7, 7 },
		{ { 9, 7 }, 2, 8, 7, 9 },
		/* A half is rounded up. */
		{ { 8, 7 }, 2, 8, 7, 8 },
		{ { 0, 1 }, 2, 1, 0, 1 },
		{ { 3, 1, 2 }, 3, 2, 1, 3 },
		{ { 5, 1, 1000, 5, 5 }, 5, 5, 1, 1000 },
		{ { INT64_MAX, INT64_MAX }, 2, INT64_MAX, INT64_MAX, INT64_MAX },
		{ { INT64_MAX, 0 }, 2, INT64_MAX / 2 + 1, 0, INT64_MAX },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const int64_t want[] = { [GB_WINDOW_MEDIAN] = rows[i].median,
					 [GB_WINDOW_MIN] = rows[i].least,
					 [GB_WINDOW_MAX] = rows[i].most };

		for (int of = 0; of < GB_WINDOW_OFS; of++) {
			int64_t v[5];

			memcpy(v, rows[i].v, sizeof(v));
			if (gb_window_value((enum gb_window_of)of, v, rows[i].n) != want[of])
				fail_msg("row %zu, %d", i, of);
		}
	}
}

static void test_ceilings(void **state)
{
	static const struct {
		double over;
		int64_t and_, value, ceiling;
	} rows[] = {
		{ 0.2, 0, 1000, 1200 },
		{ 0.2, 300, 1000, 1300 },
		{ 0.29, 0, 100, 129 },
		{ 0.2, 0, 0, 0 },
		{ 0.2, 2, 0, 2 },
		{ 0, 0, 5, 5 },
		{ 0.2, 0, INT64_MAX, INT64_MAX },
		{ 10000, 0, INT64_MAX / 2, INT64_MAX },
		{ 0.2, INT64_MAX, 1, INT64_MAX },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct gb_window w = { .over = rows[i].over, .and_ = rows[i].and_ };

		if (gb_window_ceiling(&w, rows[i].value) != rows[i].ceiling)
			fail_msg("row %zu", i);
	}
	assert_int_equal(gb_window_percent(0.125), 12500);
	assert_int_equal(gb_window_percent(0.29), 29000);
}

static void test_judged_by_nights_alone(void **state)
{
	static const struct {
		const char *policy;
		int64_t now;
		int64_t nights[9];
		size_t n;
		enum gb_verdict verdict;
		enum gb_action action;
		int64_t value, ceiling;
		size_t known;
	} rows[] = {
#define NIGHTS { 900, 1000, 1100 }, 3
		{ RULE "}", 1200, NIGHTS, GB_V_WITHIN, GB_ACT_IGNORE, 1000, 1200, 3 },
		{ RULE "}", 1201, NIGHTS, GB_V_OVER, GB_ACT_FAIL, 1000, 1200, 3 },
		{ RULE ", \"on\": {\"window\": \"warn\"}}", 1201, NIGHTS, GB_V_OVER, GB_ACT_WARN,
		  1000, 1200, 3 },
		{ RULE ", \"warn_only\": [\"alloc_space\"]}", 1201, NIGHTS, GB_V_OVER, GB_ACT_WARN,
		  1000, 1200, 3 },
		{ RULE "}", 1, NIGHTS, GB_V_WITHIN, GB_ACT_IGNORE, 1000, 1200, 3 },
		{ "{\"windows\": [" WHO OVER ", \"and\": 400}]}", 1400, NIGHTS, GB_V_WITHIN,
		  GB_ACT_IGNORE, 1000, 1400, 3 },
		{ "{\"windows\": [" WHO OVER ", \"of\": \"min\"}]}", 1081, NIGHTS, GB_V_OVER,
		  GB_ACT_FAIL, 900, 1080, 3 },
		{ "{\"windows\": [" WHO OVER ", \"of\": \"max\"}]}", 1320, NIGHTS, GB_V_WITHIN,
		  GB_ACT_IGNORE, 1100, 1320, 3 },
		/* Too few: new, whatever it measured. */
		{ RULE "}", 99999, { 900, 1000 }, 2, GB_V_NEW, GB_ACT_WARN, 0, 0, 2 },
		{ RULE ", \"on\": {\"new\": \"fail\"}}",
		  9,
		  { 900 },
		  1,
		  GB_V_NEW,
		  GB_ACT_FAIL,
		  0,
		  0,
		  1 },
		/* Nights on which it was not measured are none of its nights. */
		{ RULE "}", 9, { 900, 0, 1000 }, 3, GB_V_NEW, GB_ACT_WARN, 0, 0, 2 },
		{ RULE "}", 9, { 0 }, 0, GB_V_NEW, GB_ACT_WARN, 0, 0, 0 },
		/* Seven days, and not eight. */
		{ RULE "}",
		  1200,
		  { 1000, 1000, 1000, 1000, 5, 5, 5, 5, 5 },
		  9,
		  GB_V_WITHIN,
		  GB_ACT_IGNORE,
		  1000,
		  1200,
		  7 },
		{ "{\"windows\": [" WHO OVER ", \"days\": 9}]}",
		  1200,
		  { 1000, 1000, 1000, 1000, 5, 5, 5, 5, 5 },
		  9,
		  GB_V_OVER,
		  GB_ACT_FAIL,
		  5,
		  6,
		  9 },
		{ "{\"windows\": [" WHO OVER ", \"days\": 1, \"at_least\": 1}]}", 1201, NIGHTS,
		  GB_V_OVER, GB_ACT_FAIL, 900, 1080, 1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct gb_judgement *j;
		struct scene s;

		begin(&s, rows[i].policy, NULL, rows[i].now, rows[i].nights, rows[i].n);
		judge(&s);
		j = verdict(&s, rows[i].verdict);
		if (!j || s.v.n != 1)
			fail_msg("row %zu: %zu verdicts", i, s.v.n);
		if (j->by != GB_BY_WINDOW || j->action != rows[i].action ||
		    j->measured != rows[i].now || j->window.value != rows[i].value ||
		    j->ceiling != rows[i].ceiling || j->window.nights != rows[i].known)
			fail_msg("row %zu: action %d, %lld, at most %lld, %zu nights", i,
				 (int)j->action, (long long)j->window.value, (long long)j->ceiling,
				 j->window.nights);
		end(&s);
	}
}

static void test_beside_a_budget(void **state)
{
	static const int64_t nights[] = { 1000, 1000, 1000 };
	static const struct {
		const char *row, *more;
		int64_t now;
		enum gb_verdict verdict;
		enum gb_judged_by by;
	} rows[] = {
#define BUDGET(n) "\"TestA\": {\"alloc_space\": " #n ", \"measured\": {\"alloc_space\": " #n "}}"
#define WAIVER(n)                                                                       \
	", \"waivers\": [{\"package\": \"m/a\", \"test\": \"TestA\", \"metric\": "      \
	"\"alloc_space\", \"ceiling\": " #n ", \"until\": \"2999-01-01\", \"reason\": " \
	"\"r\"}]"
		{ BUDGET(1300), "", 1250, GB_V_OVER, GB_BY_WINDOW },
		{ BUDGET(1300), "", 1200, GB_V_WITHIN, GB_BY_BUDGET },
		{ BUDGET(1000), "", 1050, GB_V_GREW, GB_BY_BUDGET },
		{ BUDGET(1150), "", 1201, GB_V_OVER, GB_BY_WINDOW },
		/* Said already. */
		{ BUDGET(1000), "", 1201, GB_V_OVER, GB_BY_BUDGET },
		{ NULL, ", \"ceilings\": [{\"tests\": \"**\", \"alloc_space\": 1300}]", 1201,
		  GB_V_OVER, GB_BY_WINDOW },
		{ NULL, ", \"ceilings\": [{\"tests\": \"**\", \"alloc_space\": 1300}]", 1200,
		  GB_V_WITHIN, GB_BY_CEILING },
		/* A waiver lifts the window, too, up to itself. */
		{ BUDGET(1300), WAIVER(1280), 1250, GB_V_WITHIN, GB_BY_BUDGET },
		{ BUDGET(1300), WAIVER(1240), 1250, GB_V_OVER, GB_BY_WINDOW },
		{ NULL, WAIVER(1280), 1250, GB_V_WITHIN, GB_BY_WAIVER },
		{ NULL, WAIVER(1240), 1250, GB_V_OVER, GB_BY_WAIVER },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		_free_ char *policy = gb_asprintf("%s%s}", RULE, rows[i].more);
		const struct gb_judgement *j;
		struct scene s;

		begin(&s, policy, NULL, rows[i].now, nights, 3);
		if (rows[i].row)
			budget_file(&s.budgets, "m/a", rows[i].row);
		judge(&s);
		j = verdict(&s, rows[i].verdict);
		if (!j || j->by != rows[i].by || s.v.n != 1)
			fail_msg("row %zu: %s", i,
				 s.v.n ? gb_verdict_name(s.v.v[0].verdict) : "nothing");
		if (j->has_budget != (rows[i].row != NULL))
			fail_msg("row %zu: budget", i);
		end(&s);
	}
}

/* Where a budget judges, too few nights are no news; and a test without a row is new once. */
static void test_too_few_beside_a_budget(void **state)
{
	static const int64_t nights[] = { 1000 };
	struct scene s;

	(void)state;
	begin(&s, RULE "}", NULL, 1000, nights, 1);
	budget_file(&s.budgets, "m/a", BUDGET(1000));
	budget_sample(budget_test(s.run, "m/a", "TestB"), GB_ALLOC_SPACE, 5);
	judge(&s);
	assert_int_equal(s.v.n, 2);
	assert_int_equal(s.v.count[GB_V_WITHIN], 1);
	assert_int_equal(verdict(&s, GB_V_NEW)->metric, -1);
	end(&s);
}

static void test_another_environment(void **state)
{
	static const int64_t nights[] = { 1000, 1000, 1000 };
	struct scene s;

	(void)state;
	begin(&s, RULE "}", NULL, 5000, nights, 3);
	s.run->env.gomaxprocs++;
	judge(&s);
	assert_non_null(verdict(&s, GB_V_NEW));
	assert_int_equal(verdict(&s, GB_V_NEW)->window.nights, 0);
	end(&s);
}

static void test_under_race_it_warns(void **state)
{
	static const int64_t nights[] = { 1000, 1000, 1000 };
	struct gb_past past = { .when = NOW };
	struct scene s;

	(void)state;
	begin(&s, RULE "}", NULL, 5000, nights, 0);
	gb_windows_release(&s.windows);
	s.run->env.race = true;
	for (int i = 1; i <= 3; i++)
		night(&past, &s.run->env, i, "\"TestA\":{\"alloc_space\":1000}");
	assert_int_equal(gb_windows_begin(&s.windows, s.here, NULL, &past, NULL), 0);
	judge(&s);
	assert_int_equal(verdict(&s, GB_V_OVER)->action, GB_ACT_WARN);
	end(&s);
}

static void test_whose_rule_counts(void **state)
{
	static const int64_t nights[] = { 1000, 1000, 1000 };
#define OTHER(share, more) "{\"windows\": [" WHO "\"over\": \"" share "\"" more "}]"
	static const struct {
		const char *here, *base;
		int64_t ceiling; /* 0: not judged */
		size_t loosened, refused;
	} rows[] = {
		{ RULE "}", RULE "}", 1200, 0, 0 },
		{ RULE "}", "{}", 1200, 0, 0 },
		{ OTHER("10%", "") "}", RULE ", \"raise\": \"waiver\"}", 1100, 0, 0 },
		{ OTHER("90%", "") "}", RULE "}", 1900, 1, 0 },
		{ OTHER("90%", "") "}", RULE ", \"raise\": \"reason\"}", 1200, 1, 1 },
		{ OTHER("90%", ", \"reason\": \"r\"") "}", RULE ", \"raise\": \"reason\"}", 1900, 1,
		  0 },
		{ OTHER("90%", ", \"reason\": \"r\"") "}",
		  OTHER("20%", ", \"reason\": \"r\"") ", \"raise\": \"reason\"}", 1200, 1, 1 },
		{ OTHER("90%", ", \"reason\": \"r\"") "}", RULE ", \"raise\": \"waiver\"}", 1200, 1,
		  1 },
		/* To ask for more nights than there are is to have no window. */
		{ OTHER("20%", ", \"at_least\": 9") "}", RULE ", \"raise\": \"waiver\"}", 1200, 1,
		  1 },
		{ "{}", RULE ", \"raise\": \"waiver\"}", 1200, 1, 1 },
		{ "{}", RULE "}", 0, 0, 0 },
		/* One rule more that allows more. */
		{ "{\"windows\": [" WHO OVER "}, " WHO "\"over\": \"90%\"}]}",
		  RULE ", \"raise\": \"waiver\"}", 1200, 1, 1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct gb_windows_count c;
		struct scene s;

		begin(&s, rows[i].here, rows[i].base, 5000, nights, 3);
		judge(&s);
		if ((s.v.n ? s.v.v[0].ceiling : 0) != rows[i].ceiling)
			fail_msg("row %zu: at most %lld", i,
				 (long long)(s.v.n ? s.v.v[0].ceiling : 0));
		assert_int_equal(gb_windows_count(&s.windows, s.run, &c, NULL), 0);
		if (c.loosened != rows[i].loosened || c.refused != rows[i].refused)
			fail_msg("row %zu: %zu loosened, %zu refused", i, c.loosened, c.refused);
		end(&s);
	}
}

static void test_what_exceeding_does(void **state)
{
#define ON(action, more) RULE ", \"on\": {\"window\": \"" action "\"}" more "}"
	static const struct {
		const char *here, *base;
		enum gb_action action;
	} rows[] = {
		{ RULE "}", NULL, GB_ACT_FAIL },
		{ ON("warn", ""), NULL, GB_ACT_WARN },
		{ ON("warn", ""), RULE "}", GB_ACT_WARN },
		{ ON("warn", ""), RULE ", \"raise\": \"reason\"}", GB_ACT_FAIL },
		{ ON("ignore", ""), ON("warn", ", \"raise\": \"waiver\""), GB_ACT_WARN },
		{ RULE "}", ON("warn", ", \"raise\": \"waiver\""), GB_ACT_FAIL },
		{ ON("warn", ""), "{\"raise\": \"waiver\"}", GB_ACT_WARN },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct scene s;

		begin(&s, rows[i].here, rows[i].base, 1, NULL, 0);
		if (gb_windows_action(&s.windows) != rows[i].action)
			fail_msg("row %zu", i);
		end(&s);
	}
}

static void test_near(void **state)
{
#define NEAR(n) "{\"near\": [" WHO "\"share\": \"80%\", \"nights\": " #n "}]"
#define TOP	", \"ceilings\": [{\"tests\": \"**\", \"alloc_space\": 1000}]"
	static const struct {
		const char *policy, *row;
		int64_t now;
		int64_t nights[5];
		size_t n, in_a_row; /* 0: not near */
		const char *since;
		enum gb_action action;
	} rows[] = {
		{ NEAR(3) TOP "}", NULL, 800, { 800, 900, 799 }, 3, 3, "2026-11-20", GB_ACT_WARN },
		{ NEAR(3) TOP "}", NULL, 799, { 800, 900, 900 }, 3, 0, "", GB_ACT_WARN },
		{ NEAR(3) TOP "}", NULL, 800, { 800, 799, 900 }, 3, 0, "", GB_ACT_WARN },
		{ NEAR(3) TOP "}", NULL, 800, { 800 }, 1, 0, "", GB_ACT_WARN },
		{ NEAR(1) TOP "}", NULL, 800, { 0 }, 0, 1, "2026-11-22", GB_ACT_WARN },
		/* Nights without it are none, and more of them than asked for tell since when. */
		{ NEAR(2) TOP "}",
		  NULL,
		  1000,
		  { 900, 0, 900, 900, 1 },
		  5,
		  4,
		  "2026-11-18",
		  GB_ACT_WARN },
		{ NEAR(1) TOP ", \"on\": {\"near\": \"fail\"}}",
		  NULL,
		  900,
		  { 0 },
		  0,
		  1,
		  "2026-11-22",
		  GB_ACT_FAIL },
		{ NEAR(1) TOP ", \"on\": {\"near\": \"fail\"}, \"warn_only\": [\"alloc_space\"]}",
		  NULL,
		  900,
		  { 0 },
		  0,
		  1,
		  "2026-11-22",
		  GB_ACT_WARN },
		{ NEAR(1) TOP ", \"on\": {\"near\": \"ignore\"}}",
		  NULL,
		  900,
		  { 0 },
		  0,
		  0,
		  "",
		  GB_ACT_WARN },
		/* Beyond it, over says it all. */
		{ NEAR(1) TOP "}", NULL, 1001, { 0 }, 0, 0, "", GB_ACT_WARN },
		{ NEAR(1) "}",
		  "\"TestA\": {\"alloc_space\": 1000}",
		  800,
		  { 0 },
		  0,
		  1,
		  "2026-11-22",
		  GB_ACT_WARN },
		{ NEAR(1) "}",
		  "\"TestA\": {\"alloc_space\": 1000, \"measured\": {\"alloc_space\": 850}}",
		  850,
		  { 0 },
		  0,
		  1,
		  "2026-11-22",
		  GB_ACT_WARN },
		/* As recorded: no room was given. */
		{ NEAR(1) "}",
		  "\"TestA\": {\"alloc_space\": 1000, \"measured\": {\"alloc_space\": 1000}}",
		  1000,
		  { 0 },
		  0,
		  0,
		  "",
		  GB_ACT_WARN },
		{ NEAR(1) "}", "\"TestA\": {\"alloc_space\": 0}", 0, { 0 }, 0, 0, "", GB_ACT_WARN },
		/* A ceiling that is a share of what was measured is always near. */
		{ "{\"near\": [" WHO "\"share\": \"80%\", \"nights\": 1}], \"windows\": [" WHO OVER
		  "}]}",
		  NULL,
		  1100,
		  { 1000, 1000, 1000 },
		  3,
		  0,
		  "",
		  GB_ACT_WARN },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct gb_judgement *j;
		struct scene s;

		begin(&s, rows[i].policy, NULL, rows[i].now, rows[i].nights, rows[i].n);
		if (rows[i].row)
			budget_file(&s.budgets, "m/a", rows[i].row);
		judge(&s);
		j = verdict(&s, GB_V_NEAR);
		if ((j != NULL) != (rows[i].in_a_row > 0))
			fail_msg("row %zu: near %d", i, j != NULL);
		if (j && (j->window.nights != rows[i].in_a_row || j->action != rows[i].action ||
			  strcmp(j->window.since, rows[i].since) != 0))
			fail_msg("row %zu: %zu nights since %s, action %d", i, j->window.nights,
				 j->window.since, (int)j->action);
		end(&s);
	}
}

static void test_no_date_at_all(void **state)
{
	struct gb_past past = { .when = INT64_MAX };
	struct scene s;

	(void)state;
	begin(&s, NEAR(1) TOP "}", NULL, 900, NULL, 0);
	gb_windows_release(&s.windows);
	assert_int_equal(gb_windows_begin(&s.windows, s.here, NULL, &past, NULL), 0);
	judge(&s);
	assert_string_equal(verdict(&s, GB_V_NEAR)->window.since, "");
	end(&s);
}

static void test_young_ones_are_counted(void **state)
{
	static const int64_t nights[] = { 1000, 1000 };
	struct gb_windows_count c;
	struct scene s;

	(void)state;
	begin(&s, RULE "}", NULL, 1000, nights, 2);
	budget_sample(budget_test(s.run, "m/a", "TestB"), GB_ALLOC_SPACE, 5);
	assert_int_equal(gb_windows_count(&s.windows, s.run, &c, NULL), 0);
	assert_int_equal(c.young, 2);
	assert_int_equal(c.nights, 2);
	assert_int_equal(c.at_least, 3);
	assert_int_equal(c.days, 7);
	end(&s);
}

static void test_reach(void **state)
{
	struct gb_policy *p = budget_policy("{\"windows\": [" WHO OVER "}, " WHO OVER
					    ", \"days\": 30}], \"near\": [" WHO
					    "\"share\": \"80%\", \"nights\": 5}]}");
	size_t nights;
	int days;

	(void)state;
	gb_windows_reach(p, &days, &nights);
	assert_int_equal(days, 30);
	assert_true(nights >= 5);
	gb_policy_free(p);
	p = budget_policy(NULL);
	gb_windows_reach(p, &days, &nights);
	assert_int_equal(days + (int)nights, 0);
	gb_policy_free(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_ceilings),
		cmocka_unit_test(test_judged_by_nights_alone),
		cmocka_unit_test(test_beside_a_budget),
		cmocka_unit_test(test_too_few_beside_a_budget),
		cmocka_unit_test(test_another_environment),
		cmocka_unit_test(test_under_race_it_warns),
		cmocka_unit_test(test_whose_rule_counts),
		cmocka_unit_test(test_what_exceeding_does),
		cmocka_unit_test(test_near),
		cmocka_unit_test(test_no_date_at_all),
		cmocka_unit_test(test_young_ones_are_counted),
		cmocka_unit_test(test_reach),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
