/* escape_source: functions, closures and loops of Go sources, odd ones too. */
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
#include "escape/source.h"

static struct gb_source *read_text(const char *text)
{
	struct gb_source *s = NULL;
	struct gb_err err = GB_ERR_INIT;

	if (gb_source_read(text, strlen(text), &s, &err) < 0)
		fail_msg("%s", err.line);
	return s;
}

/* "F F.func1@1g" ...: names, loops around them, how they are called. */
static void functions(const struct gb_source *s, struct gb_buf *out)
{
	for (size_t i = 0; i < s->n_funcs; i++) {
		const struct gb_source_func *f = &s->funcs[i];

		gb_buf_addf(out, "%s%s", i ? " " : "", f->name[0] ? f->name : "?");
		if (f->loops)
			gb_buf_addf(out, "@%d", f->loops);
		gb_buf_adds(out, f->by_go ? "g" : f->by_defer ? "d" : "");
	}
}

static void test_functions(void **state)
{
	static const struct {
		const char *text, *names;
	} rows[] = {
		{ "", "" },
		{ "func F() {}", "F" },
		{ "func F()", "" },
		{ "func (t T) M() {}\nfunc (t *T) P() {}\nfunc (*T) Q() {}\nfunc (T) R() {}",
		  "T.M (*T).P (*T).Q T.R" },
		{ "func F[T any, U ~[]T](x T) *T { return nil }", "F[...]" },
		{ "func (l *List[T]) Push(x T) {}\nfunc (l List[K, V]) Len() int { return 0 }",
		  "(*List[...]).Push List[...].Len" },
		{ "func F() { a := func() {}; b := func() { c := func() {} } }",
		  "F F.func1 F.func2 F.func2.1" },
		{ "var f = func() { g := func() {} }", "? ?" },
		{ "var f func() = func() {}", "?" },
		{ "type F func(int) error\nvar x map[string]func()\nfunc G() {}", "G" },
		{ "type T struct {\n\tf func()\n\tg func() int\n}\nfunc G() {}", "G" },
		{ "type I interface {\n\tM(func()) func() error\n}\nfunc G() {}", "G" },
		{ "func F() func(int) (a, b error) { return func(int) (a, b error) { return } }",
		  "F F.func1" },
		{ "func F() (f func() struct{ x int }) { return nil }", "F" },
		{ "func F() map[string]chan<- []*pkg.T[int] { return nil }", "F" },
		{ "func F() interface{ M() } { go func() {}(); defer func() {}() }",
		  "F F.func1g F.func2d" },
		{ "func F() { x := []func(){g, h}; y := map[string]func(){\"a\": func() {}} }",
		  "F F.func1" },
		{ "func F() { var f func(int) string; f(1) }", "F" },
		{ "func F() { for { func() {}() }\n func() {}() }", "F F.func1@1 F.func2" },
		{ "func F() { for i := range []int{1, 2} { for x < y { go func() {}() } } }",
		  "F F.func1@2g" },
		{ "func F() { for _, v := range []struct{ a int }{{1}} { h(func() {}) } }",
		  "F F.func1@1" },
		{ "func F() { for f := func() bool { return true }; f(); { h(func() {}) } }",
		  "F F.func1 F.func2@1" },
		{ "func F() { for x := range m[T{1}.k] { h(func() {}) } }", "F F.func1@1" },
		{ "func F() { for { func() { func() {}() }() } }", "F F.func1@1 F.func1.1" },
		{ "// func A() {\n/* func B() {} */ func C() { \"func() {\"; `}\n{`; '{'; '\\'' }",
		  "C" },
		{ "// func A() {\n/* x */\nfunc C() { _ = \"func() {\"; _ = `}\n{`; _, _ = '{', "
		  "'\\'' "
		  "}\nfunc D() {}",
		  "C D" },
		{ "func F() { if a < b && c > -d { x <- 1e+3; y := 0x1p-2 } }\nfunc G() {}",
		  "F G" },
		{ "func F() { switch { case x: func() {}() } }", "F F.func1" },
		{ "func F() {", "F" },
		{ "func F() { ( [ { func() {", "F F.func1" },
		{ "}}} ))) func F() {}\nfunc G() {}", "G" },
		{ "func", "" },
		{ "func (", "" },
		{ "func ( t T ) ", "" },
		{ "func F[", "" },
		{ "for for for {", "" },
		{ "func F() { for", "F" },
		{ "func F() { for i", "F" },
		{ "func F() { for i, ", "F" },
		{ "\"unclosed\nfunc F() {}", "F" },
		{ "`unclosed\nfunc F() {}", "" },
		{ "/* unclosed\nfunc F() {}", "" },
		{ "'", "" },
		{ "\"\\", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		_source_ struct gb_source *s = read_text(rows[i].text);
		_buf_ struct gb_buf names = GB_BUF_INIT(GB_MAX_LINE);

		functions(s, &names);
		if (strcmp(names.data, rows[i].names) != 0)
			fail_msg("%s\n\thas %s\n\tand not %s", rows[i].text, names.data,
				 rows[i].names);
	}
}

static void test_loops_and_their_variables(void **state)
{
	static const struct {
		const char *text;
		int loops;
		const char *first, *second; /* of the last loop */
	} rows[] = {
		{ "func F() { for i := 0; i < 3; i++ {} }", 1, "i", NULL },
		{ "func F() { for k, v := range m {} }", 1, "k", "v" },
		{ "func F() { for k, v = range m {} }", 1, NULL, NULL },
		{ "func F() { for range m {} }", 1, NULL, NULL },
		{ "func F() { for {} }", 1, NULL, NULL },
		{ "func F() { for i := range m { for j := range n {} } }", 2, "j", NULL },
		{ "func F() { format := 1; x.fork() }", 0, NULL, NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		_source_ struct gb_source *s = read_text(rows[i].text);
		const struct gb_source_loop *l = s->n_loops ? &s->loops[s->n_loops - 1] : NULL;

		assert_int_equal(s->n_loops, rows[i].loops);
		if (!l)
			continue;
		assert_int_equal(l->vars[0] != 0, rows[i].first != NULL);
		assert_int_equal(l->vars[1] != 0, rows[i].second != NULL);
		assert_true(!rows[i].first || gb_token_is(s, l->vars[0], rows[i].first));
		assert_true(!rows[i].second || gb_token_is(s, l->vars[1], rows[i].second));
		assert_int_equal(l->depth, rows[i].loops - 1);
	}
}

static uint32_t token_at(const struct gb_source *s, int line, int col)
{
	int64_t off = gb_source_offset(s, line, col);

	assert_true(off >= 0);
	return gb_source_token(s, off);
}

static void test_places(void **state)
{
	static const char text[] = "package p\n\nfunc F(a int) {\n\tfor {\n\t\tg(func(b int) {\n"
				   "\t\t\tx.a = b\n\t\t})\n\t}\n\ty := T{a: a}\n}\n";
	_source_ struct gb_source *s = read_text(text);
	int line, col;

	(void)state;
	assert_string_equal(s->funcs[gb_source_func_around(s, token_at(s, 3, 8))].name, "F");
	assert_string_equal(s->funcs[gb_source_func_around(s, token_at(s, 5, 5))].name, "F");
	assert_string_equal(s->funcs[gb_source_func_around(s, token_at(s, 5, 10))].name, "F.func1");
	assert_string_equal(s->funcs[gb_source_func_around(s, token_at(s, 6, 4))].name, "F.func1");
	assert_string_equal(s->funcs[gb_source_func_around(s, token_at(s, 9, 2))].name, "F");
	assert_int_equal(gb_source_func_around(s, token_at(s, 1, 1)), -1);
	assert_int_equal(gb_source_func_around(s, token_at(s, 3, 1)), -1);
	assert_int_equal(gb_source_loop_around(s, token_at(s, 6, 4)), 0);
	assert_int_equal(gb_source_loop_around(s, token_at(s, 4, 2)), -1);
	assert_int_equal(gb_source_loop_around(s, token_at(s, 9, 2)), -1);
	assert_true(gb_token_is_use(s, token_at(s, 6, 10)));
	assert_false(gb_token_is_use(s, token_at(s, 6, 6))); /* .a */
	assert_false(gb_token_is_use(s, token_at(s, 9, 9))); /* a: */
	assert_true(gb_token_is_use(s, token_at(s, 9, 12)));
	gb_source_place(s, (uint32_t)gb_source_offset(s, 6, 4), &line, &col);
	assert_int_equal(line, 6);
	assert_int_equal(col, 4);
	gb_source_place(s, 0, &line, &col);
	assert_int_equal(line, 1);
	assert_int_equal(col, 1);
	assert_int_equal(gb_source_offset(s, 0, 1), -1);
	assert_int_equal(gb_source_offset(s, 1, 0), -1);
	assert_int_equal(gb_source_offset(s, 99, 1), -1);
	assert_int_equal(gb_source_offset(s, 9, 9999), -1);
}

static void test_a_source_has_a_ceiling(void **state)
{
	_free_ char *text = gb_malloc(GB_MAX_GO_SOURCE + 1);
	struct gb_source *s = NULL;
	struct gb_err err = GB_ERR_INIT;

	(void)state;
	memset(text, '{', GB_MAX_GO_SOURCE + 1);
	assert_int_equal(gb_source_read(text, GB_MAX_GO_SOURCE + 1, &s, &err), GB_ELIMIT);
	assert_null(s);
	assert_int_equal(gb_source_read(text, GB_MAX_GO_SOURCE, &s, &err), 0);
	gb_source_free(s);
	gb_source_free(NULL);
}

static void test_memory_runs_out_at_every_place(void **state)
{
	static const char text[] = "func F() { for i := range x { go func() { g(func() {}) }() } }";
	int rc = GB_ENOMEM;

	(void)state;
	for (size_t n = 1; rc == GB_ENOMEM; n++) {
		_source_ struct gb_source *s = NULL;

		gb_mem_fail_at(n);
		rc = gb_source_read(text, strlen(text), &s, NULL);
		gb_mem_fail_at(0);
		assert_true(rc == 0 || (rc == GB_ENOMEM && !s));
		assert_true(n < 100);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_functions),
		cmocka_unit_test(test_loops_and_their_variables),
		cmocka_unit_test(test_places),
		cmocka_unit_test(test_a_source_has_a_ceiling),
		cmocka_unit_test(test_memory_runs_out_at_every_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
