/* annotate: the line that did it, and only places that lie in the repository. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/mem.h"
#include "report/annotate.h"
#include "report_fixture.h"

static struct fixture f;
static struct gb_annotations got;

static int begin(void **state)
{
	(void)state;
	fixture_make(&f, NULL);
	return 0;
}

static int end(void **state)
{
	(void)state;
	gb_annotations_release(&got);
	fixture_release(&f);
	return 0;
}

static const struct gb_annotation *titled(const char *title)
{
	for (size_t i = 0; i < got.n; i++) {
		if (strcmp(got.v[i].title, title) == 0)
			return &got.v[i];
	}
	for (size_t i = 0; i < got.n; i++)
		print_message("%s\n", got.v[i].title);
	fail_msg("none is titled %s", title);
	return NULL;
}

static void test_the_line_that_did_it(void **state)
{
	const struct gb_annotation *a;

	(void)state;
	assert_int_equal(gb_report_annotate(&f.report, "", &got, NULL), 0);
	a = titled("over: store.TestWatch/all");
	assert_int_equal(a->level, GB_LEVEL_ERROR);
	assert_string_equal(a->file, "store/cache.go");
	assert_int_equal(a->line, 41);
	assert_non_null(strstr(a->message, "12 is over the budget of 0"));
	/* Which line is not known: the test. */
	a = titled("over: store.TestPut");
	assert_string_equal(a->file, "store/store_test.go");
	assert_non_null(strstr(a->message, "1.0 MiB is over the budget of 9,216 B"));
	assert_int_equal(titled("grew: cache.TestGet")->level, GB_LEVEL_WARNING);
	assert_int_equal(titled("panicked: cache.TestEvict")->level, GB_LEVEL_ERROR);
	/* What fails comes before what warns. */
	assert_int_equal(got.v[0].level, GB_LEVEL_ERROR);
	assert_int_equal(got.v[got.n - 1].level, GB_LEVEL_WARNING);
}

static void test_below_a_folder(void **state)
{
	(void)state;
	assert_int_equal(gb_report_annotate(&f.report, "services/shop", &got, NULL), 0);
	assert_string_equal(titled("over: store.TestWatch/all")->file,
			    "services/shop/store/cache.go");
}

static void test_places_elsewhere(void **state)
{
	static const char *const files[] = { "/etc/passwd", "../../x.go", "a/../../x.go", "",
					     "a/..",	    "C:\\x.go",	  "/usr/lib/x.go" };

	(void)state;
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		for (size_t p = 0; p < f.run->n_packages; p++) {
			struct gb_package *k = &f.run->packages[p];

			for (size_t t = 0; t < k->n_tests; t++) {
				free(k->tests[t].site.file);
				k->tests[t].site.file = gb_strdup(files[i]);
			}
		}
		gb_annotations_release(&got);
		assert_int_equal(gb_report_annotate(&f.report, "", &got, NULL), 0);
		for (size_t a = 0; a < got.n; a++) {
			if (got.v[a].file && strcmp(got.v[a].file, files[i]) == 0)
				fail_msg("%s is a place", files[i]);
		}
	}
}

static void test_names_of_strangers(void **state)
{
	_buf_ struct gb_buf out = GB_BUF_INIT(GB_MIB);
	const char *line;

	(void)state;
	fixture_release(&f);
	fixture_make(&f, fixture_hostile);
	assert_int_equal(gb_report_annotate(&f.report, "", &got, NULL), 0);
	for (size_t i = 0; i < got.n; i++)
		gb_annotation_write(&got.v[i], &out);
	assert_false(out.failed);
	for (line = out.data; *line; line = strchr(line, '\n') + 1) {
		if (strncmp(line, "::error ", 8) != 0 && strncmp(line, "::warning ", 10) != 0)
			fail_msg("%.200s", line);
	}
}

#define TEST(t) cmocka_unit_test_setup_teardown(t, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_the_line_that_did_it),
		TEST(test_below_a_folder),
		TEST(test_places_elsewhere),
		TEST(test_names_of_strangers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
