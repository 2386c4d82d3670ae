/*
 * affected - check --affected: of the packages asked for, those that the change can move.
 *
 * What cannot be planned is measured whole, and the notes say why.
 */
#ifndef GB_CMD_AFFECTED_H
#define GB_CMD_AFFECTED_H

#include "cmd/job.h"

struct gb_base_commit;

struct gb_affected {
	bool planned;		 /* notes only, otherwise: everything is measured */
	size_t asked, taken;	 /* packages */
	struct gb_strlist notes; /* what was left out, or why nothing was */
	struct gb_strlist why;	 /* one line for each package that is taken */
	struct gb_strlist names; /* of the packages that are taken */
};

/*
 * Between job_open() with `later` and job_start(): puts the packages that are to be measured in the
 * place of o->patterns.  GB_EUSAGE: packages were named behind `--`.
 */
int affected_plan(struct gb_affected *a, struct gb_job *j, const struct gb_base_commit *base,
		  const char *why_no_base, struct gb_err *err);
/* After an interruption: adds to `notes` which of them were not measured to their end. */
int affected_unfinished(const struct gb_affected *a, const struct gb_run *run,
			struct gb_strlist *notes, struct gb_err *err);
void affected_release(struct gb_affected *a);

#endif
