/* bench_json - benchmarks for programs.  See bench.h. */
#include "report/bench.h"

#include "pprof/slower.h"
#include "report/jsonw.h"

#include <math.h>

/* In the metric's own unit, without the last bits of the way to seconds and back. */
static double own(enum gb_metric m, double v)
{
	return m == GB_NS_PER_OP ? round(v * 1e15) / 1e3 : v;
}

static void add_side(struct gb_jsonw *w, const char *key, const struct gb_bench *row,
		     enum gb_bench_side side)
{
	const struct gb_bench_samples *s = &row->side[side];

	if (!s->n) {
		gb_jsonw_null(w, key);
		return;
	}
	gb_jsonw_open(w, key, '{', true);
	gb_jsonw_double(w, "median", own(row->metric, s->median.at));
	gb_jsonw_double(w, "low", own(row->metric, s->median.low));
	gb_jsonw_double(w, "high", own(row->metric, s->median.high));
	gb_jsonw_open(w, "samples", '[', true);
	for (size_t i = 0; i < s->n; i++)
		gb_jsonw_double(w, NULL, s->v[i]);
	gb_jsonw_close(w, ']');
	gb_jsonw_close(w, '}');
}

static void add_place(struct gb_jsonw *w, const char *key, const struct gb_place *p)
{
	if (!p->function) {
		gb_jsonw_null(w, key);
		return;
	}
	gb_jsonw_open(w, key, '{', true);
	gb_jsonw_string(w, "function", p->function);
	gb_jsonw_string(w, "file", p->file);
	gb_jsonw_int(w, "line", p->line);
	gb_jsonw_close(w, '}');
}

static void add_slower(struct gb_jsonw *w, const struct gb_slower *s)
{
	gb_jsonw_open(w, NULL, '{', true);
	add_place(w, "at", &s->at);
	gb_jsonw_double(w, "flat_before", round(s->flat_before));
	gb_jsonw_double(w, "flat", round(s->flat));
	gb_jsonw_double(w, "cum_before", round(s->cum_before));
	gb_jsonw_double(w, "cum", round(s->cum));
	add_place(w, "into", &s->into);
	gb_jsonw_double(w, "into_before", round(s->into_before));
	gb_jsonw_double(w, "into_after", round(s->into_after));
	gb_jsonw_close(w, '}');
}

void gb_bench_json(const struct gb_benches *b, const char *key, struct gb_jsonw *w)
{
	gb_jsonw_open(w, key, '[', false);
	for (size_t i = 0; i < b->n; i++) {
		const struct gb_bench *row = &b->v[i];
		bool both = row->side[GB_BEFORE].n && row->side[GB_AFTER].n;

		gb_jsonw_open(w, NULL, '{', false);
		gb_jsonw_string(w, "package", row->package);
		gb_jsonw_string(w, "name", row->name);
		gb_jsonw_string(w, "metric", gb_metrics[row->metric].name);
		gb_jsonw_string(w, "verdict", gb_bench_word_name(row->word));
		gb_jsonw_bool(w, "unsure", row->unsure);
		/* From 0 there is no share, and what is NAN or infinite is null. */
		gb_jsonw_double(w, "change", both ? row->change : NAN);
		gb_jsonw_double(w, "p", both ? row->p : NAN);
		gb_jsonw_double(w, "p_all", both && row->metric == GB_NS_PER_OP ? row->p_all : NAN);
		gb_jsonw_double(w, "q", both && row->metric == GB_NS_PER_OP ? row->q : NAN);
		add_side(w, "before", row, GB_BEFORE);
		add_side(w, "after", row, GB_AFTER);
		gb_jsonw_open(w, "slower", '[', false);
		for (size_t k = 0; k < row->n_slower; k++)
			add_slower(w, &row->slower[k]);
		gb_jsonw_close(w, ']');
		gb_jsonw_close(w, '}');
	}
	gb_jsonw_close(w, ']');
}
