/*
 * prune - drop_frames and keep_frames: frames that the profile's writer calls uninteresting.
 *
 * Every frame whose function matches drop (and not keep) is taken away with all
 * that is inside it, unless no frame outside it would be left.  This is what go
 * tool pprof does to every profile it reads.  An expression that
 * match.h does not understand drops nothing.
 */
#ifndef GB_PPROF_PRUNE_H
#define GB_PPROF_PRUNE_H

#include "pprof/profile.h"

enum {
	GB_PRUNE_BENEATH = 1, /* frames inside this location go, and some of its own are gone */
	GB_PRUNE_WHOLE = 2,   /* it goes as well */
};

/* Fills p->prune and shortens locations; "" for no expression.  0 or GB_ENOMEM. */
int gb_profile_prune(struct gb_profile *p, const char *drop, const char *keep, struct gb_err *err);

/* Of a stack, innermost first: how many frames at its beginning go. */
size_t gb_prune_stack(const struct gb_profile *p, const uint32_t *locations, size_t n);

#endif
