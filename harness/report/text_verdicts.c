/*
 * Verdicts as aligned rows: a package's heading, a test with its place, and
 * below it one row for each metric.  Failing ones first, then warnings; -v adds
 * what is within.
 */
#include "base/buf.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/text.h"
#include "base/units.h"
#include "report/culprit.h"
#include "report/order.h"
#include "report/page.h"
#include "report/part.h"
#include "report/say.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WARNINGS_SHOWN ((size_t)10) /* tests */
#define ROW_INDENT     ((size_t)4)

enum cell { WORD, METRIC, LEFT, MEASURED, DELTA, PERCENT, CELLS };

struct row {
	char text[CELLS][48];
};

struct section {
	const char *title, *mixed; /* the other where not all of it is `over` */
	const char *left;	   /* what stands left of the arrow */
	bool (*pick)(const struct gb_judgement *);
	enum gb_style style;
	size_t fold;	   /* tests shown without -v, 0: all */
	const char *right; /* with the arrow; NULL: " → measured" */
};

static void fill_row(struct row *row, const struct gb_judgement *j)
{
	enum gb_metric m = (enum gb_metric)j->metric;
	int64_t against = 0;

	memset(row, 0, sizeof(*row));
	snprintf(row->text[WORD], sizeof(row->text[WORD]), "%s", gb_say_word(j));
	snprintf(row->text[METRIC], sizeof(row->text[METRIC]), "%s", gb_metrics[m].name);
	if (j->verdict != GB_V_GONE)
		gb_metric_format(row->text[MEASURED], sizeof(row->text[MEASURED]), m, j->measured);
	if (!gb_say_against(j, &against))
		return;
	gb_metric_format(row->text[LEFT], sizeof(row->text[LEFT]), m, against);
	if (j->verdict == GB_V_GONE || j->measured == against)
		return;
	gb_metric_delta(row->text[DELTA], sizeof(row->text[DELTA]), m, j->measured - against);
	if (against > 0)
		gb_format_percent(row->text[PERCENT], sizeof(row->text[PERCENT]), against,
				  j->measured);
}

static enum gb_style style_of(const struct gb_judgement *j)
{
	if (j->verdict == GB_V_WITHIN)
		return GB_GREEN;
	if (j->verdict == GB_V_WAIVED)
		return GB_CYAN;
	return j->action == GB_ACT_FAIL ? GB_RED : GB_YELLOW;
}

static void remark_line(struct gb_page *p, const struct gb_judgement *j, size_t column,
			size_t indent)
{
	_part_ struct gb_part text = GB_PART(p->out);

	gb_say_remark(&text.b, j);
	if (!text.b.len) {
		gb_page_line(p);
		return;
	}
	if (column + 2 + gb_text_width(text.b.data) <= p->width) {
		gb_page_spaces(p, 2);
		gb_page_put(p, GB_DIM, text.b.data);
		gb_page_line(p);
		return;
	}
	gb_page_line(p);
	gb_page_spaces(p, indent);
	gb_page_wrap(p, GB_DIM, text.b.data, indent, indent);
}

/* Spaces at the end of a row are left to whoever prints the next cell. */
static size_t put_cells(struct gb_page *p, const struct row *row, const struct gb_judgement *j,
			const size_t width[CELLS])
{
	size_t column = ROW_INDENT, pending = ROW_INDENT;

	for (int c = 0; c < CELLS; c++) {
		bool right = c >= LEFT, arrow = c == MEASURED && width[LEFT];
		size_t text = gb_text_width(row->text[c]), gap = c == WORD ? 0 : arrow ? 3 : 2;

		if (width[c] == 0)
			continue;
		if (!text && !(arrow && *row->text[LEFT])) {
			pending += gap + width[c];
			column += gap + width[c];
			continue;
		}
		gb_page_spaces(p, pending);
		if (arrow && *row->text[LEFT]) {
			gb_page_put(p, GB_DIM, " → ");
			gap = 0;
			column += 3;
		}
		pending = right ? 0 : width[c] - text;
		gb_page_spaces(p, gap);
		column += gap + width[c];
		gb_page_cell(p,
			     c == WORD	     ? style_of(j)
			     : c == MEASURED ? GB_BOLD
					     : GB_PLAIN,
			     row->text[c], right ? width[c] : text, right);
	}
	return column - pending;
}

/* told: the row above has named the goroutines or the places already. */
static void metric_row(struct gb_page *p, const struct gb_report *r, const struct gb_judgement *j,
		       bool told, const size_t width[CELLS])
{
	struct row row;
	size_t column;

	fill_row(&row, j);
	column = put_cells(p, &row, j, width);
	remark_line(p, j, column, ROW_INDENT + width[WORD] + 2);
	if (told)
		return;
	if (j->by == GB_BY_LIVING && j->verdict != GB_V_WITHIN)
		gb_page_living(p, j, ROW_INDENT + width[WORD] + 2);
	else if (j->metric == GB_GOROUTINES && j->test && j->package && j->verdict != GB_V_WITHIN)
		gb_page_groups(p, j->package, j->test, gb_say_worst_run(j->test, GB_GOROUTINES),
			       j->by == GB_BY_KIND ? (int)j->leak : -1,
			       ROW_INDENT + width[WORD] + 2);
	else if (j->metric == GB_ESCAPES && j->verdict != GB_V_WITHIN)
		gb_page_escapes(p, r->escapes, j->package_path, ROW_INDENT + width[WORD] + 2);
	else if (j->test && j->package && j->verdict != GB_V_WITHIN)
		gb_page_sites(p, gb_evidence_find(r->evidence, j->package, j->test),
			      (enum gb_metric)j->metric, j->action == GB_ACT_FAIL,
			      ROW_INDENT + width[WORD] + 2);
}

/* A verdict about a whole test or package: gone, incomparable, new. */
static void plain_row(struct gb_page *p, const struct gb_judgement *j, size_t indent)
{
	_part_ struct gb_part text = GB_PART(p->out);
	size_t column = indent;

	gb_page_spaces(p, indent);
	column += gb_page_put(p, style_of(j), gb_say_word(j));
	gb_page_spaces(p, 2);
	gb_say_judgement(&text.b, j);
	if (j->file && j->file->path) {
		gb_buf_addf(&text.b, " (%s", j->file->path);
		if (j->line)
			gb_buf_addf(&text.b, ":%zu", j->line);
		gb_buf_addc(&text.b, ')');
	}
	gb_page_wrap(p, GB_PLAIN, text.b.data, column + 2, column + 2);
}

/* Widths of the cells; *ret_mixed: something is not `over`. */
static void measure_cells(const struct gb_verdicts *v, const size_t *order, size_t n,
			  size_t width[CELLS], bool *ret_mixed)
{
	*ret_mixed = false;
	memset(width, 0, CELLS * sizeof(width[0]));
	for (size_t i = 0; i < n; i++) {
		struct row row;

		*ret_mixed = *ret_mixed || v->v[order[i]].verdict != GB_V_OVER;
		if (v->v[order[i]].metric < 0)
			continue;
		fill_row(&row, &v->v[order[i]]);
		for (int c = 0; c < CELLS; c++) {
			size_t w = gb_text_width(row.text[c]);

			if (w > width[c])
				width[c] = w;
		}
	}
}

/* "over budget                budget → measured", the arrow above all others. */
static void heading(struct gb_page *p, const struct section *s, bool mixed,
		    const size_t width[CELLS])
{
	size_t arrow = ROW_INDENT + width[WORD] + 2 + width[METRIC] + 2 + width[LEFT];
	size_t left = gb_text_width(s->left), column;

	column = gb_page_put(p, s->style, mixed ? s->mixed : s->title);
	if (width[LEFT]) {
		gb_page_spaces(p, arrow > column + 2 + left ? arrow - column - left : 2);
		gb_page_put(p, GB_DIM, s->left);
		gb_page_put(p, GB_DIM, s->right ? s->right : " → measured");
	}
	gb_page_line(p);
}

/* Tests in order[from..n). */
static size_t count_tests(const struct gb_verdicts *v, const size_t *order, size_t from, size_t n)
{
	size_t tests = 0;

	for (size_t i = from; i < n; i++)
		tests += i == from || !gb_same_test(&v->v[order[i]], &v->v[order[i - 1]]);
	return tests;
}

static void fold_line(struct gb_page *p, size_t n)
{
	_part_ struct gb_part text = GB_PART(p->out);
	char count[32];

	gb_buf_addf(&text.b, "… and %s more test%s (-v shows all)",
		    gb_format_count(count, sizeof(count), (int64_t)n), n == 1 ? "" : "s");
	gb_page_spaces(p, 2);
	gb_page_put(p, GB_DIM, text.b.data);
	gb_page_line(p);
}

static void one_verdict(struct gb_page *p, const struct gb_report *r, const struct gb_judgement *j,
			const struct gb_judgement *before, const size_t width[CELLS])
{
	if (!before || !gb_same_package(j, before))
		gb_page_package(p, j->package ? j->package->module : r->module, j->package_path);
	if (j->test_name && (!before || !gb_same_test(j, before))) {
		gb_page_spaces(p, 2);
		gb_page_test(p, j->test_name, j->test, 2);
	}
	if (j->metric >= 0)
		metric_row(p, r, j,
			   before && gb_same_test(j, before) &&
				   gb_report_same_evidence(before->metric, j->metric),
			   width);
	else
		plain_row(p, j, j->test_name ? ROW_INDENT : 2);
}

static void section(struct gb_page *p, const struct gb_report *r, const struct section *s)
{
	const struct gb_verdicts *v = r->verdicts;
	_free_ size_t *order = NULL;
	size_t n, tests = 0, width[CELLS];
	bool mixed;
	const struct gb_judgement *before = NULL;

	if (gb_report_order(v, s->pick, &order, &n) < 0) {
		p->out->failed = p->out->nomem = true;
		return;
	}
	if (n == 0)
		return;
	measure_cells(v, order, n, width, &mixed);
	heading(p, s, mixed, width);
	for (size_t i = 0; i < n; i++) {
		const struct gb_judgement *j = &v->v[order[i]];

		if (!before || !gb_same_test(j, before))
			tests++;
		if (s->fold && !p->verbose && tests > s->fold) {
			fold_line(p, count_tests(v, order, i, n));
			break;
		}
		if (before && !gb_same_package(j, before))
			gb_page_line(p);
		one_verdict(p, r, j, before, width);
		before = j;
	}
	gb_page_line(p);
}

static bool fails(const struct gb_judgement *j)
{
	return j->action == GB_ACT_FAIL && j->verdict != GB_V_RAISED && j->verdict != GB_V_DRIFT;
}

static bool raises(const struct gb_judgement *j)
{
	return j->verdict == GB_V_RAISED;
}

static bool raises_too_far(const struct gb_judgement *j)
{
	return j->verdict == GB_V_RAISED && j->action == GB_ACT_FAIL;
}

static bool drifts(const struct gb_judgement *j)
{
	return j->verdict == GB_V_DRIFT && j->action != GB_ACT_IGNORE;
}

static bool drifts_too_far(const struct gb_judgement *j)
{
	return j->verdict == GB_V_DRIFT && j->action == GB_ACT_FAIL;
}

static bool warns(const struct gb_judgement *j)
{
	if (j->verdict == GB_V_WAIVED)
		return j->action != GB_ACT_FAIL;
	return j->action == GB_ACT_WARN && j->verdict != GB_V_NEW && j->verdict != GB_V_SLACK &&
	       j->verdict != GB_V_WITHIN && j->verdict != GB_V_RAISED && j->verdict != GB_V_DRIFT;
}

static bool within(const struct gb_judgement *j)
{
	return j->verdict == GB_V_WITHIN;
}

void gb_page_verdicts(struct gb_page *p, const struct gb_report *r)
{
	static const struct section failing = {
		"over budget", "not within budget", "budget", fails, GB_RED, 0, NULL
	};
	static const struct section warning = { "warnings", "warnings",	    "before", warns,
						GB_YELLOW,  WARNINGS_SHOWN, NULL };
	/* A budget beside a budget: nothing of it was measured. */
	static const struct section raised = { "raised by this change",
					       "raised by this change",
					       "base's budget",
					       raises,
					       GB_YELLOW,
					       0,
					       " → this change's" };
	static const struct section refused = { "raised by this change",
						"raised by this change",
						"base's budget",
						raises_too_far,
						GB_RED,
						0,
						" → this change's" };
	static const struct section drift = { "drift", "drift",	  "at the anchor",
					      drifts,  GB_YELLOW, WARNINGS_SHOWN,
					      NULL };
	static const struct section drift_fails = {
		"drift", "drift", "at the anchor", drifts_too_far, GB_RED, 0, NULL
	};
	static const struct section rest = {
		"within budget", "within budget", "budget", within, GB_GREEN, 0, NULL
	};

	section(p, r, &failing);
	section(p, r, p->quiet ? &refused : &raised);
	section(p, r, p->quiet ? &drift_fails : &drift);
	if (!p->quiet)
		section(p, r, &warning);
	if (p->verbose)
		section(p, r, &rest);
}
