/* Records: whatever a process wrote, it is read and merged, or refused with its line. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "go/record.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct gb_package *p)
{
	for (size_t i = 0; i < p->n_tests; i++) {
		const struct gb_test *t = &p->tests[i];

		if (!t->name || gb_package_test(p, t->name) != t)
			abort();
		for (size_t s = 0; s < t->n_samples; s++)
			for (int m = 0; m < GB_METRICS; m++)
				if (t->samples[s].v[m] < 0)
					abort();
		for (size_t g = 0; g < t->n_groups; g++)
			if (t->groups[g].count < 0 || !t->groups[g].state ||
			    !t->groups[g].fingerprint)
				abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_run_ struct gb_run *run = gb_run_new(NULL);
	struct gb_package *p;

	if (!run || gb_run_add_package(run, "example.com/shop", &p, NULL) < 0)
		return 0;
	p->module_dir = gb_strdup("/home/me/shop");
	/* Twice: what a rerun brings is merged with what is there. */
	for (int i = 0; i < 2; i++) {
		struct gb_err err = GB_ERR_INIT;
		struct gb_record r;
		int rc = gb_record_parse("fuzz", (const char *)data, size, &r, &err);

		if (rc < 0) {
			if (!err.line[0] || err.code != rc)
				abort();
			return 0;
		}
		(void)gb_record_merge(&r, p, i, i ? GB_EXACT : GB_IN_ORDER, &err);
		gb_record_release(&r);
	}
	gb_run_sort(run);
	check(p);
	/* As runs of --stress. */
	for (int i = 0; i < 2; i++)
		gb_run_fold(run, i);
	check(p);
	return 0;
}
