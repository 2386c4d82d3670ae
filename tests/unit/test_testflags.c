/* testflags: go test's own command line, told apart as the go command does. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/text.h"
#include "go/testflags.h"

/* Words joined by '|', for tables. */
static char *join(const struct gb_strlist *l)
{
	struct gb_buf out = GB_BUF_INIT(4096);

	for (size_t i = 0; i < l->n; i++)
		gb_buf_addf(&out, "%s%s", i ? "|" : "", l->v[i]);
	gb_buf_adds(&out, "");
	return gb_buf_detach(&out);
}

static void split(const char *text, struct gb_strlist *ret)
{
	assert_int_equal(gb_quoted_split(text, ret, NULL), 0);
}

static void test_words(void **state)
{
	static const struct {
		const char *args, *packages, *rest;
	} rows[] = {
		{ "", "", "" },
		{ "-v ./...", "./...", "-v" },
		{ "./a ./b -v", "./a|./b", "-v" },
		{ "-run X ./a", "./a", "-run|X" },
		{ "-run=X ./a", "./a", "-run=X" },
		{ "--run X ./a", "./a", "--run|X" },
		{ "-test.run X ./a", "./a", "-test.run|X" },
		{ "-race ./a", "./a", "-race" },
		{ "-tags integration ./a", "./a", "-tags|integration" },
		{ "-p 2 -short -json", "", "-p|2|-short|-json" },
		/* -cover is a switch, -coverprofile is not. */
		{ "-cover ./a -coverprofile c.out", "./a", "-cover|-coverprofile|c.out" },
		/* After a flag of the user's own a word may be its value. */
		{ "-update ./a", "", "-update|./a" },
		{ "./a -update golden -v", "./a", "-update|golden|-v" },
		{ "./a -update=x -v ./b -run", "./a", "-update=x|-v|./b|-run" },
		/* What follows -args or -- is the test binary's. */
		{ "./a -args -run X", "./a", "-args|-run|X" },
		{ "./a -- -exec y", "./a", "--|-exec|y" },
		/* Joined with ours. */
		{ "-exec 'sudo -u me' -v", "", "-v" },
		{ "-overlay=o.json -v", "", "-v" },
		{ "-C dir ./a", "./a", "" },
		/* The same names, but only where the go command knows them. */
		{ "-test.tags x", "", "-test.tags|x" },
		{ "-", "-", "" },
		{ "-c=false ./a", "./a", "-c=false" },
		{ "-fuzz= ./a", "./a", "-fuzz=" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct gb_strlist args = GB_STRLIST_INIT;
		struct gb_testflags f;
		split(rows[i].args, &args);
		assert_int_equal(gb_testflags_parse(NULL, &args, &f, NULL), 0);
		char *packages = join(&f.packages), *rest = join(&f.rest);
		assert_string_equal(packages, rows[i].packages);
		assert_string_equal(rest, rows[i].rest);
		free(packages);
		free(rest);
		gb_testflags_release(&f);
		gb_strlist_release(&args);
	}
}

static void test_what_is_kept(void **state)
{
	struct gb_strlist args = GB_STRLIST_INIT;
	struct gb_testflags f;

	(void)state;
	split("-run A -run=B --skip C -bench . -count=2 -cpu 1,2 -timeout 3s -p=4 -tags a,b "
	      "-vet=off "
	      "-exec 'x y' -overlay o -C d -gcflags=-N -gcflags all=-S -json -v -race -msan -asan "
	      "-covermode=atomic -list=.",
	      &args);
	assert_int_equal(gb_testflags_parse(NULL, &args, &f, NULL), 0);
	assert_string_equal(f.run, "B");
	assert_string_equal(f.skip, "C");
	assert_string_equal(f.bench, ".");
	assert_string_equal(f.count, "2");
	assert_string_equal(f.cpu, "1,2");
	assert_string_equal(f.timeout, "3s");
	assert_string_equal(f.p, "4");
	assert_string_equal(f.tags, "a,b");
	assert_string_equal(f.vet, "off");
	assert_string_equal(f.exec, "x y");
	assert_string_equal(f.overlay, "o");
	assert_string_equal(f.chdir, "d");
	assert_int_equal(f.gcflags.n, 2);
	assert_int_equal(f.n_env_gcflags, 0);
	assert_true(f.json && f.v && f.race && f.msan && f.asan && f.cover && f.list && f.filtered);
	gb_testflags_release(&f);
	gb_strlist_release(&args);
}

static void test_filtered(void **state)
{
	static const struct {
		const char *args;
		bool filtered;
	} rows[] = {
		{ "-short -v -count=1", false },
		{ "-run=X", true },
		{ "-run=", false },
		{ "-skip X", true },
		{ "-list=.", true },
		{ "-failfast", true },
		{ "-failfast=false", false },
		{ "-args -test.run=X", true },
		{ "-args -run=X", false },
		{ "-- -test.skip=X", true },
		{ "-bench=.", false },
		{ "-run=X -run=", true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct gb_strlist args = GB_STRLIST_INIT;
		struct gb_testflags f;
		split(rows[i].args, &args);
		assert_int_equal(gb_testflags_parse(NULL, &args, &f, NULL), 0);
		assert_int_equal(f.filtered, rows[i].filtered);
		gb_testflags_release(&f);
		gb_strlist_release(&args);
	}
}

static void test_goflags(void **state)
{
	struct gb_strlist args = GB_STRLIST_INIT;
	struct gb_testflags f;

	(void)state;
	split("-tags=b -gcflags=-S -json=false", &args);
	assert_int_equal(
		gb_testflags_parse("-tags=a '-exec=x y' -json -gcflags=-N -modcacherw -mod=mod "
				   "-unknown=1 '-overlay=o p'",
				   &args, &f, NULL),
		0);
	assert_string_equal(f.tags, "b");
	assert_string_equal(f.exec, "x y");
	assert_string_equal(f.overlay, "o p");
	assert_false(f.json);
	assert_int_equal(f.gcflags.n, 2);
	assert_int_equal(f.n_env_gcflags, 1);
	assert_string_equal(f.gcflags.v[0], "-N");
	/* GOFLAGS reaches go test by itself: nothing of it is handed on. */
	assert_int_equal(f.rest.n, 3);
	gb_testflags_release(&f);
	gb_strlist_release(&args);
}

static void test_refused(void **state)
{
	static const char *const rows[] = { "-c",   "-fuzz=X",	"-fuzz X", "-n",
					    "-run", "-v -tags", "-c=1",	   "-args -test.fuzz=X" };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct gb_strlist args = GB_STRLIST_INIT;
		struct gb_testflags f;
		struct gb_err err = GB_ERR_INIT;
		split(rows[i], &args);
		assert_int_equal(gb_testflags_parse(NULL, &args, &f, &err), GB_EUSAGE);
		assert_true(err.line[0] != '\0');
		gb_strlist_release(&args);
	}
	struct gb_testflags f;
	assert_int_equal(gb_testflags_parse("'-tags=x", NULL, &f, NULL), GB_EUSAGE);
}

static void test_without(void **state)
{
	static const char *const names[] = { "run", "json", "coverprofile", NULL };
	struct gb_strlist args = GB_STRLIST_INIT, out = GB_STRLIST_INIT;

	(void)state;
	split("-run X -v -json -tags t -coverprofile c.out -mine 1 --test.run=Y -args -run Z",
	      &args);
	assert_int_equal(gb_testflags_without(&args, names, &out, NULL), 0);
	char *text = join(&out);
	assert_string_equal(text, "-v|-tags|t|-mine|1|-args|-run|Z");
	free(text);
	gb_strlist_release(&out);
	gb_strlist_release(&args);
}

static void test_quoted(void **state)
{
	static const struct {
		const char *text, *fields;
	} rows[] = {
		{ "", "" },
		{ " \t\n ", "" },
		{ "a b", "a|b" },
		{ "'a b' c", "a b|c" },
		{ "\"a 'b\" c", "a 'b|c" },
		{ "a'b c'd", "a'b|c'd" },
		{ "''", "" },
		{ "'a'b", "a|b" },
	};
	static const char *const fields[] = { "plain", "two words", "it's", "say \"x\"", "" };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct gb_strlist l = GB_STRLIST_INIT;
		split(rows[i].text, &l);
		char *text = join(&l);
		assert_string_equal(text, rows[i].fields);
		free(text);
		gb_strlist_release(&l);
	}
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		struct gb_buf out = GB_BUF_INIT(256);
		struct gb_strlist l = GB_STRLIST_INIT;
		assert_true(gb_quoted_add(&out, "first"));
		assert_true(gb_quoted_add(&out, fields[i]));
		split(out.data, &l);
		assert_int_equal(l.n, 2);
		assert_string_equal(l.v[1], fields[i]);
		gb_strlist_release(&l);
		gb_buf_release(&out);
	}
	struct gb_buf out = GB_BUF_INIT(256);
	assert_false(gb_quoted_add(&out, "both ' and \""));
	gb_buf_release(&out);
}

/* NULL: what was measured with these may be kept. */
static void test_uncacheable(void **state)
{
	static const struct {
		const char *goflags, *args, *word;
	} rows[] = {
		{ "", "-short -race -tags=x -run=A -timeout 3s -p 2", NULL },
		{ "-mod=mod -gcflags=-N", "-test.short -cpu=1,2", NULL },
		{ "", "-count=1", "-count=1" },
		{ "-count=1", "", "-count=1" },
		{ "", "-short -v", "-v" },
		{ "", "-bench .", "-bench" },
		{ "", "-coverprofile=c.out", "-coverprofile=c.out" },
		{ "", "-json", "-json" },
		{ "", "-exec qemu", "-exec" },
		{ "", "-overlay=o.json", "-overlay" },
		{ "", "-C dir", "-C" },
		{ "", "-modfile=x.mod", "-modfile=x.mod" },
		{ "", "-pgo=cpu.pprof", "-pgo=cpu.pprof" },
		{ "", "-mine", "-mine" },
		{ "-toolexec=x", "", "-toolexec=x" },
		{ "", "-args x", "-args" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		_testflags_ struct gb_testflags f = { 0 };
		_strlist_ struct gb_strlist args = GB_STRLIST_INIT;
		_free_ char *word = NULL;

		assert_int_equal(gb_quoted_split(rows[i].args, &args, NULL), 0);
		assert_int_equal(gb_testflags_parse(rows[i].goflags, &args, &f, NULL), 0);
		assert_int_equal(gb_testflags_uncacheable(&f, rows[i].goflags, &word, NULL), 0);
		if (!gb_streq(word, rows[i].word))
			fail_msg("row %zu: %s", i, word ? word : "NULL");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_uncacheable),  cmocka_unit_test(test_words),
		cmocka_unit_test(test_what_is_kept), cmocka_unit_test(test_filtered),
		cmocka_unit_test(test_goflags),	     cmocka_unit_test(test_refused),
		cmocka_unit_test(test_without),	     cmocka_unit_test(test_quoted),
	};

	return cmocka_run_group_tests_name("testflags", tests, NULL, NULL);
}
