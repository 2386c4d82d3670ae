/* tally - see tally.h. */
#include "pprof/tally.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "pprof/sample.h"
#include "pprof/select.h"

#define CUTOFF 0.005 /* pprof's -nodefraction */

struct adding {
	struct gb_sum *sums;
	const uint32_t *node_of; /* by line of the profile */
	size_t type;
	bool is_base;
	uint32_t stamp;
};

static uint64_t magnitude(int64_t v)
{
	return v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
}

static void add(int64_t *to, int64_t v)
{
	*to = (int64_t)((uint64_t)*to + (uint64_t)v);
}

static void add_sample(const struct gb_profile *p, const struct gb_sample *s, int64_t value,
		       struct adding *a)
{
	uint32_t stamp = ++a->stamp;

	if (s->n == 0)
		return;
	for (size_t i = 0; i < s->n; i++) {
		const struct gb_profile_location *l = &p->locations[s->locations[i]];
		const uint32_t *node = a->node_of + l->line;

		for (uint32_t k = 0; k < l->n_lines; k++) {
			struct gb_sum *sum = &a->sums[node[k]];

			if (sum->seen != stamp) {
				sum->seen = stamp;
				add(&sum->cum, value);
			}
		}
	}
	add(&a->sums[a->node_of[p->locations[s->locations[0]].line]].flat, value);
}

static int add_profile(const struct gb_profile *p, const struct gb_selection *sel, struct adding *a,
		       struct gb_tally *t, uint64_t *total, struct gb_err *err)
{
	_sample_ struct gb_sample s = GB_SAMPLE_INIT;

	for (size_t i = 0; i < p->n_samples; i++) {
		int rc = gb_sample_read(p, i, &s, err);
		int64_t value;

		if (rc < 0)
			return rc;
		value = s.values[a->type];
		if (value == 0)
			continue;
		add(a->is_base ? &t->base : &t->value, value);
		*total += magnitude(value);
		if (!gb_selected(sel, &s))
			continue;
		t->samples++;
		add_sample(p, &s, a->is_base ? (int64_t)(0 - (uint64_t)value) : value, a);
	}
	return 0;
}

static bool same_type(const struct gb_profile_type *a, const struct gb_profile_type *b)
{
	return strcmp(a->type, b->type) == 0 && strcmp(a->unit, b->unit) == 0;
}

/* The type of the same name and unit in the base: at the same place, as always in Go's
 * profiles, or anywhere. */
static int type_of_base(const struct gb_profile *p, size_t type, const struct gb_profile *base,
			size_t *ret, struct gb_err *err)
{
	const struct gb_profile_type *want = &p->types[type];
	size_t i = 0;

	if (type < base->n_types && same_type(&base->types[type], want))
		i = type;
	while (i < base->n_types && !same_type(&base->types[i], want))
		i++;
	if (i < base->n_types) {
		*ret = i;
		return 0;
	}
	gb_fail(err, GB_EUSAGE, "%s has no %s in %s to subtract from %s", base->name, want->type,
		want->unit, p->name);
	return gb_hint(err, "it has %s in %s; are both profiles of the same kind?",
		       base->types[base->default_type].type, base->types[base->default_type].unit);
}

struct side {
	const struct gb_profile *p;
	struct gb_selection sel;
	uint32_t *node_of;
	size_t type;
};

static void release_side(struct side *s)
{
	gb_selection_release(&s->sel);
	free(s->node_of);
}
#define _side_ __attribute__((cleanup(release_side)))

static int prepare(const struct gb_tally_options *o, const struct gb_profile *p, size_t type,
		   struct gb_nodes *nodes, struct side *ret, struct gb_err *err)
{
	int rc = gb_select(p, o->focus, o->ignore, &ret->sel, err);

	ret->p = p;
	ret->type = type;
	return rc < 0 ? rc : gb_nodes_of(nodes, p, &ret->node_of, err);
}

static int add_side(const struct side *s, bool is_base, uint32_t *stamp, struct gb_tally *t,
		    uint64_t *total, struct gb_err *err)
{
	struct adding a = { t->sums, s->node_of, s->type, is_base, *stamp };
	int rc = add_profile(s->p, &s->sel, &a, t, total, err);

	*stamp = a.stamp;
	return rc;
}

int gb_tally_make(const struct gb_tally_options *o, const struct gb_profile *p,
		  const struct gb_profile *base, struct gb_tally *ret, struct gb_err *err)
{
	_tally_ struct gb_tally t = GB_TALLY_INIT;
	_side_ struct side head = { 0 }, old = { 0 };
	uint64_t total = 0, base_total = 0;
	uint32_t stamp = 0;
	size_t type = 0;
	int rc;

	if ((base && (rc = type_of_base(p, o->type, base, &type, err)) < 0) ||
	    (rc = gb_nodes_new(o->by, &t.nodes, err)) < 0 ||
	    (rc = prepare(o, p, o->type, t.nodes, &head, err)) < 0 ||
	    (base && (rc = prepare(o, base, type, t.nodes, &old, err)) < 0))
		return rc;
	t.sums = gb_calloc(gb_nodes_count(t.nodes) + 1, sizeof(*t.sums));
	if (!t.sums)
		return gb_fail_nomem(err);
	if ((rc = add_side(&head, false, &stamp, &t, &total, err)) < 0 ||
	    (base && (rc = add_side(&old, true, &stamp, &t, &base_total, err)) < 0))
		return rc;
	t.total = (int64_t)(base_total ? base_total : total);
	t.type = p->types[o->type].type;
	t.unit = p->types[o->type].unit;
	*ret = t;
	t = (struct gb_tally)GB_TALLY_INIT;
	return 0;
}

void gb_tally_release(struct gb_tally *t)
{
	gb_nodes_free(t->nodes);
	free(t->sums);
	*t = (struct gb_tally)GB_TALLY_INIT;
}

static int order(int64_t a, int64_t b)
{
	return (magnitude(a) < magnitude(b)) - (magnitude(a) > magnitude(b));
}

static int by_flat(const void *pa, const void *pb)
{
	const struct gb_row *a = pa, *b = pb;
	int rc = order(a->flat, b->flat);

	if (rc == 0)
		rc = gb_node_compare(a->node, b->node);
	return rc ? rc : order(a->cum, b->cum);
}

static int by_cum(const void *pa, const void *pb)
{
	const struct gb_row *a = pa, *b = pb;
	int rc = order(a->cum, b->cum);

	if (rc == 0)
		rc = gb_node_compare(a->node, b->node);
	return rc ? rc : order(a->flat, b->flat);
}

/* 0.5% of what the nodes have by themselves: in a diff that is not the total. */
static uint64_t cutoff_of(const struct gb_tally *t)
{
	int64_t sum = 0;

	for (size_t i = 0; i < gb_nodes_count(t->nodes); i++)
		add(&sum, t->sums[i].flat);
	return magnitude((int64_t)((double)sum * CUTOFF));
}

int gb_tally_rows(const struct gb_tally *t, const struct gb_cut *cut, struct gb_row **ret,
		  size_t *ret_n, size_t *ret_dropped, size_t *ret_nodes, struct gb_err *err)
{
	uint64_t least = cut->all ? 0 : cutoff_of(t);
	size_t n = 0, nodes = 0;
	struct gb_row *rows = gb_malloc((gb_nodes_count(t->nodes) + 1) * sizeof(*rows));

	if (!rows)
		return gb_fail_nomem(err);
	for (size_t i = 0; i < gb_nodes_count(t->nodes); i++) {
		if (t->sums[i].flat == 0 && t->sums[i].cum == 0)
			continue;
		nodes++;
		if (magnitude(t->sums[i].cum) < least)
			continue;
		rows[n++] = (struct gb_row){ gb_nodes_get(t->nodes, (uint32_t)i), t->sums[i].flat,
					     t->sums[i].cum };
	}
	qsort(rows, n, sizeof(*rows), cut->by_cum ? by_cum : by_flat);
	*ret_dropped = nodes - n;
	*ret_nodes = nodes;
	*ret_n = cut->most && cut->most < n ? cut->most : n;
	*ret = rows;
	return 0;
}
