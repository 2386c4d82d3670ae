/*
 * Budget files, written: always the same text for the same contents, one test
 * to a line.
 */
#include "budget/budget.h"

#include "base/buf.h"
#include "base/err.h"

#include <inttypes.h>

static void add_numbers(struct gb_buf *out, const char *key, const int64_t *v, uint32_t has,
			const char **sep)
{
	const char *inner = "";

	if (!has)
		return;
	gb_buf_addf(out, "%s\"%s\": {", *sep, key);
	for (int m = 0; m < GB_METRICS; m++) {
		if (!(has >> m & 1))
			continue;
		gb_buf_addf(out, "%s\"%s\": %" PRId64, inner, gb_metrics[m].name, v[m]);
		inner = ", ";
	}
	gb_buf_adds(out, "}");
	*sep = ", ";
}

static void add_row(struct gb_buf *out, const struct gb_budget_row *r)
{
	const char *sep = "";

	gb_buf_adds(out, "        ");
	gb_buf_add_json(out, r->test);
	gb_buf_adds(out, ": {");
	for (int m = 0; m < GB_METRICS; m++) {
		if (!(r->has_budget >> m & 1))
			continue;
		gb_buf_addf(out, "%s\"%s\": ", sep, gb_metrics[m].name);
		if (r->as_written[m])
			gb_buf_add_json(out, r->as_written[m]);
		else
			gb_buf_addf(out, "%" PRId64, r->budget[m]);
		sep = ", ";
	}
	add_numbers(out, "measured", r->measured, r->has_measured, &sep);
	add_numbers(out, "spread", r->spread, r->has_spread, &sep);
	if (r->reason) {
		gb_buf_addf(out, "%s\"reason\": ", sep);
		gb_buf_add_json(out, r->reason);
	}
	gb_buf_adds(out, "}");
}

static void add_env(struct gb_buf *out, const struct gb_environment *e)
{
	gb_buf_adds(out, "      \"env\": {\"go\": ");
	gb_buf_add_json(out, e->go);
	gb_buf_adds(out, ", \"platform\": ");
	gb_buf_add_json(out, e->platform);
	gb_buf_addf(out, ", \"gomaxprocs\": %d, \"gcflags\": ", e->gomaxprocs);
	gb_buf_add_json(out, e->gcflags);
	gb_buf_adds(out, ",\n              \"tags\": ");
	gb_buf_add_json(out, e->tags);
	gb_buf_addf(out, ", \"cgo\": %s, \"race\": %s, \"accounting\": \"%s\"},\n",
		    e->cgo ? "true" : "false", e->race ? "true" : "false",
		    gb_accounting_name(e->accounting));
}

static void add_block(struct gb_buf *out, const struct gb_budget_block *b)
{
	gb_buf_adds(out, "    {\n");
	add_env(out, &b->env);
	gb_buf_adds(out, "      \"tests\": {");
	for (size_t i = 0; i < b->n_rows; i++) {
		gb_buf_adds(out, i ? ",\n" : "\n");
		add_row(out, &b->rows[i]);
	}
	gb_buf_adds(out, b->n_rows ? "\n      }\n    }" : "}\n    }");
}

int gb_budget_write(const struct gb_budget_file *f, struct gb_buf *out, struct gb_err *err)
{
	gb_buf_adds(out, "{\n");
	if (f->schema) {
		gb_buf_adds(out, "  \"$schema\": ");
		gb_buf_add_json(out, f->schema);
		gb_buf_adds(out, ",\n");
	}
	gb_buf_adds(out, "  \"package\": ");
	gb_buf_add_json(out, f->package);
	gb_buf_adds(out, ",\n  \"environments\": [");
	for (size_t i = 0; i < f->n_blocks; i++) {
		gb_buf_adds(out, i ? ",\n" : "\n");
		add_block(out, &f->blocks[i]);
	}
	gb_buf_adds(out, f->n_blocks ? "\n  ]\n}\n" : "]\n}\n");
	return out->failed ? gb_buf_error(out, f->path, err) : 0;
}
