#include "report/xml.h"

#include "base/buf.h"

#include <stdbool.h>
#include <stdint.h>

#define REPLACEMENT "\xef\xbf\xbd"

/* Bytes of the UTF-8 character at s that XML 1.0 allows, 0 if there is none. */
static size_t xml_char(const unsigned char *s)
{
	uint32_t c;
	size_t n;

	if (s[0] < 0x80)
		return s[0] >= 0x20 || s[0] == '\t' || s[0] == '\n' ? 1 : 0;
	n = s[0] >= 0xf0 && s[0] < 0xf5 ? 4 : s[0] >= 0xe0 ? 3 : s[0] >= 0xc2 ? 2 : 0;
	if (n == 0 || s[0] >= 0xf5)
		return 0;
	c = s[0] & (0xffu >> (n + 1));
	for (size_t i = 1; i < n; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (s[i] & 0x3f);
	}
	if ((n == 3 && c < 0x800) || (n == 4 && c < 0x10000) || c > 0x10ffff ||
	    (c >= 0xd800 && c <= 0xdfff) || c == 0xfffe || c == 0xffff)
		return 0;
	return n;
}

static void escape(struct gb_buf *out, const char *text, bool attribute)
{
	for (const unsigned char *s = (const unsigned char *)(text ? text : ""); *s;) {
		size_t n = xml_char(s);

		switch (n == 1 ? *s : 0) {
		case '&':
			gb_buf_adds(out, "&amp;");
			break;
		case '<':
			gb_buf_adds(out, "&lt;");
			break;
		case '>': /* ]]> may not stand in text */
			gb_buf_adds(out, "&gt;");
			break;
		case '"':
			gb_buf_adds(out, "&quot;");
			break;
		case '\t': /* a reader makes spaces of these in attributes */
		case '\n':
			if (attribute)
				gb_buf_addf(out, "&#%d;", *s);
			else
				gb_buf_addc(out, (char)*s);
			break;
		default:
			gb_buf_add(out, n ? (const char *)s : REPLACEMENT, n ? n : 3);
		}
		s += n ? n : 1;
	}
}

void gb_xml_text(struct gb_buf *out, const char *text)
{
	escape(out, text, false);
}

void gb_xml_attribute(struct gb_buf *out, const char *name, const char *value)
{
	gb_buf_addf(out, " %s=\"", name);
	escape(out, value, true);
	gb_buf_addc(out, '"');
}
