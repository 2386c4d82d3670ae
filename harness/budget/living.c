#include "budget/living.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/strlist.h"
#include "base/text.h"
#include "go/fingerprint.h"

#include <inttypes.h>
#include <string.h>

size_t gb_living_rule(const struct gb_policy *policy, const char *func)
{
	_free_ char *outer = func ? gb_strndup(func, gb_fingerprint_func(func)) : NULL;

	for (size_t i = 0; i < policy->n_living && func; i++) {
		const char *pattern = policy->living[i].created_by;

		/* "F[...]" is a name and no class of characters. */
		if (gb_streq(pattern, func) || gb_glob(pattern, func) ||
		    (outer && (gb_streq(pattern, outer) || gb_glob(pattern, outer))))
			return i + 1;
	}
	return 0;
}

/* What `count` goroutines of one process were charged with: its samples, first to last. */
static void discharge(struct gb_test *t, int process, int64_t count)
{
	for (size_t i = 0; i < t->n_samples && count > 0; i++) {
		struct gb_sample *s = &t->samples[i];
		int64_t part;

		if (s->process != process || !(s->has >> GB_GOROUTINES & 1))
			continue;
		part = s->v[GB_GOROUTINES] < count ? s->v[GB_GOROUTINES] : count;
		s->v[GB_GOROUTINES] -= part;
		s->living += part;
		count -= part;
	}
}

static int64_t add_saturating(int64_t a, int64_t b)
{
	return a > INT64_MAX - b ? INT64_MAX : a + b;
}

/* Sums of one package's new processes, one row of n_living each. */
struct tally {
	int64_t *sum;
	int first; /* process of the first row */
	size_t rules;
};

static void apply_test(const struct gb_policy *policy, struct gb_test *t, int done,
		       const struct tally *tally)
{
	bool top = !strchr(t->name, '/');

	for (size_t i = 0; i < t->n_groups; i++) {
		struct gb_group *g = &t->groups[i];
		size_t rule;

		if (g->process <= done || g->kind != GB_LEFT || g->living)
			continue;
		rule = gb_living_rule(policy, g->created.func);
		if (!rule)
			continue;
		g->living = (int)rule;
		discharge(t, g->process, g->count);
		/* A parent's groups are its subtests' as well. */
		if (top) {
			int64_t *sum =
				&tally->sum[(size_t)(g->process - tally->first) * tally->rules +
					    rule - 1];
			*sum = add_saturating(*sum, g->count);
		}
	}
}

static void remember(struct gb_package *p, const struct tally *tally)
{
	for (int process = tally->first; process <= p->processes; process++) {
		for (size_t r = 0; r < tally->rules; r++) {
			int64_t n = tally->sum[(size_t)(process - tally->first) * tally->rules + r];

			p->living[r].processes += n > 0;
			if (n > p->living[r].most) {
				p->living[r].most = n;
				p->living[r].process = process;
			}
		}
	}
}

static int apply_package(const struct gb_policy *policy, struct gb_package *p, struct gb_err *err)
{
	int done = p->living_done;
	_free_ int64_t *sum = NULL;

	if (done >= p->processes)
		return 0;
	if (!p->living && !(p->living = gb_calloc(policy->n_living, sizeof(*p->living))))
		return gb_fail_nomem(err);
	p->n_living = policy->n_living;
	sum = gb_calloc((size_t)(p->processes - done) * policy->n_living, sizeof(*sum));
	if (!sum)
		return gb_fail_nomem(err);
	const struct tally tally = { sum, done + 1, policy->n_living };

	for (size_t i = 0; i < p->n_tests; i++)
		apply_test(policy, &p->tests[i], done, &tally);
	remember(p, &tally);
	p->living_done = p->processes;
	return 0;
}

int gb_living_apply(struct gb_run *run, const struct gb_policy *policy, struct gb_err *err)
{
	for (size_t i = 0; i < run->n_packages && policy->n_living; i++) {
		int rc = apply_package(policy, &run->packages[i], err);

		if (rc < 0)
			return rc;
	}
	return 0;
}

int gb_living_notes(const struct gb_run *run, const struct gb_policy *policy,
		    struct gb_strlist *notes, struct gb_err *err)
{
	int rc = 0;

	if (!run->whole || run->filtered || run->interrupted || run->elsewhere.n)
		return 0;
	for (size_t r = 0; r < policy->n_living && rc >= 0; r++) {
		const struct gb_living *l = &policy->living[r];
		int64_t most = 0;

		for (size_t i = 0; i < run->n_packages; i++) {
			const struct gb_package *p = &run->packages[i];

			if (r < p->n_living && p->living[r].most > most)
				most = p->living[r].most;
		}
		if (most >= l->count)
			continue;
		rc = gb_strlist_addf(notes, err,
				     "%s:%zu means %" PRId64 " goroutines created by %s to live; "
				     "no test binary had more than %" PRId64,
				     policy->path, l->line, l->count, l->created_by, most);
	}
	return rc;
}
