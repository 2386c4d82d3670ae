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

/* Several environments are said apart only where there are several. */
static bool one_environment(const struct gb_history *h)
{
	const char *first = NULL;

	for (size_t i = 0; i < h->n; i++) {
		const struct gb_history_commit *c = &h->commits[i];

		for (size_t k = 0; k < c->n + c->n_measured; k++) {
			const char *env = k < c->n ? c->v[k].env : c->measured[k - c->n].env;

			first = first ? first : env;
			if (!gb_streq(first, env))
				return false;
		}
	}
	return true;
}

static void add_names(struct gb_buf *out, const char *package, const char *test, enum gb_metric m)
{
	gb_buf_adds(out, "  ");
	gb_text_safe(out, package);
	gb_buf_adds(out, "  ");
	gb_text_safe(out, test);
	gb_buf_addf(out, "  %s  ", gb_metrics[m].name);
}

static void add_env(struct gb_buf *out, const char *env)
{
	gb_buf_adds(out, "    ");
	gb_text_safe(out, env);
	gb_buf_addc(out, '\n');
}

static void add_change(struct gb_buf *out, const struct gb_history_change *x, bool env,
		       const struct gb_history_look *look)
{
	char text[32];

	add_names(out, x->package, x->test, x->metric);
	add_value(out, x, x->has_old, x->old);
	gb_buf_adds(out, look->utf8 ? " \xE2\x86\x92 " : " -> ");
	add_value(out, x, x->has_now, x->now);
	if (x->has_old && x->has_now && x->old > 0)
		gb_buf_addf(out, "  %s", gb_format_percent(text, sizeof(text), x->old, x->now));
	if (x->has_recorded) {
		gb_buf_adds(out, "  recorded ");
		add_value(out, x, true, x->recorded);
	}
	if (x->has_measured) {
		gb_buf_adds(out, "  measured ");
		add_value(out, x, true, x->measured);
	}
	gb_buf_addc(out, '\n');
	if (env)
		add_env(out, x->env);
	if (x->reason) {
		gb_buf_adds(out, "    reason: ");
		gb_text_safe(out, x->reason);
		gb_buf_addc(out, '\n');
	}
}

/* What stands beside a change already is not told again. */
static bool is_told(const struct gb_history_commit *c, const struct gb_history_measured *m)
{
	for (size_t i = 0; i < c->n; i++)
		if (c->v[i].has_measured && c->v[i].metric == m->metric &&
		    gb_streq(c->v[i].test, m->test) && gb_streq(c->v[i].package, m->package) &&
		    gb_streq(c->v[i].env, m->env))
			return true;
	return false;
}

static void add_measured(struct gb_buf *out, const struct gb_history_commit *c,
			 const struct gb_history_measured *m, bool env)
{
	char value[48], budget[48];

	if (is_told(c, m))
		return;
	add_names(out, m->package, m->test, m->metric);
	gb_buf_addf(out, "measured %s",
		    gb_metric_format(value, sizeof(value), m->metric, m->value));
	if (m->has_budget)
		gb_buf_addf(out, " of %s",
			    gb_metric_format(budget, sizeof(budget), m->metric, m->budget));
	gb_buf_addc(out, '\n');
	if (env)
		add_env(out, m->env);
}

static bool shows_measured(const struct gb_history *h)
{
	for (size_t i = 0; i < h->n; i++)
		if (h->commits[i].n_measured)
			return true;
	return false;
}

static void add_foot(struct gb_buf *out, const struct gb_history *h)
{
	if (h->env && shows_measured(h)) {
		gb_buf_adds(out, "\nmeasured in ");
		gb_text_safe(out, h->env);
		if (h->other_envs)
			gb_buf_addf(out, "; %zu other environment%s not shown (--all-envs)",
				    h->other_envs, h->other_envs == 1 ? " is" : "s are");
		gb_buf_addc(out, '\n');
	}
	if (h->cut[0])
		gb_buf_addf(out, "%sthis clone is shallow: history before %.*s is not in it\n",
			    h->n ? "\n" : "", ID_SHOWN, h->cut);
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
		for (size_t k = 0; k < c->n_measured; k++)
			add_measured(out, c, &c->measured[k], env);
		if (c->n == 0 && c->n_measured == 0 && c->noted)
			gb_buf_addf(out, "  measured %zu test%s\n", c->noted,
				    c->noted == 1 ? "" : "s");
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
	add_foot(out, h);
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
	json_value(w, "measured", x->has_measured, x->measured);
	gb_jsonw_string(w, "reason", x->reason);
	gb_jsonw_close(w, '}');
}

static void json_measured(struct gb_jsonw *w, const struct gb_history_measured *m)
{
	gb_jsonw_open(w, NULL, '{', true);
	gb_jsonw_string(w, "package", m->package);
	gb_jsonw_string(w, "test", m->test);
	gb_jsonw_string(w, "environment", m->env);
	gb_jsonw_string(w, "metric", gb_metrics[m->metric].name);
	gb_jsonw_int(w, "measured", m->value);
	json_value(w, "budget", m->has_budget, m->budget);
	gb_jsonw_close(w, '}');
}

void gb_history_json(const struct gb_history *h, struct gb_buf *out)
{
	struct gb_jsonw w = { .out = out };

	gb_jsonw_open(&w, NULL, '{', false);
	gb_jsonw_int(&w, "version", 1);
	gb_jsonw_string(&w, "cut", h->cut[0] ? h->cut : NULL);
	gb_jsonw_string(&w, "environment", h->env);
	gb_jsonw_int(&w, "other_environments", (int64_t)h->other_envs);
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
		gb_jsonw_int(&w, "noted", (int64_t)c->noted);
		gb_jsonw_open(&w, "measured", '[', false);
		for (size_t k = 0; k < c->n_measured; k++)
			json_measured(&w, &c->measured[k]);
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

static void csv_start(struct gb_buf *out, const struct gb_history_commit *c, const char *package,
		      const char *test, const char *env, enum gb_metric m)
{
	const char *const texts[] = { c->author, c->subject, package, test, env };

	gb_buf_addf(out, "%s,", c->id);
	add_day(out, c, true);
	for (size_t t = 0; t < sizeof(texts) / sizeof(texts[0]); t++) {
		gb_buf_addc(out, ',');
		csv_text(out, texts[t]);
	}
	gb_buf_addf(out, ",%s", gb_metrics[m].name);
}

static void csv_change(struct gb_buf *out, const struct gb_history_commit *c,
		       const struct gb_history_change *x)
{
	csv_start(out, c, x->package, x->test, x->env, x->metric);
	csv_value(out, x->has_old, x->old);
	csv_value(out, x->has_now, x->now);
	csv_value(out, x->has_recorded, x->recorded);
	csv_value(out, x->has_measured, x->measured);
	gb_buf_addc(out, ',');
	csv_text(out, x->reason);
	gb_buf_adds(out, "\r\n");
}

void gb_history_csv(const struct gb_history *h, struct gb_buf *out)
{
	gb_buf_adds(out, "commit,date,author,subject,package,test,environment,metric,old,new,"
			 "recorded,measured,reason\r\n");
	for (size_t i = 0; i < h->n; i++) {
		const struct gb_history_commit *c = &h->commits[i];

		for (size_t k = 0; k < c->n; k++)
			csv_change(out, c, &c->v[k]);
		for (size_t k = 0; k < c->n_measured; k++) {
			const struct gb_history_measured *m = &c->measured[k];

			if (is_told(c, m))
				continue;
			csv_start(out, c, m->package, m->test, m->env, m->metric);
			/* The budget stays what it was. */
			csv_value(out, m->has_budget, m->budget);
			csv_value(out, m->has_budget, m->budget);
			gb_buf_adds(out, ",");
			csv_value(out, true, m->value);
			gb_buf_adds(out, ",\"\"\r\n");
		}
	}
}
