#include "budget/policy.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/fs.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/text.h"
#include "budget/policy_window.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define NS_PER_MS ((int64_t)1000 * 1000)

/* What hangs on the machine and the moment is over when it is out of all proportion. */
static void unsteady(struct gb_gate *g, double share, int64_t least)
{
	g->share = share;
	g->and_ = least;
}

int gb_policy_default(struct gb_policy **ret, struct gb_err *err)
{
	struct gb_policy *p = gb_calloc(1, sizeof(*p));

	if (!p)
		return gb_fail_nomem(err);
	*p = (struct gb_policy){
		.built_in = true,
		.on_new = GB_ACT_WARN,
		.on_gone = GB_ACT_FAIL,
		.on_grew = GB_ACT_WARN,
		.on_slack = GB_ACT_IGNORE,
		.on_incomparable = GB_ACT_FAIL,
		.on_hung = GB_ACT_FAIL,
		.on_proven = GB_ACT_FAIL,
		.on_left = GB_ACT_WARN,
		.on_drift = GB_ACT_WARN,
		.on_window = GB_ACT_FAIL,
		.on_near = GB_ACT_WARN,
		.warn_only = 1u << GB_GOROUTINES_PEAK | 1u << GB_GOROUTINES_CREATED,
		.slack_under = 0.5,
		.slack_and = 64 * (int64_t)GB_KIB,
		.settle_ms = 1000,
		.repeats = 4,
		.record_runs = 5,
		.hook_ms = (int64_t)60 * 1000,
		.path = gb_strdup(GB_POLICY_FILE),
		.gcflags = gb_strdup("-l"),
		.rules = { .large = GB_RULES_LARGE },
		.drift = { .share = 0.05 },
		.cpu = { .warn = 0.10, .fail = 0.15 },
		.keep_notes = 500,
		.max_notes = (int64_t)(64 * GB_MIB),
	};
	for (int m = 0; m < GB_METRICS; m++) {
		p->gates[m].relative = !gb_metrics[m].goroutine && !gb_metrics[m].compiled;
		p->gates[m].share = p->gates[m].relative ? 0.1 : 0;
	}
	unsteady(&p->gates[GB_GC_COUNT], 1, 5);
	unsteady(&p->gates[GB_GC_PAUSE_TOTAL], 1, 10 * NS_PER_MS);
	unsteady(&p->gates[GB_GC_PAUSE_WORST], 1, 10 * NS_PER_MS);
	unsteady(&p->gates[GB_HEAP_LIVE], 0.25, 256 * (int64_t)GB_KIB);
	if (!p->path || !p->gcflags) {
		gb_policy_free(p);
		return gb_fail_nomem(err);
	}
	*ret = p;
	return 0;
}

void gb_policy_free(struct gb_policy *p)
{
	if (!p)
		return;
	for (size_t i = 0; i < p->n_ceilings; i++) {
		free(p->ceilings[i].tests);
		free(p->ceilings[i].packages);
	}
	free(p->ceilings);
	for (size_t i = 0; i < p->n_waivers; i++) {
		free(p->waivers[i].package);
		free(p->waivers[i].test);
		free(p->waivers[i].reason);
	}
	free(p->waivers);
	for (size_t i = 0; i < p->n_living; i++) {
		free(p->living[i].created_by);
		free(p->living[i].reason);
	}
	free(p->living);
	gb_policy_free_windows(p);
	free(p->drift.since);
	free(p->drift.reason);
	free(p->path);
	free(p->gcflags);
	free(p);
}

int gb_policy_load(const char *module_dir, time_t now, struct gb_policy **ret, struct gb_err *err)
{
	_buf_ struct gb_buf text = GB_BUF_INIT(GB_MAX_POLICY_FILE);
	_free_ char *path = gb_path_join(module_dir, GB_POLICY_FILE);
	int rc;

	if (!path)
		return gb_fail_nomem(err);
	if (!gb_fs_exists(path))
		return gb_policy_default(ret, err);
	if ((rc = gb_fs_read(path, &text, err)) < 0)
		return rc;
	return gb_policy_parse(GB_POLICY_FILE, text.data, text.len, now, ret, err);
}

/* share x budget, rounded down, saturating. */
static int64_t part_of(int64_t budget, double share)
{
	/* 29% of 100 is 28.999999999999996 in doubles: a hair up before rounding down. */
	double part = floor((double)budget * share * (1 + 1e-12));

	return part >= (double)INT64_MAX ? INT64_MAX : (int64_t)part;
}

int64_t gb_policy_ceiling(const struct gb_policy *p, enum gb_metric m, int64_t budget)
{
	const struct gb_gate *g = &p->gates[m];
	int64_t room = g->relative ? part_of(budget, g->share) : g->amount;

	if (room < g->and_)
		room = g->and_;
	return budget > INT64_MAX - room ? INT64_MAX : budget + room;
}

static bool applies(const char *tests, const char *packages, const char *package, const char *test)
{
	if (!strcmp(test, GB_PACKAGE_ROW) && tests[0] != '(')
		return false;
	return gb_glob(tests, test) && (!packages || gb_glob(packages, package));
}

bool gb_policy_default_ceiling(const struct gb_policy *p, const char *package, const char *test,
			       enum gb_metric m, int64_t *ret, size_t *ret_rule)
{
	for (size_t i = p->n_ceilings; i-- > 0;) {
		const struct gb_ceiling *c = &p->ceilings[i];

		if (!(c->has >> m & 1) || !applies(c->tests, c->packages, package, test))
			continue;
		*ret = c->v[m];
		*ret_rule = i;
		return true;
	}
	return false;
}

const struct gb_window *gb_policy_window(const struct gb_policy *p, const char *package,
					 const char *test, enum gb_metric m)
{
	for (size_t i = p->n_windows; i-- > 0;) {
		const struct gb_window *w = &p->windows[i];

		if (w->metric == m && applies(w->tests, w->packages, package, test))
			return w;
	}
	return NULL;
}

const struct gb_near *gb_policy_near(const struct gb_policy *p, const char *package,
				     const char *test, enum gb_metric m)
{
	for (size_t i = p->n_near; i-- > 0;) {
		const struct gb_near *n = &p->near[i];

		if (n->metric == m && applies(n->tests, n->packages, package, test))
			return n;
	}
	return NULL;
}

const struct gb_waiver *gb_policy_waiver(const struct gb_policy *p, const char *package,
					 const char *test, enum gb_metric m)
{
	for (size_t i = 0; i < p->n_waivers; i++) {
		const struct gb_waiver *w = &p->waivers[i];

		if (w->metric == m && !strcmp(w->test, test) && !strcmp(w->package, package))
			return w;
	}
	return NULL;
}
