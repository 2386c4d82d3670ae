/*
 * proc - one child from start to reaping.  See proc.h.
 *
 * One loop around poll: the two pipes, the signal pipe, and the child itself
 * (a pidfd on Linux; elsewhere asked for every few milliseconds).  Stopping is
 * a state of the same loop, so that output is still read while the group has
 * its grace.  The leader may die first: its group is then asked until it is
 * empty or the grace is over, because a wrapper in it may need the time to
 * stop a group of its own.
 */
#include "base/proc.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/fs.h"
#include "base/group.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/spawn.h"
#include "base/stream.h"
#include "base/units.h"

#define DRAIN_MS 250 /* for pipes that somebody keeps open after the child's end */
#define GRACE_MS 2000
#define ASK_MS	 10 /* between questions, where nothing wakes us */

struct child {
	const struct gb_proc *p;
	struct gb_proc_result *ret;
	struct gb_stream out, err;
	pid_t pid;
	int pidfd;	 /* -1: none, or the child was reaped */
	bool reaped;	 /* the leader */
	bool group_gone; /* nobody is left in it, or nobody we would stop */
	int64_t started, reaped_at, next_tick;
	int stop;	 /* why we stop it: a code, 0 while we do not */
	int64_t kill_at; /* SIGKILL then; INT64_MAX once sent */
	struct gb_err *e;
};

int64_t gb_now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* The child's end of a stream; ours goes into *s. */
static int open_stream(struct gb_stream *s, int *ret_fd, struct gb_err *err)
{
	int fds[2];

	if (s->mode == GB_STDIO_INHERIT)
		return 0;
	if (s->mode == GB_STDIO_NULL) {
		*ret_fd = open("/dev/null", O_WRONLY | O_CLOEXEC);
		return *ret_fd < 0 ? gb_fail_sys(err, errno, "open /dev/null") : 0;
	}
	if (gb_fd_pipe(fds) < 0)
		return gb_fail_sys(err, errno, "make a pipe");
	s->fd = fds[0];
	*ret_fd = fds[1];
	return gb_fd_nonblock(s->fd) < 0 ? gb_fail_sys(err, errno, "make a pipe") : 0;
}

static int start(struct child *c)
{
	const struct gb_proc *p = c->p;
	_free_ char *file = NULL;
	_fd_ int in = -1;
	_fd_ int out = -1;
	_fd_ int err = -1;
	int rc = 0;

	if (strchr(p->argv[0], '/'))
		file = gb_strdup(p->argv[0]);
	else
		rc = gb_fs_which(p->argv[0], &file, c->e);
	if (rc < 0)
		return rc;
	if (!file)
		return gb_fail_nomem(c->e);
	if (p->in == GB_STDIO_NULL) {
		in = open("/dev/null", O_RDONLY | O_CLOEXEC);
		if (in < 0)
			return gb_fail_sys(c->e, errno, "open /dev/null");
	}
	rc = open_stream(&c->out, &out, c->e);
	if (rc == 0)
		rc = open_stream(&c->err, &err, c->e);
	if (rc < 0)
		return rc;
	c->started = gb_now_ms();
	rc = gb_spawn(&(struct gb_spawn){ file, p->argv, p->env, p->dir, { in, out, err } },
		      &c->pid, c->e);
	if (rc == 0)
		c->pidfd = gb_spawn_pidfd(c->pid);
	return rc;
}

/* The first reason counts.  The group gets its SIGTERM, and its SIGKILL later. */
static void stop(struct child *c, int code)
{
	if (c->stop)
		return;
	c->stop = code;
	c->kill_at = gb_now_ms() + (c->p->grace_ms ? c->p->grace_ms : GRACE_MS);
	if (!c->group_gone)
		kill(-c->pid, SIGTERM);
}

static void note_result(struct child *c, int status, const struct rusage *usage)
{
	struct gb_proc_result *r = c->ret;

	if (WIFSIGNALED(status)) {
		r->signal = WTERMSIG(status);
		r->status = 128 + r->signal;
	} else {
		r->status = WEXITSTATUS(status);
	}
#ifdef __APPLE__
	r->maxrss = (int64_t)usage->ru_maxrss;
#else
	r->maxrss = (int64_t)usage->ru_maxrss * 1024;
#endif
	c->reaped_at = gb_now_ms();
	r->wall_ms = c->reaped_at - c->started;
}

static void reap(struct child *c)
{
	struct rusage usage;
	int status;
	pid_t pid;

	memset(&usage, 0, sizeof(usage));
	pid = wait4(c->pid, &status, WNOHANG, &usage);
	if (pid == 0 || (pid < 0 && errno == EINTR))
		return;
	if (pid < 0) {
		/* Somebody else's handler took it: the status is lost, the child is not running. */
		status = 0;
		if (!c->stop)
			c->stop = gb_fail_sys(c->e, errno, "wait for %s", c->p->argv[0]);
	}
	c->reaped = true;
	note_result(c, status, &usage);
	if (c->pidfd >= 0)
		close(c->pidfd);
	c->pidfd = -1;
}

/* While stopping, and once the leader is gone: is anybody of its group left? */
static void watch_group(struct child *c, int64_t now)
{
	if (c->stop && now >= c->kill_at) {
		kill(-c->pid, SIGKILL);
		c->kill_at = INT64_MAX;
	}
	if (!c->reaped)
		return;
	if (!c->stop || c->kill_at == INT64_MAX || !gb_group_alive(c->pid))
		c->group_gone = true;
}

static bool is_done(const struct child *c, int64_t now)
{
	if (!c->reaped || !c->group_gone)
		return false;
	return (c->out.fd < 0 && c->err.fd < 0) || now >= c->reaped_at + DRAIN_MS;
}

static void earlier(int64_t *when, int64_t other)
{
	if (other < *when)
		*when = other;
}

/* Milliseconds until something is due without anybody waking us, -1 for never. */
static int wait_for(const struct child *c, int64_t now)
{
	int64_t when = INT64_MAX;

	if (!c->stop && c->p->timeout_ms)
		earlier(&when, c->started + c->p->timeout_ms);
	if (!c->stop && c->p->tick_ms)
		earlier(&when, c->next_tick);
	if (c->stop)
		earlier(&when, c->kill_at);
	if (c->reaped)
		earlier(&when, c->group_gone ? c->reaped_at + DRAIN_MS : now + ASK_MS);
	else if (c->pidfd < 0)
		earlier(&when, now + ASK_MS);
	if (when == INT64_MAX)
		return -1;
	if (when <= now)
		return 0;
	return when - now > 60000 ? 60000 : (int)(when - now);
}

/* After a failure the pipes are still emptied, so that nobody is stuck writing, but unheard. */
static void read_stream(struct child *c, struct gb_stream *s)
{
	int rc = s->fd < 0 ? 0 : gb_stream_read(s, c->p, c->stop ? NULL : c->e);

	if (rc == 0)
		return;
	c->out.mode = GB_STDIO_NULL;
	c->err.mode = GB_STDIO_NULL;
	stop(c, rc);
}

static void look_at_clock(struct child *c, int64_t now)
{
	const struct gb_proc *p = c->p;

	if (c->stop || c->reaped)
		return;
	if (p->timeout_ms && now >= c->started + p->timeout_ms) {
		char limit[32];

		gb_fail(c->e, GB_ETIME, "%s did not end within %s", p->argv[0],
			gb_format_duration(limit, sizeof(limit), p->timeout_ms));
		stop(c, GB_ETIME);
	} else if (p->tick_ms && now >= c->next_tick) {
		int rc = p->on_tick(p->arg);

		c->next_tick = now + p->tick_ms;
		if (rc < 0)
			stop(c, rc);
	}
}

static int interrupted(struct child *c)
{
	return gb_fail(c->e, GB_EINTR, "interrupted by signal %d", gb_interrupted());
}

/* A negative descriptor is one that poll skips. */
static void turn(struct child *c)
{
	struct pollfd fds[] = {
		{ c->out.fd, POLLIN, 0 },
		{ c->err.fd, POLLIN, 0 },
		{ c->pidfd, POLLIN, 0 },
		{ c->stop ? -1 : gb_signal_fd(), POLLIN, 0 },
	};
	int n = poll(fds, sizeof(fds) / sizeof(fds[0]), wait_for(c, gb_now_ms()));
	int64_t now = gb_now_ms();

	if (!c->stop && gb_interrupted())
		stop(c, interrupted(c));
	if (n > 0 && fds[0].revents)
		read_stream(c, &c->out);
	if (n > 0 && fds[1].revents)
		read_stream(c, &c->err);
	look_at_clock(c, now);
	if (!c->reaped)
		reap(c);
	watch_group(c, now);
}

static void set_up(struct child *c)
{
	const struct gb_proc *p = c->p;
	struct gb_stream out = { -1, 1, p->out, p->out_buf, GB_BUF_INIT(GB_MAX_LINE), false };
	struct gb_stream err = { -1, 2, p->err, p->err_buf, GB_BUF_INIT(GB_MAX_LINE), false };

	c->out = out;
	c->err = err;
	c->pidfd = -1;
}

/* What a slow reader left in the pipes, then the unfinished last lines. */
static int finish(struct child *c)
{
	struct gb_stream *streams[] = { &c->out, &c->err };
	int rc;

	for (size_t i = 0; i < 2; i++) {
		read_stream(c, streams[i]);
		rc = gb_stream_finish(streams[i], c->p);
		if (rc < 0 && !c->stop)
			c->stop = rc;
	}
	c->ret->out_cut = c->out.cut;
	c->ret->err_cut = c->err.cut;
	return c->stop;
}

static int run(struct child *c)
{
	int rc = start(c);

	if (rc < 0)
		return rc;
	c->next_tick = c->started + c->p->tick_ms;
	while (!is_done(c, gb_now_ms()))
		turn(c);
	return finish(c);
}

int gb_proc_run(const struct gb_proc *p, struct gb_proc_result *ret, struct gb_err *err)
{
	struct gb_proc_result result = { 0, 0, 0, 0, false, false };
	struct child c;
	int rc;

	memset(&c, 0, sizeof(c));
	c.p = p;
	c.ret = &result;
	c.e = err;
	set_up(&c);
	rc = gb_interrupted() ? interrupted(&c) : run(&c);
	gb_stream_release(&c.out);
	gb_stream_release(&c.err);
	if (ret && (rc == 0 || c.pid || rc == GB_EINTR))
		*ret = result;
	return rc;
}
