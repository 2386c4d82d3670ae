/*
 * fs_scratch - private folders that do not outlive their owner.  See fs.h.
 *
 * The owner holds a lock (flock) on the file `.lock` inside until it ends, by
 * kill -9 too.  A sweep removes a folder whose lock is free and whose process
 * is dead.  Neither alone would do: a process id is taken again by somebody
 * else, and means nothing in another container that shares /tmp; and between
 * making the folder and locking the file the lock is free.  So a free lock
 * also counts when the folder is older than that moment can be.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/fs.h"
#include "base/mem.h"
#include "base/units.h"

#define PREFIX	  "gobudget-"
#define LOCK_FILE ".lock"
#define YOUNG_S	  60 /* a folder's owner has locked it by then */

/* Locks of this process's folders: held until it ends, or its folder is gone. */
static int held[8] = { -1, -1, -1, -1, -1, -1, -1, -1 };

static void hold(int fd)
{
	for (size_t i = 0; i < sizeof(held) / sizeof(held[0]); i++) {
		struct stat st;

		if (held[i] >= 0 && fstat(held[i], &st) == 0 && st.st_nlink == 0) {
			close(held[i]);
			held[i] = -1;
		}
		if (held[i] < 0) {
			held[i] = fd;
			return;
		}
	}
	/* More folders than places: this one stays open, as it must, without an entry. */
}

static int temp_folder(char **ret_path, struct gb_err *err)
{
	const char *dir = getenv("TMPDIR");

	if (!dir || !*dir)
		dir = "/tmp";
	return gb_fs_realpath(dir, ret_path, err);
}

/* A file system without locks is fine: then the process id alone protects the folder. */
static int lock_inside(const char *path, struct gb_err *err)
{
	_free_ char *file = gb_path_join(path, LOCK_FILE);
	_fd_ int fd = -1;

	if (!file)
		return gb_fail_nomem(err);
	fd = open(file, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return gb_fail_sys(err, errno, "create %s", file);
	/* A sweep that looks just now lets go of it at once. */
	while (flock(fd, LOCK_EX) < 0 && errno == EINTR)
		continue;
	hold(GB_FD_TAKE(fd));
	return 0;
}

int gb_fs_scratch(char **ret_path, struct gb_err *err)
{
	_free_ char *dir = NULL;
	_free_ char *path = NULL;
	int rc = temp_folder(&dir, err);

	if (rc < 0)
		return rc;
	gb_fs_scratch_sweep();
	path = gb_asprintf("%s/" PREFIX "%lld-XXXXXX", strcmp(dir, "/") == 0 ? "" : dir,
			   (long long)getpid());
	if (!path)
		return gb_fail_nomem(err);
	if (!mkdtemp(path))
		return gb_fail_sys(err, errno, "make a scratch folder in %s", dir);
	rc = lock_inside(path, err);
	if (rc < 0) {
		gb_fs_remove_tree(path, NULL);
		return rc;
	}
	*ret_path = GB_TAKE(path);
	return 0;
}

/* gobudget-<pid>-XXXXXX: the pid, or 0. */
static pid_t owner_of(const char *name)
{
	char digits[16];
	const char *p = name + strlen(PREFIX);
	size_t n;
	int64_t pid;

	if (strncmp(name, PREFIX, strlen(PREFIX)) != 0)
		return 0;
	n = strspn(p, "0123456789");
	if (!n || n >= sizeof(digits) || p[n] != '-' || strlen(p + n + 1) != 6)
		return 0;
	memcpy(digits, p, n);
	digits[n] = '\0';
	return gb_parse_int(digits, 1, 0x7FFFFFFF, &pid, NULL) == 0 ? (pid_t)pid : 0;
}

bool gb_fs_is_scratch(const char *path)
{
	for (const char *s = path; *s;) {
		size_t len;
		_free_ char *part = NULL;

		s += strspn(s, "/");
		len = strcspn(s, "/");
		part = gb_strndup(s, len);
		if (part && owner_of(part))
			return true;
		s += len;
	}
	return false;
}

static bool is_abandoned(int dir, pid_t owner, time_t made)
{
	_fd_ int fd = openat(dir, LOCK_FILE, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	bool alive = kill(owner, 0) == 0 || errno == EPERM;
	bool young = time(NULL) - made < YOUNG_S;

	if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0)
		return !alive || !young;
	if (fd >= 0 && errno == EWOULDBLOCK)
		return false;
	return !alive && !young;
}

static void sweep_one(int temp, const char *dir, const char *name)
{
	pid_t owner = owner_of(name);
	_fd_ int fd = -1;
	struct stat st;

	if (!owner)
		return;
	fd = openat(temp, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st) < 0 || st.st_uid != geteuid())
		return;
	if (is_abandoned(fd, owner, st.st_mtime)) {
		_free_ char *path = gb_path_join(dir, name);

		if (path)
			gb_fs_remove_tree(path, NULL);
	}
}

void gb_fs_scratch_sweep(void)
{
	_free_ char *path = NULL;
	struct dirent *e;
	DIR *dir;

	if (temp_folder(&path, NULL) < 0)
		return;
	dir = opendir(path);
	if (!dir)
		return;
	while ((e = readdir(dir)))
		sweep_one(dirfd(dir), path, e->d_name);
	closedir(dir);
}
