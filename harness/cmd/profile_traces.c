/* gobudget profile traces: every sample with its stack.  See profile.h. */
#include "cmd/profile.h"

#include "base/limits.h"
#include "base/mem.h"
#include "base/text.h"
#include "command.h"

#include <inttypes.h>
#include <stdio.h>

#define FLUSH (64 * GB_KIB)

struct printing {
	struct gb_buf *out;
	struct gb_jsonw w;
	struct gb_values v;
	enum gb_granularity by;
	struct gb_buf *name; /* of one frame */
};

static void add_name(struct printing *p, const struct gb_frame *f)
{
	enum gb_granularity by = p->by;
	struct gb_node node = {
		.function = by == GB_BY_FILE ? "" : f->function,
		.file = by == GB_BY_FUNCTION ? "" : f->file,
		.binary = f->binary,
		.line = by == GB_BY_LINE ? (int32_t)f->line : 0,
	};

	gb_buf_clear(p->name);
	gb_node_name(&node, p->name);
	gb_text_safe(p->out, p->name->data);
	if (p->name->failed)
		p->out->failed = true;
}

static void add_labels(struct gb_buf *out, const struct gb_stack *s)
{
	for (size_t i = 0; i < s->n_labels; i++) {
		const struct gb_label *l = &s->labels[i];

		gb_buf_fill(out, ' ', 13);
		gb_text_safe(out, l->key);
		gb_buf_adds(out, ": ");
		if (l->value)
			gb_text_safe(out, l->value);
		else
			gb_buf_addf(out, "%" PRId64 "%s", l->number, *l->unit ? " " : "");
		if (!l->value)
			gb_text_safe(out, l->unit);
		gb_buf_addc(out, '\n');
	}
}

static void add_text(struct printing *p, const struct gb_stack *s)
{
	char value[GB_VALUE_SIZE];

	gb_buf_addc(p->out, '\n');
	add_labels(p->out, s);
	gb_value(&p->v, value, s->value);
	for (size_t i = s->n; i > 0; i--) {
		if (i == s->n)
			gb_buf_addf(p->out, "%10s   ", value);
		else
			gb_buf_fill(p->out, ' ', 13);
		add_name(p, &s->frames[i - 1]);
		gb_buf_adds(p->out, s->frames[i - 1].inlined ? " (inline)\n" : "\n");
	}
	if (s->n == 0)
		gb_buf_addf(p->out, "%10s   no stack\n", value);
}

static void add_json(struct printing *p, const struct gb_stack *s)
{
	struct gb_jsonw *w = &p->w;

	gb_jsonw_open(w, NULL, '{', false);
	gb_jsonw_int(w, "value", s->value);
	if (s->n_labels) {
		gb_jsonw_open(w, "labels", '[', false);
		for (size_t i = 0; i < s->n_labels; i++) {
			gb_jsonw_open(w, NULL, '{', true);
			gb_jsonw_string(w, "key", s->labels[i].key);
			if (s->labels[i].value)
				gb_jsonw_string(w, "value", s->labels[i].value);
			else
				gb_jsonw_int(w, "number", s->labels[i].number);
			if (*s->labels[i].unit)
				gb_jsonw_string(w, "unit", s->labels[i].unit);
			gb_jsonw_close(w, '}');
		}
		gb_jsonw_close(w, ']');
	}
	gb_jsonw_open(w, "stack", '[', false);
	for (size_t i = s->n; i > 0; i--) {
		const struct gb_frame *f = &s->frames[i - 1];

		gb_jsonw_open(w, NULL, '{', true);
		gb_jsonw_string(w, "function", f->function);
		gb_jsonw_string(w, "file", f->file);
		gb_jsonw_int(w, "line", f->line);
		if (f->inlined)
			gb_jsonw_bool(w, "inlined", true);
		gb_jsonw_close(w, '}');
	}
	gb_jsonw_close(w, ']');
	gb_jsonw_close(w, '}');
}

/* All stacks of a large profile are larger than any report may be: they go out as they come. */
static int flush(struct gb_buf *out, struct gb_err *err)
{
	int rc = gb_command_print(out, err);

	gb_buf_clear(out);
	return rc;
}

static int on_stack(void *arg, const struct gb_stack *s, struct gb_err *err)
{
	struct printing *p = arg;

	if (gb_profile_opt.json)
		add_json(p, s);
	else
		add_text(p, s);
	return p->out->len > FLUSH ? flush(p->out, err) : 0;
}

static int traces_run(char **operands, struct gb_err *err)
{
	const struct gb_profile_query q = { gb_profile_opt.sample, gb_profile_opt.focus,
					    gb_profile_opt.ignore };
	_buf_ struct gb_buf out = GB_BUF_INIT(GB_MAX_REPORT);
	_profile_ struct gb_profile *p = NULL;
	_tally_ struct gb_tally t = GB_TALLY_INIT;
	_buf_ struct gb_buf name = GB_BUF_INIT(GB_MAX_REPORT);
	struct printing print = { .out = &out, .w = { .out = &out }, .name = &name };
	int rc;

	if ((rc = gb_profile_open(operands[0], &p, err)) < 0 ||
	    (rc = gb_profile_granularity(GB_BY_LINE, &print.by, err)) < 0 ||
	    (rc = gb_profile_tally(p, NULL, GB_BY_FUNCTION, &t, err)) < 0 ||
	    (rc = gb_values_of(&t, false, &print.v, err)) < 0)
		return rc;
	if (gb_profile_opt.json) {
		gb_profile_json(&print.w, p, NULL, &t);
		gb_jsonw_open(&print.w, "traces", '[', false);
	} else {
		gb_profile_heading(&out, &t, &print.v);
	}
	if ((rc = gb_profile_walk(p, NULL, &q, on_stack, &print, err)) < 0)
		return rc;
	if (gb_profile_opt.json) {
		gb_jsonw_close(&print.w, ']');
		gb_jsonw_close(&print.w, '}');
	}
	return gb_command_print(&out, err);
}

const struct gb_view gb_view_traces = {
	.name = "traces",
	.args = "FILE",
	.summary = "every sample with its stack",
	.opts = "sample focus ignore granularity unit json",
	.operands = 1,
	.run = traces_run,
};
