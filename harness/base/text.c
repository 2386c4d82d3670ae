/* text - see text.h; gb_glob is in glob.c. */
#include "base/text.h"

#include <string.h>

#include "base/buf.h"
#include "base/utf8.h"

bool gb_starts(const char *s, const char *prefix)
{
	return strncmp(s, prefix, strlen(prefix)) == 0;
}

bool gb_ends(const char *s, const char *suffix)
{
	size_t n = strlen(s), m = strlen(suffix);

	return n >= m && memcmp(s + n - m, suffix, m) == 0;
}

bool gb_streq(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

/* The next character: its bytes (1 for an invalid one) and its columns. */
static size_t step(const char *s, size_t left, size_t *ret_width)
{
	uint32_t cp;
	size_t n = gb_utf8_decode(s, left, &cp);

	*ret_width = n ? gb_utf8_width(cp) : 1;
	return n ? n : 1;
}

static size_t width_of(const char *s, size_t len)
{
	size_t columns = 0;

	while (len) {
		size_t width, n = step(s, len, &width);

		columns += width;
		s += n;
		len -= n;
	}
	return columns;
}

size_t gb_text_width(const char *s)
{
	return width_of(s, strlen(s));
}

/* How much of s is printable ASCII: most names are nothing else. */
static size_t plain(const char *s)
{
	size_t n = 0;

	while (s[n] >= ' ' && s[n] <= '~')
		n++;
	return n;
}

void gb_text_safe(struct gb_buf *out, const char *s)
{
	size_t left = strlen(s), marks = 0;

	while (left) {
		uint32_t cp;
		size_t n = plain(s);

		if (n) {
			gb_buf_add(out, s, n);
			s += n;
			left -= n;
			marks = 0;
			continue;
		}
		n = gb_utf8_decode(s, left, &cp);
		marks = n && gb_utf8_width(cp) == 0 ? marks + 1 : 0;
		if (n && (cp == '\n' || cp == '\t'))
			gb_buf_addc(out, ' ');
		else if (!n || gb_utf8_unsafe(cp))
			gb_buf_adds(out, GB_UTF8_REPLACEMENT);
		else if (marks <= GB_TEXT_MARKS)
			gb_buf_add(out, s, n);
		s += n ? n : 1;
		left -= n ? n : 1;
	}
}

/* The end gets the odd column: names differ more often there. */
void gb_text_fit(struct gb_buf *out, const char *s, size_t columns)
{
	size_t len = strlen(s), total = width_of(s, len);
	size_t head = 0, tail = 0, taken = 0, skipped = 0, width;

	if (total <= columns) {
		gb_buf_add(out, s, len);
		return;
	}
	if (!columns)
		return;
	for (;;) {
		size_t n = step(s + head, len - head, &width);

		if (taken + width > (columns - 1) / 2)
			break;
		taken += width;
		head += n;
	}
	while (total - skipped > columns - 1 - taken) {
		tail += step(s + tail, len - tail, &width);
		skipped += width;
	}
	/* A combining mark whose base was cut would sit on the ellipsis. */
	while (tail < len) {
		size_t n = step(s + tail, len - tail, &width);

		if (width)
			break;
		tail += n;
	}
	gb_buf_add(out, s, head);
	gb_buf_adds(out, GB_UTF8_ELLIPSIS);
	gb_buf_add(out, s + tail, len - tail);
}
