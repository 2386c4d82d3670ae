/* All that the compiler said of each package, for -v: values on the heap with their way there,
 * what closures capture, parameters that leak. */
#include "base/buf.h"
#include "base/text.h"
#include "report/page.h"
#include "report/part.h"
#include "report/say.h"

#include <string.h>

#define INDENT ((size_t)2)

static void row(struct gb_page *p, struct gb_part *text, enum gb_style style, size_t indent)
{
	gb_page_spaces(p, indent);
	gb_page_wrap(p, style, text->b.data, indent, indent + 2);
	gb_part_clear(text);
}

static void steps(struct gb_page *p, const struct gb_escape_step *v, size_t n)
{
	_part_ struct gb_part text = GB_PART(p->out);

	for (size_t i = 0; i < n; i++) {
		if (!*v[i].expr)
			continue;
		gb_buf_addf(&text.b, "%s (%s)", v[i].expr, v[i].why);
		if (v[i].file)
			gb_buf_addf(&text.b, " at %s:%d", v[i].file, v[i].line);
		row(p, &text, GB_DIM, INDENT + 4);
	}
}

static void values(struct gb_page *p, const struct gb_escapes *e, const struct gb_escape_package *k)
{
	_part_ struct gb_part text = GB_PART(p->out);

	for (size_t i = k->first; i < k->first + k->n; i++) {
		if (!gb_escape_counts(e, &e->v[i]))
			continue;
		gb_say_escape(&text.b, e, &e->v[i]);
		row(p, &text, GB_PLAIN, INDENT);
		steps(p, e->v[i].steps, e->v[i].n_steps);
	}
}

static void closures(struct gb_page *p, const struct gb_escapes *e, const char *package)
{
	_part_ struct gb_part text = GB_PART(p->out);

	for (size_t i = 0; i < e->n_closures; i++) {
		const struct gb_closure *c = &e->closures[i];

		if (strcmp(c->package, package) != 0 || gb_ends(c->file, "_test.go") ||
		    c->n_captures == 0)
			continue;
		gb_buf_addf(&text.b, "%s:%d, %s: captures ", c->file, c->line,
			    *c->name ? c->name : "anonymous function");
		gb_closure_say(c, &text.b);
		row(p, &text, GB_PLAIN, INDENT);
	}
}

static void parameters(struct gb_page *p, const struct gb_escapes *e, const char *package)
{
	_part_ struct gb_part text = GB_PART(p->out);

	for (size_t i = 0; i < e->n_params; i++) {
		const struct gb_leak_param *x = &e->params[i];

		if (strcmp(x->package, package) != 0 || gb_ends(x->file, "_test.go"))
			continue;
		gb_buf_addf(&text.b, "%s:%d, %s: ", x->file, x->line, x->func);
		gb_leak_say(x, &text.b);
		row(p, &text, GB_DIM, INDENT);
	}
}

void gb_page_heap(struct gb_page *p, const struct gb_report *r)
{
	const struct gb_escapes *e = r->escapes ? r->escapes->head : NULL;

	for (size_t i = 0; e && i < e->n_packages; i++) {
		const struct gb_escape_package *k = &e->packages[i];
		_part_ struct gb_part text = GB_PART(p->out);

		gb_buf_addf(&text.b, "%s: %lld on the heap", k->path, (long long)k->heap);
		gb_page_put(p, GB_BOLD, text.b.data);
		gb_page_line(p);
		values(p, e, k);
		closures(p, e, k->path);
		parameters(p, e, k->path);
		gb_page_line(p);
	}
}
