/* What could not be measured or did not pass, with the end of what it printed. */
#include "base/buf.h"
#include "base/limits.h"
#include "base/text.h"
#include "report/page.h"
#include "report/part.h"
#include "report/say.h"

#include <string.h>

#define LINES_SHOWN ((size_t)12)

/* The text of a line that ends at \n or at `end`. */
static size_t line_len(const char *line, const char *end)
{
	const char *newline = memchr(line, '\n', (size_t)(end - line));

	return newline ? (size_t)(newline - line) : (size_t)(end - line);
}

static const char *next_line(const char *line, const char *end)
{
	line += line_len(line, end);
	return line < end ? line + 1 : end;
}

/* The line of the output that says what the trouble's own text says; NULL if none does. */
static const char *same_line(const struct gb_trouble *t, const char *end)
{
	size_t len = t->text ? strlen(t->text) : 0;

	for (const char *line = t->output; len && line && line < end; line = next_line(line, end)) {
		if (line_len(line, end) == len && memcmp(line, t->text, len) == 0)
			return line;
	}
	return NULL;
}

/* Where the last LINES_SHOWN lines begin. */
static const char *last_lines(const char *output, const char *end)
{
	size_t lines = 0;

	while (end > output) {
		if (end[-1] == '\n' && ++lines == LINES_SHOWN)
			break;
		end--;
	}
	return end;
}

static void bar(struct gb_page *p, const char *text, size_t len)
{
	_part_ struct gb_part line = GB_PART(p->out);

	for (size_t i = 0; i < len; i++) {
		if (text[i] == '\t')
			gb_buf_adds(&line.b, "    ");
		else
			gb_buf_addc(&line.b, text[i]);
	}
	gb_page_spaces(p, 4);
	gb_page_put(p, GB_DIM, line.b.len ? "│ " : "│");
	gb_page_put(p, GB_PLAIN, line.b.data);
	gb_page_line(p);
}

/*
 * The last lines; of a panic or a compiler's complaints the first, from what
 * the trouble is about; with -v all of it.
 */
static void output_lines(struct gb_page *p, const struct gb_trouble *t)
{
	const char *end = t->output + strlen(t->output), *from, *same;
	size_t lines = 0;

	while (end > t->output && end[-1] == '\n')
		end--;
	same = same_line(t, end);
	from = p->verbose ? t->output : same ? same : last_lines(t->output, end);
	if (from > t->output && !same)
		bar(p, "… (-v shows more)", strlen("… (-v shows more)"));
	for (; from < end; from = next_line(from, end)) {
		if (!p->verbose && lines++ == LINES_SHOWN) {
			bar(p, "… (-v shows more)", strlen("… (-v shows more)"));
			break;
		}
		bar(p, from, line_len(from, end));
	}
}

/* Nothing that the heading or the output does not say. */
static bool is_said(const struct gb_trouble *t)
{
	if (!t->text || !*t->text || gb_streq(t->text, gb_say_trouble(t->kind)) ||
	    gb_streq(t->text, gb_trouble_name(t->kind)))
		return true;
	return t->output && same_line(t, t->output + strlen(t->output));
}

static void one_trouble(struct gb_page *p, const struct gb_package *k, const struct gb_trouble *t)
{
	const struct gb_test *test = t->test ? gb_package_test(k, t->test) : NULL;
	enum gb_style style = t->warning ? GB_YELLOW : GB_RED;
	size_t column = 2;

	gb_page_spaces(p, 2);
	if (t->test) {
		column += gb_page_put(p, style, gb_trouble_name(t->kind));
		gb_page_spaces(p, 2);
		gb_page_test(p, t->test, test, column + 2);
		if (!is_said(t)) {
			gb_page_spaces(p, 4);
			gb_page_wrap(p, GB_PLAIN, t->text, 4, 6);
		}
	} else {
		column += gb_page_put(p, style, gb_say_trouble(t->kind));
		if (!is_said(t)) {
			gb_page_put(p, GB_PLAIN, ": ");
			gb_page_wrap(p, GB_PLAIN, t->text, column + 2, 4);
		} else {
			gb_page_line(p);
		}
	}
	/* Measuring says so in the trouble's own words, and with which flags. */
	if (test && test->flags_only && !strstr(t->text, "fails only")) {
		gb_page_spaces(p, 4);
		gb_page_wrap(p, GB_YELLOW,
			     "fails only under gobudget's -gcflags: it passes without them", 4, 6);
	}
	if (t->output && *t->output)
		output_lines(p, t);
}

static bool shown(const struct gb_page *p, const struct gb_trouble *t)
{
	if (!t->warning)
		return true;
	/* A package without tests is nothing to tell about, unless everything is asked for. */
	return p->verbose || (!p->quiet && t->kind != GB_TROUBLE_NO_TESTS);
}

void gb_page_troubles(struct gb_page *p, const struct gb_report *r)
{
	for (size_t i = 0; i < r->run->n_packages; i++) {
		const struct gb_package *k = &r->run->packages[i];
		bool begun = false;

		for (size_t t = 0; t < k->n_troubles; t++) {
			if (!shown(p, &k->troubles[t]))
				continue;
			if (!begun)
				gb_page_package(p, k->module, k->path);
			begun = true;
			one_trouble(p, k, &k->troubles[t]);
		}
		if (begun)
			gb_page_line(p);
	}
}
