#include "git/repo.h"

#include "base/err.h"
#include "base/fs.h"
#include "base/mem.h"
#include "base/text.h"
#include "git/repo_git.h"

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

static int cannot_open(const char *dir, struct gb_err *err)
{
	const char *why = gb_git_words();
	int rc = gb_fail(err, GB_ESYS, "open the repository of %s: %s", dir, why);

	if (strstr(why, "owner") || strstr(why, "safe.directory"))
		gb_hint(err, "git config --global --add safe.directory FOLDER, for a repository "
			     "of another user");
	else if (strstr(why, "objectformat") || strstr(why, "object format"))
		gb_hint(err, "repositories with SHA-256 names are not supported");
	return rc;
}

static int open_at(const char *dir, bool bare, struct gb_repo *repo, struct gb_err *err)
{
	git_buf found = { NULL, 0, 0 };
	const char *top;
	int rc = git_repository_discover(&found, dir, 0, NULL);

	if (rc == GIT_ENOTFOUND && !strstr(gb_git_words(), "owner")) {
		git_buf_dispose(&found);
		return gb_fail(err, GB_ENOTFOUND, "%s is in no git repository", dir);
	}
	if (!rc)
		rc = git_repository_open(&repo->git, found.ptr);
	git_buf_dispose(&found);
	if (rc)
		return cannot_open(dir, err);
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
	gb_fail(err, GB_ENOTFOUND, "no commit \"%.200s\": %s", rev, gb_git_words());
	if (gb_repo_is_shallow(repo))
		gb_hint(err, "this clone is shallow: fetch that commit, or all with "
			     "`git fetch --unshallow` (actions/checkout: fetch-depth: 0)");
	return GB_ENOTFOUND;
}

int gb_repo_export(const struct gb_repo *repo, const char *commit, const char *into,
		   struct gb_err *err)
{
	_free_ char *target = NULL; /* libgit2 takes a relative one from the work tree */
	git_checkout_options o;
	git_oid id;
	git_commit *c = NULL;
	git_tree *tree = NULL;
	int rc = gb_fs_realpath(into, &target, err);

	if (rc)
		return rc;
	rc = git_checkout_options_init(&o, GIT_CHECKOUT_OPTIONS_VERSION);
	o.checkout_strategy = GIT_CHECKOUT_FORCE | GIT_CHECKOUT_RECREATE_MISSING |
			      GIT_CHECKOUT_DONT_UPDATE_INDEX | GIT_CHECKOUT_NO_REFRESH |
			      GIT_CHECKOUT_DONT_WRITE_INDEX | GIT_CHECKOUT_DISABLE_PATHSPEC_MATCH;
	o.target_directory = target;
	if (!rc)
		rc = git_oid_fromstr(&id, commit);
	if (!rc)
		rc = git_commit_lookup(&c, repo->git, &id);
	if (!rc)
		rc = git_commit_tree(&tree, c);
	if (!rc)
		rc = git_checkout_tree(repo->git, (const git_object *)tree, &o);
	git_tree_free(tree);
	git_commit_free(c);
	if (rc)
		return gb_fail(err, GB_ESYS, "write the files of %.12s: %s", commit,
			       gb_git_words());
	return 0;
}
