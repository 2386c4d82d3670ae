/* repo: a commit's files written out, and nothing of the user's touched. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>
#include <git2.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/fs.h"
#include "base/mem.h"
#include "git/repo.h"
#include "tempdir.h"

static void write_text(const char *path, const char *text)
{
	assert_int_equal(gb_fs_write(path, text, strlen(text), NULL), 0);
}

static bool holds(const char *path, const char *text)
{
	_buf_ struct gb_buf got = GB_BUF_INIT(4096);

	return gb_fs_read(path, &got, NULL) == 0 && strcmp(got.data, text) == 0;
}

/* Commits what the work tree holds. */
static void commit(git_repository *repo, const char *message)
{
	git_index *index;
	git_tree *tree;
	git_signature *who;
	git_object *parent = NULL;
	git_oid id;
	const git_commit *parents[1];

	assert_int_equal(git_repository_index(&index, repo), 0);
	assert_int_equal(git_index_add_all(index, NULL, 0, NULL, NULL), 0);
	assert_int_equal(git_index_write(index), 0);
	assert_int_equal(git_index_write_tree(&id, index), 0);
	assert_int_equal(git_tree_lookup(&tree, repo, &id), 0);
	assert_int_equal(git_signature_new(&who, "A", "a@example.com", 1700000000, 0), 0);
	(void)git_revparse_single(&parent, repo, "HEAD");
	parents[0] = (const git_commit *)parent;
	assert_int_equal(git_commit_create(&id, repo, "HEAD", who, who, NULL, message, tree,
					   parent ? 1 : 0, parents),
			 0);
	git_object_free(parent);
	git_signature_free(who);
	git_tree_free(tree);
	git_index_free(index);
}

static int enter(void **state)
{
	git_repository *repo;
	int rc = tempdir_enter(state);

	if (rc)
		return rc;
	git_libgit2_init();
	assert_int_equal(git_repository_init(&repo, "work", 0), 0);
	assert_int_equal(gb_fs_mkdirs("work/deep/er", NULL), 0);
	write_text("work/a.go", "package a // one\n");
	write_text("work/deep/er/run", "#!/bin/sh\n");
	assert_int_equal(chmod("work/deep/er/run", 0755), 0);
	commit(repo, "one");
	write_text("work/a.go", "package a // two\n");
	commit(repo, "two");
	write_text("work/a.go", "package a // not committed\n");
	git_repository_free(repo);
	return 0;
}

static int leave(void **state)
{
	git_libgit2_shutdown();
	return tempdir_leave(state);
}

static void test_writes_a_commit_out(void **state)
{
	_repo_ struct gb_repo *repo = NULL;
	_buf_ struct gb_buf index = GB_BUF_INIT(4096), after = GB_BUF_INIT(4096);
	struct stat st;
	char id[41];

	(void)state;
	assert_int_equal(gb_fs_read("work/.git/index", &index, NULL), 0);
	assert_int_equal(gb_repo_open("work/deep", &repo, NULL), 0);
	assert_string_equal(gb_path_base(gb_repo_top(repo)), "work");
	assert_int_equal(gb_repo_commit(repo, "HEAD~1", id, NULL), 0);
	assert_int_equal(strlen(id), 40);
	assert_int_equal(gb_fs_mkdirs("out", NULL), 0);
	assert_int_equal(gb_repo_export(repo, id, "out", NULL), 0);
	assert_true(holds("out/a.go", "package a // one\n"));
	assert_int_equal(stat("out/deep/er/run", &st), 0);
	assert_true(st.st_mode & S_IXUSR);
	assert_false(gb_fs_exists("out/.git"));
	/* The user's own. */
	assert_true(holds("work/a.go", "package a // not committed\n"));
	assert_int_equal(gb_fs_read("work/.git/index", &after, NULL), 0);
	assert_int_equal(index.len, after.len);
	assert_memory_equal(index.data, after.data, index.len);
	assert_false(gb_fs_exists("work/.git/worktrees"));
}

static void test_what_is_not_there(void **state)
{
	_repo_ struct gb_repo *repo = NULL;
	struct gb_repo *none = NULL;
	struct gb_err err = GB_ERR_INIT;
	char id[41] = "";

	(void)state;
	assert_int_equal(gb_fs_mkdirs("plain", NULL), 0);
	assert_int_equal(gb_repo_open("/", &none, &err), GB_ENOTFOUND);
	assert_non_null(strstr(err.line, "no git repository"));
	assert_null(none);
	assert_int_equal(gb_repo_open("work", &repo, NULL), 0);
	assert_int_equal(gb_repo_commit(repo, "nowhere", id, &err), GB_ENOTFOUND);
	assert_non_null(strstr(err.line, "no commit \"nowhere\""));
	assert_string_equal(id, "");
	/* No commit: a tree has no history. */
	assert_int_equal(gb_repo_commit(repo, "HEAD^{tree}", id, &err), GB_ENOTFOUND);
	assert_int_equal(gb_repo_export(repo, "0123456789012345678901234567890123456789", "plain",
					&err),
			 GB_ESYS);
}

static void test_a_shallow_clone_says_so(void **state)
{
	_repo_ struct gb_repo *repo = NULL;
	struct gb_err err = GB_ERR_INIT;
	char id[41];

	(void)state;
	assert_int_equal(gb_repo_open("work", &repo, NULL), 0);
	assert_false(gb_repo_is_shallow(repo));
	assert_int_equal(gb_repo_commit(repo, "HEAD", id, NULL), 0);
	id[40] = '\n';
	assert_int_equal(gb_fs_write("work/.git/shallow", id, 41, NULL), 0);
	assert_true(gb_repo_is_shallow(repo));
	assert_int_equal(gb_repo_commit(repo, "nowhere", id, &err), GB_ENOTFOUND);
	assert_non_null(strstr(err.hint, "fetch-depth: 0"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_writes_a_commit_out),
		cmocka_unit_test(test_what_is_not_there),
		cmocka_unit_test(test_a_shallow_clone_says_so),
	};

	return cmocka_run_group_tests(tests, enter, leave);
}
