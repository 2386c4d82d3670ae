/* hook_trouble: what of a report counts, and what the base has as well. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"
#include "base/fs.h"
#include "cmd/hook_trouble.h"
#include "tempdir.h"

static struct gb_troubles read_text(const char *text)
{
	struct gb_troubles t = { 0 };

	assert_int_equal(gb_fs_write("r.json", text, strlen(text), NULL), 0);
	assert_int_equal(gb_troubles_read("r.json", &t, NULL), 0);
	assert_true(t.read);
	return t;
}

static void what_counts(void **state)
{
	struct gb_troubles t =
		read_text("{\"packages\": ["
			  "{\"path\": \"x/a\", \"dir\": \"a\", \"troubles\": ["
			  "  {\"kind\": \"fail\", \"test\": \"TestA\", \"warning\": false},"
			  "  {\"kind\": \"children\", \"test\": null, \"warning\": true}]},"
			  "{\"path\": \"x/b\", \"dir\": null, \"troubles\": ["
			  "  {\"kind\": \"no tests\", \"test\": null, \"warning\": false},"
			  "  {\"kind\": \"build\", \"test\": null, \"warning\": false}]}],"
			  "\"verdicts\": ["
			  "{\"package\": \"x/a\", \"test\": \"TestB\", \"verdict\": \"gone\", "
			  "\"action\": \"fail\"},"
			  "{\"package\": \"x/a\", \"test\": \"TestC\", \"verdict\": \"gone\", "
			  "\"action\": \"warn\"},"
			  "{\"package\": \"x/a\", \"test\": \"TestD\", \"verdict\": \"over\", "
			  "\"action\": \"fail\"},"
			  "{\"package\": \"x/c\", \"test\": null, \"verdict\": \"incomparable\", "
			  "\"action\": \"fail\"}]}");

	(void)state;
	assert_int_equal(t.n, 4);
	assert_string_equal(t.v[0].test, "TestA");
	assert_string_equal(t.v[0].dir, "a");
	assert_string_equal(t.v[1].kind, "build");
	assert_null(t.v[1].dir);
	assert_string_equal(t.v[2].kind, "gone");
	assert_string_equal(t.v[2].dir, "a");
	assert_string_equal(t.v[3].kind, "incomparable");
	gb_troubles_release(&t);
}

static void no_report_and_no_sense(void **state)
{
	struct gb_troubles t = { 0 };
	struct gb_err err = GB_ERR_INIT;

	(void)state;
	assert_int_equal(gb_troubles_read("nowhere.json", &t, NULL), 0);
	assert_false(t.read);
	assert_int_equal(gb_fs_write("r.json", "{", 1, NULL), 0);
	assert_int_equal(gb_troubles_read("r.json", &t, &err), GB_EUSAGE);
	t = read_text("[{\"packages\": 3}]");
	assert_int_equal(t.n, 0);
	gb_troubles_release(&t);
	t = read_text("{\"packages\": [3, {\"path\": 1, \"troubles\": [{\"kind\": \"fail\"}]}]}");
	assert_int_equal(t.n, 0);
	gb_troubles_release(&t);
}

/* One row each: "x/a TestA fail"; "-" is no test. */
static struct gb_troubles rows(const char *package, const char *test, const char *kind)
{
	struct gb_troubles t = { 0 };

	t.v = calloc(1, sizeof(*t.v));
	assert_non_null(t.v);
	t.n = t.cap = 1;
	t.v[0].package = strdup(package);
	t.v[0].kind = strdup(kind);
	t.v[0].test = *test == '-' ? NULL : strdup(test);
	return t;
}

static void what_the_base_has(void **state)
{
	static const struct {
		const char *head[3], *base[3];
		size_t left;
	} cases[] = {
		{ { "x/a", "TestA", "fail" }, { "x/a", "TestA", "fail" }, 0 },
		{ { "x/a", "TestA", "panic" }, { "x/a", "TestA", "fail" }, 0 },
		{ { "x/a", "TestA", "fail" }, { "x/a", "TestB", "fail" }, 1 },
		{ { "x/a", "TestA", "fail" }, { "x/a", "TestA/sub", "fail" }, 1 },
		{ { "x/a", "TestA", "fail" }, { "x/b", "TestA", "fail" }, 1 },
		{ { "x/a", "TestA", "fail" }, { "x/a", "-", "build" }, 0 },
		{ { "x/a", "TestA", "fail" }, { "x/a", "TestB", "panic" }, 0 },
		{ { "x/a", "-", "build" }, { "x/a", "-", "build" }, 0 },
		{ { "x/a", "-", "build" }, { "x/a", "TestA", "fail" }, 1 },
		{ { "x/a", "-", "vet" }, { "x/a", "-", "vet" }, 0 },
		{ { "x/a", "TestA", "gone" }, { "x/a", "TestA", "gone" }, 0 },
		{ { "x/a", "TestA", "gone" }, { "x/a", "TestA", "fail" }, 1 },
		{ { "x/a", "TestA", "gone" }, { "x/a", "-", "build" }, 1 },
		{ { "x/a", "TestA", "fail" }, { "x/a", "TestA", "gone" }, 1 },
		{ { "x/a", "-", "incomparable" }, { "x/a", "-", "incomparable" }, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct gb_troubles head =
			rows(cases[i].head[0], cases[i].head[1], cases[i].head[2]);
		struct gb_troubles base =
			rows(cases[i].base[0], cases[i].base[1], cases[i].base[2]);

		if (gb_troubles_inherit(&head, &base) != cases[i].left)
			fail_msg("case %zu", i);
		gb_troubles_release(&head);
		gb_troubles_release(&base);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(what_counts, tempdir_enter, tempdir_leave),
		cmocka_unit_test_setup_teardown(no_report_and_no_sense, tempdir_enter,
						tempdir_leave),
		cmocka_unit_test(what_the_base_has),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
