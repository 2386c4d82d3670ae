/* pprof/lines, image: sources wherever they are by now, and where a program lay in memory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fs.h"
#include "base/limits.h"
#include "base/mem.h"
#include "pprof/image.h"
#include "pprof/lines.h"
#include "pprof_fixture.h"
#include "tempdir.h"

static void put(const char *path, const char *text)
{
	assert_int_equal(gb_fs_write(path, text, strlen(text), NULL), 0);
}

static void test_lines(void **state)
{
	static const char *const folders[] = { ".", NULL };
	_lines_ struct gb_lines s = GB_LINES_INIT;

	(void)state;
	put("a.go", "one\r\n\n\tthree\nlast");
	assert_int_equal(gb_lines_open("a.go", folders, &s, NULL), 0);
	assert_string_equal(gb_lines_get(&s, 1), "one");
	assert_string_equal(gb_lines_get(&s, 2), "");
	assert_string_equal(gb_lines_get(&s, 3), "\tthree");
	assert_string_equal(gb_lines_get(&s, 4), "last");
	assert_null(gb_lines_get(&s, 0));
	assert_null(gb_lines_get(&s, 5));
}

static void test_found_where_they_are_now(void **state)
{
	static const struct {
		const char *path, *want; /* NULL: nowhere */
	} rows[] = {
		{ "store/cache.go", "./store/cache.go" },
		{ "example.com/shop/store/cache.go", "./store/cache.go" },
		{ "/home/ci/build/shop/store/cache.go", "./store/cache.go" },
		{ "//x//store//cache.go", "./store//cache.go" },
		{ "other/only.go", "other/only.go" },
		{ "cache.go", NULL },
		{ "../secret.go", NULL },
		{ "x/../../secret.go", NULL },
		{ "store/secret.txt", NULL },
		{ "/etc/passwd", NULL },
		{ "store", NULL },
		{ "fifo.go", NULL },
		{ "", NULL },
	};
	static const char *const folders[] = { ".", "other", NULL };

	(void)state;
	assert_int_equal(gb_fs_mkdirs("store", NULL), 0);
	assert_int_equal(gb_fs_mkdirs("other", NULL), 0);
	assert_int_equal(gb_fs_mkdirs("fifo.go", NULL), 0);
	put("store/cache.go", "cache\n");
	put("other/only.go", "only\n");
	put("store/secret.txt", "secret\n");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		_lines_ struct gb_lines s = GB_LINES_INIT;
		struct gb_err err = GB_ERR_INIT;
		int rc = gb_lines_open(rows[i].path, folders, &s, &err);

		if (!rows[i].want) {
			assert_int_equal(rc, GB_ENOTFOUND);
			assert_non_null(strstr(err.line, "no source"));
		} else if (rc < 0) {
			fail_msg("%s: %s", rows[i].path, err.line);
		} else if (strstr(s.path, rows[i].want) == NULL) {
			fail_msg("%s: %s, not %s", rows[i].path, s.path, rows[i].want);
		}
	}
}

/* A file of one header and one segment, in this machine's byte order. */
static void put_elf(const char *path, uint64_t offset, uint64_t vaddr)
{
	unsigned char file[120] = "\177ELF\2";
	uint64_t wide[] = { 64 /* where segments are */, offset, vaddr, 0x1000 };
	uint32_t load[] = { 1, 5 }; /* PT_LOAD, readable and executable */
	uint16_t size_and_n[] = { 56, 1 };

	memcpy(file + 32, &wide[0], 8);
	memcpy(file + 54, size_and_n, 4);
	memcpy(file + 64, load, 8);
	memcpy(file + 72, &wide[1], 8);
	memcpy(file + 80, &wide[2], 8);
	memcpy(file + 96, &wide[3], 8);
	assert_int_equal(gb_fs_write(path, file, sizeof(file), NULL), 0);
}

static void put_macho(const char *path, uint64_t vaddr)
{
	unsigned char file[104] = { 0 };
	uint32_t magic = 0xFEEDFACF, n = 1, command[] = { 0x19, 72 };

	memcpy(file, &magic, 4);
	memcpy(file + 16, &n, 4);
	memcpy(file + 32, command, 8);
	memcpy(file + 40, "__TEXT", 6);
	memcpy(file + 56, &vaddr, 8);
	assert_int_equal(gb_fs_write(path, file, sizeof(file), NULL), 0);
}

static void expect_slide(const char *path, uint64_t start, uint64_t offset, uint64_t want)
{
	_profile_ struct gb_profile *p = NULL;
	struct pf f;
	uint64_t got = 1;

	pf_begin(&f);
	pf_mapping(&f, 1, 0x123000, 0, "/lib/other.so");
	pf_mapping(&f, 2, start, offset, "/somewhere/prog");
	p = pf_load(&f);
	assert_int_equal(gb_image_slide(path, p, &got, NULL), 0);
	if (got != want)
		fail_msg("%llx, not %llx", (unsigned long long)got, (unsigned long long)want);
}

static void test_slide(void **state)
{
	_profile_ struct gb_profile *p = pf_usual();
	struct gb_err err = GB_ERR_INIT;
	uint64_t slide;

	(void)state;
	put_elf("prog", 0, 0x400000);
	expect_slide("prog", 0x400000, 0, 0);
	expect_slide("prog", 0x555555554000, 0, 0x555555154000);
	expect_slide("prog", 0, 0, 0); /* not known */
	/* A segment that does not begin at a page, and a mapping that does. */
	put_elf("prog", 0xA10, 0x1A10);
	expect_slide("prog", 0x555555555000, 0, 0x555555554000);
	put_macho("prog", 0x100000000);
	expect_slide("prog", 0x102340000, 0, 0x2340000);
	put("prog", "#!/bin/sh\n");
	expect_slide("prog", 0x555555554000, 0, 0);
	assert_int_equal(gb_image_slide("none", p, &slide, &err), GB_ENOTFOUND);
}

/* Whatever the headers say, nothing is read past the end. */
static void test_hostile_headers(void **state)
{
	unsigned char file[128];
	_profile_ struct gb_profile *p = pf_usual();
	uint64_t slide;

	(void)state;
	for (int fill = 0; fill < 256; fill += 51) {
		memset(file, fill, sizeof(file));
		memcpy(file, "\177ELF\2", 5);
		assert_int_equal(gb_fs_write("prog", file, sizeof(file), NULL), 0);
		assert_int_equal(gb_image_slide("prog", p, &slide, NULL), 0);
		memcpy(file, "\xCF\xFA\xED\xFE", 4);
		assert_int_equal(gb_fs_write("prog", file, sizeof(file), NULL), 0);
		assert_int_equal(gb_image_slide("prog", p, &slide, NULL), 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_found_where_they_are_now),
		cmocka_unit_test(test_slide),
		cmocka_unit_test(test_hostile_headers),
	};

	return cmocka_run_group_tests(tests, tempdir_enter, tempdir_leave);
}
