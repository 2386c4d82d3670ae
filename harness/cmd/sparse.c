#include "cmd/sparse.h"

#include "base/err.h"
#include "base/fs.h"
#include "base/mem.h"
#include "base/text.h"
#include "git/sparse.h"

#include <string.h>

struct looking {
	const struct gb_job *j;
	char *top;   /* symlinks resolved */
	char *first; /* a folder with Go files that are left out */
	size_t n;    /* such files */
};

/* Of a budget file the folder of its package. */
static char *package_folder(const struct gb_module *m, const char *budget)
{
	_free_ char *name = gb_strndup(budget, strlen(budget) - strlen(".json"));

	if (!name || strcmp(name, "_root") == 0)
		return name ? gb_strdup(m->dir) : NULL;
	return gb_path_join(m->dir, name);
}

static int on_budget(const struct gb_module *m, const char *whole, const char *below,
		     const char *path, struct gb_err *err)
{
	_free_ char *folder = package_folder(m, below);

	if (!folder)
		return gb_fail_nomem(err);
	if (strcmp(below, gb_path_base(GB_POLICY_FILE)) != 0 && !gb_fs_is_dir(folder))
		return 0;
	gb_fail(err, GB_EMEASURE, "%s is left out of this sparse checkout: nothing can be judged",
		path);
	return gb_hint(err, "git sparse-checkout add '%.*s'", (int)(strlen(path) - strlen(below)),
		       whole + strlen(whole) - strlen(path));
}

static int on_path(void *arg, const char *path, struct gb_err *err)
{
	struct looking *x = arg;
	_free_ char *whole = gb_path_join(x->top, path);

	if (!whole)
		return gb_fail_nomem(err);
	for (size_t i = 0; i < x->j->go.n_modules; i++) {
		const struct gb_module *m = &x->j->go.modules[i];
		_free_ char *budgets = gb_path_join(m->dir, GB_BUDGET_DIR);

		if (!budgets)
			return gb_fail_nomem(err);
		if (gb_path_under(whole, budgets) && gb_ends(whole, ".json"))
			return on_budget(m, whole, gb_path_relative(whole, budgets), path, err);
		if (!gb_path_under(whole, m->dir) || !gb_ends(whole, ".go"))
			continue;
		x->n++;
		if (!x->first && !(x->first = gb_strdup(path)))
			return gb_fail_nomem(err);
		return 0;
	}
	return 0;
}

int sparse_look(const struct gb_job *j, char **ret_note, struct gb_err *err)
{
	_repo_ struct gb_repo *repo = NULL;
	struct looking x = { .j = j };
	int rc;

	/* Whoever needs the repository says what is wrong with it. */
	if (gb_repo_open(".", &repo, NULL) < 0)
		return 0;
	rc = gb_fs_realpath(gb_repo_top(repo), &x.top, err);
	if (rc >= 0)
		rc = gb_repo_left_out(repo, on_path, &x, err);
	if (rc >= 0 && x.n) {
		*ret_note =
			gb_asprintf("sparse checkout: %zu Go file%s not here (%s...); budgets of "
				    "packages that are left out are not \"gone\"",
				    x.n, x.n == 1 ? " is" : "s are", x.first);
		rc = *ret_note ? 1 : gb_fail_nomem(err);
	}
	gb_cleanup_free(&x.first);
	gb_cleanup_free(&x.top);
	return rc;
}
