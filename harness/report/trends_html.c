/*
 * trends_html - trends as a page: html/trends.html with its marks filled in.
 *
 * Whole without its script: each series with what it is now and what changed.  The charts, the
 * tables beside them and the filters are the script's, from data that is packed, since 500 tests
 * of 365 nights are half a million points: three streams for each series, of nights, values and
 * budgets and windows.  A stream is differences from one number to the next, zigzag, in digits of five bits
 * ("A" to "Z", "a" to "z", "0" to "9", "+", "/" with 32 added where more follow, least first, as
 * source maps have them); "." and a number stand for so many that are the same.
 */
#include "report/trends.h"

#include "base/buf.h"
#include "base/html.h"
#include "pprof/flame.h"
#include "report/html.h"
#include "report/part.h"
#include "version.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define ID_SHOWN 12

static void add_number(struct gb_buf *out, uint64_t v)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	do {
		gb_buf_addc(out, digits[(v & 31) | (v > 31 ? 32 : 0)]);
		v >>= 5;
	} while (v);
}

struct stream {
	struct gb_buf *out;
	uint64_t last, same;
};

static void end_run(struct stream *s)
{
	if (s->same > 1)
		gb_buf_addc(s->out, '.');
	if (s->same)
		add_number(s->out, s->same > 1 ? s->same : 0);
	s->same = 0;
}

static void add_to(struct stream *s, int64_t v)
{
	uint64_t difference = (uint64_t)v - s->last;
	bool falls = difference >> 63;

	s->last = (uint64_t)v;
	if (!difference) {
		s->same++;
		return;
	}
	end_run(s);
	add_number(s->out, falls ? (0 - difference) * 2 - 1 : difference * 2);
}

static int64_t value_of(const struct gb_point *p, size_t i, int which)
{
	if (which == 0)
		return (int64_t)(p->night - i);
	if (which == 1)
		return p->value;
	if (which == 2)
		return p->has_budget ? p->budget : -1;
	return p->has_window ? p->window : -1;
}

static void add_streams(struct gb_buf *out, const struct gb_series *s)
{
	for (int which = 0; which < 4; which++) {
		struct stream to = { .out = out };

		gb_buf_adds(out, which ? "\",\"" : "[\"");
		for (size_t i = 0; i < s->n; i++)
			add_to(&to, value_of(&s->points[i], i, which));
		end_run(&to);
	}
	gb_buf_adds(out, "\"]");
}

static void add_data(struct gb_buf *out, const struct gb_trends *t,
		     const struct gb_trends_look *look)
{
	char day[32];

	gb_buf_adds(out, "{\"commits\":");
	gb_html_json(out, look->commits ? look->commits : "");
	gb_buf_adds(out, ",\n\"nights\":[");
	for (size_t i = 0; i < t->n_nights; i++) {
		gb_buf_addf(out, "%s\n[\"%s\",\"%s\",", i ? "," : "", t->nights[i].id,
			    gb_trends_day(day, sizeof(day), &t->nights[i]));
		gb_html_json(out, t->nights[i].subject);
		gb_buf_addc(out, ']');
	}
	gb_buf_adds(out, "],\n\"series\":[");
	for (size_t i = 0; i < t->n; i++) {
		const struct gb_trend *c = &t->series[i].trend;

		gb_buf_adds(out, i ? ",\n{\"streams\":" : "\n{\"streams\":");
		add_streams(out, &t->series[i]);
		gb_buf_adds(out, ",\"changes\":[");
		for (size_t k = 0; k < c->n; k++)
			gb_buf_addf(out, "%s[%d,%zu,%zu]", k ? "," : "", (int)c->v[k].kind,
				    c->v[k].from, c->v[k].told);
		gb_buf_adds(out, "]}");
	}
	gb_buf_adds(out, "]}");
}

static void add_commit(struct gb_buf *out, const struct gb_night *night,
		       const struct gb_trends_look *look)
{
	if (look->commits) {
		_part_ struct gb_part url = GB_PART(out);

		gb_buf_addf(&url.b, "%s%s", look->commits, night->id);
		gb_buf_adds(out, "<a");
		gb_html_attribute(out, "href", url.b.data);
		gb_buf_addc(out, '>');
	}
	gb_buf_addf(out, "<code>%.*s</code>%s", ID_SHOWN, night->id, look->commits ? "</a>" : "");
}

static void add_change(struct gb_buf *out, const struct gb_trends *t, const struct gb_series *s,
		       const struct gb_change *c, const struct gb_trends_look *look)
{
	const struct gb_night *after = gb_trends_after(t, s, c);
	_part_ struct gb_part command = GB_PART(out);
	char day[32], percent[32], before_text[48], after_text[48];

	gb_buf_addf(out, "<li><strong>%s</strong> %s: %s → %s, ",
		    gb_trends_percent(percent, sizeof(percent), c),
		    gb_trends_day(day, sizeof(day), after),
		    gb_metric_format(before_text, sizeof(before_text), s->metric,
				     (int64_t)llround(c->before)),
		    gb_metric_format(after_text, sizeof(after_text), s->metric,
				     (int64_t)llround(c->after)));
	if (c->kind == GB_UPGRADE) {
		gb_buf_addf(out, "under %s instead of %s: not comparable</li>\n",
			    gb_trends_go(day, sizeof(day), after),
			    gb_trends_go(percent, sizeof(percent), gb_trends_before(t, s, c)));
		return;
	}
	gb_buf_addf(out, "a %s between ", gb_trends_kind(c));
	add_commit(out, gb_trends_before(t, s, c), look);
	gb_buf_adds(out, " and ");
	add_commit(out, after, look);
	if (c->kind == GB_STEP) {
		gb_buf_addc(out, ' ');
		gb_html_text(out, after->subject);
	}
	gb_trends_bisect(t, s, c, &command.b);
	if (c->after > c->before)
		gb_bisected_html(gb_bisected_of(look->found, c), command.b.data, look->commits,
				 out);
	gb_buf_adds(out, "</li>\n");
}

static const char *state_of(const struct gb_series *s)
{
	double moved = gb_series_moved(s);

	return gb_series_is_over(s) ? "over" : moved > 0 ? "up" : moved < 0 ? "down" : "still";
}

static void add_moved(struct gb_buf *out, const struct gb_series *s)
{
	double moved = gb_series_moved(s);
	struct gb_change all = { .before = 1, .after = 1 + moved };
	char text[32];

	if (moved == 0)
		return;
	for (size_t i = s->trend.n; i-- > 0;)
		if (s->trend.v[i].kind != GB_UPGRADE)
			all.before = s->trend.v[i].before > 0;
	gb_buf_addf(out, " <span class=\"tag %s\">%s</span>", moved > 0 ? "warn" : "good",
		    gb_trends_percent(text, sizeof(text), &all));
}

static void add_series(struct gb_buf *out, const struct gb_trends *t, size_t i,
		       const struct gb_trends_look *look)
{
	static const char *const units[] = {
		[GB_COUNT] = "count",
		[GB_BYTES] = "bytes",
		[GB_PICOSECONDS] = "time",
		[GB_NANOSECONDS] = "pause",
	};
	const struct gb_series *s = &t->series[i];
	const struct gb_point *last = gb_series_last(s);
	char text[48];
	int64_t limit;
	bool window;

	gb_buf_addf(out,
		    "<details class=\"series\" data-i=\"%zu\" data-state=\"%s\" data-unit=\"%s\" "
		    "data-now=\"%lld\"",
		    i, state_of(s), units[gb_metrics[s->metric].unit], (long long)last->value);
	gb_buf_adds(out, "><summary>");
	gb_html_element(out, "strong", NULL, s->test);
	gb_buf_addf(out, " <span class=\"metric\">%s</span> ", gb_metrics[s->metric].name);
	gb_html_element(out, "span", "of", s->package);
	gb_buf_addf(out, " <span class=\"now\">%s</span>",
		    gb_metric_format(text, sizeof(text), s->metric, last->value));
	if (gb_series_limit(s, &limit, &window) && gb_series_is_over(s))
		gb_buf_addf(out, " <span class=\"tag fail\">over %s%s</span>",
			    window ? "its window, " : "",
			    gb_metric_format(text, sizeof(text), s->metric, limit));
	add_moved(out, s);
	gb_buf_adds(out, "</summary>\n");
	if (s->trend.n) {
		gb_buf_adds(out, "<ul class=\"changes\">\n");
		for (size_t k = 0; k < s->trend.n; k++)
			add_change(out, t, s, &s->trend.v[k], look);
		gb_buf_adds(out, "</ul>\n");
	}
	gb_buf_adds(out, "</details>\n");
}

static struct gb_html_part asset(const char *mark, const struct gb_asset *table, const char *name)
{
	const struct gb_asset *a = gb_asset_find(table, name);

	return (struct gb_html_part){ mark, (const char *)a->data, a->len };
}

static struct gb_html_part part(const char *mark, const struct gb_part *p)
{
	return (struct gb_html_part){ mark, p->b.data, p->b.len };
}

static void add_totals(struct gb_buf *out, const struct gb_trends *t)
{
	size_t over = 0, up = 0, down = 0;

	for (size_t i = 0; i < t->n; i++) {
		double moved = gb_series_moved(&t->series[i]);

		over += gb_series_is_over(&t->series[i]);
		up += moved > 0;
		down += moved < 0;
	}
	gb_buf_addf(out, "%zu rose, %zu fell, of %zu series; %zu over budget now", up, down, t->n,
		    over);
}

void gb_trends_html(const struct gb_trends *t, const struct gb_trends_look *look,
		    struct gb_buf *out)
{
	const struct gb_asset *page = gb_asset_find(gb_html_assets, "trends.html");
	_part_ struct gb_part about = GB_PART(out), totals = GB_PART(out), main = GB_PART(out);
	_part_ struct gb_part data = GB_PART(out);
	char from[32], to[32];

	if (t->n_nights)
		gb_buf_addf(&about.b, "%zu night%s, %s to %s · ", t->n_nights,
			    t->n_nights == 1 ? "" : "s",
			    gb_trends_day(from, sizeof(from), &t->nights[0]),
			    gb_trends_day(to, sizeof(to), &t->nights[t->n_nights - 1]));
	gb_html_text(&about.b, t->env ? t->env : "");
	gb_trends_eras(t, &about.b);
	add_totals(&totals.b, t);
	for (size_t i = 0; i < t->n; i++)
		add_series(&main.b, t, i, look);
	add_data(&data.b, t, look);
	gb_html_fill(out, (const char *)page->data, page->len,
		     (const struct gb_html_part[]){
			     asset("shared-style", gb_flame_assets, "flame.css"),
			     asset("style", gb_html_assets, "page.css"),
			     asset("trends-style", gb_html_assets, "trends.css"),
			     asset("chart", gb_html_assets, "chart.js"),
			     asset("script", gb_html_assets, "trends.js"),
			     { "version", GB_VERSION, strlen(GB_VERSION) },
			     part("totals", &totals),
			     part("about", &about),
			     part("main", &main),
			     part("data", &data),
			     { 0 },
		     });
}
