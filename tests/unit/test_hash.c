/* hash: the standard's own examples, fields that do not run into each other, files. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/err.h"
#include "base/fs.h"
#include "base/hash.h"
#include "tempdir.h"

/* FIPS 180-4's examples. */
static void test_known(void **state)
{
	static const struct {
		const char *text, *hex;
	} rows[] = {
		{ "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
		{ "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
		{ "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
		  "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char hex[GB_HASH_HEX + 1];

		assert_int_equal(gb_hash_data(rows[i].text, strlen(rows[i].text), hex, NULL), 0);
		assert_string_equal(hex, rows[i].hex);
	}
}

static void of_texts(const char *a, const char *b, char *hex)
{
	_hash_ struct gb_hash h = GB_HASH_INIT;

	gb_hash_text(&h, a);
	gb_hash_text(&h, b);
	assert_int_equal(gb_hash_end(&h, hex, NULL), 0);
}

static void test_fields_are_apart(void **state)
{
	static const char *const pairs[][2] = {
		{ "ab", "c" },	 { "a", "bc" },	  { "abc", "" },    { "", "abc" },
		{ "abc", NULL }, { NULL, "abc" }, { "=abc", NULL }, { "-", NULL },
	};
	char hex[8][GB_HASH_HEX + 1];

	(void)state;
	for (size_t i = 0; i < 8; i++) {
		of_texts(pairs[i][0], pairs[i][1], hex[i]);
		for (size_t k = 0; k < i; k++)
			assert_string_not_equal(hex[i], hex[k]);
	}
}

static void test_files(void **state)
{
	_hash_ struct gb_hash a = GB_HASH_INIT, b = GB_HASH_INIT;
	char x[GB_HASH_HEX + 1], y[GB_HASH_HEX + 1];

	(void)state;
	assert_int_equal(gb_fs_write("one", "same", 4, NULL), 0);
	assert_int_equal(gb_fs_write("two", "same", 4, NULL), 0);
	assert_int_equal(gb_hash_file(&a, "one", 4, NULL), 0);
	assert_int_equal(gb_hash_file(&b, "two", 4, NULL), 0);
	assert_int_equal(gb_hash_end(&a, x, NULL), 0);
	/* What cannot be read leaves it as it was. */
	assert_int_equal(gb_hash_file(&b, "one", 3, NULL), GB_ELIMIT);
	assert_int_equal(gb_hash_file(&b, "none", 3, NULL), GB_ENOTFOUND);
	assert_int_equal(gb_hash_file(&b, ".", 3, NULL), GB_ESYS);
	assert_int_equal(mkfifo("pipe", 0600), 0);
	assert_int_equal(gb_hash_file(&b, "pipe", 3, NULL), GB_ESYS);
	assert_int_equal(gb_hash_end(&b, y, NULL), 0);
	assert_string_equal(x, y);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_known),
		cmocka_unit_test(test_fields_are_apart),
		cmocka_unit_test(test_files),
	};

	return cmocka_run_group_tests(tests, tempdir_enter, tempdir_leave);
}
