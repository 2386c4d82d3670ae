/* measure - the scratch folder, the one go test, and its lines.  See measure.h. */
#include "go/measuring.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/fs.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/proc.h"
#include "base/text.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define TICK_MS 100

static int scratch_dir(const struct gb_measuring *m, const char *name, char **ret,
		       struct gb_err *err)
{
	_free_ char *path = gb_path_join(m->scratch, name);

	if (!path)
		return gb_fail_nomem(err);
	if (mkdir(path, 0700))
		return gb_fail_sys(err, errno, "make %s", path);
	*ret = GB_TAKE(path);
	return 0;
}

/* The folder of -C is where everything happens. */
static int find_dir(struct gb_measuring *m, struct gb_err *err)
{
	const char *base = m->o->dir, *chdir = m->flags.chdir;

	if (!base && !chdir)
		return 0;
	m->dir = chdir && base && chdir[0] != '/' ? gb_path_join(base, chdir)
						  : gb_strdup(chdir ? chdir : base);
	return m->dir ? 0 : gb_fail_nomem(err);
}

static int find_toolchain(struct gb_measuring *m, struct gb_err *err)
{
	_toolchain_ struct gb_toolchain found = { 0 };
	const struct gb_toolchain *t = m->o->toolchain;
	int rc;

	if (!t || m->flags.chdir) {
		if ((rc = gb_toolchain_find(m->dir, &found, err)))
			return rc;
		t = &found;
	}
	return gb_toolchain_link(t, m->scratch, &m->go, err);
}

/* Where the target is another system, the go command looks for go_GOOS_GOARCH_exec by itself,
 * but not when -exec is given: as we give it, we look. */
static int find_exec(struct gb_measuring *m, struct gb_err *err)
{
	const struct gb_toolchain *t = &m->go;
	_strlist_ struct gb_strlist words = GB_STRLIST_INIT;
	int rc;

	if (!m->flags.exec && (strcmp(t->goos, t->hostos) || strcmp(t->goarch, t->hostarch))) {
		_free_ char *name = gb_asprintf("go_%s_%s_exec", t->goos, t->goarch);
		_buf_ struct gb_buf quoted = GB_BUF_INIT(GB_MAX_PATH);
		_free_ char *path = NULL;
		if (!name)
			return gb_fail_nomem(err);
		if (gb_fs_which(name, &path, NULL) == 0 && gb_quoted_add(&quoted, path))
			m->flags.exec = gb_buf_detach(&quoted);
	}
	if (m->flags.exec && (rc = gb_quoted_split(m->flags.exec, &words, err)))
		return rc;
	m->prefix = (int)words.n;
	return gb_toolchain_can_run(t, words.n > 0, err);
}

static int write_overlay(struct gb_measuring *m, struct gb_err *err)
{
	_free_ char *dir = NULL, *user = NULL, *here = NULL;
	int rc;

	if ((rc = scratch_dir(m, "overlay", &dir, err)))
		return rc;
	if ((rc = m->dir ? gb_fs_realpath(m->dir, &here, err) : gb_fs_cwd(&here, err)))
		return rc;
	if (m->flags.overlay && m->flags.overlay[0]) {
		const char *name = m->flags.overlay;
		user = name[0] == '/' ? gb_strdup(name) : gb_path_join(here, name);
		if (!user)
			return gb_fail_nomem(err);
	}
	const struct gb_overlay_options o = { .goroot = m->go.goroot,
					      .minor = m->go.minor,
					      .dir = dir,
					      .user_overlay = user,
					      .user_dir = here,
					      .fallback = m->o->fallback };
	return gb_overlay_write(&o, &m->overlay, err);
}

static int set_up(struct gb_measuring *m, struct gb_err *err)
{
	_free_ char *tmp = NULL, *lock = NULL;
	const char *goflags = getenv("GOFLAGS");
	int rc;

	if (m->o->toolchain)
		goflags = m->o->toolchain->goflags;
	if ((rc = gb_testflags_parse(goflags, m->o->go_flags, &m->flags, err)) ||
	    (rc = find_dir(m, err)) || (rc = gb_fs_scratch(&m->scratch, err)) ||
	    (rc = find_toolchain(m, err)) || (rc = find_exec(m, err)) ||
	    (rc = scratch_dir(m, "tmp", &tmp, err)) || (rc = scratch_dir(m, "ctl", &m->ctl, err)))
		return rc;
	if (!m->o->toolchain && !gb_streq(goflags ? goflags : "", m->go.goflags)) {
		/* `go env -w GOFLAGS=...`: known only now. */
		gb_testflags_release(&m->flags);
		rc = gb_testflags_parse(m->go.goflags, m->o->go_flags, &m->flags, err);
		if (rc || (rc = find_exec(m, err)))
			return rc;
	}
	lock = gb_path_join(m->ctl, "alive");
	if (!lock)
		return gb_fail_nomem(err);
	if ((m->alive = gb_fs_lock(lock, err)) < 0)
		return m->alive;
	if ((rc = write_overlay(m, err)) || (rc = gb_env_copy(&m->env, err)) ||
	    (rc = gb_toolchain_env(&m->go, tmp, &m->env, err)))
		return rc;
	gb_gotest_init(&m->said, m->flags.json);
	return gb_measuring_config(m, err);
}

int gb_measure_start(const struct gb_measure_options *o, struct gb_measuring **ret,
		     struct gb_err *err)
{
	_measuring_ struct gb_measuring *m = gb_calloc(1, sizeof(*m));
	int rc;

	if (!m)
		return gb_fail_nomem(err);
	m->o = o;
	m->alive = -1;
	m->go_status = -1;
	if ((rc = set_up(m, err)))
		return rc;
	*ret = GB_TAKE(m);
	return 0;
}

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
	return rc;
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
	return rc;
}

static int fill_environment(struct gb_measuring *m, struct gb_run *run, struct gb_err *err)
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

/* go test came to no package: its own words are the error. */
static int nothing_ran(const struct gb_measuring *m, struct gb_err *err)
{
	const char *said = m->said.errors.len ? m->said.errors.data : "it said nothing";
	size_t len = strcspn(said, "\n");

	/* "go: " lines of downloads come first; the last line says why. */
	for (const char *s = said; *s; s += strcspn(s, "\n"), s += *s == '\n')
		if (!gb_starts(s, "go: downloading ") && *s != '\n') {
			said = s;
			len = strcspn(s, "\n");
			break;
		}
	gb_fail(err, GB_EMEASURE, "go test ran nothing: %.*s", (int)(len < 800 ? len : 800), said);
	gb_hint(err, "name packages as for go test: gobudget check ./...");
	return GB_EMEASURE;
}

int gb_measure(struct gb_measuring *m, struct gb_run *run, struct gb_err *err)
{
	int64_t started = gb_now_ms();
	int rc = fill_environment(m, run, err), stopped;

	if (rc)
		return rc;
	run->runs = 1;
	stopped = run_go_test(m, err);
	run->interrupted = stopped == GB_EINTR;
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
