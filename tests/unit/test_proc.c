/*
 * proc: streams, directories, groups, deadlines, grandchildren.
 *
 * The whole group runs three times: as on Linux, with fork and exec, and without a
 * pidfd.  Nothing asserts on how long anything took, only on the order of things and
 * on what is left; where a child "sleeps 60" a failure shows as a test that hangs.
 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/fs.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/proc.h"
#include "base/spawn.h"
#include "tempdir.h"

#define SHELL(script) ((const char *const[]){ "sh", "-c", script, NULL })

/* A minute in short sleeps: a long one that is just being forked can miss the signal. */
#define NAPS "i=0; while [ $i -lt 3000 ]; do sleep 0.02; i=$((i+1)); done"

static void test_status(void **state)
{
	static const struct {
		const char *script;
		int status, signal;
	} rows[] = {
		{ "exit 0", 0, 0 },
		{ "exit 3", 3, 0 },
		{ "exit 255", 255, 0 },
		{ "kill -KILL $$", 137, SIGKILL },
		{ "kill -TERM $$", 143, SIGTERM },
		{ "kill -INT $$", 130, SIGINT },
		{ "kill -PIPE $$", 141, SIGPIPE },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct gb_proc p = { .argv = SHELL(rows[i].script) };
		struct gb_proc_result r;

		assert_int_equal(gb_proc_run(&p, &r, NULL), 0);
		assert_int_equal(r.status, rows[i].status);
		assert_int_equal(r.signal, rows[i].signal);
		assert_true(r.wall_ms >= 0);
		assert_true(r.maxrss > 0);
	}
}

static void test_no_such_program(void **state)
{
	static const char *const programs[] = { "gb-no-such-program", "./gb-no-such-program",
						"/no/such/program" };
	struct gb_err err = GB_ERR_INIT;
	struct gb_proc_result r = { .status = 77 };

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct gb_proc p = { .argv = (const char *const[]){ programs[i], NULL } };

		assert_int_equal(gb_proc_run(&p, &r, &err), GB_ENOTFOUND);
		assert_non_null(strstr(err.line, programs[i]));
		assert_int_equal(r.status, 77);
	}
	struct gb_proc lost = { .argv = SHELL("true"), .dir = "no/such/folder" };

	assert_int_equal(gb_proc_run(&lost, &r, &err), GB_ENOTFOUND);
	assert_non_null(strstr(err.line, "no/such/folder"));
	assert_int_equal(gb_fs_write("text", "x", 1, NULL), 0);
	struct gb_proc text = { .argv = (const char *const[]){ "./text", NULL } };

	assert_int_equal(gb_proc_run(&text, &r, &err), GB_ESYS);
	assert_int_equal(err.sys, EACCES);
}

static void test_output_into_buffers(void **state)
{
	_buf_ struct gb_buf out = GB_BUF_INIT(100);
	_buf_ struct gb_buf err = GB_BUF_INIT(100);
	struct gb_proc p = {
		.argv = SHELL("printf 'a\\0b'; echo err >&2"),
		.out = GB_STDIO_BUF,
		.err = GB_STDIO_BUF,
		.out_buf = &out,
		.err_buf = &err,
	};
	struct gb_proc_result r;

	(void)state;
	gb_buf_adds(&out, "before:");
	assert_int_equal(gb_proc_run(&p, &r, NULL), 0);
	assert_int_equal(out.len, 10);
	assert_memory_equal(out.data, "before:a\0b", 11);
	assert_string_equal(err.data, "err\n");
	assert_false(r.out_cut || r.err_cut);
}

static void test_only_the_end_is_kept(void **state)
{
	static const struct {
		const char *script, *kept;
		bool cut;
	} rows[] = {
		{ "printf 0123456789", "0123456789", false },
		{ "printf 01234567890", "1234567890", true },
		{ "printf 0123456; sleep 0.05; printf 789abc", "3456789abc", true },
		{ "i=0; while [ $i -lt 20000 ]; do echo line $i; i=$((i+1)); done", "ine 19999\n",
		  true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		_buf_ struct gb_buf out = GB_BUF_INIT(10);
		struct gb_proc p = { .argv = SHELL(rows[i].script),
				     .out = GB_STDIO_BUF,
				     .out_buf = &out };
		struct gb_proc_result r;

		assert_int_equal(gb_proc_run(&p, &r, NULL), 0);
		assert_string_equal(out.data, rows[i].kept);
		assert_int_equal(r.out_cut, rows[i].cut);
		assert_false(out.failed);
	}
}

static void test_null_and_directory_and_environment(void **state)
{
	const char *here = *state;
	static const char *const env[] = { "GB_ONLY=this", NULL };
	_buf_ struct gb_buf out = GB_BUF_INIT(4096);
	_free_ char *wanted = gb_asprintf("this:%s/sub::", here);
	struct gb_proc p = {
		.argv = SHELL(
			"echo err >&2; printf '%s:%s:%s:' \"$GB_ONLY\" \"$(pwd)\" \"$HOME\"; cat"),
		.dir = "sub",
		.env = env,
		.in = GB_STDIO_NULL,
		.out = GB_STDIO_BUF,
		.err = GB_STDIO_NULL,
		.out_buf = &out,
	};
	struct gb_proc_result r;

	assert_int_equal(gb_fs_mkdirs("sub", NULL), 0);
	assert_int_equal(gb_proc_run(&p, &r, NULL), 0);
	assert_int_equal(r.status, 0);
	assert_string_equal(out.data, wanted);
}

struct lines {
	struct gb_buf text; /* "1:line\n" */
	size_t longest;
	int n, stop_at, code;
};

static int on_line(void *arg, int stream, const char *line, size_t len)
{
	struct lines *l = arg;

	gb_buf_addf(&l->text, "%d:", stream);
	gb_buf_add(&l->text, line, len);
	gb_buf_addc(&l->text, '\n');
	if (len > l->longest)
		l->longest = len;
	return ++l->n == l->stop_at ? l->code : 0;
}

static void test_lines(void **state)
{
	static const struct {
		const char *script, *lines;
	} rows[] = {
		{ "printf 'a\\nb\\n'", "1:a\n1:b\n" },
		{ "printf 'a\\n\\nb'", "1:a\n1:\n1:b\n" },
		{ "printf 'a'; sleep 0.05; printf 'b\\nc'", "1:ab\n1:c\n" },
		{ "echo o; sleep 0.05; echo e >&2; sleep 0.05; echo o", "1:o\n2:e\n1:o\n" },
		{ ":", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct lines l = { .text = GB_BUF_INIT(4096) };
		struct gb_proc p = {
			.argv = SHELL(rows[i].script),
			.out = GB_STDIO_LINES,
			.err = GB_STDIO_LINES,
			.on_line = on_line,
			.arg = &l,
		};

		assert_int_equal(gb_proc_run(&p, NULL, NULL), 0);
		assert_string_equal(l.text.data, rows[i].lines);
		gb_buf_release(&l.text);
	}
}

/* 200,000 bytes without a newline come in pieces, none is lost. */
static void test_a_long_line_comes_in_pieces(void **state)
{
	struct lines l = { .text = GB_BUF_INIT(1 << 20) };
	struct gb_proc p = {
		.argv = SHELL("head -c 200000 /dev/zero | tr '\\0' x; echo; echo end"),
		.out = GB_STDIO_LINES,
		.on_line = on_line,
		.arg = &l,
	};

	(void)state;
	assert_int_equal(gb_proc_run(&p, NULL, NULL), 0);
	assert_int_equal(l.n, 5);
	assert_int_equal(l.longest, GB_MAX_LINE);
	assert_int_equal(l.text.len, 5 * 3 + 200000 + 3);
	assert_string_equal(l.text.data + l.text.len - 6, "1:end\n");
	gb_buf_release(&l.text);
}

static void test_on_line_stops_the_child(void **state)
{
	struct lines l = { .text = GB_BUF_INIT(4096), .stop_at = 2, .code = GB_EPARSE };
	struct gb_proc p = {
		.argv = SHELL("echo 1; echo 2; echo 3; echo 4; exec sleep 60"),
		.out = GB_STDIO_LINES,
		.on_line = on_line,
		.arg = &l,
	};
	struct gb_proc_result r;

	(void)state;
	assert_int_equal(gb_proc_run(&p, &r, NULL), GB_EPARSE);
	assert_int_equal(r.signal, SIGTERM);
	assert_string_equal(l.text.data, "1:1\n1:2\n");
	gb_buf_release(&l.text);
}

/* The same from the last line, which has no newline and is handed over after the end. */
static void test_on_line_may_fail_at_the_very_end(void **state)
{
	struct lines l = { .text = GB_BUF_INIT(4096), .stop_at = 1, .code = GB_EPARSE };
	struct gb_proc p = {
		.argv = SHELL("printf unfinished"),
		.out = GB_STDIO_LINES,
		.on_line = on_line,
		.arg = &l,
	};
	struct gb_proc_result r;

	(void)state;
	assert_int_equal(gb_proc_run(&p, &r, NULL), GB_EPARSE);
	assert_int_equal(r.status, 0);
	gb_buf_release(&l.text);
}

static int count_down(void *arg)
{
	int *left = arg;

	return --*left ? 0 : GB_ELIMIT;
}

static void test_ticks(void **state)
{
	int left = 3;
	struct gb_proc p = {
		.argv = SHELL("exec sleep 60"),
		.tick_ms = 5,
		.on_tick = count_down,
		.arg = &left,
	};
	struct gb_proc_result r;

	(void)state;
	assert_int_equal(gb_proc_run(&p, &r, NULL), GB_ELIMIT);
	assert_int_equal(left, 0);
	assert_int_equal(r.signal, SIGTERM);
}

static void test_deadline(void **state)
{
	struct gb_proc p = { .argv = SHELL("exec sleep 60"), .timeout_ms = 50 };
	struct gb_proc_result r;
	struct gb_err err = GB_ERR_INIT;

	(void)state;
	assert_int_equal(gb_proc_run(&p, &r, &err), GB_ETIME);
	assert_string_equal(err.line, "sh did not end within 50ms");
	assert_int_equal(r.signal, SIGTERM);
	assert_int_equal(r.status, 143);
}

/* A deadline that passes when the child says that it is ready, however slow the machine. */
static int stop_when_ready(void *arg)
{
	(void)arg;
	if (!gb_fs_exists("ready"))
		return 0;
	unlink("ready");
	return GB_ETIME;
}

#define WHEN_READY .tick_ms = 5, .on_tick = stop_when_ready

/* What it says while it cleans up is still heard. */
static void test_output_of_the_grace_is_kept(void **state)
{
	_buf_ struct gb_buf out = GB_BUF_INIT(100);
	struct gb_proc p = {
		.argv = SHELL("trap 'echo cleaned; exit 4' TERM; echo ready; echo >ready; " NAPS),
		.out = GB_STDIO_BUF,
		.out_buf = &out,
		.grace_ms = 20000,
		WHEN_READY,
	};
	struct gb_proc_result r;

	(void)state;
	assert_int_equal(gb_proc_run(&p, &r, NULL), GB_ETIME);
	assert_int_equal(r.status, 4);
	assert_string_equal(out.data, "ready\ncleaned\n");
}

static void test_who_ignores_sigterm_is_killed(void **state)
{
	struct gb_proc p = {
		.argv = SHELL("trap '' TERM; echo >ready; sleep 60"),
		.grace_ms = 50,
		WHEN_READY,
	};
	struct gb_proc_result r;

	(void)state;
	assert_int_equal(gb_proc_run(&p, &r, NULL), GB_ETIME);
	assert_int_equal(r.signal, SIGKILL);
}

static pid_t read_pid(const char *path)
{
	_buf_ struct gb_buf b = GB_BUF_INIT(100);

	assert_int_equal(gb_fs_read(path, &b, NULL), 0);
	assert_int_not_equal(b.len, 0);
	return (pid_t)strtol(b.data, NULL, 10);
}

/* A zombie is no process any more, whenever its new parent gets round to it. */
static bool is_running(pid_t pid)
{
	_free_ char *path = gb_asprintf("/proc/%d/stat", (int)pid);
	_buf_ struct gb_buf b = GB_BUF_INIT(4096);
	const char *state;

	if (gb_fs_read(path, &b, NULL) < 0)
		return false;
	state = strrchr(b.data, ')');
	return state && strncmp(state, ") Z", 3) != 0;
}

static void wait_until_gone(pid_t pid)
{
	while (is_running(pid))
		usleep(1000);
}

static void test_a_deadline_takes_the_whole_group(void **state)
{
	struct gb_proc p = {
		.argv = SHELL("sleep 60 & echo $! >grandchild; echo >ready; wait"),
		.grace_ms = 60000,
		WHEN_READY,
	};

	(void)state;
	assert_int_equal(gb_proc_run(&p, NULL, NULL), GB_ETIME);
	wait_until_gone(read_pid("grandchild"));
}

/* The leader goes at once; a wrapper in its group still gets its grace to stop its own. */
static void test_the_grace_outlives_the_leader(void **state)
{
	struct gb_proc p = {
		.argv = SHELL("rm -f cleaned; (trap 'sleep 0.2; echo x >cleaned; exit' TERM; "
			      "echo >ready; " NAPS ") & exec sleep 60"),
		.grace_ms = 60000,
		WHEN_READY,
	};

	(void)state;
	assert_int_equal(gb_proc_run(&p, NULL, NULL), GB_ETIME);
	assert_true(gb_fs_exists("cleaned"));
}

static void test_a_stubborn_grandchild_is_killed_too(void **state)
{
	struct gb_proc p = {
		.argv = SHELL("rm -f stubborn; (trap '' TERM; while [ ! -s stubborn ]; do sleep "
			      "0.01; done; "
			      "echo >ready; sleep 60) & "
			      "echo $! >stubborn; exec sleep 60"),
		.grace_ms = 100,
		WHEN_READY,
	};

	(void)state;
	assert_int_equal(gb_proc_run(&p, NULL, NULL), GB_ETIME);
	wait_until_gone(read_pid("stubborn"));
}

/* Its pipe stays open for a minute; we do not. */
static void test_a_grandchild_that_keeps_the_pipe(void **state)
{
	_buf_ struct gb_buf out = GB_BUF_INIT(100);
	struct gb_proc p = {
		.argv = SHELL("sleep 60 & echo $! >keeper; echo done"),
		.out = GB_STDIO_BUF,
		.out_buf = &out,
	};
	struct gb_proc_result r;
	pid_t keeper;

	(void)state;
	assert_int_equal(gb_proc_run(&p, &r, NULL), 0);
	assert_int_equal(r.status, 0);
	assert_string_equal(out.data, "done\n");
	keeper = read_pid("keeper");
	assert_true(is_running(keeper)); /* it ended by itself: nobody was stopped */
	kill(keeper, SIGKILL);
}

/* Whoever goes on writing for ever does not keep us either. */
static void test_a_grandchild_that_goes_on_writing(void **state)
{
	_buf_ struct gb_buf out = GB_BUF_INIT(100);
	struct gb_proc p = {
		.argv = SHELL("yes & echo $! >writer"),
		.out = GB_STDIO_BUF,
		.out_buf = &out,
	};

	(void)state;
	assert_int_equal(gb_proc_run(&p, NULL, NULL), 0);
	wait_until_gone(read_pid("writer")); /* of SIGPIPE, which is as it was by default */
}

static void test_the_child_leads_a_group(void **state)
{
	_buf_ struct gb_buf out = GB_BUF_INIT(100);
	struct gb_proc p = {
		.argv = SHELL("set -- $(cat /proc/$$/stat); [ \"$1\" = \"$5\" ] && echo leads"),
		.out = GB_STDIO_BUF,
		.out_buf = &out,
	};

	(void)state;
	assert_int_equal(gb_proc_run(&p, NULL, NULL), 0);
	assert_string_equal(out.data, "leads\n");
}

/* The mask of a line of /proc/self/status, without glibc's own 32 and 33. */
static unsigned long long mask(const char *status, const char *name)
{
	const char *line = strstr(status, name);

	assert_non_null(line);
	return strtoull(line + strlen(name), NULL, 16) & ~(3ULL << 31);
}

/* Blocked and ignored signals of ours are not the child's. */
static void test_signals_of_the_child_are_fresh(void **state)
{
	_buf_ struct gb_buf out = GB_BUF_INIT(1000);
	struct gb_proc p = {
		.argv = SHELL("exec grep ^Sig /proc/self/status"),
		.out = GB_STDIO_BUF,
		.out_buf = &out,
	};
	sigset_t block, before;

	(void)state;
	sigemptyset(&block);
	sigaddset(&block, SIGTERM);
	sigprocmask(SIG_BLOCK, &block, &before);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGINT, SIG_IGN);
	assert_int_equal(gb_proc_run(&p, NULL, NULL), 0);
	signal(SIGPIPE, SIG_DFL);
	signal(SIGINT, SIG_DFL);
	sigprocmask(SIG_SETMASK, &before, NULL);
	assert_true(mask(out.data, "SigBlk:") == 0);
	assert_true(mask(out.data, "SigIgn:") == 0);
}

/* Ours are 0, 1, 2 and what whoever started this test left open; ls opens one more. */
static void test_descriptors_are_not_inherited(void **state)
{
	_buf_ struct gb_buf out = GB_BUF_INIT(10000);
	struct gb_proc p = {
		.argv = (const char *const[]){ "ls", "/proc/self/fd", NULL },
		.in = GB_STDIO_NULL,
		.out = GB_STDIO_BUF,
		.err = GB_STDIO_BUF,
		.out_buf = &out,
		.err_buf = &out,
	};
	int lock = gb_fs_lock("lock", NULL), expected = 3 + 1, found = 0;

	(void)state;
	assert_true(lock >= 0);
	for (int fd = 3; fd < 1024; fd++)
		expected += fcntl(fd, F_GETFD) >= 0 && !(fcntl(fd, F_GETFD) & FD_CLOEXEC);
	assert_int_equal(gb_proc_run(&p, NULL, NULL), 0);
	for (const char *c = out.data; *c; c++)
		found += *c == '\n';
	assert_int_equal(found, expected);
	close(lock);
}

static size_t open_descriptors(void)
{
	size_t n = 0;

	for (int fd = 0; fd < 256; fd++)
		n += fcntl(fd, F_GETFD) >= 0;
	return n;
}

static void test_nothing_stays_open(void **state)
{
	size_t before = open_descriptors();

	test_output_into_buffers(state);
	test_no_such_program(state);
	test_deadline(state);
	test_a_grandchild_that_keeps_the_pipe(state);
	assert_int_equal(open_descriptors(), before);
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
}

static void test_out_of_memory_leaves_no_child(void **state)
{
	size_t before = open_descriptors();
	int rc = GB_ENOMEM;

	(void)state;
	for (size_t n = 1; rc == GB_ENOMEM; n++) {
		_buf_ struct gb_buf out = GB_BUF_INIT(100);
		struct gb_proc p = { .argv = SHELL("echo x"),
				     .out = GB_STDIO_BUF,
				     .out_buf = &out };

		gb_mem_fail_at(n);
		rc = gb_proc_run(&p, NULL, NULL);
		gb_mem_fail_at(0);
		assert_int_equal(open_descriptors(), before);
		assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	}
	assert_int_equal(rc, 0);
}

static int by_fork(void **state)
{
	gb_spawn_by_fork = true;
	return tempdir_enter(state);
}

static int without_pidfd(void **state)
{
	gb_spawn_by_fork = false;
	gb_spawn_without_pidfd = true;
	return tempdir_enter(state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_status),
		cmocka_unit_test(test_no_such_program),
		cmocka_unit_test(test_output_into_buffers),
		cmocka_unit_test(test_only_the_end_is_kept),
		cmocka_unit_test(test_null_and_directory_and_environment),
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_a_long_line_comes_in_pieces),
		cmocka_unit_test(test_on_line_stops_the_child),
		cmocka_unit_test(test_on_line_may_fail_at_the_very_end),
		cmocka_unit_test(test_ticks),
		cmocka_unit_test(test_deadline),
		cmocka_unit_test(test_output_of_the_grace_is_kept),
		cmocka_unit_test(test_who_ignores_sigterm_is_killed),
		cmocka_unit_test(test_a_deadline_takes_the_whole_group),
		cmocka_unit_test(test_the_grace_outlives_the_leader),
		cmocka_unit_test(test_a_stubborn_grandchild_is_killed_too),
		cmocka_unit_test(test_a_grandchild_that_keeps_the_pipe),
		cmocka_unit_test(test_a_grandchild_that_goes_on_writing),
		cmocka_unit_test(test_the_child_leads_a_group),
		cmocka_unit_test(test_signals_of_the_child_are_fresh),
		cmocka_unit_test(test_descriptors_are_not_inherited),
		cmocka_unit_test(test_nothing_stays_open),
		cmocka_unit_test(test_out_of_memory_leaves_no_child),
	};
	int failed =
		cmocka_run_group_tests_name("posix_spawn", tests, tempdir_enter, tempdir_leave);

	failed += cmocka_run_group_tests_name("fork and exec", tests, by_fork, tempdir_leave);
	return failed +
	       cmocka_run_group_tests_name("without a pidfd", tests, without_pidfd, tempdir_leave);
}
