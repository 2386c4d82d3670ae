/* escape_diff: what is new on the heap and what is gone, wherever the lines went. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "escape/diff.h"
#include "escape_fixture.h"

/* "x@3 in F, kept in y; ..." makes a set: one value each, LINE FUNC EXPR KEPT. */
static struct gb_escapes *set(const char *values)
{
	struct gb_escapes *e = NULL;
	char func[64], expr[64], kept[64];
	int line, n;

	assert_int_equal(gb_escapes_new(&e, NULL), 0);
	assert_int_equal(gb_escapes_add_package(e, "m", "/nowhere", "m", "/nowhere", "1.22", NULL),
			 0);
	/* Compiled on the way, and not asked for: nothing of it is news. */
	if (*values)
		escape_feed(e, "# dep\ny.go:1:1: moved to heap: z\n");
	escape_feed(e, "# m");
	for (; sscanf(values, " %d %63s %63s %63s%n", &line, func, expr, kept, &n) == 4;
	     values += n) {
		char text[512];

		snprintf(text, sizeof(text),
			 "x.go:%d:1: %s escapes to heap in %s:\nx.go:%d:1:   flow: {heap} = &%s:\n"
			 "x.go:%d:1:     from %s = %s (assign) at x.go:9:9\nx.go:%d:1: moved to "
			 "heap: %s\n",
			 line, expr, func, line, expr, line, kept, expr, line, expr);
		escape_feed(e, text);
	}
	assert_int_equal(gb_escapes_finish(e, NULL), 0);
	return e;
}

static void list(struct gb_buf *out, const char *sign, const struct gb_escape *const *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		gb_buf_addf(out, "%s%s:%d ", sign, v[i]->expr, v[i]->line);
}

static void test_what_changed(void **state)
{
	static const struct {
		const char *base, *head, *changes;
	} rows[] = {
		{ "", "", "" },
		{ "1 F x g", "1 F x g", "" },
		{ "1 F x g", "7 F x g", "" },		/* moved */
		{ "1 F x g", "1 F x h", "" },		/* kept by another: no news */
		{ "1 F x g", "1 G x g", "+x:1 -x:1 " }, /* another function */
		{ "", "1 F x g", "+x:1 " },
		{ "1 F x g", "", "-x:1 " },
		{ "1 F x g 2 F x g", "1 F x g 2 F x g 3 F x g", "+x:3 " },
		{ "1 F x g 2 F x h", "5 F x i 6 F x g 7 F x h", "+x:5 " },
		{ "1 F x g 2 F x h 3 F x i", "5 F x i", "-x:1 -x:2 " },
		{ "1 F.func1 x g", "1 F.func1 y g 2 F.func2 x g", "+y:1 " },
		{ "1 (*T).M.func1.2 x g", "9 (*T).M.func3 x g", "" },
		{ "1 F.gowrap1 x g", "2 F x g", "" },
		{ "1 F.functional x g", "2 F x g", "+x:2 -x:1 " },
		{ "1 F a g 2 F c g", "1 F b g 2 F c g", "+b:1 -a:1 " },
		{ "3 F x g", "1 F x \"constant\" 3 F x g", "+x:1 " },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		_escapes_ struct gb_escapes *base = set(rows[i].base), *head = set(rows[i].head);
		_escape_diff_ struct gb_escape_diff d = { 0 };
		_buf_ struct gb_buf changes = GB_BUF_INIT(GB_MAX_LINE);

		assert_int_equal(gb_escape_diff(base, head, &d, NULL), 0);
		list(&changes, "+", d.fresh, d.n_fresh);
		list(&changes, "-", d.gone, d.n_gone);
		if (strcmp(changes.data, rows[i].changes) != 0)
			fail_msg("%s to %s is %s\n\tand not %s", rows[i].base, rows[i].head,
				 changes.data, rows[i].changes);
		for (size_t k = 0; k < head->n; k++) {
			bool is_new = false;

			for (size_t f = 0; f < d.n_fresh; f++)
				is_new |= d.fresh[f] == &head->v[k];
			assert_int_equal(gb_escape_diff_is_new(&d, &head->v[k]), is_new);
		}
	}
}

static void test_versions_of_one_source(void **state)
{
	_escapes_ struct gb_escapes *a = escape_fixture("go1.22", "1.21");
	_escapes_ struct gb_escapes *b = escape_fixture("go1.24", "1.21");
	_escape_diff_ struct gb_escape_diff d = { 0 };

	(void)state;
	assert_int_equal(gb_escape_diff(a, b, &d, NULL), 0);
	assert_int_equal(d.n_fresh, 0);
	assert_int_equal(d.n_gone, 0);
}

static void test_memory_runs_out_at_every_place(void **state)
{
	_escapes_ struct gb_escapes *base = set("1 F a g 2 F b g"), *head = set("1 F b g 2 F c g");
	int rc = GB_ENOMEM;

	(void)state;
	for (size_t n = 1; rc == GB_ENOMEM; n++) {
		_escape_diff_ struct gb_escape_diff d = { 0 };

		gb_mem_fail_at(n);
		rc = gb_escape_diff(base, head, &d, NULL);
		gb_mem_fail_at(0);
		assert_true(rc == 0 || (rc == GB_ENOMEM && !d.fresh && !d.gone));
		assert_true(n < 100);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_changed),
		cmocka_unit_test(test_versions_of_one_source),
		cmocka_unit_test(test_memory_runs_out_at_every_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
