/* markdown_text - the one escaper for Markdown.  See markdown.h. */
#include "report/markdown.h"

#include "base/buf.h"
#include "base/text.h"
#include "base/utf8.h"
#include "report/part.h"

#include <string.h>
#include <strings.h>

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

static bool is_emoji(const char *s)
{
	const char *from = ++s;

	while (is_plain(*s) ? *s != ' ' && *s != '/' : *s && strchr("_+", *s))
		s++;
	return s > from && *s == ':';
}

/*
 * What GitHub looks for in the text once Markdown has made it, where an entity is the
 * character again: mentions, issues, emoji, addresses, mathematics.  Each text between tags is
 * looked at by itself.
 */
static bool is_sought(const char *s, const char *start)
{
	switch (*s) {
	case '@':
	case '#':
	case '$':
		return true;
	case ':':
		return gb_starts(s, "://") || is_emoji(s);
	case '.':
		return s - start >= 3 && strncasecmp(s - 3, "www", 3) == 0;
	case '-':
		return s - start >= 2 && strncasecmp(s - 2, "gh", 2) == 0 && is_digit(s[1]);
	default:
		return false;
	}
}

/*
 * How much of what starts a line would make a list of it, or a heading of the line above: "-",
 * "+", "1)".  The other signs of Markdown are entities anyway.
 */
static size_t bullet(const char *s)
{
	size_t digits = strspn(s, "0123456789");
	size_t n = *s == '-' || *s == '+' ? 1 : digits && s[digits] == ')' ? digits + 1 : 0;

	return n && (s[n] == ' ' || s[n] == '-' || s[n] == '\0') ? n : 0;
}

static void entities(struct gb_buf *out, const char *safe, bool prose)
{
	size_t first;

	/* Four blanks, and it is code. */
	if (prose)
		safe += strspn(safe, " ");
	first = prose ? bullet(safe) : 0;
	for (const char *start = safe; *safe; safe++) {
		if (*safe == '@' || (prose && is_sought(safe, start)))
			gb_buf_addf(out, "<span>&#%d;</span>", *safe);
		else if (safe + 1 != start + first &&
			 ((unsigned char)*safe >= 0x80 || is_plain(*safe) ||
			  (prose && is_plain_prose(safe, start))))
			gb_buf_addc(out, *safe);
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
