/* renames: files that have another name than at a commit, wherever git looks for them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <git2.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/fs.h"
#include "base/limits.h"
#include "base/strlist.h"
#include "git/renames.h"
#include "tempdir.h"

static char first[41];

static void write_text(const char *path, const char *text)
{
	assert_int_equal(gb_fs_write(path, text, strlen(text), NULL), 0);
}

static void add_all(git_repository *repo, git_index **ret)
{
	assert_int_equal(git_repository_index(ret, repo), 0);
	assert_int_equal(git_index_add_all(*ret, NULL, 0, NULL, NULL), 0);
	assert_int_equal(git_index_write(*ret), 0);
}

static void commit(git_repository *repo)
{
	git_index *index;
	git_tree *tree;
	git_signature *who;
	git_oid id;

	add_all(repo, &index);
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

#define TEXT(n)                                                                         \
	"package " n "\n\nimport \"os\"\n\nfunc Put(a, b int) int { return a + b }\n\n" \
	"func Take(name string) error {\n\treturn os.Remove(name)\n}\n\nvar shelves = 12\n"

static int enter(void **state)
{
	git_repository *repo;
	int rc = tempdir_enter(state);

	if (rc)
		return rc;
	git_libgit2_init();
	assert_int_equal(git_repository_init(&repo, "work", 0), 0);
	assert_int_equal(gb_fs_mkdirs("work/store/deep", NULL), 0);
	assert_int_equal(gb_fs_mkdirs("work/other", NULL), 0);
	write_text("work/store/a.go", TEXT("store"));
	write_text("work/store/deep/d.go", "package deep // and what only this one has\n");
	write_text("work/other/o.go", "package other // stays where it always was\n");
	commit(repo);
	git_repository_free(repo);
	return 0;
}

static int leave(void **state)
{
	git_libgit2_shutdown();
	return tempdir_leave(state);
}

static int on_rename(void *arg, const char *from, const char *to, struct gb_err *err)
{
	(void)err;
	gb_buf_addf(arg, "%s %s\n", from, to);
	return strcmp(to, "depot/a.go") == 0 && getenv("GB_STOP") ? GB_EINTR : 0;
}

static int look(const char *commit_id, const char *one, const char *other, struct gb_buf *got,
		struct gb_err *err)
{
	_repo_ struct gb_repo *repo = NULL;
	_strlist_ struct gb_strlist folders = GB_STRLIST_INIT;

	assert_int_equal(gb_repo_open("work/other", &repo, NULL), 0);
	if (one)
		assert_int_equal(gb_strlist_add(&folders, one, NULL), 0);
	if (other)
		assert_int_equal(gb_strlist_add(&folders, other, NULL), 0);
	return gb_repo_renames(repo, commit_id, &folders, on_rename, got, err);
}

static void expect(const char *one, const char *other, const char *want)
{
	_buf_ struct gb_buf got = GB_BUF_INIT(GB_MIB);

	assert_int_equal(look(first, one, other, &got, NULL), 0);
	assert_string_equal(got.data, want);
}

static void test_moved_untracked_added_and_edited(void **state)
{
	git_repository *repo;
	git_index *index;

	(void)state;
	expect("", NULL, "");
	expect(NULL, NULL, "");
	assert_int_equal(rename("work/store", "work/depot"), 0);
	expect("store", "depot", "store/a.go depot/a.go\nstore/deep/d.go depot/deep/d.go\n");
	write_text("work/depot/a.go", TEXT("depot"));
	expect("", NULL, "store/a.go depot/a.go\nstore/deep/d.go depot/deep/d.go\n");
	/* Where only one end is looked at, nothing is renamed. */
	expect("store", "other", "");
	expect("store/deep", "depot/deep", "store/deep/d.go depot/deep/d.go\n");
	assert_int_equal(git_repository_open(&repo, "work"), 0);
	add_all(repo, &index);
	git_index_free(index);
	git_repository_free(repo);
	expect("store", "depot", "store/a.go depot/a.go\nstore/deep/d.go depot/deep/d.go\n");
}

static void test_stops(void **state)
{
	_buf_ struct gb_buf got = GB_BUF_INIT(GB_MIB);
	struct gb_err err = GB_ERR_INIT;

	(void)state;
	assert_int_equal(setenv("GB_STOP", "1", 1), 0);
	assert_int_equal(look(first, "", NULL, &got, &err), GB_EINTR);
	assert_int_equal(unsetenv("GB_STOP"), 0);
	assert_int_equal(look("0123456789012345678901234567890123456789", "", NULL, &got, &err),
			 GB_ESYS);
	assert_non_null(strstr(err.line, "is not in this clone"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_moved_untracked_added_and_edited),
		cmocka_unit_test(test_stops),
	};

	return cmocka_run_group_tests(tests, enter, leave);
}
