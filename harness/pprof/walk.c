/* walk - a profile stack by stack, for who wants frames.  See profile.h. */
#include "pprof/profile.h"

#include <stdlib.h>

#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "pprof/sample.h"
#include "pprof/select.h"

struct walking {
	struct gb_sample sample;
	struct gb_frame *frames;
	struct gb_label *labels;
	size_t cap_frames, cap_labels;
};

static struct gb_frame frame_of(const struct gb_profile *p, const struct gb_profile_location *l,
				uint32_t i)
{
	const struct gb_profile_line *line = &p->lines[l->line + i];
	struct gb_frame f = {
		.function = "",
		.file = "",
		.binary = "",
		.line = line->line,
		.address = l->address,
		.inlined = i + 1 < l->n_lines,
	};

	if (l->mapping)
		f.binary = gb_profile_str(p, p->mappings[l->mapping - 1].file);
	if (line->function != GB_PROFILE_NONE) {
		const struct gb_profile_function *function = &p->functions[line->function];

		f.function = gb_profile_str(p, function->name);
		f.file = gb_profile_str(p, function->file);
		f.start_line = function->start_line;
	}
	return f;
}

/* Outermost first: the file has it the other way round, inlined frames included. */
static int stack_of(const struct gb_profile *p, struct walking *w, size_t *ret, struct gb_err *err)
{
	size_t n = 0;

	for (size_t i = w->sample.n; i > 0; i--) {
		const struct gb_profile_location *l = &p->locations[w->sample.locations[i - 1]];
		int rc = gb_grow((void **)&w->frames, &w->cap_frames, n + l->n_lines,
				 sizeof(*w->frames), GB_MAX_PROFILE_DEPTH, err);

		if (rc < 0)
			return rc;
		for (uint32_t k = l->n_lines; k > 0; k--)
			w->frames[n++] = frame_of(p, l, k - 1);
	}
	*ret = n;
	return 0;
}

static int walk_one(const struct gb_profile *p, bool is_base, const struct gb_profile_query *q,
		    struct walking *w,
		    int (*on_stack)(void *arg, const struct gb_stack *s, struct gb_err *err),
		    void *arg, struct gb_err *err)
{
	_selection_ struct gb_selection sel = GB_SELECTION_INIT;
	size_t type;
	int rc;

	if ((rc = gb_profile_type_index(p, q->sample, &type, err)) < 0 ||
	    (rc = gb_select(p, q->focus, q->ignore, &sel, err)) < 0)
		return rc;
	for (size_t i = 0; i < p->n_samples; i++) {
		struct gb_stack stack = { 0 };
		int64_t value;

		if ((rc = gb_sample_read(p, i, &w->sample, err)) < 0)
			return rc;
		value = w->sample.values[type];
		if (value == 0 || !gb_selected(&sel, &w->sample))
			continue;
		if ((rc = stack_of(p, w, &stack.n, err)) < 0 ||
		    (rc = gb_sample_labels(p, &w->sample, &w->labels, &w->cap_labels,
					   &stack.n_labels, err)) < 0)
			return rc;
		stack.frames = w->frames;
		stack.labels = w->labels;
		*(is_base ? &stack.base : &stack.value) = value;
		if ((rc = on_stack(arg, &stack, err)) < 0)
			return rc;
	}
	return 0;
}

int gb_profile_walk(const struct gb_profile *p, const struct gb_profile *base,
		    const struct gb_profile_query *q,
		    int (*on_stack)(void *arg, const struct gb_stack *s, struct gb_err *err),
		    void *arg, struct gb_err *err)
{
	struct walking w = { .sample = GB_SAMPLE_INIT };
	struct gb_profile_query of_base = *q;
	size_t type = 0;
	int rc = gb_profile_type_index(p, q->sample, &type, err);

	if (rc == 0)
		rc = walk_one(p, false, q, &w, on_stack, arg, err);
	/* The same type by name: the base may have another default, or another order. */
	if (rc == 0 && base) {
		of_base.sample = p->types[type].type;
		rc = walk_one(base, true, &of_base, &w, on_stack, arg, err);
	}
	gb_sample_release(&w.sample);
	free(w.frames);
	free(w.labels);
	return rc;
}
