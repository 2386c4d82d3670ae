#include "git/sparse.h"

#include "base/err.h"
#include "base/fs.h"
#include "base/mem.h"
#include "base/text.h"
#include "git/repo_git.h"

#include <string.h>

struct search {
	const struct gb_repo *repo;
	int (*on_path)(void *arg, const char *path, struct gb_err *err);
	void *arg;
	struct gb_err *err;
	int rc;
};

static int look_at(struct search *s, const char *path)
{
	_free_ char *whole = gb_path_join(gb_repo_top(s->repo), path);

	if (!whole)
		return gb_fail_nomem(s->err);
	return gb_fs_exists(whole) ? 0 : s->on_path(s->arg, path, s->err);
}

static int on_entry(const char *root, const git_tree_entry *entry, void *arg)
{
	struct search *s = arg;
	_free_ char *path = gb_asprintf("%s%s", root, git_tree_entry_name(entry));

	if (!path)
		s->rc = gb_fail_nomem(s->err);
	else if (git_tree_entry_type(entry) == GIT_OBJECT_BLOB)
		s->rc = look_at(s, path);
	return s->rc < 0 ? -1 : 0;
}

static int from_head(struct search *s)
{
	git_object *tree = NULL;

	if (git_revparse_single(&tree, gb_repo_git(s->repo), "HEAD^{tree}") == 0)
		(void)git_tree_walk((git_tree *)tree, GIT_TREEWALK_PRE, on_entry, s);
	git_object_free(tree);
	return s->rc;
}

static int from_index(struct search *s, git_index *index)
{
	size_t n = git_index_entrycount(index);

	for (size_t i = 0; i < n && s->rc >= 0; i++) {
		const git_index_entry *e = git_index_get_byindex(index, i);

		if (e->flags_extended & GIT_INDEX_ENTRY_SKIP_WORKTREE)
			s->rc = look_at(s, e->path);
	}
	return s->rc;
}

int gb_repo_left_out(const struct gb_repo *repo,
		     int (*on_path)(void *arg, const char *path, struct gb_err *err), void *arg,
		     struct gb_err *err)
{
	struct search s = { repo, on_path, arg, err, 0 };
	_free_ char *rules =
		gb_path_join(git_repository_path(gb_repo_git(repo)), "info/sparse-checkout");
	git_index *index = NULL;
	int rc = 0;

	if (!rules)
		return gb_fail_nomem(err);
	if (!gb_fs_exists(rules))
		return 0;
	if (!git_repository_index(&index, gb_repo_git(repo)))
		rc = from_index(&s, index);
	else if (strstr(gb_git_words(), "'sdir'"))
		rc = from_head(&s);
	git_index_free(index);
	return rc < 0 ? rc : 0;
}
