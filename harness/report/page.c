#include "report/page.h"
#include "report/part.h"

#include "base/buf.h"
#include "base/text.h"
#include "report/say.h"

#include <string.h>

static void put_safe(struct gb_page *p, enum gb_style style, const char *safe)
{
	bool styled = p->colour && style != GB_PLAIN && *safe;

	if (styled)
		gb_buf_adds(p->out, gb_style_on(true, style));
	gb_buf_adds(p->out, safe);
	if (styled)
		gb_buf_adds(p->out, gb_style_off(true));
}

size_t gb_page_put(struct gb_page *p, enum gb_style style, const char *text)
{
	_part_ struct gb_part safe = GB_PART(p->out);

	gb_text_safe(&safe.b, text);
	put_safe(p, style, safe.b.data);
	return gb_text_width(safe.b.data);
}

size_t gb_page_fit(struct gb_page *p, enum gb_style style, const char *text, size_t columns)
{
	_part_ struct gb_part safe = GB_PART(p->out), fitted = GB_PART(p->out);

	gb_text_safe(&safe.b, text);
	gb_text_fit(&fitted.b, safe.b.data, columns);
	put_safe(p, style, fitted.b.data);
	return gb_text_width(fitted.b.data);
}

void gb_page_spaces(struct gb_page *p, size_t n)
{
	gb_buf_fill(p->out, ' ', n);
}

void gb_page_cell(struct gb_page *p, enum gb_style style, const char *text, size_t columns,
		  bool right)
{
	size_t width = gb_text_width(text);
	size_t fill = width < columns ? columns - width : 0;

	if (right)
		gb_page_spaces(p, fill);
	put_safe(p, style, text);
	if (!right)
		gb_page_spaces(p, fill);
}

void gb_page_line(struct gb_page *p)
{
	gb_buf_addc(p->out, '\n');
}

size_t gb_page_words(struct gb_page *p, enum gb_style style, const char *text, size_t column,
		     size_t indent)
{
	_part_ struct gb_part safe = GB_PART(p->out), word = GB_PART(p->out);
	_part_ struct gb_part line = GB_PART(p->out);

	gb_text_safe(&safe.b, text);
	for (const char *s = safe.b.data; *s;) {
		size_t len = strcspn(s, " "), width;

		gb_part_clear(&word);
		gb_buf_add(&word.b, s, len);
		width = gb_text_width(word.b.data);
		if (line.b.len && column + 1 + width > p->width) {
			put_safe(p, style, line.b.data);
			gb_page_line(p);
			gb_page_spaces(p, indent);
			gb_part_clear(&line);
			column = indent;
		} else if (line.b.len) {
			gb_buf_addc(&line.b, ' ');
			column++;
		}
		if (width > p->width - indent) {
			size_t before = gb_text_width(line.b.data);

			gb_text_fit(&line.b, word.b.data, p->width - indent);
			width = gb_text_width(line.b.data) - before;
		} else {
			gb_buf_adds(&line.b, word.b.data);
		}
		column += width;
		s += len;
		s += strspn(s, " ");
	}
	put_safe(p, style, line.b.data);
	return column;
}

void gb_page_wrap(struct gb_page *p, enum gb_style style, const char *text, size_t column,
		  size_t indent)
{
	gb_page_words(p, style, text, column, indent);
	gb_page_line(p);
}

void gb_page_package(struct gb_page *p, const char *module, const char *path)
{
	size_t n = module ? strlen(module) : 0;

	if (n && gb_starts(path, module) && path[n] == '/' && n < p->width / 2) {
		_part_ struct gb_part head = GB_PART(p->out);

		gb_buf_add(&head.b, path, n + 1);
		n = gb_page_put(p, GB_DIM, head.b.data);
		gb_page_fit(p, GB_BOLD, path + head.b.len, p->width - n);
	} else {
		gb_page_fit(p, GB_BOLD, path, p->width);
	}
	gb_page_line(p);
}

void gb_page_test(struct gb_page *p, const char *name, const struct gb_test *t, size_t column)
{
	_part_ struct gb_part site = GB_PART(p->out);
	size_t room = p->width - column, place = 0;

	if (t) {
		gb_say_site(&site.b, &t->site);
		place = gb_text_width(site.b.data);
	}
	/* A name has half of the line for itself, whatever its file is called. */
	if (place && room > place + 2 + room / 2)
		room -= place + 2;
	else if (place)
		room = room / 2;
	room = gb_page_fit(p, GB_PLAIN, name, room);
	if (place) {
		gb_page_spaces(p, 2);
		gb_page_fit(p, GB_DIM, site.b.data, p->width - column - room - 2);
	}
	gb_page_line(p);
}
