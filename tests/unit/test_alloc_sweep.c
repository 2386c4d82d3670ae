/*
 * alloc_sweep: the 1st, 2nd, 3rd ... allocation of a call fails, until none does.
 *
 * What must hold each time: the call says GB_ENOMEM (or its own word for it)
 * and nothing else, its outputs are untouched, and under ASan and LSan nothing
 * leaks or is used after it is gone.  What has no way to fail, like
 * gb_term_live(), must just get through.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/args.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/fs.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/proc.h"
#include "base/strlist.h"
#include "base/term.h"
#include "base/text.h"
#include "tempdir.h"

#define MANY 10000 /* no call here allocates as often: a sweep that gets there does not end */

static int buf(struct gb_err *err)
{
	_buf_ struct gb_buf b = GB_BUF_INIT(10000);

	for (int i = 0; i < 100; i++)
		gb_buf_addf(&b, "%d ", i);
	gb_buf_add_json(&b, "a\"\xFF\n");
	gb_buf_fill(&b, '-', 4000);
	gb_text_safe(&b, "a\nb\xFF");
	gb_text_fit(&b, "a long name", 5);
	return b.failed ? gb_buf_error(&b, "buffer", err) : 0;
}

static int detach(struct gb_err *err)
{
	struct gb_buf b = GB_BUF_INIT(100), none = GB_BUF_INIT(100);
	_free_ char *text = NULL;
	_free_ char *empty = gb_buf_detach(&none);

	gb_buf_adds(&b, "text");
	text = gb_buf_detach(&b);
	return text && empty ? 0 : gb_fail_nomem(err);
}

static int strings(struct gb_err *err)
{
	_free_ char *a = gb_strdup("a");
	_free_ char *b = gb_asprintf("%d", 1);
	_free_ char *c = gb_path_join("a", "b");

	return a && b && c ? 0 : gb_fail_nomem(err);
}

static int strlist(struct gb_err *err)
{
	static const char *const more[] = { "c", "b", "a" };
	_strlist_ struct gb_strlist l = GB_STRLIST_INIT;
	int rc = gb_strlist_addf(&l, err, "%d", 1);

	for (int i = 0; rc == 0 && i < 20; i++)
		rc = gb_strlist_add_all(&l, more, 3, err);
	gb_strlist_sort(&l);
	return rc;
}

static int env(struct gb_err *err)
{
	static const char *const start[] = { "A=1", "B=2", "A=3" };
	_strlist_ struct gb_strlist own = GB_STRLIST_INIT;
	_strlist_ struct gb_strlist l = GB_STRLIST_INIT;
	int rc = gb_strlist_add_all(&l, start, 3, err);

	if (rc == 0)
		rc = gb_env_set(&l, "A", "4", err);
	if (rc == 0)
		rc = gb_env_set(&l, "C", "5", err);
	if (rc == 0)
		rc = gb_env_set(&l, "B", NULL, err);
	return rc == 0 ? gb_env_copy(&own, err) : rc;
}

static int json(struct gb_err *err)
{
	static const char text[] = "{\"tests\": {\"TestA/b\": {\"alloc_space\": 9007199254740993,"
				   "\"caf\\u00e9\": [1, \"x\", null, true, {}]}}}";
	_json_ struct gb_json *j = NULL;
	_buf_ struct gb_buf path = GB_BUF_INIT(1000);
	int rc = gb_json_parse("b.json", text, strlen(text), &j, err);

	if (rc < 0) {
		assert_null(j);
		return rc;
	}
	gb_json_path(j, j->root->child->child->child, &path);
	return path.failed ? gb_buf_error(&path, "path", err) : 0;
}

/* A broken file is told as such, or memory is; never anything else. */
static int broken_json(struct gb_err *err)
{
	static const char *const texts[] = { "{\"a\":1,\"a\":2}", "[1, 2", "{\"alloc_spce\": 1}" };
	static const char *const keys[] = { "alloc_space", NULL };

	for (size_t i = 0; i < 3; i++) {
		_json_ struct gb_json *j = NULL;
		int rc = gb_json_parse("b.json", texts[i], strlen(texts[i]), &j, err);

		if (rc == 0)
			rc = gb_json_only_keys(j, j->root, keys, err);
		if (rc != GB_EUSAGE)
			return rc;
	}
	return 0;
}

static int fs(struct gb_err *err)
{
	_buf_ struct gb_buf b = GB_BUF_INIT(100);
	_free_ char *real = NULL;
	_free_ char *cwd = NULL;
	int rc = gb_fs_mkdirs("a/b/c", err);

	if (rc == 0)
		rc = gb_fs_write("a/file", "text", 4, err);
	if (rc == 0)
		rc = gb_fs_read("a/file", &b, err);
	if (rc == 0)
		rc = gb_fs_link_or_copy("a/file", "a/b/link", err);
	if (rc == 0)
		rc = gb_fs_realpath("a/b/..", &real, err);
	if (rc == 0)
		rc = gb_fs_cwd(&cwd, err);
	assert_int_equal(gb_fs_remove_tree("a", NULL), 0);
	return rc;
}

static int scratch(struct gb_err *err)
{
	_free_ char *path = NULL;
	int rc = gb_fs_scratch(&path, err);

	if (rc == 0)
		return gb_fs_remove_tree(path, err);
	assert_null(path);
	return rc;
}

static int which(struct gb_err *err)
{
	_free_ char *path = NULL;
	int rc = gb_fs_which("sh", &path, err);

	return rc < 0 ? rc : gb_fs_which("gb-none", &path, NULL) == GB_ENOTFOUND ? 0 : GB_ENOMEM;
}

static int on_line(void *arg, int stream, const char *line, size_t len)
{
	(void)arg;
	(void)stream;
	(void)line;
	(void)len;
	return 0;
}

static int proc(struct gb_err *err)
{
	static const char *const argv[] = { "sh", "-c", "echo out; echo err >&2", NULL };
	_buf_ struct gb_buf out = GB_BUF_INIT(100);
	struct gb_proc p = {
		.argv = argv,
		.out = GB_STDIO_BUF,
		.err = GB_STDIO_LINES,
		.out_buf = &out,
		.on_line = on_line,
	};

	return gb_proc_run(&p, NULL, err);
}

static int args(struct gb_err *err)
{
	char words[][8] = { "check", "a", "--skip", "x", "b" };
	char *argv[] = { words[0], words[1], words[2], words[3], words[4], NULL };
	_strlist_ struct gb_strlist skip = GB_STRLIST_INIT;
	const struct gb_opt opts[] = {
		{ "skip", 0, GB_OPT_STRINGS, "X", "leave out", &skip, 0, 0, false },
		{ NULL, 0, GB_OPT_FLAG, NULL, NULL, NULL, 0, 0, false },
	};
	_buf_ struct gb_buf help = GB_BUF_INIT(1000);
	int first, dashdash, rc = gb_args_parse("check", opts, 5, argv, &first, &dashdash, err);

	gb_args_help(opts, &help);
	return rc < 0 ? rc : help.failed ? gb_buf_error(&help, "help", err) : 0;
}

static int term(struct gb_err *err)
{
	struct gb_term t = { stdout, true, false, 80, false, true, false };

	(void)err;
	t.file = tmpfile();
	gb_term_live(&t, "line");
	gb_term_live(&t, NULL);
	fclose(t.file);
	return 0;
}

static void sweep(const char *name, int (*call)(struct gb_err *err))
{
	size_t failed = 0;

	for (size_t n = 1; n < MANY; n++) {
		struct gb_err err = GB_ERR_INIT;
		size_t asked;
		int rc;

		gb_mem_fail_at(n);
		rc = call(&err);
		asked = gb_mem_count();
		gb_mem_fail_at(0);
		if (rc < 0) {
			if (rc != GB_ENOMEM)
				fail_msg("%s, allocation %zu: code %d, %s", name, n, rc, err.line);
			failed++;
		}
		if (asked < n) {
			assert_int_equal(rc, 0); /* every allocation was there */
			print_message("%s: %zu of %zu failures reached the caller\n", name, failed,
				      n - 1);
			return;
		}
	}
	fail_msg("%s does not end", name);
}

static void test_sweep(void **state)
{
	static const struct {
		const char *name;
		int (*call)(struct gb_err *err);
	} rows[] = {
		{ "buf", buf },
		{ "detach", detach },
		{ "strings", strings },
		{ "strlist", strlist },
		{ "env", env },
		{ "json", json },
		{ "broken json", broken_json },
		{ "fs", fs },
		{ "scratch", scratch },
		{ "which", which },
		{ "proc", proc },
		{ "args", args },
		{ "term", term },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		sweep(rows[i].name, rows[i].call);
}

/* cJSON's own allocations are among those counted, for parsing and for building. */
static void test_cjson_allocates_through_us(void **state)
{
	cJSON *item;

	(void)state;
	gb_json_init();
	gb_mem_fail_at(1);
	item = cJSON_CreateObject();
	gb_mem_fail_at(0);
	assert_null(item);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sweep),
		cmocka_unit_test(test_cjson_allocates_through_us),
	};

	return cmocka_run_group_tests(tests, tempdir_enter, tempdir_leave);
}
