/* supervise - the loop of a wrapper around one child.  See supervise.h. */
#include "base/supervise.h"

#include "base/err.h"
#include "base/family.h"
#include "base/fd.h"
#include "base/fs.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/proc.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#ifdef __linux__
#include <sys/prctl.h>
#endif
#ifdef __APPLE__
#include <mach-o/dyld.h>
#endif

#define LOOK_MS	    300 /* at the owner */
#define MEMORY_MS   50
#define LINGER_MS   200 /* for what outlives the child */
#define GRACE_MS    1500
#define QUIT_MS	    10000
#define STUBBORN_MS 2000 /* killed processes in an uninterruptible wait are left to init */

extern char **environ;

static volatile int signal_pipe = -1;

static void on_signal(int sig)
{
	unsigned char byte = (unsigned char)sig;
	int saved = errno;
	ssize_t n = write(signal_pipe, &byte, 1);

	(void)n; /* the pipe is full of signals already */
	errno = saved;
}

static const int handed_on[] = { SIGINT, SIGTERM, SIGQUIT, SIGHUP };

#define N_HANDED_ON (sizeof(handed_on) / sizeof(handed_on[0]))

struct watch {
	const struct gb_supervise *s;
	struct gb_supervised *r;
	pid_t child;
	pid_t owner; /* our parent when we started */
	int pipe;    /* where signals arrive */
	bool ended;
	int64_t started, next_look, next_memory, kill_at;
};

bool gb_lock_is_held(const char *path)
{
	_fd_ int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return false;
	return flock(fd, LOCK_SH | LOCK_NB) < 0 && errno == EWOULDBLOCK;
}

bool gb_become_reaper(void)
{
#ifdef __linux__
	return prctl(PR_SET_CHILD_SUBREAPER, 1UL, 0UL, 0UL, 0UL) == 0;
#else
	return false;
#endif
}

static int catch_signals(int ret_fds[2], struct gb_err *err)
{
	struct sigaction act;

	if (gb_fd_pipe(ret_fds) < 0)
		return gb_fail_sys(err, errno, "make a pipe");
	if (gb_fd_nonblock(ret_fds[0]) < 0 || gb_fd_nonblock(ret_fds[1]) < 0)
		return gb_fail_sys(err, errno, "make a pipe");
	signal_pipe = ret_fds[1];
	memset(&act, 0, sizeof(act));
	act.sa_handler = on_signal;
	act.sa_flags = SA_RESTART;
	sigfillset(&act.sa_mask);
	for (size_t i = 0; i < N_HANDED_ON; i++)
		sigaction(handed_on[i], &act, NULL);
	sigaction(SIGCHLD, &act, NULL);
	return 0;
}

static void restore_signals(void)
{
	for (size_t i = 0; i < N_HANDED_ON; i++)
		signal(handed_on[i], SIG_DFL);
	signal(SIGCHLD, SIG_DFL);
	signal_pipe = -1;
}

/* In the child.  Only what is async-signal-safe; the errno goes back through the pipe. */
static _Noreturn void become(const char *file, const struct gb_supervise *s, pid_t parent,
			     int report)
{
	char *const *argv = (char *const *)(uintptr_t)s->argv;
	char *const *env = s->env ? (char *const *)(uintptr_t)s->env : environ;
	int sys;
	ssize_t n;

	restore_signals();
	setpgid(0, 0);
#ifdef __linux__
	prctl(PR_SET_PDEATHSIG, (unsigned long)SIGKILL, 0UL, 0UL, 0UL);
#endif
	if (getppid() != parent)
		_exit(127); /* it died before it could matter to us */
	execve(file, argv, env);
	sys = errno;
	n = write(report, &sys, sizeof(sys));
	(void)n;
	_exit(127);
}

static int start(struct watch *w, struct gb_err *err)
{
	_free_ char *file = NULL;
	int report[2], sys = 0, rc;
	ssize_t n;
	pid_t me = getpid();

	if ((rc = gb_fs_which(w->s->argv[0], &file, err)))
		return rc;
	if (gb_fd_pipe(report) < 0)
		return gb_fail_sys(err, errno, "make a pipe");
	w->started = gb_now_ms();
	w->child = fork();
	if (w->child == 0)
		become(file, w->s, me, report[1]);
	if (w->child < 0)
		sys = errno;
	else
		setpgid(w->child, w->child); /* both do: neither waits for the other */
	close(report[1]);
	do
		n = sys ? 0 : read(report[0], &sys, sizeof(sys));
	while (n < 0 && errno == EINTR);
	close(report[0]);
	if (!sys)
		return 0;
	if (w->child > 0)
		while (waitpid(w->child, NULL, 0) < 0 && errno == EINTR)
			continue;
	return gb_fail_sys(err, sys, "run %s", file);
}

static void note_end(struct watch *w, int status, const struct rusage *usage)
{
	struct gb_supervised *r = w->r;

	w->ended = true;
	r->signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
	r->status = r->signal ? 128 + r->signal : WEXITSTATUS(status);
	r->wall_ms = gb_now_ms() - w->started;
#ifdef __APPLE__
	r->maxrss = (int64_t)usage->ru_maxrss;
#else
	r->maxrss = (int64_t)usage->ru_maxrss * 1024;
#endif
}

/* Takes in everybody who has ended; false when nobody is left to wait for. */
static bool reap(struct watch *w)
{
	for (;;) {
		struct rusage usage;
		int status;
		memset(&usage, 0, sizeof(usage));
		pid_t pid = wait4(-1, &status, WNOHANG, &usage);
		if (pid < 0 && errno == EINTR)
			continue;
		if (pid <= 0)
			return pid == 0;
		if (pid == w->child)
			note_end(w, status, &usage);
	}
}

static void kill_group(struct watch *w)
{
	kill(-w->child, SIGKILL);
	w->kill_at = INT64_MAX;
}

static void hand_on(struct watch *w, int sig)
{
	const struct gb_supervise *s = w->s;
	int64_t grace = s->grace_ms ? s->grace_ms : GRACE_MS;

	if (sig == SIGQUIT)
		grace = s->quit_grace_ms ? s->quit_grace_ms : QUIT_MS;
	w->r->forwarded = sig;
	kill(-w->child, sig);
	if (gb_now_ms() + grace < w->kill_at)
		w->kill_at = gb_now_ms() + grace;
}

static void read_signals(struct watch *w)
{
	unsigned char bytes[64];
	ssize_t n;

	while ((n = read(w->pipe, bytes, sizeof(bytes))) > 0)
		for (ssize_t i = 0; i < n; i++)
			if (bytes[i] != SIGCHLD && !w->ended)
				hand_on(w, bytes[i]);
}

static bool owner_is_gone(const struct watch *w)
{
	return w->s->alive && (getppid() != w->owner || !gb_lock_is_held(w->s->alive));
}

static void look_at_memory(struct watch *w, bool all)
{
	int64_t rss = gb_process_rss(w->child);

	if (all) {
		_family_ struct gb_family f = { 0 };
		if (gb_family_list(&f, NULL) == 0 && gb_family_rss(&f) > rss)
			rss = gb_family_rss(&f);
	}
	if (rss <= w->s->memory)
		return;
	w->r->over_memory = true;
	kill_group(w);
}

static void look(struct watch *w)
{
	int64_t now = gb_now_ms();
	bool all = now >= w->next_look;

	if (now >= w->kill_at)
		kill_group(w);
	if (all) {
		w->next_look = now + LOOK_MS;
		if (!w->r->owner_gone && owner_is_gone(w)) {
			w->r->owner_gone = true;
			kill_group(w);
		}
	}
	if (w->s->memory && (all || now >= w->next_memory)) {
		w->next_memory = now + MEMORY_MS;
		look_at_memory(w, all);
	}
}

static void wait_a_while(const struct watch *w, int most)
{
	struct pollfd fd = { w->pipe, POLLIN, 0 };

	poll(&fd, 1, most);
}

static int wait_for_child(const struct watch *w)
{
	int64_t now = gb_now_ms(), when = w->next_look;

	if (w->s->memory && w->next_memory < when)
		when = w->next_memory;
	if (w->kill_at < when)
		when = w->kill_at;
	return when <= now ? 0 : (int)(when - now);
}

/* Those who are still there get their time, then are named and killed. */
static int end_orphans(struct watch *w, struct gb_err *err)
{
	int64_t until = gb_now_ms() + (w->r->owner_gone ? 0 : LINGER_MS);
	bool named = false;
	int rc = 0;

	/* Outside Linux only the group is known to us. */
	if (!gb_family_supported) {
		kill(-w->child, SIGKILL);
		return 0;
	}
	while (reap(w) && gb_now_ms() < until) {
		wait_a_while(w, 20);
		read_signals(w);
	}
	until = gb_now_ms() + STUBBORN_MS;
	while (reap(w) && gb_now_ms() < until) {
		_family_ struct gb_family f = { 0 };
		if ((rc = gb_family_list(&f, err)))
			return rc;
		for (size_t i = 0; i < f.n; i++) {
			if (!named && (rc = gb_strlist_add(&w->r->children, f.v[i].name, err)))
				return rc;
			kill(f.v[i].pid, SIGKILL);
		}
		named = named || f.n > 0;
		wait_a_while(w, 10);
		read_signals(w);
	}
	return 0;
}

void gb_end_orphans(const char *except)
{
	int64_t until = gb_now_ms() + STUBBORN_MS;

	while (gb_now_ms() < until) {
		_family_ struct gb_family f = { 0 };
		size_t killed = 0;
		pid_t pid;
		do
			pid = waitpid(-1, NULL, WNOHANG);
		while (pid > 0 || (pid < 0 && errno == EINTR));
		/* Nobody at all is the usual case, and costs one system call. */
		if (pid < 0 || gb_family_list(&f, NULL))
			return;
		for (size_t i = 0; i < f.n; i++)
			if (strcmp(f.v[i].name, except) != 0)
				killed += kill(f.v[i].pid, SIGKILL) == 0;
		if (!killed)
			return;
		poll(NULL, 0, 10);
	}
}

static int watch(struct watch *w, struct gb_err *err)
{
	while (!w->ended) {
		wait_a_while(w, wait_for_child(w));
		read_signals(w);
		reap(w);
		if (!w->ended)
			look(w);
	}
	return end_orphans(w, err);
}

int gb_supervise(const struct gb_supervise *s, struct gb_supervised *ret, struct gb_err *err)
{
	struct watch w = { .s = s, .r = ret, .owner = getppid(), .kill_at = INT64_MAX };
	int fds[2], rc;

	gb_supervised_release(ret);
	gb_become_reaper();
	if ((rc = catch_signals(fds, err)))
		return rc;
	w.pipe = fds[0];
	rc = start(&w, err);
	if (!rc)
		rc = watch(&w, err);
	restore_signals();
	close(fds[0]);
	close(fds[1]);
	return rc;
}

void gb_supervised_release(struct gb_supervised *r)
{
	gb_strlist_release(&r->children);
	*r = (struct gb_supervised){ 0 };
}

_Noreturn void gb_end_like(const struct gb_supervised *r)
{
	if (r->signal) {
		struct rlimit none = { 0, 0 };
		sigset_t set;

		setrlimit(RLIMIT_CORE, &none);
		signal(r->signal, SIG_DFL);
		sigemptyset(&set);
		sigaddset(&set, r->signal);
		sigprocmask(SIG_UNBLOCK, &set, NULL);
		raise(r->signal);
	}
	_exit(r->status);
}

int gb_self_path(char **ret_path, struct gb_err *err)
{
	char path[GB_MAX_PATH];
#if defined(__linux__)
	ssize_t n = readlink("/proc/self/exe", path, sizeof(path) - 1);

	if (n > 0) {
		path[n] = '\0';
		return gb_fs_realpath(path, ret_path, err);
	}
#elif defined(__APPLE__)
	uint32_t size = sizeof(path);

	if (_NSGetExecutablePath(path, &size) == 0)
		return gb_fs_realpath(path, ret_path, err);
#endif
	(void)path;
	return gb_fail(err, GB_ENOTFOUND, "the system does not say where this program is");
}
