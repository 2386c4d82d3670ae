/* What the compiler said as JSON: warnings of rules, values that are new or gone, what an `over`
 * is made of. */
#include "base/buf.h"
#include "base/limits.h"
#include "report/json_parts.h"

static void flow(struct gb_jsonw *w, const struct gb_escape_step *v, size_t n)
{
	gb_jsonw_open(w, "flow", '[', false);
	for (size_t i = 0; i < n; i++) {
		if (!*v[i].expr)
			continue;
		gb_jsonw_open(w, NULL, '{', true);
		gb_jsonw_string(w, "expr", v[i].expr);
		gb_jsonw_string(w, "why", v[i].why);
		gb_jsonw_string(w, "to", v[i].to);
		gb_jsonw_string(w, "file", v[i].file);
		gb_jsonw_int(w, "line", v[i].line);
		gb_jsonw_int(w, "way", v[i].way);
		gb_jsonw_close(w, '}');
	}
	gb_jsonw_close(w, ']');
}

static void value(struct gb_jsonw *w, const struct gb_escapes *e, const struct gb_escape *x)
{
	_buf_ struct gb_buf says = GB_BUF_INIT(w->out->max);

	gb_escape_say(e, x, &says);
	w->out->failed = w->out->failed || says.failed;
	w->out->nomem = w->out->nomem || says.nomem;
	gb_jsonw_open(w, NULL, '{', true);
	gb_jsonw_string(w, "package", x->package);
	gb_jsonw_string(w, "file", x->file);
	gb_jsonw_int(w, "line", x->line);
	gb_jsonw_int(w, "col", x->col);
	gb_jsonw_string(w, "func", x->func);
	gb_jsonw_string(w, "expr", x->expr);
	gb_jsonw_string(w, "kind", gb_escape_kind_name(x->kind));
	gb_jsonw_string(w, "keeper", gb_keeper_name(x->keeper));
	gb_jsonw_string(w, "says", says.data);
	flow(w, x->steps, x->n_steps);
	gb_jsonw_close(w, '}');
}

static void values(struct gb_jsonw *w, const char *key, const struct gb_escapes *e,
		   const struct gb_escape *const *v, size_t n)
{
	gb_jsonw_open(w, key, '[', false);
	for (size_t i = 0; i < n; i++)
		value(w, e, v[i]);
	gb_jsonw_close(w, ']');
}

/* Of packages with more than their budget: all of them, there is no telling which one it is. */
static void suspects(struct gb_jsonw *w, const struct gb_report *r)
{
	const struct gb_escapes *e = r->escapes->head;

	gb_jsonw_open(w, "suspects", '[', false);
	for (size_t i = 0; i < r->verdicts->n; i++) {
		const struct gb_judgement *j = &r->verdicts->v[i];
		const struct gb_escape_package *p = gb_escapes_package(e, j->package_path);

		if (j->metric != GB_ESCAPES || !p || r->escapes->diff ||
		    (j->verdict != GB_V_OVER && j->verdict != GB_V_GREW))
			continue;
		for (size_t k = p->first; k < p->first + p->n; k++)
			if (gb_escape_counts(e, &e->v[k]))
				value(w, e, &e->v[k]);
	}
	gb_jsonw_close(w, ']');
}

static void warnings(struct gb_jsonw *w, const struct gb_warnings *all)
{
	gb_jsonw_open(w, "warnings", '[', false);
	for (size_t i = 0; i < all->n; i++) {
		const struct gb_warning *x = &all->v[i];

		gb_jsonw_open(w, NULL, '{', true);
		gb_jsonw_string(w, "rule", gb_rules[x->rule].name);
		gb_jsonw_string(w, "package", x->package);
		gb_jsonw_string(w, "file", x->file);
		gb_jsonw_int(w, "line", x->line);
		gb_jsonw_string(w, "func", x->func);
		gb_jsonw_string(w, "reason", x->reason);
		gb_jsonw_string(w, "fix", x->fix);
		gb_jsonw_close(w, '}');
	}
	gb_jsonw_close(w, ']');
}

/* Every value on the heap, those of test files left out as in the metric. */
static void all_values(struct gb_jsonw *w, const struct gb_escapes *e)
{
	gb_jsonw_open(w, "values", '[', false);
	for (size_t i = 0; i < e->n; i++)
		if (gb_escape_counts(e, &e->v[i]))
			value(w, e, &e->v[i]);
	gb_jsonw_close(w, ']');
}

static void closures(struct gb_jsonw *w, const struct gb_escapes *e)
{
	gb_jsonw_open(w, "closures", '[', false);
	for (size_t i = 0; i < e->n_closures; i++) {
		const struct gb_closure *c = &e->closures[i];

		gb_jsonw_open(w, NULL, '{', false);
		gb_jsonw_string(w, "package", c->package);
		gb_jsonw_string(w, "file", c->file);
		gb_jsonw_int(w, "line", c->line);
		gb_jsonw_string(w, "name", c->name);
		gb_jsonw_bool(w, "heap", c->heap);
		gb_jsonw_open(w, "captures", '[', false);
		for (size_t k = 0; k < c->n_captures; k++) {
			gb_jsonw_open(w, NULL, '{', true);
			gb_jsonw_string(w, "name", c->captures[k].name);
			gb_jsonw_bool(w, "by_reference", c->captures[k].by_ref);
			gb_jsonw_int(w, "bytes", c->captures[k].width);
			gb_jsonw_close(w, '}');
		}
		gb_jsonw_close(w, ']');
		gb_jsonw_close(w, '}');
	}
	gb_jsonw_close(w, ']');
}

static void parameters(struct gb_jsonw *w, const struct gb_escapes *e)
{
	gb_jsonw_open(w, "parameters", '[', false);
	for (size_t i = 0; i < e->n_params; i++) {
		const struct gb_leak_param *x = &e->params[i];

		gb_jsonw_open(w, NULL, '{', true);
		gb_jsonw_string(w, "package", x->package);
		gb_jsonw_string(w, "file", x->file);
		gb_jsonw_int(w, "line", x->line);
		gb_jsonw_string(w, "func", x->func);
		gb_jsonw_string(w, "name", x->name);
		gb_jsonw_string(w, "to", x->to);
		gb_jsonw_int(w, "derefs", x->derefs);
		if (x->to_go)
			gb_jsonw_bool(w, "to_go", true);
		gb_jsonw_close(w, '}');
	}
	gb_jsonw_close(w, ']');
}

/* Those that only others import are there as far as the build cache had them. */
static void packages(struct gb_jsonw *w, const struct gb_escapes *e)
{
	gb_jsonw_open(w, "packages", '[', false);
	for (size_t i = 0; i < e->n_packages; i++) {
		gb_jsonw_open(w, NULL, '{', true);
		gb_jsonw_string(w, "path", e->packages[i].path);
		gb_jsonw_bool(w, "asked", e->packages[i].asked);
		gb_jsonw_int(w, "heap", e->packages[i].heap);
		gb_jsonw_close(w, '}');
	}
	gb_jsonw_close(w, ']');
}

void gb_json_escapes(struct gb_jsonw *w, const struct gb_report *r)
{
	const struct gb_report_escapes *e = r->escapes;

	if (!e)
		return;
	gb_jsonw_open(w, "escapes", '{', false);
	gb_jsonw_string(w, "base", e->base);
	packages(w, e->head);
	warnings(w, e->warnings);
	if (e->diff) {
		values(w, "new", e->head, e->diff->fresh, e->diff->n_fresh);
		values(w, "gone", e->base_set, e->diff->gone, e->diff->n_gone);
	}
	suspects(w, r);
	all_values(w, e->head);
	closures(w, e->head);
	parameters(w, e->head);
	gb_jsonw_close(w, '}');
}
