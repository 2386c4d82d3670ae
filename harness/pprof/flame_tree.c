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

static int grow(struct gb_flame_tree *t, size_t width, struct gb_err *err)
{
	int rc = gb_grow((void **)&t->nodes, &t->cap, t->n + 1, sizeof(*t->nodes),
			 GB_MAX_FLAME_FRAMES, err);

	if (rc < 0)
		return rc;
	return gb_grow((void **)&t->self, &t->cap_self, (t->n + 1) * width, sizeof(*t->self),
		       GB_MAX_FLAME_FRAMES * 2 * GB_MAX_FLAME_TYPES, err);
}

static int push(struct gb_flame_tree *t, size_t width, uint32_t frame, uint32_t depth,
		uint32_t parent, struct gb_err *err)
{
	int rc = grow(t, width, err);

	if (rc < 0)
		return rc;
	t->nodes[t->n] = (struct gb_flame_node){ .frame = frame,
						 .depth = depth,
						 .parent = depth ? parent : (uint32_t)t->n };
	memset(t->self + t->n * width, 0, width * sizeof(*t->self));
	t->n++;
	return 0;
}

/* path: indexes of the nodes of the stack before this one, *ret_depth of them. */
static int add_stack(const struct gb_flame *f, const struct sortable *s, uint32_t *path,
		     uint32_t *ret_depth, struct gb_flame_tree *t, struct gb_err *err)
{
	const size_t width = 2 * f->n_types;
	uint32_t depth = 0;
	int64_t *self;

	while (depth < *ret_depth && depth < s->stack->n &&
	       t->nodes[path[depth]].frame == s->ids[depth])
		depth++;
	for (; depth < s->stack->n; depth++) {
		int rc = push(t, width, s->ids[depth], depth, depth ? path[depth - 1] : 0, err);

		if (rc < 0)
			return rc;
		path[depth] = (uint32_t)(t->n - 1);
	}
	*ret_depth = depth;
	self = t->self + path[depth - 1] * width;
	for (size_t i = 0; i < width; i++)
		self[i] = add(self[i], f->values[s->stack->values + i]);
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

static int merge(const struct gb_flame *f, struct gb_flame_tree *t, struct gb_err *err)
{
	_free_ struct sortable *sorted = NULL;
	_free_ uint32_t *path = NULL;
	uint32_t depth = 0;
	int rc = 0;

	sorted = gb_calloc(f->n_stacks ? f->n_stacks : 1, sizeof(*sorted));
	path = gb_calloc(GB_MAX_FLAME_DEPTH, sizeof(*path));
	if (!sorted || !path)
		return gb_fail_nomem(err);
	for (size_t i = 0; i < f->n_stacks; i++) {
		sorted[i].ids = f->ids + f->stacks[i].from;
		sorted[i].stack = &f->stacks[i];
	}
	qsort(sorted, f->n_stacks, sizeof(*sorted), by_frames);
	for (size_t i = 0; i < f->n_stacks && rc >= 0; i++)
		rc = add_stack(f, &sorted[i], path, &depth, t, err);
	find_ends(t);
	return rc;
}

/* How wide a node is at its widest, over all types: its share of the whole. */
static int weigh(const struct gb_flame_tree *t, size_t width, double *weights, struct gb_err *err)
{
	_free_ double *sums = gb_calloc(t->n + 1, sizeof(*sums));

	if (!sums)
		return gb_fail_nomem(err);
	for (size_t type = 0; type < width; type += 2) {
		double whole = 0;

		for (size_t i = 0; i < t->n; i++) {
			const int64_t *self = t->self + i * width + type;

			sums[i] = fmax(fabs((double)self[0]), fabs((double)self[1]));
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

/* All that is below a node and is not kept becomes one node below it. */
static int keep(const struct gb_flame_tree *t, size_t width, const bool *kept,
		struct gb_flame_tree *ret, struct gb_err *err)
{
	_free_ uint32_t *moved = gb_calloc(t->n + 1, sizeof(*moved));
	int rc;

	if (!moved)
		return gb_fail_nomem(err);
	for (size_t i = 0; i < t->n; i++) {
		const struct gb_flame_node *node = &t->nodes[i];
		uint32_t parent = node->parent == i ? 0 : moved[node->parent];
		bool smaller = !kept[i];
		size_t end = smaller ? node->next : i + 1;

		/* Neighbours that are left out are one. */
		while (smaller && end < t->n && t->nodes[end].depth == node->depth && !kept[end])
			end = t->nodes[end].next;
		rc = push(ret, width, smaller ? GB_FLAME_SMALLER : node->frame, node->depth, parent,
			  err);
		if (rc < 0)
			return rc;
		moved[i] = (uint32_t)(ret->n - 1);
		for (size_t k = i; k < end; k++)
			for (size_t v = 0; v < width; v++) {
				int64_t *to = &ret->self[(ret->n - 1) * width + v];

				*to = add(*to, t->self[k * width + v]);
			}
		ret->left_out += smaller ? end - i : 0;
		i = end - 1;
	}
	find_ends(ret);
	return 0;
}

/* The heaviest stay; a node is as heavy as what is below it, so no one loses its parent. */
static int prune(struct gb_flame_tree *t, size_t width, size_t most, struct gb_err *err)
{
	_free_ double *weights = gb_calloc(t->n, sizeof(*weights)), *sorted = NULL;
	_free_ bool *kept = gb_calloc(t->n, sizeof(*kept));
	struct gb_flame_tree pruned = { 0 };
	double least;
	size_t ties = most;
	int rc;

	if (weights)
		sorted = gb_calloc(t->n, sizeof(*sorted));
	if (!weights || !sorted || !kept)
		return gb_fail_nomem(err);
	if ((rc = weigh(t, width, weights, err)) < 0)
		return rc;
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
	rc = keep(t, width, kept, &pruned, err);
	if (rc < 0) {
		gb_flame_tree_release(&pruned);
		return rc;
	}
	gb_flame_tree_release(t);
	*t = pruned;
	return 0;
}

int gb_flame_tree(struct gb_flame *f, size_t most, struct gb_flame_tree *ret, struct gb_err *err)
{
	_flame_tree_ struct gb_flame_tree t = { 0 };
	int rc = merge(f, &t, err);

	if (rc >= 0 && t.n > most)
		rc = prune(&t, 2 * f->n_types, most, err);
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
