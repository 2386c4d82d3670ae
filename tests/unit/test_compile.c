/* compile: how the go command is called, and what of its words is handed on. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/fs.h"
#include "base/limits.h"
#include "base/mem.h"
#include "fake_go.h"
#include "go/compile.h"
#include "go/testflags.h"
#include "tempdir.h"

struct told {
	struct gb_buf lines, packages;
	int stop; /* what on_line returns to a line that begins with "!" */
};

static int on_line(void *arg, const char *line, size_t len)
{
	struct told *t = arg;

	if (len && line[0] == '!')
		return t->stop;
	gb_buf_addf(&t->lines, "%.*s|", (int)len, line);
	return len && line[0] == '#';
}

static const char * or (const char *text)
{
	return text ? text : "-";
}

static int on_package(void *arg, const struct gb_compiled *p)
{
	struct told *t = arg;

	gb_buf_addf(&t->packages, "%s %s %s %s %s|", p->path, or (p->dir), or (p->module),
		    or (p->module_dir), or (p->go));
	return 0;
}

static void release(struct told *t)
{
	gb_buf_release(&t->lines);
	gb_buf_release(&t->packages);
}

/* The fake go command runs `script`; its words, one a line, are in the file argv. */
static int compile(const char *script, const char *flags, struct gb_compile_options *o,
		   struct gb_run *run, struct told *t, struct gb_err *err)
{
	_strlist_ struct gb_strlist go_flags = GB_STRLIST_INIT;
	char text[4096];
	int rc;

	*t = (struct told){ GB_BUF_INIT(GB_MIB), GB_BUF_INIT(GB_MIB), t->stop };
	snprintf(text, sizeof(text), "printf '%%s\\n' \"$@\" >argv\n%s\n", script);
	fake_write("list.sh", text, 0);
	assert_int_equal(gb_quoted_split(flags, &go_flags, NULL), 0);
	o->go_flags = &go_flags;
	o->on_line = on_line;
	o->on_package = on_package;
	o->arg = t;
	rc = gb_compile(o, run, err);
	o->go_flags = NULL;
	return rc;
}

static void has_words(const char *want)
{
	_buf_ struct gb_buf argv = GB_BUF_INIT(GB_MIB);
	char *format;

	assert_int_equal(gb_fs_read("argv", &argv, NULL), 0);
	for (char *at = argv.data; (at = strchr(at, '\n')); at++)
		*at = ' ';
	/* The format is the same everywhere, and has blanks of its own. */
	format = strstr(argv.data, "-f={{");
	assert_non_null(format);
	memmove(format, strstr(format, "{{end}} ") + 8, strlen(strstr(format, "{{end}} ") + 8) + 1);
	assert_string_equal(argv.data, want);
}

static void test_how_go_is_called(void **state)
{
	static const struct {
		const char *goflags, *flags, *gcflags, *words;
		bool tests;
		int jobs;
	} rows[] = {
		{ "", "", "-l",
		  "-export -json=false -gcflags=example.com/m/...=-l -m=2 -- ./a ./b ", false, 0 },
		{ "", "", "", "-export -json=false -gcflags=example.com/m/...=-m=2 -- ./a ./b ",
		  false, 0 },
		{ "", "", NULL, "-export -json=false -gcflags=example.com/m/...=-m=2 -- ./a ./b ",
		  false, 0 },
		{ "", "", "-l",
		  "-export -json=false -test -p=3 -gcflags=example.com/m/...=-l -m=2 -- ./a ./b ",
		  true, 3 },
		{ "",
		  "-tags=a,b -race -run=X -v -cover -json -timeout 3s -mod mod -overlay=o.json "
		  "-x",
		  "-l",
		  "-export -json=false -overlay=o.json -tags=a,b -race -mod mod "
		  "-gcflags=example.com/m/...=-l -m=2 -- ./a ./b ",
		  false, 0 },
		{ "", "-gcflags=-N", "-l",
		  "-export -json=false -gcflags=example.com/m/...=-N -m=2 -- ./a ./b ", false, 0 },
		{ "", "'-gcflags=all=-N -l'", "-l",
		  "-export -json=false -gcflags=example.com/m/...=-N -l -m=2 -- ./a ./b ", false,
		  0 },
		{ "-gcflags=all=-B", "", "-l",
		  "-export -json=false -gcflags=example.com/m/...=-B -m=2 -- ./a ./b ", false, 0 },
		{ "", "./c -args -tags=not", "-l",
		  "-export -json=false -gcflags=example.com/m/...=-l -m=2 -- ./a ./b ./c ", false,
		  0 },
	};
	const char *const words[] = { "./a", "./b" };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		_strlist_ struct gb_strlist patterns = GB_STRLIST_INIT;
		struct gb_compile_options o = { .patterns = &patterns,
						.gcflags = rows[i].gcflags,
						.more = "-m=2",
						.tests = rows[i].tests,
						.jobs = rows[i].jobs };
		struct told t = { .stop = 0 };
		_toolchain_ struct gb_toolchain go = { 0 };
		struct gb_err err = GB_ERR_INIT;

		fake_go_env(&(struct fake_env){ .goflags = rows[i].goflags });
		assert_int_equal(gb_strlist_add_all(&patterns, words, 2, NULL), 0);
		assert_int_equal(gb_toolchain_find(NULL, &go, &err), 0);
		o.toolchain = &go;
		if (compile(":", rows[i].flags, &o, NULL, &t, &err) < 0)
			fail_msg("%s", err.line);
		has_words(rows[i].words);
		release(&t);
	}
}

static void test_what_go_says(void **state)
{
	static const char script[] =
		"echo '# example.com/m' >&2\n"
		"printf 'example.com/m\\t/m\\texample.com/m\\t/m\\t1.21\\n'\n"
		"printf 'example.com/m.test\\t/m\\texample.com/m\\t/m\\t1.21\\n'\n"
		"printf 'example.com/m [example.com/m.test]\\t/m\\t\\t\\t\\n'\n"
		"printf 'sort\\t/go/src/sort\\t\\t\\t\\n'\n"
		"printf '\\n'\n"
		"printf 'short\\n'";
	_run_ struct gb_run *run = gb_run_new(NULL);
	struct gb_compile_options o = { .gcflags = "-l", .more = "-m=2" };
	struct told t = { .stop = 0 };
	struct gb_err err = GB_ERR_INIT;

	(void)state;
	fake_go_env(&(struct fake_env){ .goflags = "" });
	if (compile(script, "-tags=b,a -race", &o, run, &t, &err) < 0)
		fail_msg("%s", err.line);
	assert_string_equal(t.lines.data, "# example.com/m|");
	assert_string_equal(t.packages.data, "example.com/m /m example.com/m /m 1.21|"
					     "sort /go/src/sort - - -|short - - - -|");
	assert_int_equal(run->n_packages, 3);
	assert_string_equal(gb_run_package(run, "example.com/m")->module, "example.com/m");
	assert_true(run->packages[0].passed);
	assert_string_equal(run->env.go, "1.26");
	assert_string_equal(run->env.platform, "linux/amd64");
	assert_string_equal(run->env.gcflags, "-l");
	assert_string_equal(run->env.tags, "a,b");
	assert_true(run->env.race);
	assert_true(run->env.gomaxprocs > 0);
	release(&t);
}

static void test_what_does_not_compile(void **state)
{
	static const struct {
		const char *script, *line;
	} rows[] = {
		{ "exit 1", "does not compile: the go command does not say why" },
		{ "echo '# m' >&2; echo 'x.go:1:2: undefined: y' >&2; echo more >&2; exit 1",
		  "does not compile: x.go:1:2: undefined: y" },
		{ "echo 'go: downloading a v1' >&2; echo >&2; echo 'go: no module' >&2; exit 1",
		  "does not compile: go: no module" },
		{ "echo 'go: downloading a v1' >&2; exit 1",
		  "does not compile: the go command does not say why" },
	};

	(void)state;
	fake_go_env(&(struct fake_env){ .goflags = "" });
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct gb_compile_options o = { .more = "-m=2" };
		struct told t = { .stop = 0 };
		struct gb_err err = GB_ERR_INIT;

		assert_int_equal(compile(rows[i].script, "", &o, NULL, &t, &err), GB_EMEASURE);
		assert_string_equal(err.line, rows[i].line);
		assert_true(err.hint[0]);
		assert_string_equal(t.packages.data, "");
		release(&t);
	}
}

static void test_a_reader_may_stop(void **state)
{
	struct gb_compile_options o = { .more = "-m=2" };
	struct told t = { .stop = GB_ELIMIT };
	struct gb_err err = GB_ERR_INIT;

	(void)state;
	fake_go_env(&(struct fake_env){ .goflags = "" });
	assert_int_equal(compile("echo '!' >&2", "", &o, NULL, &t, &err), GB_ELIMIT);
	release(&t);
}

static void test_wrong_flags(void **state)
{
	struct gb_compile_options o = { .more = "-m=2" };
	struct told t = { .stop = 0 };
	struct gb_err err = GB_ERR_INIT;

	(void)state;
	fake_go_env(&(struct fake_env){ .goflags = "" });
	assert_int_equal(compile(":", "-tags", &o, NULL, &t, &err), GB_EUSAGE);
	release(&t);
}

static int enter(void **state)
{
	int rc = tempdir_enter(state);

	fake_go_make();
	fake_write("modules.txt", "example.com/m\t/m\n", 0);
	return rc;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_how_go_is_called),
		cmocka_unit_test(test_what_go_says),
		cmocka_unit_test(test_what_does_not_compile),
		cmocka_unit_test(test_a_reader_may_stop),
		cmocka_unit_test(test_wrong_flags),
	};

	return cmocka_run_group_tests(tests, enter, tempdir_leave);
}
