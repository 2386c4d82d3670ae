/* Policy files: whatever the bytes are, no crash; what is accepted can be asked anything. */
#include <stdint.h>
#include <stdlib.h>

#include "base/err.h"
#include "budget/policy.h"

#define NOW ((time_t)1795305600) /* 2026-11-22 00:00:00 UTC */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void ask(const struct gb_policy *p)
{
	static const int64_t budgets[] = { 0, 1, 1000, INT64_MAX - 1, INT64_MAX };
	int64_t ceiling;
	size_t rule;

	for (int m = 0; m < GB_METRICS; m++) {
		for (size_t i = 0; i < sizeof(budgets) / sizeof(budgets[0]); i++)
			if (gb_policy_ceiling(p, (enum gb_metric)m, budgets[i]) < budgets[i])
				abort();
		if (gb_policy_default_ceiling(p, "example.com/m/store", "TestCache/a b",
					      (enum gb_metric)m, &ceiling, &rule) &&
		    (ceiling < 0 || rule >= p->n_ceilings))
			abort();
		gb_policy_waiver(p, "m", "TestA", (enum gb_metric)m);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct gb_policy *p = NULL;
	struct gb_err err = GB_ERR_INIT;
	int rc = gb_policy_parse("fuzz.json", (const char *)data, size, NOW, &p, &err);

	if (rc < 0) {
		if (!err.line[0] || err.code != rc)
			abort();
		return 0;
	}
	ask(p);
	gb_policy_free(p);
	return 0;
}
