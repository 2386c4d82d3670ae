/* hooks: where git looks for them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <git2.h>

#include "base/err.h"
#include "base/fs.h"
#include "base/mem.h"
#include "base/text.h"
#include "git/hooks.h"
#include "tempdir.h"

static void set(const char *dir, const char *value)
{
	git_repository *git;
	git_config *config;

	assert_int_equal(git_repository_open(&git, dir), 0);
	assert_int_equal(git_repository_config(&config, git), 0);
	assert_int_equal(git_config_set_string(config, "core.hooksPath", value), 0);
	git_config_free(config);
	git_repository_free(git);
}

static void found(const char *dir, const char *end)
{
	_repo_ struct gb_repo *repo = NULL;
	struct gb_hooks h = { 0 };

	assert_int_equal(gb_repo_open_any(dir, &repo, NULL), 0);
	assert_int_equal(gb_hooks_find(repo, &h, NULL), 0);
	assert_int_equal(h.dir[0], '/');
	assert_false(h.elsewhere);
	if (!gb_ends(h.dir, end))
		fail_msg("%s, want ...%s", h.dir, end);
	gb_hooks_release(&h);
}

static void where_git_looks(void **state)
{
	git_repository *git;

	(void)state;
	git_libgit2_init();
	assert_int_equal(git_repository_init(&git, "work", 0), 0);
	git_repository_free(git);
	assert_int_equal(git_repository_init(&git, "bare.git", 1), 0);
	git_repository_free(git);
	found("work", "/work/.git/hooks");
	found("bare.git", "/bare.git/hooks");
	set("work", "my hooks");
	found("work", "/work/my hooks");
	set("bare.git", "mine");
	found("bare.git", "/bare.git/mine");
	set("work", "/etc/hooks");
	found("work", "/etc/hooks");
	git_libgit2_shutdown();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(where_git_looks, tempdir_enter, tempdir_leave),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
