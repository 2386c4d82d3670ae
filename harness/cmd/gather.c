#include "cmd/gather.h"

#include "base/err.h"
#include "base/mem.h"
#include "budget/living.h"
#include "escape/escape.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

int gather_open(struct gb_gather *g, struct gb_err *err)
{
	int rc = g->base_rev ? base_open(&g->base, g->base_rev, g->base_name, err) : 0;

	g->base.kept.off = g->no_cache;
	return rc;
}

static bool has_sites(const struct gb_test *t, enum gb_mode mode, bool reach)
{
	for (size_t i = 0; i < t->n_sites; i++)
		if (t->sites[i].mode == mode && t->sites[i].reach == reach)
			return true;
	return false;
}

static bool any_wanted(void *arg, const struct gb_package *p)
{
	const struct gb_gather *g = arg;

	for (size_t i = 0; i < p->n_tests; i++)
		if (g->wanted(g->arg, p, &p->tests[i]))
			return true;
	return false;
}

int gather_names(struct gb_gather *g, struct gb_job *j, struct gb_err *err)
{
	gb_strlist_release(&g->names);
	for (size_t i = 0; i < j->run->n_packages; i++) {
		const struct gb_package *p = &j->run->packages[i];

		for (size_t k = 0; k < p->n_tests; k++) {
			const struct gb_test *t = &p->tests[k];
			int rc = 0;

			if (t->kind != GB_PACKAGE && g->wanted(g->arg, p, t) &&
			    !gb_strlist_has(&g->names, t->name))
				rc = gb_strlist_add(&g->names, t->name, err);
			if (rc < 0)
				return rc;
		}
	}
	j->how.explain = &g->names;
	j->how.sites = GB_GATHER_SITES;
	return 0;
}

static bool lacks_sites(void *arg, const struct gb_package *p)
{
	const struct gb_gather *g = arg;

	for (size_t i = 0; i < p->n_tests; i++) {
		const struct gb_test *t = &p->tests[i];

		if (t->kind != GB_PACKAGE && t->kind != GB_BENCHMARK && g->wanted(g->arg, p, t) &&
		    !has_sites(t, GB_EXACT, false))
			return true;
	}
	return false;
}

static int tests_alone(struct gb_gather *g, struct gb_job *j, struct gb_package *p, bool base,
		       size_t *n, struct gb_err *err)
{
	int rc = 0;

	for (size_t i = 0; i < p->n_tests && rc >= 0; i++) {
		const struct gb_test *t = &p->tests[i];
		_free_ char *name = NULL;

		if (!g->wants_alone(g->arg, p, t) || (!base && has_sites(t, GB_ALONE, true)))
			continue;
		name = gb_strdup(t->name); /* the array may move */
		if (!name)
			return gb_fail_nomem(err);
		gb_progress_running(&j->progress, name);
		gb_progress_tick(&j->progress);
		rc = base ? base_again(&g->base, p->path, GB_ALONE, name, err)
			  : gb_measure_again(j->measuring, p->path, GB_ALONE, name, j->run, err);
		if (rc == GB_ENOTFOUND || rc == GB_EMEASURE)
			rc = 0;
		++*n;
	}
	return rc;
}

static int all_alone(struct gb_gather *g, struct gb_job *j, bool base, size_t *n,
		     struct gb_err *err)
{
	int rc = 0;

	gb_progress_start(&j->progress, !j->o->quiet, base ? "alone, at the base" : "alone", 0);
	for (size_t i = 0; i < j->run->n_packages && rc >= 0; i++)
		rc = tests_alone(g, j, &j->run->packages[i], base, n, err);
	gb_progress_end(&j->progress);
	return rc;
}

int gather_again(struct gb_gather *g, struct gb_job *j, size_t *ret_n, struct gb_err *err)
{
	size_t n = 0, alone = 0;
	int rc;

	*ret_n = 0;
	/* The fallback has no sites to tell. */
	if (j->run->env.accounting != GB_ACCOUNTING_RUNTIME)
		return 0;
	if ((rc = gather_names(g, j, err)) < 0)
		return rc;
	rc = job_again(j, GB_EXACT, "finding the lines", lacks_sites, g, &n, err);
	if (rc >= 0)
		rc = all_alone(g, j, false, &alone, err);
	if (rc >= 0 && alone)
		rc = gb_living_apply(j->run, j->policy, err);
	if (rc >= 0 && alone)
		j->run->runs++;
	*ret_n = n + alone;
	return rc;
}

/* It was measured before anybody knew of which tests the lines are wanted. */
static int base_lines(struct gb_gather *g, struct gb_job *j, struct gb_err *err)
{
	int rc = 0;

	g->base.how.explain = &g->names;
	g->base.how.sites = GB_GATHER_SITES;
	for (size_t i = 0; i < j->run->n_packages && rc >= 0; i++) {
		const struct gb_package *p = &j->run->packages[i];

		if (any_wanted(g, p))
			rc = base_again(&g->base, p->path, GB_EXACT, NULL, err);
	}
	return rc;
}

/* When it was measured, if that was not now. */
static int tell_age(struct gb_gather *g, struct gb_err *err)
{
	time_t at = (time_t)g->base.kept.at;
	char when[64];
	struct tm day;

	if (!at || !gmtime_r(&at, &day) ||
	    !strftime(when, sizeof(when), "%Y-%m-%d %H:%M UTC", &day))
		return 0;
	return gb_strlist_addf(&g->notes, err, "the base was measured at %s (cached)", when);
}

int gather_base(struct gb_gather *g, struct gb_job *j,
		bool (*wanted)(void *arg, const struct gb_package *p), struct gb_err *err)
{
	_free_ char *why = NULL;
	int rc = base_measure(&g->base, j, wanted, g, &why, err);

	if (rc < 0 || !why)
		return rc < 0 ? rc : tell_age(g, err);
	return gb_strlist_addf(&g->notes, err, "no comparison with the base %s: %s", g->base.name,
			       why);
}

static int measure_base(struct gb_gather *g, struct gb_job *j, struct gb_err *err)
{
	size_t n = 0;
	int rc;

	if ((rc = gather_names(g, j, err)) < 0)
		return rc;
	rc = g->base.run ? base_lines(g, j, err) : gather_base(g, j, any_wanted, err);
	return rc < 0 || !g->base.run ? rc : all_alone(g, j, true, &n, err);
}

static bool nothing_wanted(struct gb_gather *g, const struct gb_job *j)
{
	for (size_t i = 0; i < j->run->n_packages; i++)
		if (any_wanted(g, &j->run->packages[i]))
			return false;
	return true;
}

int gather(struct gb_gather *g, struct gb_job *j, struct gb_err *err)
{
	int rc = 0;

	if (nothing_wanted(g, j))
		return 0;
	if (g->base_rev && (rc = measure_base(g, j, err)) < 0)
		return rc;
	g->all.base_run = g->base.run;
	if (g->base.run) {
		g->all.base = gb_strdup(g->base.name);
		if (!g->all.base)
			return gb_fail_nomem(err);
	}
	if ((rc = gather_compiler(g, j, err)) < 0 || (rc = base_sources(&g->base, err)) < 0)
		return rc;
	for (size_t i = 0; i < j->run->n_packages; i++) {
		const struct gb_package *p = &j->run->packages[i];

		for (size_t k = 0; k < p->n_tests && rc >= 0; k++)
			if (g->wanted(g->arg, p, &p->tests[k]))
				rc = gb_evidence_add(&g->all, p, &p->tests[k], err);
	}
	return rc < 0 ? rc : base_rename(&g->base, err);
}

void gather_close(struct gb_gather *g)
{
	gb_evidences_release(&g->all);
	gb_escapes_free(g->escapes);
	gb_escapes_free(g->base_escapes);
	gb_strlist_release(&g->notes);
	gb_strlist_release(&g->names);
	base_close(&g->base);
}
