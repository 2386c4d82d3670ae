/*
 * facts - what rules want to know of a source: loop variables, waiting, plain types.
 * See state.h.
 */
#include "escape/state.h"

#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

static const char *text_word(const struct gb_relating *r, uint32_t token)
{
	const struct gb_token *t = &r->source->tokens[token];

	return gb_word(r->e->state, r->source->text + t->off, t->len);
}

static bool is_name(const struct gb_source *s, uint32_t token)
{
	return s->tokens[token].kind == GB_TOKEN_NAME;
}

/* A file may ask for a later language than its module: "//go:build go1.22". */
static bool asks_for_later(const struct gb_source *s)
{
	static const char line[] = "//go:build ", version[] = "go1.";
	const char *end = s->text + s->tokens[0].off, *at = strstr(s->text, line), *minor;

	if (!at || at >= end)
		return false;
	minor = strstr(at, version);
	if (!minor || minor >= at + strcspn(at, "\n"))
		return false;
	minor += strlen(version);
	return minor[0] >= '2' && minor[0] <= '9' && minor[1] >= (minor[0] == '2' ? '2' : '0') &&
	       minor[1] <= '9';
}

static void find_loop_vars(const struct gb_relating *r)
{
	const struct gb_source *s = r->source;
	size_t loop = 0;

	if (asks_for_later(s))
		return;

	/* Both are in order of their places. */
	for (size_t i = r->first; i < r->first + r->n; i++) {
		struct gb_escape *x = &r->e->v[i];
		int64_t token = gb_relate_token(r, x->line, x->col);

		if (x->kind != GB_ESCAPE_VARIABLE || token < 0)
			continue;
		while (loop + 1 < s->n_loops && (int64_t)s->loops[loop + 1].at < token)
			loop++;
		if (loop < s->n_loops)
			x->loop_var = token && (s->loops[loop].vars[0] == token ||
						s->loops[loop].vars[1] == token);
	}
}

/* Could a value end with this token?  Of the keywords that may stand before a receive, no. */
static bool is_operand_end(const struct gb_source *s, uint32_t t)
{
	static const char *const keywords[] = { "return", "case", "range", "go",
						"defer",  "if",	  "switch" };

	for (size_t i = 0; i < sizeof(keywords) / sizeof(keywords[0]); i++)
		if (gb_token_is(s, t, keywords[i]))
			return false;
	return is_name(s, t) || gb_token_is(s, t, ")") || gb_token_is(s, t, "]") ||
	       gb_token_is(s, t, "}");
}

/* Wait(), <-ch, select: said in this very function, not in a literal in it. */
static bool is_wait(const struct gb_source *s, uint32_t t)
{
	if (gb_token_is(s, t, "select"))
		return true;
	/* A receive, not a send and not a comparison with what is negative. */
	if (gb_token_is(s, t, "<") && gb_token_is(s, t + 1, "-") &&
	    s->tokens[t].off + 1 == s->tokens[t + 1].off)
		return (s->tokens[t].first || !t || !is_operand_end(s, t - 1)) &&
		       !gb_token_is(s, t + 2, "chan");
	return gb_token_is(s, t, ".") && gb_token_is(s, t + 1, "Wait") &&
	       gb_token_is(s, t + 2, "(");
}

static void find_waits(const struct gb_relating *r, bool *waits)
{
	const struct gb_source *s = r->source;

	for (uint32_t t = 0; s->tokens[t].kind != GB_TOKEN_END; t++) {
		int f = is_wait(s, t) ? gb_source_func_around(s, t) : -1;

		if (f >= 0)
			waits[f] = true;
	}
	for (size_t i = 0; i < s->n_funcs; i++)
		if (s->funcs[i].literal && s->funcs[i].outer >= 0)
			r->e->closures[r->closures + (size_t)s->funcs[i].index].waits =
				waits[s->funcs[i].outer];
}

/* The T of "*T", "&T{" or "new(T)" that begins here; 0: it is none of them. */
static uint32_t pointed_at(const struct gb_source *s, uint32_t t)
{
	if ((gb_token_is(s, t, "*") || gb_token_is(s, t, "&")) && is_name(s, t + 1) &&
	    !gb_token_is(s, t + 2, "."))
		return t + 1;
	if (gb_token_is(s, t, "new") && gb_token_is(s, t + 1, "(") && is_name(s, t + 2) &&
	    gb_token_is(s, t + 3, ")"))
		return t + 2;
	return 0;
}

/* The last name before the bracket of a call "s.begin(" that begins here; 0: it is none. */
static uint32_t called(const struct gb_source *s, uint32_t t)
{
	while (is_name(s, t) && gb_token_is(s, t + 1, ".") && is_name(s, t + 2))
		t += 2;
	return is_name(s, t) && gb_token_is(s, t + 1, "(") ? t : 0;
}

static int add_result(const struct gb_relating *r, const struct gb_source_func *f,
		      struct gb_err *err)
{
	struct gb_escape_state *state = r->e->state;
	const struct gb_source *s = r->source;
	uint32_t first = f->results + gb_token_is(s, f->results, "(");
	uint32_t type = gb_token_is(s, first, "*") ? pointed_at(s, first) : 0;
	uint32_t name = f->receiver ? s->tokens[f->receiver].match + 1 : f->at + 1;
	int rc;

	if (!type || !is_name(s, name))
		return 0;
	struct gb_result_type x = { r->file->package, text_word(r, name), text_word(r, type) };
	if (!x.func || !x.type)
		return gb_fail_nomem(err);
	rc = gb_grow((void **)&state->results, &state->cap_results, state->n_results + 1,
		     sizeof(*state->results), GB_MAX_ESCAPES, err);
	if (!rc)
		state->results[state->n_results++] = x;
	return rc;
}

/* What the declaration says of the type: "Batch", or "begin()" where a function has to be asked. */
static int note_type(const struct gb_relating *r, struct gb_capture *c, struct gb_err *err)
{
	const struct gb_source *s = r->source;
	int64_t at = gb_relate_token(r, c->line, c->col);
	uint32_t t = at < 0 ? 0 : (uint32_t)at, type, call;

	if (at < 0)
		return 0;
	type = gb_token_is(s, t + 1, "*") ? pointed_at(s, t + 1) : 0;
	/* b := ..., b, err := ... */
	for (int i = 0; i < 4 && gb_token_is(s, t + 1, ",") && is_name(s, t + 2); i++)
		t += 2;
	if (!type && (gb_token_is(s, t + 1, ":=") || gb_token_is(s, t + 1, "="))) {
		type = pointed_at(s, t + 2);
		call = type ? 0 : called(s, t + 2);
		if (call) {
			const struct gb_token *name = &s->tokens[call];
			_free_ char *text =
				gb_asprintf("%.*s()", (int)name->len, s->text + name->off);

			c->type = text ? gb_word(r->e->state, text, strlen(text)) : NULL;
		}
	}
	if (type)
		c->type = text_word(r, type);
	return c->type ? 0 : gb_fail_nomem(err);
}

/* Is a leaking parameter a receiver, and does a goroutine hold it? */
static int look_at_param(const struct gb_relating *r, const bool *waits, struct gb_leak_param *p,
			 struct gb_err *err)
{
	const struct gb_source *s = r->source;
	int64_t token = gb_relate_token(r, p->line, p->col);
	int f = token >= 0 ? gb_source_func_around(s, (uint32_t)token) : -1;

	if (f < 0)
		return 0;
	if (!p->func[0])
		p->func = gb_word(r->e->state, s->funcs[f].name, strlen(s->funcs[f].name));
	if (!p->func)
		return gb_fail_nomem(err);
	uint32_t receiver = s->funcs[f].receiver;
	p->waits = waits[f];
	p->receiver = receiver && receiver < token && token < s->tokens[receiver].match;
	for (size_t i = 0; i < p->n_steps && !p->to_go; i++) {
		const struct gb_escape_step *step = &p->steps[i];
		int closure;

		if (step->file != p->file || strcmp(step->why, "captured by a closure") != 0 ||
		    (token = gb_relate_token(r, step->line, step->col)) < 0)
			continue;
		closure = gb_relate_closure_around(r, (uint32_t)token);
		p->to_go = (closure >= 0 && r->e->closures[closure].by_go) ||
			   gb_relate_in_statement(r, (uint32_t)token, "go");
	}
	return 0;
}

int gb_relate_facts(const struct gb_relating *r, struct gb_err *err)
{
	const struct gb_source *s = r->source;
	_free_ bool *waits = gb_calloc(s->n_funcs + 1, sizeof(*waits));
	int rc = 0;

	if (!waits)
		return gb_fail_nomem(err);
	find_waits(r, waits);
	find_loop_vars(r);
	for (size_t i = 0; i < s->n_funcs && !rc; i++)
		if (!s->funcs[i].literal)
			rc = add_result(r, &s->funcs[i], err);
	for (size_t i = r->closures; i < r->closures + r->n_closures; i++)
		for (size_t k = 0; k < r->e->closures[i].n_captures && !rc; k++)
			rc = note_type(r, &r->e->closures[i].captures[k], err);
	for (size_t i = r->params; i < r->params + r->n_params && !rc; i++)
		rc = look_at_param(r, waits, &r->e->params[i], err);
	return rc;
}
