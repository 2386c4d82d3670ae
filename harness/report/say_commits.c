/* The commits of a change in words. */
#include "report/commits.h"

#include "base/buf.h"
#include "base/text.h"
#include "report/say.h"

static void count(struct gb_buf *out, size_t start, size_t n, const char *word)
{
	if (n)
		gb_buf_addf(out, "%s%zu %s", out->len > start ? ", " : "", n, word);
}

void gb_say_commit(struct gb_buf *out, const struct gb_report_commit *c)
{
	size_t start = out->len;

	count(out, start, c->raised, "raised");
	count(out, start, c->lowered, "lowered");
	count(out, start, c->added, "new");
	count(out, start, c->removed, "removed");
}

void gb_say_column(struct gb_buf *out, const struct gb_report_column *column)
{
	gb_say_func(out, column->package);
	gb_buf_addf(out, ".%s %s", column->test, gb_metrics[column->metric].name);
}

bool gb_commits_tell(const struct gb_report_commits *c)
{
	for (size_t i = 0; i < c->n; i++) {
		const struct gb_report_commit *x = &c->v[i];

		if (x->raised || x->lowered || x->added || x->removed)
			return true;
		for (size_t k = 0; k < c->n_columns; k++)
			if (x->has[k])
				return true;
	}
	return false;
}

static bool is_column(const struct gb_judgement *j)
{
	switch (j->verdict) {
	case GB_V_OVER:
	case GB_V_GREW:
	case GB_V_RAISED:
	case GB_V_DRIFT:
	case GB_V_INHERITED:
	case GB_V_WAIVED:
		return j->metric >= 0 && j->test_name && j->by != GB_BY_LIVING;
	default:
		return false;
	}
}

size_t gb_commits_columns(const struct gb_verdicts *v,
			  struct gb_report_column ret[GB_REPORT_COMMIT_COLUMNS])
{
	size_t n = 0;

	for (size_t i = 0; i < v->n && n < GB_REPORT_COMMIT_COLUMNS; i++) {
		const struct gb_judgement *j = &v->v[i];
		bool twice = false;

		for (size_t k = 0; k < n; k++)
			twice = twice || ((int)ret[k].metric == j->metric &&
					  gb_streq(ret[k].test, j->test_name) &&
					  gb_streq(ret[k].package, j->package_path));
		if (is_column(j) && !twice)
			ret[n++] = (struct gb_report_column){ j->package_path, j->test_name,
							      (enum gb_metric)j->metric };
	}
	return n;
}
