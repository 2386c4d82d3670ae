#include "plan/list.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/fs.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/proc.h"
#include "base/text.h"
#include "go/testflags.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const char fields[] =
	"-json=ImportPath,Name,Dir,ForTest,DepOnly,Standard,Module,Imports,Incomplete,Error,"
	"DefaultGODEBUG,IgnoredGoFiles,IgnoredOtherFiles,"
	"GoFiles,CgoFiles,CFiles,CXXFiles,MFiles,HFiles,FFiles,SFiles,SwigFiles,SwigCXXFiles,"
	"SysoFiles,EmbedPatterns,EmbedFiles";

static int make_argv(const struct gb_plan_list_options *o, struct gb_strlist *argv,
		     struct gb_err *err)
{
	const struct gb_testflags *f = o->flags;
	int rc;

	if ((rc = gb_strlist_add(argv, o->go->command, err)) ||
	    (rc = gb_strlist_add(argv, "list", err)) || (rc = gb_strlist_add(argv, "-e", err)) ||
	    (rc = gb_strlist_add(argv, "-deps", err)) ||
	    (rc = gb_strlist_add(argv, "-test", err)) || (rc = gb_strlist_add(argv, fields, err)) ||
	    (f->overlay && f->overlay[0] &&
	     (rc = gb_strlist_addf(argv, err, "-overlay=%s", f->overlay))) ||
	    (rc = gb_testflags_compiling(&f->rest, argv, err)) ||
	    (rc = gb_strlist_add(argv, "--", err)))
		return rc;
	return gb_strlist_add_all(argv, (const char *const *)o->patterns->v, o->patterns->n, err);
}

static int cannot_list(const char *said, struct gb_err *err)
{
	while (*said == '\n' || gb_starts(said, "go: downloading ")) {
		said += strcspn(said, "\n");
		said += *said == '\n';
	}
	if (!*said)
		said = "it does not say why";
	return gb_fail(err, GB_EMEASURE, "go list: %.*s", (int)strcspn(said, "\n"), said);
}

static int run_go(const struct gb_plan_list_options *o, struct gb_buf *out, struct gb_err *err)
{
	_strlist_ struct gb_strlist argv = GB_STRLIST_INIT, env = GB_STRLIST_INIT;
	_buf_ struct gb_buf said = GB_BUF_INIT(GB_MAX_CHILD_OUTPUT);
	const char *dir = o->flags->chdir ? o->flags->chdir : o->dir;
	struct gb_proc_result r;
	int rc;

	if ((rc = make_argv(o, &argv, err)) || (rc = gb_env_copy(&env, err)))
		return rc;
	/* The go command believes PWD where it is true: a symlink stays one. */
	if (dir && dir[0] == '/' && (rc = gb_env_set(&env, "PWD", dir, err)))
		return rc;
	if (o->go->set_gowork && (rc = gb_env_set(&env, "GOWORK", o->go->set_gowork, err)))
		return rc;
	const struct gb_proc p = { .argv = (const char *const *)gb_strlist_argv(&argv),
				   .dir = dir,
				   .env = (const char *const *)gb_strlist_argv(&env),
				   .in = GB_STDIO_NULL,
				   .out = GB_STDIO_BUF,
				   .err = GB_STDIO_BUF,
				   .out_buf = out,
				   .err_buf = &said };
	if ((rc = gb_proc_run(&p, &r, err)))
		return rc;
	if (r.status)
		return cannot_list(said.data, err);
	if (r.out_cut || out->failed)
		return gb_fail(err, GB_ELIMIT, "go list prints more than %zu bytes", out->max);
	return 0;
}

static int resolve(char **path, struct gb_err *err)
{
	_free_ char *real = NULL;

	/* What is not there stays as it is named: it is broken, or made up. */
	if (!*path || gb_fs_realpath(*path, &real, NULL) < 0)
		return 0;
	if (strlen(real) >= GB_MAX_PATH)
		return gb_fail(err, GB_ELIMIT, "a path has more than %zu bytes", GB_MAX_PATH);
	free(*path);
	*path = GB_TAKE(real);
	return 0;
}

/* A file may lie elsewhere: then that is the one that changes. */
static int follow(struct gb_plan_package *k, struct gb_err *err)
{
	for (size_t i = 0; i < k->files.n; i++) {
		_free_ char *path = gb_path_join(k->dir, k->files.v[i]), *real = NULL;
		struct stat st;
		int rc;

		if (!path)
			return gb_fail_nomem(err);
		if (lstat(path, &st) || !S_ISLNK(st.st_mode) || gb_fs_realpath(path, &real, NULL))
			continue;
		if ((rc = gb_strlist_add(&k->leads, real, err)))
			return rc;
	}
	return 0;
}

/* Versions that the module cache or GOROOT holds never change: unless Go itself is the change. */
static bool is_for_good(const struct gb_plan_package *k, const char *modcache, const char *goroot,
			const char *top)
{
	return (modcache && gb_path_under(k->dir, modcache)) ||
	       (gb_path_under(k->dir, goroot) && !gb_path_under(top, goroot));
}

/* Nobody looks for changes there, even where the cache lies in the work tree. */
static void forget(struct gb_plan_package *k)
{
	free(k->away);
	k->away = GB_TAKE(k->dir);
}

static int look(const struct gb_plan_list_options *o, struct gb_plan_packages *p,
		struct gb_err *err)
{
	_free_ char *modcache = NULL, *goroot = NULL;
	int rc = 0;

	(void)gb_fs_realpath(o->go->modcache, &modcache, NULL);
	if ((rc = gb_fs_realpath(o->go->real_root, &goroot, err)))
		return rc;
	for (size_t i = 0; i < p->n && !rc; i++) {
		struct gb_plan_package *k = &p->v[i];

		if (k->standard && !gb_path_under(o->top, goroot)) {
			forget(k);
			continue;
		}
		if ((rc = resolve(&k->dir, err)) || (rc = resolve(&k->module_dir, err)) ||
		    (rc = resolve(&k->go_mod, err)))
			break;
		if (!k->dir || k->test_main)
			continue;
		if (is_for_good(k, modcache, goroot, o->top))
			forget(k);
		else if (gb_path_under(k->dir, o->top))
			rc = follow(k, err);
		else
			k->elsewhere = true;
	}
	return rc;
}

int gb_plan_list(const struct gb_plan_list_options *o, struct gb_plan_packages *ret,
		 struct gb_err *err)
{
	_buf_ struct gb_buf out = GB_BUF_INIT(GB_MAX_GO_LIST);
	struct gb_plan_packages p = { 0 };
	int rc = run_go(o, &out, err);

	if (!rc)
		rc = gb_plan_packages_parse(&p, out.data, out.len, err);
	if (!rc)
		rc = gb_plan_packages_link(&p, err);
	if (!rc)
		rc = look(o, &p, err);
	if (rc) {
		gb_plan_packages_release(&p);
		return rc;
	}
	*ret = p;
	return 0;
}
