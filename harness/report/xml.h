/*
 * xml - text for XML 1.0 documents in UTF-8.
 *
 * Characters that XML 1.0 cannot hold at all, and bytes that are no UTF-8, become
 * U+FFFD.
 */
#ifndef GB_REPORT_XML_H
#define GB_REPORT_XML_H

struct gb_buf;

/* Between tags; NULL: nothing. */
void gb_xml_text(struct gb_buf *out, const char *text);

/* ` name="value"`, line ends and tabs kept. */
void gb_xml_attribute(struct gb_buf *out, const char *name, const char *value);

#endif
