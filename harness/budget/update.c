#include "budget/update.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/strlist.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

#define BIT(m) (1u << (m))

static const uint32_t always = BIT(GB_GOROUTINES) | BIT(GB_ALLOC_SPACE) | BIT(GB_ALLOC_OBJECTS) |
			       BIT(GB_BYTES_PER_OP) | BIT(GB_ALLOCS_PER_OP);
static const uint32_t always_of_package = BIT(GB_GOROUTINES);
static const uint32_t when_alone = BIT(GB_INUSE_SPACE) | BIT(GB_HEAP_PEAK);

struct updating {
	const struct gb_package *package;
	const struct gb_update_options *o;
	struct gb_budget_block *block;
	struct gb_update *out;
};

void gb_update_release(struct gb_update *u)
{
	gb_budget_file_free(u->file);
	for (size_t i = 0; i < u->n; i++)
		free(u->changes[i].test);
	free(u->changes);
	memset(u, 0, sizeof(*u));
}

bool gb_update_names(const struct gb_strlist *patterns, const char *test)
{
	/* A test's name may hold brackets and stars: itself comes before the pattern. */
	for (size_t i = 0; patterns && i < patterns->n; i++)
		if (!strcmp(patterns->v[i], test) || gb_glob(patterns->v[i], test))
			return true;
	return false;
}

static int add_change(struct gb_update *u, const char *test, int metric, const int64_t *old_budget,
		      const int64_t *new_budget, struct gb_err *err)
{
	int rc = gb_grow((void **)&u->changes, &u->cap, u->n + 1, sizeof(*u->changes), SIZE_MAX,
			 err);

	if (rc < 0)
		return rc;
	struct gb_change c = {
		.test = gb_strdup(test),
		.metric = metric,
		.had = old_budget || metric < 0,
		.has = new_budget,
		.old_budget = old_budget ? *old_budget : 0,
		.new_budget = new_budget ? *new_budget : 0,
	};
	if (!c.test)
		return gb_fail_nomem(err);
	u->changes[u->n++] = c;
	return 0;
}

/* What a recording says of one metric: the budget it asks for, and how far its runs lay apart. */
static bool recorded(const struct gb_test *t, int m, int64_t *ret_value, int64_t *ret_spread)
{
	struct gb_measured r;

	if (!gb_metrics[m].judged || !gb_test_measured(t, (enum gb_metric)m, &r))
		return false;
	*ret_value = gb_metrics[m].goroutine ? r.max : r.min;
	*ret_spread = r.max - r.min;
	/* What belongs to no test is a difference of totals; no budget is negative. */
	if (*ret_value < 0)
		*ret_value = 0;
	return true;
}

static void set_measured(struct gb_budget_row *row, int m, int64_t value, int64_t spread)
{
	row->measured[m] = value;
	row->has_measured |= BIT(m);
	row->spread[m] = spread;
	row->has_spread &= ~BIT(m);
	if (spread)
		row->has_spread |= BIT(m);
}

static int set_budget(const struct updating *s, struct gb_budget_row *row, int m, int64_t budget,
		      struct gb_err *err)
{
	const int64_t old = row->budget[m];
	bool had = row->has_budget & BIT(m);

	if (had && old == budget)
		return 0;
	free(row->as_written[m]);
	row->as_written[m] = NULL;
	row->budget[m] = budget;
	row->has_budget |= BIT(m);
	return add_change(s->out, row->test, m, had ? &old : NULL, &budget, err);
}

static int set_reason(struct gb_budget_row *row, const char *reason, struct gb_err *err)
{
	char *copy = gb_strdup(reason);

	if (!copy)
		return gb_fail_nomem(err);
	free(row->reason);
	row->reason = copy;
	return 0;
}

/* The metrics that get a budget where there is none. */
static uint32_t wanted_of(const struct updating *s, const struct gb_test *t)
{
	uint32_t wanted = t->kind == GB_PACKAGE ? always_of_package : always;

	return wanted | s->o->metrics | (s->o->alone ? when_alone : 0);
}

static int update_metric(const struct updating *s, struct gb_budget_row *row,
			 const struct gb_test *t, int m, struct gb_err *err)
{
	uint32_t wanted = wanted_of(s, t);
	int64_t value, spread;
	int rc;

	if (!recorded(t, m, &value, &spread))
		return 0;
	if (!(row->has_budget & BIT(m))) {
		if (!(wanted & BIT(m)))
			return 0;
	} else if (value < row->budget[m]) {
		if (!s->o->tighten)
			return 0;
	} else if (value > row->budget[m]) {
		if (!gb_update_names(s->o->raise, row->test))
			return 0;
		if ((rc = set_reason(row, s->o->reason, err)) < 0)
			return rc;
	} else {
		return 0;
	}
	set_measured(row, m, value, spread);
	return set_budget(s, row, m, value, err);
}

static bool has_something(const struct updating *s, const struct gb_test *t)
{
	uint32_t wanted = wanted_of(s, t);
	int64_t value, spread;

	for (int m = 0; m < GB_METRICS; m++)
		if ((wanted & BIT(m)) && recorded(t, m, &value, &spread))
			return true;
	return false;
}

static int update_test(const struct updating *s, const struct gb_test *t, struct gb_err *err)
{
	struct gb_budget_row *row = gb_budget_row_for(s->block, t->name);
	int rc;

	if (t->outcome != GB_PASS || (!row && !has_something(s, t)))
		return 0;
	if (!row && (rc = gb_budget_add_row(s->block, t->name, &row, err)) < 0)
		return rc;
	for (int m = 0; m < GB_METRICS; m++)
		if ((rc = update_metric(s, row, t, m, err)) < 0)
			return rc;
	return 0;
}

/* The test is here, or one above it was skipped, so that it may still exist. */
static int still_exists(const struct gb_package *p, const char *test, bool *ret, struct gb_err *err)
{
	_free_ char *name = gb_strdup(test);
	char *slash;

	if (!name)
		return gb_fail_nomem(err);
	*ret = gb_package_test(p, name) || !strcmp(name, GB_PACKAGE_ROW);
	while (!*ret && (slash = strrchr(name, '/'))) {
		*slash = '\0';
		const struct gb_test *t = gb_package_test(p, name);

		*ret = t && t->outcome != GB_PASS;
	}
	return 0;
}

static int prune(const struct updating *s, struct gb_err *err)
{
	bool benchmarks = false, exists = false;
	int rc;

	for (size_t i = 0; i < s->package->n_tests; i++)
		benchmarks |= s->package->tests[i].kind == GB_BENCHMARK;
	for (size_t i = s->block->n_rows; i-- > 0;) {
		struct gb_budget_row *row = &s->block->rows[i];

		/* Where no benchmark ran, none was asked for. */
		if (!benchmarks && gb_starts(row->test, "Benchmark"))
			continue;
		if ((rc = still_exists(s->package, row->test, &exists, err)) < 0)
			return rc;
		if (exists)
			continue;
		if ((rc = add_change(s->out, row->test, -1, NULL, NULL, err)) < 0)
			return rc;
		gb_budget_drop_row(s->block, row);
	}
	return 0;
}

/* The more alike, the larger; what decides the numbers most counts most. */
static int likeness(const struct gb_environment *a, const struct gb_environment *b)
{
	return 32 * (a->accounting == b->accounting) + 16 * (a->race == b->race) +
	       16 * !strcmp(a->gcflags, b->gcflags) + 8 * !strcmp(a->platform, b->platform) +
	       4 * !strcmp(a->tags, b->tags) + 2 * (a->cgo == b->cgo) +
	       (a->gomaxprocs == b->gomaxprocs);
}

static struct gb_budget_block *closest(struct gb_budget_file *f, const struct gb_environment *env)
{
	struct gb_environment whole = *env;
	struct gb_budget_block *best = NULL;
	int best_likeness = -1;

	whole.gcflags = env->gcflags ? env->gcflags : (char[]){ "" };
	whole.tags = env->tags ? env->tags : (char[]){ "" };
	for (size_t i = 0; i < f->n_blocks; i++) {
		int n = likeness(&f->blocks[i].env, &whole);

		/* Of equals the last: blocks are added at the end. */
		if (n >= best_likeness) {
			best = &f->blocks[i];
			best_likeness = n;
		}
	}
	return best;
}

static int remeasure_row(const struct updating *s, struct gb_budget_row *row, struct gb_err *err)
{
	const struct gb_test *t = gb_package_test(s->package, row->test);
	int64_t value, spread;
	int rc;

	for (int m = 0; m < GB_METRICS; m++) {
		bool exact = (row->has_budget & row->has_measured & BIT(m)) &&
			     row->budget[m] == row->measured[m];

		row->has_measured &= ~BIT(m);
		row->has_spread &= ~BIT(m);
		if (!(row->has_budget & BIT(m)) || !t || t->outcome != GB_PASS ||
		    !recorded(t, m, &value, &spread))
			continue;
		set_measured(row, m, value, spread);
		if ((exact || value > row->budget[m]) &&
		    (rc = set_budget(s, row, m, value, err)) < 0)
			return rc;
	}
	return 0;
}

/* Makes a block for this environment of the closest other one; none if there is no other. */
static int rebase(struct updating *s, struct gb_budget_file *f, const struct gb_environment *env,
		  struct gb_err *err)
{
	struct gb_budget_block *from = closest(f, env);
	int rc;

	if (!from)
		return 0;
	struct gb_environment other = *env;
	memcpy(other.go, from->env.go, sizeof(other.go));
	if (gb_environment_equal(&other, &from->env)) {
		memcpy(from->env.go, env->go, sizeof(from->env.go));
		s->block = from;
	} else if ((rc = gb_budget_copy_block(f, from, env, &s->block, err)) < 0) {
		return rc;
	}
	s->out->moved = true;
	for (size_t i = 0; i < s->block->n_rows; i++)
		if ((rc = remeasure_row(s, &s->block->rows[i], err)) < 0)
			return rc;
	return 0;
}

static int update(struct updating *s, const struct gb_budget_file *old,
		  const struct gb_environment *env, struct gb_err *err)
{
	_free_ char *path = NULL;
	int rc;

	if (old) {
		rc = gb_budget_file_copy(old, &s->out->file, err);
	} else {
		if ((rc = gb_budget_file_name(s->package->module, s->package->path, &path, err)) <
		    0)
			return rc;
		rc = gb_budget_file_new(path, s->package->path, &s->out->file, err);
	}
	if (rc < 0)
		return rc;
	s->block = gb_budget_block_for(s->out->file, env);
	if (!s->block && s->o->rebase && (rc = rebase(s, s->out->file, env, err)) < 0)
		return rc;
	if (!s->block && (rc = gb_budget_add_block(s->out->file, env, &s->block, err)) < 0)
		return rc;
	for (size_t i = 0; i < s->package->n_tests; i++)
		if ((rc = update_test(s, &s->package->tests[i], err)) < 0)
			return rc;
	return s->o->prune ? prune(s, err) : 0;
}

int gb_update_package(const struct gb_budget_file *old, const struct gb_package *p,
		      const struct gb_environment *env, const struct gb_update_options *o,
		      struct gb_update *ret, struct gb_err *err)
{
	struct gb_update out = { 0 };
	struct updating s = { p, o, NULL, &out };
	int rc;

	if (o->raise && o->raise->n && !(o->reason && *o->reason)) {
		gb_fail(err, GB_EUSAGE, "a budget is raised for a reason: none was given");
		gb_hint(err, "--reason \"what changed, and why it is worth it\"");
		return GB_EUSAGE;
	}
	if ((rc = update(&s, old, env, err)) < 0) {
		gb_update_release(&out);
		return rc;
	}
	*ret = out;
	return 0;
}
