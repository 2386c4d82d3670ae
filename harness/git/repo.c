#include "git/repo.h"

#include "base/err.h"
#include "base/fs.h"
#include "base/mem.h"
#include "base/text.h"
#include "git/open.h"
#include "git/partial.h"
#include "git/repo_git.h"

#include <git2/sys/repository.h>
#include <stdlib.h>
#include <string.h>

struct gb_repo {
	git_repository *git;
	char *top;
};

const char *gb_git_words(void)
{
	const git_error *e = git_error_last();

	return e && e->message ? e->message : "unknown error";
}

/* What clones of large repositories use; without our word libgit2 refuses them. */
static void allow_extensions(void)
{
	const char *names[] = { "worktreeconfig", "partialclone" };

	git_libgit2_opts(GIT_OPT_SET_EXTENSIONS, names, sizeof(names) / sizeof(names[0]));
}

static int open_at(const char *dir, bool bare, struct gb_repo *repo, struct gb_err *err)
{
	const char *top;
	int rc = gb_git_open(dir, &repo->git, err);

	if (rc < 0)
		return rc;
	top = git_repository_workdir(repo->git);
	if (!top && bare)
		top = "";
	if (!top)
		return gb_fail(err, GB_ENOTFOUND, "the repository of %s has no work tree", dir);
	size_t len = strlen(top);
	repo->top = gb_strndup(top, len > 1 && top[len - 1] == '/' ? len - 1 : len);
	return repo->top ? 0 : gb_fail_nomem(err);
}

static int open_repo(const char *dir, bool bare, struct gb_repo **ret, struct gb_err *err)
{
	_repo_ struct gb_repo *repo = gb_calloc(1, sizeof(*repo));
	int rc;

	if (!repo)
		return gb_fail_nomem(err);
	if (git_libgit2_init() < 0) {
		free(GB_TAKE(repo));
		return gb_fail(err, GB_ESYS, "start libgit2: %s", gb_git_words());
	}
	allow_extensions();
	if ((rc = open_at(dir, bare, repo, err)))
		return rc;
	*ret = GB_TAKE(repo);
	return 0;
}

int gb_repo_open(const char *dir, struct gb_repo **ret, struct gb_err *err)
{
	return open_repo(dir, false, ret, err);
}

int gb_repo_open_any(const char *dir, struct gb_repo **ret, struct gb_err *err)
{
	return open_repo(dir, true, ret, err);
}

void gb_repo_free(struct gb_repo *repo)
{
	if (!repo)
		return;
	git_repository_free(repo->git);
	git_libgit2_shutdown();
	free(repo->top);
	free(repo);
}

void gb_cleanup_repo(struct gb_repo **prepo)
{
	gb_repo_free(*prepo);
}

git_repository *gb_repo_git(const struct gb_repo *repo)
{
	return repo->git;
}

const char *gb_repo_top(const struct gb_repo *repo)
{
	return repo->top;
}

const char *gb_repo_dir(const struct gb_repo *repo)
{
	return git_repository_commondir(gb_repo_git(repo));
}

bool gb_repo_is_shallow(const struct gb_repo *repo)
{
	return git_repository_is_shallow(repo->git) == 1;
}

int gb_repo_commit(const struct gb_repo *repo, const char *rev, char ret[41], struct gb_err *err)
{
	git_object *found = NULL, *commit = NULL;
	int rc = git_revparse_single(&found, repo->git, rev);

	if (!rc)
		rc = git_object_peel(&commit, found, GIT_OBJECT_COMMIT);
	if (!rc)
		git_oid_tostr(ret, 41, git_object_id(commit));
	git_object_free(commit);
	git_object_free(found);
	if (!rc)
		return 0;
	if (git_repository_head_unborn(repo->git) == 1 && gb_starts(rev, "HEAD"))
		return gb_fail(err, GB_ENOTFOUND, "no commit \"%.200s\": nothing is committed yet",
			       rev);
	gb_fail(err, GB_ENOTFOUND, "no commit \"%.200s\": %s", rev, gb_git_words());
	if (gb_repo_is_shallow(repo))
		gb_hint(err, "this clone is shallow: fetch that commit, or all with "
			     "`git fetch --unshallow` (actions/checkout: fetch-depth: 0)");
	return GB_ENOTFOUND;
}

static bool stands_at(const git_repository *git, const char *top)
{
	const char *at = git_repository_workdir(git);
	size_t len = strlen(top);

	return at && strncmp(at, top, len) == 0 && (!at[len] || strcmp(at + len, "/") == 0);
}

/*
 * From a handle of its own, with an empty index: what the user's index says, and whether it can be
 * read at all, is nothing to a commit's files.
 */
static int open_without_index(const struct gb_repo *repo, git_repository **ret)
{
	git_index *none = NULL;
	int rc = git_repository_open(ret, git_repository_path(repo->git));

	/* Told what it knows, libgit2 1.5 leaks it. */
	if (!rc && *repo->top && !stands_at(*ret, repo->top))
		rc = git_repository_set_workdir(*ret, repo->top, 0);
	if (!rc)
		rc = git_index_new(&none);
	if (!rc)
		rc = git_repository_set_index(*ret, none);
	git_index_free(none);
	return rc;
}

static int export_to(const struct gb_repo *repo, const char *commit, const char *target)
{
	git_checkout_options o;
	git_oid id;
	git_repository *git = NULL;
	git_commit *c = NULL;
	git_tree *tree = NULL;
	int rc = git_checkout_options_init(&o, GIT_CHECKOUT_OPTIONS_VERSION);

	o.checkout_strategy = GIT_CHECKOUT_FORCE | GIT_CHECKOUT_RECREATE_MISSING |
			      GIT_CHECKOUT_DONT_UPDATE_INDEX | GIT_CHECKOUT_NO_REFRESH |
			      GIT_CHECKOUT_DONT_WRITE_INDEX | GIT_CHECKOUT_DISABLE_PATHSPEC_MATCH;
	o.target_directory = target;
	if (!rc)
		rc = open_without_index(repo, &git);
	if (!rc)
		rc = git_oid_fromstr(&id, commit);
	if (!rc)
		rc = git_commit_lookup(&c, git, &id);
	if (!rc)
		rc = git_commit_tree(&tree, c);
	if (!rc)
		rc = git_checkout_tree(git, (const git_object *)tree, &o);
	git_tree_free(tree);
	git_commit_free(c);
	git_repository_free(git);
	return rc;
}

int gb_repo_export(const struct gb_repo *repo, const char *commit, const char *into,
		   struct gb_err *err)
{
	_free_ char *target = NULL; /* libgit2 takes a relative one from the work tree */
	int rc = gb_fs_realpath(into, &target, err);

	if (rc >= 0)
		rc = gb_partial_bring(repo, &(struct gb_partial){ .commit = commit }, err);
	if (rc < 0)
		return rc;
	return export_to(repo, commit, target)
		       ? gb_git_lacks(repo, commit, "write the files of", err)
		       : 0;
}

int gb_git_lacks(const struct gb_repo *repo, const char *thing, const char *what,
		 struct gb_err *err)
{
	int len = strspn(thing, "0123456789abcdef") == 40 ? 12 : 1000;

	if (!strstr(gb_git_words(), "object not found"))
		return gb_fail(err, GB_ESYS, "%s %.*s: %s", what, len, thing, gb_git_words());
	gb_fail(err, GB_ESYS, "%.*s is not in this clone: %s", len, thing, gb_git_words());
	if (gb_repo_is_shallow(repo))
		return gb_hint(err,
			       "this clone is shallow: `git fetch --unshallow` (actions/checkout: "
			       "fetch-depth: 0)");
	return gb_hint(err, "the repository lacks an object that it should have: `git fsck`");
}
