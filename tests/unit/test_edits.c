/* edits: an anchor matches exactly once or the whole version is refused. */
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
#include "go/edits.h"

/* What a GOROOT/src of two files would have. */
static const struct {
	const char *path, *text;
} sources[] = {
	{ "runtime/proc.go", "package runtime\n"
			     "\n"
			     "func a() {\n"
			     "\tone()\n"
			     "\ttwo()\n"
			     "\ttwo()\n"
			     "}\n" },
	{ "testing/testing.go", "package testing\n" },
};

static int load(void *arg, const char *path, struct gb_buf *ret, struct gb_err *err)
{
	int *loads = arg;

	(*loads)++;
	for (size_t i = 0; i < sizeof(sources) / sizeof(sources[0]); i++) {
		if (strcmp(sources[i].path, path) == 0) {
			gb_buf_adds(ret, sources[i].text);
			return ret->failed ? gb_buf_error(ret, path, err) : 0;
		}
	}
	return gb_fail(err, GB_ENOTFOUND, "no file %s", path);
}

static int loads;

static int apply(struct gb_edits *e, int minor, const char *text, struct gb_err *err)
{
	*e = (struct gb_edits){ .minor = minor, .load = load, .arg = &loads };
	loads = 0;
	return gb_edits_apply(e, "t.edits", text, err);
}

/* What runtime/proc.go has become. */
static void expect(int minor, const char *text, const char *want)
{
	struct gb_err err = GB_ERR_INIT;
	struct gb_edits e;

	if (apply(&e, minor, text, &err) < 0)
		fail_msg("%s", err.line);
	assert_int_equal(e.n, 1);
	assert_string_equal(e.files[0].path, "runtime/proc.go");
	assert_string_equal(e.files[0].text.data, want);
	gb_edits_release(&e);
}

static void refuse(int minor, const char *text, int code, const char *line)
{
	struct gb_err err = GB_ERR_INIT;
	struct gb_edits e;

	assert_int_equal(apply(&e, minor, text, &err), code);
	assert_string_equal(err.line, line);
	gb_edits_release(&e);
}

#define FILE_ "file runtime/proc.go\n"
#define ONE   "edit one\nfind\n|\tone()\nwith\n|\tone(); agent()\n"

static void test_a_place_is_replaced(void **state)
{
	(void)state;
	expect(26, "# comment\n\n" FILE_ "\n# more\n" ONE,
	       "package runtime\n\nfunc a() {\n\tone(); agent()\n\ttwo()\n\ttwo()\n}\n");
	expect(26, FILE_ "edit lines\nfind\n|\tone()\n|\ttwo()\nwith\n|\tthree()\n|\n|\tfour()",
	       "package runtime\n\nfunc a() {\n\tthree()\n\n\tfour()\n\ttwo()\n}\n");
	expect(26, FILE_ "edit nothing left\nfind\n|\tone()\n|\nwith\n|\n",
	       "package runtime\n\nfunc a() {\n\ttwo()\n\ttwo()\n}\n");
}

static void test_each_place_is_replaced(void **state)
{
	(void)state;
	expect(26, FILE_ "edit twos\neach\nfind\n|two()\nwith\n|two(two())\n",
	       "package runtime\n\nfunc a() {\n\tone()\n\ttwo(two())\n\ttwo(two())\n}\n");
	refuse(26, FILE_ "edit threes\neach\nfind\n|three()\nwith\n|four()\n", GB_ENOTFOUND,
	       "runtime/proc.go: no place for \"threes\"");
}

static void test_one_alternative_matches(void **state)
{
	(void)state;
	expect(26, FILE_ "edit one\nfind\n|uno()\nwith\n|x()\nfind\n|one()\nwith\n|agent()\n",
	       "package runtime\n\nfunc a() {\n\tagent()\n\ttwo()\n\ttwo()\n}\n");
	refuse(26, FILE_ "edit one\nfind\n|one()\nwith\n|x()\nfind\n|func a\nwith\n|func b\n",
	       GB_ENOTFOUND, "runtime/proc.go: the place of \"one\" is not unique");
}

static void test_missing_anchors_name_file_and_edit(void **state)
{
	(void)state;
	refuse(26, FILE_ ONE "edit gone\nfind\n|three()\nwith\n|x\n" ONE, GB_ENOTFOUND,
	       "runtime/proc.go: no place for \"gone\"");
	refuse(26, FILE_ "edit gone\nfind\n|three()\nwith\n|x\n", GB_ENOTFOUND,
	       "runtime/proc.go: no place for \"gone\"");
	refuse(26, FILE_ "edit twos\nfind\n|two()\nwith\n|x\n", GB_ENOTFOUND,
	       "runtime/proc.go: the place of \"twos\" is not unique");
	refuse(26, "file runtime/nowhere.go\nedit x\nfind\n|a\nwith\n|b\n", GB_ENOTFOUND,
	       "no file runtime/nowhere.go");
}

static void test_versions_of_an_edit(void **state)
{
#define LIMITED(range) FILE_ "edit new\ngo " range "\nfind\n|three()\nwith\n|x()\n" ONE
	static const struct {
		const char *text;
		int minor;
		bool applies;
	} rows[] = {
		{ LIMITED("1.21-1.23"), 20, false }, { LIMITED("1.21-1.23"), 21, true },
		{ LIMITED("1.21-1.23"), 23, true },  { LIMITED("1.21-1.23"), 24, false },
		{ LIMITED("1.25-"), 24, false },     { LIMITED("1.25-"), 25, true },
		{ LIMITED("1.25-"), 130, true },     { LIMITED("1.24-1.24"), 24, true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (rows[i].applies)
			refuse(rows[i].minor, rows[i].text, GB_ENOTFOUND,
			       "runtime/proc.go: no place for \"new\"");
		else
			expect(rows[i].minor, rows[i].text,
			       "package runtime\n\nfunc a() {\n\tone(); agent()\n\ttwo()\n"
			       "\ttwo()\n}\n");
	}
}

/* A file that is not for this version need not be there: it is not even read. */
static void test_versions_of_a_file(void **state)
{
	static const char text[] = "file runtime/new.go\ngo 1.27-\nappend runtime_seed.go\n"
				   "edit x\nfind\n|a\nwith\n|b\n" FILE_ ONE;
	struct gb_err err = GB_ERR_INIT;
	struct gb_edits e;

	(void)state;
	assert_int_equal(apply(&e, 26, text, &err), 0);
	assert_int_equal(e.n, 1);
	assert_int_equal(loads, 1);
	gb_edits_release(&e);
	refuse(27, text, GB_ENOTFOUND, "no file runtime/new.go");
}

static void test_files_are_read_once_and_edited_in_turn(void **state)
{
	struct gb_err err = GB_ERR_INIT;
	struct gb_edits e;

	(void)state;
	assert_int_equal(apply(&e, 26, FILE_ ONE "file testing/testing.go\n", &err), 0);
	assert_int_equal(gb_edits_apply(&e, "u.edits",
					FILE_ "edit agent\nfind\n|agent()\nwith\n|agent(1)\n",
					&err),
			 0);
	assert_int_equal(loads, 2);
	assert_int_equal(e.n, 2);
	assert_non_null(strstr(e.files[0].text.data, "\tone(); agent(1)\n"));
	assert_string_equal(e.files[1].text.data, sources[1].text);
	gb_edits_release(&e);
}

/* The host's package clause and imports serve; the agent's own are left out. */
static void test_an_agent_file_is_appended(void **state)
{
	static const char text[] = FILE_ "append runtime.go\nappend runtime_stop_go121.go go 1.21-"
					 "1.21\nappend runtime_stop_go122.go go 1.22-\n" ONE;
	struct gb_err err = GB_ERR_INIT;
	struct gb_edits e;
	const char *p;

	(void)state;
	assert_int_equal(apply(&e, 26, text, &err), 0);
	p = strstr(e.files[0].text.data, "package ");
	assert_non_null(p);
	assert_null(strstr(p + 1, "\npackage "));
	assert_null(strstr(p, "import ("));
	assert_non_null(strstr(p, "one(); agent()"));
	p = strstr(p, "func gobudgetSpawn(");
	assert_non_null(p);
	assert_null(strstr(p + 1, "func gobudgetSpawn("));
	p = strstr(p, "func gobudgetStop(");
	assert_non_null(p);
	assert_null(strstr(p + 1, "func gobudgetStop("));
	gb_edits_release(&e);
}

static void test_malformed_text_is_named_by_its_line(void **state)
{
	static const struct {
		const char *text, *line;
	} rows[] = {
		{ "hello\n", "t.edits:1: unknown directive" },
		{ FILE_ "edit\n", "t.edits:2: unknown directive" },
		{ FILE_ "each\n", "t.edits:2: unknown directive" },
		{ FILE_ "find\n", "t.edits:2: unknown directive" },
		{ FILE_ "edit x\nwith\n", "t.edits:3: unknown directive" },
		{ FILE_ "edit x\nfind\n|a\nfind\n", "t.edits:5: find without with" },
		{ FILE_ "edit x\nfind\n|one()\n", "t.edits:4: find without with" },
		{ FILE_ "edit x\nfind\n|one()\nedit y\n", "t.edits:5: find without with" },
		{ FILE_ "edit x\nfind\nwith\n|a\n", "t.edits:5: nothing to find" },
		{ FILE_ "|a\n", "t.edits:2: text outside find and with" },
		{ FILE_ "edit x\n|a\n", "t.edits:3: text outside find and with" },
		{ "edit x\n", "t.edits:1: edit outside a file" },
		{ "append runtime.go\n", "t.edits:1: append outside a file" },
		{ FILE_ "append nothing.go\n", "t.edits:2: no such agent file" },
		{ FILE_ "append runtime.edits\n", "t.edits:2: no such agent file" },
		{ FILE_ "append runtime.go go 21\n", "t.edits:2: expected: append FILE [go A-B]" },
		{ FILE_ "append  \n", "t.edits:2: expected: append FILE [go A-B]" },
		{ FILE_ "go later\n", "t.edits:1: expected: go A-B" },
		{ FILE_ "edit x\ngo 1.21\n", "t.edits:3: expected: go A-B" },
		/* One line too late for a file, where it would limit nothing. */
		{ FILE_ "\ngo 1.21-\n", "t.edits:3: go outside a file or an edit" },
		{ FILE_ "go 1.21-\ngo 1.22-\n", "t.edits:3: go outside a file or an edit" },
		{ "go 1.21-\n", "t.edits:1: go outside a file or an edit" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		refuse(26, rows[i].text, GB_EPARSE, rows[i].line);
}

static void test_ceilings(void **state)
{
	_buf_ struct gb_buf text = GB_BUF_INIT(8 * GB_MIB);
	struct gb_err err = GB_ERR_INIT;
	struct gb_edits e;

	(void)state;
	gb_buf_adds(&text, FILE_ "edit x\nfind\n|one()\nwith\n");
	for (int i = 0; i < 100; i++) {
		gb_buf_addc(&text, '|');
		gb_buf_fill(&text, 'x', 1000);
		gb_buf_addc(&text, '\n');
	}
	assert_int_equal(apply(&e, 26, text.data, &err), GB_ELIMIT);
	assert_string_equal(err.line, "an edit exceeds 65536 bytes");
	gb_edits_release(&e);

	/* Edits that make a file larger than any source file is. */
	gb_buf_clear(&text);
	gb_buf_adds(&text, FILE_);
	for (int i = 0; i < 200; i++) {
		gb_buf_addf(&text, "edit %d\nfind\n|one()\nwith\n|one()", i);
		gb_buf_fill(&text, 'x', 30000);
		gb_buf_addc(&text, '\n');
	}
	assert_int_equal(apply(&e, 26, text.data, &err), GB_ELIMIT);
	assert_non_null(strstr(err.line, "a patched Go source file exceeds"));
	gb_edits_release(&e);
}

static int all(struct gb_err *err)
{
	static const char text[] =
		FILE_ "append runtime_seed.go\n" ONE "edit twos\neach\nfind\n|two()\nwith\n|x\n"
		      "file testing/testing.go\nedit p\nfind\n|package\nwith\n|package x\n";
	struct gb_edits e;
	int rc = apply(&e, 26, text, err);

	gb_edits_release(&e);
	return rc;
}

static void test_out_of_memory_anywhere(void **state)
{
	size_t n;

	(void)state;
	gb_mem_fail_at(0);
	assert_int_equal(all(NULL), 0);
	n = gb_mem_count();
	assert_true(n > 10);
	for (size_t i = 1; i <= n; i++) {
		struct gb_err err = GB_ERR_INIT;
		int rc;

		gb_mem_fail_at(i);
		rc = all(&err);
		gb_mem_fail_at(0);
		if (rc != GB_ENOMEM)
			fail_msg("allocation %zu of %zu: code %d, %s", i, n, rc, err.line);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_place_is_replaced),
		cmocka_unit_test(test_each_place_is_replaced),
		cmocka_unit_test(test_one_alternative_matches),
		cmocka_unit_test(test_missing_anchors_name_file_and_edit),
		cmocka_unit_test(test_versions_of_an_edit),
		cmocka_unit_test(test_versions_of_a_file),
		cmocka_unit_test(test_files_are_read_once_and_edited_in_turn),
		cmocka_unit_test(test_an_agent_file_is_appended),
		cmocka_unit_test(test_malformed_text_is_named_by_its_line),
		cmocka_unit_test(test_ceilings),
		cmocka_unit_test(test_out_of_memory_anywhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
