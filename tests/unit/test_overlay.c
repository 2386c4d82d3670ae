/* overlay: the agent over a GOROOT that is only read; the user's overlay stays in force. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/fs.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/mem.h"
#include "go/assets.h"
#include "go/edits.h"
#include "go/overlay.h"
#include "go/toolchain.h"
#include "tempdir.h"

/* The Go on PATH, whichever version it is. */
static struct gb_toolchain go;
static char *here;

static int setup(void **state)
{
	struct gb_err err = GB_ERR_INIT;

	if (tempdir_enter(state) < 0)
		return -1;
	here = *state;
	if (gb_toolchain_find(NULL, &go, &err) < 0) {
		print_error("%s\n", err.line);
		return -1;
	}
	return 0;
}

static int teardown(void **state)
{
	gb_toolchain_release(&go);
	return tempdir_leave(state);
}

static const char *path(const char *dir, const char *name)
{
	static char text[2][GB_MAX_PATH];
	static int turn;
	char *out = text[turn++ % 2];

	snprintf(out, GB_MAX_PATH, "%s/%s", dir, name);
	return out;
}

static char *read_text(const char *file)
{
	struct gb_buf b = GB_BUF_INIT(GB_MAX_GO_SOURCE);
	struct gb_err err = GB_ERR_INIT;

	if (gb_fs_read(file, &b, &err) < 0)
		fail_msg("%s", err.line);
	return gb_buf_detach(&b);
}

static void write_text(const char *file, const char *text)
{
	_free_ char *dir = gb_strdup(file);
	struct gb_err err = GB_ERR_INIT;

	*strrchr(dir, '/') = '\0';
	if (gb_fs_mkdirs(dir, &err) < 0 || gb_fs_write(file, text, strlen(text), &err) < 0)
		fail_msg("%s", err.line);
}

static void lay(const struct gb_overlay_options *o, struct gb_overlay *ret)
{
	struct gb_err err = GB_ERR_INIT;

	assert_int_equal(gb_fs_remove_tree(o->dir, NULL), 0);
	assert_int_equal(gb_fs_mkdirs(o->dir, NULL), 0);
	if (gb_overlay_write(o, ret, &err) < 0)
		fail_msg("%s", err.line);
}

/* What overlay.json says instead of a file; NULL: nothing. */
static char *instead(const struct gb_overlay *o, const char *file)
{
	_free_ char *text = read_text(o->json);
	_json_ struct gb_json *j = NULL;
	struct gb_err err = GB_ERR_INIT;

	if (gb_json_parse("overlay.json", text, strlen(text), &j, &err) < 0)
		fail_msg("%s", err.line);
	const cJSON *map = cJSON_GetObjectItemCaseSensitive(j->root, "Replace");
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(map, file);
	return cJSON_IsString(item) ? gb_strdup(item->valuestring) : NULL;
}

/* The text that replaces a file of the GOROOT. */
static char *patched(const struct gb_overlay *o, const char *goroot, const char *file)
{
	_free_ char *key = gb_asprintf("%s/src/%s", goroot, file);
	_free_ char *other = instead(o, key);

	if (!other)
		fail_msg("%s is not replaced", file);
	return read_text(other);
}

static void assert_has(const char *text, const char *part)
{
	if (!strstr(text, part))
		fail_msg("no \"%s\"", part);
}

/* Copies what the agent edits of the real GOROOT, so that a test can change it. */
static int copy_source(void *arg, const char *file, struct gb_buf *ret, struct gb_err *err)
{
	_free_ char *from = gb_asprintf("%s/src/%s", go.goroot, file);
	_free_ char *to = gb_asprintf("%s/src/%s", (const char *)arg, file);
	int rc = gb_fs_read(from, ret, err);

	if (rc >= 0)
		write_text(to, ret->data);
	return rc;
}

static char *fake_goroot(const char *name)
{
	static const char *const files[] = { "testing.edits", "fallback.edits", "runtime.edits" };
	char *root = gb_asprintf("%s/%s", here, name);
	struct gb_edits e = { .minor = go.minor, .load = copy_source, .arg = root };
	struct gb_err err = GB_ERR_INIT;

	for (size_t f = 0; f < 3; f++) {
		for (size_t i = 0; i < gb_assets_n; i++) {
			if (strcmp(gb_assets[i].name, files[f]) != 0)
				continue;
			if (gb_edits_apply(&e, files[f], (const char *)gb_assets[i].data, &err) < 0)
				fail_msg("%s", err.line);
		}
	}
	gb_edits_release(&e);
	return root;
}

/* Another Go: one place of a file reads differently. */
static void change(const char *root, const char *file, const char *from, const char *to)
{
	_free_ char *full = gb_asprintf("%s/src/%s", root, file);
	_free_ char *text = read_text(full);
	char *at = strstr(text, from);

	if (!at)
		fail_msg("no \"%s\" in %s", from, file);
	_free_ char *other = gb_asprintf("%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
	write_text(full, other);
}

static void test_stress_lets_the_scheduler_choose(void **state)
{
	struct gb_overlay_options o = { .goroot = go.goroot, .minor = go.minor };
	_free_ char *dir = gb_asprintf("%s/stress", here);

	(void)state;
	o.dir = dir;
	for (int step = 0; step <= 2; step++) {
		struct gb_overlay ret;

		o.stress = step > 0;
		o.random = step > 1;
		lay(&o, &ret);
		assert_int_equal(ret.accounting, GB_ACCOUNTING_RUNTIME);
		_free_ char *proc = patched(&ret, go.goroot, "runtime/proc.go");
		assert_has(proc, step > 1 ? "var randomizeScheduler = true"
					  : "const randomizeScheduler = raceenabled");
		assert_has(proc, step > 0 ? "const gobudgetStress = true"
					  : "const gobudgetStress = false");
		gb_overlay_release(&ret);
	}
}

static void test_over_the_go_on_path(void **state)
{
	struct gb_overlay_options o = { .goroot = go.goroot, .minor = go.minor };
	_free_ char *dir = gb_asprintf("%s/plain", here);
	struct gb_overlay ret;

	(void)state;
	o.dir = dir;
	lay(&o, &ret);
	assert_int_equal(ret.accounting, GB_ACCOUNTING_RUNTIME);
	assert_null(ret.why);
	assert_string_equal(ret.json, path(dir, "overlay.json"));
	_free_ char *proc = patched(&ret, go.goroot, "runtime/proc.go");
	assert_has(proc, "gobudgetSpawn(newg, mp.curg)");
	assert_has(proc, "func gobudgetSpawn(");
	_free_ char *testing = patched(&ret, go.goroot, "testing/testing.go");
	assert_has(testing, "func gobudgetBegin(");
	assert_has(testing, "const gobudgetAccounting = \"runtime\"");
	gb_overlay_release(&ret);
	assert_null(ret.json);
}

static void test_the_fallback_asked_for(void **state)
{
	struct gb_overlay_options o = { .goroot = go.goroot, .minor = go.minor, .fallback = true };
	_free_ char *dir = gb_asprintf("%s/fallback", here);
	_free_ char *proc = gb_asprintf("%s/src/runtime/proc.go", go.goroot);
	struct gb_overlay ret;

	(void)state;
	o.dir = dir;
	lay(&o, &ret);
	assert_int_equal(ret.accounting, GB_ACCOUNTING_TESTING);
	assert_string_equal(ret.why, "asked for");
	assert_null(instead(&ret, proc));
	_free_ char *testing = patched(&ret, go.goroot, "testing/testing.go");
	assert_has(testing, "const gobudgetAccounting = \"testing\"");
	gb_overlay_release(&ret);
}

static void test_lines_stay_where_they_were(void **state)
{
	struct gb_overlay_options o = { .goroot = go.goroot, .minor = go.minor };
	_free_ char *dir = gb_asprintf("%s/lines", here);
	_free_ char *file = gb_asprintf("%s/src/testing/testing.go", go.goroot);
	_free_ char *before = read_text(file);
	struct gb_overlay ret;

	(void)state;
	o.dir = dir;
	lay(&o, &ret);
	_free_ char *after = patched(&ret, go.goroot, "testing/testing.go");
	/* The last function of the original is on the line it was on. */
	const char *last = NULL;
	for (const char *p = before; (p = strstr(p, "\nfunc ")); p++)
		last = p;
	assert_non_null(last);
	_free_ char *head = gb_strndup(last, strcspn(last + 1, "\n") + 1);
	const char *there = strstr(after, head);
	assert_non_null(there);
	size_t lines[2] = { 0, 0 };
	for (const char *p = before; p < last; p++)
		lines[0] += *p == '\n';
	for (const char *p = after; p < there; p++)
		lines[1] += *p == '\n';
	assert_int_equal(lines[0], lines[1]);
	gb_overlay_release(&ret);
}

static void test_the_users_overlay_is_merged(void **state)
{
	_free_ char *dir = gb_asprintf("%s/merged", here);
	_free_ char *user = gb_asprintf("%s/user/overlay.json", here);
	_free_ char *user_dir = gb_asprintf("%s/user", here);
	_free_ char *proc = gb_asprintf("%s/src/runtime/proc.go", go.goroot);
	_free_ char *testing = gb_asprintf("%s/src/testing/testing.go", go.goroot);
	_free_ char *mine = read_text(proc);
	struct gb_overlay_options o = { .goroot = go.goroot,
					.minor = go.minor,
					.dir = dir,
					.user_overlay = user,
					.user_dir = user_dir };
	struct gb_overlay ret;

	(void)state;
	/* The user's version of a file that we patch, absolute and relative. */
	_free_ char *proc_text = gb_asprintf("%s\n// the user's runtime\n", mine);
	write_text(path(user_dir, "proc.go"), proc_text);
	_free_ char *old = read_text(testing);
	_free_ char *testing_text = gb_asprintf("%s\n// the user's testing\n", old);
	write_text(path(user_dir, "sub/testing.go"), testing_text);
	_free_ char *json = gb_asprintf("{\"Replace\": {\"%s\": \"%s/proc.go\", \"%s\": "
					"\"sub/testing.go\", \"a \\\"b\\\".go\": \"c.go\", "
					"\"gone.go\": \"\"}}",
					proc, user_dir, testing);
	write_text(user, json);

	lay(&o, &ret);
	_free_ char *new_proc = patched(&ret, go.goroot, "runtime/proc.go");
	assert_has(new_proc, "gobudgetSpawn(newg, mp.curg)");
	assert_has(new_proc, "// the user's runtime");
	_free_ char *new_testing = patched(&ret, go.goroot, "testing/testing.go");
	assert_has(new_testing, "// the user's testing");
	_free_ char *other = instead(&ret, "a \"b\".go");
	assert_string_equal(other, "c.go");
	_free_ char *gone = instead(&ret, "gone.go");
	assert_string_equal(gone, "");
	_free_ char *text = read_text(ret.json);
	const char *first = strstr(text, proc);
	assert_non_null(first);
	assert_null(strstr(first + 1, proc)); /* one entry of each name */
	gb_overlay_release(&ret);
}

/* A path that only ends like one of ours is not one of ours. */
static void test_an_entry_that_only_looks_like_ours_stays(void **state)
{
	_free_ char *dir = gb_asprintf("%s/similar", here);
	_free_ char *user = gb_asprintf("%s/similar.json", here);
	_free_ char *other = gb_strdup(go.goroot);
	struct gb_overlay_options o = {
		.goroot = go.goroot, .minor = go.minor, .dir = dir, .user_overlay = user
	};
	struct gb_overlay ret;

	(void)state;
	other[strlen(other) - 1] ^= 1;
	_free_ char *key = gb_asprintf("%s/src/testing/testing.go", other);
	_free_ char *json = gb_asprintf("{\"Replace\": {\"%s\": \"x.go\"}}", key);
	write_text(user, json);
	lay(&o, &ret);
	_free_ char *kept = instead(&ret, key);
	assert_string_equal(kept, "x.go");
	gb_overlay_release(&ret);
}

static void test_a_users_overlay_that_cannot_be_read(void **state)
{
	static const struct {
		const char *text; /* NULL: no file */
		int code;
	} rows[] = {
		{ NULL, GB_ENOTFOUND },
		{ "{\"Replace\": ", GB_EUSAGE },
	};
	_free_ char *dir = gb_asprintf("%s/unread", here);
	_free_ char *user = gb_asprintf("%s/unread.json", here);
	struct gb_overlay_options o = {
		.goroot = go.goroot, .minor = go.minor, .dir = dir, .user_overlay = user
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct gb_err err = GB_ERR_INIT;
		struct gb_overlay ret;

		if (rows[i].text)
			write_text(user, rows[i].text);
		assert_int_equal(gb_overlay_write(&o, &ret, &err), rows[i].code);
		assert_has(err.line, "unread.json");
	}
}

/* The runtime of a Go that we do not know: the fallback, which says why. */
static void test_a_changed_runtime_falls_back(void **state)
{
	_free_ char *root = fake_goroot("runtime");
	_free_ char *dir = gb_asprintf("%s/runtime-overlay", here);
	struct gb_overlay_options o = { .goroot = root, .minor = go.minor, .dir = dir };
	struct gb_overlay ret;

	(void)state;
	lay(&o, &ret);
	assert_int_equal(ret.accounting, GB_ACCOUNTING_RUNTIME);
	gb_overlay_release(&ret);

	change(root, "runtime/proc.go", "newg.labels = mp.curg.labels",
	       "newg.inherit(mp.curg.labels)");
	lay(&o, &ret);
	assert_int_equal(ret.accounting, GB_ACCOUNTING_TESTING);
	assert_string_equal(ret.why, "runtime/proc.go: no place for \"a new goroutine inherits\"");
	_free_ char *proc = gb_asprintf("%s/src/runtime/proc.go", root);
	assert_null(instead(&ret, proc));
	_free_ char *testing = patched(&ret, root, "testing/testing.go");
	assert_has(testing, "const gobudgetAccounting = \"testing\"");
	gb_overlay_release(&ret);
}

static void test_a_runtime_file_that_is_gone_falls_back(void **state)
{
	_free_ char *root = fake_goroot("gone");
	_free_ char *dir = gb_asprintf("%s/gone-overlay", here);
	_free_ char *file = gb_asprintf("%s/src/runtime/mgcpacer.go", root);
	struct gb_overlay_options o = { .goroot = root, .minor = go.minor, .dir = dir };
	struct gb_overlay ret;

	(void)state;
	assert_int_equal(remove(file), 0);
	lay(&o, &ret);
	assert_int_equal(ret.accounting, GB_ACCOUNTING_TESTING);
	assert_has(ret.why, "runtime/mgcpacer.go");
	gb_overlay_release(&ret);
}

static void test_an_unknown_testing_package_is_refused(void **state)
{
	_free_ char *root = fake_goroot("testing");
	_free_ char *dir = gb_asprintf("%s/testing-overlay", here);
	struct gb_overlay_options o = { .goroot = root, .minor = go.minor, .dir = dir };

	(void)state;
	change(root, "testing/testing.go", "\tgo tRunner(t, f)\n", "\tt.start(f)\n");
	assert_int_equal(gb_fs_mkdirs(dir, NULL), 0);
	for (int fallback = 0; fallback < 2; fallback++) {
		struct gb_err err = GB_ERR_INIT;
		struct gb_overlay ret;

		o.fallback = fallback;
		assert_int_equal(gb_overlay_write(&o, &ret, &err), GB_EMEASURE);
		assert_has(err.line, "this Go's testing package is not one we know");
		assert_has(err.line, "testing/testing.go: no place for \"the framework's own "
				     "goroutine\"");
		assert_has(err.hint, "use a released Go");
	}
}

static void test_a_folder_that_cannot_be_written(void **state)
{
	_free_ char *dir = gb_asprintf("%s/no/such/folder", here);
	struct gb_overlay_options o = { .goroot = go.goroot, .minor = go.minor, .dir = dir };

	(void)state;
	for (int fallback = 0; fallback < 2; fallback++) {
		struct gb_err err = GB_ERR_INIT;
		struct gb_overlay ret;

		o.fallback = fallback;
		assert_true(gb_overlay_write(&o, &ret, &err) < 0);
		assert_has(err.line, dir);
		assert_null(strstr(err.line, "not one we know"));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_over_the_go_on_path),
		cmocka_unit_test(test_stress_lets_the_scheduler_choose),
		cmocka_unit_test(test_the_fallback_asked_for),
		cmocka_unit_test(test_lines_stay_where_they_were),
		cmocka_unit_test(test_the_users_overlay_is_merged),
		cmocka_unit_test(test_an_entry_that_only_looks_like_ours_stays),
		cmocka_unit_test(test_a_users_overlay_that_cannot_be_read),
		cmocka_unit_test(test_a_changed_runtime_falls_back),
		cmocka_unit_test(test_a_runtime_file_that_is_gone_falls_back),
		cmocka_unit_test(test_an_unknown_testing_package_is_refused),
		cmocka_unit_test(test_a_folder_that_cannot_be_written),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
