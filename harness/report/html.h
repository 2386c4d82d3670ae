/*
 * html - the parts of the HTML report, and the words they share.
 *
 * For report/html*.c alone.  The page is static HTML, whole without its script: html/page.html
 * with its marks filled in.  What the script adds is filters, sorting and flame
 * graphs (pprof/flame.h).  All text goes through base/html.h.
 */
#ifndef GB_REPORT_HTML_H
#define GB_REPORT_HTML_H

#include "base/asset.h"
#include "report/report.h"

struct gb_buf;

/* page.html, page.css and page.js. */
extern const struct gb_asset gb_html_assets[];
extern const size_t gb_html_assets_n;

#define GB_HTML_WITHIN ((size_t)2000) /* rows within budget in the table of verdicts */

/* Elements with one text in them: <code>, <span class="...">; class NULL: none. */
void gb_html_element(struct gb_buf *out, const char *name, const char *class, const char *text);
/* "store/cache.go:41" as <code>, "store.(*Cache).Put" as a span; nothing where unknown. */
void gb_html_place(struct gb_buf *out, const struct gb_site *site);
void gb_html_func(struct gb_buf *out, const struct gb_site *site);
/* A stack as a list, in this order; `reverse`: the last first. */
void gb_html_stack(struct gb_buf *out, const struct gb_site *frames, size_t n, bool reverse);

/* "fail", "warn", "note" or "good": how a verdict is coloured and filtered. */
const char *gb_html_state(const struct gb_judgement *j);
void gb_html_tag(struct gb_buf *out, const struct gb_judgement *j);

/*
 * Verdicts in the order of the page: grouped by test, those within budget last.  The tests among
 * them that have something to show are numbered from 1 as they come; each has an article.
 */
struct gb_html_order {
	size_t *v;
	size_t n;
	size_t left_out; /* within budget and not in v */
};

int gb_html_order(const struct gb_report *r, struct gb_html_order *ret);
/* Has the test of v[i] an article, and does that begin here? */
bool gb_html_has_article(const struct gb_report *r, const struct gb_judgement *j);
bool gb_html_begins(const struct gb_report *r, const struct gb_html_order *o, size_t i);

/* The parts, in the order in which they stand. */
void gb_html_troubles(struct gb_buf *out, const struct gb_report *r);
void gb_html_verdicts(struct gb_buf *out, const struct gb_report *r, const struct gb_html_order *o);
void gb_html_articles(struct gb_buf *out, const struct gb_report *r, const struct gb_html_order *o);
void gb_html_benchmarks(struct gb_buf *out, const struct gb_report *r);
void gb_html_compiler(struct gb_buf *out, const struct gb_report *r);
void gb_html_commits(struct gb_buf *out, const struct gb_report *r);
void gb_html_numbers(struct gb_buf *out, const struct gb_report *r);

/* The values behind a verdict on escapes; nothing for any other. */
void gb_html_values(struct gb_buf *out, const struct gb_report *r, const struct gb_judgement *j);
/* Its numbers in the runs that tell places, and those of the base. */
void gb_html_measured(struct gb_buf *out, const struct gb_evidence *e);
/* The flame graph of all that is known of a test's allocations, folded; `number` makes its id. */
void gb_html_flame(struct gb_buf *out, const struct gb_evidence *e, const char *base,
		   size_t number);

#endif
