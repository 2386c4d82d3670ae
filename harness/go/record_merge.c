#include "go/record.h"

#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/text.h"
#include "go/fingerprint.h"

#include <string.h>

/* "/home/me/shop/store/cache.go" of module /home/me/shop: "store/cache.go". */
static void relative(struct gb_site *s, const char *module_dir)
{
	size_t n = module_dir ? strlen(module_dir) : 0;

	if (n > 1 && s->file && strncmp(s->file, module_dir, n) == 0 && s->file[n] == '/')
		memmove(s->file, s->file + n + 1, strlen(s->file + n + 1) + 1);
}

static void all_relative(struct gb_site *sites, size_t n, const char *module_dir)
{
	for (size_t i = 0; i < n; i++)
		relative(&sites[i], module_dir);
}

static bool site_equal(const struct gb_site *a, const struct gb_site *b)
{
	return a->line == b->line && gb_streq(a->func, b->func) && gb_streq(a->file, b->file);
}

static bool group_equal(const char *module, const struct gb_group *a, const struct gb_group *b)
{
	return a->kind == b->kind && a->run == b->run && a->process == b->process &&
	       strcmp(a->fingerprint, b->fingerprint) == 0 &&
	       site_equal(&a->created, &b->created) &&
	       site_equal(gb_group_place(module, a), gb_group_place(module, b));
}

static int64_t add_saturating(int64_t a, int64_t b)
{
	return a > INT64_MAX - b ? INT64_MAX : a + b;
}

/* A parent's groups come once per subtest: the same go statement and place is one group. */
static int merge_group(struct gb_test *t, const char *module, struct gb_group *g,
		       struct gb_err *err)
{
	for (size_t i = 0; i < t->n_groups; i++) {
		struct gb_group *same = &t->groups[i];

		if (!group_equal(module, same, g))
			continue;
		same->count = add_saturating(same->count, g->count);
		same->still = same->still < 0 || g->still < 0
				      ? -1
				      : add_saturating(same->still, g->still);
		return 0;
	}
	/* A thousand different ones say enough of a test; the count is exact without them. */
	return t->n_groups < GB_MAX_GROUPS ? gb_test_take_group(t, g, err) : 0;
}

/*
 * Of a process that died before it settled: goroutines that were alive when the test ended might
 * have ended all the same.
 */
static bool unsettled(const struct gb_record_test *t)
{
	return t->ended && !t->final && t->sample.v[GB_GOROUTINES] > 0;
}

static int merge_test(struct gb_record_test *from, struct gb_package *p, int run, enum gb_mode mode,
		      bool told, struct gb_err *err)
{
	bool first = !gb_package_test(p, from->name);
	struct gb_sample s = from->sample;
	struct gb_test *t;
	int rc = gb_package_add_test(p, from->name, from->kind, &t, err);

	if (rc < 0)
		return rc;
	relative(&from->site, p->module_dir);
	if (!t->site.func) {
		t->site = from->site;
		from->site = (struct gb_site){ 0 };
	}
	if (from->hung)
		from->outcome = GB_HANG;
	if (first || from->outcome > t->outcome)
		t->outcome = from->outcome;
	/* How much a benchmark allocates in all depends on how often it was asked to run. */
	if (from->kind == GB_BENCHMARK)
		s.has &= ~(1U << GB_ALLOC_SPACE | 1U << GB_ALLOC_OBJECTS |
			   1U << GB_GOROUTINES_PEAK | 1U << GB_GOROUTINES_CREATED);
	s.unsettled = unsettled(from);
	s.run = run;
	s.mode = mode;
	s.process = p->processes;
	s.outcome = (int)from->outcome;
	rc = s.has ? gb_test_add_sample(t, &s, err) : 0;
	/* What is left behind alone is told where no run in order could tell. */
	for (size_t i = 0; i < from->n_groups && rc >= 0 && !(mode == GB_ALONE && told); i++) {
		struct gb_group *g = &from->groups[i];

		g->run = run;
		g->process = p->processes;
		relative(&g->created, p->module_dir);
		all_relative(g->frames, g->n_frames, p->module_dir);
		all_relative(g->creator, g->n_creator, p->module_dir);
		rc = gb_fingerprint(p->module, g, err);
		if (rc >= 0)
			rc = merge_group(t, p->module, g, err);
	}
	if (from->n_sites > 0)
		gb_test_clear_sites(t, mode);
	for (size_t i = 0; i < from->n_sites && rc >= 0; i++) {
		all_relative(from->sites[i].frames, from->sites[i].n_frames, p->module_dir);
		from->sites[i].mode = mode;
		rc = gb_test_take_site(t, &from->sites[i], err);
	}
	return rc;
}

/* Exact runs have the collector off; with benchmarks all of it hangs on how often they ran. */
static void drop_collector(const struct gb_record *r, enum gb_mode mode, struct gb_sample *s)
{
	bool benchmarks = false;

	for (size_t i = 0; i < r->n && !benchmarks; i++)
		benchmarks = r->tests[i].kind == GB_BENCHMARK;
	for (int m = 0; m < GB_METRICS; m++)
		if (gb_metrics[m].collector && (benchmarks || mode != GB_IN_ORDER))
			s->has &= ~(1U << m);
	if (benchmarks)
		s->has &= ~(1U << GB_HEAP_LIVE);
}

int gb_record_merge(struct gb_record *r, struct gb_package *p, int run, enum gb_mode mode,
		    struct gb_err *err)
{
	bool told = p->measured;

	p->processes++;
	for (size_t i = 0; i < r->n; i++) {
		int rc = merge_test(&r->tests[i], p, run, mode, told, err);

		if (rc < 0)
			return rc;
	}
	if (r->complete)
		p->measured = true;
	/* A process that runs one test alone says nothing about its package. */
	if (!r->has_package_row || mode == GB_ALONE)
		return 0;
	if (!r->package_row.name) {
		r->package_row.name = gb_strdup(GB_PACKAGE_ROW);
		if (!r->package_row.name)
			return gb_fail_nomem(err);
	}
	r->package_row.kind = GB_PACKAGE;
	r->package_row.outcome = GB_PASS;
	drop_collector(r, mode, &r->package_row.sample);
	return merge_test(&r->package_row, p, run, mode, told, err);
}
