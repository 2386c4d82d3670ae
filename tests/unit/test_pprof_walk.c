/* pprof/walk, prune, edges: stacks from the outside in, frames that are dropped, who calls whom. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "pprof/edges.h"
#include "pprof_fixture.h"

static int print_stack(void *arg, const struct gb_stack *s, struct gb_err *err)
{
	struct gb_buf *out = arg;

	(void)err;
	gb_buf_addf(out, "%lld-%lld", (long long)s->value, (long long)s->base);
	for (size_t i = 0; i < s->n; i++) {
		const struct gb_frame *f = &s->frames[i];

		gb_buf_addf(out, " %s:%lld%s", *f->function ? f->function : f->binary,
			    (long long)f->line, f->inlined ? "+" : "");
	}
	gb_buf_addc(out, '\n');
	return 0;
}

static void expect(const struct gb_profile *p, const struct gb_profile *base,
		   const struct gb_profile_query *q, const char *want)
{
	_buf_ struct gb_buf got = GB_BUF_INIT(GB_MIB);

	assert_int_equal(gb_profile_walk(p, base, q, print_stack, &got, NULL), 0);
	assert_string_equal(got.data, want);
}

static void test_stacks(void **state)
{
	struct gb_profile_query q = { NULL, NULL, NULL };
	_profile_ struct gb_profile *p = pf_usual();

	(void)state;
	expect(p, NULL, &q,
	       "100-0 main.main:5 main.walk:20 main.leaf:40+\n"
	       "30-0 main.main:5 main.walk:20 main.walk:22 main.walk:22\n"
	       "7-0 main.main:5 /lib/libc.so:0\n");
	q.sample = "alloc_objects";
	q.focus = "leaf";
	expect(p, p, &q,
	       "1-0 main.main:5 main.walk:20 main.leaf:40+\n"
	       "0-1 main.main:5 main.walk:20 main.leaf:40+\n");
}

static int stop(void *arg, const struct gb_stack *s, struct gb_err *err)
{
	(void)s;
	++*(int *)arg;
	return gb_fail(err, GB_ELIMIT, "enough");
}

static int count(void *arg, const struct gb_stack *s, struct gb_err *err)
{
	(void)err;
	*(size_t *)arg += s->n;
	return 0;
}

static void test_a_walk_can_be_ended(void **state)
{
	struct gb_profile_query q = { NULL, NULL, NULL };
	_profile_ struct gb_profile *p = pf_usual();
	struct gb_err err = GB_ERR_INIT;
	int n = 0;

	(void)state;
	assert_int_equal(gb_profile_walk(p, p, &q, stop, &n, &err), GB_ELIMIT);
	assert_int_equal(n, 1);
	q.focus = "[";
	assert_int_equal(gb_profile_walk(p, NULL, &q, stop, &n, &err), GB_EUSAGE);
}

/* main <- a <- b <- c, with b inlined into a. */
static struct gb_profile *dropping(const char *drop, const char *keep)
{
	struct pf f;

	pf_begin(&f);
	pf_function(&f, 1, "main", "x.go", 1);
	pf_function(&f, 2, "lib.a", "x.go", 1);
	pf_function(&f, 3, "lib.b(int)", "x.go", 1);
	pf_function(&f, 4, "lib.c", "x.go", 1);
	pf_location(&f, 1, 0, 0, (int[]){ 1, 1, 0 });
	pf_location(&f, 2, 0, 0, (int[]){ 3, 3, 2, 2, 0 });
	pf_location(&f, 3, 0, 0, (int[]){ 4, 4, 0 });
	pf_sample(&f, (int[]){ 3, 2, 1, 0 }, 1, 1);
	pb_number(&f.out, 7, pf_string(&f, drop));
	pb_number(&f.out, 8, pf_string(&f, keep));
	return pf_load(&f);
}

static void test_drop_frames(void **state)
{
	static const struct {
		const char *drop, *keep, *want;
	} rows[] = {
		{ "", "", "1-0 main:1 lib.a:2 lib.b(int):3+ lib.c:4\n" },
		{ "lib\\.c", "", "1-0 main:1 lib.a:2 lib.b(int):3+\n" },
		{ "lib\\..*", "", "1-0 main:1\n" },
		/* Names are taken without the arguments that C++ has. */
		{ "lib\\.b", "", "1-0 main:1 lib.a:2\n" },
		{ "lib\\..*", "lib\\.a", "1-0 main:1 lib.a:2\n" },
		{ "lib", "", "1-0 main:1 lib.a:2 lib.b(int):3+ lib.c:4\n" }, /* whole names */
		/* Something must be left outside. */
		{ "main", "", "1-0 main:1 lib.a:2 lib.b(int):3+ lib.c:4\n" },
		/* Not ours to understand, or not safe to. */
		{ "(", "", "1-0 main:1 lib.a:2 lib.b(int):3+ lib.c:4\n" },
		{ "(lib.c){1,9}", "", "1-0 main:1 lib.a:2 lib.b(int):3+ lib.c:4\n" },
		{ "(.)\\1*", "", "1-0 main:1 lib.a:2 lib.b(int):3+ lib.c:4\n" },
		{ "lib.*", "(", "1-0 main:1 lib.a:2 lib.b(int):3+ lib.c:4\n" },
	};
	struct gb_profile_query q = { NULL, NULL, NULL };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		_profile_ struct gb_profile *p = dropping(rows[i].drop, rows[i].keep);

		expect(p, NULL, &q, rows[i].want);
	}
}

static void expect_edges(const struct gb_profile *p, const char *without, const char *want)
{
	struct gb_tally_options o = { .type = 1 };
	_tally_ struct gb_tally t = GB_TALLY_INIT;
	_edges_ struct gb_edges e = GB_EDGES_INIT;
	_buf_ struct gb_buf got = GB_BUF_INIT(GB_MIB);
	bool kept[16];

	assert_int_equal(gb_tally_make(&o, p, NULL, &t, NULL), 0);
	for (uint32_t i = 0; i < gb_nodes_count(t.nodes); i++)
		kept[i] = strcmp(gb_nodes_get(t.nodes, i)->function, without) != 0;
	assert_int_equal(gb_edges_make(&o, p, &t, kept, &e, NULL), 0);
	gb_edges_sort(&e);
	for (size_t i = 0; i < e.n; i++) {
		gb_node_name(gb_nodes_get(t.nodes, e.v[i].from), &got);
		gb_buf_adds(&got, e.v[i].residual ? " ... " : " -> ");
		gb_node_name(gb_nodes_get(t.nodes, e.v[i].to), &got);
		gb_buf_addf(&got, " %lld%s\n", (long long)e.v[i].weight,
			    e.v[i].inlined ? " inlined" : "");
	}
	assert_string_equal(got.data, want);
}

static void test_edges(void **state)
{
	_profile_ struct gb_profile *p = pf_usual();

	(void)state;
	/* A function that calls itself is no edge, and one sample counts once. */
	expect_edges(p, "nothing",
		     "main.main -> main.walk 130\nmain.walk -> main.leaf 100 inlined\n"
		     "main.main -> [libc.so] 7\n");
	expect_edges(p, "main.walk",
		     "main.main ... main.leaf 100 inlined\nmain.main -> [libc.so] 7\n");
}

static void test_every_allocation_may_fail(void **state)
{
	_profile_ struct gb_profile *p = pf_usual();
	bool kept[16] = { true, true, true, true, true, true };

	(void)state;
	for (size_t n = 1;; n++) {
		struct gb_profile_query q = { NULL, "main", "x" };
		struct gb_tally_options o = { .type = 1 };
		_tally_ struct gb_tally t = GB_TALLY_INIT;
		_edges_ struct gb_edges e = GB_EDGES_INIT;
		size_t asked, seen = 0;
		int rc;

		assert_int_equal(gb_tally_make(&o, p, NULL, &t, NULL), 0);
		gb_mem_fail_at(n);
		rc = gb_profile_walk(p, p, &q, count, &seen, NULL);
		if (rc == 0)
			rc = gb_edges_make(&o, p, &t, kept, &e, NULL);
		asked = gb_mem_count();
		gb_mem_fail_at(0);
		assert_int_equal(rc, asked < n ? 0 : GB_ENOMEM);
		if (asked < n)
			return;
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_stacks),
		cmocka_unit_test(test_a_walk_can_be_ended),
		cmocka_unit_test(test_drop_frames),
		cmocka_unit_test(test_edges),
		cmocka_unit_test(test_every_allocation_may_fail),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
