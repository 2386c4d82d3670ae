#include "cmd/moved.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/term.h"
#include "base/text.h"
#include "base/units.h"
#include "git/range.h"

#include <stdlib.h>
#include <string.h>

static bool matters(const struct gb_note_value *v)
{
	bool package = strcmp(v->test, GB_PACKAGE_ROW) == 0;

	if (v->metric == GB_GOROUTINES_PEAK || v->metric == GB_GOROUTINES_CREATED ||
	    v->metric == GB_HEAP_PEAK)
		return false;
	return !package || v->metric == GB_GOROUTINES || v->metric == GB_ESCAPES;
}

static bool has_moved(enum gb_metric m, int64_t old, int64_t now)
{
	int64_t delta = now > old ? now - old : old - now;

	return gb_metrics[m].goroutine ? delta != 0 : delta > old / 100;
}

static int copy_value(struct gb_note_value *to, const struct gb_note_value *v, struct gb_err *err)
{
	*to = (struct gb_note_value){ .env = gb_strdup(v->env),
				      .package = gb_strdup(v->package),
				      .test = gb_strdup(v->test),
				      .metric = v->metric,
				      .value = v->value };
	return to->env && to->package && to->test ? 0 : gb_fail_nomem(err);
}

static void release_value(struct gb_note_value *v)
{
	free(v->env);
	free(v->package);
	free(v->test);
}

static int add_row(struct moved *m, const char *commit, const struct gb_note_value *now,
		   int64_t before, struct gb_err *err)
{
	struct moved_row *row;
	int rc = gb_grow((void **)&m->rows, &m->cap, m->n + 1, sizeof(*m->rows), GB_MAX_CHANGES,
			 err);

	if (rc < 0)
		return rc;
	row = &m->rows[m->n++];
	*row = (struct moved_row){ .before = before, .missed = m->missed };
	memcpy(row->commit, commit, sizeof(row->commit));
	return copy_value(&row->now, now, err);
}

static int order(const struct gb_note_value *a, const struct gb_note_value *b)
{
	int o = strcmp(a->env, b->env);

	if (!o)
		o = strcmp(a->package, b->package);
	if (!o)
		o = strcmp(a->test, b->test);
	return o ? o : (int)a->metric - (int)b->metric;
}

/* Both are sorted. */
static int compare(struct moved *m, const char *commit, const struct gb_note *now,
		   struct gb_err *err)
{
	int rc = 0;

	for (size_t i = 0, k = 0; i < m->last.n && k < now->n && rc >= 0;) {
		int o = order(&m->last.v[i], &now->v[k]);

		if (o == 0 && matters(&now->v[k]) &&
		    has_moved(now->v[k].metric, m->last.v[i].value, now->v[k].value))
			rc = add_row(m, commit, &now->v[k], m->last.v[i].value, err);
		i += o <= 0;
		k += o >= 0;
	}
	return rc;
}

int moved_add(struct moved *m, const char *commit, const char *env, const struct gb_note *note,
	      struct gb_err *err)
{
	struct gb_note now = { 0 };
	int rc = 0;

	for (size_t i = 0; i < note->n && rc >= 0; i++)
		if (!env || strcmp(note->v[i].env, env) == 0)
			rc = gb_note_add(&now, &note->v[i], err);
	if (rc >= 0)
		rc = compare(m, commit, &now, err);
	if (rc < 0) {
		gb_note_release(&now);
		return rc;
	}
	gb_note_release(&m->last);
	m->last = now;
	m->missed = 0;
	return 0;
}

void moved_miss(struct moved *m)
{
	m->missed++;
}

static void say_row(const struct moved_row *row, const struct gb_repo *repo,
		    const struct gb_term *term, struct gb_buf *out)
{
	struct gb_commit_words words = { 0 };
	char was[32], is[32], percent[32];

	gb_buf_adds(out, "  ");
	gb_text_safe(out, row->now.package);
	gb_buf_adds(out, "  ");
	gb_text_safe(out, row->now.test);
	gb_buf_addf(out, "  %s  %s %s %s", gb_metrics[row->now.metric].name,
		    gb_metric_format(was, sizeof(was), row->now.metric, row->before),
		    term->utf8 ? "\xE2\x86\x92" : "->",
		    gb_metric_format(is, sizeof(is), row->now.metric, row->now.value));
	if (row->before > 0)
		gb_buf_addf(out, "  %s",
			    gb_format_percent(percent, sizeof(percent), row->before,
					      row->now.value));
	gb_buf_addf(out, "\n    %s%.12s%s ", gb_style_on(term->colour, GB_YELLOW), row->commit,
		    gb_style_off(term->colour));
	if (gb_commit_words(repo, row->commit, &words, NULL) == 0)
		gb_text_safe(out, words.subject);
	gb_commit_words_release(&words);
	if (row->missed)
		gb_buf_addf(out, " (or one of %zu before it, which could not be measured)",
			    row->missed);
	gb_buf_addc(out, '\n');
}

void moved_say(const struct moved *m, const struct gb_repo *repo, const struct gb_term *term,
	       struct gb_buf *out)
{
	if (!m->n) {
		gb_buf_adds(out, "\nnothing moved by more than 1%\n");
		return;
	}
	gb_buf_adds(out, "\nmoved by more than 1%, and where\n");
	for (size_t i = 0; i < m->n; i++)
		say_row(&m->rows[i], repo, term, out);
}

void moved_release(struct moved *m)
{
	for (size_t i = 0; i < m->n; i++)
		release_value(&m->rows[i].now);
	free(m->rows);
	gb_note_release(&m->last);
	*m = (struct moved){ 0 };
}
