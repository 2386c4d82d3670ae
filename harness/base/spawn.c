/* spawn - see spawn.h. */
#include "base/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <sys/wait.h>
#include <unistd.h>

#ifdef __linux__
#include <sys/syscall.h>
#endif

#include "base/err.h"
#include "base/fd.h"
#include "base/fs.h"

#if defined(__APPLE__)
#define HAVE_ADDCHDIR 1
#elif defined(__GLIBC__) && defined(_GNU_SOURCE)
#if __GLIBC_PREREQ(2, 29)
#define HAVE_ADDCHDIR 1
#endif
#endif

extern char **environ;

bool gb_spawn_by_fork;
bool gb_spawn_without_pidfd;

/* SIGHUP is left alone: nohup reaches our children too. */
static const int defaults[] = { SIGINT, SIGTERM, SIGPIPE, SIGQUIT };

#define N_DEFAULTS (sizeof(defaults) / sizeof(defaults[0]))

static char *const *env_of(const struct gb_spawn *s)
{
	return s->env ? (char *const *)(uintptr_t)s->env : environ;
}

static char *const *argv_of(const struct gb_spawn *s)
{
	return (char *const *)(uintptr_t)s->argv;
}

#ifdef HAVE_ADDCHDIR
static int set_attributes(posix_spawnattr_t *attr)
{
	sigset_t none, reset;
	int sys;

	sigemptyset(&none);
	sigemptyset(&reset);
	for (size_t i = 0; i < N_DEFAULTS; i++)
		sigaddset(&reset, defaults[i]);
	sys = posix_spawnattr_setflags(attr, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK |
						     POSIX_SPAWN_SETSIGDEF);
	if (!sys)
		sys = posix_spawnattr_setpgroup(attr, 0);
	if (!sys)
		sys = posix_spawnattr_setsigmask(attr, &none);
	return sys ? sys : posix_spawnattr_setsigdefault(attr, &reset);
}

static int set_actions(const struct gb_spawn *s, posix_spawn_file_actions_t *actions)
{
	int sys = 0;

	for (int i = 0; i < 3 && !sys; i++)
		if (s->fds[i] >= 0)
			sys = posix_spawn_file_actions_adddup2(actions, s->fds[i], i);
	if (!sys && s->dir)
		sys = posix_spawn_file_actions_addchdir_np(actions, s->dir);
	return sys;
}

static int start(const struct gb_spawn *s, pid_t *ret_pid)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attr;
	int sys = posix_spawnattr_init(&attr);

	if (sys)
		return sys;
	sys = posix_spawn_file_actions_init(&actions);
	if (!sys) {
		sys = set_attributes(&attr);
		if (!sys)
			sys = set_actions(s, &actions);
		if (!sys)
			sys = posix_spawn(ret_pid, s->file, &actions, &attr, argv_of(s), env_of(s));
		posix_spawn_file_actions_destroy(&actions);
	}
	posix_spawnattr_destroy(&attr);
	return sys;
}
#endif

/* In the child, only what is async-signal-safe.  The errno goes back through the pipe. */
static _Noreturn void become(const struct gb_spawn *s, int report)
{
	sigset_t none;
	int sys;
	ssize_t n;

	for (size_t i = 0; i < N_DEFAULTS; i++)
		signal(defaults[i], SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	setpgid(0, 0);
	for (int i = 0; i < 3; i++)
		if (s->fds[i] >= 0 && dup2(s->fds[i], i) < 0)
			goto fail;
	if (s->dir && chdir(s->dir) < 0)
		goto fail;
	execve(s->file, argv_of(s), env_of(s));
fail:
	sys = errno;
	n = write(report, &sys, sizeof(sys));
	(void)n; /* the parent is gone, then */
	_exit(127);
}

static int start_by_fork(const struct gb_spawn *s, pid_t *ret_pid)
{
	int report[2], sys = 0;
	pid_t pid;
	ssize_t n;

	if (gb_fd_pipe(report) < 0)
		return errno;
	pid = fork();
	if (pid == 0)
		become(s, report[1]);
	if (pid < 0)
		sys = errno;
	else
		setpgid(pid, pid); /* both do it: neither needs to wait for the other */
	close(report[1]);
	do
		n = sys ? 0 : read(report[0], &sys, sizeof(sys));
	while (n < 0 && errno == EINTR);
	close(report[0]);
	if (pid > 0 && n > 0)
		while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
			continue;
	*ret_pid = pid;
	return sys;
}

int gb_spawn(const struct gb_spawn *s, pid_t *ret_pid, struct gb_err *err)
{
	int sys;
	pid_t pid = 0;

#ifdef HAVE_ADDCHDIR
	if (!gb_spawn_by_fork)
		sys = start(s, &pid);
	else
#endif
		sys = start_by_fork(s, &pid);
	if (!sys) {
		*ret_pid = pid;
		return 0;
	}
	if (s->dir && !gb_fs_is_dir(s->dir))
		return gb_fail_sys(err, sys, "run %s in %s", s->file, s->dir);
	return gb_fail_sys(err, sys, "run %s", s->file);
}

int gb_spawn_pidfd(pid_t pid)
{
#ifdef SYS_pidfd_open
	return gb_spawn_without_pidfd ? -1 : (int)syscall(SYS_pidfd_open, pid, 0);
#else
	(void)pid;
	return -1;
#endif
}
