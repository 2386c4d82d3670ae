/*
 * trends_openmetrics - the newest night of each series for Prometheus.
 *
 * OpenMetrics 1.0 (openmetrics.io): gauges without timestamps, since a textfile collector takes none;
 * all samples of a family together; "# EOF" at the end.
 */
#include "report/trends.h"

#include "base/buf.h"
#include "base/utf8.h"

#include <inttypes.h>
#include <string.h>

/* As the format escapes: backslash, quote, line end.  What is no UTF-8 is replaced. */
static void add_label(struct gb_buf *out, const char *name, const char *value, bool more)
{
	size_t left = strlen(value);

	gb_buf_addf(out, "%s%s=\"", more ? "," : "", name);
	while (left) {
		uint32_t cp;
		size_t n = gb_utf8_decode(value, left, &cp);

		if (!n)
			gb_buf_adds(out, GB_UTF8_REPLACEMENT);
		else if (*value == '\\' || *value == '"')
			gb_buf_addf(out, "\\%c", *value);
		else if (*value == '\n')
			gb_buf_adds(out, "\\n");
		else if (gb_utf8_unsafe(cp))
			gb_buf_adds(out, GB_UTF8_REPLACEMENT);
		else
			gb_buf_add(out, value, n);
		value += n ? n : 1;
		left -= n ? n : 1;
	}
	gb_buf_addc(out, '"');
}

static void add_series(struct gb_buf *out, const char *name, const struct gb_series *s)
{
	gb_buf_addf(out, "%s{", name);
	add_label(out, "package", s->package, false);
	add_label(out, "test", s->test, true);
	add_label(out, "metric", gb_metrics[s->metric].name, true);
	gb_buf_adds(out, "} ");
}

/* Time in seconds, as Prometheus wants it; all else as it is. */
static void add_number(struct gb_buf *out, enum gb_metric m, int64_t v)
{
	if (gb_metrics[m].unit == GB_PICOSECONDS)
		gb_buf_addf(out, "%.12f\n", (double)v / 1e12);
	else if (gb_metrics[m].unit == GB_NANOSECONDS)
		gb_buf_addf(out, "%.9f\n", (double)v / 1e9);
	else
		gb_buf_addf(out, "%" PRId64 "\n", v);
}

static void add_measured(struct gb_buf *out, const struct gb_trends *t, const struct gb_series *s)
{
	(void)t;
	add_series(out, "gobudget_measured", s);
	add_number(out, s->metric, gb_series_last(s)->value);
}

static void add_budget(struct gb_buf *out, const struct gb_trends *t, const struct gb_series *s)
{
	(void)t;
	if (!gb_series_last(s)->has_budget)
		return;
	add_series(out, "gobudget_budget", s);
	add_number(out, s->metric, gb_series_last(s)->budget);
}

static void add_ceiling(struct gb_buf *out, const struct gb_trends *t, const struct gb_series *s)
{
	(void)t;
	if (!gb_series_last(s)->has_budget)
		return;
	add_series(out, "gobudget_ceiling", s);
	add_number(out, s->metric, gb_series_last(s)->ceiling);
}

static void add_window(struct gb_buf *out, const struct gb_trends *t, const struct gb_series *s)
{
	(void)t;
	if (!gb_series_last(s)->has_window)
		return;
	add_series(out, "gobudget_window", s);
	add_number(out, s->metric, gb_series_last(s)->window);
}

static void add_time(struct gb_buf *out, const struct gb_trends *t, const struct gb_series *s)
{
	add_series(out, "gobudget_measured_time_seconds", s);
	gb_buf_addf(out, "%" PRId64 "\n", t->nights[gb_series_last(s)->night].when);
}

static void add_change(struct gb_buf *out, const struct gb_trends *t, const struct gb_series *s)
{
	const struct gb_change *c = gb_series_last_change(s);

	(void)t;
	if (!c)
		return;
	add_series(out, "gobudget_change_ratio", s);
	if (c->before > 0)
		gb_buf_addf(out, "%.6f\n", c->after / c->before);
	else
		gb_buf_adds(out, "+Inf\n");
}

static void add_change_time(struct gb_buf *out, const struct gb_trends *t,
			    const struct gb_series *s)
{
	const struct gb_change *c = gb_series_last_change(s);

	if (!c)
		return;
	add_series(out, "gobudget_change_time_seconds", s);
	gb_buf_addf(out, "%" PRId64 "\n", t->nights[s->points[c->told].night].when);
}

void gb_trends_openmetrics(const struct gb_trends *t, struct gb_buf *out)
{
	static const struct {
		const char *name, *help;
		void (*add)(struct gb_buf *, const struct gb_trends *, const struct gb_series *);
	} families[] = {
		{ "gobudget_measured", "What the newest night measured: bytes, counts, or seconds.",
		  add_measured },
		{ "gobudget_budget", "The budget that this night's commit has.", add_budget },
		{ "gobudget_ceiling", "This budget with the headroom that the policy gives it.",
		  add_ceiling },
		{ "gobudget_window", "What the nights before allow, by the policy's windows.",
		  add_window },
		{ "gobudget_measured_time_seconds", "The time of this night's commit.", add_time },
		{ "gobudget_change_ratio",
		  "The last change for good: the level after it by the level before.", add_change },
		{ "gobudget_change_time_seconds", "The time of the commit with which it was clear.",
		  add_change_time },
	};

	for (size_t f = 0; f < sizeof(families) / sizeof(families[0]); f++) {
		gb_buf_addf(out, "# TYPE %s gauge\n# HELP %s %s\n", families[f].name,
			    families[f].name, families[f].help);
		for (size_t i = 0; i < t->n; i++)
			families[f].add(out, t, &t->series[i]);
	}
	gb_buf_adds(out, "# EOF\n");
}
