/*
 * nightly_compare - the benchmarks here, and what they are compared with.  See nightly.h.
 *
 * Without a base that is "the night before": the nearest of HEAD's ancestors whose note has
 * benchmarks of this environment and this CPU.  HEAD's own is not: the same code measured twice
 * says something of the machine alone.
 */
#include "cmd/nightly.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/text.h"
#include "git/notes.h"
#include "git/walk.h"

#include <stdlib.h>
#include <string.h>

static const enum gb_metric metrics[] = { GB_NS_PER_OP, GB_BYTES_PER_OP, GB_ALLOCS_PER_OP };
#define METRICS (sizeof(metrics) / sizeof(metrics[0]))

struct looking {
	struct nightly *n;
	const struct gb_repo *repo;
	const struct gb_notes *notes;
	const char *env;
	struct gb_note found;
	char commit[41]; /* whose it is; "": none yet */
	char *other;	 /* another CPU that was met first, and where */
	char other_at[41];
};

static int read_note(const struct looking *l, const char *commit, struct gb_note *ret,
		     struct gb_err *err)
{
	const struct gb_note_entry *e = gb_notes_find(l->notes, commit);
	_buf_ struct gb_buf text = GB_BUF_INIT(GB_MAX_NOTE);
	struct gb_err own = GB_ERR_INIT;
	int rc = e ? gb_walk_read(l->repo, e->blob, &text, &own) : GB_ENOTFOUND;

	if (rc >= 0)
		rc = gb_note_parse("note", text.data, text.len, ret, &own);
	/* Notes are anybody's to write: what cannot be read says nothing. */
	return rc == GB_ENOMEM ? gb_fail_nomem(err) : rc < 0 ? 0 : 1;
}

static int look_at(struct looking *l, const char *commit, const struct gb_note *note,
		   bool *ret_fits, struct gb_err *err)
{
	*ret_fits = false;
	for (size_t i = 0; i < note->n_s; i++) {
		const struct gb_note_samples *s = &note->s[i];

		if (strcmp(s->env, l->env) != 0)
			continue;
		if (strcmp(s->cpu, l->n->cpu) == 0) {
			*ret_fits = true;
			return 0;
		}
		if (l->other)
			continue;
		memcpy(l->other_at, commit, sizeof(l->other_at));
		if (!(l->other = gb_strdup(s->cpu)))
			return gb_fail_nomem(err);
	}
	return 0;
}

static int on_commit(void *arg, const struct gb_walk_commit *w, struct gb_err *err)
{
	struct looking *l = arg;
	struct gb_note note = { 0 };
	bool fits;
	int rc;

	if (l->commit[0] || strcmp(w->id, l->n->commit) == 0)
		return 0;
	rc = read_note(l, w->id, &note, err);
	if (rc > 0 && (rc = look_at(l, w->id, &note, &fits, err)) >= 0 && fits) {
		memcpy(l->commit, w->id, sizeof(l->commit));
		l->found = note;
		return 0;
	}
	gb_note_release(&note);
	return rc < 0 ? rc : 0;
}

static int walk(struct looking *l, const char *from, struct gb_err *err)
{
	_free_ const char **only = gb_calloc(l->notes->n + 1, sizeof(char *));
	struct gb_walk_end end = { .cut = "" };
	const struct gb_walk_options o = { .from = from, .only = only, .n_only = l->notes->n };

	if (!only)
		return gb_fail_nomem(err);
	for (size_t i = 0; i < l->notes->n; i++)
		only[i] = l->notes->v[i].commit;
	return gb_walk(l->repo, &o, on_commit, l, &end, err);
}

static int add_note_samples(struct nightly *n, const struct gb_note *note, const char *env,
			    struct gb_err *err)
{
	int rc = 0;

	for (size_t i = 0; i < note->n_s && rc >= 0; i++) {
		const struct gb_note_samples *s = &note->s[i];
		bool known = false;

		for (size_t k = 0; k < METRICS; k++)
			known |= s->metric == metrics[k];
		if (!known || strcmp(s->env, env) != 0 || strcmp(s->cpu, n->cpu) != 0)
			continue;
		for (size_t k = 0; k < s->n && rc >= 0; k++)
			rc = gb_benches_add(&n->benches, s->package, s->test, s->metric, GB_BEFORE,
					    s->v[k], err);
	}
	return rc;
}

static int found(struct looking *l, struct gb_err *err)
{
	struct nightly *n = l->n;
	int rc;

	if (l->commit[0]) {
		n->before = gb_asprintf("%.12s", l->commit);
		return n->before ? add_note_samples(n, &l->found, l->env, err) : gb_fail_nomem(err);
	}
	if (!l->other)
		return gb_strlist_add(&n->notes,
				      "no commit before this one has a note of benchmarks: there "
				      "is nothing to compare with (--base REV measures it here)",
				      err);
	rc = gb_strlist_addf(&n->notes, err,
			     "benchmarks are incomparable: those of %.12s were measured on another "
			     "CPU (%s, here %s); --base REV measures both here",
			     l->other_at, l->other, n->cpu);
	return rc;
}

static int look(struct nightly *n, const char *env, struct gb_err *err)
{
	_repo_ struct gb_repo *repo = NULL;
	struct gb_notes notes = { 0 };
	struct looking l = { .n = n, .notes = &notes, .env = env };
	struct gb_err own = GB_ERR_INIT;
	char head[41];
	int rc = gb_repo_open(".", &repo, &own);

	if (rc >= 0)
		rc = gb_repo_commit(repo, "HEAD", head, &own);
	if (rc >= 0)
		rc = gb_notes_load(repo, NULL, &notes, &own);
	/* Without a repository there is nothing, and that was said. */
	if (rc < 0)
		return rc == GB_ENOMEM ? gb_fail_nomem(err) : 0;
	l.repo = repo;
	if (notes.n)
		rc = walk(&l, head, err);
	if (rc >= 0)
		rc = found(&l, err);
	gb_notes_release(&notes);
	gb_note_release(&l.found);
	free(l.other);
	return rc;
}

int nightly_before(struct nightly *n, struct gb_err *err)
{
	const struct gb_run *run = n->sides[NIGHTLY_HEAD].run;
	_free_ char *env = run ? gb_environment_text(&run->env) : NULL;

	if (!run || n->base.commit[0] || !run->n_packages)
		return 0;
	return env ? look(n, env, err) : gb_fail_nomem(err);
}

static int add_test(struct nightly *n, const struct gb_package *p, const struct gb_test *t,
		    enum gb_bench_side side, struct gb_err *err)
{
	int rc = 0;

	for (size_t i = 0; i < t->n_samples && rc >= 0; i++)
		for (size_t k = 0; k < METRICS && rc >= 0; k++)
			if (t->samples[i].has >> metrics[k] & 1)
				rc = gb_benches_add(&n->benches, p->path, t->name, metrics[k], side,
						    t->samples[i].v[metrics[k]], err);
	return rc;
}

static int add_run(struct nightly *n, const struct gb_run *run, enum gb_bench_side side,
		   struct gb_err *err)
{
	int rc = 0;

	for (size_t i = 0; run && i < run->n_packages && rc >= 0; i++)
		for (size_t k = 0; k < run->packages[i].n_tests && rc >= 0; k++) {
			const struct gb_test *t = &run->packages[i].tests[k];

			if (t->kind == GB_BENCHMARK && t->outcome == GB_PASS)
				rc = add_test(n, &run->packages[i], t, side, err);
		}
	return rc;
}

int nightly_compare(struct nightly *n, struct gb_err *err)
{
	const struct gb_run *base = n->sides[NIGHTLY_BASE].run;
	int rc = add_run(n, n->sides[NIGHTLY_HEAD].run, GB_AFTER, err);

	if (rc >= 0)
		rc = add_run(n, base, GB_BEFORE, err);
	if (rc >= 0 && base && !n->before && !(n->before = gb_strdup(n->base.name)))
		rc = gb_fail_nomem(err);
	return rc < 0 ? rc : gb_benches_judge(&n->benches, &n->job.policy->cpu, err);
}
