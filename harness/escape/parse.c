/*
 * parse - one line of what `-m=2` says.  See state.h.
 *
 *	# example.com/shop/store [example.com/shop/store.test]
 *	./x.go:25:2: x escapes to heap in F:		(before Go 1.25 without "in F")
 *	./x.go:25:2:   flow: ~r0 <- &x:			(an arrow; before Go 1.25 "=")
 *	./x.go:25:2:     from &x (address-of) at ./x.go:26:9
 *	./x.go:25:2: moved to heap: x
 *	./x.go:36:10: func literal escapes to heap
 *	./x.go:35:6: F capturing by ref: i (addr=false assign=true width=8)
 *	./x.go:95:11: parameter p leaks to ~r0 for F with derefs=0:
 *	./x.go:95:11: leaking param: p to result ~r0 level=0
 *
 * The last one repeats what the explanation before it said, and is not needed.
 */
#include "escape/state.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"

#include <string.h>

#define ARROW	   " \xe2\x86\x90 "
#define MAX_NUMBER 1000000000

/* A slice of the line. */
struct text {
	const char *at;
	size_t len;
};

static struct text slice(const char *at, const char *end)
{
	return (struct text){ at, (size_t)(end - at) };
}

static bool begins(struct text t, const char *with)
{
	size_t len = strlen(with);

	return t.len >= len && memcmp(t.at, with, len) == 0;
}

static bool ends(struct text t, const char *with)
{
	size_t len = strlen(with);

	return t.len >= len && memcmp(t.at + t.len - len, with, len) == 0;
}

static struct text without(struct text t, size_t front, size_t back)
{
	return (struct text){ t.at + front, t.len - front - back };
}

/* Where `what` stands last, or first, in the text; NULL: nowhere. */
static const char *last(struct text t, const char *what)
{
	size_t len = strlen(what);

	for (size_t i = t.len + 1; i-- > 0;)
		if (t.len - i >= len && memcmp(t.at + i, what, len) == 0)
			return t.at + i;
	return NULL;
}

static const char *first(struct text t, const char *what)
{
	size_t len = strlen(what);

	for (size_t i = 0; i + len <= t.len; i++)
		if (memcmp(t.at + i, what, len) == 0)
			return t.at + i;
	return NULL;
}

static bool number(const char **at, const char *end, int64_t max, int64_t *ret)
{
	const char *p = *at;
	int64_t n = 0;

	for (; p < end && *p >= '0' && *p <= '9'; p++) {
		n = n * 10 + (*p - '0');
		if (n > max)
			return false;
	}
	if (p == *at)
		return false;
	*ret = n;
	*at = p;
	return true;
}

/* ":LINE:COL" at p and nothing else that could belong to it. */
static bool line_and_col(const char **p, const char *end, int *ret_line, int *ret_col)
{
	const char *at = *p;
	int64_t line, col;

	if (at == end || *at++ != ':' || !number(&at, end, MAX_NUMBER, &line) || at == end ||
	    *at++ != ':' || !number(&at, end, MAX_NUMBER, &col))
		return false;
	*ret_line = (int)line;
	*ret_col = (int)col;
	*p = at;
	return true;
}

/* "FILE:LINE:COL" up to `*ret_end`. */
static bool place(struct text t, struct text *ret_file, int *ret_line, int *ret_col,
		  const char **ret_end)
{
	const char *end = t.at + t.len;

	for (const char *p = t.at + 1; p < end; p++) {
		const char *at = p;

		if (*p == ':' && line_and_col(&at, end, ret_line, ret_col)) {
			*ret_file = slice(t.at, p);
			*ret_end = at;
			return true;
		}
	}
	return false;
}

static size_t folder_len(struct text file)
{
	size_t len = file.len;

	while (len && file.at[len - 1] != '/')
		len--;
	return len;
}

/* `file` as seen from the folder that `beside` lies in.  See struct gb_spot. */
static const char *seen_from(struct gb_escapes *e, struct text file, struct text beside)
{
	size_t folder = folder_len(file), from = folder_len(beside), common = 0, up = 0;
	_buf_ struct gb_buf name = GB_BUF_INIT(4 * GB_MAX_PATH);

	if (begins(file, "/"))
		return gb_word(e->state, file.at, file.len);
	for (size_t i = 0; i < folder && i < from && file.at[i] == beside.at[i]; i++)
		if (file.at[i] == '/')
			common = i + 1;
	file = without(file, common, 0);
	beside = without(beside, common, 0);
	if (begins(file, "./"))
		file = without(file, 2, 0);
	if (begins(beside, "./"))
		beside = without(beside, 2, 0);
	/* What lies above an unknown folder cannot be named from below. */
	if (first(beside, "../"))
		file = without(file, folder_len(file), 0);
	else
		for (size_t i = 0; i < beside.len; i++)
			up += beside.at[i] == '/';
	if (up > 64)
		return gb_word(e->state, file.at, file.len);
	for (size_t i = 0; i < up; i++)
		gb_buf_adds(&name, "../");
	gb_buf_add(&name, file.at, file.len);
	return name.failed ? NULL : gb_word(e->state, name.data, name.len);
}

/* "generic[go.shape.int]" is "generic[...]" in stacks, and one function to people. */
static const char *function(struct gb_escapes *e, struct text t)
{
	_buf_ struct gb_buf name = GB_BUF_INIT(4 * GB_MAX_LINE);
	size_t depth = 0;

	for (size_t i = 0; i < t.len; i++) {
		char c = t.at[i];

		if (c == '[' && depth++ == 0)
			gb_buf_adds(&name, "[...]");
		else if (depth == 0)
			gb_buf_addc(&name, c);
		if (c == ']' && depth)
			depth--;
	}
	return name.failed ? NULL : gb_word(e->state, name.data, name.len);
}

static const char *word(struct gb_escapes *e, struct text t)
{
	return gb_word(e->state, t.at, t.len);
}

static int on_header(struct gb_escapes *e, struct text path, struct gb_err *err)
{
	struct gb_escape_state *s = e->state;
	const char *bracket = first(path, " [");
	struct text variant = { "", 0 };

	s->package = NULL;
	s->explaining = NOTHING;
	if (bracket) {
		variant = slice(bracket + 2, path.at + path.len);
		path = slice(path.at, bracket);
		/* "p_test [p.test]" is the external test package of p. */
		if (ends(variant, ".test]") && variant.len == path.len + 1 && ends(path, "_test") &&
		    memcmp(variant.at, path.at, path.len - 5) == 0)
			path = without(path, 0, 5);
	}
	/* The main function of a test binary is the go command's. */
	if (!path.len || begins(path, "[") || (ends(path, ".test") && !bracket))
		return 0;
	s->package = word(e, path);
	return s->package ? gb_escapes_need_package(e, s->package, err) : gb_fail_nomem(err);
}

static int on_way(struct gb_escapes *e, struct text expr, struct text func, struct gb_err *err)
{
	struct gb_escape_state *s = e->state;
	struct gb_way w = { s->at, word(e, expr), function(e, func), s->n_steps, 0 };
	int rc;

	if (!w.expr || !w.func)
		return gb_fail_nomem(err);
	rc = gb_grow((void **)&s->ways, &s->cap_ways, s->n_ways + 1, sizeof(*s->ways),
		     GB_MAX_ESCAPES, err);
	if (rc)
		return rc;
	s->ways[s->n_ways++] = w;
	s->explaining = OF_WAY;
	return 1;
}

static int on_end(struct gb_escapes *e, struct text expr, bool variable, struct gb_err *err)
{
	struct gb_escape_state *s = e->state;
	struct gb_end end = { s->at, word(e, expr), variable };
	int rc;

	if (!end.expr)
		return gb_fail_nomem(err);
	rc = gb_grow((void **)&s->ends, &s->cap_ends, s->n_ends + 1, sizeof(*s->ends),
		     GB_MAX_ESCAPES, err);
	if (rc)
		return rc;
	s->ends[s->n_ends++] = end;
	return 1;
}

/* "parameter p leaks to ~r0 for F with derefs=0:" */
static int on_param(struct gb_escapes *e, struct text t, struct gb_err *err)
{
	struct gb_escape_state *s = e->state;
	struct text rest = without(t, strlen("parameter "), 0), to;
	const char *leaks = first(rest, " leaks to "), *with = last(rest, " with derefs=");
	const char *at, *func;
	int64_t derefs;
	int rc;

	if (!leaks || !with || leaks > with)
		return 0;
	at = with + strlen(" with derefs=");
	if (!number(&at, t.at + t.len, MAX_NUMBER, &derefs))
		return 0;
	to = slice(leaks + strlen(" leaks to "), with < leaks + 10 ? leaks + 10 : with);
	/* "{storage for func literal}" names no function. */
	func = ends(to, "}") ? NULL : last(to, " for ");
	struct gb_param p = {
		.spot = s->at,
		.name = word(e, slice(rest.at, leaks)),
		.to = word(e, func ? slice(to.at, func) : to),
		.func = function(e, func ? slice(func + 5, to.at + to.len) : slice(t.at, t.at)),
		.derefs = (int)derefs,
		.first = s->n_steps,
	};
	if (!p.name || !p.to || !p.func)
		return gb_fail_nomem(err);
	rc = gb_grow((void **)&s->params, &s->cap_params, s->n_params + 1, sizeof(*s->params),
		     GB_MAX_ESCAPES, err);
	if (rc)
		return rc;
	s->params[s->n_params++] = p;
	s->explaining = OF_PARAM;
	return 1;
}

/* "F capturing by ref: x (addr=false assign=true width=8)" */
static int on_capture(struct gb_escapes *e, struct text t, const char *by, struct gb_err *err)
{
	struct gb_escape_state *s = e->state;
	struct text rest = slice(by + strlen(" capturing by "), t.at + t.len), tail;
	const char *bracket = last(rest, " ("), *at;
	struct gb_captured c = { .spot = s->at, .by_ref = begins(rest, "ref: ") };
	size_t head = c.by_ref ? 5 : 7;
	int rc;

	if (!bracket || (!c.by_ref && !begins(rest, "value: ")) || bracket < rest.at + head)
		return 0;
	c.name = word(e, slice(rest.at + head, bracket));
	tail = slice(bracket, rest.at + rest.len);
	c.address_taken = first(tail, "addr=true");
	c.assigned = first(tail, "assign=true");
	at = first(tail, "width=");
	at = at ? at + strlen("width=") : tail.at;
	if (!number(&at, tail.at + tail.len, INT64_MAX / 20, &c.width))
		c.width = 0;
	if (!c.name)
		return gb_fail_nomem(err);
	rc = gb_grow((void **)&s->captured, &s->cap_captured, s->n_captured + 1,
		     sizeof(*s->captured), GB_MAX_ESCAPES, err);
	if (rc)
		return rc;
	s->captured[s->n_captured++] = c;
	return 1;
}

/* The explanation that this line belongs to, and how many steps it has. */
static size_t *explained(struct gb_escape_state *s)
{
	if (s->explaining == OF_WAY)
		return &s->ways[s->n_ways - 1].n;
	return s->explaining == OF_PARAM ? &s->params[s->n_params - 1].n : NULL;
}

static int add_step(struct gb_escape_state *s, const struct gb_escape_step *step,
		    struct gb_err *err)
{
	int rc = gb_grow((void **)&s->steps, &s->cap_steps, s->n_steps + 1, sizeof(*s->steps),
			 GB_MAX_ESCAPE_STEPS, err);

	if (rc)
		return rc;
	s->steps[s->n_steps++] = *step;
	++*explained(s);
	return 1;
}

/* "flow: ~r0 <- &x:" */
static int on_flow(struct gb_escapes *e, struct text t, struct gb_err *err)
{
	struct gb_escape_state *s = e->state;
	struct text rest = without(t, strlen("flow: "), 0);
	const char *arrow = first(rest, ARROW);
	struct gb_escape_step step = { .expr = "", .why = "" };

	if (!explained(s))
		return 1;
	if (!arrow)
		arrow = first(rest, " = ");
	if (!arrow)
		return 0;
	s->to = step.to = word(e, slice(rest.at, arrow));
	return step.to ? add_step(s, &step, err) : gb_fail_nomem(err);
}

/* "from &x (address-of) at ./x.go:26:9" */
static int on_from(struct gb_escapes *e, struct text t, struct text beside, struct gb_err *err)
{
	struct gb_escape_state *s = e->state;
	const char *at = last(t, ") at "), *bracket, *end;
	struct gb_escape_step step = { .to = s->to }, *before;
	struct text file, reason;

	if (!explained(s) || !*explained(s))
		return 1;
	bracket = at ? last(slice(t.at, at), " (") : NULL;
	if (!bracket || bracket < t.at + strlen("from"))
		return 0;
	if (!place(slice(at + 5, t.at + t.len), &file, &step.line, &step.col, &end))
		return 1; /* at <autogenerated>:1 */
	reason = slice(bracket + 2, at);
	step.expr = bracket > t.at + 5 ? word(e, slice(t.at + 5, bracket)) : "";
	step.why = word(e, reason);
	step.file = seen_from(e, file, beside);
	if (!step.expr || !step.why || !step.file)
		return gb_fail_nomem(err);
	before = &s->steps[s->n_steps - 1];
	/* The flow's own entry becomes its first step. */
	if (!before->file) {
		*before = step;
		return 1;
	}
	return add_step(s, &step, err);
}

/* Diagnostics that tell nothing of the heap. */
static bool is_known(struct text t)
{
	static const char *const known[] = { "can inline ",    "cannot inline ",
					     "inlining call",  "leaking param",
					     "devirtualizing", "partially devirtualizing",
					     "zero-copy ",     "mark inlined call",
					     "hash-function",  "can be PGO" };

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (begins(t, known[i]))
			return true;
	return ends(t, " does not escape") || first(t, " ignoring self-assignment in ");
}

static int on_text(struct gb_escapes *e, struct text t, struct gb_err *err)
{
	static const char escapes[] = " escapes to heap";
	struct gb_escape_state *s = e->state;
	const char *at;

	s->explaining = NOTHING;
	if (begins(t, "moved to heap: "))
		return on_end(e, without(t, strlen("moved to heap: "), 0), true, err);
	if (begins(t, "parameter "))
		return on_param(e, t, err);
	if (is_known(t))
		return 1;
	at = last(t, escapes);
	if (at && at > t.at) {
		struct text expr = slice(t.at, at);
		struct text rest = slice(at + strlen(escapes), t.at + t.len);

		if (!rest.len)
			return on_end(e, expr, false, err);
		if (rest.len == 1 && ends(rest, ":"))
			return on_way(e, expr, slice(at, at), err);
		if (begins(rest, " in ") && ends(rest, ":") && rest.len > 5)
			return on_way(e, expr, without(rest, 4, 1), err);
	}
	at = first(t, " capturing by ");
	return at ? on_capture(e, t, at, err) : 0;
}

static bool same_spot(const struct gb_spot *a, const struct gb_spot *b)
{
	return a->package == b->package && a->file == b->file && a->line == b->line &&
	       a->col == b->col;
}

int gb_escapes_line(struct gb_escapes *e, const char *line, size_t len, struct gb_err *err)
{
	struct gb_escape_state *s = e->state;
	struct text whole = { line, len }, t, file = { line, 0 };
	struct gb_spot spot = { .package = s->package };
	const char *end;
	int rc;

	/* A NUL would end a word too early. */
	if (memchr(line, '\0', len))
		return 0;
	if (begins(whole, "# ")) {
		rc = on_header(e, without(whole, 2, 0), err);
		return rc ? rc : 1;
	}
	if (begins(whole, "<autogenerated>:"))
		return 1;
	if (!place(whole, &file, &spot.line, &spot.col, &end))
		return 0;
	t = slice(end, line + len);
	if (!begins(t, ": "))
		return 0;
	t = without(t, 2, 0);
	if (!s->package)
		return is_known(t) || begins(t, "  ") || first(t, " to heap") ? 1 : 0;
	spot.file = seen_from(e, file, file);
	if (!spot.file)
		return gb_fail_nomem(err);
	if (begins(t, "    from "))
		return same_spot(&spot, &s->at) ? on_from(e, without(t, 4, 0), file, err) : 1;
	if (begins(t, "  flow: "))
		return same_spot(&spot, &s->at) ? on_flow(e, without(t, 2, 0), err) : 1;
	s->at = spot;
	return on_text(e, t, err);
}
