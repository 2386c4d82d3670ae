/* trends_series - questions to one series of trends.h, and which stands first. */
#include "budget/trends.h"

#include "budget/stats.h"

#include <stdlib.h>
#include <string.h>

#define NOW ((size_t)3) /* nights: one may be a flake */

int gb_series_order(const void *a, const void *b)
{
	const struct gb_series *x = a, *y = b;
	int order = strcmp(x->package, y->package);

	if (!order)
		order = strcmp(x->test, y->test);
	return order ? order : (int)x->metric - (int)y->metric;
}

double gb_series_now(const struct gb_series *s)
{
	double v[NOW];
	size_t n = s->n < NOW ? s->n : NOW;
	struct gb_median m;

	for (size_t i = 0; i < n; i++)
		v[i] = (double)s->points[s->n - n + i].value;
	gb_stats_median(v, n, &m);
	return m.at;
}

double gb_series_moved(const struct gb_series *s)
{
	const struct gb_change *first = NULL;
	double upgrades = 1;

	/* Of an upgrade in between the series is not to blame. */
	for (size_t i = 0; i < s->trend.n; i++) {
		const struct gb_change *c = &s->trend.v[i];

		if (c->kind != GB_UPGRADE)
			first = first ? first : c;
		else if (first && c->before > 0 && c->after > 0)
			upgrades *= c->after / c->before;
	}
	if (!first)
		return 0;
	return first->before > 0 ? gb_series_now(s) / first->before / upgrades - 1
				 : gb_series_now(s);
}

const struct gb_change *gb_series_last_change(const struct gb_series *s)
{
	for (size_t i = s->trend.n; i-- > 0;)
		if (s->trend.v[i].kind != GB_UPGRADE)
			return &s->trend.v[i];
	return NULL;
}

const struct gb_point *gb_series_last(const struct gb_series *s)
{
	return &s->points[s->n - 1];
}

bool gb_series_is_over(const struct gb_series *s)
{
	const struct gb_point *p = gb_series_last(s);

	return (p->has_budget && p->value > p->ceiling) || (p->has_window && p->value > p->window);
}

bool gb_series_limit(const struct gb_series *s, int64_t *ret, bool *ret_window)
{
	const struct gb_point *p = gb_series_last(s);
	bool beyond = p->has_window && p->value > p->window;

	*ret_window = p->has_window && (!p->has_budget || (beyond && p->value <= p->ceiling));
	*ret = *ret_window ? p->window : p->budget;
	return p->has_budget || p->has_window;
}

/* What hangs on the machine and the moment moves most, and says least. */
static bool is_noise(const struct gb_series *s)
{
	return gb_metrics[s->metric].unsteady && !gb_series_is_over(s);
}

static int worst_first(const void *a, const void *b)
{
	if (is_noise(a) != is_noise(b))
		return is_noise(a) ? 1 : -1;

	double x = gb_series_moved(a), y = gb_series_moved(b);

	return x != y ? (x < y) - (x > y) : gb_series_order(a, b);
}

void gb_trends_sort(struct gb_trends *t)
{
	if (t->n)
		qsort(t->series, t->n, sizeof(*t->series), worst_first);
}
