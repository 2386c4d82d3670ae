/* capture: shots of a service, grouped, compared and judged; and what is shown of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/strlist.h"
#include "budget/capture.h"
#include "pprof_fixture.h"
#include "report/capture.h"

static struct gb_service *service(const char *text)
{
	struct gb_err err = GB_ERR_INIT;
	struct gb_service *s = NULL;

	if (gb_service_parse("s.json", text, strlen(text), &s, &err) < 0)
		fail_msg("%s", err.line);
	return s;
}

/* n goroutines that wait so long, created by main.start. */
static void add_stacks(struct gb_capturing *c, int n, const char *state, int minutes)
{
	_buf_ struct gb_buf text = GB_BUF_INIT(GB_MIB);

	gb_buf_adds(&text, "goroutine 1 [select, 90 minutes]:\nmain.main()\n\t/m.go:1 +0x1\n\n");
	for (int i = 0; i < n; i++) {
		gb_buf_addf(&text, "goroutine %d [%s", i + 2, state);
		if (minutes)
			gb_buf_addf(&text, ", %d minutes", minutes);
		gb_buf_adds(&text, "]:\nsync.(*Mutex).Lock(0x1)\n\t/go/src/sync/mutex.go:9 +0x1\n"
				   "example.com/a.Work(0x1)\n\t/a/w.go:7 +0x1\n"
				   "created by main.start in goroutine 1\n\t/m.go:5 +0x1\n\n");
	}
	assert_int_equal(gb_capture_add(c, GB_CAPTURE_STACKS, "t", text.data, text.len, NULL), 0);
}

/* A profile with one sample of `value` at main.F. */
static void add_profile(struct gb_capturing *c, enum gb_capture_kind kind, const char *type,
			const char *unit, int64_t value)
{
	struct gb_err err = GB_ERR_INIT;
	struct pf f;

	pf_empty(&f);
	pf_type(&f, "other", "count");
	pf_type(&f, type, unit);
	pf_function(&f, 1, "main.F", "/m.go", 1);
	pf_location(&f, 1, 0, 0x10, (int[]){ 1, 12, 0 });
	if (value)
		pf_sample(&f, (int[]){ 1, 0 }, 1, value);
	pf_end(&f);
	if (gb_capture_add(c, kind, "p", f.out.data, f.out.len, &err) < 0)
		fail_msg("%s", err.line);
	gb_buf_release(&f.out);
}

static void shot(struct gb_capturing *c, int64_t at_ms, int64_t goroutines, int64_t heap)
{
	char clock[16];

	(void)snprintf(clock, sizeof(clock), "10:00:%02d", (int)(at_ms / 1000 % 60));
	assert_int_equal(gb_capture_begin(c, at_ms, clock, NULL), 0);
	add_profile(c, GB_CAPTURE_GOROUTINE, "goroutine", "count", goroutines);
	add_profile(c, GB_CAPTURE_HEAP, "inuse_space", "bytes", heap);
}

static const struct gb_capture_verdict *verdict(const struct gb_capturing *c, const char *name)
{
	for (size_t i = 0; i < c->n_verdicts; i++) {
		if (strcmp(c->verdicts[i].name, name) == 0)
			return &c->verdicts[i];
	}
	fail_msg("no verdict on %s", name);
	return NULL;
}

static void test_levels_count_at_their_worst(void **state)
{
	_service_ struct gb_service *s = service("{\"goroutines\": 50, \"live_heap\": 1000}");
	_capture_ struct gb_capturing *c = NULL;

	(void)state;
	assert_int_equal(gb_capture_new(s, 3, &c, NULL), 0);
	shot(c, 0, 10, 1000);
	shot(c, 10000, 51, 900);
	shot(c, 20000, 20, 1000);
	assert_int_equal(gb_capture_judge(c, NULL), 0);
	assert_int_equal(c->n_verdicts, 2);
	assert_int_equal(c->n_over, 1);
	assert_int_equal(verdict(c, "goroutines")->measured, 51);
	assert_int_equal(verdict(c, "goroutines")->shot, 1);
	assert_true(verdict(c, "goroutines")->over);
	assert_false(verdict(c, "live_heap")->over);
}

static void test_growth_is_a_median_of_slopes(void **state)
{
	static const struct {
		int64_t goroutines[5];
		int64_t growth;
	} rows[] = {
		{ { 10, 20, 30, 40, 50 }, 60 },	 /* ten in ten seconds */
		{ { 10, 10, 90, 10, 10 }, 0 },	 /* one busy moment */
		{ { 10, 10, 10, 10, 80 }, 0 },	 /* the last one, too */
		{ { 50, 40, 30, 20, 10 }, -60 }, /* less is less */
		{ { 10, 10, 11, 11, 12 }, 3 },	 /* rounded up: it grows */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		_service_ struct gb_service *s = service("{\"growth\": {\"goroutines\": 3}}");
		_capture_ struct gb_capturing *c = NULL;

		assert_int_equal(gb_capture_new(s, 5, &c, NULL), 0);
		for (int k = 0; k < 5; k++)
			shot(c, k * 10000, rows[i].goroutines[k], 1);
		assert_int_equal(gb_capture_judge(c, NULL), 0);
		assert_int_equal(verdict(c, "growth.goroutines")->measured, rows[i].growth);
		assert_int_equal(verdict(c, "growth.goroutines")->over, rows[i].growth > 3);
	}
}

static void test_one_capture_does_not_grow(void **state)
{
	_service_ struct gb_service *s = service("{\"growth\": {\"live_heap\": 3}}");
	_capture_ struct gb_capturing *c = NULL;

	(void)state;
	assert_int_equal(gb_capture_new(s, 2, &c, NULL), 0);
	shot(c, 0, 1, 1);
	assert_int_equal(gb_capture_judge(c, NULL), GB_EMEASURE);
}

static void test_who_is_blocked(void **state)
{
	static const struct {
		const char *budget, *state;
		int minutes;
		int64_t blocked;
	} rows[] = {
#define FIVE "{\"blocked\": {\"longer\": \"5m\", \"goroutines\": 0}"
		{ FIVE "}", "chan receive", 5, 3 },
		{ FIVE "}", "select", 500, 3 },
		{ FIVE "}", "sync.Mutex.Lock", 6, 3 },
		{ FIVE "}", "semacquire", 6, 3 },
		{ FIVE "}", "chan receive", 4, 0 },
		{ FIVE "}", "IO wait", 6, 0 },
		{ FIVE "}", "sleep", 6, 0 },
		{ FIVE "}", "syscall", 6, 0 },
		{ FIVE ", \"sites\": [{\"created_by\": \"main.start\", \"waits\": true}]}",
		  "select", 6, 0 },
		{ FIVE ", \"sites\": [{\"created_by\": \"main.other\", \"waits\": true}]}",
		  "select", 6, 3 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		_service_ struct gb_service *s = service(rows[i].budget);
		_capture_ struct gb_capturing *c = NULL;

		assert_int_equal(gb_capture_new(s, 1, &c, NULL), 0);
		assert_int_equal(gb_capture_begin(c, 0, "10:00:00", NULL), 0);
		add_stacks(c, 3, rows[i].state, rows[i].minutes);
		assert_int_equal(gb_capture_judge(c, NULL), 0);
		if (verdict(c, "blocked")->measured != rows[i].blocked)
			fail_msg("%s: %d", rows[i].state, (int)verdict(c, "blocked")->measured);
	}
}

static void test_sites_count_over_all_places(void **state)
{
	_service_ struct gb_service *s =
		service("{\"sites\": [{\"created_by\": \"main.s*\", \"goroutines\": 4}]}");
	_capture_ struct gb_capturing *c = NULL;

	(void)state;
	assert_int_equal(gb_capture_new(s, 2, &c, NULL), 0);
	assert_int_equal(gb_capture_begin(c, 0, "10:00:00", NULL), 0);
	add_stacks(c, 3, "select", 0);
	add_stacks(c, 3, "sleep", 0);
	assert_int_equal(gb_capture_begin(c, 10, "10:00:00", NULL), 0);
	add_stacks(c, 5, "select", 0);
	assert_int_equal(gb_capture_judge(c, NULL), 0);
	assert_int_equal(verdict(c, "sites")->measured, 6);
	assert_true(verdict(c, "sites")->over);
	/* Most growth first; its place is outside the library. */
	assert_string_equal(c->groups[0].state, "select");
	assert_string_equal(c->groups[0].where.func, "example.com/a.Work");
	assert_int_equal(c->groups[0].count[1] - c->groups[0].count[0], 2);
	assert_int_equal(c->n_groups, 3);
}

static void test_what_the_service_did_not_tell(void **state)
{
	static const char *const budgets[] = {
		"{\"goroutines\": 1}", "{\"live_heap\": 1}", FIVE "}",
		"{\"growth\": {\"live_heap\": 1}}",
		"{\"sites\": [{\"created_by\": \"a\", \"goroutines\": 1}]}"
	};

	(void)state;
	for (size_t i = 0; i < sizeof(budgets) / sizeof(budgets[0]); i++) {
		_service_ struct gb_service *s = service(budgets[i]);
		_capture_ struct gb_capturing *c = NULL;

		assert_int_equal(gb_capture_new(s, 1, &c, NULL), 0);
		assert_int_equal(gb_capture_begin(c, 0, "10:00:00", NULL), 0);
		assert_int_equal(gb_capture_judge(c, NULL), GB_EMEASURE);
	}
}

static void test_proven_needs_no_budget(void **state)
{
	_service_ struct gb_service *s = service("{}");
	_capture_ struct gb_capturing *c = NULL;

	(void)state;
	assert_int_equal(gb_capture_new(s, 2, &c, NULL), 0);
	assert_int_equal(gb_capture_begin(c, 0, "10:00:00", NULL), 0);
	add_profile(c, GB_CAPTURE_LEAK, "goroutineleak", "count", 2);
	assert_int_equal(gb_capture_begin(c, 1, "10:00:00", NULL), 0);
	add_profile(c, GB_CAPTURE_LEAK, "goroutineleak", "count", 1);
	assert_int_equal(gb_capture_judge(c, NULL), 0);
	assert_int_equal(verdict(c, "proven")->measured, 2);
	assert_int_equal(c->n_over, 1);
}

static void test_another_profile_than_was_asked_for(void **state)
{
	_service_ struct gb_service *s = service("{}");
	_capture_ struct gb_capturing *c = NULL;
	struct gb_err err = GB_ERR_INIT;
	struct pf f;

	(void)state;
	assert_int_equal(gb_capture_new(s, 1, &c, NULL), 0);
	assert_int_equal(gb_capture_begin(c, 0, "10:00:00", NULL), 0);
	pf_begin(&f);
	pf_end(&f);
	assert_int_equal(gb_capture_add(c, GB_CAPTURE_GOROUTINE, "p", f.out.data, f.out.len, &err),
			 GB_EPARSE);
	assert_int_equal(err.code, GB_EPARSE);
	gb_buf_release(&f.out);
	assert_int_equal(gb_capture_add(c, GB_CAPTURE_HEAP, "p", "<html>", 6, NULL), GB_EPARSE);
	assert_int_equal(gb_capture_add(c, GB_CAPTURE_STACKS, "p", "<html>\n", 7, NULL), GB_EPARSE);
}

static void test_whose_function_it_is(void **state)
{
	static const struct {
		const char *function, *file;
		bool library;
	} rows[] = {
		{ "net/http.(*conn).serve", "/usr/local/go/src/net/http/server.go", true },
		{ "net/http.(*conn).serve", "net/http/server.go", true },
		{ "time.Sleep", "/go/src/runtime/time.go", true },
		{ "internal/poll.runtime_pollWait", "runtime/netpoll.go", true },
		{ "runtime.gopark", "", true },
		{ "main.main", "/src/main/x.go", false },
		{ "main.main.func1", "./x.go", false },
		{ "example.com/time.F", "/x/time/f.go", false },
		{ "gopkg.in/yaml%2ev3.F", "gopkg.in/yaml.v3@v3.0.0/f.go", false },
		{ "shop/store.F[...]", "/home/a/store/f.go", false },
		{ "sync.(*Pool[go.shape.struct { a/b.C }]).Get", "/go/src/sync/pool.go", true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (gb_capture_is_library(rows[i].function, rows[i].file) != rows[i].library)
			fail_msg("%s", rows[i].function);
	}
}

/* Names from the service end no line, open no tag, and colour nothing. */
static void test_names_are_made_safe(void **state)
{
	static const char text[] =
		"goroutine 7 [sel\x1b[31mect<b>]:\nexample.com/a.<i>|@x\x1b[0m()\n"
		"\t/a\x1b[2J.go:7 +0x1\ncreated by e.com/<script>|b\n\t/b.go:1\n";
	_service_ struct gb_service *s = service("{\"goroutines\": 1}");
	_strlist_ struct gb_strlist notes = GB_STRLIST_INIT;
	_capture_ struct gb_capturing *c = NULL;
	const struct gb_capture_look look = { .url = "http://x/\x1b[1m<u>", .notes = &notes };
	_buf_ struct gb_buf t = GB_BUF_INIT(GB_MIB), j = GB_BUF_INIT(GB_MIB),
			    m = GB_BUF_INIT(GB_MAX_MARKDOWN);

	(void)state;
	assert_int_equal(gb_strlist_add(&notes, "a \x1b[1m <b>note</b>", NULL), 0);
	assert_int_equal(gb_capture_new(s, 2, &c, NULL), 0);
	shot(c, 0, 5, 5);
	assert_int_equal(gb_capture_add(c, GB_CAPTURE_STACKS, "t", text, strlen(text), NULL), 0);
	shot(c, 1000, 5, 5);
	assert_int_equal(gb_capture_add(c, GB_CAPTURE_STACKS, "t", text, strlen(text), NULL), 0);
	assert_int_equal(gb_capture_judge(c, NULL), 0);
	gb_capture_text(c, &look, &t);
	gb_capture_json(c, &look, &j);
	gb_capture_markdown(c, &look, &m);
	assert_false(t.failed || j.failed || m.failed);
	assert_null(strchr(t.data, '\x1b'));
	assert_null(strchr(j.data, '\x1b'));
	assert_null(strchr(m.data, '\x1b'));
	assert_null(strstr(m.data, "<script>"));
	assert_null(strstr(m.data, "<b>"));
	assert_non_null(strstr(t.data, "over    goroutines: 5 is over the budget of 1 (+4), in the "
				       "capture of 10:00:00\n"));
	assert_non_null(strstr(t.data, "FAIL  http://x/"));
	gb_buf_clear(&t);
	gb_capture_quiet(c, &look, &t);
	assert_non_null(strstr(t.data, "over    goroutines: 5 "));
}

/* Whatever runs out of memory, it is told, and nothing is lost or used again. */
static int everything(struct gb_buf *out)
{
	static const char budget[] = "{\"goroutines\": 1, \"sites\": [{\"created_by\": \"main.x\", "
				     "\"waits\": true}]}";
	static const char stacks[] =
		"goroutine 7 [select, 2 minutes]:\nexample.com/a.F()\n\t/a.go:7 "
		"+0x1\ncreated by main.start\n\t/b.go:1\n";
	_service_ struct gb_service *s = NULL;
	_capture_ struct gb_capturing *c = NULL;
	struct gb_strlist notes = GB_STRLIST_INIT;
	struct gb_err err = GB_ERR_INIT;
	int rc = gb_service_parse("s.json", budget, strlen(budget), &s, &err);

	if (rc >= 0)
		rc = gb_capture_new(s, 2, &c, &err);
	for (int i = 0; i < 2 && rc >= 0; i++) {
		rc = gb_capture_begin(c, i * 1000, "10:00:00", &err);
		if (rc >= 0)
			rc = gb_capture_add(c, GB_CAPTURE_STACKS, "t", stacks, strlen(stacks),
					    &err);
	}
	if (c && c->n_shots)
		c->shots[0].value[GB_CAPTURE_GOROUTINE] = 7;
	if (rc >= 0)
		rc = gb_capture_judge(c, &err);
	if (rc < 0)
		return rc;
	gb_capture_text(c, &(struct gb_capture_look){ .url = "u", .notes = &notes }, out);
	gb_capture_json(c, &(struct gb_capture_look){ .url = "u", .notes = &notes }, out);
	gb_capture_markdown(c, &(struct gb_capture_look){ .url = "u", .notes = &notes }, out);
	return out->failed ? GB_ENOMEM : 0;
}

static void test_every_allocation_may_fail(void **state)
{
	size_t n = 1;

	(void)state;
	for (;; n++) {
		struct gb_buf out = GB_BUF_INIT(GB_MIB);
		size_t asked;
		int rc;

		gb_mem_fail_at(n);
		rc = everything(&out);
		asked = gb_mem_count();
		gb_mem_fail_at(0);
		gb_buf_release(&out);
		if (asked < n) {
			assert_int_equal(rc, 0);
			break;
		}
		if (rc != GB_ENOMEM)
			fail_msg("allocation %zu: %d", n, rc);
	}
	assert_true(n > 50);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_levels_count_at_their_worst),
		cmocka_unit_test(test_growth_is_a_median_of_slopes),
		cmocka_unit_test(test_one_capture_does_not_grow),
		cmocka_unit_test(test_who_is_blocked),
		cmocka_unit_test(test_sites_count_over_all_places),
		cmocka_unit_test(test_what_the_service_did_not_tell),
		cmocka_unit_test(test_proven_needs_no_budget),
		cmocka_unit_test(test_another_profile_than_was_asked_for),
		cmocka_unit_test(test_whose_function_it_is),
		cmocka_unit_test(test_names_are_made_safe),
		cmocka_unit_test(test_every_allocation_may_fail),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
