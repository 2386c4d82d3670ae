/* cached - what is known already; cached_keep.c keeps what is new.  See cached.h. */
#include "cmd/cached.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/fs.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/text.h"
#include "budget/living.h"
#include "git/repo.h"
#include "go/exec.h"
#include "go/replay.h"
#include "go/testflags.h"
#include "plan/list.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* As many bytes of package names as any system takes on a command line, and some for the rest. */
#define MAX_WORDS (96 * GB_KIB)

/* Files' times come from a coarser clock than ours. */
#define COARSE_NS (20 * 1000000L)

struct timespec cached_moment(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	now.tv_nsec -= COARSE_NS;
	if (now.tv_nsec < 0) {
		now.tv_nsec += 1000000000L;
		now.tv_sec--;
	}
	return now;
}

/* The work tree, or where there is none the module. */
static int find_inside(struct gb_cached *c, const struct gb_job *j, struct gb_err *err)
{
	_repo_ struct gb_repo *repo = NULL;
	const char *top = NULL;
	int rc = gb_repo_open(".", &repo, NULL);

	if (rc == GB_ENOMEM)
		return gb_fail_nomem(err);
	if (rc >= 0)
		top = gb_repo_top(repo);
	if (!top)
		top = j->go.n_modules ? j->go.modules[0].dir : ".";
	return gb_fs_realpath(top, &c->inside, err);
}

int cached_places(const struct gb_job *j, char *outside[4], struct gb_testlog_places *ret,
		  struct gb_err *err)
{
	const char *tmp = getenv("TMPDIR");
	const char *const names[] = { j->go.real_root, j->go.modcache, j->go.cache,
				      tmp && tmp[0] ? tmp : "/tmp" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (!names[i] || names[i][0] != '/')
			continue;
		outside[i] = gb_strdup(names[i]);
		if (!outside[i])
			return gb_fail_nomem(err);
		ret->outside[i] = outside[i];
	}
	return 0;
}

int cached_environment(struct gb_strlist *ret, struct gb_err *err)
{
	const struct gb_exec_config nothing = { 0 };
	int rc = gb_env_copy(ret, err);

	return rc ? rc : gb_exec_env(&nothing, false, ret, err);
}

static int list_packages(struct gb_cached *c, const struct gb_job *j, struct gb_err *err)
{
	_testflags_ struct gb_testflags flags = { 0 };
	int rc = gb_testflags_parse(j->go.goflags, &j->o->go_flags, &flags, err);
	const struct gb_plan_list_options o = {
		.go = &j->go, .flags = &flags, .patterns = &j->o->patterns, .top = c->inside
	};

	return rc ? rc : gb_plan_list(&o, &c->packages, err);
}

static int by_path(const void *a, const void *b)
{
	const struct gb_cached_package *x = a, *y = b;

	return strcmp(x->row->path, y->row->path);
}

/* All that was asked for, in go test's order; they must be named one by one. */
static int take_rows(struct gb_cached *c, struct gb_err *err)
{
	const struct gb_plan_packages *p = &c->packages;
	size_t bytes = 0;

	c->v = gb_calloc(p->n + 1, sizeof(*c->v));
	if (!c->v)
		return gb_fail_nomem(err);
	for (size_t i = 0; i < p->n; i++) {
		if (!p->v[i].asked)
			continue;
		if (strcmp(p->v[i].path, "command-line-arguments") == 0 ||
		    (p->v[i].broken && !p->v[i].dir))
			return gb_fail(err, GB_ENOTFOUND, "no name");
		bytes += strlen(p->v[i].path) + 1;
		c->v[c->n++].row = &p->v[i];
	}
	if (c->n)
		qsort(c->v, c->n, sizeof(*c->v), by_path);
	return bytes > MAX_WORDS ? gb_fail(err, GB_ENOTFOUND, "too many names") : 0;
}

/* Everything that look_up() needs. */
static int prepare(struct gb_cached *c, const struct gb_job *j, struct gb_err *err)
{
	char common[GB_HASH_HEX + 1];
	int rc = find_inside(c, j, err);

	c->since = cached_moment();
	c->places.inside = c->inside;
	if (rc || (rc = cached_places(j, c->outside, &c->places, err)) ||
	    (rc = cached_environment(&c->env, err)) || (rc = list_packages(c, j, err)) ||
	    (rc = take_rows(c, err)) || (rc = cached_common(j, common, err)))
		return rc;
	return gb_plan_keys_new(&c->packages, common, &c->keys, err);
}

static int inputs_of(struct gb_cached *c, const struct gb_cached_package *x, struct gb_testlog *ret,
		     struct gb_err *err)
{
	_buf_ struct gb_buf text = GB_BUF_INIT(GB_MAX_TEST_LOG);
	int rc = gb_cache_get(&c->cache, "inputs", x->key, &text, err);

	return rc ? rc : gb_testlog_parse(text.data, text.len, x->row->dir, &c->places, ret, err);
}

int cached_second_key(const struct gb_cached *c, const char *first, const struct gb_testlog *log,
		      char ret_key[GB_HASH_HEX + 1], bool *ret_young, struct gb_err *err)
{
	_hash_ struct gb_hash h = GB_HASH_INIT;

	gb_hash_text(&h, first);
	gb_testlog_hash(log, &c->places, &c->env, &c->since, &h, ret_young);
	return gb_hash_end(&h, ret_key, err);
}

static int look_up_one(struct gb_cached *c, const struct gb_job *j, struct gb_cached_package *x,
		       struct gb_err *err)
{
	_buf_ struct gb_buf text = GB_BUF_INIT(GB_MAX_CACHE_ENTRY);
	_testlog_ struct gb_testlog log = { 0 };
	char second[GB_HASH_HEX + 1];
	int rc = x->row->dir ? gb_plan_key(c->keys, x->row, x->key, err) : GB_ENOTFOUND;

	if (rc) {
		x->key[0] = '\0';
		return rc;
	}
	if ((rc = inputs_of(c, x, &log, err)) ||
	    (rc = cached_second_key(c, x->key, &log, second, NULL, err)) ||
	    (rc = gb_cache_get(&c->cache, "measured", second, &text, err)))
		return rc;
	rc = gb_replay(c->run, &j->go, x->row->path, x->row->dir, text.data, text.len, err);
	x->hit = !rc;
	return rc;
}

/* Whatever is wrong with an entry: then it is a miss. */
static int look_up(struct gb_cached *c, const struct gb_job *j, struct gb_err *err)
{
	c->run = gb_run_new(err);
	if (!c->run)
		return GB_ENOMEM;
	for (size_t i = 0; i < c->n; i++)
		if (look_up_one(c, j, &c->v[i], NULL) == GB_ENOMEM)
			return gb_fail_nomem(err);
	return 0;
}

bool cached_is_fine(const struct gb_verdicts *v, const struct gb_package *p)
{
	for (size_t i = 0; i < v->n; i++) {
		const struct gb_judgement *x = &v->v[i];

		if (x->package == p && (x->action == GB_ACT_FAIL || x->verdict == GB_V_OVER ||
					x->verdict == GB_V_GREW || x->verdict == GB_V_LEFT ||
					x->verdict == GB_V_WAIVED))
			return false;
	}
	return true;
}

/* And nothing more is to be measured of it. */
static bool is_enough(const struct gb_cached *c, const struct gb_job *j,
		      const struct gb_verdicts *v, const struct gb_package *p)
{
	_strlist_ struct gb_strlist alone = GB_STRLIST_INIT;

	return cached_is_fine(v, p) && !gb_judge_wants_rerun(v, p) &&
	       gb_judge_alone(&j->budgets, j->policy, p, &c->run->env, &alone, NULL) == 0 &&
	       alone.n == 0;
}

static void forget(struct gb_cached *c, const char *path)
{
	for (size_t i = 0; i < c->n; i++)
		if (strcmp(c->v[i].row->path, path) == 0)
			c->v[i].hit = false;
}

/* Judged as it will be with all others: only what is fine stays. */
static int leave_out(struct gb_cached *c, const struct gb_job *j, struct gb_err *err)
{
	struct gb_verdicts v = { 0 };
	_free_ bool *drop = gb_calloc(c->run->n_packages + 1, sizeof(*drop));
	int rc;

	if (!drop)
		return gb_fail_nomem(err);
	rc = gb_living_apply(c->run, j->policy, err);
	if (rc >= 0)
		rc = gb_judge(c->run, &j->budgets, j->policy, &v, err);
	for (size_t i = 0; i < c->run->n_packages && rc >= 0; i++)
		drop[i] = !is_enough(c, j, &v, &c->run->packages[i]);
	gb_verdicts_release(&v);
	for (size_t i = c->run->n_packages; i-- > 0 && rc >= 0;) {
		if (!drop[i])
			continue;
		forget(c, c->run->packages[i].path);
		gb_run_drop_package(c->run, i);
	}
	return rc < 0 ? rc : 0;
}

static int add_misses(struct gb_cached *c, struct gb_err *err)
{
	int rc = 0;

	for (size_t i = 0; i < c->n && !rc; i++) {
		c->hits += c->v[i].hit;
		if (!c->v[i].hit)
			rc = gb_strlist_add(&c->misses, c->v[i].row->path, err);
	}
	return rc;
}

/* What go test would say of a result that it has kept. */
static void say_hits(const struct gb_cached *c, const struct gb_job *j)
{
	for (size_t i = 0; i < c->n && j->how.on_line; i++) {
		const struct gb_cached_package *x = &c->v[i];
		const struct gb_package *p = x->hit ? gb_run_package(c->run, x->row->path) : NULL;
		_buf_ struct gb_buf line = GB_BUF_INIT(GB_MAX_NAME * 2);

		if (p && !p->measured)
			gb_buf_addf(&line, "?   \t%s\t[no test files]", p->path);
		else if (p)
			gb_buf_addf(&line, "ok  \t%s\t(cached)%s", p->path,
				    p->n_troubles ? " [no tests to run]" : "");
		if (p && !line.failed)
			j->how.on_line(j->how.arg, 1, line.data, line.len, true);
	}
}

static void forget_all(struct gb_cached *c)
{
	gb_run_free(c->run);
	c->run = NULL;
	c->hits = 0;
	for (size_t i = 0; i < c->n; i++)
		c->v[i].hit = false;
	gb_strlist_release(&c->misses);
}

static int find(struct gb_cached *c, struct gb_job *j, struct gb_err *err)
{
	struct gb_err own = GB_ERR_INIT;
	bool may;
	int rc = cached_may(j, &may, err);

	if (rc || c->off || !may || (rc = gb_cache_open(&c->cache, err)) || !c->cache.dir)
		return rc;
	rc = prepare(c, j, &own);
	if (rc >= 0)
		rc = look_up(c, j, &own);
	if (rc >= 0)
		rc = leave_out(c, j, &own);
	if (rc >= 0)
		rc = add_misses(c, &own);
	if (rc == GB_ENOMEM || rc == GB_EINTR) {
		*err = own;
		return rc;
	}
	/* go test will say what is wrong, in its own words. */
	if (rc < 0)
		forget_all(c);
	if (c->hits)
		say_hits(c, j);
	return 0;
}

static int measure(struct gb_job *j, const struct gb_strlist *patterns, struct gb_err *err)
{
	int rc;

	j->how.patterns = patterns;
	rc = job_start(j, err);
	return rc < 0 ? rc : job_measure(j, err);
}

/* All of it is known: what job_measure() would have found out. */
static void take_environment(struct gb_cached *c, struct gb_job *j)
{
	j->run->env = c->run->env;
	j->run->go_version = GB_TAKE(c->run->go_version);
	j->run->go_why_fallback = GB_TAKE(c->run->go_why_fallback);
	c->run->env = (struct gb_environment){ 0 };
	j->run->filtered = j->filtered;
}

static int join(struct gb_cached *c, struct gb_job *j, struct gb_err *err)
{
	int rc = 0;

	if (j->run->runs < c->run->runs)
		j->run->runs = c->run->runs;
	if (j->run->runs < 1)
		j->run->runs = 1;
	for (size_t i = 0; i < c->run->n_packages && !rc; i++)
		rc = gb_run_take_package(j->run, &c->run->packages[i], err);
	return rc ? rc : job_settle(j, err);
}

/* The key should have told them apart.  It did not: all is measured again. */
static int start_over(struct gb_cached *c, struct gb_job *j, struct gb_err *err)
{
	forget_all(c);
	gb_measuring_free(j->measuring);
	j->measuring = NULL;
	gb_run_free(j->run);
	j->run = gb_run_new(err);
	return j->run ? measure(j, &j->o->patterns, err) : GB_ENOMEM;
}

int cached_measure(struct gb_cached *c, struct gb_job *j, struct gb_err *err)
{
	int rc = find(c, j, err), joined;

	if (rc < 0)
		return rc;
	if (!c->hits)
		return measure(j, &j->o->patterns, err);
	if (!c->misses.n) {
		take_environment(c, j);
		return join(c, j, err);
	}
	rc = measure(j, &c->misses, err);
	if (rc >= 0 && !gb_environment_equal(&c->run->env, &j->run->env))
		return start_over(c, j, err);
	joined = rc >= 0 || rc == GB_EINTR ? join(c, j, rc < 0 ? NULL : err) : 0;
	return rc < 0 ? rc : joined;
}

void cached_release(struct gb_cached *c)
{
	gb_cache_release(&c->cache);
	gb_plan_keys_free(c->keys);
	gb_plan_packages_release(&c->packages);
	gb_run_free(c->run);
	gb_strlist_release(&c->misses);
	gb_strlist_release(&c->env);
	free(c->v);
	free(c->inside);
	for (size_t i = 0; i < sizeof(c->outside) / sizeof(c->outside[0]); i++)
		free(c->outside[i]);
	*c = (struct gb_cached){ 0 };
}
