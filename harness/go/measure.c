/* measure - the one go test, its lines, and the end of it.  See measure.h. */
#include "go/measuring.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/fs.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/proc.h"
#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TICK_MS 100

static int on_line(void *arg, int stream, const char *line, size_t len)
{
	struct gb_measuring *m = arg;
	bool whole = len < GB_MAX_LINE;

	if (m->o->on_line)
		m->o->on_line(m->o->arg, stream, line, len, whole);
	return gb_gotest_line(&m->said, stream, line, len, whole, NULL);
}

static int on_tick(void *arg)
{
	struct gb_measuring *m = arg;
	int rc = gb_measuring_look(m, NULL);

	if (m->o->on_tick)
		m->o->on_tick(m->o->arg);
	return rc ? rc : gb_measuring_late(m, NULL);
}

int gb_measuring_late(const struct gb_measuring *m, struct gb_err *err)
{
	if (!m->o->deadline_ms || gb_now_ms() < m->o->deadline_ms)
		return 0;
	return gb_fail(err, GB_ETIME, "the time is over");
}

/* A background process group must not read the terminal. */
static enum gb_stdio input(void)
{
	return isatty(STDIN_FILENO) ? GB_STDIO_NULL : GB_STDIO_INHERIT;
}

static int run_go_test(struct gb_measuring *m, struct gb_err *err)
{
	_strlist_ struct gb_strlist argv = GB_STRLIST_INIT;
	_free_ char *self = NULL;
	struct gb_proc_result r;
	int rc = m->o->self ? 0 : gb_self_path(&self, err);

	if (rc || (rc = gb_measuring_argv(m, m->o->self ? m->o->self : self, &argv, err)))
		return rc;
	const struct gb_proc p = { .argv = (const char *const *)gb_strlist_argv(&argv),
				   .dir = m->dir,
				   .env = (const char *const *)gb_strlist_argv(&m->env),
				   .in = input(),
				   .out = GB_STDIO_LINES,
				   .err = GB_STDIO_LINES,
				   .on_line = on_line,
				   .on_tick = on_tick,
				   .arg = m,
				   .tick_ms = TICK_MS,
				   .grace_ms = 3000 };
	m->said.on_done = m->o->on_package_done;
	m->said.arg = m->o->arg;
	/* A wrapper that go test killed leaves its orphans to us. */
	gb_become_reaper();
	rc = gb_proc_run(&p, &r, err);
	if (rc == 0) {
		m->go_status = r.status;
		m->had_result = true;
	}
	gb_end_orphans("go");
	return rc == GB_ETIME ? gb_measuring_late(m, err) : rc;
}

int gb_measuring_environment(const struct gb_measuring *m, struct gb_run *run, struct gb_err *err)
{
	struct gb_environment *e = &run->env;
	int rc;

	snprintf(e->go, sizeof(e->go), "1.%d", m->go.minor);
	snprintf(e->platform, sizeof(e->platform), "%s/%s", m->go.goos, m->go.goarch);
	e->cgo = m->go.cgo;
	e->race = m->flags.race;
	e->accounting = m->overlay.accounting;
	run->go_version = gb_strdup(m->go.version);
	run->go_why_fallback = gb_strdup(m->overlay.why);
	run->filtered = m->flags.filtered;
	if (!run->go_version || (m->overlay.why && !run->go_why_fallback))
		return gb_fail_nomem(err);
	if ((rc = gb_measuring_gcflags_text(m, &e->gcflags, err)))
		return rc;
	return gb_measuring_tags(m->flags.tags, &e->tags, err);
}

/* go test's own first word, behind what it says of downloads. */
static const char *first_word(const struct gb_measuring *m)
{
	const char *said = m->said.errors.len ? m->said.errors.data : "it said nothing";

	for (const char *s = said; *s; s += strcspn(s, "\n"), s += *s == '\n')
		if (!gb_starts(s, "go: downloading ") && *s != '\n')
			return s;
	return said;
}

bool gb_measure_broke_off(const struct gb_measuring *m)
{
	const char *said = first_word(m);
	const char *place = strstr(said, ".go:");

	return !m->said.packages && place && place < said + strcspn(said, "\n") &&
	       place[strlen(".go:")] >= '1' && place[strlen(".go:")] <= '9';
}

/* go test came to no package: its own words are the error. */
static int nothing_ran(const struct gb_measuring *m, struct gb_err *err)
{
	const char *said = first_word(m);
	size_t len = strcspn(said, "\n");

	gb_fail(err, GB_EMEASURE, "go test ran nothing: %.*s", (int)(len < 800 ? len : 800), said);
	gb_hint(err, gb_measure_broke_off(m)
			     ? "that file does not parse: Go before 1.24 tests no package then"
			     : "name packages as for go test: gobudget check ./...");
	return GB_EMEASURE;
}

int gb_measure(struct gb_measuring *m, struct gb_run *run, struct gb_err *err)
{
	int64_t started = gb_now_ms();
	int rc = gb_measuring_environment(m, run, err), stopped;

	if (rc)
		return rc;
	run->runs = 1;
	if (m->o->exact && (rc = gb_measuring_explain(m, err)))
		return rc;
	stopped = run_go_test(m, err);
	run->interrupted = stopped == GB_EINTR || stopped == GB_ETIME;
	if (stopped && !run->interrupted)
		return stopped;
	rc = gb_measuring_collect(m, run, stopped ? NULL : err);
	if (!rc && !stopped && run->n_packages == 0)
		rc = nothing_ran(m, err);
	if (!rc && !stopped)
		rc = gb_measuring_without_flags(m, run, err);
	run->wall_ms = gb_now_ms() - started;
	return stopped ? stopped : rc;
}

int gb_measure_go_status(const struct gb_measuring *m)
{
	return m->go_status;
}

const struct gb_toolchain *gb_measure_toolchain(const struct gb_measuring *m)
{
	return &m->go;
}

void gb_measuring_free(struct gb_measuring *m)
{
	if (!m)
		return;
	if (m->scratch && !m->o->keep)
		gb_fs_remove_tree(m->scratch, NULL);
	if (m->alive >= 0)
		close(m->alive);
	gb_measuring_free_calls(m);
	free(m->dir);
	free(m->scratch);
	free(m->last);
	free(m->ctl);
	gb_toolchain_release(&m->go);
	gb_testflags_release(&m->flags);
	gb_overlay_release(&m->overlay);
	gb_strlist_release(&m->env);
	gb_gotest_release(&m->said);
	free(m);
}

void gb_cleanup_measuring(struct gb_measuring **pm)
{
	gb_measuring_free(*pm);
	*pm = NULL;
}
