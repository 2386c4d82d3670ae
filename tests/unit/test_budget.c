/* budget: files are read strictly, written stably, and found in their place. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/fs.h"
#include "base/limits.h"
#include "base/mem.h"
#include "budget/budget.h"
#include "tempdir.h"

#define ENV                                                                                  \
	"{\"go\": \"1.26\", \"platform\": \"linux/amd64\", \"gomaxprocs\": 2, \"gcflags\": " \
	"\"-l\","                                                                            \
	" \"tags\": \"\", \"cgo\": true, \"race\": false, \"accounting\": \"runtime\"}"
#define FILE_OF(env, tests)                                                \
	"{\"package\": \"example.com/shop/store\",\n\"environments\": [\n" \
	"{\"env\": " env ",\n\"tests\": {" tests "}}]}"
#define TESTS(tests) FILE_OF(ENV, tests)

static struct gb_budget_file *parse(const char *text)
{
	struct gb_err err = GB_ERR_INIT;
	struct gb_budget_file *f = NULL;

	if (gb_budget_parse("budgets/store.json", text, strlen(text), &f, &err) < 0)
		fail_msg("%s", err.line);
	return f;
}

static void test_the_example_of_the_header(void **state)
{
	static const char text[] =
		"{\n"
		"  \"package\": \"example.com/shop/store\",\n"
		"  \"environments\": [\n"
		"    {\n"
		"      \"env\": {\"go\": \"1.26\", \"platform\": \"linux/amd64\", "
		"\"gomaxprocs\": 2, \"gcflags\": \"-l\",\n"
		"              \"tags\": \"\", \"cgo\": true, \"race\": false, "
		"\"accounting\": \"runtime\"},\n"
		"      \"tests\": {\n"
		"        \"TestCache\": {\"goroutines\": 0, \"alloc_space\": 9216, "
		"\"measured\": {\"goroutines\": 0, \"alloc_space\": 9216}, "
		"\"spread\": {\"alloc_space\": 64}},\n"
		"        \"TestCache/evict\": {\"goroutines\": 0, \"alloc_space\": \"1.1 MiB\"}\n"
		"      }\n"
		"    }\n"
		"  ]\n"
		"}\n";
	_buf_ struct gb_buf out = GB_BUF_INIT(GB_MAX_BUDGET_FILE);
	struct gb_budget_file *f = parse(text);
	const struct gb_budget_row *row;

	(void)state;
	assert_string_equal(f->package, "example.com/shop/store");
	assert_int_equal(f->n_blocks, 1);
	assert_string_equal(f->blocks[0].env.go, "1.26");
	assert_int_equal(f->blocks[0].n_rows, 2);
	row = gb_budget_row_for(&f->blocks[0], "TestCache");
	assert_int_equal(row->budget[GB_ALLOC_SPACE], 9216);
	assert_int_equal(row->spread[GB_ALLOC_SPACE], 64);
	assert_int_equal(row->line, 8);
	assert_int_equal(row->has_budget, 1u << GB_GOROUTINES | 1u << GB_ALLOC_SPACE);
	row = gb_budget_row_for(&f->blocks[0], "TestCache/evict");
	assert_int_equal(row->budget[GB_ALLOC_SPACE], 1153433);
	assert_null(gb_budget_row_for(&f->blocks[0], "TestCach"));
	/* What a person wrote is still as they wrote it. */
	assert_int_equal(gb_budget_write(f, &out, NULL), 0);
	assert_string_equal(out.data, text);
	gb_budget_file_free(f);
}

static void test_writing_what_was_read_is_stable(void **state)
{
	static const char *const texts[] = {
		"{\"package\": \"m\", \"environments\": []}",
		"{\"$schema\": \"https://example.com/s.json\", \"package\": \"m\", "
		"\"environments\": []}",
		TESTS(""),
		TESTS("\"TestB\": {}, \"TestA\": {\"reason\": \"a \\\"quoted\\\" \\u00e9\"}"),
		TESTS("\"TestA\": {\"alloc_space\": 9223372036854775807, \"goroutines\": 0, "
		      "\"measured\": {\"B/op\": 9007199254740993}, \"spread\": {\"B/op\": 0}}"),
		TESTS("\"TestA/\\t\\u0001\\\\<>\": {\"heap_peak\": \"4 KiB\"}"),
		"{\"package\": \"m\", \"environments\": [{\"env\": " ENV ", \"tests\": {}}, "
		"{\"tests\": {}, \"env\": {\"race\": true, \"go\": \"1.21\", "
		"\"platform\": \"darwin/arm64\", \"gomaxprocs\": 65536, \"gcflags\": \"\", "
		"\"tags\": \"a,b\", \"cgo\": false, \"accounting\": \"testing\"}}]}",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		_buf_ struct gb_buf first = GB_BUF_INIT(GB_MAX_BUDGET_FILE);
		_buf_ struct gb_buf second = GB_BUF_INIT(GB_MAX_BUDGET_FILE);
		struct gb_budget_file *f = parse(texts[i]);

		assert_int_equal(gb_budget_write(f, &first, NULL), 0);
		gb_budget_file_free(f);
		f = parse(first.data);
		assert_int_equal(gb_budget_write(f, &second, NULL), 0);
		gb_budget_file_free(f);
		assert_string_equal(first.data, second.data);
	}
}

static void test_numbers_stay_exact(void **state)
{
	_buf_ struct gb_buf out = GB_BUF_INIT(GB_MAX_BUDGET_FILE);
	struct gb_budget_file *f =
		parse(TESTS("\"TestA\": {\"alloc_space\": 9007199254740993, \"measured\": "
			    "{\"alloc_space\": 9223372036854775806}}"));
	const struct gb_budget_row *row = &f->blocks[0].rows[0];

	(void)state;
	assert_true(row->budget[GB_ALLOC_SPACE] == INT64_C(9007199254740993));
	assert_true(row->measured[GB_ALLOC_SPACE] == INT64_MAX - 1);
	assert_int_equal(gb_budget_write(f, &out, NULL), 0);
	assert_non_null(strstr(out.data, "9007199254740993"));
	gb_budget_file_free(f);
}

static void test_rows_are_sorted_by_bytes(void **state)
{
	struct gb_budget_file *f =
		parse(TESTS("\"TestB\": {}, \"TestA/b\": {}, \"TestA\": {}, \"TestA#01\": {}"));
	static const char *const names[] = { "TestA", "TestA#01", "TestA/b", "TestB" };

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		assert_string_equal(f->blocks[0].rows[i].test, names[i]);
		assert_non_null(gb_budget_row_for(&f->blocks[0], names[i]));
	}
	gb_budget_file_free(f);
}

#define SHORT_ENV(rest) FILE_OF("{" rest "}", "")

static void test_what_is_refused(void **state)
{
	static const struct {
		const char *text, *line, *hint;
	} rows[] = {
		{ "[]", "budgets/store.json:1: expected an object", "" },
		{ "{\"package\": \"m\"}", "\"environments\" is missing", "" },
		{ "{\"environments\": []}", "\"package\" is missing", "" },
		{ "{\"package\": \"\", \"environments\": []}", "package: must not be empty", "" },
		{ "{\"package\": 1, \"environments\": []}", "package: expected a string", "" },
		{ "{\"package\": \"m\", \"environments\": {}}", "environments: expected an array",
		  "" },
		{ "{\"package\": \"m\", \"environments\": [1]}",
		  "environments[0]: expected an object", "" },
		{ "{\"package\": \"m\", \"environments\": [], \"$schema\": 3}", "expected a string",
		  "" },
		{ "{\"package\": \"m\", \"enviroments\": []}", "enviroments", "environments" },
		{ "{\"package\": \"m\",\n\"package\": \"m\", \"environments\": []}",
		  "budgets/store.json:2", "" },
		{ "{\"package\": \"m\", \"environments\": [{\"tests\": {}}]}",
		  "environments[0]: \"env\" is missing", "" },
		{ "{\"package\": \"m\", \"environments\": [{\"env\": " ENV "}]}",
		  "environments[0]: \"tests\" is missing", "" },
		{ "{\"package\": \"m\", \"environments\": [{\"env\": " ENV ", \"tests\": []}]}",
		  "environments[0].tests: expected an object", "" },
		{ "{\"package\": \"m\", \"environments\": [{\"env\": " ENV ", \"tests\": {}},\n"
		  "{\"env\": " ENV ", \"tests\": {}}]}",
		  "environments[1].env: this environment has a block already", "one block" },
		{ FILE_OF("[]", ""), "env: expected an object", "" },
		{ SHORT_ENV(""), "\"go\" is missing", "" },
		{ SHORT_ENV("\"go\": \"go1.26\""), "env.go: expected Go's minor version", "" },
		{ SHORT_ENV("\"go\": \"1.26.3\""), "env.go: expected Go's minor version", "" },
		{ SHORT_ENV("\"go\": \"1\""), "env.go: expected Go's minor version", "" },
		{ SHORT_ENV("\"go\": \"1.0000000000000000000000000000000\""),
		  "expected Go's minor version", "" },
		{ SHORT_ENV("\"go\": 1.26"), "env.go: expected a string", "" },
		{ SHORT_ENV("\"goo\": \"1.26\""), "goo", "go" },
		{ SHORT_ENV("\"go\": \"1.26\""), "\"platform\" is missing", "" },
		{ SHORT_ENV("\"go\": \"1.26\", \"platform\": \"linux\""),
		  "env.platform: expected GOOS/GOARCH", "" },
		{ SHORT_ENV("\"go\": \"1.26\", \"platform\": \"linux/\""), "expected GOOS/GOARCH",
		  "" },
		{ SHORT_ENV("\"go\": \"1.26\", \"platform\": \"a/b/c\""), "expected GOOS/GOARCH",
		  "" },
#define GO_AND_PLATFORM "\"go\": \"1.26\", \"platform\": \"linux/amd64\", "
		{ SHORT_ENV(GO_AND_PLATFORM "\"gomaxprocs\": 3"),
		  "gomaxprocs: expected a power of two", "" },
		{ SHORT_ENV(GO_AND_PLATFORM "\"gomaxprocs\": 0"),
		  "gomaxprocs: expected a power of two", "" },
		{ SHORT_ENV(GO_AND_PLATFORM "\"gomaxprocs\": 131072"),
		  "gomaxprocs: expected a power of two", "" },
		{ SHORT_ENV(GO_AND_PLATFORM "\"gomaxprocs\": \"2\""),
		  "gomaxprocs: expected a whole number", "" },
#define UP_TO_TAGS GO_AND_PLATFORM "\"gomaxprocs\": 2, \"gcflags\": \"\", \"tags\": \"\", "
		{ SHORT_ENV(UP_TO_TAGS "\"cgo\": 1"), "env.cgo: expected true or false", "" },
		{ SHORT_ENV(UP_TO_TAGS "\"cgo\": true"), "\"race\" is missing", "" },
		{ SHORT_ENV(UP_TO_TAGS "\"cgo\": true, \"race\": false, \"accounting\": \"x\""),
		  "accounting: expected \"runtime\" or \"testing\"", "" },
		{ SHORT_ENV(UP_TO_TAGS "\"cgo\": true, \"race\": false"),
		  "\"accounting\" is missing", "" },
		{ TESTS("\"\": {}"), "a test's name is empty", "" },
		{ TESTS("\"TestA\": 3"), "tests.TestA: expected an object", "" },
		{ TESTS("\"TestA\": {\"alloc_spce\": 1}"), "alloc_spce", "alloc_space" },
		{ TESTS("\"TestA\": {}, \"TestA\": {}"), "TestA", "" },
		{ TESTS("\"TestA\": {\"ns/op\": 1}"), "ns/op is shown, never judged", "B/op" },
		{ TESTS("\"TestA\": {\"measured\": {\"ns/op\": 1}}"),
		  "ns/op is shown, never judged", "B/op" },
		{ TESTS("\n\"TestA/b c\": {\"alloc_space\": -1}"),
		  "budgets/store.json:5: environments[0].tests[\"TestA/b c\"].alloc_space: must "
		  "not "
		  "be negative",
		  "" },
		{ TESTS("\"TestA\": {\"alloc_space\": 1.5}"), "expected a whole number",
		  "1.5 MiB" },
		{ TESTS("\"TestA\": {\"alloc_space\": 1e3}"), "expected a whole number", "" },
		{ TESTS("\"TestA\": {\"alloc_space\": 9223372036854775808}"),
		  "exceeds 9223372036854775807", "" },
		{ TESTS("\"TestA\": {\"alloc_space\": \"9 EiB\"}"), "is not a size", "" },
		{ TESTS("\"TestA\": {\"alloc_space\": \"-1\"}"), "is not a size", "" },
		{ TESTS("\"TestA\": {\"alloc_space\": null}"), "expected a whole number", "" },
		{ TESTS("\"TestA\": {\"goroutines\": \"4 KiB\"}"),
		  "goroutines is a count: expected a whole number", "" },
		{ TESTS("\"TestA\": {\"goroutines\": 1.5}"), "expected a whole number", "" },
		{ TESTS("\"TestA\": {\"measured\": []}"), "measured: expected an object", "" },
		{ TESTS("\"TestA\": {\"measured\": {\"alloc_space\": \"4 KiB\"}}"),
		  "measured.alloc_space: expected a whole number", "" },
		{ TESTS("\"TestA\": {\"measured\": {\"reason\": 1}}"), "measured.reason", "" },
		{ TESTS("\"TestA\": {\"spread\": {\"goroutines\": 1}}"),
		  "spread: names a metric that \"measured\" does not", "" },
		{ TESTS("\"TestA\": {\"reason\": \"\"}"), "reason: must not be empty", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct gb_err err = GB_ERR_INIT;
		struct gb_budget_file *f = NULL;

		if (gb_budget_parse("budgets/store.json", rows[i].text, strlen(rows[i].text), &f,
				    &err) != GB_EUSAGE)
			fail_msg("accepted: %s", rows[i].text);
		assert_null(f);
		if (!strstr(err.line, rows[i].line))
			fail_msg("%s\n\tsays \"%s\"\n\tand not \"%s\"", rows[i].text, err.line,
				 rows[i].line);
		if (!strstr(err.hint, rows[i].hint))
			fail_msg("%s\n\thints \"%s\"\n\tand not \"%s\"", rows[i].text, err.hint,
				 rows[i].hint);
	}
}

static void test_names_and_files_have_ceilings(void **state)
{
	_buf_ struct gb_buf text = GB_BUF_INIT(GB_MAX_REPORT);
	struct gb_err err = GB_ERR_INIT;
	struct gb_budget_file *f;

	(void)state;
	gb_buf_adds(&text, "{\"package\": \"m\", \"environments\": [{\"env\": " ENV ", "
			   "\"tests\": {\"");
	gb_buf_fill(&text, 'a', GB_MAX_NAME + 1);
	gb_buf_adds(&text, "\": {}}}]}");
	assert_int_equal(gb_budget_parse("f", text.data, text.len, &f, &err), GB_EUSAGE);
	assert_non_null(strstr(err.line, "name exceeds"));
	gb_buf_clear(&text);
	gb_buf_adds(&text, "{\"package\": \"");
	gb_buf_fill(&text, 'a', GB_MAX_NAME + 1);
	gb_buf_adds(&text, "\", \"environments\": []}");
	assert_int_equal(gb_budget_parse("f", text.data, text.len, &f, &err), GB_EUSAGE);
	gb_buf_fill(&text, ' ', GB_MAX_BUDGET_FILE);
	assert_int_equal(gb_budget_parse("f", text.data, text.len, &f, &err), GB_ELIMIT);
}

static void test_a_block_for_each_environment(void **state)
{
	struct gb_budget_file *f = parse(TESTS("\"TestA\": {}"));
	struct gb_environment env = f->blocks[0].env;
	struct gb_budget_block *block;
	struct gb_budget_row *row;

	(void)state;
	assert_ptr_equal(gb_budget_block_for(f, &env), &f->blocks[0]);
	env.gomaxprocs = 8;
	assert_null(gb_budget_block_for(f, &env));
	env.gcflags = env.tags = NULL; /* as much as "" */
	assert_int_equal(gb_budget_add_block(f, &env, &block, NULL), 0);
	assert_ptr_equal(gb_budget_block_for(f, &env), block);
	assert_int_equal(gb_budget_add_row(block, "TestB", &row, NULL), 0);
	assert_int_equal(gb_budget_add_row(block, "TestC", &row, NULL), 0);
	assert_int_equal(gb_budget_add_row(block, "TestA", &row, NULL), 0);
	assert_int_equal(gb_budget_add_row(block, "TestB", &row, NULL), GB_EEXIST);
	assert_string_equal(block->rows[0].test, "TestA");
	gb_budget_drop_row(block, &block->rows[1]);
	assert_int_equal(block->n_rows, 2);
	assert_string_equal(block->rows[1].test, "TestC");
	gb_budget_drop_block(f, &f->blocks[0]);
	assert_int_equal(f->n_blocks, 1);
	assert_string_equal(f->blocks[0].rows[1].test, "TestC");
	gb_budget_file_free(f);
}

static void test_file_names(void **state)
{
	static const struct {
		const char *module, *package, *name;
	} rows[] = {
		{ "example.com/shop", "example.com/shop", "budgets/_root.json" },
		{ "example.com/shop", "example.com/shop/internal/store",
		  "budgets/internal/store.json" },
		{ "example.com/shop", "example.com/shop/_root", "budgets/__root.json" },
		{ "example.com/shop", "example.com/shop/__x/_y", "budgets/___x/_y.json" },
		{ "std", "encoding/json", "budgets/encoding/json.json" },
		{ NULL, "sync", "budgets/sync.json" },
		{ "example.com/shop", "example.com/shopping", NULL },
		{ "example.com/shop", "command-line-arguments", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct gb_err err = GB_ERR_INIT;
		_free_ char *name = NULL;
		int rc = gb_budget_file_name(rows[i].module, rows[i].package, &name, &err);

		if (rows[i].name) {
			assert_int_equal(rc, 0);
			assert_string_equal(name, rows[i].name);
		} else {
			assert_int_equal(rc, GB_EUSAGE);
			assert_non_null(strstr(err.line, "is not of module example.com/shop"));
		}
	}
}

static void put(const char *path, const char *text)
{
	assert_int_equal(gb_fs_write(path, text, strlen(text), NULL), 0);
}

static void remove_budgets(void)
{
	assert_int_equal(gb_fs_remove_tree("budgets", NULL), 0);
}

#define EMPTY(package) "{\"package\": \"" package "\", \"environments\": []}"

static void test_all_files_of_a_module_are_loaded(void **state)
{
	struct gb_budgets b = GB_BUDGETS_INIT;

	(void)state;
	remove_budgets();
	assert_int_equal(gb_budgets_load("m", ".", &b, NULL), 0);
	assert_false(b.any);
	assert_int_equal(gb_fs_mkdirs("budgets/internal/.git", NULL), 0);
	put("budgets/_root.json", EMPTY("m"));
	put("budgets/_policy.json", "not read here");
	put("budgets/README.md", "nor this");
	put("budgets/.hidden.json", "nor this");
	put("budgets/internal/.git/x.json", "nor this");
	put("budgets/internal/z.json", EMPTY("m/internal/z"));
	put("budgets/internal/a.json", EMPTY("m/internal/a"));
	put("budgets/internal.json", EMPTY("m/internal"));
	assert_int_equal(gb_budgets_load("m", ".", &b, NULL), 0);
	assert_true(b.any);
	assert_int_equal(b.n, 4);
	assert_string_equal(b.files[0]->package, "m");
	assert_string_equal(b.files[0]->module, "m");
	assert_string_equal(b.files[3]->path, "budgets/internal/z.json");
	for (size_t i = 0; i < b.n; i++)
		assert_ptr_equal(gb_budgets_package(&b, b.files[i]->package), b.files[i]);
	assert_null(gb_budgets_package(&b, "m/x"));
	gb_budgets_release(&b);
	assert_int_equal(b.n, 0);
}

static void test_two_modules_are_one_set(void **state)
{
	struct gb_budgets b = GB_BUDGETS_INIT;

	(void)state;
	remove_budgets();
	assert_int_equal(gb_fs_mkdirs("budgets", NULL), 0);
	assert_int_equal(gb_fs_mkdirs("other/budgets", NULL), 0);
	put("budgets/_root.json", EMPTY("m"));
	put("other/budgets/_root.json", EMPTY("a"));
	assert_int_equal(gb_budgets_load("m", ".", &b, NULL), 0);
	assert_int_equal(gb_budgets_load("a", "other", &b, NULL), 0);
	assert_int_equal(b.n, 2);
	assert_string_equal(b.files[0]->package, "a");
	assert_string_equal(gb_budgets_package(&b, "m")->module, "m");
	gb_budgets_release(&b);
}

static void test_a_file_in_the_wrong_place(void **state)
{
	struct gb_budgets b = GB_BUDGETS_INIT;
	struct gb_err err = GB_ERR_INIT;

	(void)state;
	remove_budgets();
	assert_int_equal(gb_fs_mkdirs("budgets", NULL), 0);
	put("budgets/a.json", EMPTY("m/b"));
	assert_int_equal(gb_budgets_load("m", ".", &b, &err), GB_EUSAGE);
	assert_string_equal(err.line,
			    "budgets/a.json:1: package: m/b is not the package of this place");
	assert_string_equal(err.hint, "its place is budgets/b.json");
	gb_budgets_release(&b);
	put("budgets/a.json", EMPTY("other/a"));
	assert_int_equal(gb_budgets_load("m", ".", &b, &err), GB_EUSAGE);
	assert_string_equal(err.hint, "it is not of module m");
	gb_budgets_release(&b);
}

static void test_folders_and_files_that_cannot_be_read(void **state)
{
	struct gb_budgets b = GB_BUDGETS_INIT;
	struct gb_err err = GB_ERR_INIT;

	(void)state;
	remove_budgets();
	put("budgets", "a file");
	assert_int_equal(gb_budgets_load("m", ".", &b, &err), GB_ESYS);
	assert_int_equal(unlink("budgets"), 0);
	assert_int_equal(gb_fs_mkdirs("budgets", NULL), 0);
	assert_int_equal(symlink("nowhere", "budgets/a.json"), 0);
	assert_int_equal(gb_budgets_load("m", ".", &b, &err), GB_ENOTFOUND);
	gb_budgets_release(&b);
	assert_int_equal(unlink("budgets/a.json"), 0);
	assert_int_equal(symlink(".", "budgets/loop"), 0);
	assert_int_equal(gb_budgets_load("m", ".", &b, NULL), 0);
	gb_budgets_release(&b);
}

/* Reads, copies and writes; a failed allocation anywhere is an error and leaks nothing. */
static int go_round(const char *text)
{
	_buf_ struct gb_buf out = GB_BUF_INIT(GB_MAX_BUDGET_FILE);
	struct gb_budget_file *f = NULL, *copy = NULL;
	_free_ char *name = NULL;
	int rc = gb_budget_parse("f", text, strlen(text), &f, NULL);

	if (!rc && !(f->module = gb_strdup("m")))
		rc = GB_ENOMEM;
	if (!rc)
		rc = gb_budget_file_name("example.com/shop", f->package, &name, NULL);
	if (!rc)
		rc = gb_budget_file_copy(f, &copy, NULL);
	if (!rc)
		rc = gb_budget_write(copy, &out, NULL);
	if (!rc)
		assert_non_null(strstr(out.data, "\"1 KiB\""));
	gb_budget_file_free(copy);
	gb_budget_file_free(f);
	return rc;
}

static int load(void)
{
	struct gb_budgets b = GB_BUDGETS_INIT;
	int rc = gb_budgets_load("m", ".", &b, NULL);

	gb_budgets_release(&b);
	return rc;
}

static void test_out_of_memory_anywhere(void **state)
{
	static const char text[] =
		"{\"$schema\": \"s\", \"package\": \"example.com/shop/store\", "
		"\"environments\": [{\"env\": " ENV ", \"tests\": "
		"{\"TestA\": {\"alloc_space\": \"1 KiB\", \"reason\": \"r\"}}}]}";
	size_t n;

	(void)state;
	gb_mem_fail_at(0);
	assert_int_equal(go_round(text), 0);
	n = gb_mem_count();
	for (size_t i = 1; i <= n; i++) {
		gb_mem_fail_at(i);
		assert_int_equal(go_round(text), GB_ENOMEM);
	}
	remove_budgets();
	assert_int_equal(gb_fs_mkdirs("budgets/sub", NULL), 0);
	put("budgets/a.json", EMPTY("m/a"));
	gb_mem_fail_at(0);
	assert_int_equal(load(), 0);
	n = gb_mem_count();
	for (size_t i = 1; i <= n; i++) {
		gb_mem_fail_at(i);
		assert_int_equal(load(), GB_ENOMEM);
	}
	gb_mem_fail_at(0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_example_of_the_header),
		cmocka_unit_test(test_writing_what_was_read_is_stable),
		cmocka_unit_test(test_numbers_stay_exact),
		cmocka_unit_test(test_rows_are_sorted_by_bytes),
		cmocka_unit_test(test_what_is_refused),
		cmocka_unit_test(test_names_and_files_have_ceilings),
		cmocka_unit_test(test_a_block_for_each_environment),
		cmocka_unit_test(test_file_names),
		cmocka_unit_test(test_all_files_of_a_module_are_loaded),
		cmocka_unit_test(test_two_modules_are_one_set),
		cmocka_unit_test(test_a_file_in_the_wrong_place),
		cmocka_unit_test(test_folders_and_files_that_cannot_be_read),
		cmocka_unit_test(test_out_of_memory_anywhere),
	};

	return cmocka_run_group_tests(tests, tempdir_enter, tempdir_leave);
}
