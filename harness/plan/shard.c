#include "plan/shard.h"

#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/units.h"

#include <stdlib.h>
#include <string.h>

#define LINKING_MS     500
#define GUESS_MS_A_KIB 50
#define MAX_BYTES      ((int64_t)1 << 40)
#define MAX_MS	       ((int64_t)1 << 32)

static int refuse(struct gb_err *err, const char *text)
{
	gb_fail(err, GB_EUSAGE, "no shard \"%.60s\"", text);
	return gb_hint(err, "1/4 is the first of four; at most %d", GB_MAX_SHARDS);
}

int gb_shard_parse(const char *text, size_t *ret_index, size_t *ret_of, struct gb_err *err)
{
	const char *slash = strchr(text, '/');
	_free_ char *first = slash ? gb_strndup(text, (size_t)(slash - text)) : NULL;
	int64_t index, of;

	if (slash && !first)
		return gb_fail_nomem(err);
	if (!slash || gb_parse_int(slash + 1, 1, GB_MAX_SHARDS, &of, NULL) < 0 ||
	    gb_parse_int(first, 1, of, &index, NULL) < 0)
		return refuse(err, text);
	*ret_index = (size_t)index;
	*ret_of = (size_t)of;
	return 0;
}

int gb_shard_add(struct gb_shard_plan *p, const char *path, bool tests, int64_t bytes, int64_t ms,
		 struct gb_err *err)
{
	struct gb_shard_package *x;
	int rc = gb_grow((void **)&p->v, &p->cap, p->n + 1, sizeof(*p->v), GB_MAX_PACKAGES, err);

	if (rc < 0)
		return rc;
	x = &p->v[p->n];
	*x = (struct gb_shard_package){ .path = gb_strdup(path),
					.tests = tests,
					.bytes = bytes < 0	     ? 0
						 : bytes > MAX_BYTES ? MAX_BYTES
								     : bytes,
					.ms = ms < 0	    ? -1
					      : ms > MAX_MS ? MAX_MS
							    : ms };
	if (!x->path)
		return gb_fail_nomem(err);
	p->n++;
	return 0;
}

/* What is known of some tells what others of their size will take. */
static void weigh(struct gb_shard_plan *p)
{
	int64_t ms = 0, bytes = 0;

	for (size_t i = 0; i < p->n; i++) {
		if (p->v[i].ms < 0 || !p->v[i].tests || !p->v[i].bytes)
			continue;
		ms += p->v[i].ms;
		bytes += p->v[i].bytes;
	}
	for (size_t i = 0; i < p->n; i++) {
		struct gb_shard_package *x = &p->v[i];
		double rate = bytes ? (double)ms / (double)bytes : GUESS_MS_A_KIB / 1024.0;

		if (!x->tests)
			x->weight = 1;
		else if (x->ms >= 0)
			x->weight = LINKING_MS + x->ms;
		else
			x->weight = LINKING_MS + (int64_t)((double)x->bytes * rate);
	}
}

static int by_path(const void *a, const void *b)
{
	return strcmp(((const struct gb_shard_package *)a)->path,
		      ((const struct gb_shard_package *)b)->path);
}

static int by_weight(const void *pa, const void *pb)
{
	const struct gb_shard_package *a = *(struct gb_shard_package *const *)pa;
	const struct gb_shard_package *b = *(struct gb_shard_package *const *)pb;

	if (a->weight != b->weight)
		return a->weight > b->weight ? -1 : 1;
	return strcmp(a->path, b->path);
}

static bool is_lighter(const struct gb_shard_load *a, const struct gb_shard_load *b)
{
	return a->weight != b->weight ? a->weight < b->weight : a->packages < b->packages;
}

static void deal(struct gb_shard_package **order, size_t n, struct gb_shard_load *loads, size_t of)
{
	for (size_t i = 0; i < n; i++) {
		size_t least = 0;

		for (size_t k = 1; k < of; k++)
			if (is_lighter(&loads[k], &loads[least]))
				least = k;
		order[i]->shard = least + 1;
		loads[least].packages++;
		loads[least].weight += order[i]->weight;
	}
}

static int name(struct gb_shard_plan *p, struct gb_err *err)
{
	_hash_ struct gb_hash h = GB_HASH_INIT;

	gb_hash_number(&h, (int64_t)p->of);
	for (size_t i = 0; i < p->n; i++) {
		gb_hash_text(&h, p->v[i].path);
		gb_hash_number(&h, (int64_t)p->v[i].shard);
	}
	return gb_hash_end(&h, p->id, err);
}

int gb_shard_split(struct gb_shard_plan *p, size_t of, struct gb_err *err)
{
	_free_ struct gb_shard_package **order = gb_calloc(p->n + 1, sizeof(*order));
	_free_ struct gb_shard_load *loads = gb_calloc(of, sizeof(*loads));

	if (!order || !loads)
		return gb_fail_nomem(err);
	if (p->n)
		qsort(p->v, p->n, sizeof(*p->v), by_path);
	weigh(p);
	for (size_t i = 0; i < p->n; i++) {
		if (i && by_path(&p->v[i - 1], &p->v[i]) == 0)
			return gb_fail(err, GB_EUSAGE, "package \"%.200s\" comes twice",
				       p->v[i].path);
		order[i] = &p->v[i];
	}
	if (p->n)
		qsort(order, p->n, sizeof(*order), by_weight);
	deal(order, p->n, loads, of);
	p->of = of;
	return name(p, err);
}

struct gb_shard_load gb_shard_load(const struct gb_shard_plan *p, size_t shard)
{
	struct gb_shard_load l = { 0 };

	for (size_t i = 0; i < p->n; i++) {
		if (p->v[i].shard != shard)
			continue;
		l.packages++;
		l.tests += p->v[i].tests;
		l.weight += p->v[i].weight;
	}
	return l;
}

void gb_shard_release(struct gb_shard_plan *p)
{
	for (size_t i = 0; i < p->n; i++)
		free(p->v[i].path);
	free(p->v);
	*p = (struct gb_shard_plan){ 0 };
}
