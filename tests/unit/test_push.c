/* push: git's lines, and what a push brings. */
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
#include "git/push.h"
#include "tempdir.h"

#define NONE "0000000000000000000000000000000000000000"
#define SOME "72b0bd0b30ffb9ae72b0bd0b30ffb9ae72b0bd0b"

static void lines_are_read_from_the_right(void **state)
{
	const char *text = "refs/heads/main " SOME " refs/heads/main " NONE "\n"
			   "HEAD@{1 day ago} " SOME " refs/heads/x " SOME;
	struct gb_push p = { 0 };

	(void)state;
	assert_int_equal(gb_push_parse(text, strlen(text), &p, NULL), 0);
	assert_int_equal(p.n, 2);
	assert_string_equal(p.v[0].local, "refs/heads/main");
	assert_string_equal(p.v[0].remote_id, NONE);
	assert_string_equal(p.v[1].local, "HEAD@{1 day ago}");
	assert_string_equal(p.v[1].local_id, SOME);
	assert_string_equal(p.v[1].remote, "refs/heads/x");
	gb_push_release(&p);
}

static void other_lines_are_refused(void **state)
{
	static const char *const bad[] = {
		"\n",
		"refs/heads/main",
		SOME " refs/heads/main " NONE "\n",
		" " SOME " refs/heads/main " NONE "\n",
		"refs/heads/main " SOME "  " NONE "\n",
		"refs/heads/main " SOME " refs/heads/main 12\n",
		"refs/heads/main " SOME " refs/heads/main " NONE "0\n",
		"refs/heads/main 72B0bd0b30ffb9ae72b0bd0b30ffb9ae72b0bd0b refs/heads/main " NONE
		"\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct gb_push p = { 0 };
		struct gb_err err = GB_ERR_INIT;

		if (gb_push_parse(bad[i], strlen(bad[i]), &p, &err) != GB_EPARSE)
			fail_msg("\"%s\" was taken", bad[i]);
		assert_non_null(strstr(err.line, "line 1 "));
		assert_int_equal(err.hint[0], 0);
	}
}

/* A graph of empty commits, named by letters. */
struct graph {
	void *folder;
	git_repository *git;
	git_oid id[26];
	int n;
};

static void commit(struct graph *g, char name, const char *parents)
{
	const git_commit *of[4] = { 0 };
	git_treebuilder *builder;
	git_signature *who;
	git_tree *tree;
	git_oid id;
	size_t n = strlen(parents);
	char message[2] = { name, 0 };

	assert_int_equal(git_treebuilder_new(&builder, g->git, NULL), 0);
	assert_int_equal(git_treebuilder_write(&id, builder), 0);
	assert_int_equal(git_tree_lookup(&tree, g->git, &id), 0);
	assert_int_equal(git_signature_new(&who, "A", "a@example.com", 1700000000 + g->n++, 0), 0);
	for (size_t i = 0; i < n; i++)
		assert_int_equal(git_commit_lookup((git_commit **)&of[i], g->git,
						   &g->id[parents[i] - 'a']),
				 0);
	assert_int_equal(git_commit_create(&g->id[name - 'a'], g->git, NULL, who, who, NULL,
					   message, tree, n, of),
			 0);
	for (size_t i = 0; i < n; i++)
		git_commit_free((git_commit *)of[i]);
	git_signature_free(who);
	git_tree_free(tree);
	git_treebuilder_free(builder);
}

static void point(struct graph *g, const char *ref, char name)
{
	git_reference *made;

	assert_int_equal(git_reference_create(&made, g->git, ref, &g->id[name - 'a'], 1, NULL), 0);
	git_reference_free(made);
}

/*
 *	a - b - c - d		origin/main is c
 *	     \   \
 *	      e - f - g		origin/topic is e; f merges c
 *	h			has nothing in common
 */
static int enter(void **state)
{
	static struct graph g;
	git_reference *head;
	int rc = tempdir_enter(state);

	if (rc)
		return rc;
	g = (struct graph){ .folder = *state };
	git_libgit2_init();
	assert_int_equal(git_repository_init(&g.git, "work", 0), 0);
	commit(&g, 'a', "");
	commit(&g, 'b', "a");
	commit(&g, 'c', "b");
	commit(&g, 'd', "c");
	commit(&g, 'e', "b");
	commit(&g, 'f', "ec");
	commit(&g, 'g', "f");
	commit(&g, 'h', "");
	point(&g, "refs/remotes/origin/main", 'c');
	point(&g, "refs/remotes/origin/topic", 'e');
	assert_int_equal(git_reference_symbolic_create(&head, g.git, "refs/remotes/origin/HEAD",
						       "refs/remotes/origin/main", 1, NULL),
			 0);
	git_reference_free(head);
	point(&g, "refs/heads/main", 'd');
	*state = &g;
	return 0;
}

static int leave(void **state)
{
	struct graph *g = *state;

	git_repository_free(g->git);
	git_libgit2_shutdown();
	*state = g->folder;
	return tempdir_leave(state);
}

static char letter(const struct graph *g, const char *id)
{
	for (int i = 0; i < 26; i++) {
		char text[41];

		git_oid_tostr(text, sizeof(text), &g->id[i]);
		if (strcmp(text, id) == 0)
			return (char)('a' + i);
	}
	return '-';
}

/* "d>main@c" is pushed where the remote had c, "d>main" is new, "d>main@?" had something that is not
 * here.  Answers "d:c main;" for each commit: its base, and where it goes. */
static char *plan(const struct graph *g, const char *remote, const char *pushed)
{
	static char answer[512];
	_buf_ struct gb_buf text = GB_BUF_INIT(GB_MIB), out = GB_BUF_INIT(512);
	_repo_ struct gb_repo *repo = NULL;
	struct gb_push push = { 0 };
	struct gb_push_plan p = { 0 };

	for (const char *s = pushed; *s; s += strcspn(s, " "), s += *s == ' ') {
		char from[41] = NONE, to[41] = NONE, name[64];
		size_t len = strcspn(s + 2, "@ ");

		snprintf(name, sizeof(name), "%.*s", (int)len, s + 2);
		if (*s != '0')
			git_oid_tostr(from, sizeof(from), &g->id[*s - 'a']);
		if (s[2 + len] == '@' && s[3 + len] == '?')
			memcpy(to, SOME, 41);
		else if (s[2 + len] == '@')
			git_oid_tostr(to, sizeof(to), &g->id[s[3 + len] - 'a']);
		gb_buf_addf(&text, "refs/heads/%s %s refs/%s %s\n", name, from,
			    strchr(name, '/') ? name : "heads/x", to);
	}
	assert_int_equal(gb_repo_open("work", &repo, NULL), 0);
	assert_int_equal(gb_push_parse(text.data, text.len, &push, NULL), 0);
	assert_int_equal(gb_push_plan(repo, remote, &push, &p, NULL), 0);
	for (size_t i = 0; i < p.n; i++)
		gb_buf_addf(&out, "%c:%c %s;", letter(g, p.v[i].commit), letter(g, p.v[i].base),
			    p.v[i].name);
	gb_push_plan_release(&p);
	gb_push_release(&push);
	snprintf(answer, sizeof(answer), "%s", out.data);
	return answer;
}

static void each_commit_has_the_nearest_base(void **state)
{
	static const struct {
		const char *remote, *pushed, *want;
	} cases[] = {
		{ "origin", "d>heads/main@c", "d:c main;" },
		{ "origin", "d>heads/new", "d:c new;" },
		{ "origin", "0>heads/main@c", "" },	       /* deleted */
		{ "origin", "b>heads/main@c", "" },	       /* taken back */
		{ "origin", "c>heads/new", "" },	       /* the remote has it */
		{ "origin", "e>heads/main@c", "e:b main;" },   /* by force */
		{ "origin", "d>heads/topic@e", "d:c topic;" }, /* rebased, then by force */
		{ "origin", "g>heads/topic@e", "g:e topic;" }, /* of equals, its own */
		{ "origin", "g>heads/topic@a", "g:c topic;" }, /* it has merged main since */
		{ "origin", "d>heads/main@?", "d:c main;" },   /* not here */
		{ "origin", "g>heads/new", "g:c new;" },
		{ "origin", "h>heads/new", "h:- new;" }, /* nothing in common */
		{ "origin", "b>tags/v1", "" },
		{ "origin", "d>tags/v1", "d:c v1;" },
		{ "origin", "d>tags/v1 d>heads/main@c", "d:c main;" }, /* once */
		{ "origin", "d>tags/v1 d>tags/v2", "d:c v1;" },
		{ "origin", "f>tags/v1 g>heads/topic@e", "g:e topic;" }, /* on the way */
		{ "origin", "d>heads/main@c g>heads/topic@e", "d:c main;g:e topic;" },
		{ "origin", "d>notes/gobudget", "" },
		{ "https://example.com/x.git", "d>heads/new", "d:c new;" }, /* by origin's */
		{ "../x.git", "d>heads/main@b", "d:c main;" },
		{ "other", "h>heads/new", "h:- new;" },
	};
	const struct graph *g = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *got = plan(g, cases[i].remote, cases[i].pushed);

		if (strcmp(got, cases[i].want) != 0)
			fail_msg("%s to %s: \"%s\", want \"%s\"", cases[i].pushed, cases[i].remote,
				 got, cases[i].want);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_are_read_from_the_right),
		cmocka_unit_test(other_lines_are_refused),
		cmocka_unit_test_setup_teardown(each_commit_has_the_nearest_base, enter, leave),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
