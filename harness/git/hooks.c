#include "git/hooks.h"

#include "base/err.h"
#include "base/fs.h"
#include "base/mem.h"
#include "git/repo_git.h"

#include <stdlib.h>
#include <string.h>

int gb_repo_common(const struct gb_repo *repo, char **ret, struct gb_err *err)
{
	return gb_fs_realpath(git_repository_commondir(gb_repo_git(repo)), ret, err);
}

/* Ours alone, or also other repositories'? */
static bool is_elsewhere(const git_config *config)
{
	git_config_entry *entry = NULL;
	bool elsewhere = false;

	if (!git_config_get_entry(&entry, config, "core.hookspath"))
		elsewhere = entry->level < GIT_CONFIG_LEVEL_LOCAL;
	git_config_entry_free(entry);
	return elsewhere;
}

static int from_config(const struct gb_repo *repo, const git_config *config, struct gb_hooks *h,
		       struct gb_err *err)
{
	git_buf path = { NULL, 0, 0 };
	const char *top = gb_repo_top(repo);
	_free_ char *common = NULL;
	int rc;

	/* Only this call expands ~/ and %(prefix)/. */
	if (git_config_get_path(&path, config, "core.hookspath") || !path.ptr || !*path.ptr) {
		git_buf_dispose(&path);
		return 0;
	}
	rc = *top ? 0 : gb_repo_common(repo, &common, err);
	if (rc >= 0) {
		h->setting = gb_strdup(path.ptr);
		h->dir = *path.ptr == '/' ? gb_strdup(path.ptr)
					  : gb_path_join(*top ? top : common, path.ptr);
		h->elsewhere = is_elsewhere(config);
		if (!h->setting || !h->dir)
			rc = gb_fail_nomem(err);
	}
	git_buf_dispose(&path);
	return rc;
}

int gb_hooks_find(const struct gb_repo *repo, struct gb_hooks *ret, struct gb_err *err)
{
	struct gb_hooks h = { 0 };
	git_config *config = NULL;
	int rc = 0;

	if (git_repository_config_snapshot(&config, gb_repo_git(repo)))
		return gb_fail(err, GB_ESYS, "read the repository's configuration: %s",
			       gb_git_words());
	rc = from_config(repo, config, &h, err);
	git_config_free(config);
	if (rc >= 0 && !h.dir) {
		_free_ char *common = NULL;

		rc = gb_repo_common(repo, &common, err);
		if (rc >= 0 && !(h.dir = gb_path_join(common, "hooks")))
			rc = gb_fail_nomem(err);
	}
	if (rc < 0) {
		gb_hooks_release(&h);
		return rc;
	}
	*ret = h;
	return 0;
}

void gb_hooks_release(struct gb_hooks *h)
{
	free(h->dir);
	free(h->setting);
	*h = (struct gb_hooks){ 0 };
}
