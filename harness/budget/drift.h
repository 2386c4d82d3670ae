/*
 * drift - growth since a fixed commit, judged.
 *
 * After gb_judge(): what a run measured beside what is known of the policy's anchor in the same
 * environment, which is its git note, and of what the note does not have, the `measured` of its
 * budget files.  A test that was not measured there has no drift.
 *
 * GB_V_DRIFT: more than there by more than `over` of it, of sizes also by more than `and`, and
 * by more than twice the spread that either recorded.  It stands beside the other verdicts on
 * the same number.  Metrics that only warn, and bytes under -race, only warn.
 */
#ifndef GB_BUDGET_DRIFT_H
#define GB_BUDGET_DRIFT_H

#include "budget/judge.h"
#include "budget/note.h"

struct gb_anchor {
	const char *name; /* "v1.2.0 (3c2fe681b2c4)": lives as long as the verdicts */
	struct gb_budgets budgets;
	struct gb_note note; /* may be empty */
};

void gb_anchor_release(struct gb_anchor *a);

/* Is anything known of it in this environment?  1, 0, GB_ENOMEM. */
int gb_anchor_knows(const struct gb_anchor *a, const struct gb_environment *env,
		    struct gb_err *err);

/* `rules` says how far, and what it does: of the policy that counts. */
int gb_judge_drift(const struct gb_run *run, const struct gb_budgets *budgets,
		   const struct gb_policy *rules, const struct gb_anchor *anchor,
		   struct gb_verdicts *v, struct gb_err *err);

/*
 * Whose `drift` counts for a change: its own policy's, unless it loosens the base's in a way that
 * the base's `raise` does not allow.  *ret_loosened: it does loosen it.  `base` may be NULL.
 */
const struct gb_policy *gb_drift_rules(const struct gb_policy *here, const struct gb_policy *base,
				       bool *ret_loosened);

#endif
