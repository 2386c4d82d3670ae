/*
 * signals - SIGINT, SIGTERM and SIGHUP become a number and a readable pipe.  See proc.h.
 *
 * SA_RESTART: code that knows nothing of signals goes on undisturbed; what
 * waits, waits with gb_signal_fd() in its poll.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

#include "base/err.h"
#include "base/fd.h"
#include "base/proc.h"

static volatile sig_atomic_t caught;
static int wake[2] = { -1, -1 };

static void on_signal(int sig)
{
	int saved = errno;
	ssize_t n;

	if (!caught)
		caught = sig;
	n = write(wake[1], "", 1);
	(void)n; /* a full pipe is readable already */
	errno = saved;
}

static int catch_one(int sig, void (*handler)(int))
{
	struct sigaction action;

	memset(&action, 0, sizeof(action));
	action.sa_handler = handler;
	action.sa_flags = SA_RESTART;
	sigemptyset(&action.sa_mask);
	return sigaction(sig, &action, NULL);
}

/* nohup: who asked for SIGHUP to be ignored gets that. */
static bool is_ignored(int sig)
{
	struct sigaction old;

	return sigaction(sig, NULL, &old) == 0 && old.sa_handler == SIG_IGN;
}

int gb_signals_catch(struct gb_err *err)
{
	int fds[2];

	if (wake[0] < 0) {
		if (gb_fd_pipe(fds) < 0 || gb_fd_nonblock(fds[0]) < 0 || gb_fd_nonblock(fds[1]) < 0)
			return gb_fail_sys(err, errno, "make a pipe for signals");
		wake[0] = fds[0];
		wake[1] = fds[1];
	}
	if (catch_one(SIGINT, on_signal) < 0 || catch_one(SIGTERM, on_signal) < 0 ||
	    catch_one(SIGPIPE, SIG_IGN) < 0 ||
	    /* Inherited as ignored, it would take our children's status away. */
	    catch_one(SIGCHLD, SIG_DFL) < 0 ||
	    (!is_ignored(SIGHUP) && catch_one(SIGHUP, on_signal) < 0))
		return gb_fail_sys(err, errno, "catch signals");
	return 0;
}

/* Elsewhere than on Linux the process goes on to its end. */
int gb_signals_with_parent(struct gb_err *err)
{
#ifdef __linux__
	if (prctl(PR_SET_PDEATHSIG, (unsigned long)SIGTERM, 0UL, 0UL, 0UL) < 0)
		return gb_fail_sys(err, errno, "follow the parent");
#else
	(void)err;
#endif
	return 0;
}

int gb_interrupted(void)
{
	return caught;
}

int gb_signal_fd(void)
{
	return wake[0];
}
