/*
 * indexing - what index.c and index_tables.c share while they read one profile.
 */
#ifndef GB_PPROF_INDEXING_H
#define GB_PPROF_INDEXING_H

#include "pprof/profile.h"
#include "pprof/wire.h"

struct gb_indexing {
	struct gb_profile *p;
	struct gb_profile_ids functions, mappings;
	size_t types, strings, samples; /* done so far */
	size_t locations;		/* how many there will be */
	struct {
		uint64_t type, unit;
	} * types_raw, period_type;
	uint64_t drop, keep, default_type;
	uint64_t *wide; /* ids that 31 bits do not hold */
	size_t n_wide, cap_wide;
	struct gb_err *err;
};

/* GB_EPARSE "<file> is no profile, or a damaged one: ..." */
int gb_index_malformed(const struct gb_indexing *x, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
int gb_index_not_wire(const struct gb_indexing *x, const struct gb_wire *w);

/* A message that consists of numbers: fields 1..n into ret, the last of each wins. */
int gb_index_numbers(const struct gb_indexing *x, struct gb_wire w, uint64_t *ret, size_t n);

/* An index into the strings, checked. */
int gb_index_string(const struct gb_indexing *x, uint64_t index, uint32_t *ret);

/* One more row of a table; functions of lines and mappings of locations stay ids, shortened. */
int gb_index_mapping(struct gb_indexing *x, struct gb_wire w);
int gb_index_function(struct gb_indexing *x, struct gb_wire w);
int gb_index_location(struct gb_indexing *x, struct gb_wire w, uint32_t *ret_mapping);
uint64_t gb_index_id(const struct gb_indexing *x, uint32_t ref);

#endif
