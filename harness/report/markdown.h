/*
 * markdown - text for GitHub's Markdown: names that stay names, and a page that knows its end.
 *
 * For report/markdown*.c alone.  Everything goes through gb_md_code() or gb_md_prose():
 * what means something to Markdown or HTML becomes an entity, so that no name
 * can open a tag, end a table's row, start a list or link anywhere.  In code and
 * <pre> GitHub looks for no @mentions, #references, :emoji:, https://addresses and $mathematics$;
 * in prose all of them lose their sign to a <span>; in code @ does as well, or "x@v1.2.0" is an
 * address to write to.  The name of a commit stays: it can lead nowhere but into the repository.
 * Control, bidi and zero-width characters become U+FFFD.
 */
#ifndef GB_REPORT_MARKDOWN_H
#define GB_REPORT_MARKDOWN_H

#include "report/report.h"

struct gb_buf;

#define GB_MD_NAME  ((size_t)200) /* columns of a name; a longer one loses its middle */
#define GB_MD_PROSE ((size_t)500) /* columns of a sentence */

/* "<code>name</code>"; nothing for an empty one. */
void gb_md_code(struct gb_buf *out, const char *name);
/* A sentence that may have names in it. */
void gb_md_prose(struct gb_buf *out, const char *sentence);
/* Lines as they are, the last `lines` of them and at most `max` bytes, in <pre>. */
void gb_md_pre(struct gb_buf *out, const char *text, size_t lines, size_t max);

/* A page of at most `max` bytes. */
struct gb_md {
	struct gb_buf *out;
	const struct gb_report *r;
	size_t max;
	size_t left_out; /* tests of which something was left out for want of room */
};

/* Appends a part if all of it fits within `share` of the page (at most 1) with room for
 * what ends it; else nothing, and false. */
bool gb_md_add(struct gb_md *md, const struct gb_buf *part, double share);

/* The lines behind these verdicts, each with how many tests it moved. */
void gb_md_places(struct gb_md *md, bool (*pick)(const struct gb_judgement *));

/* The evidence behind the verdicts order[0..n), all of one test, folded. */
void gb_md_evidence(struct gb_buf *out, const struct gb_report *r, const size_t *order, size_t n);

/* The commits of the change, folded. */
void gb_md_commits(struct gb_md *md);

/* The commands that raise the budgets that are over, folded. */
void gb_md_accept(struct gb_md *md);

/* What the compiler said besides. */
void gb_md_escapes(struct gb_md *md);

/* The benchmarks of a night. */
void gb_md_bench(struct gb_md *md);

#endif
