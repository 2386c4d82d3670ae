/* html_lists - what could not be measured or did not pass, and the numbers of every test. */
#include "report/html.h"

#include "base/buf.h"
#include "base/html.h"
#include "base/text.h"
#include "base/units.h"
#include "report/columns.h"
#include "report/part.h"
#include "report/say.h"

#include <string.h>

static void trouble(struct gb_buf *out, const struct gb_package *k, const struct gb_trouble *t)
{
	gb_buf_adds(out, "<li>\n<p>");
	gb_buf_addf(out, "<span class=\"tag %s\">", t->warning ? "warn" : "fail");
	gb_html_text(out, gb_say_trouble(t->kind));
	gb_buf_adds(out, "</span> ");
	if (t->test) {
		gb_html_element(out, "strong", NULL, t->test);
		gb_buf_addc(out, ' ');
	}
	gb_html_element(out, "span", "of", k->path);
	gb_buf_adds(out, "</p>\n");
	if (t->text && *t->text && !gb_streq(t->text, gb_say_trouble(t->kind)))
		gb_html_element(out, "p", NULL, t->text);
	if (t->output && *t->output) {
		gb_buf_adds(out, "<details><summary>What it printed last</summary>\n");
		gb_html_element(out, "pre", NULL, t->output);
		gb_buf_adds(out, "</details>\n");
	}
	gb_buf_adds(out, "</li>\n");
}

void gb_html_troubles(struct gb_buf *out, const struct gb_report *r)
{
	bool any = false;

	for (size_t i = 0; i < r->run->n_packages; i++) {
		const struct gb_package *k = &r->run->packages[i];

		for (size_t n = 0; n < k->n_troubles; n++) {
			if (k->troubles[n].kind == GB_TROUBLE_NO_TESTS)
				continue;
			if (!any)
				gb_buf_adds(out,
					    "<section aria-labelledby=\"troubles\">\n"
					    "<h2 id=\"troubles\" tabindex=\"-1\">Troubles</h2>\n"
					    "<ul class=\"troubles\">\n");
			any = true;
			trouble(out, k, &k->troubles[n]);
		}
	}
	if (any)
		gb_buf_adds(out, "</ul>\n</section>\n");
}

static void numbers_head(struct gb_buf *out, const bool used[GB_COLUMNS])
{
	gb_buf_adds(out, "<thead>\n<tr>\n<th scope=\"col\">Test</th>\n");
	for (size_t c = 0; c < GB_COLUMNS; c++)
		if (used[c])
			gb_buf_addf(out, "<th scope=\"col\" class=\"n\">%s</th>\n",
				    gb_columns[c].title);
	gb_buf_adds(out, "</tr>\n</thead>\n");
}

static void numbers_row(struct gb_buf *out, const struct gb_test *t, const bool used[GB_COLUMNS])
{
	char text[48];
	int64_t value;

	gb_buf_adds(out, "<tr><th scope=\"row\">");
	gb_html_text(out, t->name);
	if (t->outcome != GB_PASS) {
		gb_buf_addc(out, ' ');
		gb_html_element(out, "span", "of", gb_outcome_name(t->outcome));
	}
	gb_buf_adds(out, "</th>");
	for (size_t c = 0; c < GB_COLUMNS; c++) {
		if (!used[c])
			continue;
		if (gb_column_value(t, gb_columns[c].m, &value))
			gb_buf_addf(out, "<td class=\"n\" data-key=\"%lld\">%s</td>",
				    (long long)value,
				    gb_metric_format(text, sizeof(text), gb_columns[c].m, value));
		else
			gb_buf_adds(out, "<td class=\"n\"></td>");
	}
	gb_buf_adds(out, "</tr>\n");
}

static void collector_of(struct gb_buf *out, const struct gb_package *k)
{
	_part_ struct gb_part text = GB_PART(out);

	if (!gb_say_collector(&text.b, k))
		return;
	gb_buf_adds(out, "; of its test binary: ");
	gb_html_text(out, text.b.data);
}

static void numbers_of(struct gb_buf *out, const struct gb_package *k)
{
	bool used[GB_COLUMNS] = { false };
	char count[32];
	int64_t value;

	for (size_t i = 0; i < k->n_tests; i++)
		for (size_t c = 0; c < GB_COLUMNS; c++)
			used[c] = used[c] || gb_column_value(&k->tests[i], gb_columns[c].m, &value);
	gb_buf_adds(out, "<details class=\"fold\"><summary>");
	gb_html_text(out, k->path);
	gb_buf_addf(out,
		    " <span class=\"of\">%s</span></summary>\n<div class=\"scroll\">\n<table>\n",
		    gb_format_count(count, sizeof(count), (int64_t)k->n_tests));
	gb_buf_adds(out, "<caption>What each test measured");
	collector_of(out, k);
	gb_buf_adds(out, "</caption>\n");
	numbers_head(out, used);
	gb_buf_adds(out, "<tbody>\n");
	for (size_t i = 0; i < k->n_tests; i++)
		numbers_row(out, &k->tests[i], used);
	gb_buf_adds(out, "</tbody>\n</table>\n</div>\n</details>\n");
}

void gb_html_numbers(struct gb_buf *out, const struct gb_report *r)
{
	bool any = false;

	for (size_t i = 0; i < r->run->n_packages; i++) {
		if (r->run->packages[i].n_tests == 0)
			continue;
		if (!any)
			gb_buf_adds(out, "<section aria-labelledby=\"numbers\">\n"
					 "<h2 id=\"numbers\" tabindex=\"-1\">Every number</h2>\n");
		any = true;
		numbers_of(out, &r->run->packages[i]);
	}
	if (any)
		gb_buf_adds(out, "</section>\n");
}
