/* Budget files: whatever the bytes are, no crash; what is accepted is written stably. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "budget/budget.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct gb_budget_file *parse(const struct gb_buf *text)
{
	struct gb_budget_file *f = NULL;
	struct gb_err err = GB_ERR_INIT;

	/* What we wrote ourselves must be what we accept. */
	if (gb_budget_parse("fuzz.json", text->data, text->len, &f, &err) < 0)
		abort();
	return f;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_buf_ struct gb_buf first = GB_BUF_INIT(GB_MAX_BUDGET_FILE);
	_buf_ struct gb_buf second = GB_BUF_INIT(GB_MAX_BUDGET_FILE);
	struct gb_budget_file *f = NULL, *copy = NULL;
	struct gb_err err = GB_ERR_INIT;
	int rc = gb_budget_parse("fuzz.json", (const char *)data, size, &f, &err);

	if (rc < 0) {
		if (!err.line[0] || err.code != rc)
			abort();
		return 0;
	}
	if (gb_budget_write(f, &first, NULL) == 0) {
		gb_budget_file_free(f);
		f = parse(&first);
		if (gb_budget_file_copy(f, &copy, NULL) < 0 ||
		    gb_budget_write(copy, &second, NULL) < 0 ||
		    strcmp(first.data, second.data) != 0)
			abort();
		gb_budget_file_free(copy);
	}
	gb_budget_file_free(f);
	return 0;
}
