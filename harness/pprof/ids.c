/* ids - see ids.h. */
#include "pprof/ids.h"

#include <stdlib.h>

#include "base/err.h"
#include "base/mem.h"

static int leave_dense(struct gb_profile_ids *ids, struct gb_err *err)
{
	int rc = gb_grow((void **)&ids->sorted, &ids->cap, ids->n + 1, sizeof(*ids->sorted),
			 UINT32_MAX, err);

	if (rc < 0)
		return rc;
	for (size_t i = 0; i < ids->n; i++)
		ids->sorted[i] = (struct gb_profile_id){ i + 1, (uint32_t)i };
	ids->dense = false;
	return 0;
}

int gb_ids_add(struct gb_profile_ids *ids, uint64_t id, struct gb_err *err)
{
	int rc = 0;

	if (ids->dense && id != ids->n + 1)
		rc = leave_dense(ids, err);
	if (rc == 0 && !ids->dense) {
		rc = gb_grow((void **)&ids->sorted, &ids->cap, ids->n + 1, sizeof(*ids->sorted),
			     UINT32_MAX, err);
		if (rc == 0)
			ids->sorted[ids->n] = (struct gb_profile_id){ id, (uint32_t)ids->n };
	}
	if (rc < 0)
		return rc;
	if (id > ids->max)
		ids->max = id;
	ids->n++;
	return 0;
}

static int by_id(const void *a, const void *b)
{
	const struct gb_profile_id *x = a, *y = b;

	return (x->id > y->id) - (x->id < y->id);
}

/* Where ids are small, finding one is a look into an array. */
static int spread(struct gb_profile_ids *ids, struct gb_err *err)
{
	size_t slots = (size_t)ids->max + 1;

	ids->direct = gb_malloc(slots * sizeof(*ids->direct));
	if (!ids->direct)
		return gb_fail_nomem(err);
	for (size_t i = 0; i < slots; i++)
		ids->direct[i] = GB_PROFILE_NONE;
	for (size_t i = 0; i < ids->n; i++)
		ids->direct[ids->sorted[i].id] = ids->sorted[i].index;
	free(ids->sorted);
	ids->sorted = NULL;
	ids->cap = 0;
	return 0;
}

int gb_ids_close(struct gb_profile_ids *ids, uint64_t *ret_twice, struct gb_err *err)
{
	if (ids->dense)
		return 0;
	qsort(ids->sorted, ids->n, sizeof(*ids->sorted), by_id);
	for (size_t i = 1; i < ids->n; i++) {
		if (ids->sorted[i].id == ids->sorted[i - 1].id) {
			*ret_twice = ids->sorted[i].id;
			return GB_EEXIST;
		}
	}
	return ids->max <= 4 * (uint64_t)ids->n ? spread(ids, err) : 0;
}

uint32_t gb_ids_search(const struct gb_profile_ids *ids, uint64_t id)
{
	size_t low = 0, high = ids->n;

	if (ids->direct)
		return id <= ids->max ? ids->direct[id] : GB_PROFILE_NONE;
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (ids->sorted[middle].id < id)
			low = middle + 1;
		else
			high = middle;
	}
	return low < ids->n && ids->sorted[low].id == id ? ids->sorted[low].index : GB_PROFILE_NONE;
}

void gb_ids_release(struct gb_profile_ids *ids)
{
	free(ids->direct);
	free(ids->sorted);
	*ids = (struct gb_profile_ids)GB_IDS_INIT;
}
