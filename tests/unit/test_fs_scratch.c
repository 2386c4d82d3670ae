/* scratch: private, found again when its owner was killed, safe while the owner lives. */
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/fs.h"
#include "base/mem.h"
#include "base/text.h"
#include "tempdir.h"

static int enter(void **state)
{
	return tempdir_enter(state) || setenv("TMPDIR", *state, 1);
}

static void test_scratch_is_private(void **state)
{
	const char *here = *state;
	_free_ char *path = NULL;
	_free_ char *start = gb_asprintf("%s/gobudget-%d-", here, (int)getpid());
	struct stat st;

	assert_int_equal(gb_fs_scratch(&path, NULL), 0);
	assert_true(gb_starts(path, start));
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0700);
	gb_fs_scratch_sweep();
	assert_true(gb_fs_is_dir(path));
	assert_int_equal(gb_fs_remove_tree(path, NULL), 0);
}

static void test_many_of_one_process(void **state)
{
	char *paths[20];

	(void)state;
	for (int round = 0; round < 3; round++) {
		for (int i = 0; i < 20; i++)
			assert_int_equal(gb_fs_scratch(&paths[i], NULL), 0);
		for (int i = 0; i < 20; i++) {
			assert_true(gb_fs_is_dir(paths[i]));
			assert_int_equal(gb_fs_remove_tree(paths[i], NULL), 0);
			free(paths[i]);
		}
	}
}

static void test_no_temp_folder(void **state)
{
	const char *here = *state;
	struct gb_err err = GB_ERR_INIT;
	char *path = NULL;

	setenv("TMPDIR", "/no/such/folder", 1);
	assert_int_equal(gb_fs_scratch(&path, &err), GB_ENOTFOUND);
	assert_non_null(strstr(err.line, "/no/such/folder"));
	gb_fs_scratch_sweep();
	assert_null(path);
	setenv("TMPDIR", "", 1);
	assert_int_equal(gb_fs_scratch(&path, &err), 0);
	assert_true(gb_starts(path, "/tmp/gobudget-"));
	assert_int_equal(gb_fs_remove_tree(path, NULL), 0);
	free(path);
	setenv("TMPDIR", here, 1);
}

/* A child makes its scratch folder, tells its name and waits to be killed. */
static pid_t owner(char *ret_path, size_t size)
{
	int fds[2];
	ssize_t n;
	pid_t pid;

	assert_int_equal(gb_fd_pipe(fds), 0);
	pid = fork();
	if (pid == 0) {
		char *path;

		if (gb_fs_scratch(&path, NULL) < 0 || gb_fs_write("inside", "x", 1, NULL) < 0 ||
		    gb_fd_write_all(fds[1], path, strlen(path)) < 0)
			_exit(1);
		close(fds[1]);
		for (;;)
			pause();
	}
	close(fds[1]);
	n = read(fds[0], ret_path, size - 1);
	assert_true(n > 0);
	ret_path[n] = '\0';
	close(fds[0]);
	return pid;
}

static void test_sweep_after_kill(void **state)
{
	char path[4096];
	pid_t pid = owner(path, sizeof(path));

	(void)state;
	gb_fs_scratch_sweep();
	assert_true(gb_fs_is_dir(path));
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	gb_fs_scratch_sweep();
	assert_false(gb_fs_exists(path));
}

/* What a folder is, and whether a sweep takes it. */
struct litter {
	const char *what;
	pid_t pid;   /* in its name */
	bool file;   /* a lock file inside ... */
	bool locked; /* ... that somebody holds */
	bool old;
	bool removed;
};

static void make_old(const char *path)
{
	struct timespec times[2] = { { time(NULL) - 3600, 0 }, { time(NULL) - 3600, 0 } };

	assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
}

static void test_sweep_tells_the_living_from_the_dead(void **state)
{
	pid_t dead = fork(), alive = getpid();
	const struct litter rows[] = {
		{ "killed", dead, true, false, false, true },
		{ "killed long ago", dead, true, false, true, true },
		{ "of another container", dead, true, true, true, false },
		{ "being made", alive, false, false, false, false },
		{ "being made in another container", dead, false, false, false, false },
		{ "killed while being made", dead, false, false, true, true },
		{ "about to be locked", alive, true, false, false, false },
		{ "in use", alive, true, true, true, false },
		{ "of a process whose id lives again", alive, true, false, true, true },
		{ "no lock, and its process lives", alive, false, false, true, false },
	};

	(void)state;
	if (dead == 0)
		_exit(0);
	assert_int_equal(waitpid(dead, NULL, 0), dead);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		_free_ char *path = gb_asprintf("gobudget-%d-abcdef", (int)rows[i].pid);
		_free_ char *lock = gb_path_join(path, ".lock");
		_fd_ int fd = -1;

		assert_int_equal(mkdir(path, 0700), 0);
		if (rows[i].file)
			fd = open(lock, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
		if (rows[i].locked)
			assert_int_equal(flock(fd, LOCK_EX), 0);
		if (rows[i].old)
			make_old(path);
		gb_fs_scratch_sweep();
		if (gb_fs_exists(path) == rows[i].removed)
			fail_msg("%s", rows[i].what);
		assert_int_equal(gb_fs_remove_tree(path, NULL), 0);
	}
}

static void test_sweep_leaves_what_is_not_ours(void **state)
{
	static const char *const names[] = {
		"gobudget-",
		"gobudget-x-abcdef",
		"gobudget-99999999999999999999-abcdef",
		"gobudget-4000000000-abcdef",
		"gobudget-1-abc",
		"gobudget-0-abcdef",
		"other-1-abcdef",
	};
	static const char link_name[] = "gobudget-2147483647-linked";

	(void)state;
	assert_int_equal(mkdir("target", 0700), 0);
	assert_int_equal(symlink("target", link_name), 0);
	make_old("target");
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		assert_int_equal(mkdir(names[i], 0700), 0);
		make_old(names[i]);
	}
	gb_fs_scratch_sweep();
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		assert_true(gb_fs_is_dir(names[i]));
	assert_true(gb_fs_is_dir("target"));
	assert_true(gb_fs_is_dir(link_name));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_scratch_is_private),
		cmocka_unit_test(test_many_of_one_process),
		cmocka_unit_test(test_no_temp_folder),
		cmocka_unit_test(test_sweep_after_kill),
		cmocka_unit_test(test_sweep_tells_the_living_from_the_dead),
		cmocka_unit_test(test_sweep_leaves_what_is_not_ours),
	};

	return cmocka_run_group_tests(tests, enter, tempdir_leave);
}
