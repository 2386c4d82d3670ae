/*
 * flame_tree - stacks merged into a tree, by sorting them: what begins alike
 * then stands together, and no table of nodes is needed.
 */
#include "pprof/flame_stacks.h"

#include "base/err.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct sortable {
	const uint32_t *ids;
	const struct gb_flame_stack *stack;
};

static int by_frames(const void *pa, const void *pb)
{
	const struct sortable *a = pa, *b = pb;
	uint32_t na = a->stack->n, nb = b->stack->n;

	for (uint32_t i = 0; i < na && i < nb; i++)
		if (a->ids[i] != b->ids[i])
			return a->ids[i] < b->ids[i] ? -1 : 1;
	return (na > nb) - (na < nb);
}

static int64_t add(int64_t a, int64_t b)
{
	int64_t sum;

	if (__builtin_add_overflow(a, b, &sum))
		return a < 0 ? INT64_MIN : INT64_MAX;
	return sum;
}

static int push(struct gb_flame_tree *t, uint32_t frame, uint32_t depth, uint32_t parent,
		size_t from, struct gb_err *err)
{
	int rc = gb_grow((void **)&t->nodes, &t->cap, t->n + 1, sizeof(*t->nodes),
			 GB_MAX_FLAME_FRAMES, err);

	if (rc < 0)
		return rc;
	t->nodes[t->n] = (struct gb_flame_node){ .frame = frame,
						 .depth = depth,
						 .parent = depth ? parent : (uint32_t)t->n,
						 .from = (uint32_t)from,
						 .to = (uint32_t)from };
	t->n++;
	return 0;
}

/* path: indexes of the nodes of the stack before this one, *ret_depth of them. */
static int add_stack(const struct sortable *sorted, size_t i, uint32_t *path, uint32_t *ret_depth,
		     struct gb_flame_tree *t, struct gb_err *err)
{
	const struct sortable *s = &sorted[i];
	uint32_t depth = 0;

	if (s->stack->n == 0)
		return 0;
	while (depth < *ret_depth && depth < s->stack->n &&
	       t->nodes[path[depth]].frame == s->ids[depth])
		depth++;
	for (; depth < s->stack->n; depth++) {
		int rc = push(t, s->ids[depth], depth, depth ? path[depth - 1] : 0, i, err);

		if (rc < 0)
			return rc;
		path[depth] = (uint32_t)(t->n - 1);
	}
	*ret_depth = depth;
	t->nodes[path[depth - 1]].to = (uint32_t)(i + 1);
	return 0;
}

static void find_ends(struct gb_flame_tree *t)
{
	for (size_t i = t->n; i-- > 0;) {
		struct gb_flame_node *node = &t->nodes[i];

		if (node->next == 0)
			node->next = (uint32_t)(i + 1);
		if (node->parent != i && t->nodes[node->parent].next == 0)
			t->nodes[node->parent].next = node->next;
	}
}

/* Equal stacks stand together, and before those that go on: a node's own are one range. */
static int merge(const struct gb_flame *f, struct sortable *sorted, struct gb_flame_tree *t,
		 struct gb_err *err)
{
	_free_ uint32_t *path = gb_calloc(GB_MAX_FLAME_DEPTH, sizeof(*path));
	uint32_t depth = 0;
	int rc = 0;

	if (!path)
		return gb_fail_nomem(err);
	for (size_t i = 0; i < f->n_stacks; i++) {
		sorted[i].ids = f->ids + f->stacks[i].from;
		sorted[i].stack = &f->stacks[i];
	}
	qsort(sorted, f->n_stacks, sizeof(*sorted), by_frames);
	for (size_t i = 0; i < f->n_stacks && rc >= 0; i++)
		rc = add_stack(sorted, i, path, &depth, t, err);
	find_ends(t);
	return rc;
}

/* The sum over a node's own stacks. */
static int64_t own(const struct gb_flame *f, const struct sortable *sorted,
		   const struct gb_flame_node *node, size_t value)
{
	int64_t sum = 0;

	for (size_t i = node->from; i < node->to; i++)
		sum = add(sum, f->values[sorted[i].stack->values + value]);
	return sum;
}

/* How wide a node is at its widest, over all types: its share of the whole. */
static int weigh(const struct gb_flame *f, const struct sortable *sorted,
		 const struct gb_flame_tree *t, double *weights, struct gb_err *err)
{
	_free_ double *sums = gb_calloc(t->n + 1, sizeof(*sums));

	if (!sums)
		return gb_fail_nomem(err);
	for (size_t type = 0; type < 2 * f->n_types; type += 2) {
		double whole = 0;

		for (size_t i = 0; i < t->n; i++) {
			double now = (double)own(f, sorted, &t->nodes[i], type);
			double base = (double)own(f, sorted, &t->nodes[i], type + 1);

			sums[i] = fmax(fabs(now), fabs(base));
			whole += sums[i];
		}
		for (size_t i = t->n; i-- > 0;) {
			if (t->nodes[i].parent != i)
				sums[t->nodes[i].parent] += sums[i];
			if (whole > 0 && sums[i] / whole > weights[i])
				weights[i] = sums[i] / whole;
		}
	}
	return 0;
}

static int by_weight(const void *pa, const void *pb)
{
	const double *a = pa, *b = pb;

	return (*a < *b) - (*a > *b);
}

/* All that is below a node and is not kept becomes one node below it: its stacks are a range. */
static int keep(const struct gb_flame *f, const struct gb_flame_tree *t, const bool *kept,
		struct gb_flame_tree *ret, struct gb_err *err)
{
	_free_ uint32_t *moved = gb_calloc(t->n + 1, sizeof(*moved));

	if (!moved)
		return gb_fail_nomem(err);
	for (size_t i = 0; i < t->n; i++) {
		const struct gb_flame_node *node = &t->nodes[i];
		uint32_t parent = node->parent == i ? 0 : moved[node->parent];
		bool smaller = !kept[i];
		size_t end = smaller ? node->next : i + 1;
		int rc = push(ret, smaller ? GB_FLAME_SMALLER : node->frame, node->depth, parent,
			      node->from, err);

		if (rc < 0)
			return rc;
		/* Neighbours that are left out are one. */
		while (smaller && end < t->n && t->nodes[end].depth == node->depth && !kept[end])
			end = t->nodes[end].next;
		ret->nodes[ret->n - 1].to = node->to;
		if (smaller)
			ret->nodes[ret->n - 1].to =
				end < t->n ? t->nodes[end].from : (uint32_t)f->n_stacks;
		moved[i] = (uint32_t)(ret->n - 1);
		ret->left_out += smaller ? end - i : 0;
		i = end - 1;
	}
	find_ends(ret);
	return 0;
}

/* The heaviest stay; a node is as heavy as what is below it, so no one loses its parent. */
static int choose(const struct gb_flame_tree *t, const double *weights, size_t most, bool *kept,
		  struct gb_err *err)
{
	_free_ double *sorted = gb_calloc(t->n, sizeof(*sorted));
	size_t ties = most;
	double least;

	if (!sorted)
		return gb_fail_nomem(err);
	memcpy(sorted, weights, t->n * sizeof(*sorted));
	qsort(sorted, t->n, sizeof(*sorted), by_weight);
	least = sorted[most];
	for (size_t i = 0; i < t->n; i++)
		ties -= weights[i] > least;
	for (size_t i = 0; i < t->n; i++) {
		bool tie = weights[i] == least && ties > 0;

		kept[i] = (weights[i] > least || tie) &&
			  (t->nodes[i].parent == i || kept[t->nodes[i].parent]);
		ties -= tie;
	}
	return 0;
}

static int prune(const struct gb_flame *f, const struct sortable *sorted, struct gb_flame_tree *t,
		 size_t most, struct gb_err *err)
{
	_free_ double *weights = gb_calloc(t->n, sizeof(*weights));
	_free_ bool *kept = gb_calloc(t->n, sizeof(*kept));
	struct gb_flame_tree pruned = { 0 };
	int rc;

	if (!weights || !kept)
		return gb_fail_nomem(err);
	if ((rc = weigh(f, sorted, t, weights, err)) < 0 ||
	    (rc = choose(t, weights, most, kept, err)) < 0)
		return rc;
	rc = keep(f, t, kept, &pruned, err);
	if (rc < 0) {
		gb_flame_tree_release(&pruned);
		return rc;
	}
	gb_flame_tree_release(t);
	*t = pruned;
	return 0;
}

static int sum_up(const struct gb_flame *f, const struct sortable *sorted, struct gb_flame_tree *t,
		  struct gb_err *err)
{
	const size_t width = 2 * f->n_types;

	t->self = gb_calloc(t->n + 1, width * sizeof(*t->self));
	if (!t->self)
		return gb_fail_nomem(err);
	for (size_t i = 0; i < t->n; i++)
		for (size_t v = 0; v < width; v++)
			t->self[i * width + v] = own(f, sorted, &t->nodes[i], v);
	return 0;
}

int gb_flame_tree(struct gb_flame *f, size_t most, struct gb_flame_tree *ret, struct gb_err *err)
{
	_flame_tree_ struct gb_flame_tree t = { 0 };
	_free_ struct sortable *sorted = gb_calloc(f->n_stacks + 1, sizeof(*sorted));
	int rc = sorted ? merge(f, sorted, &t, err) : gb_fail_nomem(err);

	if (rc >= 0 && t.n > most)
		rc = prune(f, sorted, &t, most, err);
	if (rc >= 0)
		rc = sum_up(f, sorted, &t, err);
	if (rc < 0)
		return rc;
	*ret = t;
	memset(&t, 0, sizeof(t));
	return 0;
}

void gb_flame_tree_release(struct gb_flame_tree *t)
{
	free(t->nodes);
	free(t->self);
	memset(t, 0, sizeof(*t));
}
