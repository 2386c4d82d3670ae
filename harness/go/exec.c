/* exec - one call of the wrapper, from go test or as a rerun.  See exec.h. */
#include "go/exec.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/fs.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/text.h"
#include "go/exec_args.h"
#include "go/record.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAX_NAMES (64 * GB_KIB) /* of an environment variable; execve(2) takes 128 KiB */

static const char *const modes[] = { "order", "exact", "alone" };

int gb_exec_parse(char **argv, struct gb_exec_call *ret, struct gb_err *err)
{
	_exec_call_ struct gb_exec_call c = { .mode = GB_IN_ORDER };
	char **a = argv + 1;

	for (; a[0] && gb_starts(a[0], "--"); a += 2) {
		if (!a[1])
			return gb_fail(err, GB_EUSAGE, "exec: %s needs a value", a[0]);
		if (strcmp(a[0], "--from") == 0) {
			c.from = a[1];
		} else if (strcmp(a[0], "--into") == 0) {
			c.into = a[1];
		} else if (strcmp(a[0], "--only") == 0) {
			c.only = a[1];
		} else if (strcmp(a[0], "--with") == 0) {
			int rc = gb_strlist_add(&c.with, a[1], err);

			if (rc)
				return rc;
		} else if (strcmp(a[0], "--sites") == 0) {
			char *end;
			long n = strtol(a[1], &end, 10);

			if (n < 1 || n > (long)GB_MAX_SITES || *end)
				return gb_fail(err, GB_EUSAGE, "exec: no number \"%s\"", a[1]);
			c.sites = (int)n;
		} else if (strcmp(a[0], "--mode") == 0) {
			int m = GB_ALONE;
			while (m >= 0 && strcmp(modes[m], a[1]) != 0)
				m--;
			if (m < 0)
				return gb_fail(err, GB_EUSAGE, "exec: no mode \"%s\"", a[1]);
			c.mode = (enum gb_mode)m;
		} else {
			return gb_fail(err, GB_EUSAGE, "exec: unknown option %s", a[0]);
		}
	}
	c.ctl = a[0];
	if (!c.ctl || (!a[1] && !c.from)) {
		gb_fail(err, GB_EUSAGE, "exec: no program to run");
		gb_hint(err, "this command is what go test starts for \"gobudget check\"");
		return GB_EUSAGE;
	}
	if ((c.mode == GB_ALONE) != (c.only != NULL))
		return gb_fail(err, GB_EUSAGE, "exec: --only and --mode alone go together");
	if (c.with.n && !c.from)
		return gb_fail(err, GB_EUSAGE, "exec: --with is for a saved call");
	c.words = (const char *const *)(a + 1);
	*ret = c;
	c.with = (struct gb_strlist)GB_STRLIST_INIT;
	return 0;
}

void gb_exec_call_release(struct gb_exec_call *c)
{
	gb_strlist_release(&c->with);
}

/* What one call works with. */
struct call {
	const struct gb_exec_call *c;
	struct gb_exec_config config;
	char *dir; /* CTL/N */
	enum gb_mode mode;
	int sites;
	struct gb_strlist env;
	struct gb_strlist front; /* PREFIX... BINARY as it is run now */
	struct gb_strlist args;	 /* what follows the binary */
	struct gb_exec_result result;
};

static void release_call(struct call *x)
{
	gb_exec_config_release(&x->config);
	free(x->dir);
	gb_strlist_release(&x->env);
	gb_strlist_release(&x->front);
	gb_strlist_release(&x->args);
	gb_exec_result_release(&x->result);
}

/* The k-th try at a name: a pid comes back in a long run. */
static char *dir_name(const struct gb_exec_call *c, int k)
{
	if (c->into)
		return gb_path_join(c->ctl, c->into);
	if (k == 0)
		return gb_asprintf("%s/%ld", c->ctl, (long)getpid());
	return gb_asprintf("%s/%ld.%d", c->ctl, (long)getpid(), k);
}

static int make_dir(struct call *x, struct gb_err *err)
{
	for (int k = 0; k < 1000; k++) {
		_free_ char *dir = dir_name(x->c, k);
		if (!dir)
			return gb_fail_nomem(err);
		if (mkdir(dir, 0700) == 0) {
			x->dir = GB_TAKE(dir);
			return 0;
		}
		if (errno != EEXIST || x->c->into)
			return gb_fail_sys(err, errno, "make %s", dir);
	}
	return gb_fail(err, GB_EEXIST, "no free name below %s", x->c->ctl);
}

/* Keeps what a rerun needs.  The first run itself uses go test's own file. */
static int save_call(struct call *x, struct gb_err *err)
{
	const char *binary = x->front.v[x->front.n - 1];
	_free_ char *kept = gb_path_join(x->dir, gb_path_base(binary));
	_free_ char *cwd = NULL;
	_strlist_ struct gb_strlist argv = GB_STRLIST_INIT, where = GB_STRLIST_INIT;
	int rc;

	if (!kept)
		return gb_fail_nomem(err);
	if ((rc = gb_fs_link_or_copy(binary, kept, err)) || (rc = gb_fs_cwd(&cwd, err)) ||
	    (rc = gb_strlist_add(&where, cwd, err)) ||
	    (rc = gb_strlist_add_all(&argv, (const char *const *)x->front.v, x->front.n - 1,
				     err)) ||
	    (rc = gb_strlist_add(&argv, kept, err)) ||
	    (rc = gb_strlist_add_all(&argv, (const char *const *)x->args.v, x->args.n, err)))
		return rc;
	if ((rc = gb_exec_list_write(x->dir, "argv", &argv, err)) ||
	    (rc = gb_exec_list_write(x->dir, "dir", &where, err)))
		return rc;
	return gb_exec_list_write(x->dir, "env", &x->env, err);
}

static int take_words(struct call *x, const char *const *words, struct gb_err *err)
{
	size_t n = 0, front = (size_t)x->config.prefix + 1;
	int rc;

	while (words[n])
		n++;
	if (n < front)
		return gb_fail(err, GB_EUSAGE, "exec: no program to run");
	if ((rc = gb_strlist_add_all(&x->front, words, front, err)))
		return rc;
	return gb_strlist_add_all(&x->args, words + front, n - front, err);
}

static int first_call(struct call *x, struct gb_err *err)
{
	int rc;

	if ((rc = take_words(x, x->c->words, err)) || (rc = gb_env_copy(&x->env, err)))
		return rc;
	bool plugins = gb_exec_opens_plugins(x->front.v[x->front.n - 1]);
	rc = gb_exec_env(&x->config, plugins, &x->env, err);
	if (rc || (rc = save_call(x, err)) || x->mode == GB_IN_ORDER)
		return rc;
	return gb_exec_env_exact(x->config.memory, &x->env, err);
}

/* A binary built for coverage wants a folder; go test's is gone. */
static int coverage_dir(struct call *x, struct gb_err *err)
{
	_free_ char *dir = gb_path_join(x->dir, "cover");

	if (!gb_env_get(&x->env, "GOCOVERDIR"))
		return 0;
	if (!dir)
		return gb_fail_nomem(err);
	if (mkdir(dir, 0700))
		return gb_fail_sys(err, errno, "make %s", dir);
	return gb_env_set(&x->env, "GOCOVERDIR", dir, err);
}

static int again(struct call *x, struct gb_err *err)
{
	_strlist_ struct gb_strlist argv = GB_STRLIST_INIT, dir = GB_STRLIST_INIT;
	_strlist_ struct gb_strlist quiet = GB_STRLIST_INIT, with = GB_STRLIST_INIT;
	int rc;

	if ((rc = gb_exec_list_read(x->c->from, "argv", &argv, err)) ||
	    (rc = gb_exec_list_read(x->c->from, "dir", &dir, err)) ||
	    (rc = gb_exec_list_read(x->c->from, "env", &x->env, err)) ||
	    (rc = take_words(x, (const char *const *)gb_strlist_argv(&argv), err)))
		return rc;
	if (dir.n != 1)
		return gb_fail(err, GB_EPARSE, "%s/dir: not one folder", x->c->from);
	if (chdir(dir.v[0]))
		return gb_fail_sys(err, errno, "go to %s", dir.v[0]);
	if ((rc = coverage_dir(x, err)) || (rc = gb_args_quiet(&x->args, &quiet, err)))
		return rc;
	gb_strlist_release(&x->args);
	rc = gb_args_with(&quiet, &x->c->with, x->c->only ? &with : &x->args, err);
	if (!rc && x->c->only)
		rc = gb_args_only(&with, x->c->only, &x->args, err);
	if (!rc && x->mode != GB_IN_ORDER)
		rc = gb_exec_env_exact(x->config.memory, &x->env, err);
	return rc;
}

/* GOBUDGET_AGENT. */
static char *agent_setting(const struct call *x, const char *record)
{
	const char *mode = modes[x->mode];

	if (x->sites)
		return gb_asprintf("%s %" PRId64 " %s:%d", record, x->config.settle_ms, mode,
				   x->sites);
	return gb_asprintf("%s %" PRId64 " %s", record, x->config.settle_ms, mode);
}

/* The names that the file has room for in a variable. */
static int explain_env(struct call *x, struct gb_err *err)
{
	_strlist_ struct gb_strlist names = GB_STRLIST_INIT;
	_buf_ struct gb_buf text = GB_BUF_INIT(MAX_NAMES);
	int rc = x->sites ? gb_exec_list_read(x->c->ctl, "explain", &names, err) : 0;

	if (rc || names.n == 0)
		return rc;
	for (size_t i = 0; i < names.n && text.len + strlen(names.v[i]) + 2 < MAX_NAMES; i++)
		gb_buf_addf(&text, "%s%s", i ? "\n" : "", names.v[i]);
	if (text.failed)
		return gb_buf_error(&text, "names to explain", err);
	return gb_env_set(&x->env, "GOBUDGET_EXPLAIN", text.data, err);
}

/*
 * What go test asks for where it may keep the result; with -exec it does not.  In every run, so
 * that all of them measure the same.  A program around it may run it where our folders are not.
 */
static int add_log(const struct call *x, struct gb_strlist *argv, struct gb_err *err)
{
	if (x->config.prefix || gb_args_get(&x->args, "testlogfile"))
		return 0;
	return gb_strlist_addf(argv, err, "-test.testlogfile=%s/" GB_EXEC_LOG, x->dir);
}

static int run_once(struct call *x, const char *record, struct gb_err *err)
{
	_strlist_ struct gb_strlist argv = GB_STRLIST_INIT;
	_free_ char *alive = gb_path_join(x->c->ctl, "alive");
	_free_ char *agent = agent_setting(x, record);
	int64_t before = x->result.last.wall_ms;
	int rc;

	if (!alive || !agent)
		return gb_fail_nomem(err);
	if ((rc = gb_env_set(&x->env, "GOBUDGET_AGENT", agent, err)) ||
	    (rc = explain_env(x, err)) ||
	    (rc = gb_strlist_add_all(&argv, (const char *const *)x->front.v, x->front.n, err)) ||
	    (rc = add_log(x, &argv, err)) ||
	    (rc = gb_strlist_add_all(&argv, (const char *const *)x->args.v, x->args.n, err)))
		return rc;
	const struct gb_supervise s = {
		.argv = (const char *const *)gb_strlist_argv(&argv),
		.env = (const char *const *)gb_strlist_argv(&x->env),
		.alive = alive,
		.memory = x->config.memory,
	};
	rc = gb_supervise(&s, &x->result.last, err);
	x->result.last.wall_ms += before;
	x->result.records++;
	return rc;
}

static const struct gb_record_test *top_of(const struct gb_record *r,
					   const struct gb_record_test *t)
{
	while (t->parent > 0 && (size_t)t->parent <= r->n)
		t = &r->tests[t->parent - 1];
	return t;
}

/* One line of go test's own kind, marked where its output is being turned into JSON. */
static void say_hung(const struct call *x, const struct gb_record_test *top,
		     const struct gb_record_test *hung)
{
	_buf_ struct gb_buf text = GB_BUF_INIT(4 * GB_MAX_NAME);
	bool marked = gb_streq(gb_args_get(&x->args, "v"), "test2json");

	gb_buf_addf(&text, "\n%s--- FAIL: ", marked ? "\x16" : "");
	gb_text_safe(&text, top->name);
	gb_buf_addf(&text, " (%.2fs)\n    gobudget: ", (double)x->result.last.wall_ms / 1000);
	gb_text_safe(&text, hung->name);
	gb_buf_adds(&text, " hung: nothing in its process could move any more; "
			   "the other tests go on in a new process\n");
	if (x->c->say)
		x->c->say(text.data, text.len);
}

/*
 * What the record of a process that ended with the hung status says.  Adds the
 * top-level tests that need not run again; *ret_hung is false when none hung
 * after all (a test that ends with that status by itself).
 */
static int read_hung(struct call *x, const char *path, struct gb_strlist *done, bool *ret_hung,
		     struct gb_err *err)
{
	_buf_ struct gb_buf text = GB_BUF_INIT(GB_MAX_RECORD);
	struct gb_record r = { 0 };
	int64_t last = -1; /* place of the test that was named last */
	int rc = gb_fs_read(path, &text, err);

	*ret_hung = false;
	if (!rc)
		rc = gb_record_parse(path, text.data, text.len, &r, err);
	for (size_t i = 0; i < r.n && !rc; i++) {
		const struct gb_record_test *t = &r.tests[i], *top = top_of(&r, t);
		if (t->hung && top - r.tests != last) {
			say_hung(x, top, t);
			last = top - r.tests;
			*ret_hung = true;
		}
		if ((t->hung || (t->ended && top == t)) && !gb_strlist_has(done, top->name))
			rc = gb_strlist_add(done, top->name, err);
	}
	gb_record_release(&r);
	return rc;
}

/* Until a process ends for another reason than a hung test. */
static int run_all(struct call *x, struct gb_err *err)
{
	_strlist_ struct gb_strlist original = GB_STRLIST_INIT, done = GB_STRLIST_INIT;
	bool any = false;
	int rc = gb_strlist_add_all(&original, (const char *const *)x->args.v, x->args.n, err);

	for (int64_t k = 1; !rc; k++) {
		_free_ char *record = gb_exec_record_path(x->dir, k);
		bool hung, late;

		if (!record)
			return gb_fail_nomem(err);
		rc = run_once(x, record, err);
		if (rc || x->result.last.status != GB_EXEC_HUNG_STATUS)
			break;
		/* A record that cannot be read is reported by who reads them all. */
		if (read_hung(x, record, &done, &hung, NULL) || !hung)
			break;
		any = true;
		if (k == GB_EXEC_MAX_RESTARTS || x->c->only)
			break;
		gb_strlist_release(&x->args);
		rc = gb_args_without(&original, &done, x->result.last.wall_ms, &x->args, &late,
				     err);
		if (late)
			break;
	}
	if (any && !x->result.last.signal)
		x->result.last.status = 1;
	return rc;
}

int gb_exec(const struct gb_exec_call *c, struct gb_supervised *ret, struct gb_err *err)
{
	__attribute__((cleanup(release_call))) struct call x = { .c = c };
	int rc;

	if ((rc = gb_exec_config_read(c->ctl, &x.config, err)))
		return rc;
	x.mode = c->from || !x.config.exact ? c->mode : GB_EXACT;
	x.sites = c->from ? c->sites : (int)x.config.sites;
	x.result.mode = x.mode;
	if ((rc = make_dir(&x, err)) || (rc = c->from ? again(&x, err) : first_call(&x, err)) ||
	    (rc = run_all(&x, err)))
		return rc;
	if ((rc = gb_exec_result_write(x.dir, &x.result, err)))
		return rc;
	gb_supervised_release(ret);
	*ret = x.result.last;
	x.result.last = (struct gb_supervised){ 0 };
	return 0;
}
