/*
 * html - text for HTML documents in UTF-8, and pages made of files.
 *
 * Names come from strangers: what is unsafe to show (control and bidi characters,
 * zero-width ones, bytes that are no UTF-8) becomes U+FFFD, as gb_text_safe()
 * does it; line ends and tabs stay.  The rest is escaped so that no name can end the
 * element, the attribute or the script that it stands in.
 *
 * A page is a file with marks, {{name}}, each on its own where a part of the page goes.
 */
#ifndef GB_BASE_HTML_H
#define GB_BASE_HTML_H

#include "base/banned.h"

#include <stddef.h>

struct gb_buf;

/* Between tags; NULL: nothing. */
void gb_html_text(struct gb_buf *out, const char *text);

/* ` name="value"`. */
void gb_html_attribute(struct gb_buf *out, const char *name, const char *value);

/* A JSON string with its quotes that may stand in <script>: without <, > and &, without U+2028. */
void gb_html_json(struct gb_buf *out, const char *text);

/* What stands for a mark: HTML, already escaped. */
struct gb_html_part {
	const char *mark;
	const char *html;
	size_t len;
};

/* The page with all its marks filled in; a mark that no part has stays empty.  Parts end with a
 * row without mark. */
void gb_html_fill(struct gb_buf *out, const char *page, size_t len,
		  const struct gb_html_part *parts);

#endif
