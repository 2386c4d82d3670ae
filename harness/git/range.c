#include "git/range.h"

#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "git/walk_graph.h"

#include <stdlib.h>
#include <string.h>

/* So many commits more are looked at when only those to be left out remain: dates may lie. */
#define SLOP 5

struct walk {
	struct graph graph;
	struct queue queue;
	struct node **kept;
	size_t n, cap;
	struct gb_err *err;
};

static void leave_out(struct node *n)
{
	n->flags |= NODE_OUT;
	graph_leave_out_parents(n);
}

static int push(struct walk *w, struct node *n)
{
	int rc = graph_load(&w->graph, n, w->err);

	if (rc < 0 || (n->flags & NODE_SEEN))
		return rc;
	n->flags |= NODE_SEEN;
	return queue_push(&w->queue, n, w->err);
}

static int step(struct walk *w, struct node *n)
{
	bool out = n->flags & NODE_OUT;
	int rc = 0;

	for (size_t i = 0; i < n->n_parents && rc >= 0; i++) {
		if (out)
			leave_out(n->parents[i]);
		rc = push(w, n->parents[i]);
	}
	if (rc < 0 || out)
		return rc;
	rc = gb_grow((void **)&w->kept, &w->cap, w->n + 1, sizeof(struct node *), GB_MAX_COMMITS,
		     w->err);
	if (rc == 0)
		w->kept[w->n++] = n;
	return rc;
}

static int run(struct walk *w)
{
	int64_t date = INT64_MAX;
	int slop = SLOP;

	while (w->queue.n > 0) {
		struct node *n = queue_pop(&w->queue);
		int rc = step(w, n);

		if (rc < 0)
			return rc;
		if (!(n->flags & NODE_OUT))
			date = n->date;
		else if (w->queue.n == 0)
			break;
		else if (date <= w->queue.v[0].node->date || queue_has_inside(&w->queue))
			slop = SLOP;
		else if (--slop == 0)
			break;
	}
	return 0;
}

/* Drops what turned out to be left out; `marked` is each one's place from now on, from 1. */
static void settle(struct walk *w)
{
	size_t n = 0;

	for (size_t i = 0; i < w->n; i++)
		if (!(w->kept[i]->flags & NODE_OUT))
			w->kept[n++] = w->kept[i];
	w->n = n;
	for (size_t i = 0; i < n; i++)
		w->kept[i]->marked = i + 1;
}

/*
 * Children before parents, so that each line of commits stays together: a parent is taken when
 * its last child is done.  What is never reached has only children that are left out, and is left
 * out as well.  Afterwards `marked` is each one's place in the range, from 1.
 */
static int sort(struct walk *w, struct node *to, size_t *ret_n, struct gb_err *err)
{
	_free_ size_t *children = gb_calloc(w->n, sizeof(*children));
	_free_ size_t *stack = gb_calloc(w->n, sizeof(*stack));
	_free_ size_t *order = gb_calloc(w->n, sizeof(*order));
	size_t n = 0, depth = 0;

	if (!children || !stack || !order)
		return gb_fail_nomem(err);
	for (size_t i = 0; i < w->n; i++)
		for (size_t k = 0; k < w->kept[i]->n_parents; k++)
			if (w->kept[i]->parents[k]->marked)
				children[w->kept[i]->parents[k]->marked - 1]++;
	stack[depth++] = to->marked - 1;
	while (depth > 0) {
		size_t at = stack[--depth];

		order[n++] = at;
		for (size_t k = w->kept[at]->n_parents; k-- > 0;) {
			size_t p = w->kept[at]->parents[k]->marked;

			if (p && --children[p - 1] == 0)
				stack[depth++] = p - 1;
		}
	}
	for (size_t i = 0; i < w->n; i++)
		w->kept[i]->marked = 0;
	for (size_t i = 0; i < n; i++)
		w->kept[order[i]]->marked = n - i;
	*ret_n = n;
	return 0;
}

static int fill_one(struct gb_range_commit *c, const struct node *n, struct gb_err *err)
{
	git_oid_tostr(c->id, sizeof(c->id), &n->id);
	if (n->n_parents && !n->cut)
		git_oid_tostr(c->first, sizeof(c->first), &n->parents[0]->id);
	c->parents = gb_calloc(n->n_parents + 1, sizeof(*c->parents));
	if (!c->parents)
		return gb_fail_nomem(err);
	for (size_t i = 0; i < n->n_parents; i++)
		if (n->parents[i]->marked)
			c->parents[c->n_parents++] = n->parents[i]->marked - 1;
	return 0;
}

static int fill(struct walk *w, struct node *to, struct gb_range *r, struct gb_err *err)
{
	int rc = sort(w, to, &r->n, err);

	if (rc < 0 || !(r->v = gb_calloc(r->n, sizeof(*r->v)))) {
		r->n = 0;
		return rc < 0 ? rc : gb_fail_nomem(err);
	}
	for (size_t i = 0; i < w->n && rc >= 0; i++) {
		const struct node *n = w->kept[i];

		if (!n->marked)
			continue;
		rc = fill_one(&r->v[n->marked - 1], n, err);
		if (n->cut)
			git_oid_tostr(r->cut, sizeof(r->cut), &n->id);
	}
	for (const struct node *n = to; n && n->marked; n = n->n_parents ? n->parents[0] : NULL)
		r->v[n->marked - 1].main = true;
	return rc;
}

int gb_range_read(const struct gb_repo *repo, const char *from, const char *to,
		  struct gb_range *ret, struct gb_err *err)
{
	struct walk w = { .err = err };
	struct node *a = NULL, *b = NULL;
	struct gb_range r = { 0 };
	const char *none[] = { "" };
	int rc = graph_open(&w.graph, repo, none, 1, err);

	if (rc >= 0 && (rc = graph_node(&w.graph, from, &a, err)) >= 0 &&
	    (rc = graph_node(&w.graph, to, &b, err)) >= 0 && (rc = push(&w, a)) >= 0) {
		leave_out(a);
		rc = push(&w, b);
	}
	if (rc >= 0)
		rc = run(&w);
	if (rc >= 0)
		settle(&w);
	if (rc >= 0 && !(b->flags & NODE_OUT))
		rc = fill(&w, b, &r, err);
	graph_close(&w.graph);
	free(w.queue.v);
	free(w.kept);
	if (rc < 0) {
		gb_range_release(&r);
		return rc;
	}
	*ret = r;
	return 0;
}

void gb_range_release(struct gb_range *r)
{
	for (size_t i = 0; i < r->n; i++)
		free(r->v[i].parents);
	free(r->v);
	*r = (struct gb_range){ 0 };
}

int gb_range_reaches(const struct gb_repo *repo, const char *commit, const char *ancestor,
		     struct gb_err *err)
{
	struct gb_range r = { 0 };
	int rc = gb_range_read(repo, commit, ancestor, &r, err);

	if (rc >= 0)
		rc = r.n == 0;
	gb_range_release(&r);
	return rc;
}

int gb_commit_words(const struct gb_repo *repo, const char *commit, struct gb_commit_words *ret,
		    struct gb_err *err)
{
	const git_signature *who;
	const char *subject;
	git_commit *c = NULL;
	git_oid id;

	if (git_oid_fromstr(&id, commit) || git_commit_lookup(&c, gb_repo_git(repo), &id))
		return gb_fail(err, GB_ESYS, "read commit %.12s: %s", commit, gb_git_words());
	who = git_commit_author(c);
	subject = git_commit_summary(c);
	*ret = (struct gb_commit_words){ .author = gb_strdup(who && who->name ? who->name : ""),
					 .subject = gb_strdup(subject ? subject : ""),
					 .when = who ? (int64_t)who->when.time : 0,
					 .zone = who ? who->when.offset : 0 };
	git_commit_free(c);
	if (ret->author && ret->subject)
		return 0;
	gb_commit_words_release(ret);
	return gb_fail_nomem(err);
}

void gb_commit_words_release(struct gb_commit_words *w)
{
	free(w->author);
	free(w->subject);
	*w = (struct gb_commit_words){ 0 };
}
