/* A capture as JSON (budgets/schema/capture.json).  See capture.h. */
#include "report/capture.h"

#include "base/buf.h"
#include "report/jsonw.h"

static void add_known(struct gb_jsonw *w, const char *key, int64_t value)
{
	if (value < 0)
		gb_jsonw_null(w, key);
	else
		gb_jsonw_int(w, key, value);
}

static void add_site(struct gb_jsonw *w, const char *key, const struct gb_site *s)
{
	gb_jsonw_open(w, key, '{', true);
	gb_jsonw_string(w, "function", s->func);
	gb_jsonw_string(w, "file", s->file);
	gb_jsonw_int(w, "line", s->line);
	gb_jsonw_close(w, '}');
}

static void add_shots(struct gb_jsonw *w, const struct gb_capturing *c)
{
	gb_jsonw_open(w, "captures", '[', false);
	for (size_t i = 0; i < c->n_shots; i++) {
		const struct gb_capture_shot *s = &c->shots[i];

		gb_jsonw_open(w, NULL, '{', true);
		gb_jsonw_int(w, "at_ms", s->at_ms);
		gb_jsonw_string(w, "time", s->time);
		add_known(w, "goroutines", s->value[GB_CAPTURE_GOROUTINE]);
		add_known(w, "blocked",
			  c->budget->blocked == GB_SERVICE_NONE ? GB_CAPTURE_UNKNOWN : s->blocked);
		add_known(w, "proven", s->value[GB_CAPTURE_LEAK]);
		add_known(w, "live_heap", s->value[GB_CAPTURE_HEAP]);
		add_known(w, "allocated", s->value[GB_CAPTURE_ALLOCS]);
		add_known(w, "mutex_delay", s->value[GB_CAPTURE_MUTEX]);
		add_known(w, "block_delay", s->value[GB_CAPTURE_BLOCK]);
		gb_jsonw_bool(w, "stacks_cut", s->cut);
		gb_jsonw_close(w, '}');
	}
	gb_jsonw_close(w, ']');
}

static void add_growth(struct gb_jsonw *w, const struct gb_capturing *c, const char *key,
		       enum gb_capture_kind kind)
{
	double slope;

	/* Thousandths have to fit, too. */
	if (gb_capture_growth(c, kind, &slope) && slope > -9e15 && slope < 9e15)
		gb_jsonw_milli(w, key, (int64_t)(slope * 1000));
	else
		gb_jsonw_null(w, key);
}

static void add_verdicts(struct gb_jsonw *w, const struct gb_capturing *c)
{
	gb_jsonw_open(w, "verdicts", '[', false);
	for (size_t i = 0; i < c->n_verdicts; i++) {
		const struct gb_capture_verdict *v = &c->verdicts[i];

		gb_jsonw_open(w, NULL, '{', true);
		gb_jsonw_string(w, "budget", v->name);
		gb_jsonw_string(w, "created_by", v->rule ? v->rule->created_by : NULL);
		gb_jsonw_int(w, "measured", v->measured);
		gb_jsonw_int(w, "ceiling", v->ceiling);
		gb_jsonw_bool(w, "over", v->over);
		gb_jsonw_int(w, "capture", (int64_t)v->shot);
		gb_jsonw_close(w, '}');
	}
	gb_jsonw_close(w, ']');
}

static void add_groups(struct gb_jsonw *w, const struct gb_capturing *c)
{
	gb_jsonw_open(w, "goroutines", '[', false);
	for (size_t i = 0; i < c->n_groups; i++) {
		const struct gb_capture_group *g = &c->groups[i];

		gb_jsonw_open(w, NULL, '{', true);
		gb_jsonw_string(w, "state", g->state);
		gb_jsonw_int(w, "minutes", g->minutes);
		gb_jsonw_bool(w, "proven", g->leaked);
		gb_jsonw_bool(w, "main", g->main);
		gb_jsonw_open(w, "count", '[', true);
		for (size_t s = 0; s < c->n_shots; s++)
			gb_jsonw_int(w, NULL, g->count[s]);
		gb_jsonw_close(w, ']');
		add_site(w, "created", &g->created);
		add_site(w, "where", &g->where);
		gb_jsonw_close(w, '}');
	}
	gb_jsonw_close(w, ']');
}

static void add_weights(struct gb_jsonw *w, const struct gb_capturing *c)
{
	gb_jsonw_open(w, "profiles", '[', false);
	for (int k = 0; k < GB_CAPTURE_KINDS; k++) {
		const struct gb_capture_weights *x = &c->weights[k];

		if (!x->unit || k == GB_CAPTURE_GOROUTINE)
			continue;
		gb_jsonw_open(w, NULL, '{', false);
		gb_jsonw_string(w, "profile", gb_capture_sources[k].name);
		gb_jsonw_string(w, "unit", x->unit);
		gb_jsonw_open(w, "places", '[', false);
		for (size_t i = 0; i < x->n; i++) {
			gb_jsonw_open(w, NULL, '{', true);
			gb_jsonw_int(w, "first", x->v[i].first);
			gb_jsonw_int(w, "last", x->v[i].last);
			add_site(w, "site", &x->v[i].site);
			gb_jsonw_close(w, '}');
		}
		gb_jsonw_close(w, ']');
		gb_jsonw_close(w, '}');
	}
	gb_jsonw_close(w, ']');
}

void gb_capture_json(const struct gb_capturing *c, const struct gb_capture_look *look,
		     struct gb_buf *out)
{
	struct gb_jsonw w = { .out = out };

	gb_jsonw_open(&w, NULL, '{', false);
	gb_jsonw_int(&w, "version", 1);
	gb_jsonw_string(&w, "url", look->url);
	gb_jsonw_string(&w, "budget", c->budget->path);
	gb_jsonw_bool(&w, "over", c->n_over > 0);
	add_shots(&w, c);
	gb_jsonw_open(&w, "growth_per_minute", '{', true);
	add_growth(&w, c, "goroutines", GB_CAPTURE_GOROUTINE);
	add_growth(&w, c, "live_heap", GB_CAPTURE_HEAP);
	add_growth(&w, c, "allocated", GB_CAPTURE_ALLOCS);
	gb_jsonw_close(&w, '}');
	add_verdicts(&w, c);
	add_groups(&w, c);
	add_weights(&w, c);
	gb_jsonw_open(&w, "notes", '[', false);
	for (size_t i = 0; i < look->notes->n; i++)
		gb_jsonw_string(&w, NULL, look->notes->v[i]);
	gb_jsonw_close(&w, ']');
	gb_jsonw_close(&w, '}');
}
