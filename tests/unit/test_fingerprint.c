/* fingerprint: the same leak is the same text, whatever moved. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"
#include "base/mem.h"
#include "go/fingerprint.h"

static void test_closure_suffixes(void **state)
{
	static const struct {
		const char *func, *want;
	} rows[] = {
		{ "example.com/shop.Open", "example.com/shop.Open" },
		{ "example.com/shop.Open.func1", "example.com/shop.Open" },
		{ "example.com/shop.Open.func12.3.2", "example.com/shop.Open" },
		{ "example.com/shop.(*Cache).watch.gowrap1", "example.com/shop.(*Cache).watch" },
		{ "example.com/shop.(*Cache).watch.deferwrap2.func1",
		  "example.com/shop.(*Cache).watch" },
		{ "example.com/shop.(*Cache).watch-fm", "example.com/shop.(*Cache).watch" },
		{ "example.com/shop.Each-range1", "example.com/shop.Each" },
		{ "example.com/shop.Map[...].func1", "example.com/shop.Map[...]" },
		{ "example.com/shop.glob..func3", "example.com/shop.glob." },
		{ "example.com/shop.init.0.func1", "example.com/shop.init" },
		{ "gopkg.in/yaml%2ev3.Load", "gopkg.in/yaml%2ev3.Load" },
		{ "example.com/v2/func1.Load", "example.com/v2/func1.Load" },
		{ "example.com/a-fm/2", "example.com/a-fm/2" },
		{ "shop.function", "shop.function" },
		{ "shop.func", "shop.func" },
		{ "func1", "func1" },
		{ ".1", ".1" },
		{ "", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		size_t n = gb_fingerprint_func(rows[i].func);

		if (n != strlen(rows[i].want) || strncmp(rows[i].func, rows[i].want, n) != 0)
			fail_msg("%s: %.*s", rows[i].func, (int)n, rows[i].func);
	}
}

/* Frames as people write them down: without const in the way of literals. */
struct frame {
	const char *func, *file;
	int line;
};

static char *text_of(const char *created, const char *state, const struct frame *frames, size_t n,
		     char id[GB_FINGERPRINT_ID + 1])
{
	struct gb_site sites[8];
	struct gb_group g = {
		.created = { .func = (char *)created },
		.state = (char *)state,
		.frames = sites,
		.n_frames = n,
	};
	struct gb_err err = GB_ERR_INIT;

	for (size_t i = 0; i < n; i++)
		sites[i] = (struct gb_site){ (char *)frames[i].func, (char *)frames[i].file,
					     frames[i].line };
	if (gb_fingerprint("example.com/shop", &g, &err) < 0)
		fail_msg("%s", err.line);
	memcpy(id, g.fingerprint_id, sizeof(g.fingerprint_id));
	return g.fingerprint;
}

static void test_what_it_says(void **state)
{
	static const struct frame wait[] = {
		{ "sync.runtime_Semacquire", "/go/src/runtime/sema.go", 71 },
		{ "sync.(*WaitGroup).Wait", "/go/src/sync/waitgroup.go", 118 },
		{ "example.com/shop/store.(*Cache).Close.func1", "store/cache.go", 41 },
		{ "example.com/shop/store.(*Cache).Close", "store/cache.go", 12 },
	};
	static const struct frame library[] = { { "net/http.(*persistConn).writeLoop",
						  "/go/src/net/http/transport.go", 2 } };
	static const struct frame here[] = { { "example.com/shop.TestA.func2", "a_test.go", 9 } };
	const struct {
		const char *created, *state;
		const struct frame *frames;
		size_t n;
		const char *want;
	} rows[] = {
		{ "example.com/shop/store.Open.func1", "semacquire", wait, 4,
		  "example.com/shop/store.Open | sync.WaitGroup.Wait | "
		  "example.com/shop/store.(*Cache).Close" },
		{ "net/http.(*Transport).dialConn", "select", library, 1,
		  "net/http.(*Transport).dialConn | select | net/http.(*persistConn).writeLoop" },
		{ "example.com/shop.TestA", "runnable", here, 1,
		  "example.com/shop.TestA | running | example.com/shop.TestA" },
		{ "example.com/shop.TestA", "semacquire", here, 1,
		  "example.com/shop.TestA | semacquire | example.com/shop.TestA" },
		{ "example.com/shop.TestA", "running", NULL, 0,
		  "example.com/shop.TestA | running | example.com/shop.TestA" },
		{ NULL, NULL, NULL, 0, "? |  | ?" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char id[GB_FINGERPRINT_ID + 1];
		char *text = text_of(rows[i].created, rows[i].state, rows[i].frames, rows[i].n, id);

		assert_string_equal(text, rows[i].want);
		assert_int_equal(strlen(id), GB_FINGERPRINT_ID);
		free(text);
	}
}

static void test_the_id_is_stable(void **state)
{
	static const struct frame frame = { "example.com/shop.TestA.func2", "a_test.go", 9 };
	static const struct frame moved = { "example.com/shop.TestA.func3", "a_test.go", 12 };
	char id[GB_FINGERPRINT_ID + 1], again[GB_FINGERPRINT_ID + 1], other[GB_FINGERPRINT_ID + 1];

	(void)state;
	free(text_of("example.com/shop.TestA", "chan receive", &frame, 1, id));
	free(text_of("example.com/shop.TestA.func1", "chan receive", &moved, 1, again));
	free(text_of("example.com/shop.TestA", "chan send", &frame, 1, other));
	/* Committed reports hold it: it must not change from one gobudget to the next. */
	assert_string_equal(id, "e75fa100f298");
	assert_string_equal(id, again);
	assert_string_not_equal(id, other);
}

static void test_a_name_without_end(void **state)
{
	_free_ char *name = malloc(64 << 10);
	struct gb_group g = { .created = { .func = name }, .state = name };
	struct gb_err err = GB_ERR_INIT;

	(void)state;
	assert_non_null(name);
	memset(name, 'a', (64 << 10) - 1);
	name[(64 << 10) - 1] = '\0';
	assert_int_equal(gb_fingerprint(NULL, &g, &err), GB_ELIMIT);
	assert_null(g.fingerprint);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_closure_suffixes),
		cmocka_unit_test(test_what_it_says),
		cmocka_unit_test(test_the_id_is_stable),
		cmocka_unit_test(test_a_name_without_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
