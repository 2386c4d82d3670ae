/*
 * history_unknown - a test that no commit and no note knows.
 */
#ifndef GB_CMD_HISTORY_UNKNOWN_H
#define GB_CMD_HISTORY_UNKNOWN_H

#include "budget/history.h"

struct gb_repo;

/*
 * For a history that has nothing of `o->test`: GB_EUSAGE with the names that are near, where no commit that
 * o->from reaches ever gave it a budget.  0: one did, or the clone is too shallow to know.
 */
int history_unknown(const struct gb_repo *repo, const struct gb_history_options *o,
		    struct gb_err *err);

#endif
