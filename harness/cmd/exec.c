/* exec - the wrapper that go test starts around each test binary.  Not for people. */
#include "command.h"

#include "base/fd.h"
#include "base/supervise.h"
#include "go/exec.h"

#include <signal.h>
#include <unistd.h>

/* Straight to the descriptor: it is the test binary's, and shared with it. */
static void say(const char *text, size_t len)
{
	gb_fd_write_all(STDOUT_FILENO, text, len);
}

static int exec_run(int argc, char **argv, struct gb_err *err)
{
	_exec_call_ struct gb_exec_call call = { 0 };
	struct gb_supervised how = { 0 };
	int rc;

	(void)argc;
	if ((rc = gb_exec_parse(argv, &call, err)))
		return rc;
	call.say = say;
	if ((rc = gb_exec(&call, &how, err)))
		return rc;
	/* Nobody reads what the others would still do.  go test leads our group when gobudget
	 * started it; a group of somebody else is left alone. */
	if (how.owner_gone && getpgrp() == getppid())
		kill(0, SIGTERM);
	gb_end_like(&how);
}

const struct gb_command cmd_exec = {
	.name = "exec",
	.args = "CTL PROGRAM [ARGS]",
	.summary = "run one test binary for check (internal)",
	.run = exec_run,
	.hidden = true,
};
