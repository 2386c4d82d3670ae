#include "base/buf.h"
#include "base/limits.h"
#include "base/proc.h"
#include "base/text.h"
#include "base/units.h"
#include "cmd/bisect.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#define ID_SHOWN	12
#define LOG_SHOWN	20 /* lines of a measurement that failed */
#define SUBJECT_COLUMNS 50

static void print(const struct bisect *b, const struct gb_buf *out)
{
	fwrite(out->data, 1, out->len, b->term.file);
	fflush(b->term.file);
}

static const char *format(char *out, size_t size, const struct bisect *b, int64_t value)
{
	return gb_metric_format(out, size, (enum gb_metric)b->metric, value);
}

static void add_styled(const struct bisect *b, struct gb_buf *out, enum gb_style style,
		       const char *text)
{
	gb_buf_adds(out, gb_style_on(b->term.colour, style));
	gb_text_safe(out, text);
	gb_buf_adds(out, gb_style_off(b->term.colour));
}

static void add_subject(const struct bisect *b, struct gb_buf *out, const char *commit)
{
	struct gb_commit_words words = { 0 };

	if (gb_commit_words(b->at.repo, commit, &words, NULL) == 0)
		gb_text_fit(out, words.subject, SUBJECT_COLUMNS);
	gb_commit_words_release(&words);
}

void bisect_add_day(struct gb_buf *out, int64_t when, int zone)
{
	time_t t = (time_t)(when + (int64_t)zone * 60);
	struct tm tm;

	/* A commit may claim any time at all. */
	if (!gmtime_r(&t, &tm) || tm.tm_year > 9999 - 1900 || tm.tm_year < -1900)
		gb_buf_adds(out, "no date");
	else
		gb_buf_addf(out, "%04d-%02d-%02d", tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday);
}

void bisect_say_begin(struct bisect *b)
{
	_buf_ struct gb_buf out = GB_BUF_INIT(GB_MIB);

	if (b->quiet)
		return;
	add_styled(b, &out, GB_BOLD, b->test);
	gb_buf_addf(&out, ": %zu commit%s from ", b->commits.n, b->commits.n == 1 ? "" : "s");
	gb_text_safe(&out, b->good_name);
	gb_buf_adds(&out, " to ");
	gb_text_safe(&out, b->bad_name);
	gb_buf_addc(&out, '\n');
	if (b->commits.cut[0])
		gb_buf_addf(&out, "this clone is shallow: history before %.*s is not in it\n",
			    ID_SHOWN, b->commits.cut);
	print(b, &out);
}

/* "alloc_space 9,216 B, 96 objects": what bisect looks at by itself, or what was asked for. */
static void add_values(const struct bisect *b, struct gb_buf *out, const struct bisect_answer *a)
{
	char text[32];
	size_t n = 0;

	for (int m = 0; m < GB_METRICS; m++) {
		int64_t v = gb_metrics[m].goroutine ? a->most[m] : a->least[m];

		if (!(a->has >> m & 1) || !gb_metrics[m].judged ||
		    (b->metric >= 0 ? m != b->metric
				    : m == GB_GOROUTINES_PEAK || m == GB_GOROUTINES_CREATED))
			continue;
		gb_buf_addf(out, "%s%s %s", n++ ? ", " : "", gb_metrics[m].name,
			    gb_metric_format(text, sizeof(text), (enum gb_metric)m, v));
	}
}

void bisect_say_end_point(struct bisect *b, const char *name, const struct bisect_answer *a)
{
	_buf_ struct gb_buf out = GB_BUF_INIT(GB_MIB);

	if (b->quiet)
		return;
	gb_buf_adds(&out, "  ");
	gb_text_safe(&out, name);
	if (!gb_starts(a->id, name))
		gb_buf_addf(&out, " (%.*s)", ID_SHOWN, a->id);
	gb_buf_adds(&out, "  ");
	add_values(b, &out, a);
	gb_buf_adds(&out, a->known ? "  from its note\n" : "\n");
	print(b, &out);
}

void bisect_say_rule(struct bisect *b)
{
	_buf_ struct gb_buf out = GB_BUF_INIT(GB_MIB);
	char text[32];

	if (b->quiet)
		return;
	gb_buf_addf(&out, "bad is %s above %s%s\n\n", gb_metrics[b->metric].name,
		    format(text, sizeof(text), b, b->limit), b->half_way ? ", half-way" : "");
	print(b, &out);
}

static void add_question(struct bisect *b, struct gb_buf *out, const struct gb_bisect_step *s)
{
	const char *id = b->commits.v[s->commit].id;

	gb_buf_addf(out, "%zu commits left, about %zu more: ", s->candidates, s->about);
	gb_buf_addf(out, "%s%.*s%s ", gb_style_on(b->term.colour, GB_YELLOW), ID_SHOWN, id,
		    gb_style_off(b->term.colour));
	add_subject(b, out, id);
	gb_buf_adds(out, " ... ");
}

/* On a terminal the live line says it until then. */
void bisect_say_question(struct bisect *b, const struct gb_bisect_step *s)
{
	_buf_ struct gb_buf out = GB_BUF_INIT(GB_MIB);

	if (b->quiet || b->term.tty)
		return;
	add_question(b, &out, s);
	print(b, &out);
}

void bisect_say_answer(struct bisect *b, const struct gb_bisect_step *s,
		       const struct bisect_answer *a)
{
	_buf_ struct gb_buf out = GB_BUF_INIT(GB_MIB);
	char text[32];

	if (b->quiet)
		return;
	if (b->term.tty)
		add_question(b, &out, s);
	if (a->word == GB_BISECT_SKIP) {
		add_styled(b, &out, GB_DIM, "skipped: ");
		gb_text_fit(&out, a->why ? a->why : "it was not measured", 200);
	} else {
		gb_buf_addf(&out, "%s ", format(text, sizeof(text), b, bisect_value(b, a)));
		add_styled(b, &out, a->word == GB_BISECT_BAD ? GB_RED : GB_GREEN,
			   a->word == GB_BISECT_BAD ? "bad" : "good");
	}
	if (a->known)
		gb_buf_adds(&out, " (from its note)");
	else if (a->env && strcmp(a->env, b->env) != 0) {
		gb_buf_adds(&out, " (in another environment: ");
		gb_text_safe(&out, a->env);
		gb_buf_addc(&out, ')');
	}
	gb_buf_addc(&out, '\n');
	print(b, &out);
}

void bisect_say_log(const struct bisect *b, const struct bisect_answer *a)
{
	_buf_ struct gb_buf out = GB_BUF_INIT(GB_MIB);

	if (b->silent)
		return;
	fflush(b->term.file);
	if (a->log)
		at_log_tail(a->log, LOG_SHOWN, &out);
	fwrite(out.data, 1, out.len, stderr);
}

static void add_change(const struct bisect *b, struct gb_buf *out, int64_t old, int64_t now)
{
	char was[32], is[32], delta[32], percent[32];

	gb_buf_addf(out, "%s %s %s  %s", format(was, sizeof(was), b, old),
		    b->term.utf8 ? "\xE2\x86\x92" : "->", format(is, sizeof(is), b, now),
		    gb_metric_delta(delta, sizeof(delta), (enum gb_metric)b->metric, now - old));
	if (old > 0)
		gb_buf_addf(out, ", %s", gb_format_percent(percent, sizeof(percent), old, now));
}

static void add_budget(const struct bisect *b, struct gb_buf *out, const char *before,
		       const struct bisect_budget *x)
{
	char text[32];

	gb_buf_addf(out, "  %s %s, set in %.*s by ", before,
		    x->has ? format(text, sizeof(text), b, x->value) : "none", ID_SHOWN, x->id);
	gb_text_safe(out, x->author);
	gb_buf_adds(out, " on ");
	bisect_add_day(out, x->when, x->zone);
	if (x->reason) {
		gb_buf_adds(out, ": ");
		gb_text_safe(out, x->reason);
	}
	gb_buf_addc(out, '\n');
}

static void add_budgets(const struct bisect *b, struct gb_buf *out, const struct bisect_result *r)
{
	if (!r->at.author && !r->now.author) {
		gb_buf_adds(out, "  no budget: nothing could have said so in the review\n");
		return;
	}
	if (r->before.author && r->at.author && strcmp(r->before.id, r->at.id) != 0)
		add_budget(b, out, "budget before:", &r->before);
	if (r->at.author)
		add_budget(b, out, "budget:", &r->at);
	if (r->now.author && (!r->at.author || strcmp(r->now.id, r->at.id) != 0))
		add_budget(b, out, "budget since:", &r->now);
}

/* Where one commit did not do it all, who looks for the rest should know. */
static void add_share(const struct bisect *b, struct gb_buf *out, const struct bisect_result *r)
{
	int64_t whole = bisect_value(b, r->bad) - bisect_value(b, r->good), here;
	char was[32], is[32], delta[32];

	if (!r->parent || whole <= 0)
		return;
	here = bisect_value(b, r->culprit) - bisect_value(b, r->parent);
	if (here >= whole - whole / 10)
		return;
	gb_buf_addf(out, "  %s of the %s between ",
		    gb_metric_delta(delta, sizeof(delta), (enum gb_metric)b->metric, here),
		    gb_metric_delta(was, sizeof(was), (enum gb_metric)b->metric, whole));
	gb_text_safe(out, b->good_name);
	gb_buf_adds(out, " and ");
	gb_text_safe(out, b->bad_name);
	gb_buf_addf(out, " (%s); other commits did the rest: bisect again with a --limit\n",
		    format(is, sizeof(is), b, bisect_value(b, r->bad)));
}

static void add_culprit(const struct bisect *b, struct gb_buf *out, const struct bisect_result *r)
{
	char text[32];

	gb_buf_addf(out, "%s%.*s%s  ", gb_style_on(b->term.colour, GB_YELLOW), ID_SHOWN,
		    r->culprit->id, gb_style_off(b->term.colour));
	bisect_add_day(out, r->words.when, r->words.zone);
	gb_buf_adds(out, "  ");
	gb_text_safe(out, r->words.author);
	gb_buf_adds(out, "  ");
	add_styled(b, out, GB_BOLD, r->words.subject);
	gb_buf_adds(out, "\n  ");
	gb_text_safe(out, b->package);
	gb_buf_adds(out, "  ");
	gb_text_safe(out, b->test);
	gb_buf_addf(out, "  %s  ", gb_metrics[b->metric].name);
	if (r->parent)
		add_change(b, out, bisect_value(b, r->parent), bisect_value(b, r->culprit));
	else
		gb_buf_addf(out, "%s; its parent could not be measured",
			    format(text, sizeof(text), b, bisect_value(b, r->culprit)));
	gb_buf_addc(out, '\n');
	if (r->parent && r->parent->env && r->culprit->env &&
	    strcmp(r->parent->env, r->culprit->env) != 0) {
		gb_buf_adds(out, "  measured in another environment than its parent: ");
		gb_text_safe(out, r->parent->env);
		gb_buf_adds(out, ", then ");
		gb_text_safe(out, r->culprit->env);
		gb_buf_addc(out, '\n');
	}
	add_share(b, out, r);
	add_budgets(b, out, r);
}

static void add_candidates(struct bisect *b, struct gb_buf *out, const struct bisect_result *r)
{
	gb_buf_addf(out, "one of these %zu commits; those between could not be measured:\n",
		    r->n_candidates);
	for (size_t i = r->n_candidates; i-- > 0;) {
		const char *id = b->commits.v[r->candidates[i]].id;

		gb_buf_addf(out, "  %.*s ", ID_SHOWN, id);
		add_subject(b, out, id);
		gb_buf_addc(out, '\n');
	}
}

static void add_effort(const struct bisect *b, struct gb_buf *out)
{
	size_t skipped = 0, known = 0;
	char took[32];

	for (size_t i = 0; i < b->n; i++) {
		skipped += b->answers[i]->word == GB_BISECT_SKIP;
		known += b->answers[i]->known && b->answers[i]->word != GB_BISECT_UNKNOWN;
	}
	gb_buf_addf(out, "\n%zu commit%s measured", b->measured, b->measured == 1 ? "" : "s");
	if (skipped)
		gb_buf_addf(out, ", %zu of them skipped", skipped);
	if (known)
		gb_buf_addf(out, ", %zu known from notes", known);
	gb_buf_addf(out, ", in %s\n",
		    gb_format_duration(took, sizeof(took), gb_now_ms() - b->began_ms));
}

int bisect_say_result(struct bisect *b, const struct bisect_result *r, struct gb_err *err)
{
	_buf_ struct gb_buf out = GB_BUF_INIT(GB_MAX_REPORT);

	if (!b->quiet)
		gb_buf_addc(&out, '\n');
	if (r->culprit)
		add_culprit(b, &out, r);
	else
		add_candidates(b, &out, r);
	if (r->evidence)
		gb_buf_addf(&out, "\n%s\n", r->evidence);
	if (r->no_evidence) {
		gb_buf_adds(&out, "  which lines did it is not known: ");
		gb_text_safe(&out, r->no_evidence);
		gb_buf_addc(&out, '\n');
	}
	if (!b->quiet)
		add_effort(b, &out);
	if (out.failed)
		return gb_buf_error(&out, "the result", err);
	print(b, &out);
	return 0;
}
