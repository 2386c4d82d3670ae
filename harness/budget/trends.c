#include "budget/trends.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/strlist.h"
#include "base/text.h"
#include "budget/history_files.h"
#include "budget/note.h"
#include "budget/trends_eras.h"
#include "budget/trends_pick.h"
#include "git/notes.h"
#include "git/walk.h"

#include <stdlib.h>
#include <string.h>

struct reading {
	const struct gb_repo *repo;
	const struct gb_trends_options *o;
	struct gb_trends *t;
	struct gb_notes notes;
	struct history_files files;
	struct gb_picker picker;
	size_t points;
};

static int add_series(struct gb_trends *t, const struct gb_note_value *v, struct gb_err *err)
{
	struct gb_series *s;
	int rc = gb_grow((void **)&t->series, &t->cap, t->n + 1, sizeof(*s), GB_MAX_SERIES, err);

	if (rc < 0)
		return rc;
	s = &t->series[t->n++];
	*s = (struct gb_series){ .package = gb_strdup(v->package),
				 .test = gb_strdup(v->test),
				 .metric = v->metric };
	return s->package && s->test ? 0 : gb_fail_nomem(err);
}

static bool is_asked(const struct gb_trends_options *o, const struct gb_note_value *v)
{
	size_t n = o->test ? strlen(o->test) : 0;

	if (o->metric >= 0 && o->metric != (int)v->metric)
		return false;
	if (o->test && (strncmp(v->test, o->test, n) != 0 || (v->test[n] && v->test[n] != '/')))
		return false;
	return !o->package || gb_glob(o->package, v->package);
}

struct budgets {
	const char *package, *env; /* whose they are */
	const struct gb_budget_block *block;
};

/* What the night's commit gives a package in an environment; nothing where the file is not in this clone. */
static int find_budgets(struct reading *r, const struct gb_night *night,
			const struct gb_note_value *v, struct budgets *b, struct gb_err *err)
{
	struct gb_budget_file *f = NULL;
	struct gb_err own = GB_ERR_INIT;
	int rc;

	if (b->package && strcmp(b->package, v->package) == 0 && strcmp(b->env, v->env) == 0)
		return 0;
	*b = (struct budgets){ .package = v->package, .env = v->env };
	history_files_trim(&r->files);
	rc = history_file_of(&r->files, r->repo, night->id, r->o->below, v->package, &f, &own);
	if (rc == GB_ENOMEM)
		return gb_fail_nomem(err);
	for (size_t i = 0; rc >= 0 && f && i < f->n_blocks; i++) {
		_free_ char *env = gb_environment_text(&f->blocks[i].env);

		if (!env)
			return gb_fail_nomem(err);
		if (strcmp(env, v->env) == 0)
			b->block = &f->blocks[i];
	}
	return 0;
}

/* The budget, and the room that an unsteady test has (judge.h); of goroutines none. */
static int64_t roomy(const struct gb_budget_row *row, enum gb_metric m)
{
	int64_t budget = row->budget[m], spread = 0;

	if (!gb_metrics[m].goroutine && (row->has_spread >> m & 1))
		spread = row->spread[m] < INT64_MAX / 2 ? 2 * row->spread[m] : INT64_MAX;
	return spread > INT64_MAX - budget ? INT64_MAX : budget + spread;
}

static int add_point(struct reading *r, struct gb_series *s, const struct gb_note_value *v,
		     struct budgets *b, struct gb_err *err)
{
	const struct gb_night *night = &r->t->nights[r->t->n_nights - 1];
	const struct gb_budget_row *row;
	struct gb_point p = { .night = r->t->n_nights - 1, .value = v->value };
	int rc = find_budgets(r, night, v, b, err);

	if (rc >= 0 && r->points++ == GB_MAX_POINTS) {
		gb_fail(err, GB_ELIMIT, "more than %zu measurements", GB_MAX_POINTS);
		return gb_hint(err, "fewer nights (--nights), or one metric (--metric)");
	}
	if (rc >= 0)
		rc = gb_grow((void **)&s->points, &s->cap, s->n + 1, sizeof(p), GB_MAX_NIGHTS, err);
	if (rc < 0)
		return rc;
	row = b->block ? gb_budget_row_for(b->block, v->test) : NULL;
	if (row && row->has_budget >> v->metric & 1) {
		p.has_budget = true;
		p.budget = row->budget[v->metric];
		p.ceiling = roomy(row, v->metric);
	}
	s->points[s->n++] = p;
	return 0;
}

/* Both the values and the series are in order: one pass adds what is new, one the points. */
static int add_values(struct reading *r, const struct gb_picked *night, struct gb_err *err)
{
	struct gb_trends *t = r->t;
	struct budgets b = { 0 };
	size_t known = t->n;
	int rc = 0;

	for (int pass = 0; pass < 2 && rc >= 0; pass++) {
		size_t at = 0;

		for (size_t i = 0; i < night->n && rc >= 0; i++) {
			const struct gb_note_value *v = &night->v[i];
			const struct gb_series key = { .package = v->package,
						       .test = v->test,
						       .metric = v->metric };
			int order = 1;

			if (!is_asked(r->o, v))
				continue;
			while (at < known && (order = gb_series_order(&key, &t->series[at])) > 0)
				at++;
			if (pass == 0 && (at == known || order))
				rc = add_series(t, v, err);
			else if (pass == 1)
				rc = add_point(r, &t->series[at], v, &b, err);
		}
		if (pass == 0 && t->n > known) {
			qsort(t->series, t->n, sizeof(*t->series), gb_series_order);
			known = t->n;
		}
	}
	return rc;
}

static int add_night(struct gb_trends *t, const struct gb_walk_commit *w, const char *env,
		     struct gb_err *err)
{
	struct gb_night *night;
	int rc = gb_grow((void **)&t->nights, &t->cap_nights, t->n_nights + 1, sizeof(*t->nights),
			 GB_MAX_NIGHTS, err);

	if (rc < 0)
		return rc;
	night = &t->nights[t->n_nights++];
	*night = (struct gb_night){ .author = gb_strdup(w->author),
				    .subject = gb_strdup(w->subject),
				    .env = gb_strdup(env),
				    .when = w->when,
				    .zone = w->zone,
				    .date = w->date };
	memcpy(night->id, w->id, sizeof(night->id));
	return night->author && night->subject && night->env ? 0 : gb_fail_nomem(err);
}

static int read_note(struct reading *r, const char *commit, struct gb_note *ret, struct gb_err *err)
{
	const struct gb_note_entry *e = gb_notes_find(&r->notes, commit);
	_buf_ struct gb_buf text = GB_BUF_INIT(GB_MAX_NOTE);
	struct gb_err own = GB_ERR_INIT;
	int rc = e ? gb_walk_read(r->repo, e->blob, &text, &own) : GB_ENOTFOUND;

	if (rc >= 0)
		rc = gb_note_parse("note", text.data, text.len, ret, &own);
	return rc == GB_ENOMEM ? gb_fail_nomem(err) : 0;
}

static int on_commit(void *arg, const struct gb_walk_commit *w, struct gb_err *err)
{
	struct reading *r = arg;
	struct gb_note note = { 0 };
	struct gb_picked night = { 0 };
	int rc;

	/* All that follows is older. */
	if (r->t->n_nights == r->o->nights)
		return 0;
	rc = read_note(r, w->id, &note, err);
	if (rc >= 0)
		rc = gb_pick(&r->picker, &note, &night, err);
	if (rc >= 0 && night.env)
		rc = add_night(r->t, w, night.env, err);
	if (rc >= 0 && night.env)
		rc = add_values(r, &night, err);
	free(night.v);
	gb_note_release(&note);
	return rc < 0 ? rc : 0;
}

static int walk(struct reading *r, struct gb_err *err)
{
	_free_ const char **only = gb_calloc(r->notes.n + 1, sizeof(char *));
	struct gb_walk_end end = { .cut = "" };
	const struct gb_walk_options w = {
		.from = r->o->from, .until = r->o->until, .only = only, .n_only = r->notes.n
	};
	int rc;

	if (!only)
		return gb_fail_nomem(err);
	for (size_t i = 0; i < r->notes.n; i++)
		only[i] = r->notes.v[i].commit;
	rc = gb_walk(r->repo, &w, on_commit, r, &end, err);
	if (rc >= 0)
		memcpy(r->t->cut, end.cut, sizeof(end.cut));
	return rc;
}

/* What was read newest first stands oldest first. */
static void turn(struct gb_trends *t)
{
	for (size_t i = 0, k = t->n_nights; i + 1 < k; i++) {
		struct gb_night swap = t->nights[i];

		t->nights[i] = t->nights[--k];
		t->nights[k] = swap;
	}
	for (size_t s = 0; s < t->n; s++) {
		struct gb_point *p = t->series[s].points;

		for (size_t i = 0, k = t->series[s].n; i < k; i++) {
			struct gb_point swap = p[i];

			p[i] = p[--k];
			p[k] = swap;
		}
		for (size_t i = 0; i < t->series[s].n; i++)
			p[i].night = t->n_nights - 1 - p[i].night;
	}
}

/* How many of these no night is in, nor its benchmarks. */
static size_t count_others(const struct gb_trends *t, const struct gb_strlist *envs)
{
	size_t n = 0;

	for (size_t i = 0; i < envs->n; i++) {
		size_t k = 0;

		while (k < t->n_nights && strcmp(t->nights[k].env, envs->v[i]) != 0 &&
		       !gb_env_is_optimised_of(envs->v[i], t->nights[k].env))
			k++;
		n += k == t->n_nights;
	}
	return n;
}

int gb_trends_read(const struct gb_repo *repo, const struct gb_trends_options *o,
		   struct gb_trends *ret, struct gb_err *err)
{
	struct gb_trends t = { 0 };
	struct reading r = { .repo = repo,
			     .o = o,
			     .t = &t,
			     .picker = { .having = o->having, .likely = o->likely } };
	struct gb_err own = GB_ERR_INIT;
	int rc = gb_notes_load(repo, NULL, &r.notes, &own);

	/* A reference that holds no notes is as good as none. */
	if (rc < 0)
		rc = rc == GB_ENOMEM ? gb_fail_nomem(err) : 0;
	else if (r.notes.n)
		rc = walk(&r, err);
	if (rc >= 0 && !r.picker.env && !o->having && r.picker.met.n) {
		/* None of this machine's kind: the newest of another's. */
		r.picker.likely = NULL;
		rc = walk(&r, err);
	}
	if (rc >= 0) {
		turn(&t);
		rc = gb_trends_find_changes(&t, o->least, err);
	}
	if (rc >= 0) {
		gb_trends_sort(&t);
		t.other_envs = count_others(&t, &r.picker.met);
		t.env = GB_TAKE(r.picker.env);
	}
	gb_notes_release(&r.notes);
	history_files_release(&r.files);
	gb_picker_release(&r.picker);
	if (rc < 0)
		gb_trends_release(&t);
	else
		*ret = t;
	return rc < 0 ? rc : 0;
}

void gb_trends_release(struct gb_trends *t)
{
	for (size_t i = 0; i < t->n_nights; i++) {
		free(t->nights[i].author);
		free(t->nights[i].subject);
		free(t->nights[i].env);
	}
	for (size_t i = 0; i < t->n; i++) {
		free(t->series[i].package);
		free(t->series[i].test);
		free(t->series[i].points);
		gb_trend_release(&t->series[i].trend);
	}
	free(t->nights);
	free(t->series);
	free(t->env);
	*t = (struct gb_trends){ 0 };
}
