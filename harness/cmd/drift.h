/*
 * drift - the policy's anchor: found, read, judged against, told.
 *
 * Where it cannot be judged, a note says why, and `unjudged` is set where the policy has drift
 * fail: then a check that would pass could not measure (3).
 */
#ifndef GB_CMD_DRIFT_H
#define GB_CMD_DRIFT_H

#include "budget/drift.h"
#include "cmd/which_base.h"

struct gb_drift_check {
	struct gb_anchor anchor;
	char *name;
	struct gb_strlist notes;
	bool unjudged;
};

/* After gb_judge(); nothing where the policy that counts has no drift. */
int drift_judge(struct gb_drift_check *d, const struct gb_job *j, const struct gb_which_base *base,
		struct gb_verdicts *v, struct gb_err *err);
/* After the verdicts. */
void drift_release(struct gb_drift_check *d);

#endif
