#include "git/walk.h"

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
	struct queue_entry *kept; /* of a range: what is listed unless it is left out later */
	size_t n_kept, cap_kept;
	bool range;
	const struct gb_walk_options *o;
	size_t max, listed, met; /* of o->only */
	const struct gb_walk_seen *known;
	git_oid known_tip;
	int (*on_commit)(void *arg, const struct gb_walk_commit *c, struct gb_err *err);
	void *arg;
	struct gb_walk_end end;
	struct gb_err *err;
};

/* The commit that `until` names is one whose word counts in a merge. */
static bool relevant(const struct node *n)
{
	return (n->flags & (NODE_OUT | NODE_BOTTOM)) != NODE_OUT;
}

static int push(struct walk *w, struct node *n)
{
	if (n->flags & NODE_SEEN)
		return 0;
	n->flags |= NODE_SEEN;
	return queue_push(&w->queue, n, w->err);
}

/* git's try_to_simplify_commit(): whom to follow, and whether to list it. */
static int simplify(struct walk *w, struct node *n)
{
	size_t n_relevant = 0, n_different = 0, n_relevant_different = 0;
	int rc = graph_follow(&w->graph, n, NULL, w->err);

	if (rc < 0)
		return rc;
	if (n->cut)
		git_oid_tostr(w->end.cut, sizeof(w->end.cut), &n->id);
	if (w->o->n_paths == 0)
		return 0;
	if (n->cut) {
		n->same = n->n_parents == 0;
	} else if (n->n_parents == 0) {
		n->same = gb_trail_same(&w->graph.trail, n->steps, NULL);
	}
	for (size_t i = 0; i < n->n_parents; i++) {
		struct node *p = n->parents[i];
		bool counts = relevant(p);

		if ((rc = graph_follow(&w->graph, p, n, w->err)) < 0)
			return rc;
		n_relevant += counts;
		if (!gb_trail_same(&w->graph.trail, n->steps, p->steps)) {
			n_different += !counts;
			n_relevant_different += counts;
		} else if (counts) {
			n->parents[0] = p;
			n->n_parents = 1;
			n->same = true;
			return 0;
		}
	}
	if (n->n_parents > 0)
		n->same = n_relevant ? !n_relevant_different : !n_different;
	return 0;
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool is_wanted(struct walk *w, const struct node *n)
{
	char id[41];
	const char *key = id;

	if (!w->o->only)
		return true;
	git_oid_tostr(id, sizeof(id), &n->id);
	if (!bsearch(&key, w->o->only, w->o->n_only, sizeof(char *), by_text))
		return false;
	w->met++;
	return true;
}

static bool has_all(const struct walk *w)
{
	return (w->max && w->listed == w->max) || (w->o->only && w->met == w->o->n_only);
}

static int emit(struct walk *w, const struct node *n)
{
	struct gb_walk_commit c;
	int rc;

	if (n->same || has_all(w) || !is_wanted(w, n))
		return 0;
	w->listed++;
	if ((rc = graph_describe(&w->graph, n, &c, w->err)) < 0)
		return rc;
	rc = w->on_commit(w->arg, &c, w->err);
	graph_describe_end(&w->graph, &c);
	return rc;
}

static int keep(struct walk *w, struct node *n)
{
	int rc;

	if (!w->range)
		return emit(w, n);
	rc = gb_grow((void **)&w->kept, &w->cap_kept, w->n_kept + 1, sizeof(*w->kept),
		     GB_MAX_COMMITS, w->err);
	if (rc == 0)
		w->kept[w->n_kept++].node = n;
	return rc;
}

/* A commit that is left out takes its parents along. */
static int step_out(struct walk *w, struct node *n)
{
	for (size_t i = 0; i < n->n_parents; i++) {
		struct node *p = n->parents[i];
		int rc;

		p->flags |= NODE_OUT;
		if ((rc = graph_load(&w->graph, p, w->err)) < 0)
			return rc;
		graph_leave_out_parents(p);
		if ((rc = push(w, p)) < 0)
			return rc;
	}
	return 0;
}

static int step_in(struct walk *w, struct node *n)
{
	int rc = simplify(w, n);

	for (size_t i = 0; i < n->n_parents && rc >= 0; i++)
		if ((rc = graph_load(&w->graph, n->parents[i], w->err)) >= 0)
			rc = push(w, n->parents[i]);
	return rc < 0 ? rc : keep(w, n);
}

static int by_name(const void *a, const void *b)
{
	return memcmp(a, b, 20);
}

void gb_walk_seen_sort(struct gb_walk_seen *s)
{
	if (s->n)
		qsort(s->v, s->n, sizeof(*s->v), by_name);
}

void gb_walk_seen_release(struct gb_walk_seen *s)
{
	free(s->v);
	*s = (struct gb_walk_seen){ 0 };
}

/* Does all that is still to come stand in the walk that is known? */
static bool is_met(struct walk *w, const struct node *n)
{
	bool tip = w->known && git_oid_equal(&n->id, &w->known_tip);

	if (tip && w->queue.n == 0)
		return true;
	if (tip || (w->known &&
		    bsearch(n->id.id, w->known->v, w->known->n, sizeof(*w->known->v), by_name)))
		w->known = NULL;
	return false;
}

static int remember(struct walk *w, const struct node *n)
{
	struct gb_walk_seen *s = w->o->seen;
	int rc;

	if (!s)
		return 0;
	rc = gb_grow((void **)&s->v, &s->cap, s->n + 1, sizeof(*s->v), GB_MAX_COMMITS, w->err);
	if (rc == 0)
		memcpy(s->v[s->n++], n->id.id, sizeof(*s->v));
	return rc;
}

static int run(struct walk *w)
{
	int64_t date = INT64_MAX;
	int slop = SLOP;

	while (w->queue.n > 0 && !has_all(w)) {
		struct node *n = queue_pop(&w->queue);
		int rc;

		if ((w->end.met = is_met(w, n)))
			break;
		if ((rc = remember(w, n)) >= 0)
			rc = graph_load(&w->graph, n, w->err);
		w->end.seen++;
		if (rc < 0)
			return rc;
		if (!(n->flags & NODE_OUT)) {
			if ((rc = step_in(w, n)) < 0)
				return rc;
			date = n->date;
			continue;
		}
		if ((rc = step_out(w, n)) < 0)
			return rc;
		if (w->queue.n == 0)
			break;
		if (date <= w->queue.v[0].node->date || queue_has_inside(&w->queue))
			slop = SLOP;
		else if (--slop == 0)
			break;
	}
	for (size_t i = 0; i < w->n_kept; i++) {
		const struct node *n = w->kept[i].node;
		int rc = n->flags & NODE_OUT ? 0 : emit(w, n);

		if (rc < 0)
			return rc;
	}
	return 0;
}

static int begin(struct walk *w, const struct gb_walk_options *o)
{
	struct node *from, *until = NULL;
	int rc = graph_node(&w->graph, o->from, &from, w->err);

	if (rc >= 0)
		rc = graph_load(&w->graph, from, w->err);
	if (rc >= 0 && o->until) {
		rc = graph_node(&w->graph, o->until, &until, w->err);
		if (rc >= 0)
			rc = graph_load(&w->graph, until, w->err);
		if (rc < 0)
			return rc;
		until->flags |= NODE_OUT | NODE_BOTTOM;
		graph_leave_out_parents(until);
		rc = push(w, until);
	}
	return rc < 0 ? rc : push(w, from);
}

int gb_walk(const struct gb_repo *repo, const struct gb_walk_options *o,
	    int (*on_commit)(void *arg, const struct gb_walk_commit *c, struct gb_err *err),
	    void *arg, struct gb_walk_end *ret, struct gb_err *err)
{
	struct walk w = { .range = o->until != NULL,
			  .o = o,
			  .known = o->known,
			  .max = o->max,
			  .on_commit = on_commit,
			  .arg = arg,
			  .err = err };
	int rc = graph_open(&w.graph, repo, o->paths, o->n_paths, err);

	if (w.known && git_oid_fromstr(&w.known_tip, w.known->tip))
		w.known = NULL;
	if (rc >= 0)
		rc = begin(&w, o);
	if (rc >= 0)
		rc = run(&w);
	graph_close(&w.graph);
	free(w.queue.v);
	free(w.kept);
	if (rc >= 0)
		*ret = w.end;
	return rc < 0 ? rc : 0;
}
