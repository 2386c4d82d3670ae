#include "budget/policy_rules.h"

#include "base/err.h"
#include "budget/amount.h"

static int read_rule(const struct gb_json *j, const cJSON *item, enum gb_rule rule,
		     struct gb_rule_options *o, struct gb_err *err)
{
	if (cJSON_IsBool(item)) {
		o->off &= ~(1u << rule);
		o->off |= cJSON_IsFalse(item) ? 1u << rule : 0;
		return 0;
	}
	if (rule == GB_RULE_LARGE_CAPTURE)
		return gb_amount_read(j, item, GB_ALLOC_SPACE, &o->large, err);
	return gb_json_fail(j, item, err, "expected true or false");
}

int gb_policy_read_rules(const struct gb_json *j, const cJSON *rules, struct gb_policy *p,
			 struct gb_err *err)
{
	const char *keys[GB_RULES + 1] = { NULL };
	const cJSON *item;
	int rc;

	for (int r = 0; r < GB_RULES; r++)
		keys[r] = gb_rules[r].name;
	if ((rc = gb_amount_object(j, rules, err)) < 0 ||
	    (rc = gb_json_only_keys(j, rules, keys, err)) < 0)
		return rc;
	cJSON_ArrayForEach(item, rules)
	{
		rc = read_rule(j, item, (enum gb_rule)gb_rule_find(item->string), &p->rules, err);
		if (rc < 0)
			return rc;
	}
	return 0;
}
