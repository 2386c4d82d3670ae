/* bench_explain - the functions behind a benchmark that is slower.  See bench.h. */
#include "budget/bench.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/text.h"
#include "pprof/slower.h"

#include <string.h>

#define PS_PER_S 1e12

int gb_bench_explain(struct gb_bench *row, const char *module, bool alone,
		     const struct gb_profile *before, const struct gb_profile *after,
		     struct gb_err *err)
{
	struct gb_slower_query q = {
		.before = row->side[GB_BEFORE].median.at * PS_PER_S,
		.after = row->side[GB_AFTER].median.at * PS_PER_S,
		/* The standard library's own benchmarks: names there begin with anything. */
		.module = gb_streq(module, "std") ? NULL : module,
	};
	_free_ char *function = gb_strndup(row->name, strcspn(row->name, "/-"));
	struct gb_slower *v = NULL;
	size_t n = 0;
	int rc;

	if (!function)
		return gb_fail_nomem(err);
	q.below = alone ? NULL : function;
	if ((rc = gb_slower_find(before, after, &q, &v, &n, err)) < 0)
		return rc;
	gb_slower_free(row->slower, row->n_slower);
	row->slower = v;
	row->n_slower = n;
	return 0;
}
