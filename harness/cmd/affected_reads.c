#include "cmd/affected_reads.h"

#include "base/buf.h"
#include "base/cache.h"
#include "base/err.h"
#include "base/fs.h"
#include "base/limits.h"
#include "base/mem.h"
#include "plan/testlog.h"

#include <stdlib.h>
#include <string.h>

int affected_reads_key(const char *package, const char *dir, char ret_key[GB_HASH_HEX + 1],
		       struct gb_err *err)
{
	_hash_ struct gb_hash h = GB_HASH_INIT;

	gb_hash_text(&h, "reads 1");
	gb_hash_text(&h, package);
	gb_hash_text(&h, dir);
	return gb_hash_end(&h, ret_key, err);
}

static int compare(const void *a, const void *b)
{
	return strcmp(a, *(char *const *)b);
}

/* The lists of a log are sorted. */
static bool holds(const struct gb_strlist *l, const char *path)
{
	return l->n && bsearch(path, l->v, l->n, sizeof(*l->v), compare);
}

/* Itself, or as a name in a folder that was listed. */
static bool was_read(const struct gb_testlog *log, const struct gb_plan_change *c)
{
	_free_ char *dir = NULL;

	if (holds(&log->opens, c->path) || holds(&log->stats, c->path))
		return true;
	dir = gb_strndup(c->path, (size_t)(gb_path_base(c->path) - c->path));
	if (!dir)
		return true;
	if (strlen(dir) > 1)
		dir[strlen(dir) - 1] = '\0';
	return holds(&log->opens, dir);
}

static int look(const struct gb_cache *cache, struct gb_plan_target *t,
		const struct gb_plan_changes *changes, const struct gb_testlog_places *places,
		struct gb_err *err)
{
	_buf_ struct gb_buf text = GB_BUF_INIT(GB_MAX_TEST_LOG);
	_testlog_ struct gb_testlog log = { 0 };
	char key[GB_HASH_HEX + 1];
	int rc = affected_reads_key(t->package->path, t->package->dir, key, err);

	if (rc || (rc = gb_cache_get(cache, "reads", key, &text, NULL)) ||
	    (rc = gb_testlog_parse(text.data, text.len, t->package->dir, places, &log, NULL)))
		return rc == GB_ENOMEM ? gb_fail_nomem(err) : 0;
	for (size_t i = 0; i < changes->n; i++) {
		const struct gb_plan_change *c = &changes->v[i];

		if (c->kind == GB_CHANGE_IGNORED || !was_read(&log, c))
			continue;
		t->why = GB_PLAN_READS;
		t->file = c->path;
		break;
	}
	return 0;
}

int affected_reads(struct gb_plan *plan, const struct gb_plan_changes *changes, const char *top,
		   struct gb_err *err)
{
	const struct gb_testlog_places places = { top, { NULL, NULL, NULL, NULL } };
	_cache_ struct gb_cache cache;
	int rc = gb_cache_open(&cache, err);

	for (size_t i = 0; i < plan->n && !rc && cache.dir && changes->n; i++) {
		struct gb_plan_target *t = &plan->v[i];

		if (t->why || !t->package->dir)
			continue;
		rc = look(&cache, t, changes, &places, err);
		plan->n_affected += t->why != GB_PLAN_SAME;
	}
	return rc;
}
