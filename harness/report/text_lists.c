/* What many tests share is told in short: new, slack; and for -v every number there is. */
#include "base/buf.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/text.h"
#include "base/units.h"
#include "report/columns.h"
#include "report/order.h"
#include "report/page.h"
#include "report/part.h"
#include "report/say.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NAME_TITLE "measured"
#define SHOWN	   ((size_t)10)
#define NAME_MOST  ((size_t)60) /* columns of the names in a table, where there is room */

static bool is_new(const struct gb_judgement *j)
{
	return j->verdict == GB_V_NEW && j->action == GB_ACT_WARN && j->metric < 0;
}

static bool is_young(const struct gb_judgement *j)
{
	return j->verdict == GB_V_NEW && j->action == GB_ACT_WARN && j->metric >= 0;
}

static bool is_slack(const struct gb_judgement *j)
{
	return j->verdict == GB_V_SLACK && j->action == GB_ACT_WARN && j->metric >= 0;
}

/* "store.TestCache/evict" */
static void add_name(struct gb_buf *out, const struct gb_judgement *j)
{
	gb_say_func(out, j->package_path);
	gb_buf_addf(out, ".%s", j->test_name ? j->test_name : "");
}

/* "goroutines 0, alloc_space 9,216 B": what a budget would be. */
static void add_values(struct gb_buf *out, const struct gb_judgement *j)
{
	static const enum gb_metric shown[] = { GB_GOROUTINES, GB_ALLOC_SPACE, GB_ALLOC_OBJECTS,
						GB_BYTES_PER_OP, GB_ALLOCS_PER_OP };
	bool any = false;

	for (size_t i = 0; j->test && i < sizeof(shown) / sizeof(shown[0]); i++) {
		struct gb_measured m;
		char text[48];

		if (!gb_test_measured(j->test, shown[i], &m))
			continue;
		gb_metric_format(text, sizeof(text), shown[i],
				 gb_metrics[shown[i]].goroutine ? m.max : m.min);
		gb_buf_addf(out, "%s%s %s", any ? ", " : "", gb_metrics[shown[i]].name, text);
		any = true;
	}
}

/* "alloc_space 1,024 B of 1.0 MiB" */
static void add_slack(struct gb_buf *out, const struct gb_judgement *j)
{
	enum gb_metric m = (enum gb_metric)j->metric;
	char measured[48], budget[48];

	gb_metric_format(measured, sizeof(measured), m, j->measured);
	gb_metric_format(budget, sizeof(budget), m, j->budget);
	gb_buf_addf(out, "%s %s of %s", gb_metrics[m].name, measured, budget);
}

/* "alloc_space 9,216 B, 2 of 3 nights in 7 days" */
static void add_young(struct gb_buf *out, const struct gb_judgement *j)
{
	char text[48];

	gb_buf_addf(out, "%s %s, %zu of %d nights in %d day%s", gb_metrics[j->metric].name,
		    gb_metric_format(text, sizeof(text), (enum gb_metric)j->metric, j->measured),
		    j->window.nights, j->window.at_least, j->window.days,
		    j->window.days == 1 ? "" : "s");
}

static void list(struct gb_page *p, const struct gb_report *r, const char *title,
		 bool (*pick)(const struct gb_judgement *),
		 void (*say)(struct gb_buf *, const struct gb_judgement *))
{
	const struct gb_verdicts *v = r->verdicts;
	_free_ size_t *order = NULL;
	_part_ struct gb_part text = GB_PART(p->out);
	size_t n, shown;
	char count[32];

	if (gb_report_order(v, pick, &order, &n) < 0) {
		p->out->failed = p->out->nomem = true;
		return;
	}
	if (n == 0)
		return;
	shown = p->verbose || n <= SHOWN ? n : SHOWN;
	gb_page_put(p, GB_YELLOW, title);
	gb_page_line(p);
	for (size_t i = 0; i < shown; i++) {
		size_t column;

		gb_page_spaces(p, 2);
		gb_part_clear(&text);
		add_name(&text.b, &v->v[order[i]]);
		column = 2 + gb_page_fit(p, GB_PLAIN, text.b.data, p->width - 2);
		gb_part_clear(&text);
		say(&text.b, &v->v[order[i]]);
		if (column + 2 + gb_text_width(text.b.data) > p->width) {
			gb_page_line(p);
			column = 4;
		}
		gb_page_spaces(p, column == 4 ? 6 : 2);
		gb_page_wrap(p, GB_DIM, text.b.data, column + 2, 6);
	}
	if (shown < n) {
		gb_part_clear(&text);
		gb_buf_addf(&text.b, "… and %s more (-v shows all)",
			    gb_format_count(count, sizeof(count), (int64_t)(n - shown)));
		gb_page_spaces(p, 2);
		gb_page_put(p, GB_DIM, text.b.data);
		gb_page_line(p);
	}
	gb_page_line(p);
}

void gb_page_lists(struct gb_page *p, const struct gb_report *r)
{
	list(p, r, "new, without a budget: gobudget record writes one", is_new, add_values);
	list(p, r, "new, without a window yet: too few nights are known", is_young, add_young);
	list(p, r, "slack, budget far above: gobudget record --tighten lowers it", is_slack,
	     add_slack);
}

static bool number(char *out, size_t size, const struct gb_test *t, enum gb_metric m)
{
	int64_t value;

	if (!gb_column_value(t, m, &value))
		return false;
	gb_metric_format(out, size, m, value);
	return true;
}

static void measure_columns(struct gb_page *p, const struct gb_package *k, size_t name_most,
			    size_t *name, size_t width[GB_COLUMNS])
{
	char text[48];

	memset(width, 0, GB_COLUMNS * sizeof(width[0]));
	*name = 0;
	for (size_t i = 0; i < k->n_tests; i++) {
		_part_ struct gb_part safe = GB_PART(p->out);
		size_t w;

		gb_text_safe(&safe.b, k->tests[i].name);
		w = gb_text_width(safe.b.data);
		*name = w > *name ? w : *name;
		for (size_t c = 0; c < GB_COLUMNS; c++) {
			if (!number(text, sizeof(text), &k->tests[i], gb_columns[c].m))
				continue;
			w = gb_text_width(text);
			width[c] = w > width[c] ? w : width[c];
		}
	}
	for (size_t c = 0; c < GB_COLUMNS; c++) {
		if (width[c] && width[c] < strlen(gb_columns[c].title))
			width[c] = strlen(gb_columns[c].title);
	}
	*name = *name > name_most ? name_most : *name;
	if (*name < strlen(NAME_TITLE))
		*name = strlen(NAME_TITLE);
}

static void number_row(struct gb_page *p, const struct gb_test *t, size_t name,
		       const size_t width[GB_COLUMNS])
{
	char text[48];
	size_t used, pending;

	gb_page_spaces(p, 2);
	used = gb_page_fit(p, t ? GB_PLAIN : GB_DIM, t ? t->name : NAME_TITLE, name);
	pending = name > used ? name - used : 0;
	for (size_t c = 0; c < GB_COLUMNS; c++) {
		if (!width[c])
			continue;
		if (t && !number(text, sizeof(text), t, gb_columns[c].m)) {
			pending += 2 + width[c];
			continue;
		}
		gb_page_spaces(p, pending + 2);
		gb_page_cell(p, t ? GB_PLAIN : GB_DIM, t ? text : gb_columns[c].title, width[c],
			     true);
		pending = 0;
	}
	if (t && t->outcome != GB_PASS) {
		gb_page_spaces(p, pending + 2);
		gb_page_put(p, GB_YELLOW, gb_outcome_name(t->outcome));
	}
	gb_page_line(p);
}

static void collector_row(struct gb_page *p, const struct gb_package *k)
{
	_part_ struct gb_part text = GB_PART(p->out);

	if (!gb_say_collector(&text.b, k))
		return;
	gb_page_spaces(p, 2);
	gb_page_wrap(p, GB_DIM, text.b.data, 2, 4);
}

void gb_page_numbers(struct gb_page *p, const struct gb_report *r)
{
	for (size_t i = 0; i < r->run->n_packages; i++) {
		const struct gb_package *k = &r->run->packages[i];
		size_t name, width[GB_COLUMNS];

		if (k->n_tests == 0)
			continue;
		measure_columns(p, k, p->width > 2 * NAME_MOST ? NAME_MOST : p->width / 3, &name,
				width);
		gb_page_package(p, k->module, k->path);
		number_row(p, NULL, name, width);
		for (size_t t = 0; t < k->n_tests; t++)
			number_row(p, &k->tests[t], name, width);
		collector_row(p, k);
		gb_page_line(p);
	}
}
