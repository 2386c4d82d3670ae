/* edges - see edges.h. */
#include "pprof/edges.h"

#include <stdlib.h>

#include "base/err.h"
#include "base/mem.h"
#include "pprof/sample.h"
#include "pprof/select.h"

static size_t slot_of(const struct gb_edges *e, uint32_t from, uint32_t to)
{
	uint64_t h = ((uint64_t)from << 32 | to) * UINT64_C(0x9E3779B97F4A7C15);
	size_t at = (size_t)(h >> 32) & (e->n_slots - 1);

	while (e->slots[at]) {
		const struct gb_edge *edge = &e->v[e->slots[at] - 1];

		if (edge->from == from && edge->to == to)
			break;
		at = (at + 1) & (e->n_slots - 1);
	}
	return at;
}

static int grow_slots(struct gb_edges *e, struct gb_err *err)
{
	size_t n_slots = e->n_slots ? e->n_slots * 2 : 1024;
	uint32_t *slots = gb_calloc(n_slots, sizeof(*slots));

	if (!slots)
		return gb_fail_nomem(err);
	free(e->slots);
	e->slots = slots;
	e->n_slots = n_slots;
	for (size_t i = 0; i < e->n; i++)
		e->slots[slot_of(e, e->v[i].from, e->v[i].to)] = (uint32_t)i + 1;
	return 0;
}

static int edge_of(struct gb_edges *e, uint32_t from, uint32_t to, struct gb_edge **ret,
		   struct gb_err *err)
{
	size_t at;
	int rc;

	if ((e->n + 1) * 2 > e->n_slots && (rc = grow_slots(e, err)) < 0)
		return rc;
	at = slot_of(e, from, to);
	if (!e->slots[at]) {
		rc = gb_grow((void **)&e->v, &e->cap, e->n + 1, sizeof(*e->v), UINT32_MAX - 1, err);
		if (rc < 0)
			return rc;
		e->v[e->n] = (struct gb_edge){ .from = from, .to = to, .inlined = true };
		e->slots[at] = (uint32_t)++e->n;
	}
	*ret = &e->v[e->slots[at] - 1];
	return 0;
}

struct path {
	uint32_t parent; /* the last node that is kept, or NONE */
	bool residual;
	uint32_t stamp;
	int64_t value;
};

static int step(struct gb_edges *e, struct path *at, uint32_t node, bool inlined,
		struct gb_err *err)
{
	if (at->parent != GB_PROFILE_NONE && at->parent != node) {
		struct gb_edge *edge;
		int rc = edge_of(e, at->parent, node, &edge, err);

		if (rc < 0)
			return rc;
		if (edge->seen != at->stamp) {
			edge->seen = at->stamp;
			edge->weight = (int64_t)((uint64_t)edge->weight + (uint64_t)at->value);
			edge->residual = edge->residual || at->residual;
			edge->inlined = edge->inlined && inlined;
		}
	}
	at->parent = node;
	at->residual = false;
	return 0;
}

/* From the outside in. */
static int add_sample(const struct gb_profile *p, const struct gb_sample *s,
		      const uint32_t *node_of, const bool *kept, struct path *at,
		      struct gb_edges *e, struct gb_err *err)
{
	at->parent = GB_PROFILE_NONE;
	at->residual = false;
	for (size_t i = s->n; i > 0; i--) {
		const struct gb_profile_location *l = &p->locations[s->locations[i - 1]];

		for (uint32_t k = l->n_lines; k > 0; k--) {
			uint32_t node = node_of[l->line + k - 1];
			int rc = 0;

			if (kept[node])
				rc = step(e, at, node, k != l->n_lines, err);
			else
				at->residual = true;
			if (rc < 0)
				return rc;
		}
	}
	return 0;
}

int gb_edges_make(const struct gb_tally_options *o, const struct gb_profile *p, struct gb_tally *t,
		  const bool *kept, struct gb_edges *ret, struct gb_err *err)
{
	_selection_ struct gb_selection sel = GB_SELECTION_INIT;
	_sample_ struct gb_sample s = GB_SAMPLE_INIT;
	_edges_ struct gb_edges e = GB_EDGES_INIT;
	_free_ uint32_t *node_of = NULL;
	struct path at = { 0 };
	int rc;

	if ((rc = gb_select(p, o->focus, o->ignore, &sel, err)) < 0 ||
	    (rc = gb_nodes_of(t->nodes, p, &node_of, err)) < 0)
		return rc;
	for (size_t i = 0; i < p->n_samples; i++) {
		if ((rc = gb_sample_read(p, i, &s, err)) < 0)
			return rc;
		at.value = s.values[o->type];
		at.stamp++;
		if (at.value == 0 || !gb_selected(&sel, &s))
			continue;
		if ((rc = add_sample(p, &s, node_of, kept, &at, &e, err)) < 0)
			return rc;
	}
	*ret = e;
	e = (struct gb_edges)GB_EDGES_INIT;
	return 0;
}

static uint64_t magnitude(int64_t v)
{
	return v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
}

static int by_weight(const void *pa, const void *pb)
{
	const struct gb_edge *a = pa, *b = pb;
	uint64_t x = magnitude(a->weight), y = magnitude(b->weight);

	if (x != y)
		return x < y ? 1 : -1;
	if (a->from != b->from)
		return a->from < b->from ? -1 : 1;
	return (a->to > b->to) - (a->to < b->to);
}

void gb_edges_sort(struct gb_edges *e)
{
	free(e->slots);
	e->slots = NULL;
	e->n_slots = 0;
	if (e->n)
		qsort(e->v, e->n, sizeof(*e->v), by_weight);
}

void gb_edges_release(struct gb_edges *e)
{
	free(e->v);
	free(e->slots);
	*e = (struct gb_edges)GB_EDGES_INIT;
}
