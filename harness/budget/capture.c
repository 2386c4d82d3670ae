/* Shots of a service.  See capture.h. */
#include "budget/capture.h"

#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "pprof/profile.h"

#include <stdlib.h>
#include <string.h>

/* The heap after a collection: what is live and not what merely was not swept yet. */
const struct gb_capture_source gb_capture_sources[GB_CAPTURE_KINDS] = {
	[GB_CAPTURE_GOROUTINE] = { "goroutine", "goroutine", "goroutine", "goroutines" },
	[GB_CAPTURE_STACKS] = { "goroutine-stacks", "goroutine?debug=2", NULL, "stacks" },
	[GB_CAPTURE_LEAK] = { "goroutineleak", "goroutineleak", NULL, "proven leaks" },
	[GB_CAPTURE_HEAP] = { "heap", "heap?gc=1", "inuse_space", "live heap" },
	[GB_CAPTURE_ALLOCS] = { "allocs", "allocs", "alloc_space", "allocated" },
	[GB_CAPTURE_MUTEX] = { "mutex", "mutex", "delay", "lock contention" },
	[GB_CAPTURE_BLOCK] = { "block", "block", "delay", "blocking" },
};

int gb_capture_new(const struct gb_service *budget, size_t most_shots, struct gb_capturing **ret,
		   struct gb_err *err)
{
	struct gb_capturing *c = gb_calloc(1, sizeof(*c));

	if (!c)
		return gb_fail_nomem(err);
	c->budget = budget;
	c->most_shots = most_shots;
	*ret = c;
	return 0;
}

void gb_capture_free(struct gb_capturing *c)
{
	if (!c)
		return;
	gb_capture_groups_release(c);
	for (int k = 0; k < GB_CAPTURE_KINDS; k++) {
		gb_capture_weights_release(&c->weights[k]);
		gb_profile_free(c->first[k]);
		gb_profile_free(c->last[k]);
	}
	for (size_t i = 0; i < c->n_shots; i++)
		free(c->shots[i].time);
	free(c->shots);
	free(c->verdicts);
	free(c);
}

void gb_cleanup_capture(struct gb_capturing **pc)
{
	gb_capture_free(*pc);
}

int gb_capture_begin(struct gb_capturing *c, int64_t now_ms, const char *time, struct gb_err *err)
{
	struct gb_capture_shot *s;
	int64_t before = c->n_shots ? c->shots[c->n_shots - 1].at_ms : 0;
	char *copy;
	int rc = gb_grow((void **)&c->shots, &c->cap_shots, c->n_shots + 1, sizeof(*c->shots),
			 c->most_shots, err);

	if (rc < 0)
		return rc;
	if (!(copy = gb_strdup(time)))
		return gb_fail_nomem(err);
	s = &c->shots[c->n_shots++];
	*s = (struct gb_capture_shot){ .at_ms = now_ms > before ? now_ms : before, .time = copy };
	for (int k = 0; k < GB_CAPTURE_KINDS; k++)
		s->value[k] = GB_CAPTURE_UNKNOWN;
	s->blocked = GB_CAPTURE_UNKNOWN;
	return 0;
}

static int add_value(void *arg, const struct gb_stack *s, struct gb_err *err)
{
	int64_t *sum = arg;

	(void)err;
	if (s->value > 0)
		*sum = *sum > INT64_MAX - s->value ? INT64_MAX : *sum + s->value;
	return 0;
}

int gb_capture_no_such_value(int rc, struct gb_err *err)
{
	if (rc != GB_EUSAGE)
		return rc;
	if (err)
		err->code = GB_EPARSE;
	return GB_EPARSE;
}

int gb_capture_add(struct gb_capturing *c, enum gb_capture_kind kind, const char *name,
		   const char *bytes, size_t len, struct gb_err *err)
{
	struct gb_profile_query q = { .sample = gb_capture_sources[kind].value };
	struct gb_capture_shot *shot = &c->shots[c->n_shots - 1];
	_profile_ struct gb_profile *p = NULL;
	int64_t sum = 0;
	int rc;

	if (kind == GB_CAPTURE_STACKS)
		return gb_capture_add_stacks(c, name, bytes, len, err);
	if ((rc = gb_profile_parse(name, bytes, len, &p, err)) < 0)
		return rc;
	rc = gb_profile_walk(p, NULL, &q, add_value, &sum, err);
	if (rc < 0)
		return gb_capture_no_such_value(rc, err);
	shot->value[kind] = sum;
	if (!c->first[kind]) {
		c->first[kind] = GB_TAKE(p);
	} else {
		gb_profile_free(c->last[kind]);
		c->last[kind] = GB_TAKE(p);
	}
	return 0;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void slope(struct gb_capturing *c, int kind, double *slopes)
{
	size_t n = 0;

	for (size_t i = 0; i < c->n_shots; i++) {
		for (size_t k = i + 1; k < c->n_shots; k++) {
			int64_t ms = c->shots[k].at_ms - c->shots[i].at_ms;
			int64_t from = c->shots[i].value[kind], to = c->shots[k].value[kind];

			if (ms > 0 && from >= 0 && to >= 0)
				slopes[n++] = ((double)to - (double)from) * 60000 / (double)ms;
		}
	}
	if (n == 0)
		return;
	qsort(slopes, n, sizeof(*slopes), by_value);
	c->growth[kind] = n % 2 ? slopes[n / 2] : (slopes[n / 2 - 1] + slopes[n / 2]) / 2;
	c->grows[kind] = true;
}

int gb_capture_slopes(struct gb_capturing *c, struct gb_err *err)
{
	_free_ double *slopes = gb_calloc(c->n_shots * (c->n_shots + 1) / 2, sizeof(*slopes));

	if (!slopes)
		return gb_fail_nomem(err);
	for (int k = 0; k < GB_CAPTURE_KINDS; k++)
		slope(c, k, slopes);
	return 0;
}

bool gb_capture_growth(const struct gb_capturing *c, enum gb_capture_kind kind, double *ret)
{
	if (c->grows[kind])
		*ret = c->growth[kind];
	return c->grows[kind];
}
