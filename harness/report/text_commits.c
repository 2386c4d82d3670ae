/* The commits of a change, a line for each, and a line for what was measured there. */
#include "base/buf.h"
#include "base/text.h"
#include "report/commits.h"
#include "report/page.h"
#include "report/part.h"

#define FEW	 ((size_t)10)
#define SUBJECT	 ((size_t)50)
#define AUTHOR	 ((size_t)20)
#define ID_SHOWN 12
#define MEASURED ((size_t)16) /* column */

static void one_value(struct gb_page *p, const struct gb_report_column *column, int64_t value)
{
	_part_ struct gb_part text = GB_PART(p->out);
	char number[48];

	gb_say_column(&text.b, column);
	gb_buf_addf(&text.b, " %s",
		    gb_metric_format(number, sizeof(number), column->metric, value));
	gb_page_spaces(p, MEASURED);
	gb_page_wrap(p, GB_DIM, text.b.data, MEASURED, MEASURED + 2);
}

static void one_commit(struct gb_page *p, const struct gb_report_commits *all,
		       const struct gb_report_commit *c)
{
	_part_ struct gb_part text = GB_PART(p->out);
	size_t column = 2;

	gb_page_spaces(p, 2);
	gb_buf_addf(&text.b, "%.*s", ID_SHOWN, c->id);
	column += gb_page_put(p, GB_YELLOW, text.b.data);
	gb_page_spaces(p, 2);
	column += 2 + gb_page_fit(p, GB_DIM, c->author, AUTHOR);
	gb_page_spaces(p, 2);
	column += 2;
	if (column + 10 < p->width)
		column += gb_page_fit(p, GB_PLAIN, c->subject,
				      p->width - column < SUBJECT ? p->width - column : SUBJECT);
	gb_part_clear(&text);
	gb_say_commit(&text.b, c);
	if (text.b.len && column + 2 + gb_text_width(text.b.data) > p->width) {
		gb_page_line(p);
		gb_page_spaces(p, MEASURED - 2);
	}
	gb_page_spaces(p, text.b.len ? 2 : 0);
	gb_page_put(p, GB_YELLOW, text.b.data);
	gb_page_line(p);
	for (size_t i = 0; i < all->n_columns; i++)
		if (c->has[i])
			one_value(p, &all->columns[i], c->measured[i]);
}

void gb_page_commits(struct gb_page *p, const struct gb_report *r)
{
	const struct gb_report_commits *c = r->commits;
	_part_ struct gb_part text = GB_PART(p->out);

	if (!c || p->quiet || (!p->verbose && (c->n > FEW || c->more || !gb_commits_tell(c))))
		return;
	gb_page_put(p, GB_CYAN, "commits of this change");
	gb_page_line(p);
	for (size_t i = 0; i < c->n; i++)
		one_commit(p, c, &c->v[i]);
	if (c->more) {
		gb_buf_addf(&text.b, "… and %zu older", c->more);
		gb_page_spaces(p, 2);
		gb_page_put(p, GB_DIM, text.b.data);
		gb_page_line(p);
	}
	gb_page_line(p);
}
