/* measure_start - everything before go test runs: toolchain, scratch folder, overlay. */
#include "go/measuring.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/fs.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/text.h"
#include "go/secrets.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

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

/* A path below the toolchain's real root, by way of our symlink; NULL in *ret: it lies elsewhere. */
static int by_link(const struct gb_toolchain *t, const char *path, char **ret, struct gb_err *err)
{
	_free_ char *real = NULL, *root = NULL;
	int rc;

	*ret = NULL;
	if ((rc = gb_fs_realpath(path, &real, err)) ||
	    (rc = gb_fs_realpath(t->real_root, &root, err)))
		return rc;
	if (!gb_path_under(real, root))
		return 0;
	*ret = strcmp(real, root) ? gb_path_join(t->goroot, gb_path_relative(real, root))
				  : gb_strdup(t->goroot);
	return *ret ? 0 : gb_fail_nomem(err);
}

/* The tests of a fetched toolchain's own packages: the main module is found from where go runs,
 * and must be the one that the overlay names. */
static int go_by_link(struct gb_measuring *m, struct gb_err *err)
{
	_free_ char *dir = NULL;
	int rc;

	if (!m->go.linked)
		return 0;
	if ((rc = by_link(&m->go, m->dir ? m->dir : ".", &dir, err)) || !dir)
		return rc;
	free(m->dir);
	m->dir = GB_TAKE(dir);
	for (size_t i = 0; i < m->go.n_modules; i++) {
		_free_ char *linked = NULL;
		if ((rc = by_link(&m->go, m->go.modules[i].dir, &linked, err)))
			return rc;
		if (!linked)
			continue;
		free(m->go.modules[i].dir);
		m->go.modules[i].dir = GB_TAKE(linked);
	}
	return 0;
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
					      .fallback = m->o->fallback,
					      .stress = m->o->stress,
					      .random = m->o->random };
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
	    (rc = find_toolchain(m, err)) || (rc = go_by_link(m, err)) ||
	    (rc = find_exec(m, err)) || (rc = scratch_dir(m, "tmp", &tmp, err)) ||
	    (rc = scratch_dir(m, "ctl", &m->ctl, err)))
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
	/* The go command believes PWD where it is true: a symlink stays one. */
	if (m->dir && m->dir[0] == '/' && (rc = gb_env_set(&m->env, "PWD", m->dir, err)))
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
	gb_secrets_drop();
	m->o = o;
	m->alive = -1;
	m->go_status = -1;
	if ((rc = set_up(m, err)))
		return rc;
	*ret = GB_TAKE(m);
	return 0;
}
