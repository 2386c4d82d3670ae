/*
 * The budget files of a module, from the work tree.
 */
#include "budget/budget.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/fs.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/strlist.h"
#include "base/text.h"
#include "budget/policy.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

static int compare_packages(const void *a, const void *b)
{
	const struct gb_budget_file *const *x = a, *const *y = b;

	return strcmp((*x)->package, (*y)->package);
}

/* Takes over `f`. */
static int add_file(struct gb_budgets *b, struct gb_budget_file *f, struct gb_err *err)
{
	int rc = gb_grow((void **)&b->files, &b->cap, b->n + 1, sizeof(struct gb_budget_file *),
			 GB_MAX_PACKAGES, err);

	if (rc < 0) {
		gb_budget_file_free(f);
		return rc;
	}
	b->files[b->n++] = f;
	b->any = true;
	return 0;
}

/* A file that was copied or moved would silently budget another package. */
static int check_place(const struct gb_budget_file *f, const char *module, struct gb_err *err)
{
	_free_ char *place = NULL;
	int rc = gb_budget_file_name(module, f->package, &place, NULL);

	if (rc == GB_ENOMEM)
		return gb_fail_nomem(err);
	if (rc == 0 && !strcmp(place, f->path))
		return 0;
	gb_fail(err, GB_EUSAGE, "%s:1: package: %s is not the package of this place", f->path,
		f->package);
	if (rc < 0)
		gb_hint(err, "it is not of module %s", module);
	else
		gb_hint(err, "its place is %s", place);
	return GB_EUSAGE;
}

int gb_budgets_add(const char *module, const char *path, const char *text, size_t len,
		   struct gb_budgets *ret, struct gb_err *err)
{
	struct gb_budget_file *f;
	int rc = gb_budget_parse(path, text, len, &f, err);

	if (rc < 0)
		return rc;
	f->module = gb_strdup(module);
	rc = module && !f->module ? gb_fail_nomem(err) : check_place(f, module, err);
	if (rc < 0) {
		gb_budget_file_free(f);
		return rc;
	}
	return add_file(ret, f, err);
}

/* `path` is relative to the module. */
static int load_file(const char *module, const char *module_dir, const char *path,
		     struct gb_budgets *ret, struct gb_err *err)
{
	_buf_ struct gb_buf text = GB_BUF_INIT(GB_MAX_BUDGET_FILE);
	_free_ char *full = gb_path_join(module_dir, path);
	int rc;

	if (!full)
		return gb_fail_nomem(err);
	if ((rc = gb_fs_read(full, &text, err)) < 0)
		return rc;
	return gb_budgets_add(module, path, text.data, text.len, ret, err);
}

/* Adds folders to `folders` and budget files to `files`, both relative to the module. */
static int list_folder(const char *module_dir, const char *folder, struct gb_strlist *folders,
		       struct gb_strlist *files, struct gb_err *err)
{
	_free_ char *full = gb_path_join(module_dir, folder);
	const struct dirent *e;
	int rc = 0;

	if (!full)
		return gb_fail_nomem(err);
	DIR *d = opendir(full);
	if (!d && errno == ENOENT)
		return 0;
	if (!d)
		return gb_fail_sys(err, errno, "open %s", full);
	while (!rc && (errno = 0, e = readdir(d))) {
		_free_ char *path = NULL;
		_free_ char *full_path = NULL;

		if (e->d_name[0] == '.')
			continue;
		if (!(path = gb_path_join(folder, e->d_name)) ||
		    !(full_path = gb_path_join(module_dir, path)))
			rc = gb_fail_nomem(err);
		else if (gb_fs_is_dir(full_path))
			rc = gb_strlist_add(folders, path, err);
		else if (gb_ends(path, ".json") &&
			 !gb_budget_is_other(path + strlen(GB_BUDGET_DIR "/")))
			rc = gb_strlist_add(files, path, err);
	}
	if (!rc && errno)
		rc = gb_fail_sys(err, errno, "read %s", full);
	closedir(d);
	return rc;
}

int gb_budgets_load(const char *module, const char *module_dir, struct gb_budgets *ret,
		    struct gb_err *err)
{
	_strlist_ struct gb_strlist folders = GB_STRLIST_INIT;
	_strlist_ struct gb_strlist files = GB_STRLIST_INIT;
	int rc;

	if ((rc = gb_strlist_add(&folders, GB_BUDGET_DIR, err)) < 0)
		return rc;
	for (size_t i = 0; i < folders.n; i++) {
		if (folders.n > GB_MAX_PACKAGES)
			return gb_fail(err, GB_ELIMIT, "%s holds more than %zu folders",
				       GB_BUDGET_DIR, GB_MAX_PACKAGES);
		if ((rc = list_folder(module_dir, folders.v[i], &folders, &files, err)) < 0)
			return rc;
	}
	/* In order, so that of two broken files it is always the same that is named. */
	gb_strlist_sort(&files);
	for (size_t i = 0; i < files.n; i++)
		if ((rc = load_file(module, module_dir, files.v[i], ret, err)) < 0)
			return rc;
	gb_budgets_sort(ret);
	return 0;
}

void gb_budgets_sort(struct gb_budgets *b)
{
	if (b->n)
		qsort(b->files, b->n, sizeof(struct gb_budget_file *), compare_packages);
}

const struct gb_budget_file *gb_budgets_package(const struct gb_budgets *b, const char *package)
{
	size_t lo = 0, hi = b->n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		int c = strcmp(b->files[mid]->package, package);

		if (!c)
			return b->files[mid];
		if (c < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return NULL;
}

void gb_budgets_release(struct gb_budgets *b)
{
	for (size_t i = 0; i < b->n; i++)
		gb_budget_file_free(b->files[i]);
	free(b->files);
	*b = (struct gb_budgets)GB_BUDGETS_INIT;
}
