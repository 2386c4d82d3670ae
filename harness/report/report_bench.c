/* report_bench - a night's benchmarks in a report, by way of report/bench.h. */
#include "report/bench.h"

#include "base/buf.h"
#include "base/text.h"
#include "budget/policy.h"
#include "report/json_parts.h"
#include "report/jsonw.h"
#include "report/markdown.h"
#include "report/page.h"
#include "report/part.h"

static struct gb_bench_look look_of(const struct gb_report_bench *b)
{
	return (struct gb_bench_look){ .before = b->before ? b->before : "",
				       .after = b->after ? b->after : "",
				       .cpu = b->cpu,
				       .utf8 = true };
}

void gb_page_bench(struct gb_page *p, const struct gb_report_bench *b)
{
	_part_ struct gb_part where = GB_PART(p->out);
	struct gb_bench_look look;

	if (!b || (p->quiet && !b->all->words[GB_BENCH_OVER]))
		return;
	look = look_of(b);
	look.colour = p->colour;
	look.all = p->verbose;
	gb_buf_addf(&where.b, "benchmarks in %s, on %s", b->environment ? b->environment : "?",
		    b->machine ? b->machine : "?");
	gb_page_wrap(p, GB_DIM, where.b.data, 0, 2);
	gb_bench_text(b->all, &look, p->out);
	if (!gb_ends(p->out->data, "\n\n"))
		gb_page_line(p);
}

void gb_md_bench(struct gb_md *md)
{
	const struct gb_report_bench *b = md->r->bench;
	_part_ struct gb_part part = GB_PART(md->out);
	struct gb_bench_look look;

	if (!b)
		return;
	look = look_of(b);
	/* What does not fit is counted by who writes the table. */
	part.b.max = md->max / 3;
	gb_buf_adds(&part.b, "### Benchmarks\n\n");
	gb_bench_markdown(b->all, &look, &part.b);
	part.b.max = md->out->max;
	gb_buf_adds(&part.b, "\n<sub>benchmarks in ");
	gb_md_prose(&part.b, b->environment ? b->environment : "?");
	gb_buf_adds(&part.b, ", on ");
	gb_md_prose(&part.b, b->machine ? b->machine : "?");
	gb_buf_adds(&part.b, "</sub>\n\n");
	if (!gb_md_add(md, &part.b, 0.9))
		md->left_out += b->all->n;
}

void gb_json_bench(struct gb_jsonw *w, const struct gb_report *r)
{
	const struct gb_report_bench *b = r->bench;

	if (!b)
		return;
	gb_jsonw_open(w, "benchmarks", '{', false);
	gb_jsonw_string(w, "environment", b->environment);
	gb_jsonw_string(w, "cpu", b->machine);
	gb_jsonw_string(w, "before", b->before);
	gb_jsonw_string(w, "after", b->after);
	gb_jsonw_double(w, "warn", b->cpu->warn);
	gb_jsonw_double(w, "fail", b->cpu->fail);
	gb_bench_json(b->all, "rows", w);
	gb_jsonw_close(w, '}');
}
