/* base_sources - of a base that was not written out, the few files that evidence quotes. */
#include "cmd/base.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/fs.h"
#include "base/limits.h"
#include "base/mem.h"
#include "git/repo.h"
#include "git/walk.h"
#include "go/move.h"

#include <string.h>

/* GB_ENOTFOUND: the commit has no such file. */
static int write_file(const struct gb_base *b, const struct gb_repo *repo, const char *path,
		      struct gb_err *err)
{
	_buf_ struct gb_buf text = GB_BUF_INIT(GB_MAX_GO_SOURCE);
	_free_ char *dir = gb_strdup(path);
	char blob[41];
	int rc;

	if (!dir)
		return gb_fail_nomem(err);
	*strrchr(dir, '/') = '\0';
	if ((rc = gb_walk_blob(repo, b->commit, gb_path_relative(path, b->scratch), blob, err)) < 0)
		return rc;
	if (!blob[0])
		return gb_fail(err, GB_ENOTFOUND, "no %s at the base", path);
	if ((rc = gb_walk_read(repo, blob, &text, err)) < 0 || (rc = gb_fs_mkdirs(dir, err)) < 0)
		return rc;
	return gb_fs_write(path, text.data ? text.data : "", text.len, err);
}

/* What cannot be had is not quoted. */
static int need(const struct gb_base *b, const struct gb_repo *repo, const struct gb_package *p,
		const struct gb_site *at, struct gb_err *err)
{
	_free_ char *path = NULL;

	if (!at->file || !at->file[0] || (at->file[0] != '/' && !p->module_dir))
		return 0;
	path = at->file[0] == '/' ? gb_strdup(at->file) : gb_path_join(p->module_dir, at->file);
	if (!path)
		return gb_fail_nomem(err);
	if (!gb_path_under(path, b->scratch) || strstr(path, "/../") || gb_fs_exists(path))
		return 0;
	return write_file(b, repo, path, NULL) == GB_ENOMEM ? gb_fail_nomem(err) : 0;
}

static int need_all(const struct gb_base *b, const struct gb_repo *repo, const struct gb_package *p,
		    const struct gb_test *t, struct gb_err *err)
{
	int rc = 0;

	for (size_t i = 0; i < t->n_sites; i++)
		for (size_t k = 0; k < t->sites[i].n_frames && !rc; k++)
			rc = need(b, repo, p, &t->sites[i].frames[k], err);
	return rc;
}

int base_sources(struct gb_base *b, struct gb_err *err)
{
	_repo_ struct gb_repo *repo = NULL;
	int rc;

	if (!b->run || b->go.command)
		return 0;
	if ((rc = gb_repo_open(".", &repo, err)) < 0)
		return rc;
	for (size_t i = 0; i < b->run->n_packages; i++) {
		const struct gb_package *p = &b->run->packages[i];

		for (size_t k = 0; k < p->n_tests && !rc; k++)
			rc = need_all(b, repo, p, &p->tests[k], err);
	}
	return rc;
}

int base_rename(struct gb_base *b, struct gb_err *err)
{
	return b->run && b->scratch ? gb_run_move(b->run, b->scratch, b->top, err) : 0;
}
