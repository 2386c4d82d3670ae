/* Nights: notes that anybody may have written, one after another with NULs between; no crash, every row
 * in its order, and what a window makes of them lies between the least and the most. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "budget/note.h"
#include "budget/windows.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool all(void *arg, const char *package, const char *test, enum gb_metric m)
{
	(void)arg;
	(void)package;
	(void)test;
	(void)m;
	return true;
}

static void look_at(const struct gb_past *p)
{
	for (size_t i = 0; i < p->n; i++) {
		const struct gb_past_row *r = &p->rows[i];
		int64_t *v = malloc(r->n * sizeof(*v)), least, most, median;

		if (!v || !r->n || r->n > p->nights ||
		    gb_past_find(p, r->env, r->package, r->test, r->metric) != r)
			abort();
		for (size_t k = 0; k < r->n; k++)
			v[k] = r->points[k].value;
		least = gb_window_value(GB_WINDOW_MIN, v, r->n);
		most = gb_window_value(GB_WINDOW_MAX, v, r->n);
		median = gb_window_value(GB_WINDOW_MEDIAN, v, r->n);
		if (median < least || median > most)
			abort();
		free(v);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct gb_past_options o = { .wants = all };
	struct gb_past p = { 0 };
	struct gb_err err = GB_ERR_INIT;

	for (size_t at = 0, nights = 0; at < size && nights < 64; nights++) {
		const uint8_t *end = memchr(data + at, 0, size - at);
		size_t len = end ? (size_t)(end - data) - at : size - at;
		struct gb_note note = { 0 };

		if (gb_note_parse("fuzz", (const char *)data + at, len, &note, &err) >= 0 &&
		    gb_past_add(&p, &note, (int64_t)nights, &o, &err) < 0)
			abort();
		gb_note_release(&note);
		at += len + 1;
	}
	look_at(&p);
	gb_past_release(&p);
	return 0;
}
