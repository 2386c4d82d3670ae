/* cached_keep - what was measured, for the next time.  See cached.h. */
#include "cmd/cached.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/fs.h"
#include "base/limits.h"
#include "base/mem.h"
#include "cmd/affected_reads.h"
#include "go/replay.h"

#include <string.h>

/* As it was when its key was made: else nobody knows which state of it the compiler saw. */
static bool is_unchanged(struct gb_cached *c, const struct gb_cached_package *x)
{
	char now[GB_HASH_HEX + 1];

	return gb_plan_key(c->keys, x->row, now, NULL) == 0 && strcmp(now, x->key) == 0;
}

static int read_log(const struct gb_cached *c, const struct gb_cached_package *x, const char *path,
		    struct gb_testlog *ret, struct gb_err *err)
{
	_buf_ struct gb_buf text = GB_BUF_INIT(GB_MAX_TEST_LOG);
	int rc = gb_fs_read(path, &text, err);

	return rc ? rc : gb_testlog_parse(text.data, text.len, x->row->dir, &c->places, ret, err);
}

static int put(struct gb_cached *c, const struct gb_cached_package *x, const struct gb_testlog *log,
	       const struct gb_run *run, const struct gb_package *p, const struct gb_buf *records,
	       struct gb_err *err)
{
	_buf_ struct gb_buf inputs = GB_BUF_INIT(GB_MAX_TEST_LOG);
	_buf_ struct gb_buf kept = GB_BUF_INIT(GB_MAX_CACHE_ENTRY);
	char second[GB_HASH_HEX + 1];
	bool young;
	int rc = cached_second_key(c, x->key, log, second, &young, err);

	if (rc || young)
		return rc;
	gb_testlog_write(log, &inputs);
	gb_replay_write(run, p, time(NULL), NULL, records, &kept);
	if (inputs.nomem || kept.nomem)
		return gb_fail_nomem(err);
	if (inputs.failed || kept.failed)
		return 0;
	gb_cache_put(&c->cache, "measured", second, kept.data, kept.len);
	gb_cache_put(&c->cache, "inputs", x->key, inputs.data, inputs.len);
	return 0;
}

/* For --affected, whatever became of the rest. */
static int put_reads(struct gb_cached *c, const struct gb_cached_package *x,
		     const struct gb_testlog *log, struct gb_err *err)
{
	_buf_ struct gb_buf reads = GB_BUF_INIT(GB_MAX_TEST_LOG);
	char key[GB_HASH_HEX + 1];
	int rc = affected_reads_key(x->row->path, x->row->dir, key, err);

	if (rc)
		return rc;
	gb_testlog_write(log, &reads);
	if (!reads.failed)
		gb_cache_put(&c->cache, "reads", key, reads.data, reads.len);
	return reads.nomem ? gb_fail_nomem(err) : 0;
}

/* Runs alone are not kept. */
static bool ran_alone(const struct gb_package *p)
{
	for (size_t i = 0; i < p->n_tests; i++)
		for (size_t k = 0; k < p->tests[i].n_samples; k++)
			if (p->tests[i].samples[k].mode == GB_ALONE)
				return true;
	return false;
}

static int keep(struct gb_cached *c, const struct gb_job *j, const struct gb_cached_package *x,
		const struct gb_package *p, struct gb_err *err)
{
	_buf_ struct gb_buf records = GB_BUF_INIT(GB_MAX_CACHE_ENTRY);
	_testlog_ struct gb_testlog log = { 0 };
	_free_ char *log_path = NULL;
	int rc;

	if (!p->measured)
		return put(c, x, &log, j->run, p, NULL, err);
	if ((rc = gb_measure_records(j->measuring, p->path, &records, &log_path, err)) ||
	    (rc = read_log(c, x, log_path, &log, err)) || (rc = put_reads(c, x, &log, err)))
		return rc;
	return put(c, x, &log, j->run, p, &records, err);
}

int cached_keep(struct gb_cached *c, struct gb_job *j, const struct gb_verdicts *v,
		struct gb_err *err)
{
	if (!c->keys || j->run->interrupted)
		return 0;
	gb_plan_keys_forget(c->keys);
	for (size_t i = 0; i < c->n; i++) {
		const struct gb_cached_package *x = &c->v[i];
		const struct gb_package *p = gb_run_package(j->run, x->row->path);

		if (x->hit || !x->key[0] || !p || p->measured_at || !gb_replay_may_keep(p) ||
		    !cached_is_fine(v, p) || ran_alone(p) || !is_unchanged(c, x))
			continue;
		/* What cannot be kept is measured again. */
		if (keep(c, j, x, p, NULL) == GB_ENOMEM)
			return gb_fail_nomem(err);
	}
	if (c->cache.put)
		gb_cache_prune(&c->cache, gb_cache_max());
	return 0;
}
