#include "budget/policy_window.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/units.h"
#include "budget/amount.h"

#include <stdlib.h>
#include <string.h>

#define MAX_RULES  10000
#define MAX_DAYS   366
#define MAX_NIGHTS 366

const char *gb_window_of_name(enum gb_window_of of)
{
	static const char *const names[] = {
		[GB_WINDOW_MEDIAN] = "median",
		[GB_WINDOW_MIN] = "min",
		[GB_WINDOW_MAX] = "max",
	};

	return names[of];
}

/* Whom a rule is for; what was read before an error belongs to the rule all the same. */
static int read_whom(const struct gb_json *j, const cJSON *rule, char **ret_tests,
		     char **ret_packages, enum gb_metric *ret_metric, struct gb_err *err)
{
	const cJSON *item;
	const char *name;
	int rc;

	if ((rc = gb_amount_name(j, rule, "tests", ret_tests, err)) < 0 ||
	    (rc = gb_amount_member(j, rule, "metric", &item, err)) < 0 ||
	    (rc = gb_amount_text(j, item, &name, err)) < 0 ||
	    (rc = gb_amount_metric(j, item, name, ret_metric, err)) < 0 ||
	    (rc = gb_amount_whose(j, item, *ret_metric, *ret_tests, err)) < 0)
		return rc;
	if (!cJSON_GetObjectItemCaseSensitive(rule, "packages"))
		return 0;
	return gb_amount_name(j, rule, "packages", ret_packages, err);
}

/* At most `most`; 0: any. */
static int read_share(const struct gb_json *j, const cJSON *rule, const char *key, double most,
		      double *ret, struct gb_err *err)
{
	struct gb_err why = GB_ERR_INIT;
	const cJSON *item;
	int rc = gb_amount_member(j, rule, key, &item, err);

	if (rc < 0)
		return rc;
	if (!cJSON_IsString(item))
		return gb_json_fail(j, item, err, "expected a percentage such as \"80%%\"");
	if (gb_parse_percent(item->valuestring, ret, &why) < 0)
		return gb_json_fail(j, item, err, "%s", why.line);
	if (most > 0 && *ret > most)
		return gb_json_fail(j, item, err, "exceeds %.0f%%", most * 100);
	return 0;
}

static int read_number(const struct gb_json *j, const cJSON *rule, const char *key, int most,
		       int *ret, struct gb_err *err)
{
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(rule, key);
	int64_t n;
	int rc;

	if (!item)
		return 0;
	if ((rc = gb_amount_whole(j, item, &n, err)) < 0)
		return rc;
	if (n < 1 || n > most)
		return gb_json_fail(j, item, err, "expected 1 to %d", most);
	*ret = (int)n;
	return 0;
}

static int read_of(const struct gb_json *j, const cJSON *rule, enum gb_window_of *ret,
		   struct gb_err *err)
{
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(rule, "of");

	if (!item)
		return 0;
	for (int of = 0; of < GB_WINDOW_OFS; of++) {
		if (cJSON_IsString(item) &&
		    !strcmp(item->valuestring, gb_window_of_name((enum gb_window_of)of))) {
			*ret = (enum gb_window_of)of;
			return 0;
		}
	}
	return gb_json_fail(j, item, err, "expected \"median\", \"min\" or \"max\"");
}

static int read_window(const struct gb_json *j, const cJSON *rule, struct gb_window *w,
		       struct gb_err *err)
{
	static const char *const keys[] = { "tests",	"packages", "metric", "of",	"days",
					    "at_least", "over",	    "and",    "reason", NULL };
	const cJSON *item;
	int rc;

	w->line = gb_json_line(j, rule);
	if ((rc = gb_amount_object(j, rule, err)) < 0 ||
	    (rc = gb_json_only_keys(j, rule, keys, err)) < 0 ||
	    (rc = read_whom(j, rule, &w->tests, &w->packages, &w->metric, err)) < 0 ||
	    (rc = read_share(j, rule, "over", 0, &w->over, err)) < 0 ||
	    (rc = read_of(j, rule, &w->of, err)) < 0 ||
	    (rc = read_number(j, rule, "days", MAX_DAYS, &w->days, err)) < 0 ||
	    (rc = read_number(j, rule, "at_least", MAX_NIGHTS, &w->at_least, err)) < 0)
		return rc;
	if ((item = cJSON_GetObjectItemCaseSensitive(rule, "and")) &&
	    (rc = gb_amount_read(j, item, w->metric, &w->and_, err)) < 0)
		return rc;
	if (!cJSON_GetObjectItemCaseSensitive(rule, "reason"))
		return 0;
	return gb_amount_name(j, rule, "reason", &w->reason, err);
}

int gb_policy_read_windows(const struct gb_json *j, const cJSON *list, struct gb_policy *p,
			   struct gb_err *err)
{
	const cJSON *item;
	int rc;

	if ((rc = gb_amount_array(j, list, err)) < 0)
		return rc;
	cJSON_ArrayForEach(item, list)
	{
		if ((rc = gb_grow((void **)&p->windows, &p->cap_windows, p->n_windows + 1,
				  sizeof(*p->windows), MAX_RULES, err)) < 0)
			return rc;
		struct gb_window *w = &p->windows[p->n_windows++];

		*w = (struct gb_window){ .days = 7, .at_least = 3 };
		if ((rc = read_window(j, item, w, err)) < 0)
			return rc;
	}
	return 0;
}

static int read_near(const struct gb_json *j, const cJSON *rule, struct gb_near *n,
		     struct gb_err *err)
{
	static const char *const keys[] = {
		"tests", "packages", "metric", "share", "nights", NULL
	};
	int rc;

	n->line = gb_json_line(j, rule);
	if ((rc = gb_amount_object(j, rule, err)) < 0 ||
	    (rc = gb_json_only_keys(j, rule, keys, err)) < 0 ||
	    (rc = read_whom(j, rule, &n->tests, &n->packages, &n->metric, err)) < 0 ||
	    (rc = read_share(j, rule, "share", 1, &n->share, err)) < 0)
		return rc;
	if (n->share <= 0)
		return gb_json_fail(j, cJSON_GetObjectItemCaseSensitive(rule, "share"), err,
				    "must be more than nothing");
	return read_number(j, rule, "nights", MAX_NIGHTS, &n->nights, err);
}

int gb_policy_read_near(const struct gb_json *j, const cJSON *list, struct gb_policy *p,
			struct gb_err *err)
{
	const cJSON *item;
	int rc;

	if ((rc = gb_amount_array(j, list, err)) < 0)
		return rc;
	cJSON_ArrayForEach(item, list)
	{
		if ((rc = gb_grow((void **)&p->near, &p->cap_near, p->n_near + 1, sizeof(*p->near),
				  MAX_RULES, err)) < 0)
			return rc;
		struct gb_near *n = &p->near[p->n_near++];

		*n = (struct gb_near){ .nights = 3 };
		if ((rc = read_near(j, item, n, err)) < 0)
			return rc;
	}
	return 0;
}

void gb_policy_free_windows(struct gb_policy *p)
{
	for (size_t i = 0; i < p->n_windows; i++) {
		free(p->windows[i].tests);
		free(p->windows[i].packages);
		free(p->windows[i].reason);
	}
	for (size_t i = 0; i < p->n_near; i++) {
		free(p->near[i].tests);
		free(p->near[i].packages);
	}
	free(p->windows);
	free(p->near);
}
