/* gotest: what go test's own output says, plain and -json. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "go/gotest.h"

static void feed(struct gb_gotest *g, int stream, const char *text)
{
	while (*text) {
		size_t len = strcspn(text, "\n");
		assert_int_equal(gb_gotest_line(g, stream, text, len, true, NULL), 0);
		text += len + (text[len] != '\0');
	}
}

static void count(void *arg, const char *package)
{
	size_t *n = arg;

	assert_non_null(package);
	++*n;
}

static void test_plain(void **state)
{
	size_t done = 0;
	struct gb_gotest g;

	(void)state;
	gb_gotest_init(&g, false);
	g.on_done = count;
	g.arg = &done;
	feed(&g, 1,
	     "ok  \tm/a\t0.012s\n"
	     "?   \tm/b\t[no test files]\n"
	     "\tm/c\t\tcoverage: 0.0% of statements\n"
	     "some print\n"
	     "--- FAIL: TestX (0.00s)\n"
	     "    x_test.go:3: bad\n"
	     "FAIL\n"
	     "FAIL\tm/d\t0.020s\n"
	     "FAIL\tm/e [build failed]\n"
	     "FAIL\tm/f [setup failed]\n"
	     "ok  \tm/g\t0.001s [no tests to run]\n"
	     "ok  \tm/h\t0.001s\tcoverage: 81.2% of statements\n"
	     "FAIL\n");
	static const struct {
		const char *path;
		enum gb_gotest_result result;
		bool no_tests;
	} rows[] = {
		{ "m/a", GB_GOTEST_OK, false },
		{ "m/b", GB_GOTEST_NO_FILES, false },
		{ "m/c", GB_GOTEST_NO_FILES, false },
		{ "m/d", GB_GOTEST_FAIL, false },
		{ "m/e", GB_GOTEST_BUILD_FAILED, false },
		{ "m/f", GB_GOTEST_BUILD_FAILED, false },
		{ "m/g", GB_GOTEST_OK, true },
		{ "m/h", GB_GOTEST_OK, false },
	};
	const struct gb_gotest_package *p = g.packages;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++, p = p->hh.next) {
		assert_string_equal(p->path, rows[i].path);
		assert_int_equal(p->result, rows[i].result);
		assert_int_equal(p->no_tests, rows[i].no_tests);
	}
	assert_null(p);
	assert_int_equal(done, 8);
	/* A package's own lines, and nobody else's. */
	p = gb_gotest_package(&g, "m/d");
	assert_string_equal(p->output.data, "some print\n--- FAIL: TestX (0.00s)\n"
					    "    x_test.go:3: bad\nFAIL\n");
	assert_null(gb_gotest_package(&g, "m"));
	gb_gotest_release(&g);
}

static void test_panic_is_kept(void **state)
{
	struct gb_gotest g;

	(void)state;
	gb_gotest_init(&g, false);
	feed(&g, 1, "panic: not this one\nmore\npanic: boom\n\ngoroutine 1 [running]:\n");
	for (int i = 0; i < 5000; i++)
		feed(&g, 1, "goroutine 7 [chan receive]: a line of a dump that is long\n");
	feed(&g, 1, "FAIL\tm/a\t0.1s\n");
	const struct gb_gotest_package *p = gb_gotest_package(&g, "m/a");
	assert_memory_equal(p->panic.data, "panic: boom\n\ngoroutine 1 [running]:\n", 36);
	assert_true(p->output.len <= GB_MAX_CHILD_OUTPUT);
	assert_true(p->output.len > GB_MAX_CHILD_OUTPUT / 2);
	assert_false(p->output.failed || p->panic.failed);
	gb_gotest_release(&g);
}

static void test_pieces(void **state)
{
	struct gb_gotest g;

	(void)state;
	gb_gotest_init(&g, false);
	assert_int_equal(gb_gotest_line(&g, 1, "x", 1, false, NULL), 0);
	/* The end of a long line, however much it looks like a result. */
	assert_int_equal(gb_gotest_line(&g, 1, "ok  \tm/fake\t0.1s", 16, true, NULL), 0);
	assert_null(g.packages);
	feed(&g, 1, "FAIL\tm/a\t0.1s\n");
	assert_string_equal(gb_gotest_package(&g, "m/a")->output.data, "xok  \tm/fake\t0.1s\n");
	gb_gotest_release(&g);
}

static void test_builds(void **state)
{
	struct gb_gotest g;

	(void)state;
	gb_gotest_init(&g, false);
	feed(&g, 2,
	     "go: downloading example.com/x v1.0.0\n"
	     "# m/a [m/a.test]\n"
	     "a/a_test.go:6:2: undefined: x\n"
	     "# m/b\n"
	     "# [m/b]\n"
	     "b/b.go:1:1: fmt.Printf format %d has arg\n"
	     "# m/c_test [m/c.test]\n"
	     "c/c_test.go:1:1: syntax error\n"
	     "# m/d\n"
	     "vet: d/d.go:1:1: could not\n"
	     "# m/e\n"
	     "./e_test.go:4:3: Logf format %d has arg\n"
	     "go: warning: nothing\n");
	static const struct {
		const char *path, *text;
		bool vet;
	} rows[] = {
		{ "m/a", "a/a_test.go:6:2: undefined: x\n", false },
		{ "m/b", "b/b.go:1:1: fmt.Printf format %d has arg\n", true },
		{ "m/c", "c/c_test.go:1:1: syntax error\n", false },
		{ "m/d", "vet: d/d.go:1:1: could not\n", true },
		{ "m/e", "./e_test.go:4:3: Logf format %d has arg\n", true },
		/* A package that failed because of another: anything is better than nothing. */
		{ "m/z", "a/a_test.go:6:2: undefined: x\n", false },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct gb_gotest_build *b = gb_gotest_build(&g, rows[i].path);
		assert_string_equal(b->text.data, rows[i].text);
		assert_int_equal(b->vet, rows[i].vet);
	}
	assert_string_equal(g.errors.data,
			    "go: downloading example.com/x v1.0.0\ngo: warning: nothing\n");
	gb_gotest_release(&g);
	assert_null(gb_gotest_build(&g, "m/a"));
}

static void test_json(void **state)
{
	size_t done = 0;
	struct gb_gotest g;

	(void)state;
	gb_gotest_init(&g, true);
	g.on_done = count;
	g.arg = &done;
	feed(&g, 1,
	     "{\"Action\":\"start\",\"Package\":\"m/a\"}\n"
	     "{\"Action\":\"output\",\"Package\":\"m/a\",\"Test\":\"TestX\",\"Output\":\"=== RUN   "
	     "TestX\\n\"}\n"
	     "{\"Action\":\"start\",\"Package\":\"m/b\"}\n"
	     "{\"Action\":\"output\",\"Package\":\"m/b\",\"Output\":\"panic: b\\n\"}\n"
	     "{\"Action\":\"output\",\"Package\":\"m/a\",\"Test\":\"TestX\",\"Output\":\"--- FAIL: "
	     "TestX (0.00s)\\n\"}\n"
	     "{\"Action\":\"output\",\"Package\":\"m/a\",\"Output\":\"ok  \\tm/fake\\t0.1s\\n\"}\n"
	     "{\"Action\":\"fail\",\"Package\":\"m/a\",\"Test\":\"TestX\"}\n"
	     "{\"Action\":\"fail\",\"Package\":\"m/a\",\"Elapsed\":0.1}\n"
	     "{\"Action\":\"fail\",\"Package\":\"m/b\"}\n"
	     "{\"Action\":\"output\",\"Package\":\"m/c\",\"Output\":\"?   \\tm/c\\t[no test "
	     "files]\\n\"}\n"
	     "{\"Action\":\"skip\",\"Package\":\"m/c\"}\n"
	     "{\"ImportPath\":\"m/d [m/d.test]\",\"Action\":\"build-output\",\"Output\":\"# m/d "
	     "[m/d.test]\\n\"}\n"
	     "{\"ImportPath\":\"m/d [m/d.test]\",\"Action\":\"build-output\",\"Output\":\"d.go:1: "
	     "no\\n\"}\n"
	     "{\"ImportPath\":\"m/d [m/d.test]\",\"Action\":\"build-fail\"}\n"
	     "{\"Action\":\"fail\",\"Package\":\"m/d\",\"FailedBuild\":\"m/d [m/d.test]\"}\n"
	     "{\"Action\":\"output\",\"Package\":\"m/e\",\"Output\":\"ok  \\tm/e\\t0.1s [no tests "
	     "to run]\\n\"}\n"
	     "{\"Action\":\"pass\",\"Package\":\"m/e\"}\n"
	     "# m/f [m/f.test]\n"
	     "f.go:1: older versions print this between\n"
	     "{\"not\": closed\n"
	     "{\"Action\":7}\n");
	assert_int_equal(gb_gotest_package(&g, "m/a")->result, GB_GOTEST_FAIL);
	assert_string_equal(gb_gotest_package(&g, "m/a")->output.data,
			    "=== RUN   TestX\n--- FAIL: TestX (0.00s)\nok  \tm/fake\t0.1s\n");
	assert_string_equal(gb_gotest_package(&g, "m/b")->panic.data, "panic: b\n");
	assert_int_equal(gb_gotest_package(&g, "m/c")->result, GB_GOTEST_NO_FILES);
	assert_int_equal(gb_gotest_package(&g, "m/d")->result, GB_GOTEST_BUILD_FAILED);
	assert_int_equal(gb_gotest_package(&g, "m/e")->result, GB_GOTEST_OK);
	assert_true(gb_gotest_package(&g, "m/e")->no_tests);
	assert_null(gb_gotest_package(&g, "m/fake"));
	assert_string_equal(gb_gotest_build(&g, "m/d")->text.data, "d.go:1: no\n");
	assert_non_null(strstr(gb_gotest_build(&g, "m/f")->text.data, "older versions"));
	assert_int_equal(done, 5);
	gb_gotest_release(&g);
}

static void test_output_of_one_test(void **state)
{
	static const struct {
		const char *output, *test, *expected;
	} rows[] = {
		{ "printed\n--- FAIL: TestA (0.00s)\n    a.go:1: one\n        more\n    --- FAIL: "
		  "TestA/b (0.00s)\n"
		  "        a.go:2: two\n--- FAIL: TestC (0.00s)\n    c.go:3: three\nFAIL\n",
		  "TestA", "    a.go:1: one\n        more\n" },
		{ "--- FAIL: TestA (0.00s)\n    --- FAIL: TestA/b (0.00s)\n        a.go:2: two\n"
		  "--- FAIL: TestC (0.00s)\n    c.go:3: three\nFAIL\n",
		  "TestA/b", "        a.go:2: two\n" },
		{ "=== RUN   TestA\n    a.go:1: one\n=== RUN   TestB\nnot mine\n=== NAME  TestA\n  "
		  "  a.go:2: two\n"
		  "--- FAIL: TestA (0.00s)\n=== CONT  TestC\nnor this\n",
		  "TestA", "    a.go:1: one\n    a.go:2: two\n" },
		{ "\x16=== RUN   TestA\n    x\n\x16--- FAIL: TestA (0.00s)\nFAIL\n", "TestA",
		  "    x\n" },
		{ "--- FAIL: TestAB (0.00s)\n    x\n", "TestA", "" },
		{ "--- FAIL: TestA (0.00s)\nexit status 1\n", "TestA", "" },
		{ "", "TestA", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct gb_buf out = GB_BUF_INIT(4096);
		gb_gotest_test_output(rows[i].output, rows[i].test, &out);
		assert_string_equal(out.data, rows[i].expected);
		gb_buf_release(&out);
	}
}

static void test_out_of_memory(void **state)
{
	size_t n = 0;
	int rc;

	(void)state;
	do {
		struct gb_gotest g;
		gb_gotest_init(&g, false);
		gb_mem_fail_at(++n);
		rc = gb_gotest_line(&g, 1, "ok  \tm/a\t0.1s", 13, true, NULL);
		if (!rc)
			rc = gb_gotest_line(&g, 2, "# m/b", 5, true, NULL);
		gb_mem_fail_at(0);
		gb_gotest_release(&g);
		assert_true(rc == 0 || rc == GB_ENOMEM);
	} while (rc && n < 50);
	assert_int_equal(rc, 0);
	assert_true(n > 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plain),	      cmocka_unit_test(test_panic_is_kept),
		cmocka_unit_test(test_pieces),	      cmocka_unit_test(test_builds),
		cmocka_unit_test(test_json),	      cmocka_unit_test(test_output_of_one_test),
		cmocka_unit_test(test_out_of_memory),
	};

	return cmocka_run_group_tests_name("gotest", tests, NULL, NULL);
}
