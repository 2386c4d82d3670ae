/* trends_text - trends for people: what changed for good, worst first.  See trends.h. */
#include "report/trends.h"

#include "base/buf.h"
#include "base/term.h"
#include "base/text.h"
#include "report/part.h"

#include <math.h>
#include <string.h>

#define ID_SHOWN 12
#define ALIKE	 ((size_t)10) /* lines */
#define POINTS	 ((size_t)48) /* of the newest nights are drawn */

static void draw(const struct gb_series *s, bool utf8, struct gb_buf *out)
{
	int64_t v[POINTS];
	size_t n = s->n < POINTS ? s->n : POINTS;

	for (size_t i = 0; i < n; i++)
		v[i] = s->points[s->n - n + i].value;
	gb_trends_draw(v, n, POINTS, utf8, out);
}

static void add_value(struct gb_buf *out, const struct gb_series *s, int64_t v)
{
	char text[48];

	gb_buf_adds(out, gb_metric_format(text, sizeof(text), s->metric, v));
}

static void add_head(struct gb_buf *out, const struct gb_series *s,
		     const struct gb_trends_look *look)
{
	const struct gb_point *last = gb_series_last(s);
	bool over = gb_series_is_over(s), window;
	int64_t limit;

	gb_buf_adds(out, gb_style_on(look->colour, GB_BOLD));
	gb_text_safe(out, s->test);
	gb_buf_adds(out, gb_style_off(look->colour));
	gb_buf_addf(out, "  %s  ", gb_metrics[s->metric].name);
	gb_text_safe(out, s->package);
	gb_buf_adds(out, "\n  ");
	draw(s, look->utf8, out);
	gb_buf_adds(out, "  now ");
	if (over)
		gb_buf_adds(out, gb_style_on(look->colour, GB_RED));
	add_value(out, s, last->value);
	if (gb_series_limit(s, &limit, &window)) {
		gb_buf_adds(out, over	  ? window ? ", over what the nights before allow, "
						   : ", over its budget of "
				 : window ? ", window "
					  : ", budget ");
		add_value(out, s, limit);
	}
	if (over)
		gb_buf_adds(out, gb_style_off(look->colour));
	gb_buf_addf(out, ", %zu night%s\n", s->n, s->n == 1 ? "" : "s");
}

static void add_change(struct gb_buf *out, const struct gb_trends *t, const struct gb_series *s,
		       const struct gb_change *c, const struct gb_trends_look *look)
{
	const struct gb_night *before = gb_trends_before(t, s, c),
			      *after = gb_trends_after(t, s, c);
	char day[32], told[32], percent[32];
	bool worse = c->after > c->before;
	const char *style =
		c->kind == GB_UPGRADE ? "" : gb_style_on(look->colour, worse ? GB_RED : GB_GREEN);

	gb_buf_addf(out, "  %s  %s%s%s  ", gb_trends_day(day, sizeof(day), after), style,
		    gb_trends_percent(percent, sizeof(percent), c),
		    *style ? gb_style_off(look->colour) : "");
	add_value(out, s, (int64_t)llround(c->before));
	gb_buf_adds(out, look->utf8 ? " \xE2\x86\x92 " : " -> ");
	add_value(out, s, (int64_t)llround(c->after));
	if (c->kind == GB_UPGRADE) {
		gb_buf_addf(out, ", measured under %s instead of %s: not comparable\n",
			    gb_trends_go(day, sizeof(day), after),
			    gb_trends_go(told, sizeof(told), before));
		return;
	}
	if (c->kind == GB_DRIFT) {
		gb_buf_addf(out, ", drifting since %s\n    %.*s..%.*s\n",
			    gb_trends_day(told, sizeof(told), before), ID_SHOWN, before->id,
			    ID_SHOWN, after->id);
		return;
	}
	gb_buf_addf(out, ", a step%s\n    %.*s..%.*s  ", worse ? "" : " down", ID_SHOWN, before->id,
		    ID_SHOWN, after->id);
	gb_text_safe(out, after->subject);
	gb_buf_addc(out, '\n');
	if (worse) {
		_part_ struct gb_part command = GB_PART(out);

		gb_trends_bisect(t, s, c, &command.b);
		gb_bisected_text(gb_bisected_of(look->found, c), command.b.data, look->colour, out);
	}
}

static bool is_same_change(const struct gb_series *a, const struct gb_series *b, size_t i)
{
	const struct gb_change *x = &a->trend.v[i], *y = &b->trend.v[i];

	return x->kind == y->kind && a->points[x->from].night == b->points[y->from].night &&
	       (x->kind != GB_DRIFT || a->points[x->told].night == b->points[y->told].night);
}

/* Did the same commits move both, each time? */
static bool is_alike(const struct gb_series *a, const struct gb_series *b)
{
	if (a->trend.n != b->trend.n)
		return false;
	for (size_t i = 0; i < a->trend.n; i++)
		if (!is_same_change(a, b, i) ||
		    (a->trend.v[i].after > a->trend.v[i].before) !=
			    (b->trend.v[i].after > b->trend.v[i].before))
			return false;
	return true;
}

/* Was it told below one that is worse? */
static bool is_told(const struct gb_trends *t, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (is_alike(&t->series[i], &t->series[at]))
			return true;
	return false;
}

/* Below series `at`, a line for each that moved with it. */
static void add_alike(struct gb_buf *out, const struct gb_trends *t, size_t at,
		      const struct gb_trends_look *look)
{
	const struct gb_series *s = &t->series[at];
	size_t n = 0;

	for (size_t i = at + 1; i < t->n; i++) {
		const struct gb_series *other = &t->series[i];
		char percent[32];

		if (!is_alike(s, other) || ++n > ALIKE)
			continue;
		gb_buf_addf(out, "    %s  %s  ", n == 1 ? "with it" : "       ",
			    gb_trends_percent(percent, sizeof(percent),
					      &other->trend.v[other->trend.n - 1]));
		gb_text_safe(out, other->test);
		gb_buf_addf(out, "  %s", gb_metrics[other->metric].name);
		if (strcmp(other->package, s->package) != 0) {
			gb_buf_adds(out, "  ");
			gb_text_safe(out, other->package);
		}
		gb_buf_adds(out, "  now ");
		if (gb_series_is_over(other))
			gb_buf_adds(out, gb_style_on(look->colour, GB_RED));
		add_value(out, other, gb_series_last(other)->value);
		if (gb_series_is_over(other))
			gb_buf_addf(out, ", over budget%s", gb_style_off(look->colour));
		gb_buf_addc(out, '\n');
	}
	if (n > ALIKE)
		gb_buf_addf(out, "             and %zu more (--all)\n", n - ALIKE);
}

static void add_foot(struct gb_buf *out, const struct gb_trends *t, size_t changed)
{
	if (t->n_nights) {
		char from[32], to[32];

		gb_buf_addf(out, "%zu of %zu series changed for good in %zu night%s, %s to %s\n",
			    changed, t->n, t->n_nights, t->n_nights == 1 ? "" : "s",
			    gb_trends_day(from, sizeof(from), &t->nights[0]),
			    gb_trends_day(to, sizeof(to), &t->nights[t->n_nights - 1]));
		gb_buf_adds(out, "measured in ");
		gb_text_safe(out, t->env);
		gb_trends_eras(t, out);
		if (t->other_envs)
			gb_buf_addf(out, "; %zu other environment%s not shown (--env)",
				    t->other_envs, t->other_envs == 1 ? " is" : "s are");
		gb_buf_addc(out, '\n');
	}
	if (t->cut[0])
		gb_buf_addf(out, "this clone is shallow: history before %.*s is not in it\n",
			    ID_SHOWN, t->cut);
}

void gb_trends_text(const struct gb_trends *t, const struct gb_trends_look *look,
		    struct gb_buf *out)
{
	size_t changed = 0;

	for (size_t i = 0; i < t->n; i++) {
		const struct gb_series *s = &t->series[i];

		changed += gb_series_last_change(s) != NULL;
		if (!look->all && (!s->trend.n || is_told(t, i)))
			continue;
		add_head(out, s, look);
		for (size_t k = 0; k < s->trend.n; k++)
			add_change(out, t, s, &s->trend.v[k], look);
		if (!look->all)
			add_alike(out, t, i, look);
		gb_buf_addc(out, '\n');
	}
	add_foot(out, t, changed);
}
