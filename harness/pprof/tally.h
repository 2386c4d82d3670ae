/*
 * tally - flat and cumulative values by node: what `top`, `list` and `diff` show.
 *
 * flat is what a node's own code is charged with, cum what it and all that it
 * calls are; a node that stands in a stack more than once counts once.  In
 * a diff the base's values are subtracted, and the total is the base's, as go
 * tool pprof -diff_base has it; but frames that a profile wants dropped are
 * dropped from it, where pprof drops those of the new one from both.  Sums wrap
 * around at 64 bits, as Go's do.
 *
 *	_tally_ struct gb_tally t = GB_TALLY_INIT;
 *	gb_tally_make(&how, p, base, &t, err);
 *	gb_tally_rows(&t, &cut, &rows, &n, err);
 */
#ifndef GB_PPROF_TALLY_H
#define GB_PPROF_TALLY_H

#include "pprof/node.h"

struct gb_tally_options {
	enum gb_granularity by;
	size_t type; /* of p */
	const char *focus, *ignore;
};

struct gb_sum {
	int64_t flat, cum;
	uint32_t seen; /* the last sample that counted; for the tally itself */
};

struct gb_tally {
	struct gb_nodes *nodes;
	struct gb_sum *sums; /* by node */
	int64_t total;	     /* what percentages are of: of all samples, selected or not */
	int64_t value, base; /* sums of all samples of each */
	size_t samples;	     /* that were selected and not 0 */
	const char *unit;    /* "bytes" */
	const char *type;    /* "alloc_space" */
};

#define GB_TALLY_INIT                              \
	{                                          \
		NULL, NULL, 0, 0, 0, 0, NULL, NULL \
	}

/* base may be NULL.  GB_EUSAGE: an expression that is none, or profiles of different kinds. */
int gb_tally_make(const struct gb_tally_options *o, const struct gb_profile *p,
		  const struct gb_profile *base, struct gb_tally *ret, struct gb_err *err);
void gb_tally_release(struct gb_tally *t);
#define _tally_ __attribute__((cleanup(gb_tally_release)))

struct gb_row {
	const struct gb_node *node;
	int64_t flat, cum;
};

struct gb_cut {
	bool by_cum; /* order */
	bool all;    /* else nodes below 0.5% of the total (cum) are left out */
	size_t most; /* rows; 0: any number */
};

/*
 * Rows in pprof's order: the larger value first, whatever its sign, then by name.  The caller
 * frees *ret.  *ret_dropped were below 0.5%, of *ret_nodes in all.
 */
int gb_tally_rows(const struct gb_tally *t, const struct gb_cut *cut, struct gb_row **ret,
		  size_t *ret_n, size_t *ret_dropped, size_t *ret_nodes, struct gb_err *err);

#endif
