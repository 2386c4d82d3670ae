/* path - names of files, without asking the file system; gb_fs_which asks.  See fs.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fs.h"
#include "base/mem.h"

char *gb_path_join(const char *dir, const char *name)
{
	size_t len = strlen(dir);

	while (*name == '/' && len)
		name++;
	while (len > 1 && dir[len - 1] == '/')
		len--;
	return gb_asprintf("%.*s%s%s", (int)len, dir, len && dir[len - 1] != '/' ? "/" : "", name);
}

const char *gb_path_base(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* What of `path` is behind `dir`, "" for dir itself; NULL where it is not below. */
static const char *behind(const char *path, const char *dir)
{
	size_t len = strlen(dir);

	while (len && dir[len - 1] == '/')
		len--;
	if (strncmp(path, dir, len) != 0 || (path[len] && path[len] != '/'))
		return NULL;
	if (!len && *path != '/')
		return NULL;
	return path + len + strspn(path + len, "/");
}

bool gb_path_under(const char *path, const char *dir)
{
	return behind(path, dir) != NULL;
}

const char *gb_path_relative(const char *path, const char *dir)
{
	const char *rest = behind(path, dir);

	if (!rest)
		return path;
	return *rest ? rest : ".";
}

static bool is_program(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISREG(st.st_mode) && access(path, X_OK) == 0;
}

/* An empty or relative folder on PATH counts from here: the child may run elsewhere. */
static int candidate(const char *dir, size_t len, const char *name, char **ret, struct gb_err *err)
{
	_free_ char *cwd = NULL;
	int rc;

	if (len && *dir == '/') {
		*ret = gb_asprintf("%.*s/%s", (int)len, dir, name);
		return *ret ? 0 : gb_fail_nomem(err);
	}
	rc = gb_fs_cwd(&cwd, err);
	if (rc < 0)
		return rc;
	*ret = gb_asprintf("%s/%.*s%s%s", cwd, (int)len, dir, len ? "/" : "", name);
	return *ret ? 0 : gb_fail_nomem(err);
}

int gb_fs_which(const char *name, char **ret_path, struct gb_err *err)
{
	const char *path = getenv("PATH");

	if (strchr(name, '/')) {
		if (!is_program(name))
			return gb_fail(err, GB_ENOTFOUND, "no program %s", name);
		*ret_path = gb_strdup(name);
		return *ret_path ? 0 : gb_fail_nomem(err);
	}
	if (!path)
		path = "/usr/local/bin:/usr/bin:/bin";
	while (*name) {
		_free_ char *file = NULL;
		size_t len = strcspn(path, ":");
		int rc = candidate(path, len, name, &file, err);

		if (rc < 0)
			return rc;
		if (is_program(file)) {
			*ret_path = GB_TAKE(file);
			return 0;
		}
		if (!path[len])
			break;
		path += len + 1;
	}
	return gb_fail(err, GB_ENOTFOUND, "no program %s on PATH", name);
}
