/* say - escapes and closures in plain words.  See escape.h. */
#include "escape/escape.h"

#include "base/buf.h"
#include "base/units.h"

#include <string.h>

void gb_keeper_say(const struct gb_escape *x, struct gb_buf *out)
{
	const char *by = x->kept_by;

	switch (x->keeper) {
	case GB_KEPT_RETURN:
		gb_buf_adds(out, "returned");
		break;
	case GB_KEPT_ELEMENT:
	case GB_KEPT_GLOBAL:
	case GB_KEPT_FIELD:
		gb_buf_addf(out, "stored in %s", by);
		break;
	case GB_KEPT_POINTER:
		gb_buf_addf(out, "stored through %s", by + (by[0] == '*'));
		break;
	case GB_KEPT_APPEND:
		gb_buf_addf(out, "appended to %s", by);
		break;
	case GB_KEPT_SEND:
		gb_buf_addf(out, "sent on %s", by);
		break;
	case GB_KEPT_GO:
		gb_buf_adds(out, "held by a goroutine");
		break;
	case GB_KEPT_DEFER:
		gb_buf_adds(out, "held by a deferred call");
		break;
	case GB_KEPT_CALL:
		gb_buf_addf(out, "passed to %s", by);
		break;
	case GB_KEPT_INTERFACE:
		gb_buf_adds(out, "put into an interface");
		break;
	case GB_KEPT_PANIC:
		gb_buf_adds(out, "passed to panic");
		break;
	case GB_KEPT_SIZE:
		gb_buf_adds(out,
			    strcmp(by, "non-constant size") ? by : "of a size not known before");
		break;
	case GB_KEPT_LOOP:
		gb_buf_addf(out, "kept in %s, which outlives it", by);
		break;
	case GB_KEPT_UNKNOWN:
		gb_buf_adds(out, x->n_steps ? "kept on the heap" : "allocated on the heap");
		break;
	}
}

/* Does a closure capture it, on the way that the keeper ends? */
static bool is_captured(const struct gb_escape *x)
{
	for (size_t i = 0; i < x->n_steps && x->steps[i].way == 0; i++)
		if (!strcmp(x->steps[i].why, "captured by a closure"))
			return true;
	return false;
}

void gb_escape_say(const struct gb_escapes *e, const struct gb_escape *x, struct gb_buf *out)
{
	const struct gb_closure *c = x->closure >= 0 ? &e->closures[x->closure] : NULL;

	if (x->says) {
		gb_buf_adds(out, x->says);
		return;
	}
	switch (x->kind) {
	case GB_ESCAPE_CLOSURE:
		gb_buf_adds(out, "closure ");
		if (c && c->name[0])
			gb_buf_addf(out, "%s ", c->name);
		if (c && c->n_captures) {
			gb_buf_adds(out, "with ");
			gb_closure_say(c, out);
			gb_buf_adds(out, ", ");
		}
		break;
	case GB_ESCAPE_VALUE:
		gb_buf_addf(out, "%s copied to the heap, ", x->expr);
		break;
	default:
		gb_buf_addf(out, "%s%s", x->expr,
			    is_captured(x) ? " captured by a closure, " : " ");
	}
	gb_keeper_say(x, out);
}

void gb_closure_say(const struct gb_closure *c, struct gb_buf *out)
{
	char size[32];

	if (!c->n_captures)
		gb_buf_adds(out, "nothing");
	for (size_t i = 0; i < c->n_captures; i++) {
		const struct gb_capture *x = &c->captures[i];

		gb_buf_addf(out, "%s%s (%s%s)", i ? ", " : "", x->name,
			    x->by_ref ? "by reference, " : "",
			    gb_format_size(size, sizeof(size), x->width));
	}
}

/* "~r0" and the like are results without a name. */
static bool is_result(const char *to)
{
	return to[0] == '~' && to[1] == 'r';
}

void gb_leak_say(const struct gb_leak_param *x, struct gb_buf *out)
{
	gb_buf_addf(out, "%s%s ", x->derefs > 0 ? "what is behind " : "", x->name);
	if (x->to_go)
		gb_buf_adds(out, "is held by a goroutine");
	else if (strcmp(x->to, "{heap}") == 0)
		gb_buf_adds(out, "leaks to the heap");
	else if (is_result(x->to))
		gb_buf_adds(out, "is returned");
	else
		gb_buf_addf(out, "flows to %s", x->to);
}

const char *gb_escape_kind_name(enum gb_escape_kind k)
{
	static const char *const names[] = {
		[GB_ESCAPE_VARIABLE] = "variable",
		[GB_ESCAPE_CLOSURE] = "closure",
		[GB_ESCAPE_MADE] = "made",
		[GB_ESCAPE_VALUE] = "value",
	};

	return names[k];
}

const char *gb_keeper_name(enum gb_keeper k)
{
	static const char *const names[] = {
		[GB_KEPT_UNKNOWN] = "unknown", [GB_KEPT_RETURN] = "return",
		[GB_KEPT_ELEMENT] = "element", [GB_KEPT_GLOBAL] = "global",
		[GB_KEPT_FIELD] = "field",     [GB_KEPT_POINTER] = "pointer",
		[GB_KEPT_APPEND] = "append",   [GB_KEPT_SEND] = "send",
		[GB_KEPT_GO] = "go",	       [GB_KEPT_DEFER] = "defer",
		[GB_KEPT_CALL] = "call",       [GB_KEPT_INTERFACE] = "interface",
		[GB_KEPT_PANIC] = "panic",     [GB_KEPT_SIZE] = "size",
		[GB_KEPT_LOOP] = "loop",
	};

	return names[k];
}
