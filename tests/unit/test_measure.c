/*
 * measure: one go test from start to run, with a go command and test binaries made of sh.
 *
 * This program is its own wrapper: with the argument "exec" it is what
 * `gobudget exec` is.  The overlay is written from the real GOROOT.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/fs.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/text.h"
#include "fake_go.h"
#include "go/exec.h"
#include "go/measuring.h"
#include "tempdir.h"

static char *goroot, *go_version;

/* What the fake go test and its binaries share. */
#define PRELUDE                                                                               \
	"#!/bin/sh\nr=${GOBUDGET_AGENT% * *}\n"                                               \
	"tab() { while [ $# -gt 1 ]; do printf '%s\\t' \"$1\"; shift; done; echo \"$1\"; }\n" \
	"put() { tab \"$@\" >>\"$r\"; }\n"                                                    \
	"head() { put gobudget 1 runtime \"$1\" go1.26.8 3; }\n"                              \
	"begin() { put begin \"$1\" \"$2\" test \"$3\" m.F f_test.go 7; }\n"                  \
	"end() { put end \"$1\" \"$2\" 5 0 1 2 64 3; }\n"                                     \
	"rest() { put package 0 0 0 0 0; put done; }\n"

/* Runs binary $1 of package $2 as go test does; $3 is what it prints before the result. */
#define GO_TEST                                                                              \
	"run() {\n"                                                                          \
	"	eval \"set -- \\\"\\$1\\\" \\\"\\$2\\\" $EXEC\"\n"                                 \
	"	b=$1 p=$2; shift 2\n"                                                              \
	"	mkdir -p \"$here/mod/$p\"\n"                                                       \
	"	s=0; (cd \"$here/mod/$p\" && PATH=$PATH \"$@\" \"$here/$b\" $ARGS) 2>&1 || s=$?\n" \
	"	if [ $s = 0 ]; then printf 'ok  \\texample.com/m/%s\\t0.1s\\n' \"$p\"\n"           \
	"	else printf 'FAIL\\texample.com/m/%s\\t0.1s\\n' \"$p\"; bad=1; fi\n"               \
	"}\n"                                                                                \
	"bad=0 ARGS=-test.timeout=10m0s\n"

struct heard {
	struct gb_buf lines;
	size_t started, done, ticks;
};

static void on_line(void *arg, int stream, const char *line, size_t len, bool whole)
{
	struct heard *h = arg;

	(void)stream;
	gb_buf_add(&h->lines, line, len);
	if (whole)
		gb_buf_addc(&h->lines, '\n');
}

static void on_started(void *arg, const char *package)
{
	struct heard *h = arg;

	assert_true(gb_starts(package, "example.com/m/"));
	h->started++;
}

static void on_done(void *arg, const char *package)
{
	struct heard *h = arg;

	assert_non_null(package);
	h->done++;
}

static void on_tick(void *arg)
{
	struct heard *h = arg;

	h->ticks++;
}

/* One measuring from start to end, released by done(). */
struct trial {
	struct gb_measure_options o;
	struct gb_strlist patterns, flags;
	struct heard heard;
	struct gb_measuring *m;
	struct gb_run *run;
	struct gb_err err;
	int rc;
};

static void prepare(struct trial *t, const char *test_sh)
{
	_buf_ struct gb_buf text = GB_BUF_INIT(GB_MIB);
	char cwd[3000];

	assert_non_null(getcwd(cwd, sizeof(cwd)));
	fake_go_make();
	fake_go_env(&(struct fake_env){ .version = go_version, .goroot = goroot });
	gb_buf_addf(&text, "example.com/m\t%s/mod\n", cwd);
	fake_write("modules.txt", text.data, 0);
	gb_buf_clear(&text);
	gb_buf_addf(&text, "%s%sexit $bad\n", GO_TEST, test_sh);
	fake_write("test.sh", text.data, 0);
	assert_int_equal(gb_fs_mkdirs("mod", NULL), 0);
	*t = (struct trial){ .err = GB_ERR_INIT };
	t->heard.lines = (struct gb_buf)GB_BUF_INIT(GB_MIB);
	t->o = (struct gb_measure_options){ .patterns = &t->patterns,
					    .go_flags = &t->flags,
					    .gcflags = "-l",
					    .settle_ms = 10,
					    .on_line = on_line,
					    .on_package_started = on_started,
					    .on_package_done = on_done,
					    .on_tick = on_tick,
					    .arg = &t->heard };
	gb_strlist_add(&t->patterns, "./...", NULL);
	t->run = gb_run_new(NULL);
}

static void measure(struct trial *t)
{
	t->rc = gb_measure_start(&t->o, &t->m, &t->err);
	if (!t->rc)
		t->rc = gb_measure(t->m, t->run, &t->err);
	if (t->rc)
		print_message("%s\n", t->err.line);
}

static void done(struct trial *t)
{
	gb_measuring_free(t->m);
	gb_run_free(t->run);
	gb_buf_release(&t->heard.lines);
	gb_strlist_release(&t->patterns);
	gb_strlist_release(&t->flags);
}

static void assert_trouble(const struct gb_run *run, const char *package, enum gb_trouble_kind kind,
			   const char *test, const char *text)
{
	const struct gb_package *p = gb_run_package(run, package);

	assert_non_null(p);
	for (size_t i = 0; i < p->n_troubles; i++)
		if (p->troubles[i].kind == kind && gb_streq(p->troubles[i].test, test) &&
		    strstr(p->troubles[i].text, text))
			return;
	for (size_t i = 0; i < p->n_troubles; i++)
		print_message("has: %s [%s] %s\n", gb_trouble_name(p->troubles[i].kind),
			      p->troubles[i].test ? p->troubles[i].test : "-", p->troubles[i].text);
	fail_msg("%s: no trouble \"%s\"", package, text);
}

static void test_a_good_run(void **state)
{
	struct trial t;

	(void)state;
	prepare(&t, "run a.test a\nrun b.test b\n"
		    "printf '?   \\texample.com/m/c\\t[no test files]\\n'\n");
	fake_write("a.test",
		   PRELUDE
		   "head example.com/m/a; begin 1 0 TestA; begin 2 1 TestA/x; end 2 pass; "
		   "end 1 pass; rest; echo \"tmp=$GOTMPDIR exp=$GOEXPERIMENT\"; sleep 0.3\n",
		   1);
	fake_write("b.test", PRELUDE "head example.com/m/b; begin 1 0 TestB; end 1 skip; rest\n",
		   1);
	gb_strlist_add(&t.flags, "-tags=b,a b", NULL);
	gb_strlist_add(&t.flags, "-race", NULL);
	setenv("GOTMPDIR", "/the/users", 1);
	measure(&t);
	unsetenv("GOTMPDIR");
	assert_int_equal(t.rc, 0);
	assert_int_equal(t.run->n_packages, 3);
	const struct gb_package *a = gb_run_package(t.run, "example.com/m/a");
	assert_true(a->passed && a->measured);
	assert_int_equal(a->n_troubles, 0);
	assert_string_equal(a->module, "example.com/m");
	assert_true(gb_ends(a->dir, "/mod/a"));
	assert_int_equal(gb_package_test(a, "TestA/x")->samples[0].v[GB_ALLOC_SPACE], 64);
	assert_trouble(t.run, "example.com/m/c", GB_TROUBLE_NO_TESTS, NULL, "no test files");
	/* The environment of the numbers. */
	assert_int_equal(t.run->env.gomaxprocs, 4);
	assert_string_equal(t.run->env.tags, "a,b");
	assert_string_equal(t.run->env.gcflags, "-l");
	assert_string_equal(t.run->env.platform, "linux/amd64");
	assert_true(t.run->env.race && t.run->env.cgo);
	assert_int_equal(t.run->runs, 1);
	assert_false(t.run->filtered);
	/* Handed on byte for byte, the tests' own environment untouched. */
	assert_non_null(strstr(t.heard.lines.data, "tmp=/the/users exp=\n"));
	assert_non_null(strstr(t.heard.lines.data, "ok  \texample.com/m/b\t0.1s\n"));
	assert_int_equal(t.heard.done, 3);
	assert_true(t.heard.started >= 1);
	assert_true(t.heard.ticks >= 1);
	assert_int_equal(gb_measure_go_status(t.m), 0);
	assert_string_equal(gb_measure_toolchain(t.m)->goroot, goroot);
	done(&t);
}

static void test_again(void **state)
{
	struct trial t;
	struct gb_package *a;

	(void)state;
	prepare(&t, "run a.test a\n");
	fake_write("a.test",
		   PRELUDE "head example.com/m/a; begin 1 0 TestA; end 1 pass; rest\n"
			   "case $GOBUDGET_AGENT in *exact) exit 1 ;; esac\n",
		   1);
	measure(&t);
	assert_int_equal(t.rc, 0);
	unlink("a.test"); /* go test's own is gone by then */
	assert_int_equal(gb_measure_again(t.m, "example.com/m/a", GB_IN_ORDER, NULL, t.run, NULL),
			 0);
	t.run->runs++;
	assert_int_equal(gb_measure_again(t.m, "example.com/m/a", GB_EXACT, NULL, t.run, NULL), 0);
	t.run->runs++;
	assert_int_equal(gb_measure_again(t.m, "example.com/m/a", GB_ALONE, "TestA", t.run, NULL),
			 0);
	a = gb_run_package(t.run, "example.com/m/a");
	const struct gb_test *test = gb_package_test(a, "TestA");
	assert_int_equal(test->n_samples, 4);
	assert_int_equal(test->samples[1].run, 1);
	assert_int_equal(test->samples[2].mode, GB_EXACT);
	assert_int_equal(test->samples[3].run, 3);
	assert_int_equal(test->samples[3].mode, GB_ALONE);
	/* A rerun's failure is named, and is not the package's. */
	assert_int_equal(a->n_troubles, 1);
	assert_true(a->troubles[0].warning);
	assert_true(a->passed);
	assert_int_equal(gb_measure_again(t.m, "example.com/m/z", GB_EXACT, NULL, t.run, NULL),
			 GB_ENOTFOUND);
	done(&t);
}

static void test_every_way_to_fail(void **state)
{
	static const struct {
		const char *binary;
		enum gb_trouble_kind kind;
		const char *test, *text;
	} rows[] = {
		{ "head example.com/m/a; begin 1 0 TestP; printf -- '--- FAIL: TestP (0.00s)\\n'\n"
		  "printf 'panic: boom\\n\\ngoroutine 1\\n'; exit 2\n",
		  GB_TROUBLE_PANIC, "TestP", "panic: boom" },
		{ "head example.com/m/a; begin 1 0 TestE; begin 2 1 TestE/in; exit 3\n",
		  GB_TROUBLE_EXIT, "TestE/in", "exit status 3 before its tests were done" },
		{ "head example.com/m/a; begin 1 0 TestE; begin 2 0 TestF; exit 3\n",
		  GB_TROUBLE_EXIT, NULL, "exit status 3" },
		{ "exit 4\n", GB_TROUBLE_EXIT, NULL, "before any test" },
		{ "head example.com/m/a; begin 1 0 TestE; end 1 pass; rest; exit 5\n",
		  GB_TROUBLE_EXIT, NULL, "exit status 5 after its tests were done" },
		{ "head example.com/m/a; begin 1 0 TestK; kill -KILL $$\n", GB_TROUBLE_SIGNAL,
		  "TestK", "signal 9" },
		{ "head example.com/m/a; begin 1 0 TestT\n"
		  "printf 'panic: test timed out after 1s\\n\\trunning tests:\\n\\t\\tTestT "
		  "(1s)\\n\\n'; exit 2\n",
		  GB_TROUBLE_TIMEOUT, "TestT", "test timed out after 1s" },
		{ "head example.com/m/a; rest\n", GB_TROUBLE_NO_TESTS, NULL, "no tests to run" },
		{ "exit 0\n", GB_TROUBLE_NO_RECORD, NULL, "passed, and nothing was recorded" },
		{ "head example.com/m/a; put end 9 pass 1; exit 0\n", GB_TROUBLE_NO_RECORD, NULL,
		  "record" },
		{ "head example.com/m/a; begin 1 0 TestC; end 1 pass; rest; sleep 31 >/dev/null "
		  "2>&1 &\n",
		  GB_TROUBLE_CHILDREN, NULL, "1 process outlived the tests and was stopped: s" },
		{ "head example.com/m/a; begin 1 0 TestH; put hang 1; exit 86\n", GB_TROUBLE_HANG,
		  "TestH", "hung" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		_buf_ struct gb_buf text = GB_BUF_INIT(GB_MIB);
		struct trial t;
#ifndef __linux__
		if (rows[i].kind == GB_TROUBLE_CHILDREN)
			continue;
#endif
		prepare(&t, "run a.test a\n");
		gb_buf_addf(&text, "%s%s", PRELUDE, rows[i].binary);
		fake_write("a.test", text.data, 1);
		measure(&t);
		assert_int_equal(t.rc, 0);
		assert_trouble(t.run, "example.com/m/a", rows[i].kind, rows[i].test, rows[i].text);
		done(&t);
	}
}

static void test_memory(void **state)
{
	struct trial t;

	(void)state;
#ifdef __linux__
	prepare(&t, "run a.test a\n");
	fake_write("a.test",
		   PRELUDE "head example.com/m/a; begin 1 0 TestM\n"
			   "x=x; while :; do x=$x$x; done\n",
		   1);
	t.o.memory = 64 << 20;
	measure(&t);
	assert_int_equal(t.rc, 0);
	assert_trouble(t.run, "example.com/m/a", GB_TROUBLE_MEMORY, "TestM", "memory");
	done(&t);
#else
	(void)t;
#endif
}

static void test_failures_of_our_flags(void **state)
{
	struct trial t;

	(void)state;
	/* The wrapper's run fails; without our flags TestOurs passes and TestTheirs does not. */
	prepare(&t, "case $EXEC in '')\n"
		    "	for i in 1 2 3; do printf -- '--- FAIL: TestTheirs (0.00s)\\n'\n"
		    "	case \"$*\" in *example.com/m/...=-l*) v=FAIL w=FAIL ;; *) v=PASS w=PASS "
		    ";; esac\n"
		    "	test $i != 2 || w=PASS\n"
		    "	printf -- '--- %s: TestOurs (0.00s)\\n--- %s: TestFlaky (0.00s)\\n' $v $w; "
		    "done\n"
		    "	exit 1 ;;\n"
		    "esac\nrun a.test a\n");
	fake_write("a.test",
		   PRELUDE
		   "head example.com/m/a; begin 1 0 TestOurs; end 1 fail; begin 2 0 TestTheirs; "
		   "end 2 fail; begin 3 0 TestFlaky; end 3 fail; rest\n"
		   "printf -- '--- FAIL: TestOurs (0.00s)\\n    a_test.go:1: why\\n"
		   "--- FAIL: TestTheirs (0.00s)\\n'; exit 1\n",
		   1);
	measure(&t);
	assert_int_equal(t.rc, 0);
	const struct gb_package *a = gb_run_package(t.run, "example.com/m/a");
	assert_true(gb_package_test(a, "TestOurs")->flags_only);
	assert_false(gb_package_test(a, "TestTheirs")->flags_only);
	/* One that fails now and then is no more ours than anybody's. */
	assert_false(gb_package_test(a, "TestFlaky")->flags_only);
	assert_trouble(t.run, "example.com/m/a", GB_TROUBLE_FAIL, "TestOurs",
		       "only under -gcflags=-l");
	assert_trouble(t.run, "example.com/m/a", GB_TROUBLE_FAIL, "TestTheirs", "failed");
	assert_string_equal(a->troubles[0].output, "    a_test.go:1: why\n");
	assert_true(a->troubles[0].warning);
	assert_false(a->troubles[1].warning);
	assert_false(a->passed);
	done(&t);
}

static void test_builds_that_fail(void **state)
{
	struct trial t;

	(void)state;
	prepare(&t, "printf '# example.com/m/a [example.com/m/a.test]\\na.go:1: no\\n' >&2\n"
		    "printf '# example.com/m/b\\n# [example.com/m/b]\\nb.go:2: vetted\\n' >&2\n"
		    "printf 'FAIL\\texample.com/m/a [build failed]\\n'\n"
		    "printf 'FAIL\\texample.com/m/b [build failed]\\n'\n"
		    "bad=1\n");
	measure(&t);
	assert_int_equal(t.rc, 0);
	assert_trouble(t.run, "example.com/m/a", GB_TROUBLE_BUILD, NULL, "a.go:1: no");
	assert_trouble(t.run, "example.com/m/b", GB_TROUBLE_VET, NULL, "b.go:2: vetted");
	assert_int_equal(gb_measure_go_status(t.m), 1);
	done(&t);
}

static void test_nothing_passes_in_silence(void **state)
{
	struct trial t;

	(void)state;
	/* go test says FAIL, and no binary was ever started. */
	prepare(&t, "printf 'FAIL\\texample.com/m/a\\t0.1s\\n'; bad=1\n");
	measure(&t);
	assert_int_equal(t.rc, 0);
	assert_trouble(t.run, "example.com/m/a", GB_TROUBLE_EXIT, NULL, "no test binary ran");
	done(&t);
	/* A line that a test might have printed itself names no package. */
	prepare(&t, "printf 'ok  \\texample.com/fake\\t0.1s\\n'; run a.test a\n");
	fake_write("a.test", PRELUDE "head example.com/m/a; begin 1 0 TestA; end 1 pass; rest\n",
		   1);
	measure(&t);
	assert_int_equal(t.rc, 0);
	assert_int_equal(t.run->n_packages, 1);
	done(&t);
	/* go test comes to nothing. */
	prepare(&t, "echo 'go: downloading x v1' >&2; echo 'go: no such module' >&2; bad=1\n");
	measure(&t);
	assert_int_equal(t.rc, GB_EMEASURE);
	assert_non_null(strstr(t.err.line, "go: no such module"));
	done(&t);
	prepare(&t, "bad=0\n");
	measure(&t);
	assert_int_equal(t.rc, GB_EMEASURE);
	done(&t);
}

static void test_json_and_prefix(void **state)
{
	struct trial t;

	(void)state;
	prepare(&t, "run a.test a >/dev/null\n"
		    "echo '{\"Action\":\"pass\",\"Package\":\"example.com/m/a\"}'\n");
	fake_write("a.test",
		   PRELUDE "test \"$MINE\" = 'a b' || exit 9\n"
			   "head example.com/m/a; begin 1 0 TestA; end 1 pass; rest\n",
		   1);
	gb_strlist_add(&t.flags, "-json", NULL);
	gb_strlist_add(&t.flags, "-exec", NULL);
	gb_strlist_add(&t.flags, "env 'MINE=a b'", NULL);
	gb_strlist_add(&t.flags, "-run=A", NULL);
	measure(&t);
	assert_int_equal(t.rc, 0);
	assert_true(gb_run_package(t.run, "example.com/m/a")->passed);
	assert_true(t.run->filtered);
	done(&t);
}

static void test_start_refuses(void **state)
{
	struct trial t;

	(void)state;
	prepare(&t, "");
	gb_strlist_add(&t.flags, "-fuzz=X", NULL);
	measure(&t);
	assert_int_equal(t.rc, GB_EUSAGE);
	done(&t);
	prepare(&t, "");
	fake_go_env(&(struct fake_env){ .goroot = goroot, .goos = "plan9", .version = go_version });
	measure(&t);
	assert_int_equal(t.rc, GB_EMEASURE);
	done(&t);
	prepare(&t, "");
	gb_strlist_add(&t.flags, "-C", NULL);
	gb_strlist_add(&t.flags, "no-such-folder", NULL);
	measure(&t);
	assert_true(t.rc < 0);
	done(&t);
}

static void test_command_line(void **state)
{
	struct gb_module module = { (char[]){ "m" }, (char[]){ "/m" } };
	struct gb_strlist patterns = GB_STRLIST_INIT, args = GB_STRLIST_INIT,
			  argv = GB_STRLIST_INIT;
	struct gb_measure_options o = {
		.patterns = &patterns, .gcflags = "-l", .timeout_ms = 5000, .jobs = 3, .bench = "."
	};
	struct gb_measuring m = { .o = &o, .ctl = (char[]){ "/s c/ctl" } };
	struct gb_buf text = GB_BUF_INIT(4096);

	(void)state;
	m.go = (struct gb_toolchain){ .command = (char[]){ "go" },
				      .modules = &module,
				      .n_modules = 1 };
	m.overlay.json = (char[]){ "/s/o.json" };
	gb_strlist_add(&patterns, "./a", NULL);
	gb_quoted_split("./b -gcflags=-S -exec 'x y' -v", &args, NULL);
	assert_int_equal(gb_testflags_parse("-gcflags=-N", &args, &m.flags, NULL), 0);
	assert_int_equal(gb_measuring_argv(&m, "/bin/gobudget", &argv, NULL), 0);
	for (size_t i = 0; i < argv.n; i++)
		gb_buf_addf(&text, "%s|", argv.v[i]);
	assert_string_equal(text.data,
			    "go|test|-overlay=/s/o.json|-exec=/bin/gobudget exec '/s c/ctl' x y|"
			    "-gcflags=m/...=-l|-gcflags=-N|-timeout=5000ms|-p=3|-bench=.|./a|./b|"
			    "-gcflags=-S|-v|");
	char *flags = NULL;
	assert_int_equal(gb_measuring_gcflags_text(&m, &flags, NULL), 0);
	assert_string_equal(flags, "-l -N -S");
	free(flags);
	m.ctl = (char[]){ "/it's \"both\"" };
	gb_strlist_release(&argv);
	assert_int_equal(gb_measuring_argv(&m, "/bin/gobudget", &argv, NULL), GB_EUSAGE);
	gb_strlist_release(&argv);
	gb_strlist_release(&args);
	gb_strlist_release(&patterns);
	gb_testflags_release(&m.flags);
	gb_buf_release(&text);
}

static void test_tags(void **state)
{
	static const struct {
		const char *tags, *expected;
	} rows[] = {
		{ NULL, "" }, { "", "" }, { "b,a", "a,b" }, { "b a b", "a,b" }, { ",,x,", "x" }
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char *text = NULL;
		assert_int_equal(gb_measuring_tags(rows[i].tags, &text, NULL), 0);
		assert_string_equal(text, rows[i].expected);
		free(text);
	}
}

static void say(const char *text, size_t len)
{
	gb_fd_write_all(STDOUT_FILENO, text, len);
}

static int be_the_wrapper(char **argv)
{
	struct gb_exec_call c;
	struct gb_supervised how = { 0 };
	struct gb_err err = GB_ERR_INIT;
	int rc = gb_exec_parse(argv, &c, &err), status;

	c.say = say;
	if (!rc)
		rc = gb_exec(&c, &how, &err);
	if (rc) {
		fprintf(stderr, "exec: %s\n", err.line);
		return 99;
	}
	if (how.signal)
		gb_end_like(&how);
	status = how.status;
	gb_supervised_release(&how);
	return status;
}

/* The real one's GOROOT: its sources are what the overlay is made of. */
static int find_goroot(void **state)
{
	struct gb_toolchain t;
	struct gb_err err = GB_ERR_INIT;

	(void)state;
	if (gb_toolchain_find("/", &t, &err)) {
		print_error("%s\n", err.line);
		return -1;
	}
	goroot = gb_strdup(t.real_root);
	go_version = gb_strdup(t.version);
	gb_toolchain_release(&t);
	return 0;
}

static int forget_goroot(void **state)
{
	(void)state;
	free(goroot);
	free(go_version);
	return 0;
}

#define IN_TEMPDIR(f) cmocka_unit_test_setup_teardown(f, tempdir_enter, tempdir_leave)

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		IN_TEMPDIR(test_a_good_run),
		IN_TEMPDIR(test_again),
		IN_TEMPDIR(test_every_way_to_fail),
		IN_TEMPDIR(test_memory),
		IN_TEMPDIR(test_failures_of_our_flags),
		IN_TEMPDIR(test_builds_that_fail),
		IN_TEMPDIR(test_nothing_passes_in_silence),
		IN_TEMPDIR(test_json_and_prefix),
		IN_TEMPDIR(test_start_refuses),
		cmocka_unit_test(test_command_line),
		cmocka_unit_test(test_tags),
	};

	if (argc > 1 && strcmp(argv[1], "exec") == 0)
		return be_the_wrapper(argv + 1);
	unsetenv("GOFLAGS");
	unsetenv("GOEXPERIMENT");
	return cmocka_run_group_tests_name("measure", tests, find_goroot, forget_goroot);
}
