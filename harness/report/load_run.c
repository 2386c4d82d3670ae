/* load_run - packages, tests, what they measured and left behind; see load.h. */
#include "report/loading.h"

#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "report/json_parts.h"

#include <stdlib.h>
#include <string.h>

static const char *kind_name(int i)
{
	return gb_kind_name((enum gb_kind)i);
}

static const char *outcome_name(int i)
{
	return gb_outcome_name((enum gb_outcome)i);
}

static const char *leak_name(int i)
{
	return gb_leak_name((enum gb_leak)i);
}

static const char *trouble_name(int i)
{
	return gb_trouble_name((enum gb_trouble_kind)i);
}

static const char *accounting_name(int i)
{
	return gb_accounting_name((enum gb_accounting)i);
}

/* Smallest and largest of one metric in one mode: two samples that measured just these. */
struct span {
	int64_t min, max, n;
};

static bool load_span(struct gb_loading *l, const cJSON *metrics, int m,
		      const struct gb_json_mode *mode, struct span *ret)
{
	const cJSON *modes = gb_load_object(l, metrics, gb_metrics[m].name);
	const cJSON *item = gb_load_object(l, modes, mode->name);

	if (!item)
		return false;
	ret->min = gb_load_metric(l, item, "min", m);
	ret->max = gb_load_metric(l, item, "max", m);
	ret->n = gb_load_int(l, item, "n", GB_LOAD_COUNT);
	if (gb_load_ok(l) &&
	    (ret->n < 1 || ret->min > ret->max || (ret->n == 1 && ret->min != ret->max)))
		gb_load_fail(l, item, "min, max and n do not belong together");
	return gb_load_ok(l);
}

static void add_sample(struct gb_loading *l, struct gb_test *t, const struct gb_sample *s,
		       int64_t more)
{
	struct gb_sample copy = *s;

	copy.again = more > 0 ? (size_t)more : 0;
	if (gb_load_ok(l))
		l->rc = gb_test_add_sample(t, &copy, l->err);
}

/* All metrics of one mode that were measured as often share their samples. */
static void load_mode(struct gb_loading *l, const cJSON *metrics, const struct gb_json_mode *mode,
		      int64_t worst_run, struct gb_test *t)
{
	struct span spans[GB_METRICS] = { { 0, 0, 0 } };
	uint32_t left = 0;

	for (int m = 0; m < GB_METRICS; m++)
		if (load_span(l, metrics, m, mode, &spans[m]))
			left |= 1u << m;
	while (left && gb_load_ok(l)) {
		struct gb_sample low = { .mode = mode->mode,
					 .unsettled = mode->unsettled,
					 .run = mode->mode == GB_ALONE ? 0 : (int)worst_run };
		struct gb_sample high = low;
		int64_t n = 0;

		for (int m = 0; m < GB_METRICS; m++) {
			if (!(left >> m & 1) || (n && spans[m].n != n))
				continue;
			n = spans[m].n;
			low.v[m] = spans[m].min;
			high.v[m] = spans[m].max;
			low.has |= 1u << m;
		}
		high.has = low.has;
		left &= ~low.has;
		add_sample(l, t, &low, 0);
		if (n > 1)
			add_sample(l, t, &high, n - 2);
	}
}

void gb_load_metrics(struct gb_loading *l, const cJSON *metrics, int64_t worst_run,
		     struct gb_test *t)
{
	for (size_t i = 0; i < GB_JSON_MODES; i++)
		load_mode(l, metrics, &gb_json_modes[i], worst_run, t);
}

static void load_fingerprint(struct gb_loading *l, const cJSON *item, struct gb_group *g)
{
	const char *id = item ? gb_load_string(l, item, "id") : NULL;

	if (!id)
		return;
	if (strlen(id) != GB_FINGERPRINT_ID || strspn(id, "0123456789abcdef") != GB_FINGERPRINT_ID)
		gb_load_fail(l, gb_load_get(l, item, "id"), "is no fingerprint");
	else
		memcpy(g->fingerprint_id, id, sizeof(g->fingerprint_id));
	g->fingerprint = gb_load_copy(l, gb_load_string(l, item, "text"));
}

static void load_group(struct gb_loading *l, const cJSON *item, struct gb_group *g)
{
	g->kind = (enum gb_leak)gb_load_name(l, item, "kind", leak_name, GB_LEAKS);
	g->count = gb_load_int(l, item, "count", GB_LOAD_COUNT);
	g->still = gb_load_int_or(l, item, "still", GB_LOAD_COUNT, -1);
	g->state = gb_load_copy(l, gb_load_text(l, item, "state"));
	load_fingerprint(l, gb_load_object(l, item, "fingerprint"), g);
	g->run = (int)gb_load_int(l, item, "run", INT32_MAX);
	g->seen = (size_t)gb_load_int_or(l, item, "seen_runs", GB_LOAD_COUNT, 0);
	g->seen_of = (size_t)gb_load_int_or(l, item, "seen_of", GB_LOAD_COUNT, 0);
	g->living = (int)gb_load_int_or(l, item, "living", INT32_MAX, 0);
	g->process = (int)gb_load_int_or(l, item, "process", INT32_MAX, 0);
	gb_load_own_site(l, gb_load_need_object(l, item, "created"), &g->created);
	g->frames = gb_load_own_sites(l, gb_load_need_list(l, item, "frames"), &g->n_frames);
	g->creator = gb_load_own_sites(l, gb_load_list(l, item, "creator"), &g->n_creator);
}

/* In the order in which they stand. */
static void load_groups(struct gb_loading *l, const cJSON *list, struct gb_test *t)
{
	size_t n = gb_load_count(l, list, GB_MAX_GROUPS, "groups of goroutines");
	const cJSON *item;

	if (!n)
		return;
	t->groups = gb_calloc(n, sizeof(*t->groups));
	if (!t->groups) {
		gb_load_nomem(l);
		return;
	}
	t->cap_groups = n;
	cJSON_ArrayForEach(item, list)
	{
		load_group(l, item, &t->groups[t->n_groups++]);
	}
}

static void load_stress(struct gb_loading *l, const cJSON *item, struct gb_folded *f)
{
	if (!item)
		return;
	f->runs = (size_t)gb_load_int(l, item, "runs", GB_LOAD_COUNT);
	f->leaked = (size_t)gb_load_int(l, item, "leaked", GB_LOAD_COUNT);
	f->outcome[GB_HANG] = (size_t)gb_load_int(l, item, "hung", GB_LOAD_COUNT);
	f->outcome[GB_FAIL] = (size_t)gb_load_int(l, item, "failed", GB_LOAD_COUNT);
}

static void load_test(struct gb_loading *l, const cJSON *item, struct gb_package *p)
{
	const char *name = gb_load_string(l, item, "name");
	int kind = gb_load_name(l, item, "kind", kind_name, GB_PACKAGE + 1);
	struct gb_test *t;

	if (!gb_load_ok(l))
		return;
	if (gb_package_test(p, name)) {
		gb_load_fail(l, item, "is the second of that name");
		return;
	}
	l->rc = gb_package_add_test(p, name, (enum gb_kind)kind, &t, l->err);
	if (l->rc < 0)
		return;
	t->outcome = (enum gb_outcome)gb_load_name(l, item, "outcome", outcome_name, GB_OUTCOMES);
	t->flags_only = gb_load_bool(l, item, "flags_only");
	gb_load_own_site(l, gb_load_need_object(l, item, "site"), &t->site);
	gb_load_metrics(l, gb_load_need_object(l, item, "metrics"),
			gb_load_int_or(l, item, "worst_run", INT32_MAX, 0), t);
	load_stress(l, gb_load_object(l, item, "stress"), &t->folded);
	load_groups(l, gb_load_list(l, item, "goroutines"), t);
}

static void load_trouble(struct gb_loading *l, const cJSON *item, struct gb_package *p)
{
	int kind = gb_load_name(l, item, "kind", trouble_name, GB_TROUBLE_NO_TESTS + 1);
	const char *test = gb_load_text(l, item, "test"), *text = gb_load_text(l, item, "text");
	const char *output = gb_load_text(l, item, "output");
	bool warning = gb_load_bool(l, item, "warning");

	if (gb_load_ok(l))
		l->rc = gb_package_add_trouble(p, (enum gb_trouble_kind)kind, warning, test, output,
					       l->err, "%s", text ? text : "");
}

static void load_living(struct gb_loading *l, const cJSON *list, struct gb_package *p)
{
	size_t n = gb_load_count(l, list, GB_MAX_TESTS, "rules");
	const cJSON *item;

	if (!n)
		return;
	p->living = gb_calloc(n, sizeof(*p->living));
	if (!p->living) {
		gb_load_nomem(l);
		return;
	}
	cJSON_ArrayForEach(item, list)
	{
		struct gb_living_seen *s = &p->living[p->n_living++];

		s->most = gb_load_int(l, item, "most", GB_LOAD_COUNT);
		s->process = (int)gb_load_int(l, item, "process", INT32_MAX);
	}
}

static void load_package(struct gb_loading *l, const cJSON *item, struct gb_package *p)
{
	const char *dir = gb_load_text(l, item, "dir");
	const cJSON *troubles = gb_load_need_list(l, item, "troubles");
	const cJSON *tests = gb_load_need_list(l, item, "tests"), *child;

	p->path = gb_load_copy(l, gb_load_string(l, item, "path"));
	p->module = gb_load_copy(l, gb_load_text(l, item, "module"));
	p->dir = gb_load_copy(l, dir);
	/* Folders are told from the module's: nothing is known of where that was. */
	p->module_dir = dir ? gb_load_copy(l, "") : NULL;
	p->passed = gb_load_bool(l, item, "passed");
	p->measured = gb_load_bool(l, item, "measured");
	p->wall_ms = gb_load_int(l, item, "wall_ms", GB_LOAD_COUNT);
	p->measured_at = gb_load_int_or(l, item, "measured_at", GB_LOAD_COUNT, 0);
	gb_load_count(l, tests, GB_MAX_TESTS, "tests");
	for (child = troubles ? troubles->child : NULL; child && gb_load_ok(l); child = child->next)
		load_trouble(l, child, p);
	for (child = tests ? tests->child : NULL; child && gb_load_ok(l); child = child->next)
		load_test(l, child, p);
	load_living(l, gb_load_list(l, item, "living"), p);
}

static int compare_paths(const void *a, const void *b)
{
	return strcmp((*(struct gb_package *const *)a)->path,
		      (*(struct gb_package *const *)b)->path);
}

/* Many look-ups will come. */
static void index_packages(struct gb_loading *l, const cJSON *list)
{
	struct gb_run *run = l->out->run;

	l->packages = gb_load_array(l, run->n_packages, sizeof(*l->packages));
	if (!l->packages)
		return;
	for (; l->n_packages < run->n_packages; l->n_packages++)
		l->packages[l->n_packages] = &run->packages[l->n_packages];
	qsort(l->packages, l->n_packages, sizeof(*l->packages), compare_paths);
	for (size_t i = 1; i < l->n_packages; i++)
		if (strcmp(l->packages[i - 1]->path, l->packages[i]->path) == 0)
			gb_load_fail(l, list, "package \"%.200s\" comes twice",
				     l->packages[i]->path);
}

static void load_packages(struct gb_loading *l, const cJSON *list)
{
	size_t n = gb_load_count(l, list, GB_MAX_PACKAGES, "packages");
	struct gb_run *run = l->out->run;

	if (!n)
		return;
	run->packages = gb_calloc(n, sizeof(*run->packages));
	if (!run->packages) {
		gb_load_nomem(l);
		return;
	}
	run->cap_packages = n;
	for (const cJSON *item = list->child; item && gb_load_ok(l); item = item->next)
		load_package(l, item, &run->packages[run->n_packages++]);
	if (gb_load_ok(l))
		index_packages(l, list);
}

/* Once no package or test moves any more. */
static void load_all_evidence(struct gb_loading *l, const cJSON *list)
{
	const cJSON *package = list ? list->child : NULL;
	struct gb_run *run = l->out->run;

	for (size_t i = 0; package && i < run->n_packages; i++, package = package->next) {
		const cJSON *tests = gb_load_list(l, package, "tests");
		const cJSON *test = tests ? tests->child : NULL;
		struct gb_package *p = &run->packages[i];

		for (size_t k = 0; test && k < p->n_tests && gb_load_ok(l); k++, test = test->next)
			gb_load_evidence(l, gb_load_object(l, test, "evidence"), p, &p->tests[k]);
	}
}

static void copy_word(struct gb_loading *l, const cJSON *object, const char *key, char *to,
		      size_t size)
{
	const char *text = gb_load_string(l, object, key);

	if (text && strlen(text) >= size)
		gb_load_fail(l, gb_load_get(l, object, key), "is longer than %zu bytes", size - 1);
	else if (text)
		memcpy(to, text, strlen(text) + 1);
}

static void load_environment(struct gb_loading *l, const cJSON *item)
{
	struct gb_run *run = l->out->run;
	struct gb_environment *e = &run->env;

	copy_word(l, item, "go", e->go, sizeof(e->go));
	copy_word(l, item, "platform", e->platform, sizeof(e->platform));
	run->go_version = gb_load_copy(l, gb_load_text(l, item, "go_version"));
	run->go_why_fallback = gb_load_copy(l, gb_load_text(l, item, "why_fallback"));
	e->gomaxprocs = (int)gb_load_int(l, item, "gomaxprocs", INT32_MAX);
	e->gcflags = gb_load_copy(l, gb_load_string(l, item, "gcflags"));
	e->tags = gb_load_copy(l, gb_load_string(l, item, "tags"));
	e->cgo = gb_load_bool(l, item, "cgo");
	e->race = gb_load_bool(l, item, "race");
	e->accounting = (enum gb_accounting)gb_load_name(l, item, "accounting", accounting_name,
							 GB_ACCOUNTING_TESTING + 1);
}

void gb_load_run(struct gb_loading *l)
{
	const cJSON *root = l->json->root, *packages = gb_load_need_list(l, root, "packages");
	struct gb_run *run = l->out->run;

	load_environment(l, gb_load_need_object(l, root, "environment"));
	run->runs = (int)gb_load_int(l, root, "runs", INT32_MAX);
	run->filtered = gb_load_bool(l, root, "filtered");
	run->whole = gb_load_bool(l, root, "whole");
	run->compiled_only = gb_load_bool(l, root, "compiled_only");
	run->interrupted = gb_load_bool(l, root, "interrupted");
	run->left_out = (size_t)gb_load_int_or(l, root, "left_out", GB_LOAD_COUNT, 0);
	run->wall_ms = gb_load_int(l, root, "wall_ms", GB_LOAD_COUNT);
	load_packages(l, packages);
	if (gb_load_ok(l))
		load_all_evidence(l, packages);
}
