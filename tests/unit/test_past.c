/* past: which nights count, in a repository with dates that lie and notes that are none. */
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
#include "base/limits.h"
#include "base/mem.h"
#include "budget/past.h"
#include "git/repo.h"
#include "tempdir.h"

#define DAY 86400
#define NOW ((git_time_t)1795305600)
#define ENV "go1.26 linux/amd64"

static git_repository *git;

static void sign(git_signature **ret, int days)
{
	assert_int_equal(
		git_signature_new(ret, "A", "a@example.com", NOW - (git_time_t)days * DAY, 0), 0);
}

/* A commit so many days ago, and what its note says; NULL: it has none. */
static git_oid commit(int days, const git_oid *parent, const git_oid *other, const char *note)
{
	git_commit *parents[2] = { NULL, NULL };
	size_t n = 0;
	git_oid id, tree_id, note_id;
	git_treebuilder *b;
	git_signature *who;
	git_tree *tree;

	if (parent)
		assert_int_equal(git_commit_lookup(&parents[n++], git, parent), 0);
	if (other)
		assert_int_equal(git_commit_lookup(&parents[n++], git, other), 0);
	assert_int_equal(git_treebuilder_new(&b, git, NULL), 0);
	assert_int_equal(git_treebuilder_write(&tree_id, b), 0);
	git_treebuilder_free(b);
	assert_int_equal(git_tree_lookup(&tree, git, &tree_id), 0);
	sign(&who, days);
	assert_int_equal(git_commit_create(&id, git, NULL, who, who, NULL, note ? note : "none",
					   tree, n, (const git_commit **)parents),
			 0);
	if (note)
		assert_int_equal(git_note_create(&note_id, git, "refs/notes/gobudget", who, who,
						 &id, note, 1),
				 0);
	git_signature_free(who);
	git_tree_free(tree);
	git_commit_free(parents[0]);
	git_commit_free(parents[1]);
	return id;
}

static git_oid night(int days, const git_oid *parent, const git_oid *other, int value)
{
	_free_ char *note = gb_asprintf("{\"version\":1,\"measured\":{\"" ENV "\":{\"m/a\":{"
					"\"TestA\":{\"goroutines\":1,\"alloc_space\":%d}}}}}",
					value);

	return commit(days, parent, other, note);
}

static bool bytes_only(void *arg, const char *package, const char *test, enum gb_metric m)
{
	(void)arg;
	return !strcmp(package, "m/a") && !strcmp(test, "TestA") && m == GB_ALLOC_SPACE;
}

static int read_past(const git_oid *from, struct gb_past_options o, struct gb_past *ret)
{
	_repo_ struct gb_repo *repo = NULL;
	char id[41];

	git_oid_tostr(id, sizeof(id), from);
	o.from = id;
	o.wants = bytes_only;
	assert_int_equal(gb_repo_open_any(git_repository_path(git), &repo, NULL), 0);
	return gb_past_read(repo, &o, ret, NULL);
}

/* The values of TestA as "3 2 1". */
static void expect(const git_oid *from, struct gb_past_options o, const char *want, int line)
{
	_buf_ struct gb_buf got = GB_BUF_INIT(4096);
	const struct gb_past_row *row;
	struct gb_past p = { 0 };

	assert_int_equal(read_past(from, o, &p), 0);
	row = gb_past_find(&p, ENV, "m/a", "TestA", GB_ALLOC_SPACE);
	assert_null(gb_past_find(&p, ENV, "m/a", "TestA", GB_GOROUTINES));
	assert_null(gb_past_find(&p, "go1.25 linux/amd64", "m/a", "TestA", GB_ALLOC_SPACE));
	for (size_t i = 0; row && i < row->n; i++)
		gb_buf_addf(&got, "%s%lld", i ? " " : "", (long long)row->points[i].value);
	if (strcmp(got.len ? got.data : "", want) != 0)
		fail_msg("line %d: \"%s\", not \"%s\"", line, got.len ? got.data : "", want);
	gb_past_release(&p);
}

#define EXPECT(from, want, ...) \
	expect(from, (struct gb_past_options){ __VA_ARGS__ }, want, __LINE__)

static void test_days_and_nights(void **state)
{
	git_oid id[12];

	(void)state;
	/* One a day, the oldest first; id[11] is of today. */
	for (int i = 0; i < 12; i++)
		id[i] = night(11 - i, i ? &id[i - 1] : NULL, NULL, 11 - i);
	EXPECT(&id[11], "0 1 2 3", .days = 3);
	EXPECT(&id[11], "1 2 3", .days = 3, .after = true);
	EXPECT(&id[11], "0", .days = 0);
	EXPECT(&id[11], "", .days = 0, .after = true);
	EXPECT(&id[11], "1 2 3 4 5", .days = 3, .after = true, .nights = 5);
	EXPECT(&id[11], "1 2 3", .days = 3, .after = true, .nights = 2);
	EXPECT(&id[11], "0 1 2 3 4 5 6 7 8 9 10 11", .days = 366);
	EXPECT(&id[4], "8 9", .days = 2, .after = true);
}

static void test_only_ancestors(void **state)
{
	git_oid root = night(5, NULL, NULL, 1), side = night(4, &root, NULL, 2);
	git_oid main_ = night(3, &root, NULL, 3), merged = night(2, &main_, &side, 4);
	git_oid none = commit(1, &main_, NULL, NULL);

	(void)state;
	EXPECT(&none, "3 1", .days = 7);
	EXPECT(&merged, "4 3 2 1", .days = 7);
}

static void test_dates_that_lie(void **state)
{
	git_oid root = night(6, NULL, NULL, 6), future = night(-3, &root, NULL, 99);
	git_oid ancient = night(9000, &future, NULL, 98), real = night(3, &ancient, NULL, 3);
	git_oid skewed = night(0, &real, NULL, 0), head = night(0, &skewed, NULL, 1);
	git_oid v[12], epoch;

	(void)state;
	/* What is younger than the end by days, or older than the window, is none of its nights; what
	 * lies below is all the same. */
	EXPECT(&head, "1 0 3 6", .days = 7);
	/* Six commits in a row that are too old end it. */
	v[0] = root;
	for (int i = 1; i <= 6; i++)
		v[i] = night(500 + i, &v[i - 1], NULL, 77);
	epoch = night(0, &v[6], NULL, 5);
	EXPECT(&epoch, "5", .days = 7);
	EXPECT(&epoch, "5", .days = 7, .nights = 100);
}

static void test_notes_that_are_none(void **state)
{
	static const char *const bad[] = {
		"{", "", "hello", "{\"version\":2,\"measured\":{}}",
		"{\"version\":1,\"measured\":{\"e\":{\"p\":{\"t\":3}}}}"
	};
	git_oid last = night(9, NULL, NULL, 9), head;
	struct gb_past p = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		last = commit(8 - (int)i, &last, NULL, bad[i]);
	head = night(1, &last, NULL, 1);
	EXPECT(&head, "1 9", .days = 30);
	assert_int_equal(read_past(&head, (struct gb_past_options){ .days = 30 }, &p), 0);
	assert_int_equal(p.nights, 2);
	assert_non_null(p.trouble);
	assert_non_null(strstr(p.trouble, "says nothing: its git note"));
	assert_string_equal(p.cut, "");
	assert_true(p.when == NOW - DAY);
	gb_past_release(&p);
}

static void test_no_notes_at_all(void **state)
{
	git_reference *ref;
	git_oid head = commit(1, NULL, NULL, NULL);

	(void)state;
	EXPECT(&head, "", .days = 30);
	assert_int_equal(git_reference_lookup(&ref, git, "refs/notes/gobudget"), 0);
	assert_int_equal(git_reference_delete(ref), 0);
	git_reference_free(ref);
	EXPECT(&head, "", .days = 30);
}

static void test_a_commit_that_is_not_here(void **state)
{
	struct gb_past p = { 0 };
	git_oid none;

	(void)state;
	(void)night(1, NULL, NULL, 1);
	assert_int_equal(git_oid_fromstr(&none, "0123456789012345678901234567890123456789"), 0);
	assert_true(read_past(&none, (struct gb_past_options){ .days = 30 }, &p) < 0);
}

static int enter(void **state)
{
	if (tempdir_enter(state) || git_libgit2_init() < 0)
		return -1;
	return git_repository_init(&git, *state, 1);
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
		cmocka_unit_test(test_days_and_nights),
		cmocka_unit_test(test_only_ancestors),
		cmocka_unit_test(test_dates_that_lie),
		cmocka_unit_test(test_notes_that_are_none),
		cmocka_unit_test(test_a_commit_that_is_not_here),
		cmocka_unit_test(test_no_notes_at_all),
	};

	return cmocka_run_group_tests(tests, enter, leave);
}
