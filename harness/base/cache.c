/* cache - where it is, entries in and out.  cache_prune.c bounds it.  See cache.h. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/cache.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/fs.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/text.h"
#include "base/units.h"

#define MAX_HEAD 256

/* NULL with *ret_why set: none; both NULL: no memory. */
static char *find_folder(const char **ret_why)
{
	const char *own = getenv("GOBUDGET_CACHE"), *xdg = getenv("XDG_CACHE_HOME");
	const char *home = getenv("HOME");

	*ret_why = NULL;
	if (own && strcmp(own, "off") == 0) {
		*ret_why = "GOBUDGET_CACHE is off";
		return NULL;
	}
	if (own && own[0] == '/')
		return gb_strdup(own);
	if (own && own[0]) {
		*ret_why = "GOBUDGET_CACHE is no absolute path";
		return NULL;
	}
	/* The specification wants a relative one ignored. */
	if (xdg && xdg[0] == '/')
		return gb_path_join(xdg, "gobudget");
	if (!home || home[0] != '/') {
		*ret_why = "HOME is not set";
		return NULL;
	}
#ifdef __APPLE__
	return gb_path_join(home, "Library/Caches/gobudget");
#else
	return gb_path_join(home, ".cache/gobudget");
#endif
}

/* Why this folder cannot be trusted, or NULL. */
static const char *wrong_with(const char *dir)
{
	_fd_ int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0)
		return strerror(errno);
	if (st.st_uid != geteuid())
		return "it belongs to another user";
	if (st.st_mode & (S_IWGRP | S_IWOTH))
		return "others can write into it";
	if ((st.st_mode & 0777) != 0700)
		(void)fchmod(fd, 0700);
	return access(dir, W_OK | X_OK) == 0 ? NULL : strerror(errno);
}

/* Other tools leave out of backups what has this file. */
static void add_tag(const char *dir)
{
	static const char text[] = "Signature: 8a477f597d28d172789f06886806bc55\n"
				   "# Measurements that gobudget can make again.\n";
	_free_ char *path = gb_path_join(dir, "CACHEDIR.TAG");
	_fd_ int fd = path ? open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600) : -1;

	if (fd >= 0)
		(void)gb_fd_write_all(fd, text, sizeof(text) - 1);
}

/* The last folder is private from its first moment; those above are as others would make them. */
static int make_private(const char *dir, struct gb_err *err)
{
	const char *base = gb_path_base(dir);
	_free_ char *above = gb_strndup(dir, base > dir + 1 ? (size_t)(base - dir) - 1 : 1);
	int rc;

	if (!above)
		return gb_fail_nomem(err);
	if (!gb_fs_is_dir(above) && (rc = gb_fs_mkdirs(above, err)))
		return rc;
	if (mkdir(dir, 0700) < 0 && errno != EEXIST)
		return gb_fail_sys(err, errno, "make folder %s", dir);
	return 0;
}

static int say_why(struct gb_cache *c, const char *dir, const char *why, struct gb_err *err)
{
	c->why = dir ? gb_asprintf("%s: %s", dir, why) : gb_strdup(why);
	return c->why ? 0 : gb_fail_nomem(err);
}

int gb_cache_open(struct gb_cache *c, struct gb_err *err)
{
	struct gb_err own = GB_ERR_INIT;
	const char *why;
	_free_ char *dir = find_folder(&why);
	int rc;

	*c = (struct gb_cache){ 0 };
	if (why)
		return say_why(c, NULL, why, err);
	if (!dir)
		return gb_fail_nomem(err);
	if ((rc = make_private(dir, &own)) == GB_ENOMEM)
		return gb_fail_nomem(err);
	if (rc)
		return say_why(c, NULL, own.line, err);
	if ((why = wrong_with(dir)))
		return say_why(c, dir, why, err);
	add_tag(dir);
	c->dir = GB_TAKE(dir);
	return 0;
}

void gb_cache_release(struct gb_cache *c)
{
	free(c->dir);
	free(c->why);
	*c = (struct gb_cache){ 0 };
}

static bool is_key(const char *key)
{
	return strlen(key) == GB_HASH_HEX && strspn(key, "0123456789abcdef") == GB_HASH_HEX;
}

static char *folder_of(const struct gb_cache *c, const char *kind, const char *key)
{
	return gb_asprintf("%s/v1/%s/%.2s", c->dir, kind, key);
}

static int head(char *out, const char *kind, const char *key, const void *data, size_t len)
{
	char sum[GB_HASH_HEX + 1];
	int n, rc = gb_hash_data(data, len, sum, NULL);

	if (rc)
		return rc;
	n = snprintf(out, MAX_HEAD, "gobudget-cache 1 %s %s %zu %s\n", kind, key, len, sum);
	return n > 0 && n < MAX_HEAD ? n : GB_ELIMIT;
}

/* The whole file, or false.  A name in it that is no file of ours is somebody's trap. */
static bool read_entry(const char *path, struct gb_buf *ret)
{
	_fd_ int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) || st.st_uid != geteuid())
		return false;
	if (gb_buf_read_fd(ret, fd, NULL) < 0 || ret->failed)
		return false;
	(void)futimens(fd, NULL);
	return true;
}

int gb_cache_get(const struct gb_cache *c, const char *kind, const char *key, struct gb_buf *ret,
		 struct gb_err *err)
{
	_buf_ struct gb_buf file = GB_BUF_INIT(GB_MAX_CACHE_ENTRY + MAX_HEAD);
	_free_ char *dir = NULL, *path = NULL;
	char want[MAX_HEAD];
	const char *end;
	size_t skip;
	int n;

	if (!c->dir || !is_key(key))
		return gb_fail(err, GB_ENOTFOUND, "not in the cache");
	if (!(dir = folder_of(c, kind, key)) || !(path = gb_path_join(dir, key + 2)))
		return gb_fail_nomem(err);
	if (!read_entry(path, &file) || !(end = memchr(file.data, '\n', file.len)))
		return file.nomem ? gb_fail_nomem(err)
				  : gb_fail(err, GB_ENOTFOUND, "not in the cache");
	skip = (size_t)(end - file.data) + 1;
	n = head(want, kind, key, file.data + skip, file.len - skip);
	if (n == GB_ENOMEM)
		return gb_fail_nomem(err);
	if (n < 0 || (size_t)n != skip || memcmp(want, file.data, skip) != 0 ||
	    file.len - skip > ret->max - ret->len)
		return gb_fail(err, GB_ENOTFOUND, "not in the cache");
	gb_buf_add(ret, file.data + skip, file.len - skip);
	return ret->failed ? gb_buf_error(ret, "a cache entry", err) : 0;
}

static bool write_entry(const char *dir, const char *name, const char *first, const void *data,
			size_t len)
{
	_free_ char *temp = gb_path_join(dir, ".new-XXXXXX"), *path = gb_path_join(dir, name);
	_fd_ int fd = -1;

	if (!temp || !path || (fd = mkstemp(temp)) < 0)
		return false;
	(void)fcntl(fd, F_SETFD, FD_CLOEXEC);
	if (gb_fd_write_all(fd, first, strlen(first)) < 0 || gb_fd_write_all(fd, data, len) < 0 ||
	    rename(temp, path) < 0) {
		(void)unlink(temp);
		return false;
	}
	return true;
}

void gb_cache_put(struct gb_cache *c, const char *kind, const char *key, const void *data,
		  size_t len)
{
	_free_ char *dir = NULL;
	char first[MAX_HEAD];

	if (!c->dir || !is_key(key) || len > GB_MAX_CACHE_ENTRY)
		return;
	if (!(dir = folder_of(c, kind, key)) || head(first, kind, key, data, len) < 0)
		return;
	/* Twice: somebody may have deleted all of it in between. */
	for (int i = 0; i < 2; i++)
		if (gb_fs_mkdirs(dir, NULL) == 0 && write_entry(dir, key + 2, first, data, len)) {
			c->put += len;
			return;
		}
}

int gb_cache_folder(const struct gb_cache *c, const char *name, char **ret, struct gb_err *err)
{
	_free_ char *dir = c->dir ? gb_path_join(c->dir, name) : NULL;

	if (!c->dir)
		return gb_fail(err, GB_ENOTFOUND, "there is no cache: %s", c->why ? c->why : "?");
	if (!dir)
		return gb_fail_nomem(err);
	if (mkdir(dir, 0700) < 0 && errno != EEXIST)
		return gb_fail_sys(err, errno, "make folder %s", dir);
	*ret = GB_TAKE(dir);
	return 0;
}

size_t gb_cache_max(void)
{
	const char *text = getenv("GOBUDGET_CACHE_SIZE");
	int64_t n;

	if (text && text[0] && gb_parse_size(text, &n, NULL) == 0 && (uint64_t)n <= SIZE_MAX)
		return (size_t)n;
	return 256 * GB_MIB;
}
