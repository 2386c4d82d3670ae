/* toolchain_call - how the go command is called: its path, environment, -gcflags. */
#include "go/toolchain.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/fs.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Whether the toolchain lies where overlays are refused. */
static int is_cached(const struct gb_toolchain *t, bool *ret, struct gb_err *err)
{
	_free_ char *root = NULL, *cache = NULL;
	int rc;

	*ret = false;
	if (t->modcache[0] == '\0' || !gb_fs_exists(t->modcache))
		return 0;
	if ((rc = gb_fs_realpath(t->real_root, &root, err)) ||
	    (rc = gb_fs_realpath(t->modcache, &cache, err)))
		return rc;
	*ret = gb_path_under(root, cache) || gb_path_under(t->real_root, t->modcache);
	return 0;
}

static int copy_text(char *const *from, char **to, size_t n, struct gb_err *err)
{
	for (size_t i = 0; i < n; i++)
		if (from[i] && !(to[i] = gb_strdup(from[i])))
			return gb_fail_nomem(err);
	return 0;
}

static int copy(const struct gb_toolchain *t, struct gb_toolchain *r, struct gb_err *err)
{
	char *const from[] = { t->command,   t->goroot,		t->real_root,	 t->version,
			       t->modcache,  t->goflags,	t->goos,	 t->goarch,
			       t->hostos,    t->hostarch,	t->goexperiment, t->gomod,
			       t->gowork,    t->add_experiment, t->cache,	 t->settings,
			       t->set_gowork };
	char *to[sizeof(from) / sizeof(from[0])] = { NULL };
	int rc = copy_text(from, to, sizeof(from) / sizeof(from[0]), err);

	r->command = to[0];
	r->goroot = to[1];
	r->real_root = to[2];
	r->version = to[3];
	r->modcache = to[4];
	r->goflags = to[5];
	r->goos = to[6];
	r->goarch = to[7];
	r->hostos = to[8];
	r->hostarch = to[9];
	r->goexperiment = to[10];
	r->gomod = to[11];
	r->gowork = to[12];
	r->add_experiment = to[13];
	r->cache = to[14];
	r->settings = to[15];
	r->set_gowork = to[16];
	r->minor = t->minor;
	r->cgo = t->cgo;
	r->linked = t->linked;
	if (rc || t->n_modules == 0)
		return rc;
	r->modules = gb_calloc(t->n_modules, sizeof(*r->modules));
	if (!r->modules)
		return gb_fail_nomem(err);
	r->n_modules = r->cap_modules = t->n_modules;
	for (size_t i = 0; i < t->n_modules; i++) {
		r->modules[i].path = gb_strdup(t->modules[i].path);
		r->modules[i].dir = gb_strdup(t->modules[i].dir);
		if (!r->modules[i].path || !r->modules[i].dir)
			return gb_fail_nomem(err);
	}
	return 0;
}

static bool leads_to(const char *link, const char *target)
{
	char text[GB_MAX_PATH];
	ssize_t n = readlink(link, text, sizeof(text) - 1);

	if (n < 0)
		return false;
	text[n] = '\0';
	return strcmp(text, target) == 0;
}

/* GOCACHE/gobudget/NAME, made if need be; *ret stays NULL where that cannot be. */
static int lasting_link(const struct gb_toolchain *t, char **ret, struct gb_err *err)
{
	if (!t->cache || t->cache[0] != '/')
		return 0;
	_free_ char *dir = gb_path_join(t->cache, "gobudget");
	_free_ char *link = dir ? gb_path_join(dir, gb_path_base(t->real_root)) : NULL;
	_free_ char *fresh = link ? gb_asprintf("%s.%ld", link, (long)getpid()) : NULL;

	if (!fresh)
		return gb_fail_nomem(err);
	if (!leads_to(link, t->real_root)) {
		if (gb_fs_mkdirs(dir, NULL) || symlink(t->real_root, fresh))
			return 0;
		if (rename(fresh, link)) {
			unlink(fresh);
			return 0;
		}
	}
	*ret = GB_TAKE(link);
	return 0;
}

int gb_toolchain_link(const struct gb_toolchain *t, const char *dir, struct gb_toolchain *ret,
		      struct gb_err *err)
{
	_toolchain_ struct gb_toolchain r = { 0 };
	bool cached;
	int rc;

	if ((rc = copy(t, &r, err)) || (rc = is_cached(t, &cached, err)))
		return rc;
	if (cached) {
		_free_ char *root = NULL;
		if ((rc = lasting_link(t, &root, err)))
			return rc;
		bool lasts = root;
		if (!lasts)
			root = gb_path_join(dir, "goroot");
		_free_ char *command = root ? gb_path_join(root, "bin/go") : NULL;
		if (!command)
			return gb_fail_nomem(err);
		if (!lasts && symlink(t->real_root, root) && errno != EEXIST)
			return gb_fail_sys(err, errno, "symlink %s", root);
		free(r.goroot);
		free(r.command);
		r.goroot = GB_TAKE(root);
		r.command = GB_TAKE(command);
		r.linked = true;
	}
	*ret = r;
	r = (struct gb_toolchain){ 0 };
	return 0;
}

int gb_toolchain_can_run(const struct gb_toolchain *t, bool has_exec, struct gb_err *err)
{
	if (has_exec || strcmp(t->goos, t->hostos) == 0)
		return 0;
	gb_fail(err, GB_EMEASURE, "GOOS is %s: its test binaries do not run on %s", t->goos,
		t->hostos);
	gb_hint(err, "unset GOOS, or name a program that runs them: -- -exec=PROGRAM");
	return GB_EMEASURE;
}

int gb_toolchain_env(const struct gb_toolchain *t, const char *tmp, struct gb_strlist *env,
		     struct gb_err *err)
{
	int rc;

	if (tmp && (rc = gb_env_set(env, "GOTMPDIR", tmp, err)))
		return rc;
	if (t->set_gowork && (rc = gb_env_set(env, "GOWORK", t->set_gowork, err)))
		return rc;
	if (t->linked && ((rc = gb_env_set(env, "GOROOT", t->goroot, err)) ||
			  (rc = gb_env_set(env, "GOTOOLCHAIN", "local", err))))
		return rc;
	if (!t->add_experiment)
		return 0;
	/* The last word wins, so that ours come after the user's. */
	const char *old = t->goexperiment;
	_free_ char *all = gb_asprintf("%s%s%s", old, old[0] ? "," : "", t->add_experiment);
	if (!all)
		return gb_fail_nomem(err);
	return gb_env_set(env, "GOEXPERIMENT", all, err);
}

int gb_toolchain_gcflags(const struct gb_toolchain *t, const char *flags, struct gb_strlist *args,
			 struct gb_err *err)
{
	int rc;

	if (!flags || flags[0] == '\0')
		return 0;
	if (t->n_modules == 0)
		return gb_strlist_addf(args, err, "-gcflags=%s", flags);
	for (size_t i = 0; i < t->n_modules; i++) {
		/* std/... would take in the runtime, which cannot be built so: named packages. */
		bool std = strcmp(t->modules[i].path, "std") == 0;
		rc = std ? gb_strlist_addf(args, err, "-gcflags=%s", flags)
			 : gb_strlist_addf(args, err, "-gcflags=%s/...=%s", t->modules[i].path,
					   flags);
		if (rc)
			return rc;
	}
	return 0;
}

const struct gb_module *gb_toolchain_module(const struct gb_toolchain *t, const char *package,
					    const char *dir)
{
	const struct gb_module *best = NULL;

	for (size_t i = 0; i < t->n_modules; i++) {
		const struct gb_module *m = &t->modules[i];
		size_t len = strlen(m->path);
		bool named = gb_starts(package, m->path) &&
			     (package[len] == '/' || package[len] == '\0');
		/* The standard library's packages do not carry their module's name. */
		if (!named && strcmp(m->path, "std") == 0)
			named = dir && gb_path_under(dir, m->dir);
		if (named && (!best || strlen(m->path) > strlen(best->path)))
			best = m;
	}
	return best;
}
