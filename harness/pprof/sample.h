/*
 * sample - one sample of a profile, decoded into arrays that are used again.
 *
 *	_sample_ struct gb_sample s = GB_SAMPLE_INIT;
 *	for (size_t i = 0; i < p->n_samples; i++) {
 *		if ((rc = gb_sample_read(p, i, &s, err)) < 0)
 *			return rc;
 *		use(s.values[type], s.locations, s.n);
 *	}
 *
 * Locations are indices, innermost first, all of them valid; frames that the
 * profile wants dropped are gone (prune.h).  There are p->n_values values.
 */
#ifndef GB_PPROF_SAMPLE_H
#define GB_PPROF_SAMPLE_H

#include "pprof/profile.h"
#include "pprof/wire.h"

struct gb_sample {
	const uint32_t *locations;
	size_t n;
	int64_t *values;
	/* scratch */
	uint32_t *all;
	size_t cap, cap_values;
	struct gb_wire message; /* for labels */
};

#define GB_SAMPLE_INIT                     \
	{                                  \
		NULL, 0, NULL, NULL, 0, 0, \
		{                          \
			NULL, NULL, false  \
		}                          \
	}

/* GB_EPARSE: the sample is malformed; GB_ENOMEM. */
int gb_sample_read(const struct gb_profile *p, size_t i, struct gb_sample *s, struct gb_err *err);
void gb_sample_release(struct gb_sample *s);
#define _sample_ __attribute__((cleanup(gb_sample_release)))

/* The labels of the sample that was read last: a growing array of the caller's, *n of them. */
int gb_sample_labels(const struct gb_profile *p, const struct gb_sample *s,
		     struct gb_label **labels, size_t *cap, size_t *n, struct gb_err *err);

#endif
