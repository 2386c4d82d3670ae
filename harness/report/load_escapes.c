/* load_escapes - what the compiler said; see load.h. */
#include "report/loading.h"

#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

static const char *kind_name(int i)
{
	return gb_escape_kind_name((enum gb_escape_kind)i);
}

static const char *keeper_name(int i)
{
	return gb_keeper_name((enum gb_keeper)i);
}

static const char *rule_name(int i)
{
	return gb_rules[i].name;
}

static const struct gb_escape_step *load_flow(struct gb_loading *l, const cJSON *list,
					      size_t *ret_n)
{
	size_t n = gb_load_count(l, list, GB_MAX_ESCAPE_STEPS, "steps"), i = 0;
	struct gb_escape_step *v = gb_load_array(l, n, sizeof(*v));
	const cJSON *item;

	*ret_n = v ? n : 0;
	if (!v)
		return NULL;
	cJSON_ArrayForEach(item, list)
	{
		v[i].expr = gb_load_string(l, item, "expr");
		v[i].why = gb_load_string(l, item, "why");
		v[i].to = gb_load_string(l, item, "to");
		v[i].file = gb_load_text(l, item, "file");
		v[i].line = (int)gb_load_int(l, item, "line", INT32_MAX);
		v[i].way = (int)gb_load_int(l, item, "way", INT32_MAX);
		i++;
	}
	return v;
}

static void load_value(struct gb_loading *l, const cJSON *item, struct gb_escape *x)
{
	x->package = gb_load_string(l, item, "package");
	x->file = gb_load_string(l, item, "file");
	x->line = (int)gb_load_int(l, item, "line", INT32_MAX);
	x->col = (int)gb_load_int_or(l, item, "col", INT32_MAX, 0);
	x->func = gb_load_string(l, item, "func");
	x->expr = gb_load_string(l, item, "expr");
	x->kind =
		(enum gb_escape_kind)gb_load_name(l, item, "kind", kind_name, GB_ESCAPE_VALUE + 1);
	x->keeper = (enum gb_keeper)gb_load_name(l, item, "keeper", keeper_name, GB_KEPT_LOOP + 1);
	x->kept_by = "";
	x->says = gb_load_string(l, item, "says");
	x->closure = -1;
	x->steps = load_flow(l, gb_load_need_list(l, item, "flow"), &x->n_steps);
}

static void load_values(struct gb_loading *l, const cJSON *list, struct gb_escapes *e)
{
	size_t n = gb_load_count(l, list, GB_MAX_ESCAPES, "values");

	if (!n)
		return;
	e->v = gb_calloc(n, sizeof(*e->v));
	if (!e->v) {
		gb_load_nomem(l);
		return;
	}
	e->cap = n;
	for (const cJSON *item = list->child; item && gb_load_ok(l); item = item->next)
		load_value(l, item, &e->v[e->n++]);
}

static int compare_packages(const void *a, const void *b)
{
	return strcmp(((const struct gb_escape_package *)a)->path,
		      ((const struct gb_escape_package *)b)->path);
}

static void load_packages(struct gb_loading *l, const cJSON *list, struct gb_escapes *e)
{
	size_t n = gb_load_count(l, list, GB_MAX_PACKAGES, "packages");
	const cJSON *item;

	if (!n)
		return;
	e->packages = gb_calloc(n, sizeof(*e->packages));
	if (!e->packages) {
		gb_load_nomem(l);
		return;
	}
	e->cap_packages = n;
	cJSON_ArrayForEach(item, list)
	{
		struct gb_escape_package *p = &e->packages[e->n_packages];

		p->path = gb_load_string(l, item, "path");
		p->asked = gb_load_bool(l, item, "asked");
		p->heap = gb_load_int(l, item, "heap", GB_LOAD_COUNT);
		if (!gb_load_ok(l))
			return;
		e->n_packages++;
	}
	qsort(e->packages, n, sizeof(*e->packages), compare_packages);
	for (size_t i = 1; i < n; i++)
		if (compare_packages(&e->packages[i - 1], &e->packages[i]) == 0)
			gb_load_fail(l, list, "package \"%.200s\" comes twice",
				     e->packages[i].path);
}

/* Each package has its values in one piece. */
static void place_values(struct gb_loading *l, const cJSON *list, struct gb_escapes *e)
{
	for (size_t i = 0; i < e->n && gb_load_ok(l); i++) {
		struct gb_escape_package key = { .path = e->v[i].package }, *p;

		p = e->n_packages ? bsearch(&key, e->packages, e->n_packages, sizeof(key),
					    compare_packages)
				  : NULL;
		if (!p) {
			gb_load_fail(l, list, "package \"%.200s\" is none of the packages",
				     e->v[i].package);
		} else if (p->n && p->first + p->n != i) {
			gb_load_fail(l, list, "the values of \"%.200s\" do not stand together",
				     e->v[i].package);
		} else {
			p->first = p->n ? p->first : i;
			p->n++;
		}
	}
}

static void load_captures(struct gb_loading *l, const cJSON *list, struct gb_closure *c)
{
	size_t n = gb_load_count(l, list, GB_MAX_ESCAPES, "captures");
	const cJSON *item;

	if (!n)
		return;
	c->captures = gb_calloc(n, sizeof(*c->captures));
	if (!c->captures) {
		gb_load_nomem(l);
		return;
	}
	c->cap_captures = n;
	cJSON_ArrayForEach(item, list)
	{
		struct gb_capture *x = &c->captures[c->n_captures];

		x->name = gb_load_string(l, item, "name");
		x->by_ref = gb_load_bool(l, item, "by_reference");
		x->width = gb_load_int(l, item, "bytes", INT64_MAX);
		x->type = x->method = "";
		if (!gb_load_ok(l))
			return;
		c->n_captures++;
	}
}

static void load_closures(struct gb_loading *l, const cJSON *list, struct gb_escapes *e)
{
	size_t n = gb_load_count(l, list, GB_MAX_ESCAPES, "closures");

	if (!n)
		return;
	e->closures = gb_calloc(n, sizeof(*e->closures));
	if (!e->closures) {
		gb_load_nomem(l);
		return;
	}
	e->cap_closures = n;
	for (const cJSON *item = list->child; item && gb_load_ok(l); item = item->next) {
		struct gb_closure *c = &e->closures[e->n_closures++];

		c->package = gb_load_string(l, item, "package");
		c->file = gb_load_string(l, item, "file");
		c->line = (int)gb_load_int(l, item, "line", INT32_MAX);
		c->name = gb_load_string(l, item, "name");
		c->heap = gb_load_bool(l, item, "heap");
		c->outer = "";
		c->escape = -1;
		load_captures(l, gb_load_need_list(l, item, "captures"), c);
	}
}

static void load_parameters(struct gb_loading *l, const cJSON *list, struct gb_escapes *e)
{
	size_t n = gb_load_count(l, list, GB_MAX_ESCAPES, "parameters");

	if (!n)
		return;
	e->params = gb_calloc(n, sizeof(*e->params));
	if (!e->params) {
		gb_load_nomem(l);
		return;
	}
	e->cap_params = n;
	for (const cJSON *item = list->child; item && gb_load_ok(l); item = item->next) {
		struct gb_leak_param *x = &e->params[e->n_params++];

		x->package = gb_load_string(l, item, "package");
		x->file = gb_load_string(l, item, "file");
		x->line = (int)gb_load_int(l, item, "line", INT32_MAX);
		x->func = gb_load_string(l, item, "func");
		x->name = gb_load_string(l, item, "name");
		x->to = gb_load_string(l, item, "to");
		x->derefs = (int)gb_load_int(l, item, "derefs", INT32_MAX);
		x->to_go = gb_load_bool(l, item, "to_go");
	}
}

static void load_warning(struct gb_loading *l, const cJSON *item, struct gb_warning *w)
{
	w->rule = (enum gb_rule)gb_load_name(l, item, "rule", rule_name, GB_RULES);
	w->package = gb_load_string(l, item, "package");
	w->file = gb_load_string(l, item, "file");
	w->line = (int)gb_load_int(l, item, "line", INT32_MAX);
	w->func = gb_load_string(l, item, "func");
	w->reason = gb_load_copy(l, gb_load_string(l, item, "reason"));
	w->fix = gb_load_copy(l, gb_load_string(l, item, "fix"));
}

static void load_warnings(struct gb_loading *l, const cJSON *list, struct gb_warnings *ret)
{
	size_t n = gb_load_count(l, list, GB_MAX_ESCAPES, "warnings");

	if (!n)
		return;
	ret->v = gb_calloc(n, sizeof(*ret->v));
	if (!ret->v) {
		gb_load_nomem(l);
		return;
	}
	ret->cap = n;
	for (const cJSON *item = list->child; item && gb_load_ok(l); item = item->next)
		load_warning(l, item, &ret->v[ret->n++]);
}

static bool same_value(const struct gb_escape *a, const struct gb_escape *b)
{
	return a->line == b->line && a->col == b->col && !strcmp(a->package, b->package) &&
	       !strcmp(a->file, b->file) && !strcmp(a->expr, b->expr) && !strcmp(a->says, b->says);
}

/* They are told a second time, in the order of all values. */
static void find_fresh(struct gb_loading *l, const cJSON *list)
{
	size_t n = gb_load_count(l, list, GB_MAX_ESCAPES, "values"), at = 0;
	struct gb_escape_diff *d = &l->out->diff;
	const struct gb_escapes *e = l->out->head;

	if (!n)
		return;
	d->fresh = gb_calloc(n, sizeof(*d->fresh));
	if (!d->fresh) {
		gb_load_nomem(l);
		return;
	}
	d->cap_fresh = n;
	for (const cJSON *item = list->child; item && gb_load_ok(l); item = item->next) {
		struct gb_escape x = { 0 };

		load_value(l, item, &x);
		while (gb_load_ok(l) && at < e->n && !same_value(&x, &e->v[at]))
			at++;
		if (gb_load_ok(l) && at == e->n)
			gb_load_fail(l, item, "is not among the values");
		if (gb_load_ok(l))
			d->fresh[d->n_fresh++] = &e->v[at++];
	}
}

static void load_gone(struct gb_loading *l, const cJSON *list)
{
	struct gb_escape_diff *d = &l->out->diff;
	struct gb_escapes *e = l->out->base;

	load_values(l, list, e);
	if (!gb_load_ok(l) || !e->n)
		return;
	d->gone = gb_calloc(e->n, sizeof(*d->gone));
	if (!d->gone) {
		gb_load_nomem(l);
		return;
	}
	d->cap_gone = e->n;
	for (; d->n_gone < e->n; d->n_gone++)
		d->gone[d->n_gone] = &e->v[d->n_gone];
}

void gb_load_escapes(struct gb_loading *l)
{
	const cJSON *item = gb_load_object(l, l->json->root, "escapes"), *values;
	struct gb_loaded *out = l->out;

	if (!item)
		return;
	l->rc = gb_escapes_new(&out->head, l->err);
	if (gb_load_ok(l))
		l->rc = gb_escapes_new(&out->base, l->err);
	values = gb_load_need_list(l, item, "values");
	load_packages(l, gb_load_need_list(l, item, "packages"), out->head);
	load_values(l, values, out->head);
	place_values(l, values, out->head);
	load_closures(l, gb_load_need_list(l, item, "closures"), out->head);
	load_parameters(l, gb_load_need_list(l, item, "parameters"), out->head);
	load_warnings(l, gb_load_need_list(l, item, "warnings"), &out->warnings);
	if (gb_load_list(l, item, "new")) {
		find_fresh(l, gb_load_list(l, item, "new"));
		load_gone(l, gb_load_need_list(l, item, "gone"));
		out->escapes.diff = &out->diff;
		out->escapes.base = gb_load_string(l, item, "base");
	}
	out->escapes.head = out->head;
	out->escapes.base_set = out->base;
	out->escapes.warnings = &out->warnings;
	out->report.escapes = &out->escapes;
}
