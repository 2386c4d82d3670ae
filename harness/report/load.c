#include "report/load.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/fs.h"
#include "base/limits.h"
#include "base/mem.h"
#include "budget/bench.h"
#include "plan/shard.h"
#include "report/loading.h"

#include <stdlib.h>
#include <string.h>

#define VERSION 1

void gb_loaded_free(struct gb_loaded *l)
{
	if (!l)
		return;
	gb_strlist_release(&l->report.notes);
	gb_strlist_release(&l->shard_packages);
	gb_evidences_release(&l->evidence);
	gb_escape_diff_release(&l->diff);
	gb_warnings_release(&l->warnings);
	gb_escapes_free(l->head);
	gb_escapes_free(l->base);
	gb_verdicts_release(&l->verdicts);
	gb_run_free(l->run);
	gb_run_free(l->base_run);
	if (l->benches)
		gb_benches_release(l->benches);
	for (size_t i = 0; i < l->n_kept; i++)
		free(l->kept[i]);
	free(l->kept);
	gb_json_free(l->json);
	free(l);
}

void gb_cleanup_loaded(struct gb_loaded **pl)
{
	gb_loaded_free(*pl);
}

static void load_version(struct gb_loading *l)
{
	const cJSON *root = l->json->root;

	if (!cJSON_IsObject(root) || !cJSON_GetObjectItemCaseSensitive(root, "gobudget")) {
		gb_load_fail(l, root, "is no report of gobudget");
		if (l->rc == GB_EUSAGE)
			gb_hint(l->err, "gobudget check --json FILE writes one");
	} else if (gb_load_int(l, root, "version", INT32_MAX) != VERSION) {
		gb_load_fail(l, gb_load_get(l, root, "version"),
			     "this gobudget reads reports of version %d", VERSION);
	}
}

static void load_shard(struct gb_loading *l)
{
	const cJSON *item = gb_load_object(l, l->json->root, "shard");
	struct gb_report_shard *s = &l->out->shard;
	const cJSON *packages;

	if (!item)
		return;
	s->index = (size_t)gb_load_int(l, item, "index", GB_MAX_SHARDS);
	s->of = (size_t)gb_load_int(l, item, "of", GB_MAX_SHARDS);
	s->plan = gb_load_string(l, item, "plan");
	s->all = (size_t)gb_load_int(l, item, "all", (int64_t)GB_MAX_PACKAGES);
	packages = gb_load_need_list(l, item, "packages");
	gb_load_count(l, packages, s->all, "packages");
	gb_load_strings(l, packages, &l->out->shard_packages);
	if (gb_load_ok(l) && (s->index < 1 || s->index > s->of))
		gb_load_fail(l, item, "there is no shard %zu of %zu", s->index, s->of);
	s->packages = &l->out->shard_packages;
	l->out->report.shard = s;
}

static void load_policy(struct gb_loading *l)
{
	const cJSON *list = gb_load_list(l, l->json->root, "living"), *item;
	struct gb_policy *p = &l->out->policy;
	size_t n = gb_load_count(l, list, GB_MAX_TESTS, "rules");

	p->path = (char *)(uintptr_t)gb_load_text(l, l->json->root, "policy");
	p->built_in = !p->path;
	p->living = gb_load_array(l, n, sizeof(*p->living));
	if (!p->living)
		return;
	cJSON_ArrayForEach(item, list)
	{
		struct gb_living *r = &p->living[p->n_living++];

		r->created_by = (char *)(uintptr_t)gb_load_string(l, item, "created_by");
		r->count = gb_load_int(l, item, "count", INT64_MAX);
		r->line = (size_t)gb_load_int(l, item, "line", GB_LOAD_COUNT);
	}
}

static void load_head(struct gb_loading *l)
{
	const cJSON *root = l->json->root;
	struct gb_report *r = &l->out->report;
	const char *base = gb_load_text(l, root, "base");

	r->module = gb_load_text(l, root, "module");
	r->command = gb_load_text(l, root, "command");
	r->root = gb_load_text(l, root, "root");
	r->exit_status = (int)gb_load_int(l, root, "exit_status", 3);
	l->out->evidence.base = gb_load_copy(l, base);
	r->commit = gb_load_text(l, root, "commit");
	r->base_commit = gb_load_text(l, root, "base_commit");
	gb_load_strings(l, gb_load_need_list(l, root, "notes"), &r->notes);
	load_policy(l);
	load_shard(l);
}

static void load(struct gb_loading *l)
{
	struct gb_loaded *out = l->out;
	struct gb_report *r = &out->report;

	load_version(l);
	if (gb_load_ok(l) && !(out->run = gb_run_new(l->err)))
		l->rc = GB_ENOMEM;
	if (gb_load_ok(l))
		load_head(l);
	if (gb_load_ok(l))
		gb_load_run(l);
	if (gb_load_ok(l))
		gb_load_verdicts(l);
	if (gb_load_ok(l))
		gb_load_commits(l);
	if (gb_load_ok(l))
		gb_load_escapes(l);
	if (gb_load_ok(l))
		gb_load_benches(l);
	r->run = out->run;
	r->verdicts = &out->verdicts;
	r->policy = &out->policy;
	r->evidence = &out->evidence;
	out->evidence.base_run = out->base_run;
}

int gb_report_load(const char *name, const char *text, size_t len, struct gb_loaded **ret,
		   struct gb_err *err)
{
	_loaded_ struct gb_loaded *out = NULL;
	struct gb_loading l = { .err = err };

	if (len > GB_MAX_RESULT)
		return gb_fail(err, GB_ELIMIT, "%s: exceeds %zu bytes", name, GB_MAX_RESULT);
	out = gb_calloc(1, sizeof(*out));
	if (!out)
		return gb_fail_nomem(err);
	l.rc = gb_json_parse(name, text, len, &out->json, err);
	if (l.rc < 0)
		return l.rc;
	l.json = out->json;
	l.out = out;
	load(&l);
	if (l.rc < 0)
		return l.rc;
	*ret = GB_TAKE(out);
	return 0;
}

int gb_report_load_file(const char *path, struct gb_loaded **ret, struct gb_err *err)
{
	_buf_ struct gb_buf text = GB_BUF_INIT(GB_MAX_RESULT);
	int rc = gb_fs_read(path, &text, err);

	return rc < 0 ? rc : gb_report_load(path, text.data, text.len, ret, err);
}
