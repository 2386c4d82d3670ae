#include "budget/policy_living.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/text.h"
#include "budget/amount.h"

#define MAX_LIVING 10000

/* Whatever was read before an error belongs to *l all the same. */
static int read_rule(const struct gb_json *j, const cJSON *object, struct gb_living *l,
		     struct gb_err *err)
{
	static const char *const keys[] = { "created_by", "count", "reason", NULL };
	const cJSON *item;
	int rc;

	l->line = gb_json_line(j, object);
	if ((rc = gb_amount_object(j, object, err)) < 0 ||
	    (rc = gb_json_only_keys(j, object, keys, err)) < 0 ||
	    (rc = gb_amount_name(j, object, "created_by", &l->created_by, err)) < 0 ||
	    (rc = gb_amount_member(j, object, "count", &item, err)) < 0 ||
	    (rc = gb_amount_whole(j, item, &l->count, err)) < 0)
		return rc;
	if (l->count < 1)
		return gb_json_fail(j, item, err, "expected how many of them live: 1 or more");
	return gb_amount_name(j, object, "reason", &l->reason, err);
}

int gb_policy_read_living(const struct gb_json *j, const cJSON *list, struct gb_policy *p,
			  struct gb_err *err)
{
	const cJSON *item;
	int rc;

	if ((rc = gb_amount_array(j, list, err)) < 0)
		return rc;
	cJSON_ArrayForEach(item, list)
	{
		if ((rc = gb_grow((void **)&p->living, &p->cap_living, p->n_living + 1,
				  sizeof(*p->living), MAX_LIVING, err)) < 0)
			return rc;
		struct gb_living *l = &p->living[p->n_living++];

		*l = (struct gb_living){ 0 };
		if ((rc = read_rule(j, item, l, err)) < 0)
			return rc;
		for (size_t i = 0; i + 1 < p->n_living; i++)
			if (gb_streq(p->living[i].created_by, l->created_by))
				return gb_json_fail(j, item, err,
						    "%s is listed already, in line %zu",
						    l->created_by, p->living[i].line);
	}
	return 0;
}
