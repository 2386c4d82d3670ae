/* replay: what was kept comes back as it was, and nothing else does. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "go/replay.h"

static const char record[] =
	"gobudget\t1\truntime\texample.com/shop/a\tgo1.26.8\t2\n"
	"begin\t1\t0\ttest\tTestA\texample.com/shop/a.TestA\t/w/a/a_test.go\t3\n"
	"end\t1\tpass\t100\t0\t1\t0\t64\t1\n"
	"final\t1\t0\t1\t0\t64\t1\n"
	"package\t0\t0\t0\t0\t0\n"
	"done\n";

static struct gb_module module = { (char *)(uintptr_t) "example.com/shop",
				   (char *)(uintptr_t) "/w" };
static const struct gb_toolchain go = { .modules = &module, .n_modules = 1 };

static struct gb_run *sample(struct gb_package **ret)
{
	struct gb_run *run = gb_run_new(NULL);

	(void)snprintf(run->env.go, sizeof(run->env.go), "1.26");
	(void)snprintf(run->env.platform, sizeof(run->env.platform), "linux/amd64");
	run->env.gomaxprocs = 2;
	run->env.gcflags = gb_strdup("-l");
	run->env.tags = gb_strdup("");
	run->env.cgo = true;
	run->go_version = gb_strdup("go1.26.8");
	assert_int_equal(gb_run_add_package(run, "example.com/shop/a", ret, NULL), 0);
	(*ret)->wall_ms = 7;
	return run;
}

/* The sample's text, with one piece of it replaced. */
static char *text_of(const char *rec, const char *from, const char *to)
{
	_buf_ struct gb_buf body = GB_BUF_INIT(GB_KIB), out = GB_BUF_INIT(4 * GB_KIB);
	struct gb_package *p;
	_run_ struct gb_run *run = sample(&p);
	const char *at;

	if (rec)
		gb_buf_addf(&body, "record order %zu\n%s", strlen(rec), rec);
	gb_replay_write(run, p, 1790000000, NULL, rec ? &body : NULL, &out);
	assert_false(out.failed);
	if (!from)
		return gb_buf_detach(&out);
	at = strstr(out.data, from);
	assert_non_null(at);
	return gb_asprintf("%.*s%s%s", (int)(at - out.data), out.data, to, at + strlen(from));
}

static int replay(struct gb_run *run, const char *text)
{
	return gb_replay(run, &go, "example.com/shop/a", "/w/a", text, strlen(text), NULL);
}

static void test_round_trip(void **state)
{
	_run_ struct gb_run *run = gb_run_new(NULL);
	_free_ char *text = text_of(record, NULL, NULL);
	const struct gb_package *p;
	const struct gb_test *t;

	(void)state;
	assert_int_equal(replay(run, text), 0);
	assert_string_equal(run->env.go, "1.26");
	assert_string_equal(run->env.gcflags, "-l");
	assert_true(run->env.cgo && !run->env.race);
	assert_string_equal(run->go_version, "go1.26.8");
	p = &run->packages[0];
	assert_true(p->passed && p->measured && p->measured_at == 1790000000 && p->wall_ms == 7);
	assert_string_equal(p->module, "example.com/shop");
	assert_string_equal(p->dir, "/w/a");
	t = gb_package_test(p, "TestA");
	assert_string_equal(t->site.file, "a/a_test.go");
	assert_int_equal(t->samples[0].v[GB_ALLOC_SPACE], 64);
}

static void test_no_test_files(void **state)
{
	_run_ struct gb_run *run = gb_run_new(NULL);
	_free_ char *text = text_of(NULL, NULL, NULL);

	(void)state;
	assert_int_equal(replay(run, text), 0);
	assert_true(run->packages[0].passed && !run->packages[0].measured);
	assert_string_equal(run->packages[0].troubles[0].text, "no test files");
}

static void test_refused(void **state)
{
	static const char *const rows[][2] = {
		{ "measurement 1", "measurement 2" },
		{ "at 1790000000", "at 0" },
		{ "at 1790000000", "at x" },
		{ "gomaxprocs 2", "gomaxprocs 0" },
		{ "gomaxprocs 2", "gomaxprocs 99999999" },
		{ "race 0", "race 2" },
		{ "race 0", "rice 0" },
		{ "race 0", "race" },
		{ "gcflags -l\n", "" },
		{ "go 1.26\n", "" },
		{ "go_version go1.26.8\n", "" },
		{ "pass", "fail" },
		{ "\ndone\n", "\nnope\n" },
		{ "shop/a\tgo", "shop/b\tgo" },
		{ "end\t1\tpass\t100\t0\t1\t0\t64\t1\nfinal\t1\t0\t1\t0\t64\t1",
		  "hang\t1\nend\t1\tpass\t100\t0\t1\t0\t64\t1\n12345678901" },
		{ "accounting 0", "accounting 7" },
		{ "record order", "record alone" },
		{ "record order ", "record order 9" },
		{ "record order ", "record order x" },
		{ "record order", "recorder" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		_run_ struct gb_run *run = gb_run_new(NULL);
		_free_ char *text = text_of(record, rows[i][0], rows[i][1]);

		if (replay(run, text) != GB_EPARSE || run->n_packages)
			fail_msg("row %zu: %s", i, rows[i][1]);
	}
	_run_ struct gb_run *run = gb_run_new(NULL);
	assert_int_equal(replay(run, ""), GB_EPARSE);
}

static void test_reruns(void **state)
{
	_run_ struct gb_run *run = gb_run_new(NULL);
	_free_ char *one = text_of(record, NULL, NULL);
	_free_ char *three = gb_asprintf("%srecord order %zu\n%srecord exact %zu\n%s", one,
					 strlen(record), record, strlen(record), record);
	const struct gb_test *t;

	(void)state;
	assert_int_equal(replay(run, three), 0);
	t = gb_package_test(&run->packages[0], "TestA");
	assert_int_equal(run->runs, 3);
	assert_int_equal(t->n_samples, 3);
	assert_int_equal(t->samples[1].run, 1);
	assert_int_equal(t->samples[1].mode, GB_IN_ORDER);
	assert_int_equal(t->samples[2].run, 2);
	assert_int_equal(t->samples[2].mode, GB_EXACT);
}

static void test_cut_anywhere(void **state)
{
	_free_ char *text = text_of(record, NULL, NULL);
	size_t head = (size_t)(strstr(text, "\n\n") - text) + 2;

	(void)state;
	for (size_t i = 0; i < strlen(text); i++) {
		_run_ struct gb_run *run = gb_run_new(NULL);
		_free_ char *cut = gb_strndup(text, i);

		/* Without a record it is a package without test files. */
		assert_int_equal(replay(run, cut), i == head ? 0 : GB_EPARSE);
	}
}

static void test_one_environment(void **state)
{
	_run_ struct gb_run *run = gb_run_new(NULL);
	_free_ char *text = text_of(record, NULL, NULL);
	_free_ char *other = text_of(record, "gomaxprocs 2", "gomaxprocs 4");

	(void)state;
	assert_int_equal(replay(run, text), 0);
	assert_int_equal(replay(run, other), GB_EPARSE);
	assert_int_equal(run->n_packages, 1);
}

static void test_what_cannot_be_said_is_not_kept(void **state)
{
	_buf_ struct gb_buf out = GB_BUF_INIT(4 * GB_KIB);
	struct gb_package *p;
	_run_ struct gb_run *run = sample(&p);

	(void)state;
	free(run->env.tags);
	run->env.tags = gb_strdup("a\nat 5");
	gb_replay_write(run, p, 1, NULL, NULL, &out);
	assert_true(out.failed);
}

/* What was written of /scratch, with one record of that mode. */
static char *text_below(const char *mode, const char *rec)
{
	_buf_ struct gb_buf body = GB_BUF_INIT(GB_KIB), out = GB_BUF_INIT(4 * GB_KIB);
	struct gb_package *p;
	_run_ struct gb_run *run = sample(&p);

	p->dir = gb_strdup("/scratch/mod/a");
	p->module = gb_strdup("example.com/shop");
	p->module_dir = gb_strdup("/scratch/mod");
	gb_buf_addf(&body, "record %s %zu\n%s", mode, strlen(rec), rec);
	gb_replay_write(run, p, 1790000000, "/scratch", &body, &out);
	assert_false(out.failed);
	return gb_buf_detach(&out);
}

/* With a file of the module, and one of its neighbour. */
static const char below_record[] =
	"gobudget\t1\truntime\texample.com/shop/a\tgo1.26.8\t2\n"
	"begin\t1\t0\ttest\tTestA\texample.com/shop/a.TestA\t/scratch/mod/a/a_test.go\t3\n"
	"end\t1\tpass\t100\t0\t1\t0\t64\t1\n"
	"final\t1\t1\t1\t1\t64\t1\n"
	"group\t1\tleft\t1\tselect\texample.com/lib.F\t/scratch/lib/l.go\t4\t1\tlib.G\t/scratch/"
	"lib/l.go\t5\n"
	"site\t1\t64\t1\t2\texample.com/lib.F\t/scratch/lib/l.go\t4\ta.TestA\t/scratchy/x.go\t5\n"
	"done\n";

static int replay_below(struct gb_run *run, const char *text)
{
	return gb_replay_below(run, "example.com/shop/a", "/tmp/new", text, strlen(text), NULL);
}

static int replay_again(struct gb_run *run, const char *text)
{
	return gb_replay_again(run, "example.com/shop/a", "/tmp/new", text, strlen(text), NULL);
}

static void test_below_another_folder(void **state)
{
	_run_ struct gb_run *run = gb_run_new(NULL);
	_free_ char *text = text_below("exact", below_record);
	const struct gb_package *p;
	const struct gb_test *t;

	(void)state;
	assert_int_equal(replay_below(run, text), 0);
	p = &run->packages[0];
	assert_string_equal(p->dir, "/tmp/new/mod/a");
	assert_string_equal(p->module, "example.com/shop");
	assert_string_equal(p->module_dir, "/tmp/new/mod");
	assert_int_equal(p->measured_at, 1790000000);
	t = gb_package_test(p, "TestA");
	assert_int_equal(t->samples[0].mode, GB_EXACT);
	assert_string_equal(t->site.file, "a/a_test.go");
	assert_string_equal(t->groups[0].created.file, "/tmp/new/lib/l.go");
	assert_string_equal(t->groups[0].frames[0].file, "/tmp/new/lib/l.go");
	assert_string_equal(t->sites[0].frames[0].file, "/tmp/new/lib/l.go");
	assert_string_equal(t->sites[0].frames[1].file, "/scratchy/x.go");
}

static void test_the_folder_itself(void **state)
{
	_run_ struct gb_run *run = gb_run_new(NULL);
	_free_ char *text = text_below("exact", below_record);
	char *at = strstr(text, "below /scratch\n");

	(void)state;
	/* The module lies at the top: /scratch/mod is the folder. */
	_free_ char *top = gb_asprintf("%.*sbelow /scratch/mod\n%s", (int)(at - text), text,
				       at + strlen("below /scratch\n"));
	assert_int_equal(replay_below(run, top), 0);
	assert_string_equal(run->packages[0].module_dir, "/tmp/new");
	assert_string_equal(run->packages[0].dir, "/tmp/new/a");
}

static void test_it_must_say_where_it_lay(void **state)
{
	_run_ struct gb_run *run = gb_run_new(NULL);
	_free_ char *text = text_of(record, NULL, NULL);

	(void)state;
	assert_int_equal(replay_below(run, text), GB_EPARSE);
	assert_int_equal(run->n_packages, 0);
}

static void test_one_more_run(void **state)
{
	_run_ struct gb_run *run = gb_run_new(NULL);
	_free_ char *first = text_below("exact", below_record);
	_free_ char *alone = text_below("alone", below_record);
	_free_ char *cut = gb_strndup(alone, strlen(alone) - 2);
	_free_ char *other = text_below("alone", below_record);
	const struct gb_test *t;

	(void)state;
	assert_int_equal(replay_again(run, alone), GB_ENOTFOUND);
	assert_int_equal(replay_below(run, first), 0);
	assert_int_equal(run->runs, 1);
	assert_int_equal(replay_again(run, cut), GB_EPARSE);
	*strstr(other, "race 0") = 'b';
	assert_int_equal(replay_again(run, other), GB_EPARSE);
	memcpy(strstr(other, "bace 0"), "race 1", strlen("race 1"));
	assert_int_equal(replay_again(run, other), GB_EPARSE);
	t = gb_package_test(&run->packages[0], "TestA");
	assert_int_equal(t->n_samples, 1);
	assert_int_equal(replay_again(run, alone), 0);
	t = gb_package_test(&run->packages[0], "TestA");
	assert_int_equal(t->n_samples, 2);
	assert_int_equal(t->samples[1].mode, GB_ALONE);
	assert_int_equal(t->samples[1].run, 1);
	assert_int_equal(run->runs, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_no_test_files),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_reruns),
		cmocka_unit_test(test_cut_anywhere),
		cmocka_unit_test(test_one_environment),
		cmocka_unit_test(test_what_cannot_be_said_is_not_kept),
		cmocka_unit_test(test_below_another_folder),
		cmocka_unit_test(test_the_folder_itself),
		cmocka_unit_test(test_it_must_say_where_it_lay),
		cmocka_unit_test(test_one_more_run),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
