/* doctor_rules: which budgets could never fail a run. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"
#include "cmd/doctor_rules.h"

static const char budgets_text[] =
	"{\"package\": \"example.com/a\", \"environments\": [{\"env\": {\"go\": \"1.26\", "
	"\"platform\": \"linux/amd64\", \"gomaxprocs\": 2, \"gcflags\": \"-l\", \"tags\": \"\", "
	"\"cgo\": true, \"race\": false, \"accounting\": \"runtime\"}, \"tests\": {"
	"\"TestA\": {\"goroutines\": 0, \"alloc_space\": \"1 GiB\", \"measured\": "
	"{\"goroutines\": 0, \"alloc_space\": 4096}},"
	"\"TestB\": {\"alloc_space\": 4096, \"goroutines_peak\": 3}}}]}";

static void look(const char *policy, struct gb_doctor_rules *r)
{
	struct gb_budgets all = GB_BUDGETS_INIT;
	struct gb_budget_file *f, *files[1];
	struct gb_policy *p;
	struct gb_err err = GB_ERR_INIT;

	if (gb_budget_parse("a.json", budgets_text, strlen(budgets_text), &f, &err) < 0)
		fail_msg("%s", err.line);
	if (gb_policy_parse("p.json", policy, strlen(policy), 1700000000, &p, &err) < 0)
		fail_msg("%s", err.line);
	files[0] = f;
	all.files = files;
	all.n = 1;
	doctor_rules(&all, p, r);
	gb_policy_free(p);
	gb_budget_file_free(f);
}

static void test_rules(void **state)
{
	static const struct {
		const char *policy;
		size_t budgets, warn_only, dead, waived, ceilings, dead_ceilings;
	} rows[] = {
		{ "{}", 3, 1, 1, 0, 0, 0 },
		{ "{\"gates\": {\"alloc_space\": {\"over\": \"1000000%\"}, "
		  "\"goroutines\": {\"over\": 1000}}}",
		  3, 1, 3, 0, 0, 0 },
		{ "{\"warn_only\": [\"alloc_space\", \"goroutines\", \"goroutines_peak\"]}", 0, 4,
		  0, 0, 0, 0 },
		{ "{\"waivers\": [{\"package\": \"example.com/a\", \"test\": \"TestA\", "
		  "\"metric\": \"alloc_space\", \"ceiling\": 8192, \"until\": \"2099-01-01\", "
		  "\"reason\": \"x\"}]}",
		  3, 1, 0, 1, 0, 0 },
		{ "{\"ceilings\": [{\"tests\": \"**\", \"goroutines\": 2, \"alloc_space\": "
		  "\"900 GiB\"}]}",
		  3, 1, 1, 0, 2, 1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct gb_doctor_rules r;

		look(rows[i].policy, &r);
		assert_int_equal(r.budgets, rows[i].budgets);
		assert_int_equal(r.warn_only, rows[i].warn_only);
		assert_int_equal(r.dead, rows[i].dead);
		assert_int_equal(r.waived, rows[i].waived);
		assert_int_equal(r.ceilings, rows[i].ceilings);
		assert_int_equal(r.dead_ceilings, rows[i].dead_ceilings);
		assert_int_equal(r.example[0] != 0, r.dead > 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_rules) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
