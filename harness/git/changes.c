#include "git/changes.h"

#include "base/err.h"
#include "base/mem.h"
#include "git/partial.h"
#include "git/repo_git.h"

#include <string.h>

static enum gb_change_kind kind_of(const git_diff_delta *d, const char *path)
{
	size_t len = strlen(path);

	if (d->status == GIT_DELTA_IGNORED)
		return GB_CHANGE_IGNORED;
	if (d->old_file.mode == GIT_FILEMODE_COMMIT || d->new_file.mode == GIT_FILEMODE_COMMIT ||
	    (len && path[len - 1] == '/'))
		return GB_CHANGE_FOLDER;
	switch (d->status) {
	case GIT_DELTA_ADDED:
	case GIT_DELTA_UNTRACKED:
		return GB_CHANGE_ADDED;
	case GIT_DELTA_DELETED:
		return GB_CHANGE_GONE;
	default:
		return GB_CHANGE_EDITED;
	}
}

static int tree_of(const struct gb_repo *repo, const char *commit, git_tree **ret,
		   struct gb_err *err)
{
	git_commit *c = NULL;
	git_oid id;
	int rc = gb_partial_bring(repo, &(struct gb_partial){ .commit = commit, .trees = true },
				  err);

	if (rc < 0)
		return rc;
	rc = git_oid_fromstr(&id, commit);
	if (!rc)
		rc = git_commit_lookup(&c, gb_repo_git(repo), &id);
	if (!rc)
		rc = git_commit_tree(ret, c);
	git_commit_free(c);
	if (!rc)
		return 0;
	return gb_git_lacks(repo, commit, "read", err);
}

/* A sparse checkout leaves it out, as the base has it: libgit2 (1.5) takes that for deleted. */
static bool is_left_out(git_index *index, const git_diff_delta *d)
{
	const git_index_entry *e;

	if (!index || d->status != GIT_DELTA_DELETED)
		return false;
	e = git_index_get_bypath(index, d->old_file.path, 0);
	return e && (e->flags_extended & GIT_INDEX_ENTRY_SKIP_WORKTREE) &&
	       git_oid_equal(&e->id, &d->old_file.id);
}

static int walk(git_diff *diff, git_index *index,
		int (*on_change)(void *arg, const char *path, enum gb_change_kind kind,
				 struct gb_err *err),
		void *arg, struct gb_err *err)
{
	size_t n = git_diff_num_deltas(diff);
	int rc = 0;

	for (size_t i = 0; i < n && rc >= 0; i++) {
		const git_diff_delta *d = git_diff_get_delta(diff, i);
		const char *path = d->new_file.path ? d->new_file.path : d->old_file.path;
		size_t len = strlen(path);

		if (d->status == GIT_DELTA_UNMODIFIED || is_left_out(index, d))
			continue;
		_free_ char *name = gb_strndup(path, len && path[len - 1] == '/' ? len - 1 : len);
		rc = name ? on_change(arg, name, kind_of(d, path), err) : gb_fail_nomem(err);
	}
	return rc < 0 ? rc : 0;
}

int gb_repo_changes(const struct gb_repo *repo, const char *commit,
		    int (*on_change)(void *arg, const char *path, enum gb_change_kind kind,
				     struct gb_err *err),
		    void *arg, struct gb_err *err)
{
	git_diff_options o;
	git_tree *tree = NULL;
	git_diff *diff = NULL;
	git_index *index = NULL;
	int rc = tree_of(repo, commit, &tree, err);

	if (rc < 0)
		return rc;
	rc = git_diff_options_init(&o, GIT_DIFF_OPTIONS_VERSION);
	o.flags = GIT_DIFF_INCLUDE_UNTRACKED | GIT_DIFF_RECURSE_UNTRACKED_DIRS |
		  GIT_DIFF_INCLUDE_IGNORED | GIT_DIFF_INCLUDE_TYPECHANGE |
		  GIT_DIFF_DISABLE_PATHSPEC_MATCH | GIT_DIFF_SKIP_BINARY_CHECK;
	(void)git_repository_index(&index, gb_repo_git(repo));
	if (!rc)
		rc = git_diff_tree_to_workdir_with_index(&diff, gb_repo_git(repo), tree, &o);
	if (rc)
		rc = gb_fail(err, GB_ESYS, "compare %.12s with the work tree: %s", commit,
			     gb_git_words());
	else
		rc = walk(diff, index, on_change, arg, err);
	git_index_free(index);
	git_diff_free(diff);
	git_tree_free(tree);
	return rc;
}
