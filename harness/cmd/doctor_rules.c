#include "cmd/doctor_rules.h"

#include "base/units.h"
#include "go/metric.h"

#include <stdio.h>
#include <string.h>

#define TIMES	  10
#define BIT_BYTES ((int64_t)1 << 20)
#define BIT_COUNT 100
#define BIT_NS	  ((int64_t)10 * 1000 * 1000)
/* No test is meant to come near these. */
#define CEILING_BYTES ((int64_t)64 << 30)
#define CEILING_COUNT 1000000
#define CEILING_NS    ((int64_t)600 * 1000 * 1000 * 1000)

/* One of three, by what the metric is counted in. */
static int64_t of_unit(int m, int64_t bytes, int64_t count, int64_t ns)
{
	if (gb_metrics[m].unit == GB_BYTES)
		return bytes;
	return gb_metrics[m].unit == GB_NANOSECONDS ? ns : count;
}

static bool lets_all_through(enum gb_metric m, int64_t ceiling, int64_t measured)
{
	int64_t bit = of_unit((int)m, BIT_BYTES, BIT_COUNT, BIT_NS);

	return ceiling / TIMES > measured && ceiling - measured > bit;
}

static void look_at_budget(const struct gb_policy *policy, const char *package,
			   const struct gb_budget_row *row, enum gb_metric m,
			   struct gb_doctor_rules *r)
{
	const struct gb_waiver *w = gb_policy_waiver(policy, package, row->test, m);
	int64_t measured = row->has_measured >> m & 1 ? row->measured[m] : row->budget[m];
	int64_t ceiling = w ? w->ceiling : gb_policy_ceiling(policy, m, row->budget[m]);
	char limit[32], was[32];

	if (policy->warn_only >> m & 1) {
		r->warn_only++;
		return;
	}
	r->budgets++;
	r->waived += w != NULL;
	if (!lets_all_through(m, ceiling, measured))
		return;
	if (r->dead++)
		return;
	(void)snprintf(r->example, sizeof(r->example), "%.120s %.120s %s fails above %s, %s %s",
		       package, row->test, gb_metrics[m].name,
		       gb_metric_format(limit, sizeof(limit), m, ceiling),
		       row->has_measured >> m & 1 ? "measured was" : "its budget is",
		       gb_metric_format(was, sizeof(was), m, measured));
}

static void look_at_ceilings(const struct gb_policy *policy, struct gb_doctor_rules *r)
{
	for (size_t i = 0; i < policy->n_ceilings; i++)
		for (int m = 0; m < GB_METRICS; m++) {
			const struct gb_ceiling *c = &policy->ceilings[i];

			if (!(c->has >> m & 1) || policy->warn_only >> m & 1)
				continue;
			r->ceilings++;
			r->dead_ceilings +=
				c->v[m] > of_unit(m, CEILING_BYTES, CEILING_COUNT, CEILING_NS);
		}
}

void doctor_rules(const struct gb_budgets *budgets, const struct gb_policy *policy,
		  struct gb_doctor_rules *ret)
{
	*ret = (struct gb_doctor_rules){ 0 };
	for (size_t i = 0; i < budgets->n; i++) {
		const struct gb_budget_file *f = budgets->files[i];

		for (size_t k = 0; k < f->n_blocks; k++)
			for (size_t n = 0; n < f->blocks[k].n_rows; n++)
				for (int m = 0; m < GB_METRICS; m++)
					if (f->blocks[k].rows[n].has_budget >> m & 1)
						look_at_budget(policy, f->package,
							       &f->blocks[k].rows[n],
							       (enum gb_metric)m, ret);
	}
	look_at_ceilings(policy, ret);
}
