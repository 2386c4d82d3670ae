/*
 * ids - from the ids of a file to our indices.
 *
 * Go numbers its locations and functions 1, 2, 3 ... in the order in which they
 * stand: then there is nothing to keep.  Ids in another order get an array,
 * scattered ones a sorted list.
 *
 *	gb_ids_add()	once per item, in order; ids are never 0
 *	gb_ids_close()	once, before the first gb_ids_find()
 */
#ifndef GB_PPROF_IDS_H
#define GB_PPROF_IDS_H

#include "pprof/profile.h"

#define GB_IDS_INIT                        \
	{                                  \
		0, true, NULL, 0, 0, NULL, \
	}

int gb_ids_add(struct gb_profile_ids *ids, uint64_t id, struct gb_err *err); /* 0 or GB_ENOMEM */

/* GB_EEXIST: two have the same id; *ret_twice is it. */
int gb_ids_close(struct gb_profile_ids *ids, uint64_t *ret_twice, struct gb_err *err);
void gb_ids_release(struct gb_profile_ids *ids);
#define _ids_ __attribute__((cleanup(gb_ids_release)))

uint32_t gb_ids_search(const struct gb_profile_ids *ids, uint64_t id);

/* GB_PROFILE_NONE where there is no such id. */
static inline uint32_t gb_ids_find(const struct gb_profile_ids *ids, uint64_t id)
{
	if (ids->dense)
		return id - 1 < ids->n ? (uint32_t)(id - 1) : GB_PROFILE_NONE;
	return gb_ids_search(ids, id);
}

#endif
