/*
 * spawn - starting one child for proc.c: group, directory, streams, signals.
 *
 * Two ways with one meaning: posix_spawn where it can change the directory
 * (glibc 2.29, macOS), else fork and exec.  The child leads its own process
 * group, has an empty signal mask and default SIGINT, SIGTERM, SIGPIPE, SIGQUIT.
 */
#ifndef GB_BASE_SPAWN_H
#define GB_BASE_SPAWN_H

#include <stdbool.h>
#include <sys/types.h>

struct gb_err;

struct gb_spawn {
	const char *file; /* the program, with a slash */
	const char *const *argv;
	const char *const *env; /* NULL: ours */
	const char *dir;	/* NULL: ours */
	int fds[3];		/* for 0, 1, 2 (above 2 themselves); negative: inherited */
};

/* GB_ENOTFOUND (program or directory), GB_ESYS, GB_ENOMEM. */
int gb_spawn(const struct gb_spawn *s, pid_t *ret_pid, struct gb_err *err);

/* A descriptor that becomes readable when the child ends, or -1 where there is none. */
int gb_spawn_pidfd(pid_t pid);

extern bool gb_spawn_by_fork;	    /* for tests: take the second way */
extern bool gb_spawn_without_pidfd; /* for tests: as on other systems */

#endif
