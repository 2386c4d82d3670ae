/* affected: one module, one change each, and the packages that it can move. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "plan/affected.h"

#define MODULE "\"Module\": {\"Path\": \"m\", \"Dir\": \"/w\", \"GoMod\": \"/w/go.mod\"}"
#define PACKAGE(path, dir, more) \
	"{\"ImportPath\": \"" path "\", \"Dir\": \"" dir "\", " MODULE more "}\n"

/*
 * root has data below it and no imports; low is imported by mid, mid by top and, in a test alone, by
 * side; c is C; far looks elsewhere.  out lies outside of the repository, use imports it.
 */
static const char graph[] = PACKAGE("m", "/w", ", \"GoFiles\": [\"root.go\"]")
	PACKAGE("m/low", "/w/low", ", \"GoFiles\": [\"low.go\"]") PACKAGE(
		"m/low [m/low.test]", "/w/low",
		", \"ForTest\": \"m/low\", \"GoFiles\": [\"low.go\", "
		"\"low_test.go\"]") "{\"ImportPath\": \"m/low.test\", \"Name\": "
				    "\"main\", \"GoFiles\": [\"/cache/1\"], "
				    "\"Imports\": [\"m/low "
				    "[m/low.test]\"]}\n" PACKAGE(
					    "m/mid", "/w/mid",
					    ", \"GoFiles\": [\"mid.go\"], "
					    "\"Imports\": [\"m/low\"], "
					    "\"EmbedPatterns\": "
					    "[\"web\"], \"EmbedFiles\": "
					    "[\"web/a.css\"]") PACKAGE("m/top", "/w/top",
								       ", "
								       "\"GoFiles\""
								       ": "
								       "[\"top."
								       "go\"], "
								       "\"Imports\""
								       ": "
								       "[\"m/"
								       "mid\"]") PACKAGE("m/side",
											 "/w/side",
											 ", "
											 "\"GoFiles"
											 "\": "
											 "[\"side."
											 "go\"]")
					    PACKAGE("m/side_test [m/side.test]", "/w/side",
						    ", \"ForTest\": \"m/side\", "
						    "\"GoFiles\": "
						    "[\"side_test.go\"], "
						    "\"Imports\": "
						    "[\"m/mid\"]") "{\"ImportPath\""
								   ": "
								   "\"m/"
								   "side.test\", "
								   "\"Name\": "
								   "\"main\", "
								   "\"GoFiles\": "
								   "[\"/cache/"
								   "2\"], "
								   "\"Imports\": "
								   "[\"m/side_test "
								   "[m/"
								   "side.test]\"]}"
								   "\n" PACKAGE(
									   "m/c", "/w/c",
									   ", "
									   "\"CgoFi"
									   "les\": "
									   "[\"c."
									   "go\"]") PACKAGE("m/far",
											    "/w/"
											    "far",
											    ", "
											    "\"GoFi"
											    "les\":"
											    " ["
											    "\"far."
											    "go\"]")
									   PACKAGE("m/use",
										   "/w/use",
										   ", \"GoFiles\": "
										   "[\"use.go\"], "
										   "\"Imports\": "
										   "[\"out\"]") "{"
												"\""
												"Im"
												"po"
												"rt"
												"Pa"
												"th"
												"\""
												": "
												"\""
												"ou"
												"t"
												"\""
												", "
												"\""
												"Di"
												"r"
												"\""
												": "
												"\""
												"/e"
												"ls"
												"e"
												"\""
												", "
												"\""
												"De"
												"pO"
												"nl"
												"y"
												"\""
												": "
												"tr"
												"ue"
												", "
												"\""
												"Go"
												"Fi"
												"le"
												"s"
												"\""
												": "
												"["
												"\""
												"ou"
												"t."
												"go"
												"\""
												"]}"
												"\n";

static void load(struct gb_plan_packages *p)
{
	struct gb_err err = GB_ERR_INIT;

	if (gb_plan_packages_parse(p, graph, sizeof(graph) - 1, &err) < 0)
		fail_msg("%s", err.line);
	assert_int_equal(gb_plan_packages_link(p, NULL), 0);
	gb_plan_package(p, "m/far")->roams = true;
	gb_plan_package(p, "out")->elsewhere = true;
	assert_int_equal(
		gb_strlist_add(&gb_plan_package(p, "m/top")->leads, "/w/shared/t.txt", NULL), 0);
}

/* "m m/low": what one change moves; m/use always, as nobody knows. */
static void moves(const char *path, enum gb_change_kind kind, const char *want)
{
	_buf_ struct gb_buf got = GB_BUF_INIT(GB_MIB);
	_strlist_ struct gb_strlist named = GB_STRLIST_INIT;
	struct gb_plan_packages p = { 0 };
	struct gb_plan_changes c = { 0 };
	struct gb_plan plan = { 0 };
	const struct gb_plan_options o = { .top = "/w", .budgets = "budgets", .named = &named };
	size_t n = 0;

	load(&p);
	assert_int_equal(gb_strlist_add(&named, "/w/low/named.json", NULL), 0);
	if (path)
		assert_int_equal(gb_plan_changes_add(&c, path, kind, NULL), 0);
	assert_int_equal(gb_plan_affected(&p, &c, &o, &plan, NULL), 0);
	assert_int_equal(plan.n, 8);
	for (size_t i = 0; i < plan.n; i++) {
		n += plan.v[i].why != GB_PLAN_SAME;
		if (strcmp(plan.v[i].package->path, "m/use") == 0)
			assert_int_not_equal(plan.v[i].why, GB_PLAN_SAME);
		else if (plan.v[i].why)
			gb_buf_addf(&got, "%s%s", got.len ? " " : "", plan.v[i].package->path);
	}
	assert_int_equal(n, plan.n_affected);
	if (strcmp(got.data, want) != 0)
		fail_msg("%s moves %s, not %s", path, got.data, want);
	gb_plan_release(&plan);
	gb_plan_changes_release(&c);
	gb_plan_packages_release(&p);
}

#define ALL "m m/low m/mid m/top m/side m/c m/far"

static void test_moves(void **state)
{
	static const struct {
		const char *path;
		enum gb_change_kind kind;
		const char *moves;
	} rows[] = {
		{ NULL, GB_CHANGE_EDITED, "" },
		{ "/w/low/low.go", GB_CHANGE_EDITED, "m/low m/mid m/top m/side m/far" },
		{ "/w/low/low_test.go", GB_CHANGE_EDITED, "m/low m/far" },
		{ "/w/low/gone_test.go", GB_CHANGE_GONE, "m/low m/far" },
		{ "/w/low/gone.go", GB_CHANGE_GONE, "m/low m/mid m/top m/side m/far" },
		{ "/w/low/_left_out.go", GB_CHANGE_EDITED, "m m/low m/c m/far" },
		{ "/w/mid/mid.go", GB_CHANGE_EDITED, "m/mid m/top m/side m/far" },
		{ "/w/mid/web/a.css", GB_CHANGE_EDITED, "m m/mid m/top m/side m/c m/far" },
		{ "/w/mid/web/b.css", GB_CHANGE_GONE, "m m/mid m/top m/side m/c m/far" },
		{ "/w/mid/web/b.css", GB_CHANGE_EDITED, "m m/mid m/c m/far" },
		{ "/w/side/side_test.go", GB_CHANGE_EDITED, "m/side m/far" },
		{ "/w/side/side.go", GB_CHANGE_EDITED, "m/side m/far" },
		{ "/w/top/testdata/x.go", GB_CHANGE_EDITED, "m m/top m/c m/far" },
		{ "/w/README.md", GB_CHANGE_EDITED, "m m/c m/far" },
		{ "/w/other/other.go", GB_CHANGE_GONE, "m/far" },
		{ "/w/shared/t.txt", GB_CHANGE_EDITED, "m m/top m/c m/far" },
		{ "/w/go.mod", GB_CHANGE_EDITED, ALL },
		{ "/w/go.sum", GB_CHANGE_ADDED, ALL },
		{ "/w/tools/go.mod", GB_CHANGE_ADDED, ALL },
		{ "/w/tools/go.mod", GB_CHANGE_EDITED, "m m/c m/far" },
		{ "/w/go.work", GB_CHANGE_GONE, ALL },
		{ "/w/vendor/modules.txt", GB_CHANGE_EDITED, ALL },
		{ "/w/budgets/_policy.json", GB_CHANGE_EDITED, ALL },
		{ "/w/low/named.json", GB_CHANGE_EDITED, ALL },
		{ "/w/budgets/low.json", GB_CHANGE_EDITED, "m/low" },
		{ "/w/budgets/_root.json", GB_CHANGE_EDITED, "m" },
		{ "/w/budgets/nobody.json", GB_CHANGE_GONE, "" },
		{ "/w/mid", GB_CHANGE_FOLDER, "m m/mid m/top m/side m/c m/far" },
		{ "/w/coverage.out", GB_CHANGE_IGNORED, "" },
		{ "/w/low/low.go", GB_CHANGE_IGNORED, "m/low m/mid m/top m/side" },
		{ "/w/mid/web", GB_CHANGE_IGNORED, "m/mid m/top m/side" },
		{ "/w/vendor", GB_CHANGE_IGNORED, "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		moves(rows[i].path, rows[i].kind, rows[i].moves);
}

/* Data that lies below no package that was asked for: nobody knows who reads it. */
static void test_data_of_nobody(void **state)
{
	static const char text[] = PACKAGE("m/low", "/w/low", ", \"GoFiles\": [\"low.go\"]")
		PACKAGE("m", "/w", ", \"GoFiles\": [\"root.go\"], \"DepOnly\": true");
	const struct gb_plan_options o = { .top = "/w", .budgets = "budgets" };
	struct gb_plan_packages p = { 0 };
	struct gb_plan_changes c = { 0 };
	struct gb_plan plan = { 0 };

	(void)state;
	assert_int_equal(gb_plan_packages_parse(&p, text, sizeof(text) - 1, NULL), 0);
	assert_int_equal(gb_plan_packages_link(&p, NULL), 0);
	assert_int_equal(gb_plan_changes_add(&c, "/w/fixtures/x.json", GB_CHANGE_ADDED, NULL), 0);
	assert_int_equal(gb_plan_affected(&p, &c, &o, &plan, NULL), 0);
	assert_int_equal(plan.n, 1);
	assert_int_equal(plan.v[0].why, GB_PLAN_ALL);
	gb_plan_release(&plan);
	gb_plan_changes_release(&c);
	gb_plan_packages_release(&p);
}

static void test_reasons(void **state)
{
	static const struct {
		const char *path, *package, *says;
	} rows[] = {
		{ "/w/low/low.go", "m/low", "low/low.go changed" },
		{ "/w/low/low.go", "m/side", "depends on m/low: low/low.go changed" },
		{ "/w/low/low.go", "m/far", "it looks at files elsewhere, and low/low.go changed" },
		{ "/w/low/low.go", "m/c", "the change cannot move it" },
		{ "/w/low/low.go", "m/use", "out cannot be compared with the base" },
		{ "/w/n.h", "m/c", "it is not only Go, and may include n.h, which changed" },
		{ "/w/budgets/low.json", "m/low", "its budget file budgets/low.json changed" },
		{ "/w/go.mod", "m/top", "go.mod changed" },
	};
	const struct gb_plan_options o = { .top = "/w", .budgets = "budgets" };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		_buf_ struct gb_buf says = GB_BUF_INIT(GB_MIB);
		struct gb_plan_packages p = { 0 };
		struct gb_plan_changes c = { 0 };
		struct gb_plan plan = { 0 };

		load(&p);
		assert_int_equal(gb_plan_changes_add(&c, rows[i].path, GB_CHANGE_EDITED, NULL), 0);
		assert_int_equal(gb_plan_affected(&p, &c, &o, &plan, NULL), 0);
		for (size_t k = 0; k < plan.n; k++)
			if (strcmp(plan.v[k].package->path, rows[i].package) == 0)
				gb_plan_say(&plan.v[k], "/w", &says);
		assert_string_equal(says.data, rows[i].says);
		gb_plan_release(&plan);
		gb_plan_changes_release(&c);
		gb_plan_packages_release(&p);
	}
}

static int all_of_it(void)
{
	const struct gb_plan_options o = { .top = "/w", .budgets = "budgets" };
	struct gb_plan_packages p = { 0 };
	struct gb_plan_changes c = { 0 };
	struct gb_plan plan = { 0 };
	int rc = gb_plan_packages_parse(&p, graph, sizeof(graph) - 1, NULL);

	if (!rc)
		rc = gb_plan_packages_link(&p, NULL);
	if (!rc)
		rc = gb_plan_changes_add(&c, "/w/low/low.go", GB_CHANGE_EDITED, NULL);
	if (!rc)
		rc = gb_plan_affected(&p, &c, &o, &plan, NULL);
	if (!rc)
		assert_int_equal(plan.n_affected, 4);
	gb_plan_release(&plan);
	gb_plan_changes_release(&c);
	gb_plan_packages_release(&p);
	return rc;
}

/* Less memory is never less to measure. */
static void test_out_of_memory(void **state)
{
	size_t n = 0;
	int rc;

	(void)state;
	do {
		gb_mem_fail_at(++n);
		rc = all_of_it();
		gb_mem_fail_at(0);
		assert_true(rc == 0 || rc == GB_ENOMEM);
	} while (rc);
	assert_true(n > 50);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_moves),
		cmocka_unit_test(test_data_of_nobody),
		cmocka_unit_test(test_reasons),
		cmocka_unit_test(test_out_of_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
