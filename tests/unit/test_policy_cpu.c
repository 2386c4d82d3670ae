/* policy_cpu: by how much a benchmark may become slower, as a policy file says it. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"
#include "budget/policy.h"

static int parse(const char *text, struct gb_policy **ret, struct gb_err *err)
{
	return gb_policy_parse("_policy.json", text, strlen(text), 0, ret, err);
}

static void test_taken(void **state)
{
	static const struct {
		const char *text;
		double warn, fail;
	} rows[] = {
		{ "{}", 0.10, 0.15 },
		{ "{\"cpu\": {}}", 0.10, 0.15 },
		{ "{\"cpu\": {\"warn\": \"2.5%\", \"fail\": \"20%\"}}", 0.025, 0.2 },
		{ "{\"cpu\": {\"warn\": \"12%\"}}", 0.12, 0.15 },
		{ "{\"cpu\": {\"fail\": \"30%\"}}", 0.10, 0.30 },
		/* It has to warn no later than it fails. */
		{ "{\"cpu\": {\"fail\": \"5%\"}}", 0.05, 0.05 },
		{ "{\"cpu\": {\"fail\": \"never\"}}", 0.10, INFINITY },
		{ "{\"cpu\": {\"warn\": \"never\"}}", INFINITY, 0.15 },
		{ "{\"cpu\": {\"warn\": \"never\", \"fail\": \"never\"}}", INFINITY, INFINITY },
		{ "{\"cpu\": {\"warn\": \"0%\", \"fail\": \"0%\"}}", 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct gb_err err = GB_ERR_INIT;
		struct gb_policy *p = NULL;

		if (parse(rows[i].text, &p, &err) < 0)
			fail_msg("%s: %s", rows[i].text, err.line);
		if (fabs(p->cpu.warn - rows[i].warn) > 1e-9 ||
		    fabs(p->cpu.fail - rows[i].fail) > 1e-9)
			fail_msg("%s: %g %g", rows[i].text, p->cpu.warn, p->cpu.fail);
		gb_policy_free(p);
	}
}

static void test_refused(void **state)
{
	static const struct {
		const char *text, *line, *hint;
	} rows[] = {
		{ "{\"cpu\": \"10%\"}", "_policy.json:1: cpu: expected an object", "" },
		{ "{\"cpu\": {\"warns\": \"10%\"}}", "warns", "warn" },
		{ "{\"cpu\": {\"fail\": 15}}", "cpu.fail: expected a percentage such as \"15%\"",
		  "" },
		{ "{\"cpu\": {\"fail\": \"15\"}}", "cpu.fail", "" },
		{ "{\"cpu\": {\"fail\": \"-1%\"}}", "cpu.fail", "" },
		{ "{\"cpu\": {\"fail\": \"nan%\"}}", "cpu.fail", "" },
		{ "{\"cpu\": {\"warn\": \"16%\"}}", "cpu.warn: is above \"fail\", which is 15%",
		  "" },
		{ "{\"cpu\": {\"warn\": \"5%\",\n\"fail\": \"4%\"}}",
		  "_policy.json:1: cpu.warn: is above \"fail\", which is 4%", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct gb_err err = GB_ERR_INIT;
		struct gb_policy *p = NULL;

		assert_int_equal(parse(rows[i].text, &p, &err), GB_EUSAGE);
		assert_null(p);
		if (!strstr(err.line, rows[i].line) || !strstr(err.hint, rows[i].hint))
			fail_msg("%s: \"%s\", \"%s\"", rows[i].text, err.line, err.hint);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_taken),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
