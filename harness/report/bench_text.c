/* bench_text - benchmarks as tables on a terminal and in a log.  See bench.h. */
#include "report/bench.h"

#include "base/buf.h"
#include "base/term.h"
#include "base/text.h"
#include "pprof/slower.h"
#include "report/part.h"

#include <string.h>

#define NAME_MOST ((size_t)60) /* columns; a longer one loses its middle */
#define HEAD_MOST ((size_t)24)
#define GAP	  "   "

enum column { NAME, OLD, NOW, CHANGE, P, COLUMNS };

struct table {
	const struct gb_benches *b;
	const struct gb_bench_look *look;
	const char *package;
	enum gb_metric metric;
	bool one_side;
	size_t width[COLUMNS];
};

static bool is_one_sided(const struct gb_benches *b)
{
	for (size_t i = 0; i < b->n; i++)
		if (b->v[i].side[GB_BEFORE].n)
			return false;
	return true;
}

static bool is_in(const struct table *t, const struct gb_bench *row)
{
	if (row->metric != t->metric || strcmp(row->package, t->package) != 0)
		return false;
	if (t->one_side || t->look->all)
		return true;
	if (row->metric == GB_NS_PER_OP)
		return row->word != GB_BENCH_SAME;
	return row->word == GB_BENCH_SLOWER || row->word == GB_BENCH_FASTER;
}

/* "118.2n ± 2%" */
static void add_side(const struct gb_bench *row, enum gb_bench_side side, bool utf8,
		     struct gb_buf *out)
{
	if (!row->side[side].n)
		return;
	gb_bench_say_median(row, side, utf8, out);
	gb_buf_adds(out, utf8 ? " \xC2\xB1 " : " +- ");
	gb_bench_say_spread(&row->side[side].median, utf8, out);
}

static void add_cell(const struct table *t, const struct gb_bench *row, enum column c,
		     struct gb_buf *out)
{
	_part_ struct gb_part safe = GB_PART(out);

	switch (c) {
	case NAME:
		gb_text_safe(&safe.b, row->name);
		gb_text_fit(out, safe.b.data, NAME_MOST);
		break;
	case OLD:
	case NOW:
		add_side(row, c == OLD ? GB_BEFORE : GB_AFTER, t->look->utf8, out);
		break;
	case CHANGE:
		gb_bench_say_change(row, out);
		break;
	default:
		gb_buf_addc(out, '(');
		gb_bench_say_p(row, out);
		gb_buf_addc(out, ')');
	}
}

static void add_heading(const struct table *t, enum column c, struct gb_buf *out)
{
	_part_ struct gb_part safe = GB_PART(out);

	if (c == NAME)
		gb_buf_adds(out, gb_bench_unit(t->metric));
	else if (c == OLD)
		gb_text_safe(&safe.b, t->look->before ? t->look->before : "before");
	else if (c == NOW)
		gb_text_safe(&safe.b, t->look->after ? t->look->after : "after");
	else if (c == CHANGE)
		gb_buf_adds(out, "change");
	if (safe.b.len)
		gb_text_fit(out, safe.b.data, HEAD_MOST);
}

static bool has_column(const struct table *t, enum column c)
{
	return !t->one_side || (c != OLD && c != CHANGE);
}

static enum gb_style style_of(const struct gb_bench *row)
{
	switch (row->word) {
	case GB_BENCH_OVER:
		return GB_RED;
	case GB_BENCH_WARN:
		return GB_YELLOW;
	case GB_BENCH_FASTER:
		return GB_GREEN;
	default:
		return GB_PLAIN;
	}
}

/* Names to the left, numbers to the right; `row` NULL is the heading. */
static void add_row(const struct table *t, const struct gb_bench *row, struct gb_buf *out)
{
	_part_ struct gb_part cell = GB_PART(out);
	bool colour = t->look->colour;

	gb_buf_adds(out, "  ");
	for (enum column c = NAME; c < COLUMNS; c++) {
		size_t width;

		if (!has_column(t, c))
			continue;
		gb_part_clear(&cell);
		if (row)
			add_cell(t, row, c, &cell.b);
		else
			add_heading(t, c, &cell.b);
		width = gb_text_width(cell.b.data);
		if (c != NAME)
			gb_buf_adds(out, GAP);
		if (c != NAME && c != P && width < t->width[c])
			gb_buf_fill(out, ' ', t->width[c] - width);
		if (c == CHANGE && row)
			gb_buf_adds(out, gb_style_on(colour, style_of(row)));
		gb_buf_adds(out, cell.b.data);
		if (c == CHANGE && row)
			gb_buf_adds(out, gb_style_off(colour));
		if (c == NAME && width < t->width[c])
			gb_buf_fill(out, ' ', t->width[c] - width);
	}
	while (out->len && out->data[out->len - 1] == ' ')
		out->data[--out->len] = '\0';
	gb_buf_addc(out, '\n');
}

static void add_below(const struct table *t, const struct gb_bench *row, struct gb_buf *out)
{
	_part_ struct gb_part line = GB_PART(out);

	if (row->metric == GB_NS_PER_OP)
		gb_bench_say_verdict(t->b, row, t->look->cpu, &line.b);
	if (line.b.len) {
		gb_buf_adds(out, "    ");
		gb_buf_adds(out, gb_style_on(t->look->colour, style_of(row)));
		gb_buf_adds(out, line.b.data);
		gb_buf_adds(out, gb_style_off(t->look->colour));
		gb_buf_addc(out, '\n');
	}
	for (size_t i = 0; i < row->n_slower; i++) {
		gb_part_clear(&line);
		gb_bench_say_slower(&row->slower[i], &line.b);
		gb_buf_adds(out, "    ");
		gb_text_safe(out, line.b.data);
		gb_buf_addc(out, '\n');
	}
}

/* False where it has no rows. */
static bool measure(struct table *t, struct gb_buf *out)
{
	_part_ struct gb_part cell = GB_PART(out);
	bool any = false;

	memset(t->width, 0, sizeof(t->width));
	for (size_t i = 0; i <= t->b->n; i++) {
		const struct gb_bench *row = i < t->b->n ? &t->b->v[i] : NULL;

		if (row && !is_in(t, row))
			continue;
		any = any || row;
		for (enum column c = NAME; c < COLUMNS; c++) {
			size_t width;

			gb_part_clear(&cell);
			if (row)
				add_cell(t, row, c, &cell.b);
			else
				add_heading(t, c, &cell.b);
			width = gb_text_width(cell.b.data);
			if (width > t->width[c])
				t->width[c] = width;
		}
	}
	return any;
}

static void add_package(struct table *t, struct gb_buf *out)
{
	static const enum gb_metric metrics[] = { GB_NS_PER_OP, GB_BYTES_PER_OP, GB_ALLOCS_PER_OP };
	bool titled = false;

	for (size_t m = 0; m < sizeof(metrics) / sizeof(metrics[0]); m++) {
		t->metric = metrics[m];
		if (!measure(t, out))
			continue;
		if (!titled && *t->package) {
			gb_buf_adds(out, gb_style_on(t->look->colour, GB_BOLD));
			gb_text_safe(out, t->package);
			gb_buf_adds(out, gb_style_off(t->look->colour));
			gb_buf_addc(out, '\n');
		}
		titled = true;
		add_row(t, NULL, out);
		for (size_t i = 0; i < t->b->n; i++)
			if (is_in(t, &t->b->v[i])) {
				add_row(t, &t->b->v[i], out);
				add_below(t, &t->b->v[i], out);
			}
	}
	if (titled)
		gb_buf_addc(out, '\n');
}

/* Packages as they come first. */
static bool is_first(const struct gb_benches *b, size_t at)
{
	for (size_t i = at; i > 0; i--)
		if (strcmp(b->v[i - 1].package, b->v[at].package) == 0)
			return false;
	return true;
}

static void add_sentence(void (*say)(const struct gb_benches *b, struct gb_buf *out),
			 const struct gb_benches *b, struct gb_buf *out)
{
	size_t before = out->len;

	say(b, out);
	if (out->len > before)
		gb_buf_addc(out, '\n');
}

void gb_bench_text(const struct gb_benches *b, const struct gb_bench_look *look, struct gb_buf *out)
{
	struct table t = { .b = b, .look = look, .one_side = is_one_sided(b) };
	size_t before;

	for (size_t i = 0; i < b->n; i++)
		if (is_first(b, i)) {
			t.package = b->v[i].package;
			add_package(&t, out);
		}
	if (t.one_side)
		return;
	add_sentence(gb_bench_say_totals, b, out);
	add_sentence(gb_bench_say_machine, b, out);
	before = out->len;
	gb_bench_say_needs(b, look->cpu, out);
	if (out->len > before)
		gb_buf_addc(out, '\n');
}
