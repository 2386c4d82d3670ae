#include "budget/policy_hook.h"

#include "base/err.h"
#include "base/units.h"
#include "budget/amount.h"

#include <string.h>

#define LEAST_MS 1000
#define MOST_MS	 (60 * 60 * 1000)

static int read_time(const struct gb_json *j, const cJSON *item, int64_t *ret, struct gb_err *err)
{
	struct gb_err why = GB_ERR_INIT;
	int64_t ms;

	if (!cJSON_IsString(item))
		return gb_json_fail(j, item, err, "expected a duration such as \"60s\"");
	if (gb_parse_duration(item->valuestring, &ms, &why) < 0)
		return gb_json_fail(j, item, err, "%s", why.line);
	if (ms < LEAST_MS || ms > MOST_MS)
		return gb_json_fail(j, item, err, "expected a second to an hour");
	*ret = ms;
	return 0;
}

int gb_policy_read_hook(const struct gb_json *j, const cJSON *object, struct gb_policy *p,
			struct gb_err *err)
{
	static const char *const keys[] = { "time", "on_timeout", NULL };
	const cJSON *item;
	int rc;

	if ((rc = gb_amount_object(j, object, err)) < 0 ||
	    (rc = gb_json_only_keys(j, object, keys, err)) < 0)
		return rc;
	if ((item = cJSON_GetObjectItemCaseSensitive(object, "time")) &&
	    (rc = read_time(j, item, &p->hook_ms, err)) < 0)
		return rc;
	item = cJSON_GetObjectItemCaseSensitive(object, "on_timeout");
	if (!item)
		return 0;
	if (!cJSON_IsString(item) ||
	    (strcmp(item->valuestring, "allow") != 0 && strcmp(item->valuestring, "block") != 0))
		return gb_json_fail(j, item, err, "expected \"allow\" or \"block\"");
	p->hook_blocks = strcmp(item->valuestring, "block") == 0;
	return 0;
}
