/* escape: what the compilers of Go 1.21 to 1.27 say of one source, and lines that lie. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "escape_fixture.h"

static const struct expected {
	int line;
	const char *func, *expr;
	enum gb_keeper keeper;
	const char *says;
} shapes[] = {
	{ 16, "init", "map[string]func(){}", GB_KEPT_GLOBAL,
	  "map[string]func(){} stored in globals" },
	{ 23, "result", "x", GB_KEPT_RETURN, "x returned" },
	{ 28, "store", "y", GB_KEPT_GLOBAL, "y stored in global" },
	{ 33, "mapStore", "i", GB_KEPT_ELEMENT, "i captured by a closure, stored in m[i]" },
	{ 34, "mapStore", "func literal", GB_KEPT_ELEMENT,
	  "closure mapStore.func1 with i (by reference, 8 B), stored in m[i]" },
	{ 34, "mapStore.func1", "i", GB_KEPT_CALL, "i copied to the heap, passed to fmt.Println" },
	{ 39, "started", "x", GB_KEPT_GO, "x captured by a closure, held by a goroutine" },
	{ 40, "started", "func literal", GB_KEPT_GO,
	  "closure started.func1 with x (by reference, 8 B), held by a goroutine" },
	{ 49, "deferred", "x", GB_KEPT_DEFER, "x captured by a closure, held by a deferred call" },
	{ 50, "deferred.func1", "x", GB_KEPT_CALL, "x copied to the heap, passed to fmt.Println" },
	{ 51, "deferred", "i", GB_KEPT_DEFER, "i captured by a closure, held by a deferred call" },
	{ 52, "deferred", "func literal", GB_KEPT_DEFER,
	  "closure deferred.func2 with x (by reference, 8 B), i (by reference, 8 B), held by a "
	  "deferred call" },
	{ 57, "boxed", "n", GB_KEPT_RETURN, "n copied to the heap, returned" },
	{ 61, "printed", "n", GB_KEPT_CALL, "n copied to the heap, passed to fmt.Println" },
	{ 61, "printed", "s", GB_KEPT_CALL, "s copied to the heap, passed to fmt.Println" },
	{ 61, "printed", "\"constant\"", GB_KEPT_CALL,
	  "\"constant\" copied to the heap, passed to fmt.Println" },
	{ 61, "printed", "1.5", GB_KEPT_CALL, "1.5 copied to the heap, passed to fmt.Println" },
	{ 62, "printed", "s", GB_KEPT_GLOBAL, "s copied to the heap, stored in iface" },
	{ 65, "appended", "n", GB_KEPT_APPEND, "n appended to slice" },
	{ 66, "appended", "append", GB_KEPT_UNKNOWN, "append allocated on the heap" },
	{ 70, "sent", "v", GB_KEPT_SEND, "v sent on ch" },
	{ 77, "passed", "z", GB_KEPT_CALL, "z passed to keep" },
	{ 82, "field", "q", GB_KEPT_FIELD, "q stored in t.p" },
	{ 84, "field", "func literal", GB_KEPT_FIELD,
	  "closure field.func1 with q (by reference, 8 B), stored in t.fn" },
	{ 88, "made", "make([]byte, 1048576)", GB_KEPT_SIZE,
	  "make([]byte, 1048576) too large for stack" },
	{ 89, "made", "&thing{...}", GB_KEPT_ELEMENT, "&thing{...} stored in table[\"a\"]" },
	{ 89, "made", "new(int)", GB_KEPT_ELEMENT, "new(int) stored in table[\"a\"]" },
	{ 90, "made", "&thing{}", GB_KEPT_RETURN, "&thing{} returned" },
	{ 94, "counter", "n", GB_KEPT_RETURN, "n captured by a closure, returned" },
	{ 95, "counter", "func literal", GB_KEPT_RETURN,
	  "closure counter.func1 with n (by reference, 8 B), returned" },
	{ 102, "nested", "func literal", GB_KEPT_RETURN,
	  "closure nested.func1 with n (8 B), returned" },
	{ 103, "nested.func1", "k", GB_KEPT_RETURN, "k captured by a closure, returned" },
	{ 104, "nested.func1", "func literal", GB_KEPT_RETURN,
	  "closure nested.func1.1 with k (by reference, 8 B), n (8 B), returned" },
	{ 112, "(*server).serve", "func literal", GB_KEPT_CALL,
	  "closure (*server).serve.func1 with s (8 B), n (8 B), passed to time.AfterFunc" },
	{ 115, "(*server).loop", "n", GB_KEPT_CALL, "n copied to the heap, passed to fmt.Println" },
	{ 117, "(*server).method", "s.loop", GB_KEPT_RETURN,
	  "s.loop copied to the heap, returned" },
	{ 119, "generic[...]", "v", GB_KEPT_RETURN, "v returned" },
	{ 123, "init.func1", "x", GB_KEPT_RETURN, "x returned" },
	{ 125, "named", "a", GB_KEPT_RETURN, "a returned" },
	{ 125, "named", "b", GB_KEPT_RETURN, "b returned" },
	{ 136, "outlives", "j", GB_KEPT_LOOP, "j kept in last, which outlives it" },
};

#define SHAPES (sizeof(shapes) / sizeof(shapes[0]))

static bool is_old(const char *version)
{
	return strcmp(version, "go1.25") < 0;
}

/* What an older compiler does not say, or says in other words. */
static struct expected as_said(const struct expected *x, const char *version)
{
	struct expected y = *x;

	if (!strcmp(version, "go1.21") && !strcmp(x->expr, "make([]byte, 1048576)")) {
		y.expr = "make([]byte, 1 << 20)";
		y.says = "make([]byte, 1 << 20) too large for stack";
	}
	if (is_old(version) && !strcmp(x->func, "init.func1"))
		y.func = "";
	if (is_old(version) && !strcmp(x->expr, "append"))
		y.expr = NULL;
	return y;
}

static const struct gb_escape *find(const struct gb_escapes *e, const struct expected *x)
{
	const struct gb_escape *v;
	size_t n = gb_escapes_at(e, "shapes.go", x->line, &v);

	for (size_t i = 0; i < n; i++)
		if (!strcmp(v[i].expr, x->expr) && !strcmp(v[i].func, x->func))
			return &v[i];
	fail_msg("shapes.go:%d: no %s in %s", x->line, x->expr, x->func);
	return NULL;
}

static void check_shapes(const char *version)
{
	_escapes_ struct gb_escapes *e = escape_fixture(version, "1.21");
	const struct gb_escape_package *p = gb_escapes_package(e, "example.com/shapes");
	size_t n = 0;

	for (size_t i = 0; i < SHAPES; i++) {
		_buf_ struct gb_buf says = GB_BUF_INIT(GB_MAX_NAME);
		struct expected x = as_said(&shapes[i], version);
		const struct gb_escape *v;

		if (!x.expr)
			continue;
		n++;
		v = find(e, &x);
		gb_escape_say(e, v, &says);
		if (strcmp(says.data, x.says) != 0 || v->keeper != x.keeper)
			fail_msg("%s, line %d: \"%s\" (%s)\n\tand not \"%s\"", version, x.line,
				 says.data, gb_keeper_name(v->keeper), x.says);
		assert_string_equal(v->package, "example.com/shapes");
		assert_false(v->in_test);
	}
	assert_int_equal(p->n, n);
	assert_int_equal(p->heap, n - 2); /* "constant" and 1.5 */
	assert_int_equal(p->go_minor, 21);
	assert_true(p->asked);
	assert_int_equal(gb_escapes_package(e, "example.com/shapes/rules")->heap, 32);
	assert_null(gb_escapes_package(e, "example.com/shape"));
}

static void test_every_shape_in_every_version(void **state)
{
	(void)state;
	for (int i = 0; i < ESCAPE_VERSIONS; i++)
		check_shapes(escape_versions[i]);
}

static void check_closures(const struct gb_escapes *e)
{
	static const struct {
		int line, end_line;
		const char *name, *outer, *captures;
		bool by_go, by_defer, heap;
		int loops;
	} rows[] = {
		{ 34, 34, "mapStore.func1", "mapStore", "i (by reference, 8 B)", false, false, true,
		  1 },
		{ 40, 42, "started.func1", "started", "x (by reference, 8 B)", true, false, true,
		  0 },
		{ 50, 50, "deferred.func1", "deferred", "x (by reference, 8 B)", false, true, false,
		  0 },
		{ 52, 52, "deferred.func2", "deferred",
		  "x (by reference, 8 B), i (by reference, 8 B)", false, true, true, 1 },
		{ 102, 105, "nested.func1", "nested", "n (8 B)", false, false, true, 0 },
		{ 104, 104, "nested.func1.1", "nested.func1", "k (by reference, 8 B), n (8 B)",
		  false, false, true, 0 },
		{ 112, 112, "(*server).serve.func1", "(*server).serve", "s (8 B), n (8 B)", false,
		  false, true, 0 },
		{ 144, 144, "stays.func1", "stays", "x (by reference, 8 B)", false, false, false,
		  0 },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct gb_closure *c = gb_escapes_closure_at(e, "shapes.go", rows[i].line);
		_buf_ struct gb_buf says = GB_BUF_INIT(GB_MAX_NAME);

		assert_non_null(c);
		gb_closure_say(c, &says);
		assert_string_equal(c->name, rows[i].name);
		assert_string_equal(c->outer, rows[i].outer);
		assert_string_equal(says.data, rows[i].captures);
		assert_int_equal(c->end_line, rows[i].end_line);
		assert_int_equal(c->by_go, rows[i].by_go);
		assert_int_equal(c->by_defer, rows[i].by_defer);
		assert_int_equal(c->heap, rows[i].heap);
		assert_int_equal(c->escape >= 0, rows[i].heap);
		assert_int_equal(c->loops, rows[i].loops);
		assert_ptr_equal(gb_escapes_closure_named(e, rows[i].name), c);
	}
}

static void test_closures_and_what_they_captured(void **state)
{
	const struct gb_closure *c;

	(void)state;
	for (int i = 0; i < ESCAPE_VERSIONS; i++) {
		_escapes_ struct gb_escapes *e = escape_fixture(escape_versions[i], "1.21");

		check_closures(e);
		c = gb_escapes_closure_around(e, "shapes.go", 104, 24);
		assert_string_equal(c->name, "nested.func1.1");
		c = gb_escapes_closure_around(e, "shapes.go", 104, 3);
		assert_string_equal(c->name, "nested.func1");
		assert_null(gb_escapes_closure_around(e, "shapes.go", 101, 1));
		assert_null(gb_escapes_closure_around(e, "shapes.go", 102, 9));
		assert_ptr_equal(gb_escapes_closure_named(e, "example.com/shapes.nested.func1"),
				 gb_escapes_closure_named(e, "nested.func1"));
		assert_null(gb_escapes_closure_named(e, "example.com/other.nested.func1"));
		assert_null(gb_escapes_closure_named(e, "nested.func2"));
		assert_null(gb_escapes_closure_at(e, "shapes.go", 1));
	}
}

static void test_ways_to_the_heap(void **state)
{
	(void)state;
	for (int i = 0; i < ESCAPE_VERSIONS; i++) {
		_escapes_ struct gb_escapes *e = escape_fixture(escape_versions[i], "1.21");
		const struct gb_escape *x;

		assert_int_equal(gb_escapes_at(e, "shapes.go", 82, &x), 1);
		assert_int_equal(x->n_steps, 4);
		assert_string_equal(x->steps[0].expr, "&q");
		assert_string_equal(x->steps[0].why, "address-of");
		assert_string_equal(x->steps[0].to, "{heap}");
		assert_string_equal(x->steps[0].file, "shapes.go");
		assert_int_equal(x->steps[0].line, 83);
		assert_int_equal(x->steps[0].col, 8);
		assert_string_equal(x->steps[1].expr, "t.p = &q");
		assert_int_equal(x->steps[1].way, 0);
		assert_string_equal(x->steps[2].why, "captured by a closure");
		assert_string_equal(x->steps[2].to, "{storage for func literal}");
		assert_int_equal(x->steps[2].way, 1);
		assert_int_equal(gb_escapes_at(e, "shapes.go", 33, &x), 1);
		assert_true(x->loop_var);
		assert_string_equal(e->closures[x->closure].name, "mapStore.func1");
		assert_int_equal(gb_escapes_at(e, "shapes.go", 1, &x), 0);
		assert_int_equal(gb_escapes_at(e, "shapes", 33, &x), 0);
		assert_int_equal(
			gb_escapes_in(e, "example.com/shapes/rules", "rules/rules.go", 31, &x), 1);
		assert_int_equal(gb_escapes_in(e, "example.com/shapes", "rules/rules.go", 31, &x),
				 0);
	}
}

static void test_parameters_that_leak(void **state)
{
	(void)state;
	for (int i = 0; i < ESCAPE_VERSIONS; i++) {
		_escapes_ struct gb_escapes *e = escape_fixture(escape_versions[i], "1.21");
		size_t to_go = 0;

		for (size_t k = 0; k < e->n_params; k++) {
			const struct gb_leak_param *p = &e->params[k];

			to_go += p->to_go;
			if (strcmp(p->func, "keep") != 0)
				continue;
			assert_string_equal(p->name, "p");
			assert_string_equal(p->to, "{heap}");
			assert_int_equal(p->derefs, 0);
			assert_false(p->receiver);
			assert_int_equal(p->n_steps, 1);
			assert_string_equal(p->steps[0].expr, "global = p");
		}
		/* (*server).serve, (*fixedBatch).Stop, (*batch).Close, (*batch).Stop */
		assert_int_equal(to_go, 4);
	}
}

/* The go command repeats names as they were when the cache was filled. */
static void test_names_do_not_depend_on_where_go_ran(void **state)
{
	static const char *const names[] = { "./x.go", "../../b/x.go", "a/b/x.go",
					     "example.com/m/b/x.go", "/home/m/b/x.go" };

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		_escapes_ struct gb_escapes *e = NULL;
		char text[512];

		assert_int_equal(gb_escapes_new(&e, NULL), 0);
		assert_int_equal(gb_escapes_add_package(e, "example.com/m/b", "/home/m/b",
							"example.com/m", "/home/m", "1.22", NULL),
				 0);
		snprintf(
			text, sizeof(text),
			"# example.com/m/b\n%s:3:2: x escapes to heap:\n%s:3:2:   flow: ~r0 = &x:\n"
			"%s:3:2:     from &x (address-of) at %s:4:9\n%s:3:2: moved to heap: x\n",
			names[i], names[i], names[i], names[i], names[i]);
		escape_feed(e, text);
		/* A second time, as another run wrote it. */
		escape_feed(e, "# example.com/m/b [example.com/m/b.test]\n"
			       "./x.go:3:2: moved to heap: x\n./x_test.go:9:2: moved to heap: y\n");
		assert_int_equal(gb_escapes_finish(e, NULL), 0);
		assert_int_equal(e->n, 2);
		assert_string_equal(e->v[0].file, "b/x.go");
		assert_string_equal(e->v[0].steps[0].file, "b/x.go");
		assert_string_equal(e->v[1].file, "b/x_test.go");
		assert_true(e->v[1].in_test);
		assert_int_equal(e->packages[0].heap, 1);
	}
}

static void test_files_of_other_folders(void **state)
{
	_escapes_ struct gb_escapes *e = NULL;

	(void)state;
	assert_int_equal(gb_escapes_new(&e, NULL), 0);
	assert_int_equal(gb_escapes_add_package(e, "example.com/m/b", "/home/m/b", "example.com/m",
						"/home/m", "", NULL),
			 0);
	escape_feed(e, "# example.com/m/b\n"
		       "b/x.go:3:2: x escapes to heap:\n"
		       "b/x.go:3:2:   flow: {heap} = &x:\n"
		       "b/x.go:3:2:     from y = &x (assign) at a/y.go:4:9\n"
		       "b/x.go:3:2:     from z (reference) at /usr/go/src/z.go:1:1\n"
		       "b/x.go:3:2: moved to heap: x\n"
		       "# example.com/m/c\nc/c.go:1:1: moved to heap: c\n"
		       "# example.com/n\n./n.go:1:1: moved to heap: n\n");
	assert_int_equal(gb_escapes_finish(e, NULL), 0);
	assert_int_equal(e->n, 3);
	assert_string_equal(e->v[0].steps[0].file, "a/y.go");
	assert_string_equal(e->v[0].steps[1].file, "/usr/go/src/z.go");
	/* Not asked for, but of the same module; and one that is of none. */
	assert_string_equal(e->v[1].file, "c/c.go");
	assert_false(gb_escapes_package(e, "example.com/m/c")->asked);
	assert_string_equal(e->v[2].file, "n.go");
	assert_int_equal(gb_escapes_package(e, "example.com/m/b")->go_minor, 0);
}

static void test_lines_that_are_no_diagnostics(void **state)
{
	static const struct {
		const char *line;
		int rc;
	} rows[] = {
		{ "go: downloading example.com/x v1.0.0", 0 },
		{ "./x.go:1:2: undefined: y", 0 },
		{ "./x.go:1:2: x declared and not used", 0 },
		{ "", 0 },
		{ "#", 0 },
		{ "# ", 1 },
		{ "# example.com/m", 1 },
		{ "# [example.com/m]", 1 },
		{ "# example.com/m.test", 1 },
		{ "<autogenerated>:1: parameter x leaks to {heap} with derefs=1:", 1 },
		{ "./x.go:1:2: x does not escape", 1 },
		{ "./x.go:1:2: can inline f with cost 3 as: func() {}", 1 },
		{ "./x.go:1:2: leaking param: x", 1 },
		{ "./x.go:1:1: parameter leaks to x with derefs=1:", 0 },
		{ "./x.go:1:2:   flow: nothing", 1 },
		{ "./x.go:1:2:     from nothing", 1 },
		{ "x.go:99999999999:1: moved to heap: x", 0 },
		{ "x.go:1: moved to heap: x", 0 },
		{ ":1:1: moved to heap: x", 0 },
		{ "./x.go:1:1: escapes to heap", 0 },
		{ "./x.go:1:1: x escapes to heap in :", 0 },
		{ "./x.go:1:1: parameter p leaks to ", 0 },
		{ "./x.go:1:1: parameter p leaks to with derefs=1:", 1 },
		{ "./x.go:1:1: f capturing by ref: ", 0 },
		{ "./x.go:1:1: f capturing by chance: x (width=8)", 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		_escapes_ struct gb_escapes *e = NULL;

		assert_int_equal(gb_escapes_new(&e, NULL), 0);
		escape_feed(e, "# example.com/m");
		if (gb_escapes_line(e, rows[i].line, strlen(rows[i].line), NULL) != rows[i].rc)
			fail_msg("%s: not %d", rows[i].line, rows[i].rc);
		assert_int_equal(gb_escapes_finish(e, NULL), 0);
		assert_int_equal(e->n, 0);
	}
}

static void test_a_flow_of_nothing_is_no_step(void **state)
{
	_escapes_ struct gb_escapes *e = NULL;

	(void)state;
	assert_int_equal(gb_escapes_new(&e, NULL), 0);
	escape_feed(e, "# m\n./x.go:1:1: x escapes to heap:\n./x.go:1:1:   flow: = x:\n"
		       "./x.go:1:1:   flow: \n./x.go:1:1:     from  (assign) at ./x.go:1:1\n"
		       "./x.go:1:1: moved to heap: x\n");
	assert_int_equal(gb_escapes_finish(e, NULL), 0);
	assert_int_equal(e->n, 1);
	assert_int_equal(e->v[0].n_steps, 0);
}

static void test_a_nul_is_no_end(void **state)
{
	static const char line[] = "./x.go:1:1: moved to heap: x\0y";
	_escapes_ struct gb_escapes *e = NULL;

	(void)state;
	assert_int_equal(gb_escapes_new(&e, NULL), 0);
	escape_feed(e, "# example.com/m");
	assert_int_equal(gb_escapes_line(e, line, sizeof(line) - 1, NULL), 0);
	assert_int_equal(gb_escapes_finish(e, NULL), 0);
	assert_int_equal(e->n, 0);
}

static void test_constants_and_empty_closures_do_not_count(void **state)
{
	static const struct {
		const char *expr;
		bool counts;
	} rows[] = {
		{ "\"text\"", false },
		{ "\"a \\\" b\"", false },
		{ "12", false },
		{ "-1.5e+06", false },
		{ "true", false },
		{ "'x'", false },
		{ "time.Duration(5)", false },
		{ "f(12)", true },
		{ "\"a\" + b", true },
		{ "\"a\" + b + \"c\"", true },
		{ "x", true },
		{ "x12", true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		_escapes_ struct gb_escapes *e = NULL;
		char line[128];

		assert_int_equal(gb_escapes_new(&e, NULL), 0);
		snprintf(line, sizeof(line), "# m\n./x.go:1:1: %s escapes to heap", rows[i].expr);
		escape_feed(e, line);
		assert_int_equal(gb_escapes_finish(e, NULL), 0);
		assert_int_equal(e->n, 1);
		if (gb_escape_counts(e, &e->v[0]) != rows[i].counts)
			fail_msg("%s", rows[i].expr);
	}
}

static void test_too_much_is_refused(void **state)
{
	_escapes_ struct gb_escapes *e = NULL;
	struct gb_err err = GB_ERR_INIT;
	int rc = 0;

	(void)state;
	assert_int_equal(gb_escapes_new(&e, NULL), 0);
	escape_feed(e, "# m");
	for (size_t i = 0; i <= GB_MAX_ESCAPES && rc >= 0; i++)
		rc = gb_escapes_line(e, "x.go:1:1: moved to heap: x", 26, &err);
	assert_int_equal(rc, GB_ELIMIT);
	assert_non_null(strstr(err.line, "1000000"));
}

static int whole(struct gb_err *err)
{
	static const char said[] =
		"# example.com/m\n"
		"./x.go:3:2: x escapes to heap in f:\n"
		"./x.go:3:2:   flow: {heap} \xe2\x86\x90 &x:\n"
		"./x.go:3:2:     from y = &x (assign) at ./x.go:4:9\n"
		"./x.go:3:2: moved to heap: x\n"
		"./x.go:3:2: f capturing by ref: x (addr=true assign=true width=8)\n"
		"./x.go:5:2: parameter p leaks to {heap} for f with derefs=0:\n";
	_escapes_ struct gb_escapes *e = NULL;
	int rc = gb_escapes_new(&e, err);

	if (!rc)
		rc = gb_escapes_add_package(e, "example.com/m", GB_SOURCE_DIR "/tests/unit/escapes",
					    "example.com/m", GB_SOURCE_DIR "/tests/unit/escapes",
					    "1.21", err);
	for (const char *at = said; !rc && *at;) {
		size_t len = strcspn(at, "\n");

		rc = gb_escapes_line(e, at, len, err);
		rc = rc > 0 ? 0 : rc;
		at += len + 1;
	}
	return rc ? rc : gb_escapes_finish(e, err);
}

static void test_memory_runs_out_at_every_place(void **state)
{
	int rc = GB_ENOMEM;

	(void)state;
	for (size_t n = 1; rc == GB_ENOMEM; n++) {
		struct gb_err err = GB_ERR_INIT;

		gb_mem_fail_at(n);
		rc = whole(&err);
		gb_mem_fail_at(0);
		assert_true(rc == 0 || (rc == GB_ENOMEM && err.code == GB_ENOMEM));
		assert_true(n < 1000);
	}
}

static void test_every_kind_and_keeper_has_a_name(void **state)
{
	(void)state;
	for (int k = 0; k <= GB_ESCAPE_VALUE; k++)
		assert_true(gb_escape_kind_name((enum gb_escape_kind)k)[0]);
	for (int k = 0; k <= GB_KEPT_LOOP; k++)
		assert_true(gb_keeper_name((enum gb_keeper)k)[0]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_shape_in_every_version),
		cmocka_unit_test(test_closures_and_what_they_captured),
		cmocka_unit_test(test_ways_to_the_heap),
		cmocka_unit_test(test_parameters_that_leak),
		cmocka_unit_test(test_names_do_not_depend_on_where_go_ran),
		cmocka_unit_test(test_files_of_other_folders),
		cmocka_unit_test(test_lines_that_are_no_diagnostics),
		cmocka_unit_test(test_a_flow_of_nothing_is_no_step),
		cmocka_unit_test(test_a_nul_is_no_end),
		cmocka_unit_test(test_constants_and_empty_closures_do_not_count),
		cmocka_unit_test(test_too_much_is_refused),
		cmocka_unit_test(test_memory_runs_out_at_every_place),
		cmocka_unit_test(test_every_kind_and_keeper_has_a_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
