/*
 * edges - who calls whom, between the nodes that are to be seen.
 *
 * An edge weighs what the samples weigh in which its caller stands directly
 * outside its callee; once per sample.  Where the nodes between two that are
 * kept are not, the edge is `residual`; it is `inlined` where the callee
 * was inlined into the caller in every sample.
 */
#ifndef GB_PPROF_EDGES_H
#define GB_PPROF_EDGES_H

#include "pprof/tally.h"

struct gb_edge {
	uint32_t from, to; /* nodes of the tally */
	int64_t weight;
	bool residual, inlined;
	uint32_t seen; /* the last sample that counted */
};

struct gb_edges {
	struct gb_edge *v;
	size_t n, cap;
	uint32_t *slots; /* index plus one, 0 is free */
	size_t n_slots;
};

#define GB_EDGES_INIT               \
	{                           \
		NULL, 0, 0, NULL, 0 \
	}

/* `t` was made of the same profile with the same options; kept[node] says which are seen. */
int gb_edges_make(const struct gb_tally_options *o, const struct gb_profile *p, struct gb_tally *t,
		  const bool *kept, struct gb_edges *ret, struct gb_err *err);
void gb_edges_release(struct gb_edges *e);
#define _edges_ __attribute__((cleanup(gb_edges_release)))

/* The heaviest first, then by node; takes the edges out of the order that finding them needs. */
void gb_edges_sort(struct gb_edges *e);

#endif
