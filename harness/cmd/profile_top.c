/* gobudget profile top, diff: rows of flat and cumulative values.  See profile.h. */
#include "cmd/profile.h"

#include "base/limits.h"
#include "base/mem.h"
#include "base/text.h"
#include "base/units.h"
#include "command.h"

#include <stdlib.h>

struct rows {
	struct gb_row *v;
	size_t n, dropped, nodes;
};

static void add_table(struct gb_buf *out, const struct rows *rows, const struct gb_values *v)
{
	_buf_ struct gb_buf name = GB_BUF_INIT(GB_MAX_REPORT);
	char flat[GB_VALUE_SIZE], cum[GB_VALUE_SIZE], a[GB_VALUE_SIZE], b[GB_VALUE_SIZE],
		c[GB_VALUE_SIZE];
	uint64_t sum = 0;

	gb_buf_addf(out, "%10s %5s%% %5s%% %10s %5s%%\n", "flat", "flat", "sum", "cum", "cum");
	for (size_t i = 0; i < rows->n; i++) {
		const struct gb_row *r = &rows->v[i];

		sum += (uint64_t)r->flat;
		gb_buf_clear(&name);
		gb_node_name(r->node, &name);
		gb_buf_addf(out, "%10s %s %s %10s %s  ", gb_value(v, flat, r->flat),
			    gb_value_percent(v, a, r->flat), gb_value_percent(v, b, (int64_t)sum),
			    gb_value(v, cum, r->cum), gb_value_percent(v, c, r->cum));
		gb_text_safe(out, name.data);
		gb_buf_addc(out, '\n');
		if (name.failed)
			out->failed = true;
	}
}

/* What the table does not show is said, so that nobody takes it for all there is. */
static void add_rest(struct gb_buf *out, const struct rows *rows)
{
	char a[GB_VALUE_SIZE], b[GB_VALUE_SIZE];
	size_t shown = rows->n, left = rows->nodes - rows->dropped;

	if (shown < left)
		gb_buf_addf(out, "%s of %s rows\n", gb_format_count(a, sizeof(a), (int64_t)shown),
			    gb_format_count(b, sizeof(b), (int64_t)left));
	if (rows->dropped)
		gb_buf_addf(out, "%s below 0.5%% left out (--all shows them)\n",
			    gb_format_count(a, sizeof(a), (int64_t)rows->dropped));
}

static void add_json(struct gb_buf *out, const struct gb_profile *p, const struct gb_profile *old,
		     const struct gb_tally *t, const struct rows *rows)
{
	struct gb_jsonw w = { .out = out };

	gb_profile_json(&w, p, old, t);
	gb_jsonw_int(&w, "nodes", (int64_t)rows->nodes);
	gb_jsonw_int(&w, "dropped", (int64_t)rows->dropped);
	gb_jsonw_open(&w, "rows", '[', false);
	for (size_t i = 0; i < rows->n; i++) {
		gb_jsonw_open(&w, NULL, '{', true);
		gb_profile_json_node(&w, rows->v[i].node);
		gb_jsonw_int(&w, "flat", rows->v[i].flat);
		gb_jsonw_int(&w, "cum", rows->v[i].cum);
		gb_jsonw_close(&w, '}');
	}
	gb_jsonw_close(&w, ']');
	gb_jsonw_close(&w, '}');
}

static int show(const struct gb_profile *p, const struct gb_profile *old, struct gb_err *err)
{
	struct gb_cut cut = { gb_profile_opt.cum, gb_profile_opt.all,
			      (size_t)gb_profile_opt.nodecount };
	_buf_ struct gb_buf out = GB_BUF_INIT(GB_MAX_REPORT);
	_tally_ struct gb_tally t = GB_TALLY_INIT;
	_free_ struct gb_row *v = NULL;
	enum gb_granularity by;
	struct gb_values values;
	struct rows rows;
	int rc;

	if ((rc = gb_profile_granularity(GB_BY_FUNCTION, &by, err)) < 0 ||
	    (rc = gb_profile_tally(p, old, by, &t, err)) < 0 ||
	    (rc = gb_values_of(&t, old != NULL, &values, err)) < 0 ||
	    (rc = gb_tally_rows(&t, &cut, &v, &rows.n, &rows.dropped, &rows.nodes, err)) < 0)
		return rc;
	rows.v = v;
	if (gb_profile_opt.json) {
		add_json(&out, p, old, &t, &rows);
	} else {
		gb_profile_heading(&out, &t, &values);
		add_table(&out, &rows, &values);
		add_rest(&out, &rows);
	}
	return gb_command_print(&out, err);
}

static int top_run(char **operands, struct gb_err *err)
{
	_profile_ struct gb_profile *p = NULL;
	int rc = gb_profile_open(operands[0], &p, err);

	return rc < 0 ? rc : show(p, NULL, err);
}

static int diff_run(char **operands, struct gb_err *err)
{
	_profile_ struct gb_profile *old = NULL, *new = NULL;
	int rc;

	if ((rc = gb_profile_open(operands[0], &old, err)) < 0 ||
	    (rc = gb_profile_open(operands[1], &new, err)) < 0)
		return rc;
	return show(new, old, err);
}

const struct gb_view gb_view_top = {
	.name = "top",
	.args = "FILE",
	.summary = "functions, worst first",
	.opts = "sample cum nodecount all focus ignore granularity unit json",
	.operands = 1,
	.run = top_run,
};

const struct gb_view gb_view_diff = {
	.name = "diff",
	.args = "OLD NEW",
	.summary = "what became more and what less",
	.opts = "sample cum nodecount all focus ignore granularity unit json",
	.operands = 2,
	.run = diff_run,
};
