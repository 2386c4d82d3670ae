/* html_commits - the commits of a change as a table. */
#include "report/html.h"

#include "base/buf.h"
#include "base/html.h"
#include "report/commits.h"
#include "report/part.h"

#define ID_SHOWN 12

static void head(struct gb_buf *out, const struct gb_report_commits *c)
{
	gb_buf_adds(out, "<thead>\n<tr>\n<th scope=\"col\">Commit</th>\n<th scope=\"col\">Author"
			 "</th>\n<th scope=\"col\">Subject</th>\n<th scope=\"col\">Budgets</th>\n");
	for (size_t i = 0; i < c->n_columns; i++) {
		_part_ struct gb_part title = GB_PART(out);

		gb_say_column(&title.b, &c->columns[i]);
		gb_buf_adds(out, "<th scope=\"col\" class=\"n\">");
		gb_html_text(out, title.b.data);
		gb_buf_adds(out, "</th>\n");
	}
	gb_buf_adds(out, "</tr>\n</thead>\n");
}

static void row(struct gb_buf *out, const struct gb_report_commits *all,
		const struct gb_report_commit *c)
{
	_part_ struct gb_part text = GB_PART(out);
	char number[48];

	gb_buf_addf(out, "<tr><th scope=\"row\"><code>%.*s</code></th>", ID_SHOWN, c->id);
	gb_html_element(out, "td", NULL, c->author);
	gb_html_element(out, "td", NULL, c->subject);
	gb_say_commit(&text.b, c);
	gb_html_element(out, "td", NULL, text.b.data);
	for (size_t i = 0; i < all->n_columns; i++)
		gb_html_element(out, "td", "n",
				c->has[i] ? gb_metric_format(number, sizeof(number),
							     all->columns[i].metric, c->measured[i])
					  : "");
	gb_buf_adds(out, "</tr>\n");
}

void gb_html_commits(struct gb_buf *out, const struct gb_report *r)
{
	const struct gb_report_commits *c = r->commits;

	if (!c)
		return;
	gb_buf_adds(out, "<section aria-labelledby=\"commits\">\n"
			 "<h2 id=\"commits\" tabindex=\"-1\">Commits</h2>\n"
			 "<div class=\"scroll\">\n<table>\n"
			 "<caption>What each commit of this change did to budgets</caption>\n");
	head(out, c);
	gb_buf_adds(out, "<tbody>\n");
	for (size_t i = 0; i < c->n; i++)
		row(out, c, &c->v[i]);
	gb_buf_adds(out, "</tbody>\n</table>\n</div>\n");
	if (c->more)
		gb_buf_addf(out, "<p class=\"of\">and %zu older</p>\n", c->more);
	gb_buf_adds(out, "</section>\n");
}
