#include "budget/trends_pick.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/text.h"
#include "budget/trends_eras.h"

#include <stdlib.h>
#include <string.h>

#define OPTIMISED " optimised"
#define FLAGS	  " -gcflags="

static bool is_optimised(const char *env)
{
	return strstr(env, OPTIMISED) != NULL;
}

bool gb_env_is_optimised_of(const char *env, const char *tests)
{
	const char *word = strstr(env, OPTIMISED), *flags = strstr(tests, FLAGS), *rest;
	size_t left;

	if (!word || !flags || word - env != flags - tests ||
	    memcmp(env, tests, (size_t)(word - env)) != 0)
		return false;
	rest = word + strlen(OPTIMISED);
	left = strlen(rest);
	flags += strlen(FLAGS);
	return strlen(flags) >= left && strcmp(flags + strlen(flags) - left, rest) == 0;
}

static bool is_wanted(const struct gb_picker *p, const char *env)
{
	const char *want = p->having ? p->having : p->likely;

	return !want || strstr(env, want);
}

/* The tests' environment of this note, in *ret. */
static int choose(struct gb_picker *p, const struct gb_note *note, const char **ret,
		  struct gb_err *err)
{
	const char *exact = NULL, *related = NULL, *wanted = NULL;

	for (size_t i = 0; i < note->n; i++) {
		const char *env = note->v[i].env;
		int rc = 0;

		if (i > 0 && strcmp(env, note->v[i - 1].env) == 0)
			continue;
		if (!gb_strlist_has(&p->met, env) && (rc = gb_strlist_add(&p->met, env, err)) < 0)
			return rc;
		/* The newest Go stands last; benchmarks are beside what they belong to. */
		if (is_wanted(p, env) && (!wanted || is_optimised(wanted) || !is_optimised(env)))
			wanted = env;
		if (p->env && strcmp(env, p->env) == 0)
			exact = env;
		else if (p->env && !p->having && gb_env_is_related(env, p->env))
			related = env;
	}
	if (!p->env && wanted) {
		exact = wanted;
		p->env = gb_strdup(wanted);
		if (!p->env)
			return gb_fail_nomem(err);
	}
	*ret = exact ? exact : related;
	return 0;
}

/* Where benchmarks are taken from: the newest night that has some decides. */
static void decide(struct gb_picker *p, const struct gb_note *note, const char *tests)
{
	for (size_t i = 0; i < note->n; i++) {
		const struct gb_note_value *v = &note->v[i];

		if (!gb_metrics[v->metric].benchmark)
			continue;
		if (gb_env_is_optimised_of(v->env, tests)) {
			p->benchmarks = GB_PICK_FROM_OPTIMISED;
			return;
		}
		if (strcmp(v->env, tests) == 0)
			p->benchmarks = GB_PICK_FROM_TESTS;
	}
}

static bool is_of_night(const struct gb_picker *p, const char *env, enum gb_metric m,
			const char *tests)
{
	return gb_metrics[m].benchmark && p->benchmarks == GB_PICK_FROM_OPTIMISED
		       ? gb_env_is_optimised_of(env, tests)
		       : strcmp(env, tests) == 0;
}

/* Times alone: of all else the note has one value, too. */
static int pick_times(struct gb_picker *p, const struct gb_note *note, struct gb_picked *ret,
		      struct gb_err *err)
{
	for (size_t i = 0; i < note->n_s; i++) {
		const struct gb_note_samples *s = &note->s[i];

		if (s->metric != GB_NS_PER_OP || !is_of_night(p, s->env, s->metric, ret->env))
			continue;
		if (!p->cpu && !(p->cpu = gb_strdup(s->cpu)))
			return gb_fail_nomem(err);
		if (strcmp(s->cpu, p->cpu) == 0)
			ret->v[ret->n++] = (struct gb_note_value){ .env = s->env,
								   .package = s->package,
								   .test = s->test,
								   .metric = s->metric,
								   .value = gb_note_median(s) };
	}
	return 0;
}

static int in_order(const void *a, const void *b)
{
	const struct gb_note_value *x = a, *y = b;
	int order = strcmp(x->package, y->package);

	if (!order)
		order = strcmp(x->test, y->test);
	return order ? order : (int)x->metric - (int)y->metric;
}

/* A note that was written by hand may have a time twice. */
static void keep_first(struct gb_picked *ret)
{
	size_t n = 0;

	for (size_t i = 0; i < ret->n; i++)
		if (n == 0 || in_order(&ret->v[n - 1], &ret->v[i]) != 0)
			ret->v[n++] = ret->v[i];
	ret->n = n;
}

int gb_pick(struct gb_picker *p, const struct gb_note *note, struct gb_picked *ret,
	    struct gb_err *err)
{
	struct gb_picked found = { 0 };
	int rc = choose(p, note, &found.env, err);

	if (rc < 0 || !found.env) {
		*ret = (struct gb_picked){ 0 };
		return rc;
	}
	if (p->benchmarks == GB_PICK_UNKNOWN)
		decide(p, note, found.env);
	found.v = gb_calloc(note->n + note->n_s + 1, sizeof(*found.v));
	if (!found.v)
		return gb_fail_nomem(err);
	for (size_t i = 0; i < note->n; i++)
		if (is_of_night(p, note->v[i].env, note->v[i].metric, found.env))
			found.v[found.n++] = note->v[i];
	rc = pick_times(p, note, &found, err);
	if (rc < 0) {
		free(found.v);
		return rc;
	}
	qsort(found.v, found.n, sizeof(*found.v), in_order);
	keep_first(&found);
	*ret = found;
	return 0;
}

void gb_picker_release(struct gb_picker *p)
{
	free(p->env);
	free(p->cpu);
	gb_strlist_release(&p->met);
	*p = (struct gb_picker){ 0 };
}
