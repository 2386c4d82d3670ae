/* trends_say - words that all renderings of trends share. */
#include "report/trends.h"

#include "base/buf.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define ID_SHOWN 12
#define LEVELS	 8

void gb_trends_draw(const int64_t *v, size_t n, size_t most, bool utf8, struct gb_buf *out)
{
	static const char plain[LEVELS + 1] = "_.-:=+*#";
	size_t first = n > most ? n - most : 0;
	int64_t low = n ? v[first] : 0, high = low;

	for (size_t i = first; i < n; i++) {
		low = v[i] < low ? v[i] : low;
		high = v[i] > high ? v[i] : high;
	}
	for (size_t i = first; i < n; i++) {
		double share = high > low ? (double)(v[i] - low) / (double)(high - low) : 0;
		unsigned level = (unsigned)(share * (LEVELS - 1) + 0.5);

		if (utf8)
			/* U+2581 to U+2588: one eighth to a full block. */
			gb_buf_addf(out, "\xE2\x96%c", (char)(0x81 + level));
		else
			gb_buf_addc(out, plain[level]);
	}
}

const char *gb_trends_kind(const struct gb_change *c)
{
	static const char *const names[] = {
		[GB_STEP] = "step", [GB_DRIFT] = "drift", [GB_UPGRADE] = "upgrade"
	};

	return names[c->kind];
}

char *gb_trends_go(char *out, size_t size, const struct gb_night *night)
{
	const char *env = night->env ? night->env : "";

	snprintf(out, size, "%.*s", (int)strspn(env, "go.0123456789"), env);
	return out;
}

void gb_trends_eras(const struct gb_trends *t, struct gb_buf *out)
{
	char go[32], day[32];

	for (size_t i = t->n_nights; i-- > 1;)
		if (strcmp(t->nights[i - 1].env, t->nights[i].env) != 0)
			gb_buf_addf(out, "; under %s until %s",
				    gb_trends_go(go, sizeof(go), &t->nights[i - 1]),
				    gb_trends_day(day, sizeof(day), &t->nights[i - 1]));
}

char *gb_trends_percent(char *out, size_t size, const struct gb_change *c)
{
	if (c->before > 0)
		snprintf(out, size, "%+.1f%%", (c->after / c->before - 1) * 100);
	else
		snprintf(out, size, "from 0");
	return out;
}

char *gb_trends_day(char *out, size_t size, const struct gb_night *night)
{
	time_t t = (time_t)(night->when + (int64_t)night->zone * 60);
	struct tm tm;

	/* A commit may claim any time at all. */
	if (!gmtime_r(&t, &tm) || tm.tm_year > 9999 - 1900 || tm.tm_year < -1900)
		snprintf(out, size, "no date");
	else
		snprintf(out, size, "%04d-%02d-%02d", tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday);
	return out;
}

const struct gb_night *gb_trends_before(const struct gb_trends *t, const struct gb_series *s,
					const struct gb_change *c)
{
	/* A drift has no night before: it began there. */
	return &t->nights[s->points[c->kind == GB_DRIFT ? c->from : c->from - 1].night];
}

const struct gb_night *gb_trends_after(const struct gb_trends *t, const struct gb_series *s,
				       const struct gb_change *c)
{
	return &t->nights[s->points[c->kind == GB_DRIFT ? c->told : c->from].night];
}

static void add_word(struct gb_buf *out, const char *word)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
				    "_-./:=@%+,";

	gb_buf_addc(out, ' ');
	if (*word && word[strspn(word, plain)] == 0) {
		gb_buf_adds(out, word);
		return;
	}
	gb_buf_addc(out, '\'');
	for (; *word; word++) {
		if (*word == '\'')
			gb_buf_adds(out, "'\\'");
		gb_buf_addc(out, *word);
	}
	gb_buf_addc(out, '\'');
}

bool gb_trends_can_bisect(const struct gb_series *s, const struct gb_change *c)
{
	return c->kind == GB_STEP && gb_metrics[s->metric].unit != GB_PICOSECONDS &&
	       gb_metrics[s->metric].judged && !gb_metrics[s->metric].unsteady;
}

size_t gb_trends_flags(const struct gb_night *night, char ret[GB_TRENDS_FLAGS][GB_TRENDS_FLAG])
{
	const char *env = night->env ? night->env : "", *tags = strstr(env, " -tags=");
	size_t n = 0, len = tags ? strcspn(tags + 1, " ") : 0;

	if (strstr(env, " race "))
		(void)snprintf(ret[n++], GB_TRENDS_FLAG, "-race");
	if (len && len < GB_TRENDS_FLAG)
		(void)snprintf(ret[n++], GB_TRENDS_FLAG, "%.*s", (int)len, tags + 1);
	return n;
}

void gb_trends_bisect(const struct gb_trends *t, const struct gb_series *s,
		      const struct gb_change *c, struct gb_buf *out)
{
	char flags[GB_TRENDS_FLAGS][GB_TRENDS_FLAG];
	size_t n;

	if (!gb_trends_can_bisect(s, c))
		return;
	n = gb_trends_flags(gb_trends_after(t, s, c), flags);
	gb_buf_adds(out, "gobudget bisect");
	add_word(out, s->test);
	add_word(out, s->package);
	gb_buf_addf(out, " %.*s..%.*s --metric %s", ID_SHOWN, gb_trends_before(t, s, c)->id,
		    ID_SHOWN, gb_trends_after(t, s, c)->id, gb_metrics[s->metric].name);
	if (n)
		gb_buf_adds(out, " --");
	for (size_t i = 0; i < n; i++)
		add_word(out, flags[i]);
}
