/* report/merge*.c: a report cut into shards and put together again is the same report. */
#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "escape_fixture.h"
#include "evidence_fixture.h"
#include "report/merge.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define MOST 5

/* A cut report: packages and verdicts by turns, those of no package in the first shard. */
struct cut {
	struct gb_loaded *parts[MOST];
	size_t n;
};

struct part {
	struct gb_report report;
	struct gb_run run;
	struct gb_verdicts verdicts;
	struct gb_report_shard shard;
	struct gb_strlist packages;
};

static size_t shard_of(const struct gb_report *r, const char *path, size_t of)
{
	for (size_t i = 0; i < r->run->n_packages; i++)
		if (strcmp(r->run->packages[i].path, path) == 0)
			return i % of + 1;
	return 1;
}

static void fill(struct part *p, const struct gb_report *r, size_t index, size_t of)
{
	p->report = *r;
	p->run = *r->run;
	p->run.packages = gb_calloc(r->run->n_packages + 1, sizeof(*p->run.packages));
	p->run.n_packages = 0;
	p->verdicts = *r->verdicts;
	p->verdicts.v = gb_calloc(r->verdicts->n + 1, sizeof(*p->verdicts.v));
	p->verdicts.n = 0;
	for (size_t i = 0; i < r->run->n_packages; i++) {
		const struct gb_package *k = &r->run->packages[i];

		if (shard_of(r, k->path, of) != index)
			continue;
		p->run.packages[p->run.n_packages++] = *k;
		assert_int_equal(gb_strlist_add(&p->packages, k->path, NULL), 0);
	}
	for (size_t i = 0; i < r->verdicts->n; i++)
		if (shard_of(r, r->verdicts->v[i].package_path, of) == index)
			p->verdicts.v[p->verdicts.n++] = r->verdicts->v[i];
	p->verdicts.tests = index == 1 ? r->verdicts->tests : 0;
	p->shard = (struct gb_report_shard){
		.index = index, .of = of, .plan = "abc", .all = 9, .packages = &p->packages
	};
	p->report.run = &p->run;
	p->report.verdicts = &p->verdicts;
	p->report.shard = &p->shard;
}

static struct gb_loaded *load(const char *name, const struct gb_report *r)
{
	_buf_ struct gb_buf json = GB_BUF_INIT(16 * GB_MIB);
	struct gb_loaded *l = NULL;
	struct gb_err err = GB_ERR_INIT;

	gb_report_json(r, &json);
	if (gb_report_load(name, json.data, json.len, &l, &err) < 0)
		fail_msg("%s", err.line);
	return l;
}

/* Evidence lies below tests: a run's own suffices to find it, by address. */
static struct gb_loaded *part(const struct gb_report *r, size_t index, size_t of,
			      void (*change)(struct part *))
{
	static const char *const names[] = { "1.json", "2.json", "3.json", "4.json", "5.json" };
	struct gb_evidences evidence = { 0 };
	struct gb_loaded *l;
	struct part p = { 0 };

	fill(&p, r, index, of);
	if (r->evidence) {
		evidence = *r->evidence;
		evidence.v = gb_calloc(r->evidence->n, sizeof(*evidence.v));
		for (size_t i = 0; i < evidence.n; i++) {
			evidence.v[i] = r->evidence->v[i];
			evidence.v[i].package =
				gb_run_package(&p.run, r->evidence->v[i].package->path);
		}
		p.report.evidence = &evidence;
	}
	if (change)
		change(&p);
	l = load(names[index - 1], &p.report);
	free(evidence.v);
	free(p.run.packages);
	free(p.verdicts.v);
	gb_strlist_release(&p.packages);
	return l;
}

static void cut(struct cut *c, const struct gb_report *r, size_t of)
{
	/* Backwards: the order of the files does not matter. */
	c->n = of;
	for (size_t i = 0; i < of; i++)
		c->parts[i] = part(r, of - i, of, NULL);
}

static void release(struct cut *c)
{
	for (size_t i = 0; i < c->n; i++)
		gb_loaded_free(c->parts[i]);
}

static struct gb_loaded *merge(struct cut *c)
{
	struct gb_loaded *l = NULL;
	struct gb_err err = GB_ERR_INIT;

	if (gb_report_merge(c->parts, c->n, &l, &err) < 0)
		fail_msg("%s", err.line);
	return l;
}

static void same_json(const struct gb_report *a, const struct gb_report *b)
{
	_buf_ struct gb_buf x = GB_BUF_INIT(16 * GB_MIB), y = GB_BUF_INIT(16 * GB_MIB);
	size_t i = 0;

	gb_report_json(a, &x);
	gb_report_json(b, &y);
	assert_false(x.failed || y.failed);
	while (x.data[i] && x.data[i] == y.data[i])
		i++;
	if (strcmp(x.data, y.data) != 0)
		fail_msg("was\n%.300s\nis\n%.300s", x.data + (i > 100 ? i - 100 : 0),
			 y.data + (i > 100 ? i - 100 : 0));
}

static int by_path(const void *a, const void *b)
{
	return strcmp(((const struct gb_package *)a)->path, ((const struct gb_package *)b)->path);
}

/* As the judge and a measurement leave it: sorted.  Read back, so that its order is that of a
 * report. */
static struct gb_loaded *whole(struct fixture *f)
{
	struct gb_loaded *l, *one = NULL;
	struct cut c = { .n = 1 };

	c.parts[0] = part(&f->report, 1, 1, NULL);
	one = merge(&c);
	l = load("whole.json", &one->report);
	gb_loaded_free(one);
	release(&c);
	return l;
}

static void cut_and_merged(void **state)
{
	(void)state;
	for (size_t of = 1; of <= MOST; of++) {
		struct gb_loaded *l, *was;
		struct evidence_fixture e;
		struct cut c;
		struct fixture f;

		fixture_make(&f, NULL);
		evidence_make(&e, &f, true, NULL);
		f.report.commit = "1234567890123456789012345678901234567890";
		was = whole(&f);
		assert_int_equal(was->report.exit_status, 1);
		for (size_t i = 1; i < was->run->n_packages; i++)
			assert_true(by_path(&was->run->packages[i - 1], &was->run->packages[i]) <
				    0);
		cut(&c, &was->report, of);
		l = merge(&c);
		same_json(&was->report, &l->report);
		gb_loaded_free(l);
		release(&c);
		gb_loaded_free(was);
		evidence_release(&e);
		fixture_release(&f);
	}
}

static void a_missing_shard_is_no_pass(void **state)
{
	struct gb_loaded *l;
	struct cut c;
	struct fixture f;

	(void)state;
	fixture_make_clean(&f);
	cut(&c, &f.report, 4);
	l = merge(&c);
	assert_int_equal(l->report.exit_status, 0);
	gb_loaded_free(l);
	release(&c);
	cut(&c, &f.report, 4);
	gb_loaded_free(c.parts[--c.n]); /* of shard 1 */
	gb_loaded_free(c.parts[--c.n]); /* of shard 2 */
	l = merge(&c);
	assert_int_equal(l->report.exit_status, 3);
	assert_true(gb_strlist_has(&l->report.notes,
				   "shard 1 of 4 is missing: nothing is known of its packages"));
	assert_true(gb_strlist_has(&l->report.notes,
				   "shard 2 of 4 is missing: nothing is known of its packages"));
	assert_false(l->run->whole);
	gb_loaded_free(l);
	release(&c);
	fixture_release(&f);
	/* What is over stays over. */
	fixture_make(&f, NULL);
	cut(&c, &f.report, 4);
	gb_loaded_free(c.parts[0]); /* of shard 4 */
	memmove(c.parts, c.parts + 1, 3 * sizeof(c.parts[0]));
	c.n = 3;
	l = merge(&c);
	assert_int_equal(l->report.exit_status, 1);
	gb_loaded_free(l);
	release(&c);
	fixture_release(&f);
}

static void nothing(struct part *p)
{
	p->shard.plan = "";
	p->run.n_packages = p->verdicts.n = 0;
	p->report.exit_status = 2;
	p->report.module = "";
	p->report.commit = "not that of the others";
}

static void came_to_nothing(struct part *p)
{
	p->run.n_packages = p->verdicts.n = 0;
	p->report.exit_status = 3;
}

static void one_less(struct part *p)
{
	assert_int_equal(gb_strlist_add(&p->packages, "example.com/shop/lost", NULL), 0);
}

static void interrupted(struct part *p)
{
	p->run.interrupted = true;
	p->report.exit_status = 3;
	one_less(p);
}

static void failed(struct part *p)
{
	p->report.exit_status = 3;
}

static void a_shard_that_came_to_nothing(void **state)
{
	static const struct {
		void (*change)(struct part *);
		int status;
		const char *note;
	} cases[] = {
		{ nothing, 2, "shard 1 of 2 measured nothing: one note" },
		{ came_to_nothing, 3, "shard 1 of 2 measured nothing: one note" },
		{ one_less, 3,
		  "shard 1 of 2 does not tell of 1 of its packages, the first: "
		  "example.com/shop/lost" },
		{ failed, 3, "one note" },
		{ interrupted, 3, "one note" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct cut c = { .n = 2 };
		struct gb_loaded *l;
		struct fixture f;

		fixture_make_clean(&f);
		assert_int_equal(gb_strlist_add(&f.report.notes, "one note", NULL), 0);
		c.parts[0] = part(&f.report, 1, 2, cases[i].change);
		c.parts[1] = part(&f.report, 2, 2, NULL);
		l = merge(&c);
		assert_int_equal(l->report.exit_status, cases[i].status);
		if (!gb_strlist_has(&l->report.notes, cases[i].note))
			fail_msg("%s: %s", cases[i].note, l->report.notes.v[0]);
		gb_loaded_free(l);
		release(&c);
		fixture_release(&f);
	}
}

static void other_plan(struct part *p)
{
	p->shard.plan = "def";
}

static void other_commit(struct part *p)
{
	p->report.commit = "another";
}

static void other_base(struct part *p)
{
	p->report.base_commit = "another";
}

static void other_module(struct part *p)
{
	p->report.module = "example.com/other";
}

static void other_environment(struct part *p)
{
	p->run.env.gomaxprocs = 64;
}

static void other_go(struct part *p)
{
	p->run.go_version = (char *)(uintptr_t) "go1.21.13";
}

static void other_tests(struct part *p)
{
	p->run.filtered = true;
}

static void other_number(struct part *p)
{
	p->shard.of = 9;
}

static void same_shard(struct part *p)
{
	p->shard.index = 1;
}

static void no_shard(struct part *p)
{
	p->report.shard = NULL;
}

static struct gb_package stolen;

static void others_package(struct part *p)
{
	p->run.packages[p->run.n_packages++] = stolen;
}

static void what_does_not_belong_together(void **state)
{
	static const struct {
		void (*change)(struct part *);
		const char *line;
	} cases[] = {
		{ other_plan, "2.json is of another plan than 1.json: def, not abc" },
		{ other_commit, "2.json is of another commit than 1.json: another, not none" },
		{ other_base, "2.json is of another base than 1.json" },
		{ other_module, "2.json is of another module than 1.json" },
		{ other_environment, "2.json is of another environment than 1.json" },
		{ other_go, "2.json is of another Go version than 1.json" },
		{ other_tests, "2.json is of another set of tests" },
		{ other_number, "1.json is one of 2 shards, 2.json one of 9" },
		{ same_shard, "are both shard 1 of 2" },
		{ no_shard, "2.json: is no shard's report" },
		{ others_package, "package \"example.com/shop/store\" is in two shards" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct gb_err err = GB_ERR_INIT;
		struct cut c = { .n = 2 };
		struct gb_loaded *l = NULL;
		struct fixture f;

		fixture_make(&f, NULL);
		stolen = f.run->packages[0];
		c.parts[0] = part(&f.report, 1, 2, NULL);
		c.parts[1] = part(&f.report, 2, 2, cases[i].change);
		assert_int_equal(gb_report_merge(c.parts, 2, &l, &err), GB_EUSAGE);
		assert_null(l);
		if (!strstr(err.line, cases[i].line))
			fail_msg("%s: %s", cases[i].line, err.line);
		release(&c);
		fixture_release(&f);
	}
	assert_int_equal(gb_report_merge(NULL, 0, &(struct gb_loaded *){ NULL }, NULL), GB_EUSAGE);
}

/* Told by every shard, since none of them measures that package. */
static void a_raise_of_nobodys_package_is_told_once(void **state)
{
	struct cut c = { .n = 2 };
	struct gb_judgement *j;
	struct gb_loaded *l;
	struct fixture f;

	(void)state;
	fixture_make_clean(&f);
	j = fixture_judge(&f, "example.com/shop/far", "TestFar", GB_ALLOC_SPACE, GB_V_RAISED,
			  GB_ACT_WARN);
	j->has_budget = true;
	j->budget = j->ceiling = 1;
	j->measured = 2;
	for (size_t i = 0; i < 2; i++) {
		size_t n = f.verdicts.n;

		c.parts[i] = part(&f.report, i + 1, 2, NULL);
		if (i)
			assert_int_equal(c.parts[i]->verdicts.n, 0);
		assert_int_equal(f.verdicts.n, n);
	}
	gb_loaded_free(c.parts[1]);
	c.parts[1] = part(&f.report, 1, 2, NULL);
	c.parts[1]->shard.index = 2;
	c.parts[1]->run->packages[0].path[0] = 'x'; /* of another package */
	free(c.parts[1]->shard_packages.v[0]);
	c.parts[1]->shard_packages.v[0] = gb_strdup(c.parts[1]->run->packages[0].path);
	l = merge(&c);
	assert_int_equal(l->verdicts.count[GB_V_RAISED], 1);
	gb_loaded_free(l);
	release(&c);
	fixture_release(&f);
}

static const char *const said[] = {
	"# example.com/shop/a\n./x.go:3:2: moved to heap: one\n./x.go:4:2: moved to heap: two\n",
	("# example.com/shop/b\n./x.go:3:2: moved to heap: three\n"
	 "./x.go:5:12: leaking param: p to result ~r0 level=0\n"),
	"# example.com/shop/c\n./x.go:7:2: moved to heap: four\n",
};

static void add_package(struct gb_escapes *e, const char *path)
{
	assert_int_equal(gb_escapes_add_package(e, path, "/shop", "example.com/shop", "/shop",
						"1.21", NULL),
			 0);
}

/* asked: bit 0 is a, bit 1 b, bit 2 c; told: what the compiler said besides. */
static struct gb_escapes *escapes(unsigned asked, unsigned told)
{
	static const char *const paths[] = { "example.com/shop/a", "example.com/shop/b",
					     "example.com/shop/c" };
	struct gb_escapes *e = NULL;

	assert_int_equal(gb_escapes_new(&e, NULL), 0);
	for (size_t i = 0; i < 3; i++)
		if (asked >> i & 1)
			add_package(e, paths[i]);
	for (size_t i = 0; i < 3; i++)
		if ((asked | told) >> i & 1)
			escape_feed(e, said[i]);
	assert_int_equal(gb_escapes_finish(e, NULL), 0);
	return e;
}

static struct gb_loaded *with_escapes(struct fixture *f, size_t index, size_t of, unsigned asked,
				      unsigned told)
{
	struct gb_escapes *head = escapes(asked, told), *base = escapes(asked & 5, 0);
	struct gb_warnings warnings = { 0 };
	struct gb_escape_diff diff = { 0 };
	struct gb_report_escapes e = { .head = head,
				       .base_set = base,
				       .base = "main (3c2fe68)",
				       .diff = &diff,
				       .warnings = &warnings };
	struct gb_loaded *l;

	assert_int_equal(gb_escape_diff(base, head, &diff, NULL), 0);
	f->report.escapes = &e;
	l = part(&f->report, index, of, NULL);
	f->report.escapes = NULL;
	gb_escape_diff_release(&diff);
	gb_escapes_free(head);
	gb_escapes_free(base);
	return l;
}

/* b imports a and c: what its shard says of them is not asked for. */
static void what_the_compiler_said(void **state)
{
	struct cut one = { .n = 1 }, two = { .n = 2 };
	struct gb_loaded *a, *b;
	struct fixture f;

	(void)state;
	fixture_make_clean(&f);
	one.parts[0] = with_escapes(&f, 1, 1, 7, 0);
	two.parts[0] = with_escapes(&f, 2, 2, 5, 0);
	two.parts[1] = with_escapes(&f, 1, 2, 2, 4);
	a = merge(&one);
	b = merge(&two);
	assert_int_equal(a->head->n, 4);
	assert_int_equal(a->diff.n_fresh, 1);
	same_json(&a->report, &b->report);
	gb_loaded_free(a);
	gb_loaded_free(b);
	release(&one);
	release(&two);
	fixture_release(&f);
}

static void memory_runs_out(void **state)
{
	(void)state;
	for (size_t n = 1;; n++) {
		struct gb_loaded *l = NULL;
		struct evidence_fixture e;
		struct cut c;
		struct fixture f;
		int rc;

		fixture_make(&f, NULL);
		evidence_make(&e, &f, true, NULL);
		cut(&c, &f.report, 3);
		gb_mem_fail_at(n);
		rc = gb_report_merge(c.parts, c.n, &l, NULL);
		gb_mem_fail_at(0);
		gb_loaded_free(l);
		release(&c);
		evidence_release(&e);
		fixture_release(&f);
		if (rc == 0)
			break;
		assert_int_equal(rc, GB_ENOMEM);
		assert_null(l);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cut_and_merged),
		cmocka_unit_test(a_missing_shard_is_no_pass),
		cmocka_unit_test(a_shard_that_came_to_nothing),
		cmocka_unit_test(what_does_not_belong_together),
		cmocka_unit_test(a_raise_of_nobodys_package_is_told_once),
		cmocka_unit_test(what_the_compiler_said),
		cmocka_unit_test(memory_runs_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
