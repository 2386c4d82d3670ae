/*
 * exec: the wrapper around a test binary, with binaries made of sh.
 *
 * Each call runs in a forked process, since it takes that process over.
 */
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/fs.h"
#include "base/limits.h"
#include "fake_go.h"
#include "go/exec.h"
#include "tempdir.h"

#define RECORD "${GOBUDGET_AGENT% * *}"
#define HEAD   "printf 'gobudget\\t1\\truntime\\tm/a\\tgo1.26.8\\t2\\n' >>\"$r\"\n"

static int lock = -1;

static void set_up(void)
{
	struct gb_exec_config c = { .settle_ms = 50 };

	assert_int_equal(mkdir("ctl", 0700), 0);
	lock = gb_fs_lock("ctl/alive", NULL);
	assert_true(lock >= 0);
	assert_int_equal(gb_exec_config_write("ctl", &c, NULL), 0);
}

static void tear_down(void)
{
	close(lock);
	lock = -1;
}

static void say(const char *text, size_t len)
{
	gb_fd_write_all(STDOUT_FILENO, text, len);
}

/* As cmd/exec.c does it, its output in the file "out".  How it ended, as waitpid() says. */
static int call(const char *const *argv)
{
	int status;
	pid_t pid;

	fflush(NULL);
	pid = fork();
	if (pid == 0) {
		struct gb_exec_call c;
		struct gb_supervised how = { 0 };
		struct gb_err err = GB_ERR_INIT;
		int fd = open("out", O_WRONLY | O_CREAT | O_TRUNC, 0600);
		dup2(fd, STDOUT_FILENO);
		/* The parent's lock is not to be taken for the owner's going on. */
		int rc = gb_exec_parse((char **)(uintptr_t)argv, &c, &err);
		c.say = say;
		if (!rc)
			rc = gb_exec(&c, &how, &err);
		if (rc) {
			fprintf(stderr, "%s\n", err.line);
			exit(99);
		}
		fflush(NULL);
		if (how.signal)
			gb_end_like(&how);
		status = how.status;
		gb_supervised_release(&how);
		exit(status);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return status;
}

static char *text_of(const char *path)
{
	struct gb_buf b = GB_BUF_INIT(GB_MIB);

	assert_int_equal(gb_fs_read(path, &b, NULL), 0);
	gb_buf_adds(&b, "");
	return gb_buf_detach(&b);
}

static void assert_file(const char *path, const char *expected)
{
	char *text = text_of(path);

	assert_string_equal(text, expected);
	free(text);
}

#define CALL(...) call((const char *const[]){ "exec", __VA_ARGS__, NULL })

static void test_first_run(void **state)
{
	struct gb_strlist argv = GB_STRLIST_INIT, dir = GB_STRLIST_INIT;
	struct gb_exec_result r;
	int status;

	(void)state;
	set_up();
	fake_write("a.test",
		   "#!/bin/sh\nr=" RECORD "\n" HEAD "printf 'done\\n' >>\"$r\"\n"
		   "echo \"$@ ${GOBUDGET_AGENT##*record } ${GITHUB_TOKEN-none}\"\nexit 3\n",
		   1);
	setenv("GITHUB_TOKEN", "secret", 1);
	status = CALL("--into", "one", "ctl", "./a.test", "-test.v", "two words");
	unsetenv("GITHUB_TOKEN");
	assert_int_equal(WEXITSTATUS(status), 3);
	assert_file("out", "-test.testlogfile=ctl/one/testlog -test.v two words 50 order none\n");
	assert_file("ctl/one/record", "gobudget\t1\truntime\tm/a\tgo1.26.8\t2\ndone\n");
	assert_true(access("ctl/one/a.test", X_OK) == 0);
	assert_int_equal(gb_exec_list_read("ctl/one", "argv", &argv, NULL), 0);
	assert_int_equal(argv.n, 3);
	assert_string_equal(argv.v[0], "ctl/one/a.test");
	assert_int_equal(gb_exec_list_read("ctl/one", "dir", &dir, NULL), 0);
	assert_string_equal(dir.v[0], (const char *)*state);
	assert_int_equal(gb_exec_result_read("ctl/one", &r, NULL), 0);
	assert_int_equal(r.last.status, 3);
	assert_int_equal(r.records, 1);
	assert_int_equal(r.mode, GB_IN_ORDER);
	gb_exec_result_release(&r);
	gb_strlist_release(&argv);
	gb_strlist_release(&dir);
	tear_down();
}

static void test_signal_and_children(void **state)
{
	struct gb_exec_result r;
	int status;

	(void)state;
	set_up();
	fake_write("a.test", "#!/bin/sh\nsleep 31 &\nkill -KILL $$\n", 1);
	status = CALL("--into", "one", "ctl", "./a.test");
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	assert_int_equal(gb_exec_result_read("ctl/one", &r, NULL), 0);
	assert_int_equal(r.last.signal, SIGKILL);
#ifdef __linux__
	assert_int_equal(r.last.children.n, 1);
	assert_string_equal(r.last.children.v[0], "sleep");
#endif
	gb_exec_result_release(&r);
	tear_down();
}

static void test_prefix(void **state)
{
	struct gb_exec_config c = { .prefix = 2 };
	int status;

	(void)state;
	set_up();
	assert_int_equal(gb_exec_config_write("ctl", &c, NULL), 0);
	fake_write("a.test", "#!/bin/sh\necho \"$X $0 $1\"\n", 1);
	status = CALL("--into", "one", "ctl", "env", "X=y", "./a.test", "-v");
	assert_int_equal(status, 0);
	assert_file("out", "y ./a.test -v\n");
	/* Once more: the prefix stays, the binary is the one that was kept. */
	assert_int_equal(CALL("--from", "ctl/one", "--into", "two", "ctl"), 0);
	assert_file("out", "y ctl/one/a.test -v\n");
	assert_int_equal(WEXITSTATUS(CALL("--into", "three", "ctl", "env", "X=y")), 99);
	tear_down();
}

static void test_again(void **state)
{
	struct gb_exec_result r;
	char *text;

	(void)state;
	set_up();
	fake_write("a.test",
		   "#!/bin/sh\necho \"$* [$GOMAXPROCS $GOGC $GODEBUG ${GOMEMLIMIT:+limit}] "
		   "${GOBUDGET_AGENT##* }\"\ntest -z \"$GOCOVERDIR\" || test -d \"$GOCOVERDIR\"\n",
		   1);
	setenv("GODEBUG", "x=1", 1);
	setenv("GOCOVERDIR", "/gone", 1);
	assert_int_equal(WEXITSTATUS(CALL("--into", "one", "ctl", "./a.test", "-test.timeout=1m",
					  "-test.coverprofile=c", "-test.run=A")),
			 1);
	unsetenv("GODEBUG");
	unsetenv("GOCOVERDIR");
	assert_int_equal(CALL("--from", "ctl/one", "--into", "two", "--mode", "exact", "ctl"), 0);
	assert_file("out", "-test.testlogfile=ctl/two/testlog -test.timeout=1m -test.run=A [1 off "
			   "x=1,randautoseed=0 limit] exact\n");
	assert_int_equal(CALL("--from", "ctl/one", "--into", "three", "--mode", "alone", "--only",
			      "TestX/y", "ctl"),
			 0);
	text = text_of("out");
	assert_non_null(strstr(text, "-test.run=^TestX$/^y$ -test.timeout=1m"));
	assert_non_null(strstr(text, "] alone\n"));
	free(text);
	assert_int_equal(gb_exec_result_read("ctl/three", &r, NULL), 0);
	assert_int_equal(r.mode, GB_ALONE);
	gb_exec_result_release(&r);
	/* The same name again is refused, nothing is overwritten. */
	assert_int_equal(WEXITSTATUS(CALL("--from", "ctl/one", "--into", "two", "ctl")), 99);
	assert_int_equal(WEXITSTATUS(CALL("--from", "ctl/none", "--into", "four", "ctl")), 99);
	tear_down();
}

/* Hangs in TestB until that is skipped; TestA is done by then. */
static const char hanging[] =
	"#!/bin/sh\nr=" RECORD "\n" HEAD "echo \"$*\"\n"
	"case \"$*\" in *TestB*)\n"
	"	printf "
	"'begin\\t1\\t0\\ttest\\tTestC\\tm.TestC\\tc."
	"go\\t1\\nend\\t1\\tpass\\t5\\t0\\t0\\t0\\t0\\t0\\ndone\\n' >>\"$r\"\n"
	"	exit 0 ;;\n"
	"esac\n"
	"printf "
	"'begin\\t1\\t0\\ttest\\tTestA\\tm.TestA\\ta."
	"go\\t1\\nend\\t1\\tpass\\t5\\t0\\t0\\t0\\t0\\t0\\n' >>\"$r\"\n"
	"printf "
	"'begin\\t2\\t0\\ttest\\tTestB\\tm.TestB\\tb.go\\t1\\nbegin\\t3\\t2\\ttest\\tTestB/"
	"s\\tm.s\\tb.go\\t2\\n' >>\"$r\"\n"
	"printf 'hang\\t3\\n' >>\"$r\"\n"
	"exit 86\n";

static void test_hung(void **state)
{
	struct gb_exec_result r;
	char *text;
	int status;

	(void)state;
	set_up();
	fake_write("a.test", hanging, 1);
	status = CALL("--into", "one", "ctl", "./a.test", "-test.skip=Z", "-test.timeout=10m0s");
	assert_int_equal(WEXITSTATUS(status), 1);
	text = text_of("out");
	assert_non_null(strstr(text, "\n--- FAIL: TestB ("));
	assert_non_null(strstr(text, "TestB/s hung"));
	assert_non_null(strstr(text, "-test.skip=Z|^(TestA|TestB)$ -test.timeout=59"));
	free(text);
	assert_int_equal(gb_exec_result_read("ctl/one", &r, NULL), 0);
	assert_int_equal(r.records, 2);
	assert_int_equal(r.last.status, 1);
	assert_true(gb_fs_exists("ctl/one/record.2"));
	gb_exec_result_release(&r);
	/* Where go test makes JSON of it the line needs its mark. */
	CALL("--into", "two", "ctl", "./a.test", "-test.v=test2json");
	text = text_of("out");
	assert_non_null(strstr(text, "\n\x16--- FAIL: TestB ("));
	free(text);
	/* No time left: not started again. */
	CALL("--into", "three", "ctl", "./a.test", "-test.timeout=1ns");
	assert_int_equal(gb_exec_result_read("ctl/three", &r, NULL), 0);
	assert_int_equal(r.records, 2);
	gb_exec_result_release(&r);
	tear_down();
}

static void test_status_86_of_its_own(void **state)
{
	struct gb_exec_result r;

	(void)state;
	set_up();
	fake_write("a.test", "#!/bin/sh\nr=" RECORD "\n" HEAD "exit 86\n", 1);
	assert_int_equal(WEXITSTATUS(CALL("--into", "one", "ctl", "./a.test")), 86);
	assert_int_equal(gb_exec_result_read("ctl/one", &r, NULL), 0);
	assert_int_equal(r.records, 1);
	gb_exec_result_release(&r);
	fake_write("b.test", "#!/bin/sh\nexit 86\n", 1);
	assert_int_equal(WEXITSTATUS(CALL("--into", "two", "ctl", "./b.test")), 86);
	tear_down();
}

static void test_names_by_pid(void **state)
{
	struct gb_exec_config c = { 0 };

	(void)state;
	set_up();
	assert_int_equal(gb_exec_config_write("ctl", &c, NULL), 0);
	fake_write("a.test", "#!/bin/sh\necho \"${GOBUDGET_AGENT%% *}\"\n", 1);
	assert_int_equal(CALL("ctl", "./a.test"), 0);
	char *text = text_of("out");
	assert_memory_equal(text, "ctl/", 4);
	assert_true(text[4] >= '1' && text[4] <= '9');
	free(text);
	tear_down();
}

static void test_environment(void **state)
{
	struct gb_exec_config c = { .goroot = (char[]){ "/s/goroot" },
				    .real_root = (char[]){ "/go" } };
	struct gb_strlist env = GB_STRLIST_INIT;

	(void)state;
	gb_strlist_add(&c.user_env, "GOTMPDIR=/mine", NULL);
	gb_strlist_add(&c.user_env, "GOEXPERIMENT", NULL);
	gb_strlist_add(&c.plugin_env, "GOFLAGS=-overlay=o", NULL);
	gb_strlist_add(&c.plugin_env, "GOROOT=/s/goroot", NULL);
	gb_env_set(&env, "GOTMPDIR", "/ours", NULL);
	gb_env_set(&env, "GOEXPERIMENT", "ours", NULL);
	gb_env_set(&env, "GOROOT", "/s/goroot", NULL);
	gb_env_set(&env, "PATH", "/s/goroot/bin:/bin:/s/goroot/binx:", NULL);
	gb_env_set(&env, "GITHUB_OUTPUT", "x", NULL);
	gb_env_set(&env, "ACTIONS_ID_TOKEN_REQUEST_URL", "x", NULL);
	gb_env_set(&env, "GITHUB_SHA", "kept", NULL);
	assert_int_equal(gb_exec_env(&c, false, &env, NULL), 0);
	assert_null(gb_env_get(&env, "GOFLAGS"));
	assert_string_equal(gb_env_get(&env, "GOTMPDIR"), "/mine");
	assert_null(gb_env_get(&env, "GOEXPERIMENT"));
	assert_string_equal(gb_env_get(&env, "GOROOT"), "/go");
	assert_string_equal(gb_env_get(&env, "PATH"), "/go/bin:/bin:/s/goroot/binx:");
	assert_null(gb_env_get(&env, "GITHUB_OUTPUT"));
	assert_null(gb_env_get(&env, "ACTIONS_ID_TOKEN_REQUEST_URL"));
	assert_string_equal(gb_env_get(&env, "GITHUB_SHA"), "kept");
	assert_int_equal(gb_exec_env(&c, true, &env, NULL), 0);
	assert_string_equal(gb_env_get(&env, "GOFLAGS"), "-overlay=o");
	assert_string_equal(gb_env_get(&env, "GOROOT"), "/s/goroot");
	gb_env_set(&env, "GOMEMLIMIT", "7", NULL);
	assert_int_equal(gb_exec_env_exact(1 << 20, &env, NULL), 0);
	assert_string_equal(gb_env_get(&env, "GODEBUG"), "randautoseed=0");
	assert_string_equal(gb_env_get(&env, "GOMEMLIMIT"), "7");
	gb_env_set(&env, "GOMEMLIMIT", NULL, NULL);
	assert_int_equal(gb_exec_env_exact(1 << 20, &env, NULL), 0);
	assert_string_equal(gb_env_get(&env, "GOMEMLIMIT"), "524288");
	gb_strlist_release(&env);
	gb_strlist_release(&c.user_env);
	gb_strlist_release(&c.plugin_env);
}

static void test_plugins(void **state)
{
	static const struct {
		const char *text;
		bool opens;
	} rows[] = {
		{ "\x7f"
		  "ELF /lib64/ld-linux-x86-64.so.2 main.main plugin.Open plugin.(*Plugin).Lookup",
		  true },
		{ "\x7f"
		  "ELF /lib64/ld-linux-x86-64.so.2 main.main",
		  false },
		/* A static one cannot, whatever it prints. */
		{ "\x7f"
		  "ELF main.main plugin.Open",
		  false },
		{ "Mach-O plugin.Open", true },
		{ "#!/bin/sh\n", false },
		{ "", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		fake_write("a.test", rows[i].text, 1);
		assert_int_equal(gb_exec_opens_plugins("a.test"), rows[i].opens);
	}
	assert_false(gb_exec_opens_plugins("no-such-file"));
}

static void test_files(void **state)
{
	struct gb_exec_config c = { .settle_ms = 5,
				    .memory = 6,
				    .prefix = 7,
				    .goroot = (char[]){ "a=b" },
				    .real_root = (char[]){ "" } };
	struct gb_exec_config back;
	struct gb_exec_result r = { .records = 4, .mode = GB_EXACT }, read;

	(void)state;
	gb_strlist_add(&c.user_env, "X=a\nb=c", NULL);
	gb_strlist_add(&c.plugin_env, "Y", NULL);
	assert_int_equal(gb_exec_config_write(".", &c, NULL), 0);
	assert_int_equal(gb_exec_config_read(".", &back, NULL), 0);
	assert_true(back.settle_ms == 5 && back.memory == 6 && back.prefix == 7);
	assert_string_equal(back.goroot, "a=b");
	assert_string_equal(back.real_root, "");
	assert_string_equal(back.user_env.v[0], "X=a\nb=c");
	assert_string_equal(back.plugin_env.v[0], "Y");
	gb_exec_config_release(&back);
	gb_strlist_release(&c.plugin_env);
	gb_strlist_release(&c.user_env);
	r.last.over_memory = r.last.owner_gone = true;
	r.last.status = 137;
	r.last.forwarded = SIGQUIT;
	gb_strlist_add(&r.last.children, "sl=eep", NULL);
	assert_int_equal(gb_exec_result_write(".", &r, NULL), 0);
	assert_int_equal(gb_exec_result_read(".", &read, NULL), 0);
	assert_true(read.last.over_memory && read.last.owner_gone && read.records == 4);
	assert_int_equal(read.last.forwarded, SIGQUIT);
	assert_int_equal(read.mode, GB_EXACT);
	assert_string_equal(read.last.children.v[0], "sl=eep");
	gb_exec_result_release(&read);
	gb_exec_result_release(&r);
}

static void test_broken_files(void **state)
{
	static const struct {
		const char *text;
		size_t len;
	} rows[] = {
		{ "settle_ms", 10 },	{ "settle_ms=x", 12 }, { "nonsense=1", 11 },
		{ "settle_ms=-1", 13 }, { "settle_ms=1", 11 }, { "status=300\0mode=1", 18 },
		{ "mode=9", 7 },
	};
	struct gb_exec_config c;
	struct gb_exec_result r;

	(void)state;
	assert_int_equal(gb_exec_config_read(".", &c, NULL), GB_ENOTFOUND);
	assert_int_equal(gb_exec_result_read(".", &r, NULL), GB_ENOTFOUND);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(gb_fs_write("config", rows[i].text, rows[i].len, NULL), 0);
		assert_int_equal(gb_fs_write("result", rows[i].text, rows[i].len, NULL), 0);
		assert_true(gb_exec_config_read(".", &c, NULL) < 0);
		assert_true(gb_exec_result_read(".", &r, NULL) < 0);
	}
}

static void test_words(void **state)
{
	static const char *const bad[][6] = {
		{ "exec", NULL },
		{ "exec", "ctl", NULL },
		{ "exec", "--mode", NULL },
		{ "exec", "--mode", "odd", "ctl", "x", NULL },
		{ "exec", "--wrong", "x", "ctl", "x", NULL },
		{ "exec", "--only", "TestX", "ctl", "x", NULL },
		{ "exec", "--mode", "alone", "ctl", "x", NULL },
		{ "exec", "--with", "-test.bench=.", "ctl", "x", NULL },
	};
	struct gb_exec_call c;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(gb_exec_parse((char **)(uintptr_t)bad[i], &c, NULL), GB_EUSAGE);
}

#define IN_TEMPDIR(f) cmocka_unit_test_setup_teardown(f, tempdir_enter, tempdir_leave)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_TEMPDIR(test_first_run),    IN_TEMPDIR(test_signal_and_children),
		IN_TEMPDIR(test_prefix),       IN_TEMPDIR(test_again),
		IN_TEMPDIR(test_hung),	       IN_TEMPDIR(test_status_86_of_its_own),
		IN_TEMPDIR(test_names_by_pid), cmocka_unit_test(test_environment),
		IN_TEMPDIR(test_files),	       IN_TEMPDIR(test_broken_files),
		cmocka_unit_test(test_words),  IN_TEMPDIR(test_plugins),
	};

	return cmocka_run_group_tests_name("exec", tests, NULL, NULL);
}
