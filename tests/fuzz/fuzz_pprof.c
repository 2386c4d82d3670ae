/*
 * fuzz_pprof - any bytes as a profile.
 *
 * Beyond not crashing: a refusal has its one line; what is accepted adds up to
 * the same at every granularity, is nothing when compared with itself, and
 * can be walked, cut, named and drawn.
 */
#include <stdint.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "pprof/edges.h"
#include "pprof/sample.h"
#include "pprof/tally.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(int condition)
{
	if (!condition)
		abort();
}

static int on_stack(void *arg, const struct gb_stack *s, struct gb_err *err)
{
	size_t *n = arg;

	(void)err;
	for (size_t i = 0; i < s->n; i++)
		*n += strlen(s->frames[i].function) + strlen(s->frames[i].file) +
		      strlen(s->frames[i].binary);
	for (size_t i = 0; i < s->n_labels; i++)
		*n += strlen(s->labels[i].key) + strlen(s->labels[i].unit);
	check((s->value == 0) != (s->base == 0));
	return 0;
}

static uint64_t sum_of_rows(struct gb_tally *t, bool by_cum)
{
	_buf_ struct gb_buf name = GB_BUF_INIT(GB_MAX_REPORT);
	struct gb_cut cut = { .by_cum = by_cum, .all = true };
	_free_ struct gb_row *rows = NULL;
	size_t n, dropped, nodes;
	uint64_t sum = 0;

	check(gb_tally_rows(t, &cut, &rows, &n, &dropped, &nodes, NULL) == 0);
	check(dropped == 0 && n == nodes);
	for (size_t i = 0; i < n; i++) {
		sum += (uint64_t)rows[i].flat;
		gb_node_name(rows[i].node, &name);
		check(gb_node_compare(rows[i].node, rows[i].node) == 0);
	}
	return sum;
}

static void draw(const struct gb_tally_options *o, const struct gb_profile *p, struct gb_tally *t)
{
	size_t n = gb_nodes_count(t->nodes);
	_free_ bool *kept = gb_calloc(n + 1, sizeof(*kept));
	_edges_ struct gb_edges e = GB_EDGES_INIT;

	for (size_t i = 0; i < n; i++)
		kept[i] = i % 3 != 0;
	check(gb_edges_make(o, p, t, kept, &e, NULL) == 0);
	gb_edges_sort(&e);
	for (size_t i = 0; i < e.n; i++)
		check(kept[e.v[i].from] && kept[e.v[i].to] && e.v[i].from != e.v[i].to);
}

static void look_at(const struct gb_profile *p, const char *focus)
{
	struct gb_profile_query q = { .focus = focus, .ignore = "runtime\\." };
	struct gb_err err = GB_ERR_INIT;
	uint64_t sums[4];
	size_t n = 0;
	int rc = gb_profile_walk(p, p, &q, on_stack, &n, &err);

	check(rc == 0 || err.line[0]);
	for (int by = 0; by < 4; by++) {
		struct gb_tally_options o = { .by = (enum gb_granularity)by,
					      .type = p->default_type,
					      .focus = focus,
					      .ignore = "runtime\\." };
		_tally_ struct gb_tally t = GB_TALLY_INIT, none = GB_TALLY_INIT;

		/* A broken label stops a walk, and nobody else. */
		if (gb_tally_make(&o, p, NULL, &t, &err) < 0) {
			check(rc < 0);
			return;
		}
		sums[by] = sum_of_rows(&t, by & 1);
		check(sums[by] == sums[0]);
		draw(&o, p, &t);
		check(gb_tally_make(&o, p, p, &none, NULL) == 0);
		check(sum_of_rows(&none, false) == 0);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_profile_ struct gb_profile *p = NULL;
	struct gb_err err = GB_ERR_INIT;
	int rc = gb_profile_parse("fuzz", data, size, &p, &err);

	if (rc < 0) {
		check(err.line[0] && err.code == rc && !p);
		return 0;
	}
	look_at(p, NULL);
	look_at(p, "main");
	return 0;
}
