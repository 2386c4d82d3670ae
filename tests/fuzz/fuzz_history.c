/* Entries of history's index: whatever the bytes are, no crash; what is read is written the same. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "budget/history_index.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_buf_ struct gb_buf text = GB_BUF_INIT(GB_MAX_CACHE_ENTRY);
	struct gb_err err = GB_ERR_INIT;
	struct gb_history h;
	int rc = history_index_read((const char *)data, size, &h, &err);

	if (rc < 0) {
		if (!err.line[0] || err.code != rc)
			abort();
		return 0;
	}
	history_index_write(&h, &text);
	gb_history_release(&h);
	if (!text.failed && (text.len != size || memcmp(text.data, data, size) != 0))
		abort();
	return 0;
}
