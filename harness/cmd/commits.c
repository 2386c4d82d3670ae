#include "cmd/commits.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/text.h"
#include "budget/history.h"
#include "budget/note.h"
#include "git/notes.h"
#include "git/walk.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct reading {
	const struct gb_repo *repo;
	const struct gb_job *job;
	struct gb_report_commits *ret;
	char from[41], until[41];
};

static int on_commit(void *arg, const struct gb_walk_commit *w, struct gb_err *err)
{
	struct gb_report_commits *c = ((struct reading *)arg)->ret;
	struct gb_report_commit *x = &c->v[c->n];

	if (c->n == GB_REPORT_COMMITS) {
		c->more++;
		return 0;
	}
	memcpy(x->id, w->id, sizeof(x->id));
	x->author = gb_strdup(w->author);
	x->subject = gb_strdup(w->subject);
	c->n++;
	return x->author && x->subject ? 0 : gb_fail_nomem(err);
}

static int list_commits(struct reading *r, struct gb_err *err)
{
	const struct gb_walk_options o = { .from = r->from, .until = r->until };
	struct gb_walk_end end;

	if (!(r->ret->v = gb_calloc(GB_REPORT_COMMITS, sizeof(*r->ret->v))))
		return gb_fail_nomem(err);
	return gb_walk(r->repo, &o, on_commit, r, &end, err);
}

static struct gb_report_commit *find(const struct reading *r, const char *id)
{
	for (size_t i = 0; i < r->ret->n; i++)
		if (strcmp(r->ret->v[i].id, id) == 0)
			return &r->ret->v[i];
	return NULL;
}

static void count_changes(struct reading *r, const struct gb_history *h)
{
	for (size_t i = 0; i < h->n; i++) {
		struct gb_report_commit *c = find(r, h->commits[i].id);

		for (size_t k = 0; c && k < h->commits[i].n; k++) {
			const struct gb_history_change *x = &h->commits[i].v[k];

			c->added += !x->has_old && x->has_now;
			c->removed += x->has_old && !x->has_now;
			c->raised += x->has_old && x->has_now && x->now > x->old;
			c->lowered += x->has_old && x->has_now && x->now < x->old;
		}
	}
}

static int count_budgets(struct reading *r, struct gb_err *err)
{
	int rc = 0;

	for (size_t i = 0; i < r->job->go.n_modules && rc >= 0; i++) {
		_free_ char *below = which_base_below(r->repo, r->job->go.modules[i].dir);
		const struct gb_history_options o = {
			.from = r->from, .until = r->until, .below = below, .metric = -1
		};
		struct gb_history h = { 0 };

		if (!below)
			continue;
		if ((rc = gb_history_read(r->repo, &o, &h, err)) >= 0)
			count_changes(r, &h);
		gb_history_release(&h);
	}
	return rc;
}

static int read_note(const struct reading *r, const struct gb_notes *notes, const char *env,
		     struct gb_report_commit *x, struct gb_err *err)
{
	const struct gb_note_entry *e = gb_notes_find(notes, x->id);
	_buf_ struct gb_buf text = GB_BUF_INIT(GB_MAX_NOTE);
	struct gb_note note = { 0 };
	struct gb_err own = GB_ERR_INIT;
	int rc;

	if (!e)
		return 0;
	rc = gb_walk_read(r->repo, e->blob, &text, &own);
	if (rc >= 0)
		rc = gb_note_parse("note", text.data, text.len, &note, &own);
	for (size_t i = 0; i < r->ret->n_columns && rc >= 0; i++) {
		const struct gb_report_column *c = &r->ret->columns[i];
		const struct gb_note_value key = { (char *)(uintptr_t)env,
						   (char *)(uintptr_t)c->package,
						   (char *)(uintptr_t)c->test, c->metric, 0 };
		const struct gb_note_value *v = gb_note_find(&note, &key);

		x->has[i] = v != NULL;
		x->measured[i] = v ? v->value : 0;
	}
	gb_note_release(&note);
	/* What is no note says nothing. */
	return rc == GB_ENOMEM ? gb_fail_nomem(err) : 0;
}

static int read_notes(const struct reading *r, struct gb_err *err)
{
	_free_ char *env = gb_environment_text(&r->job->run->env);
	struct gb_notes notes = { 0 };
	int rc = env ? gb_notes_load(r->repo, NULL, &notes, err) : gb_fail_nomem(err);

	for (size_t i = 0; i < r->ret->n && rc >= 0; i++)
		rc = read_note(r, &notes, env, &r->ret->v[i], err);
	gb_notes_release(&notes);
	return rc;
}

/* Columns of which no commit knows anything are none. */
static void drop_columns(struct gb_report_commits *c)
{
	size_t n = 0;

	for (size_t i = 0; i < c->n_columns; i++) {
		bool any = false;

		for (size_t k = 0; k < c->n; k++)
			any = any || c->v[k].has[i];
		if (!any)
			continue;
		c->columns[n] = c->columns[i];
		for (size_t k = 0; k < c->n; k++) {
			c->v[k].has[n] = c->v[k].has[i];
			c->v[k].measured[n] = c->v[k].measured[i];
		}
		n++;
	}
	c->n_columns = n;
}

static int read_all(struct reading *r, const struct gb_verdicts *v, struct gb_err *err)
{
	int rc = list_commits(r, err);

	if (rc < 0 || r->ret->n < 2)
		return rc < 0 ? rc : GB_ENOTFOUND;
	rc = count_budgets(r, err);
	r->ret->n_columns = gb_commits_columns(v, r->ret->columns);
	if (rc >= 0 && r->ret->n_columns)
		rc = read_notes(r, err);
	drop_columns(r->ret);
	return rc;
}

int commits_read(const struct gb_which_base *base, const struct gb_job *j,
		 const struct gb_verdicts *v, struct gb_report_commits *ret, struct gb_err *err)
{
	_repo_ struct gb_repo *repo = NULL;
	struct gb_err own = GB_ERR_INIT;
	struct reading r = { .job = j, .ret = ret };
	int rc;

	if (!base->commit.id[0] || !base->commit.has_tree)
		return 0;
	memcpy(r.until, base->commit.id, sizeof(r.until));
	rc = gb_repo_open(".", &repo, &own);
	if (rc >= 0)
		rc = gb_repo_commit(repo, base->test_merge ? "HEAD^2" : "HEAD", r.from, &own);
	r.repo = repo;
	if (rc >= 0)
		rc = read_all(&r, v, &own);
	if (rc >= 0)
		return 0;
	/* A clone that is not whole has no such table; the base's note has said so. */
	commits_release(ret);
	return rc == GB_ENOMEM ? gb_fail_nomem(err) : 0;
}

void commits_release(struct gb_report_commits *c)
{
	for (size_t i = 0; i < c->n; i++) {
		free((char *)(uintptr_t)c->v[i].author);
		free((char *)(uintptr_t)c->v[i].subject);
	}
	free(c->v);
	*c = (struct gb_report_commits){ 0 };
}
