/* group - see group.h. */
#include "base/group.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fd.h"

#ifdef __linux__
/* "pid (name) state ppid group ...", where the name may hold anything. */
static bool runs_in(int proc, const char *pid, pid_t group)
{
	char path[64], text[512], *end;
	ssize_t n;
	_fd_ int fd = -1;

	if (snprintf(path, sizeof(path), "%.32s/stat", pid) >= (int)sizeof(path))
		return false;
	fd = openat(proc, path, O_RDONLY | O_CLOEXEC);
	n = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);
	if (n <= 0)
		return false;
	text[n] = '\0';
	end = strrchr(text, ')');
	if (!end || strlen(end) < 4 || end[2] == 'Z' || end[2] == 'X')
		return false;
	strtol(end + 3, &end, 10); /* the parent */
	return strtol(end, NULL, 10) == (long)group;
}

static bool any_runs(pid_t group)
{
	DIR *proc = opendir("/proc");
	bool found = false;
	struct dirent *e;

	if (!proc)
		return true;
	while (!found && (e = readdir(proc)))
		if (e->d_name[0] >= '1' && e->d_name[0] <= '9')
			found = runs_in(dirfd(proc), e->d_name, group);
	closedir(proc);
	return found;
}
#else
static bool any_runs(pid_t group)
{
	(void)group;
	return true;
}
#endif

bool gb_group_alive(pid_t group)
{
	if (kill(-group, 0) < 0 && errno == ESRCH)
		return false;
	return any_runs(group);
}
