/* markdown_evidence - what stands behind a test's verdicts, folded: sites, goroutines, escapes. */
#include "report/markdown.h"

#include "base/buf.h"
#include "base/text.h"
#include "base/units.h"
#include "report/culprit.h"
#include "report/part.h"
#include "report/say.h"

#define SITES_SHOWN  ((size_t)5)
#define GROUPS_SHOWN ((size_t)3)
#define FRAMES_SHOWN ((size_t)2)

static void line_break(struct gb_buf *out)
{
	gb_buf_adds(out, "<br>");
}

static void code_of_site(struct gb_buf *out, const struct gb_site *site)
{
	_part_ struct gb_part text = GB_PART(out);

	gb_say_site(&text.b, site);
	gb_md_code(out, text.b.data);
}

static void code_of_func(struct gb_buf *out, const struct gb_site *site)
{
	_part_ struct gb_part text = GB_PART(out);

	gb_say_func(&text.b, site->func);
	gb_md_code(out, text.b.data);
}

static void site(struct gb_buf *out, const struct gb_evidence_site *s, bool base)
{
	const struct gb_site *at = &s->frames[s->at];
	_part_ struct gb_part weight = GB_PART(out);

	gb_say_weight(&weight.b, s, base);
	gb_buf_adds(out, "1. ");
	gb_md_prose(out, weight.b.data);
	gb_buf_adds(out, " at ");
	code_of_site(out, at);
	gb_buf_adds(out, ", ");
	code_of_func(out, at);
	if (s->gone)
		gb_buf_adds(out, ", which is no more");
	if (s->source) {
		line_break(out);
		gb_md_code(out, s->source);
	}
	if (s->escape) {
		line_break(out);
		gb_buf_adds(out, gb_say_escape_word(s));
		gb_md_prose(out, s->escape);
	}
	if (s->chain.n) {
		line_break(out);
		gb_md_prose(out, s->chain.v[0]);
	}
	gb_buf_addc(out, '\n');
}

/* Returns whether there was any. */
static bool sites(struct gb_buf *out, const struct gb_report *r, const struct gb_judgement *j)
{
	const struct gb_evidence *e =
		j->test ? gb_evidence_find(r->evidence, j->package, j->test) : NULL;
	const struct gb_evidence_site *top[SITES_SHOWN];
	bool as_before = false;
	size_t n =
		e ? gb_report_sites(e, (enum gb_metric)j->metric, top, SITES_SHOWN, &as_before) : 0;

	if (n && as_before)
		gb_buf_addf(out, "%s:\n\n", gb_say_as_before());
	for (size_t i = 0; i < n; i++)
		site(out, top[i], e->base_test && !as_before);
	return n > 0;
}

/* The innermost frames that someone here wrote say where it waits. */
static void waits(struct gb_buf *out, const char *module, const struct gb_group *g)
{
	size_t shown = 0;

	for (size_t i = 0; i < g->n_frames && shown < FRAMES_SHOWN; i++) {
		if (!gb_site_is_users(module, &g->frames[i]))
			continue;
		line_break(out);
		code_of_site(out, &g->frames[i]);
		gb_buf_adds(out, ", ");
		code_of_func(out, &g->frames[i]);
		shown++;
	}
}

static bool groups(struct gb_buf *out, const struct gb_judgement *j)
{
	const struct gb_group *shown[GROUPS_SHOWN];
	size_t more, n = gb_report_groups(j, shown, GROUPS_SHOWN, &more);
	char count[32];

	for (size_t i = 0; i < n; i++) {
		_part_ struct gb_part line = GB_PART(out);

		gb_say_group(&line.b, j->package->module, shown[i]);
		gb_buf_adds(out, "1. ");
		gb_md_prose(out, line.b.data);
		waits(out, j->package->module, shown[i]);
		gb_buf_addc(out, '\n');
	}
	if (more)
		gb_buf_addf(out, "\nand %s more group%s of goroutines\n",
			    gb_format_count(count, sizeof(count), (int64_t)more),
			    more == 1 ? "" : "s");
	return n > 0;
}

static bool escapes(struct gb_buf *out, const struct gb_report *r, const struct gb_judgement *j)
{
	const struct gb_escape *shown[SITES_SHOWN];
	size_t more, n = gb_report_escapes(r, j, shown, SITES_SHOWN, &more);
	char count[32];

	for (size_t i = 0; i < n; i++) {
		_part_ struct gb_part line = GB_PART(out);

		gb_say_escape(&line.b, r->escapes->head, shown[i]);
		gb_buf_adds(out, "1. ");
		gb_md_prose(out, line.b.data);
		gb_buf_addc(out, '\n');
	}
	if (more)
		gb_buf_addf(out, "\nand %s more value%s\n",
			    gb_format_count(count, sizeof(count), (int64_t)more),
			    more == 1 ? "" : "s");
	return n > 0;
}

static bool told(const struct gb_report *r, const size_t *order, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (gb_report_same_evidence(r->verdicts->v[order[k]].metric,
					    r->verdicts->v[order[i]].metric))
			return true;
	return false;
}

void gb_md_evidence(struct gb_buf *out, const struct gb_report *r, const size_t *order, size_t n)
{
	const struct gb_judgement *first = &r->verdicts->v[order[0]];
	_part_ struct gb_part body = GB_PART(out);
	bool any = false;

	if (!first->package)
		return;
	for (size_t i = 0; i < n; i++) {
		const struct gb_judgement *j = &r->verdicts->v[order[i]];
		_part_ struct gb_part sentence = GB_PART(out), list = GB_PART(out);

		if (j->metric < 0 || told(r, order, i))
			continue;
		if (!groups(&list.b, j) && !sites(&list.b, r, j) && !escapes(&list.b, r, j))
			continue;
		gb_say_judgement(&sentence.b, j);
		gb_md_prose(&body.b, sentence.b.data);
		gb_buf_adds(&body.b, "\n\n");
		gb_buf_add(&body.b, list.b.data, list.b.len);
		gb_buf_addc(&body.b, '\n');
		any = true;
	}
	if (!any)
		return;
	gb_buf_adds(out, "<details><summary>");
	if (first->test_name) {
		gb_md_code(out, first->test_name);
		gb_buf_adds(out, " in ");
	}
	gb_md_code(out, first->package_path);
	gb_buf_adds(out, "</summary>\n\n");
	gb_buf_add(out, body.b.data, body.b.len);
	gb_buf_adds(out, "</details>\n\n");
}
