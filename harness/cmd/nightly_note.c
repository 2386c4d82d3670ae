/* nightly_note - the night in its commit's note.  See nightly.h. */
#include "cmd/nightly.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

static const enum gb_metric metrics[] = { GB_NS_PER_OP, GB_BYTES_PER_OP, GB_ALLOCS_PER_OP };

static int add_samples(const struct gb_test *t, struct gb_note_samples *like, struct gb_note *note,
		       struct gb_err *err)
{
	_free_ int64_t *v = gb_calloc(t->n_samples + 1, sizeof(*v));

	if (!v)
		return gb_fail_nomem(err);
	like->v = v;
	like->n = 0;
	for (size_t i = 0; i < t->n_samples; i++)
		if (t->samples[i].has >> like->metric & 1)
			v[like->n++] = t->samples[i].v[like->metric];
	return gb_note_add_samples(note, like, err);
}

/* What is budgeted also stands where all that is budgeted does. */
static int add_least(const struct gb_test *t, struct gb_note_value *like, struct gb_note *note,
		     struct gb_err *err)
{
	struct gb_measured m;

	if (!gb_metrics[like->metric].judged || !gb_test_measured(t, like->metric, &m))
		return 0;
	like->value = m.min;
	return gb_note_add(note, like, err);
}

static int add_benchmark(struct nightly *n, const struct gb_package *p, const struct gb_test *t,
			 char *env, struct gb_note *note, struct gb_err *err)
{
	int rc = 0;

	for (size_t i = 0; i < sizeof(metrics) / sizeof(metrics[0]) && rc >= 0; i++) {
		struct gb_note_value value = { env, p->path, t->name, metrics[i], 0 };
		struct gb_note_samples samples = { .env = env,
						   .cpu = n->cpu,
						   .package = p->path,
						   .test = t->name,
						   .metric = metrics[i] };

		rc = add_least(t, &value, note, err);
		if (rc >= 0)
			rc = add_samples(t, &samples, note, err);
	}
	return rc;
}

static int add_benchmarks(struct nightly *n, struct gb_note *note, struct gb_err *err)
{
	const struct gb_run *run = n->sides[NIGHTLY_HEAD].run;
	_free_ char *env = run ? gb_environment_text(&run->env) : NULL;
	int rc = 0;

	if (!run || !env)
		return run ? gb_fail_nomem(err) : 0;
	for (size_t i = 0; i < run->n_packages && rc >= 0; i++)
		for (size_t k = 0; k < run->packages[i].n_tests && rc >= 0; k++) {
			const struct gb_test *t = &run->packages[i].tests[k];

			if (t->kind == GB_BENCHMARK && t->outcome == GB_PASS)
				rc = add_benchmark(n, &run->packages[i], t, env, note, err);
		}
	return rc;
}

int nightly_note(struct nightly *n, struct gb_note *ret, struct gb_err *err)
{
	struct gb_note note = { 0 };
	int rc = gb_note_of_run(n->job.run, &note, err);

	if (rc >= 0)
		rc = add_benchmarks(n, &note, err);
	if (rc >= 0)
		rc = gb_note_fold(&note, err);
	if (rc < 0) {
		gb_note_release(&note);
		return rc;
	}
	*ret = note;
	return 0;
}

/* What cannot be kept changes no verdict: it is said. */
static int said(struct nightly *n, const char *what, const struct gb_err *why, struct gb_err *err)
{
	if (why->code == GB_ENOMEM)
		return gb_fail_nomem(err);
	return gb_strlist_addf(&n->notes, err, "%s: %s%s%s", what, why->line,
			       why->hint[0] ? "; " : "", why->hint);
}

int nightly_keep(struct nightly *n, const struct gb_note *note, struct gb_err *err)
{
	const struct notes_bounds bounds = { (size_t)n->job.policy->keep_notes,
					     n->job.policy->max_notes };
	struct gb_err own = GB_ERR_INIT;

	if (!n->commit[0] || n->o->no_note || (!note->n && !note->n_s))
		return 0;
	if (notes_keep_bounded(n->commit, note, &bounds, &n->kept, &own) < 0)
		return said(n, "nothing is kept in git notes", &own, err);
	n->is_kept = true;
	if (n->o->push && notes_push(n->o->push, &own) < 0)
		return said(n, "the notes were not pushed", &own, err);
	return 0;
}
