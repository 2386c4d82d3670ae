/* reasons: what tells an escape from a new one comes back, and nothing else does. */
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
#include "escape/reasons.h"

static void test_round_trip(void **state)
{
	struct gb_escape v[] = {
		{ .package = "example.com/b", .func = "F", .expr = "x", .keeper = GB_KEPT_GO },
		{ .package = "example.com/a",
		  .func = "(*T).G",
		  .expr = "make([]byte, n)",
		  .keeper = GB_KEPT_LOOP },
		{ .package = "example.com/a", .func = "", .expr = "&T{}", .line = 4 },
		{ .package = "example.com/a", .func = "", .expr = "&T{}", .line = 9 },
	};
	const struct gb_escapes all = { .v = v, .n = 4 };
	_buf_ struct gb_buf text = GB_BUF_INIT(GB_KIB), again = GB_BUF_INIT(GB_KIB);
	_escapes_ struct gb_escapes *e = NULL;

	(void)state;
	gb_reasons_write(&all, &text);
	assert_false(text.failed);
	assert_int_equal(gb_reasons_read(text.data, text.len, &e, NULL), 0);
	/* One reason at two places is one. */
	assert_int_equal(e->n, 3);
	assert_string_equal(e->v[0].expr, "&T{}");
	assert_string_equal(e->v[0].func, "");
	assert_int_equal(e->v[0].keeper, GB_KEPT_UNKNOWN);
	assert_string_equal(e->v[1].func, "(*T).G");
	assert_int_equal(e->v[1].keeper, GB_KEPT_LOOP);
	assert_string_equal(e->v[2].package, "example.com/b");
	gb_reasons_write(e, &again);
	assert_string_equal(again.data, text.data);
}

static void test_nothing(void **state)
{
	const struct gb_escapes none = { 0 };
	_buf_ struct gb_buf text = GB_BUF_INIT(GB_KIB);
	_escapes_ struct gb_escapes *e = NULL;

	(void)state;
	gb_reasons_write(&none, &text);
	assert_int_equal(gb_reasons_read(text.data, text.len, &e, NULL), 0);
	assert_int_equal(e->n, 0);
}

static void test_refused(void **state)
{
	static const char *const rows[] = {
		"",
		"gobudget reasons 2\n",
		"gobudget reasons 1",
		"gobudget reasons 1\nx\ta\tb\tc\n",
		"gobudget reasons 1\n-1\ta\tb\tc\n",
		"gobudget reasons 1\n99\ta\tb\tc\n",
		"gobudget reasons 1\n1\ta\tb\n",
		"gobudget reasons 1\n1\ta\tb\tc",
		"gobudget reasons 1\n\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct gb_escapes *e = NULL;
		struct gb_err err = GB_ERR_INIT;

		if (gb_reasons_read(rows[i], strlen(rows[i]), &e, &err) != GB_EPARSE || e ||
		    !err.line[0])
			fail_msg("row %zu", i);
	}
}

static void test_a_tab_cannot_be_said(void **state)
{
	struct gb_escape v = { .package = "a", .func = "F", .expr = "x\ty" };
	const struct gb_escapes all = { .v = &v, .n = 1 };
	_buf_ struct gb_buf text = GB_BUF_INIT(GB_KIB);

	(void)state;
	gb_reasons_write(&all, &text);
	assert_true(text.failed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_nothing),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_a_tab_cannot_be_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
