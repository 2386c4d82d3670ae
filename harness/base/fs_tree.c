/*
 * fs_tree - removing a tree without ever following a symlink.  See fs.h.
 *
 * Every step is relative to an open folder, so that a folder that someone
 * turns into a symlink meanwhile leads nowhere.  Go's module cache and some
 * tests leave folders without write permission: those are opened up first.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/fs.h"
#include "base/mem.h"

struct removal {
	const char *top; /* for messages */
	struct gb_err *err;
	int rc; /* the first failure */
};

static void note(struct removal *r, int sys, const char *name)
{
	if (r->rc < 0)
		return;
	if (strcmp(name, r->top) == 0)
		r->rc = gb_fail_sys(r->err, sys, "remove %s", name);
	else
		r->rc = gb_fail_sys(r->err, sys, "remove %s in %s", name, r->top);
}

static int open_folder(int parent, const char *name)
{
	const int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
	int fd = openat(parent, name, flags);
	struct stat st;

	if (fd < 0 && errno == EACCES && fchmodat(parent, name, 0700, 0) == 0)
		fd = openat(parent, name, flags);
	if (fd >= 0 && fstat(fd, &st) == 0 && (st.st_mode & 0700) != 0700)
		fchmod(fd, (st.st_mode & 07777) | 0700);
	return fd;
}

static void remove_entry(struct removal *r, int parent, const char *name);

static void empty_folder(struct removal *r, DIR *dir)
{
	for (;;) {
		struct dirent *e;

		errno = 0;
		e = readdir(dir);
		if (!e)
			return;
		if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0)
			remove_entry(r, dirfd(dir), e->d_name);
	}
}

static void remove_folder(struct removal *r, int parent, const char *name)
{
	int fd = open_folder(parent, name);
	DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;

	if (!dir) {
		int sys = errno;

		if (fd >= 0)
			close(fd);
		/* An empty folder goes even where it cannot be opened. */
		if (unlinkat(parent, name, AT_REMOVEDIR) < 0 && errno != ENOENT)
			note(r, sys, name);
		return;
	}
	/* Again where something was created meanwhile, or readdir lost its place. */
	for (int pass = 0;; pass++) {
		empty_folder(r, dir);
		if (unlinkat(parent, name, AT_REMOVEDIR) == 0 || errno == ENOENT)
			break;
		if ((errno != ENOTEMPTY && errno != EEXIST) || pass == 3 || r->rc < 0) {
			note(r, errno, name);
			break;
		}
		rewinddir(dir);
	}
	closedir(dir);
}

static void remove_entry(struct removal *r, int parent, const char *name)
{
	struct stat st;

	if (fstatat(parent, name, &st, AT_SYMLINK_NOFOLLOW) < 0) {
		if (errno != ENOENT)
			note(r, errno, name);
		return;
	}
	if (S_ISDIR(st.st_mode))
		remove_folder(r, parent, name);
	else if (unlinkat(parent, name, 0) < 0 && errno != ENOENT)
		note(r, errno, name);
}

int gb_fs_remove_tree(const char *path, struct gb_err *err)
{
	struct removal r = { path, err, 0 };

	remove_entry(&r, AT_FDCWD, path);
	return r.rc;
}
