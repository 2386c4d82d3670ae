/* What could not be measured or did not pass, with the end of what it printed. */
#include "base/buf.h"
#include "base/limits.h"
#include "base/text.h"
#include "report/page.h"
#include "report/part.h"
#include "report/say.h"

#include <string.h>

#define LINES_SHOWN ((size_t)12)

/* The last lines of the output, or all of it with -v; each made safe on its own. */
static void output_lines(struct gb_page *p, const char *output)
{
	size_t lines = 0, len = strlen(output);
	const char *from = output + len;

	while (len && output[len - 1] == '\n')
		len--;
	from = output + len;
	while (from > output) {
		const char *start = from;

		while (start > output && start[-1] != '\n')
			start--;
		if (!p->verbose && lines == LINES_SHOWN)
			break;
		lines++;
		from = start > output ? start - 1 : output;
	}
	if (from > output) {
		gb_page_spaces(p, 4);
		gb_page_put(p, GB_DIM, "│ … (-v shows more)");
		gb_page_line(p);
		from++;
	}
	while (from < output + len) {
		const char *end = memchr(from, '\n', (size_t)(output + len - from));
		_part_ struct gb_part line = GB_PART(p->out);
		size_t n = end ? (size_t)(end - from) : (size_t)(output + len - from);

		gb_buf_add(&line.b, from, n);
		gb_page_spaces(p, 4);
		gb_page_put(p, GB_DIM, line.b.len ? "│ " : "│");
		gb_page_put(p, GB_PLAIN, line.b.data);
		gb_page_line(p);
		from += n + 1;
	}
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
	} else {
		column += gb_page_put(p, style, gb_say_trouble(t->kind));
		if (!t->text || !*t->text)
			gb_page_line(p);
	}
	if (t->text && *t->text) {
		if (t->test) {
			gb_page_spaces(p, 4);
			gb_page_wrap(p, GB_PLAIN, t->text, 4, 6);
		} else {
			gb_page_put(p, GB_PLAIN, ": ");
			gb_page_wrap(p, GB_PLAIN, t->text, column + 2, 4);
		}
	}
	if (test && test->flags_only) {
		gb_page_spaces(p, 4);
		gb_page_wrap(p, GB_YELLOW,
			     "fails only under gobudget's -gcflags: it passes without them", 4, 6);
	}
	if (t->output && *t->output)
		output_lines(p, t->output);
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
