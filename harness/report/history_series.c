#include "report/history_series.h"

#include "base/buf.h"
#include "base/text.h"
#include "report/part.h"

#include <string.h>

#define LEVELS 8
/* So many of the newest values are drawn. */
#define POINTS ((size_t)48)

/* Budgets, or what was measured, of one metric of one test. */
struct series {
	const char *package, *test, *env;
	enum gb_metric metric;
	int64_t v[POINTS + 1]; /* newest first, as they are met */
	bool has[POINTS + 1];
	size_t n, points;
	const struct gb_history_change *oldest; /* of budgets */
};

static bool of_change(const struct series *s, const struct gb_history_change *x)
{
	return x->metric == s->metric && gb_streq(x->test, s->test) &&
	       gb_streq(x->package, s->package) && gb_streq(x->env, s->env);
}

static bool of_measured(const struct series *s, const struct gb_history_measured *m)
{
	return m->metric == s->metric && gb_streq(m->test, s->test) &&
	       gb_streq(m->package, s->package) && gb_streq(m->env, s->env);
}

static void add_point(struct series *s, bool has, int64_t v)
{
	s->points++;
	if (s->n > POINTS)
		return;
	s->has[s->n] = has;
	s->v[s->n++] = v;
}

static void collect_budgets(const struct gb_history *h, struct series *s)
{
	for (size_t i = 0; i < h->n; i++)
		for (size_t k = 0; k < h->commits[i].n; k++) {
			const struct gb_history_change *x = &h->commits[i].v[k];

			if (!of_change(s, x))
				continue;
			add_point(s, x->has_now, x->now);
			s->oldest = x;
		}
	if (s->oldest && s->oldest->has_old && s->n <= POINTS) {
		s->has[s->n] = true;
		s->v[s->n++] = s->oldest->old;
	}
}

static void collect_measured(const struct gb_history *h, struct series *s)
{
	for (size_t i = 0; i < h->n; i++)
		for (size_t k = 0; k < h->commits[i].n_measured; k++)
			if (of_measured(s, &h->commits[i].measured[k]))
				add_point(s, true, h->commits[i].measured[k].value);
}

static void draw(const struct series *s, bool utf8, struct gb_buf *out)
{
	static const char plain[LEVELS + 1] = "_.-:=+*#";
	int64_t low = INT64_MAX, high = 0;

	for (size_t i = 0; i < s->n; i++) {
		if (!s->has[i])
			continue;
		low = s->v[i] < low ? s->v[i] : low;
		high = s->v[i] > high ? s->v[i] : high;
	}
	for (size_t i = s->n; i-- > 0;) {
		unsigned level = 0;

		if (!s->has[i]) {
			gb_buf_addc(out, ' ');
			continue;
		}
		if (high > low)
			level = (unsigned)((double)(s->v[i] - low) / (double)(high - low) *
						   (LEVELS - 1) +
					   0.5);
		if (utf8)
			/* U+2581 to U+2588: one eighth to a full block. */
			gb_buf_addf(out, "\xE2\x96%c", (char)(0x81 + level));
		else
			gb_buf_addc(out, plain[level]);
	}
}

static void add_end(const struct series *s, size_t i, struct gb_buf *out)
{
	char text[48];

	gb_buf_adds(out,
		    s->has[i] ? gb_metric_format(text, sizeof(text), s->metric, s->v[i]) : "none");
}

/* "TestCache  alloc_space  [budget]  ...": what it is, its line, its ends, how many. */
static void add_series(const struct series *s, const char *what, const char *of, bool utf8,
		       struct gb_buf *out)
{
	gb_text_safe(out, s->test);
	gb_buf_addf(out, "  %s%s  ", gb_metrics[s->metric].name, what);
	draw(s, utf8, out);
	gb_buf_adds(out, "  ");
	add_end(s, s->n - 1, out);
	gb_buf_adds(out, " to ");
	add_end(s, 0, out);
	gb_buf_addf(out, " in %zu %s\n", s->points, of);
}

static struct series series_of_change(const struct gb_history_change *x)
{
	return (struct series){
		.package = x->package, .test = x->test, .env = x->env, .metric = x->metric
	};
}

static struct series series_of_measured(const struct gb_history_measured *m)
{
	return (struct series){
		.package = m->package, .test = m->test, .env = m->env, .metric = m->metric
	};
}

/* Has it come before number `at` of commit `commit`? */
static bool change_came(const struct gb_history *h, const struct series *s, size_t commit,
			size_t at)
{
	for (size_t i = 0; i <= commit; i++)
		for (size_t k = 0; k < (i == commit ? at : h->commits[i].n); k++)
			if (of_change(s, &h->commits[i].v[k]))
				return true;
	return false;
}

static bool measured_came(const struct gb_history *h, const struct series *s, size_t commit,
			  size_t at)
{
	for (size_t i = 0; i <= commit; i++)
		for (size_t k = 0; k < (i == commit ? at : h->commits[i].n_measured); k++)
			if (of_measured(s, &h->commits[i].measured[k]))
				return true;
	return false;
}

static void budgets(const struct gb_history *h, bool utf8, struct gb_buf *out)
{
	size_t drawn = 0;

	for (size_t i = 0; i < h->n; i++)
		for (size_t k = 0; k < h->commits[i].n && drawn < GB_HISTORY_SERIES; k++) {
			struct series s = series_of_change(&h->commits[i].v[k]);

			if (change_came(h, &s, i, k))
				continue;
			collect_budgets(h, &s);
			if (s.points < 2)
				continue;
			add_series(&s, "", "changes", utf8, out);
			drawn++;
		}
}

static void measured(const struct gb_history *h, bool utf8, struct gb_buf *out)
{
	size_t drawn = 0;

	for (size_t i = 0; i < h->n; i++)
		for (size_t k = 0; k < h->commits[i].n_measured && drawn < GB_HISTORY_SERIES; k++) {
			struct series s = series_of_measured(&h->commits[i].measured[k]);

			if (measured_came(h, &s, i, k))
				continue;
			collect_measured(h, &s);
			if (s.points < 2)
				continue;
			add_series(&s, " measured", "commits", utf8, out);
			drawn++;
		}
}

void gb_history_series(const struct gb_history *h, const struct gb_history_look *look,
		       struct gb_buf *out)
{
	budgets(h, look->utf8, out);
	measured(h, look->utf8, out);
}
