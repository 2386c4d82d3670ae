#include "git/files.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/text.h"
#include "git/partial.h"
#include "git/repo_git.h"

#include <stdlib.h>
#include <string.h>

struct walk {
	const struct gb_repo *repo;
	git_repository *git;
	const char *folder, *suffix;
	size_t max;
	int (*on_file)(void *arg, const char *path, const char *text, size_t len,
		       struct gb_err *err);
	void *arg;
	struct gb_err *err;
	int rc;
};

static int read_blob(struct walk *w, const char *path, const git_oid *id)
{
	git_blob *blob = NULL;
	git_object_size_t size;
	int rc;

	if (git_blob_lookup(&blob, w->git, id))
		return gb_git_lacks(w->repo, path, "read", w->err);
	size = git_blob_rawsize(blob);
	if (size > w->max)
		rc = gb_fail(w->err, GB_ELIMIT, "%s/%s has more than %zu bytes", w->folder, path,
			     w->max);
	else
		rc = w->on_file(w->arg, path, git_blob_rawcontent(blob), (size_t)size, w->err);
	git_blob_free(blob);
	return rc;
}

static int on_entry(const char *root, const git_tree_entry *entry, void *arg)
{
	struct walk *w = arg;
	_free_ char *path = NULL;

	if (git_tree_entry_type(entry) != GIT_OBJECT_BLOB ||
	    git_tree_entry_filemode(entry) == GIT_FILEMODE_LINK ||
	    !gb_ends(git_tree_entry_name(entry), w->suffix))
		return 0;
	path = gb_asprintf("%s%s", root, git_tree_entry_name(entry));
	w->rc = path ? read_blob(w, path, git_tree_entry_id(entry)) : gb_fail_nomem(w->err);
	return w->rc < 0 ? -1 : 0;
}

/* The tree of the folder; NULL in *ret where there is none. */
static int folder_tree(const struct gb_repo *repo, const char *commit, const char *folder,
		       git_tree **ret, struct gb_err *err)
{
	git_repository *git = gb_repo_git(repo);
	git_commit *c = NULL;
	git_tree *top = NULL;
	git_tree_entry *entry = NULL;
	git_oid id;
	int rc = 0;

	*ret = NULL;
	if (git_oid_fromstr(&id, commit) || git_commit_lookup(&c, git, &id) ||
	    git_commit_tree(&top, c)) {
		rc = gb_git_lacks(repo, commit, "read", err);
	} else if (!*folder) {
		*ret = top;
		top = NULL;
	} else if (!git_tree_entry_bypath(&entry, top, folder) &&
		   git_tree_entry_type(entry) == GIT_OBJECT_TREE &&
		   git_tree_lookup(ret, git, git_tree_entry_id(entry))) {
		rc = gb_git_lacks(repo, folder, "read", err);
	}
	git_tree_entry_free(entry);
	git_tree_free(top);
	git_commit_free(c);
	return rc;
}

int gb_repo_files(const struct gb_repo *repo, const char *commit, const char *folder,
		  const char *suffix, size_t max,
		  int (*on_file)(void *arg, const char *path, const char *text, size_t len,
				 struct gb_err *err),
		  void *arg, struct gb_err *err)
{
	struct walk w = { repo, gb_repo_git(repo), folder, suffix, max, on_file, arg, err, 0 };
	git_tree *tree = NULL;
	int rc = gb_partial_bring(repo, &(struct gb_partial){ .commit = commit, .path = folder },
				  err);

	if (rc >= 0)
		rc = folder_tree(repo, commit, folder, &tree, err);
	if (rc < 0 || !tree)
		return rc;
	rc = git_tree_walk(tree, GIT_TREEWALK_PRE, on_entry, &w);
	git_tree_free(tree);
	if (w.rc < 0)
		return w.rc;
	return rc < 0 ? gb_fail(err, GB_ESYS, "read %s: %s", folder, gb_git_words()) : 0;
}
