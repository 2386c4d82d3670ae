#include "report/evidence.h"

#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/text.h"
#include "report/evidence_parts.h"
#include "report/say.h"

#include <stdlib.h>
#include <string.h>

#define MAX_QUOTED ((size_t)240)

static void site_release(struct gb_evidence_site *s)
{
	free(s->source);
	free(s->escape);
	gb_strlist_release(&s->chain);
	gb_strlist_release(&s->flow);
}

static void evidence_release(struct gb_evidence *e)
{
	for (size_t i = 0; i < e->n_sites; i++)
		site_release(&e->sites[i]);
	free(e->sites);
}

void gb_evidences_release(struct gb_evidences *all)
{
	for (size_t i = 0; i < all->n; i++)
		evidence_release(&all->v[i]);
	free(all->v);
	free(all->base);
	*all = (struct gb_evidences){ 0 };
}

const struct gb_evidence *gb_evidence_find(const struct gb_evidences *all,
					   const struct gb_package *package,
					   const struct gb_test *test)
{
	for (size_t i = 0; all && i < all->n; i++)
		if (all->v[i].test == test && all->v[i].package == package)
			return &all->v[i];
	return NULL;
}

static enum gb_evidence_kind kind_of(const struct gb_alloc_site *s)
{
	return s->spawn ? GB_EV_SPAWN : s->reach ? GB_EV_INUSE : GB_EV_ALLOC;
}

/* In order where that is known: it is what budgets are about. */
static enum gb_mode mode_of(const struct gb_test *t, bool alone)
{
	for (size_t i = 0; i < t->n_sites && !alone; i++)
		if (t->sites[i].mode == GB_EXACT)
			return GB_EXACT;
	return GB_ALONE;
}

/* Frames up to the test's own function; the framework below it says nothing. */
static size_t down_to_test(const struct gb_alloc_site *s, const struct gb_test *t)
{
	size_t n = s->n_frames;

	for (size_t i = 0; i < n; i++)
		if (t->site.func && gb_streq(s->frames[i].func, t->site.func))
			return i + 1;
	while (n > 1 && s->frames[n - 1].func && gb_starts(s->frames[n - 1].func, "testing."))
		n--;
	return n;
}

static size_t look_at(const char *module, const struct gb_alloc_site *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (gb_say_is_users(module, &s->frames[i]))
			return i;
	return 0;
}

static bool same_place(const struct gb_site *a, const struct gb_site *b)
{
	return a->line == b->line && gb_streq(a->func, b->func) && gb_streq(a->file, b->file);
}

/* Several stacks may meet in one line of the user's: they are one place to look at. */
static int add_place(struct gb_evidence *e, const struct gb_alloc_site *s, bool base,
		     struct gb_err *err)
{
	size_t n = down_to_test(s, e->test);
	size_t at = look_at(e->package->module, s, n), k = 0;
	enum gb_evidence_kind kind = kind_of(s);
	struct gb_evidence_site *p;

	if (n == 0)
		return 0;
	while (k < e->n_sites && !(e->sites[k].kind == kind &&
				   same_place(&e->sites[k].frames[e->sites[k].at], &s->frames[at])))
		k++;
	if (k == e->n_sites) {
		int rc = gb_grow((void **)&e->sites, &e->cap_sites, k + 1, sizeof(*e->sites),
				 GB_MAX_SITES, err);

		if (rc < 0)
			return rc;
		/* Sites come largest first: this stack is the one to show. */
		e->sites[e->n_sites++] = (struct gb_evidence_site){ .kind = kind,
								    .frames = s->frames,
								    .n_frames = n,
								    .at = at,
								    .how = s->how ? s->how : "",
								    .gone = base };
	}
	p = &e->sites[k];
	p->stacks++;
	p->bytes += s->bytes;
	p->objects += s->objects;
	return 0;
}

static int collect(struct gb_evidence *e, const struct gb_test *t, enum gb_mode mode, bool base,
		   struct gb_err *err)
{
	int rc = 0;

	for (size_t i = 0; i < t->n_sites && rc >= 0; i++) {
		const struct gb_alloc_site *s = &t->sites[i];

		if (s->reach || s->mode == mode)
			rc = add_place(e, s, base, err);
	}
	return rc;
}

static void quote(struct gb_evidence *e, const struct gb_package *p, struct gb_source *source)
{
	for (size_t i = 0; i < e->n_sites; i++) {
		struct gb_evidence_site *s = &e->sites[i];
		const struct gb_site *at = &s->frames[s->at];

		s->source = gb_source_line(source, p->module_dir, at->file, at->line, MAX_QUOTED);
	}
}

/* "(*T).F" of "(*T).F.func1.2": a closure is counted through where another one comes first. */
size_t gb_evidence_stem(const char *func)
{
	size_t n = strlen(func);

	for (;;) {
		size_t k = n;

		while (k > 0 && func[k - 1] >= '0' && func[k - 1] <= '9')
			k--;
		if (k == n)
			return n;
		if (k >= 5 && strncmp(func + k - 5, ".func", 5) == 0)
			n = k - 5;
		else if (k >= 1 && func[k - 1] == '.')
			n = k - 1;
		else
			return n;
	}
}

static bool same_stem(const char *a, const char *b)
{
	size_t n = a && b ? gb_evidence_stem(a) : 0;

	return n && gb_evidence_stem(b) == n && strncmp(a, b, n) == 0;
}

static bool counterpart(const struct gb_evidence_site *a, const struct gb_evidence_site *b,
			bool by_text)
{
	const char *fa = a->frames[a->at].func, *fb = b->frames[b->at].func;

	if (a->kind != b->kind)
		return false;
	if (by_text)
		return a->source && b->source && same_stem(fa, fb) &&
		       strcmp(a->source, b->source) == 0;
	return gb_streq(fa, fb);
}

/* The one of the base that is nearest in its lines; they are in no order. */
static struct gb_evidence_site *find(struct gb_evidence *base, const struct gb_evidence_site *s,
				     bool by_text)
{
	struct gb_evidence_site *best = NULL;
	int line = s->frames[s->at].line, away = 0;

	for (size_t i = 0; i < base->n_sites; i++) {
		struct gb_evidence_site *b = &base->sites[i];
		int d = abs(b->frames[b->at].line - line);

		if (b->gone && counterpart(s, b, by_text) && (!best || d < away)) {
			best = b;
			away = d;
		}
	}
	return best;
}

static void match(struct gb_evidence *e, struct gb_evidence *base, bool by_text)
{
	for (size_t i = 0; i < e->n_sites; i++) {
		struct gb_evidence_site *s = &e->sites[i];
		struct gb_evidence_site *b = s->base_objects ? NULL : find(base, s, by_text);

		if (!b)
			continue;
		s->base_bytes = b->bytes;
		s->base_objects = b->objects;
		b->gone = false; /* taken */
	}
}

/* What no line of now answers for. */
static int keep_gone(struct gb_evidence *e, struct gb_evidence *base, struct gb_err *err)
{
	for (size_t i = 0; i < base->n_sites; i++) {
		struct gb_evidence_site *b = &base->sites[i];
		int rc;

		if (!b->gone)
			continue;
		rc = gb_grow((void **)&e->sites, &e->cap_sites, e->n_sites + 1, sizeof(*e->sites),
			     2 * GB_MAX_SITES, err);
		if (rc < 0)
			return rc;
		e->sites[e->n_sites] = *b;
		e->sites[e->n_sites].base_bytes = b->bytes;
		e->sites[e->n_sites].base_objects = b->objects;
		e->sites[e->n_sites].bytes = e->sites[e->n_sites].objects = 0;
		e->n_sites++;
		*b = (struct gb_evidence_site){ 0 };
	}
	return 0;
}

static int subtract(struct gb_evidence *e, const struct gb_package *base_package,
		    struct gb_source *source, struct gb_err *err)
{
	struct gb_evidence base = { .package = e->package, .test = e->base_test };
	int rc = collect(&base, e->base_test, e->mode, true, err);

	if (rc >= 0) {
		quote(&base, base_package, source);
		match(e, &base, true);
		match(e, &base, false);
		rc = keep_gone(e, &base, err);
	}
	evidence_release(&base);
	return rc;
}

static int64_t grown(const struct gb_evidence_site *s, bool objects)
{
	return objects || s->kind == GB_EV_SPAWN ? s->objects - s->base_objects
						 : s->bytes - s->base_bytes;
}

static int worst_first(const void *a, const void *b)
{
	const struct gb_evidence_site *x = a, *y = b;

	if (x->kind != y->kind)
		return (x->kind > y->kind) - (x->kind < y->kind);
	if (grown(x, false) != grown(y, false))
		return grown(x, false) < grown(y, false) ? 1 : -1;
	if (grown(x, true) != grown(y, true))
		return grown(x, true) < grown(y, true) ? 1 : -1;
	return (x->bytes < y->bytes) - (x->bytes > y->bytes);
}

/* What the test measured in the runs that told the sites. */
static void totals(const struct gb_test *t, enum gb_mode mode, int64_t *bytes, int64_t *objects)
{
	*bytes = *objects = -1;
	for (size_t i = 0; t && i < t->n_samples; i++) {
		const struct gb_sample *s = &t->samples[i];

		if (s->mode != mode || !(s->has >> GB_ALLOC_SPACE & 1))
			continue;
		/* Sites are those of the last run. */
		*bytes = s->v[GB_ALLOC_SPACE];
		*objects = s->v[GB_ALLOC_OBJECTS];
	}
}

static int tell(struct gb_evidence *e, const struct gb_evidences *all, struct gb_err *err)
{
	int rc = 0;

	for (size_t i = 0; i < e->n_sites && rc >= 0; i++)
		if (!e->sites[i].gone)
			rc = gb_evidence_tell(&e->sites[i], all->escapes, all->base_escapes, err);
	return rc;
}

int gb_evidence_add(struct gb_evidences *all, const struct gb_package *package,
		    const struct gb_test *test, struct gb_err *err)
{
	_source_ struct gb_source source = { 0 };
	struct gb_evidence e = { .package = package,
				 .test = test,
				 .mode = mode_of(test, all->alone) };
	const struct gb_package *base_package =
		all->base_run ? gb_run_package(all->base_run, package->path) : NULL;
	int rc;

	if (test->n_sites == 0 || gb_evidence_find(all, package, test))
		return 0;
	if (base_package)
		e.base_test = gb_package_test(base_package, test->name);
	totals(test, e.mode, &e.bytes, &e.objects);
	totals(e.base_test, e.mode, &e.base_bytes, &e.base_objects);
	rc = collect(&e, test, e.mode, false, err);
	if (rc >= 0)
		quote(&e, package, &source);
	if (rc >= 0 && base_package && e.base_test && e.base_test->n_sites)
		rc = subtract(&e, base_package, &source, err);
	if (rc >= 0)
		rc = tell(&e, all, err);
	if (rc >= 0 && e.n_sites)
		qsort(e.sites, e.n_sites, sizeof(*e.sites), worst_first);
	if (rc >= 0)
		rc = gb_grow((void **)&all->v, &all->cap, all->n + 1, sizeof(*all->v), GB_MAX_TESTS,
			     err);
	if (rc < 0) {
		evidence_release(&e);
		return rc;
	}
	all->v[all->n++] = e;
	return 0;
}

enum gb_evidence_kind gb_evidence_kind_for(const struct gb_evidence *e, enum gb_metric m)
{
	if (gb_metrics[m].goroutine)
		return GB_EV_SPAWN;
	for (size_t i = 0; m == GB_INUSE_SPACE && i < e->n_sites; i++)
		if (e->sites[i].kind == GB_EV_INUSE)
			return GB_EV_INUSE;
	return GB_EV_ALLOC;
}

size_t gb_evidence_top(const struct gb_evidence *e, enum gb_metric m,
		       const struct gb_evidence_site **ret, size_t max)
{
	enum gb_evidence_kind kind = gb_evidence_kind_for(e, m);
	bool objects = gb_metrics[m].unit != GB_BYTES;
	size_t n = 0, kept = 0;

	for (size_t i = 0; i < e->n_sites; i++) {
		const struct gb_evidence_site *s = &e->sites[i];
		size_t k;

		if (s->kind != kind)
			continue;
		for (k = n; k > 0 && grown(ret[k - 1], objects) < grown(s, objects); k--)
			if (k < max)
				ret[k] = ret[k - 1];
		if (k < max)
			ret[k] = s;
		n += n < max;
	}
	while (kept < n && grown(ret[kept], objects) > 0 &&
	       grown(ret[kept], objects) >= grown(ret[0], objects) / 100)
		kept++;
	return kept;
}

const struct gb_evidence_site *gb_evidence_spawn(const struct gb_evidence *e,
						 const struct gb_site *created)
{
	for (size_t i = 0; e && i < e->n_sites; i++)
		if (e->sites[i].kind == GB_EV_SPAWN && !e->sites[i].gone &&
		    same_place(&e->sites[i].frames[0], created))
			return &e->sites[i];
	return NULL;
}
