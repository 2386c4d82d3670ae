/* cache: what was put comes back whole or not at all; private, bounded, safe to delete. */
#include <fcntl.h>
#include <setjmp.h>
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
#include "base/cache.h"
#include "base/err.h"
#include "base/fs.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/text.h"
#include "tempdir.h"

static const char key[] = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

/* A cache of its own for each test, named so. */
static void open_cache(struct gb_cache *c, const char *here, const char *name)
{
	_free_ char *dir = gb_path_join(here, name);

	assert_int_equal(setenv("GOBUDGET_CACHE", dir, 1), 0);
	assert_int_equal(gb_cache_open(c, NULL), 0);
	assert_non_null(c->dir);
}

static char *entry_path(const struct gb_cache *c)
{
	return gb_asprintf("%s/v1/run/01/%s", c->dir, key + 2);
}

static int get(const struct gb_cache *c, const char *k, struct gb_buf *ret)
{
	gb_buf_clear(ret);
	return gb_cache_get(c, "run", k, ret, NULL);
}

static void test_round_trip(void **state)
{
	_cache_ struct gb_cache c;
	_buf_ struct gb_buf out = GB_BUF_INIT(100), tight = GB_BUF_INIT(4);
	struct stat st;

	open_cache(&c, *state, "round");
	assert_int_equal(get(&c, key, &out), GB_ENOTFOUND);
	gb_cache_put(&c, "run", key, "a\0b\nc", 5);
	assert_int_equal(get(&c, key, &out), 0);
	assert_int_equal(out.len, 5);
	assert_memory_equal(out.data, "a\0b\nc", 5);
	assert_int_equal(gb_cache_get(&c, "other", key, &out, NULL), GB_ENOTFOUND);
	assert_int_equal(gb_cache_get(&c, "run", "../../etc/passwd", &out, NULL), GB_ENOTFOUND);
	assert_int_equal(get(&c, key, &tight), GB_ENOTFOUND);
	gb_cache_put(&c, "run", key, "", 0);
	assert_int_equal(get(&c, key, &out), 0);
	assert_int_equal(out.len, 0);
	assert_int_equal(stat(c.dir, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0700);
}

static void test_broken_is_a_miss(void **state)
{
	_cache_ struct gb_cache c;
	_buf_ struct gb_buf out = GB_BUF_INIT(1000), good = GB_BUF_INIT(1000);
	_free_ char *path = NULL;

	open_cache(&c, *state, "broken");
	path = entry_path(&c);
	gb_cache_put(&c, "run", key, "contents", 8);
	assert_int_equal(gb_fs_read(path, &good, NULL), 0);
	for (size_t i = 0; i < good.len; i++) {
		_free_ char *bad = gb_strndup(good.data, good.len);

		bad[i] ^= 1;
		assert_int_equal(gb_fs_write(path, bad, good.len, NULL), 0);
		assert_int_equal(get(&c, key, &out), GB_ENOTFOUND);
		assert_int_equal(gb_fs_write(path, good.data, i, NULL), 0);
		assert_int_equal(get(&c, key, &out), GB_ENOTFOUND);
	}
	gb_buf_addc(&good, 'x');
	assert_int_equal(gb_fs_write(path, good.data, good.len, NULL), 0);
	assert_int_equal(get(&c, key, &out), GB_ENOTFOUND);
	/* Another key's entry in its place. */
	_free_ char *other = gb_strdup(key);
	other[GB_HASH_HEX - 1] = '0';
	gb_cache_put(&c, "run", other, "contents", 8);
	_free_ char *other_path = gb_asprintf("%s/v1/run/01/%s", c.dir, other + 2);
	assert_int_equal(rename(other_path, path), 0);
	assert_int_equal(get(&c, key, &out), GB_ENOTFOUND);
}

static void test_traps(void **state)
{
	_cache_ struct gb_cache c;
	_buf_ struct gb_buf out = GB_BUF_INIT(1000);
	_free_ char *path = NULL, *outside = gb_path_join(*state, "outside");
	struct gb_cache_usage u;

	open_cache(&c, *state, "traps");
	path = entry_path(&c);
	gb_cache_put(&c, "run", key, "contents", 8);
	assert_int_equal(rename(path, outside), 0);
	assert_int_equal(symlink(outside, path), 0);
	assert_int_equal(get(&c, key, &out), GB_ENOTFOUND);
	gb_cache_measure(&c, &u);
	assert_int_equal(u.entries, 0);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(mkdir(path, 0700), 0);
	assert_int_equal(get(&c, key, &out), GB_ENOTFOUND);
	gb_cache_put(&c, "run", key, "contents", 8);
	assert_int_equal(rmdir(path), 0);
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_int_equal(get(&c, key, &out), GB_ENOTFOUND);
	gb_cache_prune(&c, 0);
	assert_true(gb_fs_exists(outside));
}

static void test_where(void **state)
{
	_free_ char *xdg = gb_path_join(*state, "xdg"), *home = gb_path_join(*state, "home");
	_free_ char *in_xdg = gb_path_join(xdg, "gobudget");

	unsetenv("GOBUDGET_CACHE");
	setenv("XDG_CACHE_HOME", xdg, 1);
	setenv("HOME", home, 1);
	{
		_cache_ struct gb_cache c;
		assert_int_equal(gb_cache_open(&c, NULL), 0);
		assert_string_equal(c.dir, in_xdg);
	}
	setenv("XDG_CACHE_HOME", "relative", 1);
	{
		_cache_ struct gb_cache c;
		assert_int_equal(gb_cache_open(&c, NULL), 0);
		assert_true(gb_path_under(c.dir, home));
		assert_true(gb_ends(c.dir, "/gobudget"));
	}
	unsetenv("XDG_CACHE_HOME");
	unsetenv("HOME");
	{
		_cache_ struct gb_cache c;
		assert_int_equal(gb_cache_open(&c, NULL), 0);
		assert_null(c.dir);
		assert_string_equal(c.why, "HOME is not set");
		gb_cache_put(&c, "run", key, "x", 1);
		gb_cache_prune(&c, 0);
	}
	setenv("HOME", home, 1);
	setenv("GOBUDGET_CACHE", "off", 1);
	{
		_cache_ struct gb_cache c;
		_buf_ struct gb_buf out = GB_BUF_INIT(10);
		char *folder;
		assert_int_equal(gb_cache_open(&c, NULL), 0);
		assert_null(c.dir);
		assert_int_equal(get(&c, key, &out), GB_ENOTFOUND);
		assert_int_equal(gb_cache_folder(&c, "x", &folder, NULL), GB_ENOTFOUND);
	}
	setenv("GOBUDGET_CACHE", "here", 1);
	{
		_cache_ struct gb_cache c;
		assert_int_equal(gb_cache_open(&c, NULL), 0);
		assert_null(c.dir);
	}
	/* A file in its place. */
	assert_int_equal(gb_fs_write("file", "x", 1, NULL), 0);
	_free_ char *file = gb_path_join(*state, "file");
	setenv("GOBUDGET_CACHE", file, 1);
	{
		_cache_ struct gb_cache c;
		assert_int_equal(gb_cache_open(&c, NULL), 0);
		assert_null(c.dir);
		assert_true(gb_starts(c.why, file));
	}
}

static void test_others_may_not_write(void **state)
{
	_cache_ struct gb_cache c, again;
	struct stat st;

	open_cache(&c, *state, "shared");
	assert_int_equal(chmod(c.dir, 0755), 0);
	assert_int_equal(gb_cache_open(&again, NULL), 0);
	assert_non_null(again.dir);
	assert_int_equal(stat(c.dir, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0700);
	gb_cache_release(&again);
	assert_int_equal(chmod(c.dir, 0770), 0);
	assert_int_equal(gb_cache_open(&again, NULL), 0);
	assert_null(again.dir);
	assert_true(gb_ends(again.why, "others can write into it"));
}

static void numbered(int i, char *out)
{
	(void)snprintf(out, GB_HASH_HEX + 1, "%064x", i);
}

static void test_prune_takes_the_oldest(void **state)
{
	_cache_ struct gb_cache c;
	_buf_ struct gb_buf out = GB_BUF_INIT(10000);
	struct gb_cache_usage u;
	char k[GB_HASH_HEX + 1], block[4096] = { 0 };

	open_cache(&c, *state, "pruned");
	for (int i = 0; i < 20; i++) {
		_free_ char *path = NULL;
		struct timespec when[2] = { { 1000 + i, 0 }, { 1000 + i, 0 } };

		numbered(i, k);
		gb_cache_put(&c, "run", k, block, sizeof(block));
		path = gb_asprintf("%s/v1/run/00/%s", c.dir, k + 2);
		assert_int_equal(utimensat(AT_FDCWD, path, when, 0), 0);
	}
	/* Using one makes it young. */
	numbered(3, k);
	assert_int_equal(get(&c, k, &out), 0);
	gb_cache_measure(&c, &u);
	assert_int_equal(u.entries, 20);
	gb_cache_prune(&c, (size_t)u.bytes);
	gb_cache_prune(&c, (size_t)u.bytes / 2);
	gb_cache_measure(&c, &u);
	assert_in_range(u.entries, 5, 10);
	assert_int_equal(get(&c, k, &out), 0);
	numbered(19, k);
	assert_int_equal(get(&c, k, &out), 0);
	numbered(4, k);
	assert_int_equal(get(&c, k, &out), GB_ENOTFOUND);
	gb_cache_prune(&c, 0);
	gb_cache_measure(&c, &u);
	assert_int_equal(u.entries, 0);
}

static void test_folders_stay(void **state)
{
	_cache_ struct gb_cache c;
	_free_ char *folder = NULL, *again = NULL, *file = NULL;

	open_cache(&c, *state, "folders");
	assert_int_equal(gb_cache_folder(&c, "index", &folder, NULL), 0);
	assert_int_equal(gb_cache_folder(&c, "index", &again, NULL), 0);
	assert_string_equal(folder, again);
	file = gb_path_join(folder, "file");
	assert_int_equal(gb_fs_write(file, "x", 1, NULL), 0);
	gb_cache_prune(&c, 0);
	assert_true(gb_fs_exists(file));
}

/* Deleted under its users, who write the same and other keys: never torn, never an error. */
static void test_many_at_once(void **state)
{
	_cache_ struct gb_cache c;
	pid_t pids[4];

	open_cache(&c, *state, "many");
	for (int p = 0; p < 4; p++) {
		pids[p] = fork();
		assert_true(pids[p] >= 0);
		if (pids[p])
			continue;
		for (int i = 0; i < 200; i++) {
			_buf_ struct gb_buf out = GB_BUF_INIT(20000);
			char k[GB_HASH_HEX + 1], block[10000];

			numbered(i % 7, k);
			memset(block, 'a' + i % 7, sizeof(block));
			gb_cache_put(&c, "run", k, block, sizeof(block));
			if (gb_cache_get(&c, "run", k, &out, NULL) == 0 &&
			    (out.len != sizeof(block) || memcmp(out.data, block, out.len) != 0))
				_exit(1);
			if (p == 0 && i % 20 == 0)
				gb_cache_prune(&c, 30000);
			if (p == 1 && i % 50 == 0)
				gb_fs_remove_tree(c.dir, NULL);
		}
		_exit(0);
	}
	for (int p = 0; p < 4; p++) {
		int status;

		assert_int_equal(waitpid(pids[p], &status, 0), pids[p]);
		assert_int_equal(status, 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_broken_is_a_miss),
		cmocka_unit_test(test_traps),
		cmocka_unit_test(test_where),
		cmocka_unit_test(test_others_may_not_write),
		cmocka_unit_test(test_prune_takes_the_oldest),
		cmocka_unit_test(test_folders_stay),
		cmocka_unit_test(test_many_at_once),
	};

	return cmocka_run_group_tests(tests, tempdir_enter, tempdir_leave);
}
