/* Evidence as JSON: the places of one test, worst first within their kind. */
#include "report/json_parts.h"

#define SITES_WRITTEN 50 /* of a kind */

static const char *const kinds[] = { "allocated", "reachable", "started" };

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
	gb_jsonw_string(w, "kind", kinds[s->kind]);
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
		strings(w, "flow", &s->flow);
	}
	gb_jsonw_int(w, "stacks", (int64_t)s->stacks);
	gb_json_frames(w, "frames", s->frames, s->n_frames);
	gb_jsonw_close(w, '}');
}

void gb_json_evidence(struct gb_jsonw *w, const struct gb_evidence *e)
{
	size_t written[GB_EV_SPAWN + 1] = { 0 };

	gb_jsonw_open(w, "evidence", '{', false);
	gb_jsonw_string(w, "mode", e->mode == GB_EXACT ? "exact" : "alone");
	gb_jsonw_bool(w, "compared", e->base_test != NULL);
	gb_jsonw_open(w, "places", '[', false);
	for (size_t i = 0; i < e->n_sites; i++)
		if (written[e->sites[i].kind]++ < SITES_WRITTEN)
			place(w, e, &e->sites[i]);
	gb_jsonw_close(w, ']');
	gb_jsonw_close(w, '}');
}
