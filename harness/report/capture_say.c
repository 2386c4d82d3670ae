/* Words for a capture.  See capture.h. */
#include "report/capture.h"

#include "base/buf.h"
#include "base/units.h"
#include "report/say.h"

#include <string.h>

#define NUMBER 48

static void add_amount(struct gb_buf *out, int64_t value, bool is_bytes, bool is_delta)
{
	char text[NUMBER];

	if (is_delta)
		gb_buf_adds(out, gb_format_delta(text, sizeof(text), value, is_bytes));
	else if (is_bytes)
		gb_buf_adds(out, gb_format_size(text, sizeof(text), value));
	else
		gb_buf_adds(out, gb_format_count(text, sizeof(text), value));
}

void gb_capture_say_value(const struct gb_capturing *c, enum gb_capture_kind kind, int64_t value,
			  bool is_delta, struct gb_buf *out)
{
	const char *unit = c->weights[kind].unit ? c->weights[kind].unit : "count";
	char text[NUMBER];

	if (strcmp(unit, "nanoseconds") == 0) {
		gb_format_duration(text, sizeof(text),
				   (value < 0 ? -(value + 1) : value) / 1000000);
		gb_buf_addf(out, "%s%s", value < 0 ? "-" : is_delta && value > 0 ? "+" : "", text);
	} else {
		add_amount(out, value, strcmp(unit, "bytes") == 0, is_delta && value != 0);
	}
}

void gb_capture_say_verdict(const struct gb_capturing *c, const struct gb_capture_verdict *v,
			    struct gb_buf *out)
{
	const char *rate = v->per_minute ? " per minute" : "";

	if (v->rule)
		gb_buf_addf(out, "goroutines created by %s: ", v->rule->created_by);
	else
		gb_buf_addf(out, "%s: ", v->name);
	add_amount(out, v->measured, v->is_bytes, v->per_minute && v->measured > 0);
	gb_buf_addf(out, "%s is %s the budget of ", rate, v->over ? "over" : "within");
	add_amount(out, v->ceiling, v->is_bytes, false);
	if (v->over && !v->per_minute) {
		gb_buf_adds(out, " (");
		add_amount(out, v->measured - v->ceiling, v->is_bytes, true);
		gb_buf_adds(out, ")");
	}
	if (v->over && !v->per_minute && c->n_shots > 1)
		gb_buf_addf(out, ", in the capture of %s", c->shots[v->shot].time);
	if (v->over && v->rule && v->rule->reason)
		gb_buf_addf(out, "; budgeted because: %s", v->rule->reason);
}

const char *gb_capture_say_outcome(const struct gb_capturing *c)
{
	return c->n_over ? "FAIL" : c->n_verdicts ? "PASS" : "SHOWN";
}

void gb_capture_say_state(const struct gb_capture_group *g, struct gb_buf *out)
{
	char text[NUMBER];

	gb_buf_adds(out, *g->state ? g->state : "-");
	if (g->minutes > 0) {
		/* Minutes are all that Go tells: "5m", "3h10m". */
		if (g->minutes < 60)
			gb_buf_addf(out, ", %dm", (int)g->minutes);
		else if (g->minutes < 100 * 60)
			gb_buf_addf(out, ", %dh%02dm", (int)(g->minutes / 60),
				    (int)(g->minutes % 60));
		else
			gb_buf_addf(out, ", %s days",
				    gb_format_count(text, sizeof(text), g->minutes / 60 / 24));
	}
	if (g->leaked || (g->never && !g->main))
		gb_buf_adds(out, ", for ever");
}

void gb_capture_say_place(const struct gb_site *s, struct gb_buf *out)
{
	if (!s->func || !*s->func) {
		gb_buf_adds(out, "(no stack)");
		return;
	}
	gb_say_func(out, s->func);
	if (s->file && *s->file) {
		gb_buf_adds(out, " ");
		gb_say_site(out, s);
	}
}

void gb_capture_say_created(const struct gb_capture_group *g, struct gb_buf *out)
{
	if (g->main)
		gb_buf_adds(out, "(main)");
	else
		gb_capture_say_place(&g->created, out);
}
