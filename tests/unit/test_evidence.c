/* evidence: places, worst first, and what of them is news against a base. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"
#include "base/fs.h"
#include "base/mem.h"
#include "report/evidence.h"
#include "tempdir.h"

#define PATH "example.com/shop/store"

struct frame {
	const char *func, *file;
	int line;
};

/* A stack of at most four frames, innermost first. */
struct stack {
	int64_t bytes, objects;
	struct frame frames[4];
	bool spawn, reach;
	enum gb_mode mode;
};

static struct gb_site site(const struct frame *f)
{
	return (struct gb_site){ gb_strdup(f->func), gb_strdup(f->file), f->line };
}

static void add_stack(struct gb_test *t, const struct stack *s)
{
	struct gb_alloc_site x = { .bytes = s->bytes,
				   .objects = s->objects,
				   .spawn = s->spawn,
				   .reach = s->reach,
				   .mode = s->mode ? s->mode : GB_EXACT };

	x.frames = gb_calloc(4, sizeof(*x.frames));
	while (x.n_frames < 4 && s->frames[x.n_frames].func) {
		x.frames[x.n_frames] = site(&s->frames[x.n_frames]);
		x.n_frames++;
	}
	assert_int_equal(gb_test_take_site(t, &x, NULL), 0);
}

/* A run with one test of these stacks; sources below `dir`. */
static struct gb_run *run_of(const char *dir, const struct stack *stacks, size_t n)
{
	struct gb_run *run = gb_run_new(NULL);
	struct gb_package *p;
	struct gb_test *t;
	struct gb_sample s = { .mode = GB_EXACT };

	assert_int_equal(gb_run_add_package(run, PATH, &p, NULL), 0);
	p->module = gb_strdup("example.com/shop");
	p->module_dir = gb_strdup(dir);
	assert_int_equal(gb_package_add_test(p, "TestA", GB_TEST, &t, NULL), 0);
	t->site = site(&(struct frame){ PATH ".TestA", "store/a_test.go", 3 });
	for (size_t i = 0; i < n; i++) {
		add_stack(t, &stacks[i]);
		s.v[GB_ALLOC_SPACE] += stacks[i].bytes;
		s.v[GB_ALLOC_OBJECTS] += stacks[i].objects;
	}
	s.has = 1U << GB_ALLOC_SPACE | 1U << GB_ALLOC_OBJECTS;
	assert_int_equal(gb_test_add_sample(t, &s, NULL), 0);
	return run;
}

static const struct gb_evidence *gathered(struct gb_evidences *all, const struct gb_run *run,
					  const struct gb_run *base)
{
	const struct gb_package *p = gb_run_package(run, PATH);
	const struct gb_test *t = gb_package_test(p, "TestA");

	all->base_run = base;
	assert_int_equal(gb_evidence_add(all, p, t, NULL), 0);
	return gb_evidence_find(all, p, t);
}

static void write_source(const char *dir, const char *text)
{
	_free_ char *folder = gb_path_join(dir, "store");
	_free_ char *file = gb_path_join(folder, "s.go");

	assert_int_equal(gb_fs_mkdirs(folder, NULL), 0);
	assert_int_equal(gb_fs_write(file, text, strlen(text), NULL), 0);
}

#define S(line) PATH ".Put", "store/s.go", line
#define TEST	PATH ".TestA", "store/a_test.go", 5

static void test_stacks_that_meet_in_a_line_are_one_place(void **state)
{
	static const struct stack stacks[] = {
		{ 100, 1,
		  .frames = { { "io.ReadAll", "/go/src/io/io.go", 7 }, { S(2) }, { TEST } } },
		{ 50, 2,
		  .frames = { { "io.ReadAll", "/go/src/io/io.go", 9 }, { S(2) }, { TEST } } },
		{ 120, 1,
		  .frames = { { S(4) },
			      { TEST },
			      { "testing.tRunner", "/go/src/testing/t.go", 1 } } },
	};
	_run_ struct gb_run *run = run_of("/nowhere", stacks, 3);
	_evidences_ struct gb_evidences all = { 0 };
	const struct gb_evidence *e = gathered(&all, run, NULL);

	(void)state;
	assert_int_equal(e->n_sites, 2);
	assert_int_equal(e->bytes, 270);
	assert_int_equal(e->sites[0].bytes, 150);
	assert_int_equal(e->sites[0].objects, 3);
	assert_int_equal(e->sites[0].stacks, 2);
	/* The innermost frame that someone here wrote. */
	assert_int_equal(e->sites[0].at, 1);
	assert_null(e->sites[0].source);
	/* What calls the test is the framework. */
	assert_int_equal(e->sites[1].n_frames, 2);
}

static void test_lines_that_moved_are_no_news(void **state)
{
	static const struct stack then[] = {
		{ 100, 1, .frames = { { S(1) }, { TEST } } },
		{ 64, 1, .frames = { { S(2) }, { TEST } } },
		{ 16, 1, .frames = { { S(4) }, { TEST } } },
	};
	static const struct stack now[] = {
		{ 900, 1, .frames = { { S(1) }, { TEST } } },
		{ 100, 1, .frames = { { S(2) }, { TEST } } },
		{ 64, 1, .frames = { { PATH ".Put.func1", "store/s.go", 3 }, { TEST } } },
	};
	static const char *const old_dir = "old", *const new_dir = "new";
	_run_ struct gb_run *base = run_of(old_dir, then, 3), *run = run_of(new_dir, now, 3);
	_evidences_ struct gb_evidences all = { 0 };
	const struct gb_evidence *e;

	(void)state;
	write_source(old_dir, "a := new(T)\nb := new(U)\n\nc := new(V)\n");
	write_source(new_dir, "x := make([]byte, 900)\n\ta := new(T)\nb := new(U)\n");
	e = gathered(&all, run, base);
	assert_int_equal(e->n_sites, 3);
	/* Compared with the one line of the function that is no more. */
	assert_int_equal(e->sites[0].bytes, 900);
	assert_int_equal(e->sites[0].base_bytes, 16);
	assert_string_equal(e->sites[0].source, "x := make([]byte, 900)");
	assert_int_equal(e->sites[1].bytes, e->sites[1].base_bytes);
	assert_int_equal(e->sites[2].bytes, e->sites[2].base_bytes);
}

static void test_a_line_that_changed_is_compared_with_what_it_was(void **state)
{
	static const struct stack then[] = { { 128, 1, .frames = { { S(1) }, { TEST } } } };
	static const struct stack now[] = { { 192, 1, .frames = { { S(1) }, { TEST } } } };
	static const char *const old_dir = "old", *const new_dir = "new";
	_run_ struct gb_run *base = run_of(old_dir, then, 1), *run = run_of(new_dir, now, 1);
	_evidences_ struct gb_evidences all = { 0 };
	const struct gb_evidence *e;

	(void)state;
	write_source(old_dir, "a := new([128]byte)\n");
	write_source(new_dir, "a := new([192]byte)\n");
	e = gathered(&all, run, base);
	assert_int_equal(e->n_sites, 1);
	assert_int_equal(e->sites[0].base_bytes, 128);
	assert_int_equal(e->base_bytes, 128);
}

static void test_what_is_gone_is_told_last(void **state)
{
	static const struct stack then[] = { { 128, 1, .frames = { { S(1) }, { TEST } } },
					     { 50, 1,
					       .frames = { { PATH ".Get", "store/s.go", 9 } } } };
	static const struct stack now[] = { { 192, 1, .frames = { { S(1) }, { TEST } } } };
	_run_ struct gb_run *base = run_of("/nowhere", then, 2), *run = run_of("/nowhere", now, 1);
	_evidences_ struct gb_evidences all = { 0 };
	const struct gb_evidence *e = gathered(&all, run, base);
	const struct gb_evidence_site *top[4];

	(void)state;
	assert_int_equal(e->n_sites, 2);
	assert_true(e->sites[1].gone);
	assert_int_equal(e->sites[1].bytes, 0);
	assert_int_equal(e->sites[1].base_bytes, 50);
	/* It explains no growth. */
	assert_int_equal(gb_evidence_top(e, GB_ALLOC_SPACE, top, 4), 1);
}

static void test_top_is_of_the_metric(void **state)
{
	static const struct stack stacks[] = {
		{ 9000, 1, .frames = { { S(1) } } },
		{ 800, 100, .frames = { { S(2) } } },
		{ 8, 0, .frames = { { S(3) } } },
		{ 0, 7, .frames = { { S(4) } }, .spawn = true },
		{ 4096, 1, .frames = { { S(5) } }, .reach = true, .mode = GB_ALONE },
		{ 70000, 1, .frames = { { S(6) } }, .mode = GB_ALONE },
	};
	static const struct {
		enum gb_metric m;
		size_t max, n;
		int first;
	} rows[] = {
		{ GB_ALLOC_SPACE, 5, 2, 1 },	    { GB_ALLOC_OBJECTS, 5, 2, 2 },
		{ GB_ALLOC_SPACE, 1, 1, 1 },	    { GB_GOROUTINES, 5, 1, 4 },
		{ GB_GOROUTINES_CREATED, 5, 1, 4 }, { GB_INUSE_SPACE, 5, 1, 5 },
		{ GB_HEAP_PEAK, 5, 2, 1 },
	};
	_run_ struct gb_run *run = run_of("/nowhere", stacks, 6);
	_evidences_ struct gb_evidences all = { 0 };
	const struct gb_evidence *e = gathered(&all, run, NULL);

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct gb_evidence_site *top[5];
		size_t n = gb_evidence_top(e, rows[i].m, top, rows[i].max);

		if (n != rows[i].n || top[0]->frames[0].line != rows[i].first)
			fail_msg("row %zu: %zu, first line %d", i, n, top[0]->frames[0].line);
	}
}

static void test_alone_is_compared_with_alone(void **state)
{
	static const struct stack stacks[] = { { 10, 1, .frames = { { S(1) } } },
					       { 70, 1, .frames = { { S(2) } },
						 .mode = GB_ALONE } };
	_run_ struct gb_run *run = run_of("/nowhere", stacks, 2);
	_evidences_ struct gb_evidences all = { .alone = true };
	const struct gb_evidence *e = gathered(&all, run, NULL);

	(void)state;
	assert_int_equal(e->mode, GB_ALONE);
	assert_int_equal(e->n_sites, 1);
	assert_int_equal(e->sites[0].bytes, 70);
	/* Nothing was measured alone but sites: no total is made up. */
	assert_int_equal(e->bytes, -1);
}

static void test_a_test_without_sites_has_no_evidence(void **state)
{
	_run_ struct gb_run *run = run_of("/nowhere", NULL, 0);
	_evidences_ struct gb_evidences all = { 0 };

	(void)state;
	assert_null(gathered(&all, run, NULL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_stacks_that_meet_in_a_line_are_one_place),
		cmocka_unit_test(test_lines_that_moved_are_no_news),
		cmocka_unit_test(test_a_line_that_changed_is_compared_with_what_it_was),
		cmocka_unit_test(test_what_is_gone_is_told_last),
		cmocka_unit_test(test_top_is_of_the_metric),
		cmocka_unit_test(test_alone_is_compared_with_alone),
		cmocka_unit_test(test_a_test_without_sites_has_no_evidence),
	};

	return cmocka_run_group_tests(tests, tempdir_enter, tempdir_leave);
}
