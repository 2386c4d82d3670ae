#include "report/history.h"

#include "base/buf.h"
#include "base/term.h"
#include "base/text.h"
#include "base/units.h"
#include "report/history_series.h"
#include "report/jsonw.h"
#include "report/part.h"

#include <inttypes.h>
#include <string.h>
#include <time.h>

#define ID_SHOWN 12

static void add_day(struct gb_buf *out, const struct gb_history_commit *c, bool whole)
{
	int zone = c->zone < 0 ? -c->zone : c->zone;
	time_t t = (time_t)(c->when + (int64_t)c->zone * 60);
	struct tm tm;

	/* A commit may claim any time at all. */
	if (!gmtime_r(&t, &tm) || tm.tm_year > 9999 - 1900 || tm.tm_year < -1900) {
		gb_buf_adds(out, "no date");
		return;
	}
	gb_buf_addf(out, "%04d-%02d-%02d", tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday);
	if (whole)
		gb_buf_addf(out, "T%02d:%02d:%02d%c%02d:%02d", tm.tm_hour, tm.tm_min, tm.tm_sec,
			    c->zone < 0 ? '-' : '+', zone / 60 % 100, zone % 60);
}

static void add_value(struct gb_buf *out, const struct gb_history_change *x, bool has, int64_t v)
{
	char text[32];

	gb_buf_adds(out, has ? gb_metric_format(text, sizeof(text), x->metric, v) : "none");
}

/* Several blocks of a file are said apart only where there are several. */
static bool one_environment(const struct gb_history *h)
{
	const char *first = NULL;

	for (size_t i = 0; i < h->n; i++)
		for (size_t k = 0; k < h->commits[i].n; k++) {
			if (!first)
				first = h->commits[i].v[k].env;
			if (!gb_streq(first, h->commits[i].v[k].env))
				return false;
		}
	return true;
}

static void add_change(struct gb_buf *out, const struct gb_history_change *x, bool env,
		       const struct gb_history_look *look)
{
	char text[32];

	gb_buf_adds(out, "  ");
	gb_text_safe(out, x->package);
	gb_buf_adds(out, "  ");
	gb_text_safe(out, x->test);
	gb_buf_addf(out, "  %s  ", gb_metrics[x->metric].name);
	add_value(out, x, x->has_old, x->old);
	gb_buf_adds(out, look->utf8 ? " \xE2\x86\x92 " : " -> ");
	add_value(out, x, x->has_now, x->now);
	if (x->has_old && x->has_now && x->old > 0)
		gb_buf_addf(out, "  %s", gb_format_percent(text, sizeof(text), x->old, x->now));
	if (x->has_recorded) {
		gb_buf_adds(out, "  recorded ");
		add_value(out, x, true, x->recorded);
	}
	gb_buf_addc(out, '\n');
	if (env) {
		gb_buf_adds(out, "    ");
		gb_text_safe(out, x->env);
		gb_buf_addc(out, '\n');
	}
	if (x->reason) {
		gb_buf_adds(out, "    reason: ");
		gb_text_safe(out, x->reason);
		gb_buf_addc(out, '\n');
	}
}

void gb_history_text(const struct gb_history *h, const struct gb_history_look *look,
		     struct gb_buf *out)
{
	bool env = !one_environment(h);
	_part_ struct gb_part lines = GB_PART(out);

	for (size_t i = 0; i < h->n; i++) {
		const struct gb_history_commit *c = &h->commits[i];

		gb_buf_addf(out, "%s%.*s%s  ", gb_style_on(look->colour, GB_YELLOW), ID_SHOWN,
			    c->id, gb_style_off(look->colour));
		add_day(out, c, false);
		gb_buf_adds(out, "  ");
		gb_text_safe(out, c->author);
		gb_buf_adds(out, "  ");
		gb_text_safe(out, c->subject);
		gb_buf_addc(out, '\n');
		for (size_t k = 0; k < c->n; k++)
			add_change(out, &c->v[k], env, look);
		if (c->trouble) {
			gb_buf_adds(out, "  not readable: ");
			gb_text_safe(out, c->trouble);
			gb_buf_addc(out, '\n');
		}
	}
	if (look->sparklines)
		gb_history_series(h, look, &lines.b);
	if (lines.b.len)
		gb_buf_addf(out, "\n%s", lines.b.data);
	if (h->cut[0])
		gb_buf_addf(out, "%sthis clone is shallow: history before %.*s is not in it\n",
			    h->n ? "\n" : "", ID_SHOWN, h->cut);
}

static void json_value(struct gb_jsonw *w, const char *key, bool has, int64_t v)
{
	if (has)
		gb_jsonw_int(w, key, v);
	else
		gb_jsonw_null(w, key);
}

static void json_change(struct gb_jsonw *w, const struct gb_history_change *x)
{
	gb_jsonw_open(w, NULL, '{', true);
	gb_jsonw_string(w, "package", x->package);
	gb_jsonw_string(w, "test", x->test);
	gb_jsonw_string(w, "environment", x->env);
	gb_jsonw_string(w, "metric", gb_metrics[x->metric].name);
	json_value(w, "old", x->has_old, x->old);
	json_value(w, "new", x->has_now, x->now);
	json_value(w, "recorded", x->has_recorded, x->recorded);
	gb_jsonw_string(w, "reason", x->reason);
	gb_jsonw_close(w, '}');
}

void gb_history_json(const struct gb_history *h, struct gb_buf *out)
{
	struct gb_jsonw w = { .out = out };

	gb_jsonw_open(&w, NULL, '{', false);
	gb_jsonw_int(&w, "version", 1);
	gb_jsonw_string(&w, "cut", h->cut[0] ? h->cut : NULL);
	gb_jsonw_open(&w, "commits", '[', false);
	for (size_t i = 0; i < h->n; i++) {
		const struct gb_history_commit *c = &h->commits[i];
		_part_ struct gb_part when = GB_PART(out);

		add_day(&when.b, c, true);
		gb_jsonw_open(&w, NULL, '{', false);
		gb_jsonw_string(&w, "commit", c->id);
		gb_jsonw_string(&w, "date", when.b.data);
		gb_jsonw_string(&w, "author", c->author);
		gb_jsonw_string(&w, "subject", c->subject);
		gb_jsonw_string(&w, "trouble", c->trouble);
		gb_jsonw_open(&w, "changes", '[', false);
		for (size_t k = 0; k < c->n; k++)
			json_change(&w, &c->v[k]);
		gb_jsonw_close(&w, ']');
		gb_jsonw_close(&w, '}');
	}
	gb_jsonw_close(&w, ']');
	gb_jsonw_close(&w, '}');
}

static void csv_text(struct gb_buf *out, const char *s)
{
	_part_ struct gb_part safe = GB_PART(out);

	gb_text_safe(&safe.b, s ? s : "");
	gb_buf_addc(out, '"');
	if (safe.b.len && strchr("=+-@", safe.b.data[0]))
		gb_buf_addc(out, '\'');
	for (const char *p = safe.b.data; *p; p++) {
		if (*p == '"')
			gb_buf_addc(out, '"');
		gb_buf_addc(out, *p);
	}
	gb_buf_addc(out, '"');
}

static void csv_value(struct gb_buf *out, bool has, int64_t v)
{
	gb_buf_addc(out, ',');
	if (has)
		gb_buf_addf(out, "%" PRId64, v);
}

void gb_history_csv(const struct gb_history *h, struct gb_buf *out)
{
	gb_buf_adds(out, "commit,date,author,subject,package,test,environment,metric,old,new,"
			 "recorded,reason\r\n");
	for (size_t i = 0; i < h->n; i++) {
		const struct gb_history_commit *c = &h->commits[i];

		for (size_t k = 0; k < c->n; k++) {
			const struct gb_history_change *x = &c->v[k];
			const char *const texts[] = { c->author, c->subject, x->package, x->test,
						      x->env };

			gb_buf_addf(out, "%s,", c->id);
			add_day(out, c, true);
			for (size_t t = 0; t < sizeof(texts) / sizeof(texts[0]); t++) {
				gb_buf_addc(out, ',');
				csv_text(out, texts[t]);
			}
			gb_buf_addf(out, ",%s", gb_metrics[x->metric].name);
			csv_value(out, x->has_old, x->old);
			csv_value(out, x->has_now, x->now);
			csv_value(out, x->has_recorded, x->recorded);
			gb_buf_addc(out, ',');
			csv_text(out, x->reason);
			gb_buf_adds(out, "\r\n");
		}
	}
}
