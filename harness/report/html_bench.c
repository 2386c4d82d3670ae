/* html_bench - the benchmarks of a night: what differs, worst first, and below it all. */
#include "report/html.h"

#include "base/buf.h"
#include "base/html.h"
#include "pprof/slower.h"
#include "report/bench.h"
#include "report/part.h"

#include <math.h>
#include <stdio.h>

#define SHOWN ((size_t)2000) /* rows */

static const char *state_of(const struct gb_bench *row)
{
	switch (row->word) {
	case GB_BENCH_OVER:
		return "tag fail";
	case GB_BENCH_WARN:
		return "tag warn";
	case GB_BENCH_FASTER:
		return "tag good";
	default:
		return "tag";
	}
}

static bool differs(const struct gb_bench *row)
{
	if (row->metric == GB_NS_PER_OP)
		return row->word != GB_BENCH_SAME;
	return row->word == GB_BENCH_SLOWER || row->word == GB_BENCH_FASTER;
}

/* Sorted by `key`; NAN: by nothing. */
static void cell(struct gb_buf *out, const char *label, double key, const struct gb_buf *text)
{
	char number[32];

	gb_buf_adds(out, "<td class=\"n\"");
	gb_html_attribute(out, "data-label", label);
	if (isfinite(key)) {
		snprintf(number, sizeof(number), "%.9g", key);
		gb_html_attribute(out, "data-key", number);
	}
	gb_buf_addc(out, '>');
	gb_html_text(out, text->data);
	gb_buf_adds(out, "</td>");
}

static void side(struct gb_buf *out, const char *label, const struct gb_bench *row,
		 enum gb_bench_side which)
{
	const struct gb_bench_samples *s = &row->side[which];
	_part_ struct gb_part text = GB_PART(out);

	if (s->n) {
		gb_bench_say_median(row, which, true, &text.b);
		gb_buf_addf(&text.b, " %s \xC2\xB1 ", gb_bench_unit(row->metric));
		gb_bench_say_spread(&s->median, true, &text.b);
	}
	cell(out, label, s->n ? s->median.at : NAN, &text.b);
}

static void remarks(struct gb_buf *out, const struct gb_report_bench *b, const struct gb_bench *row)
{
	_part_ struct gb_part text = GB_PART(out);

	if (row->metric == GB_NS_PER_OP)
		gb_bench_say_verdict(b->all, row, b->cpu, &text.b);
	if (text.b.len)
		gb_html_element(out, "span", "of", text.b.data);
	for (size_t i = 0; i < row->n_slower; i++) {
		gb_part_clear(&text);
		gb_bench_say_slower(&row->slower[i], &text.b);
		gb_html_element(out, "span", "of", text.b.data);
	}
}

static void row_of(struct gb_buf *out, const struct gb_report_bench *b, const struct gb_bench *row)
{
	_part_ struct gb_part text = GB_PART(out);

	gb_buf_addf(out, "<tr><td data-key=\"%d\">", (int)row->word);
	gb_html_element(out, "span", state_of(row), gb_bench_say_word(row));
	gb_buf_adds(out, "</td><th scope=\"row\">");
	gb_html_text(out, row->name);
	gb_html_element(out, "span", "of", row->package);
	remarks(out, b, row);
	gb_buf_adds(out, "</th>");
	side(out, b->before ? b->before : "Before", row, GB_BEFORE);
	side(out, b->after ? b->after : "After", row, GB_AFTER);
	gb_bench_say_change(row, &text.b);
	cell(out, "Change", row->change, &text.b);
	gb_part_clear(&text);
	gb_bench_say_p(row, &text.b);
	cell(out, "Test", row->p, &text.b);
	gb_buf_adds(out, "</tr>\n");
}

static void table(struct gb_buf *out, const struct gb_report_bench *b, bool differing)
{
	size_t shown = 0, left = 0;

	gb_buf_adds(out, "<div class=\"scroll\">\n<table class=\"cards\">\n<caption>");
	gb_html_text(out, b->environment);
	if (b->machine)
		gb_buf_adds(out, " · ");
	gb_html_text(out, b->machine);
	gb_buf_adds(out, "</caption>\n<thead>\n<tr><th scope=\"col\">Verdict</th><th scope=\"col\">"
			 "Benchmark</th><th scope=\"col\" class=\"n\">");
	gb_html_text(out, b->before ? b->before : "Before");
	gb_buf_adds(out, "</th><th scope=\"col\" class=\"n\">");
	gb_html_text(out, b->after ? b->after : "After");
	gb_buf_adds(out, "</th><th scope=\"col\" class=\"n\">Change</th>"
			 "<th scope=\"col\" class=\"n\">Test</th></tr>\n</thead>\n<tbody>\n");
	for (int word = 0; word < GB_BENCH_WORDS; word++)
		for (size_t i = 0; i < b->all->n; i++) {
			const struct gb_bench *row = &b->all->v[i];

			if ((int)row->word != word || differs(row) != differing)
				continue;
			if (shown++ < SHOWN)
				row_of(out, b, row);
			else
				left++;
		}
	gb_buf_adds(out, "</tbody>\n</table>\n</div>\n");
	if (left)
		gb_buf_addf(out, "<p class=\"of\">and %zu more</p>\n", left);
}

static void sentence(struct gb_buf *out, const struct gb_buf *text)
{
	if (text->len)
		gb_html_element(out, "p", NULL, text->data);
}

void gb_html_benchmarks(struct gb_buf *out, const struct gb_report *r)
{
	const struct gb_report_bench *b = r->bench;
	_part_ struct gb_part text = GB_PART(out);
	size_t differing = 0;

	if (!b || !b->all->n)
		return;
	for (size_t i = 0; i < b->all->n; i++)
		differing += differs(&b->all->v[i]);
	gb_buf_adds(out, "<section aria-labelledby=\"benchmarks\">\n"
			 "<h2 id=\"benchmarks\" tabindex=\"-1\">Benchmarks</h2>\n");
	gb_bench_say_totals(b->all, &text.b);
	sentence(out, &text.b);
	gb_part_clear(&text);
	gb_bench_say_machine(b->all, &text.b);
	sentence(out, &text.b);
	gb_part_clear(&text);
	gb_bench_say_needs(b->all, b->cpu, &text.b);
	sentence(out, &text.b);
	if (differing)
		table(out, b, true);
	if (differing < b->all->n) {
		gb_buf_addf(out,
			    "<details class=\"fold\"><summary>Without a difference <span "
			    "class=\"of\">%zu</span></summary>\n",
			    b->all->n - differing);
		table(out, b, false);
		gb_buf_adds(out, "</details>\n");
	}
	gb_buf_adds(out, "</section>\n");
}
