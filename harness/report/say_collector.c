/* say_collector - the collector's health in one line.  See say.h. */
#include "report/say.h"

#include "base/buf.h"
#include "report/columns.h"

static bool value(const struct gb_test *row, enum gb_metric m, char *text, size_t size)
{
	int64_t v;

	return gb_column_value(row, m, &v) && gb_metric_format(text, size, m, v);
}

bool gb_say_collector(struct gb_buf *out, const struct gb_package *p)
{
	const struct gb_test *row = gb_package_test(p, GB_PACKAGE_ROW);
	char count[48], total[48], worst[48], live[48];
	bool counted, stopped, lives;
	int64_t n = 0;

	if (!row)
		return false;
	counted = value(row, GB_GC_COUNT, count, sizeof(count)) &&
		  gb_column_value(row, GB_GC_COUNT, &n);
	stopped = n > 0 && value(row, GB_GC_PAUSE_TOTAL, total, sizeof(total)) &&
		  value(row, GB_GC_PAUSE_WORST, worst, sizeof(worst));
	lives = value(row, GB_HEAP_LIVE, live, sizeof(live));
	if (counted)
		gb_buf_addf(out, "%s garbage collection%s", n ? count : "no", n == 1 ? "" : "s");
	if (counted && stopped && n == 1)
		gb_buf_addf(out, ", which stopped the world for %s", worst);
	else if (counted && stopped)
		gb_buf_addf(out, ", the world stopped for %s in all and %s at worst", total, worst);
	if (lives)
		gb_buf_addf(out, "%s%s live at the end", counted ? "; " : "", live);
	return counted || lives;
}
