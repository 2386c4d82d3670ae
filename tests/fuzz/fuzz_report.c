/*
 * fuzz_report - any bytes as a report.
 *
 * Beyond not crashing: what is accepted can be rendered in every form, and its JSON is accepted
 * again and says the same.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "report/load.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void render(const struct gb_report *r)
{
	_buf_ struct gb_buf out = GB_BUF_INIT(16 * GB_MIB);

	gb_report_text(r, &(struct gb_text_options){ .width = 80, .verbose = true }, &out);
	gb_report_text(r, &(struct gb_text_options){ .width = 40, .quiet = true }, &out);
	gb_report_markdown(r, 8 * GB_KIB, &out);
	gb_report_html(r, &out);
	gb_report_junit(r, &out);
	gb_report_sarif(r, &out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_buf_ struct gb_buf first = GB_BUF_INIT(16 * GB_MIB), second = GB_BUF_INIT(16 * GB_MIB);
	_loaded_ struct gb_loaded *l = NULL, *again = NULL;
	struct gb_err err = GB_ERR_INIT;
	int rc = gb_report_load("fuzz", (const char *)data, size, &l, &err);

	if (rc < 0) {
		if (!err.line[0] || err.code != rc)
			abort();
		return 0;
	}
	render(&l->report);
	gb_report_json(&l->report, &first);
	if (first.failed)
		return 0;
	if (gb_report_load("again", first.data, first.len, &again, &err) < 0)
		abort();
	gb_report_json(&again->report, &second);
	if (strcmp(first.data, second.data) != 0)
		abort();
	return 0;
}
