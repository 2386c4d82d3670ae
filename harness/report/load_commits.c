/* load_commits - the commits of a change; see load.h. */
#include "report/loading.h"

#include <string.h>

static const char *metric_name(int i)
{
	return gb_metrics[i].name;
}

static void load_columns(struct gb_loading *l, const cJSON *list, struct gb_report_commits *c)
{
	size_t n = gb_load_count(l, list, GB_REPORT_COMMIT_COLUMNS, "columns");
	const cJSON *item = list ? list->child : NULL;

	for (size_t i = 0; item && i < n && gb_load_ok(l); i++, item = item->next) {
		struct gb_report_column *x = &c->columns[c->n_columns++];

		if (!cJSON_IsObject(item)) {
			gb_load_fail(l, item, "is no object");
			return;
		}
		x->package = gb_load_string(l, item, "package");
		x->test = gb_load_string(l, item, "test");
		x->metric =
			(enum gb_metric)gb_load_name(l, item, "metric", metric_name, GB_METRICS);
		if (gb_load_ok(l) && !gb_metrics[x->metric].judged)
			gb_load_fail(l, item, "is not judged, so it is no column");
	}
}

static void load_values(struct gb_loading *l, const cJSON *list, size_t n,
			struct gb_report_commit *x)
{
	const cJSON *item = list ? list->child : NULL;

	if (gb_load_count(l, list, GB_REPORT_COMMIT_COLUMNS, "measured") != n)
		gb_load_fail(l, list, "has not one for each column");
	for (size_t i = 0; item && i < n && gb_load_ok(l); i++, item = item->next) {
		if (cJSON_IsNull(item))
			continue;
		x->has[i] = true;
		x->measured[i] = gb_load_number(l, item, INT64_MAX);
	}
}

static void load_commit(struct gb_loading *l, const cJSON *item, size_t columns,
			struct gb_report_commit *x)
{
	const char *id;

	if (!cJSON_IsObject(item)) {
		gb_load_fail(l, item, "is no object");
		return;
	}
	id = gb_load_string(l, item, "commit");
	if (!id)
		return;
	if (strlen(id) != 40 || strspn(id, "0123456789abcdef") != 40)
		gb_load_fail(l, item, "commit is no name of a commit");
	else
		memcpy(x->id, id, 41);
	x->author = gb_load_string(l, item, "author");
	x->subject = gb_load_string(l, item, "subject");
	x->raised = (size_t)gb_load_int(l, item, "raised", GB_LOAD_COUNT);
	x->lowered = (size_t)gb_load_int(l, item, "lowered", GB_LOAD_COUNT);
	x->added = (size_t)gb_load_int(l, item, "added", GB_LOAD_COUNT);
	x->removed = (size_t)gb_load_int(l, item, "removed", GB_LOAD_COUNT);
	load_values(l, gb_load_need_list(l, item, "measured"), columns, x);
}

void gb_load_commits(struct gb_loading *l)
{
	const cJSON *object = gb_load_object(l, l->json->root, "commits"), *list, *item;
	struct gb_report_commits *c;
	size_t n;

	if (!object || !(c = gb_load_array(l, 1, sizeof(*c))))
		return;
	c->more = (size_t)gb_load_int(l, object, "more", GB_LOAD_COUNT);
	load_columns(l, gb_load_need_list(l, object, "columns"), c);
	list = gb_load_need_list(l, object, "list");
	n = gb_load_count(l, list, GB_REPORT_COMMITS, "commits");
	c->v = gb_load_array(l, n, sizeof(*c->v));
	for (item = list ? list->child : NULL; item && c->v && gb_load_ok(l); item = item->next)
		load_commit(l, item, c->n_columns, &c->v[c->n++]);
	l->out->report.commits = c;
}
