/* pprof/load, index, sample, wire: what is read, and what is refused in one line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"
#include "base/fs.h"
#include "base/limits.h"
#include "base/mem.h"
#include "pprof/sample.h"
#include "pprof_fixture.h"
#include "tempdir.h"

static void test_usual(void **state)
{
	_profile_ struct gb_profile *p = pf_usual();
	_sample_ struct gb_sample s = GB_SAMPLE_INIT;

	(void)state;
	assert_int_equal(p->n_samples, 3);
	assert_int_equal(p->n_locations, 5);
	assert_int_equal(p->n_functions, 3);
	assert_string_equal(p->types[1].type, "alloc_space");
	assert_string_equal(p->types[1].unit, "bytes");
	assert_int_equal(p->default_type, 1);
	assert_int_equal(gb_sample_read(p, 1, &s, NULL), 0);
	assert_int_equal(s.n, 4);
	assert_int_equal(s.locations[0], 2);
	assert_int_equal(s.locations[3], 0);
	assert_int_equal(s.values[0], 2);
	assert_int_equal(s.values[1], 30);
	assert_int_equal(p->locations[3].n_lines, 2);
	assert_string_equal(gb_profile_str(p, p->functions[1].name), "main.walk");
	/* No line at all is one line without function. */
	assert_int_equal(p->locations[4].n_lines, 1);
	assert_int_equal(p->lines[p->locations[4].line].function, GB_PROFILE_NONE);
}

static void test_types(void **state)
{
	static const struct {
		const char *asked;
		int rc;
		size_t index;
	} rows[] = {
		{ NULL, 0, 1 },
		{ "", 0, 1 },
		{ "alloc_objects", 0, 0 },
		{ "alloc_space", 0, 1 },
		{ "0", 0, 0 },
		{ "1", 0, 1 },
		{ "2", GB_EUSAGE, 0 },
		{ "inuse_space", GB_EUSAGE, 0 },
		{ "x", GB_EUSAGE, 0 },
	};
	_profile_ struct gb_profile *p = pf_usual();

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct gb_err err = GB_ERR_INIT;
		size_t index = 0;

		assert_int_equal(gb_profile_type_index(p, rows[i].asked, &index, &err), rows[i].rc);
		assert_int_equal(index, rows[i].index);
		if (rows[i].rc)
			assert_non_null(strstr(err.hint, "alloc_objects, alloc_space"));
	}
}

static void test_inuse_finds_legacy_names(void **state)
{
	_profile_ struct gb_profile *p = NULL;
	struct pf f;
	size_t index = 9;

	(void)state;
	pf_empty(&f);
	pf_type(&f, "objects", "count");
	pf_type(&f, "space", "bytes");
	pb_number(&f.out, 14, pf_string(&f, "objects"));
	p = pf_load(&f);
	assert_int_equal(p->default_type, 0);
	assert_int_equal(gb_profile_type_index(p, "inuse_space", &index, NULL), 0);
	assert_int_equal(index, 1);
}

/* Go writes ids 1, 2, 3; others may not. */
static void test_ids_in_any_order(void **state)
{
	static const int64_t ids[][3] = { { 3, 1, 2 }, { 7, 9, 8 }, { 1, 1000000, 5 } };

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		_profile_ struct gb_profile *p = NULL;
		_sample_ struct gb_sample s = GB_SAMPLE_INIT;
		struct pf f;

		pf_begin(&f);
		for (int k = 0; k < 3; k++) {
			pf_function(&f, ids[i][k], k == 0 ? "a" : k == 1 ? "b" : "c", "x.go", 1);
			pf_location(&f, ids[i][k], 0, 0, (int[]){ (int)ids[i][k], k + 1, 0 });
		}
		pf_sample(&f, (int[]){ (int)ids[i][1], (int)ids[i][2], (int)ids[i][0], 0 }, 1, 1);
		p = pf_load(&f);
		assert_int_equal(gb_sample_read(p, 0, &s, NULL), 0);
		assert_int_equal(s.locations[0], 1);
		assert_int_equal(s.locations[1], 2);
		assert_int_equal(s.locations[2], 0);
		assert_string_equal(
			gb_profile_str(p,
				       p->functions[p->lines[p->locations[1].line].function].name),
			"b");
	}
}

/* Newer writers have fields that we do not know, of every wire type. */
static void test_unknown_fields_are_skipped(void **state)
{
	_profile_ struct gb_profile *p = NULL;
	_sample_ struct gb_sample s = GB_SAMPLE_INIT;
	struct gb_buf m = GB_BUF_INIT(GB_MIB);
	struct pf f;

	(void)state;
	pf_begin(&f);
	pb_number(&f.out, 99, 5);
	pb_bytes(&f.out, 100, "future", 6);
	gb_buf_add(&f.out,
		   "\xF9\x06"
		   "12345678",
		   10); /* field 111, fixed64 */
	gb_buf_add(&f.out,
		   "\xFD\x06"
		   "1234",
		   6); /* field 111, fixed32 */
	pf_function(&f, 1, "f", "x.go", 1);
	pf_location(&f, 1, 0, 0, (int[]){ 1, 1, 0 });
	pb_number(&m, 1, 1);
	pb_number(&m, 50, 1);
	gb_buf_add(&m, "\x12\x02\x07\x08", 4); /* values, packed */
	pb_bytes(&f.out, 2, m.data, m.len);
	gb_buf_release(&m);
	p = pf_load(&f);
	assert_int_equal(gb_sample_read(p, 0, &s, NULL), 0);
	assert_int_equal(s.values[1], 8);
}

static void bad(struct pf *f, const char *why)
{
	struct gb_err err = GB_ERR_INIT;
	struct gb_profile *p = NULL;
	int rc;

	pf_end(f);
	rc = gb_profile_parse("x.pb.gz", f->out.data, f->out.len, &p, &err);
	/* What is wrong with a sample shows when it is looked at. */
	if (rc == 0) {
		_sample_ struct gb_sample s = GB_SAMPLE_INIT;

		rc = gb_sample_read(p, 0, &s, &err);
		gb_profile_free(p);
	}
	assert_int_equal(rc, GB_EPARSE);
	if (!strstr(err.line, "x.pb.gz") || !strstr(err.line, why))
		fail_msg("no \"%s\" in: %s", why, err.line);
	gb_buf_release(&f->out);
}

static void test_malformed(void **state)
{
	int lines[2 * GB_MAX_PROFILE_INLINED + 3] = { 0 };
	struct pf f;

	(void)state;
	pf_empty(&f);
	bad(&f, "no sample types");

	pf_begin(&f);
	pf_function(&f, 0, "f", "x.go", 1);
	bad(&f, "a function without id");

	pf_begin(&f);
	pf_location(&f, 0, 0, 0, (int[]){ 0 });
	bad(&f, "a location without id");

	pf_begin(&f);
	pf_mapping(&f, 0, 0, 0, "x");
	bad(&f, "a mapping without id");

	pf_begin(&f);
	pf_location(&f, 1, 0, 0, (int[]){ 9, 1, 0 });
	bad(&f, "no function 9");

	pf_begin(&f);
	pf_function(&f, 1, "f", "x.go", 1);
	pf_function(&f, 1, "g", "x.go", 1);
	bad(&f, "two functions have the id 1");

	pf_begin(&f);
	pf_location(&f, 5, 0, 0, (int[]){ 0 });
	pf_location(&f, 5, 0, 0, (int[]){ 0 });
	bad(&f, "two locations have the id 5");

	for (size_t i = 0; i < 2 * GB_MAX_PROFILE_INLINED + 2; i++)
		lines[i] = 1;
	pf_begin(&f);
	pf_function(&f, 1, "f", "x.go", 1);
	pf_location(&f, 5, 0, 0, lines);
	bad(&f, "location 5 has too many lines");

	pf_begin(&f);
	pf_sample(&f, (int[]){ 3, 0 }, 1, 1);
	bad(&f, "unknown location");

	pf_begin(&f);
	pb_bytes(&f.out, 2, "\x10\x01", 2);
	bad(&f, "one value for each type");

	pf_begin(&f);
	pb_bytes(&f.out, 2, "\x0A\x01\x80", 3);
	bad(&f, "broken number");

	pf_begin(&f);
	pb_bytes(&f.out, 2, "\x10", 1);
	bad(&f, "cut short");

	pf_begin(&f);
	pb_bytes(&f.out, 2,
		 "\x0D"
		 "1234",
		 5);
	bad(&f, "another type");

	pf_begin(&f);
	pb_number(&f.out, 14, 77);
	bad(&f, "no string 77");

	pf_begin(&f);
	pb_number(&f.out, 9, 1);
	pb_number(&f.out, 9, 2);
	bad(&f, "several profiles");

	pf_begin(&f);
	gb_buf_add(&f.out, "\x08\x01", 2); /* a sample type that is a number */
	bad(&f, "is no message");

	pf_begin(&f);
	gb_buf_add(&f.out, "\x2A\x05", 2); /* swallows the strings */
	f.n = 0;
	bad(&f, "no protocol buffer at byte");

	pf_begin(&f);
	f.strings[0] = "first";
	bad(&f, "first string is not empty");
}

static void test_other_files_are_named(void **state)
{
	static const struct {
		const char *text, *want;
	} rows[] = {
		{ "", "is empty" },
		{ "heap profile: 1: 2 [3: 4] @ heap/1048576\n", "a heap profile as text" },
		{ "goroutine profile: total 5\n", "a goroutine profile as text" },
		{ "goroutine 1 [running]:\n", "a dump of goroutines" },
		{ "--- mutex:\n", "a profile as text" },
		{ "go 1.26 trace\n", "an execution trace" },
		{ "mode: set\n", "a coverage profile" },
		{ "\177ELF\2\1\1", "a program" },
		{ "<!DOCTYPE html>", "a web page" },
		{ "# gobudget\n", "no protocol buffer" },
		{ "\x1F\x8B", "damaged or cut short" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct gb_err err = GB_ERR_INIT;
		struct gb_profile *p = NULL;

		assert_int_equal(gb_profile_parse("f", rows[i].text, strlen(rows[i].text), &p,
						  &err),
				 GB_EPARSE);
		if (!strstr(err.line, rows[i].want))
			fail_msg("no \"%s\" in: %s", rows[i].want, err.line);
		assert_null(p);
	}
}

static void test_load(void **state)
{
	_profile_ struct gb_profile *p = NULL;
	struct gb_err err = GB_ERR_INIT;
	struct pf f;

	(void)state;
	pf_begin(&f);
	pf_end(&f);
	assert_int_equal(gb_fs_write("plain.pb", f.out.data, f.out.len, &err), 0);
	gb_buf_release(&f.out);
	assert_int_equal(gb_profile_load("plain.pb", &p, &err), 0);
	assert_string_equal(p->name, "plain.pb");
	assert_int_equal(gb_profile_load("none.pb", &p, &err), GB_ENOTFOUND);
	assert_int_equal(gb_profile_load(".", &p, &err), GB_EPARSE);
	assert_non_null(strstr(err.line, "is a folder"));
	assert_int_equal(gb_fs_write("empty", "", 0, &err), 0);
	assert_int_equal(gb_profile_load("empty", &p, &err), GB_EPARSE);
}

static void test_labels(void **state)
{
	_profile_ struct gb_profile *p = NULL;
	_sample_ struct gb_sample s = GB_SAMPLE_INIT;
	struct gb_label *labels = NULL;
	struct gb_buf m = GB_BUF_INIT(GB_MIB), l = GB_BUF_INIT(GB_MIB);
	size_t cap = 0, n;
	struct pf f;

	(void)state;
	pf_begin(&f);
	pb_bytes(&m, 2, "\x01\x01", 2);
	pb_number(&l, 1, pf_string(&f, "job"));
	pb_number(&l, 2, pf_string(&f, "spin"));
	pb_bytes(&m, 3, l.data, l.len);
	gb_buf_clear(&l);
	pb_number(&l, 1, pf_string(&f, "bytes"));
	pb_number(&l, 3, 48);
	pb_bytes(&m, 3, l.data, l.len);
	pb_bytes(&m, 3, "", 0); /* says nothing */
	pb_bytes(&f.out, 2, m.data, m.len);
	p = pf_load(&f);
	assert_int_equal(gb_sample_read(p, 0, &s, NULL), 0);
	assert_int_equal(gb_sample_labels(p, &s, &labels, &cap, &n, NULL), 0);
	assert_int_equal(n, 2);
	assert_string_equal(labels[0].key, "job");
	assert_string_equal(labels[0].value, "spin");
	assert_null(labels[1].value);
	assert_int_equal(labels[1].number, 48);
	free(labels);
	gb_buf_release(&m);
	gb_buf_release(&l);
}

static void test_every_allocation_may_fail(void **state)
{
	(void)state;
	for (size_t n = 1;; n++) {
		struct gb_err err = GB_ERR_INIT;
		struct gb_profile *p = NULL;
		struct pf f;
		size_t asked;
		int rc;

		pf_begin(&f);
		pf_mapping(&f, 3, 0, 0, "x");
		pf_function(&f, 7, "f", "x.go", 1);
		pf_location(&f, 9, 3, 0, (int[]){ 7, 1, 0 });
		pf_sample(&f, (int[]){ 9, 0 }, 1, 1);
		pb_number(&f.out, 7, pf_string(&f, "main\\..*"));
		pb_number(&f.out, 8, pf_string(&f, "main\\.f"));
		pf_end(&f);
		gb_mem_fail_at(n);
		rc = gb_profile_parse("x", f.out.data, f.out.len, &p, &err);
		asked = gb_mem_count();
		gb_mem_fail_at(0);
		gb_buf_release(&f.out);
		assert_int_equal(rc, asked < n ? 0 : GB_ENOMEM);
		assert_true((p != NULL) == (rc == 0));
		gb_profile_free(p);
		if (asked < n)
			return;
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_usual),
		cmocka_unit_test(test_types),
		cmocka_unit_test(test_inuse_finds_legacy_names),
		cmocka_unit_test(test_ids_in_any_order),
		cmocka_unit_test(test_unknown_fields_are_skipped),
		cmocka_unit_test(test_malformed),
		cmocka_unit_test(test_other_files_are_named),
		cmocka_unit_test(test_load),
		cmocka_unit_test(test_labels),
		cmocka_unit_test(test_every_allocation_may_fail),
	};

	return cmocka_run_group_tests(tests, tempdir_enter, tempdir_leave);
}
