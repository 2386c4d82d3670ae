/*
 * shard - packages spread over jobs, the same way in each of them.
 *
 * Pure.  Every job works out the split by itself from what all of them have: the package list, the
 * sizes of test files, and, where one is given, a report of an earlier run with the time that
 * each package took.  The longest package goes first, each to the job with the least to do
 * (equal: with the fewest packages, then the first), so the same input gives the same split
 * everywhere.  The plan's id stands for it: jobs whose lists differ have different ones.
 *
 * A package's weight is in milliseconds: what it took last, else what packages of its size took,
 * else a guess from its size, and half a second for each that has tests, since its program must
 * be linked.  One without tests weighs 1.
 *
 * Shards count from 1.  More shards than packages leaves some empty.
 */
#ifndef GB_PLAN_SHARD_H
#define GB_PLAN_SHARD_H

#include "base/hash.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct gb_err;

#define GB_MAX_SHARDS 1000

struct gb_shard_package {
	char *path;
	bool tests;
	int64_t bytes;	/* of its test files */
	int64_t ms;	/* that it took last; -1: not known */
	int64_t weight; /* of gb_shard_split() */
	size_t shard;
};

struct gb_shard_plan {
	struct gb_shard_package *v; /* after the split by path */
	size_t n, cap;
	size_t of;
	char id[GB_HASH_HEX + 1];
};

/* "2/4".  GB_EUSAGE unless 1 <= 2 <= 4 <= GB_MAX_SHARDS. */
int gb_shard_parse(const char *text, size_t *ret_index, size_t *ret_of, struct gb_err *err);

/* Negative sizes and times count as not known. */
int gb_shard_add(struct gb_shard_plan *p, const char *path, bool tests, int64_t bytes, int64_t ms,
		 struct gb_err *err);
/* Sorts, weighs and deals.  GB_EUSAGE: a package that comes twice. */
int gb_shard_split(struct gb_shard_plan *p, size_t of, struct gb_err *err);

/* How many packages a shard has, of them with tests, and what they weigh together. */
struct gb_shard_load {
	size_t packages, tests;
	int64_t weight;
};
struct gb_shard_load gb_shard_load(const struct gb_shard_plan *p, size_t shard);

void gb_shard_release(struct gb_shard_plan *p);

#endif
