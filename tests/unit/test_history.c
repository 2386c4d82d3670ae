/* history: what the index keeps comes back as it was, and nothing else does. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <git2.h>

#include "base/buf.h"
#include "base/cache.h"
#include "base/err.h"
#include "base/fs.h"
#include "base/limits.h"
#include "base/mem.h"
#include "budget/history_index.h"
#include "budget_fixture.h"
#include "git/repo.h"
#include "tempdir.h"

static git_repository *git;
static uint64_t seed = 88172645463325252u;

static unsigned chance(unsigned n)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (unsigned)(seed >> 33) % n;
}

/* A commit whose budgets/a.json gives TestA that budget, and budgets/b.json TestB; 0: no file. */
static void commit(git_oid *ret, const unsigned budget[2], git_time_t date, size_t n,
		   const git_commit **parents)
{
	static const char *const names[] = { "a", "b" };
	git_treebuilder *top, *folder;
	git_signature *who;
	git_tree *tree;
	git_oid id;

	assert_int_equal(git_treebuilder_new(&top, git, NULL), 0);
	assert_int_equal(git_treebuilder_new(&folder, git, NULL), 0);
	for (size_t i = 0; i < 2; i++) {
		_free_ char *text = gb_asprintf(
			"{\"package\": \"m/%s\", \"environments\": [{\"env\": %s, \"tests\": "
			"{\"Test%s\": {\"alloc_space\": %u}}}]}",
			names[i], BUDGET_ENV, names[i], budget[i]);
		char file[16];

		if (!budget[i])
			continue;
		snprintf(file, sizeof(file), "%s.json", names[i]);
		assert_int_equal(git_blob_create_from_buffer(&id, git, text, strlen(text)), 0);
		assert_int_equal(git_treebuilder_insert(NULL, folder, file, &id, GIT_FILEMODE_BLOB),
				 0);
	}
	assert_int_equal(git_treebuilder_write(&id, folder), 0);
	assert_int_equal(git_treebuilder_insert(NULL, top, "budgets", &id, GIT_FILEMODE_TREE), 0);
	assert_int_equal(git_treebuilder_write(&id, top), 0);
	git_treebuilder_free(folder);
	git_treebuilder_free(top);
	assert_int_equal(git_tree_lookup(&tree, git, &id), 0);
	assert_int_equal(git_signature_new(&who, "A", "a@example.com", date, 60), 0);
	assert_int_equal(git_commit_create(ret, git, NULL, who, who, NULL, "subject\n", tree, n,
					   parents),
			 0);
	git_signature_free(who);
	git_tree_free(tree);
}

#define COMMITS 12

/* Most with one parent, some with two; often of the same second. */
static void draw(git_oid ids[COMMITS])
{
	unsigned budget[COMMITS][2] = { { 1, 1 } };
	git_time_t date = 1700000000;

	for (size_t i = 0; i < COMMITS; i++) {
		git_commit *parents[2] = { NULL, NULL };
		size_t n = i == 0      ? 0
			   : chance(4) ? 1
				       : 2,
		       other = i > 1 ? chance((unsigned)i - 1) : 0;

		n = i < 2 && n > 1 ? 1 : n;
		if (i)
			memcpy(budget[i], budget[i - 1], sizeof(budget[i]));
		if (chance(2))
			budget[i][chance(2)] = chance(4);
		if (n > 0)
			assert_int_equal(git_commit_lookup(&parents[0], git, &ids[i - 1]), 0);
		if (n > 1)
			assert_int_equal(git_commit_lookup(&parents[1], git, &ids[other]), 0);
		date += (git_time_t)chance(3);
		commit(&ids[i], budget[i], date, n, (const git_commit **)parents);
		git_commit_free(parents[0]);
		git_commit_free(parents[1]);
	}
}

static void read_into(const struct gb_repo *repo, struct gb_history_options o,
		      struct gb_cache *cache, struct gb_buf *out)
{
	struct gb_history h = { 0 };
	struct gb_err err = GB_ERR_INIT;

	o.cache = cache;
	if (gb_history_read(repo, &o, &h, &err) < 0)
		fail_msg("%s", err.line);
	history_index_write(&h, out);
	gb_history_release(&h);
}

/* Cold, warm, and of commits on top of what is known: always as without any index. */
static void test_the_index_changes_nothing(void **state)
{
	static const char *const tests[] = { NULL, "Testa", "Testb" };
	_repo_ struct gb_repo *repo = NULL;
	_cache_ struct gb_cache cache = { 0 };

	(void)state;
	assert_int_equal(gb_repo_open("work", &repo, NULL), 0);
	assert_int_equal(gb_cache_open(&cache, NULL), 0);
	assert_non_null(cache.dir);
	for (int round = 0; round < 20; round++) {
		git_oid ids[COMMITS];

		draw(ids);
		for (size_t i = COMMITS - 5; i < COMMITS; i += 2) {
			char from[41], until[41];
			struct gb_history_options o = { .from = from,
							.below = "",
							.test = tests[round % 3],
							.metric = -1,
							.max = chance(4) ? 0 : 2 };
			_buf_ struct gb_buf without = GB_BUF_INIT(GB_MIB);

			git_oid_tostr(from, sizeof(from), &ids[i]);
			git_oid_tostr(until, sizeof(until), &ids[chance(COMMITS - 5)]);
			if (chance(4) == 0)
				o.until = until;
			read_into(repo, o, NULL, &without);
			for (int warm = 0; warm < 2; warm++) {
				_buf_ struct gb_buf with = GB_BUF_INIT(GB_MIB);

				read_into(repo, o, &cache, &with);
				if (with.len != without.len ||
				    memcmp(with.data, without.data, with.len) != 0)
					fail_msg("round %d, commit %zu, warm %d", round, i, warm);
			}
		}
	}
}

static void fill(struct gb_history *h)
{
	struct gb_history_commit *c;

	*h = (struct gb_history){ .commits = gb_calloc(2, sizeof(*c)), .n = 2, .cap = 2 };
	for (size_t i = 0; i < 2; i++) {
		c = &h->commits[i];
		memcpy(c->id, "0123456789abcdef0123456789abcdef01234567", 41);
		c->author = gb_strdup("A");
		c->subject = gb_strdup("");
		c->trouble = i ? gb_strdup("why") : NULL;
		c->zone = -60;
		c->when = INT64_MIN;
	}
	c = &h->commits[0];
	c->v = gb_calloc(1, sizeof(*c->v));
	c->n = c->cap = 1;
	c->v[0] = (struct gb_history_change){ .package = gb_strdup("p"),
					      .test = gb_strdup("t"),
					      .env = gb_strdup("e"),
					      .metric = GB_ESCAPES,
					      .has_now = true,
					      .now = INT64_MAX };
}

/* No beginning of an entry is one, and no byte of it can be changed into a crash. */
static void test_what_does_not_fit_is_not_there(void **state)
{
	_buf_ struct gb_buf entry = GB_BUF_INIT(4096);
	struct gb_history h;

	(void)state;
	fill(&h);
	history_index_write(&h, &entry);
	gb_history_release(&h);
	for (size_t len = 0; len < entry.len; len++) {
		_free_ char *part = gb_calloc(1, len + 1);

		memcpy(part, entry.data, len);
		assert_int_equal(history_index_read(part, len, &h, NULL), GB_EPARSE);
	}
	for (size_t at = 0; at < entry.len; at++)
		for (int bit = 0; bit < 8; bit += 7) {
			_buf_ struct gb_buf again = GB_BUF_INIT(8192);

			entry.data[at] ^= (char)(1 << bit);
			if (history_index_read(entry.data, entry.len, &h, NULL) == 0) {
				history_index_write(&h, &again);
				assert_int_equal(again.len, entry.len);
				gb_history_release(&h);
			}
			entry.data[at] ^= (char)(1 << bit);
		}
	assert_int_equal(history_index_read(entry.data, entry.len, &h, NULL), 0);
	assert_int_equal(h.n, 2);
	assert_int_equal(h.commits[0].v[0].now, INT64_MAX);
	assert_null(h.commits[0].v[0].reason);
	assert_string_equal(h.commits[1].trouble, "why");
	gb_history_release(&h);
}

static int enter(void **state)
{
	int rc = tempdir_enter(state);

	if (rc)
		return rc;
	_free_ char *here = NULL;
	if (gb_fs_cwd(&here, NULL) < 0)
		return -1;
	_free_ char *cache = gb_asprintf("%s/cache", here);
	setenv("GOBUDGET_CACHE", cache, 1);
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
		cmocka_unit_test(test_the_index_changes_nothing),
		cmocka_unit_test(test_what_does_not_fit_is_not_there),
	};

	return cmocka_run_group_tests(tests, enter, leave);
}
