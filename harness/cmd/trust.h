/*
 * trust - is this a run in which the code of a change may be run at all?
 *
 * Under pull_request_target and workflow_run GitHub Actions hands a job the secrets and the
 * writing token of the repository, whatever is checked out.  Tests of a stranger's change
 * would run beside them, so nothing is measured there unless somebody says that what is
 * checked out can be trusted.
 */
#ifndef GB_CMD_TRUST_H
#define GB_CMD_TRUST_H

#include <stdbool.h>

struct gb_err;

/* GB_EUSAGE: it is not; `trusted`: --trusted was given. */
int trust_event(bool trusted, struct gb_err *err);

#endif
