/* worktree: one commit's files that git takes for a work tree, and the user's .git as it was. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/fs.h"
#include "base/mem.h"
#include "base/proc.h"
#include "base/strlist.h"
#include "git/repo.h"
#include "git/status.h"
#include "git/worktree.h"
#include "tempdir.h"

/* Runs git -C dir, words separated by one space; what it says, without the last newline. */
static char *git(const char *dir, const char *words)
{
	static char said[8192];
	_buf_ struct gb_buf out = GB_BUF_INIT(sizeof(said) - 1);
	_strlist_ struct gb_strlist argv = GB_STRLIST_INIT;
	struct gb_proc_result end;
	const char *const fixed[] = { "git",
				      "-c",
				      "user.name=A",
				      "-c",
				      "user.email=a@example.com",
				      "-c",
				      "protocol.file.allow=always",
				      "-C",
				      dir };

	assert_int_equal(gb_strlist_add_all(&argv, fixed, 9, NULL), 0);
	for (const char *p = words; *p;) {
		size_t n = strcspn(p, " ");
		_free_ char *word = gb_strndup(p, n);

		assert_int_equal(gb_strlist_add(&argv, word, NULL), 0);
		p += n + (p[n] == ' ');
	}
	const struct gb_proc p = { .argv = (const char *const *)gb_strlist_argv(&argv),
				   .out = GB_STDIO_BUF,
				   .out_buf = &out,
				   .err = GB_STDIO_NULL };
	assert_int_equal(gb_proc_run(&p, &end, NULL), 0);
	if (end.status)
		fail_msg("git -C %s %s: %d", dir, words, end.status);
	while (out.len && out.data[out.len - 1] == '\n')
		out.data[--out.len] = 0;
	memcpy(said, out.data, out.len + 1);
	return said;
}

static void write_text(const char *path, const char *text)
{
	assert_int_equal(gb_fs_write(path, text, strlen(text), NULL), 0);
}

static bool holds(const char *path, const char *text)
{
	_buf_ struct gb_buf got = GB_BUF_INIT(4096);

	return gb_fs_read(path, &got, NULL) == 0 && strcmp(got.data, text) == 0;
}

static char one[41], two[41];

/* One: a, dir/b (executable), turn (a file), link -> a, gone.  Two: another a, turn/x, no gone. */
static int enter(void **state)
{
	int rc = tempdir_enter(state);

	if (rc)
		return rc;
	git(".", "init -q work");
	assert_int_equal(gb_fs_mkdirs("work/dir", NULL), 0);
	write_text("work/a", "one\n");
	write_text("work/dir/b", "#!/bin/sh\n");
	assert_int_equal(chmod("work/dir/b", 0755), 0);
	write_text("work/turn", "a file\n");
	write_text("work/gone", "soon\n");
	write_text("work/.gitignore", "*.log\nout/\n");
	assert_int_equal(symlink("a", "work/link"), 0);
	git("work", "add .");
	git("work", "commit -qm one");
	memcpy(one, git("work", "rev-parse HEAD"), 41);
	write_text("work/a", "two\n");
	assert_int_equal(unlink("work/turn"), 0);
	assert_int_equal(unlink("work/gone"), 0);
	assert_int_equal(gb_fs_mkdirs("work/turn", NULL), 0);
	write_text("work/turn/x", "x\n");
	git("work", "add -A .");
	git("work", "commit -qm two");
	memcpy(two, git("work", "rev-parse HEAD"), 41);
	/* The user is in the middle of something. */
	write_text("work/a", "not committed\n");
	write_text("work/staged", "staged\n");
	git("work", "add staged");
	return 0;
}

/* The user's .git, file by file. */
static char *picture_of(const char *dir)
{
	_buf_ struct gb_buf out = GB_BUF_INIT(1 << 20);
	struct gb_proc_result end;
	const char *const argv[] = { "find", dir, "-type", "f", "-exec", "cksum", "{}", "+", NULL };
	const struct gb_proc p = { .argv = argv, .out = GB_STDIO_BUF, .out_buf = &out };

	assert_int_equal(gb_proc_run(&p, &end, NULL), 0);
	assert_int_equal(end.status, 0);
	return gb_buf_detach(&out);
}

/* A worktree of `repo` at `commit` in a new folder. */
static struct gb_worktree *open_in(const char *dir, const char *commit, const char *folder)
{
	_repo_ struct gb_repo *repo = NULL;
	struct gb_worktree *wt = NULL;
	struct gb_err err = GB_ERR_INIT;

	assert_int_equal(gb_fs_mkdirs(folder, NULL), 0);
	assert_int_equal(gb_repo_open_any(dir, &repo, NULL), 0);
	if (gb_worktree_open(repo, commit, folder, &wt, &err) < 0)
		fail_msg("%s", err.line);
	return wt;
}

static void move_to(struct gb_worktree *wt, const char *commit)
{
	struct gb_err err = GB_ERR_INIT;

	if (gb_worktree_move(wt, commit, &err) < 0)
		fail_msg("%s", err.line);
}

static void is_clean(const char *top, const char *commit)
{
	_repo_ struct gb_repo *repo = NULL;
	_free_ char *dirty = NULL;
	char head[41];

	assert_string_equal(git(top, "status --porcelain --ignored"), "");
	assert_string_equal(git(top, "rev-parse HEAD"), commit);
	assert_int_equal(gb_repo_open(top, &repo, NULL), 0);
	assert_string_equal(gb_repo_top(repo), top);
	assert_int_equal(gb_repo_commit(repo, "HEAD", head, NULL), 0);
	assert_string_equal(head, commit);
	assert_int_equal(gb_repo_dirty(repo, &dirty, NULL), 0);
	assert_null(dirty);
}

static void test_git_takes_it_for_a_work_tree(void **state)
{
	_free_ char *before = picture_of("work"), *after = NULL;
	_worktree_ struct gb_worktree *wt = open_in("work/dir", one, "s1");
	const char *top = gb_worktree_top(wt);
	struct stat st;

	(void)state;
	is_clean(top, one);
	assert_true(holds("s1/tree/a", "one\n"));
	assert_int_equal(stat("s1/tree/dir/b", &st), 0);
	assert_true(st.st_mode & S_IXUSR);
	assert_string_equal(git(top, "log --format=%s"), "one");
	assert_string_equal(git(top, "diff --name-status HEAD master"),
			    "M\ta\nD\tgone\nD\tturn\nA\tturn/x");
	after = picture_of("work");
	assert_string_equal(before, after);
	assert_false(gb_fs_exists("work/.git/worktrees"));
}

static void test_moves_in_one_folder(void **state)
{
	_worktree_ struct gb_worktree *wt = open_in("work", one, "s2");
	_free_ char *before = NULL, *after = NULL;
	struct stat was, is;

	(void)state;
	before = picture_of("work");
	assert_int_equal(stat("s2/tree/dir/b", &was), 0);
	move_to(wt, two);
	is_clean(gb_worktree_top(wt), two);
	assert_string_equal(gb_worktree_commit(wt), two);
	assert_true(holds("s2/tree/a", "two\n"));
	assert_true(holds("s2/tree/turn/x", "x\n"));
	assert_false(gb_fs_exists("s2/tree/gone"));
	move_to(wt, one);
	is_clean(gb_worktree_top(wt), one);
	assert_true(holds("s2/tree/turn", "a file\n"));
	/* What did not differ was not written. */
	assert_int_equal(stat("s2/tree/dir/b", &is), 0);
	assert_int_equal(was.st_ino, is.st_ino);
	assert_int_equal(was.st_mtime, is.st_mtime);
	after = picture_of("work");
	assert_string_equal(before, after);
}

/* Whatever tests did in there. */
static void wreck(void)
{
	write_text("s3/tree/a", "written\n");
	assert_int_equal(chmod("s3/tree/dir/b", 0644), 0);
	assert_int_equal(unlink("s3/tree/gone"), 0);
	assert_int_equal(gb_fs_mkdirs("s3/tree/gone/deep", NULL), 0);
	write_text("s3/tree/trace.log", "ignored\n");
	assert_int_equal(gb_fs_mkdirs("s3/tree/out/mod", NULL), 0);
	write_text("s3/tree/out/mod/f", "ignored\n");
	assert_int_equal(chmod("s3/tree/out/mod", 0555), 0);
	write_text("s3/tree/dir/new", "untracked\n");
	git("s3/tree/dir", "init -q nested");
	assert_int_equal(unlink("s3/tree/link"), 0);
	assert_int_equal(symlink("../../work", "s3/tree/link"), 0);
	assert_int_equal(unlink("s3/tree/turn"), 0);
	assert_int_equal(symlink("../../work", "s3/tree/turn"), 0);
	assert_int_equal(chmod("s3/tree/dir", 0555), 0);
}

static void test_takes_away_what_tests_left(void **state)
{
	_worktree_ struct gb_worktree *wt = open_in("work", one, "s3");
	_free_ char *before = NULL, *after = NULL;

	(void)state;
	before = picture_of("work");
	wreck();
	move_to(wt, one);
	is_clean(gb_worktree_top(wt), one);
	assert_true(holds("s3/tree/a", "one\n"));
	wreck();
	move_to(wt, two);
	is_clean(gb_worktree_top(wt), two);
	assert_true(holds("s3/tree/turn/x", "x\n"));
	assert_false(gb_fs_exists("s3/tree/dir/nested"));
	after = picture_of("work");
	assert_string_equal(before, after);
}

/* Tests that run git in their own folder have it all: the index, HEAD, the link. */
static void test_survives_git_run_in_it(void **state)
{
	_worktree_ struct gb_worktree *wt = open_in("work", one, "s4");
	const char *top = gb_worktree_top(wt);

	(void)state;
	write_text("s4/tree/new", "new\n");
	git(top, "add new");
	git(top, "rm -q --cached a");
	move_to(wt, two);
	is_clean(top, two);
	git(top, "checkout -q --detach HEAD~1");
	move_to(wt, two);
	is_clean(top, two);
	assert_true(holds("s4/tree/a", "two\n"));
	write_text("s4/git/index", "no index");
	write_text("s4/git/index.lock", "");
	move_to(wt, one);
	is_clean(top, one);
	assert_int_equal(gb_fs_remove_tree("s4/git", NULL), 0);
	assert_int_equal(gb_fs_remove_tree("s4/tree", NULL), 0);
	move_to(wt, two);
	is_clean(top, two);
}

static void check_from(const char *dir, const char *folder, const char *commit)
{
	_free_ char *before = picture_of(dir), *after = NULL;
	_worktree_ struct gb_worktree *wt = open_in(dir, commit, folder);

	is_clean(gb_worktree_top(wt), commit);
	after = picture_of(dir);
	assert_string_equal(before, after);
}

static void test_from_other_repositories(void **state)
{
	char id[41];

	(void)state;
	git(".", "clone -q --bare work bare.git");
	check_from("bare.git", "s5", one);
	git("work", "worktree add -q ../linked HEAD~1");
	check_from("linked", "s6", two);
	_free_ char *url = gb_asprintf("clone -q --depth 1 file://%s/work shallow", (char *)*state);
	git(".", url);
	check_from("shallow", "s7", two);
	git(".", "init -q super");
	_free_ char *add = gb_asprintf("submodule --quiet add file://%s/work sub", (char *)*state);
	git("super", add);
	git("super", "commit -qm super");
	memcpy(id, git("super", "rev-parse HEAD"), 41);
	check_from("super", "s8", id);
	check_from("super/sub", "s9", one);
}

static void test_a_submodule_stays_empty(void **state)
{
	_worktree_ struct gb_worktree *wt = NULL;
	char id[41];

	(void)state;
	memcpy(id, git("super", "rev-parse HEAD"), 41);
	wt = open_in("super", id, "s10");
	assert_false(gb_fs_exists("s10/tree/sub/a"));
	assert_int_equal(gb_fs_mkdirs("s10/tree/sub/left", NULL), 0);
	move_to(wt, id);
	assert_false(gb_fs_exists("s10/tree/sub/left"));
	is_clean(gb_worktree_top(wt), id);
}

static void test_what_is_not_there(void **state)
{
	_worktree_ struct gb_worktree *wt = NULL;
	_repo_ struct gb_repo *repo = NULL;
	struct gb_err err = GB_ERR_INIT;
	struct gb_worktree *none = NULL;

	(void)state;
	assert_int_equal(gb_fs_mkdirs("s11", NULL), 0);
	assert_int_equal(gb_repo_open("work", &repo, NULL), 0);
	assert_int_equal(gb_worktree_open(repo, "0123456789012345678901234567890123456789", "s11",
					  &none, &err),
			 GB_ESYS);
	assert_non_null(strstr(err.line, "012345678901 is not in this clone"));
	assert_null(none);
	wt = open_in("work", one, "s12");
	assert_int_equal(gb_worktree_move(wt, "0123456789012345678901234567890123456789", &err),
			 GB_ESYS);
	move_to(wt, two);
	is_clean(gb_worktree_top(wt), two);
	assert_int_equal(gb_worktree_open(repo, one, "s12", &none, &err), GB_EEXIST);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_git_takes_it_for_a_work_tree),
		cmocka_unit_test(test_moves_in_one_folder),
		cmocka_unit_test(test_takes_away_what_tests_left),
		cmocka_unit_test(test_survives_git_run_in_it),
		cmocka_unit_test(test_from_other_repositories),
		cmocka_unit_test(test_a_submodule_stays_empty),
		cmocka_unit_test(test_what_is_not_there),
	};

	return cmocka_run_group_tests(tests, enter, tempdir_leave);
}
