/*
 * slower - two CPU profiles of the same work: in which functions the time went.
 *
 * Time is charged to the nearest function of the module's own, and with it what it calls outside the
 * module: growing a map is a hundred functions of the runtime, and one line of somebody.  Where no frame
 * is the module's (the garbage collector), to the outermost.
 *
 * Profiles of two runs have different numbers of samples, so each is scaled to what its side takes
 * for one operation: a function weighs its share of the samples times that.  One that has more
 * than before is told where it is
 *
 *  - more than sampling makes by chance: a count of n samples comes with a deviation of sqrt(n), and
 *    of hundreds of functions one is off by two of them, so it has to be three;
 *  - at least a tenth of what the whole has more.
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

/* In units of the query's before and after. */
struct gb_slower {
	struct gb_place at; /* the function, and its line that has more than before by the most */
	double flat_before, flat; /* its own code, and what that calls outside the module */
	double cum_before, cum;	  /* with what else it calls */
	/* What it calls outside the module that has more by the most; function NULL: nothing that
	 * would be a quarter of it. */
	struct gb_place into;
	double into_before, into_after;
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
