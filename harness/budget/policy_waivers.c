#include "budget/policy_waivers.h"

#include "base/err.h"
#include "base/mem.h"
#include "budget/amount.h"

#include <string.h>

#define MAX_WAIVERS 10000

/* Two digits; -1 if they are not. */
static int two_digits(const char *s)
{
	if (s[0] < '0' || s[0] > '9' || s[1] < '0' || s[1] > '9')
		return -1;
	return (s[0] - '0') * 10 + (s[1] - '0');
}

/* "YYYY-MM-DD", and a day that there is. */
static bool is_day(const char *s)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

	if (strlen(s) != 10 || s[4] != '-' || s[7] != '-')
		return false;
	int century = two_digits(s), year = two_digits(s + 2);
	int month = two_digits(s + 5), day = two_digits(s + 8);
	if (century < 0 || year < 0 || month < 1 || month > 12)
		return false;
	year += century * 100;
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
	return day >= 1 && day <= days[month - 1] + (month == 2 && leap);
}

static int read_until(const struct gb_json *j, const cJSON *item, time_t now, struct gb_waiver *w,
		      struct gb_err *err)
{
	char today[16] = "";
	const char *day;
	struct tm tm;
	int rc;

	if ((rc = gb_amount_text(j, item, &day, err)) < 0)
		return rc;
	if (!is_day(day))
		return gb_json_fail(j, item, err, "expected a day such as \"2026-12-31\"");
	if (gmtime_r(&now, &tm))
		strftime(today, sizeof(today), "%Y-%m-%d", &tm);
	/* Written this way, days sort as text. */
	if (strcmp(day, today) < 0) {
		gb_json_fail(j, item, err, "the waiver of %s of %s expired: it ended with %s (UTC)",
			     gb_metrics[w->metric].name, w->test, day);
		gb_hint(err, "remove it, or give it a later day and say why in its reason");
		return GB_EUSAGE;
	}
	memcpy(w->until, day, sizeof(w->until));
	return 0;
}

static int read_metric(const struct gb_json *j, const cJSON *object, enum gb_metric *ret,
		       struct gb_err *err)
{
	const cJSON *item;
	const char *name;
	int rc;

	if ((rc = gb_amount_member(j, object, "metric", &item, err)) < 0 ||
	    (rc = gb_amount_text(j, item, &name, err)) < 0)
		return rc;
	return gb_amount_metric(j, item, name, ret, err);
}

/* Whatever was read before an error belongs to *w all the same. */
static int read_waiver(const struct gb_json *j, const cJSON *object, time_t now,
		       struct gb_waiver *w, struct gb_err *err)
{
	static const char *const keys[] = { "package", "test",	 "metric", "ceiling",
					    "until",   "reason", NULL };
	const cJSON *item;
	int rc;

	w->line = gb_json_line(j, object);
	if ((rc = gb_amount_object(j, object, err)) < 0 ||
	    (rc = gb_json_only_keys(j, object, keys, err)) < 0 ||
	    (rc = gb_amount_name(j, object, "package", &w->package, err)) < 0 ||
	    (rc = gb_amount_name(j, object, "test", &w->test, err)) < 0 ||
	    (rc = read_metric(j, object, &w->metric, err)) < 0 ||
	    (rc = gb_amount_member(j, object, "ceiling", &item, err)) < 0 ||
	    (rc = gb_amount_read(j, item, w->metric, &w->ceiling, err)) < 0 ||
	    (rc = gb_amount_name(j, object, "reason", &w->reason, err)) < 0 ||
	    (rc = gb_amount_member(j, object, "until", &item, err)) < 0)
		return rc;
	return read_until(j, item, now, w, err);
}

int gb_policy_read_waivers(const struct gb_json *j, const cJSON *list, time_t now,
			   struct gb_policy *p, struct gb_err *err)
{
	const cJSON *item;
	int rc;

	if ((rc = gb_amount_array(j, list, err)) < 0)
		return rc;
	cJSON_ArrayForEach(item, list)
	{
		if ((rc = gb_grow((void **)&p->waivers, &p->cap_waivers, p->n_waivers + 1,
				  sizeof(*p->waivers), MAX_WAIVERS, err)) < 0)
			return rc;
		struct gb_waiver *w = &p->waivers[p->n_waivers++];

		memset(w, 0, sizeof(*w));
		if ((rc = read_waiver(j, item, now, w, err)) < 0)
			return rc;
		const struct gb_waiver *first = gb_policy_waiver(p, w->package, w->test, w->metric);
		if (first != w)
			return gb_json_fail(j, item, err,
					    "%s of %s has a waiver already, in line %zu",
					    gb_metrics[w->metric].name, w->test, first->line);
	}
	return 0;
}
