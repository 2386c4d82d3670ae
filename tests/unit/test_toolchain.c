/* toolchain: what the go command says, and how it is called. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/err.h"
#include "base/fs.h"
#include "base/mem.h"
#include "base/text.h"
#include "fake_go.h"
#include "go/toolchain.h"
#include "tempdir.h"

static void test_minor(void **state)
{
	static const struct {
		const char *version;
		int minor;
	} rows[] = {
		{ "go1.26.8", 26 },
		{ "go1.27rc1", 27 },
		{ "go1.21", 21 },
		{ "devel go1.28-abcdef Mon Jan 5", 28 },
		{ "go1.28-devel_abcdef", 28 },
		{ "go1.25.5 X:nocoverageredesign", 25 },
		{ "go1.22.2-vendor", 22 },
		{ "go1.4", 4 },
		{ "devel +abcdef", -1 },
		{ "go2.0", -1 },
		{ "go1.", -1 },
		{ "go1.x", -1 },
		{ "", -1 },
		{ "go1.99999999999999999999", -1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(gb_go_minor(rows[i].version), rows[i].minor);
}

static void test_find(void **state)
{
	struct gb_toolchain t;

	(void)state;
	fake_go_make();
	fake_go_env(&(struct fake_env){
		.version = "go1.25.5", .goexperiment = "synctest", .goflags = "-mod=mod" });
	fake_write("modules.txt", "example.com/a\t/m/a\nexample.com/a/b\t/m/a b\n", 0);
	assert_int_equal(gb_toolchain_find(NULL, &t, NULL), 0);
	assert_true(gb_ends(t.command, "/go"));
	assert_string_equal(t.version, "go1.25.5");
	assert_int_equal(t.minor, 25);
	assert_string_equal(t.goroot, "/goroot");
	assert_string_equal(t.real_root, "/goroot");
	assert_string_equal(t.goflags, "-mod=mod");
	assert_string_equal(t.goexperiment, "synctest");
	assert_string_equal(t.hostarch, "amd64");
	assert_true(t.cgo);
	assert_null(t.add_experiment);
	assert_int_equal(t.n_modules, 2);
	assert_string_equal(t.modules[1].path, "example.com/a/b");
	assert_string_equal(t.modules[1].dir, "/m/a b");
	gb_toolchain_release(&t);
	/* Outside a module nobody is asked for modules. */
	fake_write("modules.txt", "", 0);
	fake_go_env(&(struct fake_env){ .gomod = "/dev/null" });
	assert_int_equal(gb_toolchain_find(".", &t, NULL), 0);
	assert_int_equal(t.n_modules, 0);
	gb_toolchain_release(&t);
}

static void test_experiments(void **state)
{
	static const struct {
		const char *flags, *user, *expected;
	} rows[] = {
		{ "SizeSpecializedMalloc bool\nGoroutineLeakProfile bool\n", "",
		  "nosizespecializedmalloc" },
		{ "SizeSpecializedMalloc bool\n", "greenteagc",
		  "greenteagc,nosizespecializedmalloc" },
		{ "SwissMap bool\n", "x", NULL },
	};

	(void)state;
	fake_go_make();
	assert_int_equal(gb_fs_mkdirs("root/src/internal/goexperiment", NULL), 0);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct gb_strlist env = GB_STRLIST_INIT;
		struct gb_toolchain t;
		fake_write("root/src/internal/goexperiment/flags.go", rows[i].flags, 0);
		fake_go_env(&(struct fake_env){
			.goroot = "root", .goexperiment = rows[i].user, .gomod = "" });
		assert_int_equal(gb_toolchain_find(NULL, &t, NULL), 0);
		assert_int_equal(gb_toolchain_env(&t, "/tmp/x", &env, NULL), 0);
		assert_string_equal(gb_env_get(&env, "GOTMPDIR"), "/tmp/x");
		assert_null(gb_env_get(&env, "GOROOT"));
		if (rows[i].expected)
			assert_string_equal(gb_env_get(&env, "GOEXPERIMENT"), rows[i].expected);
		else
			assert_null(gb_env_get(&env, "GOEXPERIMENT"));
		gb_toolchain_release(&t);
		gb_strlist_release(&env);
	}
}

static void test_refused(void **state)
{
	struct gb_toolchain t;
	struct gb_err err = GB_ERR_INIT;

	(void)state;
	fake_go_make();
	fake_go_env(&(struct fake_env){ .version = "go1.20.14" });
	assert_int_equal(gb_toolchain_find(NULL, &t, &err), GB_EMEASURE);
	assert_non_null(strstr(err.line, "go1.20.14"));
	assert_non_null(strstr(err.hint, "1.21"));
	fake_go_env(&(struct fake_env){ .version = "gccgo" });
	assert_int_equal(gb_toolchain_find(NULL, &t, &err), GB_EMEASURE);
	fake_go_env(&(struct fake_env){ .goroot = "" });
	assert_int_equal(gb_toolchain_find(NULL, &t, &err), GB_EMEASURE);
	fake_write("env.json", "not JSON", 0);
	assert_int_equal(gb_toolchain_find(NULL, &t, &err), GB_EPARSE);
	fake_write("go", "#!/bin/sh\necho 'go: errors parsing go.mod' >&2\nexit 1\n", 1);
	assert_int_equal(gb_toolchain_find(NULL, &t, &err), GB_EMEASURE);
	assert_non_null(strstr(err.line, "errors parsing go.mod"));
	fake_write("go", "#!/bin/sh\nexit 1\n", 1);
	assert_int_equal(gb_toolchain_find(NULL, &t, &err), GB_EMEASURE);
	setenv("GOBUDGET_GO", "no-such-go-command", 1);
	assert_int_equal(gb_toolchain_find(NULL, &t, &err), GB_ENOTFOUND);
	assert_non_null(strstr(err.hint, "install Go"));
}

static void test_cross(void **state)
{
	struct gb_toolchain t = { .goos = (char[]){ "windows" }, .hostos = (char[]){ "linux" } };
	struct gb_err err = GB_ERR_INIT;

	(void)state;
	assert_int_equal(gb_toolchain_can_run(&t, false, &err), GB_EMEASURE);
	assert_non_null(strstr(err.line, "windows"));
	assert_int_equal(gb_toolchain_can_run(&t, true, NULL), 0);
	t.goos = t.hostos;
	assert_int_equal(gb_toolchain_can_run(&t, false, NULL), 0);
}

static void test_gcflags(void **state)
{
	struct gb_module modules[] = { { (char[]){ "example.com/a" }, NULL },
				       { (char[]){ "std" }, NULL } };
	struct gb_toolchain t = { .modules = modules, .n_modules = 2 };
	struct gb_strlist args = GB_STRLIST_INIT;

	(void)state;
	assert_int_equal(gb_toolchain_gcflags(&t, "", &args, NULL), 0);
	assert_int_equal(gb_toolchain_gcflags(&t, NULL, &args, NULL), 0);
	assert_int_equal(args.n, 0);
	assert_int_equal(gb_toolchain_gcflags(&t, "-l", &args, NULL), 0);
	assert_int_equal(args.n, 2);
	assert_string_equal(args.v[0], "-gcflags=example.com/a/...=-l");
	assert_string_equal(args.v[1], "-gcflags=-l");
	t.n_modules = 0;
	assert_int_equal(gb_toolchain_gcflags(&t, "-l -N", &args, NULL), 0);
	assert_string_equal(args.v[2], "-gcflags=-l -N");
	gb_strlist_release(&args);
}

static void test_module(void **state)
{
	struct gb_module modules[] = { { (char[]){ "example.com/a" }, (char[]){ "/a" } },
				       { (char[]){ "example.com/a/b" }, (char[]){ "/a/b" } },
				       { (char[]){ "std" }, (char[]){ "/go/src" } } };
	const struct gb_toolchain t = { .modules = modules, .n_modules = 3 };
	static const struct {
		const char *package, *dir, *module;
	} rows[] = {
		{ "example.com/a", NULL, "example.com/a" },
		{ "example.com/a/c", NULL, "example.com/a" },
		{ "example.com/a/b/c", NULL, "example.com/a/b" },
		{ "example.com/ab", NULL, NULL },
		{ "net/http", "/go/src/net/http", "std" },
		{ "net/http", NULL, NULL },
		{ "other.org/x", "/cache/x", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct gb_module *m = gb_toolchain_module(&t, rows[i].package, rows[i].dir);
		if (rows[i].module)
			assert_string_equal(m->path, rows[i].module);
		else
			assert_null(m);
	}
}

/* With a GOCACHE the symlink is the same at every run, and mended when it leads elsewhere. */
static void test_lasting_link(struct gb_toolchain *t, const char *here)
{
	char *wanted = gb_asprintf("%s/gocache/gobudget/toolchain@v0.0.1-go1.25.5", here);
	struct gb_toolchain linked;

	free(t->cache);
	t->cache = gb_path_join(here, "gocache");
	for (int i = 0; i < 3; i++) {
		assert_int_equal(gb_toolchain_link(t, "scratch", &linked, NULL), 0);
		assert_true(linked.linked);
		assert_string_equal(linked.goroot, wanted);
		assert_true(gb_fs_is_dir(wanted));
		gb_toolchain_release(&linked);
		if (i == 1) {
			assert_int_equal(unlink(wanted), 0);
			assert_int_equal(symlink("/nowhere", wanted), 0);
		}
	}
	/* Where it cannot be, the scratch folder has it. */
	free(t->cache);
	t->cache = gb_strdup("/dev/null");
	assert_int_equal(gb_toolchain_link(t, "scratch", &linked, NULL), 0);
	assert_string_equal(linked.goroot, "scratch/goroot");
	gb_toolchain_release(&linked);
	free(wanted);
}

static void test_link(void **state)
{
	const char *here = *state;
	char *cache = gb_path_join(here, "modcache");
	char *root = gb_path_join(cache, "toolchain@v0.0.1-go1.25.5");
	struct gb_strlist env = GB_STRLIST_INIT;
	struct gb_toolchain t, linked;

	fake_go_make();
	assert_int_equal(gb_fs_mkdirs(root, NULL), 0);
	fake_write("modules.txt", "example.com/a\t/m/a\n", 0);
	fake_go_env(&(struct fake_env){ .goroot = root, .modcache = cache });
	assert_int_equal(gb_toolchain_find(NULL, &t, NULL), 0);
	assert_int_equal(mkdir("scratch", 0700), 0);
	assert_int_equal(gb_toolchain_link(&t, "scratch", &linked, NULL), 0);
	assert_true(linked.linked);
	assert_string_equal(linked.goroot, "scratch/goroot");
	assert_string_equal(linked.command, "scratch/goroot/bin/go");
	assert_string_equal(linked.real_root, root);
	assert_true(gb_fs_is_dir("scratch/goroot"));
	assert_int_equal(linked.n_modules, 1);
	assert_int_equal(gb_toolchain_env(&linked, NULL, &env, NULL), 0);
	assert_string_equal(gb_env_get(&env, "GOROOT"), "scratch/goroot");
	assert_string_equal(gb_env_get(&env, "GOTOOLCHAIN"), "local");
	gb_strlist_release(&env);
	gb_toolchain_release(&linked);
	test_lasting_link(&t, here);
	gb_toolchain_release(&t);
	/* One that was installed stays where it is. */
	fake_go_env(&(struct fake_env){ .goroot = here, .modcache = cache });
	assert_int_equal(gb_toolchain_find(NULL, &t, NULL), 0);
	assert_int_equal(gb_toolchain_link(&t, "scratch", &linked, NULL), 0);
	assert_false(linked.linked);
	assert_string_equal(linked.command, t.command);
	gb_toolchain_release(&linked);
	gb_toolchain_release(&t);
	free(root);
	free(cache);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_minor),
		cmocka_unit_test_setup_teardown(test_find, tempdir_enter, tempdir_leave),
		cmocka_unit_test_setup_teardown(test_experiments, tempdir_enter, tempdir_leave),
		cmocka_unit_test_setup_teardown(test_refused, tempdir_enter, tempdir_leave),
		cmocka_unit_test(test_cross),
		cmocka_unit_test(test_gcflags),
		cmocka_unit_test(test_module),
		cmocka_unit_test_setup_teardown(test_link, tempdir_enter, tempdir_leave),
	};

	return cmocka_run_group_tests_name("toolchain", tests, NULL, NULL);
}
