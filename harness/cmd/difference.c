#include "cmd/difference.h"

#include "budget/judge_difference.h"

#define ROUNDS 3 /* at most, of each side */

static bool is_incomparable(void *arg, const struct gb_package *p)
{
	return gb_judge_incomparable(arg, p);
}

static bool differs(void *arg, const struct gb_package *p)
{
	return gb_judge_differs(arg, p);
}

/* What find_lines() would measure of the base is measured now. */
static bool is_wanted(void *arg, const struct gb_package *p)
{
	const struct gb_gather *g = arg;
	const struct gb_verdicts *v = g->arg;
	bool wanted = gb_judge_incomparable(v, p);

	for (size_t i = 0; i < p->n_tests && !wanted; i++)
		wanted = g->wanted(g->arg, p, &p->tests[i]);
	return wanted;
}

int difference_judge(const struct gb_gather *g, const struct gb_job *j, struct gb_verdicts *v,
		     struct gb_err *err)
{
	int rc;

	gb_verdicts_release(v);
	rc = gb_judge(j->run, &j->budgets, j->policy, v, err);
	if (rc < 0 || !g->base.run)
		return rc;
	return gb_judge_difference(j->run, g->base.run, j->policy, v, err);
}

/* The base's side of another round. */
static int other_side(struct gb_gather *g, struct gb_job *j, const struct gb_verdicts *v,
		      struct gb_err *err)
{
	int rc = 0;

	for (size_t i = 0; i < j->run->n_packages && rc >= 0; i++) {
		const struct gb_package *p = &j->run->packages[i];

		if (gb_judge_differs(v, p))
			rc = base_again(&g->base, p->path, GB_EXACT, NULL, err);
	}
	return rc;
}

int difference_find(struct gb_gather *g, struct gb_job *j, struct gb_verdicts *v,
		    struct gb_err *err)
{
	size_t n = 0;
	int rc;

	if (!g->base_rev || !v->count[GB_V_INCOMPARABLE])
		return 0;
	rc = job_again(j, GB_EXACT, "no budgets of this environment: once more", is_incomparable, v,
		       &n, err);
	if (rc >= 0)
		rc = gather_base(g, j, is_wanted, err);
	if (rc >= 0 && !g->base.run)
		return 0;
	if (rc >= 0)
		rc = difference_judge(g, j, v, err);
	for (int i = 1; rc >= 0 && i < ROUNDS; i++) {
		rc = job_again(j, GB_EXACT, "more than the base: once more", differs, v, &n, err);
		if (rc < 0 || n == 0)
			break;
		if ((rc = other_side(g, j, v, err)) >= 0)
			rc = difference_judge(g, j, v, err);
	}
	return rc;
}
