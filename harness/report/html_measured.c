/* html_measured - what a test measured in the runs that explain it, and at the base. */
#include "report/html.h"

#include "base/buf.h"
#include "base/html.h"

static const struct {
	enum gb_mode mode;
	const char *title;
} modes[] = {
	{ GB_EXACT, "In order with its package, GOMAXPROCS=1 GOGC=off" },
	{ GB_ALONE, "Alone in its process, GOMAXPROCS=1 GOGC=off" },
};

static void cell(struct gb_buf *out, enum gb_metric m, bool known, int64_t v)
{
	char text[48];

	gb_buf_addf(out, "<td class=\"n\">%s</td>",
		    known ? gb_metric_format(text, sizeof(text), m, v) : "");
}

static void row(struct gb_buf *out, const struct gb_evidence *e, enum gb_metric m,
		enum gb_mode mode)
{
	int64_t now, then = 0;
	bool before = gb_test_value(e->base_test, m, mode, &then);

	if (!gb_test_value(e->test, m, mode, &now))
		return;
	gb_buf_addf(out, "<tr><th scope=\"row\">%s</th>", gb_metrics[m].name);
	cell(out, m, true, now);
	if (e->base_test)
		cell(out, m, before, then);
	gb_buf_adds(out, "</tr>\n");
}

static void table(struct gb_buf *out, const struct gb_evidence *e, size_t mode)
{
	int64_t any;
	int m = 0;

	while (m < GB_METRICS && !gb_test_value(e->test, (enum gb_metric)m, modes[mode].mode, &any))
		m++;
	if (m == GB_METRICS)
		return;
	gb_buf_addf(
		out,
		"<div class=\"scroll\">\n<table class=\"short\">\n<caption>%s</caption>\n"
		"<thead><tr><th scope=\"col\">Metric</th><th scope=\"col\" class=\"n\">Now</th>",
		modes[mode].title);
	if (e->base_test)
		gb_buf_adds(out, "<th scope=\"col\" class=\"n\">At the base</th>");
	gb_buf_adds(out, "</tr></thead>\n<tbody>\n");
	for (; m < GB_METRICS; m++)
		row(out, e, (enum gb_metric)m, modes[mode].mode);
	gb_buf_adds(out, "</tbody>\n</table>\n</div>\n");
}

void gb_html_measured(struct gb_buf *out, const struct gb_evidence *e)
{
	size_t before;

	gb_buf_adds(out, "<details class=\"fold\"><summary>Measured</summary>\n");
	before = out->len;
	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++)
		table(out, e, i);
	if (out->len == before)
		gb_buf_adds(out, "<p class=\"dim\">Nothing, in the runs that tell places</p>\n");
	gb_buf_adds(out, "</details>\n");
}
