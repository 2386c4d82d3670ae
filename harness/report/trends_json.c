/* trends_json - trends for programs: budgets/schema/trends.json.  See trends.h. */
#include "report/trends.h"

#include "base/buf.h"
#include "report/jsonw.h"
#include "report/part.h"

#include <math.h>

static const char *unit_of(enum gb_metric m)
{
	static const char *const names[] = {
		[GB_COUNT] = "count",
		[GB_BYTES] = "bytes",
		[GB_PICOSECONDS] = "picoseconds",
		[GB_NANOSECONDS] = "nanoseconds",
	};

	return names[gb_metrics[m].unit];
}

static void json_culprit(struct gb_jsonw *w, const struct gb_bisected *b)
{
	if (!b) {
		gb_jsonw_null(w, "culprit");
		return;
	}
	gb_jsonw_open(w, "culprit", '{', true);
	gb_jsonw_string(w, "commit", b->commit[0] ? b->commit : NULL);
	gb_jsonw_string(w, "author", b->author);
	gb_jsonw_string(w, "subject", b->subject);
	if (b->commit[0])
		gb_jsonw_int(w, "time", b->when);
	else
		gb_jsonw_null(w, "time");
	gb_jsonw_string(w, "evidence", b->evidence);
	gb_jsonw_string(w, "why", b->why);
	gb_jsonw_int(w, "left", (int64_t)b->left);
	gb_jsonw_int(w, "measured", (int64_t)b->measured);
	gb_jsonw_close(w, '}');
}

static void json_change(struct gb_jsonw *w, const struct gb_trends *t, const struct gb_series *s,
			const struct gb_change *c, const struct gb_trends_look *look)
{
	_part_ struct gb_part command = GB_PART(w->out);

	gb_trends_bisect(t, s, c, &command.b);
	gb_jsonw_open(w, NULL, '{', true);
	gb_jsonw_string(w, "kind", gb_trends_kind(c));
	gb_jsonw_string(w, "from", gb_trends_before(t, s, c)->id);
	gb_jsonw_string(w, "to", gb_trends_after(t, s, c)->id);
	gb_jsonw_string(w, "told", t->nights[s->points[c->told].night].id);
	gb_jsonw_int(w, "before", (int64_t)llround(c->before));
	gb_jsonw_int(w, "after", (int64_t)llround(c->after));
	gb_jsonw_string(w, "bisect", command.b.len ? command.b.data : NULL);
	json_culprit(w, gb_bisected_of(look->found, c));
	gb_jsonw_close(w, '}');
}

static void json_series(struct gb_jsonw *w, const struct gb_trends *t, const struct gb_series *s,
			const struct gb_trends_look *look)
{
	gb_jsonw_open(w, NULL, '{', false);
	gb_jsonw_string(w, "package", s->package);
	gb_jsonw_string(w, "test", s->test);
	gb_jsonw_string(w, "metric", gb_metrics[s->metric].name);
	gb_jsonw_string(w, "unit", unit_of(s->metric));
	gb_jsonw_bool(w, "over", gb_series_is_over(s));
	gb_jsonw_string(w, "broken", gb_alarm_name(gb_series_alarm(t, s, look->newest)));
	gb_jsonw_open(w, "changes", '[', false);
	for (size_t i = 0; i < s->trend.n; i++)
		json_change(w, t, s, &s->trend.v[i], look);
	gb_jsonw_close(w, ']');
	gb_jsonw_open(w, "points", '[', true);
	for (size_t i = 0; i < s->n; i++) {
		const struct gb_point *p = &s->points[i];

		gb_jsonw_open(w, NULL, '[', true);
		gb_jsonw_int(w, NULL, (int64_t)p->night);
		gb_jsonw_int(w, NULL, p->value);
		if (p->has_budget)
			gb_jsonw_int(w, NULL, p->budget);
		else
			gb_jsonw_null(w, NULL);
		if (p->has_window)
			gb_jsonw_int(w, NULL, p->window);
		gb_jsonw_close(w, ']');
	}
	gb_jsonw_close(w, ']');
	gb_jsonw_close(w, '}');
}

void gb_trends_json(const struct gb_trends *t, const struct gb_trends_look *look,
		    struct gb_buf *out)
{
	struct gb_jsonw w = { .out = out };

	gb_jsonw_open(&w, NULL, '{', false);
	gb_jsonw_int(&w, "version", 1);
	gb_jsonw_string(&w, "cut", t->cut[0] ? t->cut : NULL);
	gb_jsonw_string(&w, "environment", t->env);
	gb_jsonw_int(&w, "other_environments", (int64_t)t->other_envs);
	gb_jsonw_bool(&w, "whole", look->whole);
	gb_jsonw_int(&w, "newest", (int64_t)look->newest);
	gb_jsonw_open(&w, "nights", '[', false);
	for (size_t i = 0; i < t->n_nights; i++) {
		const struct gb_night *night = &t->nights[i];
		char go[32];

		gb_jsonw_open(&w, NULL, '{', true);
		gb_jsonw_string(&w, "commit", night->id);
		gb_jsonw_int(&w, "time", night->when);
		gb_jsonw_string(&w, "author", night->author);
		gb_jsonw_string(&w, "subject", night->subject);
		gb_jsonw_string(&w, "go", gb_trends_go(go, sizeof(go), night));
		gb_jsonw_close(&w, '}');
	}
	gb_jsonw_close(&w, ']');
	gb_jsonw_open(&w, "series", '[', false);
	for (size_t i = 0; i < t->n; i++)
		json_series(&w, t, &t->series[i], look);
	gb_jsonw_close(&w, ']');
	gb_jsonw_close(&w, '}');
}
