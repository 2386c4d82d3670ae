/* testlog_hash - the values that a log's names have now.  See testlog.h. */
#include "plan/testlog.h"

#include "base/fs.h"
#include "base/limits.h"
#include "base/mem.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Of larger files, time and size stand for the contents. */
#define MAX_CONTENTS (32 * GB_MIB)

/* POSIX's names, and Darwin's. */
#ifdef __APPLE__
#define st_mtim st_mtimespec
#define st_ctim st_ctimespec
#endif

struct looking {
	const struct gb_testlog_places *places;
	const struct timespec *since;
	struct gb_hash *h;
	bool young;
};

static bool not_before(const struct timespec *t, const struct timespec *since)
{
	return t->tv_sec > since->tv_sec ||
	       (t->tv_sec == since->tv_sec && t->tv_nsec >= since->tv_nsec);
}

static void note_age(struct looking *l, const struct stat *st)
{
	if (l->since && (not_before(&st->st_mtim, l->since) || not_before(&st->st_ctim, l->since)))
		l->young = true;
}

static void add_identity(struct looking *l, const struct stat *st)
{
	gb_hash_text(l->h, "identity");
	gb_hash_number(l->h, st->st_size);
	gb_hash_number(l->h, st->st_mtim.tv_sec);
	gb_hash_number(l->h, st->st_mtim.tv_nsec);
}

static int skip_dots(const struct dirent *e)
{
	return strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0;
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

/* Names and kinds; what files hold matters where they are opened themselves. */
static void add_folder(struct looking *l, const char *path)
{
	struct dirent **list;
	int n = scandir(path, &list, skip_dots, by_name);

	gb_hash_text(l->h, "folder");
	gb_hash_number(l->h, n < 0 ? -errno : n);
	for (int i = 0; i < n; i++) {
		_free_ char *whole = gb_path_join(path, list[i]->d_name);
		struct stat st;
		bool there = whole && lstat(whole, &st) == 0;

		if (!whole)
			l->h->failed = true;
		gb_hash_text(l->h, list[i]->d_name);
		gb_hash_number(l->h, there ? (int64_t)st.st_mode : -1);
		gb_hash_number(l->h, there && S_ISREG(st.st_mode) ? (int64_t)st.st_size : 0);
		free(list[i]);
	}
	if (n >= 0)
		free(list);
}

static void add_contents(struct looking *l, const char *path, const struct stat *st)
{
	if (gb_hash_file(l->h, path, MAX_CONTENTS, NULL))
		add_identity(l, st);
}

/* Where a symlink leads is looked at as well. */
static void add_link(struct looking *l, const char *path)
{
	char target[GB_MAX_PATH];
	struct stat st;
	ssize_t n;

	if (lstat(path, &st) < 0 || !S_ISLNK(st.st_mode))
		return;
	n = readlink(path, target, sizeof(target));
	gb_hash_text(l->h, "link");
	gb_hash_add(l->h, target, n > 0 ? (size_t)n : 0);
	if (l->places->inside && gb_path_under(path, l->places->inside))
		note_age(l, &st);
}

static bool is_inside(const struct looking *l, const char *path)
{
	_free_ char *real = NULL;

	if (!l->places->inside)
		return false;
	if (gb_path_under(path, l->places->inside))
		return true;
	return gb_fs_realpath(path, &real, NULL) == 0 && gb_path_under(real, l->places->inside);
}

static void add_path(struct looking *l, const char *path, bool opened)
{
	bool inside = is_inside(l, path);
	struct stat st;

	gb_hash_text(l->h, path);
	add_link(l, path);
	if (stat(path, &st) < 0) {
		gb_hash_number(l->h, -errno);
		return;
	}
	gb_hash_number(l->h, (int64_t)st.st_mode);
	if (S_ISREG(st.st_mode) && inside) {
		note_age(l, &st);
		add_contents(l, path, &st);
	} else if (S_ISREG(st.st_mode)) {
		add_identity(l, &st);
	} else if (S_ISDIR(st.st_mode) && opened) {
		if (inside)
			note_age(l, &st);
		add_folder(l, path);
	}
}

void gb_testlog_hash(const struct gb_testlog *log, const struct gb_testlog_places *places,
		     const struct gb_strlist *env, const struct timespec *since, struct gb_hash *h,
		     bool *ret_young)
{
	struct looking l = { places, since, h, false };

	gb_hash_text(h, "env");
	for (size_t i = 0; i < log->env.n; i++) {
		gb_hash_text(h, log->env.v[i]);
		gb_hash_text(h, gb_env_get(env, log->env.v[i]));
	}
	gb_hash_text(h, "open");
	for (size_t i = 0; i < log->opens.n; i++)
		add_path(&l, log->opens.v[i], true);
	gb_hash_text(h, "stat");
	for (size_t i = 0; i < log->stats.n; i++)
		add_path(&l, log->stats.v[i], false);
	if (ret_young)
		*ret_young = l.young;
}
