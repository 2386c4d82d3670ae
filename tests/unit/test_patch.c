/* patch: what git apply takes, and where the top of a work tree is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <git2.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/fs.h"
#include "base/limits.h"
#include "base/mem.h"
#include "git/patch.h"
#include "tempdir.h"

static void test_patches(void **state)
{
	static const struct {
		const char *old, *now, *want[4];
	} rows[] = {
		{ "a\nb\n",
		  "a\nc\n",
		  { "diff --git a/budgets/x.json b/budgets/x.json\n", "--- a/budgets/x.json\n",
		    "+++ b/budgets/x.json\n", " a\n-b\n+c\n" } },
		{ NULL,
		  "a\n",
		  { "new file mode 100644\n", "--- /dev/null\n", "+++ b/budgets/x.json\n",
		    "@@ -0,0 +1 @@\n+a\n" } },
		{ "a\n", NULL, { "deleted file mode 100644\n", "+++ /dev/null\n", "-a\n", "" } },
		/* Whatever the rows hold, it is text. */
		{ "a\n", "a\n\001\n", { "@@ -1 +1,2 @@\n", " a\n+\001\n", "", "" } },
		{ "", "a\n", { "--- a/budgets/x.json\n", "+a\n", "", "" } },
		{ "a", "a\n", { "\\ No newline at end of file\n", "", "", "" } },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		_buf_ struct gb_buf out = GB_BUF_INIT(GB_MAX_REPORT);

		assert_int_equal(
			gb_patch_add(&out, "budgets/x.json", rows[i].old, rows[i].now, NULL), 0);
		for (size_t k = 0; k < 4; k++)
			if (!strstr(out.data, rows[i].want[k]))
				fail_msg("row %zu: no \"%s\" in\n%s", i, rows[i].want[k], out.data);
	}
}

static void test_equal_texts_are_no_patch(void **state)
{
	_buf_ struct gb_buf out = GB_BUF_INIT(GB_MAX_REPORT);

	(void)state;
	assert_int_equal(gb_patch_add(&out, "x", "a\n", "a\n", NULL), 0);
	assert_int_equal(out.len, 0);
}

static void test_a_patch_has_a_ceiling(void **state)
{
	_buf_ struct gb_buf out = GB_BUF_INIT(10);
	struct gb_err err = GB_ERR_INIT;

	(void)state;
	assert_int_equal(gb_patch_add(&out, "x", "a\n", "b\n", &err), GB_ELIMIT);
	assert_non_null(strstr(err.line, "patch exceeds 10 bytes"));
}

static void test_the_top_of_a_work_tree(void **state)
{
	git_repository *repo = NULL;
	_free_ char *here = NULL, *top = NULL, *below = NULL;

	(void)state;
	assert_int_equal(gb_fs_mkdirs("repo/deep/er", NULL), 0);
	assert_int_equal(gb_git_top("repo/deep", &top, NULL), 0);
	assert_null(top);
	git_libgit2_init();
	assert_int_equal(git_repository_init(&repo, "repo", 0), 0);
	git_repository_free(repo);
	git_libgit2_shutdown();
	assert_int_equal(gb_fs_realpath("repo", &here, NULL), 0);
	assert_int_equal(gb_git_top("repo/deep/er", &below, NULL), 0);
	assert_string_equal(below, here);
}

static void test_a_bare_repository_has_no_work_tree(void **state)
{
	git_repository *repo = NULL;
	_free_ char *top = NULL;

	(void)state;
	git_libgit2_init();
	assert_int_equal(git_repository_init(&repo, "bare", 1), 0);
	git_repository_free(repo);
	git_libgit2_shutdown();
	assert_int_equal(gb_git_top("bare", &top, NULL), 0);
	assert_null(top);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_patches),
		cmocka_unit_test(test_equal_texts_are_no_patch),
		cmocka_unit_test(test_a_patch_has_a_ceiling),
		cmocka_unit_test(test_the_top_of_a_work_tree),
		cmocka_unit_test(test_a_bare_repository_has_no_work_tree),
	};

	return cmocka_run_group_tests(tests, tempdir_enter, tempdir_leave);
}
