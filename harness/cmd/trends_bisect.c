#include "cmd/trends_bisect.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/proc.h"
#include "base/text.h"
#include "base/units.h"
#include "cmd/bisect.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RUNS 2 /* of each commit, as gobudget bisect does */

struct bisecting {
	const struct trends_bisecting *o;
	struct gb_bisections *ret;
	struct bisect b;
	struct bisect_memory others;
	int64_t deadline_ms;
	size_t asked;
	bool open;
};

/* A line of its own, and nothing where standard error is no place for people. */
static void say(const char *name, const char *text)
{
	_buf_ struct gb_buf out = GB_BUF_INIT(GB_MIB);

	gb_buf_adds(&out, "bisect: ");
	gb_text_safe(&out, name);
	gb_text_safe(&out, text);
	fprintf(stderr, "%s\n", out.data);
}

static int take_words(const struct gb_repo *repo, const char *commit, struct gb_bisected *x,
		      struct gb_err *err)
{
	struct gb_commit_words words = { 0 };
	int rc = gb_commit_words(repo, commit, &words, err);

	if (rc < 0)
		return rc;
	(void)snprintf(x->commit, sizeof(x->commit), "%s", commit);
	x->when = words.when;
	x->zone = words.zone;
	x->author = gb_strdup(words.author);
	x->subject = gb_strdup(words.subject);
	x->left = 1;
	gb_commit_words_release(&words);
	return x->author && x->subject ? 0 : gb_fail_nomem(err);
}

/* How many commits it may be: 1 needs no measurement.  0: from is not before to. */
static int count_commits(const struct gb_repo *repo, const char *from, const char *to, size_t *ret,
			 struct gb_err *err)
{
	struct gb_range range = { 0 };
	int rc = gb_range_reaches(repo, to, from, err);

	*ret = 0;
	if (rc <= 0)
		return rc;
	rc = gb_range_read(repo, from, to, &range, err);
	*ret = range.n;
	gb_range_release(&range);
	return rc;
}

/* Was the same test's change found already, with the lines that did it? */
static const struct gb_bisected *sibling(const struct bisecting *t, const struct gb_series *s)
{
	for (size_t i = 0; i < t->o->t->n; i++) {
		const struct gb_series *other = &t->o->t->series[i];

		if (other == s || strcmp(other->test, s->test) != 0 ||
		    strcmp(other->package, s->package) != 0)
			continue;
		for (size_t k = 0; k < other->trend.n; k++) {
			const struct gb_bisected *x = gb_bisected_of(t->ret, &other->trend.v[k]);

			if (x && x->evidence)
				return x;
		}
	}
	return NULL;
}

static int ask(struct bisecting *t, const struct gb_series *s, const struct gb_change *c,
	       struct gb_err *err)
{
	struct bisect *b = &t->b;
	char flags[GB_TRENDS_FLAGS][GB_TRENDS_FLAG];
	const struct gb_night *after = gb_trends_after(t->o->t, s, c);
	size_t n = gb_trends_flags(after, flags);
	int rc = gb_strlist_add(&b->packages, s->package, err);

	for (size_t i = 0; i < n && rc >= 0; i++)
		rc = gb_strlist_add(&b->go_flags, flags[i], err);
	b->test = s->test;
	b->metric = (int)s->metric;
	b->limit = -1;
	b->runs = RUNS;
	b->quiet = b->silent = true;
	b->deadline_ms = t->deadline_ms;
	b->others = &t->others;
	b->good_name = gb_strdup(gb_trends_before(t->o->t, s, c)->id);
	b->bad_name = gb_strdup(after->id);
	b->range = "GOOD..BAD";
	gb_term_init(&b->term, stderr);
	b->no_lines = sibling(t, s) != NULL;
	return rc < 0 ? rc : b->good_name && b->bad_name ? 0 : gb_fail_nomem(err);
}

static size_t candidates(const struct bisect *b)
{
	size_t n = 0;

	for (size_t i = 0; b->choice.word && i < b->commits.n; i++)
		n += gb_bisect_is_candidate(&b->choice, i);
	return n;
}

/* The answer, or why there is none. */
static int take(struct bisecting *t, const struct gb_series *s, const struct bisect_result *r,
		const struct gb_err *why, struct gb_bisected *x, struct gb_err *err)
{
	const struct gb_bisected *same = sibling(t, s);
	const char *lines = r->evidence;
	int rc;

	x->measured = t->b.measured;
	if (!r->culprit) {
		x->left = r->good ? r->n_candidates : candidates(&t->b);
		x->why = gb_strdup(why->code ? why->line
					     : "what lies between could not be measured");
		return x->why ? 0 : gb_fail_nomem(err);
	}
	if ((rc = take_words(t->o->repo, r->culprit->id, x, err)) < 0)
		return rc;
	if (!lines && same && strcmp(same->commit, x->commit) == 0)
		lines = same->evidence;
	x->evidence = gb_strdup(lines);
	return x->evidence || !lines ? 0 : gb_fail_nomem(err);
}

static int begin(struct bisecting *t, struct gb_err *err)
{
	int rc = at_open(&t->b.at, err);

	t->open = true;
	t->b.at.quiet = false;
	return rc < 0 ? rc : gb_notes_load(t->b.at.repo, NULL, &t->b.notes, err);
}

static int bisect_one(struct bisecting *t, const struct gb_series *s, const struct gb_change *c,
		      struct gb_bisected *x, struct gb_err *err)
{
	_free_ char *name = gb_asprintf("%s of %s", gb_metrics[s->metric].name, s->test);
	struct bisect_result r = { 0 };
	struct gb_err why = GB_ERR_INIT;
	int rc;

	if (!name)
		return gb_fail_nomem(err);
	if (!t->open && (rc = begin(t, err)) < 0)
		return rc;
	t->asked++;
	say(name, " ...");
	rc = ask(t, s, c, err);
	if (rc >= 0) {
		rc = bisect_find(&t->b, &r, &why);
		if (rc == GB_EINTR || rc == GB_ENOMEM)
			*err = why;
		else
			rc = take(t, s, &r, &why, x, err);
	}
	if (rc >= 0) {
		_free_ char *told = x->commit[0] ? gb_asprintf(": %.12s %s", x->commit, x->subject)
						 : gb_asprintf(": not found: %s", x->why);

		say(name, told ? told : "");
	}
	bisect_result_release(&r);
	bisect_clear(&t->b);
	return rc;
}

static int one(struct bisecting *t, const struct gb_series *s, const struct gb_change *c,
	       struct gb_err *err)
{
	const struct gb_trends *all = t->o->t;
	const char *from = gb_trends_before(all, s, c)->id, *to = gb_trends_after(all, s, c)->id;
	struct gb_err own = GB_ERR_INIT;
	struct gb_bisected *x;
	size_t n = 0;
	int rc = count_commits(t->o->repo, from, to, &n, &own);

	if (rc == GB_ENOMEM)
		return gb_fail_nomem(err);
	/* What a shallow clone cuts off, or is no line of commits, is nobody's mistake. */
	if (n == 0 || (n > 1 && !(t->o->run && gb_change_is_new(all, s, c, t->o->newest))))
		return 0;
	if ((rc = gb_bisections_add(t->ret, c, &x, err)) < 0)
		return rc;
	return n == 1 ? take_words(t->o->repo, to, x, err) : bisect_one(t, s, c, x, err);
}

int trends_bisect(const struct trends_bisecting *o, struct gb_bisections *ret, struct gb_err *err)
{
	struct bisecting t = { .o = o, .ret = ret, .deadline_ms = gb_now_ms() + o->time_ms };
	int rc = 0;

	for (size_t i = 0; i < o->t->n && rc >= 0; i++) {
		const struct gb_series *s = &o->t->series[i];

		for (size_t k = 0; k < s->trend.n && rc >= 0; k++) {
			const struct gb_change *c = &s->trend.v[k];

			if (c->after > c->before && gb_trends_can_bisect(s, c))
				rc = one(&t, s, c, err);
		}
	}
	if (rc >= 0 && o->run && !t.asked)
		say("no change of the newest nights has to be looked for", "");
	bisect_memory_release(&t.others);
	if (t.open)
		bisect_release(&t.b);
	return rc;
}
