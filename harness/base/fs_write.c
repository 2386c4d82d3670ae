/*
 * fs_write - a file is complete or not there.  See fs.h.
 *
 * The file is written beside its name and renamed.  A symlink stays one: what
 * it points to is replaced.  What is no regular file (a pipe, a terminal)
 * cannot be replaced and is written to as it is.  /dev/stdout may well be a
 * regular file (`> out`): replaced, it would lose what we have printed.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/fs.h"
#include "base/mem.h"
#include "base/units.h"

static int write_through(const char *path, const void *data, size_t len, struct gb_err *err)
{
	_fd_ int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return gb_fail_sys(err, errno, "open %s", path);
	if (gb_fd_write_all(fd, data, len) < 0)
		return gb_fail_sys(err, errno, "write %s", path);
	return 0;
}

/* The descriptor that a name of the shell's means, or -1. */
static int standard_stream(const char *path)
{
	int64_t n;

	if (strcmp(path, "/dev/stdout") == 0)
		return 1;
	if (strcmp(path, "/dev/stderr") == 0)
		return 2;
	if (strncmp(path, "/dev/fd/", 8) == 0 &&
	    gb_parse_int(path + 8, 0, INT32_MAX, &n, NULL) == 0)
		return (int)n;
	return -1;
}

static int write_stream(const char *path, int fd, const void *data, size_t len, struct gb_err *err)
{
	fflush(NULL);
	if (gb_fd_write_all(fd, data, len) < 0)
		return gb_fail_sys(err, errno, "write %s", path);
	return 0;
}

static mode_t new_file_mode(void)
{
	mode_t mask = umask(0);

	umask(mask);
	return 0666 & ~mask;
}

/* The folder's entry too should survive a crash; some file systems cannot, and that is fine. */
static void sync_folder(const char *path)
{
	const char *base = gb_path_base(path);
	_free_ char *dir = base == path ? gb_strdup(".") : gb_strndup(path, (size_t)(base - path));
	_fd_ int fd = dir ? open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;

	if (fd >= 0)
		fsync(fd);
}

static int fill(int fd, mode_t mode, const void *data, size_t len)
{
	if (gb_fd_write_all(fd, data, len) < 0 || fchmod(fd, mode) < 0)
		return -1;
	return fsync(fd);
}

static int replace(const char *path, mode_t mode, const void *data, size_t len, struct gb_err *err)
{
	size_t dir = (size_t)(gb_path_base(path) - path);
	_free_ char *temp = gb_asprintf("%.*s.gobudget-XXXXXX", (int)dir, path);
	_fd_ int fd = -1;

	if (!temp)
		return gb_fail_nomem(err);
	fd = mkstemp(temp);
	if (fd < 0)
		return gb_fail_sys(err, errno, "write beside %s", path);
	fcntl(fd, F_SETFD, FD_CLOEXEC);
	if (fill(fd, mode, data, len) < 0 || rename(temp, path) < 0) {
		int sys = errno;

		unlink(temp);
		return gb_fail_sys(err, sys, "write %s", path);
	}
	sync_folder(path);
	return 0;
}

int gb_fs_write(const char *path, const void *data, size_t len, struct gb_err *err)
{
	char target[PATH_MAX];
	struct stat st;
	int stream = standard_stream(path);
	bool there = stat(path, &st) == 0;

	if (stream >= 0)
		return write_stream(path, stream, data, len, err);
	if (there && S_ISDIR(st.st_mode))
		return gb_fail_sys(err, EISDIR, "write %s", path);
	if (there && !S_ISREG(st.st_mode))
		return write_through(path, data, len, err);
	if (there && realpath(path, target))
		path = target;
	return replace(path, there ? st.st_mode & 07777 : new_file_mode(), data, len, err);
}
