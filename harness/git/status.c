#include "git/status.h"

#include "base/err.h"
#include "base/mem.h"
#include "git/repo_git.h"

int gb_repo_dirty(const struct gb_repo *repo, char **ret, struct gb_err *err)
{
	git_status_options o;
	git_status_list *list = NULL;
	const git_status_entry *e;
	const git_diff_delta *d;
	char *path = NULL;
	int rc = git_status_options_init(&o, GIT_STATUS_OPTIONS_VERSION);

	o.flags = GIT_STATUS_OPT_INCLUDE_UNTRACKED | GIT_STATUS_OPT_DISABLE_PATHSPEC_MATCH;
	if (!rc)
		rc = git_status_list_new(&list, gb_repo_git(repo), &o);
	if (rc)
		return gb_fail(err, GB_ESYS, "look for changes: %s", gb_git_words());
	if ((e = git_status_byindex(list, 0))) {
		d = e->index_to_workdir ? e->index_to_workdir : e->head_to_index;
		path = gb_strdup(d->new_file.path ? d->new_file.path : d->old_file.path);
	}
	git_status_list_free(list);
	if (e && !path)
		return gb_fail_nomem(err);
	*ret = path;
	return 0;
}
