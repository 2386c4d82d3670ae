#include "git/walk_graph.h"

#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "git/repo_git.h"

#include <stdlib.h>
#include <string.h>

int graph_open(struct graph *g, const struct gb_repo *repo, const char *const *paths, size_t n,
	       struct gb_err *err)
{
	/* As git does when it reads: hashing every object would be most of the time. */
	git_libgit2_opts(GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION, 0);
	g->repo = repo;
	if (git_repository_odb(&g->odb, gb_repo_git(repo)))
		return gb_fail(err, GB_ESYS, "open the repository's objects: %s", gb_git_words());
	return gb_trail_init(&g->trail, paths, n, err);
}

static void free_node(struct node *n)
{
	if (!n)
		return;
	free(n->parents);
	free(n->steps);
	free(n);
}

void graph_close(struct graph *g)
{
	for (size_t i = 0; i < g->cap; i++)
		free_node(g->nodes[i]);
	free(g->nodes);
	gb_trail_release(&g->trail);
	git_odb_free(g->odb);
	git_libgit2_opts(GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION, 1);
	*g = (struct graph){ 0 };
}

/* An id is a hash already. */
static struct node **slot(struct node **nodes, size_t cap, const git_oid *id)
{
	size_t h;

	memcpy(&h, id->id, sizeof(h));
	for (h &= cap - 1; nodes[h] && !git_oid_equal(&nodes[h]->id, id); h = (h + 1) & (cap - 1))
		;
	return &nodes[h];
}

static int make_room(struct graph *g, struct gb_err *err)
{
	size_t cap = g->cap ? g->cap * 2 : 1024;
	struct node **nodes;

	if (g->n >= GB_MAX_COMMITS)
		return gb_fail(err, GB_ELIMIT, "history has more than %zu commits", GB_MAX_COMMITS);
	if (g->n * 2 < g->cap)
		return 0;
	if (!(nodes = gb_calloc(cap, sizeof(struct node *))))
		return gb_fail_nomem(err);
	for (size_t i = 0; i < g->cap; i++)
		if (g->nodes[i])
			*slot(nodes, cap, &g->nodes[i]->id) = g->nodes[i];
	free(g->nodes);
	g->nodes = nodes;
	g->cap = cap;
	return 0;
}

static int node_of(struct graph *g, const git_oid *id, struct node **ret, struct gb_err *err)
{
	int rc = make_room(g, err);
	struct node **at;

	if (rc < 0)
		return rc;
	at = slot(g->nodes, g->cap, id);
	if (!*at) {
		if (!(*at = gb_calloc(1, sizeof(**at))))
			return gb_fail_nomem(err);
		(*at)->id = *id;
		g->n++;
	}
	*ret = *at;
	return 0;
}

int graph_node(struct graph *g, const char *id, struct node **ret, struct gb_err *err)
{
	git_oid oid;

	if (git_oid_fromstr(&oid, id))
		return gb_fail(err, GB_ENOTFOUND, "no commit \"%.100s\"", id);
	return node_of(g, &oid, ret, err);
}

static int take_parents(struct graph *g, struct node *n, const struct gb_raw_commit *raw,
			struct gb_err *err)
{
	n->parents = gb_calloc(raw->n_parents + 1, sizeof(struct node *));
	n->steps = gb_calloc(g->trail.n_parts + 1, sizeof(*n->steps));
	if (!n->parents || !n->steps)
		return gb_fail_nomem(err);
	for (size_t i = 0; i < raw->n_parents; i++) {
		int rc = 0;

		if (gb_repo_is_shallow(g->repo) && !git_odb_exists(g->odb, &raw->parents[i])) {
			n->cut = true;
			continue;
		}
		rc = node_of(g, &raw->parents[i], &n->parents[n->n_parents], err);
		if (rc < 0)
			return rc;
		n->n_parents++;
	}
	n->steps[0] = (struct gb_step){ raw->tree, 0040000 };
	n->date = raw->date;
	n->loaded = true;
	return 0;
}

int graph_load(struct graph *g, struct node *n, struct gb_err *err)
{
	struct gb_raw_commit raw;
	struct gb_err own = GB_ERR_INIT;
	char id[41];
	int rc;

	if (n->loaded)
		return 0;
	rc = gb_raw_commit_read(g->odb, &n->id, &raw, &own);
	if (rc < 0) {
		git_oid_tostr(id, sizeof(id), &n->id);
		return gb_fail(err, rc == GB_ENOTFOUND ? GB_ESYS : rc, "commit %.12s: %s", id,
			       own.line);
	}
	rc = take_parents(g, n, &raw, err);
	free(raw.parents);
	return rc;
}

int graph_follow(struct graph *g, struct node *n, const struct node *near, struct gb_err *err)
{
	int rc = graph_load(g, n, err);

	if (rc < 0 || n->followed)
		return rc;
	rc = gb_trail_follow(&g->trail, g->odb, n->steps, near ? near->steps : NULL, err);
	if (rc < 0 && gb_repo_is_shallow(g->repo))
		gb_hint(err, "this clone is not whole: `git fetch --unshallow`");
	n->followed = rc >= 0;
	return rc;
}

int graph_describe(struct graph *g, const struct node *n, struct gb_walk_commit *ret,
		   struct gb_err *err)
{
	const git_signature *who;
	git_commit *c;

	*ret = (struct gb_walk_commit){ 0 };
	git_oid_tostr(ret->id, sizeof(ret->id), &n->id);
	if (git_commit_lookup(&c, gb_repo_git(g->repo), &n->id))
		return gb_fail(err, GB_ESYS, "read commit %.12s: %s", ret->id, gb_git_words());
	ret->handle = c;
	ret->date = n->date;
	if (!(ret->parents = gb_calloc(n->n_parents + 1, sizeof(*ret->parents)))) {
		graph_describe_end(g, ret);
		return gb_fail_nomem(err);
	}
	for (size_t i = 0; i < n->n_parents; i++)
		git_oid_tostr(ret->parents[ret->n_parents++], 41, &n->parents[i]->id);
	who = git_commit_author(c);
	ret->author = who && who->name ? who->name : "";
	ret->when = who ? (int64_t)who->when.time : n->date;
	ret->zone = who ? who->when.offset : 0;
	ret->subject = git_commit_summary(c);
	if (!ret->subject)
		ret->subject = "";
	return 0;
}

void graph_describe_end(struct graph *g, struct gb_walk_commit *c)
{
	(void)g;
	git_commit_free(c->handle);
	free(c->parents);
	*c = (struct gb_walk_commit){ 0 };
}

static bool before(const struct queue_entry *a, const struct queue_entry *b)
{
	if (a->node->date != b->node->date)
		return a->node->date > b->node->date;
	return a->nth < b->nth;
}

int queue_push(struct queue *q, struct node *n, struct gb_err *err)
{
	struct queue_entry e = { n, q->pushed++ };
	int rc = gb_grow((void **)&q->v, &q->cap, q->n + 1, sizeof(*q->v), GB_MAX_COMMITS, err);

	if (rc < 0)
		return rc;
	size_t at = q->n++;
	for (; at > 0 && before(&e, &q->v[(at - 1) / 2]); at = (at - 1) / 2)
		q->v[at] = q->v[(at - 1) / 2];
	q->v[at] = e;
	return 0;
}

struct node *queue_pop(struct queue *q)
{
	struct node *first = q->v[0].node;
	struct queue_entry e = q->v[--q->n];
	size_t at = 0;

	for (;;) {
		size_t child = 2 * at + 1;

		if (child + 1 < q->n && before(&q->v[child + 1], &q->v[child]))
			child++;
		if (child >= q->n || !before(&q->v[child], &e))
			break;
		q->v[at] = q->v[child];
		at = child;
	}
	q->v[at] = e;
	return first;
}

bool queue_has_inside(const struct queue *q)
{
	for (size_t i = 0; i < q->n; i++)
		if (!(q->v[i].node->flags & NODE_OUT))
			return true;
	return false;
}

void graph_leave_out_parents(struct node *n)
{
	/* Depth first with the way back in the nodes: history is deeper than a stack. */
	for (struct node *at = n; at;) {
		struct node *next = NULL;

		while (at->marked < at->n_parents && !next) {
			next = at->parents[at->marked++];
			if (next->flags & NODE_OUT)
				next = NULL;
		}
		if (next) {
			next->flags |= NODE_OUT;
			next->back = at;
			at = next;
		} else {
			at->marked = 0;
			at = at == n ? NULL : at->back;
		}
	}
}
