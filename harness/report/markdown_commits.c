/* The commits of a change, folded. */
#include "report/markdown.h"

#include "base/buf.h"
#include "report/commits.h"
#include "report/part.h"

#define ID_SHOWN 12

static void head(struct gb_buf *out, const struct gb_report_commits *c)
{
	gb_buf_addf(out,
		    "<details><summary>%zu commits in this change</summary>\n\n"
		    "| Commit | Author | Subject | Budgets |",
		    c->n + c->more);
	for (size_t i = 0; i < c->n_columns; i++) {
		_part_ struct gb_part title = GB_PART(out);

		gb_say_column(&title.b, &c->columns[i]);
		gb_buf_addc(out, ' ');
		gb_md_code(out, title.b.data);
		gb_buf_adds(out, " |");
	}
	gb_buf_adds(out, "\n| --- | --- | --- | --- |");
	for (size_t i = 0; i < c->n_columns; i++)
		gb_buf_adds(out, " ---: |");
	gb_buf_addc(out, '\n');
}

static void row(struct gb_buf *out, const struct gb_report_commits *all,
		const struct gb_report_commit *c)
{
	_part_ struct gb_part text = GB_PART(out);
	char number[48];

	gb_buf_addf(&text.b, "%.*s", ID_SHOWN, c->id);
	gb_buf_adds(out, "| ");
	gb_md_code(out, text.b.data);
	gb_buf_adds(out, " | ");
	gb_md_prose(out, c->author);
	gb_buf_adds(out, " | ");
	gb_md_prose(out, c->subject);
	gb_buf_adds(out, " | ");
	gb_part_clear(&text);
	gb_say_commit(&text.b, c);
	gb_md_prose(out, text.b.data);
	gb_buf_adds(out, " |");
	for (size_t i = 0; i < all->n_columns; i++) {
		gb_buf_addc(out, ' ');
		if (c->has[i])
			gb_md_prose(out, gb_metric_format(number, sizeof(number),
							  all->columns[i].metric, c->measured[i]));
		gb_buf_adds(out, " |");
	}
	gb_buf_addc(out, '\n');
}

void gb_md_commits(struct gb_md *md)
{
	const struct gb_report_commits *c = md->r->commits;
	_part_ struct gb_part part = GB_PART(md->out);

	if (!c)
		return;
	head(&part.b, c);
	for (size_t i = 0; i < c->n; i++)
		row(&part.b, c, &c->v[i]);
	if (c->more)
		gb_buf_addf(&part.b, "\nand %zu older\n", c->more);
	gb_buf_adds(&part.b, "\n</details>\n\n");
	if (!gb_md_add(md, &part.b, 1))
		md->left_out += c->n;
}
