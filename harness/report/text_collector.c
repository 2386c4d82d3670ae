/* text_collector - of a night, the packages whose tests the garbage collector stopped for longest. */
#include "base/buf.h"
#include "base/limits.h"
#include "base/mem.h"
#include "report/columns.h"
#include "report/page.h"
#include "report/part.h"
#include "report/say.h"

#include <stdlib.h>
#include <string.h>

#define SHOWN ((size_t)10)

static int64_t paused(const struct gb_package *k)
{
	const struct gb_test *row = gb_package_test(k, GB_PACKAGE_ROW);
	int64_t ns;

	return row && gb_column_value(row, GB_GC_PAUSE_TOTAL, &ns) ? ns : 0;
}

static int longest_first(const void *a, const void *b)
{
	const struct gb_package *const *x = a, *const *y = b;
	int64_t m = paused(*x), n = paused(*y);

	return m != n ? (m < n) - (m > n) : strcmp((*x)->path, (*y)->path);
}

void gb_page_collector(struct gb_page *p, const struct gb_report *r)
{
	_free_ const struct gb_package **v = gb_calloc(r->run->n_packages + 1, sizeof(*v));
	size_t n = 0;

	if (!v) {
		p->out->failed = true;
		return;
	}
	for (size_t i = 0; i < r->run->n_packages; i++)
		if (paused(&r->run->packages[i]) > 0)
			v[n++] = &r->run->packages[i];
	if (!n)
		return;
	qsort(v, n, sizeof(*v), longest_first);
	gb_page_put(p, GB_BOLD, "the garbage collector, in the best of the runs");
	gb_page_line(p);
	for (size_t i = 0; i < n && i < SHOWN; i++) {
		_part_ struct gb_part text = GB_PART(p->out);

		gb_page_spaces(p, 2);
		gb_page_fit(p, GB_PLAIN, v[i]->path, p->width - 2);
		gb_page_line(p);
		gb_say_collector(&text.b, v[i]);
		gb_page_spaces(p, 4);
		gb_page_wrap(p, GB_DIM, text.b.data, 4, 6);
	}
	if (n > SHOWN) {
		_part_ struct gb_part text = GB_PART(p->out);

		gb_buf_addf(&text.b, "… and %zu more, which it stopped for less (--json has all)",
			    n - SHOWN);
		gb_page_spaces(p, 2);
		gb_page_put(p, GB_DIM, text.b.data);
		gb_page_line(p);
	}
	gb_page_line(p);
}
