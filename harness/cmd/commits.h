/*
 * commits - the commits between the base and this change, for the report.
 *
 * Of a pull request's test merge they are those of its second parent.  Nothing where there is no
 * base, fewer than two commits, or where history is not in this clone.
 */
#ifndef GB_CMD_COMMITS_H
#define GB_CMD_COMMITS_H

#include "cmd/which_base.h"
#include "report/commits.h"

/* *ret stays empty (n is 0) where there is nothing to tell.  Borrows names from the verdicts. */
int commits_read(const struct gb_which_base *base, const struct gb_job *j,
		 const struct gb_verdicts *v, struct gb_report_commits *ret, struct gb_err *err);
void commits_release(struct gb_report_commits *c);

#endif
