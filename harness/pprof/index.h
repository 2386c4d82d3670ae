/*
 * index - the tables of a profile, made in one walk over its inflated bytes.
 *
 * Samples are not looked at, only counted and remembered by where they begin
 * (sample.h reads them).  Strings get their NUL in place: each moves one byte
 * towards its own length, which is not needed any more.
 */
#ifndef GB_PPROF_INDEX_H
#define GB_PPROF_INDEX_H

#include "pprof/profile.h"

/* p->name, data and size are set, location_ids is empty.  GB_EPARSE, GB_ELIMIT, GB_ENOMEM. */
int gb_profile_index(struct gb_profile *p, struct gb_err *err);

#endif
