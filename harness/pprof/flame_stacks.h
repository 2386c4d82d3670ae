/*
 * flame_stacks - what a flame graph holds between its parts: flame.c takes the
 * stacks in, flame_tree.c merges them, flame_page.c writes them.  For these alone.
 */
#ifndef GB_PPROF_FLAME_STACKS_H
#define GB_PPROF_FLAME_STACKS_H

#include "base/limits.h"
#include "base/mem.h"
#include "pprof/flame.h"

/* Out of memory is told and not fatal; `f` is what every function here calls its graph. */
#define uthash_malloc(size)	     gb_malloc(size)
#define HASH_NONFATAL_OOM	     1
#define uthash_nonfatal_oom(element) (f->no_memory = true)
#include <uthash.h>

struct gb_flame_name {
	UT_hash_handle hh;
	uint32_t
		number; /* while data is written: its place among the strings, from 1; 0: none yet */
	char text[];
};

struct gb_flame_key {
	struct gb_flame_name *func, *file;
	int64_t line;
};

struct gb_flame_frame {
	struct gb_flame_key key;
	uint32_t id;
	uint32_t number; /* while data is written: its place among the frames, from 1 */
	UT_hash_handle hh;
};

struct gb_flame_stack {
	size_t from;   /* of its frames, in ids */
	size_t values; /* of its values: for each type now, then base */
	uint32_t n;
};

struct gb_flame {
	struct {
		char *name, *unit;
	} types[GB_MAX_FLAME_TYPES];
	size_t n_types;
	struct gb_flame_name *names;
	struct gb_flame_frame *frames_by_key;
	struct gb_flame_frame **frames; /* by id */
	size_t n_frames, cap_frames;
	uint32_t *ids;
	size_t n_ids, cap_ids;
	struct gb_flame_stack *stacks;
	size_t n_stacks, cap_stacks;
	size_t next; /* the stack that is expected after gb_flame_again() */
	int64_t *values;
	size_t n_values, cap_values;
	bool no_memory; /* set by uthash */
};

/* The merged stacks, a node before what it calls. */
struct gb_flame_node {
	uint32_t frame;	   /* id, or GB_FLAME_SMALLER */
	uint32_t depth;	   /* 0: outermost */
	uint32_t parent;   /* its index; its own of an outermost one */
	uint32_t next;	   /* the index behind all that is below it */
	uint32_t from, to; /* its own stacks, in the order of their frames */
};

#define GB_FLAME_SMALLER UINT32_MAX

struct gb_flame_tree {
	struct gb_flame_node *nodes;
	int64_t *self; /* of each node, as many as a stack has values */
	size_t n, cap;
	size_t left_out; /* nodes that were summed up */
};

/* At most `most` nodes and the sums of what was left out below them. */
int gb_flame_tree(struct gb_flame *f, size_t most, struct gb_flame_tree *ret, struct gb_err *err);
void gb_flame_tree_release(struct gb_flame_tree *t);
#define _flame_tree_ __attribute__((cleanup(gb_flame_tree_release)))

#endif
