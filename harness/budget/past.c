#include "budget/past.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "budget/note.h"
#include "git/notes.h"
#include "git/walk.h"

#include <stdlib.h>
#include <string.h>

#define DAY	 86400
#define MAX_DATE ((int64_t)1 << 48)
/* So many commits in a row are too old before the walk ends: clocks differ. */
#define SLOP 5

/* The walk has seen enough; no code of gb_err's. */
#define ENOUGH (-1000)

struct reading {
	const struct gb_repo *repo;
	const struct gb_past_options *o;
	struct gb_notes notes;
	struct gb_past *p;
	bool begun;
	size_t bytes;
	int old; /* commits in a row */
};

int64_t gb_past_date(int64_t date)
{
	return date < -MAX_DATE ? -MAX_DATE : date > MAX_DATE ? MAX_DATE : date;
}

static int in_order(const struct gb_past_row *a, const char *env, const char *package,
		    const char *test, enum gb_metric m)
{
	int order = strcmp(a->env, env);

	if (!order)
		order = strcmp(a->package, package);
	if (!order)
		order = strcmp(a->test, test);
	return order ? order : (int)a->metric - (int)m;
}

const struct gb_past_row *gb_past_find(const struct gb_past *p, const char *env,
				       const char *package, const char *test, enum gb_metric m)
{
	size_t from = 0, to = p->n;

	while (from < to) {
		size_t mid = from + (to - from) / 2;
		int order = in_order(&p->rows[mid], env, package, test, m);

		if (!order)
			return &p->rows[mid];
		if (order < 0)
			from = mid + 1;
		else
			to = mid;
	}
	return NULL;
}

static void release_row(struct gb_past_row *r)
{
	free(r->env);
	free(r->package);
	free(r->test);
	free(r->points);
}

void gb_past_release(struct gb_past *p)
{
	for (size_t i = 0; i < p->n; i++)
		release_row(&p->rows[i]);
	free(p->rows);
	free(p->trouble);
	*p = (struct gb_past){ 0 };
}

static int add_point(struct gb_past_row *r, const struct gb_note_value *v, int64_t when,
		     struct gb_err *err)
{
	int rc = gb_grow((void **)&r->points, &r->cap, r->n + 1, sizeof(*r->points),
			 GB_MAX_PAST_NIGHTS, err);

	if (rc >= 0)
		r->points[r->n++] = (struct gb_past_point){ when, v->value };
	return rc;
}

static void take_name(struct gb_past_row *r, struct gb_note_value *v)
{
	r->env = GB_TAKE(v->env);
	r->package = GB_TAKE(v->package);
	r->test = GB_TAKE(v->test);
	r->metric = v->metric;
}

/* Both lists are in order; what the new one has of them is moved into it. */
int gb_past_add(struct gb_past *p, struct gb_note *note, int64_t when,
		const struct gb_past_options *o, struct gb_err *err)
{
	_free_ struct gb_past_row *all = NULL;
	size_t at = 0, n = 0;
	int rc = 0;

	if (p->n + note->n > GB_MAX_PAST_ROWS)
		return gb_fail(err, GB_ELIMIT, "more than %zu tests and metrics in git notes",
			       GB_MAX_PAST_ROWS);
	if (!(all = gb_calloc(p->n + note->n + 1, sizeof(*all))))
		return gb_fail_nomem(err);
	for (size_t i = 0; i < note->n && rc >= 0; i++) {
		struct gb_note_value *v = &note->v[i];
		int order = 1;

		if (!o->wants(o->arg, v->package, v->test, v->metric))
			continue;
		while (at < p->n &&
		       (order = in_order(&p->rows[at], v->env, v->package, v->test, v->metric)) < 0)
			all[n++] = p->rows[at++];
		if (at < p->n && order == 0)
			all[n++] = p->rows[at++];
		else
			take_name(&all[n++], v);
		rc = add_point(&all[n - 1], v, when, err);
	}
	while (at < p->n)
		all[n++] = p->rows[at++];
	free(p->rows);
	p->rows = GB_TAKE(all);
	p->n = n;
	p->nights++;
	return rc;
}

/* 1: a note of ours, *ret whole.  What is none is told once. */
static int read_note(struct reading *r, const char *commit, struct gb_note *ret, struct gb_err *err)
{
	const struct gb_note_entry *e = gb_notes_find(&r->notes, commit);
	_buf_ struct gb_buf text = GB_BUF_INIT(GB_MAX_NOTE);
	struct gb_err own = GB_ERR_INIT;
	int rc;

	if (!e)
		return 0;
	rc = gb_walk_read(r->repo, e->blob, &text, &own);
	r->bytes += text.len;
	if (rc >= 0 && r->bytes > GB_MAX_PAST_BYTES)
		return gb_fail(err, GB_ELIMIT, "the notes of these nights exceed %zu bytes",
			       GB_MAX_PAST_BYTES);
	if (rc >= 0)
		rc = gb_note_parse("its git note", text.data, text.len, ret, &own);
	if (rc == GB_ENOMEM)
		return gb_fail_nomem(err);
	if (rc >= 0)
		return 1;
	if (!r->p->trouble &&
	    !(r->p->trouble = gb_asprintf("%.12s says nothing: %s", commit, own.line)))
		return gb_fail_nomem(err);
	return 0;
}

static bool is_over(struct reading *r, int64_t when)
{
	const struct gb_past *p = r->p;
	bool old = when < p->when - (int64_t)r->o->days * DAY && p->nights >= r->o->nights;

	old = old || when < p->when - (int64_t)GB_PAST_DAYS * DAY;
	r->old = old ? r->old + 1 : 0;
	return old;
}

static int on_commit(void *arg, const struct gb_walk_commit *w, struct gb_err *err)
{
	struct reading *r = arg;
	struct gb_note note = { 0 };
	int64_t date = gb_past_date(w->date);
	bool first = !r->begun;
	int rc;

	if (first)
		r->p->when = date;
	r->begun = true;
	if (first && r->o->after)
		return 0;
	if (is_over(r, date))
		return r->old > SLOP ? ENOUGH : 0;
	if (date > r->p->when + DAY)
		return 0;
	rc = read_note(r, w->id, &note, err);
	if (rc > 0 && r->p->nights >= GB_MAX_PAST_NIGHTS)
		rc = gb_fail(err, GB_ELIMIT, "more than %zu nights in git notes",
			     GB_MAX_PAST_NIGHTS);
	if (rc > 0)
		rc = gb_past_add(r->p, &note, date, r->o, err);
	gb_note_release(&note);
	return rc < 0 ? rc : 0;
}

int gb_past_read(const struct gb_repo *repo, const struct gb_past_options *o, struct gb_past *ret,
		 struct gb_err *err)
{
	const struct gb_walk_options w = { .from = o->from };
	struct gb_past p = { .cut = "" };
	struct reading r = { .repo = repo, .o = o, .p = &p };
	struct gb_walk_end end = { .cut = "" };
	struct gb_err own = GB_ERR_INIT;
	int rc = gb_notes_load(repo, NULL, &r.notes, &own);

	/* A reference that holds no notes is as good as none. */
	if (rc < 0)
		rc = rc == GB_ENOMEM ? gb_fail_nomem(err) : 0;
	else if (r.notes.n)
		rc = gb_walk(repo, &w, on_commit, &r, &end, err);
	gb_notes_release(&r.notes);
	if (rc < 0 && rc != ENOUGH) {
		gb_past_release(&p);
		return rc;
	}
	/* A clone that ends with commits that are too old has all that counts. */
	if (rc != ENOUGH && !r.old)
		memcpy(p.cut, end.cut, sizeof(p.cut));
	*ret = p;
	return 0;
}
