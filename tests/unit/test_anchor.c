/* anchor: tags, dates and commits that stay. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <git2.h>

#include "base/err.h"
#include "base/fs.h"
#include "git/anchor.h"
#include "tempdir.h"

static git_repository *git;
static char ids[4][41];

/* 2026-01-01, noon, and the three days that follow it; each is the next one's first parent. */
static void make_commits(void)
{
	git_commit *parent = NULL;
	git_treebuilder *b;
	git_tree *tree;
	git_oid id;

	assert_int_equal(git_treebuilder_new(&b, git, NULL), 0);
	assert_int_equal(git_treebuilder_write(&id, b), 0);
	git_treebuilder_free(b);
	assert_int_equal(git_tree_lookup(&tree, git, &id), 0);
	for (int i = 0; i < 4; i++) {
		git_signature *who;

		assert_int_equal(git_signature_new(&who, "A", "a@example.com",
						   1767268800 + (git_time_t)i * 86400, 0),
				 0);
		assert_int_equal(git_commit_create(&id, git, "HEAD", who, who, NULL, "c", tree,
						   parent != NULL, (const git_commit **)&parent),
				 0);
		git_signature_free(who);
		git_commit_free(parent);
		assert_int_equal(git_commit_lookup(&parent, git, &id), 0);
		git_oid_tostr(ids[i], sizeof(ids[i]), &id);
		if (i == 1)
			assert_int_equal(git_tag_create_lightweight(&id, git, "v1",
								    (git_object *)parent, 0),
					 0);
		if (i == 2) {
			assert_int_equal(git_signature_now(&who, "A", "a@example.com"), 0);
			assert_int_equal(git_tag_create(&id, git, "2026-01-01",
							(git_object *)parent, who, "m", 0),
					 0);
			git_signature_free(who);
		}
	}
	git_commit_free(parent);
	git_tree_free(tree);
}

static void test_finds(void **state)
{
	static const struct {
		const char *since;
		int want; /* -1: none */
	} rows[] = {
		{ "v1", 1 },
		/* A tag of that name is meant before the day. */
		{ "2026-01-01", 2 },
		{ "2026-01-02", 0 },
		{ "2026-01-03", 1 },
		{ "2026-02-28", 3 },
		{ "2025-12-31", -1 },
		{ ids[0], 0 },
		{ "0123456789012345678901234567890123456789", -1 },
		{ "v2", -1 },
		{ "HEAD", -1 },
	};
	_repo_ struct gb_repo *repo = NULL;

	(void)state;
	assert_int_equal(gb_repo_open("work", &repo, NULL), 0);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct gb_err err = GB_ERR_INIT;
		char got[41];
		int rc = gb_repo_anchor(repo, rows[i].since, got, &err);

		if (rows[i].want < 0)
			assert_int_equal(rc, GB_ENOTFOUND);
		else if (rc != 0 || strcmp(got, ids[rows[i].want]) != 0)
			fail_msg("%s: %d %s", rows[i].since, rc, err.line);
	}
}

static void test_a_shallow_clone_says_so(void **state)
{
	_repo_ struct gb_repo *repo = NULL;
	struct gb_err err = GB_ERR_INIT;
	char tip[42], lost[128], got[41];

	(void)state;
	snprintf(lost, sizeof(lost), "work/.git/objects/%.2s/%s", ids[0], ids[0] + 2);
	assert_int_equal(remove(lost), 0);
	snprintf(tip, sizeof(tip), "%s\n", ids[1]);
	assert_int_equal(gb_fs_write("work/.git/shallow", tip, 41, NULL), 0);
	assert_int_equal(gb_repo_open("work", &repo, NULL), 0);
	assert_int_equal(gb_repo_anchor(repo, "2026-01-02", got, &err), GB_ENOTFOUND);
	assert_string_equal(err.line, "a commit before 2026-01-02 is not in this clone");
	assert_non_null(strstr(err.hint, "fetch-depth: 0"));
}

static int enter(void **state)
{
	int rc = tempdir_enter(state);

	if (rc)
		return rc;
	git_libgit2_init();
	git_libgit2_opts(GIT_OPT_ENABLE_FSYNC_GITDIR, 0);
	rc = git_repository_init(&git, "work", 0);
	if (!rc)
		make_commits();
	return rc;
}

static int leave(void **state)
{
	git_repository_free(git);
	git_libgit2_shutdown();
	return tempdir_leave(state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_finds),
		cmocka_unit_test(test_a_shallow_clone_says_so),
	};

	return cmocka_run_group_tests(tests, enter, leave);
}
