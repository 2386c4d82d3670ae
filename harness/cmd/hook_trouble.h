/*
 * hook_trouble - why a commit could not be measured, from the report that check wrote of it.
 *
 * Troubles of packages, tests that failed, budgets whose tests never ran or that are another
 * environment's.  What the base has as well is not the change's doing:
 *
 *	the same package did not build or did not finish there: what its tests do is not known
 *	the same test failed there, in whatever way
 *	the same package had the same trouble, or the same verdict
 */
#ifndef GB_CMD_HOOK_TROUBLE_H
#define GB_CMD_HOOK_TROUBLE_H

#include <stdbool.h>
#include <stddef.h>

struct gb_err;

struct gb_trouble_row {
	char *package, *dir; /* dir: of the package, from where check ran; or NULL */
	char *test;	     /* or NULL: the package as a whole */
	char *kind;	     /* "build", "fail", ..., or a verdict: "gone", "incomparable" */
	bool inherited;
};

struct gb_troubles {
	struct gb_trouble_row *v;
	size_t n, cap;
	bool read; /* there was a report */
};

/* A file that is not there is no error: `read` is false.  GB_EUSAGE: it is no report. */
int gb_troubles_read(const char *path, struct gb_troubles *ret, struct gb_err *err);
void gb_troubles_release(struct gb_troubles *t);

/* Marks those of head that base has; how many are left. */
size_t gb_troubles_inherit(struct gb_troubles *head, const struct gb_troubles *base);

#endif
