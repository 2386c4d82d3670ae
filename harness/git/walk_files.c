/* The files of single commits, for who walks over many. */
#include "git/walk.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "git/repo_git.h"

#include <string.h>

/* Not git_diff_foreach(): it looks for attributes of every file. */
static int each(const git_diff *diff,
		int (*on_file)(void *arg, const char *path, struct gb_err *err), void *arg,
		struct gb_err *err)
{
	size_t n = git_diff_num_deltas(diff);
	int rc = 0;

	for (size_t i = 0; i < n && rc >= 0; i++) {
		const git_diff_delta *d = git_diff_get_delta(diff, i);

		rc = on_file(arg,
			     d->status == GIT_DELTA_DELETED ? d->old_file.path : d->new_file.path,
			     err);
	}
	return rc;
}

/* The folder's tree in a commit; NULL in *ret where it has none. */
static int folder_of(const struct gb_repo *repo, const char *commit, const char *folder,
		     git_tree **ret, struct gb_err *err)
{
	git_commit *c = NULL;
	git_tree *top = NULL;
	git_tree_entry *e = NULL;
	git_oid id;
	int rc = git_oid_fromstr(&id, commit);

	*ret = NULL;
	if (!rc)
		rc = git_commit_lookup(&c, gb_repo_git(repo), &id);
	if (!rc)
		rc = git_commit_tree(&top, c);
	if (!rc && !*folder) {
		*ret = top;
		top = NULL;
	} else if (!rc && !git_tree_entry_bypath(&e, top, folder) &&
		   git_tree_entry_type(e) == GIT_OBJECT_TREE) {
		rc = git_tree_lookup(ret, gb_repo_git(repo), git_tree_entry_id(e));
	}
	git_tree_entry_free(e);
	git_tree_free(top);
	git_commit_free(c);
	if (rc)
		return gb_fail(err, GB_ESYS, "read %s of %.12s: %s", folder, commit,
			       gb_git_words());
	return 0;
}

int gb_walk_files(const struct gb_repo *repo, const char *commit, const char *parent,
		  const char *folder,
		  int (*on_file)(void *arg, const char *path, struct gb_err *err), void *arg,
		  struct gb_err *err)
{
	git_tree *now = NULL, *old = NULL;
	git_diff_options o;
	git_diff *diff = NULL;
	int rc = folder_of(repo, commit, folder, &now, err);

	if (rc >= 0 && parent)
		rc = folder_of(repo, parent, folder, &old, err);
	if (rc >= 0) {
		git_diff_options_init(&o, GIT_DIFF_OPTIONS_VERSION);
		o.flags |= GIT_DIFF_SKIP_BINARY_CHECK;
		rc = git_diff_tree_to_tree(&diff, gb_repo_git(repo), old, now, &o);
		if (!rc)
			rc = each(diff, on_file, arg, err);
		else
			rc = gb_fail(err, GB_ESYS, "compare %s of %.12s: %s", folder, commit,
				     gb_git_words());
	}
	git_diff_free(diff);
	git_tree_free(old);
	git_tree_free(now);
	return rc;
}

int gb_walk_blob(const struct gb_repo *repo, const char *commit, const char *path, char ret[41],
		 struct gb_err *err)
{
	const char *slash = strrchr(path, '/');
	_free_ char *folder = gb_strndup(path, slash ? (size_t)(slash - path) : 0);
	const git_tree_entry *e;
	git_tree *tree;
	int rc;

	if (!folder)
		return gb_fail_nomem(err);
	if ((rc = folder_of(repo, commit, folder, &tree, err)) < 0)
		return rc;
	e = tree ? git_tree_entry_byname(tree, slash ? slash + 1 : path) : NULL;
	ret[0] = 0;
	if (e && git_tree_entry_type(e) == GIT_OBJECT_BLOB &&
	    git_tree_entry_filemode(e) != GIT_FILEMODE_LINK)
		git_oid_tostr(ret, 41, git_tree_entry_id(e));
	git_tree_free(tree);
	return 0;
}

int gb_walk_read(const struct gb_repo *repo, const char *blob, struct gb_buf *ret,
		 struct gb_err *err)
{
	git_blob *b;
	git_oid id;

	if (git_oid_fromstr(&id, blob) || git_blob_lookup(&b, gb_repo_git(repo), &id))
		return gb_fail(err, GB_ESYS, "read file %.12s: %s", blob, gb_git_words());
	gb_buf_add(ret, git_blob_rawcontent(b), (size_t)git_blob_rawsize(b));
	git_blob_free(b);
	return ret->failed ? gb_buf_error(ret, "a file", err) : 0;
}
