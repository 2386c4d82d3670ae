/* html_escapes - what the compiler said: what is new on the heap, and what rules warn of. */
#include "report/html.h"

#include "base/buf.h"
#include "base/html.h"
#include "base/units.h"
#include "report/culprit.h"
#include "report/part.h"
#include "report/say.h"

#define VALUES_SHOWN  ((size_t)100)
#define CHANGES_SHOWN ((size_t)1000)

static void value(struct gb_buf *out, const struct gb_escapes *e, const struct gb_escape *x)
{
	_part_ struct gb_part text = GB_PART(out);

	gb_say_escape(&text.b, e, x);
	gb_html_element(out, "li", NULL, text.b.data);
	gb_buf_addc(out, '\n');
}

static void and_more(struct gb_buf *out, size_t more)
{
	char count[32];

	if (more)
		gb_buf_addf(out, "<p class=\"dim\">and %s more</p>\n",
			    gb_format_count(count, sizeof(count), (int64_t)more));
}

void gb_html_values(struct gb_buf *out, const struct gb_report *r, const struct gb_judgement *j)
{
	const struct gb_escape *shown[VALUES_SHOWN];
	size_t more, n = gb_report_escapes(r, j, shown, VALUES_SHOWN, &more);

	if (n == 0)
		return;
	gb_html_element(out, "h4", NULL, r->escapes->diff ? "New on the heap" : "On the heap");
	gb_buf_adds(out, "\n<ul class=\"words\">\n");
	for (size_t i = 0; i < n; i++)
		value(out, r->escapes->head, shown[i]);
	gb_buf_adds(out, "</ul>\n");
	and_more(out, more);
}

static void changes(struct gb_buf *out, const char *title, const char *base,
		    const struct gb_escapes *set, const struct gb_escape *const *v, size_t n)
{
	char count[32];

	if (n == 0)
		return;
	gb_buf_adds(out, "<details class=\"fold\"><summary>");
	gb_html_text(out, title);
	gb_buf_addc(out, ' ');
	gb_html_text(out, base);
	gb_buf_addf(out, " <span class=\"of\">%s</span></summary>\n<ul class=\"words\">\n",
		    gb_format_count(count, sizeof(count), (int64_t)n));
	for (size_t i = 0; i < n && i < CHANGES_SHOWN; i++)
		value(out, set, v[i]);
	gb_buf_adds(out, "</ul>\n");
	and_more(out, n > CHANGES_SHOWN ? n - CHANGES_SHOWN : 0);
	gb_buf_adds(out, "</details>\n");
}

static void warnings(struct gb_buf *out, const struct gb_warnings *w)
{
	if (w->n == 0)
		return;
	gb_buf_adds(out, "<ul class=\"troubles\">\n");
	for (size_t i = 0; i < w->n; i++) {
		_part_ struct gb_part text = GB_PART(out);

		gb_say_warning(&text.b, &w->v[i]);
		gb_buf_adds(out, "<li>\n<p><span class=\"tag warn\">warning</span> ");
		gb_html_text(out, text.b.data);
		gb_buf_adds(out, "</p>\n<p class=\"dim\">fix: ");
		gb_html_text(out, w->v[i].fix);
		gb_buf_adds(out, "</p>\n</li>\n");
	}
	gb_buf_adds(out, "</ul>\n");
}

void gb_html_compiler(struct gb_buf *out, const struct gb_report *r)
{
	const struct gb_report_escapes *e = r->escapes;
	size_t warned = e && e->warnings ? e->warnings->n : 0;

	if (!warned && !(e && e->diff && e->diff->n_fresh + e->diff->n_gone))
		return;
	gb_buf_adds(out, "<section aria-labelledby=\"compiler\">\n"
			 "<h2 id=\"compiler\" tabindex=\"-1\">From the compiler</h2>\n");
	if (warned)
		warnings(out, e->warnings);
	if (e->diff) {
		changes(out, "On the heap, and not at", e->base, e->head, e->diff->fresh,
			e->diff->n_fresh);
		changes(out, "No longer on the heap, but at", e->base, e->base_set, e->diff->gone,
			e->diff->n_gone);
	}
	gb_buf_adds(out, "</section>\n");
}
