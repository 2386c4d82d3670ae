#include "report/jsonw.h"

#include "base/buf.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static void line(struct gb_jsonw *w)
{
	gb_buf_addc(w->out, '\n');
	gb_buf_fill(w->out, '\t', w->depth);
}

static void begin(struct gb_jsonw *w, const char *key)
{
	if (w->more)
		gb_buf_addc(w->out, ',');
	if (w->tight && w->more)
		gb_buf_addc(w->out, ' ');
	else if (!w->tight && w->depth)
		line(w);
	if (key) {
		gb_buf_add_json(w->out, key);
		gb_buf_adds(w->out, ": ");
	}
	w->more = true;
}

void gb_jsonw_open(struct gb_jsonw *w, const char *key, char bracket, bool tight)
{
	begin(w, key);
	gb_buf_addc(w->out, bracket);
	w->depth++;
	if (tight && !w->tight)
		w->tight = w->depth;
	w->more = false;
}

void gb_jsonw_close(struct gb_jsonw *w, char bracket)
{
	bool loose = !w->tight && w->more;

	if (w->tight == w->depth)
		w->tight = 0;
	w->depth--;
	if (loose)
		line(w);
	gb_buf_addc(w->out, bracket);
	w->more = true;
	if (w->depth == 0)
		gb_buf_addc(w->out, '\n');
}

void gb_jsonw_string(struct gb_jsonw *w, const char *key, const char *value)
{
	begin(w, key);
	if (value)
		gb_buf_add_json(w->out, value);
	else
		gb_buf_adds(w->out, "null");
}

void gb_jsonw_int(struct gb_jsonw *w, const char *key, int64_t value)
{
	begin(w, key);
	gb_buf_addf(w->out, "%" PRId64, value);
}

void gb_jsonw_bool(struct gb_jsonw *w, const char *key, bool value)
{
	begin(w, key);
	gb_buf_adds(w->out, value ? "true" : "false");
}

void gb_jsonw_null(struct gb_jsonw *w, const char *key)
{
	begin(w, key);
	gb_buf_adds(w->out, "null");
}

void gb_jsonw_double(struct gb_jsonw *w, const char *key, double value)
{
	char text[32] = "null";

	begin(w, key);
	if (value == floor(value) && fabs(value) < 1e15) {
		gb_buf_addf(w->out, "%.0f", value);
		return;
	}
	for (int digits = 1; digits <= 17 && isfinite(value); digits++) {
		snprintf(text, sizeof(text), "%.*g", digits, value);
		if (strtod(text, NULL) == value)
			break;
	}
	gb_buf_adds(w->out, text);
}

void gb_jsonw_milli(struct gb_jsonw *w, const char *key, int64_t thousandths)
{
	int64_t whole = thousandths / 1000, rest = thousandths % 1000;

	begin(w, key);
	if (rest == 0)
		gb_buf_addf(w->out, "%" PRId64, whole);
	else
		gb_buf_addf(w->out, "%s%" PRId64 ".%03" PRId64, thousandths < 0 ? "-" : "",
			    whole < 0 ? -whole : whole, rest < 0 ? -rest : rest);
}
