/*
 * The report as a comment or a job summary on GitHub: the outcome, what failed and
 * where it comes from, the rest folded.  It never grows past its ceiling: parts that do not
 * fit are left out whole, the worst come first, and the last lines say how many.
 */
#include "report/markdown.h"

#include "base/buf.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/text.h"
#include "base/units.h"
#include "report/culprit.h"
#include "report/order.h"
#include "report/part.h"
#include "report/say.h"

#include <stdlib.h>
#include <string.h>

#define END_ROOM       ((size_t)3072) /* for what ends the page */
#define TROUBLES_SHOWN ((size_t)10)
#define LINES_SHOWN    ((size_t)20)
#define OUTPUT_SHOWN   ((size_t)4096)
#define NAMES_SHOWN    ((size_t)20)

bool gb_md_add(struct gb_md *md, const struct gb_buf *part, double share)
{
	size_t room = md->max > END_ROOM ? md->max - END_ROOM : 0;

	gb_part_carry(md->out, part);
	if ((double)(md->out->len + part->len) > (double)room * share)
		return false;
	gb_buf_add(md->out, part->data, part->len);
	return true;
}

static void heading(struct gb_md *md)
{
	_part_ struct gb_part totals = GB_PART(md->out);

	gb_say_totals(&totals.b, md->r);
	gb_buf_adds(md->out, "### gobudget: ");
	gb_md_prose(md->out, gb_say_outcome(md->r));
	gb_buf_adds(md->out, "\n\n");
	gb_md_prose(md->out, totals.b.data);
	gb_buf_adds(md->out, "\n\n");
}

static void trouble(struct gb_buf *out, const struct gb_package *k, const struct gb_trouble *t)
{
	gb_buf_adds(out, "- ");
	gb_md_code(out, k->path);
	if (t->test) {
		gb_buf_addc(out, ' ');
		gb_md_code(out, t->test);
	}
	gb_buf_adds(out, " <b>");
	gb_md_prose(out, gb_say_trouble(t->kind));
	gb_buf_adds(out, "</b>");
	if (t->text && *t->text && !gb_streq(t->text, gb_say_trouble(t->kind))) {
		gb_buf_adds(out, ": ");
		gb_md_prose(out, t->text);
	}
	gb_buf_adds(out, "\n");
	if (!t->output || !*t->output)
		return;
	gb_buf_adds(out, "\n<details><summary>what it printed last</summary>\n\n");
	gb_md_pre(out, t->output, LINES_SHOWN, OUTPUT_SHOWN);
	gb_buf_adds(out, "\n</details>\n\n");
}

static void troubles(struct gb_md *md)
{
	const struct gb_run *run = md->r->run;
	size_t shown = 0, more = 0;

	for (size_t i = 0; i < run->n_packages; i++) {
		const struct gb_package *k = &run->packages[i];

		for (size_t t = 0; t < k->n_troubles; t++) {
			_part_ struct gb_part part = GB_PART(md->out);

			if (k->troubles[t].warning)
				continue;
			if (shown < TROUBLES_SHOWN)
				trouble(&part.b, k, &k->troubles[t]);
			if (shown < TROUBLES_SHOWN && gb_md_add(md, &part.b, 0.5))
				shown++;
			else
				more++;
		}
	}
	if (more)
		gb_buf_addf(md->out, "- and %zu more of the kind\n", more);
	if (shown || more)
		gb_buf_addc(md->out, '\n');
}

static void cell(struct gb_buf *out, const char *text)
{
	gb_md_prose(out, text);
	gb_buf_adds(out, " | ");
}

static void test_cell(struct gb_buf *out, const struct gb_report *r, const struct gb_judgement *j)
{
	size_t n = r->module ? strlen(r->module) : 0;
	const char *package = j->package_path;
	bool top = n && gb_streq(package, r->module);

	if (n && gb_starts(package, r->module) && package[n] == '/')
		package += n + 1;
	if (j->test_name)
		gb_md_code(out, j->test_name);
	if (j->test_name && !top)
		gb_buf_adds(out, "<br>");
	/* The package at the top of the module is where one looks first. */
	if (!j->test_name || !top)
		gb_md_code(out, package);
	gb_buf_adds(out, " | ");
}

static void numbers(struct gb_buf *out, const struct gb_judgement *j)
{
	enum gb_metric m = (enum gb_metric)j->metric;
	char left[48] = "", measured[48] = "", delta[48] = "", percent[48] = "";
	_part_ struct gb_part change = GB_PART(out);
	int64_t against;

	if (j->verdict != GB_V_GONE)
		gb_metric_format(measured, sizeof(measured), m, j->measured);
	if (gb_say_against(j, &against)) {
		gb_metric_format(left, sizeof(left), m, against);
		if (j->verdict != GB_V_GONE && j->measured != against) {
			gb_metric_delta(delta, sizeof(delta), m, j->measured - against);
			if (against > 0)
				gb_format_percent(percent, sizeof(percent), against, j->measured);
		}
	}
	cell(out, gb_metrics[m].name);
	cell(out, left);
	cell(out, measured);
	gb_buf_addf(&change.b, "%s%s%s", delta, *percent ? ", " : "", percent);
	cell(out, change.b.data);
}

/* Beside the numbers: where to look, and what else there is to say. */
static void last_cell(struct gb_buf *out, const struct gb_report *r, const struct gb_judgement *j)
{
	const struct gb_site *at = gb_report_culprit(r, j);
	_part_ struct gb_part place = GB_PART(out), remark = GB_PART(out);

	if (at)
		gb_say_site(&place.b, at);
	if (j->metric >= 0)
		gb_say_remark(&remark.b, j);
	else
		gb_say_judgement(&remark.b, j);
	gb_md_code(out, place.b.data);
	if (place.b.len && remark.b.len)
		gb_buf_adds(out, "<br>");
	gb_md_prose(out, remark.b.data);
	gb_buf_adds(out, " |\n");
}

static void row(struct gb_buf *out, const struct gb_report *r, const struct gb_judgement *j)
{
	gb_buf_adds(out, j->action == GB_ACT_FAIL ? "| <b>" : "| ");
	gb_md_prose(out, gb_say_word(j));
	gb_buf_adds(out, j->action == GB_ACT_FAIL ? "</b> | " : " | ");
	test_cell(out, r, j);
	if (j->metric >= 0)
		numbers(out, j);
	else
		gb_buf_adds(out, "| | | | ");
	last_cell(out, r, j);
}

static void table_head(struct gb_buf *out, const char *left)
{
	gb_buf_addf(out,
		    "| | Test | Metric | %s | Measured | Change | Where |\n"
		    "| --- | --- | --- | ---: | ---: | ---: | --- |\n",
		    left);
}

static size_t same_test(const struct gb_verdicts *v, const size_t *order, size_t n)
{
	size_t k = 1;

	while (k < n && gb_same_test(&v->v[order[0]], &v->v[order[k]]))
		k++;
	return k;
}

/* Rows, then their evidence; a table may take this share of the page, all of it the other. */
static void section(struct gb_md *md, bool (*pick)(const struct gb_judgement *), const char *left,
		    const char *fold, double rows_share, double share)
{
	const struct gb_verdicts *v = md->r->verdicts;
	_free_ size_t *order = NULL;
	_part_ struct gb_part head = GB_PART(md->out);
	size_t n, rows;

	if (gb_report_order(v, pick, &order, &n) < 0) {
		md->out->failed = md->out->nomem = true;
		return;
	}
	if (n == 0)
		return;
	if (fold)
		gb_buf_addf(&head.b, "<details><summary>%zu %s%s</summary>\n\n", n, fold,
			    n == 1 ? "" : "s");
	table_head(&head.b, left);
	if (!gb_md_add(md, &head.b, 1)) {
		md->left_out += n;
		return;
	}
	for (rows = 0; rows < n; rows++) {
		_part_ struct gb_part part = GB_PART(md->out);

		row(&part.b, md->r, &v->v[order[rows]]);
		if (!gb_md_add(md, &part.b, rows_share))
			break;
	}
	md->left_out += n - rows;
	gb_buf_addc(md->out, '\n');
	for (size_t i = 0; i < rows;) {
		size_t same = same_test(v, order + i, rows - i);
		_part_ struct gb_part part = GB_PART(md->out);

		gb_md_evidence(&part.b, md->r, order + i, same);
		if (part.b.len && !gb_md_add(md, &part.b, share))
			md->left_out++;
		i += same;
	}
	if (fold)
		gb_buf_adds(md->out, "</details>\n\n");
}

static bool fails(const struct gb_judgement *j)
{
	return j->action == GB_ACT_FAIL && j->verdict != GB_V_DRIFT;
}

static bool drifts(const struct gb_judgement *j)
{
	return j->verdict == GB_V_DRIFT && j->action != GB_ACT_IGNORE;
}

static bool is_listed(const struct gb_judgement *j)
{
	return j->verdict == GB_V_NEW || j->verdict == GB_V_SLACK;
}

static bool warns(const struct gb_judgement *j)
{
	if (j->verdict == GB_V_WAIVED)
		return j->action != GB_ACT_FAIL;
	return j->action == GB_ACT_WARN && !is_listed(j) && j->verdict != GB_V_WITHIN && !drifts(j);
}

static bool is_new(const struct gb_judgement *j)
{
	return j->verdict == GB_V_NEW && j->action == GB_ACT_WARN && j->metric < 0;
}

static bool is_young(const struct gb_judgement *j)
{
	return j->verdict == GB_V_NEW && j->action == GB_ACT_WARN && j->metric >= 0;
}

static bool is_slack(const struct gb_judgement *j)
{
	return j->verdict == GB_V_SLACK && j->action == GB_ACT_WARN;
}

/* What many tests share is one folded list of names. */
static void names(struct gb_md *md, bool (*pick)(const struct gb_judgement *), const char *title)
{
	const struct gb_verdicts *v = md->r->verdicts;
	_free_ size_t *order = NULL;
	_part_ struct gb_part part = GB_PART(md->out);
	size_t n;

	if (gb_report_order(v, pick, &order, &n) < 0) {
		md->out->failed = md->out->nomem = true;
		return;
	}
	if (n == 0)
		return;
	gb_buf_addf(&part.b, "<details><summary>%zu %s</summary>\n\n", n, title);
	for (size_t i = 0; i < n && i < NAMES_SHOWN; i++) {
		const struct gb_judgement *j = &v->v[order[i]];
		_part_ struct gb_part name = GB_PART(md->out);

		gb_say_func(&name.b, j->package_path);
		gb_buf_addf(&name.b, ".%s", j->test_name ? j->test_name : "");
		gb_buf_adds(&part.b, i ? ", " : "");
		gb_md_code(&part.b, name.b.data);
	}
	if (n > NAMES_SHOWN)
		gb_buf_addf(&part.b, " and %zu more", n - NAMES_SHOWN);
	gb_buf_adds(&part.b, "\n\n</details>\n\n");
	if (!gb_md_add(md, &part.b, 1))
		md->left_out += n;
}

static void notes(struct gb_md *md)
{
	for (size_t i = 0; i < md->r->notes.n; i++) {
		_part_ struct gb_part part = GB_PART(md->out);

		gb_buf_adds(&part.b, "> ");
		gb_md_prose(&part.b, md->r->notes.v[i]);
		gb_buf_adds(&part.b, "\n\n");
		gb_md_add(md, &part.b, 1);
	}
}

static void ending(struct gb_md *md)
{
	_free_ char *environment = gb_environment_text(&md->r->run->env);

	if (md->left_out)
		gb_buf_addf(md->out,
			    "<b>For want of room %zu row%s or evidence of tests %s left out "
			    "here</b>; the job's log and the JSON report have all of it\n\n",
			    md->left_out, md->left_out == 1 ? "" : "s",
			    md->left_out == 1 ? "is" : "are");
	if (!environment) {
		md->out->failed = md->out->nomem = true;
		return;
	}
	gb_buf_adds(md->out, "<sub>");
	gb_md_prose(md->out, environment);
	if (md->r->command) {
		gb_buf_adds(md->out, " · ");
		gb_md_code(md->out, md->r->command);
	}
	gb_buf_adds(md->out, "</sub>\n");
}

void gb_report_markdown(const struct gb_report *r, size_t max, struct gb_buf *out)
{
	struct gb_md md = { .out = out, .r = r, .max = max ? max : GB_MAX_MARKDOWN };

	heading(&md);
	gb_md_places(&md, fails);
	troubles(&md);
	section(&md, fails, "Budget", NULL, 0.5, 0.85);
	gb_md_accept(&md);
	gb_md_bench(&md);
	section(&md, drifts, "At the anchor", NULL, 0.7, 0.88);
	section(&md, warns, "Before", "warning", 0.92, 0.97);
	gb_md_escapes(&md);
	names(&md, is_new, "without a budget yet, gobudget record writes one");
	names(&md, is_young, "without a window yet, too few nights are known");
	names(&md, is_slack, "far below the budget, gobudget record --tighten lowers it");
	gb_md_commits(&md);
	notes(&md);
	ending(&md);
}
