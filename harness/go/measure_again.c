/* measure_again - a saved binary once more, without building anything. */
#include "go/measuring.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/fs.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/proc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TICK_MS	 100
#define MAX_TEXT (8 * GB_KIB)

static const char *const modes[] = { "order", "exact", "alone" };

static int on_tick(void *arg)
{
	const struct gb_measuring *m = arg;

	if (m->o->on_tick)
		m->o->on_tick(m->o->arg);
	return gb_measuring_late(m, NULL);
}

static int add_words(const struct gb_measuring *m, const struct gb_call_dir *call, const char *into,
		     enum gb_mode mode, const char *only, struct gb_strlist *ret,
		     struct gb_err *err)
{
	const char *const words[] = { "exec", "--from", call->path, "--into",
				      into,   "--mode", modes[mode] };
	int rc = gb_strlist_add_all(ret, words, sizeof(words) / sizeof(words[0]), err);

	if (!rc && only && !(rc = gb_strlist_add(ret, "--only", err)))
		rc = gb_strlist_add(ret, only, err);
	for (size_t i = 0; m->o->with && i < m->o->with->n && !rc; i++)
		if (!(rc = gb_strlist_add(ret, "--with", err)))
			rc = gb_strlist_add(ret, m->o->with->v[i], err);
	if (!rc && m->o->explain && m->o->sites > 0 && mode != GB_IN_ORDER &&
	    !(rc = gb_strlist_add(ret, "--sites", err)))
		rc = gb_strlist_addf(ret, err, "%d", m->o->sites);
	return rc ? rc : gb_strlist_add(ret, m->ctl, err);
}

static int run_wrapper(struct gb_measuring *m, const struct gb_call_dir *call, const char *into,
		       enum gb_mode mode, const char *only, struct gb_buf *output,
		       struct gb_proc_result *ret, struct gb_err *err)
{
	_strlist_ struct gb_strlist argv = GB_STRLIST_INIT;
	_free_ char *self = NULL;
	int rc = m->o->self ? 0 : gb_self_path(&self, err);

	if (rc || (rc = gb_measuring_explain(m, err)) ||
	    (rc = gb_strlist_add(&argv, m->o->self ? m->o->self : self, err)) ||
	    (rc = add_words(m, call, into, mode, only, &argv, err)))
		return rc;
	const struct gb_proc p = { .argv = (const char *const *)gb_strlist_argv(&argv),
				   .in = GB_STDIO_NULL,
				   .out = GB_STDIO_BUF,
				   .err = GB_STDIO_BUF,
				   .out_buf = output,
				   .err_buf = output,
				   .on_tick = on_tick,
				   .arg = m,
				   .tick_ms = TICK_MS,
				   .grace_ms = 3000 };
	rc = gb_proc_run(&p, ret, err);
	return rc == GB_ETIME ? gb_measuring_late(m, err) : rc;
}

/* The first run's troubles are what counts: a rerun only says that it had some too. */
static int add_warning(const struct gb_measuring *m, struct gb_package *p,
		       const struct gb_exec_result *r, bool any, const char *only, int number,
		       const char *output, struct gb_err *err)
{
	if (r->last.status == 0 && any)
		return 0;
	const char *what = r->last.over_memory ? "was stopped for its memory"
			   : !any	       ? "recorded nothing"
					       : "did not pass";
	return gb_package_add_trouble(p, any ? GB_TROUBLE_FAIL : GB_TROUBLE_NO_RECORD, true, only,
				      output, err, "%s %d %s: exit status %d",
				      m->o->rounds ? "round" : "rerun",
				      m->o->rounds ? number + 1 : number, what, r->last.status);
}

/* The k-th rerun's, from 1, beside the first run's. */
static char *saved_path(const struct gb_call_dir *call, int k, enum gb_mode mode)
{
	return gb_asprintf("%s/again.%d.%s", call->path, k, modes[mode]);
}

static bool find_saved(const struct gb_call_dir *call, int k, enum gb_mode *ret_mode, char **ret)
{
	for (int m = GB_IN_ORDER; m <= GB_EXACT; m++) {
		*ret = saved_path(call, k, (enum gb_mode)m);
		if (*ret && gb_fs_exists(*ret)) {
			*ret_mode = (enum gb_mode)m;
			return true;
		}
		free(*ret);
		*ret = NULL;
	}
	return false;
}

/* What cannot be saved is not there for another time.  Of runs alone only the last is. */
static int save_record(struct gb_measuring *m, const struct gb_call_dir *call, const char *dir,
		       enum gb_mode mode, struct gb_err *err)
{
	_free_ char *record = gb_exec_record_path(dir, 1), *saved = NULL;
	enum gb_mode other;
	int k = 1;

	m->last_mode = mode;
	for (_free_ char *taken = NULL; mode != GB_ALONE && find_saved(call, k, &other, &taken);
	     k++) {
		free(taken);
		taken = NULL;
	}
	saved = saved_path(call, k, mode);
	if (!record || !saved)
		return gb_fail_nomem(err);
	if (rename(record, saved) == 0)
		m->last = GB_TAKE(saved);
	return 0;
}

int gb_measure_again(struct gb_measuring *m, const char *package, enum gb_mode mode,
		     const char *only_test, struct gb_run *run, struct gb_err *err)
{
	const struct gb_call_dir *call = m ? gb_measuring_call(m, package) : NULL;
	struct gb_package *p = gb_run_package(run, package);
	_buf_ struct gb_buf output = GB_BUF_INIT(MAX_TEXT);
	_exec_result_ struct gb_exec_result result = { 0 };
	struct gb_proc_result r;
	bool any, complete;
	int rc;

	if (!call || !p)
		return gb_fail(err, GB_ENOTFOUND, "no test binary of %s was kept", package);
	free(m->last);
	m->last = NULL;
	_free_ char *into = gb_asprintf("again-%zu", ++m->n_again);
	_free_ char *dir = into ? gb_path_join(m->ctl, into) : NULL;
	if (!dir)
		return gb_fail_nomem(err);
	if ((rc = run_wrapper(m, call, into, mode, only_test, &output, &r, err)))
		return rc;
	rc = gb_exec_result_read(dir, &result, NULL);
	if (rc)
		return gb_fail(err, GB_EMEASURE, "rerun of %s came to nothing: %.*s", package,
			       (int)strcspn(output.data, "\n"), output.data);
	rc = gb_measuring_merge(m, dir, p, run, run->runs, mode, &any, &complete, err);
	if (!rc)
		rc = save_record(m, call, dir, mode, err);
	if (!rc)
		rc = add_warning(m, p, &result, any, only_test, run->runs, output.data, err);
	if (!m->o->keep)
		gb_fs_remove_tree(dir, NULL);
	return rc;
}

static int add_record(const char *path, enum gb_mode mode, struct gb_buf *ret, struct gb_err *err)
{
	_buf_ struct gb_buf text = GB_BUF_INIT(ret->max);
	int rc = gb_fs_read(path, &text, err);

	if (rc)
		return rc;
	gb_buf_addf(ret, "record %s %zu\n", modes[mode], text.len);
	gb_buf_add(ret, text.data, text.len);
	return ret->failed ? gb_buf_error(ret, "what was recorded", err) : 0;
}

int gb_measure_records(const struct gb_measuring *m, const char *package, struct gb_buf *ret,
		       char **ret_log, struct gb_err *err)
{
	const struct gb_call_dir *call = m ? gb_measuring_call(m, package) : NULL;
	_free_ char *log = call ? gb_path_join(call->path, GB_EXEC_LOG) : NULL;
	_free_ char *first = call ? gb_exec_record_path(call->path, 1) : NULL;
	int rc;

	if (!call || m->prefix)
		return gb_fail(err, GB_ENOTFOUND, "no record of %s was kept", package);
	if (!log || !first)
		return gb_fail_nomem(err);
	if ((rc = add_record(first, m->o->exact ? GB_EXACT : GB_IN_ORDER, ret, err)))
		return rc;
	for (int k = 1;; k++) {
		_free_ char *path = NULL;
		enum gb_mode mode;

		if (!find_saved(call, k, &mode, &path))
			break;
		if ((rc = add_record(path, mode, ret, err)))
			return rc;
	}
	*ret_log = GB_TAKE(log);
	return 0;
}

int gb_measure_last_record(const struct gb_measuring *m, struct gb_buf *ret, struct gb_err *err)
{
	if (!m->last || m->prefix)
		return gb_fail(err, GB_ENOTFOUND, "no record of a rerun was kept");
	return add_record(m->last, m->last_mode, ret, err);
}
