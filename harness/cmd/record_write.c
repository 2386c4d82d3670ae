/* gobudget record, the second half.  See record.h. */
#include "cmd/record.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/fs.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/text.h"
#include "command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NAME_COLUMNS   ((size_t)44)
#define METRIC_COLUMNS ((size_t)18)

struct totals {
	size_t files, budgets, tests, skipped_packages;
	size_t measured, steady; /* tests measured; those that were the same in every run */
	size_t dropped;		 /* files of packages that are no more */
	size_t above, below;	 /* tests with a budget that was left below, above what they take */
};

/* Why nothing of this package may be written down; NULL: it may. */
static const char *what_is_wrong(const struct gb_package *p, const char **ret_test)
{
	*ret_test = NULL;
	for (size_t i = 0; i < p->n_troubles; i++) {
		if (p->troubles[i].warning || p->troubles[i].kind == GB_TROUBLE_NO_TESTS)
			continue;
		*ret_test = p->troubles[i].test;
		return p->troubles[i].text;
	}
	for (size_t i = 0; i < p->n_tests; i++) {
		if (p->tests[i].outcome <= GB_SKIP || p->tests[i].flags_only)
			continue;
		*ret_test = p->tests[i].name;
		return gb_outcome_name(p->tests[i].outcome);
	}
	return NULL;
}

static void say_failed(const struct gb_package *p, const char *what, const char *test)
{
	_buf_ struct gb_buf line = GB_BUF_INIT(GB_MAX_LINE);

	gb_buf_adds(&line, "not recorded: ");
	gb_text_safe(&line, p->path);
	gb_buf_adds(&line, ": ");
	if (test) {
		gb_text_safe(&line, test);
		gb_buf_adds(&line, ": ");
	}
	gb_text_safe(&line, what);
	fprintf(stderr, "%s\n", line.data);
}

static bool is_steady(const struct gb_test *t)
{
	static const enum gb_metric metrics[] = { GB_GOROUTINES, GB_ALLOC_SPACE, GB_ALLOC_OBJECTS,
						  GB_BYTES_PER_OP, GB_ALLOCS_PER_OP };
	struct gb_measured m;

	for (size_t i = 0; i < sizeof(metrics) / sizeof(metrics[0]); i++)
		if (gb_test_measured(t, metrics[i], &m) && m.min != m.max)
			return false;
	return true;
}

static void count_steady(const struct gb_package *p, struct totals *t)
{
	for (size_t i = 0; i < p->n_tests; i++) {
		if (p->tests[i].outcome != GB_PASS || p->tests[i].kind == GB_PACKAGE ||
		    !p->tests[i].n_samples)
			continue;
		t->measured++;
		t->steady += is_steady(&p->tests[i]);
	}
}

/* What was not asked for was not touched: how many budgets no longer fit, either way? */
static void count_misfits(const struct gb_package *p, const struct gb_budget_block *b,
			  struct totals *t)
{
	for (size_t i = 0; b && i < b->n_rows; i++) {
		const struct gb_budget_row *row = &b->rows[i];
		const struct gb_test *test = gb_package_test(p, row->test);
		bool above = false, below = false;
		struct gb_measured r;

		for (int m = 0; m < GB_METRICS; m++) {
			if (!(row->has_budget >> m & 1) || !test || test->outcome != GB_PASS ||
			    !gb_test_measured(test, (enum gb_metric)m, &r))
				continue;
			int64_t value = gb_metrics[m].goroutine ? r.max : r.min;

			above |= value > row->budget[m];
			below |= value < row->budget[m];
		}
		t->above += above;
		t->below += below;
	}
}

static void add_misfits(struct gb_buf *out, const struct totals *t)
{
	if (t->above)
		gb_buf_addf(out,
			    "%zu test%s more than budgeted: --raise TEST --reason TEXT lifts "
			    "a budget\n",
			    t->above, t->above == 1 ? " takes" : "s take");
	if (t->below)
		gb_buf_addf(out, "%zu test%s less than budgeted: --tighten lowers budgets\n",
			    t->below, t->below == 1 ? " takes" : "s take");
}

/* Text to a column: at least two blanks behind it. */
static void add_cell(struct gb_buf *out, const char *text, size_t columns)
{
	_buf_ struct gb_buf safe = GB_BUF_INIT(GB_MAX_LINE);
	_buf_ struct gb_buf cell = GB_BUF_INIT(GB_MAX_LINE);

	gb_text_safe(&safe, text);
	gb_text_fit(&cell, safe.data, columns);
	gb_buf_adds(out, cell.data);
	gb_buf_fill(out, ' ', columns + 2 - gb_text_width(cell.data));
}

static const char *say_how(const struct gb_change *c)
{
	if (!c->had)
		return "new";
	return c->new_budget > c->old_budget ? "raised" : "lowered";
}

static void add_change(struct gb_buf *out, const struct gb_change *c, size_t columns)
{
	char from[48] = "", to[48];

	gb_buf_adds(out, "  ");
	add_cell(out, c->test, columns);
	if (c->metric < 0) {
		gb_buf_adds(out, "dropped: no such test\n");
		return;
	}
	add_cell(out, gb_metrics[c->metric].name, METRIC_COLUMNS);
	if (c->had)
		gb_buf_addf(out, "%s -> ",
			    gb_metric_format(from, sizeof(from), (enum gb_metric)c->metric,
					     c->old_budget));
	gb_buf_addf(out, "%s  %s\n",
		    gb_metric_format(to, sizeof(to), (enum gb_metric)c->metric, c->new_budget),
		    say_how(c));
}

/* As wide as the longest name that is shown, within reason. */
static size_t name_columns(const struct gb_update *u)
{
	size_t columns = 0;

	for (size_t i = 0; i < u->n; i++) {
		size_t width = u->changes[i].had ? gb_text_width(u->changes[i].test) : 0;

		if (width > columns)
			columns = width;
	}
	return columns < NAME_COLUMNS ? columns : NAME_COLUMNS;
}

/* Budgets that are new are counted, those that moved are shown one by one. */
static void add_table(struct gb_buf *out, const struct gb_update *u, struct totals *t)
{
	size_t fresh = 0, tests = 0, columns = name_columns(u);
	const char *last = "";

	gb_text_safe(out, u->file->path);
	gb_buf_addc(out, '\n');
	for (size_t i = 0; i < u->n; i++) {
		const struct gb_change *c = &u->changes[i];

		bool another = strcmp(last, c->test) != 0 && strcmp(c->test, GB_PACKAGE_ROW) != 0;

		t->tests += another;
		if (c->had) {
			add_change(out, c, columns);
		} else {
			fresh++;
			tests += another;
		}
		last = c->test;
	}
	if (fresh)
		gb_buf_addf(out, "  %zu new budget%s of %zu test%s\n", fresh, fresh == 1 ? "" : "s",
			    tests, tests == 1 ? "" : "s");
	if (u->moved && !u->n)
		gb_buf_adds(out, "  rebased, no budget moved\n");
	t->files++;
	t->budgets += u->n;
}

static int record_package(const struct gb_recording *r, const struct gb_package *p,
			  struct gb_buf *out, struct totals *t, struct gb_err *err)
{
	const struct gb_budget_file *old = gb_budgets_package(r->budgets, p->path);
	_buf_ struct gb_buf text = GB_BUF_INIT(GB_MAX_BUDGET_FILE);
	struct gb_update u;
	int rc;

	if ((rc = gb_update_package(old, p, &r->run->env, r->update, &u, err)) < 0)
		return rc;
	_free_ char *path = gb_path_join(p->module_dir, u.file->path);
	if (!path)
		rc = gb_fail_nomem(err);
	else if (u.n || u.moved)
		rc = gb_budget_write(u.file, &text, err);
	if (!rc && text.len)
		rc = gb_record_put(r, path, p->module_dir, text.data, out, err);
	if (!rc && text.len && !r->patch)
		add_table(out, &u, t);
	if (!rc)
		count_misfits(p, gb_budget_block_for(u.file, &r->run->env), t);
	gb_update_release(&u);
	return rc;
}

/* Has it a block of budgets here, but no test any more? */
static bool is_missing(const struct gb_recording *r, const struct gb_budget_file *f)
{
	const struct gb_package *p = gb_run_package(r->run, f->package);
	const char *test;

	return gb_budget_block_for(f, &r->run->env) &&
	       (!p || (!p->n_tests && !what_is_wrong(p, &test)));
}

/* Drops this environment's block; the whole file where it was the last one. */
static int prune_package(const struct gb_recording *r, const struct gb_budget_file *f,
			 struct gb_buf *out, struct totals *t, struct gb_err *err)
{
	_buf_ struct gb_buf text = GB_BUF_INIT(GB_MAX_BUDGET_FILE);
	_free_ char *path = gb_path_join(r->module_dir, f->path);
	struct gb_budget_file *rest;
	int rc;

	if (!path)
		return gb_fail_nomem(err);
	if ((rc = gb_budget_file_copy(f, &rest, err)) < 0)
		return rc;
	gb_budget_drop_block(rest, gb_budget_block_for(rest, &r->run->env));
	bool last = !rest->n_blocks;
	rc = last ? 0 : gb_budget_write(rest, &text, err);
	gb_budget_file_free(rest);
	if (!rc)
		rc = gb_record_put(r, path, r->module_dir, last ? NULL : text.data, out, err);
	if (rc)
		return rc;
	t->dropped++;
	if (!r->patch) {
		gb_text_safe(out, f->path);
		gb_buf_adds(out, "\n  dropped: the package has no tests any more\n");
	}
	return 0;
}

static int prune_missing(const struct gb_recording *r, struct gb_buf *out, struct totals *t,
			 struct gb_err *err)
{
	int rc = 0;

	for (size_t i = 0; i < r->budgets->n && !rc; i++)
		if (is_missing(r, r->budgets->files[i]))
			rc = prune_package(r, r->budgets->files[i], out, t, err);
	return rc;
}

static void add_totals(struct gb_buf *out, const struct gb_recording *r, const struct totals *t)
{
	if (t->files)
		gb_buf_addf(out, "%s %zu budget%s of %zu test%s in %zu file%s, from %d run%s\n",
			    r->dry_run ? "would record" : "recorded", t->budgets,
			    t->budgets == 1 ? "" : "s", t->tests, t->tests == 1 ? "" : "s",
			    t->files, t->files == 1 ? "" : "s", r->run->runs,
			    r->run->runs == 1 ? "" : "s");
	else if (t->measured && !t->dropped)
		gb_buf_addf(out,
			    "nothing to record: each of the %zu tests measured has its "
			    "budgets\n",
			    t->measured);
	if (t->measured && r->run->runs > 1)
		gb_buf_addf(out, "%zu of %zu tests (%zu%%) measured the same in every run\n",
			    t->steady, t->measured, t->steady * 100 / t->measured);
	add_misfits(out, t);
}

int gb_record_write(const struct gb_recording *r, struct gb_err *err)
{
	_buf_ struct gb_buf out = GB_BUF_INIT(GB_MAX_REPORT);
	struct totals t = { 0 };
	const char *what, *test;
	int rc = 0;

	for (size_t i = 0; i < r->run->n_packages && !rc; i++) {
		const struct gb_package *p = &r->run->packages[i];

		if ((what = what_is_wrong(p, &test))) {
			say_failed(p, what, test);
			t.skipped_packages++;
			continue;
		}
		if (!p->n_tests || !p->module_dir)
			continue;
		count_steady(p, &t);
		rc = record_package(r, p, &out, &t, err);
	}
	if (!rc && r->update->prune && r->module_dir)
		rc = prune_missing(r, &out, &t, err);
	/* What was written before an error is said all the same. */
	if (!r->patch)
		add_totals(&out, r, &t);
	if (out.failed && !rc)
		rc = gb_buf_error(&out, "table", err);
	int printed = gb_command_print(&out, rc ? NULL : err);
	if (rc || printed)
		return rc ? rc : printed;
	if (!t.measured && !t.skipped_packages)
		return gb_fail(err, GB_EMEASURE, "nothing was measured: no test ran and passed");
	return t.skipped_packages ? 3 : 0;
}
