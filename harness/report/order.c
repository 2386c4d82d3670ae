#include "report/order.h"

#include "base/err.h"
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

struct item {
	const struct gb_judgement *j;
	size_t at;	/* its place in the verdicts */
	size_t package; /* place of the worst verdict of its package ... */
	size_t test;	/* ... and of its test */
};

static int compare_names(const char *a, const char *b)
{
	return strcmp(a ? a : "", b ? b : "");
}

bool gb_same_package(const struct gb_judgement *a, const struct gb_judgement *b)
{
	return compare_names(a->package_path, b->package_path) == 0;
}

bool gb_same_test(const struct gb_judgement *a, const struct gb_judgement *b)
{
	return gb_same_package(a, b) && compare_names(a->test_name, b->test_name) == 0;
}

static int by_name(const void *pa, const void *pb)
{
	const struct item *a = pa, *b = pb;
	int c = compare_names(a->j->package_path, b->j->package_path);

	if (c == 0)
		c = compare_names(a->j->test_name, b->j->test_name);
	return c ? c : (a->at > b->at) - (a->at < b->at);
}

static int by_worst(const void *pa, const void *pb)
{
	const struct item *a = pa, *b = pb;

	if (a->package != b->package)
		return a->package < b->package ? -1 : 1;
	if (a->test != b->test)
		return a->test < b->test ? -1 : 1;
	return (a->at > b->at) - (a->at < b->at);
}

/* Items are sorted by name, and by place within a test. */
static void rank(struct item *items, size_t n)
{
	for (size_t i = 0; i < n;) {
		size_t worst = items[i].at, end = i;

		for (; end < n && gb_same_package(items[end].j, items[i].j); end++) {
			bool first = end == i || !gb_same_test(items[end].j, items[end - 1].j);

			items[end].test = first ? items[end].at : items[end - 1].test;
			if (items[end].at < worst)
				worst = items[end].at;
		}
		for (; i < end; i++)
			items[i].package = worst;
	}
}

/* The picked verdicts as items sorted by name. */
static int sorted(const struct gb_verdicts *v, bool (*pick)(const struct gb_judgement *),
		  struct item **ret, size_t *ret_n)
{
	struct item *items = gb_calloc(v->n ? v->n : 1, sizeof(*items));
	size_t n = 0;

	if (!items)
		return GB_ENOMEM;
	for (size_t i = 0; i < v->n; i++) {
		if (pick && !pick(&v->v[i]))
			continue;
		items[n].j = &v->v[i];
		items[n++].at = i;
	}
	qsort(items, n, sizeof(*items), by_name);
	*ret = items;
	*ret_n = n;
	return 0;
}

static int places(const struct item *items, size_t n, size_t **ret, size_t *ret_n)
{
	size_t *order = NULL;

	if (n && !(order = gb_calloc(n, sizeof(*order))))
		return GB_ENOMEM;
	for (size_t i = 0; i < n; i++)
		order[i] = items[i].at;
	*ret = order;
	*ret_n = n;
	return 0;
}

int gb_report_order(const struct gb_verdicts *v, bool (*pick)(const struct gb_judgement *),
		    size_t **ret, size_t *ret_n)
{
	_free_ struct item *items = NULL;
	size_t n;

	if (sorted(v, pick, &items, &n) < 0)
		return GB_ENOMEM;
	rank(items, n);
	qsort(items, n, sizeof(*items), by_worst);
	return places(items, n, ret, ret_n);
}

int gb_report_by_name(const struct gb_verdicts *v, size_t **ret, size_t *ret_n)
{
	_free_ struct item *items = NULL;
	size_t n;

	if (sorted(v, NULL, &items, &n) < 0)
		return GB_ENOMEM;
	return places(items, n, ret, ret_n);
}

static int compare_key(const struct gb_judgement *j, const char *package, const char *test)
{
	int c = compare_names(j->package_path, package);

	return c || !test ? c : compare_names(j->test_name, test);
}

void gb_report_find(const struct gb_verdicts *v, const size_t *order, size_t n, const char *package,
		    const char *test, size_t *ret_at, size_t *ret_n)
{
	size_t low = 0, high = n, end;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (compare_key(&v->v[order[middle]], package, test) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	for (end = low; end < n && compare_key(&v->v[order[end]], package, test) == 0;)
		end++;
	*ret_at = low;
	*ret_n = end - low;
}
