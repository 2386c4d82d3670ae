#include "git/worktree_clean.h"

#include "base/err.h"
#include "base/fs.h"
#include "base/mem.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

struct cleaning {
	git_index *names;
	struct gb_err *err;
};

static int clean(struct cleaning *c, const char *dir, const char *below);

/* Is it what a checkout makes of the entry? */
static bool kind_fits(const git_index_entry *entry, mode_t mode)
{
	switch (entry->mode) {
	case GIT_FILEMODE_LINK:
		return S_ISLNK(mode);
	case GIT_FILEMODE_COMMIT:
		return false; /* an empty folder, which is made again */
	default:
		return S_ISREG(mode);
	}
}

static bool is_folder(git_index *names, const char *path, struct gb_err *err, int *rc)
{
	_free_ char *prefix = gb_asprintf("%s/", path);

	*rc = prefix ? 0 : gb_fail_nomem(err);
	return prefix && git_index_find_prefix(NULL, names, prefix) == 0;
}

static int look_at(struct cleaning *c, const char *full, const char *path)
{
	const git_index_entry *entry;
	struct stat st;
	int rc = 0;

	if (lstat(full, &st) < 0)
		return errno == ENOENT ? 0 : gb_fail_sys(c->err, errno, "look at %s", full);
	entry = git_index_get_bypath(c->names, path, 0);
	if (entry && kind_fits(entry, st.st_mode))
		return 0;
	if (!entry && S_ISDIR(st.st_mode) && is_folder(c->names, path, c->err, &rc)) {
		if ((st.st_mode & 0700) != 0700 && chmod(full, (st.st_mode & 07777) | 0700) < 0)
			return gb_fail_sys(c->err, errno, "open up %s", full);
		return clean(c, full, path);
	}
	return rc < 0 ? rc : gb_fs_remove_tree(full, c->err);
}

static int clean(struct cleaning *c, const char *dir, const char *below)
{
	DIR *d = opendir(dir);
	struct dirent *e;
	int rc = 0;

	if (!d)
		return gb_fail_sys(c->err, errno, "open %s", dir);
	while (rc >= 0 && (e = readdir(d))) {
		_free_ char *full = NULL, *path = NULL;

		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0 ||
		    (!*below && strcmp(e->d_name, ".git") == 0))
			continue;
		full = gb_path_join(dir, e->d_name);
		path = *below ? gb_path_join(below, e->d_name) : gb_strdup(e->d_name);
		rc = full && path ? look_at(c, full, path) : gb_fail_nomem(c->err);
	}
	closedir(d);
	return rc;
}

int worktree_clean(const char *top, git_index *names, struct gb_err *err)
{
	struct cleaning c = { names, err };
	struct stat st;

	if (lstat(top, &st) == 0 && S_ISDIR(st.st_mode) && (st.st_mode & 0700) != 0700)
		(void)chmod(top, 0700);
	return clean(&c, top, "");
}
