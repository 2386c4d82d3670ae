/*
 * supervise, family: a child's end, signals handed on, orphans, memory, a dead owner.
 *
 * What takes over a process runs in a forked one, as in the wrapper.
 */
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/err.h"
#include "base/family.h"
#include "base/fs.h"
#include "base/mem.h"
#include "base/proc.h"
#include "base/supervise.h"
#include "tempdir.h"

#define SHELL(script) ((const char *const[]){ "sh", "-c", (script), NULL })

static void test_status(void **state)
{
	static const struct {
		const char *script;
		int status, signal;
	} rows[] = {
		{ "exit 0", 0, 0 },
		{ "exit 86", 86, 0 },
		{ "kill -KILL $$", 137, SIGKILL },
		{ "kill -SEGV $$", 139, SIGSEGV },
	};
	struct gb_supervised r = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct gb_supervise s = { .argv = SHELL(rows[i].script) };
		assert_int_equal(gb_supervise(&s, &r, NULL), 0);
		assert_int_equal(r.status, rows[i].status);
		assert_int_equal(r.signal, rows[i].signal);
		assert_int_equal(r.children.n, 0);
		assert_int_equal(r.forwarded, 0);
		assert_true(r.maxrss > 0);
	}
	gb_supervised_release(&r);
}

static void test_cannot_start(void **state)
{
	const struct gb_supervise nothing = { .argv = (const char *const[]){ "./not-there",
									     NULL } };
	const struct gb_supervise folder = { .argv = (const char *const[]){ "/", NULL } };
	struct gb_supervised r = { 0 };
	struct gb_err err = GB_ERR_INIT;

	(void)state;
	assert_true(gb_supervise(&nothing, &r, &err) < 0);
	assert_true(err.line[0] != '\0');
	assert_true(gb_supervise(&folder, &r, NULL) < 0);
}

static void test_environment_and_group(void **state)
{
	const char *const env[] = { "PATH=/bin:/usr/bin", "ONLY=this", NULL };
	const struct gb_supervise s = {
		.argv = SHELL("test \"$ONLY\" = this && test -z \"$HOME\" && "
			      "test \"$(ps -o pgid= -p $$ | tr -d ' ')\" = $$"),
		.env = env,
	};
	struct gb_supervised r = { 0 };

	(void)state;
	assert_int_equal(gb_supervise(&s, &r, NULL), 0);
	assert_int_equal(r.status, 0);
}

/* Runs the supervision in a process of its own, which signals by a file that its child runs. */
static pid_t supervise_elsewhere(const struct gb_supervise *s, int (*judge)(struct gb_supervised *))
{
	pid_t pid;

	unlink("ready");
	fflush(NULL);
	pid = fork();
	if (pid == 0) {
		struct gb_supervised r = { 0 };
		int bad = gb_supervise(s, &r, NULL) || judge(&r);
		gb_supervised_release(&r);
		exit(bad);
	}
	while (!gb_fs_exists("ready"))
		usleep(2000);
	return pid;
}

static int status_of(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) < 0)
		assert_int_equal(errno, EINTR);
	return status;
}

static int was_told(struct gb_supervised *r)
{
	return r->status != 7 || r->forwarded != SIGTERM || r->signal;
}

static int was_killed(struct gb_supervised *r)
{
	return r->signal != SIGKILL || r->forwarded != SIGHUP;
}

static int has_quit(struct gb_supervised *r)
{
	return r->status != 2 || r->forwarded != SIGQUIT;
}

static void test_signals_are_handed_on(void **state)
{
	static const struct {
		const char *script;
		int signal;
		int (*judge)(struct gb_supervised *);
	} rows[] = {
		{ "trap 'exit 7' TERM; touch ready; while :; do sleep 0.01; done", SIGTERM,
		  was_told },
		/* One that does not listen. */
		{ "trap '' HUP; touch ready; while :; do sleep 0.01; done", SIGHUP, was_killed },
		{ "trap 'exit 2' QUIT; touch ready; while :; do sleep 0.01; done", SIGQUIT,
		  has_quit },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct gb_supervise s = { .argv = SHELL(rows[i].script), .grace_ms = 100 };
		pid_t pid = supervise_elsewhere(&s, rows[i].judge);
		kill(pid, rows[i].signal);
		assert_int_equal(status_of(pid), 0);
	}
}

static void test_child_dies_with_the_wrapper(void **state)
{
	const struct gb_supervise s = { .argv = SHELL("echo $$ >pid; touch ready; sleep 30") };
	pid_t pid, child;
	FILE *f;

	(void)state;
	if (!gb_family_supported)
		return;
	pid = supervise_elsewhere(&s, was_told);
	f = fopen("pid", "r");
	assert_non_null(f);
	assert_int_equal(fscanf(f, "%d", &child), 1);
	fclose(f);
	kill(pid, SIGKILL);
	status_of(pid);
	/* It is a grandchild: gone means that nobody has this pid, or only its remains. */
	while (kill(child, 0) == 0 && gb_process_rss(child) > 0)
		usleep(2000);
}

static int owner_went(struct gb_supervised *r)
{
	return !r->owner_gone || r->signal != SIGKILL;
}

static void test_owner(void **state)
{
	const struct gb_supervise s = { .argv = SHELL("touch ready; sleep 30"), .alive = "alive" };
	const struct gb_supervise nobody = { .argv = SHELL("sleep 30"), .alive = "no-such-lock" };
	struct gb_supervised r = { 0 };
	pid_t pid;
	int lock;

	(void)state;
	lock = gb_fs_lock("alive", NULL);
	assert_true(lock >= 0);
	/* Our own lock is no other's: asked from elsewhere. */
	fflush(NULL);
	pid = fork();
	if (pid == 0)
		exit(gb_lock_is_held("alive") ? 0 : 1);
	assert_int_equal(status_of(pid), 0);
	pid = supervise_elsewhere(&s, owner_went);
	/* Our fork shares the lock: closing it would not be enough. */
	assert_int_equal(flock(lock, LOCK_UN), 0);
	close(lock);
	assert_int_equal(status_of(pid), 0);
	assert_false(gb_lock_is_held("alive"));
	assert_false(gb_lock_is_held("no-such-lock"));
	assert_int_equal(gb_supervise(&nobody, &r, NULL), 0);
	assert_int_equal(owner_went(&r), 0);
	gb_supervised_release(&r);
}

static void test_orphans(void **state)
{
	/* One in the background, one in a session of its own; and one that ends by itself. */
	const struct gb_supervise s = {
		.argv = SHELL("sleep 31 & setsid sleep 32 </dev/null & (sleep 0.02 &) ; exit 3")
	};
	struct gb_supervised r = { 0 };

	(void)state;
	if (!gb_family_supported)
		return;
	assert_int_equal(gb_supervise(&s, &r, NULL), 0);
	assert_int_equal(r.status, 3);
	assert_int_equal(r.children.n, 2);
	assert_string_equal(r.children.v[0], "sleep");
	struct gb_family f = { 0 };
	assert_int_equal(gb_family_list(&f, NULL), 0);
	assert_int_equal(f.n, 0);
	gb_family_release(&f);
	gb_supervised_release(&r);
}

static void test_memory(void **state)
{
	/* The descendants count, not only the child. */
	const struct gb_supervise s = {
		.argv = SHELL("sh -c 'x=x; while :; do x=$x$x; done' ; exit 0"),
		.memory = 64 << 20,
	};
	const struct gb_supervise small = { .argv = SHELL("sleep 0.1"), .memory = 64 << 20 };
	struct gb_supervised r = { 0 };

	(void)state;
	if (!gb_family_supported)
		return;
	assert_int_equal(gb_supervise(&s, &r, NULL), 0);
	assert_true(r.over_memory);
	assert_int_equal(r.signal, SIGKILL);
	assert_int_equal(gb_supervise(&small, &r, NULL), 0);
	assert_false(r.over_memory);
	assert_int_equal(r.status, 0);
	gb_supervised_release(&r);
}

static void test_end_like(void **state)
{
	static const struct {
		int status, signal;
	} rows[] = { { 0, 0 }, { 3, 0 }, { 137, SIGKILL }, { 143, SIGTERM }, { 139, SIGSEGV } };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct gb_supervised r = { .status = rows[i].status,
						 .signal = rows[i].signal };
		fflush(NULL);
		pid_t pid = fork();
		if (pid == 0)
			gb_end_like(&r);
		int status = status_of(pid);
		if (rows[i].signal)
			assert_int_equal(WTERMSIG(status), rows[i].signal);
		else
			assert_int_equal(WEXITSTATUS(status), rows[i].status);
	}
}

static void test_end_orphans(void **state)
{
	(void)state;
	fflush(NULL);
	pid_t pid = fork();
	if (pid == 0) {
		struct gb_family f = { 0 };
		gb_end_orphans("go"); /* nobody: nothing happens */
		if (!gb_become_reaper())
			exit(0);
		if (fork() == 0)
			execlp("sleep", "sleep", "33", (char *)NULL);
		do {
			usleep(1000);
			gb_family_list(&f, NULL);
		} while (f.n != 1 || strcmp(f.v[0].name, "sleep") != 0);
		gb_end_orphans("sleep");
		gb_family_list(&f, NULL);
		if (f.n != 1)
			exit(1);
		gb_end_orphans("go");
		gb_family_list(&f, NULL);
		size_t n = f.n;
		gb_family_release(&f);
		exit(n != 0);
	}
	assert_int_equal(status_of(pid), 0);
}

static void test_self_path(void **state)
{
	char *path = NULL;

	(void)state;
	assert_int_equal(gb_self_path(&path, NULL), 0);
	assert_int_equal(path[0], '/');
	assert_int_equal(access(path, X_OK), 0);
	free(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_status),
		cmocka_unit_test(test_cannot_start),
		cmocka_unit_test(test_environment_and_group),
		cmocka_unit_test(test_signals_are_handed_on),
		cmocka_unit_test(test_child_dies_with_the_wrapper),
		cmocka_unit_test(test_owner),
		cmocka_unit_test(test_orphans),
		cmocka_unit_test(test_memory),
		cmocka_unit_test(test_end_like),
		cmocka_unit_test(test_end_orphans),
		cmocka_unit_test(test_self_path),
	};

	return cmocka_run_group_tests_name("supervise", tests, tempdir_enter, tempdir_leave);
}
