/* modules: what two go.mod files say of versions, and when that is not all they say. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "plan/modules.h"

#define HEAD "{\"Module\": {\"Path\": \"m\"}, \"Go\": \"1.21\", "

static void test_compare(void **state)
{
	static const struct {
		const char *before, *now, *moved;
		bool all;
	} rows[] = {
		{ HEAD "\"Require\": null}", HEAD "\"Require\": null}", "", false },
		{ HEAD "\"Require\": [{\"Path\": \"a\", \"Version\": \"v1\"}, {\"Path\": \"b\", "
		       "\"Version\": \"v1\"}]}",
		  HEAD "\"Require\": [{\"Path\": \"b\", \"Version\": \"v1\", \"Indirect\": true}, "
		       "{\"Path\": \"a\", \"Version\": \"v2\"}]}",
		  "a ", false },
		{ HEAD "\"Require\": [{\"Path\": \"a\", \"Version\": \"v1\"}]}",
		  HEAD "\"Require\": [{\"Path\": \"b\", \"Version\": \"v1\"}]}", "a b ", false },
		{ HEAD "\"Replace\": null}",
		  HEAD "\"Replace\": [{\"Old\": {\"Path\": \"a\"}, \"New\": {\"Path\": \"./a\"}}]}",
		  "a ", false },
		{ HEAD "\"Replace\": [{\"Old\": {\"Path\": \"a\"}, \"New\": {\"Path\": \"f\", "
		       "\"Version\": \"v1\"}}]}",
		  HEAD "\"Replace\": [{\"Old\": {\"Path\": \"a\"}, \"New\": {\"Path\": \"f\", "
		       "\"Version\": \"v2\"}}]}",
		  "a ", false },
		{ HEAD "\"Exclude\": null, \"Retract\": null}",
		  HEAD "\"Exclude\": [{\"Path\": \"a\", \"Version\": \"v1\"}], \"Retract\": [{}]}",
		  "", false },
		{ HEAD "\"Require\": null}", HEAD "\"Toolchain\": \"go1.26.8\"}", "", true },
		{ HEAD "\"Require\": null}", HEAD "\"Godebug\": [{\"Key\": \"k\"}]}", "", true },
		{ "{\"Go\": \"1.21\"}", "{\"Go\": \"1.22\"}", "", true },
		{ "{\"Go\": \"1.16\"}", "{\"Go\": \"1.16\"}", "", true },
		{ "{\"Go\": \"1.17\"}", "{\"Go\": \"1.17\"}", "", false },
		{ "{}", "{}", "", true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		_strlist_ struct gb_strlist moved = GB_STRLIST_INIT;
		_buf_ struct gb_buf text = GB_BUF_INIT(GB_KIB);
		bool all;

		assert_int_equal(gb_plan_modules_compare(rows[i].before, strlen(rows[i].before),
							 rows[i].now, strlen(rows[i].now), &moved,
							 &all, NULL),
				 0);
		for (size_t k = 0; k < moved.n; k++)
			gb_buf_addf(&text, "%s ", moved.v[k]);
		if (all != rows[i].all || strcmp(text.data, rows[i].moved) != 0)
			fail_msg("row %zu: %s%s", i, text.data, all ? "all" : "");
	}
}

static void test_refused(void **state)
{
	static const char *const rows[] = { "", "[]", "{", "{} {}" };
	struct gb_err err = GB_ERR_INIT;
	struct gb_strlist moved = GB_STRLIST_INIT;
	bool all;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(gb_plan_modules_compare("{}", 2, rows[i], strlen(rows[i]), &moved,
							 &all, &err),
				 GB_EPARSE);
	assert_true(err.line[0]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_compare),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
