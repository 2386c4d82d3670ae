/*
 * alarm - which metrics of a history somebody should hear of.
 *
 * Over: the newest value is above its budget.  Grown: the last change is upwards and was told within
 * the newest nights, and the level is still there.  A level that has stood for longer is how things
 * are, and is told no more.  Nor does growth of what hangs on the machine and the moment
 * (gb_metric_info.unsteady) say anything.
 * What was not measured in the newest nights is broken in neither way: nobody knows.
 */
#ifndef GB_BUDGET_ALARM_H
#define GB_BUDGET_ALARM_H

#include "budget/trends.h"

#define GB_ALARM_NIGHTS ((size_t)14) /* the newest nights, where nothing else is said */
#define GB_ALARM_TIME	0.15	     /* times have grown when they grew by more */

enum gb_alarm_kind { GB_ALARM_NONE, GB_ALARM_OVER, GB_ALARM_GREW };

enum gb_alarm_kind gb_series_alarm(const struct gb_trends *t, const struct gb_series *s,
				   size_t newest);
/* Its last change, where that is upwards: the one to look at.  NULL: there is none. */
const struct gb_change *gb_series_rise(const struct gb_series *s);
/* Was the change told within the newest nights? */
bool gb_change_is_new(const struct gb_trends *t, const struct gb_series *s,
		      const struct gb_change *c, size_t newest);

/* "over", "grew"; NULL for none. */
const char *gb_alarm_name(enum gb_alarm_kind kind);

#endif
