#include "git/patch.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/text.h"

#include <git2.h>
#include <string.h>

static int fail_git(struct gb_err *err, const char *what, const char *path)
{
	const git_error *e = git_error_last();

	return gb_fail(err, GB_ESYS, "%s %s: %s", what, path, e ? e->message : "unknown error");
}

static int add(struct gb_buf *out, const char *path, const char *old, const char *now,
	       struct gb_err *err)
{
	git_patch *patch = NULL;
	git_buf text = { NULL, 0, 0 };
	git_diff_options o;
	int rc = git_diff_options_init(&o, GIT_DIFF_OPTIONS_VERSION);

	/* A row may be long and hold anything: it is text all the same. */
	o.flags |= GIT_DIFF_FORCE_TEXT;
	if (!rc)
		rc = git_patch_from_buffers(&patch, old, old ? strlen(old) : 0, path, now,
					    now ? strlen(now) : 0, path, &o);
	if (!rc)
		rc = git_patch_to_buf(&text, patch);
	if (!rc)
		gb_buf_add(out, text.ptr, text.size);
	git_buf_dispose(&text);
	git_patch_free(patch);
	if (rc)
		return fail_git(err, "make a patch of", path);
	return out->failed ? gb_buf_error(out, "patch", err) : 0;
}

int gb_patch_add(struct gb_buf *out, const char *path, const char *old, const char *now,
		 struct gb_err *err)
{
	if (gb_streq(old, now))
		return 0;
	if (git_libgit2_init() < 0)
		return fail_git(err, "start libgit2 for", path);
	int rc = add(out, path, old, now, err);
	git_libgit2_shutdown();
	return rc;
}

static int top_of(const char *dir, char **ret, struct gb_err *err)
{
	git_buf found = { NULL, 0, 0 };
	git_repository *repo = NULL;
	const char *top = NULL;
	int rc = 0;

	/* No repository, or one that may not be opened: no top. */
	if (!git_repository_discover(&found, dir, 0, NULL) &&
	    !git_repository_open(&repo, found.ptr))
		top = git_repository_workdir(repo);
	*ret = NULL;
	if (top) {
		size_t len = strlen(top);

		*ret = gb_strndup(top, len > 1 && top[len - 1] == '/' ? len - 1 : len);
		rc = *ret ? 0 : gb_fail_nomem(err);
	}
	git_repository_free(repo);
	git_buf_dispose(&found);
	return rc;
}

int gb_git_top(const char *dir, char **ret, struct gb_err *err)
{
	if (git_libgit2_init() < 0)
		return fail_git(err, "start libgit2 in", dir);
	int rc = top_of(dir, ret, err);
	git_libgit2_shutdown();
	return rc;
}
