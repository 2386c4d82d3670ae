/*
 * proc - children: an argv, a directory, a process group, a deadline, capped pipes.
 *
 * Never a shell.  A child that exits non-zero is a result, not an error: look
 * at `ret->status`.  Every child leads its own process group; when the
 * deadline passes or the user interrupts, the whole group gets SIGTERM, after
 * `grace_ms` SIGKILL, and is reaped before gb_proc_run() returns, with GB_ETIME or
 * GB_EINTR.  All other descriptors of ours are close-on-exec.
 *
 * Output of a child goes where its `enum gb_stdio` says.  GB_STDIO_LINES hands
 * each line (without its newline, at most GB_MAX_LINE, longer ones in pieces) to `on_line`
 * as it comes; NUL bytes included, so a length is given.  A negative return of
 * on_line stops the child and is returned.
 *
 * A program name with a slash is taken from `dir` if relative.  A grandchild that
 * keeps a pipe open does not keep us: what is there when the child has ended is
 * read, and a quarter of a second later the pipes are closed.
 */
#ifndef GB_BASE_PROC_H
#define GB_BASE_PROC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct gb_buf;
struct gb_err;

enum gb_stdio {
	GB_STDIO_INHERIT,
	GB_STDIO_NULL,
	GB_STDIO_BUF,	/* appended to .out_buf / .err_buf; past its ceiling only the END is kept */
	GB_STDIO_LINES, /* to .on_line; `stream` is 1 or 2 */
};

struct gb_proc {
	const char *const *argv; /* argv[0] is looked up on PATH if it has no slash */
	const char *dir;	 /* NULL: ours */
	const char *const *env;	 /* NULL: ours */
	enum gb_stdio in;	 /* INHERIT or NULL */
	enum gb_stdio out, err;
	struct gb_buf *out_buf, *err_buf;
	int (*on_line)(void *arg, int stream, const char *line, size_t len);
	int (*on_tick)(void *arg); /* about every tick_ms; negative stops as on_line does */
	void *arg;
	int64_t timeout_ms; /* 0: none */
	int64_t tick_ms;    /* 0: no ticks */
	int64_t grace_ms;   /* between SIGTERM and SIGKILL; 0: 2000 */
};

struct gb_proc_result {
	int status; /* exit status 0..255, or 128 + signal */
	int signal; /* what killed it, or 0 */
	int64_t wall_ms;
	int64_t maxrss;	       /* bytes, of the largest process waited for; 0 where unknown */
	bool out_cut, err_cut; /* GB_STDIO_BUF: the beginning was dropped */
};

/* 0 once the child has ended by itself (whatever its status).  GB_ENOTFOUND: no such
 * program.  GB_ETIME, GB_EINTR: stopped by us; *ret is valid then as well. */
int gb_proc_run(const struct gb_proc *p, struct gb_proc_result *ret, struct gb_err *err);

/* Milliseconds of the monotonic clock. */
int64_t gb_now_ms(void);

/*
 * SIGINT, SIGTERM, SIGHUP: remembered, so that loops stop in order and clean up.
 * gb_signals_catch() once at start (SIGPIPE is ignored too).  gb_interrupted() is the signal's
 * number or 0.  gb_signal_fd() becomes readable when one came (for poll); never read it.
 */
int gb_signals_catch(struct gb_err *err);
int gb_interrupted(void);
/* From now on our parent's death is a SIGTERM to us, kill -9 too, where the system can do that. */
int gb_signals_with_parent(struct gb_err *err);
int gb_signal_fd(void);

#endif
