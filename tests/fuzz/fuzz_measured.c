/* What was measured at a commit: whatever the bytes are, no crash; what is written is read again. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "budget/measured.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_buf_ struct gb_buf text = GB_BUF_INIT(GB_MAX_NOTE), again = GB_BUF_INIT(GB_MAX_NOTE);
	struct gb_measured_commit m = { 0 }, n = { 0 };
	struct gb_err err = GB_ERR_INIT;
	int rc = gb_measured_parse("fuzz", (const char *)data, size, &m, &err);

	if (rc < 0) {
		if (!err.line[0] || err.code != rc)
			abort();
		return 0;
	}
	gb_measured_write(&m, &text);
	if (!text.failed) {
		if (gb_measured_parse("again", text.data, text.len, &n, &err) < 0)
			abort();
		gb_measured_write(&n, &again);
		if (strcmp(text.data, again.data) != 0)
			abort();
	}
	gb_measured_release(&m);
	gb_measured_release(&n);
	return 0;
}
