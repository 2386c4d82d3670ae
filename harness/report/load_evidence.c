/* load_evidence - which line did it; see load.h. */
#include "report/loading.h"

#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/text.h"
#include "report/json_parts.h"

#include <string.h>

static const char *kind_name(int i)
{
	return gb_json_evidence_kind((enum gb_evidence_kind)i);
}

static const char *mode_name(int i)
{
	return i ? "alone" : "exact";
}

static void load_amount(struct gb_loading *l, const cJSON *item, int64_t *ret_bytes,
			int64_t *ret_objects)
{
	if (!item)
		return;
	*ret_bytes = gb_load_int_or(l, item, "bytes", GB_LOAD_AMOUNT, 0);
	*ret_objects = gb_load_int_or(l, item, "objects", GB_LOAD_AMOUNT,
				      gb_load_int_or(l, item, "goroutines", GB_LOAD_AMOUNT, 0));
}

static bool same_site(const struct gb_site *a, const struct gb_site *b)
{
	return a->line == b->line && gb_streq(a->func, b->func) && gb_streq(a->file, b->file);
}

static void load_frames(struct gb_loading *l, const cJSON *item, struct gb_evidence_site *s)
{
	const cJSON *list = gb_load_need_list(l, item, "frames"), *child;
	const cJSON *look = gb_load_need_object(l, item, "at");
	size_t n = gb_load_count(l, list, GB_MAX_FRAMES * 4, "frames");
	struct gb_site *v = gb_load_array(l, n, sizeof(*v)), at;

	if (!v) {
		gb_load_fail(l, item, "has no frames");
		return;
	}
	cJSON_ArrayForEach(child, list)
	{
		v[s->n_frames++] = gb_load_site(l, child);
	}
	s->frames = v;
	if (!look)
		return;
	at = gb_load_site(l, look);
	while (s->at < n && !same_site(&v[s->at], &at))
		s->at++;
	if (s->at == n)
		gb_load_fail(l, look, "is none of its frames");
}

static void load_place(struct gb_loading *l, const cJSON *item, struct gb_evidence_site *s)
{
	s->how = "";
	s->kind = (enum gb_evidence_kind)gb_load_name(l, item, "kind", kind_name, GB_EV_SPAWN + 1);
	load_amount(l, gb_load_need_object(l, item, "now"), &s->bytes, &s->objects);
	load_amount(l, gb_load_object(l, item, "base"), &s->base_bytes, &s->base_objects);
	s->gone = gb_load_bool(l, item, "gone");
	s->stacks = (size_t)gb_load_int(l, item, "stacks", GB_LOAD_COUNT);
	load_frames(l, item, s);
	s->source = gb_load_copy(l, gb_load_text(l, item, "source"));
	s->escape = gb_load_copy(l, gb_load_text(l, item, "escape"));
	s->escape_is_new = gb_load_bool(l, item, "escape_is_new");
	gb_load_strings(l, gb_load_list(l, item, "chain"), &s->chain);
	gb_load_strings(l, gb_load_list(l, item, "flow"), &s->flow);
}

static void load_places(struct gb_loading *l, const cJSON *list, struct gb_evidence *e)
{
	size_t n = gb_load_count(l, list, 2 * GB_MAX_SITES, "places");

	e->sites = n ? gb_calloc(n, sizeof(*e->sites)) : NULL;
	if (n && !e->sites)
		gb_load_nomem(l);
	e->cap_sites = e->sites ? n : 0;
	for (const cJSON *item = e->sites ? list->child : NULL; item && gb_load_ok(l);
	     item = item->next)
		load_place(l, item, &e->sites[e->n_sites++]);
}

/* [reachable, bytes, objects, frames ...] */
static void load_stack(struct gb_loading *l, const cJSON *row, const struct gb_site *frames,
		       size_t n_frames, enum gb_mode mode, struct gb_test *t)
{
	struct gb_alloc_site s = { .mode = mode };
	size_t n = gb_load_count(l, row, GB_MAX_FRAMES * 4, "frames"), i = 0;
	const cJSON *item;

	if (!cJSON_IsArray(row) || n < 3)
		gb_load_fail(l, row, "is no stack");
	if (!gb_load_ok(l))
		return;
	s.frames = n > 3 ? gb_calloc(n - 3, sizeof(*s.frames)) : NULL;
	if (n > 3 && !s.frames)
		gb_load_nomem(l);
	cJSON_ArrayForEach(item, row)
	{
		int64_t max = i == 0 ? 1 : i < 3 ? GB_LOAD_AMOUNT : (int64_t)n_frames - 1;
		int64_t v = gb_load_number(l, item, max);

		if (!gb_load_ok(l))
			break;
		if (i == 0) {
			s.reach = v;
		} else if (i < 3) {
			*(i == 1 ? &s.bytes : &s.objects) = v;
		} else if (s.frames) {
			struct gb_site *f = &s.frames[s.n_frames++];

			f->func = gb_load_copy(l, frames[v].func);
			f->file = gb_load_copy(l, frames[v].file);
			f->line = frames[v].line;
		}
		i++;
	}
	if (gb_load_ok(l))
		l->rc = gb_test_take_site(t, &s, l->err);
	gb_alloc_site_release(&s);
}

static void load_stacks(struct gb_loading *l, const cJSON *stacks, struct gb_evidence *e,
			struct gb_test *now, struct gb_test *base)
{
	const cJSON *list = stacks ? gb_load_need_list(l, stacks, "frames") : NULL, *item;
	size_t n = gb_load_count(l, list, 2 * GB_MAX_SITES * GB_MAX_FRAMES, "frames"), i = 0;
	struct gb_site *frames = gb_load_array(l, n, sizeof(*frames));

	if (!stacks || !gb_load_ok(l))
		return;
	cJSON_ArrayForEach(item, list)
	{
		frames[i++] = gb_load_site(l, item);
		if (gb_load_ok(l) && !frames[i - 1].func)
			gb_load_fail(l, item, "has no \"func\"");
	}
	list = gb_load_list(l, stacks, "now");
	for (item = list ? list->child : NULL; item && gb_load_ok(l); item = item->next)
		load_stack(l, item, frames, n, e->mode, now);
	list = base ? gb_load_list(l, stacks, "base") : NULL;
	for (item = list ? list->child : NULL; item && gb_load_ok(l); item = item->next)
		load_stack(l, item, frames, n, e->mode, base);
}

/* The base's counterpart of the package.  Its tests get their room at once: they must not move. */
static struct gb_package *base_package(struct gb_loading *l, const struct gb_package *p)
{
	struct gb_run *run = l->out->base_run;
	struct gb_package *b;

	if (!run && !(run = l->out->base_run = gb_run_new(l->err)))
		l->rc = GB_ENOMEM;
	if (l->rc < 0)
		return NULL;
	if (l->base_of == p)
		return &run->packages[run->n_packages - 1];
	l->rc = gb_grow((void **)&run->packages, &run->cap_packages, run->n_packages + 1,
			sizeof(*run->packages), GB_MAX_PACKAGES, l->err);
	if (l->rc < 0)
		return NULL;
	b = &run->packages[run->n_packages++];
	memset(b, 0, sizeof(*b));
	b->path = gb_load_copy(l, p->path);
	b->tests = gb_calloc(p->n_tests, sizeof(*b->tests));
	if (!b->tests)
		gb_load_nomem(l);
	else
		b->cap_tests = p->n_tests;
	l->base_of = p;
	return b;
}

static struct gb_test *load_base(struct gb_loading *l, const cJSON *item,
				 const struct gb_package *p, const struct gb_test *t)
{
	struct gb_package *b = base_package(l, p);
	struct gb_test *base = NULL;

	if (b && gb_load_ok(l))
		l->rc = gb_package_add_test(b, t->name, t->kind, &base, l->err);
	if (base && gb_load_ok(l))
		gb_load_metrics(l, gb_load_object(l, item, "base_metrics"), 0, base);
	return base;
}

void gb_load_evidence(struct gb_loading *l, const cJSON *item, struct gb_package *p,
		      struct gb_test *t)
{
	struct gb_evidences *all = &l->out->evidence;
	struct gb_test *base = NULL;
	struct gb_evidence *e;
	int mode;

	if (!item)
		return;
	mode = gb_load_name(l, item, "mode", mode_name, 2);
	if (gb_load_bool(l, item, "compared"))
		base = load_base(l, item, p, t);
	if (gb_load_ok(l))
		l->rc = gb_grow((void **)&all->v, &all->cap, all->n + 1, sizeof(*all->v),
				GB_MAX_TESTS, l->err);
	if (l->rc < 0)
		return;
	e = &all->v[all->n++];
	*e = (struct gb_evidence){ .package = p,
				   .test = t,
				   .base_test = base,
				   .mode = mode ? GB_ALONE : GB_EXACT,
				   .bytes = -1,
				   .objects = -1,
				   .base_bytes = -1,
				   .base_objects = -1 };
	load_places(l, gb_load_need_list(l, item, "places"), e);
	load_stacks(l, gb_load_object(l, item, "stacks"), e, t, base);
}
