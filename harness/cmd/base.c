#include "cmd/base.h"

#include "base/err.h"
#include "base/fs.h"
#include "base/mem.h"
#include "base/text.h"
#include "budget/living.h"
#include "git/repo.h"

#include <stdlib.h>
#include <string.h>

int base_open(struct gb_base *b, const char *rev, const char *name, struct gb_err *err)
{
	_repo_ struct gb_repo *repo = NULL;
	int rc;

	*b = (struct gb_base){ 0 };
	if ((rc = gb_repo_open(".", &repo, err)) < 0 ||
	    (rc = gb_repo_commit(repo, rev, b->commit, err)) < 0 ||
	    (rc = gb_fs_realpath(gb_repo_top(repo), &b->top, err)) < 0)
		return rc;
	if (name)
		rev = name;
	if (gb_starts(b->commit, rev))
		b->name = gb_asprintf("%.12s", b->commit);
	else
		b->name = gb_asprintf("%.100s (%.12s)", rev, b->commit);
	return b->name ? 0 : gb_fail_nomem(err);
}

/*
 * GOWORK may name a file of the work tree, by its whole path: the base has one of its own, or none.
 * *ret stays NULL where it names none of ours.
 */
static int find_gowork(const struct gb_base *b, char **ret, struct gb_err *err)
{
	const char *named = getenv("GOWORK");
	_free_ char *real = NULL, *there = NULL;

	if (!named || named[0] != '/' || gb_fs_realpath(named, &real, NULL) < 0 ||
	    !gb_path_under(real, b->top))
		return 0;
	there = gb_path_join(b->scratch, gb_path_relative(real, b->top));
	if (!there)
		return gb_fail_nomem(err);
	*ret = gb_fs_exists(there) ? GB_TAKE(there) : gb_strdup("off");
	return *ret ? 0 : gb_fail_nomem(err);
}

int base_scratch(struct gb_base *b, struct gb_err *err)
{
	_free_ char *made = NULL;
	int rc;

	if (b->scratch)
		return 0;
	if ((rc = gb_fs_scratch(&made, err)) < 0)
		return rc;
	/* As Go will name the files in it. */
	if ((rc = gb_fs_realpath(made, &b->scratch, err)) < 0)
		gb_fs_remove_tree(made, NULL);
	return rc;
}

int base_files(struct gb_base *b, struct gb_err *err)
{
	_repo_ struct gb_repo *repo = NULL;
	_free_ char *here = NULL, *cwd = NULL, *gowork = NULL;
	int rc;

	if (b->go.command)
		return 0;
	if ((rc = gb_fs_cwd(&cwd, err)) < 0 || (rc = gb_fs_realpath(cwd, &here, err)) < 0 ||
	    (rc = gb_repo_open(".", &repo, err)) < 0 || (rc = base_scratch(b, err)) < 0 ||
	    (rc = gb_repo_export(repo, b->commit, b->scratch, err)) < 0)
		return rc;
	free(b->dir);
	b->dir = base_folder(b, here);
	if (!b->dir)
		return gb_fail(err, GB_ENOTFOUND, "it has no folder %s",
			       gb_path_relative(here, b->top));
	b->how.dir = b->dir;
	b->how.toolchain = &b->go;
	rc = find_gowork(b, &gowork, err);
	return rc < 0 ? rc : gb_toolchain_find_in(b->dir, gowork, &b->go, err);
}

char *base_folder(const struct gb_base *b, const char *dir)
{
	_free_ char *real = NULL, *there = NULL;

	if (!b->scratch || gb_fs_realpath(dir, &real, NULL) < 0 || !gb_path_under(real, b->top))
		return NULL;
	there = strcmp(real, b->top) == 0
			? gb_strdup(b->scratch)
			: gb_path_join(b->scratch, gb_path_relative(real, b->top));
	return there && gb_fs_is_dir(there) ? GB_TAKE(there) : NULL;
}

static int add_patterns(struct gb_base *b, struct gb_err *err)
{
	gb_strlist_release(&b->patterns);
	for (size_t i = 0; i < b->kept.n; i++) {
		const char *below = b->kept.v[i].below;
		_free_ char *dir =
			below[0] ? gb_path_join(b->scratch, below) : gb_strdup(b->scratch);
		int rc = 0;

		if (!dir)
			return gb_fail_nomem(err);
		if (gb_fs_is_dir(dir))
			rc = gb_strlist_add(&b->patterns, dir, err);
		if (rc < 0)
			return rc;
	}
	return 0;
}

/* Where it lies is known once its files are there, which may be already. */
static void set_how(struct gb_base *b, const struct gb_job *j)
{
	b->how = j->how;
	b->how.patterns = &b->patterns;
	b->how.dir = b->dir;
	b->how.toolchain = &b->go;
	b->how.exact = true;
	b->how.on_line = NULL;
	b->how.on_package_started = NULL;
	b->how.on_package_done = NULL;
	b->policy = j->policy;
}

/* Builds and runs all that is wanted; without a pattern there is nothing to be run. */
static int build(struct gb_base *b, struct gb_run *run, struct gb_err *err)
{
	int rc = base_files(b, err);

	if (rc >= 0)
		rc = add_patterns(b, err);
	if (rc < 0 || !b->patterns.n)
		return rc;
	rc = gb_measure_start(&b->how, &b->measuring, err);
	return rc < 0 ? rc : gb_measure(b->measuring, run, err);
}

static int measure(struct gb_base *b, struct gb_job *j, struct gb_err *err)
{
	int rc;

	b->run = gb_run_new(err);
	if (!b->run)
		return GB_ENOMEM;
	if ((rc = build(b, b->run, err)) < 0 || !b->patterns.n)
		return rc;
	/* The exact settings took it down to 1, as in our own exact runs. */
	b->run->env.gomaxprocs = j->run->env.gomaxprocs;
	return base_kept_put(b, j, err);
}

/* From the cache, or measured. */
static int have(struct gb_base *b, struct gb_job *j, struct gb_err *err)
{
	bool there = false;
	int rc;

	b->run = gb_run_new(err);
	if (!b->run)
		return GB_ENOMEM;
	rc = base_kept_take(b, j, b->run, &there, err);
	if (rc >= 0 && !there) {
		gb_run_free(b->run);
		b->run = NULL;
		rc = measure(b, j, err);
	}
	return rc < 0 ? rc : gb_living_apply(b->run, j->policy, err);
}

/* Why nothing of it can be used, or NULL. */
static char *useless(const struct gb_base *b, const struct gb_job *j)
{
	for (size_t i = 0; i < b->run->n_packages; i++) {
		const struct gb_package *p = &b->run->packages[i];

		/* A process that died in the middle has told its environment, and tests can
		 * still run alone. */
		if (p->n_tests && !gb_environment_equal(&b->run->env, &j->run->env)) {
			_free_ char *env = gb_environment_text(&b->run->env);

			return gb_asprintf("it was measured in another environment (%s)",
					   env ? env : "?");
		}
		if (p->n_tests)
			return NULL;
	}
	for (size_t i = 0; i < b->run->n_packages; i++) {
		const struct gb_package *p = &b->run->packages[i];

		for (size_t k = 0; k < p->n_troubles; k++)
			return gb_asprintf("%s: %s", p->path, p->troubles[k].text);
	}
	return gb_strdup("it has none of these packages");
}

int base_measure(struct gb_base *b, struct gb_job *j,
		 bool (*wanted)(void *arg, const struct gb_package *p), void *arg, char **ret_why,
		 struct gb_err *err)
{
	struct gb_err own = GB_ERR_INIT;
	char *why = NULL;
	int rc;

	gb_progress_start(&j->progress, !j->o->quiet, "measuring the base", 0);
	gb_progress_running(&j->progress, b->name);
	set_how(b, j);
	rc = base_kept_open(b, j, wanted, arg, &own);
	if (rc >= 0)
		rc = have(b, j, &own);
	gb_progress_end(&j->progress);
	if (rc == GB_EINTR || rc == GB_ENOMEM) {
		*err = own;
		return rc;
	}
	if (rc < 0)
		why = gb_asprintf("%s%s%s", own.line, own.hint[0] ? "; " : "", own.hint);
	else
		why = useless(b, j);
	if (rc < 0 && !why)
		return gb_fail_nomem(err);
	if (why) {
		gb_run_free(b->run);
		b->run = NULL;
	} else {
		gb_run_sort(b->run);
	}
	*ret_why = why;
	return 0;
}

static size_t troubles_of(const struct gb_base *b, const char *package)
{
	return gb_run_package(b->run, package)->n_troubles;
}

/* Once more, from the cache or measured. */
static int again(struct gb_base *b, const char *package, enum gb_mode mode, const char *test,
		 struct gb_err *err)
{
	size_t troubles = troubles_of(b, package);
	char key[GB_HASH_HEX + 1];
	bool there;
	int rc;

	if ((rc = base_kept_key(b, package, mode, test, key, err)) < 0 ||
	    (rc = base_kept_take_again(b, package, key, &there, err)) < 0 || there)
		return rc;
	/* Its first run came from the cache: now the binary is needed, and what it measures is not. */
	if (!b->measuring) {
		_run_ struct gb_run *first = gb_run_new(err);

		if (!first)
			return GB_ENOMEM;
		if ((rc = build(b, first, err)) < 0)
			return rc;
	}
	rc = gb_measure_again(b->measuring, package, mode, test, b->run, err);
	if (rc < 0 || troubles_of(b, package) != troubles)
		return rc;
	return base_kept_put_again(b, package, key, err);
}

int base_again(struct gb_base *b, const char *package, enum gb_mode mode, const char *test,
	       struct gb_err *err)
{
	struct gb_err own = GB_ERR_INIT;
	const struct gb_package *p = b->run ? gb_run_package(b->run, package) : NULL;
	int rc;

	if (!p || (test && !gb_package_test(p, test)))
		return 0;
	rc = again(b, package, mode, test, &own);
	if (rc >= 0)
		rc = gb_living_apply(b->run, b->policy, &own);
	if (rc != GB_EINTR && rc != GB_ENOMEM)
		return 0;
	*err = own;
	return rc;
}

void base_close(struct gb_base *b)
{
	gb_measuring_free(b->measuring);
	gb_run_free(b->run);
	gb_toolchain_release(&b->go);
	gb_strlist_release(&b->patterns);
	base_kept_close(&b->kept);
	if (b->scratch)
		gb_fs_remove_tree(b->scratch, NULL);
	free(b->scratch);
	free(b->dir);
	free(b->top);
	free(b->name);
	*b = (struct gb_base){ 0 };
}
