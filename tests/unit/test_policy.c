/* policy: the built-in rules, the file's own, and waivers with an end. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/fs.h"
#include "base/limits.h"
#include "base/mem.h"
#include "budget/policy.h"
#include "tempdir.h"

#define NOW ((time_t)1795305600) /* 2026-11-22 00:00:00 UTC */

static struct gb_policy *parse(const char *text)
{
	struct gb_err err = GB_ERR_INIT;
	struct gb_policy *p = NULL;

	if (gb_policy_parse(GB_POLICY_FILE, text, strlen(text), NOW, &p, &err) < 0)
		fail_msg("%s", err.line);
	return p;
}

static void check_built_in(const struct gb_policy *p)
{
	for (int m = 0; m < GB_METRICS; m++) {
		bool relative = !gb_metrics[m].goroutine && !gb_metrics[m].compiled;

		assert_int_equal(p->gates[m].relative, relative);
		if (gb_metrics[m].unsteady)
			continue;
		assert_int_equal(gb_policy_ceiling(p, (enum gb_metric)m, 1000),
				 relative ? 1100 : 1000);
	}
	assert_int_equal(gb_policy_ceiling(p, GB_GC_COUNT, 1), 6);
	assert_int_equal(gb_policy_ceiling(p, GB_GC_COUNT, 100), 200);
	assert_int_equal(gb_policy_ceiling(p, GB_GC_PAUSE_WORST, 50000), 10050000);
	assert_int_equal(gb_policy_ceiling(p, GB_GC_PAUSE_TOTAL, 50000000), 100000000);
	assert_int_equal(gb_policy_ceiling(p, GB_HEAP_LIVE, 0), 256 << 10);
	assert_int_equal(gb_policy_ceiling(p, GB_HEAP_LIVE, 8 << 20), 10 << 20);
	assert_int_equal(p->rules.off, 0);
	assert_int_equal(p->rules.large, 1024);
	assert_int_equal(p->on_new, GB_ACT_WARN);
	assert_int_equal(p->on_gone, GB_ACT_FAIL);
	assert_int_equal(p->on_grew, GB_ACT_WARN);
	assert_int_equal(p->on_slack, GB_ACT_IGNORE);
	assert_int_equal(p->on_incomparable, GB_ACT_FAIL);
	assert_int_equal(p->on_hung, GB_ACT_FAIL);
	assert_int_equal(p->on_proven, GB_ACT_FAIL);
	assert_int_equal(p->on_left, GB_ACT_WARN);
	assert_int_equal(p->warn_only, 1u << GB_GOROUTINES_PEAK | 1u << GB_GOROUTINES_CREATED);
	assert_int_equal(p->settle_ms, 1000);
	assert_int_equal(p->repeats, 4);
	assert_int_equal(p->record_runs, 5);
	assert_int_equal(p->hook_ms, 60000);
	assert_false(p->hook_blocks);
	assert_int_equal(p->keep_notes, 500);
	assert_int_equal(p->max_notes, 64 * 1024 * 1024);
	assert_string_equal(p->gcflags, "-l");
	assert_int_equal(p->n_ceilings, 0);
	assert_int_equal(p->n_waivers, 0);
	assert_int_equal(p->n_living, 0);
}

static void test_built_in(void **state)
{
	struct gb_policy *p;

	(void)state;
	assert_int_equal(gb_policy_default(&p, NULL), 0);
	assert_true(p->built_in);
	check_built_in(p);
	gb_policy_free(p);
	gb_policy_free(NULL);
}

static void test_an_empty_file_changes_nothing(void **state)
{
	struct gb_policy *p = parse("{}");

	(void)state;
	assert_false(p->built_in);
	assert_string_equal(p->path, GB_POLICY_FILE);
	check_built_in(p);
	gb_policy_free(p);
}

static void test_the_example_of_the_header(void **state)
{
	struct gb_policy *p = parse(
		"{\n"
		"  \"$schema\": \"policy.json\",\n"
		"  \"gates\": {\n"
		"    \"alloc_space\":   {\"over\": \"10%\", \"and\": \"4 KiB\"},\n"
		"    \"goroutines\":    {\"over\": 0}\n"
		"  },\n"
		"  \"ceilings\": [\n"
		"    {\"tests\": \"**\", \"goroutines\": 2},\n"
		"    {\"tests\": \"**HTTP**\", \"packages\": \"**\", \"goroutines\": 5, "
		"\"alloc_space\": \"64 MiB\"}\n"
		"  ],\n"
		"  \"on\": {\"new\": \"fail\", \"gone\": \"warn\", \"grew\": \"ignore\", "
		"\"slack\": \"warn\",\n"
		"         \"incomparable\": \"ignore\", \"hung\": \"warn\", \"proven\": "
		"\"warn\", \"left\": \"fail\"},\n"
		"  \"living\": [{\"created_by\": \"m/pool.(*Pool).start\", \"count\": 4, "
		"\"reason\": \"one per CPU\"}],\n"
		"  \"warn_only\": [\"goroutines_peak\", \"B/op\"],\n"
		"  \"slack\": {\"under\": \"40%\", \"and\": \"32 KiB\"},\n"
		"  \"settle\": \"1500ms\", \"repeats\": 2, \"record_runs\": 7, \"gcflags\": \"\",\n"
		"  \"hook\": {\"time\": \"90s\", \"on_timeout\": \"block\"},\n"
		"  \"waivers\": [\n"
		"    {\"package\": \"example.com/shop/store\", \"test\": \"TestCache\", "
		"\"metric\": \"alloc_space\",\n"
		"     \"ceiling\": \"2 MiB\", \"until\": \"2026-12-31\", \"reason\": \"#123\"}\n"
		"  ]\n"
		"}\n");
	const struct gb_waiver *w;

	(void)state;
	assert_int_equal(gb_policy_ceiling(p, GB_ALLOC_SPACE, 1000), 1000 + 4096);
	assert_int_equal(gb_policy_ceiling(p, GB_ALLOC_SPACE, 1000000), 1100000);
	assert_int_equal(p->n_ceilings, 2);
	assert_int_equal(p->ceilings[1].v[GB_ALLOC_SPACE], 64 << 20);
	assert_int_equal(p->ceilings[1].line, 9);
	assert_int_equal(p->on_new, GB_ACT_FAIL);
	assert_int_equal(p->on_gone, GB_ACT_WARN);
	assert_int_equal(p->on_grew, GB_ACT_IGNORE);
	assert_int_equal(p->on_slack, GB_ACT_WARN);
	assert_int_equal(p->on_incomparable, GB_ACT_IGNORE);
	assert_int_equal(p->on_hung, GB_ACT_WARN);
	assert_int_equal(p->on_proven, GB_ACT_WARN);
	assert_int_equal(p->on_left, GB_ACT_FAIL);
	assert_int_equal(p->n_living, 1);
	assert_string_equal(p->living[0].created_by, "m/pool.(*Pool).start");
	assert_string_equal(p->living[0].reason, "one per CPU");
	assert_int_equal(p->living[0].count, 4);
	assert_int_equal(p->living[0].line, 13);
	assert_int_equal(p->warn_only, 1u << GB_GOROUTINES_PEAK | 1u << GB_BYTES_PER_OP);
	assert_true(p->slack_under > 0.39 && p->slack_under < 0.41);
	assert_int_equal(p->slack_and, 32768);
	assert_int_equal(p->settle_ms, 1500);
	assert_int_equal(p->repeats, 2);
	assert_int_equal(p->hook_ms, 90000);
	assert_true(p->hook_blocks);
	assert_int_equal(p->record_runs, 7);
	assert_string_equal(p->gcflags, "");
	w = gb_policy_waiver(p, "example.com/shop/store", "TestCache", GB_ALLOC_SPACE);
	assert_int_equal(w->ceiling, 2 << 20);
	assert_string_equal(w->until, "2026-12-31");
	assert_string_equal(w->reason, "#123");
	assert_int_equal(w->line, 19);
	assert_null(gb_policy_waiver(p, "example.com/shop/store", "TestCache", GB_GOROUTINES));
	assert_null(gb_policy_waiver(p, "example.com/shop/store", "TestCache/a", GB_ALLOC_SPACE));
	assert_null(gb_policy_waiver(p, "example.com/shop", "TestCache", GB_ALLOC_SPACE));
	gb_policy_free(p);
}

static void test_ceilings_of_gates(void **state)
{
	static const struct {
		const char *gates;
		enum gb_metric m;
		int64_t budget, ceiling;
	} rows[] = {
		{ "", GB_ALLOC_SPACE, 0, 0 },
		{ "", GB_ALLOC_SPACE, 9, 9 },
		{ "", GB_ALLOC_SPACE, 10, 11 },
		{ "", GB_GOROUTINES, 3, 3 },
		{ "", GB_ALLOC_SPACE, INT64_MAX, INT64_MAX },
		{ "", GB_ALLOC_SPACE, INT64_MAX - 1, INT64_MAX },
		{ "\"alloc_space\": {\"over\": \"0%\"}", GB_ALLOC_SPACE, 1000, 1000 },
		{ "\"alloc_space\": {\"over\": 0}", GB_ALLOC_SPACE, 1000, 1000 },
		{ "\"alloc_space\": {\"over\": \"29%\"}", GB_ALLOC_SPACE, 100, 129 },
		{ "\"alloc_space\": {\"over\": \"1 KiB\"}", GB_ALLOC_SPACE, 100, 1124 },
		{ "\"alloc_space\": {\"over\": 50, \"and\": 64}", GB_ALLOC_SPACE, 100, 164 },
		{ "\"alloc_space\": {\"over\": 70, \"and\": 64}", GB_ALLOC_SPACE, 100, 170 },
		{ "\"alloc_space\": {\"and\": 64}", GB_ALLOC_SPACE, 100, 164 },
		{ "\"alloc_space\": {\"and\": 64}", GB_ALLOC_SPACE, 1000, 1100 },
		{ "\"alloc_space\": {}", GB_ALLOC_SPACE, 1000, 1100 },
		{ "\"goroutines\": {\"over\": 2}", GB_GOROUTINES, 1, 3 },
		{ "\"goroutines\": {\"over\": \"50%\"}", GB_GOROUTINES, 3, 4 },
		{ "\"alloc_space\": {\"over\": 9223372036854775807}", GB_ALLOC_SPACE, 5,
		  INT64_MAX },
		{ "\"alloc_space\": {\"over\": \"1000000%\"}", GB_ALLOC_SPACE, INT64_MAX / 2,
		  INT64_MAX },
	};
	char text[256];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		snprintf(text, sizeof(text), "{\"gates\": {%s}}", rows[i].gates);
		struct gb_policy *p = parse(text);

		if (gb_policy_ceiling(p, rows[i].m, rows[i].budget) != rows[i].ceiling)
			fail_msg("%s: %lld becomes %lld", text, (long long)rows[i].budget,
				 (long long)gb_policy_ceiling(p, rows[i].m, rows[i].budget));
		gb_policy_free(p);
	}
}

static void test_rules_are_switched_off_one_by_one(void **state)
{
	struct gb_policy *p = parse("{\"rules\": {\"loop-variable\": false, \"captured-pointer\": "
				    "true, \"large-capture\": \"4 KiB\"}}");

	(void)state;
	assert_int_equal(p->rules.off, 1u << GB_RULE_LOOP_VARIABLE);
	assert_int_equal(p->rules.large, 4096);
	gb_policy_free(p);
	p = parse("{\"rules\": {\"large-capture\": false}}");
	assert_int_equal(p->rules.off, 1u << GB_RULE_LARGE_CAPTURE);
	assert_int_equal(p->rules.large, 1024);
	gb_policy_free(p);
}

static void test_the_last_ceiling_that_names_the_metric_wins(void **state)
{
	static const struct {
		const char *package, *test;
		enum gb_metric m;
		int64_t ceiling; /* -1: none */
		size_t rule;
	} rows[] = {
		{ "m/a", "TestA", GB_GOROUTINES, 2, 0 },
		{ "m/a", "TestA/b/c", GB_GOROUTINES, 2, 0 },
		{ "m/a", "TestHTTPGet", GB_GOROUTINES, 5, 1 },
		{ "m/a", "TestX/HTTP/2", GB_GOROUTINES, 5, 1 },
		{ "m/web/x", "TestHTTPGet", GB_GOROUTINES, 9, 2 },
		{ "m/web/x", "TestHTTPGet", GB_ALLOC_SPACE, 1024, 2 },
		{ "m/a", "TestHTTPGet", GB_ALLOC_SPACE, -1, 0 },
		{ "m/a", "(package)", GB_GOROUTINES, 7, 3 },
		{ "m/a", "(package)", GB_ALLOC_SPACE, -1, 0 },
	};
	struct gb_policy *p =
		parse("{\"ceilings\": [{\"tests\": \"**\", \"goroutines\": 2},"
		      "{\"tests\": \"**HTTP**\", \"goroutines\": 5},"
		      "{\"tests\": \"**\", \"packages\": \"m/web/*\", \"goroutines\": 9, "
		      "\"alloc_space\": \"1 KiB\"},"
		      "{\"tests\": \"(package)\", \"goroutines\": 7}]}");

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int64_t ceiling = -1;
		size_t rule = 0;

		assert_int_equal(gb_policy_default_ceiling(p, rows[i].package, rows[i].test,
							   rows[i].m, &ceiling, &rule),
				 rows[i].ceiling >= 0);
		assert_int_equal(ceiling, rows[i].ceiling);
		assert_int_equal(rule, rows[i].rule);
	}
	gb_policy_free(p);
}

#define WAIVER(fields) "{\"waivers\": [{" fields "}]}"
#define P_T_M	       "\"package\": \"m\", \"test\": \"TestA\", \"metric\": \"goroutines\""
#define WHOLE	       P_T_M ", \"ceiling\": 3, \"reason\": \"r\", "

static void test_what_is_refused(void **state)
{
	static const struct {
		const char *text, *line, *hint;
	} rows[] = {
		{ "[]", "budgets/_policy.json:1: expected an object", "" },
		{ "{\"gate\": {}}", "gate", "gates" },
		{ "{\"$schema\": 1}", "expected a string", "" },
		{ "{\"gates\": []}", "gates: expected an object", "" },
		{ "{\"gates\": {\"alloc\": {}}}", "alloc", "" },
		{ "{\"gates\": {\"alloc_spaces\": {}}}", "alloc_spaces", "alloc_space" },
		{ "{\"gates\": {\"ns/op\": {}}}", "ns/op is shown, never judged", "" },
		{ "{\"gates\": {\"alloc_space\": 3}}", "gates.alloc_space: expected an object",
		  "" },
		{ "{\"gates\": {\"alloc_space\": {\"above\": 3}}}", "above", "" },
		{ "{\"gates\": {\"alloc_space\": {\"over\": 0.1}}}",
		  "gates.alloc_space.over: a share of the budget is written as a percentage",
		  "write \"10%\"" },
		{ "{\"gates\": {\"alloc_space\": {\"over\": \"x%\"}}}", "is not a percentage", "" },
		{ "{\"gates\": {\"alloc_space\": {\"over\": \"ten\"}}}", "is not a size", "" },
		{ "{\"gates\": {\"alloc_space\": {\"over\": -1}}}", "must not be negative", "" },
		{ "{\"gates\": {\"goroutines\": {\"and\": \"4 KiB\"}}}", "goroutines is a count",
		  "" },
		{ "{\"ceilings\": {}}", "ceilings: expected an array", "" },
		{ "{\"ceilings\": [3]}", "ceilings[0]: expected an object", "" },
		{ "{\"ceilings\": [{\"goroutines\": 2}]}", "\"tests\" is missing", "" },
		{ "{\"ceilings\": [{\"tests\": \"**\"}]}", "ceilings[0]: names no metric", "" },
		{ "{\"ceilings\": [{\"tests\": \"\", \"goroutines\": 2}]}",
		  "tests: must not be empty", "" },
		{ "{\"ceilings\": [{\"tests\": \"**\", \"packages\": 3, \"goroutines\": 2}]}",
		  "packages: expected a string", "" },
		{ "{\"ceilings\": [{\"tests\": \"**\", \"goroutine\": 2}]}", "goroutine",
		  "goroutines" },
		{ "{\"ceilings\": [{\"tests\": \"**\", \"goroutines\": -2}]}",
		  "ceilings[0].goroutines: must not be negative", "" },
		{ "{\"on\": []}", "on: expected an object", "" },
		{ "{\"on\": {\"over\": \"fail\"}}", "over", "" },
		{ "{\"on\": {\"new\": \"error\"}}",
		  "on.new: expected \"fail\", \"warn\" or \"ignore\"", "" },
		{ "{\"on\": {\"new\": true}}", "on.new: expected", "" },
		{ "{\"warn_only\": \"B/op\"}", "warn_only: expected an array", "" },
		{ "{\"warn_only\": [3]}", "warn_only[0]: expected a string", "" },
		{ "{\"warn_only\": [\"bytes\"]}", "there is no metric \"bytes\"", "alloc_space" },
		{ "{\"warn_only\": [\"ns/op\"]}", "ns/op is shown, never judged", "" },
		{ "{\"warn_only\": [\"B/op\", \"B/op\"]}", "warn_only[1]: B/op is named twice",
		  "" },
		{ "{\"slack\": 3}", "slack: expected an object", "" },
		{ "{\"slack\": {\"over\": 3}}", "over", "" },
		{ "{\"slack\": {\"under\": 3}}", "slack.under: expected a percentage", "" },
		{ "{\"slack\": {\"under\": \"3\"}}", "is not a percentage", "" },
		{ "{\"slack\": {\"and\": \"3 m\"}}", "is not a size", "" },
		{ "{\"settle\": 1}", "settle: expected a duration", "" },
		{ "{\"settle\": \"soon\"}", "is not a duration", "" },
		{ "{\"settle\": \"11m\"}", "exceeds ten minutes", "" },
		{ "{\"hook\": 60}", "hook: ", "" },
		{ "{\"hook\": {\"time\": 60}}", "hook.time: expected a duration", "" },
		{ "{\"hook\": {\"time\": \"0s\"}}", "expected a second to an hour", "" },
		{ "{\"hook\": {\"time\": \"2h\"}}", "expected a second to an hour", "" },
		{ "{\"hook\": {\"on_timeout\": \"stop\"}}", "expected \"allow\" or \"block\"", "" },
		{ "{\"hook\": {\"timeout\": \"3s\"}}", "unknown key", "did you mean \"time\"?" },
		{ "{\"repeats\": -1}", "repeats: must not be negative", "" },
		{ "{\"repeats\": 101}", "repeats: expected 0 to 100", "" },
		{ "{\"record_runs\": 0}", "record_runs: expected 1 to 100", "" },
		{ "{\"gcflags\": []}", "gcflags: expected a string", "" },
		{ "{\"waivers\": {}}", "waivers: expected an array", "" },
		{ "{\"rules\": []}", "rules: expected an object", "" },
		{ "{\"rules\": {\"loop-variables\": false}}",
		  "rules[\"loop-variables\"]: unknown key", "loop-variable" },
		{ "{\"rules\": {\"loop-variable\": 1}}",
		  "rules[\"loop-variable\"]: expected true or", "" },
		{ "{\"rules\": {\"large-capture\": \"much\"}}", "is not a size", "" },
		{ "{\"living\": {}}", "living: expected an array", "" },
		{ "{\"living\": [3]}", "living[0]: expected an object", "" },
		{ "{\"living\": [{\"created\": \"f\"}]}", "living[0].created: unknown key",
		  "created_by" },
		{ "{\"living\": [{\"count\": 1, \"reason\": \"r\"}]}", "created_by", "" },
		{ "{\"living\": [{\"created_by\": \"f\", \"reason\": \"r\"}]}", "count", "" },
		{ "{\"living\": [{\"created_by\": \"f\", \"count\": 1}]}", "reason", "" },
		{ "{\"living\": [{\"created_by\": \"f\", \"count\": 0, \"reason\": \"r\"}]}",
		  "living[0].count: expected how many of them live", "" },
		{ "{\"living\": [{\"created_by\": \"f\", \"count\": 1.5, \"reason\": \"r\"}]}",
		  "living[0].count", "" },
		{ "{\"living\": [{\"created_by\": \"f\", \"count\": 1, \"reason\": \"\"}]}",
		  "living[0].reason", "" },
		{ "{\"living\": [{\"created_by\": \"f\", \"count\": 1, \"reason\": \"r\"},\n"
		  "{\"created_by\": \"f\", \"count\": 2, \"reason\": \"s\"}]}",
		  "living[1]: f is listed already, in line 1", "" },
		{ "{\"waivers\": [3]}", "waivers[0]: expected an object", "" },
		{ WAIVER("\"who\": 3"), "who", "" },
		{ WAIVER("\"package\": \"m\""), "\"test\" is missing", "" },
		{ WAIVER("\"package\": \"\""), "package: must not be empty", "" },
		{ WAIVER("\"package\": \"m\", \"test\": \"TestA\""), "\"metric\" is missing", "" },
		{ WAIVER("\"package\": \"m\", \"test\": \"TestA\", \"metric\": \"x\""),
		  "there is no metric \"x\"", "" },
		{ WAIVER("\"package\": \"m\", \"test\": \"TestA\", \"metric\": 3"),
		  "metric: expected a string", "" },
		{ WAIVER(P_T_M), "\"ceiling\" is missing", "" },
		{ WAIVER(P_T_M ", \"ceiling\": \"1 KiB\""), "goroutines is a count", "" },
		{ WAIVER(P_T_M ", \"ceiling\": 3"), "\"reason\" is missing", "" },
		{ WAIVER(P_T_M ", \"ceiling\": 3, \"reason\": \"\""), "reason: must not be empty",
		  "" },
		{ WAIVER(P_T_M ", \"ceiling\": 3, \"reason\": \"r\""), "\"until\" is missing", "" },
		{ WAIVER(WHOLE "\"until\": 2026"), "until: expected a string", "" },
		{ WAIVER(WHOLE "\"until\": \"tomorrow\""), "until: expected a day", "" },
		{ WAIVER(WHOLE "\"until\": \"2026-13-01\""), "until: expected a day", "" },
		{ WAIVER(WHOLE "\"until\": \"2027-02-29\""), "until: expected a day", "" },
		{ WAIVER(WHOLE "\"until\": \"2100-02-29\""), "until: expected a day", "" },
		{ WAIVER(WHOLE "\"until\": \"2026-12-00\""), "until: expected a day", "" },
		{ WAIVER(WHOLE "\"until\": \"2026/12/01\""), "until: expected a day", "" },
		{ WAIVER(WHOLE "\"until\": \"2o26-12-01\""), "until: expected a day", "" },
		{ "{\"waivers\": [{" WHOLE "\"until\": \"2026-12-01\"},\n{" WHOLE
		  "\"until\": \"2026-12-02\"}]}",
		  "waivers[1]: goroutines of TestA has a waiver already, in line 1", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct gb_err err = GB_ERR_INIT;
		struct gb_policy *p = NULL;

		if (gb_policy_parse(GB_POLICY_FILE, rows[i].text, strlen(rows[i].text), NOW, &p,
				    &err) != GB_EUSAGE)
			fail_msg("accepted: %s", rows[i].text);
		assert_null(p);
		if (!strstr(err.line, rows[i].line))
			fail_msg("%s\n\tsays \"%s\"\n\tand not \"%s\"", rows[i].text, err.line,
				 rows[i].line);
		if (!strstr(err.hint, rows[i].hint))
			fail_msg("%s\n\thints \"%s\"\n\tand not \"%s\"", rows[i].text, err.hint,
				 rows[i].hint);
		/* Callers who only want the code get the same one. */
		assert_int_equal(gb_policy_parse(GB_POLICY_FILE, rows[i].text, strlen(rows[i].text),
						 NOW, &p, NULL),
				 GB_EUSAGE);
	}
}

static void test_a_waiver_lasts_to_the_end_of_its_day(void **state)
{
	static const struct {
		const char *until;
		time_t now;
		bool expired;
	} rows[] = {
		{ "2026-11-22", NOW, false },	     { "2026-11-22", NOW + 86399, false },
		{ "2026-11-22", NOW + 86400, true }, { "2026-11-21", NOW, true },
		{ "2028-02-29", NOW, false },	     { "2000-02-29", 0, false },
		{ "9999-12-31", NOW, false },
	};
	char text[256];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct gb_err err = GB_ERR_INIT;
		struct gb_policy *p = NULL;

		snprintf(text, sizeof(text), WAIVER(WHOLE "\"until\": \"%s\""), rows[i].until);
		int rc = gb_policy_parse(GB_POLICY_FILE, text, strlen(text), rows[i].now, &p, &err);
		assert_int_equal(rc, rows[i].expired ? GB_EUSAGE : 0);
		if (rows[i].expired) {
			snprintf(text, sizeof(text),
				 "budgets/_policy.json:1: waivers[0].until: the waiver of "
				 "goroutines of TestA expired: it ended with %s (UTC)",
				 rows[i].until);
			assert_string_equal(err.line, text);
			assert_non_null(strstr(err.hint, "later day"));
		}
		gb_policy_free(p);
	}
}

static void test_texts_have_ceilings(void **state)
{
	_buf_ struct gb_buf text = GB_BUF_INIT(GB_MAX_REPORT);
	struct gb_err err = GB_ERR_INIT;
	struct gb_policy *p;

	(void)state;
	gb_buf_adds(&text, "{\"gcflags\": \"");
	gb_buf_fill(&text, 'a', GB_MAX_NAME + 1);
	gb_buf_adds(&text, "\"}");
	assert_int_equal(gb_policy_parse("f", text.data, text.len, NOW, &p, &err), GB_EUSAGE);
	assert_string_equal(err.line, "f:1: gcflags: exceeds 16384 bytes");
	gb_buf_fill(&text, ' ', GB_MAX_POLICY_FILE);
	assert_int_equal(gb_policy_parse("f", text.data, text.len, NOW, &p, &err), GB_ELIMIT);
}

static void test_from_the_module(void **state)
{
	static const char text[] = "{\"repeats\": 9}";
	struct gb_policy *p;
	struct gb_err err = GB_ERR_INIT;

	(void)state;
	assert_int_equal(gb_fs_remove_tree("budgets", NULL), 0);
	assert_int_equal(gb_policy_load(".", NOW, &p, NULL), 0);
	assert_true(p->built_in);
	gb_policy_free(p);
	assert_int_equal(gb_fs_mkdirs("budgets/_policy.json", NULL), 0);
	assert_true(gb_policy_load(".", NOW, &p, &err) < 0);
	assert_int_equal(gb_fs_remove_tree("budgets/_policy.json", NULL), 0);
	assert_int_equal(gb_fs_write(GB_POLICY_FILE, text, strlen(text), NULL), 0);
	assert_int_equal(gb_policy_load(".", NOW, &p, NULL), 0);
	assert_false(p->built_in);
	assert_int_equal(p->repeats, 9);
	gb_policy_free(p);
}

static int parse_all(void)
{
	static const char text[] =
		"{\"ceilings\": [{\"tests\": \"**\", \"packages\": \"m\", \"goroutines\": 2}],"
		"\"gcflags\": \"\", \"waivers\": [{" WHOLE "\"until\": \"2026-12-31\"}]}";
	struct gb_policy *p = NULL;
	int rc = gb_policy_parse("f", text, strlen(text), NOW, &p, NULL);

	gb_policy_free(p);
	return rc;
}

static int load(void)
{
	struct gb_policy *p = NULL;
	int rc = gb_policy_load(".", NOW, &p, NULL);

	gb_policy_free(p);
	return rc;
}

static void fail_each(int (*f)(void))
{
	size_t n;

	gb_mem_fail_at(0);
	assert_int_equal(f(), 0);
	n = gb_mem_count();
	for (size_t i = 1; i <= n; i++) {
		gb_mem_fail_at(i);
		assert_int_equal(f(), GB_ENOMEM);
	}
	gb_mem_fail_at(0);
}

static void test_out_of_memory_anywhere(void **state)
{
	(void)state;
	fail_each(parse_all);
	fail_each(load);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_built_in),
		cmocka_unit_test(test_an_empty_file_changes_nothing),
		cmocka_unit_test(test_the_example_of_the_header),
		cmocka_unit_test(test_ceilings_of_gates),
		cmocka_unit_test(test_rules_are_switched_off_one_by_one),
		cmocka_unit_test(test_the_last_ceiling_that_names_the_metric_wins),
		cmocka_unit_test(test_what_is_refused),
		cmocka_unit_test(test_a_waiver_lasts_to_the_end_of_its_day),
		cmocka_unit_test(test_texts_have_ceilings),
		cmocka_unit_test(test_from_the_module),
		cmocka_unit_test(test_out_of_memory_anywhere),
	};

	return cmocka_run_group_tests(tests, tempdir_enter, tempdir_leave);
}
