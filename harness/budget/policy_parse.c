/*
 * The policy file, read.  Starts from the built-in policy and replaces what
 * the file names.
 */
#include "budget/policy.h"

#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/units.h"
#include "budget/amount.h"
#include "budget/policy_cpu.h"
#include "budget/policy_drift.h"
#include "budget/policy_hook.h"
#include "budget/policy_living.h"
#include "budget/policy_rules.h"
#include "budget/policy_waivers.h"
#include "budget/policy_window.h"

#include <string.h>

#define MAX_CEILINGS  10000
#define MAX_RUNS      100
#define MAX_SETTLE_MS (10 * 60 * 1000)

/* "10%" into ret->share, anything else into ret->amount. */
static int read_over(const struct gb_json *j, const cJSON *item, enum gb_metric m,
		     struct gb_gate *ret, struct gb_err *err)
{
	struct gb_err why = GB_ERR_INIT;

	if (cJSON_IsString(item) && strchr(item->valuestring, '%')) {
		if (gb_parse_percent(item->valuestring, &ret->share, &why) < 0)
			return gb_json_fail(j, item, err, "%s", why.line);
		ret->relative = true;
		return 0;
	}
	if (cJSON_IsNumber(item) && item->valuedouble > 0 && item->valuedouble < 1) {
		gb_json_fail(j, item, err, "a share of the budget is written as a percentage");
		gb_hint(err, "write \"%g%%\"", item->valuedouble * 100);
		return GB_EUSAGE;
	}
	ret->relative = false;
	return gb_amount_read(j, item, m, &ret->amount, err);
}

static int read_gates(const struct gb_json *j, const cJSON *gates, struct gb_policy *p,
		      struct gb_err *err)
{
	static const char *const no_others[] = { NULL };
	static const char *const keys[] = { "over", "and", NULL };
	const cJSON *gate, *item;
	enum gb_metric m;
	int rc;

	if ((rc = gb_amount_object(j, gates, err)) < 0 ||
	    (rc = gb_amount_only_keys(j, gates, no_others, err)) < 0)
		return rc;
	cJSON_ArrayForEach(gate, gates)
	{
		if ((rc = gb_amount_metric(j, gate, gate->string, &m, err)) < 0 ||
		    (rc = gb_amount_object(j, gate, err)) < 0 ||
		    (rc = gb_json_only_keys(j, gate, keys, err)) < 0)
			return rc;
		if ((item = cJSON_GetObjectItemCaseSensitive(gate, "over")) &&
		    (rc = read_over(j, item, m, &p->gates[m], err)) < 0)
			return rc;
		if ((item = cJSON_GetObjectItemCaseSensitive(gate, "and")) &&
		    (rc = gb_amount_read(j, item, m, &p->gates[m].and_, err)) < 0)
			return rc;
	}
	return 0;
}

static int read_pattern(const struct gb_json *j, const cJSON *item, char **ret, struct gb_err *err)
{
	const char *text;
	int rc = gb_amount_text(j, item, &text, err);

	if (rc < 0)
		return rc;
	return (*ret = gb_strdup(text)) ? 0 : gb_fail_nomem(err);
}

static int read_ceiling(const struct gb_json *j, const cJSON *object, struct gb_ceiling *c,
			struct gb_err *err)
{
	static const char *const others[] = { "tests", "packages", NULL };
	const cJSON *item;
	int rc;

	c->line = gb_json_line(j, object);
	if ((rc = gb_amount_object(j, object, err)) < 0 ||
	    (rc = gb_amount_only_keys(j, object, others, err)) < 0 ||
	    (rc = gb_amount_member(j, object, "tests", &item, err)) < 0 ||
	    (rc = read_pattern(j, item, &c->tests, err)) < 0)
		return rc;
	if ((item = cJSON_GetObjectItemCaseSensitive(object, "packages")) &&
	    (rc = read_pattern(j, item, &c->packages, err)) < 0)
		return rc;
	cJSON_ArrayForEach(item, object)
	{
		int m = gb_metric_find(item->string);

		if (m < 0)
			continue;
		if ((rc = gb_amount_whose(j, item, (enum gb_metric)m, c->tests, err)) < 0 ||
		    (rc = gb_amount_read(j, item, (enum gb_metric)m, &c->v[m], err)) < 0)
			return rc;
		c->has |= 1u << m;
	}
	if (!c->has)
		return gb_json_fail(j, object, err, "names no metric");
	return 0;
}

static int read_ceilings(const struct gb_json *j, const cJSON *list, struct gb_policy *p,
			 struct gb_err *err)
{
	const cJSON *item;
	int rc;

	if ((rc = gb_amount_array(j, list, err)) < 0)
		return rc;
	cJSON_ArrayForEach(item, list)
	{
		if ((rc = gb_grow((void **)&p->ceilings, &p->cap_ceilings, p->n_ceilings + 1,
				  sizeof(*p->ceilings), MAX_CEILINGS, err)) < 0)
			return rc;
		struct gb_ceiling *c = &p->ceilings[p->n_ceilings++];

		memset(c, 0, sizeof(*c));
		if ((rc = read_ceiling(j, item, c, err)) < 0)
			return rc;
	}
	return 0;
}

static int read_action(const struct gb_json *j, const cJSON *item, enum gb_action *ret,
		       struct gb_err *err)
{
	static const char *const names[] = {
		[GB_ACT_IGNORE] = "ignore",
		[GB_ACT_WARN] = "warn",
		[GB_ACT_FAIL] = "fail",
	};

	for (int a = 0; a <= GB_ACT_FAIL; a++) {
		if (cJSON_IsString(item) && !strcmp(item->valuestring, names[a])) {
			*ret = (enum gb_action)a;
			return 0;
		}
	}
	return gb_json_fail(j, item, err, "expected \"fail\", \"warn\" or \"ignore\"");
}

static int read_on(const struct gb_json *j, const cJSON *on, struct gb_policy *p,
		   struct gb_err *err)
{
	static const char *const keys[] = { "new",	    "gone",   "grew",	"slack",
					    "incomparable", "hung",   "proven", "left",
					    "drift",	    "window", "near",	NULL };
	enum gb_action *const actions[] = { &p->on_new,	   &p->on_gone,		&p->on_grew,
					    &p->on_slack,  &p->on_incomparable, &p->on_hung,
					    &p->on_proven, &p->on_left,		&p->on_drift,
					    &p->on_window, &p->on_near };
	const cJSON *item;
	int rc;

	if ((rc = gb_amount_object(j, on, err)) < 0 ||
	    (rc = gb_json_only_keys(j, on, keys, err)) < 0)
		return rc;
	for (size_t i = 0; keys[i]; i++)
		if ((item = cJSON_GetObjectItemCaseSensitive(on, keys[i])) &&
		    (rc = read_action(j, item, actions[i], err)) < 0)
			return rc;
	return 0;
}

static int read_raise(const struct gb_json *j, const cJSON *item, struct gb_policy *p,
		      struct gb_err *err)
{
	static const char *const names[] = {
		[GB_RAISE_ALLOW] = "allow",
		[GB_RAISE_REASON] = "reason",
		[GB_RAISE_WAIVER] = "waiver",
	};

	for (int r = 0; r <= GB_RAISE_WAIVER; r++) {
		if (cJSON_IsString(item) && !strcmp(item->valuestring, names[r])) {
			p->raise = (enum gb_raise)r;
			return 0;
		}
	}
	return gb_json_fail(j, item, err, "expected \"allow\", \"reason\" or \"waiver\"");
}

static int read_warn_only(const struct gb_json *j, const cJSON *list, struct gb_policy *p,
			  struct gb_err *err)
{
	const cJSON *item;
	const char *name;
	enum gb_metric m;
	int rc;

	if ((rc = gb_amount_array(j, list, err)) < 0)
		return rc;
	p->warn_only = 0;
	cJSON_ArrayForEach(item, list)
	{
		if ((rc = gb_amount_text(j, item, &name, err)) < 0 ||
		    (rc = gb_amount_metric(j, item, name, &m, err)) < 0)
			return rc;
		if (p->warn_only >> m & 1)
			return gb_json_fail(j, item, err, "%s is named twice", name);
		p->warn_only |= 1u << m;
	}
	return 0;
}

static int read_slack(const struct gb_json *j, const cJSON *slack, struct gb_policy *p,
		      struct gb_err *err)
{
	static const char *const keys[] = { "under", "and", NULL };
	struct gb_err why = GB_ERR_INIT;
	const cJSON *item;
	int rc;

	if ((rc = gb_amount_object(j, slack, err)) < 0 ||
	    (rc = gb_json_only_keys(j, slack, keys, err)) < 0)
		return rc;
	if ((item = cJSON_GetObjectItemCaseSensitive(slack, "under"))) {
		if (!cJSON_IsString(item))
			return gb_json_fail(j, item, err, "expected a percentage such as \"50%%\"");
		if (gb_parse_percent(item->valuestring, &p->slack_under, &why) < 0)
			return gb_json_fail(j, item, err, "%s", why.line);
	}
	if ((item = cJSON_GetObjectItemCaseSensitive(slack, "and")))
		return gb_amount_read(j, item, GB_ALLOC_SPACE, &p->slack_and, err);
	return 0;
}

static int read_settle(const struct gb_json *j, const cJSON *item, struct gb_policy *p,
		       struct gb_err *err)
{
	struct gb_err why = GB_ERR_INIT;

	if (!cJSON_IsString(item))
		return gb_json_fail(j, item, err, "expected a duration such as \"1s\"");
	if (gb_parse_duration(item->valuestring, &p->settle_ms, &why) < 0)
		return gb_json_fail(j, item, err, "%s", why.line);
	if (p->settle_ms > MAX_SETTLE_MS)
		return gb_json_fail(j, item, err, "exceeds ten minutes");
	return 0;
}

static int read_runs(const struct gb_json *j, const cJSON *item, int least, int *ret,
		     struct gb_err *err)
{
	int64_t n;
	int rc = gb_amount_whole(j, item, &n, err);

	if (rc < 0)
		return rc;
	if (n < least || n > MAX_RUNS)
		return gb_json_fail(j, item, err, "expected %d to %d", least, MAX_RUNS);
	*ret = (int)n;
	return 0;
}

static int read_gcflags(const struct gb_json *j, const cJSON *item, struct gb_policy *p,
			struct gb_err *err)
{
	if (!cJSON_IsString(item))
		return gb_json_fail(j, item, err, "expected a string");
	if (strlen(item->valuestring) > GB_MAX_NAME)
		return gb_json_fail(j, item, err, "exceeds %zu bytes", GB_MAX_NAME);
	char *copy = gb_strdup(item->valuestring);
	if (!copy)
		return gb_fail_nomem(err);
	gb_cleanup_free(&p->gcflags);
	p->gcflags = copy;
	return 0;
}

static int read_policy(const struct gb_json *j, time_t now, struct gb_policy *p, struct gb_err *err)
{
	static const char *const keys[] = {
		"$schema", "gates",	  "ceilings", "on",	 "warn_only", "slack", "settle",
		"repeats", "record_runs", "gcflags",  "waivers", "living",    "rules", "raise",
		"drift",   "notes",	  "hook",     "cpu",	 "windows",   "near",  NULL
	};
	const cJSON *item;
	const char *text;
	int rc;

	if ((rc = gb_amount_object(j, j->root, err)) < 0 ||
	    (rc = gb_json_only_keys(j, j->root, keys, err)) < 0)
		return rc;
	cJSON_ArrayForEach(item, j->root)
	{
		const char *key = item->string;

		if (!strcmp(key, "$schema"))
			rc = gb_amount_text(j, item, &text, err);
		else if (!strcmp(key, "gates"))
			rc = read_gates(j, item, p, err);
		else if (!strcmp(key, "ceilings"))
			rc = read_ceilings(j, item, p, err);
		else if (!strcmp(key, "on"))
			rc = read_on(j, item, p, err);
		else if (!strcmp(key, "warn_only"))
			rc = read_warn_only(j, item, p, err);
		else if (!strcmp(key, "raise"))
			rc = read_raise(j, item, p, err);
		else if (!strcmp(key, "slack"))
			rc = read_slack(j, item, p, err);
		else if (!strcmp(key, "settle"))
			rc = read_settle(j, item, p, err);
		else if (!strcmp(key, "repeats"))
			rc = read_runs(j, item, 0, &p->repeats, err);
		else if (!strcmp(key, "record_runs"))
			rc = read_runs(j, item, 1, &p->record_runs, err);
		else if (!strcmp(key, "gcflags"))
			rc = read_gcflags(j, item, p, err);
		else if (!strcmp(key, "living"))
			rc = gb_policy_read_living(j, item, p, err);
		else if (!strcmp(key, "hook"))
			rc = gb_policy_read_hook(j, item, p, err);
		else if (!strcmp(key, "cpu"))
			rc = gb_policy_read_cpu(j, item, p, err);
		else if (!strcmp(key, "rules"))
			rc = gb_policy_read_rules(j, item, p, err);
		else if (!strcmp(key, "drift"))
			rc = gb_policy_read_drift(j, item, p, err);
		else if (!strcmp(key, "windows"))
			rc = gb_policy_read_windows(j, item, p, err);
		else if (!strcmp(key, "near"))
			rc = gb_policy_read_near(j, item, p, err);
		else if (!strcmp(key, "notes"))
			rc = gb_policy_read_notes(j, item, p, err);
		else
			rc = gb_policy_read_waivers(j, item, now, p, err);
		if (rc < 0)
			return rc;
	}
	return 0;
}

int gb_policy_parse(const char *name, const char *text, size_t len, time_t now,
		    struct gb_policy **ret, struct gb_err *err)
{
	_json_ struct gb_json *j = NULL;
	struct gb_policy *p;
	int rc;

	if (len > GB_MAX_POLICY_FILE)
		return gb_fail(err, GB_ELIMIT, "%s exceeds %zu bytes", name, GB_MAX_POLICY_FILE);
	if ((rc = gb_json_parse(name, text, len, &j, err)) < 0 ||
	    (rc = gb_policy_default(&p, err)) < 0)
		return rc;
	char *path = gb_strdup(name);
	if (path) {
		gb_cleanup_free(&p->path);
		p->path = path;
		p->built_in = false;
		rc = read_policy(j, now, p, err);
	} else {
		rc = gb_fail_nomem(err);
	}
	if (rc < 0) {
		gb_policy_free(p);
		return rc;
	}
	*ret = p;
	return 0;
}
