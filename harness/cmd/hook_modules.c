/* hook_check: what there is to check in a commit, and in which environment. */
#include "cmd/hook_check.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/fs.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/text.h"
#include "budget/budget.h"
#include "git/files.h"

#include <stdlib.h>
#include <string.h>

#define MAX_MODULES 1000

struct modules {
	struct gb_strlist all;
	size_t files;
};

/* As the go command does: nothing of testdata, vendored, or behind a dot or an underscore. */
static bool is_ignored(const char *path)
{
	for (const char *s = path; s; s = strchr(s, '/')) {
		s += *s == '/';
		if (*s == '.' || *s == '_' || gb_starts(s, "testdata/") || gb_starts(s, "vendor/"))
			return true;
	}
	return false;
}

static int on_file(void *arg, const char *path, const char *text, size_t len, struct gb_err *err)
{
	struct modules *m = arg;
	const char *base = gb_path_base(path);
	_free_ char *dir = gb_strndup(path, base > path ? (size_t)(base - path) - 1 : 0);

	(void)text;
	(void)len;
	if (strcmp(base, "go.mod") != 0 || is_ignored(path))
		return 0;
	if (++m->files > MAX_MODULES)
		return gb_fail(err, GB_ELIMIT, "more than %d modules", MAX_MODULES);
	return dir ? gb_strlist_add(&m->all, dir, err) : gb_fail_nomem(err);
}

static int on_budget(void *arg, const char *path, const char *text, size_t len, struct gb_err *err)
{
	(void)path;
	(void)text;
	(void)len;
	(void)err;
	++*(size_t *)arg;
	return 0;
}

static int has_budgets(const struct gb_repo *repo, const char *commit, const char *dir, bool *ret,
		       struct gb_err *err)
{
	_free_ char *budgets = *dir ? gb_path_join(dir, GB_BUDGET_DIR) : gb_strdup(GB_BUDGET_DIR);
	size_t n = 0;
	int rc = budgets ? gb_repo_files(repo, commit, budgets, ".json", GB_MAX_BUDGET_FILE,
					 on_budget, &n, err)
			 : gb_fail_nomem(err);

	*ret = n > 0;
	return rc;
}

int hook_modules(const struct gb_repo *repo, const char *commit, struct gb_strlist *ret,
		 struct gb_err *err)
{
	struct modules m = { 0 };
	_strlist_ struct gb_strlist with = GB_STRLIST_INIT;
	int rc = gb_repo_files(repo, commit, "", "go.mod", GB_MIB, on_file, &m, err);

	for (size_t i = 0; i < m.all.n && rc >= 0; i++) {
		bool has;

		rc = has_budgets(repo, commit, m.all.v[i], &has, err);
		if (rc >= 0 && has)
			rc = gb_strlist_add(&with, m.all.v[i], err);
	}
	if (rc >= 0) {
		*ret = with.n ? with : m.all;
		*(with.n ? &with : &m.all) = (struct gb_strlist)GB_STRLIST_INIT;
	}
	gb_strlist_release(&m.all);
	return rc;
}

int hook_policy(const struct gb_repo *repo, const char *commit, const struct gb_strlist *modules,
		struct gb_policy **ret, struct gb_err *err)
{
	struct gb_policy *top = NULL, *at_module = NULL;

	if (gb_policy_load_commit(repo, commit, "", 0, &top, NULL) < 0)
		top = NULL;
	if (modules->n && modules->v[0][0] && (!top || top->built_in) &&
	    gb_policy_load_commit(repo, commit, modules->v[0], 0, &at_module, NULL) >= 0) {
		gb_policy_free(top);
		top = at_module;
	}
	if (!top)
		return gb_policy_default(ret, err);
	*ret = top;
	return 0;
}
