/* Measurements from git notes, beside the budgets of history.c: see history.h. */
#include "budget/history.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/strlist.h"
#include "base/text.h"
#include "budget/history_files.h"
#include "budget/note.h"
#include "git/notes.h"
#include "git/walk.h"

#include <stdlib.h>
#include <string.h>

struct adding {
	const struct gb_repo *repo;
	const struct gb_history_options *o;
	struct gb_history *h;
	size_t listed; /* commits of h before notes were added */
	struct gb_notes notes;
	struct history_files files;
};

static int read_note(struct adding *a, const char *commit, struct gb_note *ret, struct gb_err *err)
{
	const struct gb_note_entry *e = gb_notes_find(&a->notes, commit);
	_buf_ struct gb_buf text = GB_BUF_INIT(GB_MAX_NOTE);
	struct gb_err own = GB_ERR_INIT;
	int rc = e ? gb_walk_read(a->repo, e->blob, &text, &own) : GB_ENOTFOUND;

	if (rc >= 0)
		rc = gb_note_parse("note", text.data, text.len, ret, &own);
	return rc == GB_ENOMEM ? gb_fail_nomem(err) : rc < 0 ? 0 : 1;
}

/* In the environment that has most. */
static size_t count_tests(const struct gb_note *note)
{
	size_t n = 0, most = 0;

	for (size_t i = 0; i < note->n; i++) {
		const struct gb_note_value *v = &note->v[i], *last = i ? v - 1 : NULL;

		if (!last || strcmp(last->env, v->env) != 0)
			n = 0;
		n += n == 0 || strcmp(last->package, v->package) != 0 ||
		     strcmp(last->test, v->test) != 0;
		most = n > most ? n : most;
	}
	return most;
}

static void add_to_changes(struct gb_history_commit *c, const struct gb_note *note)
{
	for (size_t i = 0; i < c->n; i++) {
		struct gb_history_change *x = &c->v[i];
		const struct gb_note_value key = { x->env, x->package, x->test, x->metric, 0 };
		const struct gb_note_value *v = gb_note_find(note, &key);

		x->has_measured = v != NULL;
		x->measured = v ? v->value : 0;
	}
}

static int find_budget(struct adding *a, const char *commit, struct gb_history_measured *m,
		       struct gb_err *err)
{
	struct gb_budget_file *f = NULL;
	struct gb_err own = GB_ERR_INIT;
	int rc;

	history_files_trim(&a->files);
	rc = history_file_of(&a->files, a->repo, commit, a->o->below, m->package, &f, &own);
	/* A file that is not in this clone says nothing. */
	if (rc < 0)
		return rc == GB_ENOMEM ? gb_fail_nomem(err) : 0;
	for (size_t i = 0; f && i < f->n_blocks && rc >= 0; i++) {
		_free_ char *env = gb_environment_text(&f->blocks[i].env);
		const struct gb_budget_row *row = gb_budget_row_for(&f->blocks[i], m->test);

		if (!env)
			return gb_fail_nomem(err);
		if (!row || !(row->has_budget >> m->metric & 1) || strcmp(env, m->env) != 0)
			continue;
		m->has_budget = true;
		m->budget = row->budget[m->metric];
	}
	return rc;
}

static int add_measured(struct adding *a, struct gb_history_commit *c,
			const struct gb_note_value *v, struct gb_err *err)
{
	struct gb_history_measured *m;
	int rc = gb_grow((void **)&c->measured, &c->cap_measured, c->n_measured + 1,
			 sizeof(*c->measured), GB_MAX_TESTS, err);

	if (rc < 0)
		return rc;
	m = &c->measured[c->n_measured++];
	*m = (struct gb_history_measured){ .package = gb_strdup(v->package),
					   .test = gb_strdup(v->test),
					   .env = gb_strdup(v->env),
					   .metric = v->metric,
					   .value = v->value };
	return m->package && m->test && m->env ? find_budget(a, c->id, m, err) : gb_fail_nomem(err);
}

static int fill(struct adding *a, struct gb_history_commit *c, struct gb_err *err)
{
	struct gb_note note = { 0 };
	int rc = read_note(a, c->id, &note, err);

	if (rc <= 0)
		return rc;
	c->noted = count_tests(&note);
	add_to_changes(c, &note);
	for (size_t i = 0; i < note.n && a->o->test && rc >= 0; i++) {
		const struct gb_note_value *v = &note.v[i];

		if (strcmp(v->test, a->o->test) == 0 &&
		    (a->o->metric < 0 || a->o->metric == (int)v->metric))
			rc = add_measured(a, c, v, err);
	}
	gb_note_release(&note);
	return rc < 0 ? rc : 0;
}

static struct gb_history_commit *find(const struct adding *a, const char *id)
{
	for (size_t i = 0; i < a->listed; i++)
		if (strcmp(a->h->commits[i].id, id) == 0)
			return &a->h->commits[i];
	return NULL;
}

static int on_commit(void *arg, const struct gb_walk_commit *w, struct gb_err *err)
{
	struct adding *a = arg;
	struct gb_history *h = a->h;
	struct gb_history_commit c = { .date = w->date, .when = w->when, .zone = w->zone }, *old;
	int rc;

	if ((old = find(a, w->id)))
		return fill(a, old, err);
	memcpy(c.id, w->id, sizeof(c.id));
	if ((rc = fill(a, &c, err)) >= 0 && (c.n_measured || (c.noted && !a->o->test))) {
		c.author = gb_strdup(w->author);
		c.subject = gb_strdup(w->subject);
		rc = c.author && c.subject ? gb_grow((void **)&h->commits, &h->cap, h->n + 1,
						     sizeof(*h->commits), GB_MAX_COMMITS, err)
					   : gb_fail_nomem(err);
		if (rc >= 0) {
			h->commits[h->n++] = c;
			return 0;
		}
	}
	history_release_commit(&c);
	return rc;
}

static int walk(struct adding *a, struct gb_err *err)
{
	_free_ const char **only = gb_calloc(a->notes.n + 1, sizeof(char *));
	struct gb_walk_end end = { .cut = "" };
	const struct gb_walk_options w = {
		.from = a->o->from, .until = a->o->until, .only = only, .n_only = a->notes.n
	};

	if (!only)
		return gb_fail_nomem(err);
	for (size_t i = 0; i < a->notes.n; i++)
		only[i] = a->notes.v[i].commit;
	return gb_walk(a->repo, &w, on_commit, a, &end, err);
}

/* Both lists are newest first already, by the same clock. */
static int merge(struct adding *a, struct gb_err *err)
{
	struct gb_history *h = a->h;
	struct gb_history_commit *all;
	size_t i = 0, k = a->listed, n = 0;

	if (h->n == a->listed)
		return 0;
	all = gb_calloc(h->n, sizeof(*all));
	if (!all)
		return gb_fail_nomem(err);
	while (i < a->listed || k < h->n) {
		bool first =
			k == h->n || (i < a->listed && h->commits[i].date >= h->commits[k].date);

		all[n++] = h->commits[first ? i++ : k++];
	}
	free(h->commits);
	h->commits = all;
	h->cap = h->n;
	return 0;
}

/* Of the newest commit that has any; one that has `likely` in it before all others. */
static const char *choose(const struct gb_history *h, const char *likely)
{
	const char *any = NULL;

	for (size_t i = 0; i < h->n; i++)
		for (size_t k = 0; k < h->commits[i].n_measured; k++) {
			const char *env = h->commits[i].measured[k].env;

			if (!likely || strstr(env, likely))
				return env;
			any = any ? any : env;
		}
	return any;
}

static int keep_environments(struct gb_history *h, const struct gb_history_envs *envs,
			     struct gb_err *err)
{
	const char *chosen = envs->all || envs->having ? NULL : choose(h, envs->likely);
	_strlist_ struct gb_strlist others = GB_STRLIST_INIT;

	int rc = 0;

	if (chosen && !(h->env = gb_strdup(chosen)))
		return gb_fail_nomem(err);
	for (size_t i = 0; i < h->n; i++) {
		struct gb_history_commit *c = &h->commits[i];
		size_t n = 0;

		for (size_t k = 0; k < c->n_measured; k++) {
			struct gb_history_measured *m = &c->measured[k];
			bool keep = envs->all || (h->env ? gb_streq(m->env, h->env)
							 : envs->having && m->env &&
								   strstr(m->env, envs->having));

			if (keep) {
				c->measured[n++] = *m;
				continue;
			}
			if (rc >= 0 && !gb_strlist_has(&others, m->env))
				rc = gb_strlist_add(&others, m->env, err);
			history_release_measured(m);
		}
		c->n_measured = n;
	}
	h->other_envs = others.n;
	return rc;
}

/* What has nothing left to show: the note was of other environments alone. */
static void drop_empty(struct gb_history *h, const struct gb_history_options *o)
{
	size_t n = 0;

	for (size_t i = 0; i < h->n; i++) {
		struct gb_history_commit *c = &h->commits[i];
		bool shows = c->n || c->trouble || c->n_measured || (!o->test && c->noted);

		if (shows && !(o->max && n == o->max))
			h->commits[n++] = *c;
		else
			history_release_commit(c);
	}
	h->n = n;
}

int gb_history_add_notes(const struct gb_repo *repo, const struct gb_history_options *o,
			 const struct gb_history_envs *envs, struct gb_history *h,
			 struct gb_err *err)
{
	struct adding a = { .repo = repo, .o = o, .h = h, .listed = h->n };
	struct gb_err own = GB_ERR_INIT;
	int rc = gb_notes_load(repo, NULL, &a.notes, &own);

	/* A reference that holds no notes is as good as none. */
	if (rc < 0)
		return rc == GB_ENOMEM ? gb_fail_nomem(err) : 0;
	if (a.notes.n)
		rc = walk(&a, err);
	if (rc >= 0)
		rc = merge(&a, err);
	if (rc >= 0)
		rc = keep_environments(h, envs, err);
	if (rc >= 0)
		drop_empty(h, o);
	gb_notes_release(&a.notes);
	history_files_release(&a.files);
	return rc < 0 ? rc : 0;
}
