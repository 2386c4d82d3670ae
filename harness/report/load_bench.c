/* load_bench - the benchmarks of a night; see load.h. */
#include "report/loading.h"

#include "base/limits.h"
#include "base/mem.h"
#include "budget/bench.h"
#include "budget/policy.h"
#include "pprof/slower.h"

#include <math.h>
#include <string.h>

#define BENCHES ((size_t)300000) /* rows */

static const char *metric_name(int i)
{
	return gb_metrics[i].name;
}

static const char *word_name(int i)
{
	return gb_bench_word_name((enum gb_bench_word)i);
}

/* 0 or more, and what a double holds; `otherwise` where it is absent or null. */
static double load_double(struct gb_loading *l, const cJSON *object, const char *key,
			  double otherwise)
{
	const cJSON *item = gb_load_get(l, object, key);

	if (!item)
		return otherwise;
	if (!cJSON_IsNumber(item) || !(item->valuedouble >= 0) || isinf(item->valuedouble))
		gb_load_fail(l, item, "is no number of 0 or more");
	return item->valuedouble;
}

static void load_side(struct gb_loading *l, const cJSON *object, const char *key,
		      const char *package, const char *name, enum gb_metric m,
		      enum gb_bench_side side)
{
	const cJSON *at = gb_load_object(l, object, key), *list, *item;

	if (!at || !(list = gb_load_need_list(l, at, "samples")))
		return;
	if (!list->child)
		gb_load_fail(l, list, "is empty");
	cJSON_ArrayForEach(item, list)
	{
		if (gb_load_ok(l) && !cJSON_IsNumber(item))
			gb_load_fail(l, item, "is no number");
		if (gb_load_ok(l))
			l->rc = gb_benches_add(l->out->benches, package, name, m, side,
					       item->valuedouble, l->err);
	}
}

/* Copies: gb_benches_release() frees them. */
static void load_place(struct gb_loading *l, const cJSON *item, struct gb_place *ret)
{
	ret->function = gb_load_copy(l, gb_load_string(l, item, "function"));
	ret->file = gb_load_copy(l, gb_load_string(l, item, "file"));
	ret->line = gb_load_int(l, item, "line", INT32_MAX);
}

static void load_slower(struct gb_loading *l, const cJSON *item, struct gb_slower *s)
{
	const cJSON *into = gb_load_object(l, item, "into");

	load_place(l, gb_load_need_object(l, item, "at"), &s->at);
	s->flat_before = load_double(l, item, "flat_before", 0);
	s->flat = load_double(l, item, "flat", 0);
	s->cum_before = load_double(l, item, "cum_before", 0);
	s->cum = load_double(l, item, "cum", 0);
	s->into_before = load_double(l, item, "into_before", 0);
	s->into_after = load_double(l, item, "into_after", 0);
	if (into)
		load_place(l, into, &s->into);
}

static void load_functions(struct gb_loading *l, const cJSON *object, struct gb_bench *row)
{
	const cJSON *list = gb_load_need_list(l, object, "slower"), *item;
	size_t n = gb_load_count(l, list, GB_SLOWER_MOST, "functions");

	if (!n || !(row->slower = gb_calloc(n, sizeof(*row->slower)))) {
		if (n)
			gb_load_nomem(l);
		return;
	}
	for (item = list->child; item && gb_load_ok(l); item = item->next)
		load_slower(l, item, &row->slower[row->n_slower++]);
}

/* The medians are made anew of the samples; what the tests said is believed: it takes longer. */
static void load_row(struct gb_loading *l, const cJSON *item)
{
	const char *package = gb_load_string(l, item, "package");
	const char *name = gb_load_string(l, item, "name");
	int metric = gb_load_name(l, item, "metric", metric_name, GB_METRICS), word;
	struct gb_bench *row;

	if (!gb_load_ok(l))
		return;
	if (gb_benches_find(l->out->benches, package, name, (enum gb_metric)metric)) {
		gb_load_fail(l, item, "is there twice");
		return;
	}
	load_side(l, item, "before", package, name, (enum gb_metric)metric, GB_BEFORE);
	load_side(l, item, "after", package, name, (enum gb_metric)metric, GB_AFTER);
	row = gb_benches_find(l->out->benches, package, name, (enum gb_metric)metric);
	if (!row) {
		gb_load_fail(l, item, "was measured on neither side");
		return;
	}
	if (!gb_load_ok(l) || (l->rc = gb_bench_measure(row, l->err)) < 0)
		return;
	row->p = load_double(l, item, "p", 1);
	row->p_all = load_double(l, item, "p_all", 1);
	row->q = load_double(l, item, "q", 1);
	row->unsure = gb_load_bool(l, item, "unsure");
	word = gb_load_name(l, item, "verdict", word_name, GB_BENCH_WORDS);
	load_functions(l, item, row);
	if (!gb_load_ok(l))
		return;
	if ((row->word == GB_BENCH_SAME) == (word == GB_BENCH_NEW || word == GB_BENCH_GONE) ||
	    (row->word != GB_BENCH_SAME && (int)row->word != word))
		gb_load_fail(l, item, "\"%s\" is not what its sides say", word_name(word));
	row->word = (enum gb_bench_word)word;
}

void gb_load_benches(struct gb_loading *l)
{
	const cJSON *object = gb_load_object(l, l->json->root, "benchmarks"), *list, *item;
	struct gb_report_bench *b;
	struct gb_cpu *cpu;

	if (!object || !(b = gb_load_array(l, 1, sizeof(*b))) ||
	    !(cpu = gb_load_array(l, 1, sizeof(*cpu))) ||
	    !(l->out->benches = gb_load_array(l, 1, sizeof(*l->out->benches))))
		return;
	b->environment = gb_load_text(l, object, "environment");
	b->machine = gb_load_text(l, object, "cpu");
	b->before = gb_load_text(l, object, "before");
	b->after = gb_load_text(l, object, "after");
	cpu->warn = load_double(l, object, "warn", INFINITY);
	cpu->fail = load_double(l, object, "fail", INFINITY);
	list = gb_load_need_list(l, object, "rows");
	gb_load_count(l, list, BENCHES, "benchmarks");
	for (item = list ? list->child : NULL; item && gb_load_ok(l); item = item->next)
		load_row(l, item);
	gb_benches_count(l->out->benches);
	b->all = l->out->benches;
	b->cpu = cpu;
	l->out->report.bench = b;
}
