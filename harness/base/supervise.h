/*
 * supervise - one child, watched so that nothing of it is left behind.
 *
 * For a small single-threaded wrapper process, which this takes over: it sets
 * signal handlers, and on Linux makes the process the reaper of orphans.
 *
 *  - the child inherits the standard streams and leads its own process group
 *  - SIGINT, SIGTERM, SIGQUIT, SIGHUP are handed on to that group; SIGKILL
 *    follows after `grace_ms` (SIGQUIT: after `quit_grace_ms`, since the Go
 *    runtime prints all stacks first)
 *  - when this process dies the child gets SIGKILL (Linux)
 *  - when the owner dies, the child's group is killed.  Alive is who holds the
 *    lock of `alive` (gb_fs_lock); NULL: nobody owns us
 *  - memory: resident bytes of the child and its descendants, killed above
 *    `memory` (Linux; elsewhere never)
 *  - what outlives the child by 200 ms is named in `children` and killed, so
 *    that it cannot keep pipes open
 */
#ifndef GB_BASE_SUPERVISE_H
#define GB_BASE_SUPERVISE_H

#include "base/strlist.h"

#include <stdbool.h>
#include <stdint.h>

struct gb_err;

struct gb_supervise {
	const char *const *argv; /* argv[0] is looked up on PATH if it has no slash */
	const char *const *env;	 /* NULL: ours */
	const char *alive;	 /* the owner's lock file, or NULL */
	int64_t memory;		 /* bytes, 0: no cap */
	int64_t grace_ms;	 /* 0: 1500 */
	int64_t quit_grace_ms;	 /* 0: 10000 */
};

struct gb_supervised {
	int status; /* exit status 0..255, or 128 + signal */
	int signal; /* what killed it, or 0 */
	int64_t wall_ms;
	int64_t maxrss;	  /* bytes, of the child */
	bool over_memory; /* we killed it for that */
	bool owner_gone;
	int forwarded;		    /* the last signal that was handed on, or 0 */
	struct gb_strlist children; /* program names of what outlived it */
};

/* 0 once the child has ended.  GB_ENOTFOUND, GB_ESYS: it never started.  ret is
 * released first if it was used before. */
int gb_supervise(const struct gb_supervise *s, struct gb_supervised *ret, struct gb_err *err);
void gb_supervised_release(struct gb_supervised *r);

/* Whether somebody holds the lock of this file; false when it is not there. */
bool gb_lock_is_held(const char *path);

/* Makes this process the parent of its descendants' orphans; false where that is unknown. */
bool gb_become_reaper(void);

/* Kills and reaps whatever descendants are left, but for programs of that name.  For a
 * process that is a reaper and has no child of its own left to wait for. */
void gb_end_orphans(const char *except);

/* Ends this process as the child ended: by the same signal, without a core, or its status. */
_Noreturn void gb_end_like(const struct gb_supervised *r);

/* This program's own file: absolute, or GB_ENOTFOUND where the system cannot say. */
int gb_self_path(char **ret_path, struct gb_err *err);

#endif
