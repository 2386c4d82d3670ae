/*
 * The text report: where the numbers come from, what went wrong, verdicts worst
 * first, lists, notes, one last line.  Its parts are declared in page.h.
 */
#include "base/text.h"
#include "base/buf.h"
#include "base/limits.h"
#include "report/page.h"
#include "report/part.h"
#include "report/say.h"

#include <string.h>

/* "example.com/shop · go1.26.8 linux/amd64 · GOMAXPROCS 2 · -gcflags=-l · cgo · exact accounting",
 * broken where a part does not fit. */
static void flow(struct gb_page *p, size_t *column, const char *part, enum gb_style style)
{
	_part_ struct gb_part safe = GB_PART(p->out);
	size_t width;

	gb_text_safe(&safe.b, part);
	width = gb_text_width(safe.b.data);
	if (*column && *column + 3 + width > p->width) {
		gb_page_line(p);
		gb_page_spaces(p, 2);
		*column = 2;
	} else if (*column) {
		*column += gb_page_put(p, GB_DIM, " · ");
	}
	*column += gb_page_fit(p, style, safe.b.data, p->width - *column);
}

static void header(struct gb_page *p, const struct gb_report *r)
{
	const struct gb_environment *e = &r->run->env;
	_part_ struct gb_part part = GB_PART(p->out);
	size_t column = 0;

	if (!*e->go && !(r->module && *r->module))
		return;	 /* nothing ran: nothing to tell of it */
	gb_page_line(p); /* go test's own lines stand above */
	if (r->module)
		flow(p, &column, r->module, GB_BOLD);
	gb_buf_addf(&part.b, "%s%s %s", r->run->go_version ? "" : "go",
		    r->run->go_version ? r->run->go_version : e->go, e->platform);
	flow(p, &column, part.b.data, GB_DIM);
	gb_part_clear(&part);
	if (!r->run->compiled_only) {
		gb_buf_addf(&part.b, "GOMAXPROCS %d", e->gomaxprocs);
		flow(p, &column, part.b.data, GB_DIM);
		gb_part_clear(&part);
	}
	if (e->gcflags && *e->gcflags)
		gb_buf_addf(&part.b, "-gcflags=%s", e->gcflags);
	else
		gb_buf_adds(&part.b, "optimised build");
	flow(p, &column, part.b.data, GB_DIM);
	if (e->tags && *e->tags) {
		gb_part_clear(&part);
		gb_buf_addf(&part.b, "-tags=%s", e->tags);
		flow(p, &column, part.b.data, GB_DIM);
	}
	if (!e->cgo)
		flow(p, &column, "no cgo", GB_DIM);
	if (e->race)
		flow(p, &column, "-race", GB_DIM);
	if (r->run->compiled_only)
		flow(p, &column, "no test was run", GB_DIM);
	else
		flow(p, &column,
		     e->accounting == GB_ACCOUNTING_RUNTIME ? "exact accounting"
							    : "fallback accounting",
		     e->accounting == GB_ACCOUNTING_RUNTIME ? GB_DIM : GB_YELLOW);
	gb_page_line(p);
	gb_page_line(p);
}

void gb_page_notes(struct gb_page *p, const struct gb_report *r)
{
	for (size_t i = 0; i < r->notes.n; i++) {
		gb_page_put(p, GB_CYAN, "note:");
		gb_page_spaces(p, 1);
		gb_page_wrap(p, GB_PLAIN, r->notes.v[i], 6, 6);
	}
	if (r->notes.n)
		gb_page_line(p);
}

/* Broken between its parts, where it has to be broken. */
static void totals(struct gb_page *p, const struct gb_report *r)
{
	static const char dot[] = " · ";
	_part_ struct gb_part line = GB_PART(p->out);
	const char *outcome = gb_say_outcome(r);
	enum gb_style style = r->exit_status == 0   ? GB_GREEN
			      : r->exit_status == 1 ? GB_RED
						    : GB_YELLOW;
	size_t indent = gb_page_put(p, style, outcome) + 2, column = indent;

	gb_page_spaces(p, 2);
	gb_say_totals(&line.b, r);
	for (char *part = line.b.data, *next; part; part = next) {
		size_t width;

		next = strstr(part, dot);
		if (next) {
			*next = '\0';
			next += strlen(dot);
		}
		width = gb_text_width(part);
		if (column > indent && column + 3 + width > p->width) {
			gb_page_line(p);
			gb_page_spaces(p, indent);
			column = indent;
		} else if (column > indent) {
			column += gb_page_put(p, GB_DIM, dot);
		}
		column = gb_page_words(p, GB_PLAIN, part, column, indent);
	}
	gb_page_line(p);
}

void gb_report_text(const struct gb_report *r, const struct gb_text_options *o, struct gb_buf *out)
{
	struct gb_page page = { out,	    o->width < 40 ? 40 : o->width,
				o->colour,  o->quiet,
				o->verbose, r->evidence };

	if (!o->quiet)
		header(&page, r);
	gb_page_troubles(&page, r);
	gb_page_verdicts(&page, r);
	if (!o->quiet) {
		gb_page_escape_changes(&page, r);
		gb_page_rules(&page, r->escapes);
		gb_page_lists(&page, r);
		gb_page_commits(&page, r);
	}
	if (o->verbose) {
		gb_page_heap(&page, r);
		gb_page_numbers(&page, r);
	}
	gb_page_bench(&page, r->bench);
	if (!o->quiet && gb_streq(r->command, "gobudget nightly"))
		gb_page_collector(&page, r);
	/* What was not measured is no small thing. */
	if (!o->quiet || r->run->interrupted)
		gb_page_notes(&page, r);
	totals(&page, r);
}
