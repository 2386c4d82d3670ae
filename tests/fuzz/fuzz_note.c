/* Notes: whatever the bytes are, no crash; what is written is read again and merges with itself. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "budget/note.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_buf_ struct gb_buf text = GB_BUF_INIT(GB_MAX_NOTE), merged = GB_BUF_INIT(GB_MAX_NOTE);
	struct gb_note note = { 0 };
	struct gb_err err = GB_ERR_INIT;
	int rc = gb_note_parse("fuzz", (const char *)data, size, &note, &err);

	if (rc < 0) {
		if (!err.line[0] || err.code != rc)
			abort();
		return 0;
	}
	gb_note_write(&note, &text);
	gb_note_release(&note);
	if (!text.failed && (gb_note_merge(text.data, text.data, &merged, &err) < 0 ||
			     strcmp(text.data, merged.data) != 0))
		abort();
	return 0;
}
