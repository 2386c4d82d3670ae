#include "escape/rules.h"

#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/text.h"
#include "base/units.h"
#include "escape/state.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct gb_rule_info gb_rules[GB_RULES] = {
	[GB_RULE_LOOP_VARIABLE] = { .name = "loop-variable",
				    .summary = "a closure that outlives the iteration shares the "
					       "loop's variable",
				    .before = 22 },
	[GB_RULE_CAPTURED_POINTER] = { .name = "captured-pointer",
				       .summary = "what a closure holds outlives the function" },
	[GB_RULE_LARGE_CAPTURE] = { .name = "large-capture",
				    .summary = "a stored closure keeps much for little" },
	[GB_RULE_CLOSURE_IN_LOOP] = { .name = "closure-in-loop",
				      .summary = "an inner loop makes a closure each time round" },
};

struct checking {
	const struct gb_escapes *e;
	const struct gb_rule_options *o;
	const struct gb_escape_package *package;
	const struct gb_closure *c; /* that is looked at */
	enum gb_keeper keeper;	    /* of its function literal */
	const char *kept_by;
	struct gb_warnings *out;
	struct gb_err *err;
};

int gb_rule_find(const char *name)
{
	for (int r = 0; r < GB_RULES; r++)
		if (!strcmp(gb_rules[r].name, name))
			return r;
	return -1;
}

static int warn(const struct checking *k, enum gb_rule rule, const char *fix, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

static int warn(const struct checking *k, enum gb_rule rule, const char *fix, const char *fmt, ...)
{
	struct gb_warnings *out = k->out;
	char reason[1024];
	va_list ap;
	int rc = gb_grow((void **)&out->v, &out->cap, out->n + 1, sizeof(*out->v), GB_MAX_ESCAPES,
			 k->err);

	if (rc)
		return rc;
	va_start(ap, fmt);
	vsnprintf(reason, sizeof(reason), fmt, ap);
	va_end(ap);
	struct gb_warning w = {
		.rule = rule,
		.package = k->c->package,
		.file = k->c->file,
		.func = k->c->outer,
		.line = k->c->line,
		.col = k->c->col,
		.reason = gb_strdup(reason),
		.fix = gb_strdup(fix),
	};
	out->v[out->n++] = w;
	return w.reason && w.fix ? 0 : gb_fail_nomem(k->err);
}

/* Is this a function that calls what it is given later, by its name? */
static bool calls_later(const char *callee)
{
	static const char *const names[] = { "Go", "TryGo", "AfterFunc" };
	const char *dot = strrchr(callee, '.');

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (!strcmp(dot ? dot + 1 : callee, names[i]))
			return true;
	return false;
}

static bool outlives_iteration(const struct checking *k)
{
	switch (k->keeper) {
	case GB_KEPT_GO:
	case GB_KEPT_DEFER:
	case GB_KEPT_ELEMENT:
	case GB_KEPT_APPEND:
	case GB_KEPT_GLOBAL:
	case GB_KEPT_FIELD:
	case GB_KEPT_SEND:
	case GB_KEPT_LOOP:
		return true;
	case GB_KEPT_CALL:
		return calls_later(k->kept_by);
	default:
		return false;
	}
}

/* The escape of a captured variable; NULL: it is not on the heap. */
static const struct gb_escape *escape_of(const struct checking *k, const struct gb_capture *x)
{
	const struct gb_escape *v;
	size_t n = gb_escapes_in(k->e, k->c->package, k->c->file, x->line, &v);

	for (size_t i = 0; i < n; i++)
		if (v[i].col == x->col && !strcmp(v[i].expr, x->name))
			return &v[i];
	return NULL;
}

/* One variable for all iterations: before Go 1.22. */
static bool is_shared_by_loop(const struct checking *k, const struct gb_escape *x)
{
	return x->loop_var && k->package->go_minor &&
	       k->package->go_minor < gb_rules[GB_RULE_LOOP_VARIABLE].before;
}

static int loop_variable(const struct checking *k, const struct gb_capture *x)
{
	const struct gb_escape *v = x->by_ref ? escape_of(k, x) : NULL;

	if (!v || !is_shared_by_loop(k, v) || !outlives_iteration(k))
		return 0;
	_free_ char *fix = gb_asprintf("copy it in the loop (%s := %s), pass it as an argument, or "
				       "say go 1.22 in go.mod",
				       x->name, x->name);
	if (!fix)
		return gb_fail_nomem(k->err);
	return warn(k, GB_RULE_LOOP_VARIABLE, fix,
		    "every iteration's closure shares the one variable %s of the loop (go 1.%d)",
		    x->name, k->package->go_minor);
}

/* "Batch", also where a function of the package has to be asked; NULL: not plain. */
static const char *type_of(const struct checking *k, const struct gb_capture *x)
{
	const struct gb_escape_state *s = k->e->state;
	const char *found = NULL;
	size_t len = strlen(x->type);

	if (!gb_ends(x->type, "()"))
		return len ? x->type : NULL;
	for (size_t i = 0; i < s->n_results; i++) {
		const struct gb_result_type *r = &s->results[i];

		if (r->package != k->c->package || strlen(r->func) != len - 2 ||
		    strncmp(r->func, x->type, len - 2) != 0)
			continue;
		/* Two methods of one name return different things. */
		if (found && found != r->type)
			return NULL;
		found = r->type;
	}
	return found;
}

/* "(*Batch).Close" of "Batch" and "Close", generic or not. */
static bool is_method(const char *func, const char *type, const char *method)
{
	size_t len = strlen(type);

	if (!gb_starts(func, "(*") || strncmp(func + 2, type, len) != 0)
		return false;
	func += 2 + len;
	func += gb_starts(func, "[...]") ? strlen("[...]") : 0;
	return gb_starts(func, ").") && !strcmp(func + 2, method);
}

/* The method of x hands its receiver to a goroutine and does not wait for it. */
static const struct gb_leak_param *hands_on(const struct checking *k, const struct gb_capture *x)
{
	const char *type = x->method[0] ? type_of(k, x) : NULL;

	for (size_t i = 0; type && i < k->e->n_params; i++) {
		const struct gb_leak_param *p = &k->e->params[i];

		if (p->to_go && p->receiver && !p->waits && p->package == k->c->package &&
		    is_method(p->func, type, x->method))
			return p;
	}
	return NULL;
}

static int captured_pointer(const struct checking *k, const struct gb_capture *x)
{
	const struct gb_leak_param *p = k->c->by_defer ? hands_on(k, x) : NULL;
	const char *outer = k->c->outer[0] ? k->c->outer : "the function";
	const struct gb_escape *v;

	if (p)
		return warn(k, GB_RULE_CAPTURED_POINTER,
			    "end the goroutine, or wait for it, before the function returns",
			    "the deferred closure calls %s.%s, which hands %s to a goroutine "
			    "(%s:%d): it outlives %s",
			    x->name, x->method, x->name, p->file, p->line, outer);
	if (k->c->by_defer && k->c->loops && k->c->heap)
		return warn(k, GB_RULE_CAPTURED_POINTER,
			    "put the body of the loop into a function of its own",
			    "deferred closures of a loop pile up until %s returns, each holding %s",
			    outer, x->name);
	/* Captured by reference is not shared yet; and a loop's variable has its own rule. */
	v = k->c->by_go && x->by_ref && x->assigned && x->used_after && !k->c->waits
		    ? escape_of(k, x)
		    : NULL;
	if (v && !is_shared_by_loop(k, v))
		return warn(k, GB_RULE_CAPTURED_POINTER,
			    "hand the goroutine a copy, or wait for it before returning",
			    "the goroutine shares %s by reference with %s, which does not wait for "
			    "it",
			    x->name, outer);
	return 0;
}

static int large_capture(const struct checking *k, const struct gb_capture *x)
{
	char size[32];

	if (k->keeper != GB_KEPT_ELEMENT && k->keeper != GB_KEPT_GLOBAL)
		return 0;
	if (x->width > k->o->large)
		return warn(k, GB_RULE_LARGE_CAPTURE, "capture only the parts that it needs",
			    "the closure stored in %s keeps all of %s (%s)", k->kept_by, x->name,
			    gb_format_size(size, sizeof(size), x->width));
	if (!x->only_len || x->by_ref)
		return 0;
	_free_ char *fix = gb_asprintf("take the length before: n := len(%s)", x->name);
	return fix ? warn(k, GB_RULE_LARGE_CAPTURE, fix,
			  "the closure stored in %s keeps all of %s for its length alone",
			  k->kept_by, x->name)
		   : gb_fail_nomem(k->err);
}

static int closure_in_loop(const struct checking *k)
{
	const struct gb_closure *c = k->c;

	if (c->loops < 2 || c->by_go || c->by_defer || k->keeper != GB_KEPT_CALL ||
	    calls_later(k->kept_by))
		return 0;
	return warn(k, GB_RULE_CLOSURE_IN_LOOP,
		    "make the closure once before the loop, or hand over what it captures",
		    "an inner loop allocates a closure for %s each time round", k->kept_by);
}

static bool is_on(const struct checking *k, enum gb_rule r)
{
	return !(k->o->off >> r & 1);
}

/* One warning of a rule to a closure is enough. */
static int check_closure(struct checking *k)
{
	static int (*const of_capture[])(const struct checking *, const struct gb_capture *) = {
		[GB_RULE_LOOP_VARIABLE] = loop_variable,
		[GB_RULE_CAPTURED_POINTER] = captured_pointer,
		[GB_RULE_LARGE_CAPTURE] = large_capture,
	};
	const struct gb_escape *x = k->c->escape >= 0 ? &k->e->v[k->c->escape] : NULL;
	int rc = 0;

	k->keeper = x ? x->keeper : GB_KEPT_UNKNOWN;
	k->kept_by = x ? x->kept_by : "";
	for (int r = 0; r < GB_RULE_CLOSURE_IN_LOOP; r++) {
		size_t before = k->out->n;

		for (size_t i = 0; i < k->c->n_captures && !rc && k->out->n == before; i++)
			if (is_on(k, (enum gb_rule)r))
				rc = of_capture[r](k, &k->c->captures[i]);
	}
	if (!rc && k->c->n_captures && is_on(k, GB_RULE_CLOSURE_IN_LOOP))
		rc = closure_in_loop(k);
	return rc;
}

int gb_rules_check(const struct gb_escapes *e, const struct gb_rule_options *o,
		   struct gb_warnings *ret, struct gb_err *err)
{
	_warnings_ struct gb_warnings out = { 0 };
	struct checking k = { .e = e, .o = o, .out = &out, .err = err };
	int rc = 0;

	for (size_t i = 0; i < e->n_closures && !rc; i++) {
		k.c = &e->closures[i];
		k.package = gb_escapes_package(e, k.c->package);
		if (k.package && k.package->asked && !gb_ends(k.c->file, "_test.go"))
			rc = check_closure(&k);
	}
	if (rc)
		return rc;
	*ret = out;
	out = (struct gb_warnings){ 0 };
	return 0;
}

void gb_warnings_release(struct gb_warnings *w)
{
	for (size_t i = 0; i < w->n; i++) {
		free(w->v[i].reason);
		free(w->v[i].fix);
	}
	free(w->v);
	*w = (struct gb_warnings){ 0 };
}
