/* report/load*.c: what is read back renders as the original did; what is broken is one line. */
#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/mem.h"
#include "bench_fixture.h"
#include "budget/policy.h"
#include "escape_fixture.h"
#include "evidence_fixture.h"
#include "report/load.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void text(const struct gb_report *r, struct gb_buf *out)
{
	gb_report_text(r, &(struct gb_text_options){ .width = 100 }, out);
}

static void verbose(const struct gb_report *r, struct gb_buf *out)
{
	gb_report_text(r, &(struct gb_text_options){ .width = 80, .verbose = true }, out);
}

static void markdown(const struct gb_report *r, struct gb_buf *out)
{
	gb_report_markdown(r, 0, out);
}

static const struct {
	const char *name;
	void (*render)(const struct gb_report *, struct gb_buf *);
} renderers[] = {
	{ "text", text },	    { "verbose", verbose },	  { "markdown", markdown },
	{ "html", gb_report_html }, { "sarif", gb_report_sarif }, { "junit", gb_report_junit },
	{ "json", gb_report_json },
};

#define RENDERERS (sizeof(renderers) / sizeof(renderers[0]))

static struct gb_loaded *load(const struct gb_buf *json)
{
	struct gb_loaded *l = NULL;
	struct gb_err err = GB_ERR_INIT;

	if (gb_report_load("r.json", json->data, json->len, &l, &err) < 0)
		fail_msg("%s\n%.2000s", err.line, json->data);
	return l;
}

static size_t first_difference(const char *a, const char *b)
{
	size_t i = 0;

	while (a[i] && a[i] == b[i])
		i++;
	return i > 200 ? i - 200 : 0;
}

static void same(const struct gb_report *a, const struct gb_report *b)
{
	for (size_t i = 0; i < RENDERERS; i++) {
		_buf_ struct gb_buf x = GB_BUF_INIT(16 * GB_MIB), y = GB_BUF_INIT(16 * GB_MIB);
		size_t from;

		renderers[i].render(a, &x);
		renderers[i].render(b, &y);
		assert_false(x.failed || y.failed);
		from = first_difference(x.data, y.data);
		if (strcmp(x.data, y.data) != 0)
			fail_msg("%s differs: was\n%.400s\n\nis\n%.400s", renderers[i].name,
				 x.data + from, y.data + from);
	}
}

static void round_trip(const struct gb_report *r)
{
	_buf_ struct gb_buf json = GB_BUF_INIT(16 * GB_MIB);
	struct gb_loaded *l;

	gb_report_json(r, &json);
	assert_false(json.failed);
	l = load(&json);
	same(r, &l->report);
	gb_loaded_free(l);
}

static void every_kind_of_verdict(void **state)
{
	char *long_name = fixture_long_name();
	const char *const names[] = { NULL, long_name };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct fixture f;

		fixture_make(&f, names[i]);
		round_trip(&f.report);
		fixture_release(&f);
	}
	free(long_name);
}

/* Rows of every word, with what a profile said and what cannot be a number. */
static void benchmarks(void **state)
{
	static const struct gb_cpu cpus[] = { { 0.1, 0.15 }, { 0.1, INFINITY } };
	struct fixture f;

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		_benches_ struct gb_benches b = { 0 };
		const struct gb_report_bench night = {
			.all = &b,
			.environment = "go1.26 linux/amd64 optimised",
			.machine = i ? NULL : "A <b> CPU",
			.before = i ? NULL : "main",
			.after = "0123456789ab",
			.cpu = &cpus[i],
		};

		bench_fixture_make(&b, &cpus[i]);
		fixture_make_clean(&f);
		f.report.bench = &night;
		round_trip(&f.report);
		fixture_release(&f);
	}
}

static void commits_and_drift(void **state)
{
	struct gb_report_commit v[2] = { { .id = "0123456789abcdef0123456789abcdef01234567",
					   .author = "A <b>",
					   .subject = "Raise | @all #1",
					   .raised = 2,
					   .has = { true },
					   .measured = { INT64_MAX } },
					 { .id = "0123456789abcdef0123456789abcdef01234568",
					   .author = "",
					   .subject = "",
					   .added = 1 } };
	const struct gb_report_commits commits = {
		.v = v,
		.n = 2,
		.more = 3,
		.columns = { { "example.com/shop/store", "TestWatch/all", GB_ALLOC_SPACE } },
		.n_columns = 1,
	};
	struct gb_judgement *j;
	struct fixture f;

	(void)state;
	fixture_make(&f, NULL);
	f.report.commits = &commits;
	j = fixture_judge(&f, "example.com/shop/store", "TestWatch/all", GB_ALLOC_SPACE, GB_V_DRIFT,
			  GB_ACT_FAIL);
	j->at_anchor = 1000;
	j->anchor = "v1.2.0 (0123456789ab)";
	j->ceiling = 1050;
	j->measured = 2000;
	round_trip(&f.report);
	fixture_release(&f);
}

static void windows_and_near(void **state)
{
	struct gb_judgement *j;
	struct fixture f;

	(void)state;
	for (int of = 0; of < GB_WINDOW_OFS; of++) {
		fixture_make(&f, NULL);
		j = fixture_judge(&f, "example.com/shop/store", "TestWatch/all", GB_ALLOC_SPACE,
				  GB_V_OVER, GB_ACT_FAIL);
		j->by = GB_BY_WINDOW;
		j->ceiling = 1500;
		j->measured = 2000;
		j->window = (struct gb_judged_window){ .of = (enum gb_window_of)of,
						       .days = 7,
						       .at_least = 3,
						       .nights = 5,
						       .percent = 12500,
						       .and_ = of == 1 ? 500 : 0,
						       .value = 1000,
						       .line = 12 };
		j = fixture_judge(&f, "example.com/shop/store", "TestWatch/all", GB_ALLOC_OBJECTS,
				  GB_V_NEW, GB_ACT_WARN);
		j->by = GB_BY_WINDOW;
		j->measured = INT64_MAX;
		j->window = (struct gb_judged_window){
			.of = (enum gb_window_of)of, .days = 1, .at_least = 3, .nights = 2
		};
		j = fixture_judge(&f, "example.com/shop/store", "TestWatch/all", GB_INUSE_SPACE,
				  GB_V_NEAR, GB_ACT_WARN);
		j->by = of ? GB_BY_BUDGET : GB_BY_CEILING;
		j->has_budget = of > 0;
		j->ceiling = 1500;
		j->budget = of ? 1400 : 1500;
		j->measured = 1300;
		j->window = (struct gb_judged_window){ .percent = 80000, .nights = 3, .line = 4 };
		if (of)
			memcpy(j->window.since, "2026-11-20", 11);
		round_trip(&f.report);
		fixture_release(&f);
	}
}

static void a_clean_run(void **state)
{
	struct fixture f;

	(void)state;
	fixture_make_clean(&f);
	round_trip(&f.report);
	f.policy.built_in = true;
	f.run->left_out = 3;
	f.run->interrupted = true;
	f.report.exit_status = 3;
	round_trip(&f.report);
	fixture_release(&f);
}

static void evidence(void **state)
{
	(void)state;
	for (int base = 0; base < 2; base++) {
		struct evidence_fixture e;
		struct fixture f;

		fixture_make(&f, NULL);
		evidence_make(&e, &f, base, NULL);
		round_trip(&f.report);
		evidence_release(&e);
		fixture_release(&f);
	}
}

/* What is no UTF-8 comes back as U+FFFD: a second reading finds what the first one found. */
static void hostile_names(void **state)
{
	_buf_ struct gb_buf json = GB_BUF_INIT(GB_MIB);
	struct evidence_fixture e;
	struct gb_loaded *l;
	struct fixture f;

	(void)state;
	fixture_make(&f, fixture_hostile);
	evidence_make(&e, &f, true, fixture_hostile);
	gb_report_json(&f.report, &json);
	l = load(&json);
	round_trip(&l->report);
	gb_loaded_free(l);
	evidence_release(&e);
	fixture_release(&f);
}

/* Each of these is somewhere in a renderer. */
static void what_verdicts_say(void **state)
{
	struct gb_living rule = { .created_by = (char *)(uintptr_t) "example.com/shop/pool.start",
				  .count = 4,
				  .reason = NULL,
				  .line = 12 };
	static const char path[] = "example.com/shop/store";
	struct gb_judgement *j;
	struct gb_package *p;
	struct fixture f;
	struct gb_test *t;

	(void)state;
	fixture_make(&f, NULL);
	f.policy.living = &rule;
	f.policy.n_living = 1;
	p = gb_run_package(f.run, path);
	assert_int_equal(gb_package_add_test(p, GB_PACKAGE_ROW, GB_PACKAGE, &t, NULL), 0);
	p->living = gb_calloc(1, sizeof(*p->living));
	p->n_living = 1;
	p->living[0] = (struct gb_living_seen){ .most = 11, .process = 2, .processes = 1 };
	p->tests[0].groups[0].living = 1;
	p->tests[0].groups[0].process = 2;
	p->tests[1].flags_only = true;
	p->tests[1].folded.runs = 7;
	j = fixture_judge(&f, path, GB_PACKAGE_ROW, GB_GOROUTINES, GB_V_OVER, GB_ACT_FAIL);
	j->by = GB_BY_LIVING;
	j->living = &rule;
	j->living_rule = 1;
	j->budget = j->ceiling = 4;
	j->measured = 11;
	j = fixture_judge(&f, path, p->tests[1].name, GB_GOROUTINES, GB_V_OVER, GB_ACT_FAIL);
	j->by = GB_BY_KIND;
	j->leak = GB_PROVEN;
	j->measured = 3;
	j->runs = 5;
	j->over_runs = 2;
	j = fixture_judge(&f, path, p->tests[1].name, GB_ALLOC_SPACE, GB_V_RAISED, GB_ACT_FAIL);
	j->has_budget = true;
	j->budget = j->ceiling = 10;
	j->measured = 20;
	j->raise = GB_RAISE_WAIVER;
	j->reason = "because";
	j->was = "example.com/shop/<old>";
	j = fixture_judge(&f, path, p->tests[1].name, GB_ALLOC_SPACE, GB_V_INHERITED, GB_ACT_WARN);
	j->by = GB_BY_CEILING;
	j->budget = j->ceiling = 7;
	j->measured = 90;
	j->at_base = 91;
	j->line = 4;
	j = fixture_judge(&f, path, p->tests[1].name, GB_NS_PER_OP, GB_V_WITHIN, GB_ACT_IGNORE);
	j->has_budget = true;
	j->budget = j->ceiling = 12345;
	j->measured = 5;
	j = fixture_judge(&f, path, p->tests[1].name, GB_GOROUTINES, GB_V_LEFT, GB_ACT_WARN);
	j->measured = 3;
	j->runs = 4;
	j->over_runs = 1;
	fixture_judge(&f, "example.com/shop/none", NULL, -1, GB_V_GONE, GB_ACT_FAIL);
	round_trip(&f.report);
	fixture_release(&f);
}

static void add(struct gb_test *t, enum gb_mode mode, int run, bool unsettled, int64_t goroutines,
		int64_t ps)
{
	struct gb_sample s = { .mode = mode, .run = run, .unsettled = unsettled };

	s.v[GB_GOROUTINES] = goroutines;
	s.v[GB_NS_PER_OP] = ps;
	s.has = 1u << GB_GOROUTINES | (ps ? 1u << GB_NS_PER_OP : 0);
	assert_int_equal(gb_test_add_sample(t, &s, NULL), 0);
}

/* Samples are summed up: all that is asked of them must come out the same. */
static void samples(void **state)
{
	_buf_ struct gb_buf json = GB_BUF_INIT(GB_MIB);
	struct gb_measured was, is;
	struct gb_test *t, *back;
	struct gb_loaded *l;
	struct fixture f;
	int64_t a, b;

	(void)state;
	fixture_make_clean(&f);
	t = &f.run->packages[0].tests[0];
	add(t, GB_IN_ORDER, 1, false, 4, 1500);
	add(t, GB_IN_ORDER, 2, true, 9, 0);
	add(t, GB_EXACT, 3, false, 1, 1700);
	add(t, GB_EXACT, 4, true, 2, 1);
	add(t, GB_ALONE, 5, false, 50, 3);
	gb_report_json(&f.report, &json);
	l = load(&json);
	back = &l->run->packages[0].tests[0];
	for (int m = 0; m < GB_METRICS; m++) {
		bool any = gb_test_measured(t, (enum gb_metric)m, &was);

		assert_int_equal(gb_test_measured(back, (enum gb_metric)m, &is), any);
		if (!any)
			continue;
		assert_true(was.min == is.min && was.max == is.max);
		assert_int_equal(was.n, is.n);
		for (int mode = GB_IN_ORDER; mode <= GB_ALONE; mode++) {
			any = gb_test_value(t, (enum gb_metric)m, (enum gb_mode)mode, &a);
			assert_int_equal(gb_test_value(back, (enum gb_metric)m, (enum gb_mode)mode,
						       &b),
					 any);
			if (any)
				assert_true(a == b);
		}
	}
	same(&f.report, &l->report);
	gb_loaded_free(l);
	fixture_release(&f);
}

static const char one[] = "# example.com/shop/store\n./x.go:3:2: moved to heap: one\n";
static const char two[] =
	"# example.com/shop/store\n./x.go:3:2: moved to heap: one\n./x.go:4:2: moved to heap: two\n"
	"./x.go:5:12: leaking param: p to result ~r0 level=0\n";

static struct gb_escapes *feed(const char *said)
{
	struct gb_escapes *e = NULL;

	assert_int_equal(gb_escapes_new(&e, NULL), 0);
	assert_int_equal(gb_escapes_add_package(e, "example.com/shop/store", "/shop/store",
						"example.com/shop", "/shop", "1.21", NULL),
			 0);
	escape_feed(e, said);
	assert_int_equal(gb_escapes_finish(e, NULL), 0);
	return e;
}

static void escapes_of(struct gb_escapes *head, struct gb_escapes *base)
{
	const struct gb_rule_options all = { .large = 16 };
	struct gb_warnings warnings = { 0 };
	struct gb_escape_diff diff = { 0 };
	struct gb_judgement *j;
	struct fixture f;
	struct gb_report_escapes told = { .head = head, .base_set = base, .warnings = &warnings };

	fixture_make_clean(&f);
	assert_int_equal(gb_rules_check(head, &all, &warnings, NULL), 0);
	if (base) {
		assert_int_equal(gb_escape_diff(base, head, &diff, NULL), 0);
		told.base = "main (3c2fe681b2c4)";
		told.diff = &diff;
	}
	f.report.escapes = &told;
	j = fixture_judge(&f, "example.com/shop/store", GB_PACKAGE_ROW, GB_ESCAPES, GB_V_OVER,
			  GB_ACT_FAIL);
	j->measured = 2;
	j->budget = j->ceiling = 1;
	j->has_budget = true;
	round_trip(&f.report);
	gb_warnings_release(&warnings);
	gb_escape_diff_release(&diff);
	fixture_release(&f);
}

static void what_the_compiler_said(void **state)
{
	struct gb_escapes *a = feed(one), *b = feed(two);

	(void)state;
	escapes_of(b, NULL);
	escapes_of(b, a);
	escapes_of(a, b);
	gb_escapes_free(a);
	gb_escapes_free(b);
	for (size_t i = 0; i < ESCAPE_VERSIONS; i++) {
		a = escape_fixture(escape_versions[i], "1.21");
		escapes_of(a, NULL);
		gb_escapes_free(a);
	}
}

/* The first `what` in a sound report becomes `with`; *ret_json is the caller's. */
static void spoil(const char *what, const char *with, struct gb_buf *ret_json)
{
	_buf_ struct gb_buf json = GB_BUF_INIT(GB_MIB);
	struct evidence_fixture e;
	struct fixture f;
	const char *at;

	fixture_make(&f, NULL);
	evidence_make(&e, &f, true, NULL);
	gb_report_json(&f.report, &json);
	at = strstr(json.data, what);
	if (!at)
		fail_msg("no %s", what);
	gb_buf_add(ret_json, json.data, (size_t)(at - json.data));
	gb_buf_adds(ret_json, with);
	gb_buf_adds(ret_json, at + strlen(what));
	evidence_release(&e);
	fixture_release(&f);
}

static void broken_reports(void **state)
{
	static const struct {
		const char *what, *with, *line;
	} cases[] = {
		{ "\"version\": 1", "\"version\": 2", "version: this gobudget reads reports" },
		{ "\"gobudget\"", "\"something\"", "is no report of gobudget" },
		{ "\"exit_status\": 1", "\"exit_status\": 4",
		  "exit_status: is not between 0 and 3" },
		{ "\"gomaxprocs\": 2", "\"gomaxprocs\": -2",
		  "environment.gomaxprocs: is not between" },
		{ "\"accounting\": \"runtime\"", "\"accounting\": \"abacus\"",
		  "environment.accounting: no such word: \"abacus\"" },
		{ "\"verdict\": \"gone\"", "\"verdict\": \"lost\"", "no such word: \"lost\"" },
		{ "\"verdict\": \"gone\"", "\"verdict\": \"over\"", "is about no metric" },
		{ "\"wall_ms\": 14200", "\"wall_ms\": 1.5", "wall_ms: is no integer" },
		{ "\"wall_ms\": 14200", "\"wall_ms\": \"now\"", "wall_ms: is no integer" },
		{ "\"min\": 0, \"max\": 12", "\"min\": 13, \"max\": 12", "do not belong together" },
		{ "\"packages\": [", "\"no_packages\": [", "has no \"packages\"" },
		{ "\"frames\": [", "\"frames\": [5, ", "is no object" },
		{ "\"name\": \"TestImport\"", "\"name\": \"TestPut\"",
		  "is the second of that name" },
		{ "\"path\": \"example.com/shop/cache\"", "\"path\": \"example.com/shop/store\"",
		  "package \"example.com/shop/store\" comes twice" },
		{ "\"by\": \"waiver\"", "\"by\": \"living\"", "has no \"living\"" },
		{ "\"by\": \"budget\"", "\"by\": \"kind\"", "has no \"leak\"" },
		{ "\"kind\": \"allocated\"", "\"kind\": \"found\"", "no such word: \"found\"" },
		{ "\"at\": {\"func\": \"", "\"at\": {\"func\": \"x", "is none of its frames" },
		{ "\"test\": \"TestEvict\"", "\"test\": []", "troubles[0].test: is no string" },
		{ "\"id\": \"", "\"id\": \"0", "is no fingerprint" },
		{ "\"notes\": [", "\"notes\": [1, ", "notes[0]: is no string" },
		{ "\"notes\": [", "\"notes\": [", NULL },
		{ "\"runs\": 5", "\"runs\": 5, \"of a newer one\": {\"a\": [1]}", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		_buf_ struct gb_buf json = GB_BUF_INIT(GB_MIB);
		struct gb_loaded *l = NULL;
		struct gb_err err = GB_ERR_INIT;
		int rc;

		spoil(cases[i].what, cases[i].with, &json);
		rc = gb_report_load("r.json", json.data, json.len, &l, &err);
		assert_int_equal(rc, cases[i].line ? GB_EUSAGE : 0);
		if (cases[i].line && !strstr(err.line, cases[i].line))
			fail_msg("%s: %s", cases[i].with, err.line);
		if (cases[i].line && strncmp(err.line, "r.json:", 7) != 0)
			fail_msg("no file: %s", err.line);
		gb_loaded_free(l);
	}
}

/* Whatever is cut off, it is an error and not a crash. */
static void short_files(void **state)
{
	_buf_ struct gb_buf json = GB_BUF_INIT(GB_MIB);

	(void)state;
	spoil("\"notes\": [", "\"notes\": [", &json);
	for (size_t len = 0; len + 3 < json.len; len += 131) {
		struct gb_loaded *l = NULL;

		assert_int_equal(gb_report_load("r.json", json.data, len, &l, NULL), GB_EUSAGE);
	}
}

static void memory_runs_out(void **state)
{
	_buf_ struct gb_buf json = GB_BUF_INIT(GB_MIB);

	(void)state;
	spoil("\"notes\": [", "\"notes\": [", &json);
	for (size_t n = 1;; n++) {
		struct gb_loaded *l = NULL;
		struct gb_err err = GB_ERR_INIT;
		int rc;

		gb_mem_fail_at(n);
		rc = gb_report_load("r.json", json.data, json.len, &l, &err);
		gb_mem_fail_at(0);
		if (rc == 0) {
			gb_loaded_free(l);
			break;
		}
		assert_int_equal(rc, GB_ENOMEM);
		assert_null(l);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_kind_of_verdict),
		cmocka_unit_test(benchmarks),
		cmocka_unit_test(commits_and_drift),
		cmocka_unit_test(windows_and_near),
		cmocka_unit_test(a_clean_run),
		cmocka_unit_test(evidence),
		cmocka_unit_test(hostile_names),
		cmocka_unit_test(what_verdicts_say),
		cmocka_unit_test(samples),
		cmocka_unit_test(what_the_compiler_said),
		cmocka_unit_test(broken_reports),
		cmocka_unit_test(short_files),
		cmocka_unit_test(memory_runs_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
