#include "base/buf.h"
#include "base/fs.h"
#include "base/limits.h"
#include "base/text.h"
#include "cmd/bisect.h"
#include "command.h"
#include "report/jsonw.h"

static void answer(struct gb_jsonw *w, const struct bisect *b, const char *key,
		   const struct bisect_answer *a)
{
	static const char *const words[] = { NULL, "good", "bad", "skipped" };

	if (!a) {
		gb_jsonw_null(w, key);
		return;
	}
	gb_jsonw_open(w, key, '{', true);
	gb_jsonw_string(w, "commit", a->id);
	if (a->has >> b->metric & 1)
		gb_jsonw_int(w, "value", bisect_value(b, a));
	else
		gb_jsonw_null(w, "value");
	gb_jsonw_string(w, "word", words[a->word]);
	gb_jsonw_bool(w, "known", a->known);
	gb_jsonw_string(w, "environment", a->env);
	gb_jsonw_string(w, "why", a->why);
	gb_jsonw_int(w, "wall_ms", a->wall_ms);
	gb_jsonw_close(w, '}');
}

static void budget(struct gb_jsonw *w, const char *key, const struct bisect_budget *x)
{
	_buf_ struct gb_buf day = GB_BUF_INIT(64);

	if (!x->author) {
		gb_jsonw_null(w, key);
		return;
	}
	bisect_add_day(&day, x->when, x->zone);
	gb_jsonw_open(w, key, '{', true);
	if (x->has)
		gb_jsonw_int(w, "budget", x->value);
	else
		gb_jsonw_null(w, "budget");
	gb_jsonw_string(w, "commit", x->id);
	gb_jsonw_string(w, "author", x->author);
	gb_jsonw_string(w, "date", day.data);
	gb_jsonw_string(w, "reason", x->reason);
	gb_jsonw_close(w, '}');
}

static void culprit(struct gb_jsonw *w, const struct bisect *b, const struct bisect_result *r)
{
	_buf_ struct gb_buf day = GB_BUF_INIT(64);

	if (!r->culprit) {
		gb_jsonw_null(w, "culprit");
		return;
	}
	bisect_add_day(&day, r->words.when, r->words.zone);
	gb_jsonw_open(w, "culprit", '{', false);
	gb_jsonw_string(w, "commit", r->culprit->id);
	gb_jsonw_string(w, "author", r->words.author);
	gb_jsonw_string(w, "date", day.data);
	gb_jsonw_string(w, "subject", r->words.subject);
	answer(w, b, "measured", r->culprit);
	answer(w, b, "parent", r->parent);
	budget(w, "budget_before", &r->before);
	budget(w, "budget", &r->at);
	budget(w, "budget_since", &r->now);
	gb_jsonw_string(w, "evidence", r->evidence);
	gb_jsonw_close(w, '}');
}

static void write_all(const struct bisect *b, const struct bisect_result *r, struct gb_buf *out)
{
	struct gb_jsonw w = { .out = out };

	gb_jsonw_open(&w, NULL, '{', false);
	gb_jsonw_int(&w, "version", 1);
	gb_jsonw_string(&w, "test", b->test);
	gb_jsonw_string(&w, "package", b->package);
	gb_jsonw_string(&w, "metric", gb_metrics[b->metric].name);
	gb_jsonw_int(&w, "limit", b->limit);
	gb_jsonw_string(&w, "environment", b->env);
	answer(&w, b, "good", r->good);
	answer(&w, b, "bad", r->bad);
	gb_jsonw_int(&w, "commits", (int64_t)b->commits.n);
	gb_jsonw_int(&w, "measured", (int64_t)b->measured);
	culprit(&w, b, r);
	gb_jsonw_open(&w, "candidates", '[', false);
	for (size_t i = 0; i < r->n_candidates; i++)
		gb_jsonw_string(&w, NULL, b->commits.v[r->candidates[i]].id);
	gb_jsonw_close(&w, ']');
	gb_jsonw_open(&w, "steps", '[', false);
	for (size_t i = 0; i < b->n; i++)
		if (b->answers[i]->word != GB_BISECT_UNKNOWN)
			answer(&w, b, NULL, b->answers[i]);
	gb_jsonw_close(&w, ']');
	gb_jsonw_close(&w, '}');
}

int bisect_json(const struct bisect *b, const struct bisect_result *r, const char *path,
		struct gb_err *err)
{
	_buf_ struct gb_buf out = GB_BUF_INIT(GB_MAX_REPORT);

	write_all(b, r, &out);
	if (out.failed)
		return gb_buf_error(&out, path, err);
	return gb_streq(path, "-") ? gb_command_print(&out, err)
				   : gb_fs_write(path, out.data, out.len, err);
}
