/*
 * affected_reads - packages whose tests read a changed file the last time that they were measured.
 *
 * The rules of plan/affected.h know what tests may read by where it lies and by what their sources
 * say; check's cache knows what they did read, by any way.  Without a cache nothing is added.
 */
#ifndef GB_CMD_AFFECTED_READS_H
#define GB_CMD_AFFECTED_READS_H

#include "base/hash.h"
#include "plan/affected.h"

/* Marks them GB_PLAN_READS. */
int affected_reads(struct gb_plan *plan, const struct gb_plan_changes *changes, const char *top,
		   struct gb_err *err);

/* Under which such a list is kept, as kind "reads": a test log (plan/testlog.h). */
int affected_reads_key(const char *package, const char *dir, char ret_key[GB_HASH_HEX + 1],
		       struct gb_err *err);

#endif
