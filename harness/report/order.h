/*
 * order - verdicts grouped for people: by package, then by test, worst first.
 *
 * The judge sorts verdicts by how bad they are.  Shown like that, a package's
 * heading would come again and again; so all of a package's verdicts move up to
 * its worst one, and within it all of a test's to that test's worst.
 */
#ifndef GB_REPORT_ORDER_H
#define GB_REPORT_ORDER_H

#include "budget/judge.h"

/*
 * Indexes of the verdicts for which `pick` says yes (NULL: all), grouped.  The array is
 * the caller's to free(); NULL with *ret_n 0 when there are none.  GB_ENOMEM.
 */
int gb_report_order(const struct gb_verdicts *v, bool (*pick)(const struct gb_judgement *),
		    size_t **ret, size_t *ret_n);

/* All of them sorted by package and test name, for gb_report_find(). */
int gb_report_by_name(const struct gb_verdicts *v, size_t **ret, size_t *ret_n);

/* Where in `order` (of gb_report_by_name) the verdicts of a test stand, and how many; of a whole
 * package where `test` is NULL.  None: *ret_n is 0. */
void gb_report_find(const struct gb_verdicts *v, const size_t *order, size_t n, const char *package,
		    const char *test, size_t *ret_at, size_t *ret_n);

/* Do these stand below the same heading? */
bool gb_same_package(const struct gb_judgement *a, const struct gb_judgement *b);
bool gb_same_test(const struct gb_judgement *a, const struct gb_judgement *b);

#endif
