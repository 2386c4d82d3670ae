#include "cmd/base_kept.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/fs.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/text.h"
#include "cmd/base.h"
#include "escape/reasons.h"
#include "go/replay.h"
#include "go/testflags.h"
#include "plan/list.h"

#include <stdlib.h>
#include <string.h>

static const char absent[] = "absent\n";

/* What its tests read, with the values that has now. */
static int second_key(const struct gb_base_kept *k, struct gb_base_package *x,
		      const struct gb_testlog *log, bool *ret_young, struct gb_err *err)
{
	_hash_ struct gb_hash h = GB_HASH_INIT;

	gb_hash_text(&h, x->first);
	gb_testlog_hash(log, &k->places, &k->env, &k->since, &h, ret_young);
	return gb_hash_end(&h, x->second, err);
}

static int take_one(struct gb_base *b, struct gb_base_package *x, struct gb_run *run,
		    struct gb_err *err)
{
	_buf_ struct gb_buf inputs = GB_BUF_INIT(GB_MAX_TEST_LOG);
	_buf_ struct gb_buf text = GB_BUF_INIT(GB_MAX_CACHE_ENTRY);
	_testlog_ struct gb_testlog log = { 0 };
	struct gb_base_kept *k = &b->kept;
	const struct gb_package *p;
	int rc = gb_cache_get(&k->cache, "baseinputs", x->first, &inputs, err);

	if (rc || gb_streq(inputs.data, absent))
		return rc;
	if ((rc = gb_testlog_parse(inputs.data, inputs.len, b->top, &k->places, &log, err)) ||
	    (rc = second_key(k, x, &log, NULL, err)) ||
	    (rc = gb_cache_get(&k->cache, "base", x->second, &text, err)) ||
	    (rc = gb_replay_below(run, x->path, b->scratch, text.data, text.len, err)))
		return rc;
	p = gb_run_package(run, x->path);
	if (p && (!k->at || p->measured_at < k->at))
		k->at = p->measured_at;
	return 0;
}

int base_kept_take(struct gb_base *b, const struct gb_job *j, struct gb_run *run, bool *ret,
		   struct gb_err *err)
{
	struct gb_base_kept *k = &b->kept;
	int rc = 0;

	*ret = false;
	if (!k->ready)
		return 0;
	if ((rc = base_scratch(b, err)) < 0)
		return rc;
	for (size_t i = 0; i < k->n && !rc; i++)
		rc = take_one(b, &k->v[i], run, NULL);
	if (rc == GB_ENOMEM)
		return gb_fail_nomem(err);
	*ret = !rc && run->n_packages && gb_environment_equal(&run->env, &j->run->env) &&
	       gb_streq(run->go_version, j->run->go_version);
	for (size_t i = 0; i < k->n && !*ret; i++)
		k->v[i].second[0] = '\0';
	if (!*ret)
		k->at = 0;
	return 0;
}

/* Whether the commit decides all that was compiled. */
static int is_closed(const struct gb_base *b, const struct gb_job *j, bool *ret, struct gb_err *err)
{
	_testflags_ struct gb_testflags flags = { 0 };
	struct gb_plan_packages all = { 0 };
	int rc = gb_testflags_parse(b->go.goflags, &j->o->go_flags, &flags, err);
	const struct gb_plan_list_options o = {
		.dir = b->dir,
		.go = &b->go,
		.flags = &flags,
		.patterns = &b->patterns,
		.top = b->scratch,
	};

	*ret = false;
	if (rc || (rc = gb_plan_list(&o, &all, err)))
		return rc;
	*ret = gb_streq(b->go.version, j->go.version) && gb_streq(b->go.real_root, j->go.real_root);
	for (size_t i = 0; i < all.n; i++)
		if (all.v[i].broken || all.v[i].elsewhere ||
		    (all.v[i].compiler && !all.v[i].standard))
			*ret = false;
	gb_plan_packages_release(&all);
	return 0;
}

/* Its own files are the commit's. */
static int leave_out(const struct gb_base *b, struct gb_strlist *l, struct gb_err *err)
{
	_strlist_ struct gb_strlist rest = GB_STRLIST_INIT;
	int rc = 0;

	for (size_t i = 0; i < l->n && !rc; i++)
		if (!gb_path_under(l->v[i], b->scratch))
			rc = gb_strlist_add(&rest, l->v[i], err);
	if (rc)
		return rc;
	gb_strlist_release(l);
	*l = rest;
	rest = (struct gb_strlist)GB_STRLIST_INIT;
	return 0;
}

static int read_log(const struct gb_base *b, const char *path, const char *dir,
		    struct gb_testlog *ret, struct gb_err *err)
{
	_buf_ struct gb_buf text = GB_BUF_INIT(GB_MAX_TEST_LOG);
	int rc = gb_fs_read(path, &text, err);

	if (!rc)
		rc = gb_testlog_parse(text.data, text.len, dir, &b->kept.places, ret, err);
	if (!rc)
		rc = leave_out(b, &ret->opens, err);
	return rc ? rc : leave_out(b, &ret->stats, err);
}

static int put_one(struct gb_base *b, struct gb_base_package *x, const struct gb_package *p,
		   struct gb_err *err)
{
	_buf_ struct gb_buf records = GB_BUF_INIT(GB_MAX_CACHE_ENTRY);
	_buf_ struct gb_buf inputs = GB_BUF_INIT(GB_MAX_TEST_LOG);
	_buf_ struct gb_buf text = GB_BUF_INIT(GB_MAX_CACHE_ENTRY);
	_testlog_ struct gb_testlog log = { 0 };
	_free_ char *log_path = NULL;
	struct gb_base_kept *k = &b->kept;
	bool young = false;
	int rc = 0;

	if (p->measured &&
	    ((rc = gb_measure_records(b->measuring, p->path, &records, &log_path, err)) ||
	     (rc = read_log(b, log_path, p->dir, &log, err))))
		return rc;
	if ((rc = second_key(k, x, &log, &young, err)))
		return rc;
	gb_testlog_write(&log, &inputs);
	gb_replay_write(b->run, p, time(NULL), b->scratch, p->measured ? &records : NULL, &text);
	if (inputs.nomem || text.nomem)
		return gb_fail_nomem(err);
	if (inputs.failed || text.failed || young) {
		x->second[0] = '\0';
		return 0;
	}
	gb_cache_put(&k->cache, "base", x->second, text.data, text.len);
	gb_cache_put(&k->cache, "baseinputs", x->first, inputs.data, inputs.len);
	return 0;
}

int base_kept_put(struct gb_base *b, const struct gb_job *j, struct gb_err *err)
{
	struct gb_base_kept *k = &b->kept;
	bool closed = false;
	int rc = 0;

	if (!k->ready)
		return 0;
	rc = is_closed(b, j, &closed, NULL);
	k->ready = !rc && closed;
	for (size_t i = 0; i < k->n && k->ready && rc != GB_ENOMEM; i++) {
		struct gb_base_package *x = &k->v[i];
		const struct gb_package *p = gb_run_package(b->run, x->path);
		_free_ char *dir =
			x->below[0] ? gb_path_join(b->scratch, x->below) : gb_strdup(b->scratch);

		if (!dir)
			rc = GB_ENOMEM;
		else if (!gb_fs_is_dir(dir))
			gb_cache_put(&k->cache, "baseinputs", x->first, absent, strlen(absent));
		else if (p && gb_replay_may_keep(p))
			rc = put_one(b, x, p, NULL);
		if (rc)
			x->second[0] = '\0';
	}
	return rc == GB_ENOMEM ? gb_fail_nomem(err) : 0;
}

int base_kept_take_again(struct gb_base *b, const char *package, const char *key, bool *ret,
			 struct gb_err *err)
{
	_buf_ struct gb_buf text = GB_BUF_INIT(GB_MAX_CACHE_ENTRY);
	int rc = key[0] ? gb_cache_get(&b->kept.cache, "base", key, &text, NULL) : GB_ENOTFOUND;

	if (!rc)
		rc = gb_replay_again(b->run, package, b->scratch, text.data, text.len, NULL);
	*ret = !rc;
	return rc == GB_ENOMEM ? gb_fail_nomem(err) : 0;
}

int base_kept_put_again(struct gb_base *b, const char *package, const char *key, struct gb_err *err)
{
	_buf_ struct gb_buf record = GB_BUF_INIT(GB_MAX_CACHE_ENTRY);
	_buf_ struct gb_buf text = GB_BUF_INIT(GB_MAX_CACHE_ENTRY);
	const struct gb_package *p = gb_run_package(b->run, package);
	int rc;

	if (!key[0] || !p)
		return 0;
	rc = gb_measure_last_record(b->measuring, &record, NULL);
	if (rc)
		return rc == GB_ENOMEM ? gb_fail_nomem(err) : 0;
	gb_replay_write(b->run, p, time(NULL), b->scratch, &record, &text);
	if (text.nomem)
		return gb_fail_nomem(err);
	if (!text.failed)
		gb_cache_put(&b->kept.cache, "base", key, text.data, text.len);
	return 0;
}

int base_kept_escapes(struct gb_base *b, const struct gb_strlist *folders, struct gb_escapes **ret,
		      struct gb_err *err)
{
	_buf_ struct gb_buf text = GB_BUF_INIT(GB_MAX_CACHE_ENTRY);
	char key[GB_HASH_HEX + 1];
	int rc;

	if (!b->kept.ready)
		return 0;
	rc = base_kept_escapes_key(b, folders, key, NULL);
	if (!rc)
		rc = gb_cache_get(&b->kept.cache, "baseescapes", key, &text, NULL);
	if (!rc)
		rc = gb_reasons_read(text.data, text.len, ret, NULL);
	return rc == GB_ENOMEM ? gb_fail_nomem(err) : 0;
}

int base_kept_put_escapes(struct gb_base *b, const struct gb_strlist *folders,
			  const struct gb_escapes *e, struct gb_err *err)
{
	_buf_ struct gb_buf text = GB_BUF_INIT(GB_MAX_CACHE_ENTRY);
	char key[GB_HASH_HEX + 1];
	int rc;

	if (!b->kept.ready)
		return 0;
	if ((rc = base_kept_escapes_key(b, folders, key, err)))
		return rc;
	gb_reasons_write(e, &text);
	if (!text.failed)
		gb_cache_put(&b->kept.cache, "baseescapes", key, text.data, text.len);
	return 0;
}
