/* Which line did it: the places where a test's bytes and goroutines come from. */
#include "base/buf.h"
#include "base/limits.h"
#include "base/text.h"
#include "base/units.h"
#include "report/culprit.h"
#include "report/page.h"
#include "report/part.h"
#include "report/say.h"

#define SITES_SHOWN  ((size_t)5)
#define SITES_WARNED ((size_t)2)
#define SITES_WHOLE  ((size_t)20)
#define STACK_SHOWN  ((size_t)16)

static bool against_base(const struct gb_evidence *e)
{
	return e->base_test != NULL;
}

/* "+15.1 MiB in 15 objects at handlers/render.go:29, handlers.writePage" */
static void place_line(struct gb_page *p, const struct gb_evidence_site *s, bool base,
		       enum gb_style style, size_t indent)
{
	_part_ struct gb_part line = GB_PART(p->out);

	gb_say_weight(&line.b, s, base);
	gb_buf_adds(&line.b, " at ");
	gb_say_site(&line.b, &s->frames[s->at]);
	gb_buf_adds(&line.b, ", ");
	gb_say_func(&line.b, s->frames[s->at].func);
	if (s->gone)
		gb_buf_adds(&line.b, ", which is no more");
	gb_page_spaces(p, indent);
	gb_page_wrap(p, style, line.b.data, indent, indent + 4);
}

static void source_line(struct gb_page *p, const struct gb_evidence_site *s, size_t indent)
{
	_part_ struct gb_part safe = GB_PART(p->out), line = GB_PART(p->out);

	if (!s->source)
		return;
	gb_text_safe(&safe.b, s->source);
	gb_buf_addf(&line.b, "%d | %s", s->frames[s->at].line, safe.b.data);
	gb_page_spaces(p, indent);
	gb_page_fit(p, GB_PLAIN, line.b.data, p->width > indent ? p->width - indent : 1);
	gb_page_line(p);
}

static void words(struct gb_page *p, enum gb_style style, const char *before, const char *text,
		  size_t indent)
{
	_part_ struct gb_part line = GB_PART(p->out);

	gb_buf_adds(&line.b, before);
	gb_buf_adds(&line.b, text);
	gb_page_spaces(p, indent);
	gb_page_wrap(p, style, line.b.data, indent, indent + 4);
}

void gb_page_quote(struct gb_page *p, const struct gb_evidence_site *s, size_t indent)
{
	source_line(p, s, indent);
	if (s->chain.n)
		words(p, GB_DIM, "", s->chain.v[0], indent);
}

void gb_page_sites(struct gb_page *p, const struct gb_evidence *e, enum gb_metric m, bool fails,
		   size_t indent)
{
	const struct gb_evidence_site *top[SITES_WHOLE];
	size_t most = p->verbose ? SITES_WHOLE : fails ? SITES_SHOWN : SITES_WARNED;
	bool as_before = false;
	size_t n = e ? gb_report_sites(e, m, top, most, &as_before) : 0;

	for (size_t i = 0; i < n; i++) {
		place_line(p, top[i], against_base(e) && !as_before, GB_CYAN, indent);
		gb_page_quote(p, top[i], indent + 4);
		if (top[i]->escape)
			words(p, GB_DIM, gb_say_escape_word(top[i]), top[i]->escape, indent + 4);
	}
}

/* From the test down to the allocation, as it was called. */
static void stack(struct gb_page *p, const struct gb_evidence_site *s, size_t indent)
{
	size_t shown = s->n_frames;

	if (!p->verbose && shown > STACK_SHOWN)
		shown = STACK_SHOWN;
	for (size_t i = s->n_frames; i-- > 0;) {
		if (i >= shown && i + 1 != s->n_frames)
			continue;
		gb_page_frame(p, i + 1 == s->n_frames ? "" : "→ ", &s->frames[i], indent);
	}
}

void gb_page_chain(struct gb_page *p, const struct gb_evidence_site *s, size_t indent)
{
	source_line(p, s, indent);
	for (size_t i = 0; i < s->chain.n; i++)
		words(p, GB_PLAIN, "", s->chain.v[i], indent);
	if (s->escape)
		words(p, GB_PLAIN, gb_say_escape_word(s), s->escape, indent);
	for (size_t i = 0; i < s->flow.n; i++)
		words(p, GB_DIM, "", s->flow.v[i], indent + 4);
}

void gb_page_site(struct gb_page *p, const struct gb_evidence_site *s, bool base, size_t indent)
{
	place_line(p, s, base, GB_CYAN, indent);
	gb_page_chain(p, s, indent + 4);
	if (s->n_frames > 1)
		stack(p, s, indent + 4);
	if (s->stacks > 1) {
		_part_ struct gb_part line = GB_PART(p->out);

		gb_buf_addf(&line.b, "… and %zu more stack%s to this line", s->stacks - 1,
			    s->stacks == 2 ? "" : "s");
		words(p, GB_DIM, "", line.b.data, indent + 4);
	}
}
