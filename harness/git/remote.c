#include "git/remote.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/text.h"
#include "git/repo_git.h"

#include <string.h>

/* What a symbolic reference names, below `prefix`; NULL: it does not. */
static char *named_by(git_repository *git, const char *name, const char *prefix)
{
	git_reference *ref = NULL;
	const char *target;
	char *found = NULL;

	if (git_reference_lookup(&ref, git, name))
		return NULL;
	target = git_reference_symbolic_target(ref);
	if (target && gb_starts(target, prefix))
		found = gb_strdup(target + strlen(prefix));
	git_reference_free(ref);
	return found;
}

int gb_remote_default(const struct gb_repo *repo, const char *remote, char **ret,
		      struct gb_err *err)
{
	_free_ char *prefix = gb_asprintf("refs/remotes/%s/", remote);
	_free_ char *head = gb_asprintf("refs/remotes/%s/HEAD", remote);

	if (!prefix || !head)
		return gb_fail_nomem(err);
	*ret = named_by(gb_repo_git(repo), head, prefix);
	if (!*ret)
		*ret = named_by(gb_repo_git(repo), "HEAD", "refs/heads/");
	return 0;
}

int gb_remote_url(const struct gb_repo *repo, const char *remote, char **ret, struct gb_err *err)
{
	git_remote *r = NULL;
	const char *url;

	*ret = NULL;
	if (git_remote_lookup(&r, gb_repo_git(repo), remote))
		return 0;
	url = git_remote_url(r);
	*ret = gb_strdup(url);
	git_remote_free(r);
	return url && !*ret ? gb_fail_nomem(err) : 0;
}
