/* roam: which sources look at files elsewhere. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"
#include "base/fs.h"
#include "plan/roam.h"
#include "tempdir.h"

static void test_sources(void **state)
{
	static const struct {
		const char *text;
		bool roams;
	} rows[] = {
		{ "", false },
		{ "func F(a ...string) { G(a...) }", false },
		{ "os.ReadFile(\"testdata/x\")", false },
		{ "os.ReadFile(\"../testdata/x\")", true },
		{ "os.ReadFile(`../x`)", true },
		{ "filepath.Join(\"..\", \"x\")", true },
		{ "filepath.Join(dir+\"/..\", \"x\")", true },
		{ "_, file, _, _ := runtime.Caller(0)", false },
		{ "_, file, _, _ := runtime.Caller(0); filepath.Dir(file)", true },
		{ "runtime.Callers(2, pcs); filepath.Base(f)", false },
		{ "exec.Command(\"go\", \"build\")", true },
		{ "exec.CommandContext(ctx, \"go\", \"build\")", true },
		{ "exec.Command(\"shellcheck\")", false },
		{ "exec.Command(\"git\", \"rev-parse\", \"--show-toplevel\")", true },
		{ "dir, err := os.Getwd()", true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (gb_plan_source_roams(rows[i].text, strlen(rows[i].text)) != rows[i].roams)
			fail_msg("%s", rows[i].text);
}

static void row(struct gb_plan_package *k, char *dir, const char *file)
{
	*k = (struct gb_plan_package){ .dir = dir };
	assert_int_equal(gb_strlist_add(&k->files, file, NULL), 0);
}

/* What cannot be read may look anywhere; what is not ours is not looked at. */
static void test_scan(void **state)
{
	struct gb_plan_package v[4];
	struct gb_plan_packages p = { .v = v, .n = 4 };
	const char *top = *state;
	char vendored[4096];

	assert_int_equal(gb_fs_write("a.go", "os.Getwd()", 10, NULL), 0);
	assert_int_equal(gb_fs_write("b.go", "package b", 9, NULL), 0);
	(void)snprintf(vendored, sizeof(vendored), "%s/vendor/x", top);
	row(&v[0], *state, "a.go");
	row(&v[1], *state, "b.go");
	row(&v[2], *state, "missing.go");
	row(&v[3], vendored, "missing.go");
	assert_int_equal(gb_plan_scan(&p, top, NULL), 0);
	assert_true(v[0].roams && !v[1].roams && v[2].roams && !v[3].roams);
	for (size_t i = 0; i < 4; i++)
		gb_strlist_release(&v[i].files);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sources),
		cmocka_unit_test(test_scan),
	};

	return cmocka_run_group_tests(tests, tempdir_enter, tempdir_leave);
}
