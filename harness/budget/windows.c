#include "budget/windows.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define DAY 86400
/* Nights beyond the ones asked for that are looked at to tell since when a test is near. */
#define SINCE 30

static int by_value(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

int64_t gb_window_value(enum gb_window_of of, int64_t *v, size_t n)
{
	int64_t low, high;

	qsort(v, n, sizeof(*v), by_value);
	if (of == GB_WINDOW_MIN)
		return v[0];
	if (of == GB_WINDOW_MAX)
		return v[n - 1];
	low = v[(n - 1) / 2];
	high = v[n / 2];
	return low + (high - low) / 2 + (high - low) % 2;
}

int64_t gb_window_ceiling(const struct gb_window *rule, int64_t value)
{
	/* As gb_policy_ceiling(): 29% of 100 is 29. */
	double share = floor((double)value * rule->over * (1 + 1e-12));
	int64_t room = share >= (double)INT64_MAX ? INT64_MAX : (int64_t)share;

	if (room < rule->and_)
		room = rule->and_;
	return value > INT64_MAX - room ? INT64_MAX : value + room;
}

int gb_windows_begin(struct gb_windows *w, const struct gb_policy *here,
		     const struct gb_policy *base, struct gb_past *past, struct gb_err *err)
{
	*w = (struct gb_windows){ .here = here, .base = base, .past = *past };
	*past = (struct gb_past){ 0 };
	w->room = gb_calloc(w->past.nights + 1, sizeof(*w->room));
	return w->room ? 0 : gb_fail_nomem(err);
}

void gb_windows_release(struct gb_windows *w)
{
	gb_past_release(&w->past);
	free(w->room);
	*w = (struct gb_windows){ 0 };
}

static struct gb_window_found apply(const struct gb_windows *w, const struct gb_past_row *row,
				    const struct gb_window *rule)
{
	struct gb_window_found f = { .rule = rule, .ceiling = INT64_MAX };
	int64_t after = w->past.when - (int64_t)rule->days * DAY;

	/* No row has more points than there are nights. */
	for (size_t i = 0; row && i < row->n; i++)
		if (row->points[i].when >= after)
			w->room[f.nights++] = row->points[i].value;
	f.known = f.nights >= (size_t)rule->at_least;
	if (f.known) {
		f.value = gb_window_value(rule->of, w->room, f.nights);
		f.ceiling = gb_window_ceiling(rule, f.value);
	}
	return f;
}

/* May a change loosen what `then` says with `now`, which may be NULL? */
static bool is_allowed(const struct gb_policy *base, const struct gb_window *now,
		       const struct gb_window *then)
{
	switch (base->raise) {
	case GB_RAISE_ALLOW:
		return true;
	case GB_RAISE_REASON:
		return now && now->reason && !gb_streq(now->reason, then->reason);
	case GB_RAISE_WAIVER:
		break;
	}
	return false;
}

static bool is_same(const struct gb_window *a, const struct gb_window *b)
{
	return a->of == b->of && a->days == b->days && a->at_least == b->at_least &&
	       a->over <= b->over && a->and_ <= b->and_;
}

bool gb_windows_find(const struct gb_windows *w, const char *env, const char *package,
		     const char *test, enum gb_metric m, struct gb_window_found *ret)
{
	const struct gb_window *now = gb_policy_window(w->here, package, test, m);
	const struct gb_window *then = w->base ? gb_policy_window(w->base, package, test, m) : NULL;
	const struct gb_past_row *row;
	struct gb_window_found here = { .ceiling = INT64_MAX }, base;

	if (!now && !then)
		return false;
	row = gb_past_find(&w->past, env, package, test, m);
	if (now)
		here = apply(w, row, now);
	if (then && !(now && is_same(now, then))) {
		base = apply(w, row, then);
		if (base.ceiling < here.ceiling) {
			base.loosened = here.loosened = true;
			if (!is_allowed(w->base, now, then))
				here = base;
		}
	}
	*ret = here;
	return here.rule != NULL;
}

enum gb_action gb_windows_action(const struct gb_windows *w)
{
	enum gb_action here = w->here->on_window;

	if (!w->base || !w->base->n_windows || w->base->raise == GB_RAISE_ALLOW)
		return here;
	return here < w->base->on_window ? w->base->on_window : here;
}

int64_t gb_window_percent(double share)
{
	return (int64_t)llround(share * 100 * 1000);
}

static bool write_day(char out[11], int64_t when)
{
	time_t t = (time_t)when;
	struct tm tm;

	/* A commit may claim any time at all. */
	return gmtime_r(&t, &tm) && tm.tm_year >= -1900 && tm.tm_year <= 9999 - 1900 &&
	       strftime(out, 11, "%Y-%m-%d", &tm) == 10;
}

/* What a budget that comes from people, or from a ceiling, leaves to come near to; 0: nothing. */
static int64_t limit_of(const struct gb_judgement *j)
{
	if (j->metric < 0 || !j->test || j->verdict == GB_V_OVER || j->verdict == GB_V_WAIVED)
		return 0;
	if (j->by == GB_BY_CEILING)
		return j->ceiling;
	if (j->by != GB_BY_BUDGET || !j->has_budget)
		return 0;
	return j->has_recorded && j->budget - j->recorded <= j->spread ? 0 : j->budget;
}

bool gb_windows_near(const struct gb_windows *w, const char *env, const struct gb_judgement *j,
		     struct gb_judgement *ret)
{
	const struct gb_near *rule =
		j->metric < 0 || !j->test_name
			? NULL
			: gb_policy_near(w->here, j->package_path, j->test_name,
					 (enum gb_metric)j->metric);
	int64_t limit = limit_of(j), since = w->past.when;
	const struct gb_past_row *row;
	double least;
	size_t nights = 1;

	if (!rule || limit <= 0 || w->here->on_near == GB_ACT_IGNORE)
		return false;
	least = (double)limit * rule->share;
	if ((double)j->measured < least)
		return false;
	row = gb_past_find(&w->past, env, j->package_path, j->test_name, (enum gb_metric)j->metric);
	for (size_t i = 0; row && i < row->n && (double)row->points[i].value >= least; i++) {
		nights++;
		since = row->points[i].when;
	}
	if (nights < (size_t)rule->nights)
		return false;
	*ret = *j;
	ret->verdict = GB_V_NEAR;
	ret->action = w->here->on_near;
	ret->window = (struct gb_judged_window){ .percent = gb_window_percent(rule->share),
						 .nights = nights,
						 .line = rule->line };
	if (!write_day(ret->window.since, since))
		ret->window.since[0] = '\0';
	return true;
}

int gb_windows_count(const struct gb_windows *w, const struct gb_run *run,
		     struct gb_windows_count *ret, struct gb_err *err)
{
	_free_ char *env = gb_environment_text(&run->env);
	struct gb_windows_count c = { 0 };

	if (!env)
		return gb_fail_nomem(err);
	for (size_t i = 0; i < run->n_packages; i++) {
		const struct gb_package *p = &run->packages[i];

		for (size_t k = 0; k < p->n_tests * GB_METRICS; k++) {
			const struct gb_test *t = &p->tests[k / GB_METRICS];
			enum gb_metric m = (enum gb_metric)(k % GB_METRICS);
			struct gb_window_found f;
			struct gb_measured got;

			if (t->outcome != GB_PASS || !gb_test_measured(t, m, &got) ||
			    !gb_windows_find(w, env, p->path, t->name, m, &f))
				continue;
			c.loosened += f.loosened;
			c.refused += f.loosened &&
				     f.rule != gb_policy_window(w->here, p->path, t->name, m);
			if (f.known)
				continue;
			if (!c.young++ || f.nights > c.nights) {
				c.nights = f.nights;
				c.at_least = f.rule->at_least;
				c.days = f.rule->days;
			}
		}
	}
	*ret = c;
	return 0;
}

bool gb_windows_want(const struct gb_policy *here, const struct gb_policy *base,
		     const char *package, const char *test, enum gb_metric m)
{
	return gb_policy_window(here, package, test, m) || gb_policy_near(here, package, test, m) ||
	       (base && gb_policy_window(base, package, test, m));
}

void gb_windows_reach(const struct gb_policy *p, int *ret_days, size_t *ret_nights)
{
	int days = 0, nights = 0;

	for (size_t i = 0; i < p->n_windows; i++)
		days = p->windows[i].days > days ? p->windows[i].days : days;
	for (size_t i = 0; i < p->n_near; i++)
		nights = p->near[i].nights > nights ? p->near[i].nights : nights;
	*ret_days = days;
	*ret_nights = nights ? (size_t)nights + SINCE : 0;
}
