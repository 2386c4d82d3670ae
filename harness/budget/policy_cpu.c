#include "budget/policy_cpu.h"

#include "base/err.h"
#include "base/units.h"
#include "budget/amount.h"

#include <math.h>
#include <string.h>

static int read_share(const struct gb_json *j, const cJSON *item, double *ret, struct gb_err *err)
{
	struct gb_err why = GB_ERR_INIT;

	if (!cJSON_IsString(item))
		return gb_json_fail(j, item, err,
				    "expected a percentage such as \"15%%\", or \"never\"");
	if (!strcmp(item->valuestring, "never")) {
		*ret = INFINITY;
		return 0;
	}
	if (gb_parse_percent(item->valuestring, ret, &why) < 0)
		return gb_json_fail(j, item, err, "%s", why.line);
	return 0;
}

int gb_policy_read_cpu(const struct gb_json *j, const cJSON *cpu, struct gb_policy *p,
		       struct gb_err *err)
{
	static const char *const keys[] = { "warn", "fail", NULL };
	const cJSON *warn, *fail;
	int rc;

	if ((rc = gb_amount_object(j, cpu, err)) < 0 ||
	    (rc = gb_json_only_keys(j, cpu, keys, err)) < 0)
		return rc;
	warn = cJSON_GetObjectItemCaseSensitive(cpu, "warn");
	fail = cJSON_GetObjectItemCaseSensitive(cpu, "fail");
	if ((warn && (rc = read_share(j, warn, &p->cpu.warn, err)) < 0) ||
	    (fail && (rc = read_share(j, fail, &p->cpu.fail, err)) < 0))
		return rc;
	if (p->cpu.warn <= p->cpu.fail)
		return 0;
	if (!warn)
		p->cpu.warn = p->cpu.fail;
	else if (!isinf(p->cpu.warn))
		return gb_json_fail(j, warn, err, "is above \"fail\", which is %g%%",
				    p->cpu.fail * 100);
	return 0;
}
