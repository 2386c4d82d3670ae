/* What the compiler says of the packages in which suspects allocate, here and at the base. */
#include "cmd/gather.h"

#include "base/err.h"
#include "base/fs.h"
#include "base/mem.h"
#include "escape/escape.h"
#include "go/compile.h"
#include "report/say.h"

#include <string.h>

#define MAX_FOLDERS ((size_t)64) /* compiled anew for their diagnostics */

/* The folder of a frame's file, where that lies in the module. */
static int add_folder(const struct gb_package *p, const struct gb_site *frame,
		      struct gb_strlist *ret, struct gb_err *err)
{
	const char *slash = frame->file ? strrchr(frame->file, '/') : NULL;
	_free_ char *below = NULL, *dir = NULL;

	if (!frame->file || frame->file[0] == '/' || !gb_say_is_users(p->module, frame) ||
	    ret->n >= MAX_FOLDERS)
		return 0;
	below = slash ? gb_strndup(frame->file, (size_t)(slash - frame->file)) : gb_strdup(".");
	dir = below ? gb_path_join(p->module_dir, below) : NULL;
	if (!dir)
		return gb_fail_nomem(err);
	if (!gb_fs_is_dir(dir) || gb_strlist_has(ret, dir))
		return 0;
	return gb_strlist_add(ret, dir, err);
}

static int add_folders(struct gb_gather *g, const struct gb_job *j, struct gb_strlist *ret,
		       struct gb_err *err)
{
	int rc = 0;

	for (size_t i = 0; i < j->run->n_packages; i++) {
		const struct gb_package *p = &j->run->packages[i];

		for (size_t k = 0; k < p->n_tests; k++) {
			const struct gb_test *t = &p->tests[k];

			if (!p->module_dir || !g->wanted(g->arg, p, t))
				continue;
			for (size_t s = 0; s < t->n_sites; s++)
				for (size_t f = 0; f < t->sites[s].n_frames && rc >= 0; f++)
					rc = add_folder(p, &t->sites[s].frames[f], ret, err);
		}
	}
	return rc;
}

static int on_line(void *arg, const char *line, size_t len)
{
	return gb_escapes_line(arg, line, len, NULL);
}

static int on_package(void *arg, const struct gb_compiled *p)
{
	return gb_escapes_add_package(arg, p->path, p->dir, p->module, p->module_dir, p->go, NULL);
}

static int ask(const struct gb_measure_options *how, const struct gb_measuring *measuring,
	       const struct gb_strlist *folders, struct gb_escapes **ret, struct gb_err *err)
{
	_escapes_ struct gb_escapes *set = NULL;
	int rc = gb_escapes_new(&set, err);

	if (rc < 0)
		return rc;
	const struct gb_compile_options o = {
		.dir = how->dir,
		.patterns = folders,
		.go_flags = how->go_flags,
		.toolchain = how->toolchain,
		.gcflags = how->gcflags,
		.more = "-m=2",
		.tests = true,
		.jobs = how->jobs,
		.like = measuring,
		.on_line = on_line,
		.on_package = on_package,
		.arg = set,
	};
	if ((rc = gb_compile(&o, NULL, err)) < 0 || (rc = gb_escapes_finish(set, err)) < 0)
		return rc;
	*ret = GB_TAKE(set);
	return 0;
}

/* The same folders, as far as the base has them. */
static int ask_base(struct gb_gather *g, const struct gb_strlist *folders, struct gb_err *err)
{
	_strlist_ struct gb_strlist there = GB_STRLIST_INIT;
	int rc;

	rc = base_kept_escapes(&g->base, folders, &g->base_escapes, err);
	if (rc < 0 || g->base_escapes || (rc = base_files(&g->base, err)) < 0)
		return rc;
	for (size_t i = 0; i < folders->n; i++) {
		_free_ char *dir = base_folder(&g->base, folders->v[i]);

		rc = dir ? gb_strlist_add(&there, dir, err) : 0;
		if (rc < 0)
			return rc;
	}
	if (!there.n)
		return 0;
	rc = ask(&g->base.how, g->base.measuring, &there, &g->base_escapes, err);
	return rc < 0 ? rc : base_kept_put_escapes(&g->base, folders, g->base_escapes, err);
}

int gather_compiler(struct gb_gather *g, struct gb_job *j, struct gb_err *err)
{
	_strlist_ struct gb_strlist folders = GB_STRLIST_INIT;
	struct gb_err own = GB_ERR_INIT;
	int rc = add_folders(g, j, &folders, err);

	if (rc < 0 || folders.n == 0)
		return rc;
	gb_progress_start(&j->progress, !j->o->quiet, "asking the compiler why", 0);
	gb_progress_tick(&j->progress);
	rc = ask(&j->how, j->measuring, &folders, &g->escapes, &own);
	if (rc >= 0 && g->base.run)
		rc = ask_base(g, &folders, &own);
	gb_progress_end(&j->progress);
	if (rc == GB_EINTR || rc == GB_ENOMEM) {
		*err = own;
		return rc;
	}
	if (rc < 0)
		return gb_strlist_addf(&g->notes, err,
				       "what the compiler says of escapes is not told: %s",
				       own.line);
	g->all.escapes = g->escapes;
	g->all.base_escapes = g->base_escapes;
	return 0;
}
