/*
 * Evidence as JSON: the places of one test, worst first within their kind, and all stacks of its
 * allocations.  Stacks share most of their frames, so each frame is written once.
 */
#include "base/buf.h"
#include "base/mem.h"
#include "base/text.h"
#include "report/json_parts.h"

#include <stdlib.h>
#include <string.h>

const char *gb_json_evidence_kind(enum gb_evidence_kind k)
{
	static const char *const names[] = {
		[GB_EV_ALLOC] = "allocated",
		[GB_EV_INUSE] = "reachable",
		[GB_EV_SPAWN] = "started",
	};

	return names[k];
}

static void strings(struct gb_jsonw *w, const char *key, const struct gb_strlist *l)
{
	if (l->n == 0)
		return;
	gb_jsonw_open(w, key, '[', false);
	for (size_t i = 0; i < l->n; i++)
		gb_jsonw_string(w, NULL, l->v[i]);
	gb_jsonw_close(w, ']');
}

/* Goroutines have no bytes. */
static void amount(struct gb_jsonw *w, const char *key, const struct gb_evidence_site *s,
		   int64_t bytes, int64_t objects)
{
	gb_jsonw_open(w, key, '{', true);
	if (s->kind == GB_EV_SPAWN) {
		gb_jsonw_int(w, "goroutines", objects);
	} else {
		gb_jsonw_int(w, "bytes", bytes);
		gb_jsonw_int(w, "objects", objects);
	}
	gb_jsonw_close(w, '}');
}

static void place(struct gb_jsonw *w, const struct gb_evidence *e, const struct gb_evidence_site *s)
{
	gb_jsonw_open(w, NULL, '{', false);
	gb_jsonw_string(w, "kind", gb_json_evidence_kind(s->kind));
	amount(w, "now", s, s->bytes, s->objects);
	if (e->base_test)
		amount(w, "base", s, s->base_bytes, s->base_objects);
	if (s->gone)
		gb_jsonw_bool(w, "gone", true);
	gb_json_site(w, "at", &s->frames[s->at]);
	gb_jsonw_string(w, "source", s->source);
	strings(w, "chain", &s->chain);
	if (s->escape) {
		gb_jsonw_string(w, "escape", s->escape);
		gb_jsonw_bool(w, "escape_is_new", s->escape_is_new);
	}
	strings(w, "flow", &s->flow);
	gb_jsonw_int(w, "stacks", (int64_t)s->stacks);
	gb_json_frames(w, "frames", s->frames, s->n_frames);
	gb_jsonw_close(w, '}');
}

/* The frames of all stacks, each once, sorted. */
struct frames {
	const struct gb_site **v;
	size_t n;
};

static int compare_text(const char *a, const char *b)
{
	return strcmp(a ? a : "", b ? b : "");
}

static int compare_frames(const void *pa, const void *pb)
{
	const struct gb_site *a = *(const struct gb_site *const *)pa;
	const struct gb_site *b = *(const struct gb_site *const *)pb;
	int c = compare_text(a->file, b->file);

	if (!c)
		c = (a->line > b->line) - (a->line < b->line);
	return c ? c : compare_text(a->func, b->func);
}

/* What the flame graph is drawn from. */
static bool is_drawn(const struct gb_evidence *e, const struct gb_alloc_site *s)
{
	return !s->spawn && (s->reach || s->mode == e->mode);
}

static size_t add_frames(const struct gb_evidence *e, const struct gb_test *t, struct frames *f,
			 bool count)
{
	size_t n = 0;

	for (size_t i = 0; t && i < t->n_sites; i++) {
		const struct gb_alloc_site *s = &t->sites[i];

		for (size_t k = 0; k < s->n_frames && is_drawn(e, s); k++, n++)
			if (!count)
				f->v[f->n++] = &s->frames[k];
	}
	return n;
}

static bool find_frames(const struct gb_evidence *e, struct frames *f)
{
	size_t all = add_frames(e, e->test, f, true) + add_frames(e, e->base_test, f, true), n = 0;

	f->v = gb_calloc(all ? all : 1, sizeof(const struct gb_site *));
	if (!f->v)
		return false;
	add_frames(e, e->test, f, false);
	add_frames(e, e->base_test, f, false);
	qsort(f->v, f->n, sizeof(const struct gb_site *), compare_frames);
	for (size_t i = 0; i < f->n; i++)
		if (!n || compare_frames(&f->v[i], &f->v[n - 1]))
			f->v[n++] = f->v[i];
	f->n = n;
	return true;
}

static int64_t number_of(const struct frames *f, const struct gb_site *frame)
{
	const struct gb_site **found =
		bsearch(&frame, f->v, f->n, sizeof(const struct gb_site *), compare_frames);

	return found ? found - f->v : 0;
}

/* [reachable, bytes, objects, frames, innermost first ...] */
static void stacks_of(struct gb_jsonw *w, const char *key, const struct gb_evidence *e,
		      const struct gb_test *t, const struct frames *f)
{
	gb_jsonw_open(w, key, '[', false);
	for (size_t i = 0; t && i < t->n_sites; i++) {
		const struct gb_alloc_site *s = &t->sites[i];

		if (!is_drawn(e, s))
			continue;
		gb_jsonw_open(w, NULL, '[', true);
		gb_jsonw_int(w, NULL, s->reach);
		gb_jsonw_int(w, NULL, s->bytes);
		gb_jsonw_int(w, NULL, s->objects);
		for (size_t k = 0; k < s->n_frames; k++)
			gb_jsonw_int(w, NULL, number_of(f, &s->frames[k]));
		gb_jsonw_close(w, ']');
	}
	gb_jsonw_close(w, ']');
}

static void stacks(struct gb_jsonw *w, const struct gb_evidence *e)
{
	struct frames f = { NULL, 0 };

	if (!find_frames(e, &f)) {
		w->out->failed = w->out->nomem = true;
		return;
	}
	if (f.n) {
		gb_jsonw_open(w, "stacks", '{', false);
		gb_jsonw_open(w, "frames", '[', false);
		for (size_t i = 0; i < f.n; i++)
			gb_json_site(w, NULL, f.v[i]);
		gb_jsonw_close(w, ']');
		stacks_of(w, "now", e, e->test, &f);
		if (e->base_test)
			stacks_of(w, "base", e, e->base_test, &f);
		gb_jsonw_close(w, '}');
	}
	free(f.v);
}

void gb_json_evidence(struct gb_jsonw *w, const struct gb_evidence *e)
{
	gb_jsonw_open(w, "evidence", '{', false);
	gb_jsonw_string(w, "mode", e->mode == GB_EXACT ? "exact" : "alone");
	gb_jsonw_bool(w, "compared", e->base_test != NULL);
	if (e->base_test)
		gb_json_metrics(w, "base_metrics", e->base_test);
	gb_jsonw_open(w, "places", '[', false);
	for (size_t i = 0; i < e->n_sites; i++)
		place(w, e, &e->sites[i]);
	gb_jsonw_close(w, ']');
	stacks(w, e);
	gb_jsonw_close(w, '}');
}
