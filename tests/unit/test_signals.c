/* signals: remembered, readable, and running children stop.  Each test in a process of its own. */
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/err.h"
#include "base/fs.h"
#include "base/proc.h"
#include "tempdir.h"

#define SHELL(script) ((const char *const[]){ "sh", "-c", script, NULL })

/* A minute in short sleeps: a long one that is just being forked can miss the signal. */
#define NAPS "i=0; while [ $i -lt 3000 ]; do sleep 0.02; i=$((i+1)); done"

/* What is false ends the child with the number of its line. */
#define MUST(condition)                            \
	do {                                       \
		if (!(condition))                  \
			_exit(__LINE__ % 250 + 1); \
	} while (0)

static void in_child(void (*body)(void))
{
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		body();
		exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (status)
		fail_msg("signal %d, line %d (modulo 250)", WTERMSIG(status),
			 WEXITSTATUS(status) - 1);
}

static bool is_readable(int fd)
{
	struct pollfd p = { fd, POLLIN, 0 };

	return poll(&p, 1, 0) == 1 && p.revents & POLLIN;
}

static void remember(void)
{
	MUST(gb_signal_fd() == -1);
	MUST(gb_signals_catch(NULL) == 0);
	MUST(gb_signals_catch(NULL) == 0); /* twice is once */
	MUST(gb_interrupted() == 0);
	MUST(!is_readable(gb_signal_fd()));
	MUST(fcntl(gb_signal_fd(), F_GETFD) & FD_CLOEXEC);
	raise(SIGPIPE);
	MUST(gb_interrupted() == 0);
	raise(SIGTERM);
	MUST(gb_interrupted() == SIGTERM);
	MUST(is_readable(gb_signal_fd()));
	for (int i = 0; i < 100000; i++) /* more than a pipe holds */
		raise(SIGINT);
	MUST(gb_interrupted() == SIGTERM); /* the first counts */
}

static void test_a_signal_is_remembered(void **state)
{
	(void)state;
	in_child(remember);
}

static void stay_ignorant(void)
{
	signal(SIGHUP, SIG_IGN);
	MUST(gb_signals_catch(NULL) == 0);
	raise(SIGHUP);
	MUST(gb_interrupted() == 0);
}

static void test_nohup_is_respected(void **state)
{
	(void)state;
	in_child(stay_ignorant);
}

static void hear_sighup(void)
{
	MUST(gb_signals_catch(NULL) == 0);
	raise(SIGHUP);
	MUST(gb_interrupted() == SIGHUP);
}

static void test_sighup_is_caught_otherwise(void **state)
{
	(void)state;
	in_child(hear_sighup);
}

static void reap_anyway(void)
{
	struct gb_proc p = { .argv = SHELL("exit 5") };
	struct gb_proc_result r;

	signal(SIGCHLD, SIG_IGN);
	MUST(gb_signals_catch(NULL) == 0);
	MUST(gb_proc_run(&p, &r, NULL) == 0);
	MUST(r.status == 5);
}

static void test_inherited_ignored_sigchld_loses_no_status(void **state)
{
	(void)state;
	in_child(reap_anyway);
}

/* Without gb_signals_catch the status is lost, and said to be. */
static void lose_status(void)
{
	struct gb_proc p = { .argv = SHELL("exit 5") };
	struct gb_err err = GB_ERR_INIT;

	signal(SIGCHLD, SIG_IGN);
	MUST(gb_proc_run(&p, NULL, &err) == GB_ESYS);
	MUST(strstr(err.line, "wait for sh"));
}

static void test_a_lost_status_is_an_error(void **state)
{
	(void)state;
	in_child(lose_status);
}

static int interrupt_us(void *arg)
{
	(void)arg;
	if (gb_fs_exists("ready"))
		raise(SIGINT);
	return 0;
}

static void stop_child(void)
{
	struct gb_proc p = {
		.argv = SHELL("trap 'echo x >cleaned; exit 6' TERM; echo x >ready; " NAPS),
		.tick_ms = 5,
		.on_tick = interrupt_us,
		.grace_ms = 20000,
	};
	struct gb_err err = GB_ERR_INIT;
	struct gb_proc_result r = { .status = 77 };

	MUST(gb_signals_catch(NULL) == 0);
	MUST(gb_proc_run(&p, &r, &err) == GB_EINTR);
	MUST(strcmp(err.line, "interrupted by signal 2") == 0);
	MUST(r.status == 6);
	MUST(gb_fs_exists("cleaned"));
	/* From now on nothing is started. */
	p.argv = SHELL("echo x >started");
	MUST(gb_proc_run(&p, &r, &err) == GB_EINTR);
	MUST(r.status == 0);
	MUST(!gb_fs_exists("started"));
}

static void test_an_interrupt_stops_the_child(void **state)
{
	(void)state;
	in_child(stop_child);
}

static void give_up_lock(void)
{
	struct gb_err err = GB_ERR_INIT;

	MUST(gb_signals_catch(NULL) == 0);
	MUST(gb_fs_lock("lock", NULL) >= 0);
	raise(SIGINT);
	MUST(gb_fs_lock("lock", &err) == GB_EINTR); /* held, by ourselves */
	MUST(strcmp(err.line, "interrupted while waiting for lock") == 0);
}

static void test_an_interrupt_ends_waiting_for_a_lock(void **state)
{
	(void)state;
	in_child(give_up_lock);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_signal_is_remembered),
		cmocka_unit_test(test_nohup_is_respected),
		cmocka_unit_test(test_sighup_is_caught_otherwise),
		cmocka_unit_test(test_inherited_ignored_sigchld_loses_no_status),
		cmocka_unit_test(test_a_lost_status_is_an_error),
		cmocka_unit_test(test_an_interrupt_stops_the_child),
		cmocka_unit_test(test_an_interrupt_ends_waiting_for_a_lock),
	};

	return cmocka_run_group_tests(tests, tempdir_enter, tempdir_leave);
}
