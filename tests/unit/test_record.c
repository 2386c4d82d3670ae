/* record: what the agent wrote is read whole, or refused with its line. */
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
#include "go/record.h"

#define HEAD  "gobudget\t1\truntime\texample.com/shop/store\tgo1.26.8\t2\n"
#define BEGIN "begin\t1\t0\ttest\tTestA\tstore.TestA\t/home/me/shop/store/a_test.go\t7\n"

static int parse(const char *text, struct gb_record *ret, struct gb_err *err)
{
	return gb_record_parse("rec", text, strlen(text), ret, err);
}

static void parsed(const char *text, struct gb_record *ret)
{
	struct gb_err err = GB_ERR_INIT;

	if (parse(text, ret, &err) < 0)
		fail_msg("%s", err.line);
}

static void test_the_first_line(void **state)
{
	static const struct {
		const char *text, *go;
		enum gb_accounting accounting;
		int procs;
	} rows[] = {
		{ HEAD, "go1.26.8", GB_ACCOUNTING_RUNTIME, 2 },
		{ "gobudget\t1\ttesting\texample.com/shop/store\tgo1.26.8 X:nosizespecializedmalloc"
		  "\t16\n",
		  "go1.26.8", GB_ACCOUNTING_TESTING, 16 },
		{ "gobudget\t1\truntime\texample.com/shop/store\tgo1.26-X:a\t0\n", "go1.26",
		  GB_ACCOUNTING_RUNTIME, 1 },
		{ "gobudget\t1\truntime\texample.com/shop/store\tX:a\t99999999999\tnew\tfields\n",
		  "X:a", GB_ACCOUNTING_RUNTIME, 1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct gb_record r;

		parsed(rows[i].text, &r);
		assert_string_equal(r.package, "example.com/shop/store");
		assert_string_equal(r.go_version, rows[i].go);
		assert_int_equal(r.accounting, rows[i].accounting);
		assert_int_equal(r.gomaxprocs, rows[i].procs);
		assert_int_equal(r.n, 0);
		assert_false(r.complete);
		assert_false(r.has_package_row);
		gb_record_release(&r);
	}
}

static void test_every_kind_and_outcome(void **state)
{
	static const char text[] =
		HEAD "begin\t1\t0\ttest\tTestA\tstore.TestA\t/m/a_test.go\t7\n"
		     "begin\t2\t1\ttest\tTestA/b\tstore.TestA.func1\t/m/a_test.go\t9\n"
		     "begin\t3\t0\texample\tExampleNew\tstore.ExampleNew\t/m/e_test.go\t1\n"
		     "begin\t4\t0\tfuzz\tFuzzParse\tstore.FuzzParse\t/m/f_test.go\t2\n"
		     "begin\t5\t0\tbenchmark\tBenchmarkX\t\t\t0\n"
		     "end\t2\tpass\t1500\t1\t2\t3\t4096\t5\n"
		     "end\t1\tfail\t2500\t1\t2\t3\t8192\t6\n"
		     "end\t3\tskip\t0\t0\t0\t0\t0\t0\n"
		     "end\t4\tunfinished\t0\t0\t0\t0\t0\t0\n"
		     "final\t2\t0\t2\t3\t5000\t9\n"
		     "done\n";
	static const enum gb_kind kinds[] = { GB_TEST, GB_TEST, GB_EXAMPLE, GB_FUZZ, GB_BENCHMARK };
	static const enum gb_outcome outcomes[] = { GB_FAIL, GB_PASS, GB_SKIP, GB_UNFINISHED,
						    GB_UNFINISHED };
	struct gb_record r;

	(void)state;
	parsed(text, &r);
	assert_int_equal(r.n, 5);
	for (size_t i = 0; i < 5; i++) {
		assert_int_equal(r.tests[i].kind, kinds[i]);
		assert_int_equal(r.tests[i].outcome, outcomes[i]);
		assert_int_equal(r.tests[i].ended, i != 4);
		assert_int_equal(r.tests[i].final, i == 1);
		assert_int_equal(r.tests[i].parent, i == 1);
	}
	assert_string_equal(r.tests[1].name, "TestA/b");
	assert_string_equal(r.tests[1].site.func, "store.TestA.func1");
	assert_string_equal(r.tests[1].site.file, "/m/a_test.go");
	assert_int_equal(r.tests[1].site.line, 9);
	assert_int_equal(r.tests[0].ns, 2500);
	assert_int_equal(r.tests[0].sample.v[GB_ALLOC_SPACE], 8192);
	assert_int_equal(r.tests[0].sample.v[GB_ALLOC_OBJECTS], 6);
	/* The final numbers replace those of the end. */
	assert_int_equal(r.tests[1].sample.v[GB_GOROUTINES], 0);
	assert_int_equal(r.tests[1].sample.v[GB_GOROUTINES_PEAK], 2);
	assert_int_equal(r.tests[1].sample.v[GB_GOROUTINES_CREATED], 3);
	assert_int_equal(r.tests[1].sample.v[GB_ALLOC_SPACE], 5000);
	assert_int_equal(r.tests[1].sample.v[GB_ALLOC_OBJECTS], 9);
	assert_int_equal(r.tests[4].sample.has, 0);
	assert_true(r.complete);
	gb_record_release(&r);
}

static void test_what_was_not_measured(void **state)
{
	struct gb_record r;
	const struct gb_sample *s;

	(void)state;
	parsed(HEAD BEGIN "end\t1\tpass\t5\t1\t-\t-\t700\t-3\n"
			  "heap\t1\t-\t4096\n",
	       &r);
	s = &r.tests[0].sample;
	assert_int_equal(s->has, 1U << GB_GOROUTINES | 1U << GB_ALLOC_SPACE |
					 1U << GB_ALLOC_OBJECTS | 1U << GB_HEAP_PEAK);
	assert_int_equal(s->v[GB_ALLOC_OBJECTS], 0); /* below zero for a moment: 0 */
	assert_int_equal(s->v[GB_HEAP_PEAK], 4096);
	gb_record_release(&r);
}

static void test_numbers_are_exact(void **state)
{
	struct gb_record r;

	(void)state;
	parsed(HEAD BEGIN "end\t1\tpass\t5\t0\t0\t0\t9223372036854775807\t9007199254740993\n", &r);
	assert_true(r.tests[0].sample.v[GB_ALLOC_SPACE] == INT64_MAX);
	assert_true(r.tests[0].sample.v[GB_ALLOC_OBJECTS] == 9007199254740993);
	gb_record_release(&r);
}

static void test_benchmarks_are_per_operation(void **state)
{
	static const struct {
		const char *line;
		int64_t bytes, allocs, ps;
	} rows[] = {
		{ "bench\t1\t3\t1000\t4095\t7\n", 1365, 2, 333333 },
		{ "bench\t1\t1\t1\t0\t0\n", 0, 0, 1000 },
		{ "bench\t1\t1000000000\t12400000000\t99999999999\t999999999\n", 99, 0, 12400 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		_free_ char *text = gb_asprintf("%s%s%s", HEAD, BEGIN, rows[i].line);
		struct gb_record r;

		parsed(text, &r);
		assert_int_equal(r.tests[0].sample.v[GB_BYTES_PER_OP], rows[i].bytes);
		assert_int_equal(r.tests[0].sample.v[GB_ALLOCS_PER_OP], rows[i].allocs);
		assert_int_equal(r.tests[0].sample.v[GB_NS_PER_OP], rows[i].ps);
		gb_record_release(&r);
	}
}

static void test_a_benchmark_that_cannot_be(void **state)
{
	struct gb_record r;

	(void)state;
	parsed(HEAD BEGIN "bench\t1\t0\t1000\t4095\t7\n", &r); /* no operation, no number */
	assert_int_equal(r.tests[0].sample.has, 0);
	gb_record_release(&r);
	/* 292 years an operation: a number that picoseconds do not hold is the largest they do. */
	parsed(HEAD BEGIN "bench\t1\t1\t9223372036854775807\t1\t1\n", &r);
	assert_true(r.tests[0].sample.v[GB_NS_PER_OP] == INT64_MAX);
	gb_record_release(&r);
}

static void test_groups(void **state)
{
	struct gb_record r;
	const struct gb_group *g;

	(void)state;
	parsed(HEAD BEGIN
	       "group\t1\tleft\t12\tchan receive\tstore.New\t/m/c.go\t41\t2"
	       "\tstore.(*Cache).watch\t/m/c.go\t60\tstore.New.func1\t/m/c.go\t42"
	       "\t1\tstore.TestA\t/m/a_test.go\t8\t11\n"
	       "group\t1\thung\t1\tselect\t\t\t0\t0\n"
	       "group\t1\tproven\t2\tchan send (nil chan)\tstore.New\t/m/c.go\t5000000000\t0\t0\n"
	       "group\t0\tleft\t3\tIO wait\tstore.init\t/m/i.go\t1\t0\n",
	       &r);
	assert_int_equal(r.tests[0].n_groups, 3);
	g = r.tests[0].groups;
	assert_int_equal(g[0].kind, GB_LEFT);
	assert_int_equal(g[0].count, 12);
	assert_string_equal(g[0].state, "chan receive");
	assert_string_equal(g[0].created.func, "store.New");
	assert_int_equal(g[0].created.line, 41);
	assert_int_equal(g[0].n_frames, 2);
	assert_string_equal(g[0].frames[0].func, "store.(*Cache).watch");
	assert_int_equal(g[0].frames[1].line, 42);
	assert_int_equal(g[0].n_creator, 1);
	assert_string_equal(g[0].creator[0].func, "store.TestA");
	assert_int_equal(g[0].still, 11);
	assert_int_equal(g[1].still, -1);
	assert_int_equal(g[1].kind, GB_HUNG);
	assert_int_equal(g[1].n_frames + g[1].n_creator, 0);
	assert_int_equal(g[2].kind, GB_PROVEN);
	assert_int_equal(g[2].created.line, 0); /* a line that no file has */
	assert_int_equal(r.package_row.n_groups, 1);
	assert_int_equal(r.package_row.groups[0].count, 3);
	gb_record_release(&r);
}

static void test_sites_and_spawns(void **state)
{
	struct gb_record r;
	const struct gb_alloc_site *s;

	(void)state;
	parsed(HEAD BEGIN "site\t1\t4096\t2\t1\tstore.Fill\t/m/c.go\t10\n"
			  "site\t1\t16\t1\t0\n"
			  "spawn\t1\t7\t1\tstore.New\t/m/c.go\t41\n",
	       &r);
	assert_int_equal(r.tests[0].n_sites, 3);
	s = r.tests[0].sites;
	assert_false(s[0].spawn);
	assert_int_equal(s[0].bytes, 4096);
	assert_int_equal(s[0].objects, 2);
	assert_string_equal(s[0].frames[0].func, "store.Fill");
	assert_int_equal(s[1].n_frames, 0);
	assert_true(s[2].spawn);
	assert_int_equal(s[2].bytes, 0);
	assert_int_equal(s[2].objects, 7);
	assert_int_equal(s[2].frames[0].line, 41);
	gb_record_release(&r);
}

static void test_the_package_row_and_a_hang(void **state)
{
	struct gb_record r;

	(void)state;
	parsed(HEAD BEGIN "package\t1\t4\t9\t123456\t789\nhang\t1\n", &r);
	assert_true(r.has_package_row);
	assert_int_equal(r.package_row.sample.v[GB_GOROUTINES_PEAK], 4);
	assert_int_equal(r.package_row.sample.v[GB_ALLOC_SPACE], 123456);
	assert_true(r.tests[0].hung);
	assert_false(r.complete);
	gb_record_release(&r);
}

static void test_escapes(void **state)
{
	struct gb_record r;

	(void)state;
	parsed(HEAD "begin\t1\t0\ttest\tTest\\tA\\n\\r\\\\n\\x\tf\t/m/\xC3\xA9\t1\n", &r);
	assert_string_equal(r.tests[0].name, "Test\tA\n\r\\nx");
	assert_string_equal(r.tests[0].site.file, "/m/\xC3\xA9");
	gb_record_release(&r);
	parsed(HEAD "begin\t1\t0\ttest\tends\\\t\t\t0\n", &r);
	assert_string_equal(r.tests[0].name, "ends\\");
	gb_record_release(&r);
}

static void test_unknown_verbs_and_more_fields_are_skipped(void **state)
{
	struct gb_record r;

	(void)state;
	parsed(HEAD "heat\t1\t2\n\nbegin\t1\t0\ttest\tTestA\t\t\t0\tand more\n"
		    "end\t1\tpass\t5\t0\t0\t0\t1\t1\tand\tmore\ndone\tmore\n",
	       &r);
	assert_int_equal(r.n, 1);
	assert_int_equal(r.tests[0].outcome, GB_PASS);
	assert_true(r.complete);
	gb_record_release(&r);
}

/* Killed while it wrote: all lines that were whole can be used. */
static void test_a_truncated_last_line_is_dropped(void **state)
{
	static const char text[] = HEAD BEGIN "end\t1\tpass\t5\t0\t0\t0\t100\t1\n"
					      "final\t1\t0\t0\t0\t200\t2\n"
					      "done\n";
	size_t head = strlen(HEAD);

	(void)state;
	for (size_t len = 0; len < sizeof(text); len++) {
		struct gb_err err = GB_ERR_INIT;
		struct gb_record r;
		int rc = gb_record_parse("rec", text, len, &r, &err);

		if (len < head) {
			assert_int_equal(rc, GB_EMEASURE);
			assert_non_null(strstr(err.line, "no record"));
			continue;
		}
		assert_int_equal(rc, 0);
		assert_int_equal(r.n, len >= head + strlen(BEGIN));
		assert_int_equal(r.complete, len == sizeof(text) - 1);
		if (r.n)
			assert_in_range(r.tests[0].sample.v[GB_ALLOC_SPACE], 0, 200);
		gb_record_release(&r);
	}
}

static void test_malformed_lines_are_named(void **state)
{
	static const struct {
		const char *head, *line, *what;
	} rows[] = {
		{ "", "", "not a record of version 1" },
		{ "", "PASS", "not a record of version 1" },
		{ "", "gobudget\t2\truntime\tm\tgo1.26\t2", "not a record of version 1" },
		{ "", "gobudget", "a field is missing" },
		{ "", "gobudget\t1\tmagic\tm\tgo1.26\t2", "unknown accounting" },
		{ "", "gobudget\t1\truntime\tm\tgo1.26", "a field is missing" },
		{ "", "gobudget\t1\truntime\tm\tgo1.26\ttwo", "expected a number" },
		{ HEAD, "begin", "a field is missing" },
		{ HEAD, "begin\t0\t0\ttest\tT\tf\tg\t1", "ids must follow one another" },
		{ HEAD, "begin\t2\t0\ttest\tT\tf\tg\t1", "ids must follow one another" },
		{ HEAD, "begin\t-1\t0\ttest\tT\tf\tg\t1", "negative" },
		{ HEAD, "begin\t1\t1\ttest\tT\tf\tg\t1", "a parent must begin before" },
		{ HEAD, "begin\t1\t-1\ttest\tT\tf\tg\t1", "negative" },
		{ HEAD, "begin\t1\t0\ttoast\tT\tf\tg\t1", "an unknown word" },
		{ HEAD, "begin\t1\t0\ttest\tT\tf\tg", "a field is missing" },
		{ HEAD, "begin\t1\t0\ttest\tT\tf\tg\t-", "expected a number" },
		{ HEAD BEGIN, "begin\t1\t0\ttest\tT\tf\tg\t1", "ids must follow one another" },
		{ HEAD BEGIN, "end\t1\tgood\t5\t0\t0\t0\t1\t1", "an unknown word" },
		{ HEAD BEGIN, "end\t1\tpass\t5\t0\t0\t0\t1", "a field is missing" },
		{ HEAD BEGIN, "end\t1\tpass\t-5\t0\t0\t0\t1\t1", "negative" },
		{ HEAD BEGIN, "end\t2\tpass\t5\t0\t0\t0\t1\t1", "no test of this id" },
		{ HEAD BEGIN, "end\t0\tpass\t5\t0\t0\t0\t1\t1", "no test of this id" },
		{ HEAD BEGIN, "end\t1\tpass\t5\t0\t0\t0\t0x10\t1", "fits 64 bits" },
		{ HEAD BEGIN, "end\t1\tpass\t5\t0\t0\t0\t1 \t1", "fits 64 bits" },
		{ HEAD BEGIN, "end\t1\tpass\t5\t0\t0\t0\t+1\t1", "fits 64 bits" },
		{ HEAD BEGIN, "end\t1\tpass\t5\t0\t0\t0\t--\t1", "fits 64 bits" },
		{ HEAD BEGIN, "end\t1\tpass\t5\t0\t0\t0\t\t1", "expected a number" },
		{ HEAD BEGIN, "final\t1\t0\t0\t0\t9223372036854775808\t1", "fits 64 bits" },
		{ HEAD BEGIN, "final\t3\t0\t0\t0\t1\t1", "no test of this id" },
		{ HEAD BEGIN, "bench\t1\t2\t3\t4", "a field is missing" },
		{ HEAD BEGIN, "bench\t9\t1\t1\t1\t1", "no test of this id" },
		{ HEAD BEGIN, "bench\t1\t1\t-\t1\t1", "expected a number" },
		{ HEAD BEGIN, "heap\t1\t5", "a field is missing" },
		{ HEAD BEGIN, "heap\t9\t5\t5", "no test of this id" },
		{ HEAD, "gc\t1\t2\t3", "a field is missing" },
		{ HEAD, "gc\t1\t2\t3\tmany", "fits 64 bits" },
		{ HEAD BEGIN, "group", "a field is missing" },
		{ HEAD BEGIN, "group\t2\tleft\t1\ts\tf\tg\t1\t0", "no test of this id" },
		{ HEAD BEGIN, "group\t1\tlost\t1\ts\tf\tg\t1\t0", "an unknown word" },
		{ HEAD BEGIN, "group\t1\tleft\t-1\ts\tf\tg\t1\t0", "negative" },
		{ HEAD BEGIN, "group\t1\tleft\t1\ts\tf\tg\t1", "a field is missing" },
		{ HEAD BEGIN, "group\t1\tleft\t1\ts\tf\tg\t1\t1\tf\tg", "a field is missing" },
		{ HEAD BEGIN, "group\t1\tleft\t1\ts\tf\tg\t1\t65", "too many frames" },
		{ HEAD BEGIN, "group\t1\tleft\t1\ts\tf\tg\t1\t0\t1\tf", "a field is missing" },
		{ HEAD BEGIN, "group\t1\tleft\t1\ts\tf\tg\t1\t0\tx", "fits 64 bits" },
		{ HEAD BEGIN, "group\t1\tleft\t1\ts\tf\tg\t1\t0\t0\t-1", "negative" },
		{ HEAD BEGIN, "site\t1\t1\t1", "a field is missing" },
		{ HEAD BEGIN, "site\t9\t1\t1\t0", "no test of this id" },
		{ HEAD BEGIN, "site\t1\t1\t1\t2\tf\tg\t1", "a field is missing" },
		{ HEAD BEGIN, "spawn\t1\t1", "a field is missing" },
		{ HEAD BEGIN, "spawn\t1\tx\t0", "fits 64 bits" },
		{ HEAD BEGIN, "package\t1\t2\t3\t4", "a field is missing" },
		{ HEAD BEGIN, "hang", "a field is missing" },
		{ HEAD BEGIN, "hang\t2", "no test of this id" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		_free_ char *text = gb_asprintf("%s%s\ndone\n", rows[i].head, rows[i].line);
		char place[32];
		int number = 1;
		struct gb_err err = GB_ERR_INIT;
		struct gb_record r;

		for (const char *p = rows[i].head; (p = strchr(p, '\n')); p++)
			number++;
		snprintf(place, sizeof(place), "rec:%d: ", number);
		if (parse(text, &r, &err) != GB_EPARSE)
			fail_msg("accepted: %s", rows[i].line);
		if (strncmp(err.line, place, strlen(place)) != 0 || !strstr(err.line, rows[i].what))
			fail_msg("%s: %s, not %s%s", rows[i].line, err.line, place, rows[i].what);
	}
}

static void test_a_nul_byte_is_refused(void **state)
{
	static const char text[] = HEAD "begin\t1\t0\ttest\tT\0A\t\t\t0\n";
	struct gb_err err = GB_ERR_INIT;
	struct gb_record r;

	(void)state;
	assert_int_equal(gb_record_parse("rec", text, sizeof(text) - 1, &r, &err), GB_EPARSE);
	assert_string_equal(err.line, "rec:2: a NUL byte");
}

static void test_ceilings(void **state)
{
	_buf_ struct gb_buf text = GB_BUF_INIT(4 * GB_MIB);
	struct gb_err err = GB_ERR_INIT;
	struct gb_record r;

	(void)state;
	gb_buf_adds(&text, HEAD);
	gb_buf_fill(&text, 'x', GB_MAX_LINE);
	gb_buf_addc(&text, '\n');
	parsed(text.data, &r); /* an unknown verb, just as long as allowed */
	gb_record_release(&r);

	gb_buf_clear(&text);
	gb_buf_adds(&text, HEAD);
	gb_buf_fill(&text, 'x', GB_MAX_LINE + 1);
	gb_buf_addc(&text, '\n');
	assert_int_equal(parse(text.data, &r, &err), GB_ELIMIT);
	assert_string_equal(err.line, "rec:2: a line exceeds 65536 bytes");

	gb_buf_clear(&text);
	gb_buf_adds(&text, HEAD "begin\t1\t0\ttest\t");
	gb_buf_fill(&text, 'x', GB_MAX_NAME + 1);
	gb_buf_adds(&text, "\t\t\t0\n");
	assert_int_equal(parse(text.data, &r, &err), GB_EPARSE);
	assert_string_equal(err.line, "rec:2: a name is too long");

	gb_buf_clear(&text);
	gb_buf_adds(&text, HEAD "begin");
	gb_buf_fill(&text, '\t', 1000);
	gb_buf_addc(&text, '\n');
	assert_int_equal(parse(text.data, &r, &err), GB_EPARSE);
	assert_string_equal(err.line, "rec:2: too many fields");
}

/* A line with as many frames as are kept, of the goroutine and of its creators. */
static void test_the_longest_stacks(void **state)
{
	_buf_ struct gb_buf text = GB_BUF_INIT(GB_MIB);
	struct gb_record r;

	(void)state;
	gb_buf_adds(&text, HEAD BEGIN "group\t1\tleft\t1\tselect\tf\tg\t1");
	for (int stack = 0; stack < 2; stack++) {
		gb_buf_addf(&text, "\t%zu", GB_MAX_FRAMES);
		for (size_t i = 0; i < GB_MAX_FRAMES; i++)
			gb_buf_addf(&text, "\tf%zu\tg\t%zu", i, i + 1);
	}
	gb_buf_adds(&text, "\t1\n");
	parsed(text.data, &r);
	assert_int_equal(r.tests[0].groups[0].still, 1);
	assert_int_equal(r.tests[0].groups[0].n_frames, GB_MAX_FRAMES);
	assert_int_equal(r.tests[0].groups[0].n_creator, GB_MAX_FRAMES);
	assert_string_equal(r.tests[0].groups[0].creator[GB_MAX_FRAMES - 1].func, "f63");
	gb_record_release(&r);
}

/* More groups than are kept are no error: the count is exact without them. */
static void test_more_groups_than_are_kept(void **state)
{
	_buf_ struct gb_buf text = GB_BUF_INIT(4 * GB_MIB);
	struct gb_record r;

	(void)state;
	gb_buf_adds(&text, HEAD BEGIN);
	for (size_t i = 0; i < GB_MAX_GROUPS + 10; i++) {
		gb_buf_addf(&text, "group\t1\tleft\t1\tselect\tf%zu\tg\t1\t0\n", i);
		gb_buf_addf(&text, "site\t1\t16\t1\t1\tf%zu\tg\t1\n", i);
	}
	parsed(text.data, &r);
	assert_int_equal(r.tests[0].n_groups, GB_MAX_GROUPS);
	assert_int_equal(r.tests[0].n_sites, GB_MAX_GROUPS);
	gb_record_release(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_first_line),
		cmocka_unit_test(test_every_kind_and_outcome),
		cmocka_unit_test(test_what_was_not_measured),
		cmocka_unit_test(test_numbers_are_exact),
		cmocka_unit_test(test_benchmarks_are_per_operation),
		cmocka_unit_test(test_a_benchmark_that_cannot_be),
		cmocka_unit_test(test_groups),
		cmocka_unit_test(test_sites_and_spawns),
		cmocka_unit_test(test_the_package_row_and_a_hang),
		cmocka_unit_test(test_escapes),
		cmocka_unit_test(test_unknown_verbs_and_more_fields_are_skipped),
		cmocka_unit_test(test_a_truncated_last_line_is_dropped),
		cmocka_unit_test(test_malformed_lines_are_named),
		cmocka_unit_test(test_a_nul_byte_is_refused),
		cmocka_unit_test(test_ceilings),
		cmocka_unit_test(test_the_longest_stacks),
		cmocka_unit_test(test_more_groups_than_are_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
