/* judge_compiled: what the compiler says is judged exactly, once, and beside tests that fail. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"
#include "budget_fixture.h"

#define ROW   "\"(package)\": {\"escapes\": 3, \"measured\": {\"escapes\": 3}}"
#define OTHER BUDGET_ENV_GO("1.25")
#define EIGHT                                                                                \
	"{\"go\": \"1.26\", \"platform\": \"linux/amd64\", \"gomaxprocs\": 8, \"gcflags\": " \
	"\"-l\", \"tags\": \"\", \"cgo\": true, \"race\": false, \"accounting\": \"testing\"}"
#define BLOCK(env, rows) "{\"env\": " env ", \"tests\": {" rows "}}"
#define BUDGETS(blocks)	 "{\"package\": \"m/a\", \"environments\": [" blocks "]}"

struct scene {
	struct gb_run *run;
	struct gb_budgets budgets;
	struct gb_policy *policy;
	struct gb_verdicts v;
	int exit;
};

/* Package m/a with this many escapes; TestA is there unless it is compiled only. */
static void begin(struct scene *s, const char *policy, int64_t escapes, bool only)
{
	memset(s, 0, sizeof(*s));
	s->run = budget_run();
	s->policy = budget_policy(policy);
	s->run->compiled_only = s->run->filtered = only;
	if (!only)
		budget_sample(budget_test(s->run, "m/a", "TestA"), GB_GOROUTINES, 0);
	budget_sample(budget_test(s->run, "m/a", GB_PACKAGE_ROW), GB_ESCAPES, escapes);
	gb_package_test(gb_run_package(s->run, "m/a"), GB_PACKAGE_ROW)->kind = GB_PACKAGE;
}

static void judge(struct scene *s)
{
	gb_verdicts_release(&s->v);
	assert_int_equal(gb_judge(s->run, &s->budgets, s->policy, &s->v, NULL), 0);
	s->exit = gb_judge_exit(&s->v, s->run);
}

static const struct gb_judgement *escapes(const struct scene *s)
{
	for (size_t i = 0; i < s->v.n; i++)
		if (s->v.v[i].metric == GB_ESCAPES)
			return &s->v.v[i];
	return NULL;
}

static void end(struct scene *s)
{
	gb_verdicts_release(&s->v);
	gb_budgets_release(&s->budgets);
	gb_policy_free(s->policy);
	gb_run_free(s->run);
}

static void test_one_more_is_over(void **state)
{
	static const struct {
		const char *policy;
		int64_t escapes;
		enum gb_verdict verdict;
		enum gb_action action;
		int exit;
	} rows[] = {
		{ NULL, 3, GB_V_WITHIN, GB_ACT_IGNORE, 0 },
		{ NULL, 2, GB_V_WITHIN, GB_ACT_IGNORE, 0 },
		{ NULL, 4, GB_V_OVER, GB_ACT_FAIL, 1 },
		{ "{\"warn_only\": [\"escapes\"]}", 4, GB_V_OVER, GB_ACT_WARN, 0 },
		{ "{\"gates\": {\"escapes\": {\"over\": 2}}}", 4, GB_V_GREW, GB_ACT_WARN, 0 },
		{ "{\"gates\": {\"escapes\": {\"over\": 2}}}", 6, GB_V_OVER, GB_ACT_FAIL, 1 },
	};

	(void)state;
	for (size_t i = 0; i < 2 * sizeof(rows) / sizeof(rows[0]); i++) {
		size_t k = i / 2;
		struct scene s;

		begin(&s, rows[k].policy, rows[k].escapes, i % 2);
		budget_file(&s.budgets, "m/a", ROW);
		judge(&s);
		assert_non_null(escapes(&s));
		assert_int_equal(escapes(&s)->verdict, rows[k].verdict);
		assert_int_equal(escapes(&s)->action, rows[k].action);
		assert_int_equal(s.exit, rows[k].exit);
		/* Running again would say the same. */
		assert_false(gb_judge_wants_rerun(&s.v, gb_run_package(s.run, "m/a")));
		end(&s);
	}
}

static void test_race_and_failing_tests_do_not_matter(void **state)
{
	struct scene s;
	struct gb_package *p;

	(void)state;
	begin(&s, NULL, 4, false);
	budget_file(&s.budgets, "m/a", ROW);
	p = gb_run_package(s.run, "m/a");
	budget_sample(gb_package_test(p, GB_PACKAGE_ROW), GB_GOROUTINES, 9);
	assert_int_equal(gb_package_add_trouble(p, GB_TROUBLE_FAIL, false, "TestA", NULL, NULL,
						"failed"),
			 0);
	judge(&s);
	assert_int_equal(escapes(&s)->verdict, GB_V_OVER);
	assert_int_equal(s.exit, 1);
	/* What belongs to no test is not known where tests fail. */
	for (size_t i = 0; i < s.v.n; i++)
		assert_false(s.v.v[i].metric == GB_GOROUTINES &&
			     !strcmp(s.v.v[i].test_name, GB_PACKAGE_ROW));
	end(&s);

	begin(&s, NULL, 4, false);
	s.run->env.race = true;
	s.policy->n_ceilings = 0;
	judge(&s);
	assert_null(escapes(&s));
	end(&s);
}

static void test_a_compile_alone_is_enough(void **state)
{
	struct scene s;

	(void)state;
	begin(&s, NULL, 3, true);
	judge(&s);
	assert_int_equal(s.exit, 0); /* no budget, and no test that should have run */
	budget_file(&s.budgets, "m/a", ROW ", \"TestGone\": {\"alloc_space\": 1}");
	judge(&s);
	assert_int_equal(s.exit, 0);
	assert_int_equal(s.v.count[GB_V_GONE], 0);
	assert_int_equal(s.v.count[GB_V_WITHIN], 1);
	end(&s);
}

static void add_text(struct gb_budgets *b, const char *text)
{
	b->files = realloc(b->files, (b->n + 1) * sizeof(*b->files));
	assert_non_null(b->files);
	b->files[b->n++] = budget_parse(text);
	b->cap = b->n;
	b->any = true;
}

static void test_processors_and_accounting_do_not_matter(void **state)
{
	static const struct {
		const char *text;
		bool only, judged;
		enum gb_verdict verdict;
	} rows[] = {
		{ BUDGETS(BLOCK(EIGHT, ROW)), true, true, GB_V_WITHIN },
		{ BUDGETS(BLOCK(EIGHT, ROW)), false, false, GB_V_INCOMPARABLE },
		{ BUDGETS(BLOCK(OTHER, ROW)), true, false, GB_V_INCOMPARABLE },
		{ BUDGETS(BLOCK(BUDGET_ENV, "\"TestA\": {\"goroutines\": 0}") ", " BLOCK(EIGHT,
											 ROW)),
		  true, true, GB_V_WITHIN },
		{ BUDGETS(BLOCK(BUDGET_ENV, ROW) ", " BLOCK(EIGHT, "")), true, true, GB_V_WITHIN },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct scene s;

		begin(&s, NULL, 3, rows[i].only);
		add_text(&s.budgets, rows[i].text);
		judge(&s);
		assert_int_equal(escapes(&s) != NULL, rows[i].judged);
		assert_int_equal(s.v.count[rows[i].verdict] > 0, 1);
		end(&s);
	}
}

static void test_budgets_of_tests_elsewhere_are_no_matter(void **state)
{
	struct scene s;

	(void)state;
	begin(&s, NULL, 3, true);
	add_text(&s.budgets, BUDGETS(BLOCK(OTHER, "\"TestA\": {\"alloc_space\": 1}")));
	judge(&s);
	assert_int_equal(s.v.count[GB_V_INCOMPARABLE], 0);
	assert_int_equal(s.exit, 0);
	end(&s);
}

static void test_when_the_compiler_has_to_be_asked(void **state)
{
	struct scene s;

	(void)state;
	begin(&s, NULL, 3, false);
	assert_false(gb_judge_wants_compiled(&s.budgets, s.policy, &s.run->env));
	budget_file(&s.budgets, "m/a", "\"TestA\": {\"goroutines\": 0}");
	assert_false(gb_judge_wants_compiled(&s.budgets, s.policy, &s.run->env));
	budget_file(&s.budgets, "m/b", ROW);
	assert_true(gb_judge_wants_compiled(&s.budgets, s.policy, &s.run->env));
	memcpy(s.run->env.go, "1.25", 5);
	assert_false(gb_judge_wants_compiled(&s.budgets, s.policy, &s.run->env));
	end(&s);
	begin(&s, "{\"ceilings\": [{\"tests\": \"(package)\", \"escapes\": 5}]}", 6, false);
	assert_true(gb_judge_wants_compiled(&s.budgets, s.policy, &s.run->env));
	judge(&s);
	assert_int_equal(escapes(&s)->verdict, GB_V_OVER);
	assert_int_equal(escapes(&s)->by, GB_BY_CEILING);
	end(&s);
}

static void test_no_test_has_escapes(void **state)
{
	static const char text[] = BUDGETS(BLOCK(BUDGET_ENV, "\"TestA\": {\"escapes\": 3}"));
	struct gb_budget_file *f = NULL;
	struct gb_err err = GB_ERR_INIT;

	(void)state;
	assert_int_equal(gb_budget_parse("budgets/a.json", text, strlen(text), &f, &err),
			 GB_EUSAGE);
	assert_non_null(strstr(err.line, "no test has escapes of its own"));
	assert_non_null(strstr(err.hint, GB_PACKAGE_ROW));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one_more_is_over),
		cmocka_unit_test(test_race_and_failing_tests_do_not_matter),
		cmocka_unit_test(test_a_compile_alone_is_enough),
		cmocka_unit_test(test_processors_and_accounting_do_not_matter),
		cmocka_unit_test(test_budgets_of_tests_elsewhere_are_no_matter),
		cmocka_unit_test(test_when_the_compiler_has_to_be_asked),
		cmocka_unit_test(test_no_test_has_escapes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
