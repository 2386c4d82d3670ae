/* A test as JSON: what it measured, the goroutines that it left behind, its evidence. */
#include "report/json_parts.h"
#include "report/say.h"

static void group(struct gb_jsonw *w, const struct gb_group *g)
{
	gb_jsonw_open(w, NULL, '{', false);
	gb_jsonw_string(w, "kind", gb_leak_name(g->kind));
	gb_jsonw_int(w, "count", g->count);
	if (g->still >= 0)
		gb_jsonw_int(w, "still", g->still);
	gb_jsonw_string(w, "state", g->state);
	if (g->fingerprint) {
		gb_jsonw_open(w, "fingerprint", '{', true);
		gb_jsonw_string(w, "id", g->fingerprint_id);
		gb_jsonw_string(w, "text", g->fingerprint);
		gb_jsonw_close(w, '}');
	}
	gb_jsonw_int(w, "run", g->run);
	if (g->seen) {
		gb_jsonw_int(w, "seen_runs", (int64_t)g->seen);
		gb_jsonw_int(w, "seen_of", (int64_t)g->seen_of);
	}
	if (g->living) {
		gb_jsonw_int(w, "living", g->living);
		gb_jsonw_int(w, "process", g->process);
	}
	gb_json_site(w, "created", &g->created);
	gb_json_frames(w, "frames", g->frames, g->n_frames);
	if (g->n_creator)
		gb_json_frames(w, "creator", g->creator, g->n_creator);
	gb_jsonw_close(w, '}');
}

/* Goroutines of a process that died first are shown, not judged: they stand apart. */
const struct gb_json_mode gb_json_modes[GB_JSON_MODES] = {
	{ GB_IN_ORDER, false, "in_order" },    { GB_EXACT, false, "exact" },
	{ GB_ALONE, false, "alone" },	       { GB_IN_ORDER, true, "in_order_unsettled" },
	{ GB_EXACT, true, "exact_unsettled" }, { GB_ALONE, true, "alone_unsettled" },
};

/* Smallest, largest and how many of one metric in one mode; false if there is none. */
static bool summary(const struct gb_test *t, enum gb_metric m, const struct gb_json_mode *mode,
		    struct gb_measured *ret)
{
	bool any = false;

	for (size_t i = 0; i < t->n_samples; i++) {
		const struct gb_sample *s = &t->samples[i];
		bool unsettled = s->unsettled && m == GB_GOROUTINES;

		if (s->mode != mode->mode || unsettled != mode->unsettled || !(s->has >> m & 1))
			continue;
		if (!any)
			*ret = (struct gb_measured){ s->v[m], s->v[m], s->v[m], 0 };
		ret->min = s->v[m] < ret->min ? s->v[m] : ret->min;
		ret->max = s->v[m] > ret->max ? s->v[m] : ret->max;
		ret->n += 1 + s->again;
		any = true;
	}
	return any;
}

void gb_json_metrics(struct gb_jsonw *w, const char *key, const struct gb_test *t)
{
	gb_jsonw_open(w, key, '{', false);
	for (int m = 0; m < GB_METRICS; m++) {
		bool open = false;

		for (size_t i = 0; i < GB_JSON_MODES; i++) {
			struct gb_measured got;

			if (!summary(t, (enum gb_metric)m, &gb_json_modes[i], &got))
				continue;
			if (!open)
				gb_jsonw_open(w, gb_metrics[m].name, '{', true);
			open = true;
			gb_jsonw_open(w, gb_json_modes[i].name, '{', true);
			gb_json_metric(w, "min", m, got.min);
			gb_json_metric(w, "max", m, got.max);
			gb_jsonw_int(w, "n", (int64_t)got.n);
			gb_jsonw_close(w, '}');
		}
		if (open)
			gb_jsonw_close(w, '}');
	}
	gb_jsonw_close(w, '}');
}

void gb_json_test(struct gb_jsonw *w, const struct gb_report *r, const struct gb_package *p,
		  const struct gb_test *t)
{
	const struct gb_evidence *e;

	gb_jsonw_open(w, NULL, '{', false);
	gb_jsonw_string(w, "name", t->name);
	gb_jsonw_string(w, "kind", gb_kind_name(t->kind));
	gb_jsonw_string(w, "outcome", gb_outcome_name(t->outcome));
	if (t->flags_only)
		gb_jsonw_bool(w, "flags_only", true);
	gb_json_site(w, "site", &t->site);
	gb_json_metrics(w, "metrics", t);
	if (gb_say_worst_run(t, GB_GOROUTINES))
		gb_jsonw_int(w, "worst_run", gb_say_worst_run(t, GB_GOROUTINES));
	if (t->folded.runs) {
		gb_jsonw_open(w, "stress", '{', true);
		gb_jsonw_int(w, "runs", (int64_t)t->folded.runs);
		gb_jsonw_int(w, "leaked", (int64_t)t->folded.leaked);
		gb_jsonw_int(w, "hung", (int64_t)t->folded.outcome[GB_HANG]);
		gb_jsonw_int(w, "failed", (int64_t)t->folded.outcome[GB_FAIL]);
		gb_jsonw_close(w, '}');
	}
	if (t->n_groups) {
		gb_jsonw_open(w, "goroutines", '[', false);
		for (size_t i = 0; i < t->n_groups; i++)
			group(w, &t->groups[i]);
		gb_jsonw_close(w, ']');
	}
	if ((e = gb_evidence_find(r->evidence, p, t)))
		gb_json_evidence(w, e);
	gb_jsonw_close(w, '}');
}
