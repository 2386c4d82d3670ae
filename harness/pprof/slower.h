/*
 * slower - two CPU profiles of the same work: in which functions the time went.
 *
 * Profiles of two runs have different numbers of samples, so each is scaled to what its side takes
 * for one operation: a function weighs its share of the samples times that.  What it has more
 * than before is told where it is
 *
 *  - more than sampling makes by chance: a count of n samples comes with a deviation of sqrt(n), and
 *    of hundreds of functions one is off by two of them, so it has to be three;
 *  - at least a tenth of what the whole has more.
 *
 * A function of the standard library says little about whose change it was: of those the nearest
 * frame of the module's own is told as well, through which the most of the time came.
 */
#ifndef GB_PPROF_SLOWER_H
#define GB_PPROF_SLOWER_H

#include <stddef.h>
#include <stdint.h>

struct gb_err;
struct gb_profile;

#define GB_SLOWER_MOST ((size_t)5) /* functions */

struct gb_place {
	char *function, *file; /* file "" and line 0 where the profile has none */
	int64_t line;
};

struct gb_slower {
	struct gb_place at; /* the function, and its line that has more than before by the most */
	struct gb_place caller; /* the module's own frame outside it; function NULL: it is one */
	/* In units of the query's before and after. */
	double flat_before, flat; /* its own code */
	double cum_before, cum;	  /* with what it calls */
};

struct gb_slower_query {
	double before, after; /* what the whole of each profile takes */
	/* Only stacks through the function of this name ("BenchmarkGet", of any package) or closures
	 * in it; NULL: all. */
	const char *below;
	const char
		*module; /* what the names of the module's own functions begin with; NULL: none */
};

/*
 * By how much flat grew, at most GB_SLOWER_MOST; none where nothing is sure.  GB_EUSAGE: no CPU
 * profile.  Free with gb_slower_free().
 */
int gb_slower_find(const struct gb_profile *before, const struct gb_profile *after,
		   const struct gb_slower_query *q, struct gb_slower **ret, size_t *ret_n,
		   struct gb_err *err);
void gb_slower_free(struct gb_slower *v, size_t n);

#endif
