#include "plan/key.h"

#include "base/err.h"
#include "base/fs.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <uthash.h>

/* A source, or a file to embed, which may be large. */
#define MAX_SOURCE (512 * GB_MIB)

/* POSIX's name, and Darwin's. */
#ifdef __APPLE__
#define st_mtim st_mtimespec
#endif

/* Contents of a file: test variants of a package share most of theirs. */
struct file {
	char *path;
	char sum[GB_HASH_HEX + 1];
	UT_hash_handle hh;
};

struct gb_plan_keys {
	const struct gb_plan_packages *p;
	char common[GB_HASH_HEX + 1];
	struct file *files;
	char (*rows)[GB_HASH_HEX + 1]; /* of each row alone; "": not known yet */
	size_t *order;		       /* rows by path: the same whatever was asked for besides */
	size_t *queue;
	bool *seen;
};

static const struct gb_plan_packages *sorting; /* qsort has no argument of ours */

static int by_path(const void *a, const void *b)
{
	return strcmp(sorting->v[*(const size_t *)a].path, sorting->v[*(const size_t *)b].path);
}

int gb_plan_keys_new(const struct gb_plan_packages *p, const char *common,
		     struct gb_plan_keys **ret, struct gb_err *err)
{
	_plan_keys_ struct gb_plan_keys *k = gb_calloc(1, sizeof(*k));

	if (!k)
		return gb_fail_nomem(err);
	k->p = p;
	(void)snprintf(k->common, sizeof(k->common), "%s", common);
	k->rows = gb_calloc(p->n + 1, sizeof(*k->rows));
	k->order = gb_calloc(p->n + 1, sizeof(*k->order));
	k->queue = gb_calloc(p->n + 1, sizeof(*k->queue));
	k->seen = gb_calloc(p->n + 1, sizeof(*k->seen));
	if (!k->rows || !k->order || !k->queue || !k->seen)
		return gb_fail_nomem(err);
	for (size_t i = 0; i < p->n; i++)
		k->order[i] = i;
	sorting = p;
	qsort(k->order, p->n, sizeof(*k->order), by_path);
	*ret = GB_TAKE(k);
	return 0;
}

static void forget_files(struct gb_plan_keys *k)
{
	struct file *f = k->files, *next;

	/* Takes the table away; the elements stay a list. */
	HASH_CLEAR(hh, k->files);
	for (; f; f = next) {
		next = f->hh.next;
		free(f->path);
		free(f);
	}
}

void gb_plan_keys_forget(struct gb_plan_keys *k)
{
	forget_files(k);
	for (size_t i = 0; i < k->p->n; i++)
		k->rows[i][0] = '\0';
}

void gb_plan_keys_free(struct gb_plan_keys *k)
{
	if (!k)
		return;
	forget_files(k);
	free(k->rows);
	free(k->order);
	free(k->queue);
	free(k->seen);
	free(k);
}

void gb_cleanup_plan_keys(struct gb_plan_keys **pk)
{
	gb_plan_keys_free(*pk);
	*pk = NULL;
}

static int sum_of(struct gb_plan_keys *k, const char *path, const char **ret, struct gb_err *err)
{
	_hash_ struct gb_hash h = GB_HASH_INIT;
	struct file *f;
	int rc;

	HASH_FIND_STR(k->files, path, f);
	if (f) {
		*ret = f->sum;
		return 0;
	}
	f = gb_calloc(1, sizeof(*f));
	if (!f || !(f->path = gb_strdup(path))) {
		free(f);
		return gb_fail_nomem(err);
	}
	if ((rc = gb_hash_file(&h, path, MAX_SOURCE, err)) || (rc = gb_hash_end(&h, f->sum, err))) {
		free(f->path);
		free(f);
		return rc == GB_ENOMEM ? rc : GB_ENOTFOUND;
	}
	HASH_ADD_KEYPTR(hh, k->files, f->path, strlen(f->path), f);
	*ret = f->sum;
	return 0;
}

static int add_contents(struct gb_plan_keys *k, const char *dir, const struct gb_strlist *files,
			struct gb_hash *h, struct gb_err *err)
{
	for (size_t i = 0; i < files->n; i++) {
		_free_ char *path = gb_path_join(dir, files->v[i]);
		const char *sum = NULL;
		int rc = path ? sum_of(k, path, &sum, err) : gb_fail_nomem(err);

		if (rc)
			return rc;
		gb_hash_text(h, files->v[i]);
		gb_hash_text(h, sum);
	}
	return 0;
}

/* The toolchain's own, but somebody may have put a line into them. */
static int add_stats(const struct gb_plan_package *row, struct gb_hash *h, struct gb_err *err)
{
	for (size_t i = 0; i < row->files.n; i++) {
		_free_ char *path = gb_path_join(row->away, row->files.v[i]);
		struct stat st = { 0 };

		if (!path)
			return gb_fail_nomem(err);
		gb_hash_text(h, row->files.v[i]);
		gb_hash_number(h, stat(path, &st) == 0);
		gb_hash_number(h, st.st_size);
		gb_hash_number(h, st.st_mtim.tv_sec);
		gb_hash_number(h, st.st_mtim.tv_nsec);
	}
	return 0;
}

/* go test takes a main package's profile for optimising without being asked. */
static int add_profile(struct gb_plan_keys *k, const struct gb_plan_package *row, struct gb_hash *h,
		       struct gb_err *err)
{
	_free_ char *path = gb_path_join(row->dir, "default.pgo");
	const char *sum = NULL;
	int rc;

	if (!path)
		return gb_fail_nomem(err);
	if (gb_fs_exists(path) && (rc = sum_of(k, path, &sum, err)))
		return rc;
	gb_hash_text(h, sum);
	return 0;
}

static int add_files(struct gb_plan_keys *k, const struct gb_plan_package *row, struct gb_hash *h,
		     struct gb_err *err)
{
	int rc;

	if (row->away)
		return row->standard ? add_stats(row, h, err) : 0;
	if (!row->dir || row->test_main)
		return 0;
	if ((rc = add_contents(k, row->dir, &row->files, h, err)) ||
	    (rc = add_contents(k, row->dir, &row->ignored, h, err)))
		return rc;
	return row->asked ? add_profile(k, row, h, err) : 0;
}

static int row_key(struct gb_plan_keys *k, size_t at, struct gb_err *err)
{
	const struct gb_plan_package *row = &k->p->v[at];
	_hash_ struct gb_hash h = GB_HASH_INIT;
	int rc;

	if (k->rows[at][0])
		return 0;
	if (row->broken)
		return gb_fail(err, GB_ENOTFOUND, "%.300s cannot be loaded", row->path);
	if (row->compiler && !row->standard)
		return gb_fail(err, GB_ENOTFOUND, "%.300s has C: what it includes is not known",
			       row->path);
	gb_hash_text(&h, row->path);
	gb_hash_text(&h, row->test_main ? NULL : row->dir ? row->dir : row->away);
	gb_hash_text(&h, row->module);
	gb_hash_text(&h, row->version);
	gb_hash_text(&h, row->language);
	gb_hash_text(&h, row->godebug);
	for (size_t i = 0; i < row->imports.n; i++)
		gb_hash_text(&h, row->imports.v[i]);
	if ((rc = add_files(k, row, &h, err)))
		return rc;
	return gb_hash_end(&h, k->rows[at], err);
}

/* Marks all rows that can be reached from one. */
static void reach(struct gb_plan_keys *k, size_t from)
{
	size_t n = 0;

	if (k->seen[from])
		return;
	k->seen[from] = true;
	k->queue[n++] = from;
	while (n) {
		const struct gb_plan_package *row = &k->p->v[k->queue[--n]];

		for (size_t i = 0; i < row->n_to; i++) {
			if (k->seen[row->to[i]])
				continue;
			k->seen[row->to[i]] = true;
			k->queue[n++] = row->to[i];
		}
	}
}

const struct gb_plan_package *gb_plan_test_of(const struct gb_plan_packages *p,
					      const struct gb_plan_package *row, struct gb_err *err)
{
	_free_ char *path = gb_asprintf("%s.test", row->path);
	const struct gb_plan_package *test = path ? gb_plan_package(p, path) : NULL;

	if (!path)
		gb_fail_nomem(err);
	return test && test->test_main ? test : NULL;
}

int gb_plan_key(struct gb_plan_keys *k, const struct gb_plan_package *row,
		char ret_key[GB_HASH_HEX + 1], struct gb_err *err)
{
	const struct gb_plan_packages *p = k->p;
	_hash_ struct gb_hash h = GB_HASH_INIT;
	struct gb_err own = GB_ERR_INIT;
	const struct gb_plan_package *test = gb_plan_test_of(p, row, &own);
	int rc = own.code;

	if (rc)
		return gb_fail_nomem(err);
	memset(k->seen, 0, p->n * sizeof(*k->seen));
	reach(k, (size_t)(row - p->v));
	if (test)
		reach(k, (size_t)(test - p->v));
	gb_hash_text(&h, k->common);
	gb_hash_text(&h, row->path);
	for (size_t i = 0; i < p->n && !rc; i++) {
		if (!k->seen[k->order[i]])
			continue;
		rc = row_key(k, k->order[i], err);
		gb_hash_text(&h, k->rows[k->order[i]]);
	}
	return rc ? rc : gb_hash_end(&h, ret_key, err);
}
