/* run_fold - what very many runs have in common, kept once.  See gb_run_fold(). */
#include "go/run.h"

#include "base/text.h"

#include "go/fingerprint.h"

#include <string.h>

static bool site_equal(const struct gb_site *a, const struct gb_site *b)
{
	return a->line == b->line && gb_streq(a->func, b->func) && gb_streq(a->file, b->file);
}

static bool group_equal(const char *module, const struct gb_group *a, const struct gb_group *b)
{
	return a->kind == b->kind && a->living == b->living &&
	       gb_streq(a->fingerprint, b->fingerprint) && site_equal(&a->created, &b->created) &&
	       site_equal(gb_group_place(module, a), gb_group_place(module, b));
}

/* The same group of an earlier run. */
static struct gb_group *earlier(const char *module, struct gb_test *t, const struct gb_group *g)
{
	for (size_t i = 0; i < t->n_groups; i++)
		if (t->groups[i].seen && group_equal(module, &t->groups[i], g))
			return &t->groups[i];
	return NULL;
}

static void sighting(struct gb_group *g, const struct gb_group *now, int number)
{
	if (g->seen_last != number)
		g->seen++;
	g->seen_last = number;
	if (now->count <= g->count)
		return;
	g->count = now->count;
	g->still = now->still;
}

static int64_t add_saturating(int64_t a, int64_t b)
{
	return a > INT64_MAX - b ? INT64_MAX : a + b;
}

static void fold_groups(const char *module, struct gb_test *t, int number)
{
	int64_t sum[GB_LEAKS] = { 0 };
	size_t kept = 0;

	for (size_t i = 0; i < t->n_groups; i++) {
		struct gb_group *g = &t->groups[i];

		if (!g->seen && !g->living)
			sum[g->kind] = add_saturating(sum[g->kind], g->count);
	}
	for (size_t i = 0; i < t->n_groups; i++) {
		struct gb_group g = t->groups[i];
		struct gb_group *same = g.seen ? NULL : earlier(module, t, &g);

		if (same) {
			sighting(same, &g, number);
			gb_group_release(&g);
			/* What is left in its place must not be taken for a group. */
			memset(&t->groups[i], 0, sizeof(g));
			continue;
		}
		if (!g.seen) {
			g.seen = 1;
			g.seen_last = number;
		}
		memset(&t->groups[i], 0, sizeof(g));
		t->groups[kept++] = g;
	}
	t->n_groups = kept;
	t->folded.leaked += sum[GB_LEFT] || sum[GB_HUNG] || sum[GB_PROVEN];
	for (int k = 0; k < GB_LEAKS; k++) {
		t->folded.leak_runs[k] += sum[k] > 0;
		if (sum[k] > t->folded.leak_most[k])
			t->folded.leak_most[k] = sum[k];
	}
}

static bool is_new(const struct gb_sample *s, int number)
{
	return s->run == number && !s->again;
}

static bool sample_equal(const struct gb_sample *a, const struct gb_sample *b)
{
	return a->has == b->has && a->mode == b->mode && a->living == b->living &&
	       a->v[GB_GOROUTINES] == b->v[GB_GOROUTINES];
}

/* A test that failed did not end as it should: its numbers say nothing. */
static bool counts(const struct gb_sample *s)
{
	return (s->has & 1u << GB_GOROUTINES) && !s->unsettled && s->outcome != GB_FAIL &&
	       s->outcome != GB_UNFINISHED;
}

static void fold_samples(struct gb_test *t, int number)
{
	int worst = -1;
	size_t kept = 0;

	for (size_t i = 0; i < t->n_samples; i++) {
		struct gb_sample s = t->samples[i];
		size_t k;

		if (!is_new(&s, number)) {
			t->samples[kept++] = s;
			continue;
		}
		worst = s.outcome > worst ? s.outcome : worst;
		if (!counts(&s))
			continue;
		s.has = 1u << GB_GOROUTINES;
		for (k = 0; k < kept && !sample_equal(&t->samples[k], &s); k++)
			;
		if (k < kept)
			t->samples[k].again++;
		else
			t->samples[kept++] = s;
	}
	t->n_samples = kept;
	if (worst < 0)
		return;
	t->folded.runs++;
	if (worst >= GB_UNFINISHED)
		t->folded.last_bad = number;
	t->folded.outcome[worst]++;
}

static void fold_outcome(struct gb_test *t, int number)
{
	const size_t *n = t->folded.outcome;

	if (!t->folded.runs || number == 0)
		return;
	t->outcome = n[GB_HANG]	  ? GB_HANG
		     : n[GB_PASS] ? GB_PASS
		     : n[GB_FAIL] ? GB_FAIL
		     : n[GB_SKIP] ? GB_SKIP
				  : GB_UNFINISHED;
}

void gb_run_fold(struct gb_run *run, int number)
{
	for (size_t i = 0; i < run->n_packages; i++) {
		const struct gb_package *p = &run->packages[i];

		for (size_t k = 0; k < p->n_tests; k++) {
			struct gb_test *t = &p->tests[k];

			fold_groups(p->module, t, number);
			fold_samples(t, number);
			fold_outcome(t, number);
			for (size_t g = 0; g < t->n_groups; g++)
				t->groups[g].seen_of = t->folded.runs;
		}
	}
}
