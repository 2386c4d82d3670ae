/*
 * columns - the numbers of a table of tests, in the order in which every rendering shows them.
 */
#ifndef GB_REPORT_COLUMNS_H
#define GB_REPORT_COLUMNS_H

#include "go/run.h"

struct gb_column {
	enum gb_metric m;
	const char *title;
};

#define GB_COLUMNS 11
extern const struct gb_column gb_columns[GB_COLUMNS];

/* What is shown of a metric: the least, of goroutines the most; false where it was not measured. */
bool gb_column_value(const struct gb_test *t, enum gb_metric m, int64_t *ret);

#endif
