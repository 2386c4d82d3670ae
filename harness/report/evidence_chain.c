/*
 * How an allocation came about, in words: which anonymous function made it,
 * what that captured and what keeps it, as far as the compiler tells.
 */
#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/text.h"
#include "report/evidence_parts.h"
#include "report/say.h"

#include <stdlib.h>
#include <string.h>

#define MAX_SENTENCE ((size_t)2000)
#define MAX_CLOSURES ((size_t)4) /* told of one line's variables */

static int add_sentence(struct gb_strlist *list, struct gb_buf *text, struct gb_err *err)
{
	int rc;

	if (text->nomem)
		return gb_fail_nomem(err);
	/* One that is too long is cut: it is for reading. */
	rc = text->len ? gb_strlist_add(list, text->data, err) : 0;
	gb_buf_clear(text);
	return rc;
}

static void place(struct gb_buf *out, const char *file, int line)
{
	gb_say_site(out, &(struct gb_site){ .file = (char *)file, .line = line });
}

/* "captures raw (24 B) and is stored in onExpire[carrier]" */
static void closure(struct gb_buf *out, const struct gb_escapes *set, const struct gb_closure *c)
{
	gb_buf_adds(out, "captures ");
	gb_closure_say(c, out);
	if (c->by_go) {
		gb_buf_adds(out, " and is started by the go statement it stands in");
	} else if (c->by_defer) {
		gb_buf_adds(out, " and is deferred where it stands");
	} else if (c->escape >= 0 && (size_t)c->escape < set->n) {
		gb_buf_adds(out, " and is ");
		gb_keeper_say(&set->v[c->escape], out);
	}
	if (c->loops)
		gb_buf_adds(out, ", anew in each iteration of a loop");
}

/* Frames that are anonymous functions, from the allocation outwards. */
static int tell_frames(struct gb_evidence_site *s, const struct gb_escapes *set,
		       struct gb_buf *text, struct gb_err *err)
{
	int rc = 0;

	for (size_t i = s->at; i < s->n_frames && rc >= 0 && s->chain.n < MAX_CLOSURES; i++) {
		const char *func = s->frames[i].func;
		const struct gb_closure *c;

		if (!func || gb_evidence_stem(func) == strlen(func))
			continue;
		c = gb_escapes_closure_named(set, func);
		/* One that captures nothing is a function like any other. */
		if (!c || c->n_captures == 0)
			continue;
		gb_say_func(text, func);
		gb_buf_adds(text, " is the anonymous function made at ");
		place(text, c->file, c->line);
		gb_buf_adds(text, "; it ");
		closure(text, set, c);
		rc = add_sentence(&s->chain, text, err);
	}
	return rc;
}

static bool on_line(const struct gb_closure *c, const struct gb_site *at)
{
	return c->line == at->line && gb_streq(c->file, at->file);
}

/* The function literal that this line makes. */
static int tell_literal(struct gb_evidence_site *s, const struct gb_escapes *set,
			struct gb_buf *text, struct gb_err *err)
{
	const struct gb_site *at = &s->frames[s->at];
	const struct gb_closure *c = gb_escapes_closure_at(set, at->file, at->line);

	if (!c)
		return 0;
	gb_buf_adds(text, "the anonymous function made here ");
	closure(text, set, c);
	return add_sentence(&s->chain, text, err);
}

/* Is `name` among what is assigned to on this line: "data, err := io.ReadAll(r)"? */
static bool assigned_in(const char *source, const char *name)
{
	size_t n = strlen(name), end;
	const char *eq = source ? strchr(source, '=') : NULL;

	if (!eq || n == 0 || eq[1] == '=')
		return false;
	end = (size_t)(eq - source);
	if (end && source[end - 1] == ':')
		end--;
	for (size_t i = 0; i < end;) {
		size_t word = strcspn(source + i, ", \t:=");

		if (word > end - i)
			word = end - i;
		if (word == n && memcmp(source + i, name, n) == 0)
			return true;
		i += word + 1;
	}
	return false;
}

static const struct gb_capture *captures_line(const struct gb_closure *c,
					      const struct gb_evidence_site *s)
{
	const struct gb_site *at = &s->frames[s->at];
	const char *func = at->func ? at->func : "";
	size_t n = strlen(c->outer), stem = strlen(func);

	if (!gb_streq(c->file, at->file) || on_line(c, at) || c->line < at->line)
		return NULL;
	if (n == 0 || stem < n || strcmp(func + stem - n, c->outer) != 0)
		return NULL;
	for (size_t i = 0; i < c->n_captures; i++)
		if (c->captures[i].line == at->line || assigned_in(s->source, c->captures[i].name))
			return &c->captures[i];
	return NULL;
}

/* What was allocated here and lives on in a closure. */
static int tell_captured(struct gb_evidence_site *s, const struct gb_escapes *set,
			 struct gb_buf *text, struct gb_err *err)
{
	size_t told = 0;
	int rc = 0;

	for (size_t i = 0; i < set->n_closures && rc >= 0 && told < MAX_CLOSURES; i++) {
		const struct gb_closure *c = &set->closures[i];
		const struct gb_capture *v = captures_line(c, s);

		if (!v)
			continue;
		gb_buf_addf(text, "%s, set here, lives on in the anonymous function at ", v->name);
		place(text, c->file, c->line);
		gb_buf_adds(text, ", which ");
		closure(text, set, c);
		rc = add_sentence(&s->chain, text, err);
		told++;
	}
	return rc;
}

static bool same_reason(const struct gb_escapes *base, const struct gb_escape *x)
{
	for (size_t i = 0; i < base->n; i++) {
		const struct gb_escape *b = &base->v[i];

		if (b->keeper == x->keeper && gb_streq(b->package, x->package) &&
		    gb_streq(b->func, x->func) && gb_streq(b->expr, x->expr))
			return true;
	}
	return false;
}

/* Does a stack's function bear this name, which has no package before it? */
static bool is_named(const char *func, const char *name)
{
	size_t n = strlen(name), all = func ? strlen(func) : 0;

	return n == 0 || (all > n && func[all - n - 1] == '.' && strcmp(func + all - n, name) == 0);
}

/* Only what the line itself allocates: deeper down it is somebody else's decision. */
static int tell_escape(struct gb_evidence_site *s, const struct gb_escapes *set,
		       const struct gb_escapes *base, struct gb_buf *text, struct gb_err *err)
{
	const struct gb_site *at = &s->frames[s->at];
	const struct gb_escape *x;
	size_t n = s->at == 0 ? gb_escapes_at(set, at->file, at->line, &x) : 0;
	int rc = 0;

	for (size_t i = 0; i < n && rc >= 0; i++) {
		if (!is_named(at->func, x[i].func) ||
		    (!gb_escape_counts(set, &x[i]) && !x[i].in_test))
			continue;
		s->escape_is_new = s->escape_is_new || (base && !same_reason(base, &x[i]));
		/* No more than that it is there. */
		if (x[i].keeper == GB_KEPT_UNKNOWN && x[i].n_steps == 0)
			continue;
		/* The chain has told it: its literal stands on this line. */
		if (x[i].kind == GB_ESCAPE_CLOSURE && x[i].closure >= 0 &&
		    on_line(&set->closures[x[i].closure], at))
			continue;
		if (text->len)
			gb_buf_adds(text, "; ");
		gb_escape_say(set, &x[i], text);
		for (size_t k = 0; k < x[i].n_steps && rc >= 0; k++) {
			const struct gb_escape_step *step = &x[i].steps[k];
			_buf_ struct gb_buf line = GB_BUF_INIT(MAX_SENTENCE);

			if (!*step->expr)
				continue;
			gb_buf_addf(&line, "%s (%s)", step->expr, step->why);
			if (step->file) {
				gb_buf_adds(&line, " at ");
				place(&line, step->file, step->line);
			}
			rc = add_sentence(&s->flow, &line, err);
		}
	}
	if (rc >= 0 && text->len) {
		s->escape = gb_strdup(text->data);
		if (!s->escape)
			rc = gb_fail_nomem(err);
	}
	gb_buf_clear(text);
	return rc;
}

/* Without the compiler's word: what the runtime was called for. */
static int tell_how(struct gb_evidence_site *s, struct gb_buf *text, struct gb_err *err)
{
	static const struct {
		const char *func, *words;
	} rows[] = {
		{ "runtime.growslice", "append outgrew its array and moved to a larger one" },
		{ "runtime.mapassign", "the map grew" },
		{ "internal/runtime/maps.", "the map grew" },
		{ "runtime.concatstring", "strings were put together" },
		{ "runtime.slicebytetostring", "bytes were copied into a string" },
		{ "runtime.stringtoslicebyte", "a string was copied into bytes" },
		{ "runtime.stringtoslicerune", "a string was copied into runes" },
		{ "runtime.slicerunetostring", "runes were copied into a string" },
		{ "runtime.convT", "a value was put into an interface" },
	};

	for (size_t i = 0; s->at == 0 && i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (!gb_starts(s->how, rows[i].func))
			continue;
		gb_buf_adds(text, rows[i].words);
		return add_sentence(&s->chain, text, err);
	}
	return 0;
}

int gb_evidence_tell(struct gb_evidence_site *s, const struct gb_escapes *set,
		     const struct gb_escapes *base, struct gb_err *err)
{
	_buf_ struct gb_buf text = GB_BUF_INIT(MAX_SENTENCE);
	int rc = tell_how(s, &text, err);

	if (rc < 0 || !set)
		return rc;
	rc = tell_escape(s, set, base, &text, err);
	if (rc >= 0)
		rc = tell_literal(s, set, &text, err);
	if (rc >= 0)
		rc = tell_frames(s, set, &text, err);
	return rc < 0 ? rc : tell_captured(s, set, &text, err);
}
