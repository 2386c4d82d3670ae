/*
 * gather - the evidence behind verdicts: what check and explain have in common.
 *
 * Tests run again where their sites are not known yet; with a base, its
 * packages are measured the same way; the compiler says why values are on the
 * heap.  What cannot be had is a note of the report, never an error: the
 * verdict stands without it.
 */
#ifndef GB_CMD_GATHER_H
#define GB_CMD_GATHER_H

#include "cmd/base.h"
#include "report/evidence.h"

#define GB_GATHER_SITES 200 /* told of a test that is to be explained */

struct gb_gather {
	const char *base_rev;  /* to be measured; NULL: none */
	const char *base_name; /* what people call it, or NULL */
	bool no_cache;	       /* the base is measured whatever is known */
	struct gb_base base;
	struct gb_escapes *escapes, *base_escapes;
	struct gb_evidences all;
	struct gb_strlist notes;
	struct gb_strlist names; /* of the wanted tests */
	/* Which tests; and of those, which need what is reachable afterwards. */
	bool (*wanted)(void *arg, const struct gb_package *p, const struct gb_test *t);
	bool (*wants_alone)(void *arg, const struct gb_package *p, const struct gb_test *t);
	void *arg;
};

/* Before measuring: a base that does not exist is an error at once, not after minutes. */
int gather_open(struct gb_gather *g, struct gb_err *err);

/* From here on exact runs and those alone tell the sites of wanted tests. */
int gather_names(struct gb_gather *g, struct gb_job *j, struct gb_err *err);

/* Runs the packages of wanted tests without sites once more (exact), and tests alone.  Adds samples:
 * judge again afterwards.  *ret_n: how many runs that took. */
int gather_again(struct gb_gather *g, struct gb_job *j, size_t *ret_n, struct gb_err *err);

/* base_measure(), and its notes: why it came to nothing, when it was measured. */
int gather_base(struct gb_gather *g, struct gb_job *j,
		bool (*wanted)(void *arg, const struct gb_package *p), struct gb_err *err);

/* Measures the base, asks the compiler, and fills g->all.  The run must not change any more. */
int gather(struct gb_gather *g, struct gb_job *j, struct gb_err *err);
/* The part of gather() that asks the compiler. */
int gather_compiler(struct gb_gather *g, struct gb_job *j, struct gb_err *err);
void gather_close(struct gb_gather *g);

#endif
