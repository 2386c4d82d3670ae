/* unmeasured: the report of a run that came to nothing is a report like any other. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/fs.h"
#include "base/limits.h"
#include "cmd/files.h"
#include "cmd/unmeasured.h"
#include "report/load.h"
#include "tempdir.h"

static void test_reads_back(void **state)
{
	static const struct {
		int code;
		const char *line, *hint;
		int status;
		size_t notes;
		bool interrupted;
	} rows[] = {
		{ GB_EUSAGE, "budgets/x.json:3: \"a\": unknown key", "did you mean b?", 2, 2,
		  false },
		{ GB_EMEASURE, "go: no such tool", "", 3, 1, false },
		{ GB_EINTR, "interrupted", "", 3, 1, true },
		{ GB_ENOMEM, "", "", 3, 1, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct gb_files files = { .json = "report.json", .html = "report.html" };
		_loaded_ struct gb_loaded *loaded = NULL;
		_buf_ struct gb_buf text = GB_BUF_INIT(GB_MAX_REPORT),
				    again = GB_BUF_INIT(GB_MAX_REPORT);
		struct gb_err why = GB_ERR_INIT, err = GB_ERR_INIT;

		gb_fail(&why, rows[i].code, "%s", rows[i].line);
		if (rows[i].hint[0])
			gb_hint(&why, "%s", rows[i].hint);
		unmeasured(&files, "gobudget check", NULL, rows[i].code, &why);
		assert_true(gb_fs_exists("report.html"));
		if (gb_report_load_file("report.json", &loaded, &err) < 0)
			fail_msg("%s", err.line);
		assert_int_equal(loaded->report.exit_status, rows[i].status);
		assert_int_equal(loaded->report.notes.n, rows[i].notes);
		assert_string_equal(loaded->report.notes.v[0], rows[i].line);
		assert_int_equal(loaded->run->interrupted, rows[i].interrupted);
		gb_report_json(&loaded->report, &again);
		assert_int_equal(gb_fs_read("report.json", &text, NULL), 0);
		assert_string_equal(text.data, again.data);
	}
}

static void test_nothing_asked_for(void **state)
{
	const struct gb_files none = { 0 };
	struct gb_err why = GB_ERR_INIT;

	(void)state;
	gb_fail(&why, GB_EUSAGE, "no");
	unmeasured(&none, "gobudget check", NULL, GB_EUSAGE, &why);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reads_back),
		cmocka_unit_test(test_nothing_asked_for),
	};

	return cmocka_run_group_tests(tests, tempdir_enter, tempdir_leave);
}
