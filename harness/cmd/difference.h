/*
 * difference - check where no budget is of this environment: head and base, both measured here.
 *
 * Only with a base that is to be measured (--base, --measure-base).
 */
#ifndef GB_CMD_DIFFERENCE_H
#define GB_CMD_DIFFERENCE_H

#include "cmd/gather.h"

/* gb_judge(), and gb_judge_difference() once the base has been measured. */
int difference_judge(const struct gb_gather *g, const struct gb_job *j, struct gb_verdicts *v,
		     struct gb_err *err);

/*
 * After the first judgement: runs what is incomparable once more under the exact settings, here and
 * at the base, and twice more where something is over; judges again.  What comes to nothing is a
 * note of g, and the verdicts stay as they are.
 */
int difference_find(struct gb_gather *g, struct gb_job *j, struct gb_verdicts *v,
		    struct gb_err *err);

#endif
