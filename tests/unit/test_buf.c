/* buf: ceilings, appending after a failure, JSON literals, reading descriptors. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/mem.h"

static void test_empty_prints(void **state)
{
	_buf_ struct gb_buf b = GB_BUF_INIT(10);

	(void)state;
	assert_string_equal(b.data, "");
	gb_buf_add(&b, "x", 0);
	gb_buf_fill(&b, 'x', 0);
	gb_buf_addf(&b, "%s", "");
	assert_int_equal(b.cap, 0);
	gb_buf_clear(&b);
	assert_string_equal(b.data, "");
}

static void test_appending(void **state)
{
	_buf_ struct gb_buf b = GB_BUF_INIT(1000);

	(void)state;
	gb_buf_adds(&b, "ab");
	gb_buf_addc(&b, 'c');
	gb_buf_fill(&b, '-', 3);
	gb_buf_addf(&b, "%d%s", 42, "x");
	gb_buf_add(&b, "\0z", 2);
	assert_int_equal(b.len, 11);
	assert_memory_equal(b.data, "abc---42x\0z", 12);
	for (int i = 0; i < 90; i++)
		gb_buf_adds(&b, "0123456789");
	assert_int_equal(b.len, 911);
	assert_false(b.failed);
}

/* Every way of appending: full to the last byte, not one more, and nothing after it. */
static void test_ceiling_is_exact(void **state)
{
	(void)state;
	for (int way = 0; way < 3; way++) {
		_buf_ struct gb_buf b = GB_BUF_INIT(10);
		struct gb_err err = GB_ERR_INIT;

		gb_buf_adds(&b, "0123456789");
		assert_false(b.failed);
		if (way == 0)
			gb_buf_addc(&b, 'x');
		else if (way == 1)
			gb_buf_addf(&b, "%d", 1);
		else
			gb_buf_fill(&b, 'x', 1);
		assert_true(b.failed);
		assert_false(b.nomem);
		assert_string_equal(b.data, "0123456789");
		assert_int_equal(gb_buf_error(&b, "report", &err), GB_ELIMIT);
		assert_string_equal(err.line, "report exceeds 10 bytes");
		gb_buf_clear(&b);
		gb_buf_adds(&b, "again");
		assert_string_equal(b.data, "again");
	}
}

static void test_nothing_is_added_after_a_failure(void **state)
{
	_buf_ struct gb_buf b = GB_BUF_INIT(5);

	(void)state;
	gb_buf_adds(&b, "ab");
	gb_buf_adds(&b, "too long");
	gb_buf_addc(&b, 'c');
	gb_buf_addf(&b, "d");
	assert_string_equal(b.data, "ab");
	assert_null(gb_buf_detach(&b));
	assert_string_equal(b.data, "");
}

static void test_out_of_memory_is_told_apart(void **state)
{
	_buf_ struct gb_buf b = GB_BUF_INIT(SIZE_MAX);
	struct gb_err err = GB_ERR_INIT;

	(void)state;
	gb_mem_fail_at(1);
	gb_buf_adds(&b, "x");
	gb_mem_fail_at(0);
	assert_true(b.failed && b.nomem);
	assert_int_equal(gb_buf_error(&b, "report", &err), GB_ENOMEM);
	gb_buf_release(&b);
	gb_buf_adds(&b, "x");
	assert_string_equal(b.data, "x");
}

static void test_detach(void **state)
{
	struct gb_buf b = GB_BUF_INIT(100);
	char *s = gb_buf_detach(&b);

	(void)state;
	assert_string_equal(s, "");
	free(s);
	gb_buf_adds(&b, "mine");
	s = gb_buf_detach(&b);
	assert_string_equal(s, "mine");
	assert_int_equal(b.len, 0);
	assert_int_equal(b.max, 100);
	free(s);
}

static void test_json_literals(void **state)
{
	static const struct {
		const char *in, *out;
	} rows[] = {
		{ "", "\"\"" },
		{ "Test/a b", "\"Test/a b\"" },
		{ "q\"b\\s", "\"q\\\"b\\\\s\"" },
		{ "\b\t\n\v\f\r", "\"\\b\\t\\n\\u000b\\f\\r\"" },
		{ "\x1b[31m\x7f", "\"\\u001b[31m\\u007f\"" },
		{ "\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80",
		  "\"\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80\"" },
		{ "a\xFFz", "\"a\xEF\xBF\xBDz\"" },
		{ "\xC3", "\"\xEF\xBF\xBD\"" },
		{ "\xED\xA0\x80", "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\"" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		_buf_ struct gb_buf b = GB_BUF_INIT(100);

		gb_buf_add_json(&b, rows[i].in);
		assert_string_equal(b.data, rows[i].out);
	}
}

/* A pipe holding `n` bytes and closed for writing. */
static int filled_pipe(size_t n)
{
	int fds[2];

	assert_int_equal(gb_fd_pipe(fds), 0);
	while (n) {
		char block[1000];
		size_t part = n < sizeof(block) ? n : sizeof(block);

		memset(block, 'p', sizeof(block));
		assert_int_equal(gb_fd_write_all(fds[1], block, part), 0);
		n -= part;
	}
	close(fds[1]);
	return fds[0];
}

static void test_read_fd_up_to_the_ceiling(void **state)
{
	static const struct {
		size_t max, there;
		int rc;
	} rows[] = {
		{ 100, 0, 0 },
		{ 100, 99, 0 },
		{ 100, 100, 0 },
		{ 100, 101, GB_ELIMIT },
		{ 20000, 20000, 0 },
		{ 20000, 20001, GB_ELIMIT },
		{ 0, 0, 0 },
		{ 0, 1, GB_ELIMIT },
		{ SIZE_MAX, 50000, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		_buf_ struct gb_buf b = GB_BUF_INIT(rows[i].max);
		_fd_ int fd = filled_pipe(rows[i].there);
		struct gb_err err = GB_ERR_INIT;

		assert_int_equal(gb_buf_read_fd(&b, fd, &err), rows[i].rc);
		if (rows[i].rc == 0) {
			assert_int_equal(b.len, rows[i].there);
			assert_int_equal(b.data[b.len], '\0');
		} else {
			assert_int_equal(b.len, rows[i].max);
			assert_true(b.failed);
		}
	}
}

static void test_read_fd_appends(void **state)
{
	_buf_ struct gb_buf b = GB_BUF_INIT(100);
	_fd_ int fd = filled_pipe(3);

	(void)state;
	gb_buf_adds(&b, "x=");
	assert_int_equal(gb_buf_read_fd(&b, fd, NULL), 0);
	assert_string_equal(b.data, "x=ppp");
}

static void test_read_fd_errors(void **state)
{
	_buf_ struct gb_buf b = GB_BUF_INIT(100);
	struct gb_err err = GB_ERR_INIT;
	_fd_ int fd = filled_pipe(3);

	(void)state;
	assert_int_equal(gb_buf_read_fd(&b, -1, &err), GB_ESYS);
	assert_int_equal(err.sys, EBADF);
	gb_buf_release(&b);
	gb_mem_fail_at(1);
	assert_int_equal(gb_buf_read_fd(&b, fd, &err), GB_ENOMEM);
	gb_mem_fail_at(0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_empty_prints),
		cmocka_unit_test(test_appending),
		cmocka_unit_test(test_ceiling_is_exact),
		cmocka_unit_test(test_nothing_is_added_after_a_failure),
		cmocka_unit_test(test_out_of_memory_is_told_apart),
		cmocka_unit_test(test_detach),
		cmocka_unit_test(test_json_literals),
		cmocka_unit_test(test_read_fd_up_to_the_ceiling),
		cmocka_unit_test(test_read_fd_appends),
		cmocka_unit_test(test_read_fd_errors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
