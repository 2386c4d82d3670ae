/* walk: random histories, listed as git itself lists them; GB_GRAPHS=1000 for so many of them. */
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
#include "base/mem.h"
#include "base/proc.h"
#include "git/walk.h"
#include "tempdir.h"

#define GRAPHS	    200
#define MAX_COMMITS 24
#define FILES	    3

static git_repository *git;
static uint64_t seed = 88172645463325252u;

static unsigned chance(unsigned n)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (unsigned)(seed >> 33) % n;
}

/* Contents of budgets/a, budgets/deep/b and other: 0 is no file. */
struct drawn {
	git_oid id;
	unsigned file[FILES];
};

static void put(git_treebuilder *b, const char *name, unsigned content)
{
	char text[16];
	git_oid id;

	if (!content)
		return;
	snprintf(text, sizeof(text), "%u\n", content);
	assert_int_equal(git_blob_create_from_buffer(&id, git, text, strlen(text)), 0);
	assert_int_equal(git_treebuilder_insert(NULL, b, name, &id, GIT_FILEMODE_BLOB), 0);
}

static void put_tree(git_treebuilder *b, const char *name, git_treebuilder *sub)
{
	git_oid id;

	if (git_treebuilder_entrycount(sub)) {
		assert_int_equal(git_treebuilder_write(&id, sub), 0);
		assert_int_equal(git_treebuilder_insert(NULL, b, name, &id, GIT_FILEMODE_TREE), 0);
	}
	git_treebuilder_free(sub);
}

static void write_commit(struct drawn *d, git_time_t date, size_t n, const git_commit **parents)
{
	git_treebuilder *top, *budgets, *deep;
	git_signature *who;
	git_tree *tree;
	git_oid id;

	assert_int_equal(git_treebuilder_new(&top, git, NULL), 0);
	assert_int_equal(git_treebuilder_new(&budgets, git, NULL), 0);
	assert_int_equal(git_treebuilder_new(&deep, git, NULL), 0);
	put(budgets, "a", d->file[0]);
	put(deep, "b", d->file[1]);
	put(top, "other", d->file[2]);
	put_tree(budgets, "deep", deep);
	put_tree(top, "budgets", budgets);
	assert_int_equal(git_treebuilder_write(&id, top), 0);
	git_treebuilder_free(top);
	assert_int_equal(git_tree_lookup(&tree, git, &id), 0);
	assert_int_equal(git_signature_new(&who, "A", "a@example.com", date, 0), 0);
	assert_int_equal(
		git_commit_create(&d->id, git, NULL, who, who, NULL, "c", tree, n, parents), 0);
	git_signature_free(who);
	git_tree_free(tree);
}

/* Up to 24 commits with up to three parents each; returns how many. */
static size_t draw(struct drawn *d)
{
	size_t n = 3 + chance(MAX_COMMITS - 2);
	git_time_t date = 1700000000;

	for (size_t i = 0; i < n; i++) {
		git_commit *parents[3];
		size_t from[3], n_parents = 0, wanted = chance(3) ? 1 : 2 + chance(2);

		if (i == 0 || chance(30) == 0)
			wanted = 0;
		for (size_t tries = 0; tries < 9 && n_parents < wanted; tries++) {
			size_t p = i > 6 && chance(4) ? i - 1 - chance(6) : chance((unsigned)i);
			bool twice = false;

			for (size_t k = 0; k < n_parents; k++)
				twice = twice || from[k] == p;
			if (!twice)
				from[n_parents++] = p;
		}
		memset(d[i].file, 0, sizeof(d[i].file));
		if (n_parents)
			memcpy(d[i].file, d[from[chance((unsigned)n_parents)]].file,
			       sizeof(d[i].file));
		if (chance(2))
			d[i].file[chance(FILES)] = chance(4);
		/* Often the same second, as when rebased. */
		date += (git_time_t)(chance(3) * chance(3));
		for (size_t k = 0; k < n_parents; k++)
			assert_int_equal(git_commit_lookup(&parents[k], git, &d[from[k]].id), 0);
		write_commit(&d[i], date, n_parents, (const git_commit **)parents);
		for (size_t k = 0; k < n_parents; k++)
			git_commit_free(parents[k]);
	}
	return n;
}

static int add_line(void *arg, const struct gb_walk_commit *c, struct gb_err *err)
{
	(void)err;
	gb_buf_addf(arg, "%s\n", c->id);
	return 0;
}

static size_t warm_walks;

static int keep_id(void *arg, const struct gb_walk_commit *c, struct gb_err *err)
{
	(void)err;
	memcpy(arg, c->id, sizeof(c->id));
	return 0;
}

/* The same, when a walk from each commit on the way is known: its list follows where it is met. */
static void compare_warm(const struct gb_repo *repo, const struct gb_walk_options *cold,
			 const char *theirs, int number)
{
	struct gb_walk_options any = { .from = cold->from };
	struct gb_walk_end end;

	for (size_t back = 1; back < 4; back++) {
		_buf_ struct gb_buf first = GB_BUF_INIT(GB_MIB), rest = GB_BUF_INIT(GB_MIB);
		struct gb_walk_seen known = { .n = 0 };
		struct gb_walk_options o = *cold;

		any.max = back + 1;
		assert_int_equal(gb_walk(repo, &any, keep_id, known.tip, &end, NULL), 0);
		o.from = known.tip;
		o.seen = &known;
		assert_int_equal(gb_walk(repo, &o, add_line, &rest, &end, NULL), 0);
		gb_walk_seen_sort(&known);
		o = *cold;
		o.known = &known;
		assert_int_equal(gb_walk(repo, &o, add_line, &first, &end, NULL), 0);
		if (end.met) {
			warm_walks++;
			gb_buf_add(&first, rest.data, rest.len);
		}
		if (strcmp(first.data, theirs) != 0)
			fail_msg("graph %d, %s, known from %s:\nwe list\n%sgit lists\n%s", number,
				 cold->from, known.tip, first.data, theirs);
		gb_walk_seen_release(&known);
	}
}

static void compare(const struct gb_repo *repo, const git_oid *from, const git_oid *until,
		    const char *const *paths, size_t n_paths, int number)
{
	_buf_ struct gb_buf ours = GB_BUF_INIT(GB_MIB), theirs = GB_BUF_INIT(GB_MIB);
	char a[41], b[41], range[128];
	struct gb_walk_end end;
	struct gb_err err = GB_ERR_INIT;
	struct gb_proc_result result;
	const char *argv[] = { "git", "-C",	     "work",
			       "log", "--format=%H", range,
			       "--",  paths[0],	     n_paths > 1 ? paths[1] : NULL,
			       NULL };
	const struct gb_proc p = {
		.argv = argv, .out = GB_STDIO_BUF, .out_buf = &theirs, .in = GB_STDIO_NULL
	};
	const struct gb_walk_options o = {
		.from = a, .until = until ? b : NULL, .paths = paths, .n_paths = n_paths
	};

	git_oid_tostr(a, sizeof(a), from);
	if (until)
		git_oid_tostr(b, sizeof(b), until);
	snprintf(range, sizeof(range), "%s%s%s", until ? b : "", until ? ".." : "", a);
	assert_int_equal(gb_proc_run(&p, &result, &err), 0);
	assert_int_equal(result.status, 0);
	if (gb_walk(repo, &o, add_line, &ours, &end, &err) < 0)
		fail_msg("%s", err.line);
	assert_string_equal(end.cut, "");
	if (strcmp(ours.data, theirs.data) != 0)
		fail_msg("graph %d, %s:\nwe list\n%sgit lists\n%s", number, range, ours.data,
			 theirs.data);
	if (!until)
		compare_warm(repo, &o, theirs.data, number);
}

static void test_lists_what_git_lists(void **state)
{
	static const char *const whole[] = { "budgets" }, *const one[] = { "budgets/a" },
				 *const two[] = { "budgets/deep/b", "other" };
	_repo_ struct gb_repo *repo = NULL;
	struct drawn d[MAX_COMMITS + 1];
	const char *asked = getenv("GB_GRAPHS");
	int graphs = asked ? (int)strtol(asked, NULL, 10) : GRAPHS;

	(void)state;
	assert_true(graphs > 0);
	assert_int_equal(gb_repo_open("work", &repo, NULL), 0);
	for (int i = 0; i < graphs; i++) {
		size_t n = draw(d);
		const git_oid *last = &d[n - 1].id;
		const git_oid *until = chance(2) ? &d[chance((unsigned)n - 1)].id : NULL;

		switch (i % 3) {
		case 0:
			compare(repo, last, until, whole, 1, i);
			break;
		case 1:
			compare(repo, last, until, one, 1, i);
			break;
		default:
			compare(repo, last, until, two, 2, i);
		}
	}
	/* A walk that never met another would show nothing. */
	assert_true(warm_walks > (size_t)graphs / 10);
}

static void test_says_where_a_shallow_clone_ends(void **state)
{
	static const char *const one[] = { "budgets/a" };
	_repo_ struct gb_repo *repo = NULL;
	_buf_ struct gb_buf ours = GB_BUF_INIT(4096);
	struct drawn d = { .file = { 1, 0, 0 } };
	char tip[42], lost[128];
	struct gb_walk_end end;
	git_commit *parent;

	(void)state;
	write_commit(&d, 1600000000, 0, NULL);
	assert_int_equal(git_commit_lookup(&parent, git, &d.id), 0);
	git_oid_tostr(tip, sizeof(tip), &d.id);
	snprintf(lost, sizeof(lost), "work/.git/objects/%.2s/%s", tip, tip + 2);
	d.file[0] = 2;
	write_commit(&d, 1600000001, 1, (const git_commit **)&parent);
	git_commit_free(parent);
	git_oid_tostr(tip, 41, &d.id);
	assert_int_equal(remove(lost), 0);
	assert_int_equal(gb_repo_open("work", &repo, NULL), 0);

	const struct gb_walk_options o = { .from = tip, .paths = one, .n_paths = 1 };
	struct gb_err err = GB_ERR_INIT;
	/* Not here, and no shallow clone: the repository is damaged. */
	assert_int_equal(gb_walk(repo, &o, add_line, &ours, &end, &err), GB_ESYS);
	assert_non_null(strstr(err.line, "not in this clone"));
	tip[40] = '\n';
	assert_int_equal(gb_fs_write("work/.git/shallow", tip, 41, NULL), 0);
	tip[40] = 0;
	assert_int_equal(gb_walk(repo, &o, add_line, &ours, &end, &err), 0);
	assert_string_equal(end.cut, tip);
	assert_string_equal(ours.data, "");
	assert_int_equal(remove("work/.git/shallow"), 0);
}

static int enter(void **state)
{
	int rc = tempdir_enter(state);

	if (rc)
		return rc;
	git_libgit2_init();
	git_libgit2_opts(GIT_OPT_ENABLE_FSYNC_GITDIR, 0);
	return git_repository_init(&git, "work", 0);
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
		cmocka_unit_test(test_lists_what_git_lists),
		cmocka_unit_test(test_says_where_a_shallow_clone_ends),
	};

	return cmocka_run_group_tests(tests, enter, leave);
}
