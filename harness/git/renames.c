#include "git/renames.h"

#include "base/err.h"
#include "base/strlist.h"
#include "git/partial.h"
#include "git/repo_git.h"

#include <string.h>

/* What is compared, content and all, has to be here. */
static int bring(const struct gb_repo *repo, const char *commit, const struct gb_strlist *folders,
		 struct gb_err *err)
{
	int rc = 0;

	for (size_t i = 0; i < folders->n && rc >= 0; i++) {
		const char *path = *folders->v[i] ? folders->v[i] : NULL;

		rc = gb_partial_bring(repo, &(struct gb_partial){ .commit = commit, .path = path },
				      err);
	}
	return rc;
}

static int compare(git_repository *git, const char *commit, const struct gb_strlist *folders,
		   git_diff **ret)
{
	git_diff_find_options find;
	git_diff_options o;
	git_commit *c = NULL;
	git_tree *tree = NULL;
	git_oid id;
	int rc = git_diff_options_init(&o, GIT_DIFF_OPTIONS_VERSION);

	if (!rc)
		rc = git_diff_find_options_init(&find, GIT_DIFF_FIND_OPTIONS_VERSION);
	o.flags = GIT_DIFF_INCLUDE_UNTRACKED | GIT_DIFF_RECURSE_UNTRACKED_DIRS |
		  GIT_DIFF_DISABLE_PATHSPEC_MATCH | GIT_DIFF_SKIP_BINARY_CHECK;
	if (!gb_strlist_has(folders, "")) {
		o.pathspec.strings = folders->v;
		o.pathspec.count = folders->n;
	}
	find.flags = GIT_DIFF_FIND_RENAMES | GIT_DIFF_FIND_FOR_UNTRACKED;
	if (!rc)
		rc = git_oid_fromstr(&id, commit);
	if (!rc)
		rc = git_commit_lookup(&c, git, &id);
	if (!rc)
		rc = git_commit_tree(&tree, c);
	if (!rc)
		rc = git_diff_tree_to_workdir_with_index(ret, git, tree, &o);
	if (!rc)
		rc = git_diff_find_similar(*ret, &find);
	git_tree_free(tree);
	git_commit_free(c);
	return rc;
}

int gb_repo_renames(const struct gb_repo *repo, const char *commit,
		    const struct gb_strlist *folders,
		    int (*on_rename)(void *arg, const char *from, const char *to,
				     struct gb_err *err),
		    void *arg, struct gb_err *err)
{
	git_diff *diff = NULL;
	int rc = bring(repo, commit, folders, err);

	if (rc < 0 || !folders->n)
		return rc;
	if (compare(gb_repo_git(repo), commit, folders, &diff))
		rc = gb_git_lacks(repo, commit, "compare with the work tree:", err);
	for (size_t i = 0; rc >= 0 && i < git_diff_num_deltas(diff); i++) {
		const git_diff_delta *d = git_diff_get_delta(diff, i);

		if (d->status == GIT_DELTA_RENAMED)
			rc = on_rename(arg, d->old_file.path, d->new_file.path, err);
	}
	git_diff_free(diff);
	return rc < 0 ? rc : 0;
}
