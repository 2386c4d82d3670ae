/* The JSON of trends, as alarms need it.  See alarms.h. */
#include "report/alarms.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/text.h"
#include "report/loading.h"

#include <stdlib.h>
#include <string.h>

#define VERSION 1

struct night {
	const char *commit, *subject;
	int64_t when;
};

struct reading {
	struct gb_loading l;
	struct gb_alarms *out;
	struct night *nights; /* n of them */
	size_t n;
};

static const char *load_commit(struct gb_loading *l, const cJSON *object, const char *key)
{
	const char *id = gb_load_string(l, object, key);

	if (!id || (strlen(id) == 40 && strspn(id, "0123456789abcdef") == 40))
		return id;
	gb_load_fail(l, gb_load_get(l, object, key), "is no commit of 40 digits");
	return NULL;
}

static int64_t load_time(struct gb_loading *l, const cJSON *object, const char *key)
{
	const cJSON *item = gb_load_get(l, object, key);
	int64_t v = 0;

	if (item && !gb_json_int(l->json, item, &v))
		gb_load_fail(l, item, "is no time");
	return v;
}

static void load_nights(struct reading *r)
{
	const cJSON *list = gb_load_need_list(&r->l, r->l.json->root, "nights"), *item;
	size_t n = gb_load_count(&r->l, list, GB_MAX_NIGHTS, "nights");

	if (!gb_load_ok(&r->l) || !n)
		return;
	if (!(r->nights = gb_calloc(n, sizeof(*r->nights)))) {
		gb_load_nomem(&r->l);
		return;
	}
	cJSON_ArrayForEach(item, list)
	{
		struct night *night = &r->nights[r->n++];

		night->commit = load_commit(&r->l, item, "commit");
		night->subject = gb_load_string(&r->l, item, "subject");
		night->when = load_time(&r->l, item, "time");
	}
	r->out->newest = r->nights[n - 1].commit;
	r->out->nights = n;
}

/* The night of a commit; changes name few. */
static const struct night *night_of(const struct reading *r, const char *commit)
{
	for (size_t i = 0; commit && i < r->n; i++)
		if (gb_streq(r->nights[i].commit, commit))
			return &r->nights[i];
	return NULL;
}

static void load_culprit(struct reading *r, const cJSON *item, struct gb_alarm_change *c)
{
	const cJSON *culprit = gb_load_object(&r->l, item, "culprit");

	if (!culprit)
		return;
	if (gb_load_get(&r->l, culprit, "commit")) {
		c->commit = load_commit(&r->l, culprit, "commit");
		c->author = gb_load_string(&r->l, culprit, "author");
		c->by_subject = gb_load_string(&r->l, culprit, "subject");
	}
	c->evidence = gb_load_text(&r->l, culprit, "evidence");
	c->left = (size_t)gb_load_int_or(&r->l, culprit, "left", (int64_t)GB_MAX_COMMITS, 0);
}

/* The last one that was not Go's doing, where it is upwards. */
static void load_change(struct reading *r, const cJSON *series, struct gb_alarm *a)
{
	const cJSON *list = gb_load_need_list(&r->l, series, "changes"), *item = NULL, *next;
	struct gb_alarm_change c = { 0 };
	const struct night *to;
	const char *kind;

	cJSON_ArrayForEach(next, list)
	{
		if (!gb_streq(gb_load_string(&r->l, next, "kind"), "upgrade"))
			item = next;
	}
	if (!gb_load_ok(&r->l) || !item)
		return;
	c.before = gb_load_int(&r->l, item, "before", INT64_MAX);
	c.after = gb_load_int(&r->l, item, "after", INT64_MAX);
	c.from = load_commit(&r->l, item, "from");
	c.to = load_commit(&r->l, item, "to");
	kind = gb_load_string(&r->l, item, "kind");
	c.drift = gb_streq(kind, "drift");
	if (kind && !c.drift && !gb_streq(kind, "step"))
		gb_load_fail(&r->l, item, "is neither step nor drift");
	c.can_bisect = gb_load_text(&r->l, item, "bisect") != NULL;
	load_culprit(r, item, &c);
	if (!gb_load_ok(&r->l) || c.after <= c.before)
		return;
	if (!(to = night_of(r, c.to))) {
		gb_load_fail(&r->l, item, "names a commit that no night has");
		return;
	}
	c.when = to->when;
	c.subject = to->subject;
	a->change = c;
	a->has_change = true;
}

/* [night, value, budget or null], and where there is a window [..., window] */
static void load_point(struct reading *r, const cJSON *item, struct gb_alarm *a)
{
	int64_t at;

	const cJSON *night = cJSON_IsArray(item) ? item->child : NULL;
	const cJSON *value = night ? night->next : NULL, *budget = value ? value->next : NULL;
	const cJSON *window = budget ? budget->next : NULL;

	if (!budget || (window && window->next)) {
		gb_load_fail(&r->l, item, "is not [night, value, budget]");
		return;
	}
	at = gb_load_number(&r->l, night, INT64_MAX);
	if (at >= (int64_t)r->n) {
		gb_load_fail(&r->l, night, "there is no such night");
		return;
	}
	a->stale = at + (int64_t)r->out->news < (int64_t)r->n;
	a->now = gb_load_number(&r->l, value, INT64_MAX);
	a->has_budget = !cJSON_IsNull(budget);
	a->budget = a->has_budget ? gb_load_number(&r->l, budget, INT64_MAX) : 0;
	a->has_window = window != NULL;
	a->window = window ? gb_load_number(&r->l, window, INT64_MAX) : 0;
	if (a->n == GB_ALARM_POINTS) {
		memmove(a->points, a->points + 1, (a->n - 1) * sizeof(a->points[0]));
		a->n--;
	}
	a->points[a->n++] = a->now;
}

static void load_points(struct reading *r, const cJSON *series, struct gb_alarm *a)
{
	const cJSON *list = gb_load_need_list(&r->l, series, "points"), *item;
	size_t n = gb_load_count(&r->l, list, GB_MAX_NIGHTS, "points");

	if (gb_load_ok(&r->l) && !n)
		gb_load_fail(&r->l, list, "is empty");
	cJSON_ArrayForEach(item, list)
	{
		if (!gb_load_ok(&r->l))
			return;
		load_point(r, item, a);
	}
}

static void load_series(struct reading *r, const cJSON *item, struct gb_alarm *a)
{
	const char *metric = gb_load_string(&r->l, item, "metric");
	const char *broken = gb_load_text(&r->l, item, "broken");
	int found = metric ? gb_metric_find(metric) : 0;

	a->package = gb_load_string(&r->l, item, "package");
	a->test = gb_load_string(&r->l, item, "test");
	if (found < 0)
		gb_load_fail(&r->l, gb_load_get(&r->l, item, "metric"),
			     "this gobudget knows no such metric");
	a->metric = found < 0 ? GB_GOROUTINES : (enum gb_metric)found;
	if (gb_streq(broken, gb_alarm_name(GB_ALARM_OVER)))
		a->kind = GB_ALARM_OVER;
	else if (gb_streq(broken, gb_alarm_name(GB_ALARM_GREW)))
		a->kind = GB_ALARM_GREW;
	else if (broken)
		gb_load_fail(&r->l, gb_load_get(&r->l, item, "broken"), "is neither over nor grew");
	load_points(r, item, a);
	load_change(r, item, a);
	if (!gb_load_ok(&r->l))
		return;
	if (a->kind == GB_ALARM_OVER && !(a->has_budget && a->now > a->budget) &&
	    !gb_alarm_is_by_window(a))
		gb_load_fail(&r->l, item, "is said to be over its budget, and is not");
	if (a->kind == GB_ALARM_GREW && !a->has_change)
		gb_load_fail(&r->l, item, "is said to have grown, and no change says so");
	r->out->broken += a->kind != GB_ALARM_NONE;
	r->out->over += a->kind == GB_ALARM_OVER;
}

/* Over before grown before good; else as trends has them, worst first. */
static void sort(struct gb_loading *l, struct gb_alarms *a)
{
	static const enum gb_alarm_kind order[] = { GB_ALARM_OVER, GB_ALARM_GREW, GB_ALARM_NONE };
	struct gb_alarm *sorted = gb_calloc(a->n, sizeof(*sorted));
	size_t n = 0;

	if (!sorted) {
		gb_load_nomem(l);
		return;
	}
	for (size_t k = 0; k < sizeof(order) / sizeof(order[0]); k++)
		for (size_t i = 0; i < a->n; i++)
			if (a->v[i].kind == order[k])
				sorted[n++] = a->v[i];
	free(a->v);
	a->v = sorted;
}

static void load_all(struct reading *r)
{
	const cJSON *root = r->l.json->root, *list, *item;
	size_t n;

	if (!cJSON_IsObject(root) || !cJSON_GetObjectItemCaseSensitive(root, "series")) {
		gb_load_fail(&r->l, root, "is not what trends wrote");
		if (r->l.rc == GB_EUSAGE)
			gb_hint(r->l.err, "gobudget trends --json > FILE does");
		return;
	}
	if (gb_load_int(&r->l, root, "version", INT32_MAX) != VERSION)
		gb_load_fail(&r->l, gb_load_get(&r->l, root, "version"),
			     "this gobudget reads trends of version %d", VERSION);
	r->out->env = gb_load_text(&r->l, root, "environment");
	r->out->whole = gb_load_bool(&r->l, root, "whole");
	r->out->news = (size_t)gb_load_int(&r->l, root, "newest", (int64_t)GB_MAX_NIGHTS);
	load_nights(r);
	list = gb_load_need_list(&r->l, root, "series");
	n = gb_load_count(&r->l, list, GB_MAX_SERIES, "series");
	if (!gb_load_ok(&r->l) || !n)
		return;
	if (!(r->out->v = gb_calloc(n, sizeof(*r->out->v)))) {
		gb_load_nomem(&r->l);
		return;
	}
	cJSON_ArrayForEach(item, list)
	{
		if (!gb_load_ok(&r->l))
			return;
		load_series(r, item, &r->out->v[r->out->n++]);
	}
	sort(&r->l, r->out);
}

int gb_alarms_load(const char *name, const char *text, size_t len, struct gb_alarms *ret,
		   struct gb_err *err)
{
	struct gb_err own = GB_ERR_INIT;
	struct gb_alarms out = { 0 };
	struct reading r = { .l = { .err = &own }, .out = &out };
	int rc = gb_json_parse(name, text, len, &out.json, err);

	if (rc < 0)
		return rc;
	r.l.json = out.json;
	load_all(&r);
	free(r.nights);
	if (r.l.rc < 0) {
		if (err)
			*err = own;
		gb_alarms_release(&out);
		return r.l.rc;
	}
	*ret = out;
	return 0;
}

void gb_alarms_release(struct gb_alarms *a)
{
	gb_json_free(a->json);
	free(a->v);
	*a = (struct gb_alarms){ 0 };
}
