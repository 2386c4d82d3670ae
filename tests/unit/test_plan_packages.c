/* packages: what go list says becomes rows, what is no go list is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"
#include "plan/packages.h"

static const char stream[] =
	"{\"ImportPath\": \"p\", \"Dir\": \"/w/p\", \"GoFiles\": [\"a.go\"], \"Imports\": "
	"[\"fmt\", \"q\"],\n"
	" \"Module\": {\"Path\": \"m\", \"Dir\": \"/w\", \"GoMod\": \"/w/go.mod\"}}\n"
	"{\"ImportPath\": \"q\", \"Dir\": \"/q\", \"DepOnly\": true, \"CgoFiles\": [\"c.go\"], "
	"\"HFiles\": [\"c.h\"],\n"
	" \"Module\": {\"Path\": \"q\", \"Dir\": \"/old\", \"GoMod\": \"/old/go.mod\", "
	"\"Replace\": "
	"{\"Dir\": \"/q\", \"GoMod\": \"/q/go.mod\"}}}\n"
	"{\"ImportPath\": \"p [p.test]\", \"ForTest\": \"p\", \"Dir\": \"/w/p\", \"GoFiles\": "
	"[\"a.go\", "
	"\"a_test.go\"], \"Unknown\": {\"}\": [\"\\\"}\", \"\\\\\"]}}\n"
	"{\"ImportPath\": \"p.test\", \"Name\": \"main\", \"GoFiles\": [\"/cache/x-d\"], "
	"\"Imports\": "
	"[\"p [p.test]\"]}\n"
	"{\"ImportPath\": \"e\", \"Dir\": \"/w/e\", \"EmbedPatterns\": [\"x\"], \"EmbedFiles\": "
	"[\"x/y\"], \"Incomplete\": true}\n";

static void test_rows(void **state)
{
	struct gb_plan_packages p = { 0 };
	const struct gb_plan_package *k;

	(void)state;
	assert_int_equal(gb_plan_packages_parse(&p, stream, sizeof(stream) - 1, NULL), 0);
	assert_int_equal(gb_plan_packages_link(&p, NULL), 0);
	assert_int_equal(p.n, 5);
	k = gb_plan_package(&p, "p");
	assert_true(k->asked && !k->native && !k->test_main && !k->embeds && !k->broken);
	assert_string_equal(k->go_mod, "/w/go.mod");
	assert_int_equal(k->n_to, 1);
	assert_string_equal(p.v[k->to[0]].path, "q");
	k = gb_plan_package(&p, "q");
	assert_true(!k->asked && k->native);
	assert_string_equal(k->go_mod, "/q/go.mod");
	assert_int_equal(k->files.n, 2);
	k = gb_plan_package(&p, "p [p.test]");
	assert_true(!k->asked);
	assert_string_equal(k->of, "p");
	k = gb_plan_package(&p, "p.test");
	assert_true(k->test_main && !k->asked && k->files.n == 0);
	k = gb_plan_package(&p, "e");
	assert_true(k->embeds && k->broken && k->asked);
	assert_null(gb_plan_package(&p, "nobody"));
	gb_plan_packages_release(&p);
}

/* A package may be called so; only what the go command made up is a test's program. */
static void test_package_named_test(void **state)
{
	static const char text[] = "{\"ImportPath\": \"m/x.test\", \"Name\": \"main\", \"Dir\": "
				   "\"/w/x.test\", \"GoFiles\": [\"main.go\"]}";
	struct gb_plan_packages p = { 0 };

	(void)state;
	assert_int_equal(gb_plan_packages_parse(&p, text, sizeof(text) - 1, NULL), 0);
	assert_true(p.v[0].asked && !p.v[0].test_main);
	gb_plan_packages_release(&p);
}

static void test_refused(void **state)
{
	static const char *const rows[] = {
		"[]",
		"x",
		"{",
		"{\"ImportPath\": \"p\"",
		"{}",
		"{\"ImportPath\": 1}",
		"{\"ImportPath\": \"\"}",
		"{\"ImportPath\": \"p\", \"GoFiles\": \"a.go\"}",
		"{\"ImportPath\": \"p\", \"Imports\": [1]}",
		"{\"ImportPath\": \"p\", \"ImportPath\": \"q\"}",
		"{\"ImportPath\": \"p\"} trailing",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct gb_plan_packages p = { 0 };
		struct gb_err err = GB_ERR_INIT;

		if (gb_plan_packages_parse(&p, rows[i], strlen(rows[i]), &err) != GB_EPARSE)
			fail_msg("accepted: %s", rows[i]);
		assert_non_null(strstr(err.line, "go list"));
		gb_plan_packages_release(&p);
	}
}

static void test_nothing(void **state)
{
	struct gb_plan_packages p = { 0 };

	(void)state;
	assert_int_equal(gb_plan_packages_parse(&p, " \n", 2, NULL), 0);
	assert_int_equal(gb_plan_packages_link(&p, NULL), 0);
	assert_int_equal(p.n, 0);
	gb_plan_packages_release(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_package_named_test),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
