/* Part of merge.c: all shards looked at the same commits, each with columns of its own. */
#include "report/merging.h"

#include "base/err.h"
#include "base/text.h"

#include <string.h>

static const struct gb_report_commits *commits_of(const struct gb_merging *m, size_t i)
{
	return m->nothing[i] ? NULL : m->parts[i]->report.commits;
}

static bool same_commits(const struct gb_report_commits *a, const struct gb_report_commits *b)
{
	if (a->n != b->n || a->more != b->more)
		return false;
	for (size_t i = 0; i < a->n; i++)
		if (strcmp(a->v[i].id, b->v[i].id) != 0)
			return false;
	return true;
}

static bool same_column(const struct gb_report_column *a, const struct gb_report_column *b)
{
	return a->metric == b->metric && gb_streq(a->test, b->test) &&
	       gb_streq(a->package, b->package);
}

/* A shard that knows values of it; a column that none knows of was dropped by each. */
static void take_column(const struct gb_merging *m, const struct gb_report_column *column,
			struct gb_report_commits *out)
{
	for (size_t i = 0; i < m->n; i++) {
		const struct gb_report_commits *c = commits_of(m, i);

		for (size_t k = 0; c && same_commits(c, out) && k < c->n_columns; k++) {
			if (!same_column(&c->columns[k], column))
				continue;
			for (size_t n = 0; n < out->n; n++) {
				out->v[n].has[out->n_columns] = c->v[n].has[k];
				out->v[n].measured[out->n_columns] = c->v[n].measured[k];
			}
			out->columns[out->n_columns++] = *column;
			return;
		}
	}
}

int gb_merge_commits(const struct gb_merging *m, struct gb_err *err)
{
	struct gb_report_column columns[GB_REPORT_COMMIT_COLUMNS];
	const struct gb_report_commits *like = NULL;
	struct gb_report_commits *out;
	size_t n = gb_commits_columns(&m->out->verdicts, columns);

	for (size_t i = 0; i < m->n && !like; i++)
		like = commits_of(m, i);
	if (!like)
		return 0;
	if (!(out = gb_merge_array(m->out, 1, sizeof(*out), err)) ||
	    !(out->v = gb_merge_array(m->out, like->n, sizeof(*out->v), err)))
		return GB_ENOMEM;
	if (like->n)
		memcpy(out->v, like->v, like->n * sizeof(*out->v));
	out->n = like->n;
	out->more = like->more;
	for (size_t i = 0; i < out->n; i++)
		memset(out->v[i].has, 0, sizeof(out->v[i].has));
	for (size_t i = 0; i < n; i++)
		take_column(m, &columns[i], out);
	m->out->report.commits = out;
	return 0;
}
