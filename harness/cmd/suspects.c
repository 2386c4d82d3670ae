#include "cmd/suspects.h"

static bool suspect(const struct gb_judgement *x)
{
	return x->metric >= 0 && !gb_metrics[x->metric].compiled &&
	       (x->verdict == GB_V_OVER || x->verdict == GB_V_GREW || x->verdict == GB_V_WAIVED);
}

bool suspects_has(void *verdicts, const struct gb_package *p, const struct gb_test *t)
{
	const struct gb_verdicts *v = verdicts;

	for (size_t i = 0; i < v->n; i++)
		if (v->v[i].test == t && v->v[i].package == p && suspect(&v->v[i]))
			return true;
	return false;
}

bool suspects_stays(void *verdicts, const struct gb_package *p, const struct gb_test *t)
{
	const struct gb_verdicts *v = verdicts;

	for (size_t i = 0; i < v->n; i++)
		if (v->v[i].test == t && v->v[i].package == p && suspect(&v->v[i]) &&
		    v->v[i].metric == GB_INUSE_SPACE)
			return true;
	return false;
}
