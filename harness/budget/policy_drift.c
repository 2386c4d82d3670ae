#include "budget/policy_drift.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/units.h"
#include "budget/amount.h"

#include <string.h>

#define MAX_SINCE 255
#define MAX_KEEP  1000000

/* A date stands for a commit, so it must be one; a name may not be an expression that moves. */
static int check_since(const struct gb_json *j, const cJSON *item, const char *since,
		       struct gb_err *err)
{
	int year, month, day;
	char rest;

	if (strlen(since) > MAX_SINCE)
		return gb_json_fail(j, item, err, "exceeds %d bytes", MAX_SINCE);
	if (strlen(since) == 10 && since[4] == '-' && since[7] == '-' &&
	    strspn(since, "0123456789-") == 10) {
		if (sscanf(since, "%4d-%2d-%2d%c", &year, &month, &day, &rest) != 3 || month < 1 ||
		    month > 12 || day < 1 || day > 31)
			return gb_json_fail(j, item, err, "\"%s\" is no date", since);
		return 0;
	}
	for (const char *p = since; *p; p++) {
		if ((unsigned char)*p > ' ' && *p != 0x7f && !strchr("~^:?*[\\", *p) &&
		    !(p == since && *p == '-'))
			continue;
		gb_json_fail(j, item, err, "expected a tag, a date or a commit that stays");
		return gb_hint(err, "such as \"v1.2.0\" or \"2026-01-01\"");
	}
	return 0;
}

static int read_since(const struct gb_json *j, const cJSON *drift, struct gb_drift *d,
		      struct gb_err *err)
{
	const cJSON *item;
	int rc = gb_amount_member(j, drift, "since", &item, err);

	if (rc < 0)
		return rc;
	gb_cleanup_free(&d->since);
	if ((rc = gb_amount_name(j, drift, "since", &d->since, err)) < 0)
		return rc;
	return check_since(j, item, d->since, err);
}

int gb_policy_read_drift(const struct gb_json *j, const cJSON *drift, struct gb_policy *p,
			 struct gb_err *err)
{
	static const char *const keys[] = { "since", "over", "and", "reason", NULL };
	struct gb_err why = GB_ERR_INIT;
	struct gb_drift *d = &p->drift;
	const cJSON *item;
	int rc;

	d->line = gb_json_line(j, drift);
	if ((rc = gb_amount_object(j, drift, err)) < 0 ||
	    (rc = gb_json_only_keys(j, drift, keys, err)) < 0 ||
	    (rc = read_since(j, drift, d, err)) < 0)
		return rc;
	if ((item = cJSON_GetObjectItemCaseSensitive(drift, "over"))) {
		if (!cJSON_IsString(item))
			return gb_json_fail(j, item, err, "expected a percentage such as \"5%%\"");
		if (gb_parse_percent(item->valuestring, &d->share, &why) < 0)
			return gb_json_fail(j, item, err, "%s", why.line);
	}
	if ((item = cJSON_GetObjectItemCaseSensitive(drift, "and")) &&
	    (rc = gb_amount_read(j, item, GB_ALLOC_SPACE, &d->and_, err)) < 0)
		return rc;
	if (!cJSON_GetObjectItemCaseSensitive(drift, "reason"))
		return 0;
	return gb_amount_name(j, drift, "reason", &d->reason, err);
}

int gb_policy_read_notes(const struct gb_json *j, const cJSON *notes, struct gb_policy *p,
			 struct gb_err *err)
{
	static const char *const keys[] = { "keep", "max", NULL };
	const cJSON *item;
	int rc;

	if ((rc = gb_amount_object(j, notes, err)) < 0 ||
	    (rc = gb_json_only_keys(j, notes, keys, err)) < 0)
		return rc;
	if ((item = cJSON_GetObjectItemCaseSensitive(notes, "max")) &&
	    (rc = gb_amount_read(j, item, GB_ALLOC_SPACE, &p->max_notes, err)) < 0)
		return rc;
	if (!(item = cJSON_GetObjectItemCaseSensitive(notes, "keep")))
		return 0;
	if ((rc = gb_amount_whole(j, item, &p->keep_notes, err)) < 0)
		return rc;
	if (p->keep_notes > MAX_KEEP)
		return gb_json_fail(j, item, err, "expected 0 to %d", MAX_KEEP);
	return 0;
}
