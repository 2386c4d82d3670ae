/* fs - reading, linking, asking.  Writing, trees and scratch are beside it.  See fs.h. */
#include "base/fs.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/mem.h"
#include "base/proc.h"

int gb_fs_read(const char *path, struct gb_buf *ret, struct gb_err *err)
{
	struct gb_err cause = GB_ERR_INIT;
	_fd_ int fd = open(path, O_RDONLY | O_CLOEXEC);
	int rc;

	if (fd < 0)
		return gb_fail_sys(err, errno, "open %s", path);
	rc = gb_buf_read_fd(ret, fd, &cause);
	if (rc == GB_ESYS)
		return gb_fail_sys(err, cause.sys, "read %s", path);
	if (rc < 0)
		return gb_buf_error(ret, path, err);
	return 0;
}

int gb_fs_mkdirs(const char *path, struct gb_err *err)
{
	_free_ char *part = gb_strdup(path);

	if (!part)
		return gb_fail_nomem(err);
	for (char *p = part; *p;) {
		char end;

		p += strspn(p, "/");
		p += strcspn(p, "/");
		end = *p;
		*p = '\0';
		/* Only the answer "it is there" needs a look: it may be a file. */
		if (mkdir(part, 0777) < 0) {
			int sys = errno;

			if (!gb_fs_is_dir(part))
				return gb_fail_sys(err, sys == EEXIST ? ENOTDIR : sys,
						   "make folder %s", part);
		}
		*p = end;
	}
	return 0;
}

bool gb_fs_exists(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0;
}

bool gb_fs_is_dir(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static int copy_fd(int in, int out, const char *from, const char *to, struct gb_err *err)
{
	_free_ char *block = gb_malloc(1 << 16);

	if (!block)
		return gb_fail_nomem(err);
	for (;;) {
		ssize_t n = read(in, block, 1 << 16);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return gb_fail_sys(err, errno, "read %s", from);
		if (n == 0)
			return 0;
		if (gb_fd_write_all(out, block, (size_t)n) < 0)
			return gb_fail_sys(err, errno, "write %s", to);
	}
}

static int copy(const char *from, const char *to, struct gb_err *err)
{
	_fd_ int in = open(from, O_RDONLY | O_CLOEXEC);
	_fd_ int out = -1;
	struct stat st;
	int rc;

	if (in < 0 || fstat(in, &st) < 0)
		return gb_fail_sys(err, errno, "open %s", from);
	if (!S_ISREG(st.st_mode))
		return gb_fail_sys(err, EINVAL, "copy %s", from);
	out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (out < 0 && errno == EEXIST)
		return gb_fail(err, GB_EEXIST, "%s is there already", to);
	if (out < 0)
		return gb_fail_sys(err, errno, "create %s", to);
	rc = copy_fd(in, out, from, to, err);
	if (rc == 0 && fchmod(out, st.st_mode & 07777) < 0)
		rc = gb_fail_sys(err, errno, "set the mode of %s", to);
	if (rc < 0)
		unlink(to);
	return rc;
}

int gb_fs_link_or_copy(const char *from, const char *to, struct gb_err *err)
{
	if (linkat(AT_FDCWD, from, AT_FDCWD, to, AT_SYMLINK_FOLLOW) == 0)
		return 0;
	if (errno == EEXIST)
		return gb_fail(err, GB_EEXIST, "%s is there already", to);
	/* Another device, too many links, a file system or a kernel setting that refuses. */
	return copy(from, to, err);
}

int gb_fs_realpath(const char *path, char **ret_path, struct gb_err *err)
{
	char found[PATH_MAX];

	if (!realpath(path, found))
		return gb_fail_sys(err, errno, "resolve %s", path);
	*ret_path = gb_strdup(found);
	return *ret_path ? 0 : gb_fail_nomem(err);
}

int gb_fs_cwd(char **ret_path, struct gb_err *err)
{
	char found[PATH_MAX];

	if (!getcwd(found, sizeof(found)))
		return gb_fail_sys(err, errno, "get the current folder");
	*ret_path = gb_strdup(found);
	return *ret_path ? 0 : gb_fail_nomem(err);
}

/* Asks again and again instead of sleeping in flock: a signal must be able to stop the wait. */
int gb_fs_lock(const char *path, struct gb_err *err)
{
	const struct timespec nap = { 0, 20 * 1000 * 1000 };
	_fd_ int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);

	if (fd < 0)
		return gb_fail_sys(err, errno, "open %s", path);
	while (flock(fd, LOCK_EX | LOCK_NB) < 0) {
		if (errno != EWOULDBLOCK && errno != EINTR)
			return gb_fail_sys(err, errno, "lock %s", path);
		if (gb_interrupted())
			return gb_fail(err, GB_EINTR, "interrupted while waiting for %s", path);
		nanosleep(&nap, NULL);
	}
	return GB_FD_TAKE(fd);
}
