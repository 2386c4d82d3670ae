/* cache_prune - how much the cache holds, and keeping it within bounds.  See cache.h. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/cache.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/fs.h"
#include "base/mem.h"
#include "base/text.h"

#define MAX_ENTRIES ((size_t)1000000) /* looked at; what is beyond goes at another time */
#define DEPTH	    2		      /* KIND/ab/ */
#define ABANDONED_S 3600	      /* a writer is done by then, or dead */
/* POSIX's name, and Darwin's. */
#ifdef __APPLE__
#define st_mtim st_mtimespec
#endif

#define NEW_PREFIX ".new-"

struct entry {
	char *path;
	int64_t size; /* on disk */
	struct timespec used;
};

struct entries {
	struct entry *v;
	size_t n, cap;
	int64_t bytes;
};

static void release(struct entries *e)
{
	for (size_t i = 0; i < e->n; i++)
		free(e->v[i].path);
	free(e->v);
	*e = (struct entries){ 0 };
}

/* A small file takes a block: half a million of them must not count as nothing. */
static int64_t on_disk(const struct stat *st)
{
	int64_t blocks = (int64_t)st->st_blocks * 512;

	return blocks > st->st_size ? blocks : st->st_size;
}

static void take(struct entries *e, const char *path, const char *name, const struct stat *st)
{
	char *copy;

	if (gb_starts(name, NEW_PREFIX)) {
		if (time(NULL) - st->st_mtime > ABANDONED_S)
			(void)unlink(path);
		return;
	}
	if (gb_grow((void **)&e->v, &e->cap, e->n + 1, sizeof(*e->v), MAX_ENTRIES, NULL) < 0 ||
	    !(copy = gb_strdup(path)))
		return;
	e->v[e->n++] = (struct entry){ copy, on_disk(st), st->st_mtim };
	e->bytes += on_disk(st);
}

/* Symlinks are not followed: nothing outside is ever seen, or removed. */
static void walk(struct entries *e, const char *dir, int depth)
{
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *d = fd >= 0 ? fdopendir(fd) : NULL;
	const struct dirent *entry;

	if (!d) {
		if (fd >= 0)
			close(fd);
		return;
	}
	while ((entry = readdir(d)) != NULL) {
		struct stat st;
		_free_ char *path = NULL;

		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0 ||
		    fstatat(dirfd(d), entry->d_name, &st, AT_SYMLINK_NOFOLLOW) < 0 ||
		    !(path = gb_path_join(dir, entry->d_name)))
			continue;
		if (S_ISDIR(st.st_mode) && depth > 0)
			walk(e, path, depth - 1);
		else if (S_ISREG(st.st_mode) && depth == 0)
			take(e, path, entry->d_name, &st);
	}
	closedir(d);
}

static void list(const struct gb_cache *c, struct entries *ret)
{
	_free_ char *dir = c->dir ? gb_path_join(c->dir, "v1") : NULL;

	*ret = (struct entries){ 0 };
	if (dir)
		walk(ret, dir, DEPTH);
}

static int oldest_first(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	if (x->used.tv_sec != y->used.tv_sec)
		return x->used.tv_sec < y->used.tv_sec ? -1 : 1;
	if (x->used.tv_nsec != y->used.tv_nsec)
		return x->used.tv_nsec < y->used.tv_nsec ? -1 : 1;
	return strcmp(x->path, y->path);
}

void gb_cache_prune(const struct gb_cache *c, size_t max)
{
	__attribute__((cleanup(release))) struct entries e;

	list(c, &e);
	if (e.n == 0 || e.bytes < 0 || (uint64_t)e.bytes <= max)
		return;
	qsort(e.v, e.n, sizeof(*e.v), oldest_first);
	/* Some room besides, so that not every run ends with it. */
	for (size_t i = 0; i < e.n && (uint64_t)e.bytes > max - max / 8; i++)
		if (unlink(e.v[i].path) == 0 || errno == ENOENT)
			e.bytes -= e.v[i].size;
}

void gb_cache_measure(const struct gb_cache *c, struct gb_cache_usage *ret)
{
	__attribute__((cleanup(release))) struct entries e;

	list(c, &e);
	*ret = (struct gb_cache_usage){ .entries = e.n, .bytes = e.bytes };
}
