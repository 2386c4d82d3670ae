/* changes: what differs from a commit, committed or not, known to git or not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <git2.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/fs.h"
#include "base/limits.h"
#include "git/changes.h"
#include "tempdir.h"

static char first[41];

static void write_text(const char *path, const char *text)
{
	assert_int_equal(gb_fs_write(path, text, strlen(text), NULL), 0);
}

static void commit(git_repository *repo)
{
	git_index *index;
	git_tree *tree;
	git_signature *who;
	git_oid id;

	assert_int_equal(git_repository_index(&index, repo), 0);
	assert_int_equal(git_index_add_all(index, NULL, 0, NULL, NULL), 0);
	assert_int_equal(git_index_write(index), 0);
	assert_int_equal(git_index_write_tree(&id, index), 0);
	assert_int_equal(git_tree_lookup(&tree, repo, &id), 0);
	assert_int_equal(git_signature_new(&who, "A", "a@example.com", 1700000000, 0), 0);
	assert_int_equal(git_commit_create(&id, repo, "HEAD", who, who, NULL, "one", tree, 0, NULL),
			 0);
	git_oid_tostr(first, sizeof(first), &id);
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
	write_text("work/.gitignore", "*.tmp\n/out/\n");
	write_text("work/edited", "one\n");
	write_text("work/gone", "one\n");
	write_text("work/same", "one\n");
	write_text("work/deep/er/moved", "one\n");
	commit(repo);
	git_repository_free(repo);
	return 0;
}

static int leave(void **state)
{
	git_libgit2_shutdown();
	return tempdir_leave(state);
}

static int on_change(void *arg, const char *path, enum gb_change_kind kind, struct gb_err *err)
{
	static const char *const names[] = { "edited", "added", "gone", "folder", "ignored" };

	(void)err;
	if (strcmp(path, "stop") == 0)
		return GB_EINTR;
	gb_buf_addf(arg, "%s %s\n", names[kind], path);
	return 0;
}

static void expect(const char *want)
{
	_buf_ struct gb_buf got = GB_BUF_INIT(GB_MIB);
	_repo_ struct gb_repo *repo = NULL;

	assert_int_equal(gb_repo_open("work/deep", &repo, NULL), 0);
	assert_int_equal(gb_repo_changes(repo, first, on_change, &got, NULL), 0);
	assert_string_equal(got.data, want);
}

static void test_kinds(void **state)
{
	git_repository *inner;

	(void)state;
	expect("");
	write_text("work/edited", "two\n");
	assert_int_equal(unlink("work/gone"), 0);
	assert_int_equal(rename("work/deep/er/moved", "work/deep/here"), 0);
	write_text("work/same", "one\n"); /* another time stamp, the same content */
	write_text("work/deep/x.tmp", "x");
	assert_int_equal(gb_fs_mkdirs("work/out/put", NULL), 0);
	write_text("work/out/put/file", "x");
	assert_int_equal(gb_fs_mkdirs("work/new/folder", NULL), 0);
	write_text("work/new/folder/file", "x");
	assert_int_equal(git_repository_init(&inner, "work/inner", 0), 0);
	git_repository_free(inner);
	write_text("work/inner/file", "x");
	expect("gone deep/er/moved\nadded deep/here\nignored deep/x.tmp\nedited edited\n"
	       "gone gone\nfolder inner\nadded new/folder/file\nignored out\n");
}

static void test_stops(void **state)
{
	_buf_ struct gb_buf got = GB_BUF_INIT(GB_MIB);
	_repo_ struct gb_repo *repo = NULL;
	struct gb_err err = GB_ERR_INIT;

	(void)state;
	write_text("work/stop", "x");
	assert_int_equal(gb_repo_open("work", &repo, NULL), 0);
	assert_int_equal(gb_repo_changes(repo, first, on_change, &got, &err), GB_EINTR);
	assert_int_equal(gb_repo_changes(repo, "0123456789012345678901234567890123456789",
					 on_change, &got, &err),
			 GB_ESYS);
	assert_non_null(strstr(err.line, "is not in this clone"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kinds),
		cmocka_unit_test(test_stops),
	};

	return cmocka_run_group_tests(tests, enter, leave);
}
