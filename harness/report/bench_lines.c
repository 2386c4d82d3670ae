/* bench_lines - samples as go test -bench prints them.  See bench.h. */
#include "report/bench.h"

#include "base/buf.h"
#include "base/text.h"
#include "report/part.h"

#include <math.h>
#include <string.h>

/* A name is one word there. */
static void add_word(const char *name, struct gb_buf *out)
{
	_part_ struct gb_part safe = GB_PART(out);

	gb_text_safe(&safe.b, name);
	for (const char *p = safe.b.data; *p; p++)
		gb_buf_addc(out, *p == ' ' ? '_' : *p);
}

static void add_value(enum gb_metric m, double v, struct gb_buf *out)
{
	if (m != GB_NS_PER_OP)
		gb_buf_addf(out, "\t%.0f %s", v, gb_metrics[m].name);
	else
		gb_buf_addf(out, "\t%.*f ns/op", v == floor(v) ? 3 : 6, v / 1000);
}

static void add_benchmark(const struct gb_benches *b, const struct gb_bench *first,
			  enum gb_bench_side side, struct gb_buf *out)
{
	static const enum gb_metric metrics[] = { GB_NS_PER_OP, GB_BYTES_PER_OP, GB_ALLOCS_PER_OP };
	const struct gb_bench *rows[3];
	size_t most = 0;

	for (int m = 0; m < 3; m++) {
		rows[m] = gb_benches_find(b, first->package, first->name, metrics[m]);
		if (rows[m] && rows[m]->side[side].n > most)
			most = rows[m]->side[side].n;
	}
	for (size_t i = 0; i < most; i++) {
		add_word(first->name, out);
		/* How many operations a sample was of is not kept. */
		gb_buf_adds(out, "\t1");
		for (int m = 0; m < 3; m++)
			if (rows[m] && i < rows[m]->side[side].n)
				add_value(metrics[m], rows[m]->side[side].v[i], out);
		gb_buf_addc(out, '\n');
	}
}

void gb_bench_lines(const struct gb_benches *b, enum gb_bench_side side, struct gb_buf *out)
{
	const char *package = NULL;

	for (size_t i = 0; i < b->n; i++) {
		const struct gb_bench *row = &b->v[i];
		bool first = true;

		/* The first row of a benchmark stands for all of it. */
		for (int m = 0; m < GB_METRICS; m++) {
			const struct gb_bench *other =
				gb_benches_find(b, row->package, row->name, (enum gb_metric)m);

			first = first && (!other || other >= row);
		}
		if (!first)
			continue;
		if (!package || strcmp(package, row->package) != 0) {
			package = row->package;
			gb_buf_adds(out, "pkg: ");
			add_word(package, out);
			gb_buf_addc(out, '\n');
		}
		add_benchmark(b, row, side, out);
	}
}
