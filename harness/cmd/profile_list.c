/* gobudget profile list: source lines with what each is charged with.  See profile.h. */
#include "cmd/profile.h"

#include "base/fs.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/text.h"
#include "command.h"
#include "pprof/lines.h"
#include "pprof/select.h"

#include <stdlib.h>
#include <string.h>

#define MARGIN 5 /* lines after the last one that counts, as pprof has it */

/* The rows of one function in one file, in the order of lines. */
struct routine {
	const struct gb_row *rows;
	size_t n;
	int64_t flat, cum, first, last;
};

static int by_place(const void *pa, const void *pb)
{
	const struct gb_row *a = pa, *b = pb;
	int rc = strcmp(a->node->function, b->node->function);

	if (rc == 0)
		rc = strcmp(a->node->file, b->node->file);
	return rc ? rc : (a->node->line > b->node->line) - (a->node->line < b->node->line);
}

static void add(int64_t *to, int64_t v)
{
	*to = (int64_t)((uint64_t)*to + (uint64_t)v);
}

static bool same_routine(const struct gb_node *a, const struct gb_node *b)
{
	return strcmp(a->function, b->function) == 0 && strcmp(a->file, b->file) == 0;
}

/* How many rows at the beginning of v are one routine's.  They are in the order of lines, and
 * those without a line come first. */
static size_t routine_of(const struct gb_row *v, size_t n, struct routine *ret)
{
	*ret = (struct routine){ .rows = v };
	while (ret->n < n && same_routine(v[0].node, v[ret->n].node)) {
		int64_t line = v[ret->n].node->line, start = v[ret->n].node->start_line;

		add(&ret->flat, v[ret->n].flat);
		add(&ret->cum, v[ret->n].cum);
		if (ret->first == 0 && line > 0)
			ret->first = start > 0 && start <= line ? start : line - MARGIN;
		ret->last = line + MARGIN;
		ret->n++;
	}
	if (ret->first < 1)
		ret->first = 1;
	return ret->n;
}

static void add_line(struct gb_buf *out, const struct gb_values *v, const struct gb_row *row,
		     int64_t line, const char *text)
{
	char flat[GB_VALUE_SIZE] = ".", cum[GB_VALUE_SIZE] = ".";

	if (row && row->flat)
		gb_value(v, flat, row->flat);
	if (row && row->cum)
		gb_value(v, cum, row->cum);
	gb_buf_addf(out, "%10s %10s %6lld:", flat, cum, (long long)line);
	for (; text && *text; text++) { /* the depth of a line says something: tabs stay */
		if (*text != '\t')
			break;
		gb_buf_addc(out, '\t');
	}
	if (text)
		gb_text_safe(out, text);
	gb_buf_addc(out, '\n');
}

/* Lines that count, with the source between them; only those that count where the source is
 * missing or ends earlier.  r->first is never behind a line that counts. */
static void add_lines(struct gb_buf *out, const struct gb_values *v, const struct routine *r,
		      const struct gb_lines *source)
{
	size_t next = 0;

	for (; next < r->n && (!source || r->rows[next].node->line < r->first); next++)
		add_line(out, v, &r->rows[next], r->rows[next].node->line, NULL);
	for (int64_t line = r->first; source && line <= r->last; line++) {
		const char *text = gb_lines_get(source, (size_t)line);
		const struct gb_row *row = NULL;

		if (!text)
			break;
		if (next < r->n && r->rows[next].node->line == line)
			row = &r->rows[next++];
		add_line(out, v, row, line, text);
	}
	for (; next < r->n; next++)
		add_line(out, v, &r->rows[next], r->rows[next].node->line, NULL);
}

static void add_routine(struct gb_buf *out, const struct gb_values *v, const struct routine *r,
			const char *const *folders)
{
	_lines_ struct gb_lines source = GB_LINES_INIT;
	const struct gb_node *node = r->rows[0].node;
	struct gb_err why = GB_ERR_INIT;
	char flat[GB_VALUE_SIZE], cum[GB_VALUE_SIZE], percent[GB_VALUE_SIZE];
	int rc = gb_lines_open(node->file, folders, &source, &why);

	gb_buf_adds(out, "\n");
	gb_text_safe(out, node->function);
	gb_buf_adds(out, "  ");
	gb_text_safe(out, rc == 0 ? source.path : node->file);
	gb_value_percent(v, percent, r->cum);
	gb_buf_addf(out, "\n%10s %10s (flat, cum) %s of the total\n", gb_value(v, flat, r->flat),
		    gb_value(v, cum, r->cum), percent + strspn(percent, " "));
	if (rc < 0) {
		gb_buf_adds(out, "           ");
		gb_text_safe(out, why.line);
		gb_buf_addc(out, '\n');
	}
	add_lines(out, v, r, rc == 0 ? &source : NULL);
}

static void add_json_routine(struct gb_jsonw *w, const struct routine *r,
			     const char *const *folders)
{
	_lines_ struct gb_lines source = GB_LINES_INIT;
	const struct gb_node *node = r->rows[0].node;
	int rc = gb_lines_open(node->file, folders, &source, NULL);

	gb_jsonw_open(w, NULL, '{', false);
	gb_jsonw_string(w, "function", node->function);
	gb_jsonw_string(w, "file", node->file);
	gb_jsonw_int(w, "flat", r->flat);
	gb_jsonw_int(w, "cum", r->cum);
	gb_jsonw_open(w, "lines", '[', false);
	for (size_t i = 0; i < r->n; i++) {
		const char *text = NULL;

		if (rc == 0)
			text = gb_lines_get(&source, (size_t)r->rows[i].node->line);
		gb_jsonw_open(w, NULL, '{', true);
		gb_jsonw_int(w, "line", r->rows[i].node->line);
		gb_jsonw_int(w, "flat", r->rows[i].flat);
		gb_jsonw_int(w, "cum", r->rows[i].cum);
		if (text)
			gb_jsonw_string(w, "source", text);
		gb_jsonw_close(w, '}');
	}
	gb_jsonw_close(w, ']');
	gb_jsonw_close(w, '}');
}

/* Only rows of functions that match; *n becomes what is left. */
static int keep_matching(const char *expression, struct gb_row *rows, size_t *n, struct gb_err *err)
{
	_pattern_ struct gb_pattern *x = NULL;
	const char *last = NULL;
	bool last_matches = false;
	size_t kept = 0;
	int rc = gb_pattern_compile("list", expression, &x, err);

	if (rc < 0)
		return rc;
	for (size_t i = 0; i < *n; i++) {
		if (rows[i].node->function != last) {
			last = rows[i].node->function;
			last_matches = gb_pattern_matches(x, last);
		}
		if (last_matches)
			rows[kept++] = rows[i];
	}
	*n = kept;
	if (kept)
		return 0;
	gb_fail(err, GB_EUSAGE, "no function with samples matches \"%.200s\"", expression);
	return gb_hint(err, "gobudget profile top --all names them");
}

static int list_run(char **operands, struct gb_err *err)
{
	const char *const folders[] = { gb_profile_opt.source_path ? gb_profile_opt.source_path
								   : ".",
					gb_profile_opt.source_path ? "." : NULL, NULL };
	_profile_ struct gb_profile *p = NULL;
	_buf_ struct gb_buf out = GB_BUF_INIT(GB_MAX_REPORT);
	_tally_ struct gb_tally t = GB_TALLY_INIT;
	_free_ struct gb_row *rows = NULL;
	struct gb_cut cut = { .all = true };
	struct gb_jsonw w = { .out = &out };
	struct gb_values v;
	struct routine r;
	size_t n, dropped, nodes;
	int rc;

	if ((rc = gb_profile_open(operands[1], &p, err)) < 0 ||
	    (rc = gb_profile_tally(p, NULL, GB_BY_LINE, &t, err)) < 0 ||
	    (rc = gb_values_of(&t, false, &v, err)) < 0 ||
	    (rc = gb_tally_rows(&t, &cut, &rows, &n, &dropped, &nodes, err)) < 0 ||
	    (rc = keep_matching(operands[0], rows, &n, err)) < 0)
		return rc;
	qsort(rows, n, sizeof(*rows), by_place);
	if (gb_profile_opt.json) {
		gb_profile_json(&w, p, NULL, &t);
		gb_jsonw_open(&w, "routines", '[', false);
	} else {
		gb_profile_heading(&out, &t, &v);
	}
	for (size_t i = 0; i < n && !out.failed; i += r.n) {
		routine_of(rows + i, n - i, &r);
		if (gb_profile_opt.json)
			add_json_routine(&w, &r, folders);
		else
			add_routine(&out, &v, &r, folders);
	}
	if (gb_profile_opt.json) {
		gb_jsonw_close(&w, ']');
		gb_jsonw_close(&w, '}');
	}
	return gb_command_print(&out, err);
}

const struct gb_view gb_view_list = {
	.name = "list",
	.args = "REGEXP FILE",
	.summary = "source lines of the functions that match",
	.opts = "sample focus ignore unit source-path json",
	.operands = 2,
	.run = list_run,
};
