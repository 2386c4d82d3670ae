/*
 * measure_plain - failing tests once more, as plain go test builds them.
 *
 * -gcflags=-l makes tests fail that assert allocations or read their own
 * stack.  That is our doing and no failure of the user's code, so it is
 * asked: the failing tests alone, without overlay and wrapper, with -gcflags and
 * without, three times each.  Only what always fails with them and always passes
 * without is excused: a test that fails now and then is no more ours than
 * anybody's, and stays a failure.
 */
#include "go/measuring.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/proc.h"
#include "go/exec_args.h"

#include <stdlib.h>
#include <string.h>

#define TIMES 3

/* What is listened for while the tests run. */
struct listening {
	struct gb_package *p;
	const struct gb_measuring *m;
	bool flags;		   /* they run with -gcflags */
	struct gb_strlist *failed; /* tests that failed with them, once for each time */
	struct gb_strlist *passed; /* ... that passed without */
};

static size_t times(const struct gb_strlist *l, const char *name)
{
	size_t n = 0;

	for (size_t i = 0; i < l->n; i++)
		n += strcmp(l->v[i], name) == 0;
	return n;
}

/* "    --- PASS: TestX/a (0.00s)"; with -gcflags it is FAIL that counts. */
static int on_line(void *arg, int stream, const char *line, size_t len)
{
	struct listening *l = arg;
	char name[GB_MAX_NAME];
	size_t skip = 0, n;

	while (skip < len && (line[skip] == ' ' || line[skip] == '\x16'))
		skip++;
	if (stream != 1 || len - skip < 11 ||
	    memcmp(line + skip, l->flags ? "--- FAIL: " : "--- PASS: ", 10) != 0)
		return 0;
	line += skip + 10;
	len -= skip + 10;
	for (n = 0; n < len && line[n] != ' '; n++)
		;
	if (n == 0 || n >= sizeof(name))
		return 0;
	memcpy(name, line, n);
	name[n] = '\0';
	return gb_strlist_add(l->flags ? l->failed : l->passed, name, NULL);
}

static int on_tick(void *arg)
{
	const struct listening *l = arg;

	if (l->m->o->on_tick)
		l->m->o->on_tick(l->m->o->arg);
	return 0;
}

/* ^(TestA|TestB)$ of the top-level tests that failed; empty: none did. */
static int pattern_of(const struct gb_package *p, struct gb_buf *out, struct gb_err *err)
{
	for (size_t i = 0; i < p->n_tests; i++) {
		const struct gb_test *t = &p->tests[i];
		if (t->outcome != GB_FAIL || t->kind == GB_BENCHMARK || strchr(t->name, '/'))
			continue;
		gb_buf_adds(out, out->len ? "|" : "^(");
		gb_quote_meta(out, t->name);
	}
	if (out->len)
		gb_buf_adds(out, ")$");
	return out->failed ? gb_buf_error(out, "pattern of failing tests", err) : 0;
}

static int run_plain(struct gb_measuring *m, struct listening *l, const char *pattern,
		     struct gb_err *err)
{
	static const char *const others[] = { "run",
					      "skip",
					      "bench",
					      "json",
					      "v",
					      "vet",
					      "o",
					      "count",
					      "coverprofile",
					      "cpuprofile",
					      "memprofile",
					      "blockprofile",
					      "mutexprofile",
					      "trace",
					      "gcflags",
					      "artifacts",
					      "outputdir",
					      NULL };
	_strlist_ struct gb_strlist argv = GB_STRLIST_INIT, env = GB_STRLIST_INIT;
	const struct gb_exec_config none = { 0 };
	struct gb_proc_result r;
	int rc;

	if ((rc = gb_strlist_add(&argv, m->go.command, err)) ||
	    (rc = gb_strlist_add(&argv, "test", err)) || (rc = gb_strlist_add(&argv, "-v", err)) ||
	    (rc = gb_strlist_add(&argv, "-vet=off", err)) ||
	    (rc = gb_strlist_addf(&argv, err, "-count=%d", TIMES)) ||
	    (rc = gb_strlist_addf(&argv, err, "-run=%s", pattern)) ||
	    (m->flags.overlay &&
	     (rc = gb_strlist_addf(&argv, err, "-overlay=%s", m->flags.overlay))) ||
	    (m->flags.exec && (rc = gb_strlist_addf(&argv, err, "-exec=%s", m->flags.exec))) ||
	    (l->flags && (rc = gb_toolchain_gcflags(&m->go, m->o->gcflags, &argv, err))) ||
	    (rc = gb_strlist_add(&argv, l->p->path, err)) ||
	    (rc = gb_testflags_without(&m->flags.rest, others, &argv, err)))
		return rc;
	for (size_t i = 0; i < m->flags.gcflags.n && !rc; i++)
		rc = gb_strlist_addf(&argv, err, "-gcflags=%s", m->flags.gcflags.v[i]);
	/* The user's own environment: its build cache is warm, ours for this would not be. */
	if (!rc)
		rc = gb_env_copy(&env, err);
	if (!rc)
		rc = gb_exec_env(&none, false, &env, err);
	if (!rc)
		rc = gb_env_set(&env, "GOTMPDIR", gb_env_get(&m->env, "GOTMPDIR"), err);
	if (rc)
		return rc;
	const struct gb_proc proc = { .argv = (const char *const *)gb_strlist_argv(&argv),
				      .dir = m->dir,
				      .env = (const char *const *)gb_strlist_argv(&env),
				      .in = GB_STDIO_NULL,
				      .out = GB_STDIO_LINES,
				      .err = GB_STDIO_LINES,
				      .on_line = on_line,
				      .on_tick = on_tick,
				      .arg = l,
				      .tick_ms = 100 };
	return gb_proc_run(&proc, &r, err);
}

/* A parent that fails because of its subtests passes with them: all troubles are looked at. */
static int excuse(struct gb_measuring *m, struct gb_package *p, struct gb_err *err)
{
	_free_ char *flags = NULL;
	bool others = false;
	int rc = gb_measuring_gcflags_text(m, &flags, err);

	if (rc)
		return rc;
	for (size_t i = 0; i < p->n_troubles; i++) {
		struct gb_trouble *u = &p->troubles[i];
		const struct gb_test *t = u->test ? gb_package_test(p, u->test) : NULL;
		if (u->warning)
			continue;
		if (u->kind != GB_TROUBLE_FAIL || !t || !t->flags_only) {
			others = true;
			continue;
		}
		char *text = flags[0] ? gb_asprintf("fails only under -gcflags=%s", flags)
				      : gb_strdup("fails only while it is measured");
		if (!text)
			return gb_fail_nomem(err);
		free(u->text);
		u->text = text;
		u->warning = true;
	}
	if (!others)
		p->passed = true;
	return 0;
}

/* With our flags first: what passes then needs no excuse of ours. */
static int ask(struct gb_measuring *m, struct gb_package *p, const char *pattern,
	       struct gb_err *err)
{
	_strlist_ struct gb_strlist failed = GB_STRLIST_INIT, passed = GB_STRLIST_INIT;
	struct listening l = {
		.p = p, .m = m, .flags = true, .failed = &failed, .passed = &passed
	};
	int rc = run_plain(m, &l, pattern, err);

	l.flags = false;
	if (rc || !failed.n || (rc = run_plain(m, &l, pattern, err)))
		return rc;
	for (size_t i = 0; i < p->n_tests; i++) {
		struct gb_test *t = &p->tests[i];

		t->flags_only = t->outcome == GB_FAIL && times(&failed, t->name) == TIMES &&
				times(&passed, t->name) == TIMES;
	}
	return 0;
}

int gb_measuring_without_flags(struct gb_measuring *m, struct gb_run *run, struct gb_err *err)
{
	for (size_t i = 0; i < run->n_packages; i++) {
		struct gb_package *p = &run->packages[i];
		_buf_ struct gb_buf pattern = GB_BUF_INIT(GB_MIB);
		int rc;
		if (p->passed)
			continue;
		if ((rc = pattern_of(p, &pattern, err)))
			return rc;
		if (!pattern.len)
			continue;
		if ((rc = ask(m, p, pattern.data, err)) || (rc = excuse(m, p, err)))
			return rc;
	}
	return 0;
}
