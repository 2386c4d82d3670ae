#include "cmd/affected.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/fs.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/text.h"
#include "cmd/affected_reads.h"
#include "git/base.h"
#include "git/changes.h"
#include "git/files.h"
#include "go/testflags.h"
#include "plan/affected.h"
#include "plan/list.h"
#include "plan/modules.h"
#include "plan/roam.h"

#include <string.h>

/* As many bytes of package names as any system takes on a command line, and some for the rest. */
#define MAX_WORDS (96 * GB_KIB)

struct planning {
	struct gb_job *j;
	struct gb_affected *a;
	struct gb_testflags flags;
	struct gb_repo *repo;
	char *top; /* symlinks resolved */
	struct gb_plan_changes changes;
	struct gb_plan_packages packages;
	struct gb_plan plan;
	struct gb_strlist named;
	struct gb_strlist moved; /* modules, where `module_dir` has a go.mod that tells */
	char *module_dir;
};

static int on_change(void *arg, const char *path, enum gb_change_kind kind, struct gb_err *err)
{
	struct planning *x = arg;
	_free_ char *whole = gb_path_join(x->top, path);

	return whole ? gb_plan_changes_add(&x->changes, whole, kind, err) : gb_fail_nomem(err);
}

/* Files that a flag names may lie anywhere: -modfile=tools.mod, -overlay o.json, -pgo=cpu.pprof. */
static int add_named(struct planning *x, const char *word, struct gb_err *err)
{
	_free_ char *real = NULL, *below = NULL;
	const char *equals = word[0] == '-' ? strchr(word, '=') : NULL, *dir = x->flags.chdir;

	word = equals ? equals + 1 : word;
	if (!*word || strlen(word) >= GB_MAX_PATH)
		return 0;
	if (dir && word[0] != '/' && !(below = gb_path_join(dir, word)))
		return gb_fail_nomem(err);
	if (gb_fs_realpath(below ? below : word, &real, NULL) < 0)
		return 0;
	return gb_strlist_add(&x->named, real, err);
}

/* Why flags of the user's leave nothing to plan, or NULL. */
static const char *too_much(const struct gb_testflags *f)
{
	if (f->overlay && f->overlay[0])
		return "-overlay may put anything in the place of anything";
	for (size_t i = 0; i < f->rest.n; i++)
		if (strstr(f->rest.v[i], "-coverpkg"))
			return "-coverpkg links every package into every test";
	return NULL;
}

static int everything(struct gb_affected *a, struct gb_err *err, const char *why)
{
	return gb_strlist_addf(&a->notes, err, "affected: everything is measured: %s", why);
}

static int find_changes(struct planning *x, const struct gb_base_commit *base, struct gb_err *err)
{
	int rc = gb_repo_open(".", &x->repo, err);

	if (rc < 0 || (rc = gb_fs_realpath(gb_repo_top(x->repo), &x->top, err)) < 0)
		return rc;
	return gb_repo_changes(x->repo, base->id, on_change, x, err);
}

static int find_packages(struct planning *x, struct gb_err *err)
{
	const struct gb_plan_list_options o = {
		.go = &x->j->go, .flags = &x->flags, .patterns = &x->j->o->patterns, .top = x->top
	};
	int rc = gb_plan_list(&o, &x->packages, err);

	if (rc >= 0 && gb_plan_changes_matter(&x->changes, GB_BUDGET_DIR))
		rc = gb_plan_scan(&x->packages, x->top, err);
	return rc;
}

struct module_file {
	const char *into;
};

/* The one of the folder itself, not those of modules below it. */
static int on_module_file(void *arg, const char *path, const char *text, size_t len,
			  struct gb_err *err)
{
	const struct module_file *m = arg;
	int rc;

	if (strcmp(path, "go.mod") != 0)
		return 0;
	rc = gb_fs_write(m->into, text, len, err);
	return rc < 0 ? rc : GB_EEXIST; /* enough */
}

static bool is_changed(const struct planning *x, const char *path)
{
	for (size_t i = 0; i < x->changes.n; i++)
		if (x->changes.v[i].kind == GB_CHANGE_EDITED &&
		    strcmp(x->changes.v[i].path, path) == 0)
			return true;
	return false;
}

static int compare_modules(struct planning *x, const char *commit, const char *now, const char *dir,
			   struct gb_err *err)
{
	_free_ char *scratch = NULL, *before = NULL;
	struct module_file m;
	bool all = true;
	int rc = gb_fs_scratch(&scratch, err);

	if (rc < 0)
		return rc;
	m.into = before = gb_path_join(scratch, "go.mod");
	rc = before ? gb_repo_files(x->repo, commit,
				    strcmp(dir, x->top) ? gb_path_relative(dir, x->top) : "",
				    "go.mod", GB_MAX_GO_SOURCE, on_module_file, &m, err)
		    : gb_fail_nomem(err);
	if (rc == GB_EEXIST)
		rc = gb_plan_modules_moved(x->j->go.command, before, now, &x->moved, &all, err);
	gb_fs_remove_tree(scratch, NULL);
	if (rc >= 0 && !all && !(x->module_dir = gb_strdup(dir)))
		return gb_fail_nomem(err);
	return rc;
}

/* What cannot be told moves everything, as any go.mod does. */
static int find_modules(struct planning *x, const char *commit, struct gb_err *err)
{
	const struct gb_toolchain *go = &x->j->go;
	struct gb_err own = GB_ERR_INIT;
	_free_ char *dir = NULL, *now = NULL, *sum = NULL;
	int rc;

	if (go->n_modules != 1 || (go->gowork[0] && strcmp(go->gowork, "off") != 0) ||
	    x->flags.chdir || gb_fs_realpath(go->modules[0].dir, &dir, NULL) < 0 ||
	    !gb_path_under(dir, x->top))
		return 0;
	now = gb_path_join(dir, "go.mod");
	sum = gb_path_join(dir, "go.sum");
	if (!now || !sum)
		return gb_fail_nomem(err);
	if (!is_changed(x, now) && !is_changed(x, sum))
		return 0;
	rc = compare_modules(x, commit, now, dir, &own);
	if (rc != GB_ENOMEM && rc != GB_EINTR)
		return 0;
	*err = own;
	return rc;
}

static int decide(struct planning *x, struct gb_err *err)
{
	const struct gb_plan_options o = { .top = x->top,
					   .budgets = GB_BUDGET_DIR,
					   .named = &x->named,
					   .module_dir = x->module_dir,
					   .moved = &x->moved };
	int rc = x->flags.exec ? add_named(x, x->flags.exec, err) : 0;

	for (size_t i = 0; i < x->flags.rest.n && rc >= 0; i++)
		rc = add_named(x, x->flags.rest.v[i], err);
	if (rc >= 0)
		rc = gb_plan_affected(&x->packages, &x->changes, &o, &x->plan, err);
	return rc < 0 ? rc : affected_reads(&x->plan, &x->changes, x->top, err);
}

/* What no import path names cannot be put in the place of the pattern that did. */
static const char *not_nameable(const struct planning *x)
{
	size_t bytes = 0;

	for (size_t i = 0; i < x->plan.n; i++) {
		const struct gb_plan_target *t = &x->plan.v[i];

		if (t->package->broken && !t->package->dir)
			return "a package could not be found";
		if (strcmp(t->package->path, "command-line-arguments") == 0)
			return "files were named, not packages";
		bytes += t->why ? strlen(t->package->path) + 1 : 0;
	}
	if (!x->plan.n)
		return "no package was found";
	return bytes > MAX_WORDS && x->plan.n_affected < x->plan.n
		       ? "too many packages to name them"
		       : NULL;
}

static int say_why(struct planning *x, const struct gb_plan_target *t, struct gb_err *err)
{
	_buf_ struct gb_buf line = GB_BUF_INIT(GB_MAX_NAME * 4);

	gb_buf_addf(&line, "%s: ", t->package->path);
	gb_plan_say(t, x->top, &line);
	if (line.failed)
		return gb_buf_error(&line, "a reason", err);
	return gb_strlist_add(&x->a->why, line.data, err);
}

static int take(struct planning *x, struct gb_err *err)
{
	struct gb_job_options *o = x->j->o;
	struct gb_affected *a = x->a;
	int rc = 0;

	a->planned = true;
	a->asked = x->plan.n;
	a->taken = x->plan.n_affected;
	for (size_t i = 0; i < x->plan.n && rc >= 0; i++)
		if (x->plan.v[i].why &&
		    (rc = gb_strlist_add(&a->names, x->plan.v[i].package->path, err)) >= 0)
			rc = say_why(x, &x->plan.v[i], err);
	if (rc < 0 || a->taken == 0)
		return rc;
	if (a->taken == a->asked)
		return gb_strlist_addf(&a->notes, err,
				       "affected: all of %zu packages; the first: %s", a->asked,
				       a->why.v[0]);
	/* What is not measured is not gone. */
	x->j->whole = false;
	gb_strlist_release(&o->patterns);
	for (size_t i = 0; i < x->plan.n && rc >= 0; i++)
		if (x->plan.v[i].why)
			rc = gb_strlist_add(&o->patterns, x->plan.v[i].package->path, err);
	if (rc < 0)
		return rc;
	return gb_strlist_addf(&a->notes, err,
			       "affected: %zu of %zu packages; the change cannot move the others",
			       a->taken, a->asked);
}

static int plan(struct planning *x, const struct gb_base_commit *base, struct gb_err *err)
{
	struct gb_err own = GB_ERR_INIT;
	const char *why = too_much(&x->flags);
	int rc;

	if (why)
		return everything(x->a, err, why);
	rc = find_changes(x, base, &own);
	if (rc >= 0)
		rc = find_packages(x, &own);
	if (rc >= 0)
		rc = find_modules(x, base->id, &own);
	if (rc >= 0)
		rc = decide(x, &own);
	if (rc == GB_ENOMEM || rc == GB_EINTR) {
		*err = own;
		return rc;
	}
	if (rc < 0)
		return gb_strlist_addf(&x->a->notes, err,
				       "affected: everything is measured: %s%s%s", own.line,
				       own.hint[0] ? "; " : "", own.hint);
	why = not_nameable(x);
	return why ? everything(x->a, err, why) : take(x, err);
}

int affected_plan(struct gb_affected *a, struct gb_job *j, const struct gb_base_commit *base,
		  const char *why_no_base, struct gb_err *err)
{
	struct planning x = { .j = j, .a = a };
	int rc = gb_testflags_parse(j->go.goflags, &j->o->go_flags, &x.flags, err);

	if (rc >= 0 && x.flags.packages.n) {
		rc = gb_fail(err, GB_EUSAGE, "--affected: package \"%.200s\" stands behind --",
			     x.flags.packages.v[0]);
		gb_hint(err, "packages go before it: gobudget check --affected ./... -- FLAGS");
	} else if (rc >= 0 && !base->id[0]) {
		rc = everything(a, err, why_no_base ? why_no_base : "there is no base");
	} else if (rc >= 0) {
		rc = plan(&x, base, err);
	}
	gb_plan_release(&x.plan);
	gb_plan_packages_release(&x.packages);
	gb_plan_changes_release(&x.changes);
	gb_strlist_release(&x.named);
	gb_strlist_release(&x.moved);
	gb_repo_free(x.repo);
	gb_testflags_release(&x.flags);
	gb_cleanup_free(&x.top);
	gb_cleanup_free(&x.module_dir);
	return rc;
}

#define NAMED 10

int affected_unfinished(const struct gb_affected *a, const struct gb_run *run,
			struct gb_strlist *notes, struct gb_err *err)
{
	_buf_ struct gb_buf out = GB_BUF_INIT(GB_MAX_NAME * (NAMED + 1));
	size_t n = 0;

	for (size_t i = 0; i < a->names.n; i++) {
		const struct gb_package *p = run ? gb_run_package(run, a->names.v[i]) : NULL;

		if ((p && (p->passed || gb_package_failed(p))) ||
		    (run && gb_strlist_has(&run->elsewhere, a->names.v[i])))
			continue;
		if (n++ < NAMED)
			gb_buf_addf(&out, "%s%s", n > 1 ? ", " : "not measured: ", a->names.v[i]);
	}
	if (n > NAMED)
		gb_buf_addf(&out, " and %zu others", n - NAMED);
	if (out.failed)
		return gb_buf_error(&out, "names of packages", err);
	return n ? gb_strlist_add(notes, out.data, err) : 0;
}

void affected_release(struct gb_affected *a)
{
	gb_strlist_release(&a->notes);
	gb_strlist_release(&a->why);
	gb_strlist_release(&a->names);
	*a = (struct gb_affected){ 0 };
}
