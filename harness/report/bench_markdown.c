/* bench_markdown - benchmarks for GitHub: what differs, worst first.  See bench.h. */
#include "report/bench.h"

#include "base/buf.h"
#include "base/limits.h"
#include "pprof/slower.h"
#include "report/markdown.h"
#include "report/part.h"

#define ROOM GB_KIB /* for what follows the table */

struct page {
	const struct gb_benches *b;
	const struct gb_bench_look *look;
	struct gb_buf *out;
	size_t shown, left_out;
};

static void add_side(const struct gb_bench *row, enum gb_bench_side side, struct gb_buf *out)
{
	if (!row->side[side].n)
		return;
	gb_bench_say_median(row, side, true, out);
	gb_buf_addf(out, " %s \xC2\xB1 ", gb_bench_unit(row->metric));
	gb_bench_say_spread(&row->side[side].median, true, out);
}

/* A sentence of ours with names in it, as the next line of the last cell. */
static void add_line(struct gb_buf *row, const struct gb_buf *text)
{
	if (!text->len)
		return;
	gb_buf_adds(row, "<br>");
	gb_md_prose(row, text->data);
}

static void add_row(struct page *p, const struct gb_bench *row)
{
	_buf_ struct gb_buf line = GB_BUF_INIT(GB_MAX_MARKDOWN);
	_part_ struct gb_part text = GB_PART(&line);

	gb_buf_addf(&line, row->word == GB_BENCH_OVER ? "| **%s** | " : "| %s | ",
		    gb_bench_say_word(row));
	gb_md_code(&line, row->name);
	if (*row->package)
		gb_buf_adds(&line, "<br>");
	gb_md_code(&line, row->package);
	if (row->metric == GB_NS_PER_OP)
		gb_bench_say_verdict(p->b, row, p->look->cpu, &text.b);
	add_line(&line, &text.b);
	for (size_t i = 0; i < row->n_slower; i++) {
		gb_part_clear(&text);
		gb_bench_say_slower(&row->slower[i], &text.b);
		add_line(&line, &text.b);
	}
	gb_buf_adds(&line, " | ");
	add_side(row, GB_BEFORE, &line);
	gb_buf_adds(&line, " | ");
	add_side(row, GB_AFTER, &line);
	gb_buf_adds(&line, " | ");
	gb_bench_say_change(row, &line);
	gb_buf_adds(&line, " | ");
	gb_bench_say_p(row, &line);
	gb_buf_adds(&line, " |\n");
	gb_part_clear(&text);
	p->out->failed = p->out->failed || line.nomem;
	p->out->nomem = p->out->nomem || line.nomem;
	if (!line.failed && !p->left_out && p->out->len + line.len + ROOM < p->out->max) {
		gb_buf_add(p->out, line.data, line.len);
		p->shown++;
	} else {
		p->left_out++;
	}
}

static bool is_shown(const struct page *p, const struct gb_bench *row)
{
	if (p->look->all)
		return true;
	return row->metric == GB_NS_PER_OP
		       ? row->word != GB_BENCH_SAME
		       : row->word == GB_BENCH_SLOWER || row->word == GB_BENCH_FASTER;
}

static void add_heading(struct page *p)
{
	gb_buf_adds(p->out, "| | benchmark | ");
	gb_md_code(p->out, p->look->before ? p->look->before : "before");
	gb_buf_adds(p->out, " | ");
	gb_md_code(p->out, p->look->after ? p->look->after : "after");
	gb_buf_adds(p->out, " | change | |\n| --- | --- | ---: | ---: | ---: | --- |\n");
}

static void add_sentence(struct page *p, const struct gb_buf *text)
{
	if (!text->len)
		return;
	gb_md_prose(p->out, text->data);
	gb_buf_adds(p->out, "\n\n");
}

void gb_bench_markdown(const struct gb_benches *b, const struct gb_bench_look *look,
		       struct gb_buf *out)
{
	struct page p = { .b = b, .look = look, .out = out };
	_part_ struct gb_part text = GB_PART(out);
	bool any = false;

	gb_bench_say_totals(b, &text.b);
	add_sentence(&p, &text.b);
	gb_part_clear(&text);
	gb_bench_say_machine(b, &text.b);
	add_sentence(&p, &text.b);
	gb_part_clear(&text);
	gb_bench_say_needs(b, look->cpu, &text.b);
	add_sentence(&p, &text.b);
	for (int word = 0; word < GB_BENCH_WORDS; word++)
		for (size_t i = 0; i < b->n; i++) {
			if ((int)b->v[i].word != word || !is_shown(&p, &b->v[i]))
				continue;
			if (!any)
				add_heading(&p);
			any = true;
			add_row(&p, &b->v[i]);
		}
	if (p.left_out)
		gb_buf_addf(out, "\n%zu more benchmark%s for which there is no room here\n",
			    p.left_out, p.left_out == 1 ? "" : "s");
	if (any)
		gb_buf_addc(out, '\n');
}
