#include "budget/trends_limits.h"

#include <string.h>

static void limit(const struct gb_policy *policy, const struct gb_waiver *waiver,
		  enum gb_metric metric, struct gb_point *p)
{
	int64_t ceiling = gb_policy_ceiling(policy, metric, p->budget);

	if (ceiling > p->ceiling)
		p->ceiling = ceiling;
	if (waiver && waiver->ceiling > p->ceiling)
		p->ceiling = waiver->ceiling;
}

void gb_trends_limits(struct gb_trends *t, const struct gb_policy *policy, const char *today)
{
	for (size_t k = 0; k < t->n; k++) {
		struct gb_series *s = &t->series[k];
		const struct gb_waiver *waiver =
			gb_policy_waiver(policy, s->package, s->test, s->metric);
		int64_t ceiling = 0;
		size_t rule;
		bool limited = gb_policy_default_ceiling(policy, s->package, s->test, s->metric,
							 &ceiling, &rule);

		if (waiver && strcmp(waiver->until, today) < 0)
			waiver = NULL;
		for (size_t i = 0; i < s->n; i++) {
			struct gb_point *p = &s->points[i];

			if (p->has_budget) {
				limit(policy, waiver, s->metric, p);
			} else if (limited) {
				p->has_budget = true;
				p->budget = ceiling;
				p->ceiling = waiver && waiver->ceiling > ceiling ? waiver->ceiling
										 : ceiling;
			}
		}
	}
	gb_trends_sort(t);
}
