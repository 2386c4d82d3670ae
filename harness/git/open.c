#include "git/open.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/fs.h"
#include "base/mem.h"
#include "base/proc.h"
#include "base/text.h"
#include "git/repo_git.h"

#include <git2/sys/repository.h>
#include <stdlib.h>
#include <string.h>

#define DEADLINE_MS 10000

static const char *variable(const char *dir, const char *name)
{
	const char *value = strcmp(dir, ".") == 0 ? getenv(name) : NULL;

	return value && *value ? value : NULL;
}

static bool is_of_another_user(void)
{
	return strstr(gb_git_words(), "owner") || strstr(gb_git_words(), "safe.directory");
}

static int cannot_open(const char *dir, const char *found, struct gb_err *err)
{
	const char *why = gb_git_words();
	_free_ char *top = gb_strdup(found);
	size_t len = top ? strlen(top) : 0;

	if (is_of_another_user()) {
		if (top && gb_ends(top, "/.git/"))
			top[len - strlen("/.git/")] = 0;
		gb_fail(err, GB_ESYS,
			"the repository of %s belongs to another user, and git takes no part in it",
			dir);
		return gb_hint(err, "git config --global --add safe.directory '%s'",
			       top ? top : "FOLDER");
	}
	if (strstr(why, "objectformat") || strstr(why, "object format")) {
		gb_fail(err, GB_ESYS,
			"the repository of %s names its objects by SHA-256, which is not supported",
			dir);
		return gb_hint(err, "check and record work there; what asks for a commit does not");
	}
	gb_fail(err, GB_ESYS, "open the repository of %s: %s", dir, why);
	if (strstr(why, "unsupported extension"))
		gb_hint(err, "check and record work there; what asks for a commit does not");
	return GB_ESYS;
}

/* Does git itself take the repository of the folder for safe? */
static bool git_trusts(const char *dir)
{
	const char *const argv[] = { "git", "rev-parse", "--git-dir", NULL };
	struct gb_proc_result r = { 0 };

	return gb_proc_run(&(struct gb_proc){ .argv = argv,
					      .dir = dir,
					      .in = GB_STDIO_NULL,
					      .out = GB_STDIO_NULL,
					      .err = GB_STDIO_NULL,
					      .timeout_ms = DEADLINE_MS },
			   &r, NULL) == 0 &&
	       r.status == 0;
}

static int open_found(const char *dir, const char *found, git_repository **ret)
{
	int rc = git_repository_open(ret, found);

	if (rc && is_of_another_user() && git_trusts(dir)) {
		git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0);
		rc = git_repository_open(ret, found);
	} else if (rc) {
		/* Asking git may have changed what libgit2 complained of last. */
		git_repository *again = NULL;

		if (!git_repository_open(&again, found))
			git_repository_free(again);
	}
	return rc;
}

/* Is the current folder in the work tree that the repository's place speaks of? */
static bool holds_us(git_repository *git)
{
	_free_ char *cwd = NULL, *here = NULL, *there = NULL;
	const char *top = git_repository_workdir(git);

	return top &&
	       (git_repository_is_worktree(git) || gb_ends(git_repository_path(git), "/.git/")) &&
	       gb_fs_cwd(&cwd, NULL) == 0 && gb_fs_realpath(cwd, &here, NULL) == 0 &&
	       gb_fs_realpath(top, &there, NULL) == 0 && gb_path_under(here, there);
}

static bool names_work_tree(git_repository *git)
{
	git_config *config = NULL;
	git_config_entry *entry = NULL;
	bool found = !git_repository_config(&config, git) &&
		     !git_config_get_entry(&entry, config, "core.worktree");

	git_config_entry_free(entry);
	git_config_free(config);
	return found;
}

static int set_index(git_repository *git, const char *path)
{
	git_index *index = NULL;
	int rc = git_index_open(&index, path);

	if (!rc)
		rc = git_repository_set_index(git, index);
	git_index_free(index);
	return rc;
}

/* What the environment says of a repository that was found. */
static int apply_environment(const char *dir, git_repository *git)
{
	const char *top = variable(dir, "GIT_WORK_TREE"), *index = variable(dir, "GIT_INDEX_FILE");
	int rc = 0;

	if (!top && variable(dir, "GIT_DIR") && !git_repository_is_bare(git) &&
	    !names_work_tree(git) && !holds_us(git))
		top = ".";
	if (top)
		rc = git_repository_set_workdir(git, top, 0);
	return !rc && index ? set_index(git, index) : rc;
}

int gb_git_open(const char *dir, git_repository **ret, struct gb_err *err)
{
	const char *named = variable(dir, "GIT_DIR");
	git_buf found = { NULL, 0, 0 };
	git_repository *git = NULL;
	int rc = named ? 0 : git_repository_discover(&found, dir, 0, NULL);

	if (rc == GIT_ENOTFOUND && !is_of_another_user()) {
		git_buf_dispose(&found);
		return gb_fail(err, GB_ENOTFOUND, "%s is in no git repository", dir);
	}
	if (!rc)
		rc = open_found(dir, named ? named : found.ptr, &git);
	if (!rc)
		rc = apply_environment(dir, git);
	if (rc) {
		rc = cannot_open(named ? named : dir, named ? named : found.ptr, err);
		git_repository_free(git);
		git = NULL;
	}
	git_buf_dispose(&found);
	if (!rc)
		*ret = git;
	return rc;
}
