#include "cmd/hook_tree.h"

#include "base/cache.h"
#include "base/err.h"
#include "base/fs.h"
#include "base/mem.h"
#include "base/supervise.h"
#include "base/text.h"
#include "git/hooks.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DIGITS 16 /* of the hash of a repository's path */

/* What killed hooks left: folders whose lock nobody holds. */
static void sweep(const char *dir, const char *own)
{
	DIR *d = opendir(dir);
	struct dirent *e;

	while (d && (e = readdir(d))) {
		_free_ char *path = NULL, *lock = NULL;

		if (strspn(e->d_name, "0123456789abcdef") != DIGITS || e->d_name[DIGITS] ||
		    strcmp(e->d_name, own) == 0)
			continue;
		path = gb_path_join(dir, e->d_name);
		lock = path ? gb_asprintf("%s.lock", path) : NULL;
		if (!lock || gb_lock_is_held(lock))
			continue;
		int fd = gb_fs_lock(lock, NULL);

		if (fd >= 0) {
			gb_fs_remove_tree(path, NULL);
			close(fd);
		}
	}
	if (d)
		closedir(d);
}

static int in_cache(const struct gb_repo *repo, struct gb_hook_tree *t, struct gb_err *err)
{
	_cache_ struct gb_cache cache = { 0 };
	_free_ char *common = NULL, *dir = NULL, *folder = NULL, *lock = NULL;
	char name[GB_HASH_HEX + 1];
	int rc;

	if ((rc = gb_repo_common(repo, &common, err)) < 0 ||
	    (rc = gb_hash_data(common, strlen(common), name, err)) < 0 ||
	    (rc = gb_cache_open(&cache, err)) < 0 ||
	    (rc = gb_cache_folder(&cache, "push", &dir, err)) < 0)
		return rc;
	name[DIGITS] = '\0';
	folder = gb_path_join(dir, name);
	lock = folder ? gb_asprintf("%s.lock", folder) : NULL;
	if (!lock)
		return gb_fail_nomem(err);
	if (gb_lock_is_held(lock))
		return gb_fail(err, GB_EEXIST, "another push is being checked");
	if ((t->lock = gb_fs_lock(lock, err)) < 0)
		return t->lock;
	sweep(dir, name);
	if ((rc = gb_fs_remove_tree(folder, err)) < 0 || (rc = gb_fs_mkdirs(folder, err)) < 0)
		return rc;
	t->folder = GB_TAKE(folder);
	return 0;
}

int hook_tree_open(const struct gb_repo *repo, struct gb_hook_tree *ret, struct gb_err *err)
{
	struct gb_hook_tree t = { .lock = -1 };
	struct gb_err own = GB_ERR_INIT;
	int rc = in_cache(repo, &t, &own);

	if (rc == GB_ENOMEM || rc == GB_EINTR) {
		hook_tree_close(&t);
		*err = own;
		return rc;
	}
	if (rc < 0) {
		hook_tree_close(&t);
		if ((rc = gb_fs_scratch(&t.folder, err)) < 0)
			return rc;
	}
	*ret = t;
	return 0;
}

void hook_tree_close(struct gb_hook_tree *t)
{
	if (t->folder)
		gb_fs_remove_tree(t->folder, NULL);
	free(t->folder);
	if (t->lock >= 0)
		close(t->lock);
	*t = (struct gb_hook_tree){ .lock = -1 };
}
