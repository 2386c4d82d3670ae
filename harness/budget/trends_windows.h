/*
 * trends_windows - what a policy's windows (windows.h) allowed on each night of a history.
 *
 * By the nights of the same environment that stand before it in the history, by the committers' clocks;
 * a merged branch's nights are among them, unlike where a commit is judged.
 */
#ifndef GB_BUDGET_TRENDS_WINDOWS_H
#define GB_BUDGET_TRENDS_WINDOWS_H

#include "budget/policy.h"
#include "budget/trends.h"

/* Sets has_window and window of points.  GB_ELIMIT where nights of windows are more than can be looked at. */
int gb_trends_windows(struct gb_trends *t, const struct gb_policy *policy, struct gb_err *err);

#endif
