/* Output of go test -bench: whatever the bytes are, no crash; what comes out is sound, is judged and
 * told in every form. */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "budget/bench.h"
#include "budget/policy.h"
#include "go/benchlines.h"
#include "report/bench.h"
#include "report/jsonw.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct reading {
	struct gb_benches b;
	size_t n;
};

static int on_value(void *arg, const struct gb_benchline *v, struct gb_err *err)
{
	struct reading *r = arg;

	if (!v->package || !*v->name || !(v->value >= 0) || isinf(v->value) ||
	    !gb_metrics[v->metric].benchmark)
		abort();
	return gb_benches_add(&r->b, v->package, v->name, v->metric,
			      r->n++ % 2 ? GB_AFTER : GB_BEFORE, v->value, err);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct gb_cpu cpu = { 0.1, 0.15 };
	const struct gb_bench_look look = { .cpu = &cpu, .all = true, .utf8 = true };
	struct reading r = { 0 };
	struct gb_benchlines seen;
	struct gb_err err = GB_ERR_INIT;
	int rc = gb_benchlines_walk("fuzz", (const char *)data, size, on_value, &r, &seen, &err);

	if (rc < 0 && (!err.line[0] || err.code != rc))
		abort();
	if (rc == 0 && seen.values != r.n)
		abort();
	if (rc == 0 && gb_benches_judge(&r.b, &cpu, &err) == 0) {
		struct gb_buf out = GB_BUF_INIT(GB_MAX_REPORT);
		struct gb_jsonw w = { .out = &out };

		gb_bench_text(&r.b, &look, &out);
		gb_bench_lines(&r.b, GB_BEFORE, &out);
		gb_jsonw_open(&w, NULL, '{', false);
		gb_bench_json(&r.b, "b", &w);
		gb_jsonw_close(&w, '}');
		if (out.failed)
			abort();
		gb_buf_release(&out);
	}
	gb_benches_release(&r.b);
	return 0;
}
