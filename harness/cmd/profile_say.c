/* profile_say - values, percentages and what all views of a profile print.  See profile.h. */
#include "cmd/profile.h"

#include "base/err.h"
#include "base/text.h"
#include "base/units.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static bool is_bytes(const char *unit)
{
	return strcmp(unit, "bytes") == 0;
}

int gb_values_of(const struct gb_tally *t, bool diff, struct gb_values *ret, struct gb_err *err)
{
	const char *unit = gb_profile_opt.unit;

	*ret = (struct gb_values){ .unit = t->unit, .diff = diff, .total = t->total };
	if (!unit || strcmp(unit, "auto") == 0)
		return 0;
	if (strcmp(unit, "exact") != 0 && strcmp(unit, t->unit) != 0) {
		gb_fail(err, GB_EUSAGE, "%s is not counted in \"%.100s\"", t->type, unit);
		return gb_hint(err, "--unit auto, exact or %s", t->unit);
	}
	ret->exact = true;
	return 0;
}

/* Three digits that matter: "840ns", "1.25ms", "62.1s", "1.2h". */
static void format_time(char *out, const char *sign, uint64_t ns)
{
	static const struct {
		double least, per;
		const char *name;
	} units[] = { { 3600e9, 3600e9, "h" },
		      { 1e9, 1e9, "s" },
		      { 1e6, 1e6, "ms" },
		      { 1e3, 1e3, "us" },
		      { 0, 1, "ns" } };

	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		double v = (double)ns / units[i].per;

		if ((double)ns < units[i].least)
			continue;
		snprintf(out, GB_VALUE_SIZE, "%s%.*f%s", sign,
			 units[i].per <= 1 || v >= 100 ? 0
			 : v >= 10		       ? 1
						       : 2,
			 v, units[i].name);
		return;
	}
}

char *gb_value(const struct gb_values *v, char *out, int64_t value)
{
	const char *sign = value < 0 ? "-" : v->diff && value > 0 ? "+" : "";

	if (value == 0)
		snprintf(out, GB_VALUE_SIZE, "0");
	else if (v->exact)
		snprintf(out, GB_VALUE_SIZE, "%" PRId64, value);
	else if (strcmp(v->unit, "nanoseconds") == 0)
		format_time(out, sign, value < 0 ? 0 - (uint64_t)value : (uint64_t)value);
	else if (v->diff)
		gb_format_delta(out, GB_VALUE_SIZE, value, is_bytes(v->unit));
	else if (is_bytes(v->unit))
		gb_format_size(out, GB_VALUE_SIZE, value);
	else
		gb_format_count(out, GB_VALUE_SIZE, value);
	return out;
}

char *gb_value_percent(const struct gb_values *v, char *out, int64_t value)
{
	double ratio = v->total ? fabs((double)value / (double)v->total) * 100 : 0;

	if (ratio >= 99.95 && ratio <= 100.05)
		snprintf(out, GB_VALUE_SIZE, "  100%%");
	else
		snprintf(out, GB_VALUE_SIZE, ratio >= 1 ? "%5.2f%%" : "%5.2g%%", ratio);
	return out;
}

void gb_profile_heading(struct gb_buf *out, const struct gb_tally *t, const struct gb_values *v)
{
	struct gb_values plain = *v;
	char a[GB_VALUE_SIZE], b[GB_VALUE_SIZE], c[GB_VALUE_SIZE];

	plain.diff = false;
	gb_text_safe(out, t->type);
	if (v->diff)
		gb_buf_addf(out, ": %s, was %s (%s)\n", gb_value(&plain, a, t->value),
			    gb_value(&plain, b, t->base),
			    gb_value(v, c, (int64_t)((uint64_t)t->value - (uint64_t)t->base)));
	else
		gb_buf_addf(out, ": %s in %s sample%s\n", gb_value(&plain, a, t->total),
			    gb_format_count(b, sizeof(b), (int64_t)t->samples),
			    t->samples == 1 ? "" : "s");
}

void gb_profile_json(struct gb_jsonw *w, const struct gb_profile *p, const struct gb_profile *old,
		     const struct gb_tally *t)
{
	gb_jsonw_open(w, NULL, '{', false);
	gb_jsonw_int(w, "version", 1);
	gb_jsonw_string(w, "profile", p->name);
	if (old)
		gb_jsonw_string(w, "base", old->name);
	gb_jsonw_string(w, "type", t->type);
	gb_jsonw_string(w, "unit", t->unit);
	gb_jsonw_int(w, "total", t->total);
	if (old) {
		gb_jsonw_int(w, "value", t->value);
		gb_jsonw_int(w, "base_value", t->base);
	}
	gb_jsonw_int(w, "samples", (int64_t)t->samples);
}

void gb_profile_json_node(struct gb_jsonw *w, const struct gb_node *n)
{
	if (*n->function)
		gb_jsonw_string(w, "function", n->function);
	if (*n->file)
		gb_jsonw_string(w, "file", n->file);
	if (n->line)
		gb_jsonw_int(w, "line", n->line);
	if (*n->binary)
		gb_jsonw_string(w, "binary", n->binary);
}
