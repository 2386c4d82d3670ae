#include "git/shallow.h"

#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "git/walk_graph.h"

#include <stdint.h>
#include <stdlib.h>

struct stack {
	struct node **v;
	size_t n, cap;
};

static int push(struct stack *s, struct node *n, unsigned flag, struct gb_err *err)
{
	int rc;

	if (n->flags & flag)
		return 0;
	n->flags |= flag;
	rc = gb_grow((void **)&s->v, &s->cap, s->n + 1, sizeof(struct node *), GB_MAX_COMMITS, err);
	if (rc >= 0)
		s->v[s->n++] = n;
	return rc;
}

/* Gives `flag` to all that `id` reaches, down to what has `stop`; counts what has not. */
static int reach(struct graph *g, const git_oid *id, unsigned flag, unsigned stop,
		 struct node **ret_newest, size_t *ret_n, struct gb_err *err)
{
	struct stack s = { 0 };
	struct node *n;
	char text[41];
	int rc;

	git_oid_tostr(text, sizeof(text), id);
	rc = graph_node(g, text, &n, err);
	if (rc >= 0)
		rc = push(&s, n, flag, err);
	while (rc >= 0 && s.n) {
		n = s.v[--s.n];
		if ((rc = graph_load(g, n, err)) < 0)
			break;
		if (n->flags & stop) {
			if (!*ret_newest || n->date > (*ret_newest)->date)
				*ret_newest = n;
			continue;
		}
		++*ret_n;
		for (size_t i = 0; i < n->n_parents && rc >= 0; i++)
			rc = push(&s, n->parents[i], flag, err);
	}
	free(s.v);
	return rc;
}

static int in_shallow(const struct gb_repo *repo, const git_oid *of, const git_oid *with,
		      git_oid *ret, size_t *ret_ahead, struct gb_err *err)
{
	static const char *const no_path = "-";
	struct node *base = NULL;
	struct graph g = { 0 };
	size_t n = 0, ahead = 0;
	int rc = graph_open(&g, repo, &no_path, 1, err);

	if (rc >= 0)
		rc = reach(&g, with, NODE_OUT, 0, &base, &n, err);
	if (rc >= 0)
		rc = reach(&g, of, NODE_SEEN, NODE_OUT, &base, &ahead, err);
	if (rc >= 0 && base) {
		*ret = base->id;
		*ret_ahead = ahead;
	} else if (rc >= 0) {
		rc = gb_fail(err, GB_ENOTFOUND, "no commit in common in this clone");
	}
	graph_close(&g);
	return rc;
}

int gb_git_merge_base(const struct gb_repo *repo, const git_oid *of, const git_oid *with,
		      git_oid *ret, size_t *ret_ahead, struct gb_err *err)
{
	git_repository *git = gb_repo_git(repo);
	size_t behind;
	int rc;

	if (gb_repo_is_shallow(repo))
		return in_shallow(repo, of, with, ret, ret_ahead, err);
	rc = git_merge_base(ret, git, of, with);
	if (rc == GIT_ENOTFOUND)
		return gb_fail(err, GB_ENOTFOUND, "no commit in common");
	if (!rc)
		rc = git_graph_ahead_behind(ret_ahead, &behind, git, of, ret);
	return rc ? gb_fail(err, GB_ESYS, "find a merge base: %s", gb_git_words()) : 0;
}
