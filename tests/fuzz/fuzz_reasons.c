/* Kept reasons of escapes: any bytes are refused with a line, or come back as they are read. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "escape/reasons.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(int condition)
{
	if (!condition)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_escapes_ struct gb_escapes *e = NULL, *again = NULL;
	_buf_ struct gb_buf text = GB_BUF_INIT(GB_MIB);
	struct gb_err err = GB_ERR_INIT;
	int rc = gb_reasons_read((const char *)data, size, &e, &err);

	if (rc) {
		check(err.line[0] && err.code == rc && !e);
		return 0;
	}
	gb_reasons_write(e, &text);
	if (text.failed)
		return 0;
	check(gb_reasons_read(text.data, text.len, &again, &err) == 0 && again->n <= e->n);
	return 0;
}
