#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/proc.h"
#include "base/text.h"
#include "cmd/bisect.h"
#include "cmd/notes.h"
#include "git/walk.h"
#include "go/exec_args.h"

#include <stdlib.h>
#include <string.h>

static void free_answer(struct bisect_answer *a)
{
	if (!a)
		return;
	free(a->env);
	free(a->why);
	free(a->log);
	free(a);
}

void bisect_clear(struct bisect *b)
{
	for (size_t i = 0; i < b->n; i++)
		free_answer(b->answers[i]);
	free(b->answers);
	gb_bisect_end(&b->choice);
	gb_range_release(&b->commits);
	gb_strlist_release(&b->packages);
	gb_strlist_release(&b->go_flags);
	free(b->good_name);
	free(b->bad_name);
	free(b->package);
	free(b->env);
	*b = (struct bisect){ .at = b->at, .notes = b->notes };
}

void bisect_release(struct bisect *b)
{
	bisect_clear(b);
	gb_notes_release(&b->notes);
	at_close(&b->at);
	*b = (struct bisect){ 0 };
}

void bisect_memory_release(struct bisect_memory *m)
{
	for (size_t i = 0; i < m->n; i++) {
		gb_note_release(&m->v[i].note);
		free(m->v[i].package);
		free(m->v[i].why);
	}
	free(m->v);
	*m = (struct bisect_memory){ 0 };
}

int64_t bisect_value(const struct bisect *b, const struct bisect_answer *a)
{
	return gb_metrics[b->metric].goroutine ? a->most[b->metric] : a->least[b->metric];
}

static int new_answer(struct bisect *b, const char *commit, struct bisect_answer **ret,
		      struct gb_err *err)
{
	int rc = gb_grow((void **)&b->answers, &b->cap, b->n + 1, sizeof(*b->answers),
			 GB_MAX_COMMITS, err);
	struct bisect_answer *a;

	if (rc < 0)
		return rc;
	if (!(a = gb_calloc(1, sizeof(*a))))
		return gb_fail_nomem(err);
	memcpy(a->id, commit, 41);
	*ret = b->answers[b->n++] = a;
	return 0;
}

/* The text of its note, appended; nothing where it has none. */
static int note_text(struct bisect *b, const char *commit, struct gb_buf *out, struct gb_err *err)
{
	const struct gb_note_entry *e = gb_notes_find(&b->notes, commit);

	return e ? gb_walk_read(b->at.repo, e->blob, out, err) : 0;
}

static void take_value(struct bisect_answer *a, const struct gb_note_value *v)
{
	a->has |= UINT32_C(1) << v->metric;
	a->least[v->metric] = a->most[v->metric] = v->value;
}

/* What a note says of the test; of more than one package, nothing. */
static void take_note(const struct bisect *b, const struct gb_note *note, const char *env,
		      const char *package, struct bisect_answer *a, const char **ret_package)
{
	const char *found = package;

	for (size_t i = 0; i < note->n; i++) {
		const struct gb_note_value *v = &note->v[i];

		if (strcmp(v->test, b->test) != 0 || strcmp(v->env, env) != 0 ||
		    (package && strcmp(v->package, package) != 0))
			continue;
		if (found && strcmp(found, v->package) != 0) {
			a->has = 0;
			return;
		}
		found = v->package;
		take_value(a, v);
	}
	if (ret_package && a->has)
		*ret_package = found;
}

static bool suffices(const struct bisect *b, const struct bisect_answer *a)
{
	return b->metric >= 0 ? a->has >> b->metric & 1 : a->has != 0;
}

/* What was measured for another question; NULL: nothing. */
static const struct bisect_remembered *remembered(const struct bisect *b, const char *commit)
{
	for (size_t i = 0; b->others && i < b->others->n; i++) {
		const struct bisect_remembered *x = &b->others->v[i];

		if (strcmp(x->id, commit) == 0 && b->packages.n &&
		    strcmp(x->package, b->packages.v[0]) == 0)
			return x;
	}
	return NULL;
}

/* That it does not build, say, is no less known than a value. */
static int take_remembered(struct bisect *b, const char *commit, struct bisect_answer *found,
			   struct gb_err *err)
{
	const struct bisect_remembered *x = remembered(b, commit);

	if (!x)
		return 0;
	take_note(b, &x->note, b->env, b->package, found, NULL);
	if (x->why && !found->has && !(found->why = gb_strdup(x->why)))
		return gb_fail_nomem(err);
	return 0;
}

/* Only once the bad commit has said in which environment, and of which package. */
int bisect_ask_note(struct bisect *b, const char *commit, struct bisect_answer **ret,
		    struct gb_err *err)
{
	_buf_ struct gb_buf text = GB_BUF_INIT(GB_MAX_NOTE);
	struct bisect_answer found = { .known = true }, *a;
	struct gb_note note = { 0 };
	int rc = note_text(b, commit, &text, err);

	*ret = NULL;
	if (rc < 0 || !b->env)
		return rc;
	if (text.len && gb_note_parse("note", text.data, text.len, &note, NULL) >= 0)
		take_note(b, &note, b->env, b->package, &found, NULL);
	gb_note_release(&note);
	if (!suffices(b, &found))
		rc = take_remembered(b, commit, &found, err);
	if (rc >= 0 && (suffices(b, &found) || found.why))
		rc = new_answer(b, commit, &a, err);
	else
		return rc;
	if (rc < 0) {
		free(found.why);
		return rc;
	}
	memcpy(found.id, commit, 41);
	*a = found;
	if (!(a->env = gb_strdup(b->env)))
		return gb_fail_nomem(err);
	*ret = a;
	return 0;
}

int bisect_mark_known(struct bisect *b, struct gb_err *err)
{
	for (size_t i = 0; i + 1 < b->commits.n; i++) {
		struct bisect_answer *a = NULL;
		int rc = bisect_ask_note(b, b->commits.v[i].id, &a, err);

		if (rc < 0)
			return rc;
		b->choice.cheap[i] = a != NULL;
	}
	return 0;
}

static int add_bench(const struct bisect *b, struct gb_strlist *words, struct gb_err *err)
{
	_buf_ struct gb_buf name = GB_BUF_INIT(GB_MAX_NAME);
	_free_ char *function = gb_strndup(b->test, strcspn(b->test, "/"));

	if (!gb_starts(b->test, "Benchmark"))
		return 0;
	if (!function)
		return gb_fail_nomem(err);
	gb_quote_meta(&name, function);
	if (name.failed)
		return gb_buf_error(&name, "--bench", err);
	return gb_strlist_addf(words, err, "--bench=^%s$", name.data);
}

static int words_of(const struct bisect *b, struct gb_strlist *words, struct gb_err *err)
{
	int rc = gb_strlist_addf(words, err, "--test=%s", b->test);

	if (rc >= 0)
		rc = gb_strlist_addf(words, err, "--runs=%lld", (long long)b->runs);
	if (rc >= 0)
		rc = gb_strlist_add(words, "--repeats=0", err);
	if (rc >= 0 && b->metric >= 0 && gb_metrics[b->metric].alone)
		rc = gb_strlist_add(words, "--alone", err);
	if (rc >= 0 && b->metric >= 0 && gb_metrics[b->metric].compiled)
		rc = gb_strlist_add(words, "--escapes", err);
	if (rc >= 0)
		rc = add_bench(b, words, err);
	if (rc >= 0 && b->timeout_ms)
		rc = gb_strlist_addf(words, err, "--timeout=%lldms", (long long)b->timeout_ms);
	if (rc >= 0 && b->memory)
		rc = gb_strlist_addf(words, err, "--memory=%lld", (long long)b->memory);
	if (rc >= 0)
		rc = gb_strlist_add_all(words, (const char *const *)b->packages.v, b->packages.n,
					err);
	if (rc >= 0)
		rc = gb_strlist_add(words, "--", err);
	return rc < 0 ? rc
		      : gb_strlist_add_all(words, (const char *const *)b->go_flags.v, b->go_flags.n,
					   err);
}

/* Why a test that was measured has no value, or NULL. */
static char *no_value(const struct bisect *b, const struct gb_measured_test *t)
{
	if (t->outcome != GB_PASS)
		return gb_asprintf("%s: %s", b->test,
				   t->outcome == GB_SKIP   ? "was skipped"
				   : t->outcome == GB_HANG ? "could no longer move"
				   : t->outcome == GB_FAIL ? "failed"
							   : "did not end");
	if (b->metric >= 0 && !(t->has >> b->metric & 1))
		return gb_asprintf("%s: no %s was measured", b->test, gb_metrics[b->metric].name);
	return NULL;
}

static void take_test(struct bisect_answer *a, const struct gb_measured_test *t)
{
	a->has = t->has;
	memcpy(a->least, t->least, sizeof(a->least));
	memcpy(a->most, t->most, sizeof(a->most));
	a->has_budget = t->has_budget;
	memcpy(a->budget, t->budget, sizeof(a->budget));
	a->has_recorded = t->has_spread;
	memcpy(a->recorded, t->spread, sizeof(a->recorded));
}

/* The one package whose test it is: the bad commit's where there are several. */
static const struct gb_measured_test *the_test(const struct bisect *b,
					       const struct gb_measured_commit *m)
{
	for (size_t i = 0; i < m->n_tests; i++)
		if (m->n_tests == 1 || gb_streq(m->tests[i].package, b->package))
			return &m->tests[i];
	return NULL;
}

static int several(const struct bisect *b, const struct gb_measured_commit *m, struct gb_err *err)
{
	gb_fail(err, GB_EUSAGE, "%s is in %s and in %s", b->test, m->tests[0].package,
		m->tests[1].package);
	return gb_hint(err, "name the package: gobudget bisect %.100s %.200s GOOD..BAD", b->test,
		       m->tests[0].package);
}

/* From the first one on: what all others are compared with. */
static int remember(struct bisect *b, const char *env, const char *package, struct gb_err *err)
{
	if (b->env)
		return 0;
	b->env = gb_strdup(env);
	b->package = gb_strdup(package);
	return b->env && b->package ? 0 : gb_fail_nomem(err);
}

static int take_result(struct bisect *b, struct gb_at_result *r, struct bisect_answer *a,
		       struct gb_err *err)
{
	const struct gb_measured_test *t = r->measured ? the_test(b, &r->m) : NULL;

	a->wall_ms = r->wall_ms;
	a->log = GB_TAKE(r->log);
	if (r->measured && !(a->env = gb_strdup(r->m.env)))
		return gb_fail_nomem(err);
	if (r->measured && !t && r->m.n_tests > 1 && !b->env)
		return several(b, &r->m, err);
	if (t) {
		a->why = no_value(b, t);
		if (!a->why)
			take_test(a, t);
		return remember(b, r->m.env, t->package, err);
	}
	if (r->measured && r->m.end == GB_MEASURED_BUILD)
		a->why = gb_asprintf("does not build: %s", r->why);
	else if (r->measured && r->m.end == GB_MEASURED_FINE)
		a->why = gb_asprintf("has no %s", b->test);
	else
		a->why = GB_TAKE(r->why);
	return a->why ? 0 : gb_fail_nomem(err);
}

/* The note had it all; false: but not the test. */
static int take_known(struct bisect *b, const struct gb_at_result *r, struct bisect_answer *a,
		      bool *ret, struct gb_err *err)
{
	const char *package = NULL;

	take_note(b, &r->m.note, r->m.env, NULL, a, &package);
	*ret = package && suffices(b, a);
	if (!*ret) {
		a->has = 0;
		return 0;
	}
	a->known = true;
	if (!(a->env = gb_strdup(r->m.env)))
		return gb_fail_nomem(err);
	return remember(b, r->m.env, package, err);
}

static int keep(struct bisect *b, const struct gb_at_result *r, const char *commit,
		struct gb_err *err)
{
	if (!b->note || !r->measured || r->m.known || !r->m.note.n)
		return 0;
	return notes_keep_note(commit, &r->m.note, err);
}

/* The note becomes the memory's. */
static int memorise(struct bisect *b, struct gb_at_result *r, const char *commit,
		    struct gb_err *err)
{
	struct bisect_memory *m = b->others;
	struct bisect_remembered *x;
	int rc;

	if (!m || !r->measured || r->m.known || b->packages.n != 1)
		return 0;
	rc = gb_grow((void **)&m->v, &m->cap, m->n + 1, sizeof(*m->v), GB_MAX_COMMITS, err);
	if (rc < 0)
		return rc;
	x = &m->v[m->n++];
	*x = (struct bisect_remembered){ .package = gb_strdup(b->packages.v[0]),
					 .note = r->m.note };
	r->m.note = (struct gb_note){ 0 };
	memcpy(x->id, commit, sizeof(x->id));
	if (r->m.end == GB_MEASURED_BUILD && !(x->why = gb_asprintf("does not build: %s", r->why)))
		return gb_fail_nomem(err);
	return x->package ? 0 : gb_fail_nomem(err);
}

/* What is left of the time is the deadline of the run. */
static int take_time(struct bisect *b, struct gb_err *err)
{
	int64_t left = b->deadline_ms - gb_now_ms();

	if (!b->deadline_ms)
		return 0;
	if (left <= 0)
		return gb_fail(err, GB_ETIME, "the time for it is over");
	b->at.timeout_ms = left < GB_AT_DEADLINE_MS ? left : GB_AT_DEADLINE_MS;
	return 0;
}

static int measure(struct bisect *b, const char *commit, const char *have, struct bisect_answer *a,
		   bool *ret_done, struct gb_err *err)
{
	_strlist_ struct gb_strlist words = GB_STRLIST_INIT;
	_free_ char *phase = gb_asprintf("measuring %.12s", commit);
	struct gb_at_result r = { 0 };
	int rc = phase ? words_of(b, &words, err) : gb_fail_nomem(err);

	if (rc >= 0)
		rc = take_time(b, err);
	if (rc >= 0)
		rc = at_measure(&b->at, commit, have, &words, phase, &r, err);
	if (rc < 0)
		return rc;
	*ret_done = true;
	if (r.measured && r.m.known) {
		rc = take_known(b, &r, a, ret_done, err);
	} else {
		b->measured++;
		rc = keep(b, &r, commit, err);
		if (rc >= 0)
			rc = take_result(b, &r, a, err);
		if (rc >= 0)
			rc = memorise(b, &r, commit, err);
	}
	at_result_release(&r);
	return rc;
}

int bisect_ask(struct bisect *b, const char *commit, struct bisect_answer **ret, struct gb_err *err)
{
	_buf_ struct gb_buf have = GB_BUF_INIT(GB_MAX_NOTE);
	struct bisect_answer *a = NULL;
	bool done = false;
	int rc = 0;

	for (size_t i = 0; i < b->n && !a; i++)
		if (strcmp(b->answers[i]->id, commit) == 0)
			a = b->answers[i];
	if (!a && (rc = bisect_ask_note(b, commit, &a, err)) < 0)
		return rc;
	if (!a) {
		if ((rc = new_answer(b, commit, &a, err)) < 0)
			return rc;
		/* The first one: in which environment, only the commit itself knows. */
		if (!b->env)
			rc = note_text(b, commit, &have, err);
		if (rc >= 0 && have.len)
			rc = measure(b, commit, have.data, a, &done, err);
		if (rc >= 0 && !done)
			rc = measure(b, commit, NULL, a, &done, err);
	}
	*ret = a;
	return rc;
}
