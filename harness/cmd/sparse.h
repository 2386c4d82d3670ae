/*
 * sparse - a sparse checkout must not look like packages and budgets that were taken away.
 *
 * Packages that are left out of the work tree are not "gone".  A budget file, or the policy, that is left
 * out while its package is here would make a test pass that has a budget: that is an error.
 */
#ifndef GB_CMD_SPARSE_H
#define GB_CMD_SPARSE_H

#include "cmd/job.h"

/* Once the modules are known.  1: packages are left out, *ret_note says so (caller frees).  GB_EMEASURE with
 * a hint: budgets are. */
int sparse_look(const struct gb_job *j, char **ret_note, struct gb_err *err);

#endif
