#include "report/history_series.h"

#include "base/buf.h"
#include "base/text.h"
#include "report/part.h"

#include <string.h>

#define LEVELS 8
/* So many of the newest values are drawn. */
#define POINTS ((size_t)48)

struct series {
	const struct gb_history_change *newest; /* names it */
	int64_t v[POINTS + 1];			/* newest first, as they are met */
	bool has[POINTS + 1];
	size_t n, changes;
	const struct gb_history_change *oldest;
};

static bool same(const struct gb_history_change *a, const struct gb_history_change *b)
{
	return a->metric == b->metric && gb_streq(a->test, b->test) &&
	       gb_streq(a->package, b->package) && gb_streq(a->env, b->env);
}

static void add_point(struct series *s, bool has, int64_t v)
{
	if (s->n > POINTS)
		return;
	s->has[s->n] = has;
	s->v[s->n++] = v;
}

static void collect(const struct gb_history *h, const struct gb_history_change *of,
		    struct series *s)
{
	*s = (struct series){ .newest = of };
	for (size_t i = 0; i < h->n; i++) {
		const struct gb_history_commit *c = &h->commits[i];

		for (size_t k = 0; k < c->n; k++) {
			if (!same(&c->v[k], of))
				continue;
			add_point(s, c->v[k].has_now, c->v[k].now);
			s->oldest = &c->v[k];
			s->changes++;
		}
	}
	if (s->oldest && s->oldest->has_old)
		add_point(s, true, s->oldest->old);
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
	char text[32];

	gb_buf_adds(out, s->has[i]
				 ? gb_metric_format(text, sizeof(text), s->newest->metric, s->v[i])
				 : "none");
}

static void add_series(const struct series *s, bool utf8, struct gb_buf *out)
{
	gb_text_safe(out, s->newest->test);
	gb_buf_addf(out, "  %s  ", gb_metrics[s->newest->metric].name);
	draw(s, utf8, out);
	gb_buf_adds(out, "  ");
	add_end(s, s->n - 1, out);
	gb_buf_adds(out, " to ");
	add_end(s, 0, out);
	gb_buf_addf(out, " in %zu changes\n", s->changes);
}

/* Is this the first (newest) of its budget? */
static bool is_newest(const struct gb_history *h, size_t commit, size_t change)
{
	const struct gb_history_change *x = &h->commits[commit].v[change];

	for (size_t i = 0; i <= commit; i++)
		for (size_t k = 0; k < (i == commit ? change : h->commits[i].n); k++)
			if (same(&h->commits[i].v[k], x))
				return false;
	return true;
}

void gb_history_series(const struct gb_history *h, const struct gb_history_look *look,
		       struct gb_buf *out)
{
	struct series s;
	size_t drawn = 0;

	for (size_t i = 0; i < h->n; i++)
		for (size_t k = 0; k < h->commits[i].n && drawn < GB_HISTORY_SERIES; k++) {
			if (!is_newest(h, i, k))
				continue;
			collect(h, &h->commits[i].v[k], &s);
			if (s.changes < 2)
				continue;
			add_series(&s, look->utf8, out);
			drawn++;
		}
}
