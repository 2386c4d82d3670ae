#include "cmd/init.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/fs.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/text.h"
#include "budget/budget.h"
#include "budget/policy.h"
#include "git/patch.h"
#include "git/remote.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define MAX_WORKFLOW (1 * GB_MIB)
#define WORKFLOWS    ".github/workflows"

static bool in_workspace(const struct gb_toolchain *go)
{
	return go->gowork && *go->gowork && strcmp(go->gowork, "off") != 0;
}

static int find_dir(struct gb_init_found *f, struct gb_err *err)
{
	const char *file = in_workspace(&f->go) ? f->go.gowork : NULL;
	_free_ char *dir = file ? gb_strndup(file, (size_t)(strrchr(file, '/') - file)) : NULL;

	if (f->go.n_modules == 0) {
		gb_fail(err, GB_EUSAGE, "there is no Go module here");
		return gb_hint(err, "go to the folder of a go.mod, or below it");
	}
	if (file && !dir)
		return gb_fail_nomem(err);
	return gb_fs_realpath(dir ? (*dir ? dir : "/") : f->go.modules[0].dir, &f->dir, err);
}

static int find_modules(struct gb_init_found *f, struct gb_err *err)
{
	int rc = 0;

	for (size_t i = 0; i < f->go.n_modules && rc >= 0; i++) {
		const struct gb_module *m = &f->go.modules[i];
		struct gb_budgets b = { 0 };
		_free_ char *real = NULL;

		if ((rc = gb_fs_realpath(m->dir, &real, err)) < 0)
			return rc;
		rc = gb_strlist_add(&f->modules, gb_path_relative(real, f->dir), err);
		if (rc >= 0)
			rc = gb_budgets_load(m->path, m->dir, &b, err);
		f->n_budgets += b.n;
		gb_budgets_release(&b);
	}
	return rc;
}

static int read_workflow(struct gb_init_found *f, const char *dir, const char *name,
			 struct gb_err *err)
{
	_buf_ struct gb_buf text = GB_BUF_INIT(MAX_WORKFLOW);
	_free_ char *path = gb_path_join(dir, name);

	if (!path)
		return gb_fail_nomem(err);
	if (gb_fs_read(path, &text, NULL) < 0)
		return 0;
	if (strstr(text.data, "gobudget") && !f->gobudget_workflow) {
		f->gobudget_workflow = gb_asprintf(WORKFLOWS "/%s", name);
		return f->gobudget_workflow ? 0 : gb_fail_nomem(err);
	}
	return strstr(text.data, "go test") ? gb_strlist_add(&f->test_workflows, name, err) : 0;
}

static int find_workflows(struct gb_init_found *f, struct gb_err *err)
{
	_free_ char *path = gb_path_join(f->top, WORKFLOWS);
	DIR *dir = path ? opendir(path) : NULL;
	struct dirent *e;
	int rc = path ? 0 : gb_fail_nomem(err);

	while (dir && rc >= 0 && (e = readdir(dir)))
		if (gb_ends(e->d_name, ".yml") || gb_ends(e->d_name, ".yaml"))
			rc = read_workflow(f, path, e->d_name, err);
	if (dir)
		closedir(dir);
	gb_strlist_sort(&f->test_workflows);
	return rc;
}

static int find_ci(struct gb_init_found *f, const struct gb_repo *repo, struct gb_err *err)
{
	static const char *const others[] = {
		".gitlab-ci.yml",   ".circleci/config.yml", ".travis.yml",	   "Jenkinsfile",
		".drone.yml",	    ".woodpecker.yml",	    "azure-pipelines.yml", ".buildkite",
		".gitea/workflows", ".forgejo/workflows",
	};
	_free_ char *url = NULL, *github = gb_path_join(f->top, ".github");
	int rc = gb_remote_url(repo, "origin", &url, err);

	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]) && rc >= 0; i++) {
		_free_ char *path = gb_path_join(f->top, others[i]);

		if (path && gb_fs_exists(path))
			rc = gb_strlist_add(&f->ci, others[i], err);
	}
	f->github =
		(url && strstr(url, "github")) || (github && gb_fs_is_dir(github)) || f->ci.n == 0;
	return rc;
}

static int find_repository(struct gb_init_found *f, struct gb_err *err)
{
	_repo_ struct gb_repo *repo = NULL;
	_free_ char *gomod = NULL;
	struct gb_err own = GB_ERR_INIT;
	int rc = gb_repo_open(f->dir, &repo, &own);

	if (rc == GB_ENOTFOUND)
		return 0;
	if (rc < 0) {
		*err = own;
		return rc;
	}
	if ((rc = gb_fs_realpath(gb_repo_top(repo), &f->top, err)) < 0 ||
	    (rc = gb_remote_default(repo, "origin", &f->branch, err)) < 0)
		return rc;
	/* setup-go reads the go line of a go.work as well. */
	gomod = gb_path_join(f->dir, in_workspace(&f->go) ? "go.work" : "go.mod");
	f->gomod = gomod ? gb_strdup(gb_path_relative(gomod, f->top)) : NULL;
	if (!f->gomod)
		return gb_fail_nomem(err);
	rc = find_ci(f, repo, err);
	return rc < 0 ? rc : find_workflows(f, err);
}

int gb_init_find(struct gb_init_found *ret, struct gb_err *err)
{
	struct gb_init_found f = { 0 };
	struct gb_policy *policy = NULL;
	int rc = gb_toolchain_find(NULL, &f.go, err);

	if (rc >= 0)
		rc = find_dir(&f, err);
	if (rc >= 0)
		rc = gb_policy_load(f.dir, time(NULL), &policy, err);
	gb_policy_free(policy);
	if (rc >= 0)
		rc = find_modules(&f, err);
	if (rc >= 0)
		rc = find_repository(&f, err);
	if (rc < 0) {
		gb_init_found_release(&f);
		return rc;
	}
	*ret = f;
	return 0;
}

void gb_init_found_release(struct gb_init_found *f)
{
	gb_toolchain_release(&f->go);
	free(f->dir);
	free(f->top);
	free(f->branch);
	free(f->gomod);
	free(f->gobudget_workflow);
	gb_strlist_release(&f->modules);
	gb_strlist_release(&f->ci);
	gb_strlist_release(&f->test_workflows);
	*f = (struct gb_init_found){ 0 };
}
