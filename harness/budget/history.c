#include "budget/history.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/fs.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/strlist.h"
#include "base/text.h"
#include "budget/history_files.h"
#include "budget/history_index.h"
#include "budget/policy.h"
#include "git/files.h"
#include "git/partial.h"
#include "git/walk.h"

#include <stdlib.h>
#include <string.h>

/* More files than this that have the test, and their whole folder is watched. */
#define MAX_WATCHED 16

struct reading {
	const struct gb_repo *repo;
	const struct gb_history_options *o;
	struct gb_history *h;
	struct history_files files;
	char *folder;
	struct gb_strlist watched;	     /* files that have the test; none: the folder */
	const struct gb_walk_commit *commit; /* the one at hand, and ours of it */
	struct gb_history_commit *ours;
};

static const struct gb_budget_row *row_in(const struct gb_budget_file *f,
					  const struct gb_environment *env, const char *test)
{
	const struct gb_budget_block *b = f ? gb_budget_block_for(f, env) : NULL;

	return b ? gb_budget_row_for(b, test) : NULL;
}

static bool has(const struct gb_budget_row *r, int m)
{
	return r && (r->has_budget >> m & 1);
}

static bool same_budget(const struct gb_budget_row *a, const struct gb_budget_row *b, int m)
{
	if (!has(a, m) || !has(b, m))
		return has(a, m) == has(b, m);
	return a->budget[m] == b->budget[m];
}

/* One budget, in the file as it is now and as each parent has it. */
struct budget {
	const char *package, *test;
	const struct gb_environment *env;
	const struct gb_budget_row *now, *old; /* of the first parent */
	int metric;
};

static int add_change(struct reading *r, const struct budget *b, struct gb_err *err)
{
	struct gb_history_commit *c = r->ours;
	struct gb_history_change x = { .metric = (enum gb_metric)b->metric };
	int m = b->metric;
	int rc = gb_grow((void **)&c->v, &c->cap, c->n + 1, sizeof(*c->v), GB_MAX_CHANGES, err);

	if (rc < 0)
		return rc;
	if (b->old && has(b->old, m)) {
		x.has_old = true;
		x.old = b->old->budget[m];
	}
	if (b->now && has(b->now, m)) {
		x.has_now = true;
		x.now = b->now->budget[m];
		x.has_recorded = b->now->has_measured >> m & 1;
		x.recorded = x.has_recorded ? b->now->measured[m] : 0;
	}
	x.package = gb_strdup(b->package);
	x.test = gb_strdup(b->test);
	x.env = gb_environment_text(b->env);
	x.reason = x.has_now ? gb_strdup(b->now->reason) : NULL;
	c->v[c->n++] = x;
	if (!x.package || !x.test || !x.env || (x.has_now && b->now->reason && !x.reason))
		return gb_fail_nomem(err);
	return 0;
}

static int compare_rows(struct reading *r, struct budget *b, struct gb_budget_file *const *olds,
			size_t n, struct gb_err *err)
{
	for (int m = 0; m < GB_METRICS; m++) {
		bool differs = n > 0 || has(b->now, m);
		int rc = 0;

		if (r->o->metric >= 0 && r->o->metric != m)
			continue;
		for (size_t i = 0; i < n && differs; i++)
			differs = !same_budget(b->now, row_in(olds[i], b->env, b->test), m);
		b->metric = m;
		if (differs)
			rc = add_change(r, b, err);
		if (rc < 0)
			return rc;
	}
	return 0;
}

/* The rows of one file that are to be compared: all of the new one's, and of another those it has not. */
static int compare_file(struct reading *r, const struct gb_budget_file *f,
			const struct gb_budget_file *now, struct gb_budget_file *const *olds,
			size_t n, struct gb_err *err)
{
	for (size_t k = 0; f && k < f->n_blocks; k++) {
		const struct gb_budget_block *block = &f->blocks[k];

		for (size_t i = 0; i < block->n_rows; i++) {
			struct budget b = { .package = f->package,
					    .test = block->rows[i].test,
					    .env = &block->env };
			int rc;

			if (r->o->test && strcmp(r->o->test, b.test) != 0)
				continue;
			b.now = row_in(now, b.env, b.test);
			b.old = n ? row_in(olds[0], b.env, b.test) : NULL;
			if (f != now && b.now)
				continue;
			if ((rc = compare_rows(r, &b, olds, n, err)) < 0)
				return rc;
		}
	}
	return 0;
}

static int keep_trouble(struct reading *r, const struct gb_err *why, struct gb_err *err)
{
	if (r->ours->trouble)
		return 0;
	r->ours->trouble = gb_strdup(why->line);
	return r->ours->trouble ? 0 : gb_fail_nomem(err);
}

/* NULL in *ret: not there, or not to be read. */
static int read_file(struct reading *r, const char *commit, const char *path,
		     struct gb_budget_file **ret, struct gb_err *err)
{
	struct gb_err why = GB_ERR_INIT;
	int rc = history_file(&r->files, r->repo, commit, path, ret, &why, err);

	if (rc == 0 && why.code)
		rc = keep_trouble(r, &why, err);
	return rc;
}

static int compare_path(struct reading *r, const char *path, struct gb_err *err)
{
	size_t n = r->commit->n_parents;
	_free_ struct gb_budget_file **olds = gb_calloc(n + 1, sizeof(struct gb_budget_file *));
	struct gb_budget_file *now;
	int rc;

	if (!olds)
		return gb_fail_nomem(err);
	history_files_trim(&r->files);
	rc = read_file(r, r->commit->id, path, &now, err);
	for (size_t i = 0; i < n && rc >= 0; i++)
		rc = read_file(r, r->commit->parents[i], path, &olds[i], err);
	if (rc >= 0)
		rc = compare_file(r, now, now, olds, n, err);
	/* What the first parent had and is gone; the others' of it need not be looked for. */
	if (rc >= 0 && n > 0)
		rc = compare_file(r, olds[0], now, olds, n, err);
	return rc;
}

static int on_path(void *arg, const char *path, struct gb_err *err)
{
	struct reading *r = arg;
	_free_ char *full = NULL;

	if (!gb_ends(path, ".json") || gb_budget_is_other(path))
		return 0;
	full = gb_asprintf("%s/%s", r->folder, path);
	return full ? compare_path(r, full, err) : gb_fail_nomem(err);
}

void history_release_measured(struct gb_history_measured *m)
{
	free(m->package);
	free(m->test);
	free(m->env);
}

void history_release_commit(struct gb_history_commit *c)
{
	for (size_t i = 0; i < c->n; i++) {
		free(c->v[i].package);
		free(c->v[i].test);
		free(c->v[i].env);
		free(c->v[i].reason);
	}
	for (size_t i = 0; i < c->n_measured; i++)
		history_release_measured(&c->measured[i]);
	free(c->v);
	free(c->measured);
	free(c->author);
	free(c->subject);
	free(c->trouble);
}

static int on_commit(void *arg, const struct gb_walk_commit *c, struct gb_err *err)
{
	struct reading *r = arg;
	struct gb_history_commit ours = { .date = c->date, .when = c->when, .zone = c->zone };
	struct gb_history *h = r->h;
	int rc = 0;

	if (r->o->max && h->n == r->o->max)
		return GB_EEXIST; /* enough */
	memcpy(ours.id, c->id, sizeof(ours.id));
	r->commit = c;
	r->ours = &ours;
	if (r->watched.n == 0)
		rc = gb_walk_files(r->repo, c->id, c->n_parents ? c->parents[0] : NULL, r->folder,
				   on_path, r, err);
	for (size_t i = 0; i < r->watched.n && rc >= 0; i++)
		rc = compare_path(r, r->watched.v[i], err);
	if (rc >= 0 && (ours.n || ours.trouble)) {
		ours.author = gb_strdup(c->author);
		ours.subject = gb_strdup(c->subject);
		rc = gb_grow((void **)&h->commits, &h->cap, h->n + 1, sizeof(*h->commits),
			     GB_MAX_COMMITS, err);
		if (rc >= 0 && (!ours.author || !ours.subject))
			rc = gb_fail_nomem(err);
	}
	if (rc < 0 || !(ours.n || ours.trouble))
		history_release_commit(&ours);
	else
		h->commits[h->n++] = ours;
	return rc;
}

/* Does this file, as it is where history begins, have the test? */
static int on_file(void *arg, const char *path, const char *text, size_t len, struct gb_err *err)
{
	struct reading *r = arg;
	_free_ char *full = gb_asprintf("%s/%s", r->folder, path);
	struct gb_budget_file *f;
	struct gb_err own = GB_ERR_INIT;
	int rc = 0;

	if (!full)
		return gb_fail_nomem(err);
	if (gb_budget_is_other(path) || !history_text_names(text, len, r->o->test))
		return 0;
	if (gb_budget_parse(path, text, len, &f, &own) < 0)
		return own.code == GB_ENOMEM ? gb_fail_nomem(err) : 0;
	for (size_t i = 0; i < f->n_blocks; i++)
		if (gb_budget_row_for(&f->blocks[i], r->o->test)) {
			rc = gb_strlist_add(&r->watched, full, err);
			break;
		}
	gb_budget_file_free(f);
	return rc;
}

static int walk(struct reading *r, struct history_index *x, struct gb_err *err)
{
	const char *const folder[] = { r->folder };
	struct gb_walk_end end = { .cut = "" };
	struct gb_walk_options w = { .from = r->o->from,
				     .until = r->o->until,
				     .paths = folder,
				     .n_paths = 1,
				     .known = history_index_known(x, &r->watched),
				     .seen = history_index_seen(x) };
	int rc;

	if (r->watched.n > 0) {
		w.paths = (const char *const *)r->watched.v;
		w.n_paths = r->watched.n;
	}
	rc = gb_walk(r->repo, &w, on_commit, r, &end, err);
	memcpy(r->h->cut, end.cut, sizeof(end.cut));
	if (rc < 0 && rc != GB_EEXIST)
		return rc;
	return end.met ? history_index_append(x, r->h, err) : 0;
}

/* The files that have the test; none: too many, or it is not asked for. */
static int find_watched(struct reading *r, struct gb_err *err)
{
	int rc = 0;

	if (r->o->test)
		rc = gb_repo_files(r->repo, r->o->from, r->folder, ".json", GB_MAX_BUDGET_FILE,
				   on_file, r, err);
	if (r->watched.n > MAX_WATCHED)
		gb_strlist_release(&r->watched);
	return rc;
}

int gb_history_read(const struct gb_repo *repo, const struct gb_history_options *o,
		    struct gb_history *ret, struct gb_err *err)
{
	struct gb_history h = { 0 };
	struct reading r = { .repo = repo, .o = o, .h = &h };
	struct history_index x = { 0 };
	int rc = history_index_open(&x, repo, o, err);

	if (rc > 0) {
		*ret = history_index_take(&x);
		return 0;
	}

	r.folder =
		*o->below ? gb_asprintf("%s/" GB_BUDGET_DIR, o->below) : gb_strdup(GB_BUDGET_DIR);
	if (!r.folder && rc >= 0)
		rc = gb_fail_nomem(err);
	if (rc >= 0)
		rc = gb_partial_bring(repo,
				      &(struct gb_partial){ .commit = o->from,
							    .until = o->until,
							    .path = r.folder,
							    .history = true },
				      err);
	if (rc >= 0)
		rc = find_watched(&r, err);
	if (rc >= 0)
		rc = walk(&r, &x, err);
	if (rc >= 0)
		rc = history_index_keep(&x, &r.watched, &h, err);
	history_index_close(&x);
	history_files_release(&r.files);
	gb_strlist_release(&r.watched);
	free(r.folder);
	if (rc < 0)
		gb_history_release(&h);
	else
		*ret = h;
	return rc < 0 ? rc : 0;
}

void gb_history_release(struct gb_history *h)
{
	for (size_t i = 0; i < h->n; i++)
		history_release_commit(&h->commits[i]);
	free(h->commits);
	free(h->env);
	*h = (struct gb_history){ 0 };
}
