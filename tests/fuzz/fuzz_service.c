/* Service budgets: whatever the bytes are, no crash; what is accepted is within its bounds. */
#include <stdint.h>
#include <stdlib.h>

#include "base/err.h"
#include "budget/service.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void look(const struct gb_service *s)
{
	const int64_t values[] = { s->goroutines, s->live_heap, s->blocked, s->growth_goroutines,
				   s->growth_heap };
	size_t rule = 0;

	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		if (values[i] < GB_SERVICE_NONE)
			abort();
	}
	if (s->proven < 0 || (s->blocked != GB_SERVICE_NONE && s->longer_min < 1))
		abort();
	if (gb_service_rule(s, "example.com/shop/store.Open.func1", &rule, NULL) < 0 ||
	    rule > s->n_sites)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct gb_service *s = NULL;
	struct gb_err err = GB_ERR_INIT;
	int rc = gb_service_parse("fuzz.json", (const char *)data, size, &s, &err);

	if (rc < 0) {
		if (!err.line[0] || err.code != rc)
			abort();
		return 0;
	}
	look(s);
	gb_service_free(s);
	return 0;
}
