#include "git/status.h"

#include "base/err.h"
#include "base/mem.h"
#include "git/repo_git.h"

/* A sparse checkout leaves it out: libgit2 (1.5) takes that for deleted. */
static bool is_left_out(git_index *index, const git_status_entry *e)
{
	const git_index_entry *x;

	if (!index || e->status != GIT_STATUS_WT_DELETED)
		return false;
	x = git_index_get_bypath(index, e->index_to_workdir->old_file.path, 0);
	return x && (x->flags_extended & GIT_INDEX_ENTRY_SKIP_WORKTREE);
}

int gb_repo_dirty(const struct gb_repo *repo, char **ret, struct gb_err *err)
{
	git_status_options o;
	git_status_list *list = NULL;
	const git_status_entry *e = NULL;
	const git_diff_delta *d;
	git_index *index = NULL;
	char *path = NULL;
	int rc = git_status_options_init(&o, GIT_STATUS_OPTIONS_VERSION);

	o.flags = GIT_STATUS_OPT_INCLUDE_UNTRACKED | GIT_STATUS_OPT_DISABLE_PATHSPEC_MATCH;
	if (!rc)
		rc = git_status_list_new(&list, gb_repo_git(repo), &o);
	if (rc)
		return gb_fail(err, GB_ESYS, "look for changes: %s", gb_git_words());
	(void)git_repository_index(&index, gb_repo_git(repo));
	for (size_t i = 0; (e = git_status_byindex(list, i)); i++)
		if (!is_left_out(index, e))
			break;
	if (e) {
		d = e->index_to_workdir ? e->index_to_workdir : e->head_to_index;
		path = gb_strdup(d->new_file.path ? d->new_file.path : d->old_file.path);
	}
	git_index_free(index);
	git_status_list_free(list);
	if (e && !path)
		return gb_fail_nomem(err);
	*ret = path;
	return 0;
}
