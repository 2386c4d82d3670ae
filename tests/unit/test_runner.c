/* runner: byte for byte what @actions/core writes, and nothing that a runner would obey besides. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/fs.h"
#include "base/limits.h"
#include "base/mem.h"
#include "github/runner.h"
#include "tempdir.h"

static void test_annotations(void **state)
{
	static const struct {
		struct gb_annotation a;
		const char *want;
	} rows[] = {
		{ { GB_LEVEL_ERROR, NULL, 0, NULL, NULL }, "::error::hello\n" },
		{ { GB_LEVEL_WARNING, (char *)(uintptr_t) "a/b.go", 7,
		    (char *)(uintptr_t) "over: x, y", NULL },
		  "::warning title=over%3A x%2C y,file=a/b.go,line=7::hello\n" },
		{ { GB_LEVEL_NOTICE, (char *)(uintptr_t) "a%b:c.go", 0, NULL, NULL },
		  "::notice file=a%25b%3Ac.go::hello\n" },
		/* A line without a file says nothing. */
		{ { GB_LEVEL_ERROR, NULL, 7, (char *)(uintptr_t) "t", NULL },
		  "::error title=t::hello\n" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		_buf_ struct gb_buf out = GB_BUF_INIT(GB_MIB);
		struct gb_annotation a = rows[i].a;

		a.message = (char *)(uintptr_t) "hello";
		gb_annotation_write(&a, &out);
		assert_string_equal(out.data, rows[i].want);
	}
}

static void test_messages(void **state)
{
	static const struct {
		const char *message, *want;
	} rows[] = {
		{ "a\nb", "::error::a%0Ab\n" },
		{ "100%", "::error::100%25\n" },
		{ "%0A", "::error::%250A\n" },
		{ "a\r\n::set-env name=X::y", "::error::a\xef\xbf\xbd%0A::set-env name=X::y\n" },
		{ "a\tb", "::error::a b\n" },
		{ "\x1b[31m\xe2\x80\xae\xff",
		  "::error::\xef\xbf\xbd[31m\xef\xbf\xbd\xef\xbf\xbd\n" },
		{ "", "::error::\n" },
	};
	_buf_ struct gb_buf out = GB_BUF_INIT(GB_MIB), longer = GB_BUF_INIT(GB_MIB);
	struct gb_annotation a = { .level = GB_LEVEL_ERROR };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		a.message = (char *)(uintptr_t)rows[i].message;
		gb_buf_clear(&out);
		gb_annotation_write(&a, &out);
		assert_string_equal(out.data, rows[i].want);
	}
	for (int i = 0; i < 5000; i++)
		gb_buf_adds(&longer, "\xc3\xa4");
	a.message = longer.data;
	gb_buf_clear(&out);
	gb_annotation_write(&a, &out);
	assert_int_equal(out.len, strlen("::error::\n") + 2 * GB_ANNOTATION_MAX);
}

static void test_log_lines(void **state)
{
	static const struct {
		const char *text, *want;
	} rows[] = {
		{ "hello", "hello\n" },
		{ "::error::x", "- ::error::x\n" },
		{ "  ::error::x", "  - ::error::x\n" },
		{ "\xC2\xA0\xE2\x80\x83\xE3\x80\x80::error::x",
		  "\xC2\xA0\xE2\x80\x83\xE3\x80\x80- ::error::x\n" },
		{ "\xC3\xA9::error::x", "\xC3\xA9::error::x\n" },
		{ "a ##[error]x", "a ## [error]x\n" },
		{ "###[[group]", "### [[group]\n" },
		{ "a\n::error::x", "a ::error::x\n" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		_buf_ struct gb_buf out = GB_BUF_INIT(GB_MIB);

		gb_log_line(rows[i].text, &out);
		assert_string_equal(out.data, rows[i].want);
	}
}

static void test_words_are_never_the_same(void **state)
{
	char a[GB_WORD_SIZE], b[GB_WORD_SIZE];

	(void)state;
	assert_int_equal(gb_random_word(a, NULL), 0);
	assert_int_equal(gb_random_word(b, NULL), 0);
	assert_int_equal(strlen(a), 36);
	assert_int_equal(a[14], '4');
	assert_string_not_equal(a, b);
}

static void test_outputs(void **state)
{
	_buf_ struct gb_buf out = GB_BUF_INIT(GB_MIB);

	(void)state;
	assert_int_equal(gb_output_write("verdict", "over\nout=1", "W", &out, NULL), 0);
	assert_string_equal(out.data, "verdict<<ghadelimiter_W\nover\nout=1\nghadelimiter_W\n");
	assert_int_equal(gb_output_write("verdict", "xWx", "W", &out, NULL), GB_EUSAGE);
}

static void test_files_are_appended_to(void **state)
{
	_buf_ struct gb_buf got = GB_BUF_INIT(GB_MIB);
	_free_ char *big = gb_calloc(1, GB_SUMMARY_MAX);

	(void)state;
	assert_int_equal(gb_summary_room("summary"), GB_SUMMARY_MAX);
	assert_int_equal(gb_runner_append("summary", "one\n", 4, NULL), 0);
	assert_int_equal(gb_runner_append("summary", "two\n", 4, NULL), 0);
	assert_int_equal(gb_fs_read("summary", &got, NULL), 0);
	assert_string_equal(got.data, "one\ntwo\n");
	assert_int_equal(gb_summary_room("summary"), GB_SUMMARY_MAX - 8);
	assert_int_equal(gb_runner_append("summary", big, GB_SUMMARY_MAX, NULL), 0);
	assert_int_equal(gb_summary_room("summary"), 0);
	assert_int_equal(gb_runner_append("none/summary", "x", 1, NULL), GB_ENOTFOUND);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, tempdir_enter, tempdir_leave)

static void test_log_text(void **state)
{
	_buf_ struct gb_buf out = GB_BUF_INIT(GB_KIB);

	(void)state;
	gb_log_text("::a::b\n  ::c\nd ::e\n  ##[f] ###[g]\n\t::h\r\r::i\n\n::", &out);
	assert_string_equal(out.data, "- ::a::b\n  - ::c\nd ::e\n  ## [f] ### [g]\n"
				      "\t- ::h\r\r- ::i\n\n- ::");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_annotations),
		TEST(test_messages),
		TEST(test_log_lines),
		TEST(test_log_text),
		TEST(test_words_are_never_the_same),
		TEST(test_outputs),
		TEST(test_files_are_appended_to),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
