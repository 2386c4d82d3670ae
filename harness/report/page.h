/*
 * page - text for a terminal or a log: styles, columns, hostile names.
 *
 * Everything that goes through these functions is made safe first (text.h), so
 * no name can move the cursor, end a colour or start a line of its own.  A style
 * costs nothing where there is no colour.
 */
#ifndef GB_REPORT_PAGE_H
#define GB_REPORT_PAGE_H

#include "base/term.h"
#include "report/report.h"

struct gb_page {
	struct gb_buf *out;
	size_t width; /* columns, at least 40 */
	bool colour, quiet, verbose;
	const struct gb_evidences *evidence; /* NULL: none */
};

/* Text as it is, and the columns it took. */
size_t gb_page_put(struct gb_page *p, enum gb_style style, const char *text);
/* At most `columns` wide: the middle of a longer text becomes "…". */
size_t gb_page_fit(struct gb_page *p, enum gb_style style, const char *text, size_t columns);
/* Filled with spaces up to `columns`, on the right or (right) on the left. */
void gb_page_cell(struct gb_page *p, enum gb_style style, const char *text, size_t columns,
		  bool right);
void gb_page_spaces(struct gb_page *p, size_t n);
void gb_page_line(struct gb_page *p); /* ends the line */

/* Words, wrapped; each further line begins with `indent` spaces, the first is at `column`.
 * gb_page_words() returns the column at which it stopped, gb_page_wrap() ends the line. */
size_t gb_page_words(struct gb_page *p, enum gb_style style, const char *text, size_t column,
		     size_t indent);
void gb_page_wrap(struct gb_page *p, enum gb_style style, const char *text, size_t column,
		  size_t indent);

/* The parts of the text report, in the order in which they stand. */
void gb_page_troubles(struct gb_page *p, const struct gb_report *r);
void gb_page_verdicts(struct gb_page *p, const struct gb_report *r);
void gb_page_lists(struct gb_page *p, const struct gb_report *r);	/* new, slack */
void gb_page_commits(struct gb_page *p, const struct gb_report *r);	/* of the change */
void gb_page_bench(struct gb_page *p, const struct gb_report_bench *b); /* of a night; NULL: none */
void gb_page_notes(struct gb_page *p, const struct gb_report *r);
/* Where it was stopped for longest; of nights, whose many runs tell the common from the chance. */
void gb_page_collector(struct gb_page *p, const struct gb_report *r);
void gb_page_numbers(struct gb_page *p, const struct gb_report *r); /* every test's, for -v */

/* Goroutines of one test as of `run`; kind -1: all kinds. */
void gb_page_groups(struct gb_page *p, const struct gb_package *package, const struct gb_test *test,
		    int run, int kind, size_t indent);

/* Those that a verdict by the policy's living list is about, of all tests of the package. */
void gb_page_living(struct gb_page *p, const struct gb_judgement *j, size_t indent);

/* "for store.(*Cache).Put  store/cache.go:41": a frame of a stack, on a line of its own. */
void gb_page_frame(struct gb_page *p, const char *before, const struct gb_site *frame,
		   size_t indent);

/* The line itself, and the first sentence of its chain. */
void gb_page_quote(struct gb_page *p, const struct gb_evidence_site *s, size_t indent);

/* Of goroutines that a library started: for which line of the user's, where that is known. */
void gb_page_creator(struct gb_page *p, const char *module, const struct gb_group *g,
		     size_t indent);

/* Where most of a metric comes from, folded: "3.9 MiB in 12 objects at store/cache.go:41,
 * store.(*Cache).Put", that line, and why it is on the heap.  What does not fail gets less room. */
/* The values that a package has on the heap; against a base, those that are new. */
void gb_page_escapes(struct gb_page *p, const struct gb_report_escapes *e, const char *package,
		     size_t indent);
void gb_page_escape_changes(struct gb_page *p, const struct gb_report *r);
/* Values, closures and leaking parameters of each package that was asked for. */
void gb_page_heap(struct gb_page *p, const struct gb_report *r);
void gb_page_rules(struct gb_page *p, const struct gb_report_escapes *e);

void gb_page_sites(struct gb_page *p, const struct gb_evidence *e, enum gb_metric m, bool fails,
		   size_t indent);

/* The line itself, its chain in words, why it is on the heap and how it got there. */
void gb_page_chain(struct gb_page *p, const struct gb_evidence_site *s, size_t indent);

/* All there is of one site, beside the base's where `base`: its weight, its chain, the stack. */
void gb_page_site(struct gb_page *p, const struct gb_evidence_site *s, bool base, size_t indent);

/* "example.com/shop/store", the module's part dim. */
void gb_page_package(struct gb_page *p, const char *module, const char *path);
/* "TestCache/evict  store/cache_test.go:12", the name cut so that the place stays. */
void gb_page_test(struct gb_page *p, const char *name, const struct gb_test *t, size_t column);

#endif
