/* notes: how many of them stay, which, and what they take. */
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
#include "git/notes.h"
#include "tempdir.h"

#define DAYS 5

static git_repository *git;
static char ids[DAYS][41];

/* A day after the other; the second has a tag. */
static void make_commits(void)
{
	git_treebuilder *b;
	git_tree *tree;
	git_oid id;

	assert_int_equal(git_treebuilder_new(&b, git, NULL), 0);
	assert_int_equal(git_treebuilder_write(&id, b), 0);
	git_treebuilder_free(b);
	assert_int_equal(git_tree_lookup(&tree, git, &id), 0);
	for (int i = 0; i < DAYS; i++) {
		git_signature *who;
		git_object *o;

		assert_int_equal(git_signature_new(&who, "A", "a@example.com",
						   1767268800 + (git_time_t)i * 86400, 0),
				 0);
		assert_int_equal(
			git_commit_create(&id, git, NULL, who, who, NULL, "c", tree, 0, NULL), 0);
		git_signature_free(who);
		git_oid_tostr(ids[i], sizeof(ids[i]), &id);
		if (i != 1)
			continue;
		assert_int_equal(git_object_lookup(&o, git, &id, GIT_OBJECT_COMMIT), 0);
		assert_int_equal(git_tag_create_lightweight(&id, git, "v1", o, 0), 0);
		git_object_free(o);
	}
	git_tree_free(tree);
}

/* A hundred bytes for each day; *ret is released by the caller. */
static void take_notes(const struct gb_repo *repo, struct gb_notes *ret)
{
	char text[101];

	*ret = (struct gb_notes){ 0 };
	for (int i = 0; i < DAYS; i++) {
		(void)snprintf(text, sizeof(text), "%0100d", i);
		assert_int_equal(gb_notes_set(repo, ret, ids[i], text, 100, NULL), 0);
	}
}

static void has(const struct gb_notes *notes, const char *days)
{
	size_t n = 0;

	for (const char *d = days; *d; d++, n++)
		if (!gb_notes_find(notes, ids[*d - '0']))
			fail_msg("day %c is gone of %s", *d, days);
	assert_int_equal(notes->n, n);
}

static void test_bounds(void **state)
{
	static const struct {
		int64_t max;
		int now; /* the day that is measured */
		const char *left;
		int64_t total;
	} rows[] = {
		{ 0, 4, "01234", 500 },
		{ 500, 4, "01234", 500 },
		/* The oldest go first, the tagged one stays. */
		{ 499, 4, "1234", 400 },
		{ 300, 4, "134", 300 },
		{ 200, 4, "14", 200 },
		/* What is measured now stays, however old its commit is. */
		{ 200, 0, "01", 200 },
		{ 350, 0, "014", 300 },
		/* More than may be: who asked has to refuse. */
		{ 100, 4, "14", 200 },
		{ 1, 1, "1", 100 },
	};
	_repo_ struct gb_repo *repo = NULL;

	(void)state;
	assert_int_equal(gb_repo_open_any("work", &repo, NULL), 0);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct gb_notes notes;
		int64_t total = -1;

		take_notes(repo, &notes);
		assert_int_equal(gb_notes_bound(repo, &notes, ids[rows[i].now], rows[i].max, &total,
						NULL),
				 0);
		has(&notes, rows[i].left);
		assert_int_equal(total, rows[i].total);
		gb_notes_release(&notes);
	}
}

static void test_prune(void **state)
{
	static const struct {
		size_t keep;
		const char *left;
	} rows[] = { { 9, "01234" }, { 4, "01234" }, { 3, "1234" }, { 1, "14" }, { 0, "1" } };
	_repo_ struct gb_repo *repo = NULL;

	(void)state;
	assert_int_equal(gb_repo_open_any("work", &repo, NULL), 0);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct gb_notes notes;

		take_notes(repo, &notes);
		assert_int_equal(gb_notes_prune(repo, &notes, rows[i].keep, NULL), 0);
		has(&notes, rows[i].left);
		gb_notes_release(&notes);
	}
}

static int add_size(const git_oid *id, void *arg)
{
	_buf_ struct gb_buf file = GB_BUF_INIT(1 << 20);
	char text[41], path[128];

	git_oid_tostr(text, sizeof(text), id);
	(void)snprintf(path, sizeof(path), "work/.git/objects/%.2s/%s", text, text + 2);
	assert_int_equal(gb_fs_read(path, &file, NULL), 0);
	*(int64_t *)arg += (int64_t)file.len;
	return 0;
}

static int64_t objects(void)
{
	git_odb *odb;
	int64_t all = 0;

	assert_int_equal(git_repository_odb(&odb, git), 0);
	assert_int_equal(git_odb_refresh(odb), 0);
	assert_int_equal(git_odb_foreach(odb, add_size, &all), 0);
	git_odb_free(odb);
	return all;
}

static void test_growth_is_told(void **state)
{
	_repo_ struct gb_repo *repo = NULL;
	struct gb_notes notes = { 0 };
	int64_t before = objects();

	(void)state;
	assert_int_equal(gb_repo_open_any("work", &repo, NULL), 0);
	assert_int_equal(gb_notes_load(repo, NULL, &notes, NULL), 0);
	assert_int_equal(gb_notes_set(repo, &notes, ids[0], "growth", 6, NULL), 0);
	/* Known by now: it is written once. */
	assert_int_equal(gb_notes_set(repo, &notes, ids[3], "growth", 6, NULL), 0);
	assert_int_equal(gb_notes_write(repo, &notes, "m", NULL), 0);
	assert_int_equal(notes.grew, objects() - before);
	assert_true(notes.grew > 100);
	gb_notes_release(&notes);
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
		cmocka_unit_test(test_bounds),
		cmocka_unit_test(test_prune),
		cmocka_unit_test(test_growth_is_told),
	};

	return cmocka_run_group_tests(tests, enter, leave);
}
