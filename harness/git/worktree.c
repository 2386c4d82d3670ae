#include "git/worktree.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/fs.h"
#include "base/limits.h"
#include "base/mem.h"
#include "git/partial.h"
#include "git/repo_git.h"
#include "git/worktree_clean.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct gb_worktree {
	char *top, *git; /* the tree, and its private git folder */
	char *common;	 /* the user's .git */
	char commit[41]; /* "": nothing is checked out */
};

static int write_line(const char *dir, const char *name, const char *before, const char *text,
		      struct gb_err *err)
{
	_free_ char *path = gb_path_join(dir, name), *line = gb_asprintf("%s%s\n", before, text);

	if (!path || !line)
		return gb_fail_nomem(err);
	return gb_fs_write(path, line, strlen(line), err);
}

/*
 * Written again at every move: tests run git, and may have done anything to them.  A path with a
 * newline would end early, but such a path is nothing that git could link to either.
 */
static int write_links(struct gb_worktree *wt, const char *commit, struct gb_err *err)
{
	_free_ char *link = gb_path_join(wt->top, ".git");
	int rc = link ? 0 : gb_fail_nomem(err);

	if (rc < 0 || (rc = gb_fs_mkdirs(wt->git, err)) < 0 ||
	    (rc = gb_fs_mkdirs(wt->top, err)) < 0 || (rc = gb_fs_remove_tree(link, err)) < 0 ||
	    (rc = write_line(wt->git, "HEAD", "", commit, err)) < 0 ||
	    (rc = write_line(wt->git, "commondir", "", wt->common, err)) < 0 ||
	    (rc = write_line(wt->git, "gitdir", "", link, err)) < 0)
		return rc;
	return write_line(wt->top, ".git", "gitdir: ", wt->git, err);
}

static int tree_of(git_repository *git, const char *commit, git_tree **ret, struct gb_err *err)
{
	git_commit *c = NULL;
	git_oid id;
	int rc = git_oid_fromstr(&id, commit);

	if (!rc)
		rc = git_commit_lookup(&c, git, &id);
	if (!rc)
		rc = git_commit_tree(ret, c);
	git_commit_free(c);
	if (!rc)
		return 0;
	gb_fail(err, GB_ESYS, "%.12s is not in this clone: %s", commit, gb_git_words());
	return gb_hint(err, "`git fetch --unshallow`, or fetch-depth: 0 for actions/checkout, "
			    "brings all commits");
}

/* Everything that is not the old commit's, out.  Without one, everything. */
static int clean(struct gb_worktree *wt, git_tree *old, struct gb_err *err)
{
	git_index *names = NULL;
	int rc = git_index_new(&names);

	if (!rc && old)
		rc = git_index_read_tree(names, old);
	if (rc)
		rc = gb_fail(err, GB_ESYS, "list the files of %.12s: %s", wt->commit,
			     gb_git_words());
	else
		rc = worktree_clean(wt->top, names, err);
	git_index_free(names);
	return rc;
}

/*
 * The private index as of the old commit; what it knows of files that are unchanged stays, so that
 * they need not be read.  One that cannot be read is made anew.
 */
static int reset_index(struct gb_worktree *wt, git_repository *git, git_tree *old,
		       struct gb_err *err)
{
	git_index *index = NULL;
	int rc = git_repository_index(&index, git);

	if (!rc)
		rc = git_index_read(index, 1);
	if (rc) {
		_free_ char *path = gb_path_join(wt->git, "index");

		git_index_free(index);
		index = NULL;
		if (!path)
			return gb_fail_nomem(err);
		if ((rc = gb_fs_remove_tree(path, err)) < 0)
			return rc;
		rc = git_repository_index(&index, git);
	}
	if (!rc)
		rc = old ? git_index_read_tree(index, old) : git_index_clear(index);
	git_index_free(index);
	return rc ? gb_fail(err, GB_ESYS, "prepare an index: %s", gb_git_words()) : 0;
}

static int write_tree(const struct gb_repo *repo, git_tree *old, git_tree *now, const char *commit,
		      struct gb_err *err)
{
	git_checkout_options o;
	int rc = git_checkout_options_init(&o, GIT_CHECKOUT_OPTIONS_VERSION);

	o.checkout_strategy = GIT_CHECKOUT_FORCE | GIT_CHECKOUT_RECREATE_MISSING |
			      GIT_CHECKOUT_DISABLE_PATHSPEC_MATCH;
	o.baseline = old;
	if (!rc)
		rc = git_checkout_tree(gb_repo_git(repo), (const git_object *)now, &o);
	return rc ? gb_git_lacks(repo, commit, "write the files of", err) : 0;
}

/*
 * The old commit is made whole before the new one is written: where a file that is not there
 * becomes a folder, libgit2 (1.5) looks for a blob without a name.
 */
static int checkout(struct gb_worktree *wt, const struct gb_repo *repo, const char *commit,
		    struct gb_err *err)
{
	git_repository *git = gb_repo_git(repo);
	git_tree *old = NULL, *now = NULL;
	int rc = tree_of(git, commit, &now, err);

	if (rc >= 0 && wt->commit[0])
		rc = tree_of(git, wt->commit, &old, err);
	if (rc >= 0)
		rc = clean(wt, old, err);
	if (rc >= 0)
		rc = reset_index(wt, git, old, err);
	if (rc >= 0 && old)
		rc = write_tree(repo, old, old, wt->commit, err);
	if (rc >= 0 && strcmp(wt->commit, commit) != 0)
		rc = write_tree(repo, old, now, commit, err);
	git_tree_free(old);
	git_tree_free(now);
	return rc;
}

int gb_worktree_move(struct gb_worktree *wt, const char *commit, struct gb_err *err)
{
	_repo_ struct gb_repo *repo = NULL;
	_free_ char *lock = gb_path_join(wt->git, "index.lock");
	int rc = lock ? write_links(wt, commit, err) : gb_fail_nomem(err);

	/* A git that was killed in there may have left one. */
	if (rc >= 0)
		rc = gb_fs_remove_tree(lock, err);
	if (rc >= 0)
		rc = gb_repo_open(wt->top, &repo, err);
	if (rc >= 0)
		rc = gb_partial_bring(repo, &(struct gb_partial){ .commit = commit }, err);
	if (rc >= 0)
		rc = checkout(wt, repo, commit, err);
	if (rc < 0)
		wt->commit[0] = 0;
	else
		memmove(wt->commit, commit, sizeof(wt->commit));
	return rc;
}

int gb_worktree_open(const struct gb_repo *repo, const char *commit, const char *folder,
		     struct gb_worktree **ret, struct gb_err *err)
{
	_worktree_ struct gb_worktree *wt = gb_calloc(1, sizeof(*wt));
	_free_ char *real = NULL;
	int rc = wt ? gb_fs_realpath(folder, &real, err) : gb_fail_nomem(err);

	if (rc >= 0)
		rc = gb_fs_realpath(git_repository_commondir(gb_repo_git(repo)), &wt->common, err);
	if (rc < 0)
		return rc;
	wt->top = gb_path_join(real, "tree");
	wt->git = gb_path_join(real, "git");
	if (!wt->top || !wt->git)
		return gb_fail_nomem(err);
	if (gb_fs_exists(wt->top) || gb_fs_exists(wt->git))
		return gb_fail(err, GB_EEXIST, "%s holds a tree already", real);
	if ((rc = gb_worktree_move(wt, commit, err)) < 0)
		return rc;
	*ret = GB_TAKE(wt);
	return 0;
}

const char *gb_worktree_top(const struct gb_worktree *wt)
{
	return wt->top;
}

const char *gb_worktree_commit(const struct gb_worktree *wt)
{
	return wt->commit;
}

void gb_worktree_free(struct gb_worktree *wt)
{
	if (!wt)
		return;
	free(wt->top);
	free(wt->git);
	free(wt->common);
	free(wt);
}

void gb_cleanup_worktree(struct gb_worktree **pwt)
{
	gb_worktree_free(*pwt);
}
