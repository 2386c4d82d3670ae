#include "report/columns.h"

const struct gb_column gb_columns[GB_COLUMNS] = {
	{ GB_GOROUTINES, "left" },
	{ GB_GOROUTINES_PEAK, "peak" },
	{ GB_GOROUTINES_CREATED, "created" },
	{ GB_ALLOC_SPACE, "bytes" },
	{ GB_ALLOC_OBJECTS, "objects" },
	{ GB_INUSE_SPACE, "in use" },
	{ GB_HEAP_PEAK, "heap peak" },
	{ GB_BYTES_PER_OP, "B/op" },
	{ GB_ALLOCS_PER_OP, "allocs/op" },
	{ GB_NS_PER_OP, "ns/op" },
	{ GB_ESCAPES, "escapes" },
};

bool gb_column_value(const struct gb_test *t, enum gb_metric m, int64_t *ret)
{
	struct gb_measured got;

	if (!gb_test_measured(t, m, &got))
		return false;
	*ret = gb_metrics[m].goroutine ? got.max : got.min;
	return true;
}
