/* html_verdicts - the table of verdicts, and which tests of it have an article. */
#include "report/html.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/html.h"
#include "base/mem.h"
#include "base/text.h"
#include "base/units.h"
#include "report/culprit.h"
#include "report/order.h"
#include "report/part.h"
#include "report/say.h"

#include <stdlib.h>
#include <string.h>

static bool is_within(const struct gb_judgement *j)
{
	return j->verdict == GB_V_WITHIN;
}

static bool is_not_within(const struct gb_judgement *j)
{
	return j->verdict != GB_V_WITHIN;
}

int gb_html_order(const struct gb_report *r, struct gb_html_order *ret)
{
	_free_ size_t *first = NULL, *rest = NULL, *all = NULL;
	size_t n_first, n_rest, shown;

	if (gb_report_order(r->verdicts, is_not_within, &first, &n_first) < 0 ||
	    gb_report_order(r->verdicts, is_within, &rest, &n_rest) < 0)
		return GB_ENOMEM;
	shown = n_rest < GB_HTML_WITHIN ? n_rest : GB_HTML_WITHIN;
	all = gb_calloc(n_first + shown + 1, sizeof(*all));
	if (!all)
		return GB_ENOMEM;
	if (n_first)
		memcpy(all, first, n_first * sizeof(*all));
	if (shown)
		memcpy(all + n_first, rest, shown * sizeof(*all));
	*ret = (struct gb_html_order){ .v = GB_TAKE(all),
				       .n = n_first + shown,
				       .left_out = n_rest - shown };
	return 0;
}

bool gb_html_has_article(const struct gb_report *r, const struct gb_judgement *j)
{
	if (!j->test || !j->package || j->verdict == GB_V_WITHIN)
		return false;
	return j->test->n_groups > 0 || (j->metric == GB_ESCAPES && r->escapes) ||
	       gb_evidence_find(r->evidence, j->package, j->test);
}

bool gb_html_begins(const struct gb_report *r, const struct gb_html_order *o, size_t i)
{
	const struct gb_judgement *j = &r->verdicts->v[o->v[i]];

	return gb_html_has_article(r, j) &&
	       (i == 0 || !gb_same_test(j, &r->verdicts->v[o->v[i - 1]]));
}

/* A cell of numbers: what is read, and what it is sorted by. */
static void number_cell(struct gb_buf *out, const char *label, const char *text, double key,
			bool known)
{
	gb_buf_addf(out, "<td role=\"cell\" class=\"n\" data-label=\"%s\"", label);
	if (known)
		gb_buf_addf(out, " data-key=\"%.17g\"", key);
	gb_buf_addc(out, '>');
	gb_html_text(out, text);
	gb_buf_adds(out, "</td>\n");
}

static void numbers(struct gb_buf *out, const struct gb_judgement *j)
{
	enum gb_metric m = (enum gb_metric)j->metric;
	char left[48] = "", measured[48] = "", delta[48] = "", percent[48] = "";
	bool ran = j->verdict != GB_V_GONE;
	_part_ struct gb_part change = GB_PART(out);
	int64_t against = 0;
	bool known = gb_say_against(j, &against);

	if (ran)
		gb_metric_format(measured, sizeof(measured), m, j->measured);
	if (known)
		gb_metric_format(left, sizeof(left), m, against);
	if (known && ran && j->measured != against) {
		gb_metric_delta(delta, sizeof(delta), m, j->measured - against);
		if (against > 0)
			gb_format_percent(percent, sizeof(percent), against, j->measured);
	}
	gb_buf_addf(&change.b, "%s%s%s", delta, *percent ? ", " : "", percent);
	number_cell(out, "Budget", left, (double)against, known);
	number_cell(out, "Measured", measured, (double)j->measured, ran);
	number_cell(out, "Change", change.b.data,
		    ((double)j->measured - (double)against) / (double)(against > 0 ? against : 1),
		    known && ran);
}

/* A path without what all of them have in front. */
static const char *below(const char *module, const char *path)
{
	size_t n = module ? strlen(module) : 0;

	return n && gb_starts(path, module) && path[n] == '/' ? path + n + 1 : path;
}

static void test_cell(struct gb_buf *out, const struct gb_report *r, const struct gb_judgement *j,
		      size_t article)
{
	const char *package = below(r->module, j->package_path);
	const char *name = j->test_name ? j->test_name : package;

	gb_buf_adds(out, "<th role=\"rowheader\" scope=\"row\" data-label=\"Test\">");
	if (article)
		gb_buf_addf(out, "<a href=\"#test-%zu\">", article);
	gb_html_text(out, name);
	if (article)
		gb_buf_adds(out, "</a>");
	if (j->test_name) {
		gb_buf_addc(out, ' ');
		gb_html_element(out, "span", "of", package);
	}
	gb_buf_adds(out, "</th>\n");
}

static void where_cell(struct gb_buf *out, const struct gb_report *r, const struct gb_judgement *j)
{
	const struct gb_site *at = gb_report_culprit(r, j);
	_part_ struct gb_part remark = GB_PART(out);

	if (j->metric >= 0)
		gb_say_remark(&remark.b, j);
	else
		gb_say_judgement(&remark.b, j);
	gb_buf_adds(out, "<td role=\"cell\" class=\"where\" data-label=\"Where\">");
	if (at)
		gb_html_place(out, at);
	if (remark.b.len)
		gb_html_element(out, "span", "remark", remark.b.data);
	gb_buf_adds(out, "</td>\n");
}

static void row(struct gb_buf *out, const struct gb_report *r, const struct gb_judgement *j,
		size_t article)
{
	gb_buf_addf(out, "<tr role=\"row\" data-state=\"%s\">\n", gb_html_state(j));
	gb_buf_adds(out, "<td role=\"cell\" data-label=\"Verdict\">");
	gb_html_tag(out, j);
	gb_buf_adds(out, "</td>\n");
	test_cell(out, r, j, article);
	if (j->metric >= 0) {
		gb_buf_adds(out, "<td role=\"cell\" data-label=\"Metric\">");
		gb_html_text(out, gb_metrics[j->metric].name);
		gb_buf_adds(out, "</td>\n");
		numbers(out, j);
	} else {
		for (int i = 0; i < 4; i++)
			gb_buf_adds(out, "<td role=\"cell\" class=\"none\"></td>\n");
	}
	where_cell(out, r, j);
	gb_buf_adds(out, "</tr>\n");
}

static void head(struct gb_buf *out)
{
	static const struct {
		const char *title;
		bool number;
	} columns[] = {
		{ "Verdict", false }, { "Test", false },  { "Metric", false }, { "Budget", true },
		{ "Measured", true }, { "Change", true }, { "Where", false },
	};

	gb_buf_adds(out, "<thead role=\"rowgroup\">\n<tr role=\"row\">\n");
	for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++)
		gb_buf_addf(out, "<th role=\"columnheader\" scope=\"col\"%s>%s</th>\n",
			    columns[i].number ? " class=\"n\"" : "", columns[i].title);
	gb_buf_adds(out, "</tr>\n</thead>\n");
}

void gb_html_verdicts(struct gb_buf *out, const struct gb_report *r, const struct gb_html_order *o)
{
	size_t article = 0;
	char count[32];

	if (o->n == 0)
		return;
	gb_buf_adds(out, "<section aria-labelledby=\"verdicts\">\n"
			 "<h2 id=\"verdicts\" tabindex=\"-1\">Verdicts</h2>\n"
			 "<div class=\"filters\" data-for=\"verdict-table\"></div>\n"
			 "<table role=\"table\" class=\"cards\" id=\"verdict-table\">\n"
			 "<caption>Every test and metric that was judged, worst first</caption>\n");
	head(out);
	gb_buf_adds(out, "<tbody role=\"rowgroup\">\n");
	for (size_t i = 0; i < o->n; i++) {
		const struct gb_judgement *j = &r->verdicts->v[o->v[i]];

		article += gb_html_begins(r, o, i);
		row(out, r, j, gb_html_has_article(r, j) ? article : 0);
	}
	gb_buf_adds(out, "</tbody>\n</table>\n");
	if (o->left_out)
		gb_buf_addf(out,
			    "<p class=\"dim\">%s more are within budget: their numbers are "
			    "<a href=\"#numbers\">below</a>.</p>\n",
			    gb_format_count(count, sizeof(count), (int64_t)o->left_out));
	gb_buf_adds(out, "</section>\n");
}
