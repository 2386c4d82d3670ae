/* html_parts - small pieces of HTML that every part of the page is made of. */
#include "report/html.h"

#include "base/buf.h"
#include "base/html.h"
#include "report/part.h"
#include "report/say.h"

void gb_html_element(struct gb_buf *out, const char *name, const char *class, const char *text)
{
	gb_buf_addf(out, "<%s", name);
	if (class)
		gb_html_attribute(out, "class", class);
	gb_buf_addc(out, '>');
	gb_html_text(out, text);
	gb_buf_addf(out, "</%s>", name);
}

void gb_html_place(struct gb_buf *out, const struct gb_site *site)
{
	_part_ struct gb_part text = GB_PART(out);

	gb_say_site(&text.b, site);
	if (text.b.len)
		gb_html_element(out, "code", NULL, text.b.data);
}

void gb_html_func(struct gb_buf *out, const struct gb_site *site)
{
	_part_ struct gb_part text = GB_PART(out);

	gb_say_func(&text.b, site->func);
	gb_html_element(out, "span", "func", text.b.data);
}

void gb_html_stack(struct gb_buf *out, const struct gb_site *frames, size_t n, bool reverse)
{
	gb_buf_adds(out, "<ol class=\"stack\">\n");
	for (size_t i = 0; i < n; i++) {
		const struct gb_site *f = &frames[reverse ? n - 1 - i : i];

		gb_buf_adds(out, "<li>");
		gb_html_func(out, f);
		gb_buf_addc(out, ' ');
		gb_html_place(out, f);
		gb_buf_adds(out, "</li>\n");
	}
	gb_buf_adds(out, "</ol>\n");
}

const char *gb_html_state(const struct gb_judgement *j)
{
	if (j->action == GB_ACT_FAIL)
		return "fail";
	if (j->verdict == GB_V_WITHIN)
		return "good";
	return j->action == GB_ACT_WARN ? "warn" : "note";
}

void gb_html_tag(struct gb_buf *out, const struct gb_judgement *j)
{
	gb_buf_addf(out, "<span class=\"tag %s\">", gb_html_state(j));
	gb_html_text(out, gb_say_word(j));
	gb_buf_adds(out, "</span>");
}
