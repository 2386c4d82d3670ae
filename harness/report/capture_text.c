/* A capture as text.  See capture.h. */
#include "report/capture.h"

#include "base/buf.h"
#include "base/term.h"
#include "base/text.h"
#include "base/units.h"
#include "report/part.h"

#include <string.h>

#define COLUMN	   11
#define FEW_SHOTS  6 /* columns of values; of more the first ones and the last are shown */
#define NAME_WIDTH 17

static bool is_shown(const struct gb_capturing *c, size_t shot)
{
	return c->n_shots <= FEW_SHOTS || shot < FEW_SHOTS / 2 ||
	       shot >= c->n_shots - FEW_SHOTS / 2;
}

static void add_cell(struct gb_buf *out, const char *text, size_t width)
{
	size_t have = gb_text_width(text);

	gb_buf_fill(out, ' ', have < width ? width - have : 1);
	gb_buf_adds(out, text);
}

static void add_heading(struct gb_buf *out, const struct gb_capturing *c)
{
	gb_buf_fill(out, ' ', NAME_WIDTH);
	for (size_t i = 0; i < c->n_shots; i++) {
		if (c->n_shots > FEW_SHOTS && i == FEW_SHOTS / 2)
			gb_buf_adds(out, "  ...");
		if (is_shown(c, i))
			add_cell(out, c->shots[i].time, COLUMN);
	}
	if (c->n_shots > 1)
		add_cell(out, "per minute", COLUMN + 2);
	gb_buf_addc(out, '\n');
}

static int64_t value_of(const struct gb_capture_shot *s, int kind)
{
	return kind == GB_CAPTURE_STACKS ? s->blocked : s->value[kind];
}

static void add_row(struct gb_buf *out, const struct gb_capturing *c, int kind)
{
	bool stacks = kind == GB_CAPTURE_STACKS;
	enum gb_capture_kind unit = stacks ? GB_CAPTURE_GOROUTINE : (enum gb_capture_kind)kind;
	_part_ struct gb_part cell = GB_PART(out);
	double slope;
	bool idle = kind == GB_CAPTURE_MUTEX || kind == GB_CAPTURE_BLOCK;
	size_t known = 0;

	/* Both are off unless the program turns them on. */
	for (size_t i = 0; i < c->n_shots; i++)
		known += value_of(&c->shots[i], kind) >= idle;
	if (known == 0 || (stacks && c->budget->blocked == GB_SERVICE_NONE))
		return;
	if (stacks)
		gb_buf_addf(&cell.b, "blocked %dm+", (int)c->budget->longer_min);
	else
		gb_buf_adds(&cell.b, gb_capture_sources[kind].words);
	gb_buf_adds(out, cell.b.data);
	gb_buf_fill(out, ' ',
		    NAME_WIDTH > gb_text_width(cell.b.data)
			    ? NAME_WIDTH - gb_text_width(cell.b.data)
			    : 1);
	for (size_t i = 0; i < c->n_shots; i++) {
		int64_t value = value_of(&c->shots[i], kind);

		if (c->n_shots > FEW_SHOTS && i == FEW_SHOTS / 2)
			gb_buf_adds(out, "  ...");
		if (!is_shown(c, i))
			continue;
		gb_part_clear(&cell);
		if (value < 0)
			gb_buf_adds(&cell.b, "-");
		else
			gb_capture_say_value(c, unit, value, false, &cell.b);
		add_cell(out, cell.b.data, COLUMN);
	}
	if (!stacks && gb_capture_growth(c, unit, &slope)) {
		gb_part_clear(&cell);
		gb_capture_say_value(c, unit, (int64_t)(slope < 0 ? slope - 0.5 : slope + 0.5),
				     true, &cell.b);
		add_cell(out, cell.b.data, COLUMN + 2);
	}
	gb_buf_addc(out, '\n');
}

static void add_verdicts(struct gb_buf *out, const struct gb_capturing *c, bool colour, bool all)
{
	size_t shown = 0;

	for (size_t i = 0; i < c->n_verdicts; i++) {
		const struct gb_capture_verdict *v = &c->verdicts[i];
		_part_ struct gb_part line = GB_PART(out);

		if (!all && !v->over)
			continue;
		shown++;
		gb_capture_say_verdict(c, v, &line.b);
		gb_buf_addf(out, "%s%s%s  ", gb_style_on(colour, v->over ? GB_RED : GB_GREEN),
			    v->over ? "over  " : "within", gb_style_off(colour));
		gb_text_safe(out, line.b.data);
		gb_buf_addc(out, '\n');
	}
	if (shown && all)
		gb_buf_addc(out, '\n');
}

static void add_outcome(struct gb_buf *out, const struct gb_capturing *c,
			const struct gb_capture_look *look)
{
	gb_buf_addf(out, "%s%s%s  ", gb_style_on(look->colour, c->n_over ? GB_RED : GB_GREEN),
		    gb_capture_say_outcome(c), gb_style_off(look->colour));
	gb_text_safe(out, look->url);
	gb_buf_addf(out, ": %zu over, %zu within, in %zu capture%s\n", c->n_over,
		    c->n_verdicts - c->n_over, c->n_shots, c->n_shots == 1 ? "" : "s");
}

static void add_group(struct gb_buf *out, const struct gb_capturing *c,
		      const struct gb_capture_group *g)
{
	int64_t first = g->count[0], last = g->count[c->n_shots - 1];
	_part_ struct gb_part state = GB_PART(out);
	_part_ struct gb_part text = GB_PART(out);
	char a[32], b[32];

	add_cell(out, gb_format_count(a, sizeof(a), last), 9);
	if (c->n_shots > 1)
		add_cell(out,
			 last == first ? "" : gb_format_delta(b, sizeof(b), last - first, false),
			 10);
	gb_buf_adds(out, "  ");
	gb_capture_say_state(g, &state.b);
	gb_text_safe(out, state.b.data);
	gb_buf_fill(out, ' ',
		    gb_text_width(state.b.data) < 24 ? 24 - gb_text_width(state.b.data) : 0);
	gb_buf_adds(out, "  ");
	gb_capture_say_created(g, &text.b);
	gb_text_safe(out, text.b.data);
	gb_buf_adds(out, "\n");
	if (!g->where.func || !*g->where.func)
		return;
	gb_part_clear(&text);
	gb_buf_fill(out, ' ', c->n_shots > 1 ? 47 : 37);
	gb_buf_adds(out, "in ");
	gb_capture_say_place(&g->where, &text.b);
	gb_text_safe(out, text.b.data);
	gb_buf_addc(out, '\n');
}

static void add_groups(struct gb_buf *out, const struct gb_capturing *c, size_t rows)
{
	size_t shown = 0, left = 0;
	char n[32];

	if (!c->n_groups)
		return;
	add_cell(out, "count", 9);
	if (c->n_shots > 1)
		add_cell(out, "growth", 10);
	gb_buf_adds(out, "  waits in                  goroutines created by\n");
	for (size_t i = 0; i < c->n_groups; i++) {
		const struct gb_capture_group *g = &c->groups[i];

		if (g->count[c->n_shots - 1] == 0)
			continue;
		if (rows && shown == rows) {
			left++;
			continue;
		}
		add_group(out, c, g);
		shown++;
	}
	if (left)
		gb_buf_addf(out, "%s more kinds (--top 0 shows all)\n",
			    gb_format_count(n, sizeof(n), (int64_t)left));
	gb_buf_addc(out, '\n');
}

static void add_weights(struct gb_buf *out, const struct gb_capturing *c, enum gb_capture_kind kind,
			size_t rows)
{
	const struct gb_capture_weights *w = &c->weights[kind];
	size_t shown = 0;

	for (size_t i = 0; i < w->n && (!rows || shown < rows); i++) {
		const struct gb_capture_weight *x = &w->v[i];
		_part_ struct gb_part cell = GB_PART(out);

		if (x->last <= 0)
			continue;
		if (shown++ == 0)
			gb_buf_addf(out, "%s, by place\n", gb_capture_sources[kind].words);
		gb_capture_say_value(c, kind, x->last, false, &cell.b);
		add_cell(out, cell.b.data, 11);
		if (c->n_shots > 1) {
			gb_part_clear(&cell);
			if (x->last != x->first)
				gb_capture_say_value(c, kind, x->last - x->first, true, &cell.b);
			add_cell(out, cell.b.data, 12);
		}
		gb_part_clear(&cell);
		gb_capture_say_place(&x->site, &cell.b);
		gb_buf_adds(out, "  ");
		gb_text_safe(out, cell.b.data);
		gb_buf_addc(out, '\n');
	}
	if (shown)
		gb_buf_addc(out, '\n');
}

void gb_capture_text(const struct gb_capturing *c, const struct gb_capture_look *look,
		     struct gb_buf *out)
{
	static const enum gb_capture_kind tables[] = { GB_CAPTURE_LEAK, GB_CAPTURE_HEAP,
						       GB_CAPTURE_ALLOCS, GB_CAPTURE_MUTEX,
						       GB_CAPTURE_BLOCK };
	size_t few = look->rows > 5 ? 5 : look->rows;

	add_heading(out, c);
	for (int k = 0; k < GB_CAPTURE_KINDS; k++)
		add_row(out, c, k);
	gb_buf_addc(out, '\n');
	add_groups(out, c, look->rows);
	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
		add_weights(out, c, tables[i], few);
	for (size_t i = 0; i < look->notes->n; i++) {
		gb_buf_adds(out, "note: ");
		gb_text_safe(out, look->notes->v[i]);
		gb_buf_addc(out, '\n');
	}
	if (look->notes->n)
		gb_buf_addc(out, '\n');
	add_verdicts(out, c, look->colour, true);
	add_outcome(out, c, look);
}

void gb_capture_quiet(const struct gb_capturing *c, const struct gb_capture_look *look,
		      struct gb_buf *out)
{
	add_verdicts(out, c, look->colour, false);
	add_outcome(out, c, look);
}
