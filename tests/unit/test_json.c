/* json: what is refused and where, exact integers, places, paths, keys. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/mem.h"

static struct gb_json *parse(const char *text)
{
	struct gb_err err = GB_ERR_INIT;
	struct gb_json *j = NULL;

	if (gb_json_parse("b.json", text, strlen(text), &j, &err) < 0)
		fail_msg("%s: %s", text, err.line);
	return j;
}

static void test_accepted(void **state)
{
	static const char *const rows[] = {
		"{}",
		"[]",
		" \t\r\n[ ] \n",
		"null",
		"true",
		"-0",
		"0.5e-3",
		"1E+2",
		"\"\"",
		"\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\uD83D\\uDE00\"",
		"\"caf\xC3\xA9\"",
		"[1,[2,[3]],{\"a\":{\"b\":[]}}]",
		"{\"a\":1,\"A\":2,\"\":3}",
		"{\"x\":{\"a\":1},\"y\":{\"a\":1}}",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		gb_json_free(parse(rows[i]));
}

static void test_refused(void **state)
{
	static const struct {
		const char *text, *line;
	} rows[] = {
		{ "", "b.json:1:1: the text ends too early" },
		{ " \n ", "b.json:2:2: the text ends too early" },
		{ "{", "b.json:1:2: the text ends too early" },
		{ "[1", "b.json:1:3: the text ends too early" },
		{ "\xEF\xBB\xBF{}", "b.json:1:1: expected a value" },
		{ "{}x", "b.json:1:3: text after the end of the value" },
		{ "{} {}", "b.json:1:4: text after the end of the value" },
		{ "[1,]", "b.json:1:4: expected a value" },
		{ "[1 2]", "b.json:1:4: expected , or ]" },
		{ "{\"a\" 1}", "b.json:1:6: expected :" },
		{ "{\"a\":1,}", "b.json:1:8: expected a key in quotes" },
		{ "{\"a\":1 \"b\":2}", "b.json:1:8: expected , or }" },
		{ "{a:1}", "b.json:1:2: expected a key in quotes" },
		{ "{'a':1}", "b.json:1:2: expected a key in quotes" },
		{ "{\n  // no\n}", "b.json:2:3: expected a key in quotes" },
		{ "[1, /* no */ 2]", "b.json:1:5: expected a value" },
		{ "tru", "b.json:1:1: expected a value" },
		{ "True", "b.json:1:1: expected a value" },
		{ "nul0", "b.json:1:1: expected a value" },
		{ "NaN", "b.json:1:1: expected a value" },
		{ "[-Infinity]", "b.json:1:3: a number needs digits" },
		{ "01", "b.json:1:1: a number with a leading zero" },
		{ "-01", "b.json:1:1: a number with a leading zero" },
		{ "+1", "b.json:1:1: expected a value" },
		{ ".5", "b.json:1:1: expected a value" },
		{ "[1.]", "b.json:1:4: a number needs digits after its point" },
		{ "[1e]", "b.json:1:4: a number needs digits in its exponent" },
		{ "1e999", "b.json:1:1: a number out of range" },
		{ "0x10", "b.json:1:2: text after the end of the value" },
		{ "1000000000000000000000000000000000000000000000000000000000000000",
		  "b.json:1:1: a number longer than 63 characters" },
		{ "\"a", "b.json:1:1: a string without its closing quote" },
		{ "\"a\\", "b.json:1:4: the text ends too early" },
		{ "\"a\nb\"", "b.json:1:3: a control character in a string needs an escape" },
		{ "\"\\x41\"", "b.json:1:3: unknown escape" },
		{ "\"\\u12g4\"", "b.json:1:6: \\u needs four hexadecimal digits" },
		{ "\"a\\u0000\"", "b.json:1:3: \\u0000 is not accepted" },
		{ "\"\\uD800\"", "b.json:1:2: half a surrogate pair" },
		{ "\"\\uD800\\n\"", "b.json:1:2: half a surrogate pair" },
		{ "\"\\uD800\\u0041\"", "b.json:1:2: half a surrogate pair" },
		{ "\"\\uD800\\u00\"", "b.json:1:12: \\u needs four hexadecimal digits" },
		{ "\"\\uDC00\"", "b.json:1:2: half a surrogate pair" },
		{ "\"\xFF\"", "b.json:1:2: invalid UTF-8" },
		{ "\"\xC0\x80\"", "b.json:1:2: invalid UTF-8" },
		{ "\"\xED\xA0\x80\"", "b.json:1:2: invalid UTF-8" },
		{ "{\"a\":1,\n \"a\":2}", "b.json:2:2: duplicate key a" },
		{ "{\"a\":1,\"\\u0061\":2}", "b.json:1:8: duplicate key a" },
		{ "{\"x\":[{\"T/a\":1,\"T/a\":1}],\"x\":2}",
		  "b.json:1:16: duplicate key x[0][\"T/a\"]" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct gb_err err = GB_ERR_INIT;
		struct gb_json *j = NULL;

		assert_int_equal(gb_json_parse("b.json", rows[i].text, strlen(rows[i].text), &j,
					       &err),
				 GB_EUSAGE);
		assert_string_equal(err.line, rows[i].line);
		assert_null(j);
	}
}

static void test_a_nul_byte_is_refused_anywhere(void **state)
{
	static const char *const rows[] = { "{}\0", "{\0}", "\"\0\"", "\0{}" };
	struct gb_json *j = NULL;

	(void)state;
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(gb_json_parse("x", rows[i], 3, &j, NULL), GB_EUSAGE);
	assert_int_equal(gb_json_parse("x", "\"\0", 2, &j, NULL), GB_EUSAGE);
}

static void test_depth_has_a_ceiling(void **state)
{
	char text[2 * (GB_MAX_JSON_DEPTH + 1) + 1];
	struct gb_err err = GB_ERR_INIT;
	struct gb_json *j = NULL;

	(void)state;
	for (size_t depth = GB_MAX_JSON_DEPTH; depth <= GB_MAX_JSON_DEPTH + 1; depth++) {
		memset(text, '[', depth);
		memset(text + depth, ']', depth);
		text[2 * depth] = '\0';
		if (depth == GB_MAX_JSON_DEPTH) {
			_buf_ struct gb_buf path = GB_BUF_INIT(1000);
			const cJSON *item;

			j = parse(text);
			for (item = j->root; item->child; item = item->child)
				continue;
			gb_json_path(j, item, &path);
			assert_int_equal(path.len, 3 * (GB_MAX_JSON_DEPTH - 1));
			gb_json_free(j);
			j = NULL;
			continue;
		}
		assert_int_equal(gb_json_parse("x", text, 2 * depth, &j, &err), GB_EUSAGE);
		assert_string_equal(err.line, "x:1:65: nested too deeply");
	}
}

static void test_integers_are_exact(void **state)
{
	static const struct {
		const char *text;
		int64_t value;
		bool ok;
	} rows[] = {
		{ "0", 0, true },
		{ "-0", 0, true },
		{ "42", 42, true },
		{ "9007199254740993", 9007199254740993, true },
		{ "9223372036854775807", INT64_MAX, true },
		{ "-9223372036854775808", INT64_MIN, true },
		{ "9223372036854775808", 0, false },
		{ "-9223372036854775809", 0, false },
		{ "99999999999999999999999", 0, false },
		{ "1.0", 0, false },
		{ "1e3", 0, false },
		{ "\"1\"", 0, false },
		{ "true", 0, false },
		{ "[1]", 0, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		_json_ struct gb_json *j = parse(rows[i].text);
		int64_t value = 77;

		assert_int_equal(gb_json_int(j, j->root, &value), rows[i].ok);
		assert_true(value == (rows[i].ok ? rows[i].value : 77));
	}
}

/* A number of another tree has no digits in this text. */
static void test_a_stranger_has_no_place(void **state)
{
	_json_ struct gb_json *j = parse("{\"a\":1}");
	cJSON *stranger = cJSON_CreateNumber(1);
	_buf_ struct gb_buf path = GB_BUF_INIT(100);
	int64_t value;

	(void)state;
	assert_false(gb_json_int(j, stranger, &value));
	assert_false(gb_json_int(j, NULL, &value));
	assert_int_equal(gb_json_line(j, stranger), 0);
	gb_json_path(j, stranger, &path);
	assert_string_equal(path.data, "");
	cJSON_Delete(stranger);
}

static const char budgets[] = "{\n"
			      "  \"version\": 1,\n"
			      "  \"environments\": [\n"
			      "    { \"tests\": {\n"
			      "      \"TestA/b\": { \"alloc_space\":\n"
			      "        -5 },\n"
			      "      \"Test\\u202eB\": [ 1, [ 2 ] ]\n"
			      "    } }\n"
			      "  ]\n"
			      "}\n";

static const cJSON *tests_of(const struct gb_json *j)
{
	return cJSON_GetObjectItemCaseSensitive(
		cJSON_GetObjectItemCaseSensitive(j->root, "environments")->child, "tests");
}

static void assert_place(const struct gb_json *j, const cJSON *item, size_t line, const char *path)
{
	_buf_ struct gb_buf found = GB_BUF_INIT(1000);

	assert_non_null(item);
	assert_int_equal(gb_json_line(j, item), line);
	gb_json_path(j, item, &found);
	assert_string_equal(found.data, path);
}

static void test_places(void **state)
{
	_json_ struct gb_json *j = parse(budgets);
	const cJSON *tests = tests_of(j);

	(void)state;
	assert_place(j, j->root, 1, "");
	assert_place(j, j->root->child, 2, "version");
	assert_place(j, tests, 4, "environments[0].tests");
	assert_place(j, tests->child->child, 6, "environments[0].tests[\"TestA/b\"].alloc_space");
	assert_place(j, tests->child->next->child->next->child, 7,
		     "environments[0].tests[\"Test\xEF\xBF\xBD"
		     "B\"][1][0]");
}

static void test_failing_at_a_value(void **state)
{
	_json_ struct gb_json *j = parse(budgets);
	struct gb_err err = GB_ERR_INIT;

	(void)state;
	assert_int_equal(gb_json_fail(j, tests_of(j)->child->child, &err, "%d is below %d", -5, 0),
			 GB_EUSAGE);
	assert_string_equal(err.line, "b.json:6: environments[0].tests[\"TestA/b\"].alloc_space: "
				      "-5 is below 0");
	gb_json_fail(j, j->root, &err, "no good");
	assert_string_equal(err.line, "b.json:1: no good");
	gb_mem_fail_at(1);
	assert_int_equal(gb_json_fail(j, j->root, &err, "no good"), GB_ENOMEM);
	gb_mem_fail_at(0);
}

static void test_known_keys(void **state)
{
	static const char *const keys[] = { "goroutines", "alloc_space", "alloc_objects", NULL };
	static const char *const none[] = { NULL };
	static const struct {
		const char *text, *line, *hint;
	} rows[] = {
		{ "{\"alloc_spce\":1}", "b.json:1: alloc_spce: unknown key",
		  "did you mean \"alloc_space\"?" },
		{ "{\"alloc_sapce\":1}", "b.json:1: alloc_sapce: unknown key",
		  "did you mean \"alloc_space\"?" },
		{ "{\"alloc-objects\":1}", "b.json:1: [\"alloc-objects\"]: unknown key",
		  "did you mean \"alloc_objects\"?" },
		{ "{\"goroutines\":1,\n\"Goroutines\":2}", "b.json:2: Goroutines: unknown key",
		  "did you mean \"goroutines\"?" },
		{ "{\"x\":1}", "b.json:1: x: unknown key",
		  "known keys are goroutines, alloc_space, alloc_objects" },
		{ "{\"\":1}", "b.json:1: [\"\"]: unknown key",
		  "known keys are goroutines, alloc_space, alloc_objects" },
		{ "[]", "b.json:1: expected an object", "" },
	};
	_json_ struct gb_json *good = parse("{\"alloc_space\":1,\"goroutines\":2}");
	_json_ struct gb_json *empty = parse("{}");

	(void)state;
	assert_int_equal(gb_json_only_keys(good, good->root, keys, NULL), 0);
	assert_int_equal(gb_json_only_keys(empty, empty->root, none, NULL), 0);
	assert_int_equal(gb_json_only_keys(good, good->root, none, NULL), GB_EUSAGE);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		_json_ struct gb_json *j = parse(rows[i].text);
		struct gb_err err = GB_ERR_INIT;

		assert_int_equal(gb_json_only_keys(j, j->root, keys, &err), GB_EUSAGE);
		assert_string_equal(err.line, rows[i].line);
		assert_string_equal(err.hint, rows[i].hint);
	}
}

static void test_a_very_long_key_is_refused_all_the_same(void **state)
{
	static const char *const keys[] = { "goroutines", NULL };
	struct gb_err err = GB_ERR_INIT;
	char text[3000];

	(void)state;
	memset(text, 'k', sizeof(text));
	memcpy(text, "{\"", 2);
	memcpy(text + sizeof(text) - 5, "\":1}", 5);
	_json_ struct gb_json *j = parse(text);

	assert_int_equal(gb_json_only_keys(j, j->root, keys, &err), GB_EUSAGE);
	assert_string_equal(err.line + strlen(err.line) - 4, "k...");
	assert_string_equal(err.hint, "known keys are goroutines");
}

/* 100,000 tests: the index must not be walked from its start for each. */
static void test_a_big_file(void **state)
{
	_buf_ struct gb_buf text = GB_BUF_INIT(GB_MAX_BUDGET_FILE);
	size_t line = 1;

	(void)state;
	gb_buf_adds(&text, "{");
	for (int i = 0; i < 100000; i++)
		gb_buf_addf(&text, "%s\n\"TestA/%06d\": { \"alloc_space\": %d }", i ? "," : "", i,
			    i);
	gb_buf_adds(&text, "\n}\n");
	assert_false(text.failed);
	_json_ struct gb_json *j = parse(text.data);

	for (const cJSON *t = j->root->child; t; t = t->next) {
		int64_t value;

		assert_true(gb_json_line(j, t) == ++line);
		assert_true(gb_json_int(j, t->child, &value) && value == (int64_t)line - 2);
	}
	assert_int_equal(line, 100001);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_accepted),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_a_nul_byte_is_refused_anywhere),
		cmocka_unit_test(test_depth_has_a_ceiling),
		cmocka_unit_test(test_integers_are_exact),
		cmocka_unit_test(test_a_stranger_has_no_place),
		cmocka_unit_test(test_places),
		cmocka_unit_test(test_failing_at_a_value),
		cmocka_unit_test(test_known_keys),
		cmocka_unit_test(test_a_very_long_key_is_refused_all_the_same),
		cmocka_unit_test(test_a_big_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
