/* "commits" of the JSON report; null where no range of commits was looked at. */
#include "report/commits.h"
#include "report/json_parts.h"

static void one_commit(struct gb_jsonw *w, const struct gb_report_commits *all,
		       const struct gb_report_commit *c)
{
	gb_jsonw_open(w, NULL, '{', true);
	gb_jsonw_string(w, "commit", c->id);
	gb_jsonw_string(w, "author", c->author);
	gb_jsonw_string(w, "subject", c->subject);
	gb_jsonw_int(w, "raised", (int64_t)c->raised);
	gb_jsonw_int(w, "lowered", (int64_t)c->lowered);
	gb_jsonw_int(w, "added", (int64_t)c->added);
	gb_jsonw_int(w, "removed", (int64_t)c->removed);
	gb_jsonw_open(w, "measured", '[', true);
	for (size_t i = 0; i < all->n_columns; i++) {
		if (c->has[i])
			gb_json_metric(w, NULL, (int)all->columns[i].metric, c->measured[i]);
		else
			gb_jsonw_null(w, NULL);
	}
	gb_jsonw_close(w, ']');
	gb_jsonw_close(w, '}');
}

void gb_json_commits(struct gb_jsonw *w, const struct gb_report *r)
{
	const struct gb_report_commits *c = r->commits;

	if (!c) {
		gb_jsonw_null(w, "commits");
		return;
	}
	gb_jsonw_open(w, "commits", '{', false);
	gb_jsonw_int(w, "more", (int64_t)c->more);
	gb_jsonw_open(w, "columns", '[', false);
	for (size_t i = 0; i < c->n_columns; i++) {
		gb_jsonw_open(w, NULL, '{', true);
		gb_jsonw_string(w, "package", c->columns[i].package);
		gb_jsonw_string(w, "test", c->columns[i].test);
		gb_jsonw_string(w, "metric", gb_metrics[c->columns[i].metric].name);
		gb_jsonw_close(w, '}');
	}
	gb_jsonw_close(w, ']');
	gb_jsonw_open(w, "list", '[', false);
	for (size_t i = 0; i < c->n; i++)
		one_commit(w, c, &c->v[i]);
	gb_jsonw_close(w, ']');
	gb_jsonw_close(w, '}');
}
