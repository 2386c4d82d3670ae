/* html - see html.h. */
#include "base/html.h"

#include "base/buf.h"
#include "base/utf8.h"

#include <string.h>

/*
 * Hands on one character after the other, made safe; `plain` are single bytes that `special`
 * writes in its own way.
 */
static void escape(struct gb_buf *out, const char *text, const char *plain,
		   void (*special)(struct gb_buf *, char))
{
	size_t left = text ? strlen(text) : 0;

	while (left) {
		uint32_t cp;
		size_t n = gb_utf8_decode(text, left, &cp);

		if (n == 1 && (strchr(plain, *text) || *text == '\n' || *text == '\t'))
			special(out, *text);
		else if (!n || gb_utf8_unsafe(cp))
			gb_buf_adds(out, GB_UTF8_REPLACEMENT);
		else
			gb_buf_add(out, text, n);
		text += n ? n : 1;
		left -= n ? n : 1;
	}
}

static void as_entity(struct gb_buf *out, char c)
{
	if (c == '\n' || c == '\t')
		gb_buf_addc(out, c);
	else
		gb_buf_addf(out, "&#%d;", c);
}

static void as_json(struct gb_buf *out, char c)
{
	if (c == '"' || c == '\\')
		gb_buf_addf(out, "\\%c", c);
	else
		gb_buf_addf(out, "\\u%04x", (unsigned)c);
}

void gb_html_text(struct gb_buf *out, const char *text)
{
	escape(out, text, "&<>\"'", as_entity);
}

void gb_html_attribute(struct gb_buf *out, const char *name, const char *value)
{
	gb_buf_addf(out, " %s=\"", name);
	gb_html_text(out, value);
	gb_buf_addc(out, '"');
}

void gb_html_json(struct gb_buf *out, const char *text)
{
	gb_buf_addc(out, '"');
	escape(out, text, "\"\\<>&", as_json);
	gb_buf_addc(out, '"');
}

static const struct gb_html_part *part_of(const struct gb_html_part *parts, const char *mark,
					  size_t len)
{
	while (parts->mark && !(strlen(parts->mark) == len && memcmp(parts->mark, mark, len) == 0))
		parts++;
	return parts;
}

void gb_html_fill(struct gb_buf *out, const char *page, size_t len,
		  const struct gb_html_part *parts)
{
	const char *end = page + len, *open;

	while ((open = memmem(page, (size_t)(end - page), "{{", 2)) != NULL) {
		const char *close = memmem(open, (size_t)(end - open), "}}", 2);
		const struct gb_html_part *part;

		if (!close)
			break;
		part = part_of(parts, open + 2, (size_t)(close - open - 2));
		gb_buf_add(out, page, (size_t)(open - page));
		gb_buf_add(out, part->html ? part->html : "", part->mark ? part->len : 0);
		page = close + 2;
	}
	gb_buf_add(out, page, (size_t)(end - page));
}
