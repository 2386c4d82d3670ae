/* What the compiler said: values on the heap, what is new since the base, warnings of rules. */
#include "base/buf.h"
#include "base/text.h"
#include "report/page.h"
#include "report/part.h"
#include "report/say.h"

#include <string.h>

#define VALUES_SHOWN   ((size_t)5)
#define CHANGES_SHOWN  ((size_t)20)
#define WARNINGS_SHOWN ((size_t)20)

/* "+ store/cache.go:41  x captured by a closure, stored in m[i]" */
static void value(struct gb_page *p, const struct gb_escapes *e, const struct gb_escape *x,
		  const char *sign, enum gb_style style, size_t indent)
{
	_part_ struct gb_part line = GB_PART(p->out);

	gb_buf_adds(&line.b, sign);
	gb_say_escape(&line.b, e, x);
	gb_page_spaces(p, indent);
	gb_page_wrap(p, style, line.b.data, indent, indent + 2 + strlen(sign));
}

static void more(struct gb_page *p, size_t n, const char *hint, size_t indent)
{
	_part_ struct gb_part text = GB_PART(p->out);

	gb_buf_addf(&text.b, "… and %zu more (-v shows all%s)", n, hint);
	gb_page_spaces(p, indent);
	gb_page_put(p, GB_DIM, text.b.data);
	gb_page_line(p);
}

void gb_page_escapes(struct gb_page *p, const struct gb_report_escapes *e, const char *package,
		     size_t indent)
{
	const struct gb_escape_package *x = e ? gb_escapes_package(e->head, package) : NULL;
	size_t shown = 0, left = 0;

	for (size_t i = x ? x->first : 0; x && i < x->first + x->n; i++) {
		const struct gb_escape *v = &e->head->v[i];

		/* Against a base only what is new did it. */
		if (!gb_escape_counts(e->head, v) ||
		    (e->diff && !gb_escape_diff_is_new(e->diff, v)))
			continue;
		if (shown == VALUES_SHOWN && !p->verbose) {
			left++;
			continue;
		}
		value(p, e->head, v, e->diff ? "+ " : "", GB_PLAIN, indent);
		shown++;
	}
	if (left)
		more(p, left, e->diff ? "" : ", --base REV only what is new", indent);
}

/* Those below a verdict on their package are told already. */
static bool is_told(const struct gb_report *r, const struct gb_escape *x)
{
	for (size_t i = 0; i < r->verdicts->n; i++) {
		const struct gb_judgement *j = &r->verdicts->v[i];

		if (j->metric == GB_ESCAPES && !strcmp(j->package_path, x->package))
			return j->verdict == GB_V_OVER || j->verdict == GB_V_GREW;
	}
	return false;
}

static void changes(struct gb_page *p, const struct gb_report *r, const struct gb_escapes *set,
		    const struct gb_escape *const *v, size_t n, const char *sign)
{
	size_t shown = 0, left = 0;

	for (size_t i = 0; i < n; i++) {
		if (set == r->escapes->head && is_told(r, v[i]))
			continue;
		if (shown == CHANGES_SHOWN && !p->verbose) {
			left++;
			continue;
		}
		value(p, set, v[i], sign, GB_PLAIN, 2);
		shown++;
	}
	if (left)
		more(p, left, "", 2);
	gb_page_line(p);
}

/* How many of them are not told yet. */
static size_t untold(const struct gb_report *r)
{
	const struct gb_escape_diff *d = r->escapes->diff;
	size_t n = 0;

	for (size_t i = 0; i < d->n_fresh; i++)
		n += !is_told(r, d->fresh[i]);
	return n;
}

static void heading(struct gb_page *p, size_t n, const char *what, const char *base)
{
	_part_ struct gb_part text = GB_PART(p->out);

	gb_buf_addf(&text.b, "%s %s: %zu", what, base, n);
	gb_page_put(p, GB_BOLD, text.b.data);
	gb_page_line(p);
}

void gb_page_escape_changes(struct gb_page *p, const struct gb_report *r)
{
	const struct gb_report_escapes *e = r->escapes;

	if (!e || !e->diff)
		return;
	if (untold(r)) {
		heading(p, untold(r), "on the heap, and not at", e->base);
		changes(p, r, e->head, e->diff->fresh, e->diff->n_fresh, "+ ");
	}
	if (e->diff->n_gone) {
		heading(p, e->diff->n_gone, "no longer on the heap, but at", e->base);
		changes(p, r, e->base_set, e->diff->gone, e->diff->n_gone, "- ");
	}
}

static void warning(struct gb_page *p, const struct gb_warning *w)
{
	_part_ struct gb_part head = GB_PART(p->out), fix = GB_PART(p->out);

	gb_say_warning(&head.b, w);
	gb_page_spaces(p, 2);
	gb_page_wrap(p, GB_PLAIN, head.b.data, 2, 4);
	gb_buf_addf(&fix.b, "fix: %s", w->fix);
	gb_page_spaces(p, 4);
	gb_page_wrap(p, GB_DIM, fix.b.data, 4, 9);
}

void gb_page_rules(struct gb_page *p, const struct gb_report_escapes *e)
{
	size_t n = e && e->warnings ? e->warnings->n : 0;
	size_t shown = p->verbose || n < WARNINGS_SHOWN ? n : WARNINGS_SHOWN;

	if (!n)
		return;
	gb_page_put(p, GB_YELLOW, "from the compiler");
	gb_page_line(p);
	for (size_t i = 0; i < shown; i++)
		warning(p, &e->warnings->v[i]);
	if (n > shown)
		more(p, n - shown, "", 2);
	gb_page_line(p);
}
