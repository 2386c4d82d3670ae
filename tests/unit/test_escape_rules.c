/* escape_rules: what is warned of, in which language version, and what is not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"
#include "escape/rules.h"
#include "escape_fixture.h"

static const struct expected {
	enum gb_rule rule;
	const char *file;
	int line;
	const char *reason;
} expected[] = {
	{ GB_RULE_CAPTURED_POINTER, "rules/rules.go", 22,
	  "the deferred closure calls b.Close, which hands b to a goroutine (rules/rules.go:12): "
	  "it "
	  "outlives handsOn" },
	{ GB_RULE_CAPTURED_POINTER, "rules/rules.go", 27,
	  "the deferred closure calls b.Stop, which hands b to a goroutine (rules/rules.go:14): it "
	  "outlives handsOnLiteral" },
	{ GB_RULE_CAPTURED_POINTER, "rules/rules.go", 32,
	  "the goroutine shares n by reference with shares, which does not wait for it" },
	{ GB_RULE_CAPTURED_POINTER, "rules/rules.go", 39,
	  "deferred closures of a loop pile up until piles returns, each holding n" },
	{ GB_RULE_LOOP_VARIABLE, "rules/rules.go", 47,
	  "every iteration's closure shares the one variable i of the loop (go 1.21)" },
	{ GB_RULE_LARGE_CAPTURE, "rules/rules.go", 54,
	  "the closure stored in hooks[\"large\"] keeps all of l (4,096 B)" },
	{ GB_RULE_LARGE_CAPTURE, "rules/rules.go", 58,
	  "the closure stored in hooks[\"raw\"] keeps all of raw for its length alone" },
	{ GB_RULE_CLOSURE_IN_LOOP, "rules/rules.go", 67,
	  "an inner loop allocates a closure for s.each each time round" },
	{ GB_RULE_LOOP_VARIABLE, "shapes.go", 34,
	  "every iteration's closure shares the one variable i of the loop (go 1.21)" },
	{ GB_RULE_CAPTURED_POINTER, "shapes.go", 40,
	  "the goroutine shares x by reference with started, which does not wait for it" },
	{ GB_RULE_LOOP_VARIABLE, "shapes.go", 52,
	  "every iteration's closure shares the one variable i of the loop (go 1.21)" },
	{ GB_RULE_CAPTURED_POINTER, "shapes.go", 52,
	  "deferred closures of a loop pile up until deferred returns, each holding x" },
};

#define EXPECTED (sizeof(expected) / sizeof(expected[0]))

static struct gb_warnings warnings(const struct gb_escapes *e, uint32_t off, int64_t large)
{
	const struct gb_rule_options o = { .off = off, .large = large };
	struct gb_warnings w = { 0 };
	struct gb_err err = GB_ERR_INIT;

	if (gb_rules_check(e, &o, &w, &err) < 0)
		fail_msg("%s", err.line);
	return w;
}

static bool has(const struct gb_warnings *w, const struct expected *x)
{
	for (size_t i = 0; i < w->n; i++)
		if (w->v[i].rule == x->rule && w->v[i].line == x->line &&
		    !strcmp(w->v[i].file, x->file) && !strcmp(w->v[i].reason, x->reason))
			return true;
	return false;
}

static void check(const char *version, const char *language, bool loops)
{
	_escapes_ struct gb_escapes *e = escape_fixture(version, language);
	_warnings_ struct gb_warnings w = warnings(e, 0, GB_RULES_LARGE);
	size_t n = 0;

	for (size_t i = 0; i < EXPECTED; i++) {
		bool wanted = loops || expected[i].rule != GB_RULE_LOOP_VARIABLE;

		n += wanted;
		if (has(&w, &expected[i]) != wanted)
			fail_msg("%s, language %s: %s:%d: %s", version, language, expected[i].file,
				 expected[i].line, expected[i].reason);
	}
	for (size_t i = 0; i < w.n; i++) {
		if (!strcmp(w.v[i].file, "rules/fixed.go"))
			fail_msg("%s: rules/fixed.go:%d: %s", version, w.v[i].line, w.v[i].reason);
		assert_true(w.v[i].fix[0]);
	}
	assert_int_equal(w.n, n);
}

static void test_bugs_are_found_and_their_twins_are_not(void **state)
{
	(void)state;
	for (int i = 0; i < ESCAPE_VERSIONS; i++)
		check(escape_versions[i], "1.21", true);
}

static void test_loops_have_a_variable_for_each_iteration_since_1_22(void **state)
{
	(void)state;
	for (int i = 0; i < ESCAPE_VERSIONS; i++) {
		check(escape_versions[i], "1.22", false);
		check(escape_versions[i], "1.25.3", false);
		check(escape_versions[i], "", false); /* not known */
	}
}

static void test_each_rule_can_be_off(void **state)
{
	_escapes_ struct gb_escapes *e = escape_fixture("go1.25", "1.21");

	(void)state;
	for (int r = 0; r < GB_RULES; r++) {
		_warnings_ struct gb_warnings w = warnings(e, 1u << r, GB_RULES_LARGE);
		size_t left = 0;

		for (size_t i = 0; i < EXPECTED; i++)
			left += expected[i].rule != (enum gb_rule)r;
		for (size_t i = 0; i < w.n; i++)
			assert_int_not_equal(w.v[i].rule, r);
		assert_int_equal(w.n, left);
	}
}

static void test_what_is_large_is_the_policys_to_say(void **state)
{
	_escapes_ struct gb_escapes *e = escape_fixture("go1.25", "1.21");
	_warnings_ struct gb_warnings w = warnings(e, 0, 4096);

	(void)state;
	assert_false(has(&w, &expected[5]));
	assert_true(has(&w, &expected[6]));
}

static void test_packages_that_nobody_asked_for(void **state)
{
	_escapes_ struct gb_escapes *e = escape_fixture("go1.25", "1.21");

	(void)state;
	for (size_t i = 0; i < e->n_packages; i++)
		e->packages[i].asked = false;
	_warnings_ struct gb_warnings w = warnings(e, 0, GB_RULES_LARGE);
	assert_int_equal(w.n, 0);
}

static void test_without_a_source_nothing_is_claimed(void **state)
{
	_escapes_ struct gb_escapes *e = escape_fixture_in("/nowhere", "go1.25", "1.21");
	_warnings_ struct gb_warnings w = warnings(e, 0, GB_RULES_LARGE);

	(void)state;
	assert_int_equal(w.n, 0);
	assert_int_equal(e->n_closures, 0);
	assert_true(e->n > 0);
}

static void test_rules_by_name(void **state)
{
	(void)state;
	for (int r = 0; r < GB_RULES; r++) {
		assert_int_equal(gb_rule_find(gb_rules[r].name), r);
		assert_true(gb_rules[r].summary[0]);
	}
	assert_int_equal(gb_rule_find("loop"), -1);
	assert_int_equal(gb_rules[GB_RULE_LOOP_VARIABLE].before, 22);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bugs_are_found_and_their_twins_are_not),
		cmocka_unit_test(test_loops_have_a_variable_for_each_iteration_since_1_22),
		cmocka_unit_test(test_each_rule_can_be_off),
		cmocka_unit_test(test_what_is_large_is_the_policys_to_say),
		cmocka_unit_test(test_packages_that_nobody_asked_for),
		cmocka_unit_test(test_without_a_source_nothing_is_claimed),
		cmocka_unit_test(test_rules_by_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
