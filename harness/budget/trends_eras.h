/*
 * trends_eras - nights under one Go version after the other, in one series.
 *
 * Environments that differ in their Go version alone are eras of one history.  Numbers of
 * different versions are never judged by one another: where a new version moved a series, changes
 * are looked for on either side alone, and what it did stands there as GB_UPGRADE, no alarm.
 */
#ifndef GB_BUDGET_TRENDS_ERAS_H
#define GB_BUDGET_TRENDS_ERAS_H

#include "budget/trends.h"

/* Are both "goN.M" and then the same words? */
bool gb_env_is_related(const char *a, const char *b);

/* Fills every series' trend from its points and nights. */
int gb_trends_find_changes(struct gb_trends *t, double least, struct gb_err *err);

#endif
