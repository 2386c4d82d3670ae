/* args_help - the OPTIONS part of --help.  See args.h. */
#include <string.h>

#include "base/args.h"
#include "base/buf.h"
#include "base/text.h"

#define LEFT_MAX 28 /* a longer option pushes its help to the next line */
#define COLUMNS	 80

static size_t add_left(struct gb_buf *out, const struct gb_opt *o)
{
	size_t before = out->len;

	if (o->letter)
		gb_buf_addf(out, "  -%c, --%s", o->letter, o->name);
	else
		gb_buf_addf(out, "      --%s", o->name);
	if (o->arg)
		gb_buf_addf(out, " %s", o->arg);
	return out->len - before;
}

static size_t left_width(const struct gb_opt *o)
{
	return strlen("      --") + strlen(o->name) + (o->arg ? 1 + strlen(o->arg) : 0);
}

/* Words from column `at` on, broken before COLUMNS. */
static void add_wrapped(struct gb_buf *out, const char *text, size_t at)
{
	size_t column = at;

	while (*text) {
		size_t len = strcspn(text, " ");

		if (column > at && column + 1 + len > COLUMNS) {
			gb_buf_addc(out, '\n');
			gb_buf_fill(out, ' ', at);
			column = at;
		}
		if (column > at) {
			gb_buf_addc(out, ' ');
			column++;
		}
		gb_buf_add(out, text, len);
		column += len;
		text += len;
		text += strspn(text, " ");
	}
}

void gb_args_help(const struct gb_opt *opts, struct gb_buf *out)
{
	size_t at = 0;

	for (const struct gb_opt *o = opts; o->name; o++)
		if (!o->hidden && left_width(o) > at && left_width(o) <= LEFT_MAX)
			at = left_width(o);
	at += 2;
	for (const struct gb_opt *o = opts; o->name; o++) {
		size_t width;

		if (o->hidden)
			continue;
		width = add_left(out, o);
		if (width + 2 > at) {
			gb_buf_addc(out, '\n');
			width = 0;
		}
		gb_buf_fill(out, ' ', at - width);
		add_wrapped(out, o->help, at);
		gb_buf_addc(out, '\n');
	}
}
