/* markdown_escapes - what is new on the heap since the base, and what rules warn of; folded. */
#include "report/markdown.h"

#include "base/buf.h"
#include "report/part.h"
#include "report/say.h"

#define SHOWN ((size_t)20)

static void fold(struct gb_md *md, const struct gb_buf *list, size_t n, const char *title,
		 const char *base)
{
	_part_ struct gb_part part = GB_PART(md->out);

	gb_buf_addf(&part.b, "<details><summary>%zu ", n);
	gb_md_prose(&part.b, title);
	if (base) {
		gb_buf_addc(&part.b, ' ');
		gb_md_code(&part.b, base);
	}
	gb_buf_adds(&part.b, "</summary>\n\n");
	gb_buf_add(&part.b, list->data, list->len);
	if (n > SHOWN)
		gb_buf_addf(&part.b, "\nand %zu more\n", n - SHOWN);
	gb_buf_adds(&part.b, "\n</details>\n\n");
	if (!gb_md_add(md, &part.b, 1))
		md->left_out += n;
}

static void changes(struct gb_md *md, const struct gb_escapes *set,
		    const struct gb_escape *const *v, size_t n, const char *title)
{
	_part_ struct gb_part list = GB_PART(md->out);

	for (size_t i = 0; i < n && i < SHOWN; i++) {
		_part_ struct gb_part line = GB_PART(md->out);

		gb_say_escape(&line.b, set, v[i]);
		gb_buf_adds(&list.b, "- ");
		gb_md_prose(&list.b, line.b.data);
		gb_buf_addc(&list.b, '\n');
	}
	if (n)
		fold(md, &list.b, n, title, md->r->escapes->base);
}

static void warnings(struct gb_md *md, const struct gb_warnings *w)
{
	_part_ struct gb_part list = GB_PART(md->out);

	for (size_t i = 0; i < w->n && i < SHOWN; i++) {
		_part_ struct gb_part line = GB_PART(md->out);

		gb_say_warning(&line.b, &w->v[i]);
		gb_buf_adds(&list.b, "- ");
		gb_md_prose(&list.b, line.b.data);
		gb_buf_adds(&list.b, "<br>fix: ");
		gb_md_prose(&list.b, w->v[i].fix);
		gb_buf_addc(&list.b, '\n');
	}
	if (w->n)
		fold(md, &list.b, w->n,
		     w->n == 1 ? "warning from the compiler" : "warnings from the compiler", NULL);
}

void gb_md_escapes(struct gb_md *md)
{
	const struct gb_report_escapes *e = md->r->escapes;

	if (!e)
		return;
	if (e->warnings)
		warnings(md, e->warnings);
	if (!e->diff)
		return;
	changes(md, e->head, e->diff->fresh, e->diff->n_fresh, "on the heap, and not at");
	changes(md, e->base_set, e->diff->gone, e->diff->n_gone, "no longer on the heap, but at");
}
