/*
 * fuzz_alarms - any bytes as what trends wrote.
 *
 * Beyond not crashing: what is accepted can be told in every form, and fits where it goes.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "report/alarms.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void tell(const struct gb_alarms *a)
{
	const struct gb_alarm_look look = { "https://github.com/me/shop", 60000 };
	_buf_ struct gb_buf out = GB_BUF_INIT(GB_MAX_REPORT);

	for (size_t i = 0; i < a->n; i++) {
		gb_buf_clear(&out);
		gb_alarm_say(&a->v[i], &out);
		gb_buf_clear(&out);
		gb_alarm_title(&a->v[i], &out);
		gb_buf_clear(&out);
		gb_alarm_markdown(a, &a->v[i], &look, &out);
		if (out.len > 65000)
			abort();
		gb_buf_clear(&out);
		gb_alarms_markdown_rest(a, &i, 1, &look, &out);
	}
	gb_buf_clear(&out);
	gb_alarms_markdown(a, &look, &out);
	if (out.len > 65000)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct gb_alarms a = { 0 };
	struct gb_err err = GB_ERR_INIT;
	int rc = gb_alarms_load("fuzz", (const char *)data, size, &a, &err);

	if (rc < 0) {
		if (!err.line[0] || err.code != rc)
			abort();
		return 0;
	}
	tell(&a);
	gb_alarms_release(&a);
	return 0;
}
