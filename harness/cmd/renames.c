#include "cmd/renames.h"

#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/strlist.h"
#include "base/text.h"
#include "cmd/which_base.h"
#include "git/renames.h"
#include "git/repo.h"

#include <stdlib.h>
#include <string.h>

/* Files that went from one package's folder to another's. */
struct vote {
	size_t from, to, files;
};

/* Packages with rows that the other side lacks, and their folders from the top. */
struct side {
	struct gb_strlist packages, folders;
};

struct looking {
	const struct gb_job *job;
	struct side gone, came;
	struct vote *votes;
	size_t n, cap;
};

static bool lacks_a_row(const struct gb_budget_file *f, const struct gb_budgets *other,
			const struct gb_environment *env)
{
	const struct gb_budget_file *g = gb_budgets_package(other, f->package);
	const struct gb_budget_block *b = gb_budget_block_for(f, env);
	const struct gb_budget_block *c = g ? gb_budget_block_for(g, env) : NULL;

	for (size_t i = 0; b && i < b->n_rows; i++)
		if (!c || !gb_budget_row_for(c, b->rows[i].test))
			return true;
	return false;
}

/* A package's folder from the top; NULL: in no main module, or out of memory. */
static char *folder_of(const struct gb_job *j, const struct gb_repo *repo, const char *package)
{
	const struct gb_module *best = NULL;
	_free_ char *below = NULL;
	const char *rest;

	for (size_t i = 0; i < j->go.n_modules; i++) {
		const struct gb_module *m = &j->go.modules[i];
		size_t len = strlen(m->path);

		if (gb_starts(package, m->path) && (!package[len] || package[len] == '/') &&
		    (!best || len > strlen(best->path)))
			best = m;
	}
	if (best)
		below = which_base_below(repo, best->dir);
	if (!below)
		return NULL;
	rest = package + strlen(best->path);
	rest += *rest == '/';
	return gb_asprintf("%s%s%s", below, *below && *rest ? "/" : "", rest);
}

static int take_side(struct side *s, const struct gb_job *j, const struct gb_repo *repo,
		     const struct gb_budgets *of, const struct gb_budgets *other,
		     struct gb_err *err)
{
	int rc = 0;

	for (size_t i = 0; i < of->n && rc >= 0; i++) {
		const struct gb_budget_file *f = of->files[i];
		_free_ char *folder = NULL;

		if (!lacks_a_row(f, other, &j->run->env))
			continue;
		if (!(folder = folder_of(j, repo, f->package)))
			continue;
		rc = gb_strlist_add(&s->packages, f->package, err);
		if (rc >= 0)
			rc = gb_strlist_add(&s->folders, folder, err);
	}
	return rc;
}

static size_t find_folder(const struct side *s, const char *file)
{
	const char *slash = strrchr(file, '/');
	size_t len = slash ? (size_t)(slash - file) : 0, i = 0;

	while (i < s->folders.n &&
	       !(strlen(s->folders.v[i]) == len && memcmp(s->folders.v[i], file, len) == 0))
		i++;
	return i;
}

static int on_rename(void *arg, const char *from, const char *to, struct gb_err *err)
{
	struct looking *l = arg;
	size_t a = find_folder(&l->gone, from), b = find_folder(&l->came, to), i = 0;
	int rc;

	if (a == l->gone.folders.n || b == l->came.folders.n || !gb_ends(from, ".go") ||
	    strcmp(l->gone.packages.v[a], l->came.packages.v[b]) == 0)
		return 0;
	while (i < l->n && !(l->votes[i].from == a && l->votes[i].to == b))
		i++;
	if (i == l->n) {
		rc = gb_grow((void **)&l->votes, &l->cap, l->n + 1, sizeof(*l->votes),
			     GB_MAX_CHANGES, err);
		if (rc < 0)
			return rc;
		l->votes[l->n++] = (struct vote){ a, b, 0 };
	}
	l->votes[i].files++;
	return 0;
}

static int add_move(struct gb_renames *r, const char *from, const char *to, struct gb_err *err)
{
	struct gb_move *m;
	int rc = gb_grow((void **)&r->v, &r->cap, r->n + 1, sizeof(*r->v), GB_MAX_CHANGES, err);

	if (rc < 0)
		return rc;
	m = &r->v[r->n++];
	*m = (struct gb_move){ gb_strdup(from), gb_strdup(to) };
	return m->from && m->to ? 0 : gb_fail_nomem(err);
}

/* To each package from where most of its files came. */
static int count(struct gb_renames *r, const struct looking *l, struct gb_err *err)
{
	int rc = 0;

	for (size_t to = 0; to < l->came.packages.n && rc >= 0; to++) {
		const struct vote *best = NULL;

		for (size_t i = 0; i < l->n; i++)
			if (l->votes[i].to == to && (!best || l->votes[i].files > best->files))
				best = &l->votes[i];
		if (best)
			rc = add_move(r, l->gone.packages.v[best->from], l->came.packages.v[to],
				      err);
	}
	return rc;
}

static int look(struct gb_renames *r, struct looking *l, const struct gb_repo *repo,
		const char *commit, const struct gb_budgets *then, struct gb_err *err)
{
	_strlist_ struct gb_strlist folders = GB_STRLIST_INIT;
	const struct gb_job *j = l->job;
	int rc = take_side(&l->gone, j, repo, then, &j->budgets, err);

	if (rc >= 0 && l->gone.packages.n)
		rc = take_side(&l->came, j, repo, &j->budgets, then, err);
	if (rc < 0 || !l->came.packages.n)
		return rc;
	/* Tests that come and go within one package. */
	if (l->gone.packages.n == 1 && l->came.packages.n == 1 &&
	    strcmp(l->gone.packages.v[0], l->came.packages.v[0]) == 0)
		return 0;
	rc = gb_strlist_add_all(&folders, (const char *const *)l->gone.folders.v, l->gone.folders.n,
				err);
	if (rc >= 0)
		rc = gb_strlist_add_all(&folders, (const char *const *)l->came.folders.v,
					l->came.folders.n, err);
	if (rc >= 0)
		rc = gb_repo_renames(repo, commit, &folders, on_rename, l, err);
	return rc < 0 ? rc : count(r, l, err);
}

static void release_side(struct side *s)
{
	gb_strlist_release(&s->packages);
	gb_strlist_release(&s->folders);
}

int renames_find(struct gb_renames *r, const struct gb_job *j, const char *commit,
		 const struct gb_budgets *then, struct gb_err *err)
{
	struct looking l = { .job = j };
	_repo_ struct gb_repo *repo = NULL;
	int rc;

	if (!then->n || !j->budgets.n)
		return 0;
	rc = gb_repo_open(".", &repo, err);
	if (rc >= 0)
		rc = look(r, &l, repo, commit, then, err);
	release_side(&l.gone);
	release_side(&l.came);
	free(l.votes);
	return rc;
}

void renames_release(struct gb_renames *r)
{
	for (size_t i = 0; i < r->n; i++) {
		free(r->v[i].from);
		free(r->v[i].to);
	}
	free(r->v);
	*r = (struct gb_renames){ 0 };
}
