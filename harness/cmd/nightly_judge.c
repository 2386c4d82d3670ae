/* nightly_judge - the night's tests judged, and which line did it.  See nightly.h. */
#include "cmd/nightly.h"

#include "base/err.h"
#include "cmd/escapes.h"
#include "cmd/suspects.h"

int nightly_rules(struct nightly *n, struct gb_err *err)
{
	return windows_open(&n->windows, &n->job, NULL, err);
}

/* What does not compile is a trouble of the run already. */
int nightly_compiled(struct nightly *n, struct gb_err *err)
{
	struct gb_job *j = &n->job;
	struct gb_escapes *found = NULL;
	struct gb_err own = GB_ERR_INIT;
	int rc;

	if (n->over_time || !gb_judge_wants_compiled(&j->budgets, j->policy, &j->run->env))
		return 0;
	rc = escapes_here(j, false, NULL, &found, &own);
	if (rc >= 0)
		rc = escapes_count(found, j->run, &own);
	gb_escapes_free(found);
	if (rc == GB_EMEASURE)
		return gb_strlist_addf(&n->notes, err, "escapes were not counted: %s", own.line);
	if (rc < 0 && err)
		*err = own;
	return rc;
}

static bool any_suspect(const struct nightly *n)
{
	struct gb_verdicts *v = (struct gb_verdicts *)(uintptr_t)&n->verdicts;

	for (size_t i = 0; i < v->n; i++)
		if (v->v[i].test && suspects_has(v, v->v[i].package, v->v[i].test))
			return true;
	return false;
}

/* One more run of the packages with something over, exact, that tells where. */
static int find_lines(struct nightly *n, struct gb_err *err)
{
	struct nightly_side *s = &n->sides[NIGHTLY_TESTS];
	size_t more = 0;
	int rc = nightly_build(n, s, err);

	n->gather.wanted = suspects_has;
	n->gather.wants_alone = suspects_stays;
	n->gather.arg = &n->verdicts;
	if (rc >= 0)
		rc = gather_names(&n->gather, &n->job, err);
	s->how.explain = n->job.how.explain;
	s->how.sites = n->job.how.sites;
	if (rc >= 0)
		rc = gather_again(&n->gather, &n->job, &more, err);
	if (rc >= 0 && more) {
		gb_verdicts_release(&n->verdicts);
		rc = gb_judge(n->job.run, &n->job.budgets, n->job.policy, &n->verdicts, err);
	}
	return rc < 0 ? rc : gather(&n->gather, &n->job, err);
}

int nightly_judge(struct nightly *n, struct gb_err *err)
{
	struct gb_job *j = &n->job;
	int rc = gb_judge(j->run, &j->budgets, j->policy, &n->verdicts, err);

	if (rc >= 0 && !n->over_time && any_suspect(n))
		rc = find_lines(n, err);
	if (rc == GB_ETIME) {
		n->over_time = true;
		gb_verdicts_release(&n->verdicts);
		rc = gb_judge(j->run, &j->budgets, j->policy, &n->verdicts, err);
	}
	if (rc >= 0)
		rc = drift_judge(&n->drift, j, &n->none, &n->verdicts, err);
	return rc < 0 ? rc : windows_tell(&n->windows, j, err);
}

void nightly_judged_release(struct nightly *n)
{
	gather_close(&n->gather);
	gb_verdicts_release(&n->verdicts);
	drift_release(&n->drift);
	windows_close(&n->windows, &n->job);
}
