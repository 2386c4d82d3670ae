/*
 * Budgets and policy as a commit has them.
 */
#include "base/err.h"
#include "base/fs.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/text.h"
#include "budget/budget.h"
#include "budget/policy.h"
#include "git/files.h"

#include <stdlib.h>
#include <string.h>

struct loading {
	const char *module;
	struct gb_budgets *budgets; /* NULL: only the policy is wanted */
	struct gb_policy **policy;
	time_t now;
};

static int on_file(void *arg, const char *path, const char *text, size_t len, struct gb_err *err)
{
	struct loading *l = arg;
	_free_ char *name = gb_path_join(GB_BUDGET_DIR, path);

	if (!name)
		return gb_fail_nomem(err);
	if (strcmp(name, GB_POLICY_FILE) == 0)
		return l->policy ? gb_policy_parse(name, text, len, l->now, l->policy, err) : 0;
	if (gb_budget_is_other(path))
		return 0;
	return l->budgets ? gb_budgets_add(l->module, name, text, len, l->budgets, err) : 0;
}

/* "services/api/budgets" of "services/api"; "budgets" of "" and ".". */
static char *budget_folder(const char *below)
{
	if (!*below || strcmp(below, ".") == 0)
		return gb_strdup(GB_BUDGET_DIR);
	return gb_path_join(below, GB_BUDGET_DIR);
}

static int load(const struct gb_repo *repo, const char *commit, const char *below,
		struct loading *l, struct gb_err *err)
{
	_free_ char *folder = budget_folder(below);

	if (!folder)
		return gb_fail_nomem(err);
	return gb_repo_files(repo, commit, folder, ".json", GB_MAX_BUDGET_FILE, on_file, l, err);
}

int gb_budgets_load_commit(const struct gb_repo *repo, const char *commit, const char *module,
			   const char *below, struct gb_budgets *ret, struct gb_err *err)
{
	struct loading l = { .module = module, .budgets = ret };
	int rc = load(repo, commit, below, &l, err);

	if (rc >= 0)
		gb_budgets_sort(ret);
	return rc;
}

int gb_policy_load_commit(const struct gb_repo *repo, const char *commit, const char *below,
			  time_t now, struct gb_policy **ret, struct gb_err *err)
{
	struct gb_policy *p = NULL;
	struct loading l = { .policy = &p, .now = now };
	int rc = load(repo, commit, below, &l, err);

	if (rc < 0) {
		gb_policy_free(p);
		return rc;
	}
	if (!p)
		return gb_policy_default(ret, err);
	*ret = p;
	return 0;
}
