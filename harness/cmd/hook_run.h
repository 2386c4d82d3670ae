/*
 * hook_run - what the pre-push hook does: every commit that the push brings, checked.
 *
 *	over budget, and not so at the base		the push stops
 *	does not build, a test fails, a broken budget
 *	file, and not so at the base			the push stops
 *	the same at the base				it is said; the push goes on
 *	the time is over				what the policy says (hook.on_timeout)
 *	it cannot be measured (no Go here)		a warning; the push goes on
 *
 * The policy is that of the first commit.  All that is printed goes to standard error: what git
 * push prints for programs stays whole.
 */
#ifndef GB_CMD_HOOK_RUN_H
#define GB_CMD_HOOK_RUN_H

struct gb_err;

/* git's lines come on standard input.  0: go on, 1: stop.  GB_EINTR. */
int hook_run(const char *remote, struct gb_err *err);

#endif
