/* bisect: as good a choice as git's on random graphs, and a range as git lists it. */
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
#include "base/mem.h"
#include "base/proc.h"
#include "base/strlist.h"
#include "git/bisect.h"
#include "git/range.h"
#include "tempdir.h"

#define MOST 120

static unsigned long long seed = 20261122;

static unsigned rnd(unsigned below)
{
	seed = seed * 6364136223846793005ull + 1442695040888963407ull;
	return (unsigned)(seed >> 33) % below;
}

static git_repository *git;
static git_oid ids[MOST];

/* Commits 0..n-1 whose parents come before them, one in `merges` of them a merge; dates go back now
 * and then. */
static void grow(size_t n, unsigned merges)
{
	git_treebuilder *builder;
	git_tree *tree;
	git_oid empty;

	assert_int_equal(git_treebuilder_new(&builder, git, NULL), 0);
	assert_int_equal(git_treebuilder_write(&empty, builder), 0);
	git_treebuilder_free(builder);
	assert_int_equal(git_tree_lookup(&tree, git, &empty), 0);
	for (size_t i = 0; i < n; i++) {
		git_signature *who;
		git_commit *parents[2] = { NULL, NULL };
		size_t n_parents = i ? 1 : 0;
		char message[64];

		(void)snprintf(message, sizeof(message), "%llu", seed);
		assert_int_equal(
			git_signature_new(&who, "A", "a@example.com",
					  1700000000 + (int)i * 60 - (rnd(9) == 0 ? 200 : 0), 0),
			0);
		if (i) {
			size_t p = rnd(4) ? i - 1 : rnd((unsigned)i);

			assert_int_equal(git_commit_lookup(&parents[0], git, &ids[p]), 0);
			if (i > 1 && merges && rnd(merges) == 0) {
				size_t q = rnd((unsigned)i);

				if (q != p) {
					assert_int_equal(
						git_commit_lookup(&parents[1], git, &ids[q]), 0);
					n_parents = 2;
				}
			}
		}
		assert_int_equal(git_commit_create(&ids[i], git, NULL, who, who, NULL, message,
						   tree, n_parents, (const git_commit **)parents),
				 0);
		git_commit_free(parents[0]);
		git_commit_free(parents[1]);
		git_signature_free(who);
	}
	git_tree_free(tree);
}

/* What git says, its words separated by one space. */
static char *ask_git(const struct gb_strlist *words)
{
	_strlist_ struct gb_strlist argv = GB_STRLIST_INIT;
	_buf_ struct gb_buf out = GB_BUF_INIT(1 << 20);
	const char *const fixed[] = { "git", "-C", "work", "rev-list" };
	struct gb_proc_result end;

	assert_int_equal(gb_strlist_add_all(&argv, fixed, 4, NULL), 0);
	assert_int_equal(gb_strlist_add_all(&argv, (const char *const *)words->v, words->n, NULL),
			 0);
	const struct gb_proc p = { .argv = (const char *const *)gb_strlist_argv(&argv),
				   .out = GB_STDIO_BUF,
				   .out_buf = &out };
	assert_int_equal(gb_proc_run(&p, &end, NULL), 0);
	assert_int_equal(end.status, 0);
	return out.len ? gb_buf_detach(&out) : gb_strdup("");
}

static struct gb_repo *open_work(void)
{
	struct gb_repo *repo = NULL;

	assert_int_equal(gb_repo_open("work", &repo, NULL), 0);
	return repo;
}

static void name_of(size_t i, char ret[41])
{
	git_oid_tostr(ret, 41, &ids[i]);
}

static size_t place_of(const struct gb_range *r, const char *id)
{
	for (size_t i = 0; i < r->n; i++)
		if (strncmp(r->v[i].id, id, 40) == 0)
			return i;
	fail_msg("%s is not in the range", id);
	return 0;
}

static void test_lists_what_git_lists(void **state)
{
	(void)state;
	for (int round = 0; round < 20; round++) {
		_repo_ struct gb_repo *repo = open_work();
		_strlist_ struct gb_strlist words = GB_STRLIST_INIT;
		struct gb_range r = { 0 };
		size_t n = 2 + rnd(MOST - 2), from = rnd((unsigned)n), lines = 0;
		char a[41], b[41];

		grow(n, 1 + rnd(6));
		name_of(from, a);
		name_of(n - 1, b);
		assert_int_equal(gb_range_read(repo, a, b, &r, NULL), 0);
		assert_int_equal(gb_strlist_add(&words, b, NULL), 0);
		assert_int_equal(gb_strlist_addf(&words, NULL, "^%s", a), 0);
		_free_ char *all = ask_git(&words);
		for (const char *p = all; *p; p += 41, lines++)
			(void)place_of(&r, p);
		assert_int_equal(lines, r.n);
		for (size_t i = 0; i < r.n; i++)
			for (size_t k = 0; k < r.v[i].n_parents; k++)
				assert_true(r.v[i].parents[k] < i);
		assert_int_equal(gb_strlist_add(&words, "--first-parent", NULL), 0);
		_free_ char *line = ask_git(&words);
		size_t on_line = 0;
		for (size_t i = 0; i < r.n; i++)
			on_line += r.v[i].main;
		for (const char *p = line; *p; p += 41, on_line--)
			assert_true(r.v[place_of(&r, p)].main);
		assert_int_equal(on_line, 0);
		assert_int_equal(gb_range_reaches(repo, a, a, NULL), 1);
		assert_int_equal(gb_range_reaches(repo, a, b, NULL), r.n == 0);
		gb_range_release(&r);
	}
}

/* How many candidates has this one, and how many are there? */
static size_t weigh(const struct gb_bisect *b, const struct gb_range *r, size_t commit, size_t *n)
{
	bool has[MOST] = { false };
	size_t weight = 0;

	*n = 0;
	has[commit] = true;
	for (size_t i = r->n; i-- > 0;) {
		for (size_t k = 0; k < r->v[i].n_parents && has[i]; k++)
			has[r->v[i].parents[k]] = true;
		if (!gb_bisect_is_candidate(b, i))
			continue;
		++*n;
		weight += has[i];
	}
	return weight;
}

static size_t gain(const struct gb_bisect *b, const struct gb_range *r, size_t commit)
{
	size_t n, w = weigh(b, r, commit, &n);

	return w < n - w ? w : n - w;
}

static bool has(const struct gb_range *r, size_t commit, size_t what)
{
	bool seen[MOST] = { false };

	seen[commit] = true;
	for (size_t i = commit + 1; i-- > 0;)
		for (size_t k = 0; k < r->v[i].n_parents && seen[i]; k++)
			seen[r->v[i].parents[k]] = true;
	return seen[what];
}

/* What git would ask in our place; its choice must not be better than ours. */
static void no_better_than_ours(const struct gb_bisect *b, const struct gb_range *r,
				const struct gb_bisect_step *s, const char *from)
{
	_strlist_ struct gb_strlist words = GB_STRLIST_INIT;

	assert_int_equal(gb_strlist_add(&words, "--bisect", NULL), 0);
	assert_int_equal(gb_strlist_add(&words, r->v[b->bad].id, NULL), 0);
	assert_int_equal(gb_strlist_addf(&words, NULL, "^%s", from), 0);
	for (size_t i = 0; i < r->n; i++)
		if (b->word[i] == GB_BISECT_GOOD)
			assert_int_equal(gb_strlist_addf(&words, NULL, "^%s", r->v[i].id), 0);
	_free_ char *theirs = ask_git(&words);
	size_t place = place_of(r, theirs);
	assert_true(gb_bisect_is_candidate(b, place));
	assert_true(gain(b, r, s->commit) >= gain(b, r, place));
}

static void test_asks_as_few_as_git(void **state)
{
	(void)state;
	for (int round = 0; round < 15; round++) {
		_repo_ struct gb_repo *repo = open_work();
		struct gb_bisect b;
		struct gb_bisect_step s;
		struct gb_range r = { 0 };
		size_t n = 10 + rnd(MOST - 10), asked = 0, culprit, about;
		char from[41], to[41];

		grow(n, round % 3 ? 1 + rnd(8) : 0);
		name_of(rnd(3), from);
		name_of(n - 1, to);
		assert_int_equal(gb_range_read(repo, from, to, &r, NULL), 0);
		if (!r.n)
			continue;
		culprit = rnd((unsigned)r.n);
		if (!has(&r, r.n - 1, culprit))
			culprit = r.n - 1;
		assert_int_equal(gb_bisect_begin(&b, &r, NULL), 0);
		for (gb_bisect_next(&b, &s), about = s.about; s.state == GB_BISECT_ASK;
		     gb_bisect_next(&b, &s)) {
			asked++;
			assert_int_not_equal(s.commit, b.bad);
			assert_int_equal(b.word[s.commit], GB_BISECT_UNKNOWN);
			if (asked <= 3)
				no_better_than_ours(&b, &r, &s, from);
			gb_bisect_tell(&b, s.commit,
				       has(&r, s.commit, culprit) ? GB_BISECT_BAD : GB_BISECT_GOOD);
		}
		assert_int_equal(s.state, GB_BISECT_FOUND);
		assert_int_equal(s.commit, culprit);
		/* On one line of commits log2 of them; where lines run side by side more. */
		if (round % 3 == 0)
			assert_true(asked <= about + 1);
		gb_bisect_end(&b);
		gb_range_release(&r);
	}
}

/* A line of commits, the newest last. */
static void line_of(size_t n, struct gb_range *r, struct gb_range_commit *v, size_t *parents)
{
	for (size_t i = 0; i < n; i++) {
		parents[i] = i ? i - 1 : 0;
		v[i] = (struct gb_range_commit){ .parents = &parents[i], .n_parents = i > 0 };
	}
	*r = (struct gb_range){ .v = v, .n = n };
}

static void test_skips(void **state)
{
	struct gb_range_commit v[MOST];
	size_t parents[MOST];
	struct gb_range r;

	(void)state;
	/* Whatever the culprit: found, unless the skipped ones stand around it. */
	for (size_t culprit = 0; culprit < 64; culprit++) {
		for (unsigned bad_luck = 0; bad_luck < 4; bad_luck++) {
			struct gb_bisect b;
			struct gb_bisect_step s;
			bool skipped[64];
			size_t asked = 0;

			line_of(64, &r, v, parents);
			for (size_t i = 0; i < 64; i++)
				skipped[i] = i != 63 && rnd(4) < bad_luck;
			assert_int_equal(gb_bisect_begin(&b, &r, NULL), 0);
			for (gb_bisect_next(&b, &s); s.state == GB_BISECT_ASK;
			     gb_bisect_next(&b, &s)) {
				assert_true(++asked < 64);
				gb_bisect_tell(&b, s.commit,
					       skipped[s.commit]     ? GB_BISECT_SKIP
					       : s.commit >= culprit ? GB_BISECT_BAD
								     : GB_BISECT_GOOD);
			}
			if (s.state == GB_BISECT_FOUND) {
				assert_int_equal(s.commit, culprit);
			} else {
				assert_true(gb_bisect_is_candidate(&b, culprit));
				for (size_t i = 0; i < 64; i++)
					assert_true(!gb_bisect_is_candidate(&b, i) || skipped[i] ||
						    i == b.bad);
			}
			if (!bad_luck)
				assert_true(asked <= 6);
			gb_bisect_end(&b);
		}
	}
}

static void test_asks_first_what_costs_nothing(void **state)
{
	struct gb_range_commit v[MOST];
	size_t parents[MOST], asked = 0;
	struct gb_bisect_step s;
	struct gb_bisect b;
	struct gb_range r;

	(void)state;
	line_of(64, &r, v, parents);
	assert_int_equal(gb_bisect_begin(&b, &r, NULL), 0);
	b.cheap[9] = b.cheap[10] = b.cheap[50] = true;
	for (gb_bisect_next(&b, &s); s.state == GB_BISECT_ASK; gb_bisect_next(&b, &s)) {
		asked += !b.cheap[s.commit];
		gb_bisect_tell(&b, s.commit, s.commit >= 10 ? GB_BISECT_BAD : GB_BISECT_GOOD);
	}
	assert_int_equal(s.state, GB_BISECT_FOUND);
	assert_int_equal(s.commit, 10);
	assert_int_equal(asked, 0);
	gb_bisect_end(&b);
}

static void test_one_commit_is_found_at_once(void **state)
{
	struct gb_range_commit v[1];
	size_t parents[1];
	struct gb_bisect_step s;
	struct gb_bisect b;
	struct gb_range r;

	(void)state;
	line_of(1, &r, v, parents);
	assert_int_equal(gb_bisect_begin(&b, &r, NULL), 0);
	gb_bisect_next(&b, &s);
	assert_int_equal(s.state, GB_BISECT_FOUND);
	assert_int_equal(s.about, 0);
	gb_bisect_end(&b);
}

static int enter(void **state)
{
	int rc = tempdir_enter(state);

	if (rc)
		return rc;
	git_libgit2_init();
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
		cmocka_unit_test(test_asks_as_few_as_git),
		cmocka_unit_test(test_skips),
		cmocka_unit_test(test_asks_first_what_costs_nothing),
		cmocka_unit_test(test_one_commit_is_found_at_once),
	};

	return cmocka_run_group_tests(tests, enter, leave);
}
