/* markdown_text - the one escaper for Markdown.  See markdown.h. */
#include "report/markdown.h"

#include "base/buf.h"
#include "base/text.h"
#include "base/utf8.h"
#include "report/part.h"

#include <string.h>

static bool is_plain(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == ' ' || c == '/' || c == '-';
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Harmless where all else is escaped, and easier to read in a mail that does not render. */
static bool is_plain_prose(const char *s, const char *start)
{
	if (*s == '.')
		return s > start && is_digit(s[-1]) && is_digit(s[1]);
	return strchr(",;%?'\"()+", *s) != NULL;
}

static void entities(struct gb_buf *out, const char *safe, bool prose)
{
	for (const char *start = safe; *safe; safe++) {
		if ((unsigned char)*safe >= 0x80 || is_plain(*safe) ||
		    (prose && is_plain_prose(safe, start)))
			gb_buf_addc(out, *safe);
		else if (*safe == '@' || (prose && *safe == '#'))
			gb_buf_addf(out, "<span>&#%d;</span>", *safe);
		else
			gb_buf_addf(out, "&#%d;", *safe);
	}
}

static void fitted(struct gb_buf *out, const char *text, size_t columns, bool prose)
{
	_part_ struct gb_part safe = GB_PART(out), fit = GB_PART(out);

	gb_text_safe(&safe.b, text);
	gb_text_fit(&fit.b, safe.b.data, columns);
	entities(out, fit.b.data, prose);
}

void gb_md_code(struct gb_buf *out, const char *name)
{
	if (!name || !*name)
		return;
	gb_buf_adds(out, "<code>");
	fitted(out, name, GB_MD_NAME, false);
	gb_buf_adds(out, "</code>");
}

void gb_md_prose(struct gb_buf *out, const char *sentence)
{
	fitted(out, sentence, GB_MD_PROSE, true);
}

/* Where the last `lines` lines begin, of a text without blanks at its end. */
static const char *last_lines(const char *text, const char *end, size_t lines)
{
	while (end > text) {
		if (end[-1] == '\n' && --lines == 0)
			break;
		end--;
	}
	return end;
}

static void pre_line(struct gb_buf *out, const char *line, size_t len)
{
	_part_ struct gb_part text = GB_PART(out), spread = GB_PART(out);

	for (size_t i = 0; i < len; i++) {
		if (line[i] == '\t')
			gb_buf_adds(&spread.b, "    ");
		else
			gb_buf_addc(&spread.b, line[i]);
	}
	gb_text_safe(&text.b, spread.b.data);
	/* A blank line would do no harm in <pre>, but some renderers think so. */
	entities(out, text.b.len ? text.b.data : " ", false);
	gb_buf_addc(out, '\n');
}

void gb_md_pre(struct gb_buf *out, const char *text, size_t lines, size_t max)
{
	const char *end = text + strlen(text), *from;
	_part_ struct gb_part all = GB_PART(out);

	while (end > text && (end[-1] == '\n' || end[-1] == ' '))
		end--;
	from = last_lines(text, end, lines);
	gb_buf_adds(&all.b, "<pre>\n");
	if (from > text)
		gb_buf_adds(&all.b, "&#8230;\n");
	while (from < end) {
		const char *newline = memchr(from, '\n', (size_t)(end - from));
		size_t len = newline ? (size_t)(newline - from) : (size_t)(end - from);
		_part_ struct gb_part line = GB_PART(out);

		pre_line(&line.b, from, len);
		if (all.b.len + line.b.len > max) {
			gb_buf_adds(&all.b, "&#8230;\n");
			break;
		}
		gb_buf_add(&all.b, line.b.data, line.b.len);
		from += len + (newline != NULL);
	}
	gb_buf_adds(&all.b, "</pre>\n");
	gb_buf_add(out, all.b.data, all.b.len);
}
