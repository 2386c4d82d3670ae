/* fs: whole reads, atomic writes, links, locks, and trees that do not want to go. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/fs.h"
#include "base/mem.h"
#include "tempdir.h"

static void put(const char *path, const char *text)
{
	struct gb_err err = GB_ERR_INIT;

	if (gb_fs_write(path, text, strlen(text), &err) < 0)
		fail_msg("%s", err.line);
}

static void assert_content(const char *path, const char *text)
{
	_buf_ struct gb_buf b = GB_BUF_INIT(1 << 20);
	struct gb_err err = GB_ERR_INIT;

	if (gb_fs_read(path, &b, &err) < 0)
		fail_msg("%s", err.line);
	assert_string_equal(b.data, text);
}

static mode_t mode_of(const char *path)
{
	struct stat st;

	assert_int_equal(stat(path, &st), 0);
	return st.st_mode & 07777;
}

static void test_read(void **state)
{
	_buf_ struct gb_buf b = GB_BUF_INIT(5);
	struct gb_err err = GB_ERR_INIT;

	(void)state;
	assert_int_equal(gb_fs_read("none", &b, &err), GB_ENOTFOUND);
	assert_string_equal(err.line, "open none: No such file or directory");
	assert_int_equal(gb_fs_read(".", &b, &err), GB_ESYS);
	assert_int_equal(err.sys, EISDIR);
	assert_string_equal(err.line, "read .: Is a directory");
	put("six", "123456");
	assert_int_equal(gb_fs_read("six", &b, &err), GB_ELIMIT);
	assert_string_equal(err.line, "six exceeds 5 bytes");
	gb_buf_clear(&b);
	put("five", "12345");
	assert_int_equal(gb_fs_read("five", &b, &err), 0);
	assert_string_equal(b.data, "12345");
}

static void test_write_keeps_the_mode(void **state)
{
	mode_t before = umask(027);

	(void)state;
	put("new", "1");
	assert_int_equal(mode_of("new"), 0640);
	assert_int_equal(chmod("new", 0604), 0);
	put("new", "22");
	assert_int_equal(mode_of("new"), 0604);
	assert_content("new", "22");
	umask(before);
}

static void test_write_leaves_nothing_beside(void **state)
{
	(void)state;
	assert_int_equal(gb_fs_mkdirs("beside", NULL), 0);
	put("beside/a.json", "{}");
	assert_int_equal(unlink("beside/a.json"), 0);
	assert_int_equal(rmdir("beside"), 0); /* it was empty */
}

static void test_failed_write_keeps_the_old_file(void **state)
{
	struct gb_err err = GB_ERR_INIT;

	(void)state;
	assert_int_equal(gb_fs_write("no/such/folder", "x", 1, &err), GB_ENOTFOUND);
	assert_string_equal(err.line, "write beside no/such/folder: No such file or directory");
	assert_int_equal(gb_fs_mkdirs("taken", NULL), 0);
	assert_int_equal(gb_fs_write("taken", "x", 1, &err), GB_ESYS);
	assert_int_equal(err.sys, EISDIR);
	gb_mem_fail_at(1);
	assert_int_equal(gb_fs_write("five", "x", 1, &err), GB_ENOMEM);
	gb_mem_fail_at(0);
	assert_content("five", "12345");
}

static void test_write_follows_a_link(void **state)
{
	struct stat st;

	(void)state;
	assert_int_equal(gb_fs_mkdirs("target", NULL), 0);
	put("target/real", "old");
	assert_int_equal(symlink("target/real", "link"), 0);
	put("link", "new");
	assert_int_equal(lstat("link", &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	assert_content("target/real", "new");
	assert_int_equal(symlink("nowhere", "dangling"), 0);
	put("dangling", "here now");
	assert_content("dangling", "here now");
}

/* exit, not _exit: what a child of ours covered counts. */
static int in_child(int (*body)(void))
{
	int status;
	pid_t pid;

	fflush(NULL);
	pid = fork();
	if (pid == 0)
		exit(body());
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/*
 * Changes to a user whom permissions concern, where we are root; the effective id
 * only, so that there is a way back.  Nothing may be asserted before as_ourselves().
 */
static void as_nobody(void)
{
	if (getuid() == 0 && seteuid(65534) < 0)
		abort();
}

static void as_ourselves(void)
{
	if (seteuid(getuid()) < 0)
		abort();
}

static int print_and_write(void)
{
	int fd = open("out", O_WRONLY | O_CREAT | O_TRUNC, 0644);

	if (dup2(fd, 1) < 0 || write(1, "printed\n", 8) != 8)
		return 1;
	if (gb_fs_write("/dev/stdout", "report\n", 7, NULL) < 0)
		return 2;
	if (gb_fs_write("/dev/fd/1", "again\n", 6, NULL) < 0)
		return 3;
	return gb_fs_write("/dev/fd/77", "x", 1, NULL) == GB_ESYS ? 0 : 4;
}

/* In a child: what the shell's `> out` means. */
static void test_write_to_stdout_keeps_what_was_printed(void **state)
{
	(void)state;
	assert_int_equal(in_child(print_and_write), 0);
	assert_content("out", "printed\nreport\nagain\n");
}

/* Standard error is where sanitizers and cmocka write: back it goes. */
static void test_write_to_stderr(void **state)
{
	int saved = dup(2), fd = open("errors", O_WRONLY | O_CREAT, 0644);
	int rc;

	(void)state;
	dup2(fd, 2);
	rc = gb_fs_write("/dev/stderr", "report\n", 7, NULL);
	dup2(saved, 2);
	close(saved);
	close(fd);
	assert_int_equal(rc, 0);
	assert_content("errors", "report\n");
}

static void test_write_into_what_is_no_file(void **state)
{
	_fd_ int reader = -1;
	char text[10] = "";

	(void)state;
	assert_int_equal(mkfifo("fifo", 0600), 0);
	reader = open("fifo", O_RDONLY | O_NONBLOCK);
	put("fifo", "through");
	assert_int_equal(read(reader, text, sizeof(text)), 7);
	assert_string_equal(text, "through");
	put("/dev/null", "x");
	if (access("/dev/full", W_OK) == 0) {
		struct gb_err err = GB_ERR_INIT;

		assert_int_equal(gb_fs_write("/dev/full", "x", 1, &err), GB_ESYS);
		assert_int_equal(err.sys, ENOSPC);
	}
}

static void test_mkdirs(void **state)
{
	struct gb_err err = GB_ERR_INIT;

	(void)state;
	assert_int_equal(gb_fs_mkdirs("d1//d2/d3/", &err), 0);
	assert_true(gb_fs_is_dir("d1/d2/d3"));
	assert_int_equal(gb_fs_mkdirs("d1/d2/d3", &err), 0);
	assert_int_equal(gb_fs_mkdirs("/", &err), 0);
	assert_int_equal(gb_fs_mkdirs("", &err), 0);
	put("d1/file", "");
	assert_int_equal(gb_fs_mkdirs("d1/file/d4", &err), GB_ESYS);
	assert_int_equal(err.sys, ENOTDIR);
	assert_string_equal(err.line, "make folder d1/file: Not a directory");
	assert_true(gb_fs_exists("d1/file"));
	assert_false(gb_fs_is_dir("d1/file"));
	assert_false(gb_fs_exists("d1/none"));
}

static void test_link_or_copy(void **state)
{
	struct gb_err err = GB_ERR_INIT;
	struct stat a, b;

	(void)state;
	put("binary", "bits");
	assert_int_equal(chmod("binary", 0755), 0);
	assert_int_equal(gb_fs_link_or_copy("binary", "linked", &err), 0);
	assert_int_equal(stat("binary", &a), 0);
	assert_int_equal(stat("linked", &b), 0);
	assert_int_equal(a.st_ino, b.st_ino);
	assert_int_equal(gb_fs_link_or_copy("binary", "linked", &err), GB_EEXIST);
	assert_int_equal(gb_fs_link_or_copy("none", "linked2", &err), GB_ENOTFOUND);
	assert_int_equal(gb_fs_link_or_copy("target", "linked3", &err), GB_ESYS);
	assert_false(gb_fs_exists("linked3"));
}

/* /dev/shm is another device than the folder we are in; without one there is nothing to test. */
static void test_copy_between_devices(void **state)
{
	char other[] = "/dev/shm/gobudget-test-XXXXXX";
	_free_ char *copy = NULL;
	struct gb_err err = GB_ERR_INIT;
	struct stat a, b;

	(void)state;
	if (!mkdtemp(other))
		skip();
	if (stat(".", &a) == 0 && stat(other, &b) == 0 && a.st_dev != b.st_dev) {
		copy = gb_asprintf("%s/copy", other);
		assert_int_equal(gb_fs_link_or_copy("binary", copy, &err), 0);
		assert_content(copy, "bits");
		assert_int_equal(mode_of(copy), 0755);
		assert_int_equal(gb_fs_link_or_copy("binary", copy, &err), GB_EEXIST);
		assert_int_equal(unlink(copy), 0);
		gb_mem_fail_at(1);
		assert_int_equal(gb_fs_link_or_copy("binary", copy, &err), GB_ENOMEM);
		gb_mem_fail_at(0);
		assert_false(gb_fs_exists(copy));
	}
	assert_int_equal(gb_fs_remove_tree(other, &err), 0);
}

static void test_remove_tree(void **state)
{
	struct gb_err err = GB_ERR_INIT;

	(void)state;
	assert_int_equal(gb_fs_remove_tree("none", &err), 0);
	assert_int_equal(gb_fs_mkdirs("tree/a/b/c", NULL), 0);
	assert_int_equal(gb_fs_mkdirs("outside", NULL), 0);
	put("outside/kept", "kept");
	put("tree/a/file", "x");
	assert_int_equal(symlink("../../outside", "tree/a/link"), 0);
	assert_int_equal(symlink("outside", "treelink"), 0);
	for (int i = 0; i < 500; i++) {
		char name[64];

		snprintf(name, sizeof(name), "tree/a/b/%d", i);
		put(name, "");
	}
	assert_int_equal(gb_fs_remove_tree("tree", &err), 0);
	assert_false(gb_fs_exists("tree"));
	assert_int_equal(gb_fs_remove_tree("treelink", &err), 0);
	assert_content("outside/kept", "kept");
	assert_int_equal(gb_fs_remove_tree("outside/kept", &err), 0);
	assert_false(gb_fs_exists("outside/kept"));
}

/* Go's module cache is like this, and tests leave folders that nobody may enter. */
static void test_remove_read_only_tree(void **state)
{
	const char *here = *state;
	struct gb_err err = GB_ERR_INIT;
	int made, rc;

	assert_int_equal(chmod(here, 0777), 0);
	as_nobody();
	made = gb_fs_mkdirs("cache/mod/sub", NULL) == 0 && gb_fs_mkdirs("cache/dark", NULL) == 0 &&
	       gb_fs_mkdirs("cache/empty", NULL) == 0 &&
	       gb_fs_write("cache/mod/sub/f", "x", 1, NULL) == 0 &&
	       gb_fs_write("cache/dark/f", "x", 1, NULL) == 0;
	chmod("cache/empty", 0);
	chmod("cache/dark", 0);
	chmod("cache/mod/sub", 0555);
	chmod("cache/mod", 0555);
	rc = gb_fs_remove_tree("cache", &err);
	as_ourselves();
	assert_true(made);
	if (rc < 0)
		fail_msg("%s", err.line);
	assert_false(gb_fs_exists("cache"));
	assert_int_equal(chmod(here, 0700), 0);
}

/* A folder of somebody else: the rest goes, and the first failure is told. */
static void test_remove_goes_on_after_a_failure(void **state)
{
	const char *here = *state;
	struct gb_err err = GB_ERR_INIT;
	int rc;

	if (getuid() != 0)
		skip(); /* nobody else's files to be had */
	assert_int_equal(chmod(here, 0777), 0);
	assert_int_equal(gb_fs_mkdirs("mixed/theirs/sub", NULL), 0);
	assert_int_equal(gb_fs_mkdirs("mixed/ours", NULL), 0);
	assert_int_equal(gb_fs_mkdirs("mixed/dark/sub", NULL), 0);
	put("mixed/theirs/sub/f", "x");
	put("mixed/ours/f", "x");
	assert_int_equal(chmod("mixed", 0777), 0);
	assert_int_equal(chmod("mixed/ours", 0777), 0);
	assert_int_equal(chmod("mixed/dark", 0700), 0);
	as_nobody();
	rc = gb_fs_remove_tree("mixed", &err);
	as_ourselves();
	assert_int_equal(rc, GB_ESYS);
	assert_int_equal(err.sys, EACCES);
	assert_non_null(strstr(err.line, " in mixed: Permission denied"));
	assert_false(gb_fs_exists("mixed/ours"));
	assert_true(gb_fs_exists("mixed/theirs/sub/f"));
	assert_true(gb_fs_exists("mixed/dark/sub"));
	assert_int_equal(gb_fs_remove_tree("mixed", NULL), 0);
	assert_int_equal(chmod(here, 0700), 0);
}

static void test_remove_where_nothing_may_be_removed(void **state)
{
	const char *here = *state;
	struct gb_err err = GB_ERR_INIT;
	int file, folder, link, hidden;

	if (getuid() != 0)
		skip();
	assert_int_equal(chmod(here, 0755), 0);
	put("stays", "x");
	assert_int_equal(gb_fs_mkdirs("closed/inner", NULL), 0);
	assert_int_equal(chmod("closed", 0), 0);
	as_nobody();
	file = gb_fs_remove_tree("stays", &err);
	folder = gb_fs_remove_tree("closed", NULL);
	hidden = gb_fs_remove_tree("closed/inner", NULL);
	link = gb_fs_write("stays", "new", 3, NULL);
	as_ourselves();
	assert_int_equal(file, GB_ESYS);
	assert_string_equal(err.line, "remove stays: Permission denied");
	assert_int_equal(folder, GB_ESYS);
	assert_int_equal(hidden, GB_ESYS);
	assert_int_equal(link, GB_ESYS);
	assert_content("stays", "x");
	assert_int_equal(chmod(here, 0700), 0);
}

static void test_realpath_and_cwd(void **state)
{
	const char *here = *state;
	_free_ char *found = NULL;
	_free_ char *cwd = NULL;
	struct gb_err err = GB_ERR_INIT;

	assert_int_equal(gb_fs_cwd(&cwd, &err), 0);
	assert_string_equal(cwd, here);
	assert_int_equal(gb_fs_realpath("target/../.", &found, &err), 0);
	assert_string_equal(found, here);
	assert_int_equal(gb_fs_realpath("none", &cwd, &err), GB_ENOTFOUND);
	assert_string_equal(err.line, "resolve none: No such file or directory");
}

static void test_cwd_that_is_gone(void **state)
{
	const char *here = *state;
	_free_ char *found = NULL;
	struct gb_err err = GB_ERR_INIT;

	assert_int_equal(gb_fs_mkdirs("gone", NULL), 0);
	assert_int_equal(chdir("gone"), 0);
	assert_int_equal(rmdir("../gone"), 0);
	assert_int_equal(gb_fs_cwd(&found, &err), GB_ENOTFOUND);
	assert_null(found);
	assert_int_equal(chdir(here), 0);
}

/* The second to come gets the lock when the first lets go, and not before. */
static void test_lock_waits(void **state)
{
	int first = gb_fs_lock("lock", NULL), fds[2], status;
	char got = '?';
	pid_t pid;

	(void)state;
	assert_true(first >= 0);
	assert_true(fcntl(first, F_GETFD) & FD_CLOEXEC);
	assert_int_equal(gb_fd_pipe(fds), 0);
	pid = fork();
	if (pid == 0) {
		close(first);
		if (gb_fd_write_all(fds[1], "w", 1) < 0 || gb_fs_lock("lock", NULL) < 0)
			_exit(1);
		_exit(gb_fd_write_all(fds[1], "l", 1) < 0);
	}
	assert_int_equal(read(fds[0], &got, 1), 1);
	assert_int_equal(got, 'w');
	usleep(60 * 1000);
	assert_int_equal(gb_fd_nonblock(fds[0]), 0);
	assert_int_equal(read(fds[0], &got, 1), -1);
	close(first);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_int_equal(read(fds[0], &got, 1), 1);
	assert_int_equal(got, 'l');
	close(fds[0]);
	close(fds[1]);
	assert_int_equal(gb_fs_lock("no/such/folder", NULL), GB_ENOTFOUND);
}

/* Standard streams closed: the pipe must not land there. */
static int make_low_pipe(void)
{
	int fds[2];

	close(0);
	close(1);
	if (gb_fd_pipe(fds) < 0 || fds[0] <= 2 || fds[1] <= 2)
		return 1;
	return fcntl(0, F_GETFD) >= 0 || !(fcntl(fds[0], F_GETFD) & FD_CLOEXEC);
}

static void test_pipes_stay_above_the_standard_streams(void **state)
{
	(void)state;
	assert_int_equal(in_child(make_low_pipe), 0);
}

/* Room for the pipe, but not for moving it out of the way: nothing is left open. */
static int make_pipe_without_room(void)
{
	struct rlimit before, limit;
	int fds[2] = { 77, 77 }, rc;

	close(0);
	close(1);
	if (getrlimit(RLIMIT_NOFILE, &before) < 0)
		return 1;
	limit = before;
	limit.rlim_cur = 3;
	setrlimit(RLIMIT_NOFILE, &limit);
	rc = gb_fd_pipe(fds);
	setrlimit(RLIMIT_NOFILE, &before);
	if (rc == 0 || fds[0] != 77)
		return 2;
	return fcntl(0, F_GETFD) >= 0 || fcntl(1, F_GETFD) >= 0 ? 3 : 0;
}

static void test_a_pipe_without_room(void **state)
{
	(void)state;
	assert_int_equal(in_child(make_pipe_without_room), 0);
}

static void test_writing_to_a_closed_descriptor(void **state)
{
	(void)state;
	assert_int_equal(gb_fd_write_all(-1, "x", 1), -1);
	assert_int_equal(gb_fd_write_all(-1, "x", 0), 0);
	assert_int_equal(gb_fd_nonblock(-1), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_read),
		cmocka_unit_test(test_write_keeps_the_mode),
		cmocka_unit_test(test_write_leaves_nothing_beside),
		cmocka_unit_test(test_failed_write_keeps_the_old_file),
		cmocka_unit_test(test_write_follows_a_link),
		cmocka_unit_test(test_write_to_stdout_keeps_what_was_printed),
		cmocka_unit_test(test_write_to_stderr),
		cmocka_unit_test(test_write_into_what_is_no_file),
		cmocka_unit_test(test_mkdirs),
		cmocka_unit_test(test_link_or_copy),
		cmocka_unit_test(test_copy_between_devices),
		cmocka_unit_test(test_remove_tree),
		cmocka_unit_test(test_remove_read_only_tree),
		cmocka_unit_test(test_remove_goes_on_after_a_failure),
		cmocka_unit_test(test_remove_where_nothing_may_be_removed),
		cmocka_unit_test(test_realpath_and_cwd),
		cmocka_unit_test(test_cwd_that_is_gone),
		cmocka_unit_test(test_lock_waits),
		cmocka_unit_test(test_pipes_stay_above_the_standard_streams),
		cmocka_unit_test(test_a_pipe_without_room),
		cmocka_unit_test(test_writing_to_a_closed_descriptor),
	};

	return cmocka_run_group_tests(tests, tempdir_enter, tempdir_leave);
}
