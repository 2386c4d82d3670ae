#include "go/run.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

/*
 * Tests by name.  They lie in an array that moves when it grows, so the table
 * holds positions: open addressing, a power of two of slots, at most half full.
 * A slot is position + 1, or 0 when free.
 */
struct name_index {
	size_t mask;
	size_t used;
	size_t slot[];
};

static uint64_t hash_name(const char *s)
{
	uint64_t h = UINT64_C(14695981039346656037); /* FNV-1a */

	for (; *s; s++)
		h = (h ^ (unsigned char)*s) * UINT64_C(1099511628211);
	return h;
}

static void index_insert(struct name_index *x, const struct gb_test *tests, size_t position)
{
	size_t i = (size_t)hash_name(tests[position].name) & x->mask;

	while (x->slot[i])
		i = (i + 1) & x->mask;
	x->slot[i] = position + 1;
	x->used++;
}

static int index_build(struct gb_package *p, size_t need, struct gb_err *err)
{
	size_t slots = 16;

	while (slots < need * 2)
		slots *= 2;
	struct name_index *x = gb_calloc(1, sizeof(*x) + slots * sizeof(x->slot[0]));
	if (!x)
		return gb_fail_nomem(err);
	x->mask = slots - 1;
	for (size_t i = 0; i < p->n_tests; i++)
		index_insert(x, p->tests, i);
	free(p->index);
	p->index = x;
	return 0;
}

struct gb_run *gb_run_new(struct gb_err *err)
{
	struct gb_run *run = gb_calloc(1, sizeof(*run));

	if (!run)
		gb_fail_nomem(err);
	return run;
}

static void site_release(struct gb_site *s)
{
	free(s->func);
	free(s->file);
}

static void sites_release(struct gb_site *sites, size_t n)
{
	for (size_t i = 0; i < n; i++)
		site_release(&sites[i]);
	free(sites);
}

void gb_group_release(struct gb_group *g)
{
	free(g->state);
	free(g->fingerprint);
	site_release(&g->created);
	sites_release(g->frames, g->n_frames);
	sites_release(g->creator, g->n_creator);
}

void gb_alloc_site_release(struct gb_alloc_site *s)
{
	sites_release(s->frames, s->n_frames);
	free(s->how);
}

void gb_test_clear_sites(struct gb_test *t, enum gb_mode mode)
{
	size_t kept = 0;

	for (size_t i = 0; i < t->n_sites; i++) {
		if (t->sites[i].mode == mode)
			gb_alloc_site_release(&t->sites[i]);
		else
			t->sites[kept++] = t->sites[i];
	}
	t->n_sites = kept;
}

int gb_test_take_site(struct gb_test *t, struct gb_alloc_site *s, struct gb_err *err)
{
	int rc = gb_grow((void **)&t->sites, &t->cap_sites, t->n_sites + 1, sizeof(*t->sites),
			 GB_MAX_SITES, err);

	if (rc < 0)
		return rc;
	t->sites[t->n_sites++] = *s;
	memset(s, 0, sizeof(*s));
	return 0;
}

static void test_release(struct gb_test *t)
{
	free(t->name);
	site_release(&t->site);
	free(t->samples);
	for (size_t i = 0; i < t->n_groups; i++)
		gb_group_release(&t->groups[i]);
	free(t->groups);
	for (size_t i = 0; i < t->n_sites; i++)
		gb_alloc_site_release(&t->sites[i]);
	free(t->sites);
}

static void trouble_release(struct gb_trouble *t)
{
	free(t->test);
	free(t->text);
	free(t->output);
}

static void package_release(struct gb_package *p)
{
	free(p->path);
	free(p->dir);
	free(p->module);
	free(p->module_dir);
	for (size_t i = 0; i < p->n_tests; i++)
		test_release(&p->tests[i]);
	free(p->tests);
	free(p->index);
	for (size_t i = 0; i < p->n_troubles; i++)
		trouble_release(&p->troubles[i]);
	free(p->troubles);
	free(p->living);
}

void gb_run_free(struct gb_run *run)
{
	if (!run)
		return;
	for (size_t i = 0; i < run->n_packages; i++)
		package_release(&run->packages[i]);
	free(run->packages);
	free(run->env.gcflags);
	free(run->env.tags);
	free(run->go_version);
	free(run->go_why_fallback);
	gb_strlist_release(&run->elsewhere);
	free(run);
}

void gb_cleanup_run(struct gb_run **prun)
{
	gb_run_free(*prun);
}

struct gb_package *gb_run_package(const struct gb_run *run, const char *path)
{
	/* The one asked for is most often one of the last that came. */
	for (size_t i = run->n_packages; i-- > 0;)
		if (!strcmp(run->packages[i].path, path))
			return &run->packages[i];
	return NULL;
}

struct gb_test *gb_package_test(const struct gb_package *p, const char *name)
{
	const struct name_index *x = p->index;

	if (!x)
		return NULL;
	for (size_t i = (size_t)hash_name(name) & x->mask; x->slot[i]; i = (i + 1) & x->mask) {
		struct gb_test *t = &p->tests[x->slot[i] - 1];

		if (!strcmp(t->name, name))
			return t;
	}
	return NULL;
}

int gb_run_add_package(struct gb_run *run, const char *path, struct gb_package **ret,
		       struct gb_err *err)
{
	struct gb_package *p = gb_run_package(run, path);
	int rc;

	if (p) {
		*ret = p;
		return 0;
	}
	if ((rc = gb_grow((void **)&run->packages, &run->cap_packages, run->n_packages + 1,
			  sizeof(*run->packages), GB_MAX_PACKAGES, err)) < 0)
		return rc;
	p = &run->packages[run->n_packages];
	memset(p, 0, sizeof(*p));
	if (!(p->path = gb_strdup(path)))
		return gb_fail_nomem(err);
	run->n_packages++;
	*ret = p;
	return 0;
}

int gb_run_take_package(struct gb_run *run, struct gb_package *p, struct gb_err *err)
{
	int rc = gb_grow((void **)&run->packages, &run->cap_packages, run->n_packages + 1,
			 sizeof(*run->packages), GB_MAX_PACKAGES, err);

	if (rc < 0)
		return rc;
	run->packages[run->n_packages++] = *p;
	memset(p, 0, sizeof(*p));
	return 0;
}

void gb_run_drop_package(struct gb_run *run, size_t at)
{
	package_release(&run->packages[at]);
	memmove(&run->packages[at], &run->packages[at + 1],
		(--run->n_packages - at) * sizeof(*run->packages));
}

int gb_package_add_test(struct gb_package *p, const char *name, enum gb_kind kind,
			struct gb_test **ret, struct gb_err *err)
{
	const struct name_index *x = p->index;
	struct gb_test *t = gb_package_test(p, name);
	int rc;

	if (t) {
		*ret = t;
		return 0;
	}
	if ((rc = gb_grow((void **)&p->tests, &p->cap_tests, p->n_tests + 1, sizeof(*p->tests),
			  GB_MAX_TESTS, err)) < 0)
		return rc;
	if (!x || (x->used + 1) * 2 > x->mask + 1) {
		/* Twice what is needed now: rebuilt at each doubling only. */
		if ((rc = index_build(p, (p->n_tests + 1) * 2, err)) < 0)
			return rc;
	}
	t = &p->tests[p->n_tests];
	memset(t, 0, sizeof(*t));
	t->kind = kind;
	if (!(t->name = gb_strdup(name)))
		return gb_fail_nomem(err);
	index_insert(p->index, p->tests, p->n_tests++);
	*ret = t;
	return 0;
}

int gb_test_add_sample(struct gb_test *t, const struct gb_sample *s, struct gb_err *err)
{
	int rc = gb_grow((void **)&t->samples, &t->cap_samples, t->n_samples + 1,
			 sizeof(*t->samples), GB_MAX_SAMPLES, err);

	if (rc < 0)
		return rc;
	t->samples[t->n_samples++] = *s;
	return 0;
}

/* Whether a is shown before b: earlier run, then the worse kind, then the larger group. */
static bool group_before(const struct gb_group *a, const struct gb_group *b)
{
	if (a->run != b->run)
		return a->run < b->run;
	if (a->kind != b->kind)
		return a->kind > b->kind;
	return a->count > b->count;
}

int gb_test_take_group(struct gb_test *t, struct gb_group *g, struct gb_err *err)
{
	int rc = gb_grow((void **)&t->groups, &t->cap_groups, t->n_groups + 1, sizeof(*t->groups),
			 GB_MAX_GROUPS, err);
	size_t at = t->n_groups;

	if (rc < 0)
		return rc;
	while (at > 0 && group_before(g, &t->groups[at - 1]))
		at--;
	memmove(&t->groups[at + 1], &t->groups[at], (t->n_groups - at) * sizeof(*t->groups));
	t->groups[at] = *g;
	t->n_groups++;
	memset(g, 0, sizeof(*g));
	return 0;
}

int gb_package_add_trouble(struct gb_package *p, enum gb_trouble_kind kind, bool warning,
			   const char *test, const char *output, struct gb_err *err,
			   const char *fmt, ...)
{
	_buf_ struct gb_buf text = GB_BUF_INIT(GB_MAX_LINE);
	va_list ap;
	int rc;

	va_start(ap, fmt);
	gb_buf_vaddf(&text, fmt, ap);
	va_end(ap);
	if (text.nomem)
		return gb_fail_nomem(err);
	/* A text past the ceiling is still worth showing: what fitted stays. */
	if ((rc = gb_grow((void **)&p->troubles, &p->cap_troubles, p->n_troubles + 1,
			  sizeof(*p->troubles), GB_MAX_TESTS, err)) < 0)
		return rc;
	struct gb_trouble t = {
		.kind = kind,
		.warning = warning,
		.test = gb_strdup(test),
		.text = gb_strdup(text.data),
		.output = gb_strdup(output),
	};
	if ((test && !t.test) || !t.text || (output && !t.output)) {
		trouble_release(&t);
		return gb_fail_nomem(err);
	}
	p->troubles[p->n_troubles++] = t;
	return 0;
}

void gb_package_drop_troubles(struct gb_package *p, size_t from)
{
	while (p->n_troubles > from)
		trouble_release(&p->troubles[--p->n_troubles]);
}

bool gb_package_failed(const struct gb_package *p)
{
	for (size_t i = 0; i < p->n_troubles; i++)
		if (!p->troubles[i].warning && p->troubles[i].kind != GB_TROUBLE_NO_TESTS)
			return true;
	return false;
}

static int by_path(const void *a, const void *b)
{
	return strcmp(((const struct gb_package *)a)->path, ((const struct gb_package *)b)->path);
}

/* Reruns add tests behind the row of the package: move it to the end again. */
static void package_row_last(struct gb_package *p)
{
	struct gb_test *row = gb_package_test(p, GB_PACKAGE_ROW);
	struct name_index *x = p->index;

	if (!row || row == &p->tests[p->n_tests - 1])
		return;
	struct gb_test moved = *row;
	size_t after = (size_t)(&p->tests[p->n_tests] - row) - 1;

	memmove(row, row + 1, after * sizeof(*row));
	p->tests[p->n_tests - 1] = moved;
	memset(x->slot, 0, (x->mask + 1) * sizeof(x->slot[0]));
	x->used = 0;
	for (size_t i = 0; i < p->n_tests; i++)
		index_insert(x, p->tests, i);
}

void gb_run_sort(struct gb_run *run)
{
	if (run->n_packages)
		qsort(run->packages, run->n_packages, sizeof(*run->packages), by_path);
	for (size_t i = 0; i < run->n_packages; i++)
		package_row_last(&run->packages[i]);
}

static bool sample_counts(const struct gb_sample *s, enum gb_metric m)
{
	if (s->unsettled && m == GB_GOROUTINES)
		return false;
	return (s->has >> m & 1) && (s->mode == GB_ALONE) == gb_metrics[m].alone;
}

bool gb_test_measured(const struct gb_test *t, enum gb_metric m, struct gb_measured *ret)
{
	struct gb_measured r = { 0 };
	int first_run = 0;

	for (size_t i = 0; i < t->n_samples; i++) {
		const struct gb_sample *s = &t->samples[i];

		if (!sample_counts(s, m))
			continue;
		if (!r.n || s->v[m] < r.min)
			r.min = s->v[m];
		if (!r.n || s->v[m] > r.max)
			r.max = s->v[m];
		if (!r.n || s->run < first_run) {
			r.first = s->v[m];
			first_run = s->run;
		}
		r.n += 1 + s->again;
	}
	if (!r.n)
		return false;
	*ret = r;
	return true;
}

bool gb_test_value(const struct gb_test *t, enum gb_metric m, enum gb_mode mode, int64_t *ret)
{
	bool any = false;

	for (size_t i = 0; t && i < t->n_samples; i++) {
		const struct gb_sample *s = &t->samples[i];

		if (s->mode != mode || !(s->has >> m & 1))
			continue;
		if (!any || (gb_metrics[m].goroutine ? s->v[m] > *ret : s->v[m] < *ret))
			*ret = s->v[m];
		any = true;
	}
	return any;
}

size_t gb_test_over(const struct gb_test *t, enum gb_metric m, int64_t ceiling)
{
	size_t n = 0;

	for (size_t i = 0; i < t->n_samples; i++)
		if (sample_counts(&t->samples[i], m) && t->samples[i].v[m] > ceiling)
			n += 1 + t->samples[i].again;
	return n;
}
