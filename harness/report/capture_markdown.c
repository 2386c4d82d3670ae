/* A capture as Markdown, for a job's summary.  See capture.h. */
#include "report/capture.h"

#include "base/buf.h"
#include "base/limits.h"
#include "base/units.h"
#include "report/markdown.h"
#include "report/part.h"

#define ROWS ((size_t)20)

static void add_verdicts(struct gb_buf *out, const struct gb_capturing *c)
{
	for (size_t i = 0; i < c->n_verdicts; i++) {
		_part_ struct gb_part line = GB_PART(out);

		gb_capture_say_verdict(c, &c->verdicts[i], &line.b);
		gb_buf_adds(out, c->verdicts[i].over ? "- **over** " : "- within ");
		gb_md_prose(out, line.b.data);
		gb_buf_addc(out, '\n');
	}
	if (c->n_verdicts)
		gb_buf_addc(out, '\n');
}

/* Empty again; that it was not whole is the row's. */
static void next(struct gb_buf *row, struct gb_buf *text)
{
	gb_part_carry(row, text);
	gb_buf_clear(text);
}

/* A whole row or none: what does not fit within the page is counted. */
static bool add_row(struct gb_buf *out, const struct gb_capturing *c,
		    const struct gb_capture_group *g)
{
	int64_t first = g->count[0], last = g->count[c->n_shots - 1];
	struct gb_buf state = GB_BUF_INIT(GB_MIB), row = GB_BUF_INIT(GB_MIB);
	char a[32], b[32];
	bool fits;

	gb_capture_say_state(g, &state);
	gb_buf_addf(&row, "| %s | %s | ", gb_format_count(a, sizeof(a), last),
		    gb_format_delta(b, sizeof(b), last - first, false));
	gb_md_prose(&row, state.data);
	gb_buf_adds(&row, " | ");
	next(&row, &state);
	gb_capture_say_created(g, &state);
	gb_md_code(&row, state.data);
	gb_buf_adds(&row, " | ");
	next(&row, &state);
	gb_capture_say_place(&g->where, &state);
	gb_md_code(&row, state.data);
	next(&row, &state);
	gb_buf_adds(&row, " |\n");
	out->failed = out->failed || row.nomem;
	fits = !row.failed && out->len + row.len + 2 * GB_KIB < out->max;
	if (fits)
		gb_buf_add(out, row.data, row.len);
	gb_buf_release(&row);
	gb_buf_release(&state);
	return fits;
}

void gb_capture_markdown(const struct gb_capturing *c, const struct gb_capture_look *look,
			 struct gb_buf *out)
{
	size_t rows = look->rows ? look->rows : ROWS, shown = 0, left = 0;

	gb_buf_addf(out, "### gobudget capture: %s\n\n", gb_capture_say_outcome(c));
	gb_md_code(out, look->url);
	gb_buf_addf(out, ", %zu capture%s\n\n", c->n_shots, c->n_shots == 1 ? "" : "s");
	add_verdicts(out, c);
	if (c->n_groups) {
		gb_buf_adds(out, "| goroutines | growth | waits in | created by | in |\n"
				 "| ---: | ---: | --- | --- | --- |\n");
		for (size_t i = 0; i < c->n_groups; i++) {
			if (c->groups[i].count[c->n_shots - 1] == 0)
				continue;
			if (shown < rows && left == 0 && add_row(out, c, &c->groups[i]))
				shown++;
			else
				left++;
		}
		if (left)
			gb_buf_addf(out, "\n%zu more kinds of goroutines\n", left);
		gb_buf_addc(out, '\n');
	}
	for (size_t i = 0; i < look->notes->n && i < ROWS; i++) {
		gb_buf_adds(out, "- ");
		gb_md_prose(out, look->notes->v[i]);
		gb_buf_addc(out, '\n');
	}
}
