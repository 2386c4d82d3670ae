/*
 * xml - text for XML 1.0 documents in UTF-8.
 *
 * Characters that XML 1.0 cannot hold at all, and bytes that are no UTF-8, become
 * U+FFFD.  The result stands both between tags and inside double quotes.
 */
#ifndef GB_REPORT_XML_H
#define GB_REPORT_XML_H

struct gb_buf;

void gb_xml_escape(struct gb_buf *out, const char *text); /* NULL: nothing */

/* ` name="value"` */
void gb_xml_attribute(struct gb_buf *out, const char *name, const char *value);

#endif
