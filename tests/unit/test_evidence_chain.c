/* evidence: how a place came about, in words, from what four compilers say of one source. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"
#include "base/mem.h"
#include "escape_fixture.h"
#include "report/evidence.h"

#define P     "example.com/shapes"
#define FRAME P "." /* and the function's name */

static const struct row {
	const char *func, *how;
	int line;
	/* A frame around it, or NULL. */
	const char *outer;
	int outer_line;
	const char *chain, *escape; /* the first sentence; NULL: none */
} rows[] = {
	{ FRAME "mapStore", "", 34, NULL, 0,
	  "the anonymous function made here captures i (by reference, 8 B) and is stored in m[i], "
	  "anew in each iteration of a loop",
	  NULL },
	{ FRAME "mapStore", "runtime.newobject", 33, NULL, 0,
	  "i, set here, lives on in the anonymous function at shapes.go:34, which captures i (by "
	  "reference, 8 B) and is stored in m[i], anew in each iteration of a loop",
	  "i captured by a closure, stored in m[i]" },
	{ FRAME "started", "", 39, NULL, 0,
	  "x, set here, lives on in the anonymous function at shapes.go:40, which captures x (by "
	  "reference, 8 B) and is started by the go statement it stands in",
	  "x captured by a closure, held by a goroutine" },
	{ FRAME "started", "", 40, NULL, 0,
	  "the anonymous function made here captures x (by reference, 8 B) and is started by the "
	  "go "
	  "statement it stands in",
	  NULL },
	{ FRAME "made", "runtime.newobject", 90, NULL, 0, NULL, "&thing{} returned" },
	{ FRAME "appended", "runtime.growslice", 65, NULL, 0,
	  "append outgrew its array and moved to a larger one", "n appended to slice" },
	/* Who runs: an anonymous function, and what it carries. */
	{ "fmt.Sprint", "", 1, FRAME "counter.func1", 96,
	  "shapes.counter.func1 is the anonymous function made at shapes.go:95; it captures n (by "
	  "reference, 8 B) and is returned",
	  NULL },
	/* What a library does with its memory is not the line's doing. */
	{ "fmt.Sprint", "runtime.growslice", 1, FRAME "printed", 61, NULL, NULL },
};

static void one(const struct row *r, const struct gb_escapes *set, const char *version)
{
	_evidences_ struct gb_evidences all = { .escapes = set };
	_run_ struct gb_run *run = gb_run_new(NULL);
	struct gb_package *p;
	struct gb_test *t;
	struct gb_alloc_site s = { .bytes = 8, .objects = 1, .mode = GB_EXACT };
	const struct gb_evidence *e;
	const char *chain, *std = "/go/src/fmt/print.go";

	assert_int_equal(gb_run_add_package(run, P, &p, NULL), 0);
	p->module = gb_strdup(P);
	assert_int_equal(gb_package_add_test(p, "TestA", GB_TEST, &t, NULL), 0);
	s.how = gb_strdup(r->how);
	s.frames = gb_calloc(2, sizeof(*s.frames));
	s.frames[s.n_frames++] =
		(struct gb_site){ gb_strdup(r->func),
				  gb_strdup(strncmp(r->func, P, strlen(P)) ? std : "shapes.go"),
				  r->line };
	if (r->outer)
		s.frames[s.n_frames++] = (struct gb_site){ gb_strdup(r->outer),
							   gb_strdup("shapes.go"), r->outer_line };
	assert_int_equal(gb_test_take_site(t, &s, NULL), 0);
	assert_int_equal(gb_evidence_add(&all, p, t, NULL), 0);
	e = gb_evidence_find(&all, p, t);
	assert_int_equal(e->n_sites, 1);
	chain = e->sites[0].chain.n ? e->sites[0].chain.v[0] : NULL;
	if ((chain == NULL) != (r->chain == NULL) || (chain && strcmp(chain, r->chain) != 0))
		fail_msg("%s, line %d: chain: %s", version, r->line, chain ? chain : "none");
	if ((e->sites[0].escape == NULL) != (r->escape == NULL) ||
	    (r->escape && strcmp(e->sites[0].escape, r->escape) != 0))
		fail_msg("%s, line %d: escape: %s", version, r->line,
			 e->sites[0].escape ? e->sites[0].escape : "none");
}

static void test_chains_of_every_compiler(void **state)
{
	(void)state;
	for (size_t v = 0; v < ESCAPE_VERSIONS; v++) {
		/* One variable for all iterations, as the source was compiled for. */
		_escapes_ struct gb_escapes *set = escape_fixture(escape_versions[v], "1.21");

		for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
			one(&rows[i], set, escape_versions[v]);
	}
}

static void test_without_the_compiler_only_the_runtime_speaks(void **state)
{
	static const struct row row = { FRAME "appended",
					"runtime.growslice",
					65,
					NULL,
					0,
					"append outgrew its array and moved to a larger one",
					NULL };

	(void)state;
	one(&row, NULL, "none");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_chains_of_every_compiler),
		cmocka_unit_test(test_without_the_compiler_only_the_runtime_speaks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
