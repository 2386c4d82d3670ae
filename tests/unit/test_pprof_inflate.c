/* pprof/inflate: members, ceilings, damage. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <libdeflate.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "pprof/inflate.h"

/* Appends `len` times `c` as one member. */
static void add_member(struct gb_buf *out, char c, size_t len)
{
	struct libdeflate_compressor *z = libdeflate_alloc_compressor(6);
	size_t bound = libdeflate_gzip_compress_bound(z, len), n;
	_free_ char *plain = gb_malloc(len + 1), *packed = gb_malloc(bound);

	memset(plain, c, len);
	n = libdeflate_gzip_compress(z, plain, len, packed, bound);
	assert_true(n > 0);
	gb_buf_add(out, packed, n);
	libdeflate_free_compressor(z);
}

static void test_members(void **state)
{
	static const size_t sizes[][3] = {
		{ 10, 0, 0 },	  { 0, 5, 0 },	    { 100000, 10, 3 },
		{ 3, 100000, 1 }, { 1, 2, 300000 }, { 5000000, 5000000, 1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		_buf_ struct gb_buf in = GB_BUF_INIT(GB_MIB);
		_free_ unsigned char *out = NULL;
		size_t n = 0, at = 0;

		for (int k = 0; k < 3; k++)
			add_member(&in, (char)('a' + k), sizes[i][k]);
		assert_true(gb_is_gzip(in.data, in.len));
		assert_int_equal(gb_inflate("f", in.data, in.len, 64 * GB_MIB, &out, &n, NULL), 0);
		assert_int_equal(n, sizes[i][0] + sizes[i][1] + sizes[i][2]);
		for (int k = 0; k < 3; k++) {
			for (size_t j = 0; j < sizes[i][k]; j++, at++)
				if (out[at] != 'a' + k)
					fail_msg("row %zu: byte %zu is %c", i, at, out[at]);
		}
	}
}

static void test_ceiling(void **state)
{
	_buf_ struct gb_buf in = GB_BUF_INIT(GB_MIB);
	_free_ unsigned char *out = NULL;
	struct gb_err err = GB_ERR_INIT;
	size_t n = 0;

	(void)state;
	add_member(&in, 'x', 3 * GB_MIB);
	assert_int_equal(gb_inflate("bomb.gz", in.data, in.len, GB_MIB, &out, &n, &err), GB_ELIMIT);
	assert_non_null(strstr(err.line, "bomb.gz: exceeds 1048576 bytes"));
	assert_null(out);
	assert_int_equal(gb_inflate("f", in.data, in.len, 3 * GB_MIB, &out, &n, &err), 0);
}

static void refuse(const char *data, size_t len, const char *why)
{
	struct gb_err err = GB_ERR_INIT;
	unsigned char *out = NULL;
	size_t n;

	assert_int_equal(gb_inflate("f", data, len, GB_MIB, &out, &n, &err), GB_EPARSE);
	if (!strstr(err.line, why))
		fail_msg("no \"%s\" in %s", why, err.line);
	assert_null(out);
}

static void test_damage(void **state)
{
	_buf_ struct gb_buf in = GB_BUF_INIT(GB_MIB);

	(void)state;
	add_member(&in, 'x', 1000);
	for (size_t len = 2; len < in.len; len++)
		refuse(in.data, len, "damaged or cut short");
	in.data[in.len - 5] ^= 1; /* its checksum */
	refuse(in.data, in.len, "damaged or cut short");
	in.data[in.len - 5] ^= 1;
	gb_buf_adds(&in, "and more");
	refuse(in.data, in.len, "8 bytes of something else");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_members),
		cmocka_unit_test(test_ceiling),
		cmocka_unit_test(test_damage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
