/* replaced: where git shows another history than the one that was made. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <git2.h>

#include "base/err.h"
#include "base/fs.h"
#include "base/mem.h"
#include "git/replaced.h"
#include "tempdir.h"

#define ID    "0123456789012345678901234567890123456789"
#define OTHER "abcdefabcdefabcdefabcdefabcdefabcdefabcd"

static void write_text(const char *path, const char *text)
{
	assert_int_equal(gb_fs_write(path, text, strlen(text), NULL), 0);
}

static int enter(void **state)
{
	git_repository *repo;
	int rc = tempdir_enter(state);

	if (rc)
		return rc;
	git_libgit2_init();
	assert_int_equal(git_repository_init(&repo, "work", 0), 0);
	git_repository_free(repo);
	return 0;
}

static int leave(void **state)
{
	git_libgit2_shutdown();
	return tempdir_leave(state);
}

static void expect(const char *want)
{
	_repo_ struct gb_repo *repo = NULL;
	struct gb_replaced r;
	_free_ char *words = NULL;

	assert_int_equal(gb_repo_open("work", &repo, NULL), 0);
	gb_repo_replaced(repo, &r);
	words = gb_replaced_words(&r);
	if (!want)
		assert_null(words);
	else
		assert_string_equal(words, want);
}

static void test_replaced(void **state)
{
	(void)state;
	expect(NULL);
	assert_int_equal(gb_fs_mkdirs("work/.git/refs/replace", NULL), 0);
	write_text("work/.git/refs/replace/" ID, OTHER "\n");
	expect("1 replaced object (git replace)");
	write_text("work/.git/refs/replace/" OTHER, ID "\n");
	expect("2 replaced objects (git replace)");
	assert_int_equal(setenv("GIT_NO_REPLACE_OBJECTS", "1", 1), 0);
	expect(NULL);
	assert_int_equal(unsetenv("GIT_NO_REPLACE_OBJECTS"), 0);
	assert_int_equal(setenv("GIT_REPLACE_REF_BASE", "refs/other", 1), 0);
	expect(NULL);
	assert_int_equal(unsetenv("GIT_REPLACE_REF_BASE"), 0);
	write_text("work/.git/config", "[core]\n\tuseReplaceRefs = false\n");
	expect(NULL);
	write_text("work/.git/config", "[core]\n\tuseReplaceRefs = true\n");
	expect("2 replaced objects (git replace)");
}

static void test_grafts(void **state)
{
	(void)state;
	assert_int_equal(gb_fs_mkdirs("work/.git/info", NULL), 0);
	write_text("work/.git/info/grafts", "# none\n\n");
	expect(NULL);
	write_text("work/.git/info/grafts", "# two\n" ID " " OTHER "\n" OTHER);
	expect("2 grafts (.git/info/grafts)");
	write_text("named", ID "\n");
	assert_int_equal(setenv("GIT_GRAFT_FILE", "named", 1), 0);
	expect("1 graft (.git/info/grafts)");
	assert_int_equal(unsetenv("GIT_GRAFT_FILE"), 0);
	assert_int_equal(gb_fs_mkdirs("work/.git/refs/replace", NULL), 0);
	write_text("work/.git/refs/replace/" ID, OTHER "\n");
	expect("1 replaced object (git replace) and 2 grafts (.git/info/grafts)");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, enter, leave)

int main(void)
{
	const struct CMUnitTest tests[] = { TEST(test_replaced), TEST(test_grafts) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
