/*
 * diff - which values are on the heap now and were not at the base, and the other way round.
 *
 * Matched by package, function and expression, so that moved lines are not news; a closure's
 * values belong to the function around it, since its number changes when another one
 * comes before it.  Of several alike, those kept by the same thing match first.
 * Only what counts (gb_escape_counts) is compared, of the packages that were asked for.
 */
#ifndef GB_ESCAPE_DIFF_H
#define GB_ESCAPE_DIFF_H

#include "escape/escape.h"

struct gb_err;

struct gb_escape_diff {
	const struct gb_escape **fresh; /* of head, in its order */
	size_t n_fresh, cap_fresh;
	const struct gb_escape **gone; /* of base */
	size_t n_gone, cap_gone;
};

/* Both sets are finished and outlive the difference. */
int gb_escape_diff(const struct gb_escapes *base, const struct gb_escapes *head,
		   struct gb_escape_diff *ret, struct gb_err *err);
void gb_escape_diff_release(struct gb_escape_diff *d);
#define _escape_diff_ __attribute__((cleanup(gb_escape_diff_release)))

/* Is this value of head a new one? */
bool gb_escape_diff_is_new(const struct gb_escape_diff *d, const struct gb_escape *x);

#endif
